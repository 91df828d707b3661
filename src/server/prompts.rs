//! Prompts as MCP lists and gives them.

use rmcp::ErrorData;
use rmcp::model::{GetPromptRequestParams, GetPromptResult, Prompt, PromptArgument, PromptMessage, Role};
use serde_json::Map;

use crate::tools::catalog::Catalog;
use crate::tools::prompts::{PromptRefusal, Prompts};

/// Those that the tools on offer can carry out; the files are read only now.
pub(super) fn read(catalog: &Catalog) -> Result<Prompts, ErrorData> {
    Prompts::of(catalog).map_err(|error| ErrorData::internal_error(error.to_string(), None))
}

/// What clients show of them.
pub(super) fn list(catalog: &Catalog) -> Result<Vec<Prompt>, ErrorData> {
    let prompts = read(catalog)?;
    let published = prompts.all().iter().map(|prompt| {
        let arguments = prompt.arguments.iter().map(|argument| {
            PromptArgument::new(&argument.name)
                .with_description(&argument.description)
                .with_required(argument.required)
        });
        let arguments = Some(arguments.collect());
        Prompt::new(&prompt.name, Some(&prompt.description), arguments).with_title(&prompt.title)
    });
    Ok(published.collect())
}

/// The text of one, as a message of the user.
pub(super) fn get(catalog: &Catalog, request: &GetPromptRequestParams) -> Result<GetPromptResult, ErrorData> {
    let prompts = read(catalog)?;
    let prompt = prompts.get(&request.name).map_err(refuse)?;
    let none = Map::new();
    let text = prompt.fill(request.arguments.as_ref().unwrap_or(&none));
    let message = PromptMessage::new_text(Role::User, text.map_err(refuse)?);
    Ok(GetPromptResult::new(vec![message]).with_description(&prompt.description))
}

/// What was asked for wrongly, as an error of the protocol.
pub(super) fn refuse(refusal: PromptRefusal) -> ErrorData {
    ErrorData::invalid_params(refusal.to_string(), None)
}
