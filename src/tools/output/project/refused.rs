//! Rows of a list that are no records: errors in their place, and what shows none.

use serde_json::{Map, Value, json};

use crate::zoho::ZohoError;

/// In place of Zoho's code, of a row that shows no record.
const NO_RECORD: &str = "NO_RECORD";

/// A row that Zoho refuses, or that shows no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The records before it on its page.
    pub after: usize,
    /// Zoho's code.
    pub code: String,
    /// Zoho's sentence.
    pub message: String,
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

    /// A row that shows no record, behind so many of its page: it is none that says nothing.
    pub fn without_a_record(after: usize) -> Self {
        Refused {
            after,
            code: NO_RECORD.to_owned(),
            message: "nothing in the row is known".to_owned(),
        }
    }

    /// What is told of so many rows with the same code, or the same codes.
    pub fn tell(rows: u64, codes: &str) -> String {
        match codes.starts_with(NO_RECORD) {
            true => format!("{rows} rows of Zoho's answer show no record"),
            false => format!("{rows} rows refused by Zoho: {codes}"),
        }
    }

    /// Whether it is a row that shows no record.
    pub fn is_no_record(&self) -> bool {
        self.code == NO_RECORD
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
        if self.is_no_record() {
            return ZohoError::Unavailable {
                message: "Zoho's answer could not be read: its rows show no records".to_owned(),
                seconds: None,
            };
        }
        ZohoError::Rejected {
            status: 200,
            code: self.code.clone(),
            message: self.message.clone(),
            fields: Vec::new(),
            body: Box::default(),
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
            code,
            message,
        })
    }
}

/// How many rows were refused for which reason, as it is told.
pub fn count_by_reason(rows: &[Refused]) -> Vec<Value> {
    let mut reasons: Vec<(&Refused, usize)> = Vec::new();
    for row in rows {
        let same =
            |(known, _): &&mut (&Refused, usize)| known.code == row.code && known.message == row.message;
        match reasons.iter_mut().find(same) {
            Some((_, times)) => *times += 1,
            None => reasons.push((row, 1)),
        }
    }
    let told = reasons
        .into_iter()
        .map(|(row, times)| json!({ "code": row.code, "message": row.message, "count": times }));
    told.collect()
}

/// How many rows were refused with which code, and how many show no record, as one sentence has it.
pub fn describe_refused(rows: &[Refused]) -> Option<String> {
    let (odd, refused): (Vec<&Refused>, Vec<&Refused>) = rows.iter().partition(|row| row.is_no_record());
    let mut each: Vec<String> = Vec::new();
    for row in &refused {
        let reason = format!("{} ({})", row.code, row.message);
        if !each.contains(&reason) {
            each.push(reason);
        }
    }
    let kinds = [
        (refused.len(), each.join(", ")),
        (odd.len(), NO_RECORD.to_owned()),
    ];
    let kinds = kinds.into_iter().filter(|(rows, _)| *rows > 0);
    let told: Vec<String> = kinds
        .map(|(rows, codes)| Refused::tell(rows as u64, &codes))
        .collect();
    (!told.is_empty()).then(|| told.join("; "))
}
