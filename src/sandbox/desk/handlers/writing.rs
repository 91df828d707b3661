//! How a body becomes part of a record: custom fields in both notations, times, links, and what else follows from a value.

use serde_json::{Value, json};

use super::ties;
use crate::desk::call::Call;
use crate::desk::clauses::Clause;
use crate::desk::modules::{self, Row, text, value};
use crate::desk::refusal::Refusal;
use crate::desk::seed::{Kind, staff};
use crate::desk::times;

/// A new record of the module, from the body.
pub(crate) fn create(call: &Call<'_>, module: &str, id: u64) -> Row {
    let id = id.to_string();
    let now = call.now();
    let mut row = modules::blank(module);
    row.insert("id".to_owned(), id.clone().into());
    if let Some(alias) = &modules::module(module).alias {
        row.insert(alias.clone(), id.clone().into());
    }
    for (key, value) in [
        ("createdTime", json!(now)),
        ("modifiedTime", json!(now)),
        ("createdOn", json!(now)),
        ("modifiedOn", json!(now)),
        ("creatorId", json!(call.me())),
        ("createdBy", json!(call.me())),
        (
            "modifiedBy",
            if matches!(module, "tasks" | "calls" | "events") {
                Value::Null
            } else {
                json!(call.me())
            },
        ),
        ("webUrl", json!(web_url(call, module, &id))),
    ] {
        if row.contains_key(key) {
            row.insert(key.to_owned(), value);
        }
    }
    if let Some(layout) = layout(call, module) {
        row.insert("layoutId".to_owned(), layout.clone().into());
        if row.contains_key("layoutDetails") {
            row.insert(
                "layoutDetails".to_owned(),
                json!({"id": layout, "layoutName": modules::module(module).plural}),
            );
        }
    }
    for (key, value) in defaults(call, module) {
        row.insert(key.to_owned(), value);
    }
    merge(call, module, &mut row, call.body.clone());
    follow(module, &mut row, &now);
    row
}

fn layout(call: &Call<'_>, module: &str) -> Option<String> {
    if !modules::module(module).blank.contains_key("layoutId") {
        return None;
    }
    call.org
        .ids("layouts", &[Clause::is("module", module)])
        .into_iter()
        .next()
}

fn web_url(call: &Call<'_>, module: &str, id: &str) -> String {
    let place = match module {
        "tickets" => "Cases".to_owned(),
        "tasks" | "calls" | "events" => format!("Activities/{}", modules::module(module).plural),
        "articles" => "Solutions".to_owned(),
        _ => modules::module(module).plural.clone(),
    };
    call.org.world.web_url(&place, id)
}

fn defaults(call: &Call<'_>, module: &str) -> Vec<(&'static str, Value)> {
    let department = call.org.world.id(Kind::DEPARTMENT, 0);
    match module {
        "contacts" | "accounts" => vec![("ownerId", json!(call.me()))],
        "articles" => vec![
            ("authorId", json!(call.me())),
            ("ownerId", json!(call.me())),
            ("departmentId", json!(department)),
            ("rootCategoryId", json!(call.org.world.id(Kind::SETTING, 19))),
            ("permalink", json!(staff::sanitize(&call.sent("title")))),
        ],
        "agents" => vec![
            (
                "zuid",
                json!(format!(
                    "92{}",
                    call.now()
                        .replace(|letter: char| !letter.is_ascii_digit(), "")
                        .split_off(8)
                )),
            ),
            ("roleId", json!(call.org.world.id(Kind::ROLE, 2))),
            ("profileId", json!(call.org.world.id(Kind::PROFILE, 1))),
        ],
        "fields" => vec![
            ("isCustomField", json!(true)),
            ("sourceType", json!("USERDEFINED")),
            ("_module", json!(call.query("module").unwrap_or_default())),
        ],
        "contracts" => vec![("contractStatus", json!("ACTIVE"))],
        "skills" => {
            let kind = call.org.row_of("skillTypes", &call.sent("skillTypeId"));
            let department = kind.map(|(_, kind)| value(&kind, "departmentId"));
            let place = call.org.count("skills", &[]) + 1;
            vec![
                ("departmentId", department.unwrap_or_default()),
                ("orderId", json!(place.to_string())),
            ]
        }
        _ => Vec::new(),
    }
}

