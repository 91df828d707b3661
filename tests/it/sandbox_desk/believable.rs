//! Whether the seeded cases could be those of a support desk: who writes when and in what words, what is due, what is there.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::Value;

use super::cases::{SCRIPTS, cases, messages};
use super::tester::{Tester, id, options};
use crate::bed::NOW;

/// Words that a language is known by beside those of the same script.
const WORDS: [(&str, &str); 8] = [
    ("English", "the and is we you of to not from"),
    ("Deutsch", "und die der ist nicht wir das den sie"),
    ("Français", "les des est nous vous une la le et"),
    ("Español", "los del está que una el las por y"),
    ("Português", "não que uma os para do da em é"),
    ("Italiano", "che non una di il per del è sono"),
    ("Nederlands", "het een wij niet van is de wat u"),
    ("Polski", "nie jest na się że w i do z"),
];

/// How the files of a mail are spoken of.
const ATTACHED: [&str; 22] = [
    "attached",
    "attach ",
    "enclosed",
    "anhang",
    "anbei",
    "angehängt",
    "beigefügt",
    "pièce jointe",
    "ci-joint",
    "adjunt",
    "em anexo",
    "allegat",
    "bijlage",
    "bijgevoegd",
    "załącz",
    "添付",
    "附件",
    "附上",
    "مرفق",
    "מצורף",
    "צירפ",
    "संलग्न",
];

/// As the desk is while its people look at it.
fn desk() -> Tester {
    Tester::at(options(1, 500, 1), NOW)
}

/// What somebody wrote themselves, without what their program put below.
fn own(message: &Value) -> String {
    let text = message["content"].as_str().unwrap();
    let marks = ["gmail_quote", "divRplyFwdMsg", "type=\"cite\"", "zmail_extra"];
    let end = marks.iter().filter_map(|mark| text.find(mark)).min();
    let text = &text[..end.unwrap_or(text.len())];
    let parts = text
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, said)| said));
    parts.collect::<Vec<_>>().join(" ").to_lowercase()
}

