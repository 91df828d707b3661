//! What the amounts of an organization of CRM are in, where it has one currency: its lists do not say it.

use serde_json::{Map, Value};

use super::remembered::Remembered;
use super::rows::members;
use crate::clock::Clock;
use crate::tools::error::{Code, ToolError};
use crate::zoho::Session;

/// What an organization says of it, a refusal too: who may not read its settings is asked no more often than others.
type Known = Result<String, ToolError>;

/// The currencies remembered.
#[derive(Debug)]
pub struct KnownCurrency {
    lists: Remembered<(), Known>,
}

impl KnownCurrency {
    /// Nothing has been asked for yet; what will be ages by this clock.
    pub fn new(clock: &Clock) -> Self {
        KnownCurrency {
            lists: Remembered::new(clock.clone()),
        }
    }

    /// The code of the only currency; none where there are several, or where Zoho does not say that there is one.
    ///
    /// # Errors
    /// Zoho refused its settings.
    pub async fn only(&self, session: &Session) -> Result<Option<String>, ToolError> {
        let read = async || match members(session, "organizations", &Map::new()).await {
            Ok(rows) => Ok(rows.iter().filter_map(only).map(Ok).collect()),
            Err(refused) if matches!(refused.code, Code::Rejected | Code::ScopeMissing) => {
                Ok(vec![Err(refused)])
            }
            Err(passing) => Err(passing),
        };
        let (known, _) = self.lists.of(session, (), false, read).await?;
        known.first().cloned().transpose()
    }

    /// The same, if it has been asked for not long ago.
    pub fn recall(&self, session: &Session) -> Option<Result<Option<String>, ToolError>> {
        let (known, _) = self.lists.recall(session, &())?;
        Some(known.first().cloned().transpose())
    }
}

/// Get Organization: `mc_status` says whether there are several.
fn only(organization: &Value) -> Option<String> {
    let code = organization.get("iso_code")?.as_str()?;
    let is_only = organization.get("mc_status") == Some(&Value::Bool(false));
    (is_only && !code.is_empty()).then(|| code.to_owned())
}
