//! Conditions on records, the same for rows that are stored and for tickets that exist only as a seed.

use std::borrow::Borrow;

use serde_json::Value;

use super::modules::Row;

/// Anything that can be asked for the values of its fields.
pub(crate) trait Fields {
    /// True when `test` accepts a value of the field; `None` stands for a field without a value. Lists are tested item by item.
    fn any(&self, name: &str, test: &mut dyn FnMut(Option<&str>) -> bool) -> bool;
}

impl Fields for Row {
    fn any(&self, name: &str, test: &mut dyn FnMut(Option<&str>) -> bool) -> bool {
        if name == "_all" {
            return self
                .iter()
                .filter(|(key, _)| !key.starts_with('_'))
                .any(|(_, value)| any_of(value, test));
        }
        match name.split_once('.') {
            Some((outer, inner)) => match self.get(outer) {
                Some(Value::Object(object)) => object.any(inner, test),
                _ => test(None),
            },
            None => any_of(self.get(name).unwrap_or(&Value::Null), test),
        }
    }
}

fn any_of(value: &Value, test: &mut dyn FnMut(Option<&str>) -> bool) -> bool {
    match value {
        Value::Null => test(None),
        Value::String(text) if text.is_empty() => test(None),
        Value::String(text) => test(Some(text)),
        Value::Bool(flag) => test(Some(if *flag { "true" } else { "false" })),
        Value::Array(items) if items.is_empty() => test(None),
        Value::Array(items) => items.iter().any(|item| any_of(item, test)),
        Value::Number(number) => test(Some(&number.to_string())),
        Value::Object(_) => false,
    }
}

/// One condition.
#[derive(Debug, Clone)]
pub(crate) struct Clause {
    pub(crate) field: String,
    pub(crate) test: Test,
}

/// What a field's value must be.
#[derive(Debug, Clone)]
pub(crate) enum Test {
    /// One of these, in any case; an empty list accepts nothing.
    OneOf(Vec<String>),
    /// None of these, or no value.
    NoneOf(Vec<String>),
    /// A text that fits one of the patterns.
    Like(Vec<Pattern>),
    /// A time, both ends included, in Desk's own notation.
    Between(String, String),
    Empty,
    NotEmpty,
    /// One of the clauses holds; the field is not looked at.
    Either(Vec<Clause>),
}

impl Clause {
    /// The field is one of the values.
    pub(crate) fn one_of<S: Into<String>>(field: &str, values: impl IntoIterator<Item = S>) -> Self {
        Clause {
            field: field.to_owned(),
            test: Test::OneOf(values.into_iter().map(Into::into).collect()),
        }
    }

    /// The field has this value.
    pub(crate) fn is(field: &str, value: &str) -> Self {
        Self::one_of(field, [value])
    }

    /// The field fits the condition.
    pub(crate) fn new(field: &str, test: Test) -> Self {
        Clause {
            field: field.to_owned(),
            test,
        }
    }

    /// One of several conditions holds.
    pub(crate) fn either(clauses: Vec<Clause>) -> Self {
        Clause::new("", Test::Either(clauses))
    }

    /// True when the record fulfils the condition.
    pub(crate) fn holds(&self, record: &dyn Fields) -> bool {
        match &self.test {
            Test::Either(clauses) => clauses.iter().any(|clause| clause.holds(record)),
            Test::NoneOf(_) => !record.any(&self.field, &mut |value| !self.test.accepts(value)),
            test => record.any(&self.field, &mut |value| test.accepts(value)),
        }
    }
}

impl Test {
    /// Whether a value is as it must be; of a list one such value is enough, and none of those that it must not be.
    pub(crate) fn accepts(&self, value: Option<&str>) -> bool {
        let Some(value) = value else {
            return matches!(self, Test::Empty | Test::NoneOf(_));
        };
        match self {
            Test::OneOf(values) => values.iter().any(|one| equal(one, value)),
            Test::NoneOf(values) => !values.iter().any(|one| equal(one, value)),
            Test::Like(patterns) => patterns.iter().any(|pattern| pattern.fits(value)),
            Test::Between(from, to) => from.as_str() <= value && value <= to.as_str(),
            Test::NotEmpty => true,
            Test::Empty | Test::Either(_) => false,
        }
    }
}

/// True when all conditions hold.
pub(crate) fn all<C: Borrow<Clause>>(clauses: &[C], record: &dyn Fields) -> bool {
    clauses.iter().all(|clause| clause.borrow().holds(record))
}

fn equal(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        one.eq_ignore_ascii_case(other)
    } else {
        one.to_lowercase() == other.to_lowercase()
    }
}

/// A search text: every word must occur, or, with `*`, the whole value must fit.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    words: Vec<String>,
    glob: Option<Vec<String>>,
    exact: bool,
    whole: bool,
}

impl Pattern {
    /// Words anywhere in the value; `*` stands for any text.
    pub(crate) fn contains(text: &str) -> Self {
        let text = text.to_lowercase();
        let glob = text
            .contains('*')
            .then(|| text.split('*').map(str::to_owned).collect());
        Pattern {
            words: text.split_whitespace().map(str::to_owned).collect(),
            glob,
            exact: false,
            whole: false,
        }
    }

    /// The words, each as a whole word of the value.
    pub(crate) fn whole(text: &str) -> Self {
        Pattern {
            whole: true,
            ..Self::contains(&text.replace('*', " "))
        }
    }

    /// The value itself, in any case; `*` stands for any text.
    pub(crate) fn exactly(text: &str) -> Self {
        Pattern {
            words: vec![text.to_lowercase()],
            exact: true,
            ..Self::contains(text)
        }
    }

    /// Parts without a blank that a value which fits holds, and whether every value that holds them fits.
    pub(crate) fn parts(&self) -> (Vec<&str>, bool) {
        let is_enough = match &self.glob {
            None => !self.exact && !self.whole,
            Some(parts) => matches!(&parts[..], [first, middle, last]
                if first.is_empty() && last.is_empty() && middle.split_whitespace().eq([middle.as_str()])),
        };
        let texts = self.glob.as_ref().unwrap_or(&self.words);
        let parts: Vec<&str> = texts.iter().flat_map(|text| text.split_whitespace()).collect();
        let is_enough = is_enough && !parts.is_empty();
        (parts, is_enough)
    }

    /// True when the value fits.
    pub(crate) fn fits(&self, value: &str) -> bool {
        self.fits_lower(&value.to_lowercase())
    }

    /// True when the value, which is in lower case, fits.
    pub(crate) fn fits_lower(&self, value: &str) -> bool {
        match &self.glob {
            Some(parts) => fits_glob(value, parts),
            None if self.exact => self.words.iter().all(|word| value == *word),
            None if self.whole => self.words.iter().all(|word| has_word(value, word)),
            None => self.words.iter().all(|word| value.contains(word.as_str())),
        }
    }
}

fn has_word(value: &str, word: &str) -> bool {
    let is_apart = |at: usize| {
        let before = value[..at].chars().next_back();
        let after = value[at + word.len()..].chars().next();
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    };
    value.match_indices(word).any(|(at, _)| is_apart(at))
}

fn fits_glob(value: &str, parts: &[String]) -> bool {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
        return false;
    };
    let Some(mut rest) = value.strip_prefix(first.as_str()) else {
        return false;
    };
    for part in &parts[1..parts.len() - 1] {
        match rest.find(part.as_str()) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last.as_str())
}
