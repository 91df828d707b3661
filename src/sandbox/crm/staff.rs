//! Users and roles that are made, changed and taken away. Sources: the users and roles pages of v2 to v8 (what must be
//! there, messages), the OpenAPI set of August 2026 (codes).

use serde_json::{Value, json};

use super::answer::{self, Answer, failure, results_as, success};
use super::call::Call;
use super::schema::Row;
use super::state::Crm;
use super::users;

/// Users or roles of one call. (Assumed.)
const MOST: usize = 10;

fn details(path: &str, name: &str) -> Value {
    json!({ "api_name": name, "json_path": format!("{path}.{name}") })
}

fn missing(path: &str, name: &str) -> Value {
    failure(
        "MANDATORY_NOT_FOUND",
        &details(path, name),
        "required field not found",
    )
}

fn wrong(path: &str, name: &str) -> Value {
    failure("INVALID_DATA", &details(path, name), "invalid data")
}

/// The text of a key, where it is sent.
fn text<'r>(row: &'r Row, name: &str) -> Option<&'r str> {
    row.get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}

/// An id, sent alone or in an object.
fn id(row: &Row, name: &str) -> Option<String> {
    let value = row.get(name).filter(|value| !value.is_null())?;
    let value = value.get("id").unwrap_or(value);
    Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

/// `POST users`: somebody is invited, and has not answered yet.
pub(crate) fn add_users(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let wishes = call.objects(&call.body()?, "users", 1)?;
    let done = wishes
        .iter()
        .map(|wish| add_user(crm, wish, "$.users[0]").unwrap_or_else(|error| error))
        .collect();
    Ok(results_as("users", 201, done))
}

fn add_user(crm: &mut Crm, wish: &Row, path: &str) -> Result<Value, Value> {
    for name in ["last_name", "email", "role", "profile"] {
        if wish.get(name).is_none_or(|value| value.is_null() || value == "") {
            return Err(missing(path, name));
        }
    }
    let number = crm.new_id().to_string();
    let mut user = json!({ "id": number, "zuid": null, "status": "active", "confirm": false });
    change_user(crm, &mut user, wish, path)?;
    crm.users.push(user);
    Ok(success(&json!({ "id": number }), "User added"))
}

fn change_user(crm: &Crm, user: &mut Value, wish: &Row, path: &str) -> Result<(), Value> {
    if let Some(email) = text(wish, "email") {
        if !email.contains('@') {
            return Err(wrong(path, "email"));
        }
        if crm
            .users
            .iter()
            .any(|other| other["email"] == email && other["id"] != user["id"])
        {
            return Err(failure(
                "DUPLICATE_DATA",
                &details(path, "email"),
                "duplicate data",
            ));
        }
    }
    for (name, known) in [
        ("role", users::role_name as Known),
        ("profile", users::profile_name as Known),
    ] {
        if let Some(id) = id(wish, name) {
            user[name] = json!(known(crm, &id).ok_or_else(|| wrong(path, name))?);
        }
    }
    for name in ["first_name", "last_name", "email", "status"] {
        if let Some(value) = text(wish, name) {
            user[name] = json!(value);
        }
    }
    let names = ["first_name", "last_name"].map(|name| user[name].as_str().unwrap_or_default().to_owned());
    user["full_name"] = json!(names.join(" ").trim());
    Ok(())
}

type Known = fn(&Crm, &str) -> Option<String>;

/// `PUT users` and `PUT users/{user}`
pub(crate) fn update_users(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let wishes = call.objects(&call.body()?, "users", MOST)?;
    let mut done = Vec::new();
    for (index, wish) in wishes.iter().enumerate() {
        let path = format!("$.users[{index}]");
        let named = call
            .parts
            .first()
            .map(|id| (*id).to_owned())
            .or_else(|| id(wish, "id"));
        done.push(update_user(crm, named, wish, &path).unwrap_or_else(|error| error));
    }
    Ok(results_as("users", 200, done))
}

fn update_user(crm: &mut Crm, named: Option<String>, wish: &Row, path: &str) -> Result<Value, Value> {
    let named = named.ok_or_else(|| missing(path, "id"))?;
    let place = crm.users.iter().position(|user| user["id"] == named);
    let place = place.ok_or_else(|| wrong(path, "id"))?;
    let mut user = crm.users[place].clone();
    change_user(crm, &mut user, wish, path)?;
    crm.users[place] = user;
    Ok(success(&json!({ "id": named }), "User updated"))
}

/// `DELETE users/{user}`: they are told as deleted from then on; nobody deletes themselves.
pub(crate) fn delete_user(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let named = call.parts[0];
    let place = crm.users.iter().position(|user| user["id"] == named);
    let place = place.ok_or_else(|| answer::id_invalid(1))?;
    let told = json!({ "id": named });
    let done = match (place, crm.users[place]["status"] == "deleted") {
        (place, _) if place == crm.caller => failure("NOT_ALLOWED", &told, "the user cannot be deleted"),
        (_, true) => failure("ID_ALREADY_DELETED", &told, "ID already deleted"),
        _ => {
            crm.users[place]["status"] = json!("deleted");
            success(&told, "User deleted")
        }
    };
    Ok(results_as("users", 200, vec![done]))
}

/// `POST settings/roles`
pub(crate) fn add_roles(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let wishes = call.objects(&call.body()?, "roles", 1)?;
    let done = wishes
        .iter()
        .map(|wish| add_role(crm, wish).unwrap_or_else(|error| error))
        .collect();
    Ok(results_as("roles", 201, done))
}

fn add_role(crm: &mut Crm, wish: &Row) -> Result<Value, Value> {
    let path = "$.roles[0]";
    let name = text(wish, "name").ok_or_else(|| missing(path, "name"))?;
    let above = id(wish, "reporting_to").ok_or_else(|| missing(path, "reporting_to"))?;
    let above_name = users::role_name(crm, &above).ok_or_else(|| wrong(path, "reporting_to"))?;
    if users::role_names(crm).iter().any(|known| known == name) {
        return Err(failure(
            "DUPLICATE_DATA",
            &details(path, "name"),
            "duplicate data",
        ));
    }
    let number = crm.new_id().to_string();
    let by = crm.me();
    let row = json!({
        "display_label": name, "name": name, "id": number, "api_name": name, "reporting_to": { "name": above_name, "id": above },
        "share_with_peers": wish.get("share_with_peers").unwrap_or(&json!(false)), "admin_user": false,
        "description": wish.get("description"), "forecast_manager": null, "created_by__s": by, "modified_by__s": by,
    });
    crm.company.entry("roles".to_owned()).or_default().push(row);
    Ok(success(&json!({ "id": number }), "Role added"))
}

/// `PUT settings/roles` and `PUT settings/roles/{role}`: those of the first day stay as they are. (Assumed.)
pub(crate) fn update_roles(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let wishes = call.objects(&call.body()?, "roles", MOST)?;
    let mut done = Vec::new();
    for (index, wish) in wishes.iter().enumerate() {
        let path = format!("$.roles[{index}]");
        let named = call
            .parts
            .first()
            .map(|id| (*id).to_owned())
            .or_else(|| id(wish, "id"));
        done.push(update_role(crm, named, wish, &path).unwrap_or_else(|error| error));
    }
    Ok(results_as("roles", 200, done))
}

fn update_role(crm: &mut Crm, named: Option<String>, wish: &Row, path: &str) -> Result<Value, Value> {
    let named = named.ok_or_else(|| missing(path, "id"))?;
    let above = match id(wish, "reporting_to") {
        Some(id) => {
            let name = users::role_name(crm, &id).filter(|_| id != named);
            Some(json!({ "name": name.ok_or_else(|| wrong(path, "reporting_to"))?, "id": id }))
        }
        None => None,
    };
    let roles = crm.company.entry("roles".to_owned()).or_default();
    let role = roles.iter_mut().find(|role| role["id"] == named);
    let role = role.ok_or_else(|| wrong(path, "id"))?;
    if let Some(above) = above {
        role["reporting_to"] = above;
    }
    for name in ["description", "share_with_peers"] {
        if let Some(value) = wish.get(name) {
            role[name] = value.clone();
        }
    }
    if let Some(name) = text(wish, "name") {
        let before = std::mem::replace(&mut role["name"], json!(name));
        role["display_label"] = json!(name);
        for user in crm.users.iter_mut().filter(|user| user["role"] == before) {
            user["role"] = json!(name);
        }
    }
    Ok(success(&json!({ "id": named }), "Role updated"))
}

/// `DELETE settings/roles/{role}`: whoever had it has the one of `transfer_to_id`.
pub(crate) fn delete_role(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let named = call.parts[0];
    let heir = call
        .query("transfer_to_id")
        .ok_or_else(|| answer::parameter_missing("transfer_to_id"))?;
    let heir = users::role_name(crm, heir).filter(|_| heir != named);
    let heir = heir.ok_or_else(|| answer::parameter_invalid("transfer_to_id", json!({})))?;
    let roles = crm.company.entry("roles".to_owned()).or_default();
    let place = roles.iter().position(|role| role["id"] == named);
    let gone = roles.remove(place.ok_or_else(|| answer::id_invalid(2))?);
    for user in crm.users.iter_mut().filter(|user| user["role"] == gone["name"]) {
        user["role"] = json!(heir);
    }
    Ok(results_as(
        "roles",
        200,
        vec![success(&json!({ "id": named }), "Role deleted")],
    ))
}
