//! Where a consent comes back to: one page on this machine, which says done or what went wrong.

use std::fmt::Display;
use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::any;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::tools::Coming;
use crate::tools::landing::{Callback, Judge, Judged, Landing, Reason, Returning};

/// The port of the redirect URI when none is named: Zoho wants the URI exactly as it was registered.
pub const PORT: u16 = 8976;

/// How long a browser may take to fetch the last page.
const LAST_PAGE: Duration = Duration::from_secs(2);

const PAGE: &str = include_str!("consent/page.html");

const HEADERS: [(HeaderName, &str); 4] = [
    (CACHE_CONTROL, "no-store"),
    (REFERRER_POLICY, "no-referrer"),
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'",
    ),
    (CONNECTION, "close"),
];

/// What a browser is shown. No page that says that Zoho is not connected has the status of a success.
type Page = Response;

type Arrival = (Callback, oneshot::Sender<Page>);

/// The loopback address of this machine, where a page is ready as long as one consent takes.
#[derive(Debug)]
pub(super) struct Loopback {
    port: u16,
}

impl Loopback {
    /// At this port; port 0 takes a free one each time.
    pub(super) fn new(port: u16) -> Self {
        Loopback { port }
    }
}

impl Landing for Loopback {
    fn open(&self) -> Coming<'_, Result<Box<dyn Returning>, Reason>> {
        Box::pin(async {
            let port = self.port;
            match ReturnPage::listen(port).await {
                Ok(page) => Ok(Box::new(page) as Box<dyn Returning>),
                Err(error) => {
                    tracing::warn!(port, %error, "no consent can be offered: its port cannot be listened on");
                    Err(occupied(port, &error).into())
                }
            }
        })
    }
}

/// Why no consent can come back, and what a person can do: Zoho takes no other address than the one registered.
fn occupied(port: u16, error: &io::Error) -> String {
    format!(
        "No consent can be given now: port {port} of this machine, which Zoho sends the browser back to, cannot be listened \
         on ({error}). Ask the user to finish the consent that waits on it, or to wait until it ends (10 minutes at most), \
         then call again; or to start this server with another port (--callback-port), registered with Zoho as \
         http://127.0.0.1:PORT/callback."
    )
}

impl Returning for ReturnPage {
    fn redirect_uri(&self) -> String {
        ReturnPage::redirect_uri(self)
    }

    fn answered(self: Box<Self>, judge: Judge) -> Coming<'static, Result<(), Reason>> {
        Box::pin(ReturnPage::await_callback(*self, judge))
    }
}

/// A listener on this machine that waits for a browser to come back from Zoho.
#[derive(Debug)]
pub struct ReturnPage {
    listener: TcpListener,
    port: u16,
    /// The name of a page of ours, and where it leads whoever comes first.
    lead: Option<(String, Url)>,
}

impl ReturnPage {
    /// Listens on the loopback address; port 0 takes a free one.
    ///
    /// # Errors
    /// The port is taken.
    pub async fn listen(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let port = listener.local_addr()?.port();
        let lead = None;
        Ok(ReturnPage { listener, port, lead })
    }

    /// The redirect URI, to be registered with Zoho in exactly this form.
    pub fn redirect_uri(&self) -> String {
        Self::uri_at(self.port)
    }

    /// That of a port, also where nothing can listen on it.
    pub fn uri_at(port: u16) -> String {
        format!("http://127.0.0.1:{port}/callback")
    }

    /// An address on this machine that leads to a page, once and under this name: what a browser is started with can be
    /// read by everybody here, and the page itself may hold a state. Whoever comes second is told so.
    pub fn lead_to(&mut self, page: &Url, name: &str) -> String {
        self.lead = Some((format!("/{name}"), page.clone()));
        format!("http://127.0.0.1:{}/{name}", self.port)
    }

