//! One act on its way: whose it is, what it is known by, and what is kept of it.

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::planned::{Look, Planned, Undo};
use crate::connections::Product;
use crate::ledger::{KnownWrite, Ledger, WriteKey};
use crate::tools::digest::{canonical, digest};
use crate::tools::error::ToolError;
use crate::tools::invocation::Invocation;
use crate::tools::policy::Policy;
use crate::zoho::Session;

/// Arguments that make no other act of a call.
const BESIDE: [&str; 3] = ["connection", "repeat", "if_unchanged_since"];

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
    /// Who agreed.
    pub agreed_by: Option<String>,
    /// How it is found where Zoho's answer was lost.
    pub look: Option<Look>,
    /// What takes it back.
    pub undo: Option<Undo>,
    /// The act that it takes back.
    pub undoes: Option<String>,
    /// It stands beside the record: a draft, an internal comment.
    pub is_aside: bool,
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
        })
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
            agreed_by: None,
            look: planned.look.clone(),
            undo: planned.undo.clone(),
            undoes: planned.undoes.clone(),
            is_aside: planned.is_aside,
        }
    }
}

/// What a person types to agree: the word that an act has for it, else the id of its record, else its module.
pub(super) fn typed(word: Option<&str>, id: Option<&str>, module: &str) -> String {
    word.or(id).map_or_else(|| module.to_lowercase(), str::to_owned)
}

impl Kept {
    /// Whether it cannot be taken back.
    pub(super) fn is_final(&self) -> bool {
        self.undo.is_none() && self.undoes.is_none()
    }

    /// What a person types to agree to it.
    pub(super) fn typed(&self) -> String {
        typed(self.word.as_deref(), self.id.as_deref(), &self.module)
    }

    /// What is kept of an act that was written down; none where it is kept no longer.
    pub fn of(write: &KnownWrite) -> Option<Self> {
        serde_json::from_str(write.kept.as_ref()?.expose_secret()).ok()
    }

    /// As the ledger takes it.
    pub(super) fn written(&self) -> Result<SecretString, ToolError> {
        let written = serde_json::to_string(self).map_err(|error| ToolError::internal(&error))?;
        Ok(written.into())
    }
}
