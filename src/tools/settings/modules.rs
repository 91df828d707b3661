//! The modules an organization really has: custom ones, and the labels its people know them by.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::remembered::Remembered;
use super::rows::members;
use crate::clock::Clock;
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::modules::Subject;
use crate::tools::unread;
use crate::zoho::Session;

/// Told where it is not known under which tab the records of a module stand.
const UNLINKED: &str = "Links may not lead to these records.";

/// A module as Zoho's settings list it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// As requests name it.
    pub api_name: String,
    /// As people see it, in the plural and the singular.
    pub labels: Vec<String>,
    /// Made by the organization.
    pub custom: bool,
    /// CRM: this user may not see its records.
    pub is_hidden: bool,
    /// CRM: the tab of its records in links to the web application.
    pub tab: Option<String>,
}

/// The lists remembered.
#[derive(Debug)]
pub struct KnownModules {
    lists: Remembered<(), Listed>,
}

impl KnownModules {
    /// Nothing has been asked for yet; lists age by this clock.
    pub fn new(clock: &Clock) -> Self {
        KnownModules {
            lists: Remembered::new(clock.clone()),
        }
    }

    /// The modules of the session's product, and whether they were asked for only now; `anew` asks in any case.
    ///
    /// # Errors
    /// Zoho refused the list.
    pub async fn of(&self, session: &Session, anew: bool) -> Result<(Arc<Vec<Listed>>, bool), ToolError> {
        let read = async || listed_modules(session).await;
        self.lists.of(session, (), anew, read).await
    }

    /// The subject with the tab of a custom module's links, which only Zoho's own list tells.
    pub async fn link(&self, session: &Session, mut subject: Subject) -> Subject {
        if !subject.module.custom {
            return subject;
        }
        match self.of(session, false).await {
            Ok((list, _)) => {
                let own = list.iter().find(|one| one.api_name == subject.module.name);
                subject.module.to_mut().tab = own.and_then(|one| one.tab.clone());
            }
            Err(error) => {
                let unread = tell_unread(subject.product, &error);
                subject.remark(&format!("{unread} {UNLINKED}"));
            }
        }
        subject
    }
}

/// What is told where the modules of a product could not be had.
pub(in crate::tools) fn tell_unread(product: Product, error: &ToolError) -> String {
    unread::tell(&format!("the modules of {product}"), error)
}

/// The modules of the session's product as its settings list them, those the API serves.
async fn listed_modules(session: &Session) -> Result<Vec<Listed>, ToolError> {
    let product = session.product();
    let rows = members(session, "modules", &Map::new()).await?;
    Ok(rows.iter().filter_map(|row| listed(row, product)).collect())
}

fn listed(row: &Value, product: Product) -> Option<Listed> {
    let text = |key: &str| row.get(key).and_then(Value::as_str).map(str::to_owned);
    let is = |key: &str| row.get(key).and_then(Value::as_bool).unwrap_or(false);
    let (api_name, labels, custom) = match product {
        Product::Desk => (
            text("apiName")?,
            ["displayLabel", "pluralLabel", "singularLabel"],
            is("isCustomModule"),
        ),
        Product::Crm if !is("api_supported") => return None,
        Product::Crm => (
            text("api_name")?,
            ["plural_label", "singular_label", "actual_plural_label"],
            text("generated_type").as_deref() == Some("custom"),
        ),
    };
    Some(Listed {
        api_name,
        labels: labels.into_iter().filter_map(text).collect(),
        custom,
        is_hidden: row.get("viewable").and_then(Value::as_bool) == Some(false),
        tab: text("module_name"),
    })
}
