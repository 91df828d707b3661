//! Outside crates where they do not belong.

use super::super::{table, walls};
use super::{caught, let_through};

#[test]
fn an_outside_crate_is_seen_however_it_is_named() {
    let tools = "src/tools/request.rs";
    let ways = [
        "use reqwest::Client;",
        "use ::reqwest::Client;",
        "use reqwest;",
        "use reqwest as http_client;",
        "use {reqwest::Client, serde::Serialize};",
        "use reqwest::{self as http_client, Client};",
        "use reqwest::*;",
        "use r#reqwest::Client;",
        "extern crate reqwest;",
        "extern crate reqwest as http_client;",
        "fn f() { use reqwest::Client; }",
        "mod inner { use reqwest::Client; }",
        "fn f() { let _ = reqwest::get(url); }",
        "fn f() { let _ = ::reqwest::Client::new(); }",
        "fn f(client: &reqwest::Client) {}",
        "fn f() -> Vec<reqwest::Client> { Vec::new() }",
        "struct S { client: Option<reqwest::Client> }",
        "impl From<reqwest::Error> for E {}",
        "fn f<T: reqwest::IntoUrl>(t: T) {}",
        "fn f() { let _ = <reqwest::Client as Default>::default(); }",
        "fn f(e: E) { if let E::Http(reqwest::Error { .. }) = e {} }",
        "const C: fn() = || { reqwest::get(\"\"); };",
        "fn f() { log!(\"{}\", reqwest::get(url)); }",
        "fn f() { vec![vec![reqwest::Client::new()]]; }",
        "fn f() { reqwest::some_macro!(); }",
        "macro_rules! m { () => { reqwest::Client::new() }; }",
        "macro_rules! m { () => { use reqwest::{Client as C}; }; }",
        "m! { use reqwest as http_client; }",
        "m! { extern crate reqwest; }",
        "#[derive(reqwest::Derive)] struct S;",
        "#[reqwest::attribute] fn f() {}",
        "#[serde(with = \"reqwest::form\")] struct S;",
        "#[cfg(test)] mod tests { #[test] fn t() { reqwest::get(\"\"); } }",
        "use std as s; fn f() { s::env::var(\"A\"); } type T = reqwest::Client;",
    ];
    let planted: Vec<_> = ways
        .iter()
        .map(|text| (tools, *text, "reqwest lives in zoho, sandbox/recording only"))
        .collect();
    caught(walls::outside_crates, &planted);
}

#[test]
fn every_homed_crate_is_caught_in_a_room_that_is_not_its_home() {
    for (row, home) in table::HOMES {
        let wrong = match home {
            table::Home::Only(places) if places.contains(&"sandbox") => "src/logging.rs",
            table::Home::Only(_) => "src/sandbox/data.rs",
            table::Home::AllBut([]) => continue,
            table::Home::AllBut(places) => &format!("src/{}/deep/inside.rs", places[0]),
        };
        let told = format!(": {row} ");
        let (import, full) = (format!("use {row};"), format!("fn f() {{ {row}::thing(); }}"));
        caught(
            walls::outside_crates,
            &[(wrong, &import, &told), (wrong, &full, &told)],
        );
    }
}

#[test]
fn the_environment_is_read_in_one_file() {
    let ways = [
        "fn f() { std::env::var(\"HOME\"); }",
        "use std::env;",
        "use std::{env, fs};",
        "use std::env::{self, VarError};",
        "use std::env as surroundings;",
        "use std as s; fn f() { s::env::vars(); }",
        "use std::*;",
        "fn f() { ::std::env::var_os(\"HOME\"); }",
    ];
    let planted: Vec<_> = ways
        .iter()
        .map(|text| ("src/server/stdio.rs", *text, "std::env lives in config"))
        .collect();
    caught(walls::outside_crates, &planted);
    let innocent = [
        ("src/config.rs", "fn f() { std::env::var(\"HOME\"); }"),
        ("src/cli/demo.rs", "fn f() { std::env::current_exe(); }"),
        (
            "src/server/stdio.rs",
            "const V: &str = env!(\"CARGO_PKG_VERSION\");",
        ),
    ];
    let_through(walls::outside_crates, &innocent);
}

#[test]
fn sql_is_spoken_on_the_ground_floor_and_read_in_files_called_sql() {
    let rooms = [
        "src/connections.rs",
        "src/connections/store.rs",
        "src/connections/store/tokens.rs",
        "src/connections/store/sql_of_tokens.rs",
        "src/ledger.rs",
        "src/ledger/consents.rs",
        "src/tools/sql.rs",
        "src/cli/sql.rs",
    ];
    let planted: Vec<_> = rooms
        .iter()
        .map(|file| (*file, "use sqlx::FromRow;", "sqlx lives in database, "))
        .collect();
    caught(walls::outside_crates, &planted);
    let innocent = [
        ("src/database.rs", "use sqlx::PgPool;"),
        ("src/database/tx.rs", "use sqlx::Transaction;"),
        ("src/connections/store/sql.rs", "use sqlx::FromRow;"),
        ("src/ledger/sql.rs", "use sqlx::FromRow;"),
    ];
    let_through(walls::outside_crates, &innocent);
    let (_, home) = table::HOMES.iter().find(|(row, _)| *row == "sqlx").unwrap();
    let table::Home::Only(places) = home else {
        panic!("sqlx is at home everywhere")
    };
    for place in places.iter().filter(|place| **place != "database") {
        assert!(place.ends_with("/sql"), "{place}: a file called sql.rs");
    }
}

