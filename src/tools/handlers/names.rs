//! The names behind ids: of people, departments, teams and companies, as a row has them itself, else as they are remembered.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::{Map, Value};

use super::Context;
use crate::tools::modules::{Kind, Naming};
use crate::tools::settings::named::{Named, by_ids, read_named};
use crate::zoho::Session;

/// Ids that one lookup takes at most.
const MOST: usize = 20;

/// Puts the name beside each of these ids, and takes away what was read for it alone; what is asked for stays.
pub(super) fn put_beside(
    row: &mut Map<String, Value>,
    namings: &[(&str, &Naming)],
    asked: &dyn Fn(&str) -> bool,
    context: &Context<'_>,
    session: &Session,
) {
    let found: Vec<(String, Value)> = namings
        .iter()
        .filter(|(_, naming)| !asked(&naming.shown))
        .filter_map(|(field, naming)| {
            let id = row.get(*field)?.as_str()?;
            let own = naming.find(row, id).and_then(|one| Some(read_named(one)?.name));
            let own = own.filter(|name| !name.is_empty());
            let name = own.or_else(|| remembered(context, session, naming, id))?;
            Some((naming.shown.clone(), Value::String(name)))
        })
        .collect();
    row.extend(found);
    for root in namings.iter().flat_map(|(_, naming)| naming.roots()) {
        if !asked(root) && row.get(root).is_some_and(Value::is_object) {
            row.shift_remove(root);
        }
    }
}

/// The names that none of these rows has although it has the ids; those asked for themselves are not among them.
pub(super) fn find_unnamed(
    rows: &[Map<String, Value>],
    namings: &[(&str, &Naming)],
    asked: &dyn Fn(&str) -> bool,
) -> Vec<String> {
    let is_there = |member: &str| {
        let mut values = rows.iter().filter_map(|row| row.get(member));
        values.any(|value| !value.is_null())
    };
    let unnamed = namings
        .iter()
        .filter(|(field, naming)| !asked(&naming.shown) && is_there(field) && !is_there(&naming.shown));
    unnamed.map(|(_, naming)| naming.shown.clone()).collect()
}

fn remembered(context: &Context<'_>, session: &Session, naming: &Naming, id: &str) -> Option<String> {
    let kind = Kind::find(naming.kind.as_deref()?)?;
    let known = &context.invocation.equipment().settings.names;
    let list = known.recall(session, kind)?;
    let one = list.iter().find(|one| one.id == id)?;
    Some(one.name.clone()).filter(|name| !name.is_empty())
}

/// Puts the names that a lookup has beside the ids of one record that have none yet; those of a list all or none. What is
/// told where ids stand alone.
pub(super) async fn ask_beside(
    row: &mut Map<String, Value>,
    namings: &[(&str, &Naming)],
    asked: &(dyn Fn(&str) -> bool + Sync),
    session: &Session,
) -> Option<String> {
    let mut wanted: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let nameless =
        |naming: &Naming, row: &Map<String, Value>| !asked(&naming.shown) && !row.contains_key(&naming.shown);
    for (field, naming) in namings {
        if let Some(lookup) = naming.by_ids.as_deref().filter(|_| nameless(naming, row)) {
            let ids = ids_in(row.get(*field));
            wanted.entry(lookup).or_default().extend(ids.map(str::to_owned));
        }
    }
    let wanted = wanted.into_iter().filter(|(_, ids)| !ids.is_empty());
    let record = &*row;
    let read = wanted.map(async |(lookup, mut ids): (&str, Vec<String>)| {
        ids.sort();
        ids.dedup();
        ids.truncate(MOST);
        by_ids(session, lookup, record, &ids).await
    });
    let (mut known, mut alone): (Vec<Named>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut why = "Zoho names nothing by them".to_owned();
    for read in join_all(read).await {
        match read {
            Ok(named) => known.extend(named),
            Err(error) => error.error.trim_end_matches('.').clone_into(&mut why),
        }
    }
    let name_of = |id: &str| {
        let mut known = known.iter();
        let name = known.find(|one| one.id == id).map(|one| one.name.clone());
        name.filter(|name| !name.is_empty())
    };
    for (field, naming) in namings {
        if naming.by_ids.is_none() || !nameless(naming, row) {
            continue;
        }
        let ids: Vec<&str> = ids_in(row.get(*field)).collect();
        let names: Option<Vec<String>> = ids.iter().map(|id| name_of(id)).collect();
        let shown = match (row.get(*field), names) {
            (Some(Value::Array(_)), Some(names)) if !names.is_empty() => Value::from(names),
            (Some(Value::String(_)), Some(names)) => Value::from(names.concat()),
            (_, names) => {
                alone.extend(names.is_none().then_some(*field));
                continue;
            }
        };
        row.insert(naming.shown.clone(), shown);
    }
    (!alone.is_empty()).then(|| format!("No names beside {}: {why}.", alone.join(", ")))
}

/// The ids that a member is, or is a list of.
fn ids_in(member: Option<&Value>) -> impl Iterator<Item = &str> {
    let (one, list) = match member {
        Some(Value::Array(list)) => (None, list.as_slice()),
        one => (one, &[][..]),
    };
    one.into_iter().chain(list).filter_map(Value::as_str)
}
