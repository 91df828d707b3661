//! What a condition's value is, and what an id is an id of.

use serde::Deserialize;

use crate::connections::Product;
use crate::names::fold;

/// How a condition's value is written into the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FilterKind {
    /// Record ids, comma separated.
    Ids,
    /// Agent ids, comma separated; a name, an e-mail address, `me` and `Unassigned` are understood.
    Agents,
    /// As [`FilterKind::Agents`], where nobody is no answer.
    Owners,
    /// Department ids; a name is understood.
    Departments,
    /// Team ids; a name is understood.
    Teams,
    /// Contact ids; a name or an e-mail address is understood.
    Contacts,
    /// Account ids; a name is understood.
    Accounts,
    /// Product ids; a name is understood.
    Products,
    /// View ids; a name is understood.
    Views,
    /// Kinds of statuses, comma separated: `Open`, `On Hold`, `Closed`.
    StatusTypes,
    /// Values, comma separated.
    Texts,
    /// Numbers of records as people write them, `#4112`, comma separated.
    Numbers,
    /// One value.
    Text,
    /// `true` or `false`.
    Flag,
    /// A span of time, `from,to`.
    Range,
}

/// What an id is an id of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Desk agents.
    Agent,
    /// Desk departments.
    Department,
    /// Desk teams.
    Team,
    /// Desk contacts.
    Contact,
    /// Desk accounts.
    Account,
    /// Desk products.
    Product,
    /// CRM users.
    User,
    /// Records of a CRM module.
    Record,
    /// Views of the module asked.
    View,
}

impl FilterKind {
    /// What the ids of a condition are ids of, where a name can stand for one.
    pub fn refers_to(self) -> Option<Kind> {
        match self {
            FilterKind::Agents | FilterKind::Owners => Some(Kind::Agent),
            FilterKind::Departments => Some(Kind::Department),
            FilterKind::Teams => Some(Kind::Team),
            FilterKind::Contacts => Some(Kind::Contact),
            FilterKind::Accounts => Some(Kind::Account),
            FilterKind::Products => Some(Kind::Product),
            FilterKind::Views => Some(Kind::View),
            _ => None,
        }
    }
}

impl Kind {
    /// What a Desk field refers to by its name alone, where no filter says it: `ownerId`, `createdBy`.
    pub fn of_field(name: &str) -> Option<Self> {
        let folded = fold(name);
        let stem = folded.strip_suffix("id").unwrap_or(&folded);
        match stem {
            "owner" | "assignee" | "creator" | "author" | "createdby" | "modifiedby" | "closedby" => {
                Some(Kind::Agent)
            }
            "account" => Some(Kind::Account),
            "contact" | "secondarycontacts" => Some(Kind::Contact),
            "product" => Some(Kind::Product),
            "department" => Some(Kind::Department),
            "team" => Some(Kind::Team),
            _ => None,
        }
    }

    /// Every kind.
    pub const ALL: [Kind; 9] = [
        Kind::Agent,
        Kind::Department,
        Kind::Team,
        Kind::Contact,
        Kind::Account,
        Kind::Product,
        Kind::User,
        Kind::Record,
        Kind::View,
    ];

    /// The kind that `x-ref` in a tool file names, in the singular or the plural.
    pub fn find(word: &str) -> Option<Self> {
        let one = word.strip_suffix('s').unwrap_or(word);
        let of_a_module = |kind: &Kind| matches!(kind, Kind::View | Kind::Record);
        let mut by_themselves = Kind::ALL.into_iter().filter(|kind| !of_a_module(kind));
        by_themselves.find(|kind| kind.what() == one)
    }

    /// The product that has it.
    pub fn product(self) -> Product {
        match self {
            Kind::User | Kind::Record => Product::Crm,
            _ => Product::Desk,
        }
    }

    /// In a word.
    pub fn what(self) -> &'static str {
        match self {
            Kind::Agent => "agent",
            Kind::Department => "department",
            Kind::Team => "team",
            Kind::Contact => "contact",
            Kind::Account => "account",
            Kind::Product => "product",
            Kind::User => "user",
            Kind::Record => "record",
            Kind::View => "view",
        }
    }
}
