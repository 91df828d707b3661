//! The names behind ids: of people, departments, teams and companies, as a row has them itself, else as they are remembered.

use serde_json::{Map, Value};

use super::Context;
use crate::tools::modules::{Kind, Naming};
use crate::tools::settings::named::read_named;
use crate::zoho::Session;

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
