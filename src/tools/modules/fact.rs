//! What is true of a record or is not, and no filter and no field of a list says: what is late, what has files.

use serde_json::Value;

use super::Module;
use crate::names::fold;

/// What is true of a row of Desk or is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// It is not closed, and the time of this member is over.
    Late(&'static str),
    /// The number of this member, which only rows of a search have, is not 0.
    Any(&'static str),
}

/// All there are, by the names that conditions on them are known by.
const ALL: [(&str, Fact); 3] = [
    ("isOverDue", Fact::Late("dueDate")),
    ("isResponseOverdue", Fact::Late("responseDueDate")),
    ("hasAttachments", Fact::Any("attachmentCount")),
];

impl Fact {
    /// The facts that rows of a module tell, by their names.
    pub fn of(module: &Module) -> impl Iterator<Item = (&'static str, Self)> {
        ALL.into_iter().filter(|(_, fact)| fact.is_told(module))
    }

    /// The fact that a condition of this name asks for, where rows of the module tell it.
    pub fn find(module: &Module, name: &str) -> Option<Self> {
        let stem = |name: &str| {
            let name = fold(name);
            let stem = name.strip_prefix("is").or_else(|| name.strip_prefix("has"));
            stem.map_or_else(|| name.clone(), str::to_owned)
        };
        Fact::of(module)
            .find(|(known, _)| stem(known) == stem(name))
            .map(|(_, fact)| fact)
    }

    /// Whether a value has members that say another thing when time goes by: what is late.
    pub fn is_told_by_time(value: &Value) -> bool {
        let is_late = |name: &String| {
            ALL.iter()
                .any(|(known, fact)| known == name && matches!(fact, Fact::Late(_)))
        };
        match value {
            Value::Object(members) => members
                .iter()
                .any(|(name, value)| is_late(name) || Fact::is_told_by_time(value)),
            Value::Array(items) => items.iter().any(Fact::is_told_by_time),
            _ => false,
        }
    }

    /// Whether only rows of a search tell it.
    pub fn is_of_search(self) -> bool {
        matches!(self, Fact::Any(_))
    }

    fn is_told(self, module: &Module) -> bool {
        let in_row = |field: &str| module.list.row.iter().any(|known| known == field);
        match self {
            Fact::Late(field) => in_row("statusType") && in_row(field),
            Fact::Any(field) => {
                let mut single = module.get.iter().flat_map(|get| &get.fields);
                module.search.is_some() && single.any(|known| known == field)
            }
        }
    }
}
