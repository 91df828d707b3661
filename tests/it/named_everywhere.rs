//! Beside the id of a person, a department, a contact or an account stands its name: of every module, in every list and record
//! of every tool, as the sandbox's own people and companies are called.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::bed::{Bed, Wire};

/// Where ids still stand alone: columns that were asked for without those that name them, lists of people inside a row, and
/// what no call of Zoho names with a page (Desk OAS: no accounts by ids).
const ALONE: [(&str, &str, &str); 7] = [
    ("get_records", "Cases", "assigneeId"),
    ("get_records", "Cases", "contactId"),
    ("get_related_records", "Accounts/contacts", "accountId"),
    ("get_related_records", "Contacts/history", "departmentId"),
    ("search_records", "Cases", "assigneeId"),
    ("search_records", "Cases", "contactId"),
    ("search_records", "Contacts", "accountId"),
];

/// The module file itself: what it says of members is what is asked for.
fn modules() -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("../../tool-schemas/modules/desk.json")).unwrap();
    file["modules"].as_array().unwrap().clone()
}

fn texts(value: &Value) -> Vec<String> {
    let all = value.as_array().into_iter().flatten();
    all.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// What people, departments, contacts and accounts are called, by their ids.
async fn names(wire: &mut Wire) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for (module, fields) in [
        ("Agents", json!(["id", "name"])),
        ("Departments", json!(["id", "name"])),
        ("Contacts", json!(["id", "firstName", "lastName"])),
        ("Accounts", json!(["id", "accountName"])),
    ] {
        let mut call = json!({ "module": module, "app_type": "desk", "limit": 99, "fields": fields });
        loop {
            let answer = wire.call("get_records", call.clone()).await;
            for row in answer["data"].as_array().unwrap_or_else(|| panic!("{answer:#}")) {
                let text = |key: &str| row[key].as_str().unwrap_or_default();
                let person = format!("{} {}", text("firstName"), text("lastName"));
                let all = [text("name"), text("accountName"), person.trim()];
                let name = all.into_iter().find(|name| !name.is_empty()).unwrap();
                names.insert(text("id").to_owned(), name.to_owned());
            }
            match answer["next_cursor"].as_str() {
                Some(next) => call["cursor"] = json!(next),
                None => break,
            }
        }
    }
    assert!(names.len() > 60, "{names:?}");
    names
}

/// The members with an id whose object does not have its name, and those that have.
#[derive(Default)]
struct Found {
    named: BTreeSet<String>,
    alone: BTreeSet<(String, String, String)>,
}

impl Found {
    fn look(&mut self, tool: &str, module: &str, value: &Value, names: &BTreeMap<String, String>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.look(tool, module, item, names)),
            Value::Object(members) => {
                let whole = value.to_string();
                for (key, value) in members
                    .iter()
                    .filter(|(key, _)| *key != "id" && !key.ends_with("ink"))
                {
                    let one = std::slice::from_ref(value);
                    for id in value.as_array().map_or(one, Vec::as_slice) {
                        let Some(name) = id.as_str().and_then(|id| names.get(id)) else {
                            continue;
                        };
                        match whole.contains(name.as_str()) {
                            true => self.named.insert(format!("{module}.{key}")),
                            false => self
                                .alone
                                .insert((tool.to_owned(), module.to_owned(), key.clone())),
                        };
                    }
                    self.look(tool, module, value, names);
                }
            }
            _ => {}
        }
    }
}

/// Desk OAS: `include`, getAgentsByIds, getContactsByIds; DESIGN: names beside ids.
#[tokio::test]
async fn names_stand_beside_ids_of_every_module() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let names = names(&mut wire).await;
    let mut found = Found::default();
    let mut looked_at = BTreeSet::new();
    let custom = json!({ "name": "cm_service_vehicles", "get": null, "fields": [] });
    for module in modules().into_iter().chain([custom]) {
        let name = module["name"].as_str().unwrap();
        let mut fields = texts(&module["fields"]);
        fields.extend(texts(&module["list"]["row"]));
        fields.dedup();
        let plain = json!({ "module": name, "app_type": "desk", "limit": 25 });
        let mut whole = plain.clone();
        whole["fields"] = json!(fields);
        let mut calls = vec![("get_records", plain.clone())];
        if !fields.is_empty() {
            calls.push(("get_records", whole.clone()));
        }
        if module["search"].is_object() {
            whole["filters"] = json!({ "createdTime": { "from": "2020-01-01" } });
            calls.push(("search_records", whole));
        }
        let mut first = Vec::new();
        for (tool, call) in calls {
            // A server that remembers nothing names them no worse.
            let mut wire = bed.client().await;
            let answer = wire.call(tool, call.clone()).await;
            let rows = answer["data"].as_array().cloned().unwrap_or_default();
            looked_at.extend((!rows.is_empty()).then(|| name.to_owned()));
            found.look(tool, name, &answer["data"], &names);
            first.extend(rows.iter().take(4).map(|row| row["id"].clone()));
        }
        for id in &first {
            if module["get"].is_object() {
                let mut wire = bed.client().await;
                let one = json!({ "module": name, "app_type": "desk", "id": id });
                let answer = wire.call("get_record", one).await;
                assert!(answer["data"].is_object(), "{name}: {answer:#}");
                found.look("get_record", name, &answer["data"], &names);
            }
            for list in module["related"]
                .as_object()
                .into_iter()
                .flat_map(|lists| lists.keys())
            {
                let mut wire = bed.client().await;
                let of =
                    json!({ "module": name, "app_type": "desk", "id": id, "related": list, "limit": 20 });
                let answer = wire.call("get_related_records", of).await;
                let place = format!("{name}/{list}");
                looked_at.extend(
                    answer["data"]
                        .as_array()
                        .is_some_and(|rows| !rows.is_empty())
                        .then(|| place.clone()),
                );
                found.look("get_related_records", &place, &answer["data"], &names);
            }
        }
        if name == "Cases" {
            for id in &first {
                let answer = wire.call("get_ticket_context", json!({ "ticket_id": id })).await;
                found.look("get_ticket_context", name, &answer["data"], &names);
            }
        }
    }
    let alone: BTreeSet<(String, String, String)> = found.alone;
    let known = ALONE.map(|(tool, module, key)| (tool.to_owned(), module.to_owned(), key.to_owned()));
    assert_eq!(alone, BTreeSet::from(known));
    assert!(found.named.len() > 40, "{:?}", found.named);
    assert!(looked_at.len() > 25, "{looked_at:?}");
}
