//! What came in: the last calls one by one, and counts of all of them.

use std::{
    collections::{BTreeMap, VecDeque},
    fs::File,
    io::Write as _,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use ::http::{HeaderMap, HeaderValue, Method, Uri};
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    super::wire::{Call, TOKEN_PATH},
    mask,
};

/// Calls kept one by one; older ones remain only in the counts.
const KEPT: usize = 500;

/// Bytes kept of a request body.
const BODY_KEPT: usize = 16 << 10;

#[derive(Default)]
pub(super) struct Journal {
    entries: VecDeque<Entry>,
    /// Number of the oldest entry.
    first: u64,
    counts: BTreeMap<String, u64>,
    token_calls: u64,
    unserved: u64,
    all: Arc<Gauge>,
    token: Arc<Gauge>,
    /// Reads that look through records, whether or not anybody waits for them.
    reading: Arc<Gauge>,
    log: Option<File>,
}

/// Kept as it came; masked when somebody reads it.
struct Entry {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
    /// `None` while unanswered, and for ever after a hang or a reset.
    status: Option<u16>,
    unserved: bool,
}

/// How many calls are in flight, and how many ever were.
#[derive(Default)]
struct Gauge {
    now: AtomicI64,
    most: AtomicI64,
}

/// Counts a call as in flight while it lives; hyper drops it when the caller hangs up.
pub(super) struct InFlight(Vec<Arc<Gauge>>);

impl InFlight {
    fn new(gauges: Vec<Arc<Gauge>>) -> Self {
        for gauge in &gauges {
            let now = gauge.now.fetch_add(1, Ordering::Relaxed) + 1;
            gauge.most.fetch_max(now, Ordering::Relaxed);
        }
        InFlight(gauges)
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        for gauge in &self.0 {
            gauge.now.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl Journal {
    pub(super) fn arrive(&mut self, call: &Call, token: bool) -> (u64, InFlight) {
        self.count(endpoint(call));
        let mut gauges = vec![self.all.clone()];
        if token {
            self.token_calls += 1;
            gauges.push(self.token.clone());
        }
        if self.entries.len() == KEPT {
            self.entries.pop_front();
            self.first += 1;
        }
        let number = self.first + self.entries.len() as u64;
        self.entries.push_back(Entry::new(call));
        (number, InFlight::new(gauges))
    }

    pub(super) fn write_down(&mut self, log: Option<File>) {
        self.log = log;
    }

    /// The same file once more.
    pub(super) fn file(&self) -> Option<File> {
        self.log.as_ref().and_then(|log| log.try_clone().ok())
    }

    /// Without a status nobody will ever answer.
    pub(super) fn finish(&mut self, number: u64, status: Option<u16>, unserved: bool, now: Timestamp) {
        self.unserved += u64::from(unserved);
        let place = number
            .checked_sub(self.first)
            .and_then(|place| self.entries.get_mut(place as usize));
        if let Some(entry) = place {
            entry.status = status;
            entry.unserved = unserved;
            if let Some(log) = &mut self.log {
                let mut told = entry.describe();
                told["at"] = json!(now.to_string());
                // A disk that is full ends no call.
                let _ = log.write_all(format!("{told}\n").as_bytes());
            }
        }
    }

    /// Counts a read for as long as it is under way.
    pub(super) fn reading(&self) -> InFlight {
        InFlight::new(vec![self.reading.clone()])
    }

    pub(super) fn count(&mut self, name: String) {
        *self.counts.entry(name).or_default() += 1;
    }

    /// Calls that are still in flight stay so, but are not told from the record any more.
    pub(super) fn clear(&mut self) {
        self.first += self.entries.len() as u64;
        self.entries.clear();
        self.counts.clear();
        self.token_calls = 0;
        self.unserved = 0;
        for gauge in [&self.all, &self.token] {
            gauge
                .most
                .store(gauge.now.load(Ordering::Relaxed), Ordering::Relaxed);
        }
    }

    pub(super) fn log(&self) -> Value {
        self.entries.iter().map(Entry::describe).collect()
    }

    pub(super) fn stats(&self) -> Value {
        json!({
            "counts": self.counts,
            "token_calls": self.token_calls,
            "unserved": self.unserved,
            "in_flight": self.all.now.load(Ordering::Relaxed),
            "reading": self.reading.now.load(Ordering::Relaxed),
            "max_inflight": self.all.most.load(Ordering::Relaxed),
            "token_max_inflight": self.token.most.load(Ordering::Relaxed),
        })
    }
}

impl Entry {
    fn new(call: &Call) -> Self {
        let kept = ["authorization", "orgid", "content-type"];
        let mut headers = HeaderMap::with_capacity(kept.len());
        for name in kept {
            if let Some(value) = call.headers.get(name) {
                headers.insert(name, value.clone());
            }
        }
        let body = match call.body.get(..BODY_KEPT) {
            Some(start) => Bytes::copy_from_slice(start),
            None => call.body.clone(),
        };
        Entry {
            method: call.method.clone(),
            uri: call.uri.clone(),
            headers,
            body,
            status: None,
            unserved: false,
        }
    }

    fn describe(&self) -> Value {
        let header = |name| {
            self.headers
                .get(name)
                .map(HeaderValue::as_bytes)
                .map(String::from_utf8_lossy)
        };
        let accounts = self.uri.path().starts_with("/oauth/");
        let mut told = Map::new();
        told.insert("m".to_owned(), json!(self.method.as_str()));
        told.insert("u".to_owned(), json!(mask::url(&self.uri, accounts)));
        told.insert(
            "auth".to_owned(),
            json!(header("authorization").map(|value| mask::authorization(&value))),
        );
        told.insert("org".to_owned(), json!(header("orgid")));
        told.insert("status".to_owned(), json!(self.status));
        if self.unserved {
            told.insert("unserved".to_owned(), json!(true));
        }
        let kind = header("content-type").unwrap_or_default();
        if let Some(body) = mask::body(&self.body, &kind, accounts) {
            told.insert("body".to_owned(), body);
        }
        Value::Object(told)
    }
}

/// `GET /api/v1/tickets/{id}`: one name for all records of a kind.
fn endpoint(call: &Call) -> String {
    let path = call.uri.path();
    if path == TOKEN_PATH {
        return format!("{} {path}", call.method);
    }
    let mut name = String::with_capacity(path.len() + 8);
    name.push_str(call.method.as_str());
    name.push(' ');
    for (place, part) in path.split('/').enumerate() {
        if place > 0 {
            name.push('/');
        }
        let id = part.len() > 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        name.push_str(if id { "{id}" } else { part });
    }
    name
}
