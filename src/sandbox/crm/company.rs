//! What the organization has set up for itself: currencies, territories, variables and their groups.

use serde_json::{Value, json};

use super::answer::{self, Answer, failure, results_as, success};
use super::call::{Call, or_nothing};
use super::paging;
use super::schema::Row;
use super::state::Crm;
use super::time;
use crate::http::Reply;

/// The types of a variable: those of the OpenAPI set and those of the SDKs.
const TYPES: &[&str] = &[
    "text", "integer", "boolean", "date", "float", "percent", "double", "currency", "datetime", "email",
    "phone", "website", "textarea", "checkbox", "long",
];
/// Variables of one call.
const MOST: usize = 100;

/// `org/currencies` and `settings/variables/{variable}` are about `currencies` and `variables`.
fn kind(call: &Call<'_>) -> &'static str {
    let mut parts = call.route.path.rsplit('/');
    parts.find(|part| !part.starts_with('{')).unwrap_or_default()
}

/// A list that the organization has nothing in, and that nobody can add to here.
pub(crate) fn nothing(_crm: &mut Crm, call: &Call<'_>) -> Answer {
    of_a_module(call)?;
    Ok(Reply::empty(204))
}

/// Where a module can be named, it must be.
fn of_a_module(call: &Call<'_>) -> Result<(), Reply> {
    match call.route.query.contains(&"module") && call.query("module").is_none() {
        true => Err(answer::parameter_missing("module")),
        false => Ok(()),
    }
}

/// One of such a list: there is none.
pub(crate) fn nobody(_crm: &mut Crm, call: &Call<'_>) -> Answer {
    of_a_module(call)?;
    let last = call.route.path.matches('/').count();
    Err(answer::id_invalid(last))
}

/// `GET org/currencies`, `settings/territories`, `settings/variables` and others, by pages where the route has pages.
pub(crate) fn list(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let kind = kind(call);
    let all: Vec<Value> = crm.company[kind]
        .iter()
        .map(|row| shown(crm, kind, row))
        .collect();
    if !call.route.query.contains(&"page") {
        return or_nothing(kind, all, None);
    }
    let narrowed = call.route.query.contains(&"ids");
    let wanted = if narrowed { call.ids("ids", 100)? } else { None };
    let is_wanted = |row: &Value| {
        let id = row["id"].as_str().and_then(|id| id.parse().ok());
        wanted
            .as_ref()
            .is_none_or(|ids| id.is_some_and(|id: u64| ids.contains(&id)))
    };
    let of_module = |row: &Value| {
        let asked = call
            .route
            .query
            .contains(&"module")
            .then(|| call.query("module"))
            .flatten();
        asked.is_none_or(|module| row["module"]["api_name"] == module)
    };
    let all: Vec<Value> = all.into_iter().filter(is_wanted).filter(of_module).collect();
    let (page, info) = paging::paginate(call, &all)?;
    or_nothing(kind, page, Some(info))
}

/// The same with an id or an API name behind it.
pub(crate) fn get(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let kind = kind(call);
    let at = place(crm, call)?;
    let row = &crm.company[kind][at];
    if kind == "variables"
        && let Some(group) = call.query("group")
        && ![&row["variable_group"]["id"], &row["variable_group"]["api_name"]]
            .iter()
            .any(|known| **known == group)
    {
        return Err(answer::parameter_invalid("group", json!({})));
    }
    Ok(Reply::json(200, &json!({ kind: [shown(crm, kind, row)] })))
}

/// A row with who made it and when, where that is told.
fn shown(crm: &Crm, kind: &str, row: &Value) -> Value {
    let mut shown = row.clone();
    if kind.starts_with("variable") {
        return shown;
    }
    let since = time::iso(time::shift(crm.start, -400 * 86_400));
    let by = json!({ "name": crm.users[0]["full_name"], "id": crm.users[0]["id"] });
    for (name, value) in [
        ("created_time", json!(since)),
        ("modified_time", json!(since)),
        ("created_by", by.clone()),
        ("modified_by", by.clone()),
    ] {
        shown[name] = value;
    }
    if kind == "territories" && !row["manager"].is_object() {
        shown["manager"] = by;
    }
    shown
}

/// Where the one of the path stands.
fn place(crm: &Crm, call: &Call<'_>) -> Result<usize, Reply> {
    let name = call.parts[0];
    let is_it = |row: &Value| row["id"] == name || row["api_name"] == name;
    crm.company[kind(call)]
        .iter()
        .position(is_it)
        .ok_or_else(|| answer::id_invalid(2))
}

/// `POST settings/variables`. (Assumed: the words of success here and below; their codes are known.)
pub(crate) fn create(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let variables = call.objects(&call.body()?, "variables", MOST)?;
    let mut done = Vec::new();
    for (index, variable) in variables.iter().enumerate() {
        done.push(add(crm, variable, &format!("$.variables[{index}]")).unwrap_or_else(|error| error));
    }
    Ok(results_as("variables", 201, done))
}

fn add(crm: &mut Crm, variable: &Row, path: &str) -> Result<Value, Value> {
    let details = |name: &str| json!({ "api_name": name, "json_path": format!("{path}.{name}") });
    let text = |name: &str| {
        variable
            .get(name)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    for name in ["name", "api_name", "type"] {
        if text(name).is_none() {
            return Err(failure(
                "MANDATORY_NOT_FOUND",
                &details(name),
                "required field not found",
            ));
        }
    }
    let Some(group) = variable.get("variable_group") else {
        return Err(failure(
            "MANDATORY_NOT_FOUND",
            &details("variable_group"),
            "required field not found",
        ));
    };
    let same = |known: &Value| {
        ["id", "api_name"]
            .iter()
            .any(|key| !group[*key].is_null() && group[*key] == known[*key])
    };
    let Some(group) = crm.company["variable_groups"]
        .iter()
        .find(|known| same(known))
        .cloned()
    else {
        return Err(failure(
            "INVALID_DATA",
            &details("variable_group"),
            "invalid data",
        ));
    };
    if !TYPES.contains(&text("type").unwrap_or_default()) {
        return Err(failure("INVALID_DATA", &details("type"), "invalid data"));
    }
    check_names(crm, variable, None, path)?;
    let id = crm.new_id().to_string();
    let group = json!({ "id": group["id"], "name": group["name"], "api_name": group["api_name"] });
    let row = json!({ "id": id, "name": variable["name"], "api_name": variable["api_name"], "type": variable["type"], "value": variable.get("value"),
        "variable_group": group, "description": variable.get("description"), "read_only": false, "source": "crm" });
    crm.company.entry("variables".to_owned()).or_default().push(row);
    Ok(success(&json!({ "id": id }), "variable added"))
}

/// Names that are well-formed and nobody else's.
fn check_names(crm: &Crm, variable: &Row, id: Option<&Value>, path: &str) -> Result<(), Value> {
    for name in ["name", "api_name"] {
        let Some(given) = variable.get(name) else { continue };
        let details = json!({ "api_name": name, "json_path": format!("{path}.{name}") });
        let is_sign = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
        let text = given.as_str().unwrap_or_default();
        if name == "api_name"
            && !(text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.chars().all(is_sign))
        {
            return Err(failure(
                "PATTERN_NOT_MATCHED",
                &details,
                "Please check whether the input values are correct",
            ));
        }
        let is_taken = |other: &&Value| other[name] == *given && Some(&other["id"]) != id;
        if crm.company["variables"].iter().any(|other| is_taken(&other)) {
            return Err(failure("DUPLICATE_DATA", &details, "duplicate data"));
        }
    }
    Ok(())
}

/// `PUT settings/variables`: each names its id.
pub(crate) fn update_many(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let variables = call.objects(&call.body()?, "variables", MOST)?;
    let mut done = Vec::new();
    for (index, variable) in variables.iter().enumerate() {
        let path = format!("$.variables[{index}]");
        let at = crm.company["variables"]
            .iter()
            .position(|row| Some(&row["id"]) == variable.get("id"));
        done.push(match at {
            Some(at) => change(crm, at, variable, &path),
            None => failure(
                "INVALID_DATA",
                &json!({ "api_name": "id", "json_path": format!("{path}.id") }),
                "invalid data",
            ),
        });
    }
    Ok(results_as("variables", 200, done))
}

/// `PUT settings/variables/{variable}`.
pub(crate) fn update(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let at = place(crm, call)?;
    let variables = call.objects(&call.body()?, "variables", 1)?;
    let done = change(crm, at, &variables[0], "$.variables[0]");
    Ok(results_as("variables", 200, vec![done]))
}

fn change(crm: &mut Crm, at: usize, variable: &Row, path: &str) -> Value {
    let id = crm.company["variables"][at]["id"].clone();
    if let Err(error) = check_names(crm, variable, Some(&id), path) {
        return error;
    }
    let rows = crm.company.entry("variables".to_owned()).or_default();
    for name in ["name", "api_name", "value", "description"] {
        if let Some(value) = variable.get(name) {
            rows[at][name] = value.clone();
        }
    }
    success(&json!({ "id": id }), "variable updated")
}

/// `DELETE settings/variables`.
pub(crate) fn delete_many(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let ids = call
        .ids("ids", MOST)?
        .ok_or_else(|| answer::parameter_missing("ids"))?;
    let mut done = Vec::new();
    for id in ids {
        let details = json!({ "id": id.to_string() });
        let rows = crm.company.entry("variables".to_owned()).or_default();
        done.push(match rows.iter().position(|row| row["id"] == details["id"]) {
            Some(at) => {
                rows.remove(at);
                success(&details, "variable deleted")
            }
            None => failure("INVALID_DATA", &details, "the id given seems to be invalid"),
        });
    }
    Ok(results_as("variables", 200, done))
}

/// `DELETE settings/variables/{variable}`.
pub(crate) fn delete(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let at = place(crm, call)?;
    let gone = crm.company.entry("variables".to_owned()).or_default().remove(at);
    let done = success(&json!({ "id": gone["id"] }), "variable deleted");
    Ok(results_as("variables", 200, vec![done]))
}
