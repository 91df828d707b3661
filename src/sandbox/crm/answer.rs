//! The bodies CRM answers with: bare errors of a request, results of a write in the order of its records.

use serde_json::{Value, json};

use crate::http::Reply;

/// An answer, or the refusal that takes its place.
pub(crate) type Answer = Result<Reply, Reply>;

/// A refusal of the whole request: the bare error object.
pub(crate) fn refuse(status: u16, code: &str, details: &Value, message: &str) -> Reply {
    Reply::json(status, &failure(code, details, message))
}

/// The error object of one record, or of a request.
pub(crate) fn failure(code: &str, details: &Value, message: &str) -> Value {
    json!({ "code": code, "details": details, "message": message, "status": "error" })
}

/// The success object of one record.
pub(crate) fn success(details: &Value, message: &str) -> Value {
    json!({ "code": "SUCCESS", "details": details, "message": message, "status": "success" })
}

/// Results under `data`: `good` when all went well, 207 when some did, 400 (412 for edits that came too late) when none did.
pub(crate) fn results(good: u16, data: Vec<Value>) -> Reply {
    results_as("data", good, data)
}

/// Like [`results`], under another key.
pub(crate) fn results_as(key: &str, good: u16, data: Vec<Value>) -> Reply {
    let failed = data.iter().filter(|item| item["status"] == "error").count();
    let status = match failed {
        0 => good,
        n if n < data.len() => 207,
        _ if data.iter().all(|item| item["code"] == "ALREADY_MODIFIED") => 412,
        _ => 400,
    };
    Reply::json(status, &json!({ key: data }))
}

/// 400 for a query parameter that has to be there.
pub(crate) fn parameter_missing(name: &str) -> Reply {
    refuse(
        400,
        "REQUIRED_PARAM_MISSING",
        &json!({ "param_name": name }),
        "One of the expected parameter is missing",
    )
}

/// 400 for a query parameter with a value that cannot be.
pub(crate) fn parameter_invalid(name: &str, details: Value) -> Reply {
    let mut details = details;
    details["param_name"] = json!(name);
    refuse(
        400,
        "INVALID_DATA",
        &details,
        &format!("the {name} given seems to be invalid"),
    )
}

/// 400 for an id in the path that belongs to nothing; `index` counts the path's segments after the version.
pub(crate) fn id_invalid(index: usize) -> Reply {
    refuse(
        400,
        "INVALID_DATA",
        &json!({ "resource_path_index": index }),
        "the id given seems to be invalid",
    )
}

/// 400 for a module CRM does not have.
pub(crate) fn module_invalid(details: &Value) -> Reply {
    refuse(
        400,
        "INVALID_MODULE",
        details,
        "the module name given seems to be invalid",
    )
}

/// 400 for a part of the body that has to be there.
pub(crate) fn mandatory(api_name: &str, json_path: &str) -> Reply {
    refuse(
        400,
        "MANDATORY_NOT_FOUND",
        &json!({ "api_name": api_name, "json_path": json_path }),
        "required field not found",
    )
}

/// 400 for a part of the body of the wrong kind.
pub(crate) fn invalid(expected: &str, api_name: &str, json_path: &str) -> Reply {
    let details = json!({ "expected_data_type": expected, "api_name": api_name, "json_path": json_path });
    refuse(400, "INVALID_DATA", &details, "invalid data")
}

/// 400 for more of something than one call takes.
pub(crate) fn too_many(limit: usize, api_name: &str) -> Reply {
    refuse(
        400,
        "LIMIT_EXCEEDED",
        &json!({ "limit": limit, "api_name": api_name, "json_path": format!("$.{api_name}") }),
        "maximum limit exceeded",
    )
}

/// 404 for an address Zoho does not have, or this sandbox does not serve.
pub(crate) fn unserved() -> Reply {
    refuse(
        404,
        "INVALID_URL_PATTERN",
        &json!({}),
        "Please check if the URL trying to access is a correct one",
    )
    .unserved()
}

/// 401 for a token that may not do this.
pub(crate) fn scope_mismatch() -> Reply {
    refuse(
        401,
        "OAUTH_SCOPE_MISMATCH",
        &json!({}),
        "invalid oauth scope to access this URL",
    )
}

/// What a write to a lead says that has become a contact: nothing changes it any more. (Assumed: documented is that such a
/// lead is not converted again.)
pub(crate) fn already_converted(id: u64) -> Value {
    failure(
        "ID_ALREADY_CONVERTED",
        &json!({ "id": id.to_string() }),
        "id already converted",
    )
}
