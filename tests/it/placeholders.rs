//! What hosts leave in a configuration that nobody filled in, and folders named from nowhere (client failures W17, W18, W24:
//! claude-code#37580, servers#4447, mcpb#297).
//!
//! REAL CLOCK: the program is started without a time of its own.

use serde_json::Value;

use crate::commands::{Ran, bare, finished};

fn tools(arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    let home = tempfile::tempdir().unwrap();
    let arguments: Vec<&str> = std::iter::once("tools")
        .chain(arguments.iter().copied())
        .collect();
    let mut command = bare(home.path(), &arguments);
    command.current_dir(home.path()).envs(variables.iter().copied());
    let ran = finished(command, "");
    let made = std::fs::read_dir(home.path()).unwrap().count();
    assert_eq!(made, 0, "something was made in the working folder: {ran:?}");
    ran
}

fn names(ran: &Ran) -> Vec<String> {
    let listed = ran.succeeded();
    let listed = listed.as_array().unwrap_or_else(|| panic!("{ran:?}"));
    let name = |tool: &Value| tool["name"].as_str().unwrap().to_owned();
    listed.iter().map(name).collect()
}

#[test]
fn a_placeholder_counts_as_not_given_and_is_said() {
    let plain = names(&tools(&[], &[]));
    for row in [
        "TOOLSETS",
        "TOOLS",
        "TIMEZONE",
        "LOG_LEVEL",
        "NOW",
        "READ_ONLY",
        "SANDBOX_URL",
        "USER",
        "DATABASE_URL",
        "FILES",
    ] {
        let variable = format!("ZOHO_MCP_{row}");
        let ran = tools(&[], &[(&variable, "${user_config.value}")]);
        assert_eq!(names(&ran), plain, "{variable}");
        assert!(
            ran.told.contains(&variable) && ran.told.contains("placeholder"),
            "{ran:?}"
        );
        let blank = tools(&[], &[(&variable, "  ")]);
        assert_eq!(
            (names(&blank), blank.told.as_str()),
            (plain.clone(), ""),
            "{variable}"
        );
    }
    for arguments in [
        vec!["--files", "${user_config.files}"],
        vec!["--toolsets=${user_config.toolsets}"],
    ] {
        let ran = tools(&arguments, &[]);
        assert_eq!(names(&ran), plain, "{arguments:?}");
        assert!(ran.told.contains("placeholder"), "{ran:?}");
    }
}

#[test]
fn a_folder_for_files_is_named_from_the_root_or_from_home() {
    for nowhere in ["out", "./out", "$HOME/out", r"C:\out", "~other/out"] {
        let ran = tools(&["--files", nowhere], &[]);
        let told = ran.failed();
        assert!(
            told.contains("--files") && told.contains("~/"),
            "{nowhere}: {told}"
        );
    }
    for place in ["/nowhere/at/all", "~/out", "~"] {
        assert!(
            names(&tools(&["--files", place], &[])).contains(&"export_records".to_owned()),
            "{place}"
        );
    }
}

#[test]
fn all_toolsets_are_those_that_can_do_their_work() {
    assert_eq!(
        names(&tools(&["--toolsets", "all"], &[])),
        names(&tools(&[], &[]))
    );
    let with_files = names(&tools(&["--toolsets", "all", "--files", "/nowhere"], &[]));
    assert!(
        with_files.contains(&"export_records".to_owned()),
        "{with_files:?}"
    );
}
