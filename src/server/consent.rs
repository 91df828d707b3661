//! Where a consent comes back to: one page on this machine, which says done or what went wrong.

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::HeaderName;
use axum::response::Html;
use axum::routing::get;
use std::fmt::Display;
use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

/// The port of the redirect URI when none is named: Zoho wants the URI exactly as it was registered.
pub const PORT: u16 = 8976;

/// How long a browser may take to fetch the last page.
const LAST_PAGE: Duration = Duration::from_secs(2);

const PAGE: &str = include_str!("consent/page.html");

/// The parameters a browser came back with, decoded.
pub type Callback = Vec<(String, String)>;

type Arrival = (Callback, oneshot::Sender<Html<String>>);

/// What a callback is to the one who waits.
#[derive(Debug)]
pub enum Judged<T, E> {
    /// It belongs to no sign-in that is under way, is told so and not counted.
    Foreign,
    /// It ended a sign-in that others wait for.
    Others(Result<(), E>),
    /// It ends the wait.
    Awaited(Result<T, E>),
}

/// A listener on this machine that waits for a browser to come back from Zoho.
#[derive(Debug)]
pub struct ReturnPage {
    listener: TcpListener,
    port: u16,
}

impl ReturnPage {
    /// Listens on the loopback address; port 0 takes a free one.
    ///
    /// # Errors
    /// The port is taken.
    pub async fn listen(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let port = listener.local_addr()?.port();
        Ok(ReturnPage { listener, port })
    }

    /// The redirect URI, to be registered with Zoho in exactly this form.
    pub fn redirect_uri(&self) -> String {
        format!("http://127.0.0.1:{}/callback", self.port)
    }

    /// Waits for the callback that `judge` says is awaited. The browser is shown what each came to.
    ///
    /// # Errors
    /// What `judge` says, or nothing more can come in.
    pub async fn answered<T, E: Display + From<io::Error>, F: Future<Output = Judged<T, E>>>(
        self,
        mut judge: impl FnMut(Callback) -> F,
    ) -> Result<T, E> {
        let (sender, mut arrivals) = mpsc::channel::<Arrival>(1);
        let (stop, stopped) = (CancellationToken::new(), CancellationToken::new());
        let pages = Router::new().route("/callback", get(arrive)).with_state(sender);
        let serving = axum::serve(self.listener, pages).with_graceful_shutdown({
            let stop = stop.clone();
            async move { stop.cancelled().await }
        });
        let judging = async {
            while let Some((callback, browser)) = arrivals.recv().await {
                let judged = judge(callback).await;
                let page = match &judged {
                    Judged::Foreign => page(
                        false,
                        "This page is not part of the sign-in that is under way. Start again from the program you came from.",
                    ),
                    Judged::Others(Ok(())) | Judged::Awaited(Ok(_)) => page(
                        true,
                        "You can close this page and go back to where you came from.",
                    ),
                    Judged::Others(Err(error)) | Judged::Awaited(Err(error)) => {
                        page(false, &error.to_string())
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

async fn arrive(
    State(sender): State<mpsc::Sender<Arrival>>,
    RawQuery(query): RawQuery,
) -> ([(HeaderName, &'static str); 4], Html<String>) {
    let callback = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .into_owned()
        .collect();
    let (browser, shown) = oneshot::channel();
    let page = match sender.send((callback, browser)).await {
        Ok(()) => shown.await.unwrap_or_else(|_| over()),
        Err(_) => over(),
    };
    let headers = [
        (axum::http::header::CACHE_CONTROL, "no-store"),
        (axum::http::header::REFERRER_POLICY, "no-referrer"),
        (
            axum::http::header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'",
        ),
        (axum::http::header::CONNECTION, "close"),
    ];
    (headers, page)
}

fn over() -> Html<String> {
    page(
        false,
        "This sign-in is over. Start again from the program you came from.",
    )
}

fn page(done: bool, text: &str) -> Html<String> {
    let (class, title) = if done {
        ("done", "Zoho is connected")
    } else {
        ("failed", "Zoho is not connected")
    };
    let page = PAGE.replace("{{class}}", class).replace("{{title}}", title);
    Html(page.replace("{{text}}", &escaped(text)))
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
