//! The order inside a room: in `src/tools` each part uses what lies below it, and nowhere do parts of one room use each
//! other in a circle.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::paths::{Form, Mention, Mentions};
use super::scope::Target;
use super::table::FLOORS;
use super::walls::{breach, breaches, mentions, place_of};
use super::{Breach, SourceFile};

/// The part that tells the story, which nobody below it may know.
const STORY: &str = "tools";

/// What a part of `src/tools` takes from above it, or from the story itself.
pub(crate) fn upward(file: &SourceFile) -> Vec<Breach> {
    let place = place_of(&file.path);
    let Some(own) = place
        .strip_prefix("tools/")
        .and_then(|rest| rest.split('/').next())
    else {
        return Vec::new();
    };
    let floor = |part: &str| FLOORS.iter().position(|known| *known == part);
    let Some(height) = floor(own) else {
        return vec![breach(file, 1, format!("`{own}` has no floor in src/tools"))];
    };
    breaches(file, |mention, target| {
        let Target::Inside(path) = target else { return None };
        let below = path.strip_prefix(&[STORY.to_owned()])?;
        let Some(part) = below.first() else {
            let import = matches!(mention.form, Form::Import { .. });
            return import.then(|| format!("{own} takes the whole of tools"));
        };
        let whole = path.join("::");
        match floor(part) {
            Some(other) if other > height => Some(format!("`{whole}`: {part} lies above {own}")),
            Some(_) => None,
            None => Some(format!("`{whole}` is of tools.rs, and {own} lies below it")),
        }
    })
}

/// Parts of one folder by what they are called, and what each uses of the others, with the place it is first named at.
type Uses = BTreeMap<String, BTreeMap<String, (String, usize)>>;

/// Circles among the parts of every folder: a part is a file and the folder of its name.
pub(crate) fn circles(files: &[SourceFile]) -> Vec<Breach> {
    let read: Vec<(Vec<String>, &SourceFile, Mentions)> = files
        .iter()
        .map(|file| (segments(&file.path), file, mentions(file)))
        .collect();
    let folders: BTreeSet<&[String]> = read
        .iter()
        .flat_map(|(place, ..)| (1..place.len()).map(|depth| &place[..depth]))
        .collect();
    folders
        .into_iter()
        .flat_map(|folder| in_one(folder, &read))
        .collect()
}

fn in_one(folder: &[String], read: &[(Vec<String>, &SourceFile, Mentions)]) -> Vec<Breach> {
    let inside = read
        .iter()
        .filter(|(place, ..)| place.len() > folder.len() && place.starts_with(folder));
    let parts: BTreeSet<&String> = inside.clone().map(|(place, ..)| &place[folder.len()]).collect();
    let door = read.iter().find(|(place, ..)| place == folder);
    let mut uses = Uses::new();
    for (place, file, mentions) in inside {
        let own = &place[folder.len()];
        for mention in &mentions.found {
            let Some(Target::Inside(path)) = mentions.scopes.resolve(mention) else {
                continue;
            };
            let Some(name) = path.strip_prefix(folder).and_then(|rest| rest.first()) else {
                continue;
            };
            let part = if parts.contains(name) {
                Some(name.clone())
            } else {
                door.and_then(|(_, _, door)| handed_on(door, folder, name))
            };
            if let Some(part) = part.filter(|part| part != own && parts.contains(part)) {
                let at = (file.path.clone(), mention.line);
                uses.entry(own.clone()).or_default().entry(part).or_insert(at);
            }
        }
    }
    told(folder, &uses)
}

/// The part that a name of the folder's own file is taken from.
fn handed_on(door: &Mentions, folder: &[String], name: &str) -> Option<String> {
    let mention = Mention {
        segments: vec!["self".to_owned(), name.to_owned()],
        module: folder.to_vec(),
        line: 0,
        form: Form::Plain,
    };
    match door.scopes.resolve(&mention)? {
        Target::Inside(path) => path.strip_prefix(folder)?.first().cloned(),
        Target::Outside(_) => None,
    }
}

/// One breach for each part that leads back to itself, unless a circle told before goes through it.
fn told(folder: &[String], uses: &Uses) -> Vec<Breach> {
    let mut seen: BTreeSet<&String> = BTreeSet::new();
    let mut found = Vec::new();
    for part in uses.keys() {
        if seen.contains(part) {
            continue;
        }
        let Some(circle) = way_back(part, uses) else {
            continue;
        };
        seen.extend(&circle);
        let next = circle.get(1).copied().unwrap_or(part);
        let (path, line) = &uses[part][next];
        let names: Vec<&str> = circle.iter().map(|part| part.as_str()).collect();
        found.push(Breach {
            path: path.clone(),
            line: *line,
            what: format!(
                "a circle in {}: {} -> {part}",
                folder.join("/"),
                names.join(" -> ")
            ),
        });
    }
    found
}

/// The shortest way from a part back to itself.
fn way_back<'u>(start: &'u String, uses: &'u Uses) -> Option<Vec<&'u String>> {
    let mut open = VecDeque::from([vec![start]]);
    let mut seen = BTreeSet::new();
    while let Some(way) = open.pop_front() {
        let next = uses.get(way[way.len() - 1]).into_iter().flat_map(BTreeMap::keys);
        for part in next {
            if part == start {
                return Some(way);
            }
            if seen.insert(part) {
                open.push_back(way.iter().copied().chain([part]).collect());
            }
        }
    }
    None
}

fn segments(path: &str) -> Vec<String> {
    place_of(path).split('/').map(str::to_owned).collect()
}
