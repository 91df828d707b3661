//! A Zoho that lives on this machine: accounts server, Desk v1 and CRM v8 behind one address.
//!
//! ```no_run
//! # fn main() -> std::io::Result<()> {
//! let zoho = zoho_sandbox::start(zoho_sandbox::Options::default())?;
//! println!("{} for client {}", zoho.url, zoho.client_id);
//! # Ok(())
//! # }
//! ```
//!
//! [`start`] is all that most programs need; `examples/` has two whole ones. What a test orders and asks beyond Zoho's own
//! routes is below `/__sandbox/`, as the README tells. Without a socket, [`desk::Desk`] and [`crm::Crm`] answer an
//! [`http::Request`] at once. `people` and `dice` make the data, the same for the same seed.
//!
//! Inside:
//!
//! - `door`: the listening socket, and the power to break a connection
//! - `visitor`: who may come in
//! - `service`: one call from arrival to answer
//! - `accounts`: consent, tokens, scopes
//! - `desk`, `crm`: the two products
//! - `admin`: `/__sandbox/`, the door to what a test may do and ask
//! - `world`: everything there is at one moment, and the honest answer to a call
//! - `control`: faults, clock, counters, the record of what came in
//! - `limits`: credits and calls at once
//! - `post`: the letters that webhooks and channels get
//! - `recording`: a real account's answers, written down without its people and served again
//! - `permissions`: what profiles may do and calls need, as data
//! - `thread`, `wire`, `http`, `multipart`, `caller`, `sheet`, `dice`, `people`: what all of them share

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr
)]

use std::{
    fs::File,
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
};

pub use admin::page::{Door, doors};
use jiff::{SignedDuration, Timestamp};
pub use recording::{Recording, record, replay};
use thread::Thread;

mod accounts;
mod admin;
mod caller;
mod control;
pub mod crm;
pub mod desk;
pub mod dice;
mod differences;
mod door;
pub mod http;
mod known;
mod limits;
mod multipart;
pub mod people;
mod permissions;
mod post;
mod recording;
mod scenarios;
mod service;
mod sheet;
mod thread;
mod visitor;
mod wire;
mod world;

/// What a sandbox is made from.
#[derive(Debug, Clone)]
pub struct Options {
    /// Everything generated follows from it: records, credentials, tokens.
    pub seed: u64,
    /// Tickets in the first Desk organization.
    pub tickets: u64,
    /// Also enforces the limits that get in the way of ordinary tests: API credits, concurrency, grant codes.
    pub strict_limits: bool,
    /// What Desk lists call their first row in `from`: 0 or 1.
    pub from_base: u8,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The moment everything seeded leads up to, and at which the clock stands until it is moved; without one the
    /// present, and a clock that runs.
    pub now: Option<Timestamp>,
    /// Where every call is written down as it ends, a JSON line each, secrets masked.
    pub log: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            seed: 1,
            tickets: 500,
            strict_limits: false,
            from_base: 1,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            now: None,
            log: None,
        }
    }
}

/// When the newest seeded record came in: a little before now, so that what followed upon it lies in the past, too.
fn newest(now: Timestamp) -> Timestamp {
    let newest = now.checked_sub(SignedDuration::from_mins(30));
    newest.unwrap_or(now)
}

/// A running sandbox; dropping it stops it.
#[derive(Debug)]
pub struct Sandbox {
    /// Base URL without a slash at the end: accounts server, Desk and CRM host at once.
    pub url: String,
    /// The registered OAuth client; every `http` redirect URI on a loopback host counts as registered for it.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: String,
    /// A refresh token that already holds every scope.
    pub refresh_token: String,
    /// Id and refresh token of everybody who can sign in, the administrator first.
    pub people: Vec<(String, String)>,
    /// Id and name of each Desk organization, in the order Desk lists them.
    pub desk_organizations: Vec<(String, String)>,
    _thread: Thread,
}

/// Starts a sandbox on a thread and runtime of its own. An address that cannot be bound and a log that cannot be opened are the errors to expect.
pub fn start(options: Options) -> io::Result<Sandbox> {
    let listener = TcpListener::bind(options.listen)?;
    listener.set_nonblocking(true)?;
    let log = options
        .log
        .as_ref()
        .map(|path| File::options().create(true).append(true).open(path));
    let log = log.transpose()?;
    let url = base_url(listener.local_addr()?);
    let mut world = world::World::new(options, url.clone());
    world.write_down(log);
    let credentials = world.credentials();
    let people = world.refresh_tokens();
    let desk_organizations = world.desk_organizations();
    let thread = Thread::start("zoho-sandbox", move |stopped| {
        service::serve(listener, world, stopped)
    })?;
    Ok(Sandbox {
        url,
        client_id: credentials.client_id,
        client_secret: credentials.client_secret,
        refresh_token: credentials.refresh_token,
        people,
        desk_organizations,
        _thread: thread,
    })
}

impl Sandbox {
    /// Ends the sandbox, with every connection it holds.
    pub fn stop(self) {
        drop(self);
    }
}

/// An address that stands for every interface is reached by loopback from here.
fn base_url(bound: SocketAddr) -> String {
    if bound.ip().is_unspecified() {
        return format!("http://127.0.0.1:{}", bound.port());
    }
    format!("http://{bound}")
}
