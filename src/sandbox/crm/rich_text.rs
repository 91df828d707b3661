//! Rich text whole: of one record or of several, these fields and no others.

use serde_json::{Map, Value, json};

use super::answer::{self, Answer};
use super::call::{Call, or_nothing};
use super::schema::{Module, Row};
use super::state::Crm;
use crate::http::Reply;

/// `GET /{module}/{id}/actions/fetch_full_data`.
pub(crate) fn get(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.module();
    let fields = wanted(module, call.fields()?)?;
    let id = call.find(crm, module, 0)?;
    let shown = crm.row(module, id).map(|row| whole(row, &fields));
    or_nothing("data", shown.into_iter().collect(), None)
}

/// `GET /{module}/actions/fetch_full_data`.
pub(crate) fn list(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.module();
    let fields = wanted(module, Some(call.wanted_fields()?))?;
    let ids = call.ids("ids", 200)?;
    let ids = ids.ok_or_else(|| answer::parameter_missing("ids"))?;
    let rows = ids
        .iter()
        .filter_map(|id| Some(whole(crm.row(module, *id)?, &fields)));
    or_nothing("data", rows.collect(), None)
}

/// The fields asked for, all that hold rich text where none are; others are not served.
fn wanted(module: &Module, asked: Option<Vec<String>>) -> Result<Vec<String>, Reply> {
    let rich = module.fields.iter().filter(|field| field.rich);
    let rich: Vec<String> = rich.map(|field| field.api_name.clone()).collect();
    let asked = asked.unwrap_or_else(|| rich.clone());
    match asked.iter().find(|name| !rich.contains(name)) {
        None => Ok(asked),
        Some(other) => Err(answer::refuse(
            400,
            "INVALID_REQUEST",
            &json!({ "param_name": "fields", "api_name": other }),
            "only rich text fields are supported",
        )),
    }
}

fn whole(row: &Row, fields: &[String]) -> Value {
    let named = fields.iter().map(String::as_str).chain(["id"]);
    let members = named.map(|name| (name.to_owned(), row.get(name).cloned().unwrap_or_default()));
    Value::Object(members.collect::<Map<_, _>>())
}
