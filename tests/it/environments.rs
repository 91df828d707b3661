//! `connect --environment`: the row, its links, and that a new consent keeps it.

use serde_json::json;
use zoho_mcp::sandbox::Options;

use crate::bed::Bed;

#[tokio::test]
async fn an_environment_is_named_once_and_links_lead_there() {
    let bed = Bed::empty(Options::default()).await;
    let told = bed.run(&["connect", "--environment", "sandbox"]).succeeded();
    assert_eq!(told["connection"]["environment"], "sandbox", "{told}");
    let again = bed.run(&["connect"]).succeeded();
    assert_eq!(again["connection"]["environment"], "sandbox", "{again}");
    let leads = json!({ "module": "Leads", "limit": 1 });
    let answer = bed.client().await.call("get_records", leads.clone()).await;
    let row = &answer["data"][0];
    let link = row["link"].as_str().unwrap();
    assert!(link.starts_with("https://crmsandbox.zoho.com/crm/org"), "{link}");
    let pasted = json!({ "module": "Leads", "id": link });
    let read = bed.client().await.call("get_record", pasted).await;
    assert_eq!(read["data"]["id"], row["id"], "{read:#}");

    bed.run(&["connect", "--environment", "developer"]).succeeded();
    let answer = bed.client().await.call("get_records", leads).await;
    assert!(answer["data"][0]["id"].is_string(), "{answer:#}");
    assert!(answer["data"][0].get("link").is_none(), "{answer:#}");
    let refused = bed.run(&["connect", "--environment", "staging"]);
    assert!(refused.failed().contains("developer"), "{refused:?}");
}
