//! Conditions of a CRM search, `((Field:operator:value)and(Field:operator:value))`: each as the type of its field wants it.

use jiff::tz::TimeZone;
use serde_json::Value;

use super::ListQuery;
use super::comparison::{self, Comparison, End};
use super::ids::Known;
use super::time::{self, Span};
use crate::names::{fold, pointer};
use crate::tools::error::ToolError;
use crate::tools::modules::{CRM_SYSTEM, Kind, Module};

/// Conditions that one search takes.
pub const MOST_CONDITIONS: usize = 10;
/// Values that one condition takes.
const MOST_VALUES: usize = 100;

/// What the type of a field makes of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// A day.
    Day,
    /// An instant.
    Instant,
    Number,
    /// A user of the organization.
    User,
    Flag,
    /// A record of another module.
    Record,
    /// One value of a list.
    Choice,
    /// What Zoho numbers records by: with a prefix it is no number.
    Numbering,
    /// Values without an order.
    Text,
    /// Nobody says: the value's own form decides.
    Unknown,
}

impl Sort {
    /// By Zoho's word for the type of a field.
    fn of(data_type: &str) -> Self {
        match data_type {
            "date" => Sort::Day,
            "datetime" => Sort::Instant,
            "integer" | "bigint" | "double" | "currency" | "percent" | "rollup_summary" => Sort::Number,
            "ownerlookup" | "userlookup" => Sort::User,
            "boolean" => Sort::Flag,
            "lookup" => Sort::Record,
            "picklist" => Sort::Choice,
            "autonumber" => Sort::Numbering,
            "" | "formula" => Sort::Unknown,
            _ => Sort::Text,
        }
    }

    fn in_words(self) -> &'static str {
        match self {
            Sort::Day => "a date",
            Sort::Instant => "a time",
            Sort::Number => "a number",
            Sort::User => "a user",
            Sort::Flag => "true or false",
            Sort::Record => "a record of another module",
            Sort::Choice => "one value of a list",
            Sort::Numbering => "a number that Zoho gives, with its prefix",
            Sort::Text | Sort::Unknown => "a text",
        }
    }
}

