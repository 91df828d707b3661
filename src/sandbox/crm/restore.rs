//! Records that come back from the recycle bin, with what hung on them. Source: CRM's OpenAPI of 2026,
//! restoreRecycleBinRecords: `ids` of at most 200, a row for each under `recycle_bin`. (Assumed: the timeline calls it
//! `restored`; lookups that pointed to the record stay empty. Filters and all records at once are jobs, and not served.)

use serde_json::{Value, json};

use super::answer::{self, Answer, failure, results_as, success};
use super::call::Call;
use super::schema;
use super::state::Crm;
use super::tags::ids_of;

/// How many records one call restores.
const MOST: usize = 200;

/// `POST settings/recycle_bin/actions/restore`.
pub(crate) fn many(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let body = call.body()?;
    if !body.contains_key("ids") {
        let names = ["ids", "filters", "restore_all_records"];
        let fields = names.map(|name| json!({ "api_name": name, "json_path": format!("$.{name}") }));
        let message = "One of the expected field is missing";
        return match names.iter().any(|name| body.contains_key(*name)) {
            true => Err(answer::unserved()),
            false => Err(answer::refuse(
                400,
                "EXPECTED_FIELD_MISSING",
                &json!({ "expected_fields": fields }),
                message,
            )),
        };
    }
    let ids = ids_of(&body)?;
    if ids.len() > MOST {
        return Err(answer::too_many(MOST, "ids"));
    }
    let rows = ids.into_iter().map(|id| restore(crm, id)).collect();
    Ok(results_as("recycle_bin", 200, rows))
}

/// `POST settings/recycle_bin/{record}/actions/restore`.
pub(crate) fn one(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = call.parts.first().and_then(|id| id.parse().ok());
    let id: u64 = id.ok_or_else(|| answer::id_invalid(2))?;
    let row = restore(crm, id);
    match row["status"] == "error" {
        true => Err(answer::id_invalid(2)),
        false => Ok(results_as("recycle_bin", 200, vec![row])),
    }
}

fn restore(crm: &mut Crm, id: u64) -> Value {
    let details = json!({ "id": id.to_string() });
    let of_it = schema::modules().iter().find(|module| {
        let table = crm.tables.get(module.api_name.as_str());
        table.is_some_and(|table| table.binned.contains_key(&id))
    });
    let Some((module, binned)) =
        of_it.and_then(|module| Some((module, crm.table(module).binned.remove(&id)?)))
    else {
        return failure("INVALID_DATA", &details, "the id given seems to be invalid");
    };
    let text = id.to_string();
    crm.table(module).deleted.retain(|entry| entry["id"] != *text);
    for (name, id, row) in binned.rows {
        if let Some(of) = schema::module(name) {
            crm.table(of).rows.insert(id, row);
        }
    }
    crm.files.extend(binned.files);
    crm.links.extend(binned.links);
    crm.tell(module, id, "restored", Value::Null);
    success(&details, "record restored")
}
