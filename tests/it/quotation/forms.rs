//! Each form in which a program of each language quotes: cut where it begins, and counted, in plain text and in HTML.
//!
//! Who says so stands in each row of `forms.json`: the sources of programs, parsers that were made from mails, or mails
//! that are public. Assumed where it says so: the sandbox's own, which nobody confirms.

use serde::Deserialize;
use serde_json::Value;
use zoho_mcp::tools::output::html::to_text;
use zoho_mcp::tools::output::quotation::cut_history;

/// What somebody wrote above.
pub(crate) const OWN: &str = "Thanks! 了解です。 شكرا\n\n- the red one\n- two of them";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    language: String,
    program: String,
    source: String,
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
        assert!(!row.source.is_empty() && !row.program.is_empty(), "{row:?}");
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
fn an_answer_below_marked_lines_keeps_all() {
    for row in rows().iter().filter(|row| row.text.contains("\n>")) {
        let answered = format!("{OWN}\n\n{}\nThe red one.", row.text);
        assert_eq!(cut_history(&answered), (answered.as_str(), 0), "{row:?}");
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

/// What is compared letter by letter has small letters, no marks of direction, and no empty word.
#[test]
fn the_words_are_sound() {
    let file: Value = serde_json::from_str(include_str!("../../../tool-schemas/quotations.json")).unwrap();
    let languages = file["languages"].as_object().unwrap();
    let known = rows();
    for (name, language) in languages {
        for label in ["from", "sent", "to", "subject", "original", "introductions"] {
            assert!(
                !language[label].as_array().unwrap().is_empty(),
                "{name}: no {label}"
            );
        }
        let old = ["en", "de", "fr", "nl", "es", "it", "pt", "da", "sv"].contains(&name.as_str());
        assert!(
            old || known.iter().any(|row| row.language == *name),
            "{name} has no case"
        );
    }
    for row in &known {
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
                assert!(!word.contains(zoho_mcp::names::is_filler), "{member}: {word:?}");
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