/// These conditions of a query.
///
/// # Errors
/// A condition that CRM's search cannot express, or that the field's type does not have.
pub(super) fn write(
    query: &ListQuery<'_>,
    filters: &[(&str, &Value)],
    zone: &TimeZone,
    known: &mut Known<'_>,
) -> Result<String, ToolError> {
    let mut parts = Vec::new();
    for (name, value) in filters {
        let path = pointer::below("/filters", name);
        let field = api_name(query.module, name);
        if !is_api_name(&field) {
            let refused = ToolError::argument(&path, "a field by its API name", "a name that is none", None);
            return Err(refused.naming(&field));
        }
        let comparison = comparison::read(&path, value)?;
        let condition = Condition {
            path: &path,
            sort: sort_of(&field, &comparison, query.module, known),
            refers_to: query.module.lookups.get(&field).map(String::as_str),
            field,
            module: &query.module.name,
            zone,
        };
        parts.extend(condition.written(&comparison, known)?);
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

/// What a field is: what every module has is known, the settings of the module say the rest where it matters.
fn sort_of(field: &str, comparison: &Comparison, module: &Module, known: &mut Known<'_>) -> Sort {
    match field {
        "Created_Time" | "Modified_Time" | "Last_Activity_Time" => return Sort::Instant,
        "Owner" | "Created_By" | "Modified_By" => return Sort::User,
        "id" => return Sort::Text,
        _ => {}
    }
    if module.lookups.contains_key(field) {
        return Sort::Record;
    }
    let plain = |text: &String| !comparison::is_time(text) && !text.eq_ignore_ascii_case("me");
    let by_itself = match comparison {
        Comparison::OneOf(texts) | Comparison::NoneOf(texts) => texts.iter().all(plain),
        Comparison::Empty(_) => true,
        // The beginning of a value of a list is nothing that Zoho finds by.
        Comparison::Between(..) | Comparison::Begins(_) => false,
    };
    if by_itself && module.fields.iter().any(|own| own == field) {
        return Sort::Unknown;
    }
    Sort::of(known.type_of(field))
}

struct Condition<'a> {
    path: &'a str,
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
            Comparison::Empty(empty) => Err(self.only_by_query(*empty)),
            Comparison::OneOf(texts) => self.one_of(texts, known),
            Comparison::NoneOf(_) if self.sort == Sort::Instant => {
                let got = "a day to be left out, which Zoho CRM's search cannot";
                let fix = "{\"lt\":day} before it and {\"gt\":day} behind, one call each".to_owned();
                Err(ToolError::argument(self.path, "times that fit", got, Some(fix)))
            }
            Comparison::NoneOf(texts) => {
                let values = self.values(texts, known)?;
                Ok(values.iter().map(|value| self.test("not_equal", value)).collect())
            }
            Comparison::Between(from, to) => self.span(comparison, from.as_ref(), to.as_ref()),
            Comparison::Begins(text) => match self.sort {
                Sort::Text | Sort::Unknown => Ok(vec![self.test("starts_with", &self.value(text)?)]),
                _ => Err(self.unfit()),
            },
        }
    }

    fn one_of(&self, texts: &[String], known: &mut Known<'_>) -> Result<Vec<String>, ToolError> {
        if self.sort == Sort::Instant {
            if !texts.iter().all(|text| comparison::is_time(text)) {
                return Err(self.unfit());
            }
            let spans = time::each(self.path, texts, self.zone, time::SECOND)?;
            let tests: Vec<String> = spans.iter().map(|span| self.within(span)).collect();
            return Ok(vec![either(&tests)]);
        }
        let values = self.values(texts, known)?;
        let operator = if values.len() > 1 { "in" } else { "equals" };
        Ok(vec![self.test(operator, &values.join(","))])
    }

    fn span(
        &self,
        comparison: &Comparison,
        from: Option<&End>,
        to: Option<&End>,
    ) -> Result<Vec<String>, ToolError> {
        let timed = || {
            let mut ends = [from, to].into_iter().flatten();
            ends.any(|end| comparison::is_time(&end.text))
        };
        match self.sort {
            Sort::Day | Sort::Number => self.between(from, to),
            Sort::Unknown if !timed() => self.between(from, to),
            Sort::Instant | Sort::Unknown => {
                let span = time::of(self.path, comparison, self.zone, time::SECOND)?;
                Ok(vec![self.within(&span)])
            }
            Sort::User | Sort::Flag | Sort::Record | Sort::Choice | Sort::Numbering | Sort::Text => {
                Err(self.unfit())
            }
        }
    }

    /// Instants between two others.
    fn within(&self, span: &Span) -> String {
        let written = |instant| escape(&time::crm(instant, self.zone));
        match (span.from, span.to) {
            (Some(from), Some(to)) if from == to => self.test("equals", &written(from)),
            (Some(from), Some(to)) => self.test("between", &format!("{},{}", written(from), written(to))),
            (Some(from), None) => self.test("greater_equal", &written(from)),
            (_, to) => self.test("less_equal", &to.map(written).unwrap_or_default()),
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
        let sides = [
            (from, "greater_equal", "greater_than"),
            (to, "less_equal", "less_than"),
        ];
        let sides = sides.into_iter().filter_map(|(end, inside, outside)| {
            let operator = if end?.inside { inside } else { outside };
            Some((end?, operator))
        });
        sides
            .map(|(end, operator)| Ok(self.test(operator, &value(end)?)))
            .collect()
    }

    fn check_order(&self, from: &str, to: &str) -> Result<(), ToolError> {
        let turned = match self.sort {
            Sort::Number => from.parse::<f64>().ok() > to.parse::<f64>().ok(),
            Sort::Day => from > to,
            _ => false,
        };
        match turned {
            true => {
                let (expected, got) = ("`from` before `to`", "an end before the start");
                Err(ToolError::argument(self.path, expected, got, None))
            }
            false => Ok(()),
        }
    }

    fn values(&self, texts: &[String], known: &mut Known<'_>) -> Result<Vec<String>, ToolError> {
        if texts.len() > MOST_VALUES {
            let expected = format!("at most {MOST_VALUES} values");
            return Err(ToolError::argument(
                self.path,
                expected,
                texts.len().to_string(),
                None,
            ));
        }
        let is_id = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let value = |text: &String| match self.sort {
            Sort::User if !is_id(text) => Ok(known.id_of(self.path, Kind::User, text.clone())),
            Sort::Record if !is_id(text) => {
                let module = self.refers_to.or_else(|| known.module_of(&self.field));
                let module = module.ok_or_else(|| self.unfit())?;
                Ok(known.record_id_of(self.path, module, text.clone()))
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
                self.path,
                expected,
                "control characters",
                None,
            ));
        }
        match self.sort {
            Sort::Day => Ok(time::day(self.path, text)?.to_string()),
            Sort::Number if text.parse::<f64>().is_ok_and(f64::is_finite) => Ok(text.to_owned()),
            Sort::Flag if matches!(text, "true" | "false") => Ok(text.to_owned()),
            Sort::Number | Sort::Flag => Err(self.unfit()),
            _ => Ok(escape(text)),
        }
    }

    fn test(&self, operator: &str, value: &str) -> String {
        format!("({}:{operator}:{value})", self.field)
    }

    /// The value does not fit the field.
    fn unfit(&self) -> ToolError {
        let fits = match self.sort {
            Sort::Day => {
                "a day like \"2026-01-31\", {\"from\":\"2026-01-01\",\"to\":\"2026-01-31\"}, {\"gt\":day} or {\"lt\":day}"
            }
            Sort::Instant => {
                "a day, {\"from\":\"2026-01-01\",\"to\":\"2026-01-31\"}, {\"gt\":time} or {\"lt\":time}"
            }
            Sort::Number => {
                "a number, a list of them, {\"from\":1,\"to\":9}, {\"gt\":1}, {\"lt\":9} or {\"not\":1}"
            }
            Sort::User => "an id, a name, an e-mail address, `me`, a list of them, or {\"not\":one}",
            Sort::Flag => "true, false, or {\"not\":true}",
            Sort::Record => {
                "the id of a record, or its name where the field refers to one module, a list of them, or {\"not\":one}"
            }
            Sort::Choice => "a whole value, a list of them, or {\"not\":value}; get_fields lists them",
            Sort::Numbering => "a whole value as records have it, a list of them, or {\"not\":value}",
            Sort::Text | Sort::Unknown => "a text, a list of texts, {\"starts_with\":text} or {\"not\":text}",
        };
        let got = format!("something else; `{}` is {}", self.field, self.sort.in_words());
        ToolError::argument(self.path, fits, got, None)
    }

    /// CRM's search knows no missing values; its queries do.
    fn only_by_query(&self, empty: bool) -> ToolError {
        let test = if empty { "is null" } else { "is not null" };
        let fix = format!(
            "run_coql_query: select id from {} where {} {test}",
            self.module, self.field
        );
        let got = "a condition on having a value, which Zoho CRM's search does not have";
        ToolError::argument(self.path, "a value", got, Some(fix))
    }
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
