//! One call from arrival to answer: record it, delay it, let a fault have it or the product answer it.

use std::{
    net::TcpListener,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, Request as Incoming, State},
    response::Response,
};
use bytes::Bytes;
use serde_json::json;
use tokio::sync::oneshot;

use super::{
    Options,
    accounts::{Accounts, Credentials},
    control::{self, Arrival, Clock, Control, damage, fault::Kind, substitute},
    crm::Crm,
    desk::Desk,
    door::{Door, Line},
    http::{Reply, Request},
    limits::Limits,
};

/// The largest request body read; Desk takes attachments of 20 MB, CRM of 100 MB.
const BODY_LIMIT: usize = 101 << 20;

/// Set by Desk and CRM on an answer to a path they do not serve.
const UNSERVED: &str = "x-sandbox-unserved";

type Shared = Arc<Mutex<World>>;

/// A request as it lies on the wire.
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// Which part of Zoho a path belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Product {
    Accounts,
    Desk,
    Crm,
}

impl Product {
    pub(super) fn of(path: &str) -> Self {
        if path.starts_with("/api/") {
            Product::Desk
        } else if path.starts_with("/crm/") {
            Product::Crm
        } else {
            Product::Accounts
        }
    }
}

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

    pub(super) fn credentials(&self) -> Credentials {
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

    /// The honest answer, and whether the path is one the sandbox does not serve.
    fn handle(&mut self, call: Call) -> (Reply, bool) {
        let path = call.uri.path();
        let now = self.control.clock.now();
        let product = Product::of(path);
        let inside = match product {
            Product::Accounts => Some(path),
            Product::Desk => inside(path, "/api/v1"),
            Product::Crm => inside(path, "/crm/v8"),
        };
        let Some(inside) = inside else {
            return (control::unknown_path(product), true);
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
        let mut reply = match product {
            Product::Accounts => self.accounts.handle(&request),
            Product::Desk => self.desk.handle(&request),
            Product::Crm => self.crm.handle(&request),
        };
        let headers = reply.headers.len();
        reply.headers.retain(|(name, _)| *name != UNSERVED);
        let unserved = reply.headers.len() < headers;
        (reply, unserved)
    }
}

/// Serves until told to stop or until the teller is gone.
pub(super) async fn serve(listener: TcpListener, world: World, stopped: oneshot::Receiver<()>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    let door = Door::new(listener, world.control.accepted());
    let app = Router::new()
        .fallback(answer)
        .with_state(Arc::new(Mutex::new(world)));
    tokio::select! {
        _ = axum::serve(door, app.into_make_service_with_connect_info::<Line>()) => {}
        _ = stopped => {}
    }
}

async fn answer(
    State(world): State<Shared>,
    ConnectInfo(line): ConnectInfo<Line>,
    incoming: Incoming,
) -> Response {
    let (parts, body) = incoming.into_parts();
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return respond(Reply::json(
            413,
            &json!({ "code": "BODY_SIZE_REACHED", "status": "error" }),
        ));
    };
    let call = Call {
        method: parts.method,
        uri: parts.uri,
        headers: parts.headers,
        body,
    };
    if call.uri.path().starts_with("/__sandbox/") {
        return respond(control::route(&mut lock(&world), &call));
    }
    let arrival = lock(&world).control.arrive(&call);
    if let Some(refusal) = arrival.refusal {
        lock(&world).control.finish(arrival.number, refusal.status, false);
        return respond(refusal);
    }
    if !arrival.delay.is_zero() {
        tokio::time::sleep(arrival.delay).await;
    }
    match arrival.fault.clone() {
        None => respond(honest(&world, call, &arrival)),
        Some(fault) => match fault.kind {
            Kind::Hang => std::future::pending().await,
            Kind::Reset => {
                line.cut();
                respond(Reply::empty(200))
            }
            kind if kind.keeps_the_answer() => damage::respond(honest(&world, call, &arrival), &fault, line),
            _ => {
                let mut world = lock(&world);
                let response = substitute::response(&fault, &call, &world.base_url(&call.headers));
                world
                    .control
                    .finish(arrival.number, response.status().as_u16(), false);
                response
            }
        },
    }
}

fn honest(world: &Shared, call: Call, arrival: &Arrival) -> Reply {
    let mut world = lock(world);
    let (mut reply, unserved) = world.handle(call);
    let now = world.control.clock.now();
    if let Some(seat) = &arrival.seat {
        world.control.limits.charge(seat, now, &mut reply);
    }
    world.control.finish(arrival.number, reply.status, unserved);
    reply.with("date", now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

/// A reply as an HTTP response.
pub(super) fn respond(reply: Reply) -> Response {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = reply.status.try_into().unwrap();
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::try_from(value) {
            response
                .headers_mut()
                .append(HeaderName::from_static(name), value);
        }
    }
    response
}

/// A request that panicked has left at worst one half-made record; the others go on.
fn lock(world: &Shared) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
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
