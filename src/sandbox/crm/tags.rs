//! Tags: those a module has, and those its records carry.

use serde_json::{Value, json};

use super::answer::{self, Answer, failure, results, results_as, success};
use super::call::{Call, or_nothing};
use super::records::Converted;
use super::schema::{self, Module, Row};
use super::state::Crm;
use super::{change, seeds, time};
use crate::http::Reply;

const COLORS: &[&str] = &[
    "#57B1FD", "#879BFC", "#658BA8", "#FD87BD", "#969696", "#F48435", "#1DB9B4", "#E7A826", "#63C57E",
    "#F17574", "#D297EE", "#A8C026", "#B88562",
];
const LONGEST: usize = 25;

/// The tags of a module, those of the seed among them.
pub(crate) fn known<'a>(crm: &'a mut Crm, module: &str) -> &'a mut Vec<Value> {
    let founder = crm.user_reference(&crm.users[0]);
    let start = time::iso(crm.start);
    crm.tags.entry(module.to_owned()).or_insert_with(|| {
        let Some(module) = schema::module(module) else {
            return Vec::new();
        };
        (0..seeds::SEEDED_TAGS.len() as u64)
            .map(|number| dated(seeds::tag(module, number), &founder, &start))
            .collect()
    })
}

fn dated(mut tag: Value, by: &Value, now: &str) -> Value {
    let by = json!({ "name": by["name"], "id": by["id"] });
    for (key, value) in [
        ("created_by", by.clone()),
        ("modified_by", by),
        ("created_time", json!(now)),
        ("modified_time", json!(now)),
    ] {
        tag[key] = value;
    }
    tag
}

fn carried(tag: &Value) -> Value {
    json!({ "name": tag["name"], "id": tag["id"], "color_code": tag["color_code"] })
}

/// The tag of this name as records carry it; made when the module has none.
pub(crate) fn find_or_create(crm: &mut Crm, module: &str, name: &str, color: Option<&str>) -> Value {
    if let Some(tag) = known(crm, module).iter().find(|tag| tag["name"] == name) {
        return carried(tag);
    }
    let (me, now, id) = (crm.me(), time::iso(crm.now), crm.new_id());
    let tag = json!({ "name": name, "id": id.to_string(), "color_code": color });
    known(crm, module).push(dated(tag.clone(), &me, &now));
    tag
}

/// `GET /settings/tags`.
pub(crate) fn list(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.asked_module()?;
    let tags = known(crm, &module.api_name).clone();
    let info = json!({ "count": tags.len(), "allowed_count": 200 });
    or_nothing("tags", tags, Some(info))
}

/// What is wrong with a tag, if anything.
fn fault(crm: &mut Crm, module: &str, input: &Row, path: &str, own: Option<&str>) -> Option<Value> {
    let at = |key: &str| json!({ "api_name": key, "json_path": format!("{path}.{key}") });
    let Some(name) = input
        .get("name")
        .and_then(Value::as_str)
        .filter(|name| !name.trim().is_empty())
    else {
        return Some(failure(
            "MANDATORY_NOT_FOUND",
            &at("name"),
            "required field not found",
        ));
    };
    if name.chars().count() > LONGEST {
        let mut details = at("name");
        details["maximum_length"] = json!(LONGEST);
        return Some(failure("INVALID_DATA", &details, "invalid data"));
    }
    if input
        .get("color_code")
        .is_some_and(|color| !color.is_null() && !color.as_str().is_some_and(|color| COLORS.contains(&color)))
    {
        return Some(failure("INVALID_DATA", &at("color_code"), "invalid data"));
    }
    let twin = known(crm, module)
        .iter()
        .find(|tag| tag["name"] == name && tag["id"].as_str() != own)?;
    Some(failure(
        "DUPLICATE_DATA",
        &json!({ "id": twin["id"], "api_name": "name", "json_path": format!("{path}.name") }),
        "duplicate data",
    ))
}

/// `POST /settings/tags`.
pub(crate) fn create(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.asked_module()?;
    let mut done = Vec::new();
    for (index, input) in call.objects(&call.body()?, "tags", 50)?.iter().enumerate() {
        if let Some(error) = fault(crm, &module.api_name, input, &format!("$.tags[{index}]"), None) {
            done.push(error);
            continue;
        }
        let name = input.get("name").and_then(Value::as_str).unwrap_or("");
        find_or_create(
            crm,
            &module.api_name,
            name,
            input.get("color_code").and_then(Value::as_str),
        );
        let tag = known(crm, &module.api_name).last().cloned().unwrap_or_default();
        done.push(success(&without_name(tag), "tags created successfully"));
    }
    Ok(results_as("tags", 201, done))
}

