//! Names in place of ids, at the door: a read gets the id, a write is told it.

use super::Kind;
use crate::repair::{InvalidArguments, OpenReference, ReferenceKind, Repair};
use crate::tools::error::ToolError;
use crate::tools::invocation::Invocation;
use crate::tools::request::OpenCondition;
use serde_json::{Map, Value};

/// Puts ids in place of the names, e-mail addresses and `me` that a read gave for them, and tells it.
///
/// # Errors
/// Nobody, or several, are called so; or the lists could not be had.
pub(in crate::tools) async fn resolve(
    invocation: &Invocation<'_>,
    arguments: &mut Map<String, Value>,
    open: &[OpenReference],
) -> Result<Vec<Repair>, ToolError> {
    let mut found = Vec::new();
    for reference in open {
        let ReferenceKind::Name(word) = &reference.kind else {
            continue;
        };
        let kind = Kind::named(word)
            .ok_or_else(|| ToolError::internal(&format_args!("x-ref names no kind: {word}")))?;
        let session = invocation.session(kind.product()).await?;
        let one = invocation
            .equipment()
            .references
            .find(session, None, &condition(reference, kind))
            .await?;
        found.push((reference, one));
    }
    let mut whole = Value::Object(std::mem::take(arguments));
    let mut repairs = Vec::new();
    for (reference, one) in found {
        if let Some(place) = whole.pointer_mut(&reference.path) {
            *place = Value::from(one.id.as_str());
        }
        repairs.push(one.told(reference.path.clone(), &reference.text));
    }
    if let Value::Object(members) = whole {
        *arguments = members;
    }
    Ok(repairs)
}

/// The refusal of a write, with the id of whom a name means offered where that is one; it is not used by itself.
pub(in crate::tools) async fn suggested(
    invocation: &Invocation<'_>,
    mut invalid: InvalidArguments,
) -> ToolError {
    for problem in &mut invalid.problems {
        let Some(reference) = &problem.reference else {
            continue;
        };
        let ReferenceKind::Name(word) = &reference.kind else {
            continue;
        };
        let Some(kind) = Kind::named(word) else { continue };
        let Ok(session) = invocation.session(kind.product()).await else {
            continue;
        };
        if let Ok(one) = invocation
            .equipment()
            .references
            .find(session, None, &condition(reference, kind))
            .await
        {
            problem.suggestion = Some(format!("\"{}\" ({})", one.id, one.name));
        }
    }
    ToolError::from(invalid)
}

fn condition(reference: &OpenReference, kind: Kind) -> OpenCondition {
    let (path, text) = (reference.path.clone(), reference.text.clone());
    OpenCondition { path, kind, text }
}
