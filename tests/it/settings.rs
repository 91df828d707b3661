//! What a person configures and what becomes of it: nothing that means nothing passes in silence.
//!
//! REAL CLOCK: some of it is about a program that knows of no sandbox.

use zoho_mcp::sandbox::Options;

use crate::bed::Bed;
use crate::commands::{Ran, bare, finished};

fn with(variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let home = tempfile::tempdir().unwrap();
    let mut command = bare(home.path(), arguments);
    command.envs(variables.iter().copied());
    finished(command, "")
}

#[test]
fn a_log_level_that_is_none_is_refused_with_those_there_are() {
    for level in [
        "nonsense",
        "debugg",
        "zoho_mcp=loud",
        "info,wran",
        "=debug",
        "info,,debug",
        "a=b=c",
    ] {
        let flag = with(&[], &["--log-level", level, "tools"]);
        let variable = with(&[("ZOHO_MCP_LOG_LEVEL", level)], &["tools"]);
        for ran in [flag, variable] {
            let told = ran.failed();
            assert!(told.contains("log level"), "{level}: {told}");
            for valid in ["off", "error", "warn", "info", "debug", "trace", "zoho_mcp=debug"] {
                assert!(told.contains(valid), "{level}: {told}");
            }
        }
    }
    for level in [
        "info",
        "WARN",
        "off",
        "zoho_mcp=debug",
        "info,zoho_mcp::zoho=trace",
        "info, zoho_mcp=debug",
    ] {
        let ran = with(&[], &["--log-level", level, "tools"]);
        assert!(ran.ok && ran.told.is_empty(), "{level}: {ran:?}");
    }
}

/// `/dev/null` is how one says that there is no file.
#[cfg(unix)]
#[test]
fn a_file_of_settings_without_end_is_refused() {
    let endless = with(&[("ZOHO_MCP_CONFIG", "/dev/zero")], &["tools"]);
    assert!(
        endless.failed().contains("/dev/zero: it is not a regular file"),
        "{endless:?}"
    );
    let none = with(&[("ZOHO_MCP_CONFIG", "/dev/null")], &["tools"]);
    assert!(none.ok && none.told.is_empty(), "{none:?}");
}

#[test]
fn a_variable_of_no_meaning_is_named_once_with_its_nearest_and_never_its_value() {
    let variables = [
        ("ZOHO_MCP_DATABSE_URL", "sqlite:secret-place"),
        ("ZOHO_MCP_LOG", "secret-level"),
        ("ZOHO_MCP_QWXYZ", "secret-value"),
        ("zoho_mcp_user", "secret-user"),
        ("ZOHO_SANDBOX_URL", "secret-url"),
    ];
    let ran = with(&variables, &["tools"]);
    assert!(ran.ok, "{ran:?}");
    let lines: Vec<&str> = ran.told.lines().collect();
    assert_eq!(lines.len(), 3, "{ran:?}");
    let line = |name: &str| lines.iter().find(|line| line.contains(name)).unwrap();
    assert!(
        line("ZOHO_MCP_DATABSE_URL").contains("ZOHO_MCP_DATABASE_URL"),
        "{lines:?}"
    );
    assert!(line("ZOHO_MCP_LOG").contains("ZOHO_MCP_LOG_LEVEL"), "{lines:?}");
    assert_eq!(
        line("ZOHO_MCP_QWXYZ").matches("ZOHO_MCP_").count(),
        1,
        "nothing is near: {lines:?}"
    );
    assert!(!ran.told.contains("secret"), "{ran:?}");
}

/// The long options of the help, as the environment names them.
fn options() -> Vec<String> {
    let help = with(&[], &["--help"]).out;
    let named = help
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("--"));
    let named = named.map(|rest| rest.split([' ', '.', '[']).next().unwrap().to_owned());
    named.filter(|name| name != "help" && name != "version").collect()
}

#[test]
fn every_option_is_a_variable_and_a_key_of_the_file_as_the_help_says() {
    let options = options();
    assert!(
        options.len() >= 14 && options.contains(&"sandbox".to_owned()),
        "{options:?}"
    );
    let (home, help) = (tempfile::tempdir().unwrap(), with(&[], &["--help"]).out);
    let file = home.path().join("config.toml");
    for option in options {
        let name = format!("ZOHO_MCP_{}", option.replace('-', "_").to_uppercase());
        assert!(help.contains(&format!("[{name}]")), "{name}: {help}");
        let ran = with(&[(&name, "")], &["tools"]);
        assert!(ran.ok && ran.told.is_empty(), "{name} is not known: {ran:?}");
        // A value of the wrong kind tells the key from one that is not known.
        std::fs::write(&file, format!("{option} = 1.5\n")).unwrap();
        let ran = with(&[("ZOHO_MCP_CONFIG", file.to_str().unwrap())], &["tools"]);
        assert!(!ran.failed().contains("unknown field"), "{option}: {ran:?}");
    }
}

#[test]
fn a_switch_is_on_or_off_and_the_nearer_word_counts() {
    for name in ["READ_ONLY", "SANDBOX", "KEYRING"] {
        let variable = format!("ZOHO_MCP_{name}");
        let ran = with(&[(&variable, "maybe")], &["tools"]);
        let told = ran.failed();
        assert!(told.contains(&variable) && told.contains("off"), "{told}");
        assert!(!told.contains("maybe"), "{told}");
        for value in ["1", "true", "YES", "on", "0", "false", "no", "Off"] {
            let ran = with(&[(&variable, value)], &["tools"]);
            assert!(ran.ok, "{variable}={value}: {ran:?}");
        }
    }
}

#[test]
fn a_broken_file_is_told_by_its_line_and_without_what_stands_in_it() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config.toml");
    for broken in [
        "user = \"anna\"\nclient-secret = \"hush\"\n",
        "user = \"anna\"\n[hush]\n",
        "user = \"anna\"\nhush = 1\n",
        "user = \"anna\"\ndatabase-url = \"postgres://zoho:hush@db/zoho\n",
    ] {
        std::fs::write(&file, broken).unwrap();
        let ran = with(&[("ZOHO_MCP_CONFIG", file.to_str().unwrap())], &["tools"]);
        let told = ran.failed();
        assert!(told.contains("line 2"), "{told}");
        assert!(!told.contains("hush"), "{told}");
    }
}

#[tokio::test]
async fn a_running_server_tells_it_too_and_speaks_nothing_but_mcp() {
    let bed = Bed::empty(Options::default()).await;
    let mut command = bed.command(&["stdio"]);
    command.env("ZOHO_MCP_USR", "x");
    let ran = finished(command, "");
    assert!(ran.ok && ran.out.is_empty(), "{ran:?}");
    assert_eq!(ran.told.matches("ZOHO_MCP_USER").count(), 1, "{ran:?}");
}
