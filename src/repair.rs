//! Arguments in, valid arguments or a refusal that teaches out. Pure: no clock, no I/O, no knowledge of Zoho.
//!
//! A call that is valid is never touched. What is not valid is repaired by the schema at the place of each fault, and the
//! repairs are kept only when the whole call then validates. A write takes changes of notation only; a read also takes
//! a unique near match. Every repair is told.

mod absent;
mod addresses;
mod bounds;
mod checking;
mod containers;
mod dates;
mod engine;
mod enums;
mod envelope;
mod example;
mod keys;
mod lines;
mod markup;
mod mending;
mod names;
mod problems;
mod refusal;
mod rules;
mod scalars;
mod shape;
mod stand_ins;
mod syntax;
mod text;
mod values;

pub use bounds::LONGEST_ARGUMENTS;
pub use checking::is_word_for_nothing;
pub use engine::accept;
pub use lines::repair_line;
pub use names::{NameMatch, asks_to_write, resolve_name};
pub use rules::ALL as RULES;
use serde::Serialize;
use serde_json::{Map, Value};
pub use shape::{SchemaError, ToolSchema};

/// What a tool does to the data behind it, and with that how far a repair may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Only reads: a unique near match may be taken.
    Read,
    /// Changes something: only the notation of the arguments may be changed.
    Write,
}

/// The arguments of a call exactly as the caller wrote them.
#[derive(Clone, Copy, Debug)]
pub enum Arguments<'a> {
    /// The call came without arguments.
    Missing,
    /// The raw JSON text of the arguments, of whatever JSON type it is, or text that is no JSON at all.
    Text(&'a str),
}

/// One change that was made, as it is told to the caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Repair {
    /// JSON Pointer of the place that was changed, in the arguments as they are now.
    pub path: String,
    /// Stable name of the rule (see [`RULES`]).
    pub rule: &'static str,
    /// What was there, shortened.
    pub from: String,
    /// What is there now, shortened.
    pub to: String,
}

/// How the text that stands in place of an id may be turned into one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceKind {
    /// A name, an e-mail address or `me`; holds the kind of record that `x-ref` names.
    Name(String),
    /// The web address of a record; holds what `x-url` says about it.
    RecordUrl(String),
}

/// A text in place of an id that somebody with knowledge of the records has to resolve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenReference {
    /// JSON Pointer of the argument.
    pub path: String,
    /// How it may be resolved.
    pub kind: ReferenceKind,
    /// The text as it came.
    pub text: String,
}

/// One thing that is wrong with a call, in words a model can act on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// JSON Pointer of the argument, empty for the arguments as a whole.
    pub path: String,
    /// What is accepted there.
    pub expected: String,
    /// What came, described and shortened.
    pub got: String,
    /// The one likely right value or key, when there is exactly one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// The text that stands there, where it is one: it may be a name in place of an id.
    #[serde(skip)]
    pub text: Option<String>,
    /// The reference that a write did not resolve, so that the caller can look up a suggestion.
    #[serde(skip)]
    pub reference: Option<OpenReference>,
}

impl Problem {
    /// Whether it is about a key that nothing declares.
    pub fn is_unknown_key(&self) -> bool {
        self.got == problems::UNKNOWN_KEY
    }
}

/// A refused call: every problem at once, and a message that shows the right call.
#[derive(Clone, Debug)]
pub struct InvalidArguments {
    /// All problems found (the first 12 when there are more).
    pub problems: Vec<Problem>,
    /// The whole answer in words, at most 1,500 characters.
    pub message: String,
    /// A right call, with what was understood kept; none where no such call can be made up.
    pub example: Option<Value>,
}

/// Arguments that satisfy the schema of their tool; only this room makes them, and they stay this type until a handler
/// reads them.
#[derive(Clone, Debug)]
pub struct ValidArguments {
    arguments: Map<String, Value>,
    repairs: Vec<Repair>,
    open_references: Vec<OpenReference>,
}

impl std::ops::Deref for ValidArguments {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        &self.arguments
    }
}

impl ValidArguments {
    /// The arguments; open references still hold the text that came.
    pub fn arguments(&self) -> &Map<String, Value> {
        &self.arguments
    }

    /// What was changed, in the order of the changes.
    pub fn repairs(&self) -> &[Repair] {
        &self.repairs
    }

    /// Texts in place of ids, on reads only, that are still to be resolved.
    pub fn open_references(&self) -> &[OpenReference] {
        &self.open_references
    }

    /// Takes out what was changed, in the order of the changes.
    pub fn take_repairs(&mut self) -> Vec<Repair> {
        std::mem::take(&mut self.repairs)
    }

    /// For whoever knows the records: puts ids in place of names and API names in place of labels, which fit the same
    /// places of the schema.
    pub fn settle(&mut self) -> &mut Map<String, Value> {
        &mut self.arguments
    }
}
