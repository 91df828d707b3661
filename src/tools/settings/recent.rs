//! The newest cases, by the numbers that people know them by.

use std::sync::Arc;

use super::remembered::Remembered;
use crate::clock::Clock;
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::modules;
use crate::tools::reading::Pages;
use crate::tools::request::ListRequest;
use crate::zoho::{Read, Session};

/// Rows that Zoho gives at once, and those taken of them: one more tells that there are more.
const MOST: usize = 100;
const TAKEN: usize = MOST - 1;

/// The lists remembered.
#[derive(Debug)]
pub struct KnownRecent {
    lists: Remembered<(), Option<String>>,
}

impl KnownRecent {
    /// Nothing has been asked for yet; lists age by this clock.
    pub fn new(clock: &Clock) -> Self {
        KnownRecent {
            lists: Remembered::new(clock.clone()),
        }
    }

    /// Numbers of the newest cases, newest first, and a last row that is none where there are more; a minute old at most.
    ///
    /// # Errors
    /// Zoho refused the list.
    pub async fn of(&self, session: &Session) -> Result<Arc<Vec<Option<String>>>, ToolError> {
        let (list, is_now) = self
            .lists
            .of(session, (), false, async || read(session).await)
            .await?;
        if is_now {
            return Ok(list);
        }
        let (list, _) = self
            .lists
            .of(session, (), true, async || read(session).await)
            .await?;
        Ok(list)
    }
}

async fn read(session: &Session) -> Result<Vec<Option<String>>, ToolError> {
    let module = modules::find(Product::Desk, "Cases")
        .ok_or_else(|| ToolError::internal(&format_args!("no module Cases")))?;
    let request = Read::get(Product::Desk, [module.path.as_str()])
        .with_scopes(module.scopes.clone())
        .with_query("sortBy", "-createdTime");
    let list = ListRequest {
        rows_have_ids: true,
        ..ListRequest::bare(request, "data", TAKEN, MOST)
    };
    let batch = Pages::of(session, list, None).next().await?;
    let number = |shown: &serde_json::Map<String, serde_json::Value>| {
        shown
            .get("ticketNumber")
            .and_then(|number| number.as_str())
            .map(str::to_owned)
    };
    let mut numbers: Vec<Option<String>> = batch
        .rows
        .iter()
        .filter_map(|row| number(&row.shown))
        .map(Some)
        .collect();
    if batch.place.more {
        numbers.push(None);
    }
    Ok(numbers)
}
