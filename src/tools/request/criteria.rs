//! Conditions of a CRM search, `((Field:operator:value)and(Field:operator:value))`: each as the type of its field wants it.

mod parts;
mod refusals;
mod sort;

use jiff::tz::TimeZone;
use serde_json::Value;
use sort::{Sort, sort_of};
pub use sort::{has_beginnings, is_user};
pub(super) use sort::{is_for_rows, values_of, with_ids};

use super::ListQuery;
use super::comparison::{self, Comparison, End};
use super::ids::Known;
use super::number::{number, plain_number};
use super::parameter::no_id;
use super::time::{self, Span};
use crate::names::{fold, pointer};
use crate::tools::error::ToolError;
use crate::tools::modules::{CRM_SYSTEM, Kind, Module};

/// Conditions that one search takes.
pub const MOST_CONDITIONS: usize = 10;
/// Values that one condition takes.
pub(super) const MOST_VALUES: usize = 100;

/// These conditions of a query; more than once where one of them has more values than a call takes, each time with others
/// of them.
///
/// # Errors
/// A condition that CRM's search cannot express, or that the field's type does not have.
pub(super) fn write(
    query: &ListQuery<'_>,
    filters: &[(&str, &Value)],
    zone: &TimeZone,
    known: &mut Known<'_>,
) -> Result<Vec<String>, ToolError> {
    let mut conditions = read(query, filters, zone, known)?;
    let mut parts = conditions
        .iter()
        .map(|(condition, comparison)| condition.parts(comparison, known));
    let parts: Vec<Option<Vec<Comparison>>> = parts.by_ref().collect::<Result<_, ToolError>>()?;
    let Some((divided, parts)) = parts
        .into_iter()
        .enumerate()
        .find_map(|(at, parts)| Some((at, parts?)))
    else {
        return Ok(vec![joined(&conditions, known)?]);
    };
    let mut all = Vec::new();
    for part in parts {
        if let Some((_, comparison)) = conditions.get_mut(divided) {
            *comparison = part;
        }
        all.push(joined(&conditions, known)?);
    }
    Ok(all)
}

/// Refuses what none of these conditions of a query can be, whoever compares.
///
/// # Errors
/// A condition that the field's type does not have.
pub(super) fn check(
    query: &ListQuery<'_>,
    filters: &[(&str, &Value)],
    zone: &TimeZone,
    known: &mut Known<'_>,
) -> Result<(), ToolError> {
    for (condition, comparison) in read(query, filters, zone, known)? {
        condition.written(&comparison, known)?;
    }
    Ok(())
}

/// The conditions on their fields.
fn read<'q>(
    query: &'q ListQuery<'_>,
    filters: &[(&str, &Value)],
    zone: &'q TimeZone,
    known: &mut Known<'_>,
) -> Result<Vec<(Condition<'q>, Comparison)>, ToolError> {
    let mut conditions = Vec::new();
    for (name, value) in filters {
        let path = pointer::below("/filters", name);
        let field = api_name(query.module, name);
        if !is_api_name(&field) {
            let refused = ToolError::argument(&path, "a field by its API name", "a name that is none", None);
            return Err(refused.naming(&field));
        }
        let read = comparison::read(&path, value);
        let comparison = read.or_else(|refused| comparison::pair_as_a_set(value).ok_or(refused))?;
        refusals::check_not_trashed(&field, &path, &comparison)?;
        let condition = Condition {
            sort: sort_of(&field, &comparison, query, known),
            refers_to: query.module.refers_to(&field),
            path,
            field,
            module: &query.module.name,
            zone,
        };
        conditions.push((condition, comparison));
    }
    Ok(conditions)
}

