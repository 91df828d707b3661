//! What is told of an export that does not have all.

use std::path::Path;

use serde_json::{Map, json};

use super::Exporting;
use super::spans::{End, Progress};
use crate::connections::Product;
use crate::tools::error::{Code, ToolError};
use crate::tools::files::Export;
use crate::tools::handlers::records::{names_of_filters, tell_filters};
use crate::tools::mending::Mend;
use crate::tools::modules::Module;
use crate::tools::output::Answer;
use crate::tools::output::list::ONE_RECORD;
use crate::tools::output::project::tell_cut;
use crate::tools::request::texts;

/// Told when the rows were read from the first one on again.
const ANEW: &str =
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

/// Told of names that are not beside ids, in all rows or in some, though lists show them.
fn tell_unnamed(progress: &Progress) -> impl Iterator<Item = String> {
    let is_shown = |name: &&str| progress.shown.members.contains(*name) || progress.archive.shows(name);
    let (some, none): (Vec<&str>, Vec<&str>) =
        progress.unnamed.iter().map(String::as_str).partition(is_shown);
    let told = [("Without", none), ("Some rows are without", some)].map(|(without, names)| {
        let told = || {
            format!(
                "{without} {}: there, what is exported has ids alone; get_records shows names where Zoho gives them.",
                names.join(", ")
            )
        };
        (!names.is_empty()).then(told)
    });
    told.into_iter().flatten()
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

impl Exporting<'_> {
    /// What the caller is told of a file that is written.
    pub(super) fn answer(&self, path: &Path, size: u64, end: End) -> Answer {
        let mut data = Map::new();
        data.insert("path".to_owned(), json!(path));
        data.insert("records".to_owned(), json!(self.progress.rows));
        data.insert("bytes".to_owned(), json!(size));
        let module = &self.subject.module;
        let asked = texts(self.arguments, "fields");
        let never = self.progress.shown.never(module, &asked);
        let hidden = self.hidden_in_archive(&never);
        let filters = names_of_filters(module, &never);
        let lost = never.iter().map(String::as_str);
        let lost: Vec<&str> = lost.filter(|name| !filters.contains(name)).collect();
        let mut answer = Answer::default()
            .of_our_own()
            .with("data", data)
            .with(
                "complete",
                end == End::Whole && self.progress.has_all(module) && hidden.is_empty(),
            )
            .with("app_type", self.subject.product.as_str())
            .with("module", self.subject.module.name.as_str());
        if self.goes_by_now {
            answer = answer.held_at(self.context.invocation.now());
        }
        let taken_up = |rows| format!("It went on where it broke off: {rows} records were there already.");
        answer.notes.extend(self.before.map(taken_up));
        answer.notes.extend(self.anew.then(|| ANEW.to_owned()));
        answer.notes.extend(self.progress.notes.clone());
        answer.notes.extend(self.progress.misses.clone());
        let gap = self.progress.gap.iter();
        answer.notes.extend(gap.map(|gap| format!("{gap} Export again.")));
        answer.notes.extend(self.progress.doubt.clone());
        let why = why(end, self.subject.product, self.time);
        let unshown = (!filters.is_empty()).then(|| tell_filters(module, &filters));
        let empty = self.progress.shown.tell_empty(module, &asked);
        let told = [why.map(str::to_owned), unshown, tell_lost(module, &lost), empty];
        answer.notes.extend(told.into_iter().flatten());
        answer.notes.extend(tell_unnamed(&self.progress));
        answer.notes.extend(tell_missing(self.progress.missing()));
        answer.notes.extend(self.progress.shown.tell());
        answer.notes.extend(tell_cut(&self.progress.cut, ONE_RECORD));
        let refused = self.progress.refused.tell();
        let refused = refused.map(|told| format!("{told}. They are not in the file."));
        answer.notes.extend(refused);
        answer.notes.extend(self.tell_archive(&hidden));
        answer.notes.extend(tell_marked(self.progress.marked));
        answer.with_repairs(self.repairs.clone())
    }

    /// The failure that ended it, with what is there and how to go on.
    pub(super) fn broken_off(&self, mut error: ToolError, file: &Export) -> ToolError {
        if self.kept > 0 && file.is_kept() {
            error.next = format!("{} {}", error.next, self.what_is_kept(&error));
        }
        error
    }

    /// What the records in the file are good for, once the failure is mended.
    fn what_is_kept(&self, error: &ToolError) -> String {
        let kept = self.kept;
        if self.context.invocation.was_moved() || is_mended_by_another(error) {
            format!(
                "With a new consent or another organization the same call begins anew: the {kept} records in the file are \
                 of the one before."
            )
        } else {
            format!("The same call then goes on: {kept} records are in the file already.")
        }
    }
}
