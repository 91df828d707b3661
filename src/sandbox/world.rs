//! Everything the sandbox is at one moment, and the honest answer of a product to a call.

use std::{collections::BTreeMap, fs::File, net::SocketAddr, sync::Arc};

use ::http::{HeaderMap, Method};
use jiff::Timestamp;
use serde_json::json;
use tokio::sync::{Notify, oneshot};

use super::{
    Options,
    accounts::{Accounts, Credentials, page},
    caller::Caller,
    control::{Clock, Control},
    crm::Crm,
    desk::{Desk, Reading},
    http::{Grant, Reply, Request},
    limits::Limits,
    post::seal,
    wire::{Call, Product},
};

mod customers;
mod deliveries;
mod load;
mod moments;
mod scenario;

use customers::Customer;
use deliveries::Mail;
use moments::Moment;
use scenario::Begun;

/// Worlds beside one.
const FORKS: usize = 50;

/// Everything the sandbox is at one moment.
pub(super) struct World {
    options: Options,
    base_url: String,
    pub(super) accounts: Accounts,
    pub(super) control: Control,
    desk: Desk,
    pub(super) crm: Crm,
    /// The moment everything seeded leads up to.
    seeded: Timestamp,
    moments: BTreeMap<String, Moment>,
    customers: Vec<Customer>,
    begun: Option<Begun>,
    mail: Mail,
    /// Rung when there may be a letter to send.
    pub(super) bell: Arc<Notify>,
    /// Worlds that go on from a moment of this one; each ends with it.
    forks: Vec<oneshot::Sender<()>>,
}

impl World {
    pub(super) fn new(options: Options, base_url: String) -> Self {
        let clock = Clock::new(options.now);
        let now = clock.now();
        let (desk, crm) = (Desk::new(&options, now), Crm::new(&options, now));
        let default_organization = desk.organizations().into_iter().next().unwrap_or_default().0;
        let limits = Limits::new(options.strict_limits, default_organization);
        World {
            accounts: Accounts::new(&options),
            control: Control::new(options.seed, clock, limits),
            options,
            base_url,
            desk,
            crm,
            seeded: now,
            moments: BTreeMap::new(),
            customers: Vec::new(),
            begun: None,
            mail: Mail::default(),
            bell: Arc::default(),
            forks: Vec::new(),
        }
    }

    /// Every call that ends is a line of this file from now on.
    pub(super) fn write_down(&mut self, log: Option<File>) {
        self.control.write_down(log);
    }

    pub(super) fn credentials(&mut self) -> Credentials {
        self.accounts.credentials()
    }

    pub(super) fn refresh_tokens(&mut self) -> Vec<(String, String)> {
        self.accounts.refresh_tokens()
    }

    pub(super) fn desk_organizations(&self) -> Vec<(String, String)> {
        self.desk.organizations()
    }

    /// Every token as on the first day.
    pub(super) fn forget_tokens(&mut self) {
        self.accounts = Accounts::new(&self.options);
    }

    /// Every record as on the first day.
    pub(super) fn start_over(&mut self) {
        self.seeded = self.control.clock.now();
        self.moments.clear();
        self.forks.clear();
        self.begun = None;
        self.mail = Mail::default();
        let first = self.first_day();
        self.go_back(first);
    }

    /// Another world at another address, with the records, tokens and time of this one: what is written to one is not seen
    /// in the other.
    pub(super) fn fork(&mut self, base_url: String) -> (World, oneshot::Receiver<()>) {
        let mut world = World::new(self.options.clone(), base_url);
        world.seeded = self.seeded;
        world.accounts = self.accounts.clone();
        world.go_back(self.moment());
        world.control.write_down(self.control.log_of_a_fork());
        let (ends, ended) = oneshot::channel();
        self.forks.push(ends);
        (world, ended)
    }

