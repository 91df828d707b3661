//! Whether something is there: after an answer that was lost, and before an act is taken back.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

use super::steps::Look;
use crate::connections::Product;
use crate::names::{clean_line, clip, letters};
use crate::tools::error::{Code, ToolError};
use crate::zoho::{Read, Session};

/// Letters of the beginning of a text that are compared.
const COMPARED: usize = 20;
/// Seconds that Zoho's clock may be behind ours where its answer does not tell.
const APART: i64 = 120;
/// Seconds that a moment may be off where both clocks are known: each is written in whole seconds.
const ROUNDED: i64 = 2;

/// What looking comes to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found {
    /// It is there: the record.
    There(Box<Value>),
    /// It is not; the record that was looked at, where there is one.
    Other(Option<Box<Value>>),
}

/// What is known of an act that is looked up.
#[derive(Debug)]
pub(super) struct Lost {
    /// When it was sent, in epoch seconds by our clock.
    pub(super) sent_at: i64,
    /// What that clock says now.
    pub(super) now: i64,
    /// The ids of what other acts have made: none of those is what this one made.
    pub(super) of_others: BTreeSet<String>,
}

/// Looks for it; `lost` where it is what an act made whose answer was lost.
///
/// # Errors
/// Zoho refused, or did not answer, or lists less than was made since the act.
pub(super) async fn look(
    session: &Session,
    product: Product,
    look: &Look,
    lost: Option<&Lost>,
) -> Result<Found, ToolError> {
    let mut read = Read::get(product, look.path.clone()).with_scopes(look.scopes.clone());
    for (name, value) in &look.query {
        read = read.with_query(name, value);
    }
    let response = match session.read(&read).await.map_err(ToolError::from) {
        Ok(response) if response.body.is_empty() => return Ok(nothing(look)),
        Ok(response) => response,
        Err(error) if error.code == Code::NotFound => return Ok(nothing(look)),
        Err(error) => return Err(error),
    };
    let body: Value =
        serde_json::from_slice(&response.body).map_err(|error| ToolError::unreadable(&error))?;
    let rows = match &look.list {
        None => vec![body],
        Some(list) => rows_of(&body, list)?,
    };
    if look.gone && rows.is_empty() {
        return Ok(nothing(look));
    }
    let since = lost.map(|lost| by_their_clock((lost.sent_at, lost.now), response.date));
    let is_of_others = |row: &Value| {
        let id = row.get("id").and_then(Value::as_str);
        look.since.is_some() && id.is_some_and(|id| lost.is_some_and(|lost| lost.of_others.contains(id)))
    };
    let is_it = |row: &&Value| {
        let has =
            |(place, value): (&String, &Value)| are_same(row.pointer(place).unwrap_or(&Value::Null), value);
        let has_one =
            |(place, values): (&String, &Vec<Value>)| values.iter().any(|value| has((place, value)));
        look.is.iter().all(has)
            && look.one_of.iter().all(has_one)
            && !look.none_of.iter().any(has_one)
            && look
                .begins
                .as_ref()
                .is_none_or(|(place, text)| begins(row.pointer(place), text))
            && look
                .named
                .as_ref()
                .is_none_or(|(place, name)| is_named(row.pointer(place), name))
            && is_of_then(row, look.since.as_deref(), since)
            && !is_of_others(row)
    };
    let is_like = rows.iter().find(is_it);
    if let Some(row) = rows
        .iter()
        .find(|row| is_it(row) && other_than_said(look, row).is_none())
        .or(is_like)
        && let Some(other) = other_than_said(look, row)
    {
        return match lost {
            None => Ok(Found::Other(Some(Box::new(row.clone())))),
            Some(_) => Err(unlike(row, &other)),
        };
    }
    let is_it = |row: &&Value| is_it(row) && other_than_said(look, row).is_none();
    match rows.iter().find(is_it) {
        Some(row) if look.unlisted => Ok(Found::Other(Some(Box::new(row.clone())))),
        None if look.unlisted && !is_full(look, &rows) => Ok(nothing(look)),
        Some(row) => Ok(Found::There(Box::new(row.clone()))),
        None if look.unlisted || is_cut(look, &rows, since) => Err(ToolError::new(
            Code::Unavailable,
            "there is more than Zoho lists at once",
            "",
        )),
        None => Ok(Found::Other(rows.into_iter().next().map(Box::new))),
    }
}

/// What of all that an act says a record shows otherwise; none where nothing is.
pub(super) fn other_than_said(look: &Look, row: &Value) -> Option<String> {
    let differs = |(place, value): &(&String, &Value)| {
        row.pointer(place)
            .is_some_and(|shown| !shown.is_null() && !says_so(shown, value))
    };
    let (place, _) = look.says.iter().find(differs)?;
    Some(place.trim_start_matches('/').to_owned())
}

