//! Operations that are data become requests: each argument goes where its placeholder stands.

use serde_json::{Map, Value};

pub use super::sending::{MADE, Sending};
use crate::connections::Product;
use crate::tools::definition::operation::{ApiCall, placeholder};
use crate::tools::modules;
use crate::zoho::{Effect, Read, ZohoError};

/// The read a call is.
///
/// # Errors
/// The call changes something, an argument of its path is not given, or one has no text.
pub fn read(call: &ApiCall, arguments: &Map<String, Value>) -> Result<Read, ZohoError> {
    if call.effect != Effect::Read {
        return Err(broken(format!("{} is no read", call.path)));
    }
    let mut read = Read::get(call.product, path(call, arguments)?).with_scopes(call.scopes.clone());
    for (name, value) in query(call, arguments)? {
        read = read.with_query(name, value);
    }
    Ok(match body(call, arguments) {
        Some(body) => read.asking(body),
        None => read,
    })
}

/// The change a call is.
///
/// # Errors
/// As [`read`].
pub fn sending(call: &ApiCall, arguments: &Map<String, Value>) -> Result<Sending, ZohoError> {
    let mut sending = Sending::new(call.effect, &call.method.into(), path(call, arguments)?);
    sending.query = query(call, arguments)?;
    sending.body = body(call, arguments);
    Ok(sending.with_scopes(&call.scopes))
}

/// The change that takes it back; none where the file says none.
///
/// # Errors
/// As [`read`].
pub fn reversal(call: &ApiCall, arguments: &Map<String, Value>) -> Result<Option<Sending>, ZohoError> {
    let Some(undo) = &call.undo else {
        return Ok(None);
    };
    let mut arguments = arguments.clone();
    arguments.insert("made".to_owned(), Value::from(MADE));
    sending(&undo.of(call), &arguments).map(Some)
}

/// The read that a product's lookup of this name is.
///
/// # Errors
/// The module file has no such lookup, or an argument is missing.
pub fn lookup(product: Product, name: &str, arguments: &Map<String, Value>) -> Result<Read, ZohoError> {
    read(modules::lookup(product, name)?, arguments)
}

/// The call that lists the organizations of a product.
///
/// # Errors
/// As [`lookup`].
pub fn organizations(product: Product) -> Result<Read, ZohoError> {
    lookup(product, "organizations", &Map::new())
}

fn path(call: &ApiCall, arguments: &Map<String, Value>) -> Result<Vec<String>, ZohoError> {
    let segment = |segment: &str| match placeholder(segment).map_err(broken)? {
        None => Ok(segment.to_owned()),
        Some(name) => match arguments.get(name).map(written) {
            Some(text) => text,
            None => Err(broken(format!("{}: no {name}", call.path))),
        },
    };
    call.path.split('/').map(segment).collect()
}

fn query(call: &ApiCall, arguments: &Map<String, Value>) -> Result<Vec<(String, String)>, ZohoError> {
    let mut query = Vec::new();
    for (name, value) in &call.query {
        let text = value.as_str().unwrap_or_default();
        let value = match placeholder(text).map_err(broken)? {
            None => text.to_owned(),
            Some(argument) => match arguments.get(argument) {
                Some(given) if !given.is_null() => written(given)?,
                _ => continue,
            },
        };
        query.push((name.clone(), value));
    }
    Ok(query)
}

/// A value as one text: a list is joined by commas.
fn written(value: &Value) -> Result<String, ZohoError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(_) | Value::Bool(_) => Ok(value.to_string()),
        Value::Array(items) => Ok(items
            .iter()
            .map(written)
            .collect::<Result<Vec<_>, _>>()?
            .join(",")),
        Value::Null | Value::Object(_) => Err(broken(format!("{value} has no place in a URL"))),
    }
}

fn body(call: &ApiCall, arguments: &Map<String, Value>) -> Option<Value> {
    let body = call.body.as_ref()?;
    Some(filled(body, arguments).unwrap_or_else(|| Value::Object(Map::new())))
}

/// The value with arguments in place of their names; nothing for an argument that is not given, and for an object of which
/// nothing is left.
fn filled(value: &Value, arguments: &Map<String, Value>) -> Option<Value> {
    match value {
        Value::String(text) => match placeholder(text) {
            Ok(Some(name)) => arguments.get(name).cloned(),
            _ => Some(value.clone()),
        },
        Value::Array(items) => Some(items.iter().filter_map(|item| filled(item, arguments)).collect()),
        Value::Object(members) => {
            let given = |(key, member): (&String, &Value)| Some((key.clone(), filled(member, arguments)?));
            let left: Map<String, Value> = members.iter().filter_map(given).collect();
            (!left.is_empty() || members.is_empty()).then_some(Value::Object(left))
        }
        other => Some(other.clone()),
    }
}

fn broken(message: String) -> ZohoError {
    ZohoError::Internal { message }
}
