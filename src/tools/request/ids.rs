//! Ids in conditions: for names, e-mail addresses and `me` they have to be found before a request can be built.

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
}

/// The ids that were found for open conditions.
#[derive(Debug, Default)]
pub struct Ids(Vec<(OpenCondition, String)>);

impl Ids {
    /// Adds the id of what a condition names.
    pub fn add(&mut self, condition: OpenCondition, id: String) {
        self.0.push((condition, id));
    }
}

/// A request as far as it can be built.
#[derive(Debug)]
pub enum Drafted<T> {
    /// It can be sent.
    Finished(T),
    /// All else in it is right, but the ids of these have to be found first.
    Open(Vec<OpenCondition>),
}

/// Ids as they are written into a request. Where one is not known the request is never finished.
pub(super) struct Known<'a> {
    ids: &'a Ids,
    open: Vec<OpenCondition>,
}

impl<'a> Known<'a> {
    pub(super) fn by(ids: &'a Ids) -> Self {
        Known {
            ids,
            open: Vec::new(),
        }
    }

    /// The id of what is named so in a condition.
    pub(super) fn id_of(&mut self, path: &str, kind: Kind, text: String) -> String {
        let condition = OpenCondition {
            path: path.to_owned(),
            kind,
            text,
        };
        match self.ids.0.iter().find(|(known, _)| *known == condition) {
            Some((_, id)) => id.clone(),
            None => {
                self.open.push(condition);
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
    pub(super) fn drafted<T>(self, built: T) -> Drafted<T> {
        match self.open.is_empty() {
            true => Drafted::Finished(built),
            false => Drafted::Open(self.open),
        }
    }
}
