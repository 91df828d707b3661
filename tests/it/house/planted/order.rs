//! Parts of a room that look where they may not.

use super::super::{order, table};
use super::{caught, file, let_through};

#[test]
fn a_part_of_tools_that_looks_upward_is_seen() {
    let planted = [
        (
            "src/tools/settings.rs",
            "use super::handlers::Context;",
            "handlers lies above settings",
        ),
        (
            "src/tools/settings/fields.rs",
            "use crate::tools::invocation::Invocation;",
            "invocation lies above",
        ),
        (
            "src/tools/advice.rs",
            "fn f() { super::handlers::run(); }",
            "handlers lies above advice",
        ),
        (
            "src/tools/doctor/local.rs",
            "use super::super::handlers;",
            "handlers lies above doctor",
        ),
        ("src/tools/consent.rs", "use super::Tools;", "is of tools.rs"),
        (
            "src/tools/handlers.rs",
            "use crate::tools::{Answer, error};",
            "`tools::Answer` is of tools.rs",
        ),
        (
            "src/tools/handlers/count.rs",
            "use super::super::*;",
            "the whole of tools",
        ),
        (
            "src/tools/handlers.rs",
            "use crate::tools as story;",
            "the whole of tools",
        ),
        ("src/tools/attic.rs", "", "`attic` has no floor"),
    ];
    caught(order::upward, &planted);
    let innocent = [
        ("src/tools.rs", "use handlers::HANDLERS; use error::ToolError;"),
        ("src/tools/handlers.rs", "use super::error::ToolError; mod count;"),
        (
            "src/tools/advice.rs",
            "pub(in crate::tools) fn f() {} pub(super) struct A;",
        ),
        ("src/cli/call.rs", "use crate::tools::Tools;"),
    ];
    let_through(order::upward, &innocent);
}

#[test]
fn each_part_of_tools_is_kept_from_each_above_it() {
    for (height, part) in table::FLOORS.iter().enumerate() {
        let path = format!("src/tools/{part}/corner.rs");
        for (other_height, other) in table::FLOORS.iter().enumerate() {
            let text = format!("use crate::tools::{other}::A;");
            if other_height > height {
                caught(
                    order::upward,
                    &[(&path, &text, &format!("{other} lies above {part}"))],
                );
            } else {
                let_through(order::upward, &[(&path, &text)]);
            }
        }
    }
}

fn circles(planted: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<_> = planted.iter().map(|(path, text)| file(path, text)).collect();
    order::circles(&files).into_iter().map(|one| one.what).collect()
}

#[test]
fn a_circle_is_seen_and_its_way_told() {
    let direct = [
        ("src/cli/assemble.rs", "use super::connect::client;"),
        ("src/cli/connect/client.rs", "use crate::cli::assemble::calling;"),
    ];
    assert_eq!(
        circles(&direct),
        ["a circle in cli: assemble -> connect -> assemble"]
    );
    let long = [
        ("src/zoho/a.rs", "fn f() { super::b::f(); }"),
        ("src/zoho/b.rs", "use super::c;"),
        ("src/zoho/c/deep.rs", "use super::super::a::A;"),
        ("src/zoho/d.rs", "use super::a;"),
    ];
    assert_eq!(circles(&long), ["a circle in zoho: a -> b -> c -> a"]);
    let deep = [
        ("src/sandbox/crm/a.rs", "use super::b::B;"),
        ("src/sandbox/crm/b.rs", "use crate::crm::a::A;"),
    ];
    assert_eq!(circles(&deep), ["a circle in sandbox/crm: a -> b -> a"]);
}

#[test]
fn a_circle_through_the_door_of_a_room_is_seen() {
    let planted = [
        ("src/zoho.rs", "mod a; mod b; pub use a::A; pub use b::B;"),
        ("src/zoho/a.rs", "use super::B;"),
        ("src/zoho/b.rs", "use crate::zoho::A;"),
    ];
    assert_eq!(circles(&planted), ["a circle in zoho: a -> b -> a"]);
    let innocent = [
        (
            "src/zoho.rs",
            "mod a; mod b; pub use a::A; struct Inner; fn f() { b::f(); }",
        ),
        ("src/zoho/a.rs", "use super::{Inner, b::B};"),
        ("src/zoho/b.rs", "use super::Inner; mod c;"),
        ("src/zoho/b/c.rs", "use super::B;"),
    ];
    assert_eq!(circles(&innocent), [""; 0]);
}
