//! Who may come in: programs that say once whom they ask, name this machine or one of its own network, and no web page.
//!
//! A request that does not say whom it is for, says it twice, or names what is no host is answered 400, and where its target
//! names a host that one counts: RFC 9112, 3.2; a name with a user before it is an error: RFC 9110, 4.2.4.

use std::net::IpAddr;

use ::http::header::HOST;
use ::http::request::Parts;
use ::http::uri::Authority;
use ::http::{HeaderMap, HeaderValue, Version};
use serde_json::json;

use super::{http::Reply, post};

const UNCLEAR: &str =
    "a request names the host that it is for, once and without a user: Host: 127.0.0.1:8080";
const FOREIGN: &str = "only programs are served, which name this machine by its address or by a name of its own network, and no web page";

/// Lets a request in, under the host that its target names, or answers it.
pub(super) fn judge(parts: &mut Parts, is_of_this_machine: bool) -> Result<(), Reply> {
    let refusal = |status, error| Err(Reply::json(status, &json!({ "error": error })));
    let Ok(asked) = asked_for(parts) else {
        return refusal(400, UNCLEAR);
    };
    if let Some(host) = asked
        .as_ref()
        .and_then(|asked| HeaderValue::from_str(asked.as_str()).ok())
    {
        parts.headers.insert(HOST, host);
    }
    let is_ours = asked.is_none_or(|asked| is_ours(asked.host(), is_of_this_machine));
    match is_ours && !is_a_page(&parts.headers, parts.uri.path()) {
        true => Ok(()),
        false => refusal(403, FOREIGN),
    }
}

/// The host that a request is for; none where an old one names none, an error where it is not clear.
fn asked_for(parts: &Parts) -> Result<Option<Authority>, ()> {
    let mut named = parts.headers.get_all(HOST).iter();
    let host = match (named.next(), named.next()) {
        (Some(host), None) => Some(host.to_str().ok().and_then(host_and_port).ok_or(())?),
        (None, None) if parts.version < Version::HTTP_11 => None,
        _ => return Err(()),
    };
    match parts.uri.authority() {
        Some(target) => host_and_port(target.as_str()).map(Some).ok_or(()),
        None => Ok(host),
    }
}

/// A host with or without a port, and nothing else.
fn host_and_port(text: &str) -> Option<Authority> {
    let authority: Authority = text.parse().ok()?;
    let port = text.strip_prefix(authority.host())?;
    let digits = port.strip_prefix(':').unwrap_or(port);
    let is_port = digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_port && !authority.host().is_empty()).then_some(authority)
}

fn is_ours(host: &str, is_of_this_machine: bool) -> bool {
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    match address {
        Ok(address) => address.is_loopback() || !is_of_this_machine,
        Err(_) => name == "localhost" || !is_of_this_machine && is_of_a_network(&name),
    }
}

/// Whether a name means something in one network alone, so that nobody elsewhere can let it stand for an address: a name
/// without a dot, and those that are kept for it (RFC 6761, RFC 6762, RFC 8375; `internal` by ICANN's board, 2024).
fn is_of_a_network(name: &str) -> bool {
    let last = name.rsplit_once('.').map_or("local", |(_, last)| last);
    ["local", "localhost", "internal", "test"].contains(&last) || name.ends_with(".home.arpa")
}

/// A web page that reaches for the controls, and a webhook that leads back here, which would let its maker do what they do:
/// what it could change, or read, feeds the agent under test.
fn is_a_page(headers: &HeaderMap, path: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let site = text("sec-fetch-site").unwrap_or("none");
    let is_a_page = headers.contains_key("origin") || !["none", "same-origin"].contains(&site);
    headers.contains_key(post::MARK) || is_a_page && path.starts_with("/__sandbox/")
}
