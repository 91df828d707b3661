//! Rows of a list that are errors in place of records.

use serde_json::{Map, Value, json};

use crate::zoho::ZohoError;

/// A row that Zoho refuses.
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

/// How many rows were refused with which code, as one sentence has it.
pub fn describe_refused(rows: &[Refused]) -> Option<String> {
    let each = count_by_reason(rows).into_iter().map(|reason| {
        let text = |key: &str| {
            reason
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        format!("{} ({})", text("code"), text("message"))
    });
    let each: Vec<String> = each.collect();
    (!rows.is_empty()).then(|| format!("{} rows refused by Zoho: {}", rows.len(), each.join(", ")))
}
