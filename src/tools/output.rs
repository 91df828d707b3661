//! What the model reads: projected records with links, within a budget, repairs and notes told.

pub mod conversation;
pub mod currency;
pub mod fence;
pub mod fitting;
pub mod history;
pub mod html;
pub mod length;
pub mod list;
mod marks;
mod mentions;
mod odd_ids;
pub mod project;
pub mod quotation;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use project::{Reasons, Refused};
use serde_json::{Map, Value, json};

use super::cleaning;
use super::modules::{Fact, Module};
use crate::connections::Product;
use crate::names::{clean_line, clip};
use crate::repair::Repair;
use crate::zoho::Session;

/// Characters of a part of an answer whatever was made of it: each kind of answer has a budget of its own below that.
const MOST: usize = 2 * list::BUDGET;
/// Characters of a text in a part that is longer.
const LEAST: usize = 500;
/// Remarks of one answer, and characters of one.
const MOST_NOTES: usize = 40;
const LONGEST_NOTE: usize = 6_000;

/// A successful answer before the story adds repairs and notes.
#[derive(Debug, Default)]
pub struct Answer {
    /// The members of `structuredContent`.
    pub body: Map<String, Value>,
    /// Remarks for the caller.
    pub notes: Vec<String>,
    /// The picture that is the answer.
    pub image: Option<Image>,
    /// What was put right beside the arguments' notation: names that became ids.
    pub repairs: Vec<Repair>,
    /// JSON Pointers of arguments that may be wrong, for nothing was found by them.
    pub unsure: Vec<String>,
    /// Nothing in `data` was written outside: it needs no fence.
    pub of_our_own: bool,
    /// Parts of the answer beside `data` that people outside wrote.
    pub untrusted: BTreeSet<String>,
    /// The field that a member of `data` shows, where the caller gave it another name.
    pub renamed: BTreeMap<String, String>,
}

/// A picture that goes with an answer.
#[derive(Debug)]
pub struct Image {
    /// `image/png`, `image/jpeg`, `image/gif` or `image/webp`, and truly that.
    pub media_type: &'static str,
    /// All of it.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// Adds a member.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.body.insert(key.to_owned(), value.into());
        self
    }

    /// Tells the moment that the answer holds for.
    #[must_use]
    pub fn held_at(self, now: Timestamp) -> Self {
        self.with("as_of", now.to_string())
    }

    /// Whether what it shows would be told otherwise at another moment.
    pub(super) fn goes_by_now(&self) -> bool {
        self.body.get("data").is_some_and(Fact::is_told_by_time)
    }

    /// The finished answer: text from outside fenced and named, the repairs of the arguments before its own, the notes.
    pub(super) fn finish(mut self, first: impl Iterator<Item = Repair>) -> Self {
        cleaning::clean_members(&mut self.body);
        cleaning::take_out_fences(&mut self.body);
        let mut beside = Vec::new();
        for (key, part) in &mut self.body {
            if fitting::fit_value(part, MOST, LEAST) {
                beside.push(key.as_str());
            }
        }
        if !beside.is_empty() {
            let told = format!(
                "Cut, texts to {LEAST} characters and lists to what fits: {}. Ask for less at a time: one record, one \
                 field.",
                beside.join(", ")
            );
            self.notes.push(told);
            self.body.insert("complete".to_owned(), Value::Bool(false));
        }
        if let Some(data) = self.body.get_mut("data").filter(|_| !self.of_our_own) {
            self.notes.extend(odd_ids::tell(data));
            self.untrusted.append(&mut fence::fence(data, &self.renamed));
        }
        if !self.untrusted.is_empty() {
            self.body.insert("untrusted".to_owned(), json!(self.untrusted));
        }
        self.repairs = first.chain(std::mem::take(&mut self.repairs)).collect();
        if !self.repairs.is_empty() {
            let mut repairs = told(&self.repairs);
            cleaning::write_out_value(&mut repairs);
            self.body.insert("repairs".to_owned(), repairs);
        }
        if !self.notes.is_empty() {
            let more = self.notes.len().saturating_sub(MOST_NOTES);
            self.notes.truncate(MOST_NOTES);
            self.notes
                .extend((more > 0).then(|| format!("And {more} more remarks.")));
            self.notes.iter_mut().for_each(|note| {
                *note = clip(
                    &cleaning::without_fences(&clean_line(note.as_str())),
                    LONGEST_NOTE,
                )
            });
            self.body.insert("notes".to_owned(), json!(self.notes));
        }
        self
    }

    /// Tells which rows of its list are errors in place of records.
    #[must_use]
    pub fn tell_refused(self, refused: &[Refused]) -> Self {
        let reasons = Reasons::of(refused);
        let Some(told) = reasons.tell() else {
            return self;
        };
        let mut answer = self.with("complete", false);
        let members = reasons.members();
        answer
            .body
            .extend(members.map(|(name, value)| (name.to_owned(), value)));
        answer.notes.push(format!("{told}. They are not in `data`."));
        answer
    }

    /// An answer whose `data` holds no text from outside: metadata, settings, findings of the server itself.
    #[must_use]
    pub fn of_our_own(mut self) -> Self {
        self.of_our_own = true;
        self
    }

    /// Tells repairs.
    #[must_use]
    pub fn with_repairs(mut self, repairs: Vec<Repair>) -> Self {
        self.repairs.extend(repairs);
        self
    }
}

/// Receipts of repairs; one for all arguments that were left out because they said nothing.
fn told(repairs: &[Repair]) -> Value {
    let is_absent = |repair: &&Repair| repair.rule == "absent_optional";
    let paths: Vec<&str> = repairs
        .iter()
        .filter(is_absent)
        .map(|repair| repair.path.as_str())
        .collect();
    if paths.len() < 2 {
        return json!(repairs);
    }
    let absent = json!({ "rule": "absent_optional", "paths": paths, "to": "left out" });
    let others = repairs
        .iter()
        .filter(|repair| !is_absent(repair))
        .map(|repair| json!(repair));
    std::iter::once(absent).chain(others).collect()
}

/// The link to a record in Zoho's web application, for records that bring none.
pub fn link_of(session: &Session, module: &Module, id: &str) -> Option<String> {
    let tab = match (session.product(), module.tab.as_deref()) {
        (_, Some(tab)) => tab,
        (Product::Crm, None) if module.custom => &module.name,
        (_, None) => return None,
    };
    session.link(tab, &module.name, id)
}
