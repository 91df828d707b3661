//! Records that Zoho CRM leaves out of its lists, searches and counts by itself.

use crate::names::fold;
use crate::tools::request::ListQuery;
use crate::zoho::Read;

/// Asks for records that wait for an approval, too, as the pages of Zoho CRM show them.
pub(super) fn with_unapproved(request: Read) -> Read {
    request.with_query("approved", "both")
}

/// Asks for the records that Zoho leaves out by itself, where the query means them; else tells that they are.
pub(super) fn with_hidden(request: Read, query: &ListQuery<'_>, notes: &mut Vec<String>) -> Read {
    let Some(hidden) = &query.module.hidden else {
        return request;
    };
    let is_theirs = |name: &str| hidden.fields.iter().any(|field| fold(field) == fold(name));
    let (param, all) = &hidden.param;
    if query.filters.iter().any(|(name, _)| is_theirs(name)) {
        return request.with_query(param.as_str(), all.as_str());
    }
    // A view has the records that it has.
    if query.all && query.view.is_none() {
        notes.push(hidden.among.clone());
        return request.with_query(param.as_str(), all.as_str());
    }
    notes.push(hidden.note.clone());
    request
}
