//! Records shared with others. Sources: the OpenAPI set of August 2026 (mandatory keys, codes), the SDK of 7.0 (keys of
//! an answer, messages; it names whom a record is shared with `user`). Nobody sees more for it.

use serde_json::{Value, json};

use super::answer::{self, Answer, failure, results_as, success};
use super::call::{Call, or_nothing};
use super::schema::Row;
use super::state::Crm;
use super::time;
use crate::http::Reply;

/// Whom a record is shared with at most.
const MOST: usize = 10;

const PERMISSIONS: [&str; 3] = ["read_only", "read_write", "full_access"];

/// `GET {module}/{id}/actions/share`; `view=manage` tells whom it may be shared with, too.
pub(crate) fn list(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = call.find(crm, call.module(), 0)?;
    let to = call.query("sharedTo");
    let mut shares = held(crm, call, id);
    shares.retain(|share| to.is_none_or(|to| share["shared_with"]["id"] == to));
    if call.query("view") != Some("manage") {
        return or_nothing("share", shares, None);
    }
    let users = crm.users.iter().filter(|user| user["status"] == "active");
    let users: Vec<Value> = users.map(user).collect();
    Ok(Reply::json(
        200,
        &json!({ "share": shares, "shareable_user": users }),
    ))
}

fn held(crm: &Crm, call: &Call<'_>, id: u64) -> Vec<Value> {
    let key = (call.module().api_name.as_str(), id);
    crm.shares.get(&key).cloned().unwrap_or_default()
}

fn user(user: &Value) -> Value {
    json!({ "id": user["id"], "full_name": user["full_name"], "zuid": user["zuid"] })
}

/// `POST {module}/{id}/actions/share`: with these, too.
pub(crate) fn add(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = call.find(crm, call.module(), 0)?;
    let before = held(crm, call, id);
    put(crm, call, id, before)
}

/// `PUT {module}/{id}/actions/share`: with these and nobody else.
pub(crate) fn replace(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = call.find(crm, call.module(), 0)?;
    put(crm, call, id, Vec::new())
}

fn put(crm: &mut Crm, call: &Call<'_>, id: u64, mut shares: Vec<Value>) -> Answer {
    let wishes = call.objects(&call.body()?, "share", 20)?;
    let owner = crm.row(call.module(), id).map(|row| row["Owner"]["id"].clone());
    let mut done = Vec::new();
    for (index, wish) in wishes.iter().enumerate() {
        let path = format!("$.share[{index}]");
        done.push(match shared(crm, wish, &path, owner.as_ref()) {
            Ok(share) => {
                shares.retain(|other| other["shared_with"]["id"] != share["shared_with"]["id"]);
                shares.push(share);
                success(&json!({}), "record will be shared successfully")
            }
            Err(error) => error,
        });
    }
    if shares.len() > MOST {
        let message = "Cannot share a record to more than 10 users.";
        return Err(answer::refuse(400, "SHARE_LIMIT_EXCEEDED", &json!({}), message));
    }
    crm.shares.insert((call.module().api_name.as_str(), id), shares);
    Ok(results_as("share", 201, done))
}

fn shared(crm: &Crm, wish: &Row, path: &str, owner: Option<&Value>) -> Result<Value, Value> {
    let details = |name: &str| json!({ "api_name": name, "json_path": format!("{path}.{name}") });
    let missing = |name: &str| failure("MANDATORY_NOT_FOUND", &details(name), "required field not found");
    let name = if wish.contains_key("user") {
        "user"
    } else {
        "shared_with"
    };
    let with = wish.get(name).ok_or_else(|| missing(name))?;
    let permission = wish.get("permission").ok_or_else(|| missing("permission"))?;
    if !PERMISSIONS.iter().any(|known| permission == known) {
        return Err(failure(
            "INVALID_DATA",
            &details("permission"),
            "Permission is invalid",
        ));
    }
    let kind = with["type"].as_str().unwrap_or("users");
    let known = match kind {
        "users" => crm.users.iter().find(|user| user["id"] == with["id"]).map(user),
        "groups" => crm.company_row("user_groups", &with["id"]),
        "roles" => super::users::role_name(crm, with["id"].as_str().unwrap_or_default())
            .map(|name| json!({ "id": with["id"], "name": name })),
        _ => None,
    };
    let known = known.ok_or_else(|| failure("INVALID_DATA", &details(name), "cannot share to the user"))?;
    if owner == Some(&known["id"]) {
        let message = "record is already visible to the user.";
        return Err(failure("NOT_ALLOWED", &details(name), message));
    }
    let by = user(&crm.users[crm.caller]);
    Ok(json!({
        "shared_with": { "type": kind, "id": known["id"], "name": known.get("full_name").or(known.get("name")) },
        "user": (kind == "users").then_some(known), "permission": permission, "type": wish.get("type").unwrap_or(&json!("private")),
        "share_related_records": wish.get("share_related_records").unwrap_or(&json!(false)), "shared_by": by,
        "shared_time": time::iso(crm.now), "shared_through": null,
    }))
}

/// `DELETE {module}/{id}/actions/share`: with nobody.
pub(crate) fn revoke(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = call.find(crm, call.module(), 0)?;
    let gone = crm.shares.remove(&(call.module().api_name.as_str(), id));
    if gone.is_none_or(|shares| shares.is_empty()) {
        let message = "No sharing through this record is available to revoke.";
        return Err(answer::refuse(400, "INVALID_DATA", &json!({}), message));
    }
    let told = success(&json!({}), "Sharing Revoked");
    Ok(Reply::json(200, &json!({ "share": told })))
}