/// The record with the body's values; `modifiedTime` and what follows from the values included.
pub(crate) fn change(call: &Call<'_>, module: &str, mut row: Row, body: Row) -> Row {
    let now = call.now();
    for key in ["modifiedTime", "modifiedOn"] {
        if row.contains_key(key) {
            row.insert(key.to_owned(), now.clone().into());
        }
    }
    if row.get("modifiedBy").is_some_and(|by| !by.is_object())
        && !matches!(module, "tasks" | "calls" | "events")
    {
        row.insert("modifiedBy".to_owned(), call.me().into());
    }
    merge(call, module, &mut row, body);
    follow(module, &mut row, &now);
    row
}

fn merge(call: &Call<'_>, module: &str, row: &mut Row, body: Row) {
    for (key, value) in body {
        match key.as_str() {
            "cf" | "customFields" => merge_custom(call, module, row, &key, value),
            "permissions" => merge_permissions(row, &value),
            "timeZoneId" => {
                row.insert("timeZone".to_owned(), json!({"id": value, "name": value}));
            }
            "alertType"
            | "contact"
            | "uploads"
            | "smtpDetails"
            | "skipDeptAccessValidation"
            | "attachmentIds" => {}
            _ => {
                let blank = &modules::module(module).blank;
                let kept = normal(&value, blank.get(&key));
                if blank.contains_key(&key) {
                    row.insert(key, kept);
                }
            }
        }
    }
}

/// Permissions that are not named stay as they are.
fn merge_permissions(row: &mut Row, sent: &Value) {
    for (group, names) in sent.as_object().into_iter().flatten() {
        for (name, may) in names.as_object().into_iter().flatten() {
            row["permissions"][group][name] = may.clone();
        }
    }
}

/// A value in Desk's own notation: times with milliseconds, money with a decimal, nothing as null.
fn normal(value: &Value, blank: Option<&Value>) -> Value {
    match value {
        Value::String(text) if text.is_empty() && blank == Some(&Value::Null) => Value::Null,
        Value::String(text) if text.len() > 16 && text.contains('T') => {
            times::canonical(text).map_or_else(|| value.clone(), Value::String)
        }
        Value::Null => blank
            .filter(|blank| !blank.is_null())
            .cloned()
            .unwrap_or(Value::Null),
        _ => value.clone(),
    }
}

/// `cf` is keyed by API name, `customFields` by label: a value sent in one shows in both.
fn merge_custom(call: &Call<'_>, module: &str, row: &mut Row, sent_as: &str, sent: Value) {
    let Value::Object(sent) = sent else { return };
    let fields = call.org.ids(
        "fields",
        &[Clause::is("_module", module), Clause::is("isCustomField", "true")],
    );
    let names: Vec<(String, String)> = fields
        .iter()
        .filter_map(|id| call.org.row_of("fields", id))
        .map(|(_, field)| {
            (
                text(&field, "apiName").to_owned(),
                text(&field, "displayLabel").to_owned(),
            )
        })
        .collect();
    for (key, value) in sent {
        let found = names.iter().find(|(api_name, label)| {
            if sent_as == "cf" {
                *api_name == key
            } else {
                *label == key
            }
        });
        let Some((api_name, label)) = found else { continue };
        let value = match value {
            Value::Number(number) => Value::String(number.to_string()),
            Value::String(text) if text.is_empty() => Value::Null,
            other => other,
        };
        for (map, name) in [("cf", api_name), ("customFields", label)] {
            let custom = row.entry(map.to_owned()).or_insert_with(|| json!({}));
            if custom.is_null() {
                *custom = json!({});
            }
            custom[name] = value.clone();
        }
    }
}

