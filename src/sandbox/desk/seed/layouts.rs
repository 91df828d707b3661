//! The layouts of an organization: one a module, and a second one for tickets about returned goods.

use serde_json::{Value, json};

use super::settings::fields;
use super::{Kind, World};
use crate::desk::modules::{self, Row};

/// Modules in the order of their layouts' ids; tickets come a second time for their other layout.
const ORDER: [&str; 10] = [
    "tickets",
    "contacts",
    "accounts",
    "tasks",
    "calls",
    "events",
    "contracts",
    "products",
    "tickets",
    "cm_service_vehicles",
];
/// The place of the second layout of tickets.
const RETURNS: u64 = 8;
/// What must be filled in for a return.
const NEEDED: [&str; 3] = ["subject", "cf_order_number", "cf_purchase_date"];
/// What a return asks for.
const SHOWN: [&str; 8] = [
    "subject",
    "contactId",
    "status",
    "priority",
    "description",
    "cf_severity",
    "cf_order_number",
    "cf_purchase_date",
];

/// The layouts, each with its fields in one section.
pub(crate) fn layouts(world: &World) -> Vec<Row> {
    let all = fields(world);
    ORDER
        .iter()
        .zip(0u64..)
        .map(|(module, index)| {
            let own = all
                .iter()
                .filter(|field| modules::text(field, "_module") == *module);
            let own: Vec<Value> = own.filter_map(|field| placed(field, index)).collect();
            let name = match index {
                RETURNS => "Returns".to_owned(),
                _ => modules::module(module).plural.clone(),
            };
            let mut row = modules::blank("layouts");
            for (key, value) in [
                ("id", json!(world.id(Kind::LAYOUT, index))),
                ("layoutName", json!(name)),
                ("layoutDisplayName", json!(name)),
                ("module", json!(module)),
                (
                    "departmentId",
                    json!(world.id(Kind::DEPARTMENT, u64::from(index == RETURNS))),
                ),
                ("isDefaultLayout", json!(index != RETURNS)),
                ("isStandardLayout", json!(index != RETURNS)),
                (
                    "sections",
                    json!([{"name": "Information", "isCustomSection": false, "fields": own}]),
                ),
            ] {
                row.insert(key.to_owned(), value);
            }
            row
        })
        .collect()
}

/// A field as a layout has it; the layout of returns leaves fields out, needs others and offers fewer values.
fn placed(field: &Row, layout: u64) -> Option<Value> {
    let name = modules::text(field, "apiName");
    let mut mandatory = modules::is(field, "isMandatory");
    let mut allowed = modules::value(field, "allowedValues");
    if layout == RETURNS {
        if !SHOWN.contains(&name) {
            return None;
        }
        mandatory = NEEDED.contains(&name);
        if let Some(values) = allowed.as_array_mut().filter(|_| name == "cf_severity") {
            values.truncate(2);
        }
    }
    Some(
        json!({"id": field["id"], "apiName": name, "displayLabel": field["displayLabel"], "type": field["type"],
        "isCustomField": field["isCustomField"], "isMandatory": mandatory, "allowedValues": allowed}),
    )
}
