//! `/__sandbox/`: what a test or a demo may do to this Zoho, and what it may ask about it.
//!
//! - `POST admin`: latency, faults, token rules, ceilings (`admin`)
//! - `POST reset`: counters, record, faults and rules as on the first day; `{"data": true}` also every record, every token
//!   and the clock
//! - `GET stats`, `GET log`: what came in (`journal`), secrets masked
//! - `GET`/`POST clock`: the sandbox's own time
//! - `POST self_client`: an authorization code as the API console's Self Client gives

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use ::http::Method;
use serde_json::{Value, json};

use super::{
    crm::Ceilings,
    dice::Dice,
    http::Reply,
    limits::{Limits, Seat},
    service::{Call, Product, World},
};
use admin::Latency;
pub(super) use clock::Clock;
use fault::Fault;
use journal::Journal;

mod admin;
mod clock;
pub(super) mod damage;
pub(super) mod fault;
mod gzip;
mod journal;
mod mask;
pub(super) mod substitute;

/// Path of the token endpoint: it has a latency and counters of its own.
const TOKEN_PATH: &str = "/oauth/v2/token";

/// The state behind `/__sandbox/`.
pub(super) struct Control {
    pub(super) clock: Clock,
    pub(super) limits: Limits,
    latency: Latency,
    faults: Vec<Fault>,
    journal: Journal,
    accepted: Arc<AtomicU64>,
    jitter: Dice,
}

/// What became of a call before anybody answers it.
pub(super) struct Arrival {
    /// Its number in the journal.
    pub(super) number: u64,
    pub(super) delay: Duration,
    pub(super) fault: Option<Fault>,
    /// The answer of a call over its organisation's limits.
    pub(super) refusal: Option<Reply>,
    /// Counted as in flight for as long as this lives.
    _in_flight: journal::InFlight,
    /// Held by a call to Desk or CRM.
    pub(super) seat: Option<Seat>,
}

impl Control {
    pub(super) fn new(seed: u64, clock: Clock, limits: Limits) -> Self {
        Control {
            clock,
            limits,
            latency: Latency::default(),
            faults: Vec::new(),
            journal: Journal::default(),
            accepted: Arc::default(),
            jitter: Dice::new(seed, "jitter", 0),
        }
    }

    /// The counter of accepted connections.
    pub(super) fn accepted(&self) -> Arc<AtomicU64> {
        self.accepted.clone()
    }

    /// Records a call and decides what happens to it.
    pub(super) fn arrive(&mut self, call: &Call) -> Arrival {
        let path = call.uri.path();
        let token = path == TOKEN_PATH;
        let (number, in_flight) = self.journal.arrive(call, token);
        let (seat, refusal) = match self.limits.enter(call, self.clock.now()) {
            Ok(seat) => (seat, None),
            Err(refusal) => (None, Some(refusal)),
        };
        if let Some(refusal) = refusal {
            self.journal.count("limited".to_owned());
            return Arrival {
                number,
                delay: Duration::ZERO,
                fault: None,
                refusal: Some(refusal),
                _in_flight: in_flight,
                seat,
            };
        }
        let fault = fault::pick(&mut self.faults, path);
        if let Some(fault) = &fault {
            self.journal.count(format!("fault_{}", fault.kind.name()));
        }
        let delay = match Product::of(path) {
            Product::Accounts if token => self.latency.token,
            Product::Accounts => Duration::ZERO,
            Product::Desk | Product::Crm => self.latency.api + self.jitter(),
        };
        Arrival {
            number,
            delay,
            fault,
            refusal: None,
            _in_flight: in_flight,
            seat,
        }
    }

    /// Records how a call was answered.
    pub(super) fn finish(&mut self, number: u64, status: u16, unserved: bool) {
        self.journal.finish(number, status, unserved);
    }

    fn jitter(&mut self) -> Duration {
        Duration::from_micros(self.jitter.below(self.latency.jitter.as_micros() as u64))
    }
}

/// Answers a call below `/__sandbox/`.
pub(super) fn route(world: &mut World, call: &Call) -> Reply {
    let name = call.uri.path().trim_start_matches("/__sandbox/");
    let body: Option<Value> = if call.body.is_empty() {
        Some(json!({}))
    } else {
        serde_json::from_slice(&call.body).ok()
    };
    let Some(body) = body else {
        return refusal("the body is not JSON");
    };
    let done = match (name, &call.method) {
        ("admin", &Method::POST) => admin::apply(world, body).map(|()| json!({ "ok": true })),
        ("reset", &Method::POST) => reset(world, &body),
        ("stats", &Method::GET) => Ok(stats(world)),
        ("log", &Method::GET) => Ok(world.control.journal.log()),
        ("client", &Method::GET) => {
            let known = world.credentials();
            Ok(json!({
                "client_id": known.client_id,
                "client_secret": known.client_secret,
                "refresh_token": known.refresh_token
            }))
        }
        ("clock", &Method::GET) => Ok(world.control.clock.told()),
        ("clock", &Method::POST) => world
            .control
            .clock
            .change(&body)
            .map(|()| world.control.clock.told()),
        ("self_client", &Method::POST) => {
            let now = world.control.clock.now();
            world.accounts.self_client_code(&body, now)
        }
        ("admin" | "reset" | "stats" | "log" | "client" | "clock" | "self_client", _) => {
            return Reply::json(405, &json!({ "error": "wrong method" }));
        }
        _ => {
            return Reply::json(
                404,
                &json!({ "error": "the sandbox has admin, reset, stats, log, client, clock, self_client" }),
            );
        }
    };
    done.map_or_else(|error| refusal(&error), |value| Reply::json(200, &value))
}

fn refusal(error: &str) -> Reply {
    Reply::json(400, &json!({ "error": error }))
}

fn reset(world: &mut World, body: &Value) -> Result<Value, String> {
    let everything = match body.get("data") {
        None => false,
        Some(value) => value.as_bool().ok_or("data: expected true or false")?,
    };
    world.control.faults.clear();
    world.control.latency = Latency::default();
    world.control.journal.clear();
    world.control.accepted.store(0, Ordering::Relaxed);
    world.accounts.forget_rules();
    world.control.limits.forget();
    world.crm.ceilings = Ceilings::default();
    if everything {
        world.control.clock.rewind();
        world.start_over();
    }
    Ok(json!({ "ok": true }))
}

fn stats(world: &World) -> Value {
    let mut stats = world.control.journal.stats();
    let now = world.control.clock.now();
    stats["connections"] = json!(world.control.accepted.load(Ordering::Relaxed));
    stats["live_tokens"] = json!(world.accounts.live_tokens(now));
    stats["refreshes_in_window"] = json!(world.accounts.refreshes_in_window(now));
    for (name, count) in world.accounts.counts() {
        stats["counts"][name] = json!(count);
    }
    stats
}

/// What Zoho answers to a path that none of its products has.
pub(super) fn unknown_path(product: Product) -> Reply {
    match product {
        Product::Accounts => super::accounts::page::not_found(),
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
