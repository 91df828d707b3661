//! Zoho Desk v1: a synchronous function from requests to replies over the state of two organizations.

use jiff::Timestamp;

use super::Options;
use super::http::{Grant, Reply, Request};
use super::people::Identity;

mod call;
mod checks;
mod clauses;
mod differences;
mod filters;
mod handlers;
mod heard;
mod modules;
mod multipart;
mod org;
mod paging;
mod refusal;
mod render;
mod rights;
pub mod routes;
mod search;
mod seed;
mod sight;
mod times;

use call::Call;
use modules::{Row, text};
use org::Org;
use refusal::Refusal;
use routes::{Found, Route};
use sight::Sight;

/// Desk with its organizations.
#[derive(Clone)]
pub struct Desk {
    orgs: Vec<Org>,
    organizations: Vec<Row>,
    from_base: u8,
}

impl Desk {
    /// Desk as the seed makes it at a moment; tickets take no memory until somebody changes them.
    pub fn new(options: &Options, now: Timestamp) -> Self {
        Desk {
            orgs: (0..2).map(|which| Org::new(which, options, now)).collect(),
            organizations: (0..2).map(seed::staff::organization).collect(),
            from_base: options.from_base,
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
        let which = self.organization_of(route, request, grant.person)?;
        let org = &self.orgs[which];
        let sight = grant.person.desk[which].map(|agent| rights::of(org, agent));
        let mut sight = sight.transpose()?.unwrap_or_else(Sight::nobody);
        sight.permits(route, request)?;
        checks::query(route, request)?;
        let body = checks::body(route, request)?;
        rights::reaches(&sight, org, route, &path, &body, request)?;
        self.orgs[which].sight = sight;
        let answer = self.carry_out(which, route, path, body, request);
        self.orgs[which].sight = Sight::default();
        answer
    }

    fn carry_out(
        &mut self,
        which: usize,
        route: &'static Route,
        path: Vec<String>,
        body: Row,
        request: &Request,
    ) -> call::Answer {
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
        let answer = handler(&mut Call {
            org,
            organizations,
            request,
            route,
            path,
            body,
            from_base,
        })?;
        if let Some(key) = key {
            org.keep_list(key, &answer);
        }
        Ok(answer)
    }

    /// The organization that the call names, or the first that the person is an agent of. (Assumed: what somebody is told
    /// who is an agent of none.)
    fn organization_of(&self, route: &Route, request: &Request, person: &Identity) -> Result<usize, Refusal> {
        let own = person.desk.iter().position(Option::is_some);
        if route.handler.starts_with("organizations.") {
            return Ok(own.unwrap_or(0));
        }
        let Some(sent) = request.header("orgId").or_else(|| request.query("orgId")) else {
            return own.ok_or_else(Refusal::forbidden);
        };
        let named = self.orgs.iter().position(|org| org.id == sent.trim());
        named
            .filter(|which| person.desk[*which].is_some())
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
    let person = request
        .grant
        .as_ref()
        .map_or("", |grant| grant.person.id.as_str());
    format!("{person}\n{}", request.segments.join("/")) + &query.collect::<String>()
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
