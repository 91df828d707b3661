//! The setup of an organization: views, fields, layouts, business hours, reply addresses, channels, modules.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::{Kind, World};
use crate::desk::modules::{self, Row};

/// Modules that have views, fields and a layout, with the word the user interface has for them.
const MODULES: [(&str, &str); 9] = [
    ("tickets", "Tickets"),
    ("contacts", "Contacts"),
    ("accounts", "Accounts"),
    ("tasks", "Tasks"),
    ("calls", "Calls"),
    ("events", "Events"),
    ("contracts", "Contracts"),
    ("products", "Products"),
    ("activities", "Activities"),
];

/// Views of every module: all records, and for tickets the usual queues.
pub(crate) fn views(world: &World) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |module: &str, name: String, label: String, only: Value| {
        let index = rows.len() as u64;
        let mut row = modules::blank("views");
        row.insert("id".into(), world.id(Kind::VIEW, index).into());
        row.insert("sanitizedName".into(), super::staff::sanitize(&name).into());
        row.insert("viewName".into(), name.clone().into());
        row.insert("name".into(), name.into());
        row.insert("displayLabel".into(), label.into());
        row.insert(
            "deprecatedViewId".into(),
            (world.number(Kind::VIEW, index) - 31_470).to_string().into(),
        );
        row.insert("_module".into(), module.into());
        row.insert("_only".into(), only);
        rows.push(row);
    };
    add("tickets", "All Cases".into(), "All Tickets".into(), json!({}));
    add(
        "tickets",
        "Open Cases".into(),
        "Open Tickets".into(),
        json!({"statusType": "Open"}),
    );
    add(
        "tickets",
        "On Hold Cases".into(),
        "On Hold Tickets".into(),
        json!({"statusType": "On Hold"}),
    );
    add(
        "tickets",
        "Closed Cases".into(),
        "Closed Tickets".into(),
        json!({"statusType": "Closed"}),
    );
    add(
        "tickets",
        "My Open Cases".into(),
        "My Open Tickets".into(),
        json!({"statusType": "Open", "assigneeId": world.id(Kind::AGENT, 0)}),
    );
    add(
        "tickets",
        "Unassigned Open Cases".into(),
        "Unassigned Open Tickets".into(),
        json!({"statusType": "Open", "assigneeId": null}),
    );
    for (module, label) in &MODULES[1..] {
        add(module, format!("All {label}"), format!("All {label}"), json!({}));
    }
    add(
        "tasks",
        "My Open Tasks".into(),
        "My Open Tasks".into(),
        json!({"statusType": "Open", "ownerId": world.id(Kind::AGENT, 0)}),
    );
    rows
}

/// apiName, label, type, custom, mandatory, picklist values.
type FieldSeed = (String, String, String, bool, bool, Vec<String>);

/// The fields of every module, as data.
static FIELDS: LazyLock<Vec<(String, Vec<FieldSeed>)>> =
    LazyLock::new(|| serde_json::from_str(include_str!("fields.json")).expect("the field table is valid"));

/// Fields of every module.
pub(crate) fn fields(world: &World) -> Vec<Row> {
    let seeds = FIELDS
        .iter()
        .flat_map(|(module, fields)| fields.iter().map(move |field| (module, field)));
    seeds
        .zip(0u64..)
        .map(|((module, seed), index)| field(world, module, seed, index))
        .collect()
}

fn field(world: &World, module: &str, seed: &FieldSeed, index: u64) -> Row {
    let (api_name, label, kind, custom, mandatory, values) = seed;
    let mut row = modules::blank("fields");
    for (key, value) in [
        ("id", json!(world.id(Kind::FIELD, index))),
        ("apiName", json!(api_name)),
        ("name", json!(label)),
        ("displayLabel", json!(label)),
        ("i18NLabel", json!(label)),
        ("type", json!(kind)),
        (
            "maxLength",
            json!(matches!(kind.as_str(), "Text" | "Picklist" | "Email").then_some("120")),
        ),
        ("isMandatory", json!(mandatory)),
        ("isCustomField", json!(custom)),
        (
            "sourceType",
            json!(if *custom { "USERDEFINED" } else { "SYSTEM" }),
        ),
        ("_module", json!(module)),
    ] {
        row.insert(key.to_owned(), value);
    }
    if kind == "Picklist" {
        row.insert("allowedValues".into(), allowed(module, api_name, values));
    }
    row
}

