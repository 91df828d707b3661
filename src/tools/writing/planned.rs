//! A change that is planned and not sent: what it does, who sees it, how it is taken back, how it is found again. A tool that
//! writes makes one of these, and nothing else.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::connections::Product;
use crate::names::{clean_line, clip};
use crate::repair::Repair;
use crate::tools::output::Answer;
use crate::tools::policy::Weight;
use crate::tools::request::operation::{MADE, Sending};
use crate::zoho::Effect;

/// Characters of one value in a preview.
const MOST_SHOWN: usize = 200;
/// Lines of a preview that are shown.
const MOST_LINES: usize = 60;

/// What the function of a tool that writes comes to.
#[derive(Debug)]
pub enum Plan {
    /// Something is to be sent.
    Act(Box<Planned>),
    /// Nothing is: it is so already.
    Answer(Box<Answer>),
}

/// A change that is planned.
#[derive(Debug)]
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
    /// How many records it changes.
    pub records: usize,
    /// The one call it is.
    pub call: Sending,
    /// What takes it back; none where nothing does.
    pub undo: Option<Undo>,
    /// How it is found where Zoho's answer to it was lost.
    pub look: Option<Look>,
    /// What a person types to agree to it where it cannot be taken back: the number people know the record by.
    pub word: Option<String>,
    /// The act that this one takes back.
    pub undoes: Option<String>,
    /// Told with the answer.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Nobody.
    Inside,
    /// A customer.
    Customer,
}

/// What takes an act back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Undo {
    /// In a few words: `put the fields back`.
    pub what: String,
    /// The call.
    pub call: Sending,
    /// What must still hold for it to take back this act and nothing that came later.
    #[serde(default)]
    pub holds: Option<Look>,
    /// What takes this back in turn.
    #[serde(default)]
    pub back: Option<Box<Undo>>,
}

/// How something is found: a read, and what a record it gives must have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// One segment each; `{made}` as in [`Sending`].
    pub path: Vec<String>,
    /// In order.
    #[serde(default)]
    pub query: Vec<(String, String)>,
    /// The member of the answer that holds the records; none where the answer is the record.
    #[serde(default)]
    pub list: Option<String>,
    /// JSON Pointers into the record, and the values there.
    pub is: Map<String, Value>,
    /// The member that says when it was made, where it must be of the moment of the act.
    #[serde(default)]
    pub since: Option<String>,
    /// The scopes the read needs.
    #[serde(default)]
    pub scopes: Vec<String>,
}

impl Planned {
    /// A change of a record inside the house that nothing is known of yet but the call it is.
    pub fn new(product: Product, module: &str, what: impl Into<String>, call: Sending) -> Self {
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
            records: 1,
            call,
            undo: None,
            look: None,
            word: None,
            undoes: None,
            notes: Vec::new(),
            repairs: Vec::new(),
        }
    }

    /// What it is to those it concerns.
    pub fn weight(&self) -> Weight {
        let takes_away = self.call.effect == Effect::Remove && self.undoes.is_none();
        match &self.undo {
            None if self.undoes.is_none() => Weight::Final,
            _ if self.reach == Reach::Customer || takes_away || self.records > 1 => Weight::Heavy,
            _ if self.is_aside => Weight::Aside,
            _ => Weight::Plain,
        }
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
        let mut lines: Vec<String> = self.changes.iter().flat_map(both).flatten().collect();
        let more = lines.len().saturating_sub(MOST_LINES);
        lines.truncate(MOST_LINES);
        lines.extend((more > 0).then(|| format!("and {more} more lines")));
        lines
    }

    /// Who will see it, and whether it can be taken back.
    pub fn consequences(&self) -> String {
        let seen = match self.reach {
            Reach::Inside if self.is_aside => "No customer sees it.",
            Reach::Inside => "No customer sees it, unless a rule in Zoho sends something.",
            Reach::Customer => "A CUSTOMER SEES IT.",
        };
        let back = match (&self.undo, &self.undoes) {
            (Some(_), _) => "undo_write can take it back.",
            (None, Some(_)) => "It takes back an earlier act.",
            (None, None) => "It CANNOT be taken back.",
        };
        match self.records {
            0 | 1 => format!("{seen} {back}"),
            many => format!("{many} records. {seen} {back}"),
        }
    }
}

/// A value in one line.
fn shown(value: &str) -> String {
    clean_line(clip(value, MOST_SHOWN))
}

impl Undo {
    /// The same for what an act made, by its id.
    #[must_use]
    pub(super) fn of_made(mut self, id: &str) -> Self {
        put_made(&mut self.call.path, id);
        if let Some(body) = &mut self.call.body {
            put_made_into(body, id);
        }
        if let Some(holds) = &mut self.holds {
            put_made(&mut holds.path, id);
        }
        self.back = self.back.map(|back| Box::new(back.of_made(id)));
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
