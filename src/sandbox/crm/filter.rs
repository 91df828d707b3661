//! Conditions on records, whatever language they were written in.

use serde_json::Value;

use super::schema::Field;
use super::time;

/// What a condition asks of a value; `Negated` tests are the opposite of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Equal,
    In,
    Contains,
    StartsWith,
    EndsWith,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    Between,
    Empty,
}

/// How values of a field are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Number,
    /// Whole numbers beyond what a double can hold, ids among them.
    Whole,
    Boolean,
    Date,
    DateTime,
    Lookup,
    /// Several texts: multi-select picklists and tags.
    Many,
}

/// One condition on one column.
#[derive(Debug, Clone)]
pub(crate) struct Test {
    pub(crate) column: String,
    pub(crate) op: Op,
    pub(crate) negated: bool,
    kind: Kind,
    values: Vec<String>,
}

/// Conditions and how they are joined.
#[derive(Debug, Clone)]
pub(crate) enum Expr {
    All(Vec<Expr>),
    Any(Vec<Expr>),
    Test(Test),
}

impl Expr {
    /// True when the record the getter reads from meets the conditions.
    pub(crate) fn holds<'a>(&self, get: &dyn Fn(&str) -> Option<&'a Value>) -> bool {
        match self {
            Expr::All(parts) => parts.iter().all(|part| part.holds(get)),
            Expr::Any(parts) => parts.iter().any(|part| part.holds(get)),
            Expr::Test(test) => test.holds(get(&test.column)),
        }
    }

    /// Whether any condition is one on this column.
    pub(crate) fn asks(&self, column: &str) -> bool {
        match self {
            Expr::All(parts) | Expr::Any(parts) => parts.iter().any(|part| part.asks(column)),
            Expr::Test(test) => test.column == column,
        }
    }

    /// How many conditions there are.
    pub(crate) fn count(&self) -> usize {
        match self {
            Expr::All(parts) | Expr::Any(parts) => parts.iter().map(Expr::count).sum(),
            Expr::Test(_) => 1,
        }
    }
}

/// How values of this field are compared.
pub(crate) fn kind(field: &Field) -> Kind {
    match field.data_type.as_str() {
        "integer" | "double" | "currency" | "percent" => Kind::Number,
        "bigint" => Kind::Whole,
        "boolean" => Kind::Boolean,
        "date" => Kind::Date,
        "datetime" => Kind::DateTime,
        "lookup" | "ownerlookup" => Kind::Lookup,
        "multiselectpicklist" | "tag" => Kind::Many,
        _ => Kind::Text,
    }
}

impl Test {
    /// A condition, or `None` when a value is not of the field's type.
    pub(crate) fn new(field: &Field, column: &str, op: Op, negated: bool, values: &[String]) -> Option<Self> {
        let kind = kind(field);
        let values: Option<Vec<String>> = values.iter().map(|value| normal(kind, value)).collect();
        Some(Test {
            column: column.to_owned(),
            op,
            negated,
            kind,
            values: values?,
        })
    }

    fn holds(&self, value: Option<&Value>) -> bool {
        let value = value.filter(|value| !value.is_null());
        if self.op == Op::Between && value.is_none() {
            return false;
        }
        self.plain(value) != self.negated
    }

    fn plain(&self, value: Option<&Value>) -> bool {
        let Some(value) = value else {
            return self.op == Op::Empty;
        };
        match (self.kind, value) {
            _ if self.op == Op::Empty => value.as_array().is_some_and(Vec::is_empty),
            (Kind::Many, Value::Array(items)) => items
                .iter()
                .any(|item| self.text(item["name"].as_str().or(item.as_str()).unwrap_or(""))),
            (Kind::Lookup, Value::Object(lookup)) => ["id", "name"].iter().any(|key| {
                lookup
                    .get(*key)
                    .and_then(Value::as_str)
                    .is_some_and(|text| self.text(text))
            }),
            (Kind::Number, Value::Number(number)) => self
                .compare(number.as_f64().unwrap_or(f64::NAN), &|text: &String| {
                    text.parse().unwrap_or(f64::NAN)
                }),
            (Kind::Whole, _) => {
                let whole = value
                    .as_i64()
                    .or_else(|| value.as_str().and_then(|text| text.parse().ok()))
                    .unwrap_or_default();
                self.compare(whole, &|text: &String| text.parse().unwrap_or_default())
            }
            (_, Value::Bool(flag)) => self.text(if *flag { "true" } else { "false" }),
            (Kind::Date | Kind::DateTime, Value::String(text)) => self.compare(text.clone(), &String::clone),
            (_, Value::String(text)) => self.text(text),
            _ => false,
        }
    }

    fn text(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let first = self.values.first().map_or("", String::as_str);
        match self.op {
            Op::Contains => text.contains(first),
            Op::StartsWith => text.starts_with(first),
            Op::EndsWith => text.ends_with(first),
            _ => self.compare(text, &String::clone),
        }
    }

    fn compare<T: PartialOrd>(&self, value: T, read: &dyn Fn(&String) -> T) -> bool {
        let mut others = self.values.iter().map(read);
        let Some(first) = others.next() else { return false };
        match self.op {
            Op::Equal => value == first,
            Op::In => value == first || others.any(|other| value == other),
            Op::Greater => value > first,
            Op::GreaterEqual => value >= first,
            Op::Less => value < first,
            Op::LessEqual => value <= first,
            Op::Between => value >= first && others.next().is_some_and(|last| value <= last),
            Op::Contains | Op::StartsWith | Op::EndsWith | Op::Empty => false,
        }
    }
}

fn normal(kind: Kind, value: &str) -> Option<String> {
    let value = value.trim();
    match kind {
        Kind::Text | Kind::Lookup | Kind::Many => Some(value.to_lowercase()),
        Kind::Number => value.parse::<f64>().ok().map(|_| value.to_owned()),
        Kind::Whole => value.parse::<i64>().ok().map(|_| value.to_owned()),
        Kind::Boolean => Some(value.to_lowercase()).filter(|value| value == "true" || value == "false"),
        Kind::Date => time::is_date(value).then(|| value.to_owned()),
        Kind::DateTime => time::normal(value),
    }
}
