//! The related lists that the records of a CRM module have, as its organization calls them.

use serde_json::Value;

use super::rows::{members, of_module};
use crate::names::{clip, fold, most_alike};
use crate::tools::error::ToolError;
use crate::tools::modules::Subject;
use crate::zoho::Session;

/// Names told where one is not known.
const MOST_TOLD: usize = 20;

/// The API name of the related list that is called so, by either of its names.
///
/// # Errors
/// None is, or several are; or Zoho refused the lists.
pub async fn list_called(session: &Session, subject: &Subject, name: &str) -> Result<String, ToolError> {
    let rows = members(session, "related_lists", &of_module(subject)).await?;
    let text = |row: &Value, key: &str| row.get(key).and_then(Value::as_str).map(str::to_owned);
    let lists: Vec<(String, Vec<String>)> = rows
        .iter()
        .filter_map(|row| {
            let names = ["api_name", "display_label", "name"]
                .iter()
                .filter_map(|key| text(row, key));
            Some((text(row, "api_name")?, names.map(|name| fold(&name)).collect()))
        })
        .collect();
    let wanted = fold(name);
    let hits: Vec<&(String, Vec<String>)> = lists
        .iter()
        .filter(|(_, names)| names.contains(&wanted))
        .collect();
    if let [(api_name, _)] = hits.as_slice() {
        return Ok(api_name.clone());
    }
    let spelt = lists.iter().map(|(name, names)| (name.as_str(), names.clone()));
    let near = || most_alike(&wanted, spelt, MOST_TOLD);
    let told: Vec<&str> = match hits.is_empty() {
        true if lists.len() > MOST_TOLD => near(),
        true => lists.iter().map(|(name, _)| name.as_str()).collect(),
        false => hits.iter().map(|(name, _)| name.as_str()).collect(),
    };
    let got = match hits.is_empty() {
        true => format!(
            "`{}`, which no related list of {} is called",
            clip(name, 60),
            subject.module.name
        ),
        false => format!("`{}`, which several are called", clip(name, 60)),
    };
    let expected = "the API name or label of a related list";
    Err(ToolError::argument(
        "/related",
        expected,
        got,
        Some(match told.is_empty() {
            true => format!(
                "there are {} and none is near; the record's link shows them",
                lists.len()
            ),
            false => format!("there are: {}", told.join(", ")),
        }),
    ))
}
