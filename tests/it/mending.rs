//! What mends an error is a command that works as it stands: on the same database, user and sandbox.
//!
//! REAL CLOCK: the commands are run as a person runs them, who knows of no bed.

use serde_json::json;
use zoho_mcp::cli::assemble;
use zoho_mcp::sandbox::Options;

use crate::bed::{Bed, Wire};
use crate::commands::{bare, finished};

/// The command between backquotes, as words, without the program; nothing in it is quoted here.
#[track_caller]
fn command(next: &str) -> Vec<&str> {
    let line = next
        .split('`')
        .nth(1)
        .unwrap_or_else(|| panic!("no command: {next}"));
    let words = line.strip_prefix("zoho-mcp ").unwrap_or_else(|| panic!("{next}"));
    words.split(' ').collect()
}

#[tokio::test]
async fn a_model_is_told_a_command_with_the_options_in_use() {
    let bed = Bed::empty(Options::default()).await;
    let mut config = bed.config("otto");
    config.said.timezone = None;
    let assembled = assemble::calling(&config, &bed.clock).unwrap();
    let mut wire = Wire::serving(assembled).await;
    let failed = wire.call("get_records", json!({ "module": "Cases" })).await;
    assert_eq!(failed["code"], "no_connection", "{failed}");
    let words = command(failed["next"].as_str().unwrap());
    for part in ["otto", &bed.database_url(), &bed.sandbox.url] {
        assert!(words.contains(&part), "{part}: {words:?}");
    }
    let ran = finished(bare(bed.home.path(), &words), "");
    assert!(ran.ok, "{ran:?}");
    let answer = wire
        .call("get_records", json!({ "module": "Cases", "limit": 1 }))
        .await;
    assert_eq!(answer["count"], 1, "{answer}");
}

#[tokio::test]
async fn at_a_terminal_the_flags_are_repeated_and_what_the_environment_says_is_not() {
    let bed = Bed::empty(Options::default()).await;
    let cases = r#"{"module":"Cases","limit":1}"#;
    let next = |ran: &crate::commands::Ran| ran.json()["next"].as_str().unwrap().to_owned();
    let told = next(&bed.run(&["call", "get_records", cases]));
    assert_eq!(command(&told), ["connect"], "{told}");
    let told = next(&bed.run(&["--user", "otto", "call", "get_records", cases]));
    assert_eq!(command(&told), ["connect", "--user", "otto"], "{told}");
    let url = bed.sandbox.url.as_str();
    let flags = ["--sandbox-url", url];
    let ran = finished(
        bare(
            bed.home.path(),
            &[&flags[..], &["call", "get_records", cases]].concat(),
        ),
        "",
    );
    let told = next(&ran);
    assert_eq!(command(&told), ["connect", "--sandbox-url", url], "{told}");
    let shown = bed.run(&["--user", "otto", "connections", "show"]);
    let told = shown.failed();
    assert!(
        told.contains("next:  Connect Zoho:\n    zoho-mcp connect --user otto\nthen call again."),
        "{told}"
    );
}
