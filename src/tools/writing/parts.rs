//! What came of each call of an act, and of each record that a call is about: Zoho answers some calls record by record.

mod said;

use std::collections::BTreeSet;

pub(super) use said::made_id;
use said::{failed_of, is_by_record, says_success};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::steps::{Look, Step, Touched, Undo};
use crate::connections::Product;
use crate::ledger::WriteState;
use crate::tools::error::{Code, ToolError};
use crate::tools::request::operation::MADE;
use crate::zoho::{Effect, ZohoError};

/// Records of an act that are named in a preview.
const MOST_NAMED: usize = 10;
/// What somebody may write anew in a message, of which Desk keeps no moment of change (Desk's entity `thread`).
const REWRITTEN: [&str; 5] = ["content", "summary", "to", "cc", "attachmentCount"];

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// It was not sent.
    Open,
    /// It is on its way.
    Sent,
    /// Zoho carried it out, for some of its records at least.
    Done,
    /// It did not happen.
    Refused,
    /// Nobody knows.
    Unknown,
}

/// One call of an act, as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Part {
    pub(super) what: Option<String>,
    pub(super) records: Vec<Touched>,
    pub(super) looks: Vec<Look>,
    pub(super) undo: Option<Undo>,
    pub(super) outcome: Outcome,
    /// It makes a record: Zoho's answer names it.
    #[serde(default)]
    pub(super) makes: bool,
    /// Zoho answered that it took the call, and not what came of it: what is found is what this one did.
    #[serde(default)]
    pub(super) is_taken: bool,
    /// As of its step.
    #[serde(default)]
    fails: Option<(String, String)>,
    /// Records that were not changed by it.
    pub(super) failed: Vec<Failed>,
}

/// A record that was not changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Failed {
    pub(super) id: String,
    /// What Zoho says.
    pub(super) why: String,
    /// What to do about it.
    pub(super) next: String,
}

impl From<&Step> for Part {
    fn from(step: &Step) -> Self {
        let says = says(step);
        let mut looks = step.looks.clone();
        for look in looks.iter_mut().filter(|look| look.since.is_some()) {
            look.says.clone_from(&says);
        }
        Part {
            what: step.what.clone(),
            records: step.records.clone(),
            looks,
            undo: step.undo.clone(),
            outcome: Outcome::Open,
            makes: step.call.effect == Effect::Create && step.records.is_empty(),
            is_taken: false,
            fails: step.fails.clone(),
            failed: Vec::new(),
        }
    }
}

/// What a call says of what it makes, as records show it: Desk's own fields apart, people as lists, the count of its files.
fn says(step: &Step) -> Map<String, Value> {
    let body = step.call.body.as_ref();
    let members = body.and_then(|body| body.pointer("/data/0").or(Some(body)));
    let mut says = Map::new();
    for (name, value) in members.and_then(Value::as_object).into_iter().flatten() {
        match (name.as_str(), value) {
            ("cf", Value::Object(own)) => {
                says.extend(
                    own.iter()
                        .map(|(name, value)| (format!("/cf/{name}"), value.clone())),
                );
            }
            ("to" | "cc" | "fromEmailAddress", Value::String(all)) => {
                let people: Vec<&str> = all.split(',').map(str::trim).collect();
                says.insert(format!("/{name}"), json!(people));
            }
            _ => {
                says.insert(format!("/{name}"), value.clone());
            }
        }
    }
    // In which form a text is sent, Zoho tells in its own way.
    says.remove("/contentType");
    let uploaded = says.remove("/attachmentIds");
    let uploaded = uploaded
        .and_then(|ids| ids.as_array().map(Vec::len))
        .unwrap_or_default();
    if step.call.effect == Effect::Send || step.call.path.iter().any(|part| part == "draftReply") {
        says.insert(
            "/attachmentCount".to_owned(),
            json!(uploaded + step.call.attached.len()),
        );
        let content = says.get("/content").cloned();
        says.extend(content.map(|content| ("/summary".to_owned(), content)));
        // Nobody gets a copy where the call names none.
        says.entry("/cc").or_insert_with(|| json!([]));
    }
    says
}

impl Part {
    /// Whether all of it is done.
    pub(super) fn is_whole(&self) -> bool {
        self.outcome == Outcome::Done && self.failed.is_empty()
    }

    /// Whether it is about one of these records.
    pub(super) fn is_about_any(&self, ids: &BTreeSet<String>) -> bool {
        self.records.iter().any(|one| ids.contains(&one.id))
    }

    /// The records that were to be changed by it and were not, where it was sent.
    pub(super) fn undone(&self) -> Vec<String> {
        let is_left = |one: &&Touched| match self.outcome {
            Outcome::Refused => true,
            Outcome::Done => self.failed.iter().any(|failed| failed.id == one.id),
            _ => false,
        };
        self.records
            .iter()
            .filter(is_left)
            .map(|one| one.id.clone())
            .collect()
    }

