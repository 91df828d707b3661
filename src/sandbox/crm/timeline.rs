//! What happened to a record.

use serde_json::{Value, json};

use super::answer::Answer;
use super::call::{Call, or_nothing};
use super::paging::{self, Key};
use super::schema::Module;
use super::state::Crm;
use super::{records, seeds};

/// `GET /{module}/{id}/__timeline`: newest first, paged like lists.
pub(crate) fn list(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.module();
    let id = call.find(crm, module, 0)?;
    let mut events: Vec<Value> = crm
        .events
        .iter()
        .filter(|event| event.record == id)
        .map(|event| seen(module, event.body.clone()))
        .collect();
    if !events.iter().any(|event| event["action"] == "added") {
        let row = &crm.table(module).rows[&id];
        let mut by = row["Created_By"].clone();
        by["type"] = json!("user");
        let first = json!({
            "id": id.to_string(), "action": "added", "audited_time": row["Created_Time"], "source": "crm_ui", "type": "record", "done_by": by,
            "related_record": null, "automation_details": null, "field_history": null,
            "record": { "name": row.get(&module.display), "id": id.to_string(), "module": { "api_name": module.api_name, "id": seeds::module_id(module) } },
        });
        events.insert(0, first);
    }
    let (_, descending) = order(call)?;
    let mut keys: Vec<Key> = events
        .iter()
        .zip(0..)
        .map(|(event, index)| (event["audited_time"].as_str().unwrap_or("").to_owned(), index))
        .collect();
    keys.sort();
    if descending {
        keys.reverse();
    }
    let mut page = paging::page(crm, call, &keys, "audited_time", descending)?;
    let data = page
        .ids
        .iter()
        .map(|index| events[*index as usize].clone())
        .collect();
    if let Some(info) = page.info.as_object_mut() {
        info.retain(|name, _| !matches!(name.as_str(), "call" | "email" | "sort_by" | "sort_order"));
    }
    or_nothing("__timeline", data, Some(page.info))
}

/// What happened, without the fields that the module is seen without.
fn seen(module: &Module, mut event: Value) -> Value {
    if let Some(fields) = event["field_history"].as_array_mut() {
        fields.retain(|field| {
            field["api_name"]
                .as_str()
                .is_none_or(|name| module.field(name).is_some())
        });
    }
    event
}

fn order<'a>(call: &'a Call<'_>) -> Result<(&'a str, bool), crate::http::Reply> {
    match call.query("sort_order") {
        Some("asc") => Ok(("audited_time", false)),
        None | Some("desc") => Ok(("audited_time", true)),
        Some(_) => records::order(call, &["audited_time"]),
    }
}
