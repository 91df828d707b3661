//! Pages of Zoho CRM: numbered up to its border, by its page token beyond.

use serde_json::Value;

use super::{Batch, Behind, Broken, CHANGED, HOLLOW, Pages, Place, Position};
use crate::tools::error::ToolError;
use crate::tools::modules::Paging;
use crate::tools::output::project::{Record, Refused};

/// Rows Zoho CRM pages by number; beyond, it wants its page token.
const PAGED: u32 = 2000;
/// Rows a page holds.
pub(super) const LARGEST: usize = 200;
/// Told where a search has more rows than it gives.
const NO_MORE: &str = "Zoho CRM's search gives 2,000 rows at most: narrow the query.";
/// Told where a list gives no more than its newest rows.
const NEWEST: &str = "Zoho CRM gives the newest of this list only.";
/// Zoho's codes for a page beyond what a list by `page_token` and a search give.
const CEILINGS: [&str; 2] = ["PAGINATION_LIMIT_EXCEEDED", "LIMIT_REACHED"];
/// Zoho's code for a page token that is older than a day.
const EXPIRED: &str = "EXPIRED_VALUE";

pub(super) async fn next(pages: &Pages<'_>) -> Result<Batch, Broken> {
    let list = &pages.list;
    let wanted = list.size.min(list.most);
    let by_index = list.paging == Paging::Index;
    let number = |rows: usize| u32::try_from(rows).unwrap_or(u32::MAX);
    let length = if by_index { list.most } else { wanted };
    let start = pages.at.clone().unwrap_or(Position::Page(1, number(length), 0));
    let (at, size, skip) = match &start {
        Position::Page(_, size, skip) if by_index => (None, *size, *skip),
        Position::Page(page, size, skip) => (Some(("page", page.to_string())), *size, *skip),
        Position::Token(index, size, skip) if by_index => (Some(("index", index.clone())), *size, *skip),
        Position::Token(token, size, skip) => (Some(("page_token", token.clone())), *size, *skip),
        Position::Rows(..) | Position::Characters(_) | Position::Each(_) => {
            return Err(ToolError::internal(&"a position of Desk in a list of CRM").into());
        }
    };
    let mut request = list.request.clone();
    if let Some((param, place)) = at.filter(|_| pages.at.is_some()) {
        request = request.with_query(param, place);
    }
    if !by_index {
        request = request.with_query("per_page", size.to_string());
    }
    let page = pages.page(&request).await.map_err(broken)?;
    let info = |key: &str| page.info.get(key);
    let more = info("more_records").and_then(Value::as_bool).unwrap_or(false);
    let token = info(if by_index { "next_index" } else { "next_page_token" });
    let token = token.and_then(Value::as_str).map(str::to_owned);
    let mut rows: Vec<Record> = page.records.into_iter().skip(skip as usize).collect();
    let left = rows.len() > wanted;
    rows.truncate(wanted);
    let refused = Refused::take_among(page.refused, skip as usize, left.then_some(rows.len()));
    let next = match &start {
        _ if left => within(&start, skip.saturating_add(number(wanted))),
        Position::Page(page, size, _) if !by_index && (page + 1).saturating_mul(*size) <= PAGED => {
            Some(Position::Page(page + 1, *size, 0))
        }
        _ => token.map(|token| Position::Token(token, size, 0)),
    };
    let hollow = pages.at.is_some() && rows.is_empty() && !more;
    let place = Place {
        rows: rows.len(),
        behind: Behind::Page(start, skip),
        next: next.filter(|_| left || more),
        more: left || more,
        ceiling: Some(if by_index { NEWEST } else { NO_MORE }),
    };
    Ok(Batch {
        gap: hollow.then_some(if skip > 0 { CHANGED } else { HOLLOW }),
        refused,
        ..Batch::new(rows, place)
    })
}

/// The position within a page, so many of its rows given.
pub(super) fn within(page: &Position, given: u32) -> Option<Position> {
    match page {
        Position::Page(page, size, _) => Some(Position::Page(*page, *size, given)),
        Position::Token(token, size, _) => Some(Position::Token(token.clone(), *size, given)),
        Position::Rows(..) | Position::Characters(_) | Position::Each(_) => None,
    }
}

fn broken(error: ToolError) -> Broken {
    let code = error
        .rejection
        .as_ref()
        .map_or("", |rejection| rejection.code.as_str());
    match code {
        EXPIRED => Broken::Forgotten(error),
        code if CEILINGS.contains(&code) => Broken::Ceiling(error),
        _ => Broken::Failed(error),
    }
}
