//! What has to be found before a request can be built: ids for names, e-mail addresses and `me` in conditions, and the types
//! of the fields that conditions are on.

use std::collections::HashMap;

use crate::tools::modules::Kind;

/// A condition on an id for which a name, an e-mail address or `me` was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCondition {
    /// Where it stands in the arguments.
    pub path: String,
    /// What the id is an id of.
    pub kind: Kind,
    /// As given.
    pub text: String,
    /// For records of CRM: their module.
    pub module: Option<String>,
}

/// What a field holds, in Zoho's words.
#[derive(Debug, Clone, Default)]
pub struct FieldType {
    /// Its type.
    pub word: String,
    /// The module of the records it refers to; empty where it refers to none, or to those of several.
    pub module: String,
}

/// Whether a field of this type, in the words of either product, holds days or instants.
pub fn holds_times(word: &str) -> bool {
    ["date", "datetime"].contains(&word.to_lowercase().as_str())
}

/// Whether one holds numbers.
pub fn holds_numbers(word: &str) -> bool {
    const NUMBERS: [&str; 8] = [
        "number",
        "decimal",
        "integer",
        "bigint",
        "double",
        "currency",
        "percent",
        "rollup_summary",
    ];
    NUMBERS.contains(&word.to_lowercase().as_str())
}

/// What was found of it.
#[derive(Debug, Default)]
pub struct Ids {
    ids: Vec<(OpenCondition, String)>,
    types: Option<HashMap<String, FieldType>>,
}

impl Ids {
    /// Adds the id of what a condition names.
    pub fn add(&mut self, condition: OpenCondition, id: String) {
        self.ids.push((condition, id));
    }

    /// Adds the types of the module's fields, by their API names; where there are none, the form of each value decides.
    pub fn add_types(&mut self, types: HashMap<String, FieldType>) {
        self.types = Some(types);
    }
}

/// A request as far as it can be built.
#[derive(Debug)]
pub enum Drafted<T> {
    /// It can be sent.
    Finished(T),
    /// All else in it is right, but these have to be found first.
    Open(Open),
}

impl<T> Drafted<T> {
    /// The same of another kind.
    pub fn map<U>(self, of: impl FnOnce(T) -> U) -> Drafted<U> {
        match self {
            Drafted::Finished(request) => Drafted::Finished(of(request)),
            Drafted::Open(open) => Drafted::Open(open),
        }
    }

    /// Both, once nothing is missing in either.
    pub(super) fn beside<U>(self, other: Drafted<U>) -> Drafted<(T, U)> {
        match (self, other) {
            (Drafted::Finished(one), Drafted::Finished(other)) => Drafted::Finished((one, other)),
            (Drafted::Open(mut open), Drafted::Open(other)) => {
                open.types |= other.types;
                let more = other.ids.into_iter().filter(|id| !open.ids.contains(id));
                let more: Vec<OpenCondition> = more.collect();
                open.ids.extend(more);
                Drafted::Open(open)
            }
            (Drafted::Open(open), _) | (_, Drafted::Open(open)) => Drafted::Open(open),
        }
    }
}

/// What is missing in a request.
#[derive(Debug, Default)]
pub struct Open {
    /// The ids of these.
    pub ids: Vec<OpenCondition>,
    /// The types of the module's fields.
    pub types: bool,
}

/// What is written into a request. Where something is not known the request is never finished.
pub(super) struct Known<'a> {
    known: &'a Ids,
    open: Open,
}

impl<'a> Known<'a> {
    pub(super) fn by(known: &'a Ids) -> Self {
        Known {
            known,
            open: Open::default(),
        }
    }

    /// Zoho's word for the type of a field; empty where nobody tells it.
    pub(super) fn type_of(&mut self, field: &str) -> &'a str {
        match &self.known.types {
            Some(types) => types.get(field).map_or("", |known| known.word.as_str()),
            None => {
                self.open.types = true;
                ""
            }
        }
    }

    /// Whether the types of fields have to be found before anything can be sent.
    pub(super) fn waits_for_types(&self) -> bool {
        self.open.types
    }

    /// Zoho's word for the type of a field, where it is known already.
    pub(super) fn known_type_of(&self, field: &str) -> Option<&'a str> {
        Some(self.known.types.as_ref()?.get(field)?.word.as_str())
    }

    /// Whether the settings list fields, and not this one.
    pub(super) fn is_unlisted(&self, field: &str) -> bool {
        let listed = |known: &FieldType| !known.word.is_empty();
        let types = self.known.types.as_ref();
        types.is_some_and(|types| types.values().any(listed) && !types.get(field).is_some_and(listed))
    }

    /// The module of the records that a field refers to, as far as it is known.
    pub(super) fn module_of(&self, field: &str) -> Option<&'a str> {
        let known = self.known.types.as_ref()?.get(field)?;
        Some(known.module.as_str()).filter(|module| !module.is_empty())
    }

    /// The id of what is named so in a condition.
    pub(super) fn id_of(&mut self, path: &str, kind: Kind, text: String) -> String {
        self.find(OpenCondition {
            path: path.to_owned(),
            kind,
            text,
            module: None,
        })
    }

    /// The id of the record of a CRM module that is named so in a condition.
    pub(super) fn record_id_of(&mut self, path: &str, module: &str, text: String) -> String {
        self.find(OpenCondition {
            path: path.to_owned(),
            kind: Kind::Record,
            text,
            module: Some(module.to_owned()),
        })
    }

    fn find(&mut self, condition: OpenCondition) -> String {
        match self.known.ids.iter().find(|(known, _)| *known == condition) {
            Some((_, id)) => id.clone(),
            None => {
                if !self.open.ids.contains(&condition) {
                    self.open.ids.push(condition);
                }
                String::new()
            }
        }
    }

    /// The view a query names: its id, or that of its name.
    pub(super) fn view(&mut self, view: &str) -> String {
        if view.bytes().all(|byte| byte.is_ascii_digit()) {
            return view.to_owned();
        }
        self.id_of("/view", Kind::View, view.to_owned())
    }

    /// What was built, unless an id is missing in it.
    pub(super) fn draft<T>(self, built: T) -> Drafted<T> {
        match self.open.ids.is_empty() && !self.open.types {
            true => Drafted::Finished(built),
            false => Drafted::Open(self.open),
        }
    }
}