fn without_name(mut tag: Value) -> Value {
    if let Some(tag) = tag.as_object_mut() {
        tag.shift_remove("name");
    }
    tag
}

/// The module a tag belongs to.
fn owner(crm: &mut Crm, id: &str) -> Result<&'static Module, Reply> {
    let module = schema::modules()
        .iter()
        .find(|module| known(crm, &module.api_name).iter().any(|tag| tag["id"] == id));
    module.ok_or_else(|| answer::id_invalid(2))
}

/// `PUT /settings/tags/{tag}`: the new name shows on every record that carries the tag.
pub(crate) fn rename(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.asked_module()?;
    let id = call.parts[0];
    if owner(crm, id)?.api_name != module.api_name {
        return Err(answer::id_invalid(2));
    }
    let input = call.objects(&call.body()?, "tags", 1)?.remove(0);
    if let Some(error) = fault(crm, &module.api_name, &input, "$.tags[0]", Some(id)) {
        return Ok(results_as("tags", 200, vec![error]));
    }
    let (me, now) = (crm.me(), time::iso(crm.now));
    let Some(tag) = known(crm, &module.api_name)
        .iter_mut()
        .find(|tag| tag["id"] == id)
    else {
        return Err(answer::id_invalid(2));
    };
    tag["name"] = input["name"].clone();
    if let Some(color) = input.get("color_code") {
        tag["color_code"] = color.clone();
    }
    tag["modified_by"] = json!({ "name": me["name"], "id": me["id"] });
    tag["modified_time"] = json!(now);
    let tag = tag.clone();
    on_every_record(crm, module, id, Some(&carried(&tag)));
    Ok(results_as(
        "tags",
        200,
        vec![success(&without_name(tag), "tags updated successfully")],
    ))
}

/// `DELETE /settings/tags/{tag}`.
pub(crate) fn delete(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = call.parts[0];
    let module = owner(crm, id)?;
    known(crm, &module.api_name).retain(|tag| tag["id"] != id);
    on_every_record(crm, module, id, None);
    Ok(Reply::json(
        200,
        &json!({ "tags": success(&json!({ "id": id }), "tags deleted successfully") }),
    ))
}

fn on_every_record(crm: &mut Crm, module: &'static Module, id: &str, tag: Option<&Value>) {
    for row in crm.table(module).rows.values_mut() {
        let Some(tags) = row.get_mut("Tag").and_then(Value::as_array_mut) else {
            continue;
        };
        match tag {
            Some(tag) => tags
                .iter_mut()
                .filter(|other| other["id"] == id)
                .for_each(|other| *other = tag.clone()),
            None => tags.retain(|other| other["id"] != id),
        }
    }
}

/// `GET /settings/tags/{tag}/actions/records_count`.
pub(crate) fn count(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.asked_module()?;
    let id = call.parts[0];
    if !known(crm, &module.api_name).iter().any(|tag| tag["id"] == id) {
        return Err(answer::refuse(
            400,
            "TAG_ID_NOT_FOUND",
            &json!({ "id": id }),
            "the tag id given seems to be invalid",
        ));
    }
    let carries = |row: &&Row| {
        row.get("Tag")
            .and_then(Value::as_array)
            .is_some_and(|tags| tags.iter().any(|tag| tag["id"] == id))
    };
    let shown = |row: &&Row| !Converted::Only.shows(row);
    let count = crm
        .table(module)
        .rows
        .values()
        .filter(shown)
        .filter(carries)
        .count();
    Ok(Reply::json(200, &json!({ "count": count })))
}

/// `POST /{module}/actions/add_tags`.
pub(crate) fn add_many(crm: &mut Crm, call: &Call<'_>) -> Answer {
    call.objects(&call.body()?, "tags", 10)?;
    let ids = body_ids(call)?;
    put_on(crm, call, &ids)
}

/// `POST /{module}/{id}/actions/add_tags`.
pub(crate) fn add(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = call.find(crm, call.module(), 0)?;
    put_on(crm, call, &[id])
}

