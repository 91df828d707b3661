//! The criteria of search and of custom views: `((Field:operator:value)and(Field:operator:value))`.

use serde_json::{Value, json};

use super::answer;
use super::filter::{Expr, Kind, Op, Test, kind};
use super::schema::{Field, Module};
use crate::http::Reply;

const MOST: usize = 10;

/// Reads a criteria text for a module.
pub(crate) fn parse(module: &Module, text: &str) -> Result<Expr, Reply> {
    if text.chars().count() > 3_000 {
        return Err(answer::refuse(
            400,
            "CRITERIA_LIMIT_EXCEEDED",
            &json!({ "maximum_length": 3_000 }),
            "criteria limit exceeded",
        ));
    }
    let mut reader = Reader {
        module,
        rest: text.trim(),
    };
    let expr = reader.joined()?;
    if !reader.rest.is_empty() {
        return Err(malformed("unexpected text after the criteria"));
    }
    if expr.count() > MOST {
        return Err(answer::refuse(
            400,
            "CRITERIA_LIMIT_EXCEEDED",
            &json!({ "limit": MOST }),
            "criteria limit exceeded",
        ));
    }
    Ok(expr)
}

struct Reader<'a> {
    module: &'a Module,
    rest: &'a str,
}

impl Reader<'_> {
    fn joined(&mut self) -> Result<Expr, Reply> {
        let mut any = Vec::new();
        let mut all = vec![self.unit()?];
        loop {
            self.rest = self.rest.trim_start();
            if self.word("and") {
                all.push(self.unit()?);
            } else if self.word("or") {
                any.push(Expr::All(std::mem::take(&mut all)));
                all.push(self.unit()?);
            } else {
                break;
            }
        }
        any.push(Expr::All(all));
        Ok(Expr::Any(any))
    }

    fn word(&mut self, word: &str) -> bool {
        let found = self
            .rest
            .get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word));
        if found {
            self.rest = &self.rest[word.len()..];
        }
        found
    }

    fn unit(&mut self) -> Result<Expr, Reply> {
        self.rest = self.rest.trim_start();
        if !self.word("(") {
            return Err(malformed("a condition has to stand in parentheses"));
        }
        self.rest = self.rest.trim_start();
        let expr = if self.rest.starts_with('(') {
            self.joined()?
        } else {
            Expr::Test(self.condition()?)
        };
        self.rest = self.rest.trim_start();
        if self.word(")") {
            Ok(expr)
        } else {
            Err(malformed("a parenthesis is not closed"))
        }
    }

    fn condition(&mut self) -> Result<Test, Reply> {
        let end = unescaped(self.rest, ')').ok_or_else(|| malformed("a parenthesis is not closed"))?;
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        let mut parts = text.splitn(3, ':');
        let (Some(name), Some(operator), Some(value)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(malformed("a condition is Field:operator:value"));
        };
        test(self.module, name.trim(), operator.trim(), value)
    }
}

fn test(module: &Module, name: &str, operator: &str, value: &str) -> Result<Test, Reply> {
    let base = name
        .strip_suffix(".id")
        .or_else(|| name.strip_suffix(".name"))
        .unwrap_or(name);
    let details = |reason: &str| json!({ "reason": reason, "api_name": name, "operator": operator });
    let field = module.field(base).filter(|field| {
        !matches!(field.data_type.as_str(), "subform" | "jsonarray") && (base == name || field.is_lookup())
    });
    let field = field.ok_or_else(|| wrong(&details("the field is not available in search")))?;
    let (op, negated) = operation(field, operator)
        .ok_or_else(|| wrong(&details("the operator does not fit the field's type")))?;
    let values = match op {
        Op::In | Op::Between => split(value),
        _ => vec![unescape(value)],
    };
    let fits = match op {
        Op::Between => values.len() == 2,
        Op::In => values.len() <= 100,
        _ => true,
    };
    if !fits || values.iter().any(|value| value.trim().is_empty()) {
        return Err(wrong(&details("the number of values does not fit the operator")));
    }
    Test::new(field, base, op, negated, &values)
        .ok_or_else(|| wrong(&details("the value does not fit the field's type")))
}

/// The operator's meaning for a field of this type, and whether it is the opposite that is asked for.
fn operation(field: &Field, operator: &str) -> Option<(Op, bool)> {
    let kind = kind(field);
    let ordered = matches!(kind, Kind::Number | Kind::Whole | Kind::Date | Kind::DateTime);
    let data_type = field.data_type.as_str();
    match operator {
        // `equals` on plain text finds the words inside it.
        "equals" | "not_equal" => {
            let inside = matches!(data_type, "text" | "textarea");
            Some((
                if inside { Op::Contains } else { Op::Equal },
                operator == "not_equal",
            ))
        }
        "starts_with"
            if matches!(
                data_type,
                "text" | "textarea" | "email" | "phone" | "website" | "multiselectpicklist"
            ) =>
        {
            Some((Op::StartsWith, false))
        }
        "in" if !matches!(data_type, "textarea" | "boolean") => Some((Op::In, false)),
        "greater_than" if ordered => Some((Op::Greater, false)),
        "greater_equal" if ordered => Some((Op::GreaterEqual, false)),
        "less_than" if ordered => Some((Op::Less, false)),
        "less_equal" if ordered => Some((Op::LessEqual, false)),
        "between" if ordered => Some((Op::Between, false)),
        _ => None,
    }
}

/// Where `wanted` stands without a backslash before it.
pub(crate) fn unescaped(text: &str, wanted: char) -> Option<usize> {
    let mut escaped = false;
    for (index, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == wanted => return Some(index),
            _ => {}
        }
    }
    None
}

fn split(text: &str) -> Vec<String> {
    let mut values = Vec::new();
    let mut rest = text;
    while let Some(comma) = unescaped(rest, ',') {
        values.push(unescape(&rest[..comma]));
        rest = &rest[comma + 1..];
    }
    values.push(unescape(rest));
    values
}

fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        plain.push(if letter == '\\' {
            letters.next().unwrap_or('\\')
        } else {
            letter
        });
    }
    plain
}

fn malformed(reason: &str) -> Reply {
    wrong(&json!({ "reason": reason }))
}

fn wrong(details: &Value) -> Reply {
    answer::refuse(400, "INVALID_QUERY", details, "invalid query formed")
}
