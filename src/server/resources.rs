//! Resources as MCP lists and reads them.

use rmcp::ErrorData;
use rmcp::model::{CacheScope, ReadResourceResult, ResourceContents, ResourceTemplate};
use serde_json::{Map, Value, json};

use crate::names::{clean_line, clip};
use crate::tools::Answer;
use crate::tools::catalog::Catalog;
use crate::tools::error::ToolError;
use crate::tools::resources::{self, Template};

/// What every answer of a tool is.
const MEDIA_TYPE: &str = "application/json";

/// The forms of address; the files are read only now.
pub(super) fn read(catalog: &Catalog) -> Result<Vec<Template>, ErrorData> {
    resources::of(catalog).map_err(|error| ErrorData::internal_error(error.to_string(), None))
}

/// What clients show of them.
pub(super) fn list(catalog: &Catalog) -> Result<Vec<ResourceTemplate>, ErrorData> {
    let published = read(catalog)?.into_iter().map(|template| {
        ResourceTemplate::new(template.uri, template.name)
            .with_title(template.title)
            .with_description(template.description)
            .with_mime_type(MEDIA_TYPE)
    });
    Ok(published.collect())
}

/// The form that an address has, and the arguments of the tool that reads it.
pub(super) fn find(catalog: &Catalog, uri: &str) -> Result<(Template, Map<String, Value>), ErrorData> {
    let templates = read(catalog)?;
    let forms: Vec<String> = templates.iter().map(|template| template.uri.clone()).collect();
    let found = templates.into_iter().find_map(|template| {
        let arguments = template.read(uri)?;
        Some((template, arguments))
    });
    found.ok_or_else(|| {
        let told = match forms.as_slice() {
            [] => "this server has no resources".to_owned(),
            forms => format!("this server has {}", forms.join(", ")),
        };
        unknown(uri, format!("no resource {}: {told}", clean_line(clip(uri, 100))))
    })
}

/// The answer of the tool as the text of the resource, letter by letter.
pub(super) fn contents(template: &Template, uri: &str, answer: Answer) -> ReadResourceResult {
    let text = Value::Object(answer.body).to_string();
    let contents = ResourceContents::text(text, uri).with_mime_type(MEDIA_TYPE);
    ReadResourceResult::new(vec![contents])
        .with_ttl_ms(u64::from(template.fresh_s) * 1_000)
        .with_cache_scope(CacheScope::Private)
}

/// A failure of the tool as an error of the protocol, with all that the tool says of it: its arguments are the address alone,
/// and where they are wrong nothing is there.
pub(super) fn failure(uri: &str, error: &ToolError) -> ErrorData {
    let told = format!("{} {}", error.error, error.next);
    match error.points_nowhere() {
        true => unknown(uri, told),
        false => ErrorData::internal_error(told, Some(error.to_json())),
    }
}

/// Clients of 2026-07-28 are given another code by the SDK.
fn unknown(uri: &str, told: String) -> ErrorData {
    ErrorData::resource_not_found(told, Some(json!({ "uri": uri })))
}