fn put_on(crm: &mut Crm, call: &Call<'_>, ids: &[u64]) -> Answer {
    let body = call.body()?;
    let replace = body.get("over_write") == Some(&json!(true)) || call.query("over_write") == Some("true");
    let module = call.module();
    let mut tags = Vec::new();
    for (index, input) in call.objects(&body, "tags", 10)?.iter().enumerate() {
        let by_id = input.get("id").and_then(Value::as_str).and_then(|id| {
            known(crm, &module.api_name)
                .iter()
                .find(|tag| tag["id"] == id)
                .map(carried)
        });
        match (by_id, input.get("name").and_then(Value::as_str)) {
            (Some(tag), _) => tags.push(tag),
            (None, Some(name)) if name.chars().count() <= LONGEST => tags.push(find_or_create(
                crm,
                &module.api_name,
                name,
                input.get("color_code").and_then(Value::as_str),
            )),
            (None, Some(_)) => return Err(answer::invalid("text", "name", &format!("$.tags[{index}].name"))),
            (None, None) => return Err(answer::mandatory("name", &format!("$.tags[{index}].name"))),
        }
    }
    let action = if replace { "tags_overwritten" } else { "tag_added" };
    Ok(retag(crm, module, ids, action, &|before| {
        let mut after: Vec<Value> = if replace { Vec::new() } else { before };
        for tag in &tags {
            if !after.iter().any(|other| other["id"] == tag["id"]) {
                after.push(tag.clone());
            }
        }
        after
    }))
}

/// `POST /{module}/actions/remove_tags`.
pub(crate) fn remove_many(crm: &mut Crm, call: &Call<'_>) -> Answer {
    call.objects(&call.body()?, "tags", 10)?;
    let ids = match call.ids("ids", 500)? {
        Some(ids) => ids,
        None => body_ids(call)?,
    };
    take_off(crm, call, &ids)
}

/// `POST /{module}/{id}/actions/remove_tags`.
pub(crate) fn remove(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = call.find(crm, call.module(), 0)?;
    take_off(crm, call, &[id])
}

fn take_off(crm: &mut Crm, call: &Call<'_>, ids: &[u64]) -> Answer {
    let tags = call.objects(&call.body()?, "tags", 10)?;
    let named = |tag: &Value| {
        tags.iter().any(|given| {
            ["id", "name"]
                .iter()
                .any(|key| given.get(*key).is_some_and(|value| *value == tag[*key]))
        })
    };
    Ok(retag(crm, call.module(), ids, "tag_removed", &|before| {
        before.into_iter().filter(|tag| !named(tag)).collect()
    }))
}

fn retag(
    crm: &mut Crm,
    module: &'static Module,
    ids: &[u64],
    action: &str,
    change: &dyn Fn(Vec<Value>) -> Vec<Value>,
) -> Reply {
    let mut done = Vec::new();
    for id in ids {
        let details = json!({ "id": id.to_string() });
        let Some(row) = crm.row(module, *id) else {
            done.push(failure(
                "INVALID_DATA",
                &details,
                "the id given seems to be invalid",
            ));
            continue;
        };
        let tags = change(
            row.get("Tag")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default(),
        );
        let mut values = Row::new();
        values.insert("Tag".to_owned(), json!(tags));
        change::apply(crm, module, *id, values, action);
        done.push(success(
            &json!({ "id": id.to_string(), "tags": tags }),
            "tags updated successfully",
        ));
    }
    results(200, done)
}

/// The ids of the body, at most 500.
fn body_ids(call: &Call<'_>) -> Result<Vec<u64>, Reply> {
    let body = call.body()?;
    ids_of(&body)
}

/// The array `ids` of a body, at most 500 of them.
pub(crate) fn ids_of(body: &Row) -> Result<Vec<u64>, Reply> {
    let list = match body.get("ids") {
        Some(Value::Array(list)) => list,
        None | Some(Value::Null) => return Err(answer::mandatory("ids", "$.ids")),
        Some(_) => return Err(answer::invalid("jsonarray", "ids", "$.ids")),
    };
    if list.len() > 500 {
        return Err(answer::too_many(500, "ids"));
    }
    let id = |value: &Value| {
        value
            .as_u64()
            .or_else(|| value.as_str().and_then(|text| text.parse().ok()))
    };
    list.iter()
        .enumerate()
        .map(|(index, value)| {
            id(value).ok_or_else(|| answer::invalid("bigint", "ids", &format!("$.ids[{index}]")))
        })
        .collect()
}
