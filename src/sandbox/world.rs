//! Everything the sandbox is at one moment, and the honest answer of a product to a call.

use ::http::HeaderMap;
use serde_json::json;

use super::{
    Options,
    accounts::{Accounts, Credentials, page},
    control::{Clock, Control},
    crm::Crm,
    desk::Desk,
    http::{Reply, Request},
    limits::Limits,
    wire::{Call, Product},
};

/// Everything the sandbox is at one moment.
pub(super) struct World {
    options: Options,
    base_url: String,
    pub(super) accounts: Accounts,
    pub(super) control: Control,
    desk: Desk,
    pub(super) crm: Crm,
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
        }
    }

    pub(super) fn credentials(&mut self) -> Credentials {
        self.accounts.credentials()
    }

    pub(super) fn desk_organizations(&self) -> Vec<(String, String)> {
        self.desk.organizations()
    }

    /// Every record and token as on the first day.
    pub(super) fn start_over(&mut self) {
        let now = self.control.clock.now();
        self.desk = Desk::new(&self.options, now);
        self.crm = Crm::new(&self.options, now);
        self.accounts = Accounts::new(&self.options);
    }

    /// Who called a sandbox that is open to the network knows it by another name than loopback.
    pub(super) fn base_url(&self, headers: &HeaderMap) -> String {
        let host = headers.get("host").and_then(|host| host.to_str().ok());
        match host {
            Some(host) if !self.options.listen.ip().is_loopback() => format!("http://{host}"),
            _ => self.base_url.clone(),
        }
    }

    /// Whether nobody beyond this machine reaches the sandbox.
    pub(super) fn is_of_this_machine(&self) -> bool {
        self.options.listen.ip().is_loopback()
    }

    /// The honest answer.
    pub(super) fn handle(&mut self, call: Call) -> Reply {
        let path = call.uri.path();
        let now = self.control.clock.now();
        let product = Product::of(path);
        let inside = match product {
            Product::Accounts => Some(path),
            Product::Desk => inside(path, "/api/v1"),
            // The results of bulk writes lie at `/v2/crm/`.
            Product::Crm => inside(path, "/crm").or(Some(path)),
        };
        let Some(inside) = inside else {
            return unknown_path(product).unserved();
        };
        let grant = match product {
            Product::Accounts => None,
            Product::Desk | Product::Crm => self.accounts.grant(&call.headers, now),
        };
        let request = Request {
            segments: segments(inside),
            query: query(call.uri.query()),
            now,
            base_url: self.base_url(&call.headers),
            grant,
            method: call.method,
            headers: call.headers,
            body: call.body,
        };
        match product {
            Product::Accounts => self.accounts.handle(&request),
            Product::Desk => self.desk.handle(&request),
            Product::Crm => self.crm.handle(&request),
        }
    }
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
