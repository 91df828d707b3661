//! Names of files: whole within what file systems take (255 bytes, POSIX `NAME_MAX` of ext4, APFS and NTFS), with their ending.

use proptest::prelude::*;
use zoho_mcp::names::clean_line;
use zoho_mcp::tools::files::safe_name;

const ID: &str = "4150868000115332918";

#[test]
fn a_name_is_kept_whole_while_there_is_room() {
    let long = format!("{}.log", "x".repeat(225));
    for name in [
        "report.pdf",
        "Übersicht – März (2).xlsx",
        "no ending",
        long.as_str(),
    ] {
        assert_eq!(safe_name(ID, name), format!("{ID}-{name}"));
    }
}

#[test]
fn a_name_that_is_too_long_keeps_its_ending() {
    for (stem, ending) in [
        ("x".repeat(300), "log"),
        ("😀".repeat(120), "pdf"),
        ("é".repeat(200), "tar"),
    ] {
        let name = safe_name(ID, &format!("{stem}.{ending}"));
        assert!(name.len() <= 255 && name.len() > 250, "{name}");
        assert!(
            name.starts_with(ID) && name.ends_with(&format!(".{ending}")),
            "{name}"
        );
    }
    let all_ending = safe_name(ID, &format!("a.{}", "b".repeat(300)));
    assert!(
        all_ending.len() == 255 && all_ending.starts_with(&format!("{ID}-a.b")),
        "{all_ending}"
    );
}

#[test]
fn no_name_holds_a_fence() {
    assert_eq!(safe_name(ID, "a〕b〔.txt"), format!("{ID}-a]b[.txt"));
}

/// What an answer tells of a path is where the file lies: it takes out what hides, also where that came to stand alone only when
/// other signs were taken out of the name.
fn is_told_as_it_is(safe: &str) -> bool {
    clean_line(safe) == safe
}

#[test]
fn a_name_is_told_as_it_is() {
    for name in [
        "a\"\u{200d}語.png",
        "語\u{200d}:語\u{200d}.png",
        "a\u{2028}b\u{85}c.txt",
        "\u{feff}a\u{202e}gnp.exe",
        "x/\u{fe0f}y",
    ] {
        let safe = safe_name(ID, name);
        assert!(is_told_as_it_is(&safe), "{name:?}: {safe:?}");
    }
}

proptest! {
    #[test]
    fn any_name_is_told_as_it_is(parts in prop::collection::vec(
        prop_oneof![
            Just("\u{200d}"), Just("\u{200c}"), Just("\u{fe0f}"), Just("語"), Just("🎉"), Just("é"), Just("/"), Just(":"),
            Just("\""), Just("."), Just(" "), Just("〔"), Just("\u{2028}"), Just("\u{85}"), Just("e\u{301}"), Just("\u{e0041}"),
            Just("xxxxxxxxxxxxxxxx"),
        ],
        0..60,
    )) {
        let safe = safe_name(ID, &parts.concat());
        prop_assert!(is_told_as_it_is(&safe), "{:?}", safe);
        prop_assert!(safe.len() <= 255 && safe.starts_with(ID));
    }

    #[test]
    fn any_name_fits_and_stays_in_its_directory(name in "\\PC{0,300}") {
        let safe = safe_name(ID, &name);
        prop_assert!(safe.len() <= 255 && safe.starts_with(ID));
        prop_assert!(!safe.contains(['/', '\\', '\0']));
    }
}
