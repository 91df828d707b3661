//! Parameters of Zoho Desk calls: what each takes of a condition, and how that is written.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::comparison::{self, Comparison, same_value};
use super::ids::Known;
use super::{phone, time};
use crate::names::{fold, pointer};
use crate::tools::error::ToolError;
use crate::tools::modules::{self, Compares, Filter, FilterKind};

/// Desk's word for cases that nobody has.
pub(super) const UNASSIGNED: &str = "Unassigned";

/// How much of a condition a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// All of it.
    Exactly,
    /// It gives every row that fits, and others: the rows have to be looked at.
    Roughly,
    /// None of it.
    Not,
}

/// How a parameter takes a comparison.
pub(super) fn fit(filter: &Filter, searching: bool, comparison: &Comparison) -> Fit {
    let takes = match (filter.kind, comparison) {
        (FilterKind::Range, Comparison::OneOf(texts)) if texts.len() > 1 => return Fit::Roughly,
        (FilterKind::Range, comparison) => {
            matches!(comparison, Comparison::OneOf(_) | Comparison::Between(..))
        }
        (_, Comparison::OneOf(texts))
            if filter.parameter().no_star && texts.iter().any(|text| text.contains('*')) =>
        {
            return Fit::Not;
        }
        (kind, Comparison::OneOf(texts)) if texts.iter().any(|text| text.contains(',')) => {
            return match searching && kind == FilterKind::Text && texts.len() == 1 {
                true => Fit::Roughly,
                false => Fit::Not,
            };
        }
        (_, Comparison::OneOf(texts))
            if searching && (is_by_address(filter, texts) || is_by_number(filter, texts)) =>
        {
            return Fit::Roughly;
        }
        (_, Comparison::OneOf(texts)) if filter.single || searching && filter.parameter().single => {
            texts.len() == 1
        }
        (FilterKind::Text, Comparison::OneOf(texts)) => searching || texts.len() == 1,
        (FilterKind::Flag, Comparison::OneOf(texts)) => texts.len() == 1,
        (FilterKind::Agents, Comparison::OneOf(texts)) => {
            !searching || !texts.iter().any(|text| is_nobody(text))
        }
        (FilterKind::Owners, Comparison::OneOf(texts)) => !texts.iter().any(|text| is_nobody(text)),
        (_, Comparison::OneOf(_)) => true,
        (FilterKind::Agents, Comparison::Empty(true)) => !searching,
        (FilterKind::Text | FilterKind::Texts | FilterKind::Numbers, Comparison::Empty(empty)) => {
            let mut known = filter.parameter().knows.iter();
            searching && known.any(|word| word == emptiness(*empty))
        }
        (FilterKind::Text, Comparison::Begins(text)) if searching && text.contains(',') => {
            return Fit::Roughly;
        }
        (FilterKind::Text, Comparison::Begins(_)) => searching,
        _ => false,
    };
    if takes { Fit::Exactly } else { Fit::Not }
}

/// Whether whole e-mail addresses are asked for: Zoho gives those that hold them as a part, too (measured, see
/// field reports on contacts/search).
pub(super) fn is_by_address(filter: &Filter, texts: &[String]) -> bool {
    let whole = |text: &String| {
        let parts = text.split_once('@');
        parts.is_some_and(|(name, host)| !name.is_empty() && host.contains('.')) && !text.contains('*')
    };
    filter.param == "email" && texts.iter().all(whole)
}

/// Whether whole phone numbers are asked for, which everybody writes differently.
fn is_by_number(filter: &Filter, texts: &[String]) -> bool {
    phone::is_in(&filter.param) && texts.iter().all(|text| phone::is_whole(text))
}

/// Whether a condition is on the words of a text, not on all of it.
pub(super) fn is_wordy(filter: &Filter) -> bool {
    filter.parameter().compares == Some(Compares::Words)
}

/// Refuses one text with commas where Zoho would read several values out of it: it could be meant either way. As one value
/// it is found in rows alone, where they show it.
///
/// # Errors
/// It is such a text.
pub(super) fn check_commas(
    filter: &Filter,
    path: &str,
    value: &Value,
    is_shown: bool,
) -> Result<(), ToolError> {
    let several = matches!(filter.kind, FilterKind::Texts | FilterKind::Numbers);
    let is_open = |text: &&str| text.contains(',') && text.contains(char::is_alphanumeric);
    let Some(text) = value.as_str().filter(|_| several).filter(is_open) else {
        return Ok(());
    };
    let listed = text.trim().split_once(" of ").filter(|(word, _)| {
        ["any", "one", "either"]
            .iter()
            .any(|one| word.trim().eq_ignore_ascii_case(one))
    });
    let each: Vec<&str> = listed
        .map_or(text, |(_, values)| values)
        .split(',')
        .map(str::trim)
        .filter(|one| !one.is_empty())
        .collect();
    let are_days = each.iter().all(|one| comparison::is_time(one));
    let (either, one) = (Value::from(each), Value::from(vec![text]));
    // Two days side by side are a span.
    let either = if are_days { json!({ "in": either }) } else { either };
    let fix = match is_shown && listed.is_none() {
        true => format!("{either} finds either, {one} this one value"),
        false => format!("{either} finds either"),
    };
    let got = "one text with a comma, which could be one value or several";
    Err(ToolError::argument(
        path,
        "a value, or a list of values",
        got,
        Some(fix),
    ))
}

