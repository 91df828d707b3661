//! Conditions of Zoho Desk calls: what a filter's value may be, and how it is written.

use super::comparison::{self, Comparison};
use super::ids::Known;
use super::{ListQuery, pick, time};
use crate::names::{fold, pointer};
use crate::tools::error::ToolError;
use crate::tools::modules::{Filter, FilterKind, Listing, Module, is_api_name};
use crate::zoho::Read;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

/// Conditions on custom fields one search takes.
const MOST_CUSTOM: usize = 10;
/// Desk's word for cases that nobody has.
const UNASSIGNED: &str = "Unassigned";
/// What to do where it cannot be searched for.
const LISTED: &str = "get_records lists them by assignee with status, priority, channel, departmentId, teamId or a view, newest \
     first; leave times and words out";

/// The request with the query's words and conditions.
pub(super) fn conditions(
    mut request: Read,
    query: &ListQuery<'_>,
    listing: &Listing,
    zone: &TimeZone,
    ids: &mut Known<'_>,
) -> Result<Read, ToolError> {
    let searching = request.path().last().is_some_and(|segment| segment == "search");
    if let Some(words) = query.words {
        let words = if listing.text.is_some() {
            format!("*{words}*")
        } else {
            words.to_owned()
        };
        request = request.with_query(listing.text.as_deref().unwrap_or("_all"), words);
    }
    let mut custom = 0;
    for (name, value) in &query.filters {
        let own = listing.filters.keys().any(|key| same_filter(key, name));
        if searching && !own && is_custom(query.module, name) {
            let path = pointer::below("/filters", name);
            let Some(param) = &listing.custom else {
                let got = "a custom field, by which Zoho does not search this module";
                return Err(ToolError::argument(&path, "a filter of get_modules", got, None));
            };
            custom += 1;
            if custom > MOST_CUSTOM {
                let expected = format!("at most {MOST_CUSTOM} conditions on custom fields");
                return Err(ToolError::argument("/filters", expected, "more", None));
            }
            request = request.with_query(format!("{param}{custom}"), custom_field(name, value)?);
            continue;
        }
        let path = pointer::below("/filters", name);
        let filter = filter_of(listing, name, &path)?;
        let condition = Condition {
            filter,
            path: &path,
            zone,
            searching,
        };
        request = request.with_query(filter.param.as_str(), condition.written(value, ids)?);
    }
    Ok(request)
}

/// Whether a condition goes into Zoho's numbered parameters: on a custom module every field does.
fn is_custom(module: &Module, name: &str) -> bool {
    name.starts_with("cf_") || module.custom && is_api_name(name)
}

/// A condition on a custom field, as Zoho's search takes up to ten of them: `cf_size:Large`.
fn custom_field(name: &str, value: &Value) -> Result<String, ToolError> {
    let path = pointer::below("/filters", name);
    let text = match comparison::read(&path, value)? {
        Comparison::OneOf(texts) => match texts.as_slice() {
            [one] => one.clone(),
            _ => return Err(ToolError::argument(&path, "one value", "several", None)),
        },
        Comparison::Begins(text) => format!("{text}*"),
        Comparison::Empty(empty) => emptiness(empty).to_owned(),
        Comparison::NoneOf(_) | Comparison::Between(..) => return Err(only_values(&path)),
    };
    match text.chars().any(char::is_control) {
        true => Err(ToolError::argument(
            &path,
            "a text or a number",
            "something else",
            None,
        )),
        false => Ok(format!("{name}:{text}")),
    }
}

/// Desk's words for having no value, and for having any.
fn emptiness(empty: bool) -> &'static str {
    if empty { "${EMPTY}" } else { "${NOTEMPTY}" }
}

/// Desk compares nothing but times.
fn only_values(path: &str) -> ToolError {
    let fix = "Zoho Desk finds single values: list those that are wanted, or read the records and compare";
    let got = "a comparison";
    ToolError::argument(path, "a value or a list of values", got, Some(fix.to_owned()))
}

