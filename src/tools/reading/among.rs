//! Rows that a search has to find, too: what it finds is read first, and each row is looked for in it.

use std::collections::HashSet;

use jiff::Timestamp;

use super::{Broken, Pages, largest_page};
use crate::tools::error::ToolError;
use crate::tools::request::{Among, Findings, ListRequest};
use crate::zoho::Session;

/// Pages of a search that are read at most.
const MOST: usize = 50;
/// Told where the search finds more than it gives.
const UNFOUND: &str =
    "The search finds more records than Zoho gives of them: those behind are not looked for in the view.";

/// The list with the records that its search finds as a condition on its rows.
///
/// # Errors
/// Zoho refused the search.
pub async fn among(
    session: &Session,
    mut list: ListRequest,
    now: Timestamp,
) -> Result<ListRequest, ToolError> {
    let Some(among) = list.among.take() else {
        return Ok(list);
    };
    let Among { by, list: search } = *among;
    let (mut found, mut is_whole) = (HashSet::new(), true);
    let (_, parts) = search.clone().part(0);
    for number in 0..parts {
        let (part, _) = search.clone().part(number);
        is_whole &= read(session, part, now, &mut found).await?;
    }
    list.sieve.add_among(by, found);
    list.doubt = list.doubt.or((!is_whole).then_some(UNFOUND));
    Ok(list)
}

/// Adds the ids of all that a search finds; whether it has given all.
async fn read(
    session: &Session,
    search: ListRequest,
    now: Timestamp,
    found: &mut HashSet<String>,
) -> Result<bool, ToolError> {
    let size = largest_page(session.product());
    let mut pages = Pages::of(session, ListRequest { size, ..search }, None).to_the_end();
    let (mut is_whole, mut findings) = (true, Findings::default());
    for page in 0..MOST {
        let batch = match pages.next().await {
            Err(Broken::Ceiling(_)) if page > 0 => return Ok(false),
            batch => batch?,
        };
        is_whole &= batch.gap.is_none() && batch.broken.is_none() && batch.refused.is_empty();
        for mut row in batch.rows {
            if pages.sieve().keeps(&mut row.shown, now, &mut findings) {
                found.extend(row.id);
            }
        }
        findings.check(page > 0)?;
        if batch.broken.is_some() {
            return Ok(false);
        }
        if batch.place.next.is_none() {
            return Ok(is_whole && !batch.place.more);
        }
    }
    Ok(false)
}
