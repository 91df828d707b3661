//! One act on its way: whose it is, what it is known by, and what is kept of it.

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::parts::{self, Part};
use super::planned::{Planned, Reach};
use super::steps::{Touched, Undo};
use crate::connections::{OrgSource, Product};
use crate::ledger::{KnownWrite, Ledger, WriteKey};
use crate::tools::digest::{canonical, digest};
use crate::tools::error::ToolError;
use crate::tools::invocation::Invocation;
use crate::tools::policy::Policy;
use crate::zoho::{Organization, Session};

/// Arguments that make no other act of a call.
const BESIDE: [&str; 3] = ["connection", "repeat", "if_unchanged_since"];

/// Arguments that name what is another thing by and by: a file, the records that match.
const ELSEWHERE: [&str; 3] = ["file", "files", "filters"];

/// One act on its way.
pub struct Act<'a> {
    /// The call it is part of.
    pub invocation: &'a Invocation<'a>,
    /// The session it is sent through.
    pub session: &'a Session,
    /// What it is known by.
    pub key: WriteKey,
    /// Its arguments, settled.
    pub arguments: Map<String, Value>,
    /// Whether the same act shall be done once more.
    pub once_more: bool,
    /// What was shown before and is confirmed now.
    pub granted: Option<KnownWrite>,
    /// The same act, done in part not long ago: what is left of it is to be done.
    pub goes_on: Option<GoesOn>,
}

/// An act that was done in part.
#[derive(Debug, Clone)]
pub struct GoesOn {
    /// What names it.
    pub id: String,
    /// The records that all of it was done to.
    pub done: Vec<String>,
    /// The same as an answer shows them.
    pub told: Vec<Map<String, Value>>,
}

/// What is kept of an act, sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Kept {
    /// Which API.
    pub product: Product,
    /// The module.
    pub module: String,
    /// The record, once it is known.
    pub id: Option<String>,
    /// What people call it.
    pub label: String,
    /// Its page.
    pub link: Option<String>,
    /// The page of what it makes, with `{id}` in the place of the id.
    pub link_of_made: Option<String>,
    /// What is done.
    pub what: String,
    /// Line by line.
    pub lines: Vec<String>,
    /// Who sees it, and whether it can be taken back.
    pub consequences: String,
    /// What a person types to agree.
    pub word: Option<String>,
    /// The arguments of the call.
    pub arguments: Map<String, Value>,
    /// It shall be done although the same was done not long ago.
    #[serde(default)]
    pub once_more: bool,
    /// Who agreed.
    pub agreed_by: Option<String>,
    /// Its calls, and what came of each.
    pub(super) parts: Vec<Part>,
    /// The act that it takes back.
    pub undoes: Option<String>,
    /// Zoho's answer was lost: that it was done was found by looking.
    #[serde(default)]
    pub is_found: bool,
    /// Whoever was asked was told that it may happen twice.
    #[serde(default)]
    pub warned: bool,
    /// What else they were told.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Who outside sees it.
    #[serde(default)]
    pub reach: Reach,
    /// It stands beside the record: a draft, an internal comment.
    pub is_aside: bool,
    /// Where Zoho's answer names what it made of the record.
    #[serde(default)]
    pub shows: Option<String>,
    /// What it made of the record.
    #[serde(default)]
    pub made: Option<Value>,
}

impl<'a> Act<'a> {
    /// The act that a call of this tool is.
    ///
    /// # Errors
    /// There is no session to send it through.
    pub async fn of(
        invocation: &'a Invocation<'a>,
        tool: &str,
        product: Product,
        arguments: &Map<String, Value>,
    ) -> Result<Self, ToolError> {
        let session = invocation.session(product).await?;
        let once_more = arguments.get("repeat").and_then(Value::as_bool) == Some(true);
        let own = arguments
            .iter()
            .filter(|(name, _)| !BESIDE.contains(&name.as_str()));
        let own: Map<String, Value> = own.map(|(name, value)| (name.clone(), value.clone())).collect();
        let connection = session.connection();
        let organization = session.organization().id.unwrap_or_default();
        Ok(Act {
            invocation,
            session,
            key: WriteKey {
                user_id: connection.user_id.clone(),
                connection_id: connection.id,
                organization: format!("{product} {organization}"),
                tool: tool.to_owned(),
                digest: digest(&canonical(&Value::Object(own.clone()))),
            },
            arguments: own,
            once_more,
            granted: None,
            goes_on: None,
        })
    }

    /// Requires that somebody has said which organization is meant, where the account has several: a read of the wrong one
    /// shows itself, what is written there stays. In a sandbox that ends with this process there is nothing to lose.
    pub(super) async fn require_chosen(&self) -> Result<(), ToolError> {
        let is_found = self.session.connection().desk_org_source == Some(OrgSource::FirstOfMany);
        let is_safe = self.invocation.equipment().wording.is_throw_away();
        if self.session.product() != Product::Desk || !is_found || is_safe {
            return Ok(());
        }
        let choices = self.session.organizations().await?;
        let told = |choice: &Organization| json!({ "id": choice.id, "name": choice.name });
        Err(ToolError::unchosen(choices.iter().map(told).collect()))
    }

