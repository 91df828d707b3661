//! What differs between two states of CRM.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::schema;
use super::state::{Crm, Table};
use crate::differences;

impl Crm {
    /// Every record that is not as it was, and every link between records.
    pub(crate) fn differences(&mut self, before: &mut Crm) -> Vec<Value> {
        let mut told = Vec::new();
        for module in schema::modules() {
            // A table that nobody asked for is as the seed makes it.
            if !self.tables.contains_key(module.api_name.as_str()) {
                continue;
            }
            let then = before.table(module);
            let now = self.table(module);
            told.extend(of_a_table(&module.api_name, then, now));
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
