//! The controls' own state: clock, limits, latency, faults, and the record of what came in. It decides what happens to a call
//! before a product sees it; `admin` is the door to it.

use std::{
    fs::File,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

pub(super) use clock::Clock;
pub(super) use fault::Fault;
use journal::Journal;
use serde_json::{Value, json};

use super::{
    dice::Dice,
    http::Reply,
    limits::{Limits, Seat},
    wire::{Call, Product, TOKEN_PATH},
};

mod clock;
pub(super) mod damage;
pub(super) mod fault;
mod gzip;
mod journal;
mod mask;
pub(super) mod substitute;

/// How long an answer is held back.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Latency {
    pub(super) api: Duration,
    /// Up to this much more, evenly spread.
    pub(super) jitter: Duration,
    pub(super) token: Duration,
}

/// The state behind `/__sandbox/`.
pub(super) struct Control {
    pub(super) clock: Clock,
    pub(super) limits: Limits,
    pub(super) latency: Latency,
    pub(super) faults: Vec<Fault>,
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
    /// The answer of a call over its organization's limits.
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

    /// Every call that ends is a line of this file from now on.
    pub(super) fn write_down(&mut self, log: Option<File>) {
        self.journal.write_down(log);
    }

    /// The file that calls are written down in, for a world beside this one.
    pub(super) fn log_of_a_fork(&self) -> Option<File> {
        self.journal.file()
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
        self.journal
            .finish(number, Some(status), unserved, self.clock.now());
    }

    /// Counts a read for as long as it is under way.
    pub(super) fn reading(&self) -> impl Send + 'static + use<> {
        self.journal.reading()
    }

    /// Records that a call never gets an answer.
    pub(super) fn lose(&mut self, number: u64) {
        self.journal.finish(number, None, false, self.clock.now());
    }

    /// Nothing counted, recorded, delayed or damaged, and the limits of the first day.
    pub(super) fn forget(&mut self) {
        self.faults.clear();
        self.latency = Latency::default();
        self.journal.clear();
        self.accepted.store(0, Ordering::Relaxed);
        self.limits.forget();
    }

    /// Nothing counted or recorded.
    pub(super) fn forget_calls(&mut self) {
        self.journal.clear();
    }

    /// The last calls one by one.
    pub(super) fn log(&self) -> Value {
        self.journal.log()
    }

    /// Counts of calls and connections.
    pub(super) fn stats(&self) -> Value {
        let mut stats = self.journal.stats();
        stats["connections"] = json!(self.accepted.load(Ordering::Relaxed));
        stats
    }

    fn jitter(&mut self) -> Duration {
        Duration::from_micros(self.jitter.below(self.latency.jitter.as_micros() as u64))
    }
}
