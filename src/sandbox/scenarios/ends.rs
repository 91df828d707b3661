//! What a run must have changed, compared with what it did change.

use std::{cmp::Reverse, collections::BTreeMap};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Point, folded, members};

/// What becomes of a record or row, as differences have it.
#[derive(Debug, Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Change {
    Created,
    Changed,
    Deleted,
}

/// One change that must be there.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct End {
    what: String,
    module: String,
    /// The record; without one any of the module.
    id: Option<String>,
    /// The list beside the record: `comments`, `threads`.
    list: Option<String>,
    change: Change,
    /// What its fields are then. A text is meant as a whole, `{"contains": ".."}` as a part, `null` as nothing.
    #[serde(default)]
    has: Map<String, Value>,
}

/// What became of the ends, and the rest.
pub(super) struct Outcome {
    pub(super) points: Vec<Point>,
    pub(super) unexpected: Vec<Value>,
}

/// What Zoho writes along with any change.
const BOOKKEEPING: [&str; 25] = [
    "createdTime",
    "modifiedTime",
    "modifiedBy",
    "statusType",
    "closedTime",
    "onholdTime",
    "customerResponseTime",
    "responseDueDate",
    "lastThread",
    "respondedIn",
    "threadCount",
    "commentCount",
    "attachmentCount",
    "taskCount",
    "timeEntryCount",
    "tagCount",
    "isCommented",
    "isEscalated",
    "ticketCount",
    "Modified_Time",
    "Modified_By",
    "Last_Activity_Time",
    "Change_Log_Time__s",
    "Converted_Date_Time",
    "$converted_detail",
];

/// Each end is met by a difference of its own; what no end names is unexpected.
pub(super) fn compare(
    ends: &[End],
    known: &BTreeMap<String, Value>,
    differences: &[Value],
) -> Result<Outcome, String> {
    let mut left: Vec<&Value> = differences.iter().filter(|one| !is_bookkeeping(one)).collect();
    let mut points = Vec::new();
    let mut named = Vec::new();
    let mut ends = ends
        .iter()
        .map(|end| end.filled(known))
        .collect::<Result<Vec<_>, _>>()?;
    // What names more takes its difference before what would take any.
    ends.sort_by_key(|end| (end.id.is_none(), Reverse(end.has.len())));
    for end in ends {
        let met = left.iter().position(|one| end.is_met_by(one));
        points.push(Point {
            what: end.what.clone(),
            ok: met.is_some(),
        });
        if let Some(at) = met {
            named.push((left.remove(at), end));
        }
    }
    let mut unexpected: Vec<Value> = left.into_iter().cloned().collect();
    for (one, end) in named {
        let extra: Vec<String> = changed(one)
            .keys()
            .filter(|name| !end.has.contains_key(*name))
            .cloned()
            .collect();
        if one["change"] == "changed" && !extra.is_empty() {
            let mut rest = one.clone();
            rest["fields"] = changed(one)
                .into_iter()
                .filter(|(name, _)| extra.contains(name))
                .collect();
            unexpected.push(rest);
        }
    }
    Ok(Outcome { points, unexpected })
}

/// The fields that differ, without those that Zoho writes along: with another contact its company comes.
fn changed(difference: &Value) -> Map<String, Value> {
    let mut fields = members(&difference["fields"]);
    if fields.contains_key("contactId") {
        fields.shift_remove("accountId");
    }
    let fields = fields.into_iter();
    fields
        .filter(|(name, _)| !BOOKKEEPING.contains(&name.as_str()))
        .collect()
}

fn is_bookkeeping(difference: &Value) -> bool {
    difference["change"] == "changed"
        && changed(difference).is_empty()
        && !members(&difference["fields"]).contains_key("statusType")
}

impl End {
    fn filled(&self, known: &BTreeMap<String, Value>) -> Result<End, String> {
        let mut end = self.clone();
        end.id = self
            .id
            .as_deref()
            .map(|id| crate::known::fill(id, known))
            .transpose()?;
        end.has = members(&crate::known::filled(&Value::Object(self.has.clone()), known)?);
        Ok(end)
    }

    fn is_met_by(&self, difference: &Value) -> bool {
        let now = |name: &str| match difference["change"].as_str() {
            Some("changed") => difference["fields"].get(name).map(|field| &field["to"]),
            _ => difference["record"].get(name),
        };
        difference["module"] == *self.module
            && self.id.as_ref().is_none_or(|id| difference["id"] == **id)
            && difference.get("list").and_then(Value::as_str) == self.list.as_deref()
            && serde_json::from_value(difference["change"].clone()).ok() == Some(self.change)
            && self.has.iter().all(|(name, wanted)| match now(name) {
                Some(found) => fits(wanted, found),
                // Of a new record what is not there is nothing; of one that changed it is as it was.
                None => wanted.is_null() && self.change != Change::Changed,
            })
    }
}

fn fits(wanted: &Value, found: &Value) -> bool {
    match wanted {
        Value::Object(part) if part.contains_key("contains") => {
            let part = part["contains"].as_str().unwrap_or_default();
            found
                .as_str()
                .is_some_and(|found| folded(&without_tags(found)).contains(&folded(part)))
        }
        // Lookups of CRM, by their id or name.
        Value::String(text) if found["id"].is_string() => {
            found["id"] == **text || fits(wanted, &found["name"])
        }
        Value::String(text) => found.as_str().is_some_and(|found| folded(found) == folded(text)),
        other => other == found,
    }
}

/// A text without its markup, which may stand within its words.
fn without_tags(text: &str) -> String {
    let mut parts = text.split('<');
    let first = parts.next().unwrap_or_default().to_owned();
    first
        + &parts
            .map(|part| part.split_once('>').map_or(part, |(_, after)| after))
            .collect::<String>()
}
