//! The scenario packs: each begins, asks in words without what only its start knows, is not passed by who does nothing, and
//! can be passed with calls that there are.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Value, json};

use super::Zoho;

#[tokio::test]
async fn every_scenario_begins_and_is_not_passed_by_doing_nothing() {
    let zoho = Zoho::start();
    let all = zoho.ask("scenarios").await;
    let all = all.as_array().unwrap();
    assert!(all.len() >= 40, "{}", all.len());
    let (mut ids, mut writes) = (HashSet::new(), 0);
    for scenario in all {
        let id = scenario["id"].as_str().unwrap();
        assert!(ids.insert(id), "{id} is there twice");
        writes += usize::from(scenario["writes"] == true);
        let (status, begun) = zoho.control("scenario", json!({ "id": id })).await;
        assert_eq!(status, 200, "{id}: {begun}");
        let task = begun["task"].as_str().unwrap();
        assert!(!task.contains("${") && task.len() > 20, "{id}: {task}");
        let (_, score) = zoho.control("score", json!({ "answer": "I do not know." })).await;
        assert_eq!(score["passed"], false, "{id}: {score}");
        assert_eq!(score["unexpected"], json!([]), "{id}");
        let points = score["points"].as_array().unwrap();
        let met: Vec<&Value> = points.iter().filter(|point| point["ok"] == true).collect();
        assert!(met.len() < points.len() && points.len() > 1, "{id}: {score}");
    }
    assert!(writes >= 15, "{writes}");
}

/// What each of the packs starts from and wants to hear; nobody is told by the sandbox.
fn packs() -> Vec<Value> {
    let packs = [
        include_str!("../../../src/sandbox/scenarios/reading.json"),
        include_str!("../../../src/sandbox/scenarios/writing.json"),
    ];
    packs
        .into_iter()
        .flat_map(|pack| serde_json::from_str::<Vec<Value>>(pack).unwrap())
        .collect()
}

/// Text with what the start is known by in the place of `${x.id}`; names that later steps give stay as they are.
fn filled(text: &str, known: &Value) -> String {
    let mut parts = text.split("${");
    let mut filled = parts.next().unwrap().to_owned();
    for part in parts {
        let (path, rest) = part.split_once('}').unwrap();
        match known.pointer(&format!("/{}", path.replace('.', "/"))) {
            Some(Value::String(text)) => filled += text,
            Some(other) => filled += &other.to_string(),
            None => filled = format!("{filled}${{{path}}}"),
        }
        filled += rest;
    }
    filled
}

/// The steps of `solutions.json` and an answer that holds the facts are worth all points, although an agent takes its time.
#[tokio::test]
async fn every_scenario_can_be_passed() {
    let zoho = Zoho::start();
    let mut solutions: BTreeMap<String, Value> =
        serde_json::from_str(include_str!("solutions.json")).unwrap();
    zoho.control("snapshot", json!({ "name": "first" })).await;
    for scenario in packs() {
        let id = scenario["id"].as_str().unwrap();
        zoho.control("restore", json!({ "name": "first" })).await;
        let (status, start) = zoho.control("load", json!({ "steps": scenario["start"] })).await;
        assert_eq!(status, 200, "{id}: {start}");
        let known = &start["known"];
        let (status, begun) = zoho.control("scenario", json!({ "id": id })).await;
        assert_eq!(status, 200, "{id}: {begun}");
        zoho.control("clock", json!({ "advance_s": 95 })).await;
        let steps = solutions.remove(id).unwrap_or_else(|| json!([]));
        let steps: Value = serde_json::from_str(&filled(&steps.to_string(), known)).unwrap();
        let (status, done) = zoho.control("load", json!({ "steps": steps })).await;
        assert_eq!(status, 200, "{id}: {done}");
        let facts = scenario["facts"].as_array().into_iter().flatten();
        let answer: Vec<String> = facts
            .map(|fact| filled(fact["any"][0].as_str().unwrap(), known))
            .collect();
        let (_, score) = zoho
            .control("score", json!({ "answer": answer.join("\n") }))
            .await;
        assert_eq!(score["passed"], true, "{id}: {score}");
    }
    assert_eq!(
        solutions.len(),
        0,
        "solutions of no scenario: {:?}",
        solutions.keys()
    );
}
