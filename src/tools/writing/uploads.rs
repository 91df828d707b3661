//! Files that go with a call of Desk. They are uploaded before it: nobody sees them, and Zoho keeps what no call names for a day
//! (Zoho's Desk SDK for iOS, ZDUploadAPIHandler).

use serde_json::{Map, Value, json};

use super::parts::made_id;
use crate::connections::Product;
use crate::tools::error::{Code, ToolError};
use crate::tools::modules;
use crate::tools::request::operation::{self, Sending};
use crate::zoho::{Session, Upload};

/// Uploads what a call attaches, and names it in the body.
///
/// # Errors
/// One could not be uploaded: nothing of the act was sent.
pub(super) async fn attach(session: &Session, tool: &str, call: &mut Sending) -> Result<(), ToolError> {
    let mut ids = Vec::new();
    for file in std::mem::take(&mut call.attached) {
        ids.push(upload(session, tool, file).await?);
    }
    if let (false, Some(Value::Object(body))) = (ids.is_empty(), &mut call.body) {
        body.insert("attachmentIds".to_owned(), json!(ids));
    }
    Ok(())
}

async fn upload(session: &Session, tool: &str, file: Upload) -> Result<String, ToolError> {
    let name = file.name.clone();
    let mut call = operation::sending(modules::upload()?, &Map::new())?;
    call.file = Some(file);
    let response = session
        .write(call.write(tool, Product::Desk)?)
        .await
        .map_err(|error| {
            let failure = ToolError::from(error);
            let told = format!("Nothing was sent: {name} could not be uploaded.");
            // Whether Zoho has it does not matter: nothing names it.
            if failure.code == Code::OutcomeUnknown {
                return ToolError::new(Code::Unavailable, told, "Make the same call again.");
            }
            ToolError {
                error: format!("{told} {}", failure.error),
                ..failure
            }
        })?;
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let id = made_id(Product::Desk, &body).map(str::to_owned);
    id.ok_or_else(|| {
        let error = format!("Nothing was sent: Zoho does not say that it took {name}.");
        ToolError::new(Code::Unavailable, error, "Make the same call again.")
    })
}
