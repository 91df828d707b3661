//! Each wall is seen to catch what it is there for: planted texts, through the same functions as the tree.

mod clocks;
mod order;
mod outside;
mod rooms;

use super::{Breach, SourceFile, shape, table};

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
fn a_stranger_at_the_top_is_seen() {
    let names = ["docs", "Cargo.toml", ".ci", "src", "build.rs", "scripts"].map(str::to_owned);
    let strangers: Vec<String> = shape::strangers_on_top(&names)
        .into_iter()
        .map(|b| b.path)
        .collect();
    assert_eq!(strangers, ["docs", "build.rs", "scripts"]);
}
