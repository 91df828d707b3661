//! What rows have shown of themselves when conditions were put to them: what could be compared, and what could not.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::fitting::Unlike;
use super::{Sieve, Test, Wanted};
use crate::tools::error::ToolError;

/// What is known of the rows that were looked at; an export keeps it with how far it has come.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Findings {
    rows: u64,
    /// The members of which rows had a value that could be compared, and how many had.
    compared: BTreeMap<String, u64>,
    /// The members with a value of another kind than the condition, whatever else the rows are.
    unlike: BTreeMap<String, Odd>,
    /// Those of them for which rows are left out, and how many.
    odd: BTreeMap<String, u64>,
    /// The conditions Zoho was asked for that rows contradict, and how many do.
    contradicted: BTreeMap<String, u64>,
    /// Rows that were found by a part of a text of which the whole is wanted.
    parts: u64,
}

/// A condition and a member that cannot be compared.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Odd {
    rows: u64,
    path: String,
    expected: String,
    got: String,
}

impl Findings {
    pub(super) fn look_at_one(&mut self) {
        self.rows += 1;
    }

    pub(super) fn compare(&mut self, test: &Test) {
        match self.compared.get_mut(&test.field) {
            Some(rows) => *rows += 1,
            None => _ = self.compared.insert(test.field.clone(), 1),
        }
    }

    pub(super) fn see_unlike(&mut self, test: &Test, unlike: Unlike) {
        let field = &test.field;
        let odd = self.unlike.entry(field.clone()).or_insert_with(|| Odd {
            rows: 0,
            path: test.path.clone(),
            expected: unlike.expected,
            got: format!("a condition on `{field}`, which holds {}", unlike.got),
        });
        odd.rows += 1;
    }

    pub(super) fn leave_out(&mut self, test: &Test) {
        *self.odd.entry(test.field.clone()).or_default() += 1;
    }

    /// Whether there was no row to look at.
    pub fn is_untouched(&self) -> bool {
        self.rows == 0
    }

    pub(super) fn contradict(&mut self, name: &str) {
        *self.contradicted.entry(name.to_owned()).or_default() += 1;
    }

    pub(super) fn leave_out_part(&mut self) {
        self.parts += 1;
    }

    /// How many rows are left out for which condition that Zoho was asked for, as a member of an answer has it.
    pub fn contradicting(&self) -> Option<Value> {
        let each = self.contradicted.iter();
        let each = each.map(|(name, rows)| json!({ "condition": name, "count": rows }));
        (!self.contradicted.is_empty()).then(|| each.collect())
    }

    /// Told of rows that are left out because they show something else than Zoho was asked for.
    pub fn tell_contradicting(&self) -> Option<String> {
        let names: Vec<&str> = self.contradicted.keys().map(String::as_str).collect();
        let names = names.join(", ");
        match self.contradicted.values().sum() {
            0_u64 => None,
            1 => Some(format!(
                "1 row of Zoho's answer contradicts the condition it was asked for ({names}) and is left out."
            )),
            rows => Some(format!(
                "{rows} rows of Zoho's answer contradict the conditions it was asked for ({names}) and are left out."
            )),
        }
    }

    /// Refuses a condition that is of another kind than all there is to compare: as a mistake, where there are no rows
    /// yet that would be lost by it.
    ///
    /// # Errors
    /// It is such a condition.
    pub fn check(&self, loses_rows: bool) -> Result<(), ToolError> {
        let mut unlike = self.unlike.iter();
        let mistaken = unlike.find(|(field, _)| !loses_rows && !self.compared.contains_key(*field));
        match mistaken {
            Some((_, odd)) => Err(ToolError::argument(&odd.path, &odd.expected, &odd.got, None)),
            None => Ok(()),
        }
    }

    /// Told of rows that are left out because nobody can say whether they fit.
    pub fn tell_odd(&self) -> Option<String> {
        let fields: Vec<&str> = self.odd.keys().map(String::as_str).collect();
        let fields = fields.join(", ");
        match self.odd.values().sum() {
            0_u64 => None,
            1 => Some(format!(
                "1 record could not be compared by {fields} and is left out."
            )),
            rows => Some(format!(
                "{rows} records could not be compared by {fields} and are left out."
            )),
        }
    }
}

impl Sieve {
    /// The members that conditions are on and no row had a value of: it may be that these rows do not carry them.
    pub fn unseen(&self, findings: &Findings) -> Vec<String> {
        let known =
            |field: &str| findings.compared.contains_key(field) || findings.unlike.contains_key(field);
        let fields = self.fields().filter(|field| findings.rows > 0 && !known(field));
        fields.map(str::to_owned).collect()
    }

    /// What is told of these, of rows that have nothing of which a condition is on a part, and of those it could not be
    /// put to.
    pub fn tell(&self, findings: &Findings) -> impl Iterator<Item = String> {
        let parts = self.fields().filter_map(|field| {
            let (whole, _) = field.split_once('.')?;
            let unlike = findings.unlike.get(field).map_or(0, |odd| odd.rows);
            let has = findings.compared.get(field)? + unlike;
            Some((findings.rows.saturating_sub(has), whole))
        });
        let parts = parts.filter(|(rows, _)| *rows > 0);
        let parts = parts.map(|(rows, whole)| {
            let records = if rows == 1 { "record" } else { "records" };
            format!("{rows} {records} of these have no `{whole}` to compare.")
        });
        let unseen = tell_unseen(&self.unseen(findings));
        let wholes = self.tell_parts(findings);
        let told = unseen.into_iter().chain(parts).chain(wholes);
        told.chain(findings.tell_odd())
    }

    /// What is told of rows that Zoho found by a part of a text, where the whole was asked for.
    pub fn tell_parts(&self, findings: &Findings) -> Option<String> {
        let wholes = self.tests.iter();
        let wholes = wholes.filter(|test| matches!(test.wanted, Wanted::Whole(_)));
        let fields: Vec<&str> = wholes.map(|test| test.name.as_str()).collect();
        let (rows, fields) = (findings.parts, fields.join(", "));
        let told = || {
            format!(
                "{rows} more whose {fields} only holds what was asked for are left out: Zoho finds parts, too."
            )
        };
        (rows > 0).then(told)
    }
}

/// What is told of members that no row has shown.
pub fn tell_unseen(fields: &[String]) -> Option<String> {
    let told = || {
        format!(
            "None of them shows {}: empty in all, or not shown there or to this user.",
            fields.join(", ")
        )
    };
    (!fields.is_empty()).then(told)
}
