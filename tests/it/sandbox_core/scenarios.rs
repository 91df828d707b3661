//! The scenario packs: each begins, asks in words without what only its start knows, and is not passed by who does nothing.

use std::collections::HashSet;

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
