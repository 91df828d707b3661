//! What webhooks hear: every call that writes is compared with what was before it. Sources: Desk's OpenAPI (Webhook: the
//! events and what each may be narrowed by), its Webhook Document (one JSON array a delivery, `ignoreSourceId`).
//! (Assumed: a payload is the record in its detail form, for a deletion its id alone; what only counts other rows is no
//! update of a ticket.)

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::differences;
use super::modules::{self, Row, is, text, value};
use super::org::Org;

/// What an event tells a webhook, and where.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) org: String,
    pub(crate) webhook: u64,
    pub(crate) url: String,
    pub(crate) event: Value,
}

/// What may be heard of a module, or of a list beside one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Heard {
    /// Its word in the names of events.
    name: String,
    /// What a subscription may be narrowed by.
    filters: Vec<String>,
    #[serde(default)]
    add: bool,
    #[serde(default)]
    update: bool,
    #[serde(default)]
    delete: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Events {
    quiet: Vec<String>,
    records: BTreeMap<String, Heard>,
    lists: BTreeMap<String, Heard>,
    /// Those that can be subscribed to, and never come to pass here.
    others: Vec<String>,
}

static EVENTS: LazyLock<Events> =
    LazyLock::new(|| serde_json::from_str(include_str!("events.json")).expect("the events are well-formed"));

/// Whether a subscription may name this event, narrowed by these keys.
pub(crate) fn is_known(event: &str, filter: &Value) -> bool {
    if EVENTS.others.iter().any(|name| name == event) {
        return true;
    }
    let known = EVENTS.records.values().chain(EVENTS.lists.values());
    let heard = known.into_iter().find(|heard| {
        event.strip_prefix(&heard.name).is_some_and(|rest| match rest {
            "_Add" => heard.add,
            "_Update" => heard.update,
            "_Delete" => heard.delete,
            _ => false,
        })
    });
    heard.is_some_and(|heard| match filter {
        Value::Null => true,
        Value::Object(filter) => filter.keys().all(|key| heard.filters.contains(key)),
        _ => false,
    })
}

impl Org {
    /// The state that a write is compared with; nothing where no webhook hears of it.
    pub(crate) fn as_heard(&self) -> Option<Org> {
        (self.count("webhooks", &[]) > 0).then(|| self.clone())
    }
}

/// One thing that became of a row.
struct Change<'r> {
    event: String,
    payload: Value,
    before: Option<Value>,
    /// The row that departments and directions are looked up in, and the ticket it belongs to.
    row: &'r Row,
    department: String,
    fields: Vec<String>,
}

/// What the webhooks of an organization are told about what differs from before.
pub(crate) fn told(before: &Org, after: &Org, source: Option<&str>, now: Timestamp) -> Vec<Told> {
    let hooks = after.rows("webhooks", &[]);
    let hooks: Vec<&Row> = hooks
        .iter()
        .filter(|hook| is(hook, "isEnabled"))
        .filter(|hook| source.is_none_or(|source| text(hook, "ignoreSourceId") != source))
        .collect();
    let mut told = Vec::new();
    differences::each(before, after, &mut |module, owner, list, then, now_| {
        let Some(change) = change(after, module, owner, list, then, now_) else {
            return;
        };
        for hook in &hooks {
            told.extend(heard(after, hook, &change, now));
        }
    });
    told
}

fn change<'r>(
    org: &Org,
    module: &str,
    owner: u64,
    list: Option<&str>,
    before: Option<&'r Row>,
    after: Option<&'r Row>,
) -> Option<Change<'r>> {
    let heard = match list {
        None => EVENTS.records.get(module),
        Some(list) => EVENTS.lists.get(&format!("{module}/{list}")),
    }?;
    // A draft is no thread yet, and what is in the recycle bin is gone.
    let is_there =
        |row: &&Row| !is(row, "isTrashed") && (list != Some("threads") || text(row, "status") != "DRAFT");
    let (before, after) = (before.filter(is_there), after.filter(is_there));
    let shape = modules::module(list.unwrap_or(module));
    let owner_of = |row: &Row| {
        let mut shown: Row = shape
            .detail
            .iter()
            .map(|key| (key.clone(), value(row, key)))
            .collect();
        if list.is_some() && module == "tickets" {
            shown.insert("ticketId".to_owned(), owner.to_string().into());
        }
        Value::Object(shown)
    };
    let fields = changed(before, after);
    let (word, row, payload) = match (before, after) {
        (None, Some(row)) if heard.add => ("Add", row, owner_of(row)),
        (Some(_), Some(row)) if heard.update && !fields.is_empty() => ("Update", row, owner_of(row)),
        (Some(row), None) if heard.delete => ("Delete", row, json!({"id": row["id"]})),
        _ => return None,
    };
    let holder = list.and_then(|_| org.row(module, owner));
    Some(Change {
        event: format!("{}_{word}", heard.name),
        payload,
        before: before.map(owner_of),
        row,
        department: text(holder.as_ref().unwrap_or(row), "departmentId").to_owned(),
        fields,
    })
}

/// The fields that differ, those that only count apart; custom ones by their own names.
fn changed(before: Option<&Row>, after: Option<&Row>) -> Vec<String> {
    let (Some(before), Some(after)) = (before, after) else {
        return Vec::new();
    };
    let keys = after.keys().filter(|key| before.get(*key) != after.get(*key));
    let keys = keys.filter(|key| !key.starts_with('_') && !EVENTS.quiet.contains(key));
    let mut fields: Vec<String> = keys.cloned().collect();
    if let (Some(Value::Object(then)), Some(Value::Object(now))) = (before.get("cf"), after.get("cf")) {
        let custom = now.keys().filter(|key| then.get(*key) != now.get(*key));
        fields.extend(custom.cloned());
    }
    fields
}

fn heard(org: &Org, hook: &Row, change: &Change<'_>, now: Timestamp) -> Option<Told> {
    let filter = hook["subscriptions"].get(&change.event)?;
    let among = |key: &str, wanted: &dyn Fn(&str) -> bool| match &filter[key] {
        Value::Array(items) if !items.is_empty() => items.iter().filter_map(Value::as_str).any(wanted),
        _ => true,
    };
    let of_department = |id: &str| id == change.department;
    let is_meant = among("departmentIds", &of_department)
        && among("departmentId", &of_department)
        && among("fields", &|name| change.fields.iter().any(|field| field == name))
        && filter["direction"]
            .as_str()
            .is_none_or(|way| way == text(change.row, "direction"));
    if !is_meant {
        return None;
    }
    let mut event = json!({"payload": change.payload, "eventTime": now.as_millisecond().to_string(),
        "eventType": change.event, "orgId": org.id});
    if change.event.ends_with("_Update") && filter["includePrevState"] == true {
        event["prevState"] = change.before.clone().unwrap_or_default();
    }
    Some(Told {
        org: org.id.clone(),
        webhook: text(hook, "id").parse().unwrap_or(0),
        url: text(hook, "url").to_owned(),
        event,
    })
}
