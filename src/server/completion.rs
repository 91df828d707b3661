//! What a person may be typing into a prompt or an address.

use rmcp::ErrorData;
use rmcp::model::{CompleteRequestParams, CompleteResult, CompletionInfo, Reference};

use super::{prompts, resources};
use crate::connections::Product;
use crate::names::{clean_line, clip};
use crate::tools::catalog::Catalog;
use crate::tools::completion::Suggestions;
use crate::tools::prompts::Suggested;

/// Characters of what is typed at most: nothing that is suggested is as long.
const LONGEST: usize = 200;

/// Where the values come from.
pub(super) enum Source {
    /// From nowhere: it is any text.
    Nowhere,
    /// All that there are.
    These(Vec<String>),
    /// From a list of Zoho's, of one product where the address names it.
    Listed(Suggested, Option<Product>),
}

/// Where the values of the argument come from that is asked for.
pub(super) fn source(catalog: &Catalog, request: &CompleteRequestParams) -> Result<Source, ErrorData> {
    if request.argument.value.chars().nth(LONGEST).is_some() {
        return Ok(Source::Nowhere);
    }
    match &request.r#ref {
        Reference::Prompt(asked) => {
            let prompts = prompts::read(catalog)?;
            let prompt = prompts.get(&asked.name).map_err(prompts::refuse)?;
            let argument = prompt.argument(&request.argument.name).map_err(prompts::refuse)?;
            Ok(listed(argument.complete, None))
        }
        Reference::Resource(asked) => of_address(catalog, &asked.uri, request),
        _ => Err(ErrorData::invalid_params("ref: ref/prompt or ref/resource", None)),
    }
}

fn of_address(catalog: &Catalog, uri: &str, request: &CompleteRequestParams) -> Result<Source, ErrorData> {
    let templates = resources::read(catalog)?;
    let template = templates.iter().find(|template| template.uri == uri);
    let template = template.ok_or_else(|| {
        let forms: Vec<&str> = templates.iter().map(|template| template.uri.as_str()).collect();
        refuse("ref.uri", uri, &forms)
    })?;
    let name = &request.argument.name;
    let variable = template.variables.get(name).ok_or_else(|| {
        let names: Vec<&str> = template.variables.keys().map(String::as_str).collect();
        refuse("argument.name", name, &names)
    })?;
    if !variable.values.is_empty() {
        return Ok(Source::These(variable.values.clone()));
    }
    let others = request.context.as_ref();
    let product = match others
        .and_then(|others| others.get_argument("app"))
        .map(String::as_str)
    {
        Some("desk") => Some(Product::Desk),
        Some("crm") => Some(Product::Crm),
        _ => None,
    };
    Ok(listed(variable.complete, product))
}

fn listed(what: Option<Suggested>, product: Option<Product>) -> Source {
    what.map_or(Source::Nowhere, |what| Source::Listed(what, product))
}

fn refuse(path: &str, given: &str, known: &[&str]) -> ErrorData {
    let given = clean_line(clip(given, 100));
    ErrorData::invalid_params(
        format!("{path}: no {given}; there are: {}", known.join(", ")),
        None,
    )
}

/// As MCP writes them.
pub(super) fn write(suggestions: Suggestions) -> Result<CompleteResult, ErrorData> {
    let total = suggestions
        .total
        .map(|total| u32::try_from(total).unwrap_or(u32::MAX));
    let info = CompletionInfo::with_pagination(suggestions.values, total, suggestions.has_more);
    let info = info.map_err(|error| ErrorData::internal_error(error, None))?;
    Ok(CompleteResult::new(info))
}
