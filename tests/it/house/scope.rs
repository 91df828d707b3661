//! What a path means: an outside crate, or a place in this one.

use std::collections::{HashMap, HashSet};

use super::paths::Mention;
use super::table::HOMES;

/// Where a path leads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// To an outside crate or the standard library: the full path from its name.
    Outside(Vec<String>),
    /// To this crate: the path below the crate root.
    Inside(Vec<String>),
}

#[derive(Default)]
struct Scope {
    modules: HashSet<String>,
    names: HashMap<String, Vec<String>>,
    globs: Vec<Vec<String>>,
}

/// The names that each module of one file binds.
#[derive(Default)]
pub(crate) struct Scopes {
    of: HashMap<Vec<String>, Scope>,
}

/// Renames of renames are followed this far.
const MOST_STEPS: usize = 16;

impl Scopes {
    pub(crate) fn declare(&mut self, module: &[String], name: String) {
        self.of.entry(module.to_vec()).or_default().modules.insert(name);
    }

    pub(crate) fn bind(&mut self, module: &[String], name: String, target: Vec<String>) {
        if target.first() != Some(&name) {
            self.of
                .entry(module.to_vec())
                .or_default()
                .names
                .insert(name, target);
        }
    }

    pub(crate) fn open(&mut self, module: &[String], target: Vec<String>) {
        self.of.entry(module.to_vec()).or_default().globs.push(target);
    }

    /// Where `mention` leads; `None` for what is bound in the same place (a variable, a type of the file).
    pub(crate) fn resolve(&self, mention: &Mention) -> Option<Target> {
        let import = !matches!(
            mention.form,
            super::paths::Form::Plain | super::paths::Form::ExportedType
        );
        self.follow(mention.segments.clone(), &mention.module, import, MOST_STEPS)
    }

    fn follow(&self, path: Vec<String>, module: &[String], import: bool, steps: usize) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        let steps = steps.checked_sub(1)?;
        match first.as_str() {
            "::" if rest.first().is_some_and(|name| name == "crate") => {
                Some(Target::Inside(rest[1..].to_vec()))
            }
            "::" => Some(outside(rest)),
            "crate" if module.first().is_some_and(|room| room == "sandbox") => Some(in_sandbox(rest)),
            "crate" | "zoho_mcp" => Some(Target::Inside(rest.to_vec())),
            "zoho_sandbox" => Some(in_sandbox(rest)),
            "self" if rest.first().is_some_and(|next| next == "super") => {
                self.follow(rest.to_vec(), module, import, steps)
            }
            "self" => Some(self.below(module, rest, steps)),
            "super" => {
                let (_, above) = module.split_last()?;
                if rest.first().is_some_and(|next| next == "super") {
                    return self.follow(rest.to_vec(), above, import, steps);
                }
                Some(self.below(above, rest, steps))
            }
            name => self.by_name(name, rest, module, import, steps),
        }
    }

    /// `rest` seen from a module of this crate; a name bound there by a `use` of the same file is followed.
    fn below(&self, module: &[String], rest: &[String], steps: usize) -> Target {
        let bound = rest.first().and_then(|name| self.of.get(module)?.names.get(name));
        let followed = bound.and_then(|target| {
            let path = target.iter().chain(&rest[1..]).cloned().collect();
            self.follow(path, module, true, steps)
        });
        followed.unwrap_or_else(|| Target::Inside(module.iter().chain(rest).cloned().collect()))
    }

    fn by_name(
        &self,
        name: &str,
        rest: &[String],
        module: &[String],
        import: bool,
        steps: usize,
    ) -> Option<Target> {
        let scope = self.of.get(module);
        if let Some(target) = scope.and_then(|scope| scope.names.get(name)) {
            let path = target.iter().chain(rest).cloned().collect();
            return self.follow(path, module, true, steps);
        }
        let whole = || std::iter::once(name.to_owned()).chain(rest.iter().cloned());
        if scope.is_some_and(|scope| scope.modules.contains(name)) {
            return Some(Target::Inside(module.iter().cloned().chain(whole()).collect()));
        }
        if is_outside(name) && (import || !rest.is_empty()) {
            return Some(Target::Outside(whole().collect()));
        }
        let root = scope
            .into_iter()
            .flat_map(|scope| &scope.globs)
            .any(|glob| self.follow(glob.clone(), module, true, steps) == Some(Target::Inside(Vec::new())));
        (root && !rest.is_empty()).then(|| Target::Inside(whole().collect()))
    }
}

/// The sandbox is a crate of its own, and a room of the house.
fn in_sandbox(path: &[String]) -> Target {
    let room = std::iter::once("sandbox".to_owned());
    Target::Inside(room.chain(path.iter().cloned()).collect())
}

fn outside(path: &[String]) -> Target {
    match path.first().map(String::as_str) {
        Some("zoho_sandbox") => in_sandbox(&path[1..]),
        Some("zoho_mcp") => Target::Inside(path[1..].to_vec()),
        _ => Target::Outside(path.to_vec()),
    }
}

fn is_outside(name: &str) -> bool {
    matches!(name, "std" | "core" | "alloc")
        || HOMES.iter().any(|(row, _)| row.split("::").next() == Some(name))
}
