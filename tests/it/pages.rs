//! Pages that are not what the page before told: never taken for the end of a list.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::bed::Wire;
use crate::connections_rooms::fake::{House, Scripted, json as scripted};

const LEADS: &str = "/crm/v8/Leads";

async fn wire(house: &House) -> Wire {
    house.connect(3_000_000_000).await;
    house.serve(house.settings()).await
}

fn leads() -> Value {
    json!({ "module": "Leads", "limit": 2, "fields": ["Last_Name"] })
}

/// The first page of leads, and the second one for what Zoho then answers.
async fn second(answer: Scripted) -> Value {
    let house = House::new().await;
    let mut wire = wire(&house).await;
    let rows = json!([{ "id": "1", "Last_Name": "A" }, { "id": "2", "Last_Name": "B" }]);
    let first = json!({ "data": rows, "info": { "more_records": true } });
    house
        .fake
        .script(LEADS, [scripted(200, &first.to_string()), answer]);
    let first = wire.call("get_records", leads()).await;
    assert_eq!(
        (&first["count"], &first["has_more"]),
        (&json!(2), &json!(true)),
        "{first}"
    );
    let mut arguments = leads();
    arguments["cursor"] = first["next_cursor"].clone();
    wire.call("get_records", arguments).await
}

#[tokio::test]
async fn a_page_without_records_where_there_were_to_be_some_is_told() {
    let nothing = Scripted {
        status: 204,
        headers: Vec::new(),
        body: Vec::new(),
    };
    let end = json!({ "data": [], "info": { "more_records": false } });
    for empty in [nothing, scripted(200, &end.to_string())] {
        let answer = second(empty).await;
        assert_eq!(
            (&answer["count"], &answer["has_more"]),
            (&json!(0), &json!(false)),
            "{answer}"
        );
        assert!(answer["notes"].to_string().contains("may be missing"), "{answer}");
    }
    let more = json!({ "data": [], "info": { "more_records": true } });
    let answer = second(scripted(200, &more.to_string())).await;
    assert_eq!(
        (&answer["count"], &answer["has_more"]),
        (&json!(0), &json!(true)),
        "{answer}"
    );
    assert!(answer["next_cursor"].is_string(), "{answer}");
}

#[tokio::test]
async fn an_answer_that_is_no_list_is_a_failure() {
    for (body, code, word) in [
        (json!({}), "unavailable", "without the list"),
        (
            json!({ "info": { "more_records": true } }),
            "unavailable",
            "without the list",
        ),
        (json!({ "data": null }), "unavailable", "not the JSON expected"),
        (
            json!({ "code": "INTERNAL_ERROR", "message": "try later", "status": "error" }),
            "unavailable",
            "INTERNAL_ERROR",
        ),
    ] {
        let answer = second(scripted(200, &body.to_string())).await;
        assert_eq!(answer["code"], code, "{answer}");
        assert!(answer["error"].as_str().unwrap().contains(word), "{answer}");
    }
}

/// A page token of Zoho holds for a day: of the cursor it came in, that is all there is to say.
#[tokio::test]
async fn a_cursor_that_zoho_has_forgotten_says_so() {
    let house = House::new().await;
    let mut wire = wire(&house).await;
    let first = json!({ "data": [{ "id": "1" }], "info": { "more_records": true } });
    let details = json!({ "param_name": "page_token" });
    let expired =
        json!({ "code": "EXPIRED_VALUE", "details": details, "message": "expired", "status": "error" });
    let answers = [
        scripted(200, &first.to_string()),
        scripted(400, &expired.to_string()),
    ];
    house.fake.script(LEADS, answers);
    let first = wire.call("get_records", leads()).await;
    let text = URL_SAFE_NO_PAD
        .decode(first["next_cursor"].as_str().unwrap())
        .unwrap();
    let mut cursor: Value = serde_json::from_slice(&text).unwrap();
    *cursor.as_array_mut().unwrap().last_mut().unwrap() =
        json!({ "t": { "t": "a-token", "s": 2, "g": 0, "l": null } });
    let mut arguments = leads();
    arguments["cursor"] = json!(URL_SAFE_NO_PAD.encode(cursor.to_string()));
    let answer = wire.call("get_records", arguments).await;
    assert_eq!(answer["code"], "invalid_arguments", "{answer}");
    assert!(answer["error"].as_str().unwrap().contains("24 hours"), "{answer}");
    assert!(
        answer["next"].as_str().unwrap().contains("leave `cursor` out"),
        "{answer}"
    );
    let seen = house.fake.seen();
    assert!(
        seen.last().unwrap().query.contains("page_token=a-token"),
        "{seen:?}"
    );
}

/// Wherever a list is asked for, its absence is no empty list: Desk's envelope of an error that came as a success, as
/// isotopo/zoho#8 and ahmader/node-zoho#15 report of Zoho's APIs.
fn envelope() -> Scripted {
    let body = json!({ "errorCode": "INTERNAL_SERVER_ERROR", "message": "try later" });
    scripted(200, &body.to_string())
}

#[tokio::test]
async fn files_that_could_not_be_listed_are_not_said_to_be_others() {
    let house = House::new().await;
    let mut wire = wire(&house).await;
    house.fake.script("/api/v1/tickets/1/attachments", [envelope()]);
    let arguments = json!({ "module": "Cases", "id": "1", "attachment_id": "2" });
    let answer = wire.call("get_attachment", arguments).await;
    assert_eq!(answer["code"], "unavailable", "{answer}");
    assert!(
        answer["error"]
            .as_str()
            .unwrap()
            .contains("INTERNAL_SERVER_ERROR"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_check_of_the_cases_that_got_no_list_has_not_passed() {
    let house = House::new().await;
    let organization = zoho_mcp::connections::DeskOrganization {
        id: "4001".to_owned(),
        name: None,
        portal: None,
        source: zoho_mcp::connections::OrgSource::Only,
    };
    let mut consent = house.consent("ada", "default", 3_000_000_000);
    consent.desk_org = Some(organization);
    house.connections.save(&consent).await.unwrap();
    let mut wire = house.serve(house.settings()).await;
    house.fake.script("/api/v1/tickets", [envelope()]);
    let answer = wire
        .call("get_connection_status", json!({ "ask_zoho": true }))
        .await;
    let status = &answer["data"][0];
    assert!(house.fake.count("/api/v1/tickets") > 0, "{answer}");
    assert!(
        !status["checks_passed"]
            .as_array()
            .unwrap()
            .contains(&json!("case")),
        "{answer}"
    );
    assert!(
        status["findings"].to_string().contains("INTERNAL_SERVER_ERROR"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_layout_without_sections_is_no_layout_without_fields() {
    let house = House::new().await;
    let mut wire = wire(&house).await;
    let layouts = json!({ "data": [{ "id": "5", "layoutName": "Returns" }] });
    house
        .fake
        .script("/api/v1/layouts", [scripted(200, &layouts.to_string())]);
    house.fake.script("/api/v1/layouts/5", [envelope()]);
    let answer = wire
        .call("get_fields", json!({ "module": "Cases", "layout": "Returns" }))
        .await;
    assert_eq!(answer["code"], "unavailable", "{answer}");
}
