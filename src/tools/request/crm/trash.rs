//! What is in the recycle bin of Zoho CRM: a list of its own, which takes no condition and whose rows say little.

use serde_json::{Map, Value};

use super::PAGE;
use crate::connections::Product;
use crate::names::fold;
use crate::tools::error::ToolError;
use crate::tools::request::comparison::{self, Comparison};
use crate::tools::request::{ListQuery, ListRequest};
use crate::zoho::Read;

/// What its rows have (CRM OAS, getDeletedRecords).
const FIELDS: [&str; 6] = [
    "id",
    "display_name",
    "type",
    "deleted_by",
    "created_by",
    "deleted_time",
];
/// Told with them.
const NOTE: &str =
    "These are in the recycle bin, where Zoho tells no more of them, and no link leads to them.";

/// Whether the conditions ask for what is in the recycle bin.
pub fn asks_for_trash(filters: &Map<String, Value>) -> bool {
    filters.iter().any(|(name, value)| is_trash(name, value))
}

fn is_trash(name: &str, value: &Value) -> bool {
    let read = || comparison::read("", value).ok();
    let all = |texts: &[String]| texts.iter().all(|text| fold(text) == "trash");
    fold(name) == fold("Record_Status__s") && matches!(read(), Some(Comparison::OneOf(texts)) if all(&texts))
}

impl ListQuery<'_> {
    /// The query as it is for what is in the recycle bin, where that is asked for.
    #[must_use]
    pub(in crate::tools::request) fn of_trash(mut self, product: Product) -> Self {
        let mut filters = self.filters.iter();
        self.is_of_trash = product == Product::Crm && filters.any(|(name, value)| is_trash(name, value));
        if self.is_of_trash && !self.fields_given {
            self.fields = FIELDS.map(str::to_owned).to_vec();
        }
        self
    }
}

/// The list of what is in the recycle bin, where that is asked for.
///
/// # Errors
/// Something stands beside it.
pub(super) fn list(query: &ListQuery<'_>) -> Result<Option<ListRequest>, ToolError> {
    if !query.is_of_trash {
        return Ok(None);
    }
    let beside = match () {
        () if query.has_words() => Some("/query"),
        () if query.filters.len() > 1 => Some("/filters"),
        () if query.view.is_some() => Some("/view"),
        () if query.sort_by.is_some() => Some("/sort_by"),
        () if query.descending.is_some() => Some("/sort_order"),
        () => None,
    };
    if let Some(path) = beside {
        let fix = "ask for the recycle bin alone: its rows have a name, who deleted it and when".to_owned();
        let expected = "nothing beside the recycle bin, which Zoho CRM lists as a whole";
        return Err(ToolError::argument(path, expected, "both", Some(fix)));
    }
    let segments = [query.module.name.as_str(), "deleted"];
    let request = Read::get(Product::Crm, segments)
        .with_scopes(query.module.scopes.clone())
        .with_query("type", "recycle");
    Ok(Some(ListRequest {
        fields: Some(query.list_projected()),
        rows_have_ids: true,
        notes: vec![NOTE.to_owned()],
        ..ListRequest::bare(request, "data", query.limit, PAGE)
    }))
}
