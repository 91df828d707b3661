//! A call as it lies on the wire, the product that its path belongs to, and a reply as it goes back.

use ::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use axum::{body::Body, response::Response};
use bytes::Bytes;

use super::http::Reply;

/// Path of the token endpoint: it has a latency and counters of its own.
pub(super) const TOKEN_PATH: &str = "/oauth/v2/token";

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
        } else if path.starts_with("/crm/") || path.starts_with("/v2/crm/") {
            Product::Crm
        } else {
            Product::Accounts
        }
    }
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
