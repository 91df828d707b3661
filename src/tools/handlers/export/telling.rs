//! What is told of an export that does not have all.

use super::spans::End;
use crate::connections::Product;
use crate::tools::error::{Code, ToolError};
use crate::tools::mending::Mend;
use crate::tools::modules::Module;

/// Told when the rows were read from the first one on again.
pub(super) const ANEW: &str =
    "Zoho had forgotten where the export broke off (it remembers for a day): it was begun anew.";
/// Told when there is no end to what Zoho gives.
const TURNING: &str = "Zoho gave the same records again and again in place of the rest: the export ends there. Try it again later, or \
     narrow it by `filters`.";
/// Told when there is no end in sight.
const ENDLESS: &str = "Zoho went on giving records far beyond those it counted: the export ends there. Try it again later, or narrow it by \
     `filters`.";

/// Whether a failure is mended by another consent or organization, with which an export begins anew.
pub(super) fn is_mended_by_another(error: &ToolError) -> bool {
    let by_another = [
        Code::NoConnection,
        Code::ReconnectNeeded,
        Code::ScopeMissing,
        Code::ChooseOrganization,
    ];
    by_another.contains(&error.code) || matches!(error.mend.as_deref(), Some(Mend::ReconnectAUser(_)))
}

/// Told of columns that are empty in all rows, where others may have what belongs there.
pub(super) fn tell_lost(module: &Module, columns: &[&str]) -> Option<String> {
    let tool = match columns.iter().any(|field| module.is_of_lists(field)) {
        true => "get_records shows it, in a list without a search",
        false => "get_record shows it",
    };
    let columns = columns.join(", ");
    let told =
        || format!("No row shows {columns}: empty in all, or what is exported does not carry it; {tool}.");
    (!columns.is_empty()).then(told)
}

/// Told of names that are not beside their ids, though lists show them.
pub(super) fn tell_unnamed(names: &[String]) -> Option<String> {
    let told = || {
        format!(
            "Without {}: what is exported has their ids alone; get_records shows names where Zoho gives them.",
            names.join(", ")
        )
    };
    (!names.is_empty()).then(told)
}

/// Told of cells that are written as text.
pub(super) fn tell_marked(cells: u64) -> Option<String> {
    let told =
        || format!("{cells} cells that a spreadsheet would run as formulas have a ' before their text.");
    (cells > 0).then(told)
}

/// Told of records that were counted and did not come.
pub(super) fn tell_missing(missing: u64) -> Option<String> {
    (missing > 0).then(|| format!("Zoho counted {missing} more than its pages had: export again."))
}

/// Why not all records are in the file, where they are not.
pub(super) fn why(end: End, product: Product, time: Option<&str>) -> Option<&'static str> {
    Some(match end {
        End::Whole => return None,
        End::Turning => TURNING,
        End::Endless => ENDLESS,
        End::Unlisted => unlisted(product, time),
    })
}

/// Told where Zoho does not list all of a query.
fn unlisted(product: Product, time: Option<&str>) -> &'static str {
    match (product, time) {
        (Product::Crm, None) => {
            "Zoho lists no more of this query: export it by `filters` (fewer than 10, Created_Time as a span), without \
             words or a view; these are listed to their end."
        }
        (_, Some(_)) => {
            "More records were created at one instant than Zoho lists at once: narrow the query by filters and export \
             the rest apart."
        }
        (Product::Desk, None) => {
            "Zoho lists no more of this query: narrow it by filters and export the rest apart."
        }
    }
}
