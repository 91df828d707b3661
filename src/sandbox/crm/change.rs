//! A checked change becomes part of a record, with what follows from it and a line in its timeline.

use serde_json::{Value, json};

use super::schema::{self, Module, Row};
use super::state::Crm;
use super::{derive, seeds, stages, time};

/// Puts checked values into a record, with what follows from them.
pub(crate) fn apply(crm: &mut Crm, module: &'static Module, id: u64, values: Row, action: &str) {
    let (module, me, now) = (schema::whole(module), crm.me(), json!(time::iso(crm.now)));
    if module.api_name == "Deals" {
        // What was before this change is made once.
        crm.table(stages::module());
    }
    let Some(row) = crm.row(module, id) else { return };
    let before = row.clone();
    if values.contains_key("Stage") && !values.contains_key("Probability") {
        row.shift_remove("Probability");
    }
    for (key, value) in values {
        if value.is_null() {
            drop(row.shift_remove(&key))
        } else {
            drop(row.insert(key, value))
        }
    }
    derive::fill(module, row);
    row.insert("Modified_By".to_owned(), me);
    row.insert("Modified_Time".to_owned(), now.clone());
    row.insert("Last_Activity_Time".to_owned(), now);
    let history = history(module, &before, row);
    let moved = (before.get("Stage") != row.get("Stage")).then(|| row.clone());
    let renamed = before.get(&module.display) != row.get(&module.display);
    if renamed {
        crm.refresh_lookups(module, id);
    }
    if let Some(deal) = moved.filter(|_| module.api_name == "Deals") {
        crm.staged(&deal);
    }
    crm.tell(module, id, action, history);
}

fn history(module: &Module, before: &Row, after: &Row) -> Value {
    let differs = |name: &str| before.get(name) != after.get(name);
    let fields = module
        .fields
        .iter()
        .filter(|field| !field.read_only && differs(&field.api_name));
    let shown = |row: &Row, name: &str| {
        row.get(name)
            .map_or(Value::Null, |value| value.get("name").unwrap_or(value).clone())
    };
    let entry = |name: &str| json!({ "old": shown(before, name), "new": shown(after, name) });
    let list = fields.map(|field| {
        json!({ "api_name": field.api_name, "field_label": field.label(), "data_type": field.data_type, "id": seeds::field_id(module, field), "_value": entry(&field.api_name) })
    });
    Value::Array(list.collect())
}
