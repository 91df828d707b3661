//! What the operator lets assistants change, and what of it a person has to agree to: one table.

use serde::Deserialize;

/// How far assistants may go, from nothing at all upwards.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Policy {
    /// Nothing is changed.
    Off,
    /// Drafts and comments that no customer sees.
    Draft,
    /// Everything, and a person agrees to what is more than that.
    #[default]
    Confirm,
    /// What can be undone goes without asking.
    Trusted,
}

/// What an act is to those it concerns; the first that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It cannot be taken back: it was sent to a customer, merged, deleted for good.
    Final,
    /// It can be taken back, but a customer sees it, it removes something, or it changes many records.
    Heavy,
    /// It stands beside a record, no customer sees it, and it can be taken back: a draft, an internal comment.
    Aside,
    /// Everything else: one record, and it can be taken back.
    Plain,
}

/// What an act needs before it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It is not sent at all.
    Forbidden,
    /// Nobody is asked.
    Nothing,
    /// A person agrees, or is shown what it does by an assistant that confirms it in a second call.
    Agreement,
    /// A person types a word, or agrees where no assistant can answer in their place.
    Word,
}

impl Policy {
    /// Every policy, the strictest first.
    pub const ALL: [Policy; 4] = [Policy::Off, Policy::Draft, Policy::Confirm, Policy::Trusted];

    /// As an option has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Policy::Off => "off",
            Policy::Draft => "draft",
            Policy::Confirm => "confirm",
            Policy::Trusted => "trusted",
        }
    }

    /// What it comes to, for people.
    pub fn told(self) -> &'static str {
        match self {
            Policy::Off => "nothing is changed",
            Policy::Draft => "drafts and internal comments only",
            Policy::Confirm => "a person agrees to each act but drafts and internal comments",
            Policy::Trusted => {
                "what changes one record and can be undone goes without asking, a person agrees to the rest"
            }
        }
    }

    /// What an act needs. A draft or an internal comment reaches nobody and goes with one call, so nobody is asked from
    /// `draft` on. What a customer sees, what removes, merges or changes many is never left to a setting: a person agrees
    /// to it under every policy. What cannot be taken back is agreed to in a way that no client answers by itself.
    pub fn need(self, weight: Weight) -> Need {
        match (self, weight) {
            (Policy::Off, _) => Need::Forbidden,
            (_, Weight::Aside) => Need::Nothing,
            (Policy::Draft, _) => Need::Forbidden,
            (Policy::Trusted, Weight::Plain) => Need::Nothing,
            (Policy::Confirm, Weight::Plain) | (_, Weight::Heavy) => Need::Agreement,
            (_, Weight::Final) => Need::Word,
        }
    }
}
