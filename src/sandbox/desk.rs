//! Zoho Desk v1: a synchronous function from requests to replies over the state of two organizations.

use std::sync::Arc;

use jiff::Timestamp;

use super::Options;
use super::caller::Caller;
use super::http::{Grant, Reply, Request};
use super::people::Identity;

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
mod lists;
mod modules;
mod org;
mod paging;
mod refusal;
mod relevance;
mod render;
mod rights;
pub mod routes;
mod search;
mod seed;
mod sight;
mod times;

pub(crate) use announce::Told;
use call::Call;
pub(crate) use hooks::Proof;
use lists::Lists;
use modules::{Row, text};
use org::Org;
use refusal::Refusal;
use routes::{Found, Route};
use sight::Sight;

/// Desk with its organizations. A copy costs next to nothing and goes its own way.
#[derive(Clone)]
pub struct Desk {
    orgs: Vec<Org>,
    organizations: Arc<Vec<Row>>,
    from_base: u8,
    /// Lists answered since the last write, of each organization.
    lists: Vec<Lists>,
    /// What webhooks are to be told of.
    told: Vec<Told>,
}

/// A call that has passed the first checks.
struct Asked {
    route: &'static Route,
    path: Vec<String>,
    body: Row,
    /// The place of the organization it is for.
    which: usize,
    /// What whoever calls sees of it.
    sight: Sight,
    /// What its answer is kept under, if it is a list that lasts.
    list: Option<String>,
}

/// A read under way: it looks at Desk as it was when it was asked, and holds nobody up.
pub(crate) struct Reading {
    desk: Desk,
    asked: Asked,
    request: Request,
}

impl Desk {
    /// Desk as the seed makes it at a moment; tickets take no memory until somebody changes them.
    pub fn new(options: &Options, now: Timestamp) -> Self {
        Desk {
            orgs: (0..2).map(|which| Org::new(which, options, now)).collect(),
            organizations: Arc::new((0..2).map(seed::staff::organization).collect()),
            from_base: options.from_base,
            lists: vec![Lists::default(); 2],
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

    /// The same, looking at every ticket for every answer: what answers from an index are measured against.
    #[must_use]
    pub fn without_index(mut self) -> Self {
        self.orgs.iter_mut().for_each(Org::look_at_each);
        self
    }

    /// What reads the tickets of the seed for the index, which else the first who searches waits for; nothing where there
    /// are few.
    pub(crate) fn reading_of_the_seed(&self) -> Option<impl FnOnce() + Send + 'static + use<>> {
        Some(self.orgs.first()?.index()?.reading())
    }

    /// Answers one request; its segments are those after `/api/v1`.
    pub fn handle(&mut self, request: &Request) -> Reply {
        match self.ask(request) {
            Ok(asked) => self.kept(&asked).unwrap_or_else(|| {
                let reply = self.carry_out(&asked, request);
                self.keep(&asked, &reply);
                reply
            }),
            Err(refused) => refused,
        }
    }

    /// Answers a request at once, or says how to read for it; a write never waits.
    pub(crate) fn begin(&mut self, request: Request, caller: &Caller) -> Result<Reply, Box<Reading>> {
        let asked = match self.ask(&request) {
            Ok(asked) => asked,
            Err(refused) => return Ok(refused),
        };
        if asked.route.is_write() {
            return Ok(self.carry_out(&asked, &request));
        }
        if let Some(list) = self.kept(&asked) {
            return Ok(list);
        }
        let mut desk = Desk {
            lists: self.lists.iter().map(Lists::without_any).collect(),
            ..self.clone()
        };
        desk.orgs.iter_mut().for_each(|org| org.caller = caller.clone());
        Err(Box::new(Reading { desk, asked, request }))
    }

    /// Keeps what a reading has found, unless somebody has written since it began.
    pub(crate) fn end(&mut self, reading: &Reading, reply: &Reply) {
        let which = reading.asked.which;
        if self.lists[which].is_of_the_same_time(&reading.desk.lists[which]) {
            self.keep(&reading.asked, reply);
        }
    }

    fn ask(&self, request: &Request) -> Result<Asked, Reply> {
        let (route, path) = match routes::find(&request.method, &request.path()) {
            Found::Route(route, path) => (route, path),
            Found::OtherMethod => return Err(Refusal::method_not_allowed().into()),
            Found::BadId => return Err(Refusal::not_found().into()),
            Found::Nothing => return Err(Reply::from(Refusal::not_found()).unserved()),
        };
        let grant = authenticate(request).map_err(Reply::from)?;
        let checked = || {
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
            Ok((which, body, sight))
        };
        let (which, body, sight) = checked().map_err(|refusal| of_route(route, refusal.into()))?;
        Ok(Asked {
            route,
            path,
            body,
            which,
            sight,
            list: lists::key(route, request, grant.person),
        })
    }

    fn carry_out(&mut self, asked: &Asked, request: &Request) -> Reply {
        let handler = handlers::by_name(&asked.route.handler);
        let is_write = asked.route.is_write();
        if is_write {
            self.lists[asked.which].forget();
        }
        let org = &mut self.orgs[asked.which];
        let before = is_write.then(|| org.as_heard()).flatten();
        org.sight = asked.sight.clone();
        let answer = handler(&mut Call {
            org: &mut *org,
            organizations: &mut self.organizations,
            request,
            route: asked.route,
            path: asked.path.clone(),
            body: asked.body.clone(),
            from_base: self.from_base,
        });
        org.sight = Sight::default();
        if let (Some(before), Ok(_)) = (&before, &answer) {
            let source = request.header("sourceId");
            self.told.extend(announce::told(before, org, source, request.now));
        }
        of_route(asked.route, answer.unwrap_or_else(Reply::from))
    }

    fn kept(&self, asked: &Asked) -> Option<Reply> {
        self.lists[asked.which].get(asked.list.as_ref()?)
    }

    fn keep(&mut self, asked: &Asked, reply: &Reply) {
        if let Some(key) = asked.list.clone().filter(|_| reply.status < 300) {
            self.lists[asked.which].keep(key, reply);
        }
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

impl Reading {
    /// The answer; whatever, when the caller is gone.
    pub(crate) fn answer(&mut self) -> Reply {
        self.desk.carry_out(&self.asked, &self.request)
    }
}

/// An answer with what those of its operation carry.
fn of_route(route: &Route, reply: Reply) -> Reply {
    reply
        .with("x-rate-limit-request-weight-v3", route.credits.to_string())
        .with(
            "cache-control",
            "private,no-cache,no-store,max-age=0,must-revalidate",
        )
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
    let (search, own): (Vec<&String>, Vec<&String>) = route
        .scopes
        .iter()
        .partition(|scope| *scope == "Desk.search.READ");
    (own.is_empty() || own.iter().any(|scope| grant.covers(scope)))
        && search.iter().all(|scope| grant.covers(scope))
}
