//! The walls of the house: which outside crate lives in which room, which room may use which, and the shape of
//! the tree. The table in `house/table.rs` says what is allowed; `house/planted.rs` shows that each wall catches
//! what it is there for.

mod clocks;
mod elsewhen;
mod imports;
mod order;
mod paths;
mod planted;
mod scope;
mod shape;
mod table;
mod walls;

use std::fs;
use std::path::{Path, PathBuf};

/// One file of the tree: its path from the top of the repository, with `/`, and its text.
pub(crate) struct SourceFile {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// One breach of one wall, ready to be read by the person who made it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Breach {
    pub(crate) path: String,
    pub(crate) line: usize,
    pub(crate) what: String,
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &str, extensions: &[&str]) -> Vec<SourceFile> {
    let mut found = Vec::new();
    let mut open = vec![repository().join(folder)];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).unwrap_or_else(|e| panic!("{}: {e}", next.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path
                .extension()
                .and_then(|e| e.to_str())
                .is_some_and(|e| extensions.contains(&e))
            {
                let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
                found.push(SourceFile {
                    path: from_the_top(&path),
                    text,
                });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "no files below {folder}");
    found
}

fn from_the_top(path: &Path) -> String {
    let below: PathBuf = path.strip_prefix(repository()).unwrap().into();
    below
        .components()
        .map(|part| part.as_os_str().to_str().unwrap())
        .collect::<Vec<_>>()
        .join("/")
}

fn product() -> Vec<SourceFile> {
    let mut files = files_below("src", &["rs"]);
    // Programs of others, in short: each is a crate of its own that uses what it likes.
    files.retain(|file| !file.path.starts_with("src/sandbox/examples/"));
    files
}

#[track_caller]
fn none(breaches: Vec<Breach>) {
    let lines: Vec<String> = breaches
        .iter()
        .map(|b| format!("  {}:{}: {}", b.path, b.line, b.what))
        .collect();
    assert!(
        lines.is_empty(),
        "\n{}\n(the table is tests/it/house/table.rs)",
        lines.join("\n")
    );
}

#[test]
fn each_outside_crate_stays_in_its_room() {
    none(product().iter().flat_map(walls::outside_crates).collect());
}

#[test]
fn no_room_hands_an_outside_crate_on() {
    none(product().iter().flat_map(walls::reexports).collect());
}

#[test]
fn no_room_looks_upward() {
    none(product().iter().flat_map(walls::rooms).collect());
}

#[test]
fn no_part_of_tools_looks_upward() {
    none(product().iter().flat_map(order::upward).collect());
}

#[test]
fn no_parts_of_a_room_use_each_other_in_a_circle() {
    let tied = |breach: &Breach| {
        table::TIED
            .iter()
            .any(|room| breach.path.starts_with(&format!("src/{room}/")))
    };
    let circles = order::circles(&product()).into_iter();
    none(circles.filter(|breach| !tied(breach)).collect());
}

#[test]
fn a_file_is_where_its_module_path_says() {
    none(product().iter().flat_map(walls::detours).collect());
}

#[test]
fn a_test_that_reads_the_machines_clock_says_so() {
    let files = files_below("tests/it", &["rs", "py", "mjs", "sh"]);
    none(clocks::unsaid(&files));
}

#[test]
fn the_product_has_one_clock() {
    none(product().iter().flat_map(clocks::second_clocks).collect());
}

#[test]
fn no_scope_is_listed_in_code() {
    none(product().iter().flat_map(shape::scopes_in_code).collect());
}

#[test]
fn no_command_is_named_where_nobody_knows_who_reads_it() {
    none(product().iter().flat_map(shape::commands_in_code).collect());
}

#[test]
fn the_server_tells_no_failures_apart() {
    none(product().iter().flat_map(shape::codes_in_the_server).collect());
}

#[test]
fn files_are_short() {
    let mut files = product();
    files.extend(files_below("tests", &["rs", "py", "mjs", "sh"]));
    none(files.iter().flat_map(shape::too_long).collect());
}

#[test]
fn names_say_what_is_inside() {
    let mut files = product();
    files.extend(files_below("tests", &["rs"]));
    none(files.iter().flat_map(shape::empty_names).collect());
}

#[test]
fn the_top_level_holds_nothing_else() {
    none(shape::strangers_on_top(&shape::top_level(repository())));
}

#[test]
fn each_dependency_has_a_home_and_each_home_a_dependency() {
    let [product, sandbox] = ["Cargo.toml", "src/sandbox/Cargo.toml"]
        .map(|manifest| fs::read_to_string(repository().join(manifest)).unwrap());
    none(walls::homeless(&[&product, &sandbox]));
}

#[test]
fn paths_have_one_style() {
    none(product().iter().flat_map(shape::paths_of_two_styles).collect());
}

#[test]
fn imports_have_one_order() {
    let mut files = product();
    files.extend(files_below("tests", &["rs"]));
    none(files.iter().flat_map(imports::out_of_order).collect());
}

#[test]
fn each_file_says_what_it_is_for() {
    let mut files = product();
    files.extend(files_below("tests", &["rs"]));
    none(files.iter().filter_map(shape::says_nothing).collect());
}
