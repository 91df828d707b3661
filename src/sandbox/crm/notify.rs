//! What channels are told when records change. Sources: the notification pages of v2 to v8 and Kaizen 14 (keys of the
//! letter, `query_params` from the address, the token sent back). (Assumed: records of one call that had the same done
//! to them stand in one letter; `notification_condition` is not looked at; a conversion is an update.)

use serde_json::{Map, Value, json};

use super::schema::Module;
use super::state::Crm;
use super::time;
use crate::permissions::crm::Profile;

impl Crm {
    /// Tells every channel that asked for it what was done to a record: `create`, `edit` or `delete`; whoever asked is told
    /// what they see.
    pub(super) fn announce(&mut self, module: &Module, id: u64, done: &str, history: &Value) {
        let now = time::iso(self.now);
        let wants = |row: &&Value| {
            let events = row["events"].as_array().into_iter().flatten();
            let mut actions = events.filter_map(|event| event.as_str()?.split_once('.'));
            row["resource_name"] == module.api_name
                && row["channel_expiry"].as_str() > Some(now.as_str())
                && actions.any(|(_, action)| action == done || action == "all")
        };
        let rows: Vec<Value> = self.channels.iter().filter(wants).cloned().collect();
        for row in rows {
            let channel = row["channel_id"].as_str().unwrap_or_default();
            let hearer = self.profile_of(self.hearers.get(channel).copied().unwrap_or_default());
            if !hearer.has(&format!("View_{}", module.module_name)) {
                continue;
            }
            let seen = seen(hearer, module, history);
            let letter = letter(&row, id, done, &seen, self.now.as_millisecond());
            let url = row["notify_url"].as_str().unwrap_or_default().to_owned();
            self.told.push((url, letter));
        }
    }

    /// What channels are to be told since this was asked last: address and letter.
    pub(crate) fn take_told(&mut self) -> Vec<(String, Value)> {
        let mut together: Vec<(String, Value)> = Vec::new();
        for (url, letter) in std::mem::take(&mut self.told) {
            let same = |last: &&mut (String, Value)| {
                let keys = ["channel_id", "module", "operation", "server_time"];
                keys.iter().all(|key| last.1[*key] == letter[*key])
            };
            match together.last_mut().filter(same) {
                Some((_, last)) => join(last, letter),
                None => together.push((url, letter)),
            }
        }
        together
    }
}

/// What changed, without the fields that the profile does not see.
fn seen(profile: &Profile, module: &Module, history: &Value) -> Value {
    let is_seen = |field: &&Value| {
        let name = field["api_name"].as_str().unwrap_or_default();
        profile.access(&module.api_name, name) != "hidden"
    };
    let fields = history.as_array().into_iter().flatten();
    fields.filter(is_seen).cloned().collect()
}

fn join(last: &mut Value, mut next: Value) {
    for key in ["ids", "affected_fields", "affected_values"] {
        if let (Some(all), Some(more)) = (last[key].as_array_mut(), next[key].as_array_mut()) {
            all.append(more);
        }
    }
}

fn letter(row: &Value, id: u64, done: &str, history: &Value, now: i64) -> Value {
    let operation = match done {
        "create" => "insert",
        "edit" => "update",
        other => other,
    };
    let id = id.to_string();
    let fields = || history.as_array().into_iter().flatten();
    let names: Vec<&Value> = fields().map(|field| &field["api_name"]).collect();
    let mut letter = json!({
        "server_time": now, "query_params": sent_along(row), "module": row["resource_name"], "resource_uri": row["resource_uri"],
        "ids": [id], "affected_fields": [{id.as_str(): names}], "operation": operation, "channel_id": row["channel_id"], "token": row["token"],
    });
    if row["return_affected_field_values"] == true {
        let values = fields().filter_map(|field| {
            let name = field["api_name"].as_str()?;
            Some((name.to_owned(), field["_value"]["new"].clone()))
        });
        let values: Map<String, Value> = values.collect();
        letter["affected_values"] = json!([{"record_id": id, "values": values}]);
    }
    letter
}

/// The parameters that the address was given with.
fn sent_along(row: &Value) -> Value {
    let url = row["notify_url"].as_str().unwrap_or_default();
    let Ok(url) = url::Url::parse(url) else {
        return json!({});
    };
    let pairs = url.query_pairs();
    pairs
        .map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())))
        .collect()
}
