//! One message of a case, read from its own path, with all of its text.

use serde::de::Error as _;

use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::output::conversation::{Row, is_set, text};
use crate::tools::output::project::{Projection, Record, Rows};
use crate::zoho::{Read, Session};

/// Reads what stands at a path below a case, its HTML made text.
pub(super) async fn read(session: &Session, scopes: &[String], path: &[&str]) -> Result<Record, ToolError> {
    let request = Read::get(Product::Desk, path.iter().copied()).with_scopes(scopes.to_vec());
    let projection = Projection {
        fields: None,
        html: &["content".to_owned()],
        rows: Rows::default(),
    };
    projection.record(&session.read(&request).await?.body).await
}

/// Whether it is the message that was asked for; one without an id is, as nothing says that it is not.
pub(super) fn is_message(record: &Record, id: &str) -> bool {
    record.id.as_deref().is_none_or(|own| own == id)
}

/// The same message with all of its text, where Zoho cut it; its files stay, which that answer has not.
pub(super) async fn complete(
    session: &Session,
    scopes: &[String],
    path: &[&str],
    message: Row,
) -> Result<Row, ToolError> {
    if !is_set(&message, "isContentTruncated") {
        return Ok(message);
    }
    let full = read(session, scopes, &[path, &["fullContent"]].concat()).await?;
    if text(&full.shown, "content").is_none() {
        return Err(ToolError::unreadable(&serde_json::Error::custom(
            "no full content",
        )));
    }
    let files = message.into_iter().filter(|(key, _)| key == "attachments");
    Ok(files.chain(full.shown).collect())
}
