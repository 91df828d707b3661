//! The order of a Desk call's rows: the one that is wanted, else the newest first.

use crate::names::fold;
use crate::tools::error::ToolError;
use crate::tools::modules::{Listing, Module};
use crate::tools::request::{ListQuery, pick, time};
use crate::zoho::Read;

/// Asks for an order: the one that is wanted, else the newest first, where the call has one.
pub(super) fn with_order(
    mut request: Read,
    query: &ListQuery<'_>,
    listing: &Listing,
    searching: bool,
) -> Result<Read, ToolError> {
    let module = query.module;
    if let Some(field) = query.sort_by {
        let known = listing.sort.iter().map(String::as_str);
        let known = pick(known, field, "/sort_by", "a sort field").map_err(|error| {
            match other_order(module, field, searching) {
                Some(fix) => suggesting(error, fix),
                None => error,
            }
        })?;
        let newest_first = time::holds_times(None, known) || known == "recentThread";
        let sign = if query.descending.unwrap_or(newest_first) {
            "-"
        } else {
            ""
        };
        request = request.with_query("sortBy", format!("{sign}{known}"));
    } else if let Some(newest) = newest(listing) {
        // Without it Zoho gives the oldest first, or the order that its search thinks best.
        let sign = if query.descending == Some(false) { "" } else { "-" };
        request = request.with_query("sortBy", format!("{sign}{newest}"));
    }
    if let Some((param, value)) = &listing.newest {
        request = request.with_query(param.as_str(), value.as_str());
    }
    if query.descending.is_some() && query.sort_by.is_none() && newest(listing).is_none() {
        return Err(ToolError::argument(
            "/sort_order",
            "`sort_by` beside it",
            "an order of nothing",
            None,
        ));
    }
    Ok(request)
}

/// Where an order is known that a list or a search does not have.
fn other_order(module: &Module, field: &str, searching: bool) -> Option<&'static str> {
    let others = if searching {
        Some(&module.list)
    } else {
        module.search.as_ref()
    };
    let mut sorted = others.into_iter().flat_map(|other| &other.sort);
    let known = sorted.any(|known| fold(known) == fold(field));
    known.then_some(match searching {
        true => "get_records sorts by it, without words and without filters that only a search takes: in place of `statusType` name each `status` of that kind, or send a `view`",
        false => "search_records sorts by it, without `view`",
    })
}

fn suggesting(mut error: ToolError, fix: &str) -> ToolError {
    fix.clone_into(&mut error.next);
    for problem in &mut error.problems {
        problem.suggestion = Some(fix.to_owned());
    }
    error
}

/// The field by which a list has the newest first.
pub(in crate::tools) fn newest(listing: &Listing) -> Option<&str> {
    let mut known = listing.sort.iter().map(String::as_str);
    known.find(|field| matches!(*field, "createdTime" | "commentedTime" | "sendDateTime"))
}
