//! A client of Desk that counts what it has written.

use std::collections::BTreeSet;

use bytes::Bytes;
use http::{HeaderMap, Method};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use zoho_mcp::sandbox::Options;
use zoho_mcp::sandbox::desk::Desk;
use zoho_mcp::sandbox::desk::routes::ROUTES;
use zoho_mcp::sandbox::http::{Grant, Reply, Request};
use zoho_mcp::sandbox::people::{Identity, identities};

use crate::bed::NOW;

/// The modules that can be listed and searched, tickets apart.
const MODULES: &[&str] = &[
    "contacts", "accounts", "tasks", "calls", "events", "products", "articles",
];

/// Desk with a token, an organization and a clock.
pub(crate) struct Tester {
    pub(crate) desk: Desk,
    pub(crate) org: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) person: &'static Identity,
    pub(crate) now: Timestamp,
    /// Operations whose writes succeeded, as `POST /tickets`.
    pub(crate) written: BTreeSet<String>,
}

pub(crate) fn options(seed: u64, tickets: u64, from_base: u8) -> Options {
    Options {
        seed,
        tickets,
        from_base,
        ..Options::default()
    }
}

impl Tester {
    pub(crate) fn new(tickets: u64) -> Self {
        Self::with(options(1, tickets, 1))
    }

    pub(crate) fn with(options: Options) -> Self {
        let later = SignedDuration::from_mins(20 * 60 - 30);
        Tester {
            now: NOW.checked_add(later).unwrap(),
            ..Self::at(options, NOW)
        }
    }

    /// Desk at the moment it is made.
    pub(crate) fn at(options: Options, now: Timestamp) -> Self {
        let scopes = ROUTES.iter().flat_map(|route| route.scopes.clone()).collect();
        Tester {
            desk: Desk::new(&options, now),
            org: None,
            scopes,
            person: &identities()[0],
            now,
            written: BTreeSet::new(),
        }
    }

    pub(crate) fn request(&self, method: &str, target: &str) -> Request {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers = HeaderMap::new();
        if let Some(org) = &self.org {
            headers.insert("orgId", org.parse().unwrap());
        }
        headers.insert("authorization", "Zoho-oauthtoken 1000.a.b".parse().unwrap());
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        Request {
            method: method.parse::<Method>().unwrap(),
            segments: path.split('/').skip(1).map(str::to_owned).collect(),
            query: pairs
                .map(|pair| {
                    pair.split_once('=')
                        .map_or((pair.into(), String::new()), |(k, v)| (k.into(), v.into()))
                })
                .collect(),
            headers,
            body: Bytes::new(),
            now: self.now,
            base_url: "http://127.0.0.1:1".into(),
            grant: Some(Grant {
                scopes: self.scopes.clone(),
                person: self.person,
            }),
        }
    }

    pub(crate) fn raw(&mut self, request: &Request) -> Reply {
        self.desk.handle(request)
    }

