//! Related lists: their settings, their records, linking and delinking.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::answer::{self, Answer, failure, results, success};
use super::call::{Call, or_nothing};
use super::schema::{self, BLOCK, Module, Related};
use super::state::Crm;
use super::{contact_roles, records, relations, seeds, write};
use crate::http::Reply;

/// `GET /settings/related_lists`.
pub(crate) fn settings(_crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.asked_module()?;
    let mut lists = Vec::new();
    if !module.is_attached() {
        lists.push(shown(module, 0, "Notes", "Notes", "related_list"));
        lists.push(shown(module, 1, "Attachments", "Attachments", "related_list"));
    }
    for (index, related) in module.related.iter().enumerate() {
        let kind = if related.field.is_some() {
            "related_list"
        } else {
            "multi_select_lookup"
        };
        lists.push(shown(module, index + 2, &related.api_name, &related.module, kind));
    }
    if let Some(id) = call.parts.first() {
        lists.retain(|list| list["id"] == *id);
        if lists.is_empty() {
            return Err(answer::id_invalid(2));
        }
    }
    or_nothing("related_lists", lists, None)
}

fn shown(module: &Module, index: usize, list: &str, target: &str, kind: &str) -> Value {
    let target = schema::module(target);
    json!({
        "id": list_id(module, index), "sequence_number": (index + 1).to_string(), "display_label": list.replace('_', " "), "api_name": list,
        "name": list.replace('_', " "), "module": target.map(|target| json!({ "api_name": target.api_name, "id": seeds::module_id(target) })),
        "href": format!("{}/{{ENTITYID}}/{list}", module.api_name), "action": null, "type": kind, "status": "visible",
        "connectedmodule": null, "linkingmodule": null, "customize_sort": true, "customize_fields": true, "customize_display_label": true,
    })
}

fn list_id(module: &Module, index: usize) -> String {
    (BLOCK + 80_001 + module.index * 100 + index as u64).to_string()
}

struct Place {
    id: u64,
    related: &'static Related,
    target: &'static Module,
}

/// The list that a call is about: its route may name one.
fn list_name<'c>(call: &Call<'c>) -> &'c str {
    match call.route.path.split('/').nth(2) {
        Some(name) if !name.starts_with('{') => name,
        _ => call.parts[1],
    }
}

fn place(crm: &mut Crm, call: &Call<'_>) -> Result<Place, Reply> {
    let wrong = || {
        answer::refuse(
            400,
            "INVALID_DATA",
            &json!({ "resource_path_index": 2 }),
            "the relation name given seems to be invalid",
        )
    };
    let related = call.module().related_list(list_name(call)).ok_or_else(wrong)?;
    let target = call.seen(&related.module).ok_or_else(wrong)?;
    Ok(Place {
        id: call.find(crm, call.module(), 0)?,
        related,
        target,
    })
}

/// `GET /{module}/{id}/{list}`.
pub(crate) fn list(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let place = place(crm, call)?;
    let fields = call.listed_fields(place.target)?;
    let ids: BTreeSet<String> = relations::ids(crm, call.module(), place.related, place.id)
        .iter()
        .map(u64::to_string)
        .collect();
    let listed = records::list_rows(crm, call, place.target, &fields, &|row| {
        row["id"].as_str().is_some_and(|id| ids.contains(id))
    })?;
    Ok(match place.related.api_name.as_str() {
        "Contact_Roles" => contact_roles::with_role(crm, place.id, listed),
        _ => listed,
    })
}

/// `GET /{module}/{id}/{list}/{other}`.
pub(crate) fn get(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let place = place(crm, call)?;
    let fields = match list_name(call) {
        "Contact_Roles" => Some(call.listed_fields(place.target)?),
        _ => call.fields()?,
    };
    let other = other(call)?;
    if !relations::ids(crm, call.module(), place.related, place.id).contains(&other) {
        return Ok(Reply::empty(204));
    }
    records::single(crm, call, place.target, other, fields.as_deref())
}

