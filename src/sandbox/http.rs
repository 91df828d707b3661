//! The request every part of the sandbox reads and the reply it gives: plain values, so that Desk, CRM and
//! accounts are synchronous functions over their state.

use bytes::Bytes;
use http::{HeaderMap, Method};
use jiff::Timestamp;
use serde_json::Value;

use crate::people::Identity;

/// One request as it came in, after the control room has looked at it.
#[derive(Debug, Clone)]
pub struct Request {
    /// HTTP method.
    pub method: Method,
    /// Percent-decoded path segments after the product's prefix: `/api/v1/tickets/12` gives `["tickets", "12"]`.
    pub segments: Vec<String>,
    /// Decoded query pairs in the order sent; an empty name (a bare `&`) is already dropped.
    pub query: Vec<(String, String)>,
    /// Headers, in order.
    pub headers: HeaderMap,
    /// The body as it lies on the wire.
    pub body: Bytes,
    /// The sandbox's own clock.
    pub now: Timestamp,
    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub base_url: String,
    /// What the access token allows; `None` when no usable token came.
    pub grant: Option<Grant>,
}

/// What an access token stands for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grant {
    /// As granted, for example `Desk.tickets.READ`; compared without regard to case.
    pub scopes: Vec<String>,
    /// Whose it is.
    pub person: &'static Identity,
}

impl Grant {
    /// True when a granted scope is this one or a wider one, `Service.area[.part].OPERATION` without regard to case:
    /// `ALL` is every operation, `WRITE` is to create and to update, and an area holds its parts.
    pub fn covers(&self, wanted: &str) -> bool {
        self.scopes.iter().any(|granted| covers(granted, wanted))
    }
}

fn covers(granted: &str, wanted: &str) -> bool {
    let (granted, wanted) = (granted.trim().to_lowercase(), wanted.to_lowercase());
    let (Some((area, operation)), Some((wanted_area, wanted_operation))) =
        (granted.rsplit_once('.'), wanted.rsplit_once('.'))
    else {
        return false;
    };
    let is_inside = wanted_area
        .strip_prefix(area)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    let may = operation == "all"
        || operation == wanted_operation
        || (operation == "write" && matches!(wanted_operation, "create" | "update"));
    // The bare service (`ZohoCRM.ALL`, `Desk.ALL`) is not a scope Zoho has.
    is_inside && may && area.contains('.')
}

/// What goes back to the caller.
#[derive(Debug, Clone)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers, in order.
    pub headers: Vec<(&'static str, String)>,
    /// The body as it lies on the wire.
    pub body: Bytes,
    /// Whether nobody here answers at this address; what Zoho would say to it is in the rest.
    pub unserved: bool,
}

impl Request {
    /// The first value of a query parameter.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The path as slices, to match on.
    pub fn path(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// The body as JSON; Zoho's own SDKs send it without a content type.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

impl Reply {
    /// A JSON answer.
    pub fn json(status: u16, body: &Value) -> Self {
        let headers = vec![("content-type", "application/json;charset=UTF-8".to_owned())];
        Reply {
            status,
            headers,
            body: Bytes::from(body.to_string()),
            unserved: false,
        }
    }

    /// An answer without a body: Zoho's 204 means "nothing found".
    pub fn empty(status: u16) -> Self {
        Reply {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
            unserved: false,
        }
    }

    /// A page for a browser.
    pub fn html(status: u16, page: String) -> Self {
        let headers = vec![("content-type", "text/html;charset=UTF-8".to_owned())];
        Reply {
            status,
            headers,
            body: Bytes::from(page),
            unserved: false,
        }
    }

    /// The same, as the answer at an address that is not served here.
    #[must_use]
    pub fn unserved(mut self) -> Self {
        self.unserved = true;
        self
    }

    /// A header that was added.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| *header == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Puts a header in the place of the one with this name.
    pub fn set(&mut self, name: &'static str, value: String) {
        self.headers.retain(|(header, _)| *header != name);
        self.headers.push((name, value));
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
