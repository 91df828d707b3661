//! What happened to a record. Source: CRM's OpenAPI, timelines (actions, values as texts, who did it, the record beside).
//! (Assumed: what hangs on a record or is to be done about it is told there as a related record; several values stand in one
//! text with semicolons between.)

use serde_json::{Value, json};

use super::answer::Answer;
use super::call::{Call, or_nothing};
use super::paging::{self, Key};
use super::schema::{self, Field, Module, Row};
use super::state::{Crm, Event};
use super::{records, seeds, stages, time};

/// Modules whose records are about others, and the fields that say so.
const ABOUT: &[(&str, &[&str])] = &[
    ("Notes", &["Parent_Id"]),
    ("Attachments", &["Parent_Id"]),
    ("Tasks", &["What_Id", "Who_Id"]),
    ("Events", &["What_Id", "Who_Id"]),
    ("Calls", &["What_Id", "Who_Id"]),
];

impl Crm {
    /// Remembers what happened to a record, and tells the channels that asked for it.
    pub(super) fn tell(&mut self, module: &Module, id: u64, action: &str, history: Value) {
        let done = if action == "added" { "create" } else { "edit" };
        self.announce(module, id, done, &history);
        let history = match history {
            Value::Array(fields) => fields.into_iter().map(in_texts).collect(),
            other => other,
        };
        self.remember(module, id, action, history);
        self.tell_beside(module, id, action);
    }

    /// Remembers what happened to a record.
    pub(super) fn remember(&mut self, module: &Module, id: u64, action: &str, history: Value) {
        let body = self.event(module, id, action, history);
        self.events.push(Event { record: id, body });
    }

    /// Tells of a record where it is about another one.
    pub(super) fn tell_beside(&mut self, module: &Module, id: u64, action: &str) {
        let fields = ABOUT.iter().find(|(name, _)| *name == module.api_name);
        let Some(row) = self.peek(module, id).cloned() else {
            return;
        };
        for field in fields.into_iter().flat_map(|(_, fields)| *fields) {
            let other = row.get(*field).and_then(|value| value["id"].as_str());
            let Some(other) = other.and_then(|id| id.parse().ok()) else {
                continue;
            };
            let Some(target) = self.module_of(other) else {
                continue;
            };
            let mut body = self.event(target, other, action, Value::Null);
            body["related_record"] = reference(module, id, &row);
            self.events.push(Event { record: other, body });
        }
    }

    /// The module that a record of some id is in.
    fn module_of(&mut self, id: u64) -> Option<&'static Module> {
        let all = schema::modules().iter();
        let mut own = all.filter(|module| !module.is_attached() && module.of.is_none());
        own.find(|module| self.table(module).rows.contains_key(&id))
    }

    fn event(&mut self, module: &Module, id: u64, action: &str, history: Value) -> Value {
        let number = self.new_id();
        let record = reference(module, id, self.peek(module, id).unwrap_or(&Row::new()));
        let me = self.users[self.caller].clone();
        let profile = self.profile();
        let done_by = json!({"name": me["full_name"], "id": me["id"], "profile": {"name": profile.name, "id": profile.id}, "type__s": "user"});
        let now = time::iso(self.now);
        happened(number, action, (&now, "crm_api"), done_by, record, history)
    }
}

fn happened(
    id: u64,
    action: &str,
    (time, source): (&str, &str),
    done_by: Value,
    record: Value,
    history: Value,
) -> Value {
    json!({
        "id": id.to_string(), "action": action, "audited_time": time, "source": source, "type": "timeline", "extension": null,
        "done_by": done_by, "related_record": null, "automation_details": null, "record": record, "field_history": history,
    })
}

fn reference(module: &Module, id: u64, row: &Row) -> Value {
    let place =
        json!({"name": module.module_name, "api_name": module.api_name, "id": seeds::module_id(module)});
    json!({ "name": row.get(&module.display), "id": id.to_string(), "module": place })
}

/// A change with its values as the timeline has them.
fn in_texts(mut field: Value) -> Value {
    for side in ["old", "new"] {
        let text = text_of(&field["_value"][side]);
        field["_value"][side] = json!(text);
    }
    field
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) if items.is_empty() => None,
        Value::Array(items) => Some(items.iter().filter_map(text_of).collect::<Vec<_>>().join(";")),
        Value::Object(members) => members.get("name").and_then(text_of),
        other => Some(other.to_string()),
    }
}

