//! What of a case itself is needed beside its conversation: each fact once.

use serde_json::{Map, Value};

use crate::connections::Product;
use crate::tools::handlers::{Context, names, record};
use crate::tools::modules;
use crate::tools::output::conversation::Row;
use crate::zoho::Session;

/// Puts names beside ids that come alone; what is told where there are none.
pub(super) async fn name_ids(case: &mut Row, context: &Context<'_>, session: &Session) -> Option<String> {
    let all = modules::names(Product::Desk).iter();
    let all = all.map(|(field, naming)| (field.as_str(), naming));
    let namings: Vec<_> = all.filter(|(_, naming)| naming.is_apart()).collect();
    names::ask_beside(&mut [case], &namings, &|_| false, context, session).await
}

/// Leaves out what says nothing, what nobody asks for here, and ids that stand once more in what they name.
pub(super) fn keep_needed(case: &mut Row) {
    let told: Vec<String> = case
        .keys()
        .filter(|key| is_told_by_name(case, key))
        .cloned()
        .collect();
    let known = modules::find(Product::Desk, "Cases").and_then(|cases| cases.get.as_ref());
    let unneeded = known.map(|get| get.unneeded.as_slice()).unwrap_or_default();
    case.retain(|key, value| {
        !record::is_empty(value)
            && !record::is_padding(key, value)
            && !unneeded.contains(key)
            && !told.contains(key)
    });
    if let Some(contact) = case.get_mut("contact").and_then(Value::as_object_mut) {
        contact.retain(|key, value| !record::is_padding(key, value));
    }
}

/// The account of a case that is another than its contact's own, where that is all that is known of it.
pub(super) fn other_account(case: &Row) -> Option<&str> {
    let own = case.get("accountId")?.as_str()?;
    let contacts = case.get("contact").and_then(|contact| contact.get("account"));
    let named = [case.get("account"), contacts].into_iter().flatten();
    let mut named = named.filter_map(|account| account.get("id")?.as_str());
    (!named.any(|id| id == own)).then_some(own)
}

/// Whether a member is the id of an object beside it, or of the contact's.
fn is_told_by_name(case: &Row, key: &str) -> bool {
    let Some(name) = key.strip_suffix("Id") else {
        return false;
    };
    let contact = case.get("contact").and_then(Value::as_object);
    let holders: [Option<&Map<String, Value>>; 2] = [Some(case), contact];
    let mut named = holders
        .into_iter()
        .flatten()
        .filter_map(|holder| holder.get(name)?.get("id"));
    named.any(|id| Some(id) == case.get(key))
}
