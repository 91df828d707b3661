//! Each wall is seen to catch what it is there for: planted texts, through the same functions as the tree.

mod clocks;
mod order;
mod outside;
mod rooms;

use super::{Breach, SourceFile, imports, shape, table};

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile {
        path: path.to_owned(),
        text: text.to_owned(),
    }
}

/// Each text in its file is caught by `wall`, and told in words that hold `told`.
#[track_caller]
fn caught<W: IntoIterator<Item = Breach>>(wall: fn(&SourceFile) -> W, planted: &[(&str, &str, &str)]) {
    for (path, text, told) in planted {
        let breaches: Vec<Breach> = wall(&file(path, text)).into_iter().collect();
        assert!(
            breaches.iter().any(|b| b.what.contains(told)),
            "not caught in {path}: {text}\n{breaches:?}"
        );
    }
}

#[track_caller]
fn let_through<W: IntoIterator<Item = Breach>>(wall: fn(&SourceFile) -> W, innocent: &[(&str, &str)]) {
    for (path, text) in innocent {
        let breaches: Vec<Breach> = wall(&file(path, text)).into_iter().collect();
        assert!(
            breaches.is_empty(),
            "wrongly caught in {path}: {text}\n{breaches:?}"
        );
    }
}

#[test]
fn a_long_file_and_an_empty_name_are_seen() {
    let long = "\n".repeat(table::MOST_LINES + 1);
    caught(shape::too_long, &[("src/zoho.rs", &long, "401 lines")]);
    let_through(shape::too_long, &[("src/zoho.rs", &long[1..])]);
    let planted = [
        ("src/utils.rs", "", "utils"),
        ("src/zoho/utils/a.rs", "", "utils"),
        ("src/zoho/http_util.rs", "", "util"),
        ("src/zoho.rs", "struct TokenManager;", "TokenManager"),
        ("src/zoho.rs", "mod string_utils {}", "string_utils"),
        ("src/zoho.rs", "trait Manager {}", "Manager"),
    ];
    caught(shape::empty_names, &planted);
    let_through(
        shape::empty_names,
        &[("src/zoho.rs", "struct Manages; fn reutilise() {}")],
    );
}

#[test]
fn a_file_that_does_not_say_what_it_is_for_is_seen() {
    let planted = [("src/zoho/a.rs", "use b::C;\n//! Late.", "opens with")];
    caught(shape::says_nothing, &planted);
    let_through(
        shape::says_nothing,
        &[("src/zoho/a.rs", "//! Tokens.\nuse b::C;")],
    );
}

#[test]
fn a_command_named_where_nobody_knows_who_reads_it_is_seen() {
    let text = "fn f() -> &'static str { \"connect again with `zoho-mcp connect`\" }";
    let planted = [
        ("src/zoho/organization.rs", text, "a command"),
        (
            "src/connections/error.rs",
            "const A: &str = \"zoho-mcp --user NAME\";",
            "a command",
        ),
        ("src/database/door.rs", text, "a command"),
        ("src/ledger/sql.rs", text, "a command"),
        ("src/tools/error.rs", text, "a command"),
        ("src/tools/mending/more.rs", text, "a command"),
    ];
    caught(shape::commands_in_code, &planted);
    let innocent = [
        ("src/tools/mending.rs", text),
        ("src/cli/connect.rs", text),
        ("src/server/elicit.rs", text),
        (
            "src/zoho.rs",
            "/// As `zoho-mcp connect` does.\nconst A: &str = \"made by a newer zoho-mcp (schema 9)\";",
        ),
    ];
    let_through(shape::commands_in_code, &innocent);
}

#[test]
fn a_scope_in_code_is_seen() {
    let planted = [
        (
            "src/tools/scopes.rs",
            "const A: &str = \"Desk.basic.READ\";",
            "scope of Desk",
        ),
        (
            "src/zoho.rs",
            "fn f() { format!(\"ZohoCRM.modules.{a}.READ\"); }",
            "scope of ZohoCRM",
        ),
        (
            "src/cli/a.rs",
            "f(r#\"ZohoSearch.x.READ\"#)",
            "scope of ZohoSearch",
        ),
    ];
    caught(shape::scopes_in_code, &planted);
    let innocent = [
        ("src/sandbox/crm.rs", "const A: &str = \"ZohoCRM.org.READ\";"),
        ("src/zoho.rs", "/// Fails without \"Desk.basic.READ\".\nfn f() {}"),
        ("src/zoho.rs", "fn f() { told(\"Desk has none\"); }"),
    ];
    let_through(shape::scopes_in_code, &innocent);
}

#[test]
fn a_server_that_tells_failures_apart_is_seen() {
    let ways = [
        "fn f(e: &ToolError) { if e.code == other { ask() } }",
        "use crate::tools::error::{Code, ToolError};",
        "fn f(e: &ToolError) { e.rejection.is_some() }",
        "fn f(e: &str) { e == \"OAUTH_SCOPE_MISMATCH\" }",
    ];
    let planted: Vec<_> = ways
        .iter()
        .map(|text| ("src/server/elicit.rs", *text, "apart by their codes"))
        .collect();
    caught(shape::codes_in_the_server, &planted);
    let innocent = [
        (
            "src/tools/error.rs",
            "fn f(e: &ToolError) { e.code == Code::Internal }",
        ),
        (
            "src/server.rs",
            "// Its code is shown.\nfn f() { encode(ErrorCode::INVALID_PARAMS) }",
        ),
    ];
    let_through(shape::codes_in_the_server, &innocent);
}

#[test]
fn a_stranger_at_the_top_is_seen() {
    let names = ["docs", "Cargo.toml", ".ci", "src", "build.rs", "scripts"].map(str::to_owned);
    let strangers: Vec<String> = shape::strangers_on_top(&names)
        .into_iter()
        .map(|b| b.path)
        .collect();
    assert_eq!(strangers, ["docs", "build.rs", "scripts"]);
}

#[test]
fn a_path_of_another_style_is_seen() {
    let planted = [
        ("src/a/b/c.rs", "use super::super::d;", "named from `crate`"),
        ("src/a/b/c.rs", "use crate::a::b::d::E;", "named from `crate`"),
    ];
    caught(shape::paths_of_two_styles, &planted);
    let innocent = [
        ("src/a/b/c.rs", "use super::d;"),
        ("src/a/b/c.rs", "use crate::a::d;"),
        ("src/a.rs", "use crate::b::d;"),
    ];
    let_through(shape::paths_of_two_styles, &innocent);
}

#[test]
fn an_import_out_of_order_is_seen() {
    let planted = [
        ("src/a.rs", "use crate::b;\nuse std::fmt;", "std, crates, own"),
        ("src/a.rs", "use serde::de;\nuse std::fmt;", "std, crates, own"),
        (
            "src/a.rs",
            "mod b { use super::c;\nuse serde::de; }",
            "std, crates, own",
        ),
    ];
    caught(imports::out_of_order, &planted);
    let innocent = [
        (
            "src/a.rs",
            "use std::fmt;\nuse serde::de;\npub use b::C;\nuse crate::d;",
        ),
        ("src/a.rs", "use crate::d;\nfn e() {}\nuse std::fmt;"),
    ];
    let_through(imports::out_of_order, &innocent);
}