    fn call(&mut self, method: &str, target: &str, body: Option<Value>) -> (u16, Value) {
        let mut request = self.request(method, target);
        request.body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        let reply = self.raw(&request);
        let value = if reply.body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&reply.body).unwrap()
        };
        (reply.status, value)
    }

    pub(crate) fn get(&mut self, target: &str) -> (u16, Value) {
        self.call("GET", target, None)
    }

    /// A write that may be refused, and its answer.
    pub(crate) fn tried(&mut self, method: &str, target: &str, body: &Value) -> (u16, Value) {
        self.now = self.now.checked_add(SignedDuration::from_secs(61)).unwrap();
        self.call(method, target, (!body.is_null()).then(|| body.clone()))
    }

    /// A record or list that must be there.
    pub(crate) fn read(&mut self, target: &str) -> Value {
        let (status, value) = self.get(target);
        assert_eq!(status, 200, "GET {target}: {value}");
        value
    }

    /// The rows of a list; none for 204.
    pub(crate) fn rows(&mut self, target: &str) -> Vec<Value> {
        let (status, value) = self.get(target);
        assert!(status == 204 || status == 200, "GET {target}: {status} {value}");
        let list = value
            .as_object()
            .and_then(|object| object.values().next())
            .and_then(Value::as_array);
        list.cloned().unwrap_or_default()
    }

    /// A write that must be refused.
    pub(crate) fn refused(&mut self, method: &str, target: &str, body: Value) -> (u16, Value) {
        let (status, value) = self.call(method, target, Some(body));
        assert!(
            status >= 400,
            "{method} {target} was not refused: {status} {value}"
        );
        (status, value)
    }

    /// A write that must succeed; afterwards lists, searches and counts must agree.
    pub(crate) fn write(&mut self, method: &str, target: &str, body: Value) -> Value {
        self.now = self.now.checked_add(SignedDuration::from_secs(61)).unwrap();
        let (status, value) = self.call(method, target, (!body.is_null()).then_some(body));
        self.wrote(method, target, status, &value);
        value
    }

    /// An upload that must succeed.
    pub(crate) fn upload(&mut self, target: &str, name: &str, content: &str) -> Value {
        let mut request = self.request("POST", target);
        request.headers.insert(
            "content-type",
            "multipart/form-data; boundary=X1".parse().unwrap(),
        );
        let head = format!("--X1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"");
        request.body = Bytes::from(format!(
            "{head}\r\nContent-Type: text/plain\r\n\r\n{content}\r\n--X1--\r\n"
        ));
        let reply = self.raw(&request);
        let value = serde_json::from_slice(&reply.body).unwrap();
        self.wrote("POST", target, reply.status, &value);
        value
    }

    fn wrote(&mut self, method: &str, target: &str, status: u16, value: &Value) {
        assert!(
            (200..300).contains(&status),
            "{method} {target}: {status} {value}"
        );
        let path = target.split('?').next().unwrap();
        let name = ROUTES
            .iter()
            .filter(|route| route.method == method && fits(&route.path, path));
        let name = name.min_by_key(|route| route.path.matches('{').count()).unwrap();
        assert_eq!(name.status, status, "{method} {target}");
        self.written.insert(format!("{method} {}", name.path));
        let module = path.split('/').nth(1).unwrap();
        let near: &[&str] = match module {
            "contacts" | "accounts" | "products" => &["contacts", "accounts", "products"],
            "tasks" | "calls" | "events" | "articles" => &[module],
            "recycleBin" => MODULES,
            _ => &[],
        };
        self.agree_on(near);
        self.agree_on_tickets();
    }

    /// What lists show, searches find and counts count is the same, and so is the record itself.
    pub(crate) fn agree(&mut self) {
        self.agree_on(MODULES);
        self.agree_on_tickets();
    }

    fn agree_on(&mut self, modules: &[&str]) {
        let all = "createdTimeRange=2000-01-01T00:00:00.000Z,2100-01-01T00:00:00.000Z";
        for module in modules {
            let limit = if *module == "articles" { 50 } else { 100 };
            let listed = self.rows(&format!("/{module}?limit={limit}"));
            let found = self.rows(&format!("/{module}/search?limit=100&{all}"));
            assert_eq!(ids(&listed), ids(&found), "{module}: list and search differ");
            for row in listed {
                let found = found.iter().find(|other| other["id"] == row["id"]).unwrap();
                for (key, value) in row
                    .as_object()
                    .unwrap()
                    .iter()
                    .filter(|(key, _)| found.get(*key).is_some())
                {
                    assert_eq!(*value, found[key], "{module} {}: {key}", row["id"]);
                }
            }
        }
    }

    fn agree_on_tickets(&mut self) {
        self.agree_on(&["tickets"]);
        let tickets = ids(&self.rows("/tickets?limit=100")).len();
        assert_eq!(self.read("/ticketsCount")["count"], tickets);
        let by_status = self.get("/ticketsCountByFieldValues?field=statusType").1;
        let counted = by_status["statusType"].as_array().into_iter().flatten();
        assert_eq!(
            counted.map(|row| row["count"].as_u64().unwrap()).sum::<u64>(),
            tickets as u64
        );
    }
}

pub(crate) fn ids(rows: &[Value]) -> BTreeSet<String> {
    rows.iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

pub(crate) fn id(value: &Value) -> String {
    value["id"]
        .as_str()
        .unwrap_or_else(|| panic!("no id in {value}"))
        .to_owned()
}

fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len()
        && pattern
            .iter()
            .zip(&path)
            .all(|(part, segment)| part.starts_with('{') || part == segment)
}