    /// Whether an answer says that it was done. One of Desk may be empty where there is nothing to tell: then it is looked up,
    /// where it can be.
    pub(super) fn is_said(&self, product: Product, body: &Value) -> bool {
        match product {
            _ if self.makes => made_id(product, body).is_some() || self.looks.is_empty(),
            Product::Crm => says_success(body) || !failed_of(product, &self.records, body).is_empty(),
            Product::Desk => {
                let is_told = body.get("id").is_some_and(Value::is_string)
                    || body.as_object().is_some_and(|members| {
                        members
                            .values()
                            .filter_map(Value::as_array)
                            .any(|rows| is_by_record(product, rows))
                    });
                is_told || self.looks.is_empty() && body.get("errorCode").is_none()
            }
        }
    }

    /// Takes over when Zoho says that a record was changed last that it has just made, or what it shows of one that has no such
    /// moment: who takes it back then takes back nothing that somebody wrote since.
    pub(super) fn is_as_made(&mut self, product: Product, body: &Value) {
        let (place, at) = match product {
            Product::Desk => ("/modifiedTime", body.get("modifiedTime")),
            Product::Crm => ("/Modified_Time", body.pointer("/data/0/details/Modified_Time")),
        };
        let steps = self.undo.iter_mut().flat_map(|undo| undo.steps.iter_mut());
        let holds = steps
            .flat_map(|step| step.holds.iter_mut())
            .filter(|holds| !holds.gone && holds.path.iter().any(|part| part == MADE));
        for holds in holds.filter(|_| self.makes) {
            match at {
                Some(at @ Value::String(_)) => {
                    holds.is.insert(place.to_owned(), at.clone());
                }
                _ => holds.says.extend(REWRITTEN.iter().filter_map(|member| {
                    let shown = body.get(member).filter(|shown| !shown.is_null())?;
                    Some((format!("/{member}"), shown.clone()))
                })),
            }
        }
    }

    /// Whether what was found by looking may be what somebody else did.
    pub(super) fn may_be_of_others(&self) -> bool {
        self.makes || !self.is_taken
    }

    /// Takes over what Zoho answered to it.
    pub(super) fn took(&mut self, product: Product, body: &Value) {
        let says_no = |(place, said): &(String, String)| body.pointer(place) == Some(&json!(said));
        if self.fails.as_ref().is_some_and(says_no) {
            self.outcome = Outcome::Refused;
            return;
        }
        self.failed = failed_of(product, &self.records, body);
        self.outcome = match !self.records.is_empty() && self.failed.len() >= self.records.len() {
            true => Outcome::Refused,
            false => Outcome::Done,
        };
    }

    /// Takes over that Zoho refused it: the reason of each record, where Zoho says it, else the same for all.
    pub(super) fn was_refused(&mut self, product: Product, error: &ZohoError) {
        self.outcome = Outcome::Refused;
        if let ZohoError::Rejected { body, .. } = error {
            self.failed = failed_of(product, &self.records, body);
        }
        if self.failed.is_empty() {
            let told = ToolError::from(error.clone());
            self.all_failed(&told.error, &told.next);
        }
    }

    fn all_failed(&mut self, why: &str, next: &str) {
        let failed = |one: &Touched| Failed {
            id: one.id.clone(),
            why: why.to_owned(),
            next: next.to_owned(),
        };
        self.failed = self.records.iter().map(failed).collect();
    }

    /// Takes over what looking came to, for each look whether it is there.
    pub(super) fn was_looked_up(&mut self, there: &[bool], why: &str) {
        let is_each = there.len() == self.records.len();
        self.outcome = match (there.contains(&true), there.contains(&false)) {
            // Of several things that one call does, one alone may be somebody else's.
            (true, true) if !is_each => Outcome::Unknown,
            (true, _) => Outcome::Done,
            (false, _) => Outcome::Open,
        };
        if self.outcome == Outcome::Done && there.len() == self.records.len() {
            let missing = self.records.iter().zip(there).filter(|(_, there)| !**there);
            let failed = missing.map(|(one, _)| Failed {
                id: one.id.clone(),
                why: format!("Zoho's answer was lost ({why}); it was looked up and is not there"),
                next: "The same call sends it once more.".to_owned(),
            });
            self.failed = failed.collect();
        }
    }

    /// What takes back what it did.
    pub(super) fn undo(&self) -> Option<Undo> {
        let failed: BTreeSet<String> = self.failed.iter().map(|one| one.id.clone()).collect();
        let undo = self.undo.as_ref().filter(|_| self.outcome == Outcome::Done)?;
        undo.without(&failed)
    }
}

/// How far an act has come.
pub(super) fn state(parts: &[Part]) -> WriteState {
    let any = |outcomes: &[Outcome]| parts.iter().any(|part| outcomes.contains(&part.outcome));
    match () {
        () if any(&[Outcome::Sent, Outcome::Unknown]) => WriteState::Unknown,
        () if any(&[Outcome::Done]) => WriteState::Done,
        () => WriteState::Refused,
    }
}

