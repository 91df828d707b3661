//! `get_attachment`: a file of a record, into the answer or into the directory the operator allows.

mod place;

use super::Context;
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::files;
use crate::tools::modules::Subject;
use crate::tools::output::{Answer, File};
use crate::tools::request::{self, operation, text};
use crate::zoho::{Read, ZohoError};
use place::Place;
use serde_json::{Map, Value, json};

/// Largest file that goes into an answer, in bytes.
const INLINE: u64 = 5 * 1024 * 1024;
/// Largest file that is saved, in bytes.
const SAVED: u64 = 50 * 1024 * 1024;

/// Fetches the file.
pub(super) async fn get(context: Context<'_>) -> Result<Answer, ToolError> {
    let subject = request::subject(context.arguments)?;
    let id = text(context.arguments, "id").unwrap_or_default();
    let attachment = text(context.arguments, "attachment_id").unwrap_or_default();
    let save = context
        .arguments
        .get("save")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    let allowed = save
        .then(|| files::require_folder(context.invocation))
        .transpose()?;
    let session = context.session(subject.product).await?;
    let place = place::find(session, &subject, id, attachment).await?;
    let request = content(&subject, id, attachment, &place)?;
    let name = place.name;
    let mut answer = Answer::default().with("app_type", subject.product.as_str());
    let mut data = Map::new();
    data.insert("id".to_owned(), json!(attachment));
    data.insert("name".to_owned(), json!(name));
    let fallback = "application/octet-stream";
    match allowed {
        Some(allowed) => {
            let directory = files::directory(allowed).await?;
            let path = directory.path.join(files::safe_name(attachment, &name));
            let mut file = files::PartFile::create(&path).await?;
            let done = session.download(&request, SAVED, file.writer()).await?;
            refuse_page(&name, done.media_type.as_deref())?;
            file.finish().await?;
            data.insert("bytes".to_owned(), json!(done.bytes));
            data.insert("path".to_owned(), json!(path));
            answer.notes.extend(directory.note);
            let media_type = done.media_type.unwrap_or_else(|| fallback.to_owned());
            answer.files.push(File::Saved {
                name,
                media_type,
                path,
                size: done.bytes,
            });
        }
        None => {
            let mut bytes = Vec::new();
            let done = session.download(&request, INLINE, &mut bytes).await?;
            refuse_page(&name, done.media_type.as_deref())?;
            data.insert("bytes".to_owned(), json!(done.bytes));
            let media_type = done.media_type.unwrap_or_else(|| fallback.to_owned());
            data.insert("media_type".to_owned(), json!(media_type));
            answer.untrusted.insert("file".to_owned());
            answer.files.push(File::Content {
                name,
                media_type,
                bytes,
            });
        }
    }
    Ok(answer.with("data", data))
}

/// A page of HTML that comes in place of another file is none.
fn refuse_page(name: &str, media_type: Option<&str>) -> Result<(), ToolError> {
    let is_page = media_type.is_some_and(|named| named.starts_with("text/html"));
    let ending = name
        .rsplit_once('.')
        .map_or("", |(_, ending)| ending)
        .to_lowercase();
    let is_meant = ending.is_empty() || ending.contains("htm") || ending == "php";
    match is_page && !is_meant {
        true => Err(ZohoError::Unavailable {
            message: "Zoho sent a page of HTML in place of the file".to_owned(),
            seconds: None,
        }
        .into()),
        false => Ok(()),
    }
}

fn content(subject: &Subject, id: &str, attachment: &str, place: &Place) -> Result<Read, ToolError> {
    match subject.product {
        Product::Desk => {
            let at = place.at.iter().map(String::as_str);
            let path = at.chain(["attachments", attachment, "content"]);
            Ok(Read::get(Product::Desk, path).with_scopes(subject.module.scopes.clone()))
        }
        Product::Crm => {
            let place = [
                ("module", subject.address()),
                ("id", id),
                ("attachment_id", attachment),
            ];
            let place = place.map(|(name, value)| (name.to_owned(), json!(value)));
            Ok(operation::lookup(
                Product::Crm,
                "attachment",
                &place.into_iter().collect(),
            )?)
        }
    }
}