    /// Waits for the callback that `judge` says is awaited. The browser is shown what each came to.
    ///
    /// # Errors
    /// What `judge` says, or nothing more can come in.
    pub async fn await_callback<T, E: Display + From<io::Error>, F: Future<Output = Judged<T, E>>>(
        self,
        mut judge: impl FnMut(Callback) -> F,
    ) -> Result<T, E> {
        let (sender, mut arrivals) = mpsc::channel::<Arrival>(1);
        let (stop, stopped) = (CancellationToken::new(), CancellationToken::new());
        let mut pages = Router::new().route("/callback", any(arrive)).with_state(sender);
        if let Some((name, page)) = self.lead {
            let page = Arc::new(Mutex::new(Some(page)));
            pages = pages.route(&name, any(lead).with_state(page));
        }
        let serving = axum::serve(self.listener, pages).with_graceful_shutdown({
            let stop = stop.clone();
            async move { stop.cancelled().await }
        });
        let judging = async {
            while let Some((callback, browser)) = arrivals.recv().await {
                let judged = judge(callback).await;
                let page = match &judged {
                    Judged::Foreign => page(
                        StatusCode::BAD_REQUEST,
                        "This page is not part of the sign-in that is under way. Start again from the program you came from.",
                    ),
                    Judged::Others(Ok(())) | Judged::Awaited(Ok(_)) => page(
                        StatusCode::OK,
                        "You can close this page and go back to where you came from.",
                    ),
                    Judged::Others(Err(error)) | Judged::Awaited(Err(error)) => {
                        page(StatusCode::BAD_REQUEST, &with_next(&error.to_string()))
                    }
                };
                let _ = browser.send(page);
                if let Judged::Awaited(outcome) = judged {
                    stop.cancel();
                    let _ = tokio::time::timeout(LAST_PAGE, stopped.cancelled()).await;
                    return outcome;
                }
            }
            Err(E::from(io::ErrorKind::BrokenPipe.into()))
        };
        let serving = async {
            let ended = serving.await;
            stopped.cancel();
            if let Err(error) = ended {
                tracing::debug!(%error, "the page a consent returns to ended");
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            outcome = judging => outcome,
            () = serving => Err(E::from(io::ErrorKind::BrokenPipe.into())),
        }
    }
}

/// A code works once: only a browser that really opens the page of this machine may bring it, not a program that looks
/// ahead with HEAD, no page of another name for this address, and none of another origin. What the others are told.
fn refused(request: &Request) -> Option<Page> {
    if *request.method() != Method::GET {
        let page = page(StatusCode::METHOD_NOT_ALLOWED, "This page is opened, with GET.");
        return Some(([(ALLOW, "GET")], page).into_response());
    }
    let is_visit = is_here(request) && !is_of_another_origin(request.headers());
    (!is_visit).then(not_here)
}

/// Where the target names a host, that one counts (RFC 9112, 3.2.2).
fn is_here(request: &Request) -> bool {
    let mut hosts = request.headers().get_all(HOST).iter();
    let host = match (
        request.uri().authority(),
        hosts.next().map(HeaderValue::to_str),
        hosts.next(),
    ) {
        (Some(target), _, _) => target.as_str(),
        (None, Some(Ok(host)), None) => host,
        _ => return false,
    };
    let (name, port) = host.rsplit_once(':').unwrap_or((host, ""));
    ["127.0.0.1", "localhost"].contains(&name) && port.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a page of another origin fetches this one. Where a form has led to here, some browsers name its origin still.
fn is_of_another_origin(headers: &HeaderMap) -> bool {
    let mode = headers.get("sec-fetch-mode").map(HeaderValue::as_bytes);
    let origin = headers.get(ORIGIN).is_some_and(|origin| origin != "null");
    mode.map_or(origin, |mode| mode != b"navigate")
}

async fn arrive(State(sender): State<mpsc::Sender<Arrival>>, request: Request) -> Page {
    if let Some(refused) = refused(&request) {
        return refused;
    }
    let query = request.uri().query().unwrap_or_default();
    let callback = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let (browser, shown) = oneshot::channel();
    match sender.send((callback, browser)).await {
        Ok(()) => shown.await.unwrap_or_else(|_| over()),
        Err(_) => over(),
    }
}

/// Leads the first visit on. Another web page that tries addresses is no visit of a person.
async fn lead(State(page): State<Arc<Mutex<Option<Url>>>>, request: Request) -> Page {
    let site = request.headers().get("sec-fetch-site");
    let is_own = site.is_none_or(|site| site == "none" || site == "same-origin");
    if let Some(refused) = refused(&request) {
        return refused;
    }
    if !is_own {
        return not_here();
    }
    let page = page.lock().unwrap_or_else(PoisonError::into_inner).take();
    match page {
        Some(page) => (HEADERS, Redirect::to(page.as_str())).into_response(),
        None => used(),
    }
}

/// For what is no visit.
fn not_here() -> Page {
    page(
        StatusCode::FORBIDDEN,
        "This page opens only in a browser on this machine, at the address that the sign-in leads back to.",
    )
}

fn used() -> Page {
    page(
        StatusCode::GONE,
        "This address works once and was opened before. If that was not you, stop the sign-in and start again.",
    )
}

fn over() -> Page {
    page(
        StatusCode::GONE,
        "This sign-in is over. Start again from the program you came from.",
    )
}

/// What went wrong, and below it what comes next, where the failure does not say that itself.
fn with_next(failure: &str) -> String {
    let told = failure.split_once("\nnext:");
    let (said, next) = told.unwrap_or((failure, "Start again from the program you came from."));
    format!("{said}\n\nNext: {}", next.trim_start())
}

fn page(status: StatusCode, text: &str) -> Page {
    let (class, title) = if status.is_success() {
        ("done", "Zoho is connected")
    } else {
        ("failed", "Zoho is not connected")
    };
    let page = PAGE.replace("{{class}}", class).replace("{{title}}", title);
    (status, HEADERS, Html(page.replace("{{text}}", &escaped(text)))).into_response()
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            other => safe.push(other),
        }
    }
    safe
}