/// Whether a value is shown as one that was sent: texts by their letters, which Zoho may wrap, cut and format.
fn says_so(shown: &Value, sent: &Value) -> bool {
    match (shown, sent) {
        (Value::String(shown), Value::Array(people)) if people.iter().all(Value::is_string) => {
            let shown = shown.to_lowercase();
            let mut named = people
                .iter()
                .filter_map(Value::as_str)
                .filter(|one| !one.is_empty());
            shown.matches('@').count() == people.iter().filter(|one| **one != "").count()
                && named.all(|one| shown.contains(&one.to_lowercase()))
        }
        (Value::String(shown), Value::String(sent)) => {
            let (seen, meant) = (letters(shown), letters(sent));
            are_same(&Value::from(shown.as_str()), &Value::from(sent.as_str()))
                || seen == meant
                || seen.chars().count() >= COMPARED && meant.starts_with(&seen)
                // Marks of a form are Zoho's where none were sent.
                || shown.contains('<') && !sent.contains("</") && seen.contains(&meant)
        }
        (Value::Object(_), Value::Object(_)) | (Value::Array(_), Value::Array(_)) => true,
        _ => are_same(shown, sent) || number(shown).is_some_and(|one| number(sent) == Some(one)),
    }
}

fn number(value: &Value) -> Option<f64> {
    plain(value)?.parse().ok()
}

/// Something like it is there that is not all of it.
fn unlike(row: &Value, other: &str) -> ToolError {
    let id = row.get("id").and_then(Value::as_str).unwrap_or_default();
    let error = format!(
        "one that says the same is there ({}), but its {other} is another",
        clean_line(clip(id, 40))
    );
    ToolError::new(Code::Unavailable, error, "")
}

/// The moment of an act by Zoho's clock, as early as it may be; `date` is what that said with the answer.
fn by_their_clock((act, now): (i64, i64), date: Option<i64>) -> i64 {
    match date {
        Some(date) => act
            .saturating_sub(now.saturating_sub(date))
            .saturating_sub(ROUNDED),
        None => act.saturating_sub(APART),
    }
}

/// The rows of an answer, by the name of their member or a JSON Pointer; CRM shows none of a record as null.
fn rows_of(body: &Value, list: &str) -> Result<Vec<Value>, ToolError> {
    let rows = match list.starts_with('/') {
        true => body.pointer(list),
        false => body.get(list),
    };
    match rows {
        Some(Value::Array(rows)) => Ok(rows.clone()),
        Some(Value::Null) => Ok(Vec::new()),
        _ => Err(ToolError::unreadable(&format_args!("it has no list `{list}`"))),
    }
}

/// Whether a list may go on on a later page.
fn is_full(look: &Look, rows: &[Value]) -> bool {
    let most = look
        .query
        .iter()
        .find(|(name, _)| name == "limit" || name == "per_page");
    let most = most.and_then(|(_, most)| most.parse::<usize>().ok());
    most.is_some_and(|most| rows.len() >= most)
}

/// Whether a list of the latest ones is full of what was made since the act, so that it may not reach back to it.
fn is_cut(look: &Look, rows: &[Value], since: Option<i64>) -> bool {
    look.since.is_some()
        && is_full(look, rows)
        && rows
            .last()
            .is_some_and(|last| is_of_then(last, look.since.as_deref(), since))
}

/// No record is there: so it is where one was removed.
fn nothing(look: &Look) -> Found {
    match look.gone || look.unlisted {
        true => Found::There(Box::default()),
        false => Found::Other(None),
    }
}

/// Whether a text begins as what Zoho shows of it does; by letters and digits, for Zoho writes the rest in its own way. A short
/// one has to be all of it: another may begin with it.
fn begins(shown: Option<&Value>, text: &str) -> bool {
    let (shown, text) = (
        letters(shown.and_then(Value::as_str).unwrap_or_default()),
        letters(text),
    );
    let beginning: String = shown.chars().take(COMPARED).collect();
    match beginning.chars().count() < COMPARED {
        true => shown == text,
        false => text.starts_with(&beginning),
    }
}

fn is_named(shown: Option<&Value>, name: &str) -> bool {
    let shown = shown.and_then(Value::as_str).unwrap_or_default();
    shown.to_lowercase() == name.to_lowercase()
}

fn is_of_then(row: &Value, member: Option<&str>, since: Option<i64>) -> bool {
    let (Some(member), Some(since)) = (member, since) else {
        return true;
    };
    let made = row.get(member).and_then(Value::as_str);
    let made: Option<Timestamp> = made.and_then(|made| made.parse().ok());
    made.is_some_and(|made| made.as_second() >= since)
}

/// Whether two values are the same to whoever reads them: Zoho writes numbers as texts, nothing as a blank text, and a record
/// that is referred to by its id or with its name.
pub fn are_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| are_same(one, other))
        }
        _ => plain(one) == plain(other),
    }
}

/// A value as text; nothing for what is blank.
pub fn plain(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => match text.parse::<Timestamp>() {
            Ok(moment) => moment.to_string(),
            Err(_) => text.trim().replace("\r\n", "\n"),
        },
        Value::Object(members) => match members.get("id") {
            Some(id) => plain(id).unwrap_or_default(),
            None => value.to_string(),
        },
        other => other.to_string(),
    };
    (!text.is_empty()).then_some(text)
}
