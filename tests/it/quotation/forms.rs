//! Each form in which a program of each language quotes: cut where it begins, and counted, in plain text and in HTML.
//!
//! Who says so stands in each row of `forms.json`: the sources of programs, parsers that were made from mails, or mails
//! that are public. Assumed where it says so: the sandbox's own, which nobody confirms.

use serde::Deserialize;
use serde_json::Value;
use zoho_mcp::names::{in_ascii, is_filler};
use zoho_mcp::tools::output::html::to_text;
use zoho_mcp::tools::output::quotation::find;

use super::{FORMS, cut_history};

/// What somebody wrote above.
pub(crate) const OWN: &str = "Thanks! 了解です。 شكرا\n\n- the red one\n- two of them";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    language: String,
    program: String,
    source: String,
    /// Nobody who can be looked up says so.
    #[serde(default)]
    assumed: bool,
    pub(crate) text: String,
    /// It tells itself from the author's own words even where no line below it is marked.
    pub(crate) alone: bool,
}

pub(crate) fn rows() -> Vec<Row> {
    serde_json::from_str(include_str!("forms.json")).unwrap()
}

/// The text without the marks of quoted lines.
pub(crate) fn unmarked(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim_start_matches('>').trim());
    lines
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

fn expect_cut(row: &Row, text: &str, quoted: &str) {
    let (kept, left_out) = cut_history(text);
    assert_eq!(kept, OWN, "{row:?}: {text}");
    assert_eq!(left_out, quoted.trim().chars().count(), "{row:?}: {text}");
}

#[test]
fn every_form_is_cut_and_counted_in_plain_text() {
    for row in rows() {
        // A page, or a repository and its file; our own words are no source of themselves.
        let place = row.source.split(' ').next().unwrap_or_default();
        let is_found =
            place.starts_with("https://") || place.split('/').filter(|part| !part.is_empty()).count() == 2;
        assert!(row.assumed || is_found, "{row:?}");
        assert!(
            !row.source.contains("quotations.json") && !row.program.is_empty(),
            "{row:?}"
        );
        expect_cut(&row, &format!("{OWN}\n\n{}", row.text), &row.text);
        assert_eq!(
            cut_history(&row.text),
            (row.text.as_str(), 0),
            "only quotes: {row:?}"
        );
        if row.alone {
            // As Zoho's `plainText` has it: no marks, no empty lines.
            let quoted = unmarked(&row.text);
            expect_cut(&row, &format!("{OWN}\n{quoted}"), &quoted);
        }
    }
}

#[test]
fn an_answer_below_marked_lines_is_kept() {
    for row in rows().iter().filter(|row| row.text.contains("\n>")) {
        let answered = format!("{OWN}\n\n{}\nThe red one.", row.text);
        let found = find(&answered).unwrap();
        assert_eq!((found.own, found.below), (OWN, "The red one."), "{row:?}");
    }
}

/// As Gmail, Apple Mail and Outlook build it: the line in an element of its own, what it quotes in a `blockquote` or below.
#[test]
fn every_form_is_cut_and_counted_in_html() {
    let escaped = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    for row in rows() {
        let inside = row.text.starts_with('>');
        let quoted = row.text.split_once("\n>").map_or("", |(line, _)| line);
        let html = if inside {
            let lines: Vec<String> = unmarked(&row.text)
                .lines()
                .map(|line| format!("<div>{}</div>", escaped(line)))
                .collect();
            format!("<blockquote type=\"cite\">{}</blockquote>", lines.join("<br>"))
        } else if quoted.is_empty() {
            format!("<div>{}</div>", escaped(&row.text).replace('\n', "<br>"))
        } else {
            let line = escaped(quoted.trim()).replace('\n', " ");
            format!(
                "<div class=\"gmail_quote\"><div dir=\"auto\" class=\"gmail_attr\">{line}<br></div><blockquote \
                 class=\"gmail_quote\"><div>Hello</div><div>Bye</div></blockquote></div>"
            )
        };
        let own = escaped(OWN).replace('\n', "<br>");
        let text = to_text(&format!("<div>{own}</div><br>{html}"));
        let rest = text
            .strip_prefix(OWN)
            .unwrap_or_else(|| panic!("{row:?}: {text}"));
        expect_cut(&row, &text, rest);
    }
}

/// The languages of [`FORMS`].
const OLD: [&str; 9] = ["en", "de", "fr", "nl", "es", "it", "pt", "da", "sv"];

