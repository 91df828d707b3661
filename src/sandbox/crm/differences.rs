//! What differs between two states of CRM.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::state::{Crm, Table};
use super::{schema, tags};
use crate::differences;

impl Crm {
    /// Every record that is not as it was, and every link between records.
    pub(crate) fn differences(&mut self, before: &mut Crm) -> Vec<Value> {
        let mut told = Vec::new();
        for module in schema::modules().iter().filter(|module| module.of.is_none()) {
            // A table that nobody asked for is as the seed makes it.
            let name = module.api_name.as_str();
            if !self.tables.contains_key(name) && !before.tables.contains_key(name) {
                continue;
            }
            let then = before.table(module);
            let now = self.table(module);
            told.extend(of_a_table(&module.api_name, then, now));
        }
        told.extend(of_lists(&before.company, &self.company, "settings"));
        // Nor are the tags of a module told that only one of the two was asked for.
        let tagged: BTreeSet<String> = before.tags.keys().chain(self.tags.keys()).cloned().collect();
        for module in &tagged {
            tags::known(before, module);
            tags::known(self, module);
        }
        told.extend(of_lists(&before.tags, &self.tags, "tags"));
        let people = |crm: &Crm| BTreeMap::from([("users".to_owned(), crm.users.clone())]);
        told.extend(of_lists(&people(before), &people(self), "settings"));
        // Nobody takes a mail back.
        let sent = self.mails.iter().skip(before.mails.len());
        told.extend(sent.map(|(record, mail)| {
            json!({"module": mail["linked_record"]["module"]["api_name"], "id": record.to_string(), "list": "Emails",
                "change": "created", "record": mail})
        }));
        let keys: BTreeSet<_> = before.shares.keys().chain(self.shares.keys()).copied().collect();
        for key in keys {
            let [from, to] = [&*before, &*self].map(|crm| crm.shares.get(&key).cloned().unwrap_or_default());
            if from != to {
                told.push(
                    json!({"module": key.0, "id": key.1.to_string(), "list": "share", "change": "changed",
                    "fields": {"share": {"from": from, "to": to}}}),
                );
            }
        }
        let [then, now] = [&before.links, &self.links];
        for (change, links) in [
            ("created", now.difference(then)),
            ("deleted", then.difference(now)),
        ] {
            told.extend(links.map(|(one, other, id, to)| {
                json!({"module": one, "id": id.to_string(), "list": other, "change": change,
                    "record": {"id": to.to_string()}})
            }));
        }
        let pairs: BTreeSet<_> = before.roles.keys().chain(self.roles.keys()).copied().collect();
        for (deal, contact) in pairs {
            let [from, to] =
                [&*before, self].map(|crm| crm.roles.get(&(deal, contact)).unwrap_or(&Value::Null));
            if from != to {
                told.push(json!({"module": "Deals", "id": deal.to_string(), "list": "Contact_Roles", "change": "changed",
                    "fields": {"Contact_Role": {"from": from, "to": to}}, "record": {"id": contact.to_string()}}));
            }
        }
        told
    }
}

fn of_a_table(name: &str, then: &Table, now: &Table) -> Vec<Value> {
    let gone = then.rows.keys().filter(|id| !now.rows.contains_key(id));
    let ids = gone.chain(now.rows.keys());
    ids.filter_map(|id| {
        let mut difference = differences::of(then.rows.get(id), now.rows.get(id))?;
        difference["module"] = name.into();
        difference["id"] = id.to_string().into();
        Some(difference)
    })
    .collect()
}

/// Rows of the organization's own lists, such as variables and tags.
fn of_lists(
    then: &BTreeMap<String, Vec<Value>>,
    now: &BTreeMap<String, Vec<Value>>,
    what: &str,
) -> Vec<Value> {
    let names: BTreeSet<&String> = then.keys().chain(now.keys()).collect();
    let mut told = Vec::new();
    for name in names {
        let [then, now] = [then, now].map(|lists| lists.get(name).map(Vec::as_slice).unwrap_or_default());
        let of = |rows: &[Value], id: &Value| rows.iter().find(|row| row["id"] == *id).cloned();
        let ids: BTreeSet<String> = then.iter().chain(now).map(|row| row["id"].to_string()).collect();
        for id in ids {
            let id: Value = serde_json::from_str(&id).unwrap_or_default();
            let [then, now] = [of(then, &id), of(now, &id)];
            let [then, now] = [&then, &now].map(|row| row.as_ref().and_then(Value::as_object));
            if let Some(mut difference) = differences::of(then, now) {
                difference["module"] = name.as_str().into();
                difference["list"] = what.into();
                difference["id"] = id;
                told.push(difference);
            }
        }
    }
    told
}