fn moment(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

#[test]
fn each_case_is_told_in_its_own_language() {
    let mut tester = desk();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases(&mut tester) {
        let language = case["language"].as_str().unwrap_or_default();
        let said: Vec<String> = messages(&mut tester, &case).iter().map(own).collect();
        let said = said.join(" ");
        let words: Vec<&str> = said.split(|sign: char| !sign.is_alphanumeric()).collect();
        let share = |known: &str| {
            let known: Vec<&str> = known.split(' ').collect();
            words.iter().filter(|word| known.contains(word)).count()
        };
        if let Some((_, known)) = WORDS.iter().find(|(name, _)| *name == language)
            && words.len() > 40
        {
            let most = WORDS.iter().max_by_key(|(_, other)| share(other)).unwrap();
            assert_eq!(share(known), share(most.1), "{language}, not {}: {said}", most.0);
        } else if let Some((_, [first, last])) = SCRIPTS.iter().find(|(name, _)| *name == language) {
            let letters = said
                .chars()
                .filter(|letter| (*first..=*last).contains(letter))
                .count();
            assert!(said.is_empty() || letters > 5, "{language}: {said}");
        }
        *seen.entry(language.to_owned()).or_default() += 1;
    }
    let many = seen
        .iter()
        .filter(|(language, count)| !language.is_empty() && **count >= 3);
    assert!(many.count() >= 12, "{seen:?}");
}

#[test]
fn agents_write_in_their_office_hours_and_customers_at_all_hours() {
    let mut tester = desk();
    let zone = TimeZone::get("Europe/Amsterdam").unwrap();
    let is_off = |time: &Value| {
        let local = moment(time).to_zoned_datetime(zone.clone());
        let weekend = matches!(local.weekday(), Weekday::Saturday | Weekday::Sunday);
        weekend || !(8..18).contains(&local.hour())
    };
    let (mut answers, mut questions) = ((0, 0), (0, 0));
    // Sixty messages within two days leave nobody a night.
    for case in cases(&mut tester)
        .iter()
        .filter(|case| case["threadCount"] != "60")
    {
        let messages = messages(&mut tester, case);
        for pair in messages.windows(2) {
            assert!(
                moment(&pair[0]["createdTime"]) <= moment(&pair[1]["createdTime"]),
                "{case}"
            );
        }
        for message in &messages {
            let counted = if message["direction"] == "out" {
                &mut answers
            } else {
                &mut questions
            };
            counted.0 += 1;
            counted.1 += i32::from(is_off(&message["createdTime"]));
        }
        if let (Value::String(_), Some(last)) = (&case["closedTime"], messages.last()) {
            assert!(
                moment(&last["createdTime"]) <= moment(&case["closedTime"]),
                "{case}"
            );
        }
    }
    assert!(answers.0 > 500 && answers.1 * 20 < answers.0, "{answers:?}");
    assert!(questions.1 * 5 > questions.0, "{questions:?}");
}

#[test]
fn some_open_cases_are_late_and_some_due_soon() {
    let mut tester = desk();
    let now = tester.now;
    let open: Vec<Value> = cases(&mut tester)
        .into_iter()
        .filter(|case| case["statusType"] != "Closed")
        .collect();
    for field in ["dueDate", "responseDueDate"] {
        let dated = open.iter().filter(|case| case[field].is_string());
        let due: Vec<SignedDuration> = dated
            .map(|case| moment(&case[field]).duration_since(now))
            .collect();
        let late = due.iter().filter(|due| due.is_negative()).count();
        let soon = due
            .iter()
            .filter(|due| !due.is_negative() && due.as_hours() < 24)
            .count();
        assert!(due.len() > 20, "{field}: {}", due.len());
        assert!(
            (due.len() / 10..due.len() / 2).contains(&late),
            "{field}: {late} of {}",
            due.len()
        );
        assert!(soon * 20 > due.len(), "{field}: {soon} of {}", due.len());
    }
}

#[test]
fn what_is_said_to_be_attached_is_there() {
    let mut tester = desk();
    let mut seen = 0;
    for case in cases(&mut tester) {
        let Some(first) = messages(&mut tester, &case).into_iter().next() else {
            continue;
        };
        let said = own(&first);
        if ATTACHED.iter().any(|word| said.contains(word)) {
            seen += 1;
            assert_ne!(case["attachmentCount"], "0", "{said}");
        }
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn a_case_taken_by_phone_has_a_note() {
    let mut tester = desk();
    let cases = cases(&mut tester);
    let phone: Vec<&Value> = cases.iter().filter(|case| case["channel"] == "Phone").collect();
    assert!(phone.len() > 20, "{}", phone.len());
    for case in phone {
        let notes = tester.rows(&format!("/tickets/{}/comments", id(case)));
        assert!(!notes.is_empty(), "{case}");
        for note in notes {
            assert!(
                moment(&note["commentedTime"]) <= moment(&case["modifiedTime"]),
                "{note} of {case}"
            );
        }
    }
}

#[test]
fn one_matter_ends_one_way_and_the_first_words_of_few_are_the_same() {
    let mut tester = desk();
    let mut ends: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let numberless = |text: &Value| {
        let text = text.as_str().unwrap_or_default();
        text.chars()
            .filter(|sign| !sign.is_ascii_digit())
            .collect::<String>()
    };
    let mut openings: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases(&mut tester) {
        if case["resolution"].is_string() && case["language"].is_string() {
            ends.entry(numberless(&case["subject"]))
                .or_default()
                .insert(numberless(&case["resolution"]));
        }
        if let Some(first) = messages(&mut tester, &case).first() {
            *openings.entry(own(first)).or_default() += 1;
        }
    }
    assert!(ends.len() > 80, "{}", ends.len());
    assert!(ends.values().all(|ends| ends.len() == 1), "{ends:?}");
    assert!(openings.values().all(|count| *count <= 8), "{openings:?}");
}

#[test]
fn money_is_approved_moods_are_read_and_ratings_given() {
    let mut tester = desk();
    let cases = cases(&mut tester);
    let mut asked = 0;
    for case in &cases {
        let rows = tester.rows(&format!("/tickets/{}/approvals", id(case)));
        assert_eq!(case["approvalCount"], rows.len().to_string(), "{case}");
        for row in rows {
            asked += 1;
            assert_eq!(
                row["status"] == "Pending",
                case["statusType"] != "Closed",
                "{row}"
            );
            assert_eq!(
                row["processedTime"].is_null(),
                row["status"] == "Pending",
                "{row}"
            );
            assert_ne!(row["approver"]["id"], row["requester"]["id"], "{row}");
            assert!(
                moment(&row["requestedTime"]) > moment(&case["createdTime"]),
                "{row}"
            );
        }
    }
    assert!(asked > 3, "{asked}");
    let moods: BTreeSet<Option<&str>> = cases.iter().map(|case| case["sentiment"].as_str()).collect();
    assert_eq!(moods.len(), 4, "{moods:?}");
    let rated = tester.rows("/contacts?limit=100");
    let rated = rated
        .iter()
        .filter(|row| row["customerHappiness"]["goodPercentage"] != "0");
    assert!((10..60).contains(&rated.count()));
}