/// All of the conditions in one.
fn joined(conditions: &[(Condition<'_>, Comparison)], known: &mut Known<'_>) -> Result<String, ToolError> {
    let mut parts = Vec::new();
    for (condition, comparison) in conditions {
        if matches!(comparison, Comparison::NoneOf(texts) if texts.len() > MOST_CONDITIONS) {
            return Err(condition.too_many_left_out(comparison));
        }
        parts.extend(condition.written(comparison, known)?);
    }
    // Each day of several is a condition of its own.
    let number: usize = parts.iter().map(|part| part.matches(")or(").count() + 1).sum();
    if number > MOST_CONDITIONS {
        let expected = format!("at most {MOST_CONDITIONS} conditions");
        return Err(ToolError::argument("/filters", expected, "more", None));
    }
    Ok(match parts.as_slice() {
        [one] => one.clone(),
        several => format!("({})", several.join("and")),
    })
}

struct Condition<'a> {
    path: String,
    field: String,
    sort: Sort,
    /// The module of the records its field refers to, where the module file knows it.
    refers_to: Option<&'a str>,
    module: &'a str,
    zone: &'a TimeZone,
}

impl Condition<'_> {
    fn written(&self, comparison: &Comparison, known: &mut Known<'_>) -> Result<Vec<String>, ToolError> {
        match comparison {
            _ if known.waits_for_types() => Ok(Vec::new()), // nothing is sent yet
            _ if self.sort == Sort::Apart => Err(self.unfit()),
            Comparison::Empty(_) | Comparison::OneOrEmpty(_) if self.sort == Sort::Flag => Err(self.unfit()),
            Comparison::Empty(_) | Comparison::OneOrEmpty(_) => Err(self.not_listed()),
            Comparison::OneOf(texts) => self.one_of(texts, known),
            Comparison::NoneOf(texts) if self.sort == Sort::Instant => {
                let spans = self.days(texts)?;
                Ok(spans.iter().map(|span| self.outside(span)).collect())
            }
            Comparison::Not(inner) => match inner.as_ref() {
                Comparison::Between(from, to) => self.not_between(inner, from.as_ref(), to.as_ref()),
                Comparison::OneOrEmpty(_) if self.sort != Sort::Flag => Err(self.not_listed()),
                _ => Err(self.unfit()),
            },
            Comparison::NoneOf(texts) => {
                let values = self.values(texts, known)?;
                Ok(values.iter().map(|value| self.test("not_equal", value)).collect())
            }
            Comparison::Between(from, to) => self.span(comparison, from.as_ref(), to.as_ref()),
            Comparison::Begins(text) => match self.sort.has_beginnings() {
                true => Ok(vec![self.test("starts_with", &self.value(text)?)]),
                false => Err(self.unfit()),
            },
        }
    }

    fn one_of(&self, texts: &[String], known: &mut Known<'_>) -> Result<Vec<String>, ToolError> {
        if self.sort == Sort::Instant {
            let spans = self.days(texts)?;
            let tests: Vec<String> = spans.iter().map(|span| self.within(span)).collect();
            return Ok(vec![either(&tests)]);
        }
        let values = self.values(texts, known)?;
        if matches!(self.sort, Sort::Lines | Sort::Flag) {
            // These have no `in`.
            let tests: Vec<String> = values.iter().map(|value| self.test("equals", value)).collect();
            return Ok(vec![either(&tests)]);
        }
        let operator = if values.len() > 1 { "in" } else { "equals" };
        Ok(vec![self.test(operator, &values.join(","))])
    }

    /// The span of each day or instant that is named.
    fn days(&self, texts: &[String]) -> Result<Vec<Span>, ToolError> {
        match texts.iter().all(|text| comparison::is_time(text)) {
            true => time::each(&self.path, texts, self.zone, time::SECOND),
            false => Err(self.unfit()),
        }
    }

    fn span(
        &self,
        comparison: &Comparison,
        from: Option<&End>,
        to: Option<&End>,
    ) -> Result<Vec<String>, ToolError> {
        if self.has_plain_order(from, to)? {
            return self.between(from, to);
        }
        let span = time::of(&self.path, comparison, self.zone, time::SECOND)?;
        Ok(vec![self.within(&span)])
    }

    /// What lies before a span or behind it.
    fn not_between(
        &self,
        span: &Comparison,
        from: Option<&End>,
        to: Option<&End>,
    ) -> Result<Vec<String>, ToolError> {
        if !self.has_plain_order(from, to)? {
            let span = time::of(&self.path, span, self.zone, time::SECOND)?;
            return Ok(vec![self.outside(&span)]);
        }
        self.between(from, to)?; // its ends are in order
        Ok(vec![either(&self.sides([from, to], beyond)?)])
    }

    /// Whether ends are compared as they are written, days and numbers; else they are instants.
    fn has_plain_order(&self, from: Option<&End>, to: Option<&End>) -> Result<bool, ToolError> {
        let mut ends = [from, to].into_iter().flatten();
        match self.sort {
            Sort::Day | Sort::Number => Ok(true),
            Sort::Unknown => Ok(!ends.any(|end| comparison::is_time(&end.text))),
            Sort::Instant => Ok(false),
            _ => Err(self.unfit()),
        }
    }

    /// Instants before a span or behind it.
    fn outside(&self, span: &Span) -> String {
        let ends = [(span.from, true), (span.to, false)].into_iter();
        let sides = ends.filter_map(|(end, is_first)| {
            let written = escape(&time::crm(end?, self.zone));
            Some(self.test(beyond(is_first, true), &written))
        });
        either(&sides.collect::<Vec<String>>())
    }

    /// Instants between two others.
    fn within(&self, span: &Span) -> String {
        let written = |instant| escape(&time::crm(instant, self.zone));
        match (span.from, span.to) {
            (Some(from), Some(to)) if from == to => self.test("equals", &written(from)),
            (Some(from), Some(to)) => self.test("between", &format!("{},{}", written(from), written(to))),
            (Some(from), None) => self.test(within(true, true), &written(from)),
            (_, to) => self.test(within(false, true), &to.map(written).unwrap_or_default()),
        }
    }

    /// Days or numbers between two others.
    fn between(&self, from: Option<&End>, to: Option<&End>) -> Result<Vec<String>, ToolError> {
        let value = |end: &End| self.value(&end.text);
        if let (Some(from), Some(to)) = (from, to)
            && from.inside
            && to.inside
        {
            let (from, to) = (value(from)?, value(to)?);
            self.check_order(&from, &to)?;
            return Ok(vec![match from == to {
                true => self.test("equals", &from),
                false => self.test("between", &format!("{from},{to}")),
            }]);
        }
        self.sides([from, to], within)
    }

    /// A test for each end that is named.
    fn sides(&self, ends: [Option<&End>; 2], operator: Operator) -> Result<Vec<String>, ToolError> {
        let ends = ends.into_iter().zip([true, false]);
        let ends = ends.filter_map(|(end, is_first)| Some((end?, is_first)));
        ends.map(|(end, is_first)| Ok(self.test(operator(is_first, end.inside), &self.value(&end.text)?)))
            .collect()
    }

    fn check_order(&self, from: &str, to: &str) -> Result<(), ToolError> {
        let turned = match self.sort {
            Sort::Number => number(from) > number(to),
            Sort::Day => from > to,
            _ => false,
        };
        match turned {
            true => {
                let (expected, got) = ("`from` before `to`", "an end before the start");
                Err(ToolError::argument(&self.path, expected, got, None))
            }
            false => Ok(()),
        }
    }

    fn values(&self, texts: &[String], known: &mut Known<'_>) -> Result<Vec<String>, ToolError> {
        match texts.len() > MOST_VALUES {
            true => Err(self.too_many(texts.len())),
            false => self.written_values(texts, known),
        }
    }

    fn written_values(&self, texts: &[String], known: &mut Known<'_>) -> Result<Vec<String>, ToolError> {
        let is_id = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let value = |text: &String| match self.sort {
            _ if self.field == "id" && !is_id(text) => Err(no_id(&self.path)),
            Sort::User if !is_id(text) => Ok(known.id_of(&self.path, Kind::User, text.clone())),
            Sort::Record if !is_id(text) => {
                let module = self.refers_to.or_else(|| known.module_of(&self.field));
                let module = module.ok_or_else(|| self.unfit())?;
                Ok(known.record_id_of(&self.path, module, text.clone()))
            }
            _ => self.value(text),
        };
        texts.iter().map(value).collect()
    }

    /// A value as the criteria take it.
    fn value(&self, text: &str) -> Result<String, ToolError> {
        if text.chars().any(char::is_control) {
            let expected = "text without control characters";
            return Err(ToolError::argument(
                &self.path,
                expected,
                "control characters",
                None,
            ));
        }
        match self.sort {
            Sort::Day => Ok(time::day(&self.path, text)?.to_string()),
            Sort::Number => plain_number(text).ok_or_else(|| self.unfit()),
            Sort::Flag if matches!(text, "true" | "false") => Ok(text.to_owned()),
            Sort::Flag => Err(self.unfit()),
            _ => Ok(escape(text)),
        }
    }

    fn test(&self, operator: &str, value: &str) -> String {
        format!("({}:{operator}:{value})", self.field)
    }
}

