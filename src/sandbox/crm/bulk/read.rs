//! Bulk read: a module's records, by criteria and columns through lookups, as CSV in a ZIP.

use serde_json::{Value, json};

use super::{check_callback, made, module_name, module_not_available, refuse, told_module};
use crate::crm::answer::Answer;
use crate::crm::call::Call;
use crate::crm::filter::{Expr, Op, Test};
use crate::crm::jobs::Job;
use crate::crm::schema::{Field, Module, Row};
use crate::crm::state::Crm;
use crate::crm::{answer, coql, permitted, scope, views};
use crate::http::Reply;
use crate::sheet;

/// Records of one page, which is one job.
const PER_PAGE: usize = 200_000;
/// Conditions of one job.
const CONDITIONS: usize = 25;

/// `POST /crm/bulk/v8/read`.
pub(crate) fn create(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let body = body(call)?;
    check_callback(body.get("callback"))?;
    let query = body.get("query").cloned().unwrap_or_default();
    let module = module(call, &query)?;
    let is_calendar = |value: Option<&Value>| value.is_some_and(|value| value == "ics");
    if is_calendar(body.get("file_type")) {
        return Err(refuse("NOT_SUPPORTED_FEATURE", json!({})).unserved());
    }
    let page = match query.get("page").filter(|page| !page.is_null()) {
        None => 1,
        Some(page) => page
            .as_u64()
            .filter(|page| (1..=500).contains(page))
            .ok_or_else(|| refuse("PAGE_RANGE_EXCEEDED", json!({ "max_limit": 500 })))?
            as usize,
    };
    permitted::all(crm, module, &["View", "Export"])?;
    let columns = columns(module, &query)?;
    let mut conditions = 0;
    let filter = match query.get("criteria").filter(|criteria| !criteria.is_null()) {
        None => Expr::All(Vec::new()),
        Some(criteria) => condition(module, criteria, &mut conditions)?,
    };
    if conditions > CONDITIONS {
        return Err(refuse(
            "CRITERIA_LIMIT_EXCEEDED",
            json!({ "max_limit": CONDITIONS }),
        ));
    }
    let view = match query.get("cvid").and_then(text) {
        None => None,
        Some(cvid) => {
            let view = views::filter(crm, module, &cvid);
            Some(view.map_err(|_| refuse("CVID_NOT_SUPPORTED", json!({ "resource": cvid })))?)
        }
    };
    for name in columns.iter().chain(&names(&filter)) {
        load(crm, module, name);
    }
    let holds = |row: &&Row| {
        view.as_ref().is_none_or(|view| view.holds(row))
            && filter.holds(&|column| coql::value(crm, module, row, column))
    };
    let all = crm.tables[module.api_name.as_str()].rows.values().filter(holds);
    let rows: Vec<Vec<String>> = all
        .skip((page - 1) * PER_PAGE)
        .take(PER_PAGE + 1)
        .map(|row| {
            columns
                .iter()
                .map(|name| cell(coql::value(crm, module, row, name)))
                .collect()
        })
        .collect();
    let count = rows.len().min(PER_PAGE);
    let mut sheet = vec![columns];
    sheet.extend(rows.iter().take(count).cloned());
    Ok(store(
        crm,
        call,
        module,
        &query,
        &sheet,
        page,
        rows.len() > PER_PAGE,
    ))
}

fn store(
    crm: &mut Crm,
    call: &Call<'_>,
    module: &'static Module,
    query: &Value,
    rows: &[Vec<String>],
    page: usize,
    more: bool,
) -> Reply {
    let id = crm.new_id().to_string();
    let (by, at) = made(crm);
    let mut query = query.clone();
    query["module"] = told_module(module, call.version.plain_bulk_module);
    query["page"] = json!(page);
    let told = json!({ "id": id, "operation": "read", "query": query, "created_by": by, "created_time": at, "file_type": "csv" });
    let address = format!("/crm/bulk/{}/read/{id}/result", call.version.name());
    let result = json!({ "page": page, "count": rows.len() - 1, "download_url": address, "per_page": PER_PAGE, "more_records": more });
    let file = sheet::zip(&[(format!("{id}.csv"), sheet::csv(rows))]);
    crm.bulk.add(&id, Job::new(true, &told, result, file));
    let details =
        json!({ "id": id, "operation": "read", "state": "ADDED", "created_by": by, "created_time": at });
    let added = json!({ "status": "success", "code": "ADDED_SUCCESSFULLY", "message": "Added successfully.", "details": details });
    Reply::json(201, &json!({ "data": [added], "info": {} }))
}

/// `GET /crm/bulk/v8/read/{job}`.
pub(crate) fn status(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let job = crm.bulk.look(call.parts[0], true)?;
    let mut told = Value::Object(job.told.clone());
    told["state"] = json!(job.advance(["QUEUED", "IN PROGRESS"]));
    if job.is_done() {
        told["result"] = job.result.clone();
    }
    Ok(Reply::json(200, &json!({ "data": [told] })))
}

/// `GET /crm/bulk/v8/read/{job}/result`.
pub(crate) fn result(crm: &mut Crm, call: &Call<'_>) -> Answer {
    crm.bulk.download(call.parts[0], true)
}

