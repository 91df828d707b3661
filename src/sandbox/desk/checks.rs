//! What Desk checks before any work: query parameters and body against the operation's declaration.

use serde_json::{Map, Value};

use super::refusal::Refusal;
use super::routes::{Body, Param, Route};
use crate::http::Request;

/// The most rows a list can be paged to.
pub(crate) const LIST_CEILING: i64 = 4999;

/// Refuses unknown, missing and ill-formed query parameters.
pub(crate) fn query(route: &Route, request: &Request) -> Result<(), Refusal> {
    for (name, value) in &request.query {
        if name == "orgId" {
            continue;
        }
        let Some(param) = route.query.get(name) else {
            return Err(Refusal::unprocessable(format!(
                "Extra query parameter '{name}' is present in the input."
            )));
        };
        check_param(name, value, param)?;
    }
    for (name, param) in &route.query {
        if param.required && request.query(name).is_none_or(str::is_empty) {
            let message = format!("The mandatory query parameter '{name}' is missing in the input.");
            return Err(Refusal::unprocessable(message));
        }
    }
    Ok(())
}

fn check_param(name: &str, value: &str, param: &Param) -> Result<(), Refusal> {
    match param.kind.as_str() {
        "integer" => return check_number(name, value, param),
        "boolean" if !matches!(value, "true" | "false") => return Err(Refusal::bad_param(name)),
        "object" if !serde_json::from_str::<Value>(value).is_ok_and(|json| json.is_object()) => {
            return Err(Refusal::bad_param(name));
        }
        _ => {}
    }
    let items: Vec<&str> = if param.csv {
        value.split(',').map(str::trim).collect()
    } else {
        vec![value]
    };
    if param.max_items.is_some_and(|most| items.len() > most) {
        return Err(Refusal::bad_param(name));
    }
    if items.iter().any(|item| !is_item(name, item, param)) {
        return Err(Refusal::bad_param(name));
    }
    check_length(name, value, param)
}

fn is_item(name: &str, item: &str, param: &Param) -> bool {
    if param.kind == "id" && !is_id(item) {
        return false;
    }
    let bare = if name == "sortBy" {
        item.strip_prefix('-').unwrap_or(item)
    } else {
        item
    };
    param.values.is_empty() || param.values.iter().any(|value| value == item || value == bare)
}

fn check_number(name: &str, value: &str, param: &Param) -> Result<(), Refusal> {
    let number: i64 = value.parse().map_err(|_| Refusal::bad_param(name))?;
    let (least, most) = match name {
        "from" => (param.min.unwrap_or(0), param.max.unwrap_or(LIST_CEILING)),
        "limit" => (param.min.unwrap_or(1), param.max.unwrap_or(100)),
        _ => (param.min.unwrap_or(i64::MIN), param.max.unwrap_or(i64::MAX)),
    };
    if (least..=most).contains(&number) {
        return Ok(());
    }
    Err(Refusal::out_of_range(name, &format!("{least}-{most}")))
}

fn check_length(name: &str, value: &str, param: &Param) -> Result<(), Refusal> {
    let length = value.chars().count();
    let is_macro = value.starts_with("${") && value.ends_with('}');
    if let Some(least) = param.min_length.filter(|least| length < *least && !is_macro) {
        let message = format!(
            "The length of the value passed for '{name}' is less than the specified minimum length of '{least}'"
        );
        return Err(Refusal::unprocessable(message));
    }
    if let Some(most) = param.max_length.filter(|most| length > *most) {
        let message = format!(
            "The length of the value passed for '{name}' is greater than the specified maximum length of '{most}'"
        );
        return Err(Refusal::unprocessable(message));
    }
    Ok(())
}

