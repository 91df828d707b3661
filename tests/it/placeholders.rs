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

/// Where a placeholder is a part of a value, in the file of settings, and in an item of a list.
#[test]
fn a_placeholder_within_a_value_counts_as_not_given_and_is_said() {
    let plain = names(&tools(&[], &[]));
    let said = |ran: &Ran, who: &str| {
        assert!(
            ran.told.contains(who) && ran.told.contains("placeholder"),
            "{who}: {ran:?}"
        );
    };
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config.toml");
    let in_file = |text: &str| {
        std::fs::write(&config, text).unwrap();
        tools(&[], &[("ZOHO_MCP_CONFIG", config.to_str().unwrap())])
    };
    for (row, value) in [
        ("files", "/tmp/x/${USER}/y"),
        ("timezone", "Europe/${city}"),
        ("user", "me-${n}"),
    ] {
        let variable = format!("ZOHO_MCP_{}", row.to_uppercase());
        let ran = tools(&[], &[(&variable, value)]);
        assert_eq!(names(&ran), plain, "{variable}");
        said(&ran, &variable);
        let ran = tools(&[&format!("--{row}"), value], &[]);
        assert_eq!(names(&ran), plain, "--{row}");
        said(&ran, &format!("--{row}"));
        let ran = in_file(&format!("{row} = '{value}'"));
        assert_eq!(names(&ran), plain, "{row}");
        said(&ran, row);
    }
    let cases = names(&tools(&["--toolsets", "cases"], &[]));
    for (ran, who) in [
        (tools(&["--toolsets", "cases,${x}"], &[]), "--toolsets"),
        (
            tools(&[], &[("ZOHO_MCP_TOOLSETS", "cases,${x}")]),
            "ZOHO_MCP_TOOLSETS",
        ),
        (in_file("toolsets = ['cases', '${x}']"), "toolsets"),
    ] {
        assert_eq!(names(&ran), cases, "{who}");
        said(&ran, who);
        assert!(
            ran.told.contains("that item does not count") && !ran.told.contains("counts as not given"),
            "{ran:?}"
        );
    }
    let ran = in_file("toolsets = ['${x}']");
    assert_eq!(names(&ran), plain);
    said(&ran, "toolsets");
    assert!(ran.told.contains("counts as not given"), "{ran:?}");
    // Another database than the one meant, or a wrong secret, would be taken in silence.
    let url = "postgres://me:${PASSWORD}@h/db";
    for ran in [
        tools(&[], &[("ZOHO_MCP_DATABASE_URL", url)]),
        tools(&["--database-url", "postgres://${HOST}/db"], &[]),
        tools(&[], &[("ZOHO_MCP_CLIENT_SECRET", "1000.${x}")]),
        in_file(&format!("database-url = '{url}'")),
    ] {
        assert!(ran.failed().contains("without ${...}"), "{ran:?}");
        assert!(!ran.told.contains("counts as not"), "it stops the start: {ran:?}");
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
        let here = told.contains("--files /");
        assert_eq!(
            here,
            nowhere.ends_with("out") && nowhere.len() < 6,
            "{nowhere}: {told}"
        );
    }
    let ran = tools(&["--files", "./out"], &[]);
    let named = ran.failed().split("--files /").nth(1).unwrap().to_owned();
    let named = named.split(',').next().unwrap();
    assert!(named.ends_with("/out") && !named.contains("./"), "{ran:?}");
    assert!(
        !tools(&[], &[("ZOHO_MCP_FILES", "out")])
            .failed()
            .contains("--files /"),
        "a host starts its servers anywhere"
    );
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
