//! Every option, as its row declares it: flag, variable and key of the file mean the same, and the nearer one counts.

use std::path::Path;

use clap::{Args as _, Command, FromArgMatches as _};
use secrecy::ExposeSecret as _;
use zoho_mcp::config::{Config, Private, Settings, name_of};

/// Two values that differ; each kind of row takes one of these pairs.
const PAIRS: [(&str, &str); 8] = [
    ("draft", "trusted"),
    ("always", "never"),
    ("sqlite:/one", "sqlite:/two"),
    ("2031-01-01T00:00:00Z", "2032-01-01T00:00:00Z"),
    ("1", "0"),
    ("/one", "/two"),
    ("text", "json"),
    ("10", "20"),
];

/// What each layer says to one row.
#[derive(Debug, Clone, Copy, Default)]
struct Said<'a> {
    flag: Option<&'a str>,
    variable: Option<&'a str>,
    key: Option<&'a str>,
}

fn key_of(row: &str) -> String {
    row.replace('_', "-")
}

fn flags(row: &str, value: Option<&str>) -> Settings {
    let value = value.map(|value| format!("--{}={value}", key_of(row)));
    let command = Settings::augment_args(Command::new("test"));
    let matches = command.get_matches_from(std::iter::once("test".to_owned()).chain(value));
    Settings::from_arg_matches(&matches).unwrap()
}

/// Everything that is configured, where that can be.
fn configured(home: &Path, row: &str, said: Said<'_>) -> Option<String> {
    let file = home.join("config.toml");
    let text = said.key.map(|value| format!("{} = '{value}'\n", key_of(row)));
    std::fs::write(&file, text.unwrap_or_default()).unwrap();
    let variables = |name: &str| {
        if name == name_of("config") {
            Some(file.display().to_string())
        } else {
            said.variable.filter(|_| name == name_of(row)).map(str::to_owned)
        }
    };
    let config = Config::of_layers(flags(row, said.flag), &variables).ok()?;
    let database = config.database_url.expose_secret();
    Some(format!("{:?} {:?} {database}", config.said, config.private))
}

fn has_flag(row: &str) -> bool {
    let command = Settings::augment_args(Command::new("test"));
    command.get_arguments().any(|option| option.get_id() == row)
}

#[test]
fn flag_variable_and_key_of_each_row_mean_the_same_and_the_nearer_one_counts() {
    let home = tempfile::tempdir().unwrap();
    assert!(Settings::ROWS.len() >= 16);
    for row in Settings::ROWS {
        let with = |said: Said<'_>| configured(home.path(), row, said);
        let of_variable = |value| {
            with(Said {
                variable: Some(value),
                ..Said::default()
            })
        };
        let pair = PAIRS
            .iter()
            .find(|(one, two)| of_variable(one).is_some() && of_variable(two).is_some());
        let (one, two) = *pair.unwrap_or_else(|| panic!("no variable {}", name_of(row)));
        let (first, second) = (of_variable(one), of_variable(two));
        assert!(
            first != second && first != with(Said::default()),
            "{row} does nothing"
        );
        let key = with(Said {
            key: Some(one),
            ..Said::default()
        });
        assert_eq!(key, first, "the key {}", key_of(row));
        let nearer = with(Said {
            variable: Some(two),
            key: Some(one),
            ..Said::default()
        });
        assert_eq!(nearer, second, "{} over the file", name_of(row));
        if has_flag(row) {
            let flag = with(Said {
                flag: Some(one),
                ..Said::default()
            });
            assert_eq!(flag, first, "the flag --{}", key_of(row));
            for farther in [
                Said {
                    flag: Some(two),
                    variable: Some(one),
                    ..Said::default()
                },
                Said {
                    flag: Some(two),
                    key: Some(one),
                    ..Said::default()
                },
            ] {
                assert_eq!(with(farther), second, "--{} over the rest", key_of(row));
            }
        }
    }
}

#[test]
fn what_is_blank_or_was_not_filled_in_says_nothing() {
    let home = tempfile::tempdir().unwrap();
    for row in Settings::ROWS {
        let nothing = configured(home.path(), row, Said::default());
        for text in [" ", "${user_config.value}"] {
            let (key, variable) = (Some(text), Some(text));
            let in_file = Said {
                key,
                ..Said::default()
            };
            let in_environment = Said {
                variable,
                ..Said::default()
            };
            for said in [in_file, in_environment] {
                assert_eq!(configured(home.path(), row, said), nothing, "{row} {said:?}");
            }
        }
    }
}

#[test]
fn what_the_environment_alone_may_say_is_neither_flag_nor_key() {
    let home = tempfile::tempdir().unwrap();
    for row in Private::ROWS {
        assert!(!has_flag(row), "{row} on a command line");
        let key = Said {
            key: Some("x"),
            ..Said::default()
        };
        assert_eq!(configured(home.path(), row, key), None, "{row} in the file");
        if *row != "config" {
            let variable = Said {
                variable: Some("x"),
                ..Said::default()
            };
            let said = configured(home.path(), row, variable);
            assert_ne!(said, configured(home.path(), row, Said::default()), "{row}");
        }
    }
}

/// Which sandbox is meant is one question: whoever is nearest answers it.
#[test]
fn a_sandbox_that_is_named_nearer_is_the_one_that_is_used() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config.toml");
    let url = || Some("http://127.0.0.1:1".to_owned());
    let own = Settings {
        sandbox: Some(true),
        ..Settings::default()
    };
    let running = Settings {
        sandbox_url: url(),
        ..Settings::default()
    };
    let rows = [("sandbox", "true"), ("sandbox-url", "'http://127.0.0.1:2'")];
    for (flags, own_one) in [(own, true), (running, false)] {
        for (key, value) in rows {
            for in_file in [true, false] {
                let line = format!("{key} = {value}\n");
                std::fs::write(&file, if in_file { &line } else { "" }).unwrap();
                let variable = (!in_file).then(|| value.trim_matches('\'').to_owned());
                let variables = |name: &str| match name == name_of("config") {
                    true => Some(file.display().to_string()),
                    false => variable
                        .clone()
                        .filter(|_| name == name_of(&key.replace('-', "_"))),
                };
                let config = Config::of_layers(flags.clone(), &variables).unwrap();
                let url = if own_one { None } else { url() };
                assert_eq!(
                    (config.has_own_sandbox(), config.said.sandbox_url),
                    (own_one, url),
                    "{key}"
                );
            }
        }
    }
}

#[test]
fn the_file_may_write_numbers_switches_and_lists_as_such() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config.toml");
    let text = "read-only = true\nkeyring = false\ntoolsets = ['records', 'cases']\ncallback-port = 0\n";
    std::fs::write(&file, text).unwrap();
    let variables = |name: &str| (name == name_of("config")).then(|| file.display().to_string());
    let said = Config::of_layers(Settings::default(), &variables).unwrap().said;
    assert_eq!((said.read_only, said.keyring), (Some(true), Some(false)));
    assert_eq!(said.toolsets.unwrap(), ["records", "cases"]);
    assert_eq!(said.callback_port, Some(0));
}
