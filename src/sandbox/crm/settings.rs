//! What modules and fields are like.

use serde_json::{Value, json};

use super::answer::{self, Answer};
use super::call::{Call, or_nothing};
use super::schema::{self, BLOCK, Field, Module};
use super::state::Crm;
use super::{seeds, users};
use crate::http::Reply;
use crate::permissions::crm as permissions;

/// `GET /settings/modules`.
pub(crate) fn modules(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let known = [
        "visible",
        "user_hidden",
        "system_hidden",
        "scheduled_for_deletion",
        "hidden",
    ];
    let wanted: Vec<&str> = call
        .query("status")
        .unwrap_or("visible")
        .split(',')
        .map(str::trim)
        .collect();
    if !wanted.iter().all(|status| known.contains(status)) {
        return Err(answer::parameter_invalid(
            "status",
            json!({ "supported_values": known }),
        ));
    }
    let all = call
        .modules
        .iter()
        .map(|module| described(crm, module))
        .filter(|module| wanted.iter().any(|status| module["status"] == *status));
    or_nothing("modules", all.collect(), None)
}

/// `GET /settings/modules/{api_name}`, or with the module's id.
pub(crate) fn module(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let name = call.parts[0];
    let module = call
        .modules
        .iter()
        .find(|module| module.api_name == name || seeds::module_id(module) == name);
    let module = module.ok_or_else(|| answer::module_invalid(&json!({ "resource_path_index": 2 })))?;
    let mut shown = described(crm, module);
    let names: Vec<&str> = module
        .fields
        .iter()
        .filter(|field| !field.read_only)
        .take(8)
        .map(|field| field.api_name.as_str())
        .collect();
    shown["related_list_properties"] = json!({ "sort_by": null, "fields": names, "sort_order": null });
    shown["search_layout_fields"] = json!(names);
    shown["display_field"] = json!(module.display);
    shown["per_page"] = json!(10);
    shown["lookup_field_properties"] =
        json!({ "fields": [{ "api_name": module.display, "sequence_number": 1 }] });
    shown["layouts"] = json!([{ "name": "Standard", "id": seeds::layout_id(module) }]);
    shown["fields"] = module
        .fields
        .iter()
        .map(|field| field_shown(module, field))
        .collect();
    Ok(Reply::json(200, &json!({ "modules": [shown] })))
}

fn described(crm: &Crm, module: &Module) -> Value {
    let hidden = module.is_attached() || module.of.is_some();
    let status = match (module.of.is_some(), hidden) {
        (true, _) => "system_hidden",
        (_, true) => "user_hidden",
        _ => "visible",
    };
    let may =
        |what: &str| module.of.is_none() && crm.profile().has(&format!("{what}_{}", module.module_name));
    json!({
        "id": seeds::module_id(module), "api_name": module.api_name, "module_name": module.module_name, "singular_label": module.singular,
        "plural_label": module.plural, "actual_singular_label": module.singular, "actual_plural_label": module.plural,
        "generated_type": if module.custom { "custom" } else { "default" }, "api_supported": true, "creatable": may("Create"), "editable": may("Edit"),
        "deletable": may("Delete"), "viewable": module.of.is_some() || may("View"),
        "convertable": module.convertable, "global_search_supported": !hidden, "presence_sub_menu": true, "feeds_required": false, "scoring_supported": !hidden,
        "webform_supported": matches!(module.api_name.as_str(), "Leads" | "Contacts" | "Cases"), "status": status,
        "visible": !hidden, "visibility": 1, "show_as_tab": !hidden, "sequence_number": module.index + 1, "isBlueprintSupported": !hidden, "has_more_profiles": false,
        "profiles": users::profile_references(), "parent_module": {}, "modified_time": null, "modified_by": null, "web_link": null, "access_type": "org_based",
        "profile_count": permissions::profiles().len(), "business_card_field_limit": if hidden { 0 } else { 5 }, "inventory_template_supported": false, "filter_supported": !hidden,
        "emailTemplate_support": !hidden, "description": null, "arguments": [], "activity_badge": "Not_Supported",
    })
}

/// `GET /settings/fields`.
pub(crate) fn fields(_crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.asked_module()?;
    match call.query("type") {
        None | Some("all" | "used") => {}
        Some("unused") => return Ok(Reply::empty(204)),
        Some(_) => {
            return Err(answer::parameter_invalid(
                "type",
                json!({ "supported_values": ["all", "used", "unused"] }),
            ));
        }
    }
    or_nothing(
        "fields",
        module
            .fields
            .iter()
            .map(|field| field_shown(module, field))
            .collect(),
        None,
    )
}

