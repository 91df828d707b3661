//! Which organization an act is for, where the account has several: a person has said it, or nothing is sent.

use serde_json::json;
use zoho_mcp::config::Writes;

use super::{bed, open_case, silent, unchosen, writes};

#[tokio::test]
async fn nothing_is_sent_to_an_organization_that_nobody_has_chosen() {
    let bed = unchosen().await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let (id, _) = open_case(&mut wire).await;
    bed.forget().await;
    let new = json!({ "module": "Contacts", "values": { "lastName": "Lantern" } });
    for (tool, arguments) in [
        (
            "add_comment",
            json!({ "id": id, "content": "Asked the second level." }),
        ),
        (
            "update_record",
            json!({ "module": "Cases", "id": id, "values": { "status": "Closed" } }),
        ),
        ("create_record", new),
    ] {
        let refused = wire.call(tool, arguments).await;
        assert_eq!(refused["code"], "choose_organization", "{tool}: {refused:#}");
        let offered = refused["organizations"].as_array().unwrap();
        let offered: Vec<&str> = offered.iter().filter_map(|one| one["id"].as_str()).collect();
        assert_eq!(offered, ["7048213351", "7051994608"], "{tool}: {refused:#}");
        let next = refused["next"].as_str().unwrap();
        assert!(next.contains("connections set-org"), "{tool}: {next}");
    }
    assert_eq!(writes(&bed).await, Vec::<String>::new());
    bed.sql("UPDATE zoho_connections SET desk_org_source = 'user'")
        .await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let done = wire
        .call(
            "add_comment",
            json!({ "id": id, "content": "Asked the second level." }),
        )
        .await;
    assert!(done["write"]["id"].is_string(), "{done:#}");
}

/// A CRM connection belongs to one organization: which one of Desk's is meant does not matter there.
#[tokio::test]
async fn an_organization_of_the_other_product_need_not_be_chosen() {
    let bed = bed().await;
    bed.sql("UPDATE zoho_connections SET desk_org_source = 'first_of_many'")
        .await;
    let mut wire = silent(&bed, Writes::Trusted).await;
    let leads = wire
        .call("get_records", json!({ "module": "Leads", "limit": 1 }))
        .await;
    let id = &leads["data"][0]["id"];
    let values = json!({ "Description": "Asked for the price list." });
    let done = wire
        .call(
            "update_record",
            json!({ "module": "Leads", "id": id, "values": values }),
        )
        .await;
    assert!(done["write"]["id"].is_string(), "{done:#}");
}
