//! A call goes on to the account, and its answer comes back; both are written down.

use std::{
    fs::File,
    io::{self, Write as _},
    net::TcpListener,
    sync::{Arc, Mutex, PoisonError},
};

use ::http::{HeaderMap, HeaderName, header};
use axum::{
    Router,
    body::Body,
    extract::{Request as Incoming, State},
    response::Response,
};
use reqwest::{Client, redirect};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use url::Url;

use super::{Asked, Line, call_of, kind_of, refusal, shape::Shaper, text_of};
use crate::{
    control::Clock,
    post::is_of_this_machine,
    wire::{Call, Product},
};

/// Headers that belong to one connection, or that the next one makes for itself.
const OF_THE_LINE: [HeaderName; 7] = [
    header::HOST,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::ACCEPT_ENCODING,
    header::CONTENT_ENCODING,
    header::UPGRADE,
];

/// The hosts of an account.
pub(super) struct Upstream {
    accounts: Url,
    desk: Url,
    crm: Url,
    client: Client,
}

impl Upstream {
    pub(super) fn new(urls: &[Url]) -> io::Result<Self> {
        let refused = |what: &str| io::Error::new(io::ErrorKind::InvalidInput, what.to_owned());
        let (accounts, desk, crm) = match urls {
            [all] => (all, all, all),
            [accounts, desk, crm] => (accounts, desk, crm),
            _ => {
                return Err(refused(
                    "upstream: expected one address, or those of accounts, Desk and CRM",
                ));
            }
        };
        if urls
            .iter()
            .any(|url| url.scheme() != "https" && !is_of_this_machine(url))
        {
            return Err(refused("upstream: expected https"));
        }
        // Another part of the program may have named one before; then that one counts.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .referer(false);
        Ok(Upstream {
            accounts: accounts.clone(),
            desk: desk.clone(),
            crm: crm.clone(),
            client: client.build().map_err(io::Error::other)?,
        })
    }

    fn of(&self, path: &str) -> &Url {
        match Product::of(path) {
            Product::Accounts => &self.accounts,
            Product::Desk => &self.desk,
            Product::Crm => &self.crm,
        }
    }

    async fn send(&self, call: &Call) -> Result<Answer, reqwest::Error> {
        let mut url = self.of(call.uri.path()).clone();
        url.set_path(call.uri.path());
        url.set_query(call.uri.query());
        let mut headers = call.headers.clone();
        forget_the_line(&mut headers);
        let request = self.client.request(call.method.clone(), url).headers(headers);
        let answer = request.body(call.body.clone()).send().await?;
        let (status, mut headers) = (answer.status().as_u16(), answer.headers().clone());
        forget_the_line(&mut headers);
        Ok(Answer {
            status,
            headers,
            body: answer.bytes().await?,
        })
    }
}

/// What the account said.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: bytes::Bytes,
}

/// The account, the file, and the address that clients know.
struct Recorder {
    upstream: Upstream,
    file: Mutex<(File, Shaper)>,
    url: String,
}

pub(super) async fn serve(
    listener: TcpListener,
    url: String,
    upstream: Upstream,
    file: File,
    stopped: oneshot::Receiver<()>,
) {
    let file = Mutex::new((file, Shaper::default()));
    let recorder = Arc::new(Recorder { upstream, file, url });
    let app = Router::new().fallback(answer).with_state(recorder);
    super::serve(listener, app, stopped).await;
}

async fn answer(State(recorder): State<Arc<Recorder>>, incoming: Incoming) -> Response {
    let call = match call_of(incoming).await {
        Ok(call) => call,
        Err(refusal) => return refusal,
    };
    if call.uri.path().starts_with("/__sandbox/") {
        return refusal(404, "a real account is recorded here; it has no controls");
    }
    let mut answer = match recorder.upstream.send(&call).await {
        Ok(answer) => answer,
        Err(error) => return refusal(502, &format!("the account is not reached: {error}")),
    };
    if let Err(error) = recorder.write(&call, &answer) {
        return refusal(500, &format!("the recording cannot be written: {error}"));
    }
    recorder.lead_back(&mut answer);
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = answer.status.try_into().unwrap();
    *response.headers_mut() = answer.headers;
    response
}

impl Recorder {
    fn write(&self, call: &Call, answer: &Answer) -> io::Result<()> {
        let mut guard = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let (file, shaper) = &mut *guard;
        let content_type = text_of(&answer.headers, "content-type").map(str::to_owned);
        let json = serde_json::from_slice::<Value>(&answer.body).ok();
        let left_out = (json.is_none() && !answer.body.is_empty()).then(|| {
            let kind = content_type.as_deref().map_or("", kind_of);
            format!("{} bytes of {kind}", answer.body.len())
        });
        let line = Line {
            at: Clock::new(None).now().to_string(),
            asked: Asked::of(call).disguised(shaper),
            status: answer.status,
            retry_after: text_of(&answer.headers, "retry-after").map(str::to_owned),
            content_type,
            answer: json.map_or(Value::Null, |json| shaper.body(call.uri.path(), &json)),
            left_out,
        };
        file.write_all(format!("{}\n", serde_json::to_string(&line)?).as_bytes())
    }

    /// A client that is told where the API is would go there, past the recording.
    fn lead_back(&self, answer: &mut Answer) {
        if let Ok(mut json) = serde_json::from_slice::<Value>(&answer.body)
            && json.get("api_domain").is_some()
        {
            json["api_domain"] = json!(self.url);
            answer.body = json.to_string().into();
        }
    }
}

fn forget_the_line(headers: &mut HeaderMap) {
    for name in OF_THE_LINE {
        headers.remove(name);
    }
}