/// The word for a side of an end: whether that is the first of two, and whether it lies inside itself.
type Operator = fn(bool, bool) -> &'static str;

/// The side of an end that lies inside.
fn within(is_first: bool, inside: bool) -> &'static str {
    match (is_first, inside) {
        (true, true) => "greater_equal",
        (true, false) => "greater_than",
        (false, true) => "less_equal",
        (false, false) => "less_than",
    }
}

/// The side of an end that lies outside: what the other end's inner side is, where this end is not among it.
fn beyond(is_first: bool, inside: bool) -> &'static str {
    within(!is_first, !inside)
}

/// Conditions of which one is enough.
fn either(tests: &[String]) -> String {
    match tests {
        [one] => one.clone(),
        several => format!("({})", several.join("or")),
    }
}

/// CRM's criteria take `\` before parentheses, commas and backslashes of a value.
fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        if matches!(c, '(' | ')' | ',' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Nothing else may stand where a condition names its field; `Account_Name.name` reaches into a lookup.
fn is_api_name(name: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '$');
    name.starts_with(|c: char| c.is_alphabetic() || c == '$') && name.chars().all(inner)
}

/// The API name of a field that was written in another case or style.
pub(super) fn api_name(module: &Module, name: &str) -> String {
    let folded = fold(name);
    let system = CRM_SYSTEM.into_iter().chain(["Email", "Phone"]);
    let mut known = module.fields.iter().map(String::as_str).chain(system);
    known
        .find(|field| fold(field) == folded)
        .map_or_else(|| name.to_owned(), str::to_owned)
}