    /// Whether its arguments alone say what it does.
    pub(super) fn is_in_its_words(&self) -> bool {
        !ELSEWHERE.iter().any(|name| self.arguments.contains_key(*name))
    }

    /// Where acts are written down.
    pub(super) fn ledger(&self) -> &Ledger {
        &self.invocation.equipment().ledger
    }

    /// What the operator lets assistants change.
    pub(super) fn policy(&self) -> Result<Policy, ToolError> {
        let catalog = self.invocation.equipment().catalog();
        Ok(catalog.map_err(|error| ToolError::internal(&error))?.policy())
    }

    /// What is kept of it before it is sent.
    pub(super) fn kept(&self, planned: &Planned) -> Kept {
        Kept {
            product: planned.product,
            module: planned.module.clone(),
            id: planned.id.clone(),
            label: planned.label.clone(),
            link: planned.link.clone(),
            link_of_made: planned.link_of_made.clone(),
            what: planned.what.clone(),
            lines: planned.lines(),
            consequences: planned.consequences(),
            word: planned.word.clone(),
            arguments: self.arguments.clone(),
            once_more: self.once_more,
            agreed_by: None,
            parts: planned.steps.iter().map(Part::from).collect(),
            undoes: planned.undoes.clone(),
            is_found: false,
            warned: planned.may_be_twice,
            notes: planned.notes.clone(),
            reach: planned.reach,
            is_aside: planned.is_aside,
            shows: planned.shows.clone(),
            made: None,
        }
    }
}

/// What a person types to agree: the word that an act has for it, else the id of its record, else its module. A name that says yes
/// or no is no such word.
pub(super) fn typed(word: Option<&str>, id: Option<&str>, module: &str) -> String {
    let is_answer = |word: &&str| {
        let word = word.trim().to_lowercase();
        ["", "y", "yes", "n", "no"].contains(&word.as_str())
    };
    word.filter(|word| !is_answer(word))
        .or(id)
        .map_or_else(|| module.to_lowercase(), str::to_owned)
}

impl Kept {
    /// Whether it cannot be taken back.
    pub(super) fn is_final(&self) -> bool {
        self.undoes.is_none() && self.parts.iter().any(|part| part.undo.is_none())
    }

    /// What a person types to agree to it.
    pub(super) fn typed(&self) -> String {
        typed(self.word.as_deref(), self.id.as_deref(), &self.module)
    }

    /// What is kept of an act that was written down; none where it is kept no longer.
    pub fn of(write: &KnownWrite) -> Option<Self> {
        serde_json::from_str(write.kept.as_ref()?.expose_secret()).ok()
    }

    /// Whether all of it is done.
    pub(super) fn is_whole(&self) -> bool {
        self.parts.iter().all(Part::is_whole)
    }

    /// Whether it is about more than one record.
    pub(super) fn is_of_several(&self) -> bool {
        parts::each(self.parts.iter().flat_map(|part| &part.records)).len() > 1
    }

    /// The records of an act on several, as a preview names them.
    pub(super) fn named(&self) -> Vec<String> {
        parts::named(&parts::each(self.parts.iter().flat_map(|part| &part.records)))
    }

    /// Whether a plan is about the same record, or about a new one of the same module as well.
    pub(super) fn is_about(&self, planned: &Planned) -> bool {
        let own = parts::each(self.parts.iter().flat_map(|part| &part.records));
        let others = planned.records();
        let is_new = |id: &Option<String>, link: &Option<String>| id.is_none() && link.is_none();
        let has = |one: &&Touched| others.iter().any(|other| one.id == other.id);
        let is_same = match (own.is_empty() || others.is_empty(), &self.link, &planned.link) {
            (false, ..) => own.iter().any(has),
            (_, Some(own), Some(other)) => own == other,
            _ if is_new(&self.id, &self.link) && is_new(&planned.id, &planned.link) => {
                self.module == planned.module
            }
            _ => self.label == planned.label,
        };
        self.product == planned.product && is_same
    }

    /// Whether a plan of another tool comes to the same for those who see it: both reach a customer, or a line is the same.
    pub(super) fn says_the_same(&self, planned: &Planned) -> bool {
        let is_new = |line: &&String| line.starts_with('+');
        let lines = planned.lines();
        let shares = self.lines.iter().filter(is_new).any(|line| lines.contains(line));
        match self.is_aside || planned.is_aside {
            true => false,
            false => shares || (self.reach, planned.reach) == (Reach::Customer, Reach::Customer),
        }
    }

    /// The records that all of it was done to.
    pub(super) fn done(&self) -> Vec<String> {
        parts::done(&self.parts)
            .into_iter()
            .map(|one| one.id.clone())
            .collect()
    }

    /// The same as an answer shows them.
    pub(super) fn told(&self) -> Vec<Map<String, Value>> {
        parts::done(&self.parts).into_iter().map(parts::row).collect()
    }

    /// What takes back what was done of it, the last thing first.
    pub(super) fn undos(&self) -> Vec<Undo> {
        self.parts.iter().rev().filter_map(Part::undo).collect()
    }

    /// As the ledger takes it.
    pub(super) fn written(&self) -> Result<SecretString, ToolError> {
        let written = serde_json::to_string(self).map_err(|error| ToolError::internal(&error))?;
        Ok(written.into())
    }
}