fn allowed(module: &str, api_name: &str, values: &[String]) -> Value {
    let with_type = module == "tickets" && api_name == "status";
    let value = |value: &String| {
        if with_type {
            json!({"value": value, "statusType": super::staff::status_type(value)})
        } else {
            json!({"value": value})
        }
    };
    values.iter().map(value).collect()
}

/// Business hours: one that never closes and one of office days.
pub(crate) fn business_hours(world: &World) -> Vec<Row> {
    let day = |day: &str| json!({"day": day, "startTime": "09:00", "endTime": "17:30", "timeSlots": []});
    let days: Value = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"]
        .iter()
        .map(|name| day(name))
        .collect();
    [("Always", "24X7", json!([])), ("Office days", "SPECIFIC", days)]
        .into_iter()
        .zip(0u64..)
        .map(|((name, kind, times), index)| {
            let mut row = modules::blank("businessHours");
            row.insert("id".into(), world.id(Kind::SETTING, index).into());
            row.insert("name".into(), name.into());
            row.insert("type".into(), kind.into());
            row.insert(
                "timeZone".into(),
                json!({"id": "Europe/Amsterdam", "name": "(GMT 1:0) Central European Time"}),
            );
            row.insert("businessTimes".into(), times);
            for key in ["createdBy", "modifiedBy"] {
                row.insert(key.into(), world.id(Kind::AGENT, 0).into());
            }
            for key in ["createdTime", "modifiedTime"] {
                row.insert(key.into(), world.founded().into());
            }
            row
        })
        .collect()
}

/// The addresses replies may be sent from, one a department.
pub(crate) fn mail_reply_addresses(world: &World) -> Vec<Row> {
    super::staff::departments(world)
        .iter()
        .zip(10u64..)
        .map(|(department, index)| {
            let user = modules::text(department, "sanitizedName");
            let mut row = modules::blank("mailReplyAddress");
            row.insert("id".into(), world.id(Kind::SETTING, index).into());
            row.insert(
                "address".into(),
                format!("{user}@{}.example", world.portal).into(),
            );
            row.insert("displayName".into(), modules::value(department, "name"));
            row.insert("departmentId".into(), modules::value(department, "id"));
            row.insert("isVerified".into(), true.into());
            row.insert("isDepartmentDefault".into(), true.into());
            row
        })
        .collect()
}

/// Channels tickets come in by.
pub(crate) fn channels(_: &World) -> Vec<Row> {
    [
        ("EMAIL", "Email", true),
        ("WEB", "Web", true),
        ("PHONE", "Phone", false),
        ("CHAT", "Chat", false),
        ("FORUMS", "Forums", true),
    ]
    .into_iter()
    .map(|(code, name, replies)| {
        let mut row = modules::blank("channels");
        row.insert("code".into(), code.into());
        row.insert("name".into(), name.into());
        row.insert("type".into(), "SYSTEM".into());
        row.insert("acceptsReplies".into(), replies.into());
        row
    })
    .collect()
}

/// Modules of the organization, the custom one last.
pub(crate) fn organization_modules(world: &World) -> Vec<Row> {
    let own = modules::module("cm_service_vehicles");
    let custom = ("cm_service_vehicles", own.plural.as_str());
    MODULES[..8]
        .iter()
        .copied()
        .chain([custom])
        .zip(50u64..)
        .map(|((name, label), index)| {
            let shape = modules::module(name);
            let mut row = modules::blank("organizationModules");
            for (key, value) in [
                ("id", json!(world.id(Kind::SETTING, index))),
                ("apiName", json!(name)),
                ("displayLabel", json!(label)),
                ("singularLabel", json!(shape.singular)),
                ("pluralLabel", json!(label)),
                ("nameField", json!(shape.title)),
                ("hasRecycleBin", json!(shape.trash.is_some())),
                ("isCustomModule", json!(modules::is_custom(name))),
                ("isDeptSpecific", json!(!matches!(name, "contacts" | "accounts"))),
                ("createdTime", json!(world.founded())),
                ("modifiedTime", json!(world.founded())),
            ] {
                row.insert(key.to_owned(), value);
            }
            row
        })
        .collect()
}
