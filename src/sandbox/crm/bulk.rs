//! Bulk jobs: what reading and writing in bulk share.

mod mapping;
pub(crate) mod read;
pub(crate) mod write;

use serde_json::{Value, json};

use super::answer;
use super::schema::Module;
use super::seeds;
use super::state::Crm;
use super::time;
use crate::http::Reply;

/// Who makes a job, and when.
fn made(crm: &Crm) -> (Value, Value) {
    let me = crm.me();
    (
        json!({ "id": me["id"], "name": me["name"] }),
        json!(time::iso(crm.now)),
    )
}

/// A module as jobs tell it.
fn told_module(module: &Module, plain: bool) -> Value {
    if plain {
        json!(module.api_name)
    } else {
        json!({ "id": seeds::module_id(module), "api_name": module.api_name })
    }
}

/// The module's name, which is text or an object by the version; either is taken.
fn module_name(value: &Value) -> Option<&str> {
    value["api_name"].as_str().or(value.as_str())
}

/// A `callback` that can be called.
fn check_callback(callback: Option<&Value>) -> Result<(), Reply> {
    let Some(callback) = callback.filter(|callback| !callback.is_null()) else {
        return Ok(());
    };
    if callback["method"] != "post" {
        let details = json!({ "supported_callback_methods": ["post"] });
        return Err(refuse("INVALID_CALLBACK_METHOD", details));
    }
    let url = callback["url"]
        .as_str()
        .and_then(|text| url::Url::parse(text).ok());
    match url {
        Some(url) if url.has_host() => Ok(()),
        _ => Err(refuse("INVALID_CALLBACK_URL", json!({}))),
    }
}

/// 400 with a code whose message is not known. (Assumed: the code in words.)
fn refuse(code: &str, details: Value) -> Reply {
    answer::refuse(400, code, &details, &code.to_lowercase().replace('_', " "))
}

/// 400 for a module that is not there.
fn module_not_available(name: &str) -> Reply {
    let message = format!("Requested module '{name}' is not available.");
    answer::refuse(
        400,
        "MODULE_NOT_AVAILABLE",
        &json!({ "resource": name }),
        &message,
    )
}
