//! Exports of whole modules as CSV in a ZIP. Source of the forms: Desk's OpenAPI (Backup). An export is finished at the
//! second look at it: no test waits. (Assumed: the names of the file and its columns; a timer of Zoho's own carries it
//! out.) `callBackUrl` is kept, and nobody is called there.

use serde_json::{Value, json};

use crate::desk::call::{Answer, Call};
use crate::desk::clauses::Clause;
use crate::desk::filters;
use crate::desk::modules::{self, Row, text, value};
use crate::desk::org::Query;
use crate::desk::refusal::Refusal;
use crate::desk::render;
use crate::http::Reply;
use crate::sheet;

/// What is not carried out; a call that asks for it is told as unserved.
const BEYOND: [&str; 3] = ["criteria", "exportTimeFilter", "password"];

/// Begins an export.
pub(crate) fn create(call: &mut Call<'_>) -> Answer {
    if let Some(key) = BEYOND.iter().find(|key| call.body.contains_key(**key)) {
        let told = format!("The sandbox exports without '{key}'.");
        return Ok(Reply::from(Refusal::unprocessable(told)).unserved());
    }
    let id = call.org.new_id();
    let mut row = modules::blank("exports");
    for (key, value) in call.body.clone() {
        row.insert(key, value);
    }
    for key in ["id", "exportId"] {
        row.insert(key.to_owned(), id.to_string().into());
    }
    if row["fields"] == json!([]) {
        row.insert("fields".to_owned(), columns(call).into());
    }
    call.org.put("exports", id, row);
    shown(call, id)
}

/// How far it is.
pub(crate) fn get(call: &mut Call<'_>) -> Answer {
    let (id, mut row) = call.record("exports")?;
    let next = match text(&row, "status") {
        "INITIATED" => "INPROGRESS",
        _ => "COMPLETED",
    };
    row.insert("status".to_owned(), next.into());
    call.org.put("exports", id, row);
    shown(call, id)
}

fn shown(call: &Call<'_>, id: u64) -> Answer {
    let record = render::detail(call, "exports", id).ok_or_else(Refusal::not_found)?;
    call.with(&record)
}

/// The file, once it is there.
pub(crate) fn download(call: &mut Call<'_>) -> Answer {
    let id = call.query("exportId").unwrap_or_default().to_owned();
    let export = call.org.row_of("exports", &id).map(|(_, row)| row);
    let export = export
        .filter(|row| text(row, "status") == "COMPLETED")
        .ok_or_else(Refusal::not_found)?;
    let columns = modules::texts(&export, "fields");
    let mut lines = vec![header(call, &export, &columns)];
    for row in rows(call, &export)? {
        lines.push(columns.iter().map(|column| cell(&row, column)).collect());
    }
    let name = format!("{}_{id}.csv", text(&export, "module"));
    Ok(Reply {
        body: sheet::zip(&[(name, sheet::csv(&lines))]),
        ..Reply::empty(200)
    }
    .with("content-type", "application/zip")
    .with(
        "content-disposition",
        format!("attachment; filename=\"{id}.zip\""),
    ))
}

/// A module as exports call it, and the list beside tickets that it is.
fn source(name: &str) -> (&str, Option<&str>) {
    match name {
        "solutions" => ("articles", None),
        "comments" | "attachments" | "timeEntry" => (name, Some(name)),
        _ => (name, None),
    }
}

fn columns(call: &Call<'_>) -> Vec<String> {
    let name = call.sent("module");
    match source(&name).0 {
        // There is no community.
        "topics" => vec!["id".to_owned()],
        module => modules::module(module).row.clone(),
    }
}

fn header(call: &Call<'_>, export: &Row, columns: &[String]) -> Vec<String> {
    let module = source(text(export, "module")).0;
    let label = |column: &String| {
        let of = [Clause::is("_module", module), Clause::is("apiName", column)];
        let field = call.org.rows("fields", &of).into_iter().next();
        let label = field.map(|row| text(&row, "displayLabel").to_owned());
        label.unwrap_or_else(|| column.clone())
    };
    match modules::is(export, "apiNameAsHeader") {
        true => columns.to_vec(),
        false => columns.iter().map(label).collect(),
    }
}

fn rows(call: &Call<'_>, export: &Row) -> Result<Vec<Row>, Refusal> {
    let (module, side) = source(text(export, "module"));
    if module == "topics" {
        return Ok(Vec::new());
    }
    let records = if side.is_some() { "tickets" } else { module };
    let mut clauses = filters::alive(call, records);
    let department = text(export, "departmentId");
    if !department.is_empty() {
        clauses.push(Clause::is("departmentId", department));
    }
    let view = text(export, "viewId");
    if !view.is_empty() {
        clauses.extend(filters::view(call, records, view)?);
    }
    let after = text(export, "modifiedAfter");
    if !after.is_empty() {
        let until = format!("{after},9999-12-31T00:00:00Z");
        clauses.extend(filters::range("modifiedTime", &until));
    }
    let query = Query {
        clauses,
        ..Query::all()
    };
    let ids = call.org.page(records, &query).into_iter();
    Ok(match side {
        Some(side) => ids.flat_map(|id| call.org.side("tickets", id, side)).collect(),
        None => ids
            .filter_map(|id| {
                let mut row = call.org.row(module, id)?;
                call.org.sight.hide(module, &mut row);
                Some(row)
            })
            .collect(),
    })
}

fn cell(row: &Row, column: &str) -> String {
    let custom = row.get("cf").and_then(|cf| cf.get(column)).cloned();
    match custom.unwrap_or_else(|| value(row, column)) {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    }
}
