//! One request out and one answer in, bounded in time and bytes; no redirect is followed.

use std::pin::pin;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, DATE, HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, redirect};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use url::Url;

use super::host::is_loopback;
use super::tally;

/// How long a file may take to come; a stall ends it sooner.
const LONGEST_TRANSFER: Duration = Duration::from_secs(600);

/// Longer texts in place of a file are no refusals.
const SHORT: usize = 8 << 10;

/// How long and how much a call may take.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Until the connection stands.
    pub connect: Duration,
    /// Between two pieces of an answer.
    pub read_idle: Duration,
    /// For one request from start to end; repeating a read stops here too.
    pub total: Duration,
    /// For one call to the token endpoint.
    pub token: Duration,
    /// For waiting until another process has refreshed the token.
    pub refresh_lock: Duration,
    /// For one answer, in bytes after decompression.
    pub body_bytes: usize,
    /// Calls in flight per organization.
    pub in_flight: usize,
    /// So long a call counts among them: what hangs keeps no other one waiting.
    pub counted: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            read_idle: Duration::from_secs(10),
            total: Duration::from_secs(30),
            token: Duration::from_secs(10),
            refresh_lock: Duration::from_secs(12),
            body_bytes: 10 * 1024 * 1024,
            in_flight: 8,
            counted: Duration::from_secs(2),
        }
    }
}

/// Both HTTP clients, each built when it is first used: reading the certificates of the system takes
/// milliseconds.
pub(super) struct Http {
    limits: Limits,
    outside: OnceLock<Client>,
    loopback: OnceLock<Client>,
}

/// An answer as it came, read to its end.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) retry_after: Option<String>,
    pub(super) credits_remaining: Option<u64>,
    pub(super) location: Option<String>,
    /// When the server answered by its own clock, in epoch seconds.
    pub(super) date: Option<i64>,
    pub(super) body: Bytes,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Broken {
    /// Nothing reached the server.
    NotSent(String),
    /// The connection broke after something may have been sent.
    Cut(String),
    /// No answer in time, after something may have been sent.
    TimedOut(String),
    /// The body went over the limit.
    TooLarge,
    /// What came could not be written down.
    Unwritable(String),
}

/// How a streamed answer ended.
pub(super) enum Streamed {
    /// All of it was handed on.
    Whole { bytes: u64, media_type: Option<String> },
    /// Something short that is not said to be a file, and its media type; nothing was handed on.
    Doubtful(Answer, Option<String>),
    /// It was no success.
    Refused(Answer),
}