/// The JSON body in canonical form: ids and counters as strings; an empty object where the operation reads none.
pub(crate) fn body(route: &Route, request: &Request) -> Result<Map<String, Value>, Refusal> {
    let Some(declared) = &route.body else {
        return Ok(Map::new());
    };
    let content_type = request.header("content-type").unwrap_or_default();
    if content_type.starts_with("multipart/") || content_type.starts_with("application/x-www-form-urlencoded")
    {
        return Err(Refusal::wrong_content_type());
    }
    if request.body.is_empty() {
        // What may be in the query as well need not be in the body.
        let in_query = route
            .query
            .keys()
            .any(|name| declared.properties.contains_key(name));
        if declared.required.is_empty() && (in_query || declared.properties.is_empty()) {
            return Ok(Map::new());
        }
        return Err(Refusal::empty_payload());
    }
    let Some(Value::Object(mut sent)) = request.json() else {
        return Err(Refusal::bad_request());
    };
    if let Some(extra) = sent.keys().find(|key| !declared.properties.contains_key(*key)) {
        return Err(Refusal::extra_key(extra));
    }
    let mut problems = Vec::new();
    check_object(&mut sent, declared, "", &mut problems);
    if problems.is_empty() {
        Ok(sent)
    } else {
        Err(Refusal::invalid_data(&problems))
    }
}

type Problems = Vec<(String, &'static str)>;

fn check_object(sent: &mut Map<String, Value>, declared: &Body, at: &str, problems: &mut Problems) {
    for name in &declared.required {
        if sent.get(name).is_none_or(|value| value.is_null() || value == "") {
            problems.push((format!("{at}/{name}"), "missing"));
        }
    }
    for (name, value) in sent.iter_mut() {
        let here = format!("{at}/{name}");
        match declared.properties.get(name) {
            Some(part) if !problems.iter().any(|(known, _)| *known == here) => {
                check_value(value, part, &here, problems)
            }
            None if !declared.properties.is_empty() => problems.push((here, "invalid")),
            _ => {}
        }
    }
}

fn check_value(value: &mut Value, declared: &Body, at: &str, problems: &mut Problems) {
    if value.is_null() {
        if !declared.null && matches!(declared.kind.as_str(), "array" | "boolean") {
            problems.push((at.to_owned(), "invalid"));
        }
        return;
    }
    canonical(value, &declared.kind);
    let valid = has_kind(value, &declared.kind)
        && (declared.values.is_empty() || declared.values.contains(value))
        && has_length(value, declared);
    if !valid {
        problems.push((at.to_owned(), "invalid"));
        return;
    }
    match (value, &declared.items) {
        (Value::Array(items), Some(part)) => {
            for (index, item) in items.iter_mut().enumerate() {
                check_value(item, part, &format!("{at}/{index}"), problems);
            }
        }
        (Value::Object(object), _) => check_object(object, declared, at, problems),
        _ => {}
    }
}

/// Desk takes ids as numbers and numbers as digits; it answers with strings.
fn canonical(value: &mut Value, kind: &str) {
    match kind {
        "id" | "integer" | "number" | "string" if value.is_number() => {
            *value = Value::String(value.to_string())
        }
        _ => {}
    }
}

fn has_kind(value: &Value, kind: &str) -> bool {
    let text = value.as_str();
    match kind {
        "id" => text.is_some_and(|text| text.is_empty() || is_id(text)),
        "time" => text.is_some_and(|text| text.is_empty() || text.parse::<jiff::Timestamp>().is_ok()),
        "email" => text.is_some_and(|text| text.is_empty() || is_email(text)),
        "integer" => text.is_some_and(|text| text.parse::<i64>().is_ok()),
        "number" => text.is_some_and(|text| text.parse::<f64>().is_ok()),
        "string" => text.is_some(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

fn has_length(value: &Value, declared: &Body) -> bool {
    if let Some(items) = value.as_array() {
        return declared.max_items.is_none_or(|most| items.len() <= most);
    }
    let Some(length) = value.as_str().map(|text| text.chars().count()) else {
        return true;
    };
    declared.min_length.is_none_or(|least| length >= least)
        && declared.max_length.is_none_or(|most| length <= most)
}

/// True for what can be an id of Desk.
pub(crate) fn is_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_email(text: &str) -> bool {
    text.split_once('@')
        .is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.ends_with('.'))
}