fn body(call: &Call<'_>) -> Result<Row, Reply> {
    if call.request.body.is_empty() {
        return Err(refuse("REQUEST_BODY_IS_EMPTY", json!({})));
    }
    match call.request.json() {
        Some(Value::Object(body)) => Ok(body),
        _ => Err(refuse("REQUEST_BODY_NOT_READABLE", json!({}))),
    }
}

fn module(call: &Call<'_>, query: &Value) -> Result<&'static Module, Reply> {
    let name = module_name(&query["module"]).ok_or_else(|| refuse("INVALID_REQUEST", json!({})))?;
    let module = call.seen(name).ok_or_else(|| module_not_available(name))?;
    if module.is_attached() {
        return Err(refuse("MODULE_NOT_SUPPORTED", json!({ "resource": name })));
    }
    let grant = call.request.grant.as_ref();
    let read = [&["ZohoCRM.modules.{module}.READ"][..]];
    if !grant.is_some_and(|grant| scope::allows(grant, &read, &module.scope_name())) {
        return Err(answer::scope_mismatch());
    }
    Ok(module)
}

/// The columns: the id, which is there by default, and the fields that were asked for, or all.
fn columns(module: &'static Module, query: &Value) -> Result<Vec<String>, Reply> {
    let mut columns = vec!["id".to_owned()];
    let fields = query["fields"].as_array().filter(|fields| !fields.is_empty());
    let Some(fields) = fields else {
        let is_cell = |field: &&Field| field.data_type != "subform" && field.api_name != "id";
        let all = module.fields.iter().filter(is_cell);
        columns.extend(all.map(|field| field.api_name.clone()));
        return Ok(columns);
    };
    for name in fields {
        let name = name.as_str().unwrap_or_default();
        if coql::resolve(module, name).is_none() {
            return Err(refuse("FIELD_NOT_AVAILABLE", json!({ "api_name": name })));
        }
        if !columns.iter().any(|column| column == name) {
            columns.push(name.to_owned());
        }
    }
    Ok(columns)
}

/// What a criterion or a group of them asks; `count` is how many there are.
fn condition(module: &'static Module, asked: &Value, count: &mut usize) -> Result<Expr, Reply> {
    if let Some(group) = asked["group"].as_array() {
        let parts: Result<Vec<Expr>, Reply> =
            group.iter().map(|part| condition(module, part, count)).collect();
        let operator = asked["group_operator"].as_str().map(str::to_lowercase);
        return match operator.as_deref() {
            Some("and") => Ok(Expr::All(parts?)),
            Some("or") => Ok(Expr::Any(parts?)),
            _ => Err(refuse(
                "GROUP_OPERATOR_NOT_SUPPORTED",
                json!({ "supported": ["and", "or"] }),
            )),
        };
    }
    *count += 1;
    // A field is an object from v2.1 on; either is taken.
    let name = asked["field"]["api_name"].as_str().or(asked["api_name"].as_str());
    let (Some(name), Some(comparator)) = (name, asked["comparator"].as_str()) else {
        return Err(refuse("INVALID_CRITERIA", json!({})));
    };
    let details = json!({ "api_name": name, "comparator": comparator });
    let Some((_, field)) = coql::resolve(module, name) else {
        return Err(refuse(
            "FIELD_IN_CRITERIA_NOT_AVAILABLE",
            json!({ "api_name": name }),
        ));
    };
    let (plain, negated) = comparator
        .strip_prefix("not_")
        .map_or((comparator, false), |plain| (plain, true));
    let op = match plain {
        "equal" => Op::Equal,
        "in" => Op::In,
        "less_than" => Op::Less,
        "less_equal" => Op::LessEqual,
        "greater_than" => Op::Greater,
        "greater_equal" => Op::GreaterEqual,
        "between" => Op::Between,
        "contains" => Op::Contains,
        "starts_with" => Op::StartsWith,
        "ends_with" => Op::EndsWith,
        _ => return Err(refuse("FIELD_AND_COMPARATOR_IN_CRITERIA_NOT_COMPATIBLE", details)),
    };
    let values: Vec<String> = match &asked["value"] {
        Value::Array(values) => values.iter().filter_map(text).collect(),
        value => text(value).into_iter().collect(),
    };
    if values.is_empty() || (op == Op::Between && values.len() != 2) {
        return Err(refuse("COMPARATOR_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE", details));
    }
    Test::new(field, name, op, negated, &values)
        .map(Expr::Test)
        .ok_or_else(|| refuse("FIELD_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE", details))
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => value["id"].as_str().map(str::to_owned),
    }
}

fn names(expr: &Expr) -> Vec<String> {
    match expr {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().flat_map(names).collect(),
        Expr::Test(test) => vec![test.column.clone()],
    }
}

/// Fills the tables that a column reads from.
fn load(crm: &mut Crm, mut module: &'static Module, column: &str) {
    crm.table(module);
    let mut parts = column.split('.').peekable();
    while let (Some(part), Some(_)) = (parts.next(), parts.peek()) {
        let Some(next) = coql::target(module, part) else {
            break;
        };
        module = next;
        crm.table(module);
    }
}

/// A value as a cell: of a lookup the id, of several values all, with a semicolon between.
fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::Array(items)) => {
            let texts: Vec<String> = items
                .iter()
                .map(|item| cell(Some(item.get("name").unwrap_or(item))))
                .collect();
            texts.join(";")
        }
        Some(value) => text(value).unwrap_or_default(),
    }
}