/// Whether a case is written in a form: its words around a day and a name, in the order of the form.
fn is_written_in(text: &str, form: &str) -> bool {
    let (first, rest) = form.split_once('{').unwrap();
    let (slot, rest) = rest.split_once('}').unwrap();
    let (between, rest) = rest.split_once('{').unwrap();
    let last = rest.split_once('}').unwrap().1;
    let plain: String = in_ascii(text).chars().filter(|sign| !is_filler(*sign)).collect();
    let lines = unmarked(&plain).to_lowercase();
    let lines: Vec<&str> = lines.lines().collect();
    let is_day = |part: &str| part.contains(char::is_numeric);
    let is_name = |part: &str| ["mori", "森川"].iter().any(|name| part.contains(name));
    (1..=lines.len().min(2)).any(|wrapped| {
        let line = lines[..wrapped].join(" ");
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let inside = line.trim_matches(|sign: char| matches!(sign, '-' | ':' | ' '));
        let inside = inside
            .strip_prefix(first)
            .and_then(|inside| inside.strip_suffix(last));
        inside.is_some_and(|inside| {
            inside.match_indices(between.trim()).any(|(at, word)| {
                let (left, right) = (&inside[..at], &inside[at + word.len()..]);
                match slot {
                    "day" => is_day(left) && !is_name(left) && is_name(right),
                    _ => is_name(left) && is_day(right) && !is_name(right),
                }
            })
        })
    })
}

/// No form is there that no case is written in, and no name of the line above Outlook's block.
#[test]
fn every_form_of_the_file_has_a_case() {
    let file: Value = serde_json::from_str(include_str!("../../../tool-schemas/quotations.json")).unwrap();
    let rows = rows();
    let mut cases: Vec<(&str, &str)> = rows
        .iter()
        .map(|row| (row.language.as_str(), row.text.as_str()))
        .collect();
    for (language, forms) in OLD.iter().zip(&FORMS) {
        cases.extend(forms.iter().map(|text| (*language, *text)));
    }
    let words = |language: &Value, member: &str| -> Vec<String> {
        let words = language[member].as_array().cloned().unwrap_or_default();
        words
            .iter()
            .map(|word| word.as_str().unwrap().to_owned())
            .collect()
    };
    let mut missing = Vec::new();
    let everywhere = file["everywhere"].clone();
    let languages = file["languages"].as_object().unwrap().iter();
    for (name, language) in languages.chain([(&"everywhere".to_owned(), &everywhere)]) {
        let own: Vec<&str> = cases
            .iter()
            .filter(|(of, _)| of == name || name == "everywhere")
            .map(|(_, text)| *text)
            .collect();
        for form in [words(language, "introductions"), words(language, "above_marks")].concat() {
            if !own.iter().any(|text| is_written_in(text, &form)) {
                missing.push(format!("{name}: {form}"));
            }
        }
        for original in words(language, "original") {
            if !own
                .iter()
                .any(|text| text.to_lowercase().contains(&format!("- {original} -")))
            {
                missing.push(format!("{name}: {original}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// What is compared letter by letter has small letters, no marks of direction, and no empty word.
#[test]
fn the_words_are_sound() {
    let file: Value = serde_json::from_str(include_str!("../../../tool-schemas/quotations.json")).unwrap();
    let languages = file["languages"].as_object().unwrap();
    for (name, language) in languages {
        for label in ["from", "sent", "to", "subject", "original", "introductions"] {
            assert!(
                !language[label].as_array().unwrap().is_empty(),
                "{name}: no {label}"
            );
        }
    }
    for row in rows() {
        assert!(languages.contains_key(&row.language), "{row:?}");
    }
    for language in languages.values().chain([&file["everywhere"]]) {
        for (member, words) in language.as_object().unwrap() {
            let mut seen = std::collections::BTreeSet::new();
            for word in words.as_array().unwrap() {
                let word = word.as_str().unwrap();
                let small: String = word.chars().map(|c| c.to_lowercase().next().unwrap()).collect();
                assert_eq!(word, small, "{member}");
                assert_eq!(word, word.trim(), "{member}");
                assert!(
                    !word.is_empty() && seen.insert(word),
                    "{member}: {word:?} twice or empty"
                );
                assert!(!word.contains(is_filler), "{member}: {word:?}");
                if matches!(member.as_str(), "introductions" | "above_marks") {
                    for slot in ["{day}", "{who}"] {
                        assert_eq!(word.matches(slot).count(), 1, "{word}");
                    }
                } else if member == "day" {
                    assert!(
                        word.chars()
                            .all(|c| !c.is_ascii_punctuation() && !c.is_whitespace()),
                        "{word}"
                    );
                }
            }
        }
    }
}
