//! What works the same for every module: list, get, create, update, delete, count.

use serde_json::{Value, json};

use super::{references, writing};
use crate::desk::call::{Answer, Call};
use crate::desk::clauses::Clause;
use crate::desk::filters;
use crate::desk::modules::{self, Row};
use crate::desk::org::Query;
use crate::desk::paging;
use crate::desk::refusal::Refusal;
use crate::desk::render;
use crate::http::Reply;

/// The list of a module, of the whole organization or of the record in the path.
pub(crate) fn list(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let mut query = paging::query(call)?;
    query.clauses = filters::clauses(call, &module)?;
    query.clauses.extend(of_parent(call)?);
    let rows = page(call, &module, &query);
    let key = call
        .route
        .key
        .clone()
        .unwrap_or_else(|| modules::module(&module).list.clone());
    call.list(&key, rows)
}

/// One page of list rows.
pub(crate) fn page(call: &Call<'_>, module: &str, query: &Query) -> Vec<Value> {
    let ids = call.org.page(module, query).into_iter();
    ids.filter_map(|id| render::row(call, module, id)).collect()
}

/// The condition that ties rows to the record in the path, which must exist.
fn of_parent(call: &Call<'_>) -> Result<Option<Clause>, Refusal> {
    let Some(field) = &call.route.by else {
        return Ok(None);
    };
    call.record(&call.parent())?;
    Ok(Some(Clause::is(field, &call.path[0])))
}

/// Tasks, calls and events of a ticket in one list.
pub(crate) fn activities_of_ticket(call: &mut Call<'_>) -> Answer {
    call.record("tickets")?;
    let mut rows = Vec::new();
    for module in ["tasks", "calls", "events"] {
        let mut query = Query {
            take: usize::MAX,
            ..Query::default()
        };
        query.clauses = filters::clauses(call, module)?;
        query.clauses.push(Clause::is("ticketId", &call.path[0]));
        for mut row in page(call, module, &query) {
            row["activityType"] = modules::module(module).plural.clone().into();
            rows.push(row);
        }
    }
    if let Some(sort) = paging::sort(call) {
        rows.sort_by_key(|row| row[&sort.field].as_str().unwrap_or_default().to_owned());
        if sort.descending {
            rows.reverse();
        }
    }
    let rows = paging::cut(call, rows)?;
    call.list("data", rows)
}

/// One record in its detail form.
pub(crate) fn get(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let (id, _) = call.record(&module)?;
    let record = render::detail(call, &module, id).ok_or_else(Refusal::not_found)?;
    call.with(&record)
}

/// Records by a list of ids; unknown ids are left out.
pub(crate) fn by_ids(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let clauses = filters::clauses(call, &module)?;
    let named = call
        .route
        .query
        .iter()
        .find(|(_, param)| param.required)
        .map(|(name, _)| call.items(name));
    let query = Query {
        clauses: [clauses, vec![Clause::one_of("id", named.unwrap_or_default())]].concat(),
        take: usize::MAX,
        ..Query::default()
    };
    let rows = page(call, &module, &query);
    call.list("data", rows)
}

/// How many records there are under the given conditions.
pub(crate) fn count(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let clauses = filters::clauses(call, &module)?;
    call.with(&json!({"count": call.org.count(&module, &clauses)}))
}

/// Creates a record from the body.
pub(crate) fn create(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    references::check(call, &module)?;
    writing::check(call, &module, None)?;
    let id = call.org.new_id();
    let row = writing::create(call, &module, id);
    call.org.put(&module, id, row);
    writing::settle(call, &module, id, None);
    let record = render::echo(call, &module, id).ok_or_else(Refusal::not_found)?;
    Ok(Reply::json(call.route.status, &record))
}

/// Changes a record by the body.
pub(crate) fn update(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let (id, before) = call.record(&module)?;
    references::check(call, &module)?;
    writing::check(call, &module, Some(id))?;
    let body = call.body.clone();
    let row = writing::change(call, &module, before.clone(), body);
    call.org.put(&module, id, row);
    writing::settle(call, &module, id, Some(&before));
    let record = render::echo(call, &module, id).ok_or_else(Refusal::not_found)?;
    call.with(&record)
}

/// Removes a record for good; what pointed at it moves to the record that the body names.
pub(crate) fn delete(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let (id, _) = call.record(&module)?;
    let heir = match module.as_str() {
        "roles" => Some(("roleId", call.sent("transferToRoleId"))),
        "profiles" => Some(("profileId", call.sent("transferToProfileId"))),
        _ => None,
    };
    if let Some((field, heir)) = heir {
        if call.org.row_of(&module, &heir).is_none() || heir == call.path[0] {
            return Err(Refusal::unprocessable("The record to transfer to is invalid."));
        }
        for agent in call.org.ids("agents", &[Clause::is(field, &call.path[0])]) {
            patch(call, "agents", &agent, field, heir.clone().into());
        }
    }
    call.org.remove(&module, id);
    call.done()
}

/// Sets one field of one record.
pub(crate) fn patch(call: &mut Call<'_>, module: &str, id: &str, field: &str, value: Value) {
    let Some((number, row)) = call.org.row_of(module, id) else {
        return;
    };
    let row = writing::change(call, module, row, Row::from_iter([(field.to_owned(), value)]));
    call.org.put(module, number, row);
}