/// `GET /{module}/{id}/__timeline`: newest first, paged like lists.
pub(crate) fn list(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.module();
    let id = call.find(crm, module, 0)?;
    let told = crm.events.iter().filter(|event| event.record == id);
    let told: Vec<Value> = told.map(|event| event.body.clone()).collect();
    let mut events = match told
        .iter()
        .any(|event| event["action"] == "added" && event["related_record"].is_null())
    {
        true => Vec::new(),
        false => seeded(crm, module, id),
    };
    events.extend(told.into_iter().map(|event| seen(module, event)));
    let (_, descending) = records::order(call, &["audited_time"])?;
    let mut keys: Vec<Key> = events
        .iter()
        .zip(0..)
        .map(|(event, index)| (event["audited_time"].as_str().unwrap_or("").to_owned(), index))
        .collect();
    keys.sort();
    if descending {
        keys.reverse();
    }
    let mut page = paging::page(crm, call, &keys, "audited_time", descending)?;
    let data = page
        .ids
        .iter()
        .map(|index| events[*index as usize].clone())
        .collect();
    if let Some(info) = page.info.as_object_mut() {
        info.retain(|name, _| !matches!(name.as_str(), "call" | "email" | "sort_by" | "sort_order"));
    }
    or_nothing("__timeline", data, Some(page.info))
}

/// What happened to a record of the seed before anybody came: it was added, a deal went through its stages, and something was
/// changed at its `Modified_Time`.
fn seeded(crm: &mut Crm, module: &'static Module, id: u64) -> Vec<Value> {
    let now = crm.table(module).rows[&id].clone();
    let row = crm.at_first(module, id).unwrap_or(now);
    let by = |person: &Value| json!({"name": person["name"], "id": person["id"], "type__s": "user"});
    let record = || reference(module, id, &row);
    let ui = |number: u64, action: &str, when: &str, person: &Value, history: Value| {
        happened(number, action, (when, "crm_ui"), by(person), record(), history)
    };
    let added = row["Created_Time"].as_str().unwrap_or_default();
    let mut events = vec![ui(id, "added", added, &row["Created_By"], Value::Null)];
    if let Some(stage) = module.field("Stage").filter(|_| module.api_name == "Deals") {
        let start = time::iso(crm.start);
        for (number, left) in &crm.table(stages::module()).rows {
            let when = left["Modified_Time"].as_str().unwrap_or_default();
            let is_its = left["Potential_Name"]["id"] == row["id"] && when < start.as_str();
            if let Some(to) = left.get("Moved_To__s").filter(|_| is_its) {
                let change = json!([changed(module, stage, &left["Stage"], to)]);
                events.push(ui(*number, "updated", when, &left["Modified_By"], change));
            }
        }
    }
    let modified = row["Modified_Time"].as_str().unwrap_or_default();
    let told = events
        .iter()
        .any(|event| event["audited_time"].as_str() >= Some(modified));
    if let Some(change) = written_last(module, &row).filter(|_| !told) {
        events.push(ui(
            id + 1,
            "updated",
            modified,
            &row["Modified_By"],
            json!([change]),
        ));
    }
    events
}

/// The change a seeded record came to its present state by: a choice that is not the list's first, else a value it had not.
fn written_last(module: &Module, row: &Row) -> Option<Value> {
    let open = module
        .fields
        .iter()
        .filter(|field| !field.required && !field.read_only);
    let written = open.filter(|field| row.get(&field.api_name).is_some_and(|value| !value.is_object()));
    let moved =
        |field: &&Field| field.data_type == "picklist" && row[&field.api_name] != json!(field.pick.first());
    let field = written.clone().find(moved).or_else(|| written.clone().next())?;
    let from = field.pick.first().filter(|_| moved(&field));
    Some(changed(module, field, &json!(from), &row[&field.api_name]))
}

/// One field of an event, its values as texts.
fn changed(module: &Module, field: &Field, from: &Value, to: &Value) -> Value {
    json!({"api_name": field.api_name, "field_label": field.label(), "data_type": field.data_type,
        "id": seeds::field_id(module, field), "_value": {"old": text_of(from), "new": text_of(to)}})
}

/// What happened, without the fields that the module is seen without.
fn seen(module: &Module, mut event: Value) -> Value {
    if let Some(fields) = event["field_history"].as_array_mut() {
        fields.retain(|field| {
            field["api_name"]
                .as_str()
                .is_none_or(|name| module.field(name).is_some())
        });
    }
    event
}
