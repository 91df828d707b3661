//! Whether the seeded cases contradict themselves: ends that are told, notes that know no more than was said, files that
//! fit, records that are not older than what they hang on, answers all through the working day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Weekday, tz::TimeZone};
use serde_json::Value;

use super::cases::{cases, messages};
use super::tester::{Tester, id, options};
use crate::bed::NOW;

fn desk() -> Tester {
    Tester::at(options(1, 500, 1), NOW)
}

fn moment(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

/// What somebody wrote themselves, line by line, without markup and without what their program put below.
fn own(message: &Value) -> String {
    let text = message["content"].as_str().unwrap();
    let marks = [
        "class=\"gmail_quote",
        "<div id=\"appendonsend",
        "type=\"cite\"",
        "class=\"zmail_extra",
    ];
    let end = marks.iter().filter_map(|mark| text.find(mark)).min();
    let text = text[..end.unwrap_or(text.len())].replace("</div>", "\n");
    let parts = text
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, said)| said));
    let text = parts.collect::<Vec<_>>().concat();
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// Numbers of at least two digits, with what divides these.
fn numbers(text: &str) -> BTreeSet<String> {
    let is_part = |sign: char| sign.is_ascii_digit() || ".,:".contains(sign);
    let parts = text.split(|sign: char| !is_part(sign));
    let parts = parts.map(|part| part.trim_matches(['.', ',', ':']).to_owned());
    parts.filter(|part| part.len() > 1).collect()
}

#[test]
fn a_closed_case_is_told_to_its_end() {
    let mut tester = desk();
    let mut ends: BTreeMap<&str, usize> = BTreeMap::new();
    for case in cases(&mut tester)
        .iter()
        .filter(|case| case["statusType"] == "Closed")
    {
        let messages = messages(&mut tester, case);
        let Some(last) = messages.last() else {
            continue;
        };
        // What stands in the history of the first message has been said, too.
        let before = if own(&messages[0]).len() + 400 < messages[0]["content"].as_str().unwrap().len() {
            2
        } else {
            0
        };
        let answer = messages
            .iter()
            .rev()
            .find(|message| message["direction"] == "out")
            .unwrap();
        let sums_up = own(answer).contains(case["resolution"].as_str().unwrap());
        assert!(sums_up || messages.len() + before >= 6, "{case}");
        let end = match (last["direction"].as_str(), sums_up) {
            (Some("in"), _) => "the customer's last word",
            (_, true) => "a call summed up",
            _ => "the last answer",
        };
        if last["direction"] == "in" {
            assert!(
                own(last).chars().count() < 200 && !own(last).contains('?'),
                "{last}"
            );
        }
        assert!(
            moment(&last["createdTime"]) <= moment(&case["closedTime"]),
            "{case}"
        );
        *ends.entry(end).or_default() += 1;
    }
    assert!(
        ends.len() == 3 && ends.values().all(|count| *count > 30),
        "{ends:?}"
    );
}

#[test]
fn a_note_speaks_of_nothing_that_is_still_to_come() {
    let mut tester = desk();
    let (mut notes, mut late) = (0, Vec::new());
    for case in cases(&mut tester) {
        let messages = messages(&mut tester, &case);
        for note in tester.rows(&format!("/tickets/{}/comments", id(&case))) {
            notes += 1;
            let at = moment(&note["commentedTime"]);
            assert!(at >= moment(&case["createdTime"]), "{note}");
            let (said, to_come): (Vec<&Value>, Vec<&Value>) = messages
                .iter()
                .partition(|message| moment(&message["createdTime"]) <= at);
            let all = |messages: Vec<&Value>| messages.iter().map(|message| own(message)).collect::<String>();
            let mut known = numbers(&all(said));
            known.extend(numbers(&case["description"].to_string()));
            let first_said_later: Vec<String> = numbers(&all(to_come)).difference(&known).cloned().collect();
            let own = numbers(note["content"].as_str().unwrap());
            if first_said_later.iter().any(|number| own.contains(number)) {
                late.push(note["content"].clone());
            }
        }
    }
    // Small numbers stand in messages by themselves.
    assert!(
        notes > 200 && late.len() * 50 < notes,
        "{} of {notes}: {late:?}",
        late.len()
    );
}

