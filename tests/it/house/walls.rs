//! The walls between rooms, and between the rooms and the outside.

use super::paths::{Form, Mention, Mentions};
use super::scope::Target;
use super::table::{HOMES, Home, ROOMS};
use super::{Breach, SourceFile};

/// Outside crates, and parts of the standard library, named outside their room.
pub(crate) fn outside_crates(file: &SourceFile) -> Vec<Breach> {
    breaches(file, |mention, target| {
        let Target::Outside(path) = target else {
            return None;
        };
        let place = place_of(&file.path);
        let glob = matches!(mention.form, Form::Import { glob: true, .. });
        let (row, home) = rows_touched(path, glob).find(|(_, home)| !allows(home, &place))?;
        Some(format!("`{}`: {row} {}", path.join("::"), described(home)))
    })
}

/// Names of outside crates, and of other rooms, that a room makes its own.
pub(crate) fn reexports(file: &SourceFile) -> Vec<Breach> {
    let room = room_of(&file.path);
    breaches(file, |mention, target| {
        let whole = match mention.form {
            Form::Import { exported: true, glob } => Some(glob),
            Form::ExportedType => None,
            _ => return None,
        };
        match target {
            Target::Outside(path) => {
                let free = matches!(path[0].as_str(), "std" | "core" | "alloc");
                let homed = |(_, home): &(&str, &Home)| matches!(home, Home::Only(_));
                let caught = match whole {
                    Some(glob) if free => rows_touched(path, glob).any(|row| homed(&row)),
                    Some(_) => true,
                    None => rows_touched(path, false).any(|row| homed(&row)),
                };
                caught.then(|| format!("hands on `{}`, which is not ours", path.join("::")))
            }
            Target::Inside(path) => {
                let other = path.first().filter(|first| **first != room && is_room(first))?;
                if room == "main" && path.len() == 1 {
                    return None; // a room of the house, as `pub mod` is
                }
                Some(format!(
                    "hands on `crate::{}`, which belongs to {other}",
                    path.join("::")
                ))
            }
        }
    })
}

/// Rooms that a room may not use, and what is not in any room.
pub(crate) fn rooms(file: &SourceFile) -> Vec<Breach> {
    let room = room_of(&file.path);
    let Some((_, usable)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        return vec![breach(file, 1, format!("`{room}` is no room of the house"))];
    };
    breaches(file, |mention, target| {
        let Target::Inside(path) = target else { return None };
        let Some(first) = path.first() else {
            let import = matches!(mention.form, Form::Import { .. });
            return import.then(|| "takes the whole crate root".to_owned());
        };
        if *first == room || usable.contains(&first.as_str()) || room == "main" {
            return None;
        }
        let whole = path.join("::");
        Some(match is_room(first) {
            true => format!("`crate::{whole}`: {room} may not use {first}"),
            false => format!("`crate::{whole}`: the crate root holds rooms and nothing else"),
        })
    })
}

/// Ways to put a file elsewhere than its module path says.
pub(crate) fn detours(file: &SourceFile) -> Vec<Breach> {
    let seen = mentions(file).detours.into_iter();
    seen.map(|(line, what)| breach(file, line, format!("{what} hides where code is")))
        .collect()
}

/// Dependencies without a row in the table, and rows without a dependency.
pub(crate) fn homeless(manifests: &[&str]) -> Vec<Breach> {
    let tables = manifests
        .iter()
        .map(|manifest| manifest.parse::<toml::Table>().expect("Cargo.toml"));
    let names: Vec<String> = tables
        .flat_map(|table| dependency_names(&table).collect::<Vec<_>>())
        .map(|name| name.replace('-', "_"))
        // A room of the house.
        .filter(|name| name != "zoho_sandbox")
        .collect();
    let at = |what: String| Breach {
        path: "Cargo.toml".to_owned(),
        line: 1,
        what,
    };
    let has_row = |name: &String| HOMES.iter().any(|(row, _)| crate_of(row) == name);
    let without = names
        .iter()
        .filter(|name| !has_row(name))
        .map(|name| at(format!("{name} has no home")));
    let crates = HOMES
        .iter()
        .map(|(row, _)| crate_of(row))
        .filter(|name| *name != "std");
    let stale = crates.filter(|name| !names.iter().any(|known| known == name));
    without
        .chain(stale.map(|name| at(format!("{name} has a home but is no dependency"))))
        .collect()
}

