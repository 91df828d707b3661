//! `x-ref`: names, e-mail addresses and `me` in arguments that want an id. Reads take them, writes are offered the id.

use super::{Kind, Named};
use crate::connections::Product;
use crate::repair::{InvalidArguments, OpenReference, ReferenceKind, Repair};
use crate::tools::Tools;
use crate::tools::error::{ToolError, clip};
use crate::tools::handlers::Context;
use serde_json::{Map, Value};

/// Puts ids in place of the names, e-mail addresses and `me` that a read gave for them, and tells it.
///
/// # Errors
/// Nobody, or several, are called so; or the lists could not be had.
pub async fn resolve(
    tools: &Tools,
    arguments: &mut Map<String, Value>,
    open: &[OpenReference],
) -> Result<Vec<Repair>, ToolError> {
    let mut found = Vec::new();
    for reference in open {
        let ReferenceKind::Name(word) = &reference.kind else {
            continue;
        };
        let one = looked_up(Context { tools, arguments }, word, reference).await?;
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
pub async fn suggested(tools: &Tools, mut invalid: InvalidArguments) -> ToolError {
    let understood = invalid.example.as_ref().and_then(|call| call.get("connection"));
    let arguments: Map<String, Value> = understood
        .filter(|name| name.is_string())
        .map(|name| ("connection".to_owned(), name.clone()))
        .into_iter()
        .collect();
    let context = Context {
        tools,
        arguments: &arguments,
    };
    for problem in &mut invalid.problems {
        if let Some(reference) = &problem.reference
            && let ReferenceKind::Name(word) = &reference.kind
            && let Ok(one) = looked_up(context, word, reference).await
        {
            problem.suggestion = Some(format!("\"{}\" ({})", one.id, one.name));
        }
    }
    ToolError::from(invalid)
}

async fn looked_up(context: Context<'_>, word: &str, reference: &OpenReference) -> Result<Named, ToolError> {
    let kind =
        Kind::named(word).ok_or_else(|| ToolError::internal(&format_args!("x-ref names no kind: {word}")))?;
    let session = context.session(kind.product()).await?;
    let references = &context.tools.references;
    references
        .find_named(&session, kind, &reference.text, &reference.path)
        .await
}

impl Named {
    /// The repair that put this one's id in place of `text`.
    pub fn told(&self, path: String, text: &str) -> Repair {
        Repair {
            path,
            rule: "reference",
            from: clip(text, 80),
            to: format!("{} ({})", self.id, self.name),
        }
    }
}

impl Kind {
    /// The kind that `x-ref` in a tool file names, in the singular or the plural.
    pub fn named(word: &str) -> Option<Self> {
        let kinds = [
            Kind::Agent,
            Kind::Department,
            Kind::Team,
            Kind::Contact,
            Kind::Account,
            Kind::User,
        ];
        let one = word.strip_suffix('s').unwrap_or(word);
        kinds.into_iter().find(|kind| kind.what() == one)
    }

    fn product(self) -> Product {
        match self {
            Kind::User => Product::Crm,
            _ => Product::Desk,
        }
    }
}
