//! Deleting records, and the list of those that were.

use serde_json::{Value, json};

use super::answer::{self, Answer, already_converted, failure, results, success};
use super::call::{Call, or_nothing};
use super::paging;
use super::records::Converted;
use super::schema::{self, Module, Row};
use super::state::{Binned, Crm};
use super::{relations, time};

/// `DELETE /{module}`.
pub(crate) fn many(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let ids = call
        .ids("ids", 100)?
        .ok_or_else(|| answer::parameter_missing("ids"))?;
    let module = call.module();
    Ok(results(
        200,
        ids.into_iter().map(|id| remove(crm, module, id)).collect(),
    ))
}

/// `DELETE /{module}/{id}`.
pub(crate) fn one(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.module();
    let id = call.record(crm, module, 0)?;
    Ok(results(200, vec![remove(crm, module, id)]))
}

/// Deletes a record with what hangs on it, and tells how it went.
pub(crate) fn remove(crm: &mut Crm, module: &'static Module, id: u64) -> Value {
    let details = json!({ "id": id.to_string() });
    if crm.row(module, id).is_some_and(|row| Converted::Only.shows(row)) {
        return already_converted(id);
    }
    crm.tell_beside(module, id, "deleted");
    let Some(row) = crm.table(module).rows.remove(&id) else {
        return failure("INVALID_DATA", &details, "record not deleted");
    };
    let person = |value: &Value| json!({ "name": value["name"], "id": value["id"] });
    let entry = json!({
        "deleted_by": person(&crm.me()), "id": id.to_string(), "display_name": row.get(&module.display), "type": "recycle",
        "created_by": person(&row["Created_By"]), "deleted_time": time::iso(crm.now),
    });
    crm.table(module).deleted.push(entry);
    crm.announce(module, id, "delete", &Value::Null);
    let mut binned = Binned {
        links: relations::of(crm, module, id),
        ..Binned::default()
    };
    binned.take(crm, module, id, row);
    relations::forget(crm, module, id);
    for attached in schema::modules()
        .iter()
        .filter(|other| other.is_attached() && !module.is_attached())
    {
        let text = id.to_string();
        let hanging = crm
            .table(attached)
            .rows
            .iter()
            .filter(|(_, row)| row.get("Parent_Id").is_some_and(|parent| parent["id"] == *text));
        let hanging: Vec<u64> = hanging.map(|(id, _)| *id).collect();
        for id in hanging {
            if let Some(row) = crm.table(attached).rows.remove(&id) {
                binned.take(crm, attached, id, row);
            }
        }
    }
    crm.table(module).binned.insert(id, binned);
    if module.api_name == "Deals" {
        crm.unstaged(id);
    }
    if !module.is_attached() {
        crm.refresh_lookups(module, id);
    }
    success(&details, "record deleted")
}

impl Binned {
    fn take(&mut self, crm: &mut Crm, module: &'static Module, id: u64, row: Row) {
        self.rows.push((&module.api_name, id, row));
        self.files.extend(crm.files.remove(&id).map(|file| (id, file)));
    }
}

/// `GET /{module}/deleted`.
pub(crate) fn list(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let kind = call.query("type").unwrap_or("all");
    if !matches!(kind, "all" | "recycle" | "permanent") {
        return Err(answer::parameter_invalid(
            "type",
            json!({ "supported_values": ["all", "recycle", "permanent"] }),
        ));
    }
    let deleted = crm.table(call.module()).deleted.iter().rev();
    let deleted: Vec<Value> = deleted
        .filter(|entry| kind == "all" || entry["type"] == kind)
        .cloned()
        .collect();
    let (page, info) = paging::paginate(call, &deleted)?;
    or_nothing("data", page, Some(info))
}
