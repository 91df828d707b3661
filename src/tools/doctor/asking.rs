//! Checks that ask Zoho: the token, the organizations, one case, and what comes with its answer.

use std::path::Path;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::outages::WHERE;
use super::{Examination, Finding, State, Subject, Verdict, fail, local, named, ok, warn};
use crate::clock::in_words;
use crate::connections::{Connection, Product, Status};
use crate::tools::error::{Code, ToolError, sentence};
use crate::tools::mending::Mend;
use crate::tools::output::project::no_list;
use crate::tools::request::operation;
use crate::zoho::{Organization, ZohoError, ZohoResponse};

/// Below this many API credits people should know.
const FEW_CREDITS: u64 = 100;

/// The check of what organizations there are.
const ORGANIZATION: &str = "organization";

/// A clock that differs by more than this, in seconds, renews tokens too late or all the time.
const SKEW: u64 = 120;

/// Three calls at most, four where the token is renewed; none for a row that names a server that is not Zoho's.
pub(super) async fn check(examination: &Examination<'_>, subject: &Subject<'_>) -> Vec<Finding> {
    if let Err(error) = examination.zoho.open(subject.row.clone(), Product::Desk) {
        return vec![named("case", refused(subject, error))];
    }
    let row = match examination.zoho.fresh(subject.row.clone()).await {
        Ok(row) => row,
        Err(error) => return vec![named("token", refused(subject, error))],
    };
    let mut findings = Vec::new();
    if let Some(left) = row.seconds_left(examination.now) {
        findings.push(named("token", ok(local::valid_for(left))));
    }
    let (mut desk, mut has_none) = (None, false);
    if subject.has_desk() {
        (desk, has_none) = ask_desk(examination, subject, row.clone(), &mut findings).await;
    }
    let mut crm = None;
    if subject.has_crm() {
        let answer = read_the_crm_organization(examination, row).await;
        let mut verdict = tell_crm(subject, &answer);
        if desk.is_some()
            && matches!(
                answer,
                Err(ZohoError::NotAccepted { .. } | ZohoError::RateLimited { .. })
            )
        {
            verdict.0 = State::Warn;
        }
        findings.push(named("crm", verdict));
        crm = answer.ok();
    }
    if has_none
        && crm.is_some()
        && let Some(no_desk) = findings.iter_mut().find(|one| one.check == ORGANIZATION)
    {
        no_desk.state = State::Warn;
    }
    // What was refused meanwhile says more than what was held before.
    if let Ok(row) = examination.connections.get(subject.row.id).await
        && row.status == Status::Unusable
        && let Some(token) = findings.iter_mut().find(|one| one.check == "token")
    {
        *token = named(
            "token",
            local::token(&Subject {
                row: &row,
                ..*subject
            }),
        );
    }
    if let Some(answer) = desk.or(crm) {
        findings.push(named("credits", credits(&answer)));
        findings.extend(clock(subject, &answer, examination.now).map(|verdict| named("clock", verdict)));
    }
    findings
}

/// The organizations, and one case where there is one; says whether the account has no organization at all.
async fn ask_desk(
    examination: &Examination<'_>,
    subject: &Subject<'_>,
    row: Connection,
    findings: &mut Vec<Finding>,
) -> (Option<ZohoResponse>, bool) {
    let organizations = examination.zoho.organizations(row.clone()).await;
    let has_none = organizations.as_ref().is_ok_and(Vec::is_empty);
    let (visible, portal) = organization(subject, organizations);
    findings.push(named(ORGANIZATION, visible));
    findings.extend(portal.map(|verdict| named("portal", verdict)));
    if has_none {
        return (None, true);
    }
    let answer = match row.desk_org_id {
        Some(_) => Some(read_a_case(examination, row).await),
        // It is found on the way.
        None if subject.wording.is_throw_away() => Some(read_a_case(examination, row).await),
        None => None,
    };
    findings.push(named("case", case(subject, answer.as_ref())));
    (answer.and_then(Result::ok), false)
}

/// Whether the organization stored is one the token may see, and whether its portal is the one links lead to.
fn organization(
    subject: &Subject<'_>,
    organizations: Result<Vec<Organization>, ZohoError>,
) -> (Verdict, Option<Verdict>) {
    let list = match organizations {
        Ok(list) => list,
        Err(error) => return (refused(subject, error), None),
    };
    let Some(first) = list.first() else {
        let mend =
            "have an administrator of Zoho Desk add this account, or sign in to Zoho Desk once with it";
        return (
            fail("Zoho Desk lists no organization for this account", mend),
            None,
        );
    };
    let row = subject.row;
    let Some(id) = &row.desk_org_id else {
        return (subject.no_organization(&first.id), None);
    };
    let Some(stored) = list.iter().find(|item| item.id == *id) else {
        let names: Vec<&str> = list.iter().map(|item| item.id.as_str()).collect();
        let found = format!(
            "{id} is not visible to this token, which sees {}",
            names.join(", ")
        );
        return (fail(found, subject.set_org(&first.id)), None);
    };
    let name = stored.name.as_deref().unwrap_or("unnamed");
    let visible = local::in_use(subject, format!("{id} {name}, visible to this token"));
    let portal = match (&stored.portal, &row.desk_portal) {
        (Some(right), Some(held)) if right == held => ok(format!("links lead to the portal {held}")),
        (Some(right), held) => warn(
            format!(
                "links lead to the portal {}, but it is called {right}",
                held.as_deref().unwrap_or("(none)")
            ),
            subject.set_org(id),
        ),
        (None, _) => ok("Zoho names no portal"),
    };
    (visible, Some(portal))
}

