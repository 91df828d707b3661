//! `log_time`: time that was spent on a case.

use http::Method;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::Context;
use super::on_record::{OneCall, case, new, new_text, taken_back};
use crate::tools::error::ToolError;
use crate::tools::request::text;
use crate::tools::writing::{Look, Plan, Planned, Sending};
use crate::zoho::Effect;

/// Entries that are looked through for one whose answer was lost.
const LATEST: &str = "100";

/// A moment that is named by whoever means now.
const SAME_MOMENT: SignedDuration = SignedDuration::from_secs(60);

/// Plans the entry.
pub(super) async fn plan(context: Context<'_>) -> Result<Plan, ToolError> {
    let case = case(context, None).await?;
    let minutes = context.arguments.get("minutes").and_then(Value::as_u64);
    let minutes = minutes.unwrap_or_default();
    let (hours, rest) = (minutes / 60, minutes % 60);
    let when = moment(context)?;
    // What is agreed to a while later is the same act.
    let shown = match text(context.arguments, "when") {
        None => "now".to_owned(),
        Some(_) => when.clone(),
    };
    let apart = context
        .invocation
        .now()
        .duration_since(when.parse().unwrap_or_default());
    let known = match apart.abs() < SAME_MOMENT {
        true => "now",
        false => shown.as_str(),
    };
    let mut told: Map<String, Value> = [("hoursSpent", hours), ("minutesSpent", rest)]
        .into_iter()
        .filter(|(_, spent)| *spent > 0)
        .map(|(name, spent)| (name.to_owned(), json!(spent)))
        .collect();
    let description = text(context.arguments, "description");
    told.extend(description.map(|text| ("description".to_owned(), json!(text))));
    let is: Map<String, Value> = told
        .iter()
        .map(|(name, value)| (format!("/{name}"), value.clone()))
        .collect();
    let known_by = json!([told, known]);
    let mut body = told;
    body.insert("executedTime".to_owned(), json!(when));
    let mut call = Sending::new(Effect::Create, &Method::POST, case.below(["timeEntry"]))
        .with_body(body.into())
        .with_scopes(&case.writing.change);
    call.known_by = Some(known_by);
    let back = Sending::new(
        Effect::Remove,
        &Method::DELETE,
        case.below(["timeEntry", "{made}"]),
    );
    let query = [("limit", LATEST), ("orderBy", "DESC")];
    let look = Look {
        query: query
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        list: Some("data".to_owned()),
        is: is.clone(),
        since: Some("createdTime".to_owned()),
        ..case.look(["timeEntry"])
    };
    let holds = Look {
        is,
        ..case.look(["timeEntry", "{made}"])
    };
    let mut changes = vec![new("time spent", spent(hours, rest)), new("when", shown)];
    changes.extend(
        description
            .into_iter()
            .flat_map(|text| new_text("description", text)),
    );
    let back = back.with_scopes(&case.writing.change);
    let step = OneCall {
        call,
        look: Some(look),
        undo: Some(taken_back("delete the time entry", back, holds)),
    };
    Ok(Plan::Act(Box::new(Planned {
        changes,
        ..case.plan("TimeEntries", "log time", step)
    })))
}

/// When it was spent, as Desk writes moments: now where the call does not say.
fn moment(context: Context<'_>) -> Result<String, ToolError> {
    let moment = match text(context.arguments, "when") {
        None => context.invocation.now(),
        Some(given) => given.parse::<Timestamp>().map_err(|_| {
            let expected = "a moment with its zone, as in 2026-01-31T18:00:00Z";
            ToolError::argument("/when", expected, format!("`{given}`"), None)
        })?,
    };
    let written = moment.to_zoned_datetime(TimeZone::UTC);
    Ok(written.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string())
}

fn spent(hours: u64, minutes: u64) -> String {
    match (hours, minutes) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}
