//! Rows of a list that are no records: errors in their place, and what shows none.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::zoho::ZohoError;

/// A row that Zoho refuses, or that shows no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The records before it on its page.
    pub after: usize,
    /// Why it is none of them.
    pub why: Why,
}

/// Why a row is no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Zoho refuses it.
    Zoho {
        /// Its code.
        code: String,
        /// Its sentence.
        message: String,
    },
    /// Nobody refuses it, and it shows none.
    NoRecord(NoRecord),
}

/// What a row that shows no record lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NoRecord {
    /// It has no id, where each row of the list has one.
    Nameless,
    /// It is something else than an object.
    NoObject,
    /// None of its members has a value.
    Blank,
}

impl NoRecord {
    /// As it is told.
    pub fn words(self) -> &'static str {
        match self {
            NoRecord::NoObject => "no object",
            NoRecord::Blank => "nothing in it",
            NoRecord::Nameless => "no id",
        }
    }
}

impl Refused {
    /// Those among the records of a page from `first` on: so many of them, or all that follow.
    pub fn take_among(errors: Vec<Refused>, first: usize, records: Option<usize>) -> Vec<Refused> {
        let errors = errors.into_iter().filter(|error| error.after >= first);
        let errors = errors.map(|error| Refused {
            after: error.after - first,
            ..error
        });
        errors
            .filter(|error| records.is_none_or(|records| error.after < records))
            .collect()
    }

    /// A row that shows no record, behind so many of its page.
    pub fn without_a_record(after: usize, why: NoRecord) -> Self {
        Refused {
            after,
            why: Why::NoRecord(why),
        }
    }

    /// What it lacks, where it is a row that shows no record.
    pub fn no_record(&self) -> Option<NoRecord> {
        match self.why {
            Why::NoRecord(why) => Some(why),
            Why::Zoho { .. } => None,
        }
    }

    /// The error that a row is, if it is one.
    pub fn of(row: &Value) -> Option<Refused> {
        let mut sayings = Sayings::default();
        for (key, value) in row.as_object()?.iter().filter(|_| row.get("id").is_none()) {
            sayings.hear(key, value);
        }
        sayings.refused()
    }

    /// The refusal of all there is.
    pub fn to_error(&self) -> ZohoError {
        match &self.why {
            Why::NoRecord(why) => ZohoError::Unavailable {
                message: format!(
                    "Zoho's answer could not be read: its rows show no records ({})",
                    why.words()
                ),
                seconds: None,
            },
            Why::Zoho { code, message } => ZohoError::Rejected {
                status: 200,
                code: code.clone(),
                message: message.clone(),
                fields: Vec::new(),
                body: Box::default(),
            },
        }
    }
}

/// What a row says of itself that would make it an error: of a record nothing but its own fields.
#[derive(Debug, Default)]
pub(super) struct Sayings(Map<String, Value>);

impl Sayings {
    /// Whether an error has a member of this name.
    pub(super) fn want(key: &str) -> bool {
        matches!(key, "code" | "errorCode" | "message" | "status")
    }

    pub(super) fn hear(&mut self, key: &str, value: &Value) {
        if Sayings::want(key) && value.is_string() {
            self.0.insert(key.to_owned(), value.clone());
        }
    }

    /// The error that a row without an id is: CRM's `{code, message, status:"error"}`, Desk's `{errorCode, message}`.
    pub(super) fn refused(mut self) -> Option<Refused> {
        let is_crms = self.0.get("status").is_some_and(|status| status == "error");
        let mut word = |key: &str| match self.0.remove(key) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        let code = word("errorCode").or_else(|| word("code").filter(|_| is_crms))?;
        let message = word("message").unwrap_or_default();
        Some(Refused {
            after: 0,
            why: Why::Zoho { code, message },
        })
    }
}

/// How many rows are no records for which reason: those that Zoho refused by its words, and the others by what they lack.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Reasons {
    /// Each code with its sentence.
    refused: Vec<(String, String, u64)>,
    /// What rows lack that show none.
    no_records: BTreeMap<NoRecord, u64>,
}

impl Reasons {
    /// Those of so many rows.
    pub fn of(rows: &[Refused]) -> Self {
        let mut reasons = Reasons::default();
        reasons.add(rows);
        reasons
    }

    /// Counts these, too.
    pub fn add(&mut self, rows: &[Refused]) {
        for row in rows {
            match &row.why {
                Why::NoRecord(why) => *self.no_records.entry(*why).or_default() += 1,
                Why::Zoho { code, message } => {
                    let same =
                        |(known, words, _): &&mut (String, String, u64)| known == code && words == message;
                    match self.refused.iter_mut().find(same) {
                        Some((_, _, times)) => *times += 1,
                        None => self.refused.push((code.clone(), message.clone(), 1)),
                    }
                }
            }
        }
    }

    /// How many there are.
    pub fn rows(&self) -> u64 {
        self.refused().saturating_add(self.no_records())
    }

    fn refused(&self) -> u64 {
        self.refused.iter().map(|(_, _, rows)| rows).sum()
    }

    fn no_records(&self) -> u64 {
        self.no_records.values().sum()
    }

    /// As members of an answer: each reason, and for how many rows.
    pub fn members(&self) -> impl Iterator<Item = (&'static str, Value)> {
        let refused = self
            .refused
            .iter()
            .map(|(code, message, rows)| json!({ "code": code, "message": message, "count": rows }));
        let lacking = self
            .no_records
            .iter()
            .map(|(why, rows)| json!({ "why": why.words(), "count": rows }));
        let members = [("refused", refused.collect()), ("no_records", lacking.collect())];
        members
            .into_iter()
            .filter(|(_, reasons): &(&str, Vec<Value>)| !reasons.is_empty())
            .map(|(name, reasons)| (name, Value::Array(reasons)))
    }

    /// As one sentence has it.
    pub fn tell(&self) -> Option<String> {
        let each: Vec<String> = self
            .refused
            .iter()
            .map(|(code, message, _)| format!("{code} ({message})"))
            .collect();
        let lacks: Vec<&str> = self.no_records.keys().map(|why| why.words()).collect();
        let refused = (!each.is_empty())
            .then(|| format!("{} rows refused by Zoho: {}", self.refused(), each.join(", ")));
        let odd = (!lacks.is_empty()).then(|| {
            format!(
                "{} rows of Zoho's answer show no record ({})",
                self.no_records(),
                lacks.join(", ")
            )
        });
        let told: Vec<String> = refused.into_iter().chain(odd).collect();
        (!told.is_empty()).then(|| told.join("; "))
    }
}
