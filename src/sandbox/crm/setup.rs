//! What else of the set-up is asked for: the bin of all modules, values of one picklist, what lies below a territory, who
//! is in a group, and what there is one of. Sources: the OpenAPI set of August 2026 (paths), the SDK of 7.0 (keys).

use serde_json::{Value, json};

use super::answer::{self, Answer};
use super::call::{Call, or_nothing};
use super::schema::{self, Module};
use super::settings;
use super::state::Crm;
use super::{paging, seeds};
use crate::http::Reply;

/// `GET settings/recycle_bin` and one entry of it, newest first.
pub(crate) fn bin(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let mut all = binned(crm);
    if let Some(id) = call.parts.first() {
        all.retain(|entry| entry["id"] == *id);
        return match all.is_empty() {
            true => Err(answer::id_invalid(2)),
            false => or_nothing("recycle_bin", all, None),
        };
    }
    let (page, info) = paging::paginate(call, &all)?;
    or_nothing("recycle_bin", page, Some(info))
}

/// `GET settings/recycle_bin/actions/count`
pub(crate) fn bin_count(crm: &mut Crm, _call: &Call<'_>) -> Answer {
    let count = binned(crm).len();
    Ok(Reply::json(200, &json!({ "count": count })))
}

fn binned(crm: &Crm) -> Vec<Value> {
    let mut all = Vec::new();
    let is_seen = |module: &&Module| crm.profile().has(&format!("View_{}", module.module_name));
    for module in schema::modules().iter().filter(is_seen) {
        let Some(table) = crm.tables.get(module.api_name.as_str()) else {
            continue;
        };
        all.extend(table.deleted.iter().map(|entry| {
            json!({ "id": entry["id"], "display_name": entry["display_name"], "deleted_time": entry["deleted_time"],
                "deleted_by": entry["deleted_by"], "owner": entry["created_by"],
                "module": { "api_name": module.api_name, "id": seeds::module_id(module) } })
        }));
    }
    all.sort_by(|one, other| other["deleted_time"].as_str().cmp(&one["deleted_time"].as_str()));
    all
}

/// `GET settings/fields/{field}/pick_list_values`
pub(crate) fn pick_list_values(_crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.asked_module()?;
    let mut fields = module.fields.iter();
    let field = fields.find(|field| seeds::field_id(module, field) == call.parts[0]);
    let shown = settings::field_shown(module, field.ok_or_else(|| answer::id_invalid(2))?);
    let values = shown["pick_list_values"].as_array().cloned().unwrap_or_default();
    or_nothing("pick_list_values", values, None)
}

/// `GET settings/territories/{territory}/__child_territories`
pub(crate) fn child_territories(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let all = crm.company.get("territories").into_iter().flatten();
    let below = all.filter(|row| row["reporting_to"]["id"] == call.parts[0]);
    let (page, info) = paging::paginate(call, &below.cloned().collect::<Vec<Value>>())?;
    or_nothing("territories", page, Some(info))
}

/// `GET settings/user_groups/{group}/sources`
pub(crate) fn sources(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let group = group(crm, call)?;
    let rows = group["sources"].as_array().cloned().unwrap_or_default();
    let (page, info) = paging::paginate(call, &rows)?;
    or_nothing("sources", page, Some(info))
}

/// `GET settings/user_groups/{group}/actions/sources_count`
pub(crate) fn sources_count(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let group = group(crm, call)?;
    Ok(Reply::json(
        200,
        &json!({ "sources_count": [group["sources_count"]] }),
    ))
}

fn group(crm: &Crm, call: &Call<'_>) -> Result<Value, Reply> {
    let found = crm.company_row("user_groups", &json!(call.parts[0]));
    found.ok_or_else(|| answer::id_invalid(2))
}

/// What there is one of: `settings/business_hours`, `settings/fiscal_year`, `org/taxes`, `settings/service_preferences`.
pub(crate) fn single(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let name = call.route.path.rsplit('/').next().unwrap_or_default();
    let key = if name == "taxes" { "org_taxes" } else { name };
    let kept = crm.company.get(key).and_then(|rows| rows.first()).cloned();
    Ok(Reply::json(200, &json!({ key: kept })))
}
