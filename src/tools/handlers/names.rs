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
    let found: Vec<(&str, Option<String>)> = namings
        .iter()
        .map(|(field, naming)| {
            let own = naming.find(row).and_then(|one| Some(read_named(one)?.name));
            let own = own.filter(|name| !name.is_empty());
            let id = row.get(*field).and_then(Value::as_str);
            let name = own.or_else(|| remembered(context, session, naming, id?));
            (naming.shown.as_str(), name.filter(|_| id.is_some()))
        })
        .collect();
    for (shown, name) in found.into_iter().filter(|(shown, _)| !asked(shown)) {
        row.extend(name.map(|name| (shown.to_owned(), Value::String(name))));
    }
    for root in namings.iter().flat_map(|(_, naming)| naming.roots()) {
        if !asked(root) && row.get(root).is_some_and(Value::is_object) {
            row.shift_remove(root);
        }
    }
}

fn remembered(context: &Context<'_>, session: &Session, naming: &Naming, id: &str) -> Option<String> {
    let kind = Kind::find(naming.kind.as_deref()?)?;
    let known = &context.invocation.equipment().settings.names;
    let list = known.recall(session, kind)?;
    let one = list.iter().find(|one| one.id == id)?;
    Some(one.name.clone()).filter(|name| !name.is_empty())
}
