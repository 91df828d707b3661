//! Rows put together: group by, and functions over a group.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::plan::Plan;
use super::{compare, outside, value};
use crate::crm::derive::amount;
use crate::crm::schema::Row;
use crate::crm::state::Crm;

/// One result row for each group, in the order asked for.
pub(crate) fn groups(crm: &Crm, plan: &Plan, rows: &[&Row]) -> Vec<Value> {
    let mut groups: Vec<(Vec<Value>, Vec<&Row>)> = Vec::new();
    for row in rows {
        let key: Vec<Value> = plan
            .query
            .groups
            .iter()
            .map(|column| outside(value(crm, plan.module, row, column)))
            .collect();
        match groups.iter_mut().find(|(other, _)| *other == key) {
            Some((_, members)) => members.push(row),
            None => groups.push((key, vec![row])),
        }
    }
    if groups.is_empty() && plan.query.groups.is_empty() {
        groups.push((Vec::new(), Vec::new()));
    }
    let mut shown: Vec<Value> = groups
        .iter()
        .map(|(_, members)| group(crm, plan, members))
        .collect();
    shown.sort_by(|one, other| {
        let by = plan.query.order.iter().map(|(column, descending)| {
            let order = compare(one.get(column), other.get(column));
            if *descending { order.reverse() } else { order }
        });
        by.fold(Ordering::Equal, Ordering::then)
    });
    shown
}

fn group(crm: &Crm, plan: &Plan, members: &[&Row]) -> Value {
    let mut shown = Map::new();
    for column in &plan.query.columns {
        let values = members
            .iter()
            .filter_map(|row| value(crm, plan.module, row, &column.name))
            .filter(|value| !value.is_null());
        let result = match column.function.as_deref() {
            None => outside(
                members
                    .first()
                    .and_then(|row| value(crm, plan.module, row, &column.name)),
            ),
            Some("COUNT") => json!(values.count()),
            Some("MIN") => values
                .min_by(|one, other| compare(Some(one), Some(other)))
                .cloned()
                .unwrap_or_default(),
            Some("MAX") => values
                .max_by(|one, other| compare(Some(one), Some(other)))
                .cloned()
                .unwrap_or_default(),
            Some(function) => {
                let numbers: Vec<f64> = values.filter_map(Value::as_f64).collect();
                let sum: f64 = numbers.iter().sum();
                match (function, numbers.len()) {
                    (_, 0) => Value::Null,
                    ("AVG", count) => amount(sum / count as f64),
                    _ => amount(sum),
                }
            }
        };
        shown.insert(column.key(), result);
    }
    Value::Object(shown)
}
