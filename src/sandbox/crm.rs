//! Zoho CRM v8 in memory: modules are data, records are JSON maps, every answer is a function of the request and
//! the state. No I/O and no clock but the request's.

mod answer;
mod attachments;
mod blueprint;
mod bulk;
mod call;
mod change;
mod check;
mod company;
mod composite;
mod contact_roles;
mod convert;
pub(crate) mod coql;
pub(crate) mod criteria;
mod currencies;
mod delete;
mod derive;
mod differences;
mod filter;
mod jobs;
mod layouts;
mod mail;
mod mass;
mod notes;
mod notify;
mod paging;
mod permitted;
mod query;
mod records;
mod related;
mod relations;
mod restore;
mod rich_text;
mod routes;
mod schema;
mod scope;
mod search;
mod seeds;
mod settings;
mod setup;
mod share;
mod staff;
mod stages;
mod state;
mod tags;
mod territories;
mod time;
mod timeline;
mod uploads;
mod upsert;
mod users;
mod version;
mod view;
mod views;
mod watch;
mod write;

pub use call::Route;
use jiff::Timestamp;
pub use routes::ROUTES;
pub(super) use state::Ceilings;
pub use state::{Crm, ORG_ID, ZGID};

use super::Options;
use super::http::{Reply, Request};

/// Whether a served path begins so behind `/crm/`; `fits` compares it with the pattern of a route. `of_any_name` says that it
/// may name modules and records that are not there.
pub(super) fn leads_somewhere(prefix: &str, of_any_name: bool, fits: impl Fn(&str, &str) -> bool) -> bool {
    let (bulk, rest) = match prefix.strip_prefix("bulk/") {
        Some(rest) => ("bulk/", rest),
        None => ("", prefix),
    };
    let Some((version, inside)) = rest.split_once('/') else {
        return version::begins(rest) || "bulk".starts_with(prefix);
    };
    let inside = format!("{bulk}{inside}");
    version::named(version).is_some()
        && ROUTES.iter().any(|route| {
            fits(&inside, route.path) && (of_any_name || names_what_is_there(&inside, route.path))
        })
}

/// Whether what stands in the places of a module, of a record's id and of one of its lists can be one.
fn names_what_is_there(inside: &str, pattern: &str) -> bool {
    let mut segments = inside.split('/').zip(pattern.split('/')).peekable();
    while let Some((segment, part)) = segments.next() {
        let is_last = segments.peek().is_none();
        let is = |name: &str| name == segment || is_last && name.starts_with(segment);
        let mut modules = schema::modules().iter();
        let fits = match part {
            "{module}" => modules.any(|module| is(&module.api_name)),
            "{id}" | "{lead}" | "{deal}" => segment.bytes().all(|byte| byte.is_ascii_digit()),
            "{list}" => modules.any(|module| module.related.iter().any(|list| is(&list.api_name))),
            _ => true,
        };
        if !fits {
            return false;
        }
    }
    true
}

impl Crm {
    /// An organization as the seed makes it at a moment; modules are filled when they are first asked for.
    pub fn new(options: &Options, now: Timestamp) -> Self {
        Crm::seeded(options.seed, now)
    }

    /// Answers one request; `segments` are those after `/crm`.
    pub fn handle(&mut self, request: &Request) -> Reply {
        self.now = request.now;
        routes::dispatch(self, request)
    }
}