/// `assignee`, `assignee_id` and `assigneeId` mean the same condition.
pub(in crate::tools) fn same_filter(known: &str, name: &str) -> bool {
    let stem = |name: &str| {
        let folded = fold(name);
        let stem = folded
            .strip_suffix("ids")
            .or_else(|| folded.strip_suffix("id"))
            .map(str::to_owned);
        stem.filter(|stem| !stem.is_empty()).unwrap_or(folded)
    };
    stem(known) == stem(name)
}

fn filter_of<'q>(listing: &'q Listing, name: &str, path: &str) -> Result<&'q Filter, ToolError> {
    if let Some((_, filter)) = listing.filters.iter().find(|(key, _)| same_filter(key, name)) {
        return Ok(filter);
    }
    let known = listing.filters.keys().map(String::as_str);
    let error = pick(known, name, path, "a filter");
    Err(error
        .err()
        .unwrap_or_else(|| ToolError::argument(path, "a filter", "unknown", None)))
}

struct Condition<'a> {
    filter: &'a Filter,
    path: &'a str,
    zone: &'a TimeZone,
    searching: bool,
}

impl Condition<'_> {
    fn written(&self, value: &Value, ids: &mut Known<'_>) -> Result<String, ToolError> {
        let (kind, path) = (self.filter.kind, self.path);
        if kind == FilterKind::Range {
            let span = time::span(path, value, self.zone)?;
            let from = span.from.unwrap_or(Timestamp::UNIX_EPOCH);
            let to = span.to.unwrap_or_else(far_future);
            return Ok(format!("{},{}", time::desk(from), time::desk(to)));
        }
        match comparison::read(path, value)? {
            Comparison::OneOf(texts) => self.values(texts, ids),
            Comparison::Empty(true) if kind == FilterKind::Agents => {
                self.values(vec![UNASSIGNED.to_owned()], ids)
            }
            Comparison::Empty(empty)
                if self.searching && matches!(kind, FilterKind::Text | FilterKind::Texts) =>
            {
                Ok(emptiness(empty).to_owned())
            }
            Comparison::Begins(text) if self.searching && kind == FilterKind::Text => {
                self.values(vec![format!("{text}*")], ids)
            }
            _ => Err(only_values(path)),
        }
    }

    fn values(&self, texts: Vec<String>, ids: &mut Known<'_>) -> Result<String, ToolError> {
        if matches!(self.filter.kind, FilterKind::Text | FilterKind::Flag) && texts.len() > 1 {
            return Err(ToolError::argument(self.path, "one value", "several", None));
        }
        let values = texts.into_iter().map(|text| self.value(text, ids));
        Ok(values.collect::<Result<Vec<String>, ToolError>>()?.join(","))
    }

    /// The value as it goes into the query; a name stands for its id.
    fn value(&self, text: String, ids: &mut Known<'_>) -> Result<String, ToolError> {
        let (kind, path) = (self.filter.kind, self.path);
        if text.chars().any(char::is_control) {
            let expected = "text without control characters";
            return Err(ToolError::argument(path, expected, "control characters", None));
        }
        let is_id = text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit());
        match (kind, kind.refers_to()) {
            (FilterKind::Agents, _) if text.eq_ignore_ascii_case(UNASSIGNED) => match self.searching {
                false => Ok(UNASSIGNED.to_owned()),
                true => Err(ToolError::argument(
                    path,
                    "an agent",
                    "nobody, by which Zoho Desk lists cases but does not search for them",
                    Some(LISTED.to_owned()),
                )),
            },
            (_, Some(kind)) if !is_id => Ok(ids.id_of(path, kind, text)),
            (FilterKind::Ids, _) if !is_id => Err(ToolError::argument(
                path,
                "an id of digits",
                "something else",
                None,
            )),
            (FilterKind::Flag, _) if !matches!(text.as_str(), "true" | "false") => {
                Err(ToolError::argument(path, "true or false", "something else", None))
            }
            _ => Ok(text),
        }
    }
}

fn far_future() -> Timestamp {
    Timestamp::new(4_102_444_800, 0).unwrap_or(Timestamp::MAX) // 2100-01-01
}
