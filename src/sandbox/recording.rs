//! A real account's answers, written down without its people, and served again: a case that a program met in the wild can
//! be met by everybody. `record` is the one part of this crate that speaks to another host, and to none but those it is
//! given.
//!
//! - `upstream`: a call goes on to the account, and its answer comes back
//! - `replay`: the same call gets the same answer, with no account behind
//! - `shape`, `disguise`: what is personal, and what stands in its place

use std::{
    fs::File,
    io,
    net::{SocketAddr, TcpListener},
    path::Path,
};

use ::http::{HeaderMap, Uri};
use axum::{Router, body::to_bytes, extract::Request as Incoming, response::Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shape::Shaper;
use tokio::sync::oneshot;
use url::Url;

use super::{
    base_url,
    http::Reply,
    service::BODY_LIMIT,
    thread::Thread,
    visitor,
    wire::{Call, Product, respond},
};

mod disguise;
mod replay;
mod shape;
mod upstream;

/// What is asked: the form of a call without its person. Equal ones get equal answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Asked {
    method: String,
    path: String,
    /// Names and values, in the order of the names.
    query: Vec<(String, String)>,
    /// The organization that the call names in its header.
    org: Option<String>,
    body: Value,
}

/// One line of a recording.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Line {
    /// When the answer came.
    at: String,
    #[serde(flatten)]
    asked: Asked,
    status: u16,
    retry_after: Option<String>,
    content_type: Option<String>,
    answer: Value,
    /// What was no JSON, and is not here.
    left_out: Option<String>,
}

/// A recording that is made or served; dropping it stops it.
#[derive(Debug)]
pub struct Recording {
    /// Base URL without a slash at the end: accounts server, Desk and CRM host at once.
    pub url: String,
    _thread: Thread,
}

/// Passes calls on to a real account and writes each with its answer as a line of a new file, personal text disguised.
/// `upstream` is one address for all, or those of the accounts server, Desk and CRM in this order. An address that is
/// neither https nor of this machine and a file that is there already are refused.
pub fn record(listen: SocketAddr, file: &Path, upstream: &[Url]) -> io::Result<Recording> {
    let upstream = upstream::Upstream::new(upstream)?;
    let listener = TcpListener::bind(listen)?;
    let file = File::create_new(file)?;
    started(listener, move |listener, url, stopped| {
        upstream::serve(listener, url, upstream, file, stopped)
    })
}

/// Serves a recording: the same method, path, query and body get the same answer, one after the other where there were
/// several, and anything else 404 with the mark of what is not served. A line that is none is refused.
pub fn replay(listen: SocketAddr, file: &Path) -> io::Result<Recording> {
    let lines = replay::read(file)?;
    started(TcpListener::bind(listen)?, move |listener, url, stopped| {
        replay::serve(listener, url, lines, stopped)
    })
}

/// Serves on a thread of its own.
fn started<F, S>(listener: TcpListener, serve: S) -> io::Result<Recording>
where
    S: FnOnce(TcpListener, String, oneshot::Receiver<()>) -> F + Send + 'static,
    F: Future<Output = ()>,
{
    listener.set_nonblocking(true)?;
    let url = base_url(listener.local_addr()?);
    let told = url.clone();
    let thread = Thread::start("zoho-recording", move |stopped| serve(listener, told, stopped))?;
    Ok(Recording { url, _thread: thread })
}

/// Serves until it is stopped.
async fn serve(listener: TcpListener, app: Router, stopped: oneshot::Receiver<()>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    tokio::select! {
        _ = axum::serve(listener, app) => {}
        _ = stopped => {}
    }
}

/// The call that came in, or the answer to one that is not served.
async fn call_of(incoming: Incoming) -> Result<Call, Response> {
    let (mut parts, body) = incoming.into_parts();
    visitor::judge(&mut parts, true).map_err(respond)?;
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return Err(refusal(413, "the body is too long"));
    };
    Ok(Call {
        method: parts.method,
        uri: parts.uri,
        headers: parts.headers,
        body,
    })
}

fn refusal(status: u16, error: &str) -> Response {
    respond(Reply::json(status, &json!({ "error": error })))
}

impl Asked {
    /// The call as it came; of a call to the accounts server only what it wants, for all else in it is secret.
    fn new(method: &str, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Self {
        let mut query: Vec<(String, String)> = match uri.query() {
            Some(query) => url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
            None => Vec::new(),
        };
        let mut body = match serde_json::from_slice(body) {
            Ok(json) => json,
            Err(_) if body.is_empty() => Value::Null,
            Err(_) => json!(text_of(headers, "content-type").map_or("", kind_of)),
        };
        if Product::of(uri.path()) == Product::Accounts {
            query.clear();
            body = Value::Null;
        }
        query.sort();
        Asked {
            method: method.to_owned(),
            path: uri.path().to_owned(),
            query,
            org: text_of(headers, "orgid").map(str::to_owned),
            body,
        }
    }

    fn of(call: &Call) -> Self {
        Asked::new(call.method.as_str(), &call.uri, &call.headers, &call.body)
    }

    /// Without its person.
    fn disguised(&self, shaper: &mut Shaper) -> Self {
        let query = self.query.iter();
        let mut query: Vec<(String, String)> = query
            .map(|(name, value)| (name.clone(), shaper.parameter(name, value)))
            .collect();
        query.sort();
        Asked {
            method: self.method.clone(),
            path: shaper.path(&self.path),
            query,
            org: self.org.clone(),
            body: shaper.body(&self.path, &self.body),
        }
    }
}

fn text_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// `multipart/form-data` of a header that also tells the boundary.
fn kind_of(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}
