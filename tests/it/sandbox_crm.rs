//! The sandbox's CRM, called directly.

mod believable;
mod blueprint;
mod bulk;
mod bulk_write;
mod company;
mod composite;
mod converted;
mod coql;
mod errors;
mod found_out;
mod happened;
mod links;
mod mail;
mod meta;
mod now;
mod paging;
mod probed;
mod routes;
mod scopes;
mod search;
mod states;
mod tagging;
mod together;
mod uploads;
mod upserts;
mod versions;
mod watch;
mod writes;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use jiff::Timestamp;
use serde_json::{Value, json};
use zoho_mcp::sandbox::Options;
pub(crate) use zoho_mcp::sandbox::crm::{Crm, ORG_ID, ROUTES, ZGID};
use zoho_mcp::sandbox::http::{Grant, Reply, Request};
use zoho_mcp::sandbox::people::{Identity, identities};

const ALL: &[&str] = &[
    "ZohoCRM.modules.ALL",
    "ZohoCRM.settings.ALL",
    "ZohoCRM.users.ALL",
    "ZohoCRM.org.ALL",
    "ZohoCRM.coql.READ",
    "ZohoCRM.bulk.ALL",
    "ZohoCRM.files.ALL",
    "ZohoCRM.notifications.ALL",
    "ZohoFiles.files.ALL",
    "ZohoSearch.securesearch.READ",
];

/// A CRM and a clock, called with texts like `GET Leads?fields=id`.
pub(crate) struct World {
    pub(crate) crm: Crm,
    pub(crate) now: Timestamp,
    pub(crate) scopes: Vec<String>,
    pub(crate) person: &'static Identity,
    headers: Vec<(&'static str, String)>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::at("2026-03-04T10:20:30Z".parse().unwrap())
    }

    /// The same, made at a moment.
    pub(crate) fn at(now: Timestamp) -> Self {
        let options = Options {
            seed: 7,
            tickets: 10,
            ..Options::default()
        };
        World {
            crm: Crm::new(&options, now),
            now,
            scopes: ALL.iter().map(|scope| (*scope).to_owned()).collect(),
            person: &identities()[0],
            headers: Vec::new(),
        }
    }

    /// The newest version where the path names none.
    pub(crate) fn request(&self, line: &str, body: Bytes) -> Request {
        let (method, address) = line.split_once(' ').unwrap();
        let is_versioned = address.starts_with('v') || address.starts_with("bulk/");
        let address = &if is_versioned {
            address.to_owned()
        } else {
            format!("v8/{address}")
        };
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let segments = path.split('/').map(|part| {
            percent_encoding::percent_decode_str(part)
                .decode_utf8()
                .unwrap()
                .into_owned()
        });
        let query = url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .filter(|(name, _)| !name.is_empty());
        let mut headers = HeaderMap::new();
        headers.insert(
            "authorization",
            HeaderValue::from_static("Zoho-oauthtoken 1000.a.b"),
        );
        for (name, value) in &self.headers {
            headers.insert(
                HeaderName::from_static(name),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        Request {
            method: Method::from_bytes(method.as_bytes()).unwrap(),
            segments: segments.collect(),
            query: query.collect(),
            headers,
            body,
            now: self.now,
            base_url: "http://127.0.0.1:1".to_owned(),
            grant: Some(Grant {
                scopes: self.scopes.clone(),
                person: self.person,
            }),
        }
    }

    pub(crate) fn send(&mut self, line: &str, body: Bytes) -> Reply {
        let request = self.request(line, body);
        self.crm.handle(&request)
    }

    /// A call without a body.
    pub(crate) fn call(&mut self, line: &str) -> (u16, Value) {
        read(&self.send(line, Bytes::new()))
    }

    /// A call with a JSON body.
    pub(crate) fn put(&mut self, line: &str, body: Value) -> (u16, Value) {
        read(&self.send(line, Bytes::from(body.to_string())))
    }

    /// A call with one more header.
    pub(crate) fn with(&mut self, name: &'static str, value: &str, line: &str, body: Value) -> (u16, Value) {
        self.headers.push((name, value.to_owned()));
        let reply = self.put(line, body);
        self.headers.pop();
        reply
    }

    /// A 200 answer.
    pub(crate) fn good(&mut self, line: &str) -> Value {
        let (status, body) = self.call(line);
        assert_eq!(status, 200, "{line}: {body}");
        body
    }

    /// The record as a single read gives it, or null when there is none.
    pub(crate) fn record(&mut self, module: &str, id: &str) -> Value {
        let (status, body) = self.call(&format!("GET {module}/{id}"));
        if status == 204 {
            Value::Null
        } else {
            body["data"][0].clone()
        }
    }

    /// How many records a module has.
    pub(crate) fn count(&mut self, module: &str) -> u64 {
        self.good(&format!("GET {module}/actions/count"))["count"]
            .as_u64()
            .unwrap()
    }

    /// The ids a search finds, in order.
    pub(crate) fn found(&mut self, module: &str, query: &str) -> Vec<String> {
        let (status, body) = self.call(&format!("GET {module}/search?fields=id&{query}"));
        assert!(status == 200 || status == 204, "{query}: {status} {body}");
        crate::bed::ids(&body)
    }

    /// Inserts a record; its id.
    pub(crate) fn insert(&mut self, module: &str, values: Value) -> String {
        let (status, body) = self.put(&format!("POST {module}"), json!({ "data": [values] }));
        assert_eq!(status, 201, "{module}: {body}");
        body["data"][0]["details"]["id"].as_str().unwrap().to_owned()
    }

    /// Search, count, list and single reads all know exactly these records with this value in a text field.
    pub(crate) fn agrees(&mut self, module: &str, field: &str, value: &str, wanted: &[&str]) {
        let criteria = escaped(&format!("({field}:equals:{value})"));
        let mut found = self.found(module, &format!("criteria={criteria}"));
        found.sort();
        assert_eq!(found, wanted, "search for {field} {value}");
        let count = self.good(&format!("GET {module}/actions/count?criteria={criteria}"));
        assert_eq!(count["count"], wanted.len(), "count of {field} {value}");
        for id in wanted {
            assert_eq!(self.record(module, id)[field], value, "{module}/{id}");
            let listed = self.good(&format!("GET {module}?fields={field}&ids={id}"));
            assert_eq!(listed["data"], json!([{ field: value, "id": id }]));
        }
    }

    /// The id of the first record of a list.
    pub(crate) fn first(&mut self, module: &str) -> String {
        self.good(&format!("GET {module}?fields=id&per_page=1"))["data"][0]["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

pub(crate) fn read(reply: &Reply) -> (u16, Value) {
    (
        reply.status,
        serde_json::from_slice(&reply.body).unwrap_or(Value::Null),
    )
}

/// A query value, escaped.
pub(crate) fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
