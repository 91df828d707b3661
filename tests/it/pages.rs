//! Pages that are not what the page before told: never taken for the end of a list.

use crate::bed::Wire;
use crate::connections_rooms::fake::{House, Scripted, json as scripted};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use zoho_mcp::cli::assemble;
use zoho_mcp::config::{Config, Settings};

const LEADS: &str = "/crm/v8/Leads";

async fn wire(house: &House) -> Wire {
    house.connect(3_000_000_000).await;
    let config = Config::load(Settings {
        user: Some("ada".to_owned()),
        database_url: Some(format!("sqlite:{}", house.database().display()).into()),
        keyring: Some(false),
        sandbox_url: Some(house.fake.url.clone()),
        timezone: Some("UTC".to_owned()),
        ..Settings::default()
    })
    .unwrap();
    Wire::serving(assemble::calling(&config, &house.clock).unwrap()).await
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
        assert!(
            answer["notes"][0].as_str().unwrap().contains("may be missing"),
            "{answer}"
        );
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
            "rejected",
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
    *cursor.as_array_mut().unwrap().last_mut().unwrap() = json!({ "t": ["a-token", 2, 0] });
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