/// Every record of some calls, once.
pub(super) fn each<'a>(records: impl Iterator<Item = &'a Touched>) -> Vec<&'a Touched> {
    let mut seen = BTreeSet::new();
    records.filter(|one| seen.insert(one.id.as_str())).collect()
}

/// Several records in a few lines: the first of them by name, the others counted.
pub(super) fn named(records: &[&Touched]) -> Vec<String> {
    if records.len() < 2 {
        return Vec::new();
    }
    let named = records.iter().take(MOST_NAMED).map(|one| one.label.clone());
    let more = records.len().saturating_sub(MOST_NAMED);
    named
        .chain((more > 0).then(|| format!("and {more} more")))
        .collect()
}

/// The records that everything was done to.
pub(super) fn done(parts: &[Part]) -> Vec<&Touched> {
    let is_left = |one: &Touched| {
        let of_it = |part: &&Part| part.records.iter().any(|other| other.id == one.id);
        parts
            .iter()
            .filter(of_it)
            .any(|part| part.outcome != Outcome::Done || part.failed.iter().any(|failed| failed.id == one.id))
    };
    let all = each(parts.iter().flat_map(|part| &part.records));
    all.into_iter().filter(|one| !is_left(one)).collect()
}

/// The same as a failure tells them, with what was done to a record of which more is to be done.
pub(super) fn told_done(parts: &[Part]) -> Vec<Map<String, Value>> {
    let whole = done(parts);
    let is_whole = |one: &Touched| whole.iter().any(|other| other.id == one.id);
    let mut rows: Vec<Map<String, Value>> = whole.iter().map(|one| row(one)).collect();
    for part in parts.iter().filter(|part| part.outcome == Outcome::Done) {
        for one in part.records.iter().filter(|one| !is_whole(one)) {
            if let (Some(what), false) = (&part.what, part.failed.iter().any(|failed| failed.id == one.id)) {
                let mut row = row(one);
                row.insert("what".to_owned(), json!(what));
                rows.push(row);
            }
        }
    }
    rows
}

/// What is told of the records of an act that was not done to all of them.
pub(super) fn left(parts: &[Part]) -> Map<String, Value> {
    let mut told: Map<String, Value> = Map::new();
    for part in parts {
        for one in &part.records {
            let failed = part.failed.iter().find(|failed| failed.id == one.id);
            let member = match (part.outcome, failed) {
                (_, Some(_)) | (Outcome::Refused, _) => "failed",
                (Outcome::Done, None) => continue,
                (Outcome::Open, None) => "not_sent",
                (Outcome::Sent | Outcome::Unknown, None) => "unknown",
            };
            let mut row = row(one);
            row.extend(part.what.iter().map(|what| ("what".to_owned(), json!(what))));
            if let Some(failed) = failed {
                row.insert("why".to_owned(), json!(failed.why));
                row.insert("next".to_owned(), json!(failed.next));
            }
            let list = told.entry(member).or_insert_with(|| json!([]));
            if let Value::Array(rows) = list {
                rows.push(Value::Object(row));
            }
        }
    }
    told
}

/// Leaves out of what is told of each record what the failure of all says anyway.
pub(super) fn leave_out_what_is_told(told: &mut Map<String, Value>, failure: &ToolError) {
    for rows in told.values_mut().filter_map(Value::as_array_mut) {
        for row in rows.iter_mut().filter_map(Value::as_object_mut) {
            if row.get("why").and_then(Value::as_str) == Some(failure.error.as_str()) {
                row.remove("why");
                row.remove("next");
            }
        }
    }
}

/// A record as an answer shows it.
pub(super) fn row(one: &Touched) -> Map<String, Value> {
    let mut row = Map::new();
    row.insert("id".to_owned(), json!(one.id));
    row.insert("record".to_owned(), json!(one.label));
    row.extend(one.link.iter().map(|link| ("link".to_owned(), json!(link))));
    row
}

/// The failure of an act of which nothing was done, by what Zoho says of its records.
pub(super) fn failure(parts: &[Part]) -> Option<ToolError> {
    let said_no = |part: &Part| part.fails.clone().filter(|_| part.outcome == Outcome::Refused);
    if let Some((place, said)) = parts.iter().find_map(said_no) {
        let error = format!(
            "Zoho took it and did not carry it out: {} {said}.",
            place.trim_start_matches('/')
        );
        let next = "Tell the user; the record's page shows it, with the reason.";
        return Some(ToolError::new(Code::Rejected, error, next));
    }
    let first = parts.iter().find_map(|part| part.failed.first())?;
    let error = format!("Zoho refused it: {}.", first.why.trim_end_matches('.'));
    Some(ToolError::new(Code::Rejected, error, first.next.clone()))
}
