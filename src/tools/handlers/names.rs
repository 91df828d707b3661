//! The names behind ids: of people, departments, teams and companies, as a row has them itself, else as they are remembered,
//! else as a lookup has them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::{Map, Value};

use super::Context;
use crate::tools::modules::{Kind, Naming};
use crate::tools::settings::named::{by_ids, read_named};
use crate::zoho::Session;

/// Ids that one call of a lookup takes at most (Desk OAS, getContactsByIds), and calls of a lookup for one answer.
const MOST: usize = 20;
const CALLS: usize = 3;
/// Why an id stands alone.
const NAMELESS: &str = "Zoho names nothing by them";
const TOO_MANY: &str = "not looked up, there are too many";
const UNPLACED: &str = "Zoho names them by a record that is not known here";

/// A lookup or the kind of a list, and the record that a lookup is asked about, where it is about one.
type Place<'n> = (&'n str, Option<String>);

/// What is known of ids: the name of each, or why there is none.
type Named<'n> = BTreeMap<(Place<'n>, String), Result<String, String>>;

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
            let own = naming.find(row, id).and_then(name_of);
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

/// The name of whom a row has beside an id; a case is known by its number.
fn name_of(one: &Map<String, Value>) -> Option<String> {
    let text = |key: &str| one.get(key).and_then(Value::as_str);
    match (text("ticketNumber"), text("subject")) {
        (Some(number), subject) => Some(
            format!("#{number} {}", subject.unwrap_or_default())
                .trim_end()
                .to_owned(),
        ),
        (None, _) => Some(read_named(one)?.name),
    }
}

/// The names that are not beside ids which these rows have; those asked for themselves are not among them.
pub(super) fn find_unnamed<'n>(
    rows: &[Map<String, Value>],
    namings: &[(&str, &'n Naming)],
    asked: &dyn Fn(&str) -> bool,
) -> impl Iterator<Item = &'n str> {
    let is_alone = |field: &str, shown: &str| {
        let mut alone = rows.iter().filter(|row| !row.contains_key(shown));
        alone.any(|row| row.get(field).is_some_and(|id| !id.is_null()))
    };
    let unnamed = namings
        .iter()
        .filter(move |(field, naming)| !asked(&naming.shown) && is_alone(field, &naming.shown));
    unnamed.map(|(_, naming)| naming.shown.as_str())
}

/// Asks for the lists that name these ids, as far as they are not remembered: whoever writes many rows asks once. What Zoho
/// refuses stays an id.
pub(super) async fn remember(context: &Context<'_>, session: &Session, namings: &[(&str, &Naming)]) {
    let known = &context.invocation.equipment().settings.names;
    let kinds = namings
        .iter()
        .filter_map(|(_, naming)| Kind::find(naming.kind.as_deref()?));
    let mut each: Vec<Kind> = Vec::new();
    for kind in kinds {
        if !each.contains(&kind) {
            each.push(kind);
        }
    }
    join_all(each.into_iter().map(|kind| known.of(session, None, kind, false))).await;
}

fn remembered(context: &Context<'_>, session: &Session, naming: &Naming, id: &str) -> Option<String> {
    let kind = Kind::find(naming.kind.as_deref()?)?;
    let known = &context.invocation.equipment().settings.names;
    let list = known.recall(session, kind)?;
    let one = list.iter().find(|one| one.id == id)?;
    Some(one.name.clone()).filter(|name| !name.is_empty())
}

