//! Answers as Zoho's documents, its official SDKs and reports of its users show them, and what must be made of each: the
//! files of `tests/upstream`, read through the front door. What none of them shows is assumed, and the case's
//! `source` says so. The sandbox is not asked: it could merely agree with the server.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::bed::Wire;
use crate::connections_rooms::fake::{House, Scripted};

/// Cases that must be there at least.
const LEAST: usize = 300;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// What it is about.
    name: String,
    /// The document, SDK or report that shows the answer; behind `assumed:` what none of them shows.
    pub(crate) source: String,
    tool: String,
    arguments: Value,
    /// Seconds the token still lives; an hour where nothing is said.
    token_left: Option<i64>,
    /// What Zoho answers, by path, in order.
    pub(crate) zoho: Vec<Answer>,
    /// JSON Pointers into what the model reads, and what stands there: a value, or for a text a part of it.
    is: Option<serde_json::Map<String, Value>>,
    has: Option<serde_json::Map<String, Value>>,
    /// Texts that stand nowhere in it.
    #[serde(default)]
    never: Vec<String>,
    /// Parts of the requests that Zoho must have received.
    #[serde(default)]
    asked: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer {
    pub(crate) path: String,
    #[serde(default = "ok")]
    pub(crate) status: u16,
    #[serde(default)]
    headers: Vec<(String, String)>,
    /// JSON, or for a text what is no JSON.
    pub(crate) body: Value,
}

fn ok() -> u16 {
    200
}

/// All that lies in `tests/upstream`.
pub(crate) fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/upstream");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let read = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        let cases: Vec<Case> =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        cases
    };
    files.iter().flat_map(read).collect()
}

fn scripted(answer: &Answer) -> Scripted {
    let text = match &answer.body {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        json => json.to_string(),
    };
    let mut headers = vec![("content-type", "application/json".to_owned())];
    for (name, value) in &answer.headers {
        let name: &'static str = name.clone().leak();
        headers.retain(|(known, _)| *known != name);
        headers.push((name, value.clone()));
    }
    Scripted {
        status: answer.status,
        headers,
        body: text.into_bytes(),
    }
}

/// What is wrong with what the model reads.
async fn faults(case: &Case) -> Vec<String> {
    let house = House::new().await;
    house.connect(case.token_left.unwrap_or(3600)).await;
    let mut wire: Wire = house.serve(house.settings()).await;
    for answer in &case.zoho {
        house.fake.script(&answer.path, [scripted(answer)]);
    }
    let read = wire.call(&case.tool, case.arguments.clone()).await;
    let mut faults = Vec::new();
    for (place, wanted) in case.is.iter().flatten() {
        let there = read.pointer(place).unwrap_or(&Value::Null);
        if there != wanted {
            faults.push(format!("{place} is {there}, not {wanted}"));
        }
    }
    for (place, wanted) in case.has.iter().flatten() {
        let there = read.pointer(place).unwrap_or(&Value::Null).to_string();
        if !there.contains(wanted.as_str().unwrap()) {
            faults.push(format!("{place} is {there}, without {wanted}"));
        }
    }
    let whole = read.to_string();
    faults.extend(
        case.never
            .iter()
            .filter(|text| whole.contains(*text))
            .map(|text| format!("it holds {text}")),
    );
    let seen: Vec<String> = house
        .fake
        .seen()
        .iter()
        .map(|seen| format!("{}?{}", seen.path, seen.query))
        .collect();
    for part in &case.asked {
        if !seen.iter().any(|line| line.contains(part)) {
            faults.push(format!("nothing with {part} was asked: {seen:?}"));
        }
    }
    if !faults.is_empty() {
        faults.push(format!("{read:#}"));
    }
    faults
}

#[tokio::test]
async fn what_zoho_really_answers_is_read_as_it_is_meant() {
    let cases = cases();
    assert!(cases.len() >= LEAST, "{} cases", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let says_much = |wanted: &Value| wanted.as_str().is_some_and(|text| text.len() > 1);
        assert!(
            !case.source.is_empty()
                && (case.is.is_some() || case.has.is_some())
                && case.has.iter().flatten().all(|(_, wanted)| says_much(wanted)),
            "{}",
            case.name
        );
        let faults = faults(case).await;
        if !faults.is_empty() {
            wrong.push(format!(
                "{} ({}): {}",
                case.name,
                case.source,
                faults.join("\n  ")
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} cases:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n\n")
    );
}

/// A source can be looked up: a page or operation of Zoho's, a thread, a row of the tables that tell of them.
#[test]
fn every_case_says_who_shows_it_or_that_nobody_does() {
    let known = ["Zoho ", "zoho.com", "field-failures", "recorded live answers"];
    for case in cases() {
        let (shown, assumed) = match case.source.split_once("assumed: ") {
            Some((shown, assumed)) => (shown.trim_end_matches("; "), assumed),
            None => (case.source.as_str(), ""),
        };
        let names_thread = shown
            .split_once('#')
            .is_some_and(|(_, number)| number.starts_with(|one: char| one.is_ascii_digit()));
        let is_known = names_thread || known.iter().any(|known| shown.contains(known));
        assert!(
            is_known || shown.is_empty() && !assumed.is_empty(),
            "{}: {}",
            case.name,
            case.source
        );
        let unmarked = ["guess", "of ours", "our own", "made up", "our reading"];
        assert!(
            !unmarked.iter().any(|words| case.source.contains(words)),
            "{}: {}",
            case.name,
            case.source
        );
    }
}

#[test]
fn every_case_has_a_name_of_its_own() {
    let names: std::collections::BTreeSet<String> = cases().into_iter().map(|case| case.name).collect();
    assert_eq!(json!(names.len()), json!(cases().len()));
}