async fn read_a_case(examination: &Examination<'_>, row: Connection) -> Result<ZohoResponse, ZohoError> {
    let request = operation::lookup(Product::Desk, "one_case", &Map::new())?;
    examination
        .zoho
        .session(row, Product::Desk)
        .await?
        .read(&request)
        .await
}

async fn read_the_crm_organization(
    examination: &Examination<'_>,
    row: Connection,
) -> Result<ZohoResponse, ZohoError> {
    let request = operation::organizations(Product::Crm)?;
    examination.zoho.open(row, Product::Crm)?.read(&request).await
}

fn case(subject: &Subject<'_>, answer: Option<&Result<ZohoResponse, ZohoError>>) -> Verdict {
    let response = match answer {
        None => return warn("not tried: no organization is stored", subject.set_org("")),
        Some(Err(error)) => return refused(subject, error.clone()),
        Some(Ok(response)) => response,
    };
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    if !body.get("data").is_some_and(Value::is_array) && !response.body.is_empty() {
        return refused(subject, no_list(&response.body));
    }
    match body.pointer("/data/0/ticketNumber").and_then(Value::as_str) {
        Some(number) => ok(format!("read case #{number}")),
        None => ok("the list of cases can be read; it is empty"),
    }
}

fn tell_crm(subject: &Subject<'_>, answer: &Result<ZohoResponse, ZohoError>) -> Verdict {
    match answer {
        Ok(_) => ok("the CRM organization can be read"),
        Err(error) => refused(subject, error.clone()),
    }
}

fn credits(answer: &ZohoResponse) -> Verdict {
    match answer.credits_remaining {
        Some(left) if left < FEW_CREDITS => warn(
            format!("{left} API credits are left today"),
            "wait: Zoho renews them daily",
        ),
        Some(left) => ok(format!("{left} API credits are left")),
        None => ok("Zoho did not say how many are left"),
    }
}

/// Nothing is found when Zoho did not say what time it is.
fn clock(subject: &Subject<'_>, answer: &ZohoResponse, now: i64) -> Option<Verdict> {
    let theirs = answer.date?;
    let skew = now.abs_diff(theirs);
    let is_sandbox = subject.hosts.sandbox().is_some();
    let whose = if is_sandbox { "the sandbox's" } else { "Zoho's" };
    if skew <= SKEW {
        return Some(ok(format!("within {} of {whose}", in_words(skew))));
    }
    let direction = if now > theirs { "ahead of" } else { "behind" };
    let mend = match is_sandbox {
        true => subject.wording.move_sandbox_clock(now - theirs),
        false => set_clock(theirs),
    };
    let skew = in_words(skew);
    let found = format!("this machine's clock is {skew} {direction} {whose}");
    Some(warn(found, mend))
}

/// What sets this machine's clock by one that is right, which shows `now`.
fn set_clock(now: i64) -> String {
    let shown = |form: &str| match Timestamp::from_second(now) {
        Ok(now) => now.strftime(form).to_string(),
        Err(_) => String::new(),
    };
    match std::env::consts::OS {
        "macos" => "sudo sntp -sS time.apple.com".to_owned(),
        "windows" => "w32tm /resync".to_owned(),
        // Where systemd runs, and is what sets the clock.
        "linux" if Path::new("/run/systemd/system").exists() => "sudo timedatectl set-ntp true".to_owned(),
        "linux" => format!("sudo date -u {}", shown("%m%d%H%M%Y.%S")),
        _ => format!("sudo date -u {}", shown("%Y%m%d%H%M.%S")),
    }
}

/// What a refusal comes to: a new consent where the person can help, else what the error says.
fn refused(subject: &Subject<'_>, error: ZohoError) -> Verdict {
    if let ZohoError::HostRefused {
        column: "accounts_url",
        server,
    } = &error
    {
        return fail(sentence(&error.to_string()), subject.reach(server));
    }
    let is_down = matches!(error, ZohoError::Unavailable { .. });
    let wording = subject.wording.of_user(&subject.row.user_id);
    let error = ToolError::from(error).put_into_words(&wording, Some(&subject.row.name));
    let mend = match error.code {
        _ if is_down => format!("{} {WHERE}\n{}", error.next, wording.examine_status()),
        _ if matches!(error.mend.as_deref(), Some(Mend::ReconnectAUser(_))) => error.next,
        Code::ReconnectNeeded | Code::ScopeMissing | Code::NoConnection => subject.connect(),
        Code::ChooseOrganization if error.mend.is_some() => subject.set_org(""),
        _ => error.next,
    };
    fail(error.error, mend)
}
