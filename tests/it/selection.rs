//! Which tools the operator's choice offers: read-only above all, exclusion above inclusion, and a default of all that
//! can do their work.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use zoho_mcp::tools::catalog::{Catalog, Selection};
use zoho_mcp::tools::policy::Policy;

use crate::bed::Bed;
use crate::processes::Process;

const READING: &str = include_str!("../../tool-schemas/records/get_records.json");

/// The embedded reading tool, and one that writes, in its toolset.
fn offered(selection: &Selection) -> BTreeSet<String> {
    let mut writing: Value = serde_json::from_str(READING).unwrap();
    writing["name"] = json!("delete_records");
    writing["operation"]["effect"] = json!("remove");
    let (writing, elsewhere) = (writing.to_string(), READING.replace("get_records", "get_other"));
    let hidden = READING.replace("get_records", "get_hidden");
    let files = [
        ("hidden/toolset.json", r#"{ "title": "T", "default": false }"#),
        ("hidden/get_hidden.json", &hidden),
        ("records/get_records.json", READING),
        ("records/delete_records.json", &writing),
        ("account/get_other.json", &elsewhere),
    ];
    let catalog = Catalog::read(files.into_iter(), selection).unwrap();
    catalog.names().into_iter().map(str::to_owned).collect()
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn set(wanted: &[&str]) -> BTreeSet<String> {
    wanted.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn nothing_chosen_offers_every_tool() {
    let all = set(&["delete_records", "get_other", "get_records"]);
    assert_eq!(offered(&Selection::default()), all);
}

#[test]
fn a_toolset_that_is_off_by_default_is_offered_by_name() {
    let selection = Selection {
        toolsets: names(&["hidden"]),
        ..Selection::default()
    };
    assert_eq!(offered(&selection), set(&["get_hidden"]));
}

#[test]
fn tools_are_offered_beside_toolsets() {
    let selection = Selection {
        toolsets: names(&["account"]),
        tools: names(&["get_records"]),
        ..Selection::default()
    };
    assert_eq!(offered(&selection), set(&["get_other", "get_records"]));
}

#[test]
fn what_is_excluded_stays_out_though_it_is_named() {
    let selection = Selection {
        toolsets: names(&["records"]),
        tools: names(&["get_records"]),
        exclude: names(&["get_records"]),
        ..Selection::default()
    };
    assert_eq!(offered(&selection), set(&["delete_records"]));
}

#[test]
fn read_only_is_above_a_tool_that_is_named() {
    let selection = Selection {
        writes: Policy::Off,
        toolsets: names(&["records"]),
        tools: names(&["delete_records"]),
        ..Selection::default()
    };
    assert_eq!(offered(&selection), set(&["get_records"]));
}

#[test]
fn exports_are_offered_where_files_may_be_written_only() {
    let offers = |selection: &Selection| {
        let catalog = Catalog::embedded(selection).unwrap();
        catalog.get("export_records").is_some()
    };
    let chosen = |toolsets: &[&str], files| Selection {
        toolsets: names(toolsets),
        files,
        ..Selection::default()
    };
    assert!(!offers(&chosen(&[], false)));
    assert!(offers(&chosen(&[], true)));
    assert!(!offers(&chosen(&["export"], false)));
    assert!(offers(&chosen(&["export"], true)));
    let named = Selection {
        tools: names(&["export_records"]),
        ..Selection::default()
    };
    assert!(!offers(&named));
    assert!(!offers(&chosen(&["records"], true)));
}

#[test]
fn a_tool_that_is_not_offered_names_what_would_offer_it() {
    let why = |selection: &Selection| {
        let catalog = Catalog::embedded(selection).unwrap();
        catalog.why_missing("export_records").unwrap()
    };
    let plain = Selection::default();
    assert_eq!(
        why(&plain),
        "This server does not offer it; started with --files DIRECTORY it would."
    );
    let cases_only = Selection {
        toolsets: names(&["cases"]),
        ..plain.clone()
    };
    assert_eq!(
        why(&cases_only),
        "This server does not offer it; started with export among its --toolsets and --files DIRECTORY it would."
    );
    let of_export = Selection {
        toolsets: names(&["export"]),
        ..plain.clone()
    };
    assert_eq!(
        why(&of_export),
        "This server does not offer it; started with --files DIRECTORY it would."
    );
    let with_files = Selection {
        files: true,
        ..cases_only
    };
    assert_eq!(
        why(&with_files),
        "This server does not offer it; started with export among its --toolsets it would."
    );
    let left_out = Selection {
        files: true,
        exclude: names(&["export_records"]),
        ..plain.clone()
    };
    assert!(why(&left_out).contains("--exclude-tools"), "{}", why(&left_out));
    let catalog = Catalog::embedded(&plain).unwrap();
    for other in ["no_such_tool", "toolset", "desk"] {
        assert_eq!(catalog.why_missing(other), None, "{other}");
    }
}

/// A model that is sent to a tool which is not there calls it all the same.
#[tokio::test]
async fn the_instructions_name_no_tool_that_is_not_offered() {
    let bed = Bed::empty(Default::default()).await;
    let told = |chosen: &[&str]| {
        let mut server = Process::start(bed.command(&[&["stdio"][..], chosen].concat()));
        let params = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "c", "version": "1" } });
        server.send(&json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params }));
        server.receive()["result"]["instructions"].to_string()
    };
    assert!(told(&[]).contains("Start with get_records"));
    let narrowed = told(&["--tools", "get_modules"]);
    let all = Catalog::embedded(&Selection::default()).unwrap();
    for name in all.names().into_iter().filter(|name| *name != "get_modules") {
        assert!(!narrowed.contains(name), "{name}: {narrowed}");
    }
    assert!(narrowed.contains("copy every digit"), "{narrowed}");
}
