//! What `tools/list` costs a model: every client pays it in every conversation, so it has limits.

use serde_json::{Map, Value};
use tiktoken_rs::o200k_base_singleton;
use zoho_mcp::cli::assemble;

use crate::bed::{Bed, USER, Wire};

/// The most tokens of all tools of the default set together, of one on average, and of any one.
const MOST: usize = 4_000;
const MOST_ON_AVERAGE: usize = 120;
const MOST_OF_ONE: usize = 300;

/// What a model is shown of a tool.
const SHOWN: [&str; 3] = ["name", "description", "inputSchema"];

fn tokens(shown: &Value) -> usize {
    o200k_base_singleton().encode_ordinary(&shown.to_string()).len()
}

#[tokio::test]
async fn the_default_tools_stay_within_their_budget() {
    let bed = Bed::connected().await;
    let mut config = bed.config(USER);
    config.said.toolsets = None;
    let tools = assemble::calling(&config, &bed.clock).unwrap().tools;
    let answer = Wire::start(tools).await.request("tools/list", "{}").await;
    let listed = answer["result"]["tools"].as_array().unwrap();
    let shown = |tool: &Value| -> Value {
        let members = SHOWN.map(|key| (key.to_owned(), tool[key].clone()));
        Map::from_iter(members).into()
    };
    let shown: Vec<Value> = listed.iter().map(shown).collect();
    assert!(
        shown
            .iter()
            .flat_map(|tool| SHOWN.map(|key| &tool[key]))
            .all(|part| !part.is_null())
    );
    let mut costs: Vec<(usize, &Value)> = shown.iter().map(|tool| (tokens(tool), &tool["name"])).collect();
    costs.sort_by_key(|(cost, _)| std::cmp::Reverse(*cost));
    let all = tokens(&Value::from(shown.clone()));
    let count = shown.len();
    let told = format!("{all} tokens for {count} tools: {costs:?}");
    assert!(all <= MOST, "more than {MOST} together, {told}");
    assert!(
        all <= count * MOST_ON_AVERAGE,
        "more than {MOST_ON_AVERAGE} on average, {told}"
    );
    assert!(
        costs[0].0 <= MOST_OF_ONE,
        "more than {MOST_OF_ONE} for one, {told}"
    );
}