fn dependency_names(manifest: &toml::Table) -> impl Iterator<Item = String> {
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    let tables = targets
        .into_iter()
        .flat_map(|t| t.values())
        .filter_map(toml::Value::as_table);
    let sections = std::iter::once(manifest).chain(tables);
    sections
        .flat_map(|table| [table.get("dependencies"), table.get("build-dependencies")])
        .flatten()
        .filter_map(toml::Value::as_table)
        .flat_map(|table| table.keys().cloned().collect::<Vec<_>>())
}

fn crate_of(row: &str) -> &str {
    row.split("::").next().unwrap_or(row)
}

pub(super) fn mentions(file: &SourceFile) -> Mentions {
    let module = match room_of(&file.path).as_str() {
        "main" => Vec::new(),
        _ => place_of(&file.path).split('/').map(str::to_owned).collect(),
    };
    Mentions::of(&file.text, module).unwrap_or_else(|e| panic!("{}: {e}", file.path))
}

/// One breach for each thing said, at the first line that gives rise to it.
pub(super) fn breaches(
    file: &SourceFile,
    judge: impl Fn(&Mention, &Target) -> Option<String>,
) -> Vec<Breach> {
    let mentions = mentions(file);
    let mut found: Vec<Breach> = Vec::new();
    for mention in &mentions.found {
        let Some(target) = mentions.scopes.resolve(mention) else {
            continue;
        };
        let Some(what) = judge(mention, &target) else {
            continue;
        };
        if found.iter().all(|known| known.what != what) {
            found.push(breach(file, mention.line, what));
        }
    }
    found
}

pub(super) fn breach(file: &SourceFile, line: usize, what: String) -> Breach {
    Breach {
        path: file.path.clone(),
        line,
        what,
    }
}

/// `src/zoho/send.rs` is the place `zoho/send`, and `src/sandbox/lib.rs` the place `sandbox`.
pub(super) fn place_of(path: &str) -> String {
    let place = path.trim_start_matches("src/").trim_end_matches(".rs");
    place.trim_end_matches("/lib").to_owned()
}

fn room_of(path: &str) -> String {
    match place_of(path).split('/').next() {
        Some("main" | "lib") | None => "main".to_owned(),
        Some(room) => room.to_owned(),
    }
}

fn is_room(name: &str) -> bool {
    ROOMS.iter().any(|(room, _)| *room == name)
}

/// The row that speaks about `path` most closely, and for a glob also all rows below it.
fn rows_touched(path: &[String], glob: bool) -> impl Iterator<Item = (&'static str, &'static Home)> {
    let segments = |row: &'static str| row.split("::").map(str::to_owned).collect::<Vec<_>>();
    let closest = HOMES
        .iter()
        .filter(|(row, _)| path.starts_with(&segments(row)))
        .max_by_key(|(row, _)| row.len())
        .map(|(row, home)| (*row, home));
    let path = path.to_vec();
    let below = HOMES.iter().filter(move |(row, _)| {
        let row = segments(row);
        glob && row.len() > path.len() && row.starts_with(&path)
    });
    closest.into_iter().chain(below.map(|(row, home)| (*row, home)))
}

fn allows(home: &Home, place: &str) -> bool {
    match home {
        Home::Only(places) => places.iter().any(|allowed| covers(allowed, place)),
        Home::AllBut(places) => !places.iter().any(|barred| covers(barred, place)),
    }
}

fn covers(allowed: &str, place: &str) -> bool {
    match allowed.strip_suffix('*') {
        Some(start) => place.starts_with(start),
        None => place
            .strip_prefix(allowed)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
    }
}

fn described(home: &Home) -> String {
    match home {
        Home::Only(places) => format!("lives in {} only", places.join(", ")),
        Home::AllBut(places) => format!("has no place in {}", places.join(", ")),
    }
}
