//! The shape of the tree: short files, telling names, a clean top level.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use proc_macro2::Ident;
use syn::visit::{self, Visit};

use super::table::{EMPTY_NAMES, MOST_LINES, SCOPE_FAMILIES, TELLING_ROOMS, TOP_LEVEL};
use super::{Breach, SourceFile};

/// Files of more than [`MOST_LINES`] lines.
pub(crate) fn too_long(file: &SourceFile) -> Option<Breach> {
    let lines = file.text.lines().count();
    let what = format!("{lines} lines, at most {MOST_LINES}");
    (lines > MOST_LINES).then(|| Breach {
        path: file.path.clone(),
        line: lines,
        what,
    })
}

/// Files that do not open with what they are for.
pub(crate) fn says_nothing(file: &SourceFile) -> Option<Breach> {
    (!file.text.starts_with("//! ")).then(|| Breach {
        path: file.path.clone(),
        line: 1,
        what: "a file opens with `//!`: what it is for".to_owned(),
    })
}

/// OAuth scopes of Zoho outside the sandbox: they are data, of `tool-schemas/`.
pub(crate) fn scopes_in_code(file: &SourceFile) -> Vec<Breach> {
    if file.path.starts_with("src/sandbox") {
        return Vec::new();
    }
    let lines = file.text.lines().enumerate();
    let code = lines.filter(|(_, line)| !line.trim_start().starts_with("//"));
    let named = code.filter_map(|(index, line)| {
        let begins = |family: &&&str| line.contains(&format!("\"{family}."));
        let family = SCOPE_FAMILIES.iter().find(begins)?;
        Some((index + 1, *family))
    });
    named
        .map(|(line, family)| Breach {
            path: file.path.clone(),
            line,
            what: format!("a scope of {family} belongs into tool-schemas"),
        })
        .collect()
}

/// Commands of this program named where nobody knows who reads it: below the tools, and in the tools outside the file that
/// puts into words what mends an error.
pub(crate) fn commands_in_code(file: &SourceFile) -> Vec<Breach> {
    let words = ["src/tools/mending.rs"];
    let speaks = TELLING_ROOMS.iter().any(|room| is_below(&file.path, room));
    if speaks || words.contains(&file.path.as_str()) {
        return Vec::new();
    }
    let lines = file.text.lines().enumerate();
    let code = lines.filter(|(_, line)| !line.trim_start().starts_with("//"));
    let names_one = |line: &str| {
        let mut after = line.split("zoho-mcp ").skip(1);
        after.any(|rest| rest.starts_with(|sign: char| sign.is_ascii_lowercase() || sign == '-'))
    };
    let named = code.filter(|(_, line)| names_one(line));
    named
        .map(|(index, _)| Breach {
            path: file.path.clone(),
            line: index + 1,
            what: "a command is named where nobody knows who reads it: make it a `Mend`".to_owned(),
        })
        .collect()
}

/// Failures told apart by their codes, Zoho's or ours, in the server: what is to be done about one is said by the tools.
pub(crate) fn codes_in_the_server(file: &SourceFile) -> Vec<Breach> {
    if !is_below(&file.path, "server") {
        return Vec::new();
    }
    let lines = file.text.lines().enumerate();
    let code = lines.filter(|(_, line)| !line.trim_start().starts_with("//"));
    let tells = code.filter(|(_, line)| names_a_code(line));
    tells
        .map(|(index, _)| Breach {
            path: file.path.clone(),
            line: index + 1,
            what: "the server tells failures apart by their codes: let the tools say what is to be done"
                .to_owned(),
        })
        .collect()
}

/// Paths of two styles: `super` is one step up and only that step, everything farther is named from `crate`.
pub(crate) fn paths_of_two_styles(file: &SourceFile) -> Vec<Breach> {
    let rooms = file.path.trim_start_matches("src/").trim_end_matches(".rs");
    let parent = rooms.rsplit_once('/').map(|(above, _)| above.replace('/', "::"));
    let long_way = parent.map(|above| format!("crate::{above}::"));
    let lines = file.text.lines().enumerate();
    let climbs = lines.filter(|(_, line)| {
        let by_crate = |way: &String| line.trim_start().contains(&format!("use {way}"));
        line.contains("super::super") || long_way.as_ref().is_some_and(by_crate)
    });
    climbs
        .map(|(index, _)| Breach {
            path: file.path.clone(),
            line: index + 1,
            what: "one step up is `super`, everything farther is named from `crate`".to_owned(),
        })
        .collect()
}

