//! The notes of a record; notes by themselves are an ordinary module.

use serde_json::{Value, json};

use super::answer::{self, Answer, failure, results};
use super::call::Call;
use super::schema::{self, Module, Row};
use super::state::Crm;
use super::{delete, records, write};
use crate::http::Reply;

fn module() -> &'static Module {
    schema::module("Notes").expect("Notes is a module")
}

/// True for a note or attachment that hangs on the record.
pub(crate) fn hangs(row: &Row, parent: &str) -> bool {
    row.get("Parent_Id").is_some_and(|value| value["id"] == *parent)
}

/// `GET /{module}/{id}/Notes`.
pub(crate) fn list(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let parent = call.find(crm, call.module(), 0)?.to_string();
    let fields = call.listed_fields(module())?;
    records::list_rows(crm, call, module(), &fields, &|row| hangs(row, &parent))
}

/// `POST /{module}/{id}/Notes`.
pub(crate) fn insert(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let parent = call.find(crm, call.module(), 0)?;
    let notes = call.objects(&call.body()?, "data", write::MOST)?;
    let parent = json!({ "id": parent.to_string(), "module": { "api_name": call.module().api_name } });
    let added = notes.into_iter().enumerate().map(|(index, mut note)| {
        note.insert("Parent_Id".to_owned(), parent.clone());
        note.insert("$se_module".to_owned(), json!(call.module().api_name));
        write::add(crm, module(), &note, &format!("$.data[{index}]"))
    });
    Ok(results(201, added.collect()))
}

/// The note of the path, if it hangs on the record of the path.
fn note(crm: &mut Crm, call: &Call<'_>) -> Result<u64, Reply> {
    let parent = call.find(crm, call.module(), 0)?.to_string();
    let id = call.parts[1].parse().map_err(|_| answer::id_invalid(3))?;
    let found = crm.row(module(), id).is_some_and(|row| hangs(row, &parent));
    if found { Ok(id) } else { Err(answer::id_invalid(3)) }
}

/// `GET /{module}/{id}/Notes/{note}`.
pub(crate) fn get(crm: &mut Crm, call: &Call<'_>) -> Answer {
    match note(crm, call) {
        Ok(id) => records::single(crm, call, module(), id, None),
        Err(_) => Ok(Reply::empty(204)),
    }
}

/// `PUT /{module}/{id}/Notes/{note}`.
pub(crate) fn update(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = note(crm, call)?;
    write::update_single(crm, call, module(), id)
}

/// `PUT /{module}/{id}/Notes`.
pub(crate) fn update_many(crm: &mut Crm, call: &Call<'_>) -> Answer {
    call.find(crm, call.module(), 0)?;
    write::update_all(crm, call, module())
}

/// `DELETE /{module}/{id}/Notes/{note}`.
pub(crate) fn delete(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = note(crm, call)?;
    Ok(results(200, vec![delete::remove(crm, module(), id)]))
}

/// `DELETE /{module}/{id}/Notes`.
pub(crate) fn delete_many(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let parent = call.find(crm, call.module(), 0)?.to_string();
    let ids = call
        .ids("ids", 100)?
        .ok_or_else(|| answer::parameter_missing("ids"))?;
    Ok(results(
        200,
        ids.into_iter()
            .map(|id| remove(crm, module(), id, &parent))
            .collect(),
    ))
}

/// Deletes what hangs on the record; anything else is not deleted.
pub(crate) fn remove(crm: &mut Crm, module: &'static Module, id: u64, parent: &str) -> Value {
    if crm.row(module, id).is_some_and(|row| hangs(row, parent)) {
        return delete::remove(crm, module, id);
    }
    failure(
        "INVALID_DATA",
        &json!({ "id": id.to_string() }),
        "record not deleted",
    )
}
