//! What the amounts of an organization of CRM are in, where it has one currency: its lists do not say it.

use serde_json::{Map, Value};

use super::remembered::Remembered;
use super::rows::members;
use crate::clock::Clock;
use crate::tools::error::ToolError;
use crate::zoho::Session;

/// The currencies remembered.
#[derive(Debug)]
pub struct KnownCurrency {
    lists: Remembered<(), String>,
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
        let read = async || {
            let rows = members(session, "organizations", &Map::new()).await?;
            Ok(rows.iter().filter_map(only).collect())
        };
        let (known, _) = self.lists.of(session, (), false, read).await?;
        Ok(known.first().cloned())
    }
}

/// Get Organization: `mc_status` says whether there are several.
fn only(organization: &Value) -> Option<String> {
    let code = organization.get("iso_code")?.as_str()?;
    let is_only = organization.get("mc_status") == Some(&Value::Bool(false));
    (is_only && !code.is_empty()).then(|| code.to_owned())
}
