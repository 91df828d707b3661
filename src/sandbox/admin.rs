//! `/__sandbox/`: what a test or a demo may do to this Zoho, and what it may ask about it.
//!
//! `admin/doors.json` says what each call does, with an example; it is what `GET /__sandbox/` and `GET /` tell.
//! `{"crm_ceilings": {"token": 2200, "search": 400}}` of `admin`: CRM's lists end after 2,200 rows by page and `page_token`
//! (PAGINATION_LIMIT_EXCEEDED; 100,000 on the first day), its searches after 400 (LIMIT_REACHED; 2,000). A page that
//! would reach beyond is refused whole.

use std::time::Duration;

use ::http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    control::{Fault, Latency},
    crm::Ceilings,
    http::Reply,
    limits::Limits,
    scenarios::{self, Scenario},
    wire::Call,
    world::World,
};

pub(super) mod page;
mod paths;

/// Answers a call below `/__sandbox/`; `fork` needs a listener, which `service` has.
pub(super) fn route(world: &mut World, call: &Call) -> Reply {
    world.let_customers_speak();
    let name = name(call);
    let body = match checked(call) {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    if name.is_empty() && call.method == Method::GET {
        return page::described();
    }
    let done = match (name, &call.method) {
        ("admin", &Method::POST) => apply(world, body).map(|()| json!({ "ok": true })),
        ("reset", &Method::POST) => reset(world, &body),
        ("snapshot", &Method::POST) => world.keep(&body),
        ("restore", &Method::POST) => world.restore(&body),
        ("diff", &Method::POST) => world.diff(&body),
        ("load", &Method::POST) => world.load(&body),
        ("customer", &Method::POST) => world.expect(body),
        ("scenarios", &Method::GET) => Ok(scenarios::all().iter().map(Scenario::described).collect()),
        ("scenario", &Method::POST) => world.begin(&body),
        ("score", &Method::POST) => world.score(&body),
        ("stats", &Method::GET) => Ok(stats(world)),
        ("log", &Method::GET) => Ok(world.control.log()),
        ("deliveries", &Method::GET) => Ok(world.deliveries()),
        ("client", &Method::GET) => {
            let known = world.credentials();
            Ok(json!({
                "client_id": known.client_id,
                "client_secret": known.client_secret,
                "refresh_token": known.refresh_token,
                "desk_org_id": world.desk_organizations().first().map(|(id, _)| id.clone())
            }))
        }
        ("people", &Method::GET) => Ok(world.accounts.people()),
        ("clock", &Method::GET) => Ok(world.control.clock.describe()),
        ("clock", &Method::POST) => world
            .control
            .clock
            .change(&body)
            .map(|()| world.control.clock.describe()),
        ("self_client", &Method::POST) => {
            let now = world.control.clock.now();
            world.accounts.self_client_code(&body, now)
        }
        (name, _) if page::is_known(name) => {
            return Reply::json(405, &json!({ "error": "wrong method" }));
        }
        _ => {
            let told = format!("the sandbox has {}", page::names());
            return Reply::json(404, &json!({ "error": told }));
        }
    };
    // The clock may have come to a letter, a customer may have spoken.
    world.collect_mail();
    world.bell.notify_one();
    done.map_or_else(|error| refusal(&error), |value| Reply::json(200, &value))
}

fn name(call: &Call) -> &str {
    call.uri.path().trim_start_matches("/__sandbox/")
}

/// The body of a call, with no key that it does not take; what is none is taken for one without keys.
pub(super) fn checked(call: &Call) -> Result<Value, Reply> {
    let body: Value = match call.body.is_empty() {
        true => json!({}),
        false => serde_json::from_slice(&call.body).map_err(|_| refusal("the body is not JSON"))?,
    };
    let members = body
        .as_object()
        .ok_or_else(|| refusal("the body is not a JSON object"))?;
    match page::unknown(name(call), &call.method, members) {
        Some(told) => Err(refusal(&told)),
        None => Ok(body),
    }
}

fn refusal(error: &str) -> Reply {
    Reply::json(400, &json!({ "error": error }))
}

fn reset(world: &mut World, body: &Value) -> Result<Value, String> {
    let everything = match body.get("data") {
        None => false,
        Some(value) => value.as_bool().ok_or("data: expected true or false")?,
    };
    world.control.forget();
    world.accounts.forget_rules();
    world.crm.ceilings = Ceilings::default();
    if everything {
        world.control.clock.rewind();
        world.start_over();
        world.forget_tokens();
    }
    Ok(json!({ "ok": true }))
}

fn stats(world: &World) -> Value {
    let mut stats = world.control.stats();
    let now = world.control.clock.now();
    stats["live_tokens"] = json!(world.accounts.live_tokens(now));
    stats["refreshes_in_window"] = json!(world.accounts.refreshes_in_window(now));
    for (name, count) in world.accounts.counts() {
        stats["counts"][name] = json!(count);
    }
    stats
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Admin {
    latency_ms: Option<f64>,
    jitter_ms: Option<f64>,
    token_latency_ms: Option<f64>,
    /// Replaces all faults.
    faults: Option<Vec<Fault>>,
    /// Access tokens per refresh token and window.
    refresh_limit: Option<usize>,
    window_s: Option<i64>,
    /// Access tokens of one refresh token that live at once.
    live_tokens: Option<usize>,
    expires_in: Option<i64>,
    /// Every refresh is answered as if the user had revoked it.
    revoked: Option<bool>,
    /// A refresh brings a new refresh token and ends the old one.
    rotate: Option<bool>,
    /// False lets every token in, with every scope.
    strict: Option<bool>,
    throttle_status: Option<u16>,
    /// Ends all access tokens.
    drop_live: Option<bool>,
    /// What one Desk organization and CRM may use; setting one of these enforces all limits.
    desk_credits: Option<i64>,
    crm_credits: Option<i64>,
    desk_concurrent: Option<usize>,
    crm_concurrent: Option<usize>,
    /// Makes this text a valid access token with every scope.
    live_add: Option<String>,
    /// The rows that CRM lists of one query at most.
    crm_ceilings: Option<CrmCeilings>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CrmCeilings {
    token: Option<usize>,
    search: Option<usize>,
}

/// Applies all of it, or nothing when a part is wrong.
fn apply(world: &mut World, body: Value) -> Result<(), String> {
    let admin: Admin = serde_json::from_value(body).map_err(|error| error.to_string())?;
    for fault in admin.faults.iter().flatten() {
        fault.check().map_err(|told| format!("faults: {told}"))?;
    }
    for fault in admin.faults.iter().flatten() {
        let lost = |path: &&str| !paths::leads_somewhere(path, fault.brings_answer());
        if let Some(path) = fault.path().filter(lost) {
            return Err(format!("faults: no call that is served begins with {path:?}"));
        }
    }
    let latency = &world.control.latency;
    let latency = Latency {
        api: milliseconds(admin.latency_ms, latency.api)?,
        jitter: milliseconds(admin.jitter_ms, latency.jitter)?,
        token: milliseconds(admin.token_latency_ms, latency.token)?,
    };
    let status = admin
        .throttle_status
        .unwrap_or(world.accounts.rules.throttle_status);
    if !matches!(status, 200 | 400) {
        return Err("throttle_status: expected 200 or 400".to_owned());
    }
    let rules = &mut world.accounts.rules;
    rules.throttle_status = status;
    set(&mut rules.refresh_limit, admin.refresh_limit);
    set(&mut rules.window_s, admin.window_s);
    set(&mut rules.live_tokens, admin.live_tokens);
    set(&mut rules.expires_in, admin.expires_in);
    set(&mut rules.revoked, admin.revoked);
    set(&mut rules.rotate, admin.rotate);
    set(&mut rules.strict, admin.strict);
    world.control.latency = latency;
    limit(&mut world.control.limits, &admin);
    set(&mut world.control.faults, admin.faults);
    if let Some(ceilings) = admin.crm_ceilings {
        set(&mut world.crm.ceilings.token, ceilings.token);
        set(&mut world.crm.ceilings.search, ceilings.search);
    }
    if admin.drop_live == Some(true) {
        world.accounts.drop_live();
    }
    if let Some(token) = admin.live_add {
        let now = world.control.clock.now();
        world.accounts.add_live(token, now);
    }
    Ok(())
}

fn limit(limits: &mut Limits, admin: &Admin) {
    set(&mut limits.desk.credits, admin.desk_credits);
    set(&mut limits.crm.credits, admin.crm_credits);
    set(&mut limits.desk.concurrent, admin.desk_concurrent);
    set(&mut limits.crm.concurrent, admin.crm_concurrent);
    limits.enforced |= admin.desk_credits.or(admin.crm_credits).is_some()
        || admin.desk_concurrent.or(admin.crm_concurrent).is_some();
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn milliseconds(value: Option<f64>, before: Duration) -> Result<Duration, String> {
    match value {
        None => Ok(before),
        Some(ms) => Duration::try_from_secs_f64(ms / 1000.0).map_err(|error| error.to_string()),
    }
}
