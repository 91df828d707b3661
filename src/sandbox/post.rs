//! Letters that leave this process: requests that Zoho sends by itself, to addresses that its clients named. They go to
//! programs of this machine and nowhere else, whatever a client names, and never by TLS.

use std::time::Duration;

use ::http::{Method, Request};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use url::{Host, Url};

pub(crate) mod seal;

/// How long an address may take. Desk's Webhook Document says 5 seconds in one stored form and 10 in another.
const PATIENCE: Duration = Duration::from_secs(5);

/// Bytes of an answer that are read before it is dropped.
const READ: usize = 64 << 10;

/// The header by which the sandbox knows its own letters: it takes none.
pub(crate) const MARK: &str = "x-zoho-sandbox-letter";

/// Why nothing is sent to an address; nothing for one that is written to.
pub(crate) fn held_back(address: &str) -> Option<&'static str> {
    let Ok(url) = Url::parse(address) else {
        return Some("no address");
    };
    match (is_of_this_machine(&url), url.scheme()) {
        (false, _) => Some("no address of this machine"),
        (true, "http") => None,
        (true, _) => Some("no http"),
    }
}

/// Whether an address names this machine, in numbers or as `localhost`.
pub(crate) fn is_of_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Sends, and tells the status of the answer, or what went wrong. Redirects are not followed.
pub(crate) async fn send(
    method: Method,
    address: &str,
    headers: &[(&'static str, String)],
    body: String,
) -> Result<u16, String> {
    if let Some(reason) = held_back(address) {
        return Err(reason.to_owned());
    }
    // A path of a URL may hold what a URI may not; `Url` has written it out.
    let uri = Url::parse(address)
        .map_err(|error| error.to_string())?
        .to_string();
    let mut request = Request::builder().method(method).uri(uri).header(MARK, "1");
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let request = request
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| error.to_string())?;
    let client: Client<HttpConnector, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let asked = tokio::time::timeout(PATIENCE, async {
        let answer = client.request(request).await.map_err(|error| error.to_string())?;
        let status = answer.status().as_u16();
        let mut body = answer.into_body();
        let mut read = 0;
        while let Some(Ok(frame)) = body.frame().await {
            read += frame.data_ref().map_or(0, Bytes::len);
            if read > READ {
                break;
            }
        }
        Ok::<u16, String>(status)
    });
    asked
        .await
        .unwrap_or_else(|_| Err("no answer in 5 seconds".to_owned()))
}

/// Whether an address takes letters: it answers 200 to GET, or else to POST.
pub(crate) async fn is_there(address: &str) -> bool {
    if send(Method::GET, address, &[], String::new()).await == Ok(200) {
        return true;
    }
    let json = [("content-type", "application/json".to_owned())];
    send(Method::POST, address, &json, "[]".to_owned()).await == Ok(200)
}
