//! Pages of customers, and the rows of them that are who was asked for.

use serde_json::Value;

use crate::names::composed;
use crate::tools::error::ToolError;
use crate::tools::output::project::{Page, Projection, Record, Rows};
use crate::tools::reading;
use crate::tools::request::are_whole;
use crate::zoho::{Read, Session};

/// One page of a list, these fields of its rows.
pub(super) async fn page(session: &Session, request: Read, fields: &[&str]) -> Result<Page, ToolError> {
    let fields: Vec<String> = fields.iter().map(|&field| field.to_owned()).collect();
    let projection = Projection {
        fields: Some(&fields),
        html: &[],
        rows: Rows::WithIds,
    };
    reading::one_page(session, &request, "data", &projection).await
}

/// The records of a page that have an address as a whole, and how many only have it as a part of theirs: Zoho gives both.
pub(super) fn page_of_address(mut page: Page, fields: &[&str], address: &str) -> (Page, usize) {
    let texts = [composed(address.trim())];
    let before = page.records.len();
    page.records.retain(|record| {
        let own = fields
            .iter()
            .filter_map(|field| record.shown.get(*field)?.as_str());
        are_whole(own, &texts)
    });
    let alike = before - page.records.len();
    leave_out(&mut page, before, alike);
    (page, alike)
}

/// Takes those left out from the total. Where rows lie behind the page, nobody knows how many of them are alike only.
fn leave_out(page: &mut Page, before: usize, others: usize) {
    let behind = |total: u64| total > (before + page.refused.len()) as u64;
    match page.total {
        Some(total) if behind(total) && others > 0 => {
            page.total = None;
            page.info.insert("more_records".to_owned(), Value::Bool(true));
        }
        total => page.total = total.map(|total| total.saturating_sub(others as u64)),
    }
}

/// The records of a page whose name holds what was asked for, those first that are called so as a whole. The name of a person
/// may stand in two fields.
pub(super) fn page_of_name(mut page: Page, fields: &[&str], name: &str) -> Page {
    let wanted = composed(name.trim());
    let own = |record: &Record| {
        let parts = fields
            .iter()
            .filter_map(|field| record.shown.get(*field)?.as_str());
        composed(parts.collect::<Vec<&str>>().join(" ").trim())
    };
    // Only a piece of a name with commas could be asked for.
    if wanted.contains(',') {
        let before = page.records.len();
        page.records.retain(|record| own(record).contains(&wanted));
        let others = before - page.records.len();
        leave_out(&mut page, before, others);
    }
    page.records.sort_by_key(|record| own(record) != wanted);
    page
}