/// What is no id stands where a name cannot stand for one, or no whole name.
pub(super) fn no_id(path: &str) -> ToolError {
    let fix = match pointer::last_key(path).as_str() {
        "id" => "search_records finds the record by its name, and shows its id".to_owned(),
        name => format!("with `{name}` in `fields` each record shows its own"),
    };
    let expected = "ids of digits, or whole names where a name can stand for one";
    ToolError::argument(path, expected, "something else", Some(fix))
}

/// Desk compares nothing but times.
pub(super) fn only_values(path: &str) -> ToolError {
    let expected = "a value or a list of values; Zoho Desk compares times only";
    ToolError::argument(path, expected, "a comparison", None)
}

/// What finds every text that this one with commas is a part of: its longest piece without one, wherever it stands.
pub fn any_with(text: &str) -> String {
    match text.contains(',') {
        true => format!("*{}*", longest(text.split(','))),
        false => text.to_owned(),
    }
}

/// What finds every name that has this text anywhere in it (OAS: `x*`, `*x*`); a text with `*` says itself where.
pub fn part_of(text: &str) -> String {
    match text.contains('*') && !text.contains(',') {
        true => text.to_owned(),
        false => format!("*{}*", longest(text.split(','))),
    }
}

fn longest<'t>(pieces: impl Iterator<Item = &'t str>) -> &'t str {
    let pieces = pieces.map(|piece| piece.trim().trim_matches('*'));
    pieces
        .max_by_key(|piece| piece.chars().count())
        .unwrap_or_default()
}

/// A condition on its way into a parameter that takes it.
pub(super) struct Condition<'a> {
    pub(super) filter: &'a Filter,
    pub(super) path: &'a str,
    pub(super) zone: &'a TimeZone,
}

impl Condition<'_> {
    /// As the parameter has it.
    ///
    /// # Errors
    /// A value that the parameter does not take.
    pub(super) fn write(&self, comparison: &Comparison, ids: &mut Known<'_>) -> Result<String, ToolError> {
        if self.filter.kind == FilterKind::Range {
            return self.range(comparison);
        }
        match comparison {
            Comparison::OneOf(texts) => {
                let written = self.values(texts, ids)?;
                self.check_size(texts, &written, ids)?;
                Ok(written)
            }
            Comparison::Empty(true) if self.filter.kind == FilterKind::Agents => Ok(UNASSIGNED.to_owned()),
            Comparison::Empty(empty) => Ok(emptiness(*empty).to_owned()),
            Comparison::Begins(text) => {
                let start = text.split(',').next().unwrap_or_default();
                self.value(&format!("{start}*"), ids)
            }
            _ => Err(only_values(self.path)),
        }
    }

    /// The span; of several the one around them.
    fn range(&self, comparison: &Comparison) -> Result<String, ToolError> {
        let span = match comparison {
            Comparison::OneOf(texts) => {
                time::around(&time::each(self.path, texts, self.zone, time::MILLISECOND)?)
            }
            other => time::of(self.path, other, self.zone, time::MILLISECOND)?,
        };
        let from = span.from.unwrap_or(Timestamp::UNIX_EPOCH);
        let to = span.to.unwrap_or_else(far_future);
        Ok(format!("{},{}", time::desk(from), time::desk(to)))
    }

    /// Refuses what is more than Zoho takes, with how many of it are not.
    fn check_size(&self, texts: &[String], written: &str, ids: &mut Known<'_>) -> Result<(), ToolError> {
        let parameter = self.filter.parameter();
        if parameter.takes(written) {
            return Ok(());
        }
        let expected = match parameter.most {
            0 => format!("values of at most {} characters together", parameter.longest),
            most => format!("at most {most} values"),
        };
        let got = format!("{}, of {} characters", texts.len(), written.chars().count());
        let mut fit = |number: &usize| {
            let some = texts.get(..*number).map(|some| self.values(some, ids));
            some.and_then(Result::ok)
                .is_some_and(|written| parameter.takes(&written))
        };
        let first = (1..texts.len()).take_while(|number| fit(number)).last();
        let fix = first.map(|number| format!("the first {number} in one call and the others in more"));
        Err(ToolError::argument(self.path, expected, got, fix))
    }

    fn values(&self, texts: &[String], ids: &mut Known<'_>) -> Result<String, ToolError> {
        if is_by_number(self.filter, texts) {
            let patterns = texts.iter().filter_map(|text| phone::patterns(text)).flatten();
            return Ok(patterns.collect::<Vec<String>>().join(","));
        }
        let values = texts.iter().map(|text| self.value(&any_with(text), ids));
        Ok(values.collect::<Result<Vec<String>, ToolError>>()?.join(","))
    }

    /// The value as it goes into the query; a name stands for its id.
    fn value(&self, text: &str, ids: &mut Known<'_>) -> Result<String, ToolError> {
        let (kind, path) = (self.filter.kind, self.path);
        let refused = |expected: &str| Err(ToolError::argument(path, expected, "something else", None));
        if text.chars().any(char::is_control) {
            let expected = "text without control characters";
            return Err(ToolError::argument(path, expected, "control characters", None));
        }
        let least = self.filter.parameter().least;
        if text.chars().count() < least {
            let longer = Value::from(format!("*{}*", text.trim_matches('*')));
            let has_word = text.contains(char::is_alphanumeric);
            let fix = has_word.then(|| format!("{longer} in its place"));
            let expected = format!("at least {least} characters, for Zoho searches for no fewer");
            let got = Value::from(text).to_string();
            return Err(ToolError::argument(path, expected, got, fix));
        }
        let values = &self.filter.values;
        if !values.is_empty() {
            let known = values.iter().find(|value| same_value(value, text));
            let refused = || {
                let expected = format!("one of {}", values.join(", "));
                let fix = self.filter.instead.clone();
                ToolError::argument(path, expected, "another value", fix).naming(text)
            };
            return known.cloned().ok_or_else(refused);
        }
        match (kind, kind.refers_to()) {
            (FilterKind::Agents, _) if is_nobody(text) => Ok(UNASSIGNED.to_owned()),
            (_, Some(kind)) if !is_id(text) => Ok(ids.id_of(path, kind, text.to_owned())),
            (FilterKind::Ids, _) if !is_id(text) => Err(no_id(path)),
            (FilterKind::Flag, _) if !matches!(text, "true" | "false") => refused("true or false"),
            (FilterKind::StatusTypes, _) => match kind_of_status(text) {
                Some(word) => Ok(word.to_owned()),
                None => refused(STATUS_KINDS),
            },
            _ => Ok(text.to_owned()),
        }
    }
}

