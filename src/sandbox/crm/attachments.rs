//! The attachments of a record.

use bytes::Bytes;
use serde_json::{Value, json};

use super::answer::{self, Answer, results, success};
use super::call::Call;
use super::schema::{self, Module, Row};
use super::state::Crm;
use super::{derive, notes, records, seeds, write};
use crate::http::Reply;
use crate::multipart;

/// The largest file, in bytes.
const LARGEST: usize = 100 * 1024 * 1024;

fn module() -> &'static Module {
    schema::module("Attachments").expect("Attachments is a module")
}

/// `GET /{module}/{id}/Attachments`.
pub(crate) fn list(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let parent = call.find(crm, call.module(), 0)?.to_string();
    let fields = call.listed_fields(module())?;
    records::list_rows(crm, call, module(), &fields, &|row| notes::hangs(row, &parent))
}

/// `POST /{module}/{id}/Attachments`: a file, or the address of one.
pub(crate) fn upload(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let parent = call.find(crm, call.module(), 0)?;
    let parts = multipart::parts(
        call.request.header("content-type").unwrap_or(""),
        &call.request.body,
    );
    let field = |name: &str| parts.iter().find(|part| part.name == name);
    let text = |name: &str| field(name).map(|part| String::from_utf8_lossy(&part.content).into_owned());
    if let Some(file) = field("file") {
        if file.content.len() > LARGEST {
            return Err(answer::refuse(
                413,
                "FILE_SIZE_MORE_THAN_ALLOWED_SIZE",
                &json!({ "maximum_size": LARGEST }),
                "file size is more than the allowed size",
            ));
        }
        let name = file.file_name.clone().unwrap_or_else(|| "file".to_owned());
        return Ok(add(crm, call, parent, &name, Some(file.content.clone()), None));
    }
    let url = text("attachmentUrl").or_else(|| call.query("attachmentUrl").map(str::to_owned));
    let Some(url) = url else {
        return Err(answer::mandatory("file", "$.file"));
    };
    let title = text("title")
        .or_else(|| call.query("title").map(str::to_owned))
        .unwrap_or_else(|| url.clone());
    Ok(add(crm, call, parent, &title, None, Some(&url)))
}

fn add(
    crm: &mut Crm,
    call: &Call<'_>,
    parent: u64,
    name: &str,
    content: Option<Bytes>,
    url: Option<&str>,
) -> Reply {
    let mut values = Row::new();
    let mut reference = crm.reference(call.module(), parent).unwrap_or(Value::Null);
    reference["module"] =
        json!({ "api_name": call.module().api_name, "id": seeds::module_id(call.module()) });
    values.insert("Parent_Id".to_owned(), reference);
    values.insert("$se_module".to_owned(), json!(call.module().api_name));
    values.insert("File_Name".to_owned(), json!(name));
    values.insert(
        "Size".to_owned(),
        json!(content.as_ref().map_or(0, Bytes::len).to_string()),
    );
    values.insert(
        "$type".to_owned(),
        json!(if url.is_some() { "Link URL" } else { "Attachment" }),
    );
    values.insert("$link_url".to_owned(), json!(url));
    let id = write::store(crm, module(), values);
    if let Some(content) = content {
        crm.files.insert(id, content);
    }
    results(
        200,
        vec![success(
            &write::details(&crm.table(module()).rows[&id], false),
            "attachment uploaded successfully",
        )],
    )
}

/// `GET /{module}/{id}/Attachments/{attachment}`: the content.
pub(crate) fn download(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let parent = call.find(crm, call.module(), 0)?.to_string();
    let id: u64 = call.parts[1].parse().map_err(|_| answer::id_invalid(3))?;
    let Some(row) = crm
        .row(module(), id)
        .filter(|row| notes::hangs(row, &parent))
        .map(|row| row.clone())
    else {
        return Err(answer::id_invalid(3));
    };
    if row.get("$type").and_then(Value::as_str) == Some("Link URL") {
        return Err(answer::refuse(
            400,
            "DOWNLOAD_NOT_ALLOWED",
            &json!({ "id": id.to_string() }),
            "the attachment is a link and cannot be downloaded",
        ));
    }
    let name = row.get("File_Name").and_then(Value::as_str).unwrap_or("file");
    let encoded = percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC).to_string();
    let headers = vec![
        ("content-type", "application/x-download".to_owned()),
        (
            "content-disposition",
            format!("attachment;filename*=UTF-8''{encoded}"),
        ),
    ];
    Ok(Reply {
        status: 200,
        headers,
        body: crm
            .files
            .get(&id)
            .cloned()
            .unwrap_or_else(|| derive::content(&row)),
        unserved: false,
    })
}

/// `DELETE /{module}/{id}/Attachments/{attachment}`.
pub(crate) fn delete(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let parent = call.find(crm, call.module(), 0)?.to_string();
    let id = call.parts[1].parse().map_err(|_| answer::id_invalid(3))?;
    Ok(results(200, vec![notes::remove(crm, module(), id, &parent)]))
}

/// `DELETE /{module}/{id}/Attachments`.
pub(crate) fn delete_many(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let parent = call.find(crm, call.module(), 0)?.to_string();
    let ids = call
        .ids("ids", 100)?
        .ok_or_else(|| answer::parameter_missing("ids"))?;
    Ok(results(
        200,
        ids.into_iter()
            .map(|id| notes::remove(crm, module(), id, &parent))
            .collect(),
    ))
}
