//! COQL: select queries over records. A query whose conditions say nothing of `Converted__s` leaves converted leads out:
//! somebody counted 4,036 without such a condition and 1,010 with `Converted__s = true` where a report of all had 5,046.
//! (Assumed: other conditions on it show both sides as they say.)

mod aggregate;
pub(crate) mod lexer;
mod parser;
mod plan;

use std::cmp::Ordering;

use plan::Plan;
pub(crate) use plan::{resolve, target};
use serde_json::{Map, Value, json};

use super::answer::{self, Answer};
use super::call::Call;
use super::records::Converted;
use super::schema::{Module, Row};
use super::settings::field_shown;
use super::state::Crm;
use super::{permitted, scope, view, views};
use crate::http::Reply;

/// `POST /coql`.
pub(crate) fn run(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let body = call.body()?;
    let text = match body.get("select_query") {
        Some(Value::String(text)) => text,
        None | Some(Value::Null) => return Err(answer::mandatory("select_query", "$.select_query")),
        Some(_) => return Err(answer::invalid("text", "select_query", "$.select_query")),
    };
    let plan = Plan::new(parser::parse(text)?, call)?;
    if !call.request.grant.as_ref().is_some_and(|grant| {
        scope::allows(
            grant,
            &[&["ZohoCRM.modules.{module}.READ"]],
            &plan.module.scope_name(),
        )
    }) {
        return Err(answer::scope_mismatch());
    }
    permitted::read(crm, plan.modules())?;
    let meta = body
        .get("include_meta")
        .and_then(Value::as_array)
        .is_some_and(|list| list.iter().any(|name| name == "fields"));
    if meta
        && !call
            .request
            .grant
            .as_ref()
            .is_some_and(|grant| grant.covers("ZohoCRM.settings.fields.READ"))
    {
        return Err(answer::scope_mismatch());
    }
    let view = plan
        .query
        .cvid
        .as_deref()
        .map(|cvid| views::filter(crm, plan.module, cvid))
        .transpose();
    let view = view.map_err(|_| plan::wrong(&json!({ "cvid": plan.query.cvid })))?;
    for module in plan.modules() {
        crm.table(module);
    }
    let crm = &*crm;
    let Some(table) = crm.tables.get(plan.module.api_name.as_str()) else {
        return Ok(Reply::empty(204));
    };
    let converted = match plan.module.convertable && !plan.filter.asks("Converted__s") {
        true => Converted::Open,
        false => Converted::Both,
    };
    let rows = table
        .rows
        .values()
        .filter(|row| converted.shows(row))
        .filter(|row| view.as_ref().is_none_or(|view| view.holds(row)));
    let mut rows: Vec<&Row> = rows
        .filter(|row| plan.filter.holds(&|column| value(crm, plan.module, row, column)))
        .collect();
    let data = if plan.query.is_grouped() {
        let grouped = aggregate::groups(crm, &plan, &rows);
        page(&plan, grouped)
    } else {
        sort(crm, &plan, &mut rows);
        page(
            &plan,
            rows.into_iter().map(|row| shown(crm, &plan, row)).collect(),
        )
    };
    let (data, more) = data;
    if data.is_empty() {
        return Ok(Reply::empty(204));
    }
    let mut answer = json!({ "data": data, "info": { "count": data.len(), "more_records": more } });
    if meta {
        let fields = plan.query.columns.iter().filter_map(|column| {
            let (module, field) = plan::resolve(plan.module, &column.name)?;
            Some((column.key(), field_shown(module, field)))
        });
        answer["fields"] = Value::Object(fields.collect());
    }
    Ok(Reply::json(200, &answer))
}

fn page(plan: &Plan, all: Vec<Value>) -> (Vec<Value>, bool) {
    let start = plan.query.offset.min(all.len());
    let end = (start + plan.query.limit).min(all.len());
    (all[start..end].to_vec(), end < all.len())
}

/// The value of a column, through lookups where it is dotted.
pub(crate) fn value<'a>(
    crm: &'a Crm,
    module: &'static Module,
    row: &'a Row,
    column: &str,
) -> Option<&'a Value> {
    let Some((name, rest)) = column.split_once('.') else {
        return row.get(column);
    };
    let lookup = row.get(name)?;
    if rest == "id" {
        return lookup.get("id");
    }
    let target = plan::target(module, name)?;
    let row = crm.peek(target, lookup["id"].as_str()?.parse().ok()?)?;
    value(crm, target, row, rest)
}

fn shown(crm: &Crm, plan: &Plan, row: &Row) -> Value {
    let mut shown = Map::new();
    for column in &plan.query.columns {
        let told = outside(value(crm, plan.module, row, &column.name));
        let is_rich = plan::resolve(plan.module, &column.name).is_some_and(|(_, field)| field.rich);
        let told = match told {
            Value::String(text) if is_rich => Value::from(view::beginning(&text)),
            told => told,
        };
        shown.insert(column.key(), told);
    }
    shown.insert("id".to_owned(), row["id"].clone());
    Value::Object(shown)
}

/// Lookups show their id only.
fn outside(value: Option<&Value>) -> Value {
    match value {
        Some(Value::Object(lookup)) if lookup.contains_key("id") => json!({ "id": lookup["id"] }),
        Some(value) => value.clone(),
        None => Value::Null,
    }
}

fn sort(crm: &Crm, plan: &Plan, rows: &mut [&Row]) {
    rows.sort_by(|one, other| {
        let by = plan.query.order.iter().map(|(column, descending)| {
            let order = compare(
                value(crm, plan.module, one, column),
                value(crm, plan.module, other, column),
            );
            if *descending { order.reverse() } else { order }
        });
        by.fold(Ordering::Equal, Ordering::then)
    });
}

/// Nothing comes first, numbers by size, texts without regard to case.
fn compare(one: Option<&Value>, other: Option<&Value>) -> Ordering {
    let number = |value: Option<&Value>| value.and_then(Value::as_f64);
    if let (Some(one), Some(other)) = (number(one), number(other)) {
        return one.total_cmp(&other);
    }
    let text = |value: Option<&Value>| match value {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.to_lowercase()),
        Some(Value::Object(lookup)) => lookup.get("id").map(Value::to_string),
        Some(other) => Some(other.to_string()),
    };
    text(one).cmp(&text(other))
}