fn other(call: &Call<'_>) -> Result<u64, Reply> {
    let last = call.parts.last().copied().unwrap_or_default();
    last.parse().map_err(|_| answer::id_invalid(3))
}

/// `PUT /{module}/{id}/{list}`.
pub(crate) fn link_many(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let place = place(crm, call)?;
    let wanted = call.objects(&call.body()?, "data", write::MOST)?;
    let linked = wanted
        .iter()
        .map(|input| add(crm, call, &place, write::given_id(input).unwrap_or_default()));
    Ok(results(200, linked.collect()))
}

/// `PUT /{module}/{id}/{list}/{other}`.
pub(crate) fn link(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let place = place(crm, call)?;
    let other = other(call)?;
    call.objects(&call.body()?, "data", 1)?;
    Ok(results(200, vec![add(crm, call, &place, other)]))
}

fn add(crm: &mut Crm, call: &Call<'_>, place: &Place, other: u64) -> Value {
    let details = json!({ "id": other.to_string() });
    if crm.row(place.target, other).is_none() {
        return failure(
            "INVALID_DATA",
            &details,
            "the related id given seems to be invalid",
        );
    }
    relations::set(crm, call.module(), place.related, place.id, other, true);
    success(&details, "relation added")
}

/// `DELETE /{module}/{id}/{list}`.
pub(crate) fn unlink_many(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let place = place(crm, call)?;
    let ids = call
        .ids("ids", 100)?
        .ok_or_else(|| answer::parameter_missing("ids"))?;
    Ok(results(
        200,
        ids.into_iter()
            .map(|other| remove(crm, call, &place, other))
            .collect(),
    ))
}

/// `DELETE /{module}/{id}/{list}/{other}`.
pub(crate) fn unlink(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let place = place(crm, call)?;
    let other = other(call)?;
    Ok(results(200, vec![remove(crm, call, &place, other)]))
}

fn remove(crm: &mut Crm, call: &Call<'_>, place: &Place, other: u64) -> Value {
    let details = json!({ "id": other.to_string() });
    if !relations::ids(crm, call.module(), place.related, place.id).contains(&other) {
        return failure(
            "INVALID_DATA",
            &details,
            "the related id given seems to be invalid",
        );
    }
    relations::set(crm, call.module(), place.related, place.id, other, false);
    success(&details, "relation removed")
}

/// `POST /{module}/{id}/actions/get_related_records_count`.
pub(crate) fn counts(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.module();
    let id = call.find(crm, module, 0)?;
    let key = "get_related_records_count";
    let mut counted = Vec::new();
    for (index, input) in call.objects(&call.body()?, key, 20)?.iter().enumerate() {
        let path = format!("$.{key}[{index}].related_list.api_name");
        let name = input
            .get("related_list")
            .and_then(|list| list["api_name"].as_str())
            .ok_or_else(|| answer::mandatory("api_name", &path))?;
        let (count, list) = match name {
            "Notes" | "Attachments" => (attached(crm, name, id), usize::from(name == "Attachments")),
            _ => {
                let position = module.related.iter().position(|related| related.api_name == name);
                let position = position.ok_or_else(|| answer::invalid("text", "api_name", &path))?;
                (
                    relations::ids(crm, module, &module.related[position], id).len(),
                    position + 2,
                )
            }
        };
        counted.push(
            json!({ "count": count, "related_list": { "api_name": name, "id": list_id(module, list) } }),
        );
    }
    Ok(Reply::json(200, &json!({ key: counted })))
}

fn attached(crm: &mut Crm, name: &str, id: u64) -> usize {
    let text = id.to_string();
    let Some(module) = schema::module(name) else {
        return 0;
    };
    crm.table(module)
        .rows
        .values()
        .filter(|row| row.get("Parent_Id").is_some_and(|parent| parent["id"] == *text))
        .count()
}
