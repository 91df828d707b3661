//! Page layouts and the sales pipeline.

use serde_json::{Value, json};

use super::answer::{self, Answer};
use super::call::{Call, or_nothing};
use super::schema::{self, BLOCK, Module};
use super::state::Crm;
use super::{derive, seeds, settings, users};
use crate::http::Reply;

/// `GET /settings/layouts`.
pub(crate) fn list(_crm: &mut Crm, call: &Call<'_>) -> Answer {
    or_nothing("layouts", of(call.asked_module()?), None)
}

/// `GET /settings/layouts/{id}`.
pub(crate) fn get(_crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.asked_module()?;
    let layout = of(module)
        .into_iter()
        .find(|layout| layout["id"] == call.parts[0]);
    let layout = layout.ok_or_else(|| answer::id_invalid(2))?;
    Ok(Reply::json(200, &json!({ "layouts": [layout] })))
}

/// The layouts of a module; deals have a second one for what partners sell.
fn of(module: &Module) -> Vec<Value> {
    let standard = shown(module);
    if module.api_name != "Deals" {
        return vec![standard];
    }
    let mut partners = standard.clone();
    for key in ["name", "display_label"] {
        partners[key] = json!("Partner Sales");
    }
    partners["id"] = json!(seeds::second_layout_id(module));
    partners["api_name"] = json!("Partner_Sales");
    partners["generated_type"] = json!("custom");
    let fields = partners["sections"][0]["fields"].as_array_mut();
    for field in fields.into_iter().flatten() {
        if field["api_name"] == "Lead_Source" {
            field["required"] = json!(true);
        }
        let is_stage = field["api_name"] == "Stage";
        if let Some(values) = field["pick_list_values"].as_array_mut()
            && is_stage
        {
            values.retain(|value| {
                value["actual_value"]
                    .as_str()
                    .is_some_and(|stage| stage.starts_with("Closed") || stage == "Qualification")
            });
        }
    }
    vec![standard, partners]
}

fn shown(module: &Module) -> Value {
    let section = |number: u64, name: &str, label: &str, wide: bool| {
        let fields = module
            .fields
            .iter()
            .filter(|field| (field.data_type == "textarea") == wide && field.api_name != "id");
        let fields = fields.zip(1..).map(|(field, number)| {
            let mut shown = settings::field_shown(module, field);
            shown["sequence_number"] = json!(number);
            shown["required"] = json!(field.required);
            shown
        });
        json!({
            "id": (BLOCK + 95_001 + module.index * 10 + number).to_string(), "name": name, "api_name": name, "display_label": label, "sequence_number": number,
            "column_count": if wide { 1 } else { 2 }, "tab_traversal": 2, "isSubformSection": false, "type": "used", "fields": fields.collect::<Vec<Value>>(),
        })
    };
    let main = format!("{} Information", module.singular);
    json!({
        "id": seeds::layout_id(module), "name": "Standard", "display_label": "Standard", "api_name": "Standard", "status": "active", "visible": true, "source": "crm",
        "has_more_profiles": false, "generated_type": "standard", "created_for": null, "created_time": null, "created_by": null, "modified_time": null, "modified_by": null,
        "profiles": users::profile_references(), "actions_allowed": { "edit": true, "rename": true, "clone": true, "downgrade": false, "delete": false, "deactivate": false, "set_layout_permissions": true },
        "convert_mapping": if module.convertable { mapping() } else { Value::Null },
        "sections": [section(1, &main, &main, false), section(2, "Description Information", "Description Information", true)],
    })
}

fn mapping() -> Value {
    let target = |name: &str| {
        schema::module(name).map(|module| json!({ "name": "Standard", "id": seeds::layout_id(module) }))
    };
    json!({ "Contacts": target("Contacts"), "Accounts": target("Accounts"), "Deals": target("Deals") })
}

/// `GET /settings/pipeline`.
pub(crate) fn pipeline(_crm: &mut Crm, call: &Call<'_>) -> Answer {
    let layout = call
        .query("layout_id")
        .ok_or_else(|| answer::parameter_missing("layout_id"))?;
    let deals = schema::module("Deals").filter(|deals| seeds::layout_id(deals) == layout);
    let deals = deals.ok_or_else(|| answer::parameter_invalid("layout_id", json!({})))?;
    let stages = deals.field("Stage").map_or(&[][..], |field| &field.pick);
    let maps = stages.iter().zip(1_u64..).map(|(stage, number)| {
        let forecast = match stage.as_str() {
            "Closed Won" => "Closed",
            "Closed Lost" => "Omitted",
            _ => "Pipeline",
        };
        json!({
            "id": (BLOCK + 6_801 + number * 2).to_string(), "display_value": stage, "actual_value": stage, "sequence_number": number, "colour_code": null, "delete": false,
            "forecast_type": if stage.starts_with("Closed") { stage.as_str() } else { "Open" }, "probability": derive::probability(stage),
            "forecast_category": { "name": forecast, "id": (BLOCK + 40_001 + number).to_string() },
        })
    });
    let name = "Standard (Standard)";
    let pipeline = json!({ "id": (BLOCK + 6_801).to_string(), "display_value": name, "actual_value": name, "default": true, "child_available": false, "maps": maps.collect::<Vec<Value>>() });
    if call.parts.first().is_some_and(|id| pipeline["id"] != *id) {
        return Err(answer::id_invalid(2));
    }
    Ok(Reply::json(200, &json!({ "pipeline": [pipeline] })))
}
