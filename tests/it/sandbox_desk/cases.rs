//! What seeded cases tell: one matter each, in one language, with what belongs to it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::tester::{Tester, id};

/// The letters that a language is written in, where they are its own.
pub(crate) const SCRIPTS: [(&str, [char; 2]); 5] = [
    ("日本語", ['\u{3040}', '\u{30ff}']),
    ("中文", ['\u{4e00}', '\u{9fff}']),
    ("العربية", ['\u{600}', '\u{6ff}']),
    ("עברית", ['\u{590}', '\u{5ff}']),
    ("हिन्दी", ['\u{900}', '\u{97f}']),
];

pub(crate) fn cases(tester: &mut Tester) -> Vec<Value> {
    let pages = (0..5).map(|page| format!("/tickets?limit=100&from={}", 1 + page * 100));
    let rows: Vec<Value> = pages.flat_map(|page| tester.rows(&page)).collect();
    rows.iter()
        .map(|row| tester.read(&format!("/tickets/{}", id(row))))
        .collect()
}

pub(crate) fn messages(tester: &mut Tester, case: &Value) -> Vec<Value> {
    let threads = tester.rows(&format!("/tickets/{}/threads?limit=100", id(case)));
    let paths = threads
        .iter()
        .rev()
        .map(|thread| format!("/tickets/{}/threads/{}", id(case), id(thread)));
    paths.map(|path| tester.read(&path)).collect()
}

#[test]
fn the_matters_are_many_and_told_in_the_language_of_who_writes() {
    let mut tester = Tester::new(500);
    let cases = cases(&mut tester);
    let mut matters: BTreeMap<String, usize> = BTreeMap::new();
    let mut languages = BTreeSet::new();
    for case in cases.iter().filter(|case| case["language"].is_string()) {
        languages.insert(case["language"].as_str().unwrap().to_owned());
        // Names and numbers differ from case to case of a matter.
        let matter: String = case["subject"]
            .as_str()
            .unwrap()
            .chars()
            .filter(|letter| !letter.is_ascii_digit())
            .collect();
        *matters.entry(matter).or_default() += 1;
    }
    assert!(languages.len() >= 12, "{languages:?}");
    assert!(matters.len() >= 100, "{} of 500 cases", matters.len());
    assert!(matters.values().all(|count| *count <= 20), "{matters:?}");

    for (language, [first, last]) in SCRIPTS {
        let of_it = cases
            .iter()
            .filter(|case| case["language"] == language && case["threadCount"] != "60");
        for case in of_it.take(3) {
            for message in messages(&mut tester, case) {
                let text = message["content"].as_str().unwrap();
                assert!(
                    text.chars().any(|letter| (first..=last).contains(&letter)),
                    "{language}: {text}"
                );
            }
        }
    }
}

#[test]
fn what_stands_below_an_answer_is_the_message_it_answers_under_its_sender() {
    let mut tester = Tester::new(120);
    let mut seen = 0;
    for case in cases(&mut tester)
        .iter()
        .filter(|case| case["threadCount"].as_str() > Some("1"))
        .take(40)
    {
        let messages = messages(&mut tester, case);
        for pair in messages.windows(2) {
            let (answered, answer) = (&pair[0], pair[1]["content"].as_str().unwrap());
            let is_quoting = ["gmail_quote", "divRplyFwdMsg", "type=\"cite\"", "zmail_extra"]
                .iter()
                .any(|mark| answer.contains(mark));
            if !is_quoting {
                continue;
            }
            seen += 1;
            let author = answered["author"]["name"].as_str().unwrap();
            assert!(answer.contains(author), "{author}: {answer}");
            assert_ne!(answered["direction"], pair[1]["direction"]);
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn numbers_files_and_ends_belong_to_the_case() {
    let mut tester = Tester::new(500);
    let mut seen = [0; 4];
    for case in cases(&mut tester) {
        let text = case.to_string();
        assert!(
            !text.contains("{order}") && !text.contains("{first}") && !text.contains("{n}"),
            "{text}"
        );
        let closed = case["statusType"] == "Closed";
        assert_eq!(closed, case["resolution"].is_string(), "{text}");
        let order = case["cf"]["cf_order_number"].as_str();
        if let Some(order) = order.filter(|order| text.matches(*order).count() > 2) {
            seen[0] += 1;
            assert!(order.len() == 5, "{order}");
        }
        let files = case["attachmentCount"] != "0";
        if files {
            seen[1] += 1;
            let rows = tester.rows(&format!("/tickets/{}/attachments", id(&case)));
            let first = &messages(&mut tester, &case)[0];
            assert_eq!(first["attachments"][0]["name"], rows[0]["name"]);
            assert_eq!(first["hasAttach"], true);
        }
        let history = tester.rows(&format!("/tickets/{}/History?limit=50", id(&case)));
        let changed = |value: &str| {
            history
                .iter()
                .any(|event| event["eventInfo"][0]["propertyValue"]["updatedValue"] == value)
        };
        if closed && history.len() < 50 {
            seen[2] += 1;
            assert!(changed("Closed"), "{history:?}");
        }
        let metrics = tester.read(&format!("/tickets/{}/metrics", id(&case)));
        if metrics["reopenCount"] != "0" {
            seen[3] += 1;
            assert!(changed("Open") && changed("Closed"), "{history:?}");
        }
    }
    assert!(seen.iter().all(|count| *count > 5), "{seen:?}");
    let spam = tester.read("/ticketsCountByFieldValues?field=spam");
    assert!(spam["spam"].as_u64() > Some(3), "{spam}");
}
