//! What differs between two states of Desk.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Desk;
use super::modules::{Row, text};
use super::org::Org;
use crate::differences;

impl Desk {
    /// Every record and every row of a list beside one that is not as it was.
    pub(crate) fn differences(&self, before: &Desk) -> Vec<Value> {
        let both = before.orgs.iter().zip(&self.orgs);
        both.flat_map(|(before, after)| of_an_organization(before, after))
            .collect()
    }
}

fn of_an_organization(before: &Org, after: &Org) -> Vec<Value> {
    let mut told = Vec::new();
    each(before, after, &mut |module, id, list, before, after| {
        if let Some(mut difference) = differences::of(before, after) {
            difference["module"] = module.into();
            difference["id"] = id.to_string().into();
            if let Some(list) = list {
                difference["list"] = list.into();
            }
            told.push(difference);
        }
    });
    for difference in &mut told {
        difference["organization"] = json!(after.id);
    }
    told
}

/// Who hears of a record, or of a row of the list beside it that is named: module, id of the record, list, then and now.
pub(crate) type Listener<'l> = dyn FnMut(&str, u64, Option<&str>, Option<&Row>, Option<&Row>) + 'l;

/// Goes through every record and row that may not be as it was.
pub(crate) fn each(before: &Org, after: &Org, tell: &mut Listener<'_>) {
    for (module, id) in numbers(before, after) {
        let [then, now] = [before, after].map(|org| org.row(module, id));
        if then != now {
            tell(module, id, None, then.as_ref(), now.as_ref());
        }
    }
    for (owner, list) in before.kept_lists(after) {
        let module = after
            .module_of(owner)
            .or_else(|| before.module_of(owner))
            .unwrap_or_default();
        let [then, now] = [before, after].map(|org| org.side(module, owner, &list));
        for row in then.iter().filter(|row| !now.contains(row)) {
            let same = now.iter().find(|other| names_the_same(row, other));
            tell(module, owner, Some(&list), Some(row), same);
        }
        for row in now
            .iter()
            .filter(|row| !then.iter().any(|other| names_the_same(row, other)))
        {
            tell(module, owner, Some(&list), None, Some(row));
        }
    }
}

/// The records that may differ: of tickets those that somebody wrote to.
fn numbers<'a>(before: &'a Org, after: &'a Org) -> BTreeSet<(&'a str, u64)> {
    [before, after].iter().flat_map(|org| org.touched()).collect()
}

/// Rows without an id, such as earlier resolutions, are told apart by all they hold.
fn names_the_same(one: &Row, other: &Row) -> bool {
    match text(one, "id") {
        "" => one == other,
        id => id == text(other, "id"),
    }
}