/// `GET /settings/fields/{id}`.
pub(crate) fn field(_crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.asked_module()?;
    let field = module
        .fields
        .iter()
        .find(|field| seeds::field_id(module, field) == call.parts[0])
        .ok_or_else(|| answer::id_invalid(2))?;
    Ok(Reply::json(
        200,
        &json!({ "fields": [field_shown(module, field)] }),
    ))
}

/// A field as the settings show it.
pub(crate) fn field_shown(module: &Module, field: &Field) -> Value {
    let writable = !field.read_only;
    let (data_type, json_type) = types(field);
    let values = field.pick.iter().zip(1_u64..).map(|(value, number)| {
        let id = BLOCK + 3_000_000 + module.index * 10_000 + field.index * 100 + number;
        json!({ "display_value": value, "actual_value": value, "reference_value": value, "id": id.to_string(), "sequence_number": number, "colour_code": null, "type": "used", "maps": [] })
    });
    let target = field
        .lookup
        .as_deref()
        .and_then(schema::module)
        .filter(|_| field.data_type == "lookup");
    let lookup = target.map_or_else(
        || json!({}),
        |target| {
            json!({ "display_label": module.plural, "api_name": module.api_name, "id": seeds::field_id(module, field), "revalidate_filter_during_edit": false,
                "module": { "api_name": target.api_name, "id": seeds::module_id(target) } })
        },
    );
    let external = if field.external {
        json!({ "show": true, "type": "org" })
    } else {
        Value::Null
    };
    let currency = if field.data_type == "currency" {
        json!({ "precision": 2, "rounding_option": "normal" })
    } else {
        json!({})
    };
    let textarea = match (data_type, field.longest()) {
        ("textarea", _) if field.rich => json!({ "type": "rich_text" }),
        ("textarea", Some(..=2_000)) => json!({ "type": "small" }),
        ("textarea", _) => json!({ "type": "large" }),
        _ => Value::Null,
    };
    let mut shown = json!({
        "id": seeds::field_id(module, field), "api_name": field.api_name, "field_label": field.label(), "display_label": field.label(),
        "data_type": data_type, "json_type": json_type, "length": field.longest().unwrap_or(120), "decimal_place": if field.data_type == "double" { json!(2) } else { Value::Null },
        "system_mandatory": field.required, "custom_field": field.custom, "read_only": field.read_only, "field_read_only": field.read_only, "visible": true,
        "sortable": !matches!(data_type, "textarea" | "subform" | "jsonarray"), "filterable": !matches!(data_type, "textarea" | "subform"), "searchable": data_type != "subform",
    });
    let rest = json!({
        "virtual_field": false, "businesscard_supported": true, "webhook": true, "quick_sequence_number": null, "display_field": field.api_name == module.display,
        "unique": if field.unique { json!({ "casesensitive": false }) } else { json!({}) }, "lookup": lookup, "multiselectlookup": {}, "multiuserlookup": {}, "subform": null,
        "pick_list_values": values.collect::<Vec<Value>>(), "pick_list_values_sorted_lexically": false, "enable_colour_code": false, "currency": currency,
        "textarea": textarea, "formula": {}, "auto_number": if field.data_type == "autonumber" { json!({ "prefix": "", "suffix": "", "start_number": 1000 }) } else { json!({}) },
        "external": external, "private": null, "tooltip": null, "default_value": null, "created_source": "default", "ui_type": 1, "type": "used", "profiles": users::field_profiles(module, field),
        "history_tracking": null, "association_details": null, "additional_column": null, "convert_mapping": null, "crypt": null, "hipaa_compliance_enabled": false, "hipaa_compliance": null,
        "mass_update": writable, "personality_name": null, "modified_time": null, "operation_type": { "web_update": writable, "api_create": writable, "web_create": writable, "api_update": writable },
        "view_type": { "view": true, "edit": writable, "quick_create": field.required, "create": writable }, "refer_from_field": null, "blueprint_supported": writable,
    });
    if let (Some(shown), Value::Object(rest)) = (shown.as_object_mut(), rest) {
        shown.extend(rest);
    }
    shown
}

/// `data_type` and `json_type` of a field.
fn types(field: &Field) -> (&str, &str) {
    match field.data_type.as_str() {
        "tag" => ("text", "jsonarray"),
        "jsonarray" => ("text", "jsonarray"),
        kind @ ("multiselectpicklist" | "subform") => (kind, "jsonarray"),
        kind @ ("lookup" | "ownerlookup") => (kind, "jsonobject"),
        kind @ "integer" => (kind, "integer"),
        kind @ ("double" | "currency" | "percent") => (kind, "double"),
        kind @ "boolean" => (kind, "boolean"),
        kind => (kind, "string"),
    }
}
