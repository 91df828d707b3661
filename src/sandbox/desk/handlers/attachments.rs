//! Files: uploads, attachments of records, downloads.

use serde_json::{Value, json};

use crate::desk::call::{Answer, Call};
use crate::desk::modules::{self, Row, text, value};
use crate::desk::org::File;
use crate::desk::refusal::Refusal;
use crate::desk::seed::sides;
use crate::http::{Reply, Request};
use crate::multipart;

/// The largest file a ticket takes, in bytes.
const LARGEST: usize = 20 * 1024 * 1024;

/// The part named `file`.
fn sent_file(request: &Request) -> Result<File, Refusal> {
    let content_type = request.header("content-type").unwrap_or_default();
    if !content_type.starts_with("multipart/form-data") {
        return Err(Refusal::wrong_content_type());
    }
    if !content_type.contains("boundary=") {
        return Err(Refusal::bad_request());
    }
    let parts = multipart::parts(content_type, &request.body);
    let part = parts.into_iter().find(|part| part.name == "file");
    let part = part.ok_or_else(|| Refusal::invalid_field("/file", "missing"))?;
    if part.content.len() > LARGEST {
        return Err(Refusal::too_big());
    }
    let unknown = || "application/octet-stream".to_owned();
    Ok(File {
        name: part.file_name.unwrap_or_else(|| "file".to_owned()),
        content_type: part.content_type.unwrap_or_else(unknown),
        bytes: part.content,
    })
}

fn stored(call: &mut Call<'_>, place: &str) -> Result<Row, Refusal> {
    let file = sent_file(call.request)?;
    let id = call.org.new_id();
    let row = described(call, id, &file, &format!("{place}/{id}/content"));
    call.org.files.insert(id, file);
    Ok(row)
}

fn described(call: &Call<'_>, id: u64, file: &File, place: &str) -> Row {
    let mut row = modules::blank("attachments");
    for (key, value) in [
        ("id", json!(id.to_string())),
        ("name", json!(file.name)),
        ("size", json!(file.bytes.len().to_string())),
        ("creatorId", json!(call.me())),
        ("createdTime", json!(call.now())),
        ("href", json!(format!("https://desk.zoho.com/api/v1/{place}"))),
    ] {
        row.insert(key.to_owned(), value);
    }
    row
}

/// Takes a file whose id can be used in a reply, a comment or a ticket.
pub(crate) fn upload(call: &mut Call<'_>) -> Answer {
    let mut row = stored(call, "uploads")?;
    row.insert("href".to_owned(), format!("{}s", text(&row, "href")).into());
    row.shift_remove("isPublic");
    call.with(&row.into())
}

/// Attaches a file to a record.
pub(crate) fn create(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let (owner, _) = call.record(&module)?;
    let mut row = stored(call, &format!("{module}/{owner}/attachments"))?;
    row.insert("isPublic".to_owned(), call.flag("isPublic").into());
    let mut rows = call.org.side(&module, owner, "attachments");
    rows.push(row.clone());
    call.org.put_side(&module, owner, "attachments", rows);
    if module == "tickets" {
        let name = json!({"propertyName": "Attachment", "propertyType": "Text", "propertyValue": row["name"], "systemProperty": true});
        call.note(owner, "AttachmentAdded", vec![name]);
    }
    call.with(&row.into())
}

/// Makes an attachment visible to the customer, or hides it.
pub(crate) fn update(call: &mut Call<'_>) -> Answer {
    let (owner, mut rows, at) = call.side_row("tickets", "attachments")?;
    if call.body.contains_key("isPublic") {
        rows[at].insert("isPublic".to_owned(), call.sent_flag("isPublic").into());
    }
    call.org.put_side("tickets", owner, "attachments", rows);
    call.done()
}

/// The bytes of an attachment.
pub(crate) fn content(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let (_, rows, at) = call.side_row(&module, "attachments")?;
    file_reply(call, &rows[at])
}

/// The bytes of an upload.
pub(crate) fn uploaded(call: &mut Call<'_>) -> Answer {
    let id = call.path_number(0);
    let file = call.org.files.get(&id).ok_or_else(Refusal::not_found)?;
    let row = described(call, id, file, "");
    file_reply(call, &row)
}

/// The bytes of a file as an answer.
pub(crate) fn file_reply(call: &Call<'_>, attachment: &Row) -> Answer {
    let file = text(attachment, "id")
        .parse()
        .ok()
        .and_then(|id: u64| call.org.files.get(&id))
        .cloned();
    let file = file.unwrap_or_else(|| {
        let (media_type, bytes) = sides::seeded_file(&call.org.world, attachment);
        File {
            name: text(attachment, "name").to_owned(),
            content_type: media_type.to_owned(),
            bytes,
        }
    });
    let mut reply = Reply::empty(200).with("content-type", file.content_type);
    reply = reply.with(
        "content-disposition",
        format!("attachment; filename=\"{}\"", file.name.replace('"', "")),
    );
    reply.body = file.bytes;
    Ok(reply)
}

/// An upload as the attachment of a thread or comment.
pub(crate) fn reference(call: &Call<'_>, side: &str, owner: &str, upload: &str) -> Option<Value> {
    let id: u64 = upload.parse().ok()?;
    let file = call.org.files.get(&id)?;
    let ticket = call.path.first().map(String::as_str).unwrap_or_default();
    let row = described(
        call,
        id,
        file,
        &format!("tickets/{ticket}/{side}/{owner}/attachments/{id}/content"),
    );
    Some(
        ["id", "name", "size", "href", "previewurl"]
            .into_iter()
            .map(|key| (key.to_owned(), value(&row, key)))
            .collect::<Row>()
            .into(),
    )
}

/// Turns uploads into attachments of a record.
pub(crate) fn adopt(call: &mut Call<'_>, module: &str, owner: u64, uploads: &[String]) {
    let mut rows = call.org.side(module, owner, "attachments");
    let known = rows.len();
    for id in uploads.iter().filter_map(|id| id.parse::<u64>().ok()) {
        let Some(file) = call.org.files.get(&id) else {
            continue;
        };
        rows.push(described(
            call,
            id,
            file,
            &format!("{module}/{owner}/attachments/{id}/content"),
        ));
    }
    if rows.len() > known {
        call.org.put_side(module, owner, "attachments", rows);
    }
}