impl Http {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            outside: OnceLock::new(),
            loopback: OnceLock::new(),
        }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The client for a server: the proxies and certificates of the system count, but not for this machine
    /// itself.
    pub(super) fn client(&self, url: &Url) -> Result<&Client, Broken> {
        let cell = if is_loopback(url) {
            &self.loopback
        } else {
            &self.outside
        };
        if let Some(client) = cell.get() {
            return Ok(client);
        }
        // Another part of the program may have named one before; then that one counts.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder()
            .user_agent(concat!("zoho-mcp/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .connect_timeout(self.limits.connect)
            .timeout(self.limits.total)
            .pool_max_idle_per_host(self.limits.in_flight)
            .referer(false);
        let builder = if is_loopback(url) {
            builder.no_proxy().http1_only().tls_certs_only([])
        } else {
            builder.https_only(true)
        };
        let client = builder
            .build()
            .map_err(|error| Broken::NotSent(describe(error)))?;
        Ok(cell.get_or_init(|| client))
    }

    /// Sends a request and hands its answer on piece by piece, at most `most` bytes; an answer that is no success is
    /// read whole instead.
    pub(super) async fn stream(
        &self,
        request: RequestBuilder,
        most: u64,
        sink: &mut (dyn AsyncWrite + Send + Unpin),
    ) -> Result<Streamed, Broken> {
        let mut response = self.head(request.timeout(LONGEST_TRANSFER)).await?;
        if !response.status().is_success() {
            return Ok(Streamed::Refused(self.read(response).await?));
        }
        let media_type = text(response.headers(), CONTENT_TYPE.as_str());
        // A refusal may be called anything, application/octet-stream too.
        let is_a_file = response.headers().contains_key(CONTENT_DISPOSITION);
        let mut begun = Vec::new();
        while !is_a_file && begun.len() <= SHORT {
            match self.piece(&mut response).await? {
                Some(chunk) => begun.extend_from_slice(&chunk),
                None => {
                    let body = Bytes::from(begun);
                    return Ok(Streamed::Doubtful(
                        Answer {
                            body,
                            ..beginning(&response)
                        },
                        media_type,
                    ));
                }
            }
        }
        let mut bytes = begun.len() as u64;
        if bytes > most {
            return Err(Broken::TooLarge);
        }
        let written = sink.write_all(&begun).await;
        written.map_err(|error| Broken::Unwritable(error.to_string()))?;
        while let Some(chunk) = self.piece(&mut response).await? {
            bytes += chunk.len() as u64;
            if bytes > most {
                return Err(Broken::TooLarge);
            }
            let written = sink.write_all(&chunk).await;
            written.map_err(|error| Broken::Unwritable(error.to_string()))?;
        }
        sink.flush()
            .await
            .map_err(|error| Broken::Unwritable(error.to_string()))?;
        Ok(Streamed::Whole { bytes, media_type })
    }

    /// Sends a request and reads its answer, at most `body_bytes` of it.
    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Answer, Broken> {
        self.read(self.head(request).await?).await
    }

    /// The same for what is given once: it has `limit` while this process runs, and one that was stopped takes what has come
    /// meanwhile.
    pub(super) async fn send_once(&self, request: RequestBuilder, limit: Duration) -> Result<Answer, Broken> {
        in_time(limit, self.send(request.timeout(LONGEST_TRANSFER))).await?
    }

    async fn head(&self, request: RequestBuilder) -> Result<Response, Broken> {
        let (client, request) = request.build_split();
        let request = request.map_err(broken)?;
        let (method, url, begun) = (request.method().clone(), request.url().clone(), Instant::now());
        tally::one_more();
        let answer = in_time(self.limits.read_idle, client.execute(request)).await;
        let answer = answer.and_then(|answer| answer.map_err(broken));
        // The path alone: what is behind it may be about a customer.
        tracing::debug!(
            %method,
            host = url.host_str(),
            path = url.path(),
            status = answer.as_ref().ok().map(|answer| answer.status().as_u16()),
            ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            "asked Zoho"
        );
        answer
    }

    async fn piece(&self, response: &mut Response) -> Result<Option<Bytes>, Broken> {
        in_time(self.limits.read_idle, response.chunk())
            .await?
            .map_err(broken)
    }

    async fn read(&self, mut response: Response) -> Result<Answer, Broken> {
        let mut answer = beginning(&response);
        let first = self.piece(&mut response).await?.unwrap_or_default();
        let Some(second) = self.piece(&mut response).await? else {
            answer.body = if first.len() > self.limits.body_bytes {
                return Err(Broken::TooLarge);
            } else {
                first
            };
            return Ok(answer);
        };
        let mut body = BytesMut::with_capacity((first.len() + second.len()) * 2);
        let mut next = Some(second);
        body.extend_from_slice(&first);
        while let Some(chunk) = next {
            if body.len() + chunk.len() > self.limits.body_bytes {
                return Err(Broken::TooLarge);
            }
            body.extend_from_slice(&chunk);
            next = self.piece(&mut response).await?;
        }
        answer.body = body.freeze();
        Ok(answer)
    }
}

/// Waits as long as this process runs, in short steps: however long it was stopped, that took one of them.
async fn in_time<T>(limit: Duration, coming: impl Future<Output = T>) -> Result<T, Broken> {
    const STEP: Duration = Duration::from_millis(250);
    let (mut coming, mut left) = (pin!(coming), limit);
    loop {
        let step = left.min(STEP);
        if let Ok(come) = tokio::time::timeout(step, &mut coming).await {
            return Ok(come);
        }
        left -= step;
        if left.is_zero() {
            return Err(Broken::TimedOut("operation timed out".to_owned()));
        }
    }
}

/// The answer without its body.
fn beginning(response: &Response) -> Answer {
    let headers = response.headers();
    Answer {
        status: response.status().as_u16(),
        retry_after: text(headers, RETRY_AFTER.as_str()),
        credits_remaining: text(headers, "x-rate-limit-remaining-v3")
            .or_else(|| text(headers, "x-api-credits-remaining"))
            .and_then(|credits| credits.parse().ok()),
        location: text(headers, LOCATION.as_str()),
        date: text(headers, DATE.as_str())
            .and_then(|date| Some(jiff::fmt::rfc2822::parse(&date).ok()?.timestamp().as_second())),
        body: Bytes::new(),
    }
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn broken(error: reqwest::Error) -> Broken {
    if error.is_connect() || error.is_builder() {
        Broken::NotSent(describe(error))
    } else if error.is_timeout() {
        Broken::TimedOut(describe(error))
    } else {
        Broken::Cut(describe(error))
    }
}

/// The innermost cause of an error, without the URL, which may hold what a user searched for.
fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
