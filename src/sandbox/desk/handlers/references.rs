//! Ids in a body must be those of records; values of picklists must be among the allowed ones.

use serde_json::Value;

use crate::desk::call::Call;
use crate::desk::clauses::Clause;
use crate::desk::modules::{Row, text};
use crate::desk::refusal::Refusal;

/// Body keys that hold the id of a record, or a list of them, and the module it must be in.
const REFERENCES: [(&str, &str); 23] = [
    ("departmentId", "departments"),
    ("departmentIds", "departments"),
    ("contactId", "contacts"),
    ("secondaryContacts", "contacts"),
    ("accountId", "accounts"),
    ("productId", "products"),
    ("assigneeId", "agents"),
    ("ownerId", "agents"),
    ("authorId", "agents"),
    ("teamId", "teams"),
    ("ticketId", "tickets"),
    ("layoutId", "layouts"),
    ("roleId", "roles"),
    ("profileId", "profiles"),
    ("reportsTo", "roles"),
    ("associatedDepartmentIds", "departments"),
    ("associatedAgentIds", "agents"),
    ("agents", "agents"),
    ("agentIds", "agents"),
    ("skillTypeId", "skillTypes"),
    ("folderId", "templateFolders"),
    ("associatedBusinessHourIds", "businessHours"),
    ("holidayListIds", "holidayList"),
];

/// Refuses a body whose ids, picklist values or custom fields do not exist.
pub(crate) fn check(call: &Call<'_>, module: &str) -> Result<(), Refusal> {
    let mut problems = Vec::new();
    for (key, target) in REFERENCES {
        match call.body.get(key) {
            Some(Value::String(id)) if !id.is_empty() && !exists(call, target, id) => {
                problems.push((format!("/{key}"), "invalid"))
            }
            Some(Value::Array(ids)) => {
                let unknown = ids
                    .iter()
                    .enumerate()
                    .filter(|(_, id)| id.as_str().is_none_or(|id| !exists(call, target, id)));
                problems.extend(unknown.map(|(at, _)| (format!("/{key}/{at}"), "invalid")));
            }
            _ => {}
        }
    }
    for key in ["status", "priority", "channel"] {
        let sent = text(&call.body, key);
        if !sent.is_empty() && !is_allowed(call, module, key, sent) {
            problems.push((format!("/{key}"), "invalid"));
        }
    }
    if let Some(Value::Object(custom)) = call.body.get("cf") {
        check_custom(call, module, custom, &mut problems)?;
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Refusal::invalid_data(&problems))
    }
}

/// True when the id is that of a record which is not in the recycle bin.
fn exists(call: &Call<'_>, module: &str, id: &str) -> bool {
    call.org
        .row_of(module, id)
        .is_some_and(|(_, row)| row.get("isTrashed") != Some(&Value::Bool(true)))
}

/// The field of a module by its API name.
pub(crate) fn field(call: &Call<'_>, module: &str, name: &str) -> Option<Row> {
    let found = call.org.ids(
        "fields",
        &[Clause::is("_module", module), Clause::is("apiName", name)],
    );
    call.org.row_of("fields", found.first()?).map(|(_, row)| row)
}

/// The values that a picklist takes; `None` for a field that is no picklist.
fn allowed_values(field: &Row) -> Option<Vec<String>> {
    let values = field.get("allowedValues")?.as_array()?;
    Some(
        values
            .iter()
            .filter_map(|value| value["value"].as_str())
            .map(str::to_owned)
            .collect(),
    )
}

/// The values of a picklist of the module.
pub(crate) fn allowed(call: &Call<'_>, module: &str, name: &str) -> Vec<String> {
    let field = field(call, module, name);
    field.as_ref().and_then(allowed_values).unwrap_or_default()
}

fn is_allowed(call: &Call<'_>, module: &str, name: &str, sent: &str) -> bool {
    let allowed = field(call, module, name).as_ref().and_then(allowed_values);
    allowed.is_none_or(|allowed| allowed.iter().any(|value| value.eq_ignore_ascii_case(sent)))
}

fn check_custom(
    call: &Call<'_>,
    module: &str,
    custom: &Row,
    problems: &mut Vec<(String, &'static str)>,
) -> Result<(), Refusal> {
    for (name, value) in custom {
        let Some(field) = field(call, module, name) else {
            return Err(Refusal::extra_key(name));
        };
        let sent = value.as_str().unwrap_or_default();
        let too_long = sent.chars().count() > if module == "contacts" { 100 } else { 255 };
        let unknown = !sent.is_empty()
            && allowed_values(&field).is_some_and(|allowed| !allowed.iter().any(|value| value == sent));
        if too_long || unknown {
            problems.push((format!("/cf/{name}"), "invalid"));
        }
    }
    Ok(())
}
