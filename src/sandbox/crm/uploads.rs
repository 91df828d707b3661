//! Photos of records, and files that are uploaded by themselves.

use bytes::Bytes;
use serde_json::{Value, json};

use super::answer::{self, Answer, success};
use super::call::Call;
use super::schema::Module;
use super::state::Crm;
use crate::http::Reply;
use crate::multipart::{self, Part};

/// Modules whose records have a photo, beside custom ones.
const WITH_PHOTO: &[&str] = &["Leads", "Contacts", "Accounts", "Products", "Deals", "Vendors"];
/// The largest photo and the largest file, in bytes.
const LARGEST_PHOTO: usize = 10 << 20;
const LARGEST_FILE: usize = 20 << 20;
/// Files of one call.
const MOST: usize = 10;

/// How the formats of photos begin, and their types.
const FORMATS: &[(&[u8], &str)] = &[
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
];

fn files(call: &Call<'_>) -> Vec<Part> {
    let parts = multipart::parts(
        call.request.header("content-type").unwrap_or(""),
        &call.request.body,
    );
    parts.into_iter().filter(|part| part.name == "file").collect()
}

fn too_large(largest: usize, status: u16) -> Reply {
    let message = "file size is more than the allowed size";
    let details = json!({ "maximum_size": largest });
    answer::refuse(status, "FILE_SIZE_MORE_THAN_ALLOWED_SIZE", &details, message)
}

/// The record of the path, of a module that has photos.
fn record(crm: &mut Crm, call: &Call<'_>) -> Result<u64, Reply> {
    let module: &'static Module = call.module();
    if !module.custom && !WITH_PHOTO.contains(&module.api_name.as_str()) {
        let details = json!({ "resource_path_index": 0 });
        return Err(answer::refuse(
            400,
            "INVALID_MODULE",
            &details,
            "The given module is not supported in API",
        ));
    }
    call.find(crm, module, 0)
}

fn format(photo: &Bytes) -> Option<&'static str> {
    FORMATS
        .iter()
        .find(|(start, _)| photo.starts_with(start))
        .map(|(_, name)| *name)
}

/// `POST {module}/{id}/photo`.
pub(crate) fn set_photo(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = record(crm, call)?;
    let photo = files(call)
        .into_iter()
        .next()
        .ok_or_else(|| answer::mandatory("file", "$.file"))?
        .content;
    if photo.len() > LARGEST_PHOTO {
        return Err(too_large(LARGEST_PHOTO, 400));
    }
    if format(&photo).is_none() {
        return Err(answer::refuse(
            400,
            "INVALID_DATA",
            &json!({}),
            "The image format is invalid.",
        ));
    }
    crm.photos.insert(id, photo);
    crm.remember(call.module(), id, "image_uploaded", Value::Null);
    Ok(Reply::json(
        200,
        &success(&json!({}), "photo uploaded successfully"),
    ))
}

/// `GET {module}/{id}/photo`; 204 for a record without one.
pub(crate) fn photo(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = record(crm, call)?;
    let Some(photo) = crm.photos.get(&id) else {
        return Ok(Reply::empty(204));
    };
    let mut reply = Reply::empty(200).with("content-type", format(photo).unwrap_or("image/png"));
    reply = reply.with("content-disposition", format!("attachment;filename*=UTF-8''{id}"));
    reply.body = photo.clone();
    Ok(reply)
}

/// `DELETE {module}/{id}/photo`.
pub(crate) fn delete_photo(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = record(crm, call)?;
    crm.photos.remove(&id);
    crm.remember(call.module(), id, "image_removed", Value::Null);
    Ok(Reply::json(200, &success(&json!({}), "Photo deleted")))
}

/// `POST files`. (Assumed: the words of success, and the form of an id.)
pub(crate) fn upload(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let files = files(call);
    if files.is_empty() || files.len() > MOST {
        return Err(answer::refuse(
            400,
            "INVALID_REQUEST",
            &json!({}),
            "unable to process your request",
        ));
    }
    if files.iter().any(|file| file.content.len() > LARGEST_FILE) {
        return Err(too_large(LARGEST_FILE, 415));
    }
    let done = files.into_iter().map(|file| {
        let id = format!("{:040x}", crm.new_id());
        let name = file.file_name.unwrap_or_else(|| "file".to_owned());
        let told = success(&json!({ "name": name, "id": id }), "file uploaded successfully");
        crm.uploaded.insert(id, (name, file.content));
        told
    });
    Ok(Reply::json(200, &json!({ "data": done.collect::<Vec<Value>>() })))
}

/// `GET files`.
pub(crate) fn download(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = call.query("id").ok_or_else(|| answer::parameter_missing("id"))?;
    let Some((name, content)) = crm.uploaded.get(id) else {
        return Err(answer::parameter_invalid("id", json!({})));
    };
    let name = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC);
    let mut reply = Reply::empty(200).with("content-type", "application/octet-stream");
    reply = reply.with(
        "content-disposition",
        format!("attachment;filename*=UTF-8''{name}"),
    );
    reply.body = content.clone();
    Ok(reply)
}