#[test]
fn files_fit_their_cases_and_are_older_than_what_they_hang_on() {
    let mut tester = desk();
    let (mut contents, mut files, mut quoted) = (BTreeSet::new(), 0, 0);
    for case in cases(&mut tester) {
        let rows = tester.rows(&format!("/tickets/{}/attachments", id(&case)));
        for row in rows {
            files += 1;
            let first = messages(&mut tester, &case).remove(0);
            let target = format!("/tickets/{}/attachments/{}/content", id(&case), id(&row));
            let reply = tester.raw(&tester.request("GET", &target));
            assert_eq!(row["size"], reply.body.len().to_string(), "{row}");
            contents.insert(reply.body.to_vec());
            let name = row["name"].as_str().unwrap();
            assert!(name.contains(case["ticketNumber"].as_str().unwrap()), "{row}");
            let begins: &[u8] = match name.rsplit('.').next() {
                Some("pdf") => b"%PDF-",
                Some("docx" | "xlsx") => b"PK",
                Some("png") => b"\x89PNG",
                _ => b"",
            };
            assert!(reply.body.starts_with(begins), "{row}");
            let Ok(text) = std::str::from_utf8(&reply.body) else {
                continue;
            };
            let day = &case["createdTime"].as_str().unwrap()[..10];
            let words = text.split(|sign: char| sign.is_whitespace() || ",;T".contains(sign));
            let days = words.filter(|word| word.len() == 10 && word.parse::<jiff::civil::Date>().is_ok());
            assert!(days.into_iter().all(|written| written < day), "{day}: {text}");
            // A line of a log begins with the time of day.
            for line in own(&first).lines().map(str::trim).filter(|line| {
                name.ends_with(".log") && line.as_bytes().get(2) == Some(&b':') && line.len() > 12
            }) {
                quoted += 1;
                assert!(text.contains(line), "{line}: {text}");
            }
        }
    }
    assert!(
        files > 150 && contents.len() * 100 > files * 95,
        "{} of {files}",
        contents.len()
    );
    assert!(quoted > 20, "{quoted}");
}

#[test]
fn nothing_is_older_than_what_it_hangs_on() {
    let mut tester = desk();
    let mut born: BTreeMap<String, Timestamp> = BTreeMap::new();
    for list in ["contacts", "accounts"] {
        for from in [1, 101] {
            for row in tester.rows(&format!("/{list}?limit=100&from={from}")) {
                let row = tester.read(&format!("/{list}/{}", id(&row)));
                born.insert(id(&row), moment(&row["createdTime"]));
            }
        }
    }
    let cases = cases(&mut tester);
    born.extend(cases.iter().map(|case| (id(case), moment(&case["createdTime"]))));
    let mut seen = 0;
    let mut hangs_on = |row: &Value, parent: &Value| {
        if let Some(parent) = parent.as_str().and_then(|parent| born.get(parent)) {
            seen += 1;
            assert!(*parent <= moment(&row["createdTime"]), "{row}");
        }
    };
    for case in &cases {
        hangs_on(case, &case["contactId"]);
        hangs_on(case, &case["accountId"]);
        for contact in case["secondaryContacts"].as_array().into_iter().flatten() {
            hangs_on(case, contact);
        }
    }
    for list in [
        "contacts?limit=100",
        "tasks?limit=100",
        "calls?limit=100",
        "events?limit=100",
    ] {
        for row in tester.rows(&format!("/{list}")) {
            let row = tester.read(&format!("/{}/{}", list.split('?').next().unwrap(), id(&row)));
            hangs_on(&row, &row["accountId"]);
            hangs_on(&row, &row["contactId"]);
            hangs_on(&row, &row["ticketId"]);
        }
    }
    assert!(seen > 1_000, "{seen}");
}

#[test]
fn answers_come_soon_and_all_through_the_working_day() {
    let mut tester = desk();
    let zone = TimeZone::get("Europe/Amsterdam").unwrap();
    let (mut hours, mut first, mut off): (BTreeMap<i8, usize>, Vec<i64>, usize) = Default::default();
    for case in cases(&mut tester) {
        let messages = messages(&mut tester, &case);
        for message in messages.iter().filter(|message| message["direction"] == "out") {
            let local = moment(&message["createdTime"]).to_zoned_datetime(zone.clone());
            *hours.entry(local.hour()).or_default() += 1;
            let weekend = matches!(local.weekday(), Weekday::Saturday | Weekday::Sunday);
            off += usize::from(weekend || !(8..18).contains(&local.hour()));
        }
        if let [asked, answered, ..] = messages.as_slice() {
            let (asked, answered) = (moment(&asked["createdTime"]), moment(&answered["createdTime"]));
            first.push(answered.duration_since(asked).as_mins());
        }
    }
    let all: usize = hours.values().sum();
    assert!(
        hours.len() >= 8 && hours.values().all(|count| count * 4 < all),
        "{hours:?}"
    );
    assert_eq!(off, 0, "{hours:?}");
    first.sort_unstable();
    assert!(
        first[first.len() / 2] < 6 * 60,
        "{} minutes",
        first[first.len() / 2]
    );
}

#[test]
fn few_subjects_are_the_same_to_the_letter() {
    let mut tester = desk();
    let cases = cases(&mut tester);
    let subjects: BTreeSet<&str> = cases.iter().filter_map(|case| case["subject"].as_str()).collect();
    let repeated = cases.len() - subjects.len();
    assert!(repeated * 100 <= cases.len() * 3, "{repeated} of {}", cases.len());
}

#[test]
fn an_open_case_was_changed_by_what_happened_to_it_last() {
    let mut tester = desk();
    let mut open = 0;
    for case in cases(&mut tester).iter().filter(|case| case["status"] == "Open") {
        let history = tester.rows(&format!("/tickets/{}/History?limit=50", id(case)));
        let last = history.iter().map(|event| moment(&event["eventTime"])).max();
        let last = last.unwrap().as_second();
        assert_eq!(
            moment(&case["modifiedTime"]).as_second(),
            last,
            "{}",
            case["ticketNumber"]
        );
        open += 1;
    }
    assert!(open > 50, "{open}");
}