    /// What is better done before anybody asks, and holds nobody up.
    pub(super) fn preparation(&self) -> Option<impl FnOnce() + Send + 'static + use<>> {
        self.desk.reading_of_the_seed()
    }

    /// Who called a sandbox that is open to the network knows it by another name than loopback.
    pub(super) fn base_url(&self, headers: &HeaderMap) -> String {
        let host = headers.get("host").and_then(|host| host.to_str().ok());
        match host {
            Some(host) if !self.options.listen.ip().is_loopback() => format!("http://{host}"),
            _ => self.base_url.clone(),
        }
    }

    /// Whether there is room for one more world beside this one.
    pub(super) fn may_fork(&self) -> bool {
        self.forks.len() < FORKS
    }

    /// Where another world of this process may listen.
    pub(super) fn listens_at(&self) -> SocketAddr {
        SocketAddr::new(self.options.listen.ip(), 0)
    }

    /// Whether nobody beyond this machine reaches the sandbox.
    pub(super) fn is_of_this_machine(&self) -> bool {
        self.options.listen.ip().is_loopback()
    }

    /// The honest answer, or how to read for it: what may look through much is not done here, where all others wait.
    pub(super) fn take_up(&mut self, call: Call, caller: &Caller) -> Result<Reply, Box<Reading>> {
        self.let_customers_speak();
        let product = Product::of(call.uri.path());
        let grant = match product {
            Product::Accounts => None,
            Product::Desk | Product::Crm => self.accounts.grant(&call.headers, self.control.clock.now()),
        };
        let begun = match (self.request(call, grant), product) {
            (Err(unknown), _) => Ok(unknown),
            (Ok(request), Product::Desk) => self.desk.begin(request, caller),
            (Ok(request), _) => Ok(self.served(product, &request)),
        };
        self.let_customers_speak();
        self.collect_mail();
        self.bell.notify_one();
        begun
    }

    /// A reading has found its answer.
    pub(super) fn put_down(&mut self, reading: &Reading, reply: &Reply) {
        self.desk.end(reading, reply);
    }

    fn answer(&mut self, call: Call, grant: Option<Grant>) -> Reply {
        let product = Product::of(call.uri.path());
        match self.request(call, grant) {
            Ok(request) => self.served(product, &request),
            Err(unknown) => unknown,
        }
    }

    fn served(&mut self, product: Product, request: &Request) -> Reply {
        match product {
            Product::Accounts if asks_for_keys(request) => Reply::json(200, &seal::published()),
            Product::Accounts => self.accounts.handle(request),
            Product::Desk => self.desk.handle(request),
            Product::Crm => self.crm.handle(request),
        }
    }

    /// The call as its product reads it; what Zoho says where none of them has such a path.
    fn request(&self, call: Call, grant: Option<Grant>) -> Result<Request, Reply> {
        let path = call.uri.path();
        let product = Product::of(path);
        let inside = match product {
            Product::Accounts => Some(path),
            Product::Desk => inside(path, "/api/v1"),
            // The results of bulk writes lie at `/v2/crm/`.
            Product::Crm => inside(path, "/crm").or(Some(path)),
        };
        let Some(inside) = inside else {
            return Err(unknown_path(product).unserved());
        };
        Ok(Request {
            segments: segments(inside),
            query: query(call.uri.query()),
            now: self.control.clock.now(),
            base_url: self.base_url(&call.headers),
            grant,
            method: call.method,
            headers: call.headers,
            body: call.body,
        })
    }
}

/// Whoever gets letters of webhooks proves their seals by these.
fn asks_for_keys(request: &Request) -> bool {
    request.method == Method::GET && request.segments == [".well-known", "jwks.json"]
}

/// What Zoho answers to a path that none of its products has.
fn unknown_path(product: Product) -> Reply {
    match product {
        Product::Accounts => page::not_found(),
        Product::Desk => {
            let message = "The URL you requested could not be found.";
            Reply::json(404, &json!({ "errorCode": "URL_NOT_FOUND", "message": message }))
        }
        Product::Crm => {
            let message = "Please check if the URL trying to access is a correct one";
            let body = json!({ "code": "INVALID_URL_PATTERN", "details": {}, "message": message, "status": "error" });
            Reply::json(404, &body)
        }
    }
}

fn inside<'a>(path: &'a str, prefix: &str) -> Option<&'a str> {
    path.strip_prefix(prefix)
        .filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn segments(path: &str) -> Vec<String> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    if path.is_empty() {
        return Vec::new();
    }
    let decode = |part| {
        percent_encoding::percent_decode_str(part)
            .decode_utf8_lossy()
            .into_owned()
    };
    path.split('/').map(decode).collect()
}

fn query(query: Option<&str>) -> Vec<(String, String)> {
    let pairs = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    pairs
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}