/// Puts the names that lookups and remembered lists have beside the ids of rows that have none yet; those of a list all or
/// none. What is told where ids stand alone.
pub(super) async fn ask_beside(
    rows: &mut [&mut Map<String, Value>],
    namings: &[(&str, &Naming)],
    asked: &(dyn Fn(&str) -> bool + Sync),
    context: &Context<'_>,
    session: &Session,
) -> Option<String> {
    let several = rows.len() > 1;
    // What is asked about one record at a time is asked for no page of them.
    let is_each = |field: &str, naming: &Naming| several && naming.of.as_deref() == Some(field);
    let looked_up = namings.iter().filter(|(field, naming)| {
        source(naming).is_some() && !is_each(field, naming) && !asked(&naming.shown)
    });
    let looked_up: Vec<(&str, &Naming)> = looked_up.copied().collect();
    let mut wanted: BTreeMap<Place<'_>, BTreeSet<&str>> = BTreeMap::new();
    for row in rows.iter() {
        for (field, naming) in looked_up
            .iter()
            .filter(|(_, naming)| !row.contains_key(&naming.shown))
        {
            if let Some(place) = place(naming, row) {
                wanted.entry(place).or_default().extend(ids_in(row.get(*field)));
            }
        }
    }
    let known = look_up(&wanted, context, session).await;
    let mut alone: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for row in rows {
        for (field, naming) in &looked_up {
            if row.contains_key(&naming.shown) {
                continue;
            }
            match names_of(row.get(*field), place(naming, row).as_ref(), &known) {
                Ok(names) => row.extend(names.map(|names| (naming.shown.clone(), names))),
                Err(why) => *alone.entry(why).or_default().entry(*field).or_default() += 1,
            }
        }
    }
    let told = alone.iter().map(|(why, fields)| {
        let fields = fields.iter().map(|(field, times)| match several {
            true => format!("{times} of {field}"),
            false => (*field).to_owned(),
        });
        let fields: Vec<String> = fields.collect();
        format!("No names beside {}: {why}.", fields.join(", "))
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| told.join(" "))
}

/// The lookup that names ids, else the list that does.
fn source(naming: &Naming) -> Option<&str> {
    naming.by_ids.as_deref().or(naming.kind.as_deref())
}

/// Where what a row has there is named; none where the row does not tell of which record that is asked.
fn place<'n>(naming: &'n Naming, row: &Map<String, Value>) -> Option<Place<'n>> {
    let of = match &naming.of {
        Some(of) => Some(row.get(of)?.as_str()?.to_owned()),
        None => None,
    };
    Some((source(naming)?, of))
}

/// The names that lookups and lists have for ids; those that are not among them were not asked for.
async fn look_up<'n>(
    wanted: &BTreeMap<Place<'n>, BTreeSet<&str>>,
    context: &Context<'_>,
    session: &Session,
) -> Named<'n> {
    let mut calls: BTreeMap<&str, usize> = BTreeMap::new();
    let mut asked = Vec::new();
    for (place, ids) in wanted {
        let ids: Vec<&str> = ids.iter().copied().collect();
        // A list has all of them at once.
        let most = Kind::find(place.0).map_or(MOST, |_| ids.len());
        for some in ids.chunks(most.max(1)) {
            let made = calls.entry(place.0).or_default();
            *made += 1;
            if *made <= CALLS {
                asked.push((place, some.to_vec()));
            }
        }
    }
    let lists = &context.invocation.equipment().settings.names;
    let read = asked
        .into_iter()
        .map(async |(place, ids): (&Place<'n>, Vec<&str>)| {
            let named = match Kind::find(place.0) {
                Some(kind) => lists.of(session, None, kind, false).await.map(|(list, _)| list),
                None => by_ids(session, place.0, place.1.as_deref(), &ids)
                    .await
                    .map(Arc::new),
            };
            (place, ids, named)
        });
    let mut known = BTreeMap::new();
    for (place, ids, named) in join_all(read).await {
        for id in ids {
            let name = match &named {
                Err(error) => Err(error.error.trim_end_matches('.').to_owned()),
                Ok(named) => {
                    let name = named.iter().find(|one| one.id == id).map(|one| one.name.clone());
                    name.filter(|name| !name.is_empty())
                        .ok_or_else(|| NAMELESS.to_owned())
                }
            };
            known.insert((place.clone(), id.to_owned()), name);
        }
    }
    known
}

/// The names of the ids that a member is or is a list of, shown as it is; none where there are no ids; or why there are none.
fn names_of<'k>(
    member: Option<&Value>,
    place: Option<&Place<'k>>,
    known: &'k Named<'k>,
) -> Result<Option<Value>, &'k str> {
    let names = ids_in(member).map(|id| {
        let place = place.ok_or(UNPLACED)?;
        match known.get(&(place.clone(), id.to_owned())) {
            Some(Ok(name)) => Ok(name.clone()),
            Some(Err(why)) => Err(why.as_str()),
            None => Err(TOO_MANY),
        }
    });
    let names = names.collect::<Result<Vec<String>, &str>>()?;
    Ok(match member {
        Some(Value::Array(_)) if !names.is_empty() => Some(Value::from(names)),
        Some(Value::String(_)) if !names.is_empty() => Some(Value::from(names.concat())),
        _ => None,
    })
}

/// The ids that a member is, or is a list of.
fn ids_in(member: Option<&Value>) -> impl Iterator<Item = &str> {
    let (one, list) = match member {
        Some(Value::Array(list)) => (None, list.as_slice()),
        one => (one, &[][..]),
    };
    let ids = one.into_iter().chain(list).filter_map(Value::as_str);
    ids.filter(|id| !id.is_empty())
}
