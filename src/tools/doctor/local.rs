//! Checks of the row itself, which ask nobody.

use super::{Finding, Subject, Verdict, fail, named, ok, warn};
use crate::clock::in_words;
use crate::connections::{OrgSource, Standing};
use crate::tools::policy::Policy;
use crate::tools::scopes;
use crate::zoho::{HostKind, Servers, ZohoError};

/// A check by its name.
type Check = (&'static str, fn(&Subject<'_>) -> Verdict);

/// In the order people read them.
const CHECKS: [Check; 8] = [
    ("connection", connection),
    ("token", token),
    ("refresh_token", refresh_token),
    ("organization", organization),
    ("portal", portal),
    ("scopes", granted),
    ("writes", writes),
    ("data_center", data_center),
];

/// Every check of the row.
pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    CHECKS
        .iter()
        .map(|(name, check)| named(name, check(subject)))
        .collect()
}

fn connection(subject: &Subject<'_>) -> Verdict {
    let row = subject.row;
    ok(format!("row {} of {}, named {}", row.id, row.user_id, row.name))
}

pub(super) fn token(subject: &Subject<'_>) -> Verdict {
    match subject.row.standing(subject.now) {
        Standing::Refused(reason) => fail(
            format!(
                "Zoho no longer accepts this connection ({})",
                reason.unwrap_or("refused")
            ),
            subject.connect(),
        ),
        Standing::Valid(left) => ok(valid_for(left)),
        Standing::Ended => fail("ended, and nothing to renew it with", subject.connect()),
        Standing::Waiting(wait, reason) => warn(
            format!(
                "ended; Zoho gives no new one for {} ({})",
                in_words(wait.unsigned_abs()),
                reason.unwrap_or("no reason given")
            ),
            format!("wait {}", in_words(wait.unsigned_abs())),
        ),
        Standing::Renewable => ok("ended: the next call renews it"),
    }
}

/// How long a token is good for still.
pub(in crate::tools) fn valid_for(seconds: i64) -> String {
    format!("valid for {}", in_words(seconds.unsigned_abs()))
}

fn refresh_token(subject: &Subject<'_>) -> Verdict {
    match subject.row.refresh_token {
        Some(_) => ok("present"),
        None => fail(
            "missing: the connection ends with its access token; a consent with access_type=offline and prompt=consent brings one",
            subject.connect(),
        ),
    }
}

fn organization(subject: &Subject<'_>) -> Verdict {
    let row = subject.row;
    let name = row.desk_org_name.as_deref().unwrap_or("unnamed");
    match (&row.desk_org_id, row.desk_org_source) {
        _ if !subject.has_desk() => ok("not needed: the consent does not cover Desk"),
        (None, _) => subject.no_organization(""),
        (Some(id), _) => in_use(subject, format!("{id} {name}")),
    }
}

/// An organization that is there: where nobody has said which of several is meant, it is read and not changed.
pub(super) fn in_use(subject: &Subject<'_>, found: String) -> Verdict {
    let is_first = subject.row.desk_org_source == Some(OrgSource::FirstOfMany);
    if !is_first || subject.wording.is_throw_away() {
        return ok(found);
    }
    match subject.policy {
        Policy::Off => ok(format!(
            "{found}, the first of several; `{}` chooses another",
            subject.set_org("")
        )),
        _ => warn(
            format!("{found}, the first of several: nothing is changed there until one is chosen"),
            subject.set_org(""),
        ),
    }
}

fn portal(subject: &Subject<'_>) -> Verdict {
    let row = subject.row;
    match (&row.desk_portal, &row.desk_org_id) {
        (Some(portal), _) if !portal.is_empty() => ok(format!("links lead to the portal {portal}")),
        (_, Some(id)) if subject.has_desk() => warn(
            "the portal is not stored: cases come without links",
            subject.set_org(id),
        ),
        _ => ok("not known yet: it comes with the organization"),
    }
}

fn granted(subject: &Subject<'_>) -> Verdict {
    let held = &subject.row.scopes;
    if held.is_empty() {
        return ok("Zoho did not say which it granted");
    }
    let missing = scopes::missing(subject.needed, held);
    if missing.is_empty() {
        ok(format!("{} granted, all that the tools need", held.len()))
    } else {
        warn(
            format!("missing, so that some tools fail: {}", missing.join(", ")),
            format!("{}\n{}", subject.connect(), subject.by_self_client()),
        )
    }
}

/// Which tools that change something the consent covers; what it lacks, `scopes` tells.
fn writes(subject: &Subject<'_>) -> Verdict {
    let policy = format!("{} ({})", subject.policy.as_str(), subject.policy.told());
    let held = &subject.row.scopes;
    let is_covered = |(_, needed): &&(String, Vec<scopes::AnyOf>)| {
        held.is_empty() || scopes::missing(needed, held).is_empty()
    };
    let (covered, others): (Vec<_>, Vec<_>) = subject.writing.iter().partition(is_covered);
    let names = |all: &[&(String, Vec<scopes::AnyOf>)]| {
        let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
        names.join(", ")
    };
    ok(match (covered.is_empty(), others.is_empty()) {
        (true, true) => policy,
        (false, true) => format!("{policy}: {}", names(&covered)),
        (true, false) => format!("{policy}; the consent covers none of {}", names(&others)),
        (false, false) => {
            let (covered, others) = (names(&covered), names(&others));
            format!("{policy}: {covered}; the consent does not cover all that {others} may change")
        }
    })
}

fn data_center(subject: &Subject<'_>) -> Verdict {
    let row = subject.row;
    let account = &row.account;
    let servers = match subject.hosts.servers(&account.accounts_url, &account.environment) {
        Ok(servers) => servers,
        Err(ZohoError::HostRefused { server, .. }) => {
            return fail(
                format!("accounts_url {server}: nothing is sent to it"),
                subject.reach(&server),
            );
        }
        Err(error) => return fail(error.to_string(), subject.connect()),
    };
    match stray(subject, &servers) {
        None => ok(format!("{}, {}", servers.data_center, servers.accounts_url)),
        Some(column) => fail(
            format!(
                "{column} does not belong to the data center {} of its accounts server",
                servers.data_center
            ),
            subject.connect(),
        ),
    }
}

/// The first column that belongs to another data center than the accounts server.
fn stray(subject: &Subject<'_>, servers: &Servers) -> Option<&'static str> {
    let row = subject.row;
    let domain = |url: &str| {
        let url = subject.hosts.check(url, HostKind::Api).ok()?;
        let host = url.host_str()?.to_owned();
        let labels = ["www.", "sandbox.", "developer."];
        let bare = labels.iter().find_map(|label| host.strip_prefix(label));
        Some((bare.unwrap_or(&host).to_owned(), url.port()))
    };
    if !row.account.data_center.eq_ignore_ascii_case(&servers.data_center) {
        return Some("dc");
    }
    if row.account.desk_url.trim_end_matches('/') != servers.desk_url {
        return Some("desk_url");
    }
    let api = domain(&row.account.api_domain);
    (api.is_none() || api != domain(&servers.api_domain)).then_some("api_domain")
}
