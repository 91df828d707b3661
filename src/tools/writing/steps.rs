//! The calls of an act, in order: what each sends, which records it is about, how it is found where Zoho's answer was lost, and
//! what takes it back.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::tools::request::operation::{MADE, Sending};

/// One call of an act.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The call.
    pub call: Sending,
    /// What it does, where the act does several things to a record: `move to Billing`.
    #[serde(default)]
    pub what: Option<String>,
    /// The records it changes; none where it makes one.
    #[serde(default)]
    pub records: Vec<Touched>,
    /// What must still hold for it to take an act back, read while that is planned: one for all, or one for each record, in
    /// their order.
    #[serde(default)]
    pub holds: Vec<Look>,
    /// How it is found where Zoho's answer to it was lost: one for all, or one for each record, in their order.
    #[serde(default)]
    pub looks: Vec<Look>,
    /// What takes it back; none where nothing does.
    #[serde(default)]
    pub undo: Option<Undo>,
    /// Where Zoho's answer says whether it happened, a JSON Pointer, and what stands there where it did not.
    #[serde(default)]
    pub fails: Option<(String, String)>,
}

/// A record that an act changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touched {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub label: String,
    /// Its page.
    #[serde(default)]
    pub link: Option<String>,
}

/// What takes a step back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Undo {
    /// In a few words: `put the fields back`.
    pub what: String,
    /// The calls, each with what must still hold for it to take back this act and nothing that came later.
    pub steps: Vec<Step>,
    /// A whole record goes, with what others have put beside it since.
    #[serde(default)]
    pub is_of_record: bool,
}

/// How something is found: a read, and what a record it gives must have.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// One segment each; `{made}` as in [`Sending`].
    pub path: Vec<String>,
    /// In order.
    #[serde(default)]
    pub query: Vec<(String, String)>,
    /// The member of the answer that holds the records, or a JSON Pointer to it; none where the answer is the record.
    #[serde(default)]
    pub list: Option<String>,
    /// JSON Pointers into the record, and the values there.
    pub is: Map<String, Value>,
    /// The same for several values, of which one stands there.
    #[serde(default)]
    pub one_of: BTreeMap<String, Vec<Value>>,
    /// The same for several values, of which none stands there.
    #[serde(default)]
    pub none_of: BTreeMap<String, Vec<Value>>,
    /// All that the act says, by JSON Pointers into the record: what the record shows of it must be so, else it is like it and
    /// another. People as a list of their addresses.
    #[serde(default)]
    pub says: Map<String, Value>,
    /// A member, and a text that begins as it does: of long ones Zoho's lists show the beginning.
    #[serde(default)]
    pub begins: Option<(String, String)>,
    /// A member, and a name that it is, whatever its case.
    #[serde(default)]
    pub named: Option<(String, String)>,
    /// The member that says when it was made, where it must be of the moment of the act.
    #[serde(default)]
    pub since: Option<String>,
    /// It is there where no record is: what was removed.
    #[serde(default)]
    pub gone: bool,
    /// It is there where no row of the list is such: what was taken off.
    #[serde(default)]
    pub unlisted: bool,
    /// The scopes the read needs.
    #[serde(default)]
    pub scopes: Vec<String>,
}

impl From<Sending> for Step {
    /// A call that nothing is known of yet but what it sends.
    fn from(call: Sending) -> Self {
        Step {
            call,
            what: None,
            records: Vec::new(),
            holds: Vec::new(),
            looks: Vec::new(),
            undo: None,
            fails: None,
        }
    }
}

impl Step {
    /// What is left of it without these records; none where nothing is.
    #[must_use]
    pub fn without(&self, ids: &BTreeSet<String>) -> Option<Self> {
        let is_left = |one: &&Touched| !ids.contains(&one.id);
        let left: Vec<Touched> = self.records.iter().filter(is_left).cloned().collect();
        if left.len() == self.records.len() {
            return Some(self.clone());
        }
        if left.is_empty() {
            return None;
        }
        let of_left = |looks: &[Look]| match looks.len() == self.records.len() {
            true => {
                let paired = looks.iter().zip(&self.records);
                let left = paired.filter(|(_, one)| !ids.contains(&one.id));
                left.map(|(look, _)| look.clone()).collect()
            }
            false => looks.to_vec(),
        };
        let mut call = self.call.clone();
        call.leave_out(ids);
        Some(Step {
            call,
            what: self.what.clone(),
            holds: of_left(&self.holds),
            looks: of_left(&self.looks),
            undo: self.undo.as_ref().and_then(|undo| undo.without(ids)),
            fails: self.fails.clone(),
            records: left,
        })
    }

    fn put_made(&mut self, id: &str) {
        put_made(&mut self.call.path, id);
        if let Some(body) = &mut self.call.body {
            put_made_into(body, id);
        }
        for look in self.holds.iter_mut().chain(&mut self.looks) {
            put_made(&mut look.path, id);
            look.is.values_mut().for_each(|value| put_made_into(value, id));
        }
        self.undo = self.undo.take().map(|undo| undo.of_made(id));
    }
}

impl Undo {
    /// The one call that takes something back.
    pub fn new(what: impl Into<String>, step: impl Into<Step>) -> Self {
        Undo::of_steps(what, vec![step.into()])
    }

    /// The same of several calls.
    pub fn of_steps(what: impl Into<String>, steps: Vec<Step>) -> Self {
        Undo {
            what: what.into(),
            steps,
            is_of_record: false,
        }
    }

    /// The same of what takes away a whole record.
    #[must_use]
    pub fn of_record(mut self) -> Self {
        self.is_of_record = true;
        self
    }

    /// What is left of it without these records; none where nothing is.
    #[must_use]
    pub fn without(&self, ids: &BTreeSet<String>) -> Option<Self> {
        let steps: Vec<Step> = self.steps.iter().filter_map(|step| step.without(ids)).collect();
        let (what, is_of_record) = (self.what.clone(), self.is_of_record);
        (!steps.is_empty()).then_some(Undo {
            what,
            steps,
            is_of_record,
        })
    }

    /// The same for what an act made, by its id.
    #[must_use]
    pub(super) fn of_made(mut self, id: &str) -> Self {
        for step in &mut self.steps {
            step.put_made(id);
        }
        self
    }
}

fn put_made(path: &mut [String], id: &str) {
    for segment in path.iter_mut().filter(|segment| *segment == MADE) {
        id.clone_into(segment);
    }
}

fn put_made_into(value: &mut Value, id: &str) {
    match value {
        Value::String(text) if text == MADE => id.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| put_made_into(item, id)),
        Value::Object(members) => members.values_mut().for_each(|member| put_made_into(member, id)),
        _ => {}
    }
}
