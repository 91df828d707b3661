//! A change that is planned and not sent: what it does, who sees it, how it is taken back, how it is found again. A tool that
//! writes makes one of these, and nothing else.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::parts::{each, named};
use super::steps::{Step, Touched};
use crate::connections::Product;
use crate::names::{clip, write_out};
use crate::repair::Repair;
use crate::tools::digest::{as_seen, canonical, digest, digest_of};
use crate::tools::output::Answer;
use crate::tools::policy::Weight;
use crate::tools::request::operation::Sending;
use crate::zoho::Effect;

/// Characters of one value in a preview: as long as a text of Desk can be.
const MOST_SHOWN: usize = 65_535;

/// What the function of a tool that writes comes to.
#[derive(Debug)]
pub enum Plan {
    /// Something is to be sent.
    Act(Box<Planned>),
    /// Nothing is: it is so already.
    Answer(Box<Answer>),
}

/// A change that is planned.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Which API.
    pub product: Product,
    /// The module, as answers name it.
    pub module: String,
    /// The record it is about; none where it makes one.
    pub id: Option<String>,
    /// What people call the record: `case #101 "Lantern"`.
    pub label: String,
    /// The record's page.
    pub link: Option<String>,
    /// The page of a record that it makes, with `{id}` in the place of the id.
    pub link_of_made: Option<String>,
    /// When the record was changed last, as Zoho writes it; none where that does not matter.
    pub seen: Option<String>,
    /// What is done, in a few words: `change 2 fields`.
    pub what: String,
    /// What is other afterwards.
    pub changes: Vec<Change>,
    /// Who outside sees it.
    pub reach: Reach,
    /// It stands beside the record and takes the place of nothing there: a draft, a comment.
    pub is_aside: bool,
    /// The calls it is, in order: each is sent once, and none after one that did not succeed.
    pub steps: Vec<Step>,
    /// What a person types to agree to it where it cannot be taken back: the number people know the record by.
    pub word: Option<String>,
    /// The act that this one takes back.
    pub undoes: Option<String>,
    /// It takes back the making of a record, with what others have put beside it since.
    pub is_of_record: bool,
    /// Something like it was done to the same record, and nobody knows whether that happened.
    pub may_be_twice: bool,
    /// Of another act on the same record nobody knows whether it happened, or it takes back what was found by looking and may be
    /// what somebody else did.
    pub is_uncertain: bool,
    /// Where Zoho's answer names what it made of the record, a JSON Pointer.
    pub shows: Option<String>,
    /// Told with the preview and with the answer.
    pub notes: Vec<String>,
    /// What was put right in the arguments.
    pub repairs: Vec<Repair>,
}

/// What is other afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// As people call the field.
    pub label: String,
    /// What stands there, in words; none where there was nothing.
    pub before: Option<String>,
    /// What will stand there; none where it is cleared.
    pub after: Option<String>,
}

/// Who outside sees a change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Nobody.
    #[default]
    Inside,
    /// A customer.
    Customer,
}

impl Planned {
    /// A change of a record inside the house that nothing is known of yet but the call it is.
    pub fn new(product: Product, module: &str, what: impl Into<String>, step: impl Into<Step>) -> Self {
        Planned::of_steps(product, module, what, vec![step.into()])
    }

    /// The same of several calls.
    pub fn of_steps(product: Product, module: &str, what: impl Into<String>, steps: Vec<Step>) -> Self {
        Planned {
            product,
            module: module.to_owned(),
            id: None,
            label: module.to_owned(),
            link: None,
            link_of_made: None,
            seen: None,
            what: what.into(),
            changes: Vec::new(),
            reach: Reach::Inside,
            is_aside: false,
            steps,
            word: None,
            undoes: None,
            is_of_record: false,
            may_be_twice: false,
            is_uncertain: false,
            shows: None,
            notes: Vec::new(),
            repairs: Vec::new(),
        }
    }