/// A condition on a custom field, as Zoho's search takes up to ten of them: `cf_size:Large`.
///
/// # Errors
/// What the search of a custom field cannot be asked for.
pub(super) fn write_custom(
    param: &str,
    name: &str,
    path: &str,
    comparison: Comparison,
) -> Result<String, ToolError> {
    let text = match comparison {
        Comparison::OneOf(texts) => {
            texts.iter().try_for_each(|text| check_custom(path, text))?;
            texts.join(",")
        }
        Comparison::Begins(text) => {
            check_custom(path, &text)?;
            format!("{text}*")
        }
        Comparison::Empty(empty) => emptiness(empty).to_owned(),
        _ => return Err(only_values(path)),
    };
    let written = format!("{name}:{text}");
    let longest = modules::parameter(param).longest;
    match longest > 0 && written.chars().count() > longest {
        true => {
            let expected = format!("a name and values of at most {longest} characters together");
            let fix = Some("fewer values a call".to_owned());
            Err(ToolError::argument(path, expected, "more", fix))
        }
        false => Ok(written),
    }
}

fn check_custom(path: &str, text: &str) -> Result<(), ToolError> {
    if text.contains(',') {
        let start = text.split(',').next().unwrap_or_default().trim();
        let fix = format!(
            "{{\"starts_with\":{}}}, and look through what is found",
            Value::from(start)
        );
        let got = "a text with a comma, which Zoho reads as several values";
        return Err(ToolError::argument(path, "a text without commas", got, Some(fix)));
    }
    match text.chars().any(char::is_control) {
        true => {
            let (expected, got) = ("a text or a number", "something else");
            Err(ToolError::argument(path, expected, got, None))
        }
        false => Ok(()),
    }
}

/// Desk's words for having no value, and for having any.
fn emptiness(empty: bool) -> &'static str {
    if empty { "${empty}" } else { "${notempty}" }
}

/// What the kinds of status are called.
pub(super) const STATUS_KINDS: &str = "Open, On Hold or Closed";

/// Desk's word for a kind of status in a query.
pub(super) fn kind_of_status(text: &str) -> Option<&'static str> {
    match fold(text).as_str() {
        _ if text.trim_start().starts_with('-') => None, // a sign that leaves it out
        "open" => Some("${OPEN}"),
        "onhold" => Some("${ONHOLD}"),
        "closed" => Some("${CLOSED}"),
        _ => None,
    }
}

/// Whether a text is the word for having nobody.
pub(super) fn is_nobody(text: &str) -> bool {
    matches!(fold(text).as_str(), "unassigned" | "nobody" | "none")
}

/// Whether a text is an id.
pub(super) fn is_id(text: &str) -> bool {
    text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn far_future() -> Timestamp {
    Timestamp::new(4_102_444_800, 0).unwrap_or(Timestamp::MAX) // 2100-01-01
}