/// Values that follow from others.
fn follow(module: &str, row: &mut Row, now: &str) {
    match module {
        "tasks" | "calls" | "events" => {
            let closed = matches!(text(row, "status"), "Completed" | "Canceled" | "Missed");
            row.insert(
                "statusType".to_owned(),
                if closed { "Closed" } else { "Open" }.into(),
            );
            let completed = value(row, "completedTime");
            let completed = if closed && completed.is_null() {
                now.into()
            } else if closed {
                completed
            } else {
                Value::Null
            };
            row.insert("completedTime".to_owned(), completed);
            let start = if module == "tasks" { "dueDate" } else { "startTime" };
            row.insert("activityTime".to_owned(), value(row, start));
        }
        "agents" => {
            let name = format!("{} {}", text(row, "firstName"), text(row, "lastName"));
            row.insert("name".to_owned(), name.trim().into());
        }
        "departments" => {
            if text(row, "nameInCustomerPortal").is_empty() {
                row.insert("nameInCustomerPortal".to_owned(), value(row, "name"));
            }
            row.insert(
                "sanitizedName".to_owned(),
                staff::sanitize(text(row, "name")).into(),
            );
        }
        "products" => {
            if let Ok(price) = text(row, "unitPrice").parse::<f64>() {
                row.insert("unitPrice".to_owned(), format!("{price:?}").into());
            }
        }
        "fields" => {
            let label = value(row, "displayLabel");
            for key in ["name", "i18NLabel"] {
                row.insert(key.to_owned(), label.clone());
            }
            if text(row, "apiName").is_empty() {
                let name = label
                    .as_str()
                    .unwrap_or_default()
                    .to_lowercase()
                    .replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
                row.insert("apiName".to_owned(), format!("cf_{name}").into());
            }
        }
        "articles" | "translations" => follow_article(row),
        "templates" if !value(row, "replyTo").is_null() => {
            row.insert("replyToAddr".to_owned(), value(row, "replyTo"));
        }
        _ => {}
    }
}

fn follow_article(row: &mut Row) {
    let status = match text(row, "status") {
        "DRAFT" => "Draft",
        "PUBLISH" => "Published",
        "REVIEW" => "Review",
        other => other,
    }
    .to_owned();
    let permission = text(row, "permission")
        .replace("ALL_USERS", "ALL")
        .replace("REGISTERED_USERS", "REGISTEREDUSERS")
        .replace("AGENTS_ONLY", "AGENTS");
    row.insert("status".to_owned(), status.into());
    row.insert("permission".to_owned(), permission.into());
}

/// Refuses what the values of a body contradict: a second contact with the same e-mail, a second agent, a second product code.
pub(crate) fn check(call: &Call<'_>, module: &str, id: Option<u64>) -> Result<(), Refusal> {
    let key = match module {
        "agents" => "emailId",
        "contacts" => "email",
        "departments" | "roles" | "skillTypes" | "holidayList" => "name",
        _ => return Ok(()),
    };
    let sent = call.sent(key);
    if sent.is_empty() {
        return Ok(());
    }
    let same = [
        Clause::is(key, &sent),
        Clause::new(
            "isTrashed",
            crate::desk::clauses::Test::NoneOf(vec!["true".to_owned()]),
        ),
    ];
    let others = call
        .org
        .ids(module, &same)
        .into_iter()
        .any(|other| Some(other) != id.map(|id| id.to_string()));
    if others {
        Err(Refusal::invalid_field(&format!("/{key}"), "duplicate"))
    } else {
        Ok(())
    }
}

/// Keeps other records in step with one that was written.
pub(crate) fn settle(call: &mut Call<'_>, module: &str, id: u64, before: Option<&Row>) {
    let Some(row) = call.org.row(module, id) else {
        return;
    };
    let own = id.to_string();
    match module {
        "contacts" => {
            let old = before
                .map(|before| text(before, "accountId").to_owned())
                .unwrap_or_default();
            let new = text(&row, "accountId").to_owned();
            if old != new {
                ties::link(call.org, &own, &old, false);
                ties::link(call.org, &own, &new, true);
            }
        }
        "tasks" => {
            let tickets = [
                before.map(|before| text(before, "ticketId")),
                Some(text(&row, "ticketId")),
            ];
            let tickets: Vec<u64> = tickets
                .into_iter()
                .flatten()
                .filter_map(|id| id.parse().ok())
                .collect();
            for ticket in tickets {
                call.org.count_tasks(ticket);
            }
        }
        _ => {}
    }
}
