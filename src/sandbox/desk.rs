//! Zoho Desk v1: a synchronous function from requests to replies over the state of two organizations.

use jiff::Timestamp;

use super::Options;
use super::http::{Grant, Reply, Request};

mod announce;
mod call;
mod checks;
mod clauses;
mod derived;
mod differences;
mod filters;
mod handlers;
mod heard;
mod hooks;
mod modules;
mod multipart;
mod org;
mod paging;
mod refusal;
mod render;
pub mod routes;
mod search;
mod seed;
mod times;

pub(crate) use announce::Told;
use call::Call;
pub(crate) use hooks::Proof;
use modules::{Row, text};
use org::Org;
use refusal::Refusal;
use routes::{Found, Route};

/// Desk with its organizations.
#[derive(Clone)]
pub struct Desk {
    orgs: Vec<Org>,
    organizations: Vec<Row>,
    from_base: u8,
    /// What webhooks are to be told of.
    told: Vec<Told>,
}

impl Desk {
    /// Desk as the seed makes it at a moment; tickets take no memory until somebody changes them.
    pub fn new(options: &Options, now: Timestamp) -> Self {
        Desk {
            orgs: (0..2).map(|which| Org::new(which, options, now)).collect(),
            organizations: (0..2).map(seed::staff::organization).collect(),
            from_base: options.from_base,
            told: Vec::new(),
        }
    }

    /// Id and name of every organization; the first is the default one.
    pub fn organizations(&self) -> Vec<(String, String)> {
        self.organizations
            .iter()
            .map(|row| (text(row, "id").to_owned(), text(row, "companyName").to_owned()))
            .collect()
    }

    /// Answers one request; its segments are those after `/api/v1`.
    pub fn handle(&mut self, request: &Request) -> Reply {
        let (route, path) = match routes::find(&request.method, &request.path()) {
            Found::Route(route, path) => (route, path),
            Found::OtherMethod => return Refusal::method_not_allowed().into(),
            Found::BadId => return Refusal::not_found().into(),
            Found::Nothing => return Reply::from(Refusal::not_found()).unserved(),
        };
        let grant = match authenticate(request) {
            Ok(grant) => grant,
            Err(refusal) => return refusal.into(),
        };
        let reply = self
            .answer(route, path, grant, request)
            .unwrap_or_else(Reply::from);
        reply
            .with("x-rate-limit-request-weight-v3", route.credits.to_string())
            .with(
                "cache-control",
                "private,no-cache,no-store,max-age=0,must-revalidate",
            )
    }

    fn answer(
        &mut self,
        route: &'static Route,
        path: Vec<String>,
        grant: &Grant,
        request: &Request,
    ) -> call::Answer {
        if !is_granted(route, grant) {
            return Err(Refusal::scope_mismatch());
        }
        let which = self.organization_of(route, request)?;
        checks::query(route, request)?;
        let body = checks::body(route, request)?;
        let handler = handlers::by_name(&route.handler);
        let (org, organizations) = (&mut self.orgs[which], &mut self.organizations);
        if route.method != "GET" {
            org.lists.clear();
        }
        let key = is_lasting(route, request).then(|| list_key(request));
        if let Some(list) = key.as_ref().and_then(|key| org.lists.get(key)) {
            return Ok(list.clone());
        }
        let from_base = self.from_base;
        let before = (route.method != "GET").then(|| org.as_heard()).flatten();
        let answer = handler(&mut Call {
            org: &mut *org,
            organizations,
            request,
            route,
            path,
            body,
            from_base,
        })?;
        if let Some(before) = before {
            let source = request.header("sourceId");
            self.told
                .extend(announce::told(&before, org, source, request.now));
        }
        if let Some(key) = key {
            org.keep_list(key, &answer);
        }
        Ok(answer)
    }

    fn organization_of(&self, route: &Route, request: &Request) -> Result<usize, Refusal> {
        let sent = request.header("orgId").or_else(|| request.query("orgId"));
        let Some(sent) = sent.filter(|_| !route.handler.starts_with("organizations.")) else {
            return Ok(0);
        };
        self.orgs
            .iter()
            .position(|org| org.id == sent.trim())
            .ok_or_else(Refusal::wrong_organization)
    }
}

/// True for a list that is the same until the next write, whatever the time.
fn is_lasting(route: &Route, request: &Request) -> bool {
    let by_clock = ["receivedInDays", "dueDate", "closedTime", "startTime", "filters"];
    route.handler == "records.list" && by_clock.iter().all(|name| request.query(name).is_none())
}

fn list_key(request: &Request) -> String {
    let query = request
        .query
        .iter()
        .map(|(name, value)| format!("\n{name}\n{value}"));
    request.segments.join("/") + &query.collect::<String>()
}

fn authenticate(request: &Request) -> Result<&Grant, Refusal> {
    if let Some(grant) = &request.grant {
        return Ok(grant);
    }
    let header = request.header("authorization").unwrap_or_default().to_lowercase();
    let is_token = ["zoho-oauthtoken ", "bearer "]
        .iter()
        .any(|scheme| header.starts_with(scheme));
    Err(if is_token {
        Refusal::invalid_token()
    } else {
        Refusal::unauthorized()
    })
}

/// One of the scopes is enough, but searches need `Desk.search.READ` as well.
fn is_granted(route: &Route, grant: &Grant) -> bool {
    let has = |scope: &str| grant.scopes.iter().any(|granted| covers(granted, scope));
    let (search, own): (Vec<&String>, Vec<&String>) = route
        .scopes
        .iter()
        .partition(|scope| *scope == "Desk.search.READ");
    (own.is_empty() || own.iter().any(|scope| has(scope))) && search.iter().all(|scope| has(scope))
}

/// True when a granted scope, `ALL` and wider areas included, covers the one that is needed.
fn covers(granted: &str, needed: &str) -> bool {
    let (granted, needed) = (granted.to_lowercase(), needed.to_lowercase());
    let (Some((area, action)), Some((needed_area, needed_action))) =
        (granted.rsplit_once('.'), needed.rsplit_once('.'))
    else {
        return false;
    };
    let area_fits = needed_area == area
        || needed_area
            .strip_prefix(area)
            .is_some_and(|rest| rest.starts_with('.') && area != "desk");
    area_fits && (action == "all" || action == needed_action)
}
