//! Which records belong to a related list: those whose lookup points here, or those linked many to many.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::schema::{self, Module, Related, Row};
use super::state::Crm;
use super::{change, seeds};
use crate::dice::Dice;

impl Crm {
    /// Adds the links the seed makes: products and contact roles of deals, members of campaigns.
    pub(super) fn linked(mut self) -> Self {
        for (from, to, most) in [
            ("Deals", "Products", 3),
            ("Deals", "Contacts", 2),
            ("Campaigns", "Contacts", 20),
            ("Campaigns", "Leads", 40),
        ] {
            let (Some(from), Some(to)) = (schema::module(from), schema::module(to)) else {
                continue;
            };
            for index in 0..from.rows {
                let mut dice = Dice::new(
                    self.seed,
                    &format!("{} and {}", from.api_name, to.api_name),
                    index,
                );
                for _ in 0..dice.below(most + 1) {
                    let mut other = dice.below(to.rows);
                    if (from.api_name.as_str(), to.api_name.as_str()) == ("Deals", "Contacts") {
                        // Who has a say in a deal works where it is made.
                        let company = self.known.company_of_deal(index).unwrap_or_default();
                        let colleagues = self.known.of_company("Contacts", company);
                        match colleagues.get(other as usize % colleagues.len().max(1)) {
                            Some(colleague) => other = *colleague,
                            None => continue,
                        }
                    }
                    self.links
                        .insert(key(from, seeds::id(from, index), to, seeds::id(to, other)));
                }
            }
        }
        self
    }
}

fn key(
    one: &'static Module,
    one_id: u64,
    other: &'static Module,
    other_id: u64,
) -> (&'static str, &'static str, u64, u64) {
    if one.api_name <= other.api_name {
        (&one.api_name, &other.api_name, one_id, other_id)
    } else {
        (&other.api_name, &one.api_name, other_id, one_id)
    }
}

/// The ids of the records in a related list.
pub(crate) fn ids(crm: &mut Crm, module: &'static Module, related: &Related, id: u64) -> BTreeSet<u64> {
    let Some(target) = schema::module(&related.module) else {
        return BTreeSet::new();
    };
    let Some(field) = &related.field else {
        let mine = crm
            .links
            .iter()
            .filter(|(one, other, _, _)| key(module, 0, target, 0) == (*one, *other, 0, 0));
        let pairs = mine.map(|(one, _, first, second)| {
            if *one == module.api_name {
                (*first, *second)
            } else {
                (*second, *first)
            }
        });
        return pairs
            .filter(|(here, _)| *here == id)
            .map(|(_, there)| there)
            .collect();
    };
    let text = id.to_string();
    crm.table(target)
        .rows
        .iter()
        .filter(|(_, row)| row.get(field).is_some_and(|value| value["id"] == *text))
        .map(|(id, _)| *id)
        .collect()
}

/// Puts a record into a related list, or takes it out.
pub(crate) fn set(
    crm: &mut Crm,
    module: &'static Module,
    related: &Related,
    id: u64,
    other: u64,
    inside: bool,
) {
    let Some(target) = schema::module(&related.module) else {
        return;
    };
    let Some(field) = &related.field else {
        let key = key(module, id, target, other);
        if inside {
            crm.links.insert(key);
        } else {
            crm.links.remove(&key);
            crm.roles
                .retain(|pair, _| *pair != (id, other) && *pair != (other, id));
        }
        return;
    };
    let value = if inside {
        crm.reference(module, id).unwrap_or(Value::Null)
    } else {
        Value::Null
    };
    let mut values = Row::new();
    values.insert(field.clone(), value);
    if target
        .field(field)
        .is_some_and(|field| field.lookup.as_deref() == Some("se_module"))
        && inside
    {
        values.insert("$se_module".to_owned(), json!(module.api_name));
    }
    change::apply(crm, target, other, values, "updated");
}

/// Every link of a record.
pub(crate) fn of(crm: &Crm, module: &Module, id: u64) -> Vec<(&'static str, &'static str, u64, u64)> {
    let is_of = |(one, other, first, second): &&(&'static str, &'static str, u64, u64)| {
        (*one == module.api_name && *first == id) || (*other == module.api_name && *second == id)
    };
    crm.links.iter().filter(is_of).copied().collect()
}

/// Drops every link of a record that is gone.
pub(crate) fn forget(crm: &mut Crm, module: &Module, id: u64) {
    crm.roles
        .retain(|(deal, contact), _| *deal != id && *contact != id);
    for link in of(crm, module, id) {
        crm.links.remove(&link);
    }
}