    /// What it is to those it concerns.
    pub fn weight(&self) -> Weight {
        let is_first = self.undoes.is_none();
        let takes_away = self.steps.iter().any(|step| step.call.effect == Effect::Remove);
        match () {
            () if is_first && !self.can_be_undone() => Weight::Final,
            () if self.reach == Reach::Customer
                || is_first && takes_away
                || self.is_of_record
                || self.records().len() > 1 =>
            {
                Weight::Heavy
            }
            () if self.is_aside => Weight::Aside,
            () => Weight::Plain,
        }
    }

    /// Whether nobody can say what it comes to: a person decides, whatever the policy leaves to the assistant.
    pub fn is_doubtful(&self) -> bool {
        self.may_be_twice || self.is_uncertain
    }

    /// Whether all of it can be taken back.
    fn can_be_undone(&self) -> bool {
        self.steps.iter().all(|step| step.undo.is_some())
    }

    /// A mark of what is sent, whichever words it was asked for in.
    pub fn mark(&self) -> String {
        let call = |step: &Step| {
            let Sending {
                effect,
                method,
                path,
                query,
                body,
                known_by,
                file,
                attached,
                ..
            } = &step.call;
            let body = known_by.as_ref().or(body.as_ref());
            let files: Vec<Value> = file
                .iter()
                .chain(attached)
                .map(|file| json!([file.name, digest_of(&file.bytes)]))
                .collect();
            let all = json!([method, path, query, body, files]);
            match effect {
                // What is new and looks the same is the same; a field can be given a blank more.
                Effect::Create | Effect::Send => as_seen(&all),
                _ => all,
            }
        };
        let calls: Vec<Value> = self.steps.iter().map(call).collect();
        digest(&canonical(&json!([self.product.as_str(), calls, self.undoes])))
    }

    /// The records it changes, each once.
    pub fn records(&self) -> Vec<&Touched> {
        each(self.steps.iter().flat_map(|step| &step.records))
    }

    /// The records that an act on several changes: the first of them by name, the others counted.
    pub fn named(&self) -> Vec<String> {
        named(&self.records())
    }

    /// The change, a line for what was and one for what will be.
    pub fn lines(&self) -> Vec<String> {
        let line = |sign: char, label: &str, value: &Option<String>| {
            let value = value.as_ref()?;
            Some(format!("{sign} {}: {}", clip(label, 60), shown(value)))
        };
        let both = |change: &Change| {
            [
                line('-', &change.label, &change.before),
                line('+', &change.label, &change.after),
            ]
        };
        self.changes.iter().flat_map(both).flatten().collect()
    }

    /// Who will see it, and whether it can be taken back.
    pub fn consequences(&self) -> String {
        let seen = match self.reach {
            Reach::Inside if self.is_aside => "No customer sees it.",
            Reach::Inside => "No customer sees it, unless a rule in Zoho sends something.",
            Reach::Customer => "A CUSTOMER SEES IT.",
        };
        let back = match (self.can_be_undone(), &self.undoes) {
            (true, _) => "undo_write can take it back.",
            (false, Some(_)) => "It takes back an earlier act.",
            (false, None) => "It CANNOT be taken back.",
        };
        match self.records().len() {
            0 | 1 => format!("{seen} {back}"),
            many => format!("{many} records. {seen} {back}"),
        }
    }
}

/// A value in one line, all of it: what a person agrees to without having seen it, they did not agree to. A sign that hides
/// stands there as it is written in JSON, an end of a line as a sign of its own, so that no text looks like another line.
fn shown(value: &str) -> String {
    let lines: Vec<&str> = value.split("\r\n").flat_map(|part| part.split('\n')).collect();
    let line = write_out(&lines.join(" \u{23ce} ")).into_owned();
    match line.chars().count().saturating_sub(MOST_SHOWN) {
        0 => line,
        more => format!(
            "{} [{more} more characters are sent and not shown]",
            clip(&line, MOST_SHOWN)
        ),
    }
}