/// A member `code` or `rejection`, our `Code`, or a text that looks like a code of Zoho's.
fn names_a_code(line: &str) -> bool {
    let part_of_a_word = |sign: char| sign.is_alphanumeric() || sign == '_';
    let names = |name: &str| {
        line.match_indices(name).any(|(at, _)| {
            let (before, after) = (&line[..at], &line[at + name.len()..]);
            let is_a_part =
                name == "Code" && before.ends_with(part_of_a_word) || after.starts_with(part_of_a_word);
            !is_a_part
        })
    };
    let shouted =
        |text: &str| text.contains('_') && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let texts = line.split('"').skip(1).step_by(2);
    [".code", ".rejection", "Code"].into_iter().any(names)
        || !line.contains("env!") && texts.into_iter().any(shouted)
}

fn is_below(path: &str, room: &str) -> bool {
    let inside = path.strip_prefix("src/").and_then(|path| path.strip_prefix(room));
    inside.is_some_and(|rest| rest.starts_with(['/', '.']))
}

/// Files, modules and types whose name says nothing.
pub(crate) fn empty_names(file: &SourceFile) -> Vec<Breach> {
    let path_words = file.path.split(['/', '.', '_', '-']);
    let in_path = path_words.filter(|word| is_empty(word)).map(|word| Breach {
        path: file.path.clone(),
        line: 1,
        what: format!("a file named after {word}"),
    });
    let items = Items::of(file).items;
    let in_items = items
        .iter()
        .filter(|item| words(&item.name).iter().any(|word| is_empty(word)));
    in_path
        .chain(in_items.map(|item| item.breach(file, format!("{} {}", item.kind, item.name))))
        .collect()
}

/// The names at the top of the repository: what git tracks or would track, else what lies in the folder.
pub(crate) fn top_level(repository: &Path) -> Vec<String> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(repository)
        .output();
    let tracked: BTreeSet<String> = match listed {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let present = text.split('\0').filter(|path| repository.join(path).exists());
            present
                .filter_map(|path| path.split('/').next())
                .map(str::to_owned)
                .collect()
        }
        _ => BTreeSet::new(),
    };
    if tracked.len() > 1 {
        return tracked.into_iter().collect();
    }
    let entries = std::fs::read_dir(repository)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    entries
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| name != "target")
        .collect()
}

/// Top-level names that do not belong there.
pub(crate) fn strangers_on_top(names: &[String]) -> Vec<Breach> {
    let known = |name: &str| name.is_empty() || name.starts_with('.') || TOP_LEVEL.contains(&name);
    let strangers = names.iter().filter(|name| !known(name));
    let what = "does not belong at the top of the repository";
    strangers
        .map(|name| Breach {
            path: name.clone(),
            line: 1,
            what: what.to_owned(),
        })
        .collect()
}

fn is_empty(word: &str) -> bool {
    EMPTY_NAMES.contains(&word.to_lowercase().as_str())
}

/// `TokenManager` and `token_manager` are both `token`, `manager`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in name.chars() {
        if letter == '_' || letter.is_uppercase() {
            words.push(String::new());
        }
        if letter != '_' {
            words.last_mut().unwrap().extend(letter.to_lowercase());
        }
    }
    words
}

struct Item {
    kind: &'static str,
    name: String,
    line: usize,
}

impl Item {
    fn breach(&self, file: &SourceFile, what: String) -> Breach {
        Breach {
            path: file.path.clone(),
            line: self.line,
            what,
        }
    }
}

#[derive(Default)]
struct Items {
    items: Vec<Item>,
}

impl Items {
    fn of(file: &SourceFile) -> Items {
        let tree = syn::parse_file(&file.text).unwrap_or_else(|e| panic!("{}: {e}", file.path));
        let mut seen = Items::default();
        seen.visit_file(&tree);
        seen
    }

    fn add(&mut self, kind: &'static str, name: &Ident) {
        self.items.push(Item {
            kind,
            name: name.to_string(),
            line: name.span().start().line,
        });
    }
}

macro_rules! note {
    ($($method:ident $type:ident $kind:literal),* $(,)?) => {
        $(fn $method(&mut self, item: &'ast syn::$type) {
            self.add($kind, &item.ident);
            visit::$method(self, item);
        })*
    };
}

impl<'ast> Visit<'ast> for Items {
    note! {
        visit_item_struct ItemStruct "struct",
        visit_item_enum ItemEnum "enum",
        visit_item_union ItemUnion "union",
        visit_item_trait ItemTrait "trait",
        visit_item_type ItemType "type",
        visit_item_mod ItemMod "mod",
    }
}
