//! `get_attachment`: a file of a record, into the answer or into the directory the operator allows.

mod content;
mod decoded;
mod place;
mod reader;

use content::Content;
use place::Place;
use serde_json::{Map, Value, json};

use super::Context;
use crate::connections::Product;
use crate::tools::error::{Code, ToolError};
use crate::tools::files;
use crate::tools::modules::Subject;
use crate::tools::output::Answer;
use crate::tools::request::{self, operation, text};
use crate::zoho::{Read, ZohoError};

/// Characters of a file that an answer holds.
const SHOWN: usize = 20_000;
/// Largest file that is read for an answer, in bytes.
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
    let (name, listed) = (place.name, place.size);
    let mut answer = Answer::default().with("app_type", subject.product.as_str());
    let mut data = Map::new();
    data.insert("id".to_owned(), json!(attachment));
    data.insert("name".to_owned(), json!(name));
    match allowed {
        Some(allowed) => {
            let directory = files::directory(allowed).await?;
            let path = directory.path.join(files::safe_name(attachment, &name));
            let mut file = files::PartFile::create(&path).await?;
            let done = session.download(&request, SAVED, file.writer()).await;
            let done = done.map_err(too_large)?;
            refuse_page(&name, done.media_type.as_deref())?;
            refuse_nothing(done.bytes, listed)?;
            file.finish().await?;
            answer = tell_other_size(answer, done.bytes, listed);
            data.insert("bytes".to_owned(), json!(done.bytes));
            data.insert("path".to_owned(), json!(path));
            answer.notes.extend(directory.note);
        }
        None => {
            let mut bytes = Vec::new();
            match session.download(&request, INLINE, &mut bytes).await {
                Ok(done) => {
                    refuse_page(&name, done.media_type.as_deref())?;
                    refuse_nothing(done.bytes, listed)?;
                    answer = tell_other_size(answer, done.bytes, listed);
                    data.insert("bytes".to_owned(), json!(done.bytes));
                    if let Some(named) = done.media_type.as_deref().and_then(media_type) {
                        data.insert("media_type".to_owned(), json!(named));
                    }
                    let of_page = is_page(&name, done.media_type.as_deref());
                    let equipment = context.invocation.equipment();
                    let content = match content::read(bytes, done.media_type.as_deref(), of_page, SHOWN) {
                        Content::Document(bytes) => reader::read(equipment, &bytes, SHOWN).await,
                        Content::Picture(image) => reader::open(equipment, image).await,
                        read => read,
                    };
                    show(content, &mut data, &mut answer);
                }
                Err(ZohoError::TooLarge { limit_bytes }) => {
                    show(
                        Content::Neither(format!("larger than {limit_bytes} bytes")),
                        &mut data,
                        &mut answer,
                    );
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(answer.with("data", data))
}

/// There is no other way to a file this large than the web application.
fn too_large(error: ZohoError) -> ToolError {
    match error {
        ZohoError::TooLarge { limit_bytes } => ToolError::new(
            Code::Rejected,
            format!("The file is larger than {limit_bytes} bytes: it was not saved."),
            "Open it in Zoho: `link` of its record leads there.",
        ),
        other => other.into(),
    }
}

/// Puts the content into the answer, or says why it is not there and how it can be had.
fn show(content: Content, data: &mut Map<String, Value>, answer: &mut Answer) {
    let how =
        "`save` writes the whole file into the server's files directory, where the operator allows one.";
    match content {
        Content::Text {
            text,
            left_out,
            read_as,
            of_page,
        } => {
            if of_page {
                let note = "The file is HTML: `text` is what is seen of it, without the markup.";
                answer.notes.push(note.to_owned());
            }
            answer.notes.extend(read_as.map(|encoding| {
                format!("The file is no Unicode: its text was read as {encoding}, and may be another.")
            }));
            if left_out > 0 {
                data.insert("text_left_out".to_owned(), json!(left_out));
                answer.notes.push(format!(
                    "The last {left_out} characters of the file are left out. {how}"
                ));
            }
            data.insert("text".to_owned(), json!(text));
        }
        Content::Picture(image) => {
            data.insert("media_type".to_owned(), json!(image.media_type));
            answer.untrusted.insert("image".to_owned());
            answer.image = Some(image);
        }
        Content::Document(_) => {}
        Content::Neither(why) => answer
            .notes
            .push(format!("The content is not shown: {why}. {how}")),
    }
}

/// A media type without its parameters, if it is one (RFC 6838, 4.2): whoever sent the file has written it.
fn media_type(named: &str) -> Option<&str> {
    const LONGEST: usize = 100;
    let named = named.split(';').next().unwrap_or_default().trim();
    let of_a_name = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(of_a_name);
    let (kind, name) = named.split_once('/')?;
    (named.len() <= LONGEST && is_name(kind) && is_name(name)).then_some(named)
}

/// An empty answer in place of a file that its list says holds something.
fn refuse_nothing(bytes: u64, listed: Option<usize>) -> Result<(), ToolError> {
    match bytes == 0 && listed.is_some_and(|size| size > 0) {
        true => Err(ZohoError::Unavailable {
            message: "Zoho sent nothing in place of the file".to_owned(),
            seconds: None,
        }
        .into()),
        false => Ok(()),
    }
}

/// Tells of a file of another size than its list says: a part of it, or something else in its place.
fn tell_other_size(mut answer: Answer, bytes: u64, listed: Option<usize>) -> Answer {
    let Some(size) = listed.filter(|size| bytes != *size as u64) else {
        return answer;
    };
    let what = match bytes < size as u64 {
        true => "it is not the whole file, or not the file",
        false => "there is more in it than the file, or it is not the file",
    };
    answer.notes.push(format!(
        "Zoho's list says that the file has {size} bytes and {bytes} came: {what}."
    ));
    answer.with("complete", false)
}

/// Whether a file is a page of HTML by the media type it came with.
fn is_html(media_type: Option<&str>) -> bool {
    let start = media_type.and_then(|named| named.get(.."text/html".len()));
    start.is_some_and(|start| start.eq_ignore_ascii_case("text/html"))
}

fn ending_of(name: &str) -> String {
    name.rsplit_once('.')
        .map_or("", |(_, ending)| ending)
        .to_lowercase()
}

/// Whether a browser would show it as a page.
fn is_page(name: &str, media_type: Option<&str>) -> bool {
    is_html(media_type) || matches!(ending_of(name).as_str(), "html" | "htm" | "xhtml")
}

/// A page of HTML that comes in place of another file is none.
fn refuse_page(name: &str, media_type: Option<&str>) -> Result<(), ToolError> {
    let ending = ending_of(name);
    let is_meant = ending.is_empty() || ending.contains("htm") || ending == "php";
    match is_html(media_type) && !is_meant {
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
