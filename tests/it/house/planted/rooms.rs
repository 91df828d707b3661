//! Rooms that look where they may not.

use super::super::{table, walls};
use super::{caught, let_through};

#[test]
fn no_room_looks_upward_however_the_path_is_written() {
    let ways = [
        "use crate::tools::Catalog;",
        "use crate::{tools::Catalog, connections::Connection};",
        "use crate::tools as above;",
        "use super::super::tools::Catalog;",
        "use self::super::super::tools;",
        "fn f() { crate::tools::run(); }",
        "fn f() { super::super::tools::run(); }",
        "mod inner { fn f() { super::super::super::tools::run(); } }",
        "fn f(c: &crate::tools::Catalog) {}",
        "fn f() { log!(\"{}\", crate::tools::NAME); }",
        "macro_rules! m { () => { $crate::tools::run() }; }",
        "fn f() { zoho_mcp::tools::run(); }",
        "extern crate self as me; fn f() { me::tools::run(); }",
        "use crate as me; fn f() { me::tools::run(); }",
        "use super::super as top; fn f() { top::tools::run(); }",
        "use crate::*; fn f() { tools::run(); }",
        "pub(in crate::tools) fn f() {}",
    ];
    let planted: Vec<_> = ways
        .iter()
        .map(|text| ("src/zoho/send.rs", *text, "zoho may not use tools"))
        .collect();
    caught(walls::rooms, &planted);
}

#[test]
fn each_room_is_kept_from_each_room_it_may_not_use() {
    // `crate` means another crate in the sandbox.
    let of_this_crate = |room: &str| !matches!(room, "main" | "sandbox");
    for (room, usable) in table::ROOMS.iter().filter(|(room, _)| of_this_crate(room)) {
        for (other, _) in table::ROOMS
            .iter()
            .filter(|(other, _)| *other != "main" && other != room)
        {
            let path = format!("src/{room}/corner.rs");
            let (import, full) = (
                format!("use crate::{other}::A;"),
                format!("fn f() {{ crate::{other}::a(); }}"),
            );
            if usable.contains(other) {
                let_through(walls::rooms, &[(&path, &import), (&path, &full)]);
            } else {
                let told = format!("{room} may not use {other}");
                caught(walls::rooms, &[(&path, &import, &told), (&path, &full, &told)]);
            }
        }
    }
}

#[test]
fn the_table_itself_points_downward() {
    for (room, usable) in table::ROOMS {
        for lower in *usable {
            let (_, back) = table::ROOMS
                .iter()
                .find(|(name, _)| name == lower)
                .expect("a known room");
            assert!(!back.contains(room), "{room} and {lower} use each other");
        }
    }
}

#[test]
fn the_crate_root_holds_rooms_only() {
    let planted = [
        (
            "src/zoho/send.rs",
            "use crate::Session;",
            "holds rooms and nothing else",
        ),
        ("src/zoho/send.rs", "use crate::*;", "the whole crate root"),
        ("src/zoho.rs", "use super::*;", "the whole crate root"),
        ("src/zoho.rs", "use crate::{self as me};", "the whole crate root"),
        ("src/kitchen.rs", "", "no room of the house"),
        ("src/kitchen/sink.rs", "", "no room of the house"),
    ];
    caught(walls::rooms, &planted);
    let innocent = [
        (
            "src/zoho/send.rs",
            "use super::oauth; use super::*; mod tests { use super::*; }",
        ),
        ("src/main.rs", "fn main() { zoho_mcp::cli::run(); }"),
        ("src/cli/demo.rs", "use crate::sandbox::start;"),
    ];
    let_through(walls::rooms, &innocent);
}

#[test]
fn a_file_cannot_be_put_elsewhere() {
    let planted = [
        (
            "src/zoho.rs",
            "#[path = \"../tools/send.rs\"] mod send;",
            "#[path]",
        ),
        (
            "src/zoho.rs",
            "#[cfg_attr(unix, path = \"unix.rs\")] mod send;",
            "#[path]",
        ),
        ("src/zoho.rs", "include!(\"../tools/send.rs\");", "include!"),
        ("src/zoho.rs", "m! { std::include!(\"a.rs\"); }", "include!"),
    ];
    caught(walls::detours, &planted);
    let innocent = [
        (
            "src/tools/catalog.rs",
            "const T: &str = include_str!(\"../../tool-schemas/a.json\");",
        ),
        (
            "src/tools/catalog.rs",
            "include!(concat!(env!(\"OUT_DIR\"), \"/list.rs\"));",
        ),
    ];
    let_through(walls::detours, &innocent);
}
