//! What a bulk write is about: the file's rows, and the fields its columns go to.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{module_name, module_not_available};
use crate::crm::call::Call;
use crate::crm::schema::{Field, Module};
use crate::crm::state::Crm;
use crate::crm::{answer, permitted};
use crate::http::Reply;
use crate::sheet;

/// What a job does with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    Insert,
    Update,
    Upsert,
}

/// A column of the file and the field it goes to.
pub(super) struct Column {
    pub(super) index: usize,
    pub(super) header: String,
    pub(super) field: &'static Field,
    /// The field of the other module by which a lookup names a record.
    pub(super) find_by: String,
    pub(super) default: Option<String>,
}

/// One module's part of a job.
pub(super) struct Part {
    pub(super) module: &'static Module,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<String>>,
    pub(super) find_by: Option<String>,
    pub(super) ignore_empty: bool,
    pub(super) file: String,
}

/// 400 for a key of the body that has to be there.
pub(super) fn key_missing(key: &str) -> Reply {
    let message = format!("required key {key} is not found in request body.");
    answer::refuse(400, "MISSING_REQUIRED_KEY", &json!({ "api_name": key }), &message)
}

/// A resource of a job, checked: its module, the rows of its file and where their cells go.
pub(super) fn part(
    crm: &Crm,
    call: &Call<'_>,
    resource: &Value,
    operation: Operation,
    ignore_empty: bool,
) -> Result<Part, Reply> {
    let name = module_name(&resource["module"]).ok_or_else(|| key_missing("module"))?;
    let module = call.seen(name).filter(|module| !module.is_attached());
    let module = module.ok_or_else(|| module_not_available(name))?;
    permitted::all(crm, module, &["Import"])?;
    let content = resource["file_id"]
        .as_str()
        .and_then(|id| crm.bulk.uploads.get(id));
    let content =
        content.ok_or_else(|| answer::refuse(400, "INVALID_FILE_ID", &json!({}), "improper file id"))?;
    let (file, mut rows) = table(content, &resource["file_names"])?;
    let header = if rows.is_empty() {
        Vec::new()
    } else {
        rows.remove(0)
    };
    let columns = columns(module, resource, &header)?;
    let find_by = resource["find_by"].as_str().map(str::to_owned);
    if operation != Operation::Insert && find_by.is_none() {
        return Err(key_missing("find_by"));
    }
    let is_mapped = |name: &str| columns.iter().any(|column| column.field.api_name == name);
    let mut needed = module
        .fields
        .iter()
        .filter(|field| field.required && !field.read_only);
    if operation != Operation::Update && !needed.all(|field| is_mapped(&field.api_name)) {
        let message = "All mandatory fields are not mapped for the layout";
        return Err(answer::refuse(
            400,
            "MANDATORY_FIELDS_NOT_MAPPED",
            &json!({}),
            message,
        ));
    }
    let ignore_empty = ignore_empty || resource["ignore_empty"] == true;
    Ok(Part {
        module,
        columns,
        rows,
        find_by,
        ignore_empty,
        file,
    })
}

/// The file that is meant, and its rows.
fn table(content: &Bytes, names: &Value) -> Result<(String, Vec<Vec<String>>), Reply> {
    let names = names.as_array();
    let is_meant =
        |name: &String| names.is_none_or(|names| names.iter().any(|wanted| wanted.as_str() == Some(name)));
    let files = sheet::unzip(content).unwrap_or_default();
    let file = files.into_iter().find(|(name, _)| is_meant(name));
    let (name, text) = file.ok_or_else(|| {
        answer::refuse(
            400,
            "FILE_NOT_SUPPORTED",
            &json!({}),
            "File not supported for bulk write",
        )
    })?;
    Ok((name, sheet::rows(&text)))
}

/// The columns as `field_mappings` has them; without one, each goes to the field its header names.
fn columns(module: &'static Module, resource: &Value, header: &[String]) -> Result<Vec<Column>, Reply> {
    let column = |name: &str, index: usize, find_by: Option<&str>, default: Option<String>| {
        let field = module.field(name).ok_or_else(|| {
            let message = format!("invalid mapping. invalid api_name {name}.");
            answer::refuse(400, "INVALID_FIELD", &json!({ "api_name": name }), &message)
        })?;
        let header = header.get(index).cloned().unwrap_or_else(|| name.to_owned());
        Ok(Column {
            index,
            header,
            field,
            find_by: find_by.unwrap_or("id").to_owned(),
            default,
        })
    };
    let Some(mappings) = resource["field_mappings"]
        .as_array()
        .filter(|list| !list.is_empty())
    else {
        let named = header
            .iter()
            .enumerate()
            .map(|(index, title)| match title.trim().split_once('.') {
                Some((name, find_by)) => column(name, index, Some(find_by), None),
                None => column(title.trim(), index, None, None),
            });
        return named.collect();
    };
    let mapped = mappings.iter().map(|mapping| {
        let name = mapping["api_name"].as_str().unwrap_or_default();
        let default = mapping["default_value"]["value"].as_str().map(str::to_owned);
        let index = match mapping["index"].as_u64() {
            Some(index) => index as usize,
            None if default.is_some() => usize::MAX,
            None => {
                let message = format!("required key index for field {name} is not found in request body.");
                return Err(answer::refuse(
                    400,
                    "COLUMN_INDEX_NOT_FOUND",
                    &json!({ "api_name": name }),
                    &message,
                ));
            }
        };
        column(name, index, mapping["find_by"].as_str(), default)
    });
    mapped.collect()
}