#[test]
fn repair_is_pure() {
    let planted = [
        (
            "src/repair/dates.rs",
            "fn f() { let _ = jiff::Zoned::now(); }",
            "jiff::Zoned::now",
        ),
        (
            "src/repair/dates.rs",
            "use jiff::Timestamp; fn f() { Timestamp::now(); }",
            "jiff::Timestamp::now",
        ),
        ("src/repair.rs", "use std::time::Instant;", "std::time::Instant"),
        ("src/repair.rs", "use std::time::*;", "std::time::"),
        (
            "src/repair.rs",
            "use std::time; fn f() { time::SystemTime::now(); }",
            "std::time::SystemTime",
        ),
        ("src/repair.rs", "fn f() { std::fs::read(\"a\"); }", "std::fs"),
        ("src/names/a.rs", "fn f() { std::fs::read(\"a\"); }", "std::fs"),
        (
            "src/repair.rs",
            "async fn f() { tokio::task::yield_now().await }",
            "tokio",
        ),
    ];
    caught(walls::outside_crates, &planted);
    let innocent = [(
        "src/repair/dates.rs",
        "use jiff::civil::Date; use std::collections::HashMap;",
    )];
    let_through(walls::outside_crates, &innocent);
}

#[test]
fn what_only_looks_like_an_outside_crate_is_let_through() {
    let innocent = [
        (
            "src/zoho.rs",
            "use reqwest::Client; fn f() { reqwest::get(\"\"); }",
        ),
        ("src/zoho/send/body.rs", "use reqwest::Response;"),
        ("src/database/sqlite.rs", "fn f() { sqlx::query!(\"select 1\"); }"),
        ("src/server/http_limits.rs", "use axum::Router;"),
        ("src/tools/request.rs", "fn f(reqwest: u8) -> u8 { reqwest }"),
        ("src/tools/request.rs", "fn f() { crate::zoho::reqwest::get(); }"),
        (
            "src/tools/request.rs",
            "/// As `reqwest::get` does.\nfn f() { \"reqwest::get\"; }",
        ),
        (
            "src/tools.rs",
            "mod clap; use self::clap::Parser; fn f() { clap::parse(); }",
        ),
    ];
    let_through(walls::outside_crates, &innocent);
}

#[test]
fn a_room_hands_on_neither_an_outside_crate_nor_another_room() {
    let planted = [
        ("src/zoho.rs", "pub use reqwest::Client;", "reqwest::Client"),
        ("src/zoho.rs", "pub use reqwest;", "reqwest"),
        ("src/zoho.rs", "pub(crate) use reqwest as http_client;", "reqwest"),
        ("src/zoho.rs", "pub(super) use ::reqwest::*;", "reqwest"),
        ("src/zoho.rs", "pub extern crate reqwest;", "reqwest"),
        (
            "src/zoho.rs",
            "use reqwest as r; pub use r::Client;",
            "reqwest::Client",
        ),
        (
            "src/zoho.rs",
            "use reqwest as r; mod inner { pub use super::r::Client; }",
            "reqwest::Client",
        ),
        (
            "src/zoho.rs",
            "pub mod inner { pub use reqwest::{Client, Error as E}; }",
            "reqwest::Error",
        ),
        (
            "src/zoho.rs",
            "m! { pub use reqwest::Client; }",
            "reqwest::Client",
        ),
        (
            "src/zoho.rs",
            "pub type Client = reqwest::Client;",
            "reqwest::Client",
        ),
        (
            "src/zoho.rs",
            "use reqwest::Client; pub(crate) type C = Client;",
            "reqwest::Client",
        ),
        ("src/server.rs", "pub use serde_json::Value;", "serde_json::Value"),
        ("src/config.rs", "pub use std::env;", "std::env"),
        ("src/config.rs", "pub use std::*;", "std"),
        ("src/tools.rs", "pub use crate::zoho::Session;", "belongs to zoho"),
        (
            "src/tools.rs",
            "pub use super::zoho as upstream;",
            "belongs to zoho",
        ),
        (
            "src/tools.rs",
            "pub type S = crate::zoho::Session;",
            "belongs to zoho",
        ),
        (
            "src/lib.rs",
            "pub mod zoho; pub use zoho::Session;",
            "belongs to zoho",
        ),
    ];
    caught(walls::reexports, &planted);
    let innocent = [
        (
            "src/zoho.rs",
            "use reqwest::Client; pub use self::send::send; mod send;",
        ),
        ("src/zoho.rs", "pub(self) use reqwest::Client;"),
        (
            "src/tools.rs",
            "pub type Members = serde_json::Map<String, serde_json::Value>;",
        ),
        ("src/lib.rs", "pub mod zoho;"),
    ];
    let_through(walls::reexports, &innocent);
}

#[test]
fn a_dependency_without_a_home_and_a_home_without_a_dependency_are_seen() {
    let manifest =
        "[dependencies]\nreqwest = \"0\"\nleft-pad = \"1\"\n[target.'cfg(unix)'.dependencies]\nnix = \"0\"";
    let told: Vec<String> = walls::homeless(&[manifest]).into_iter().map(|b| b.what).collect();
    for expected in [
        "left_pad has no home",
        "nix has no home",
        "sqlx has a home but is no dependency",
    ] {
        assert!(told.iter().any(|what| what == expected), "{expected}: {told:?}");
    }
    assert!(!told.iter().any(|what| what.starts_with("reqwest")), "{told:?}");
}
