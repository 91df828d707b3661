//! Blueprints: one holds the solutions until they are reviewed; records of other modules are in none.
//!
//! Sources: CRM's documents of blueprints (shape of the answer, `mandatory` of a transition's fields, the words of a change
//! that is done, `RECORD_NOT_IN_PROCESS`), its list of codes (`RECORD_IN_BLUEPRINT`). (Assumed: the words of the refusals
//! that its documents only name.)

use serde_json::{Value, json};

use super::answer::{self, Answer, failure};
use super::call::Call;
use super::check::{self, Place};
use super::schema::{Module, Row};
use super::state::Crm;
use super::{change, seeds};
use crate::http::Reply;

/// The module it is for, and the field whose values are its states.
const MODULE: &str = "Solutions";
const FIELD: &str = "Status";
/// The state that ends it.
const END: &str = "Reviewed";
/// Name, from and to of the transitions, and the field each cannot do without.
const TRANSITIONS: [(&str, &str, &str, Option<&str>); 3] = [
    ("Hand in for review", "Draft", END, Some("Answer")),
    ("Mark as a duplicate", "Draft", "Duplicate", None),
    ("Take up again", "Duplicate", "Draft", None),
];

fn state(row: &Row) -> &str {
    row.get(FIELD).and_then(Value::as_str).unwrap_or_default()
}

/// Whether it holds a record.
fn holds(module: &Module, row: &Row) -> bool {
    module.api_name == MODULE && TRANSITIONS.iter().any(|(_, from, ..)| *from == state(row))
}

/// What a change of a record is refused with that gives its state another way.
pub(crate) fn refusal(module: &Module, row: &Row, values: &Row) -> Option<Value> {
    let changes = values
        .get(FIELD)
        .is_some_and(|value| Some(value) != row.get(FIELD));
    let details = json!({ "api_name": FIELD, "id": row["id"] });
    (changes && holds(module, row)).then(|| {
        failure(
            "RECORD_IN_BLUEPRINT",
            &details,
            "the record is in a blueprint process",
        )
    })
}

/// The record of the path, which the blueprint must hold.
fn held(crm: &mut Crm, call: &Call<'_>) -> Result<(u64, Row), Reply> {
    let id = call.find(crm, call.module(), 0)?;
    let row = crm.table(call.module()).rows[&id].clone();
    match holds(call.module(), &row) {
        true => Ok((id, row)),
        false => Err(answer::refuse(
            400,
            "RECORD_NOT_IN_PROCESS",
            &json!({}),
            "record not in process",
        )),
    }
}

/// The transitions that lead on from a state, each with its id.
fn open<'a>(
    module: &'a Module,
    from: &'a str,
) -> impl Iterator<
    Item = (
        String,
        &'static (&'static str, &'static str, &'static str, Option<&'static str>),
    ),
> + 'a {
    let first: u64 = seeds::module_id(module).parse().unwrap_or_default();
    let numbered = (0u64..).zip(&TRANSITIONS);
    numbered
        .filter(move |(_, (_, known, ..))| *known == from)
        .map(move |(number, transition)| ((first + 400_000 + number).to_string(), transition))
}

/// `GET {module}/{id}/actions/blueprint`.
pub(crate) fn get(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let (_, row) = held(crm, call)?;
    let module = call.module();
    let field = |name: &str| {
        let field = module
            .field(name)
            .expect("the blueprint names fields of its module");
        json!({ "api_name": name, "field_label": field.label(), "display_label": field.label(), "data_type": field.data_type,
            "id": seeds::field_id(module, field), "mandatory": true })
    };
    let transitions = open(module, state(&row)).map(|(id, (name, _, to, asks))| {
        let fields: Vec<Value> = asks.iter().map(|name| field(name)).collect();
        json!({ "id": id, "name": name, "type": "manual", "criteria_matched": true, "criteria_message": null,
            "next_field_value": to, "next_transitions": [], "percent_partial_save": 0.0, "data": {}, "fields": fields })
    });
    let transitions: Vec<Value> = transitions.collect();
    let states = field(FIELD);
    let process = json!({ "id": seeds::layout_id(module), "name": "Review of solutions", "api_name": FIELD,
        "field_id": states["id"], "field_name": states["field_label"], "field_label": states["field_label"],
        "field_value": state(&row), "is_continuous": false, "continuous": false, "escalation": null });
    let blueprint = json!({ "process_info": process, "transitions": transitions });
    Ok(Reply::json(200, &json!({ "blueprint": blueprint })))
}

/// `PUT {module}/{id}/actions/blueprint`.
pub(crate) fn perform(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let (id, row) = held(crm, call)?;
    let wish = call.objects(&call.body()?, "blueprint", 1)?.remove(0);
    let wanted = wish.get("transition_id").map(|id| match id.as_str() {
        Some(text) => text.to_owned(),
        None => id.to_string(),
    });
    let module = call.module();
    let found = open(module, state(&row)).find(|(id, _)| Some(id) == wanted.as_ref());
    let Some((_, (_, _, to, asks))) = found else {
        return Err(answer::invalid(
            "bigint",
            "transition_id",
            "$.blueprint[0].transition_id",
        ));
    };
    let data = wish
        .get("data")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let missing = asks.filter(|name| data.get(*name).is_none_or(Value::is_null));
    if let Some(name) = missing {
        return Err(answer::mandatory(name, &format!("$.blueprint[0].data.{name}")));
    }
    let place = Place {
        id: Some(id),
        path: "$.blueprint[0].data".to_owned(),
    };
    let mut values = check::record(crm, module, &data, &place).map_err(|error| Reply::json(400, &error))?;
    values.insert(FIELD.to_owned(), json!(to));
    change::apply(crm, module, id, values, "updated");
    let done = json!({ "code": "SUCCESS", "details": {}, "message": "transition updated successfully", "status": "success" });
    Ok(Reply::json(200, &done))
}
