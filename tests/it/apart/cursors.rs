//! A cursor goes on where it came from: the connection, organization, tool and query it was made for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use zoho_mcp::connections::Product;
use zoho_mcp::sandbox::Options;

use super::moved::client;
use super::{second_organization, set_org, two_connections};
use crate::bed::{Bed, Wire};
use crate::connections_rooms::fake::{House, json as scripted};

const CASES: &str = r#"{"module":"Cases","limit":5}"#;

fn cases() -> Value {
    serde_json::from_str(CASES).unwrap()
}

fn with(mut arguments: Value, key: &str, value: impl Into<Value>) -> Value {
    arguments[key] = value.into();
    arguments
}

/// The call goes on no further, for its cursor, and is told what to do.
#[track_caller]
fn refused(answer: &Value, because: &str) {
    assert_eq!(answer["code"], "invalid_arguments", "{answer}");
    assert_eq!(answer["problems"][0]["path"], "/cursor", "{answer}");
    assert!(answer["error"].as_str().unwrap().contains(because), "{answer}");
    assert!(answer["next"].as_str().unwrap().contains("`cursor`"), "{answer}");
}

async fn cursor_of(wire: &mut Wire, tool: &str, arguments: &Value) -> Value {
    let answer = wire.call(tool, arguments.clone()).await;
    assert!(answer["next_cursor"].is_string(), "{answer}");
    answer["next_cursor"].clone()
}

#[tokio::test]
async fn of_another_connection_or_organization_it_is_refused() {
    let bed = two_connections(60).await;
    let mut wire = bed.client().await;
    let of_a = with(cases(), "connection", "a");
    let cursor = cursor_of(&mut wire, "get_records", &of_a).await;
    let of_b = with(with(cases(), "connection", "b"), "cursor", cursor.clone());
    bed.forget().await;
    refused(&wire.call("get_records", of_b).await, "another connection");
    let on = with(of_a.clone(), "cursor", cursor);
    assert_eq!(wire.call("get_records", on.clone()).await["count"], 5);
    set_org(&bed, "a", &second_organization(&bed));
    bed.forget().await;
    refused(&wire.call("get_records", on).await, "organization");
    assert_eq!(
        bed.seen().await,
        Vec::<String>::new(),
        "refused before Zoho is asked"
    );
}

#[tokio::test]
async fn of_another_consent_it_is_refused() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let cursor = cursor_of(&mut wire, "get_records", &cases()).await;
    bed.connect(crate::bed::USER).await;
    refused(
        &wire.call("get_records", with(cases(), "cursor", cursor)).await,
        "another connection",
    );
}

/// The first connection of every database has the same number, also where a version before has written it.
#[tokio::test]
async fn of_another_database_it_is_refused() {
    let (bed, other) = (Bed::connected().await, Bed::connected().await);
    for text in [
        "UPDATE zoho_connections SET name = name",
        "UPDATE zoho_connections SET consent = ''",
    ] {
        bed.sql(text).await;
        other.sql(text).await;
        let mut there = other.client().await;
        for arguments in [cases(), with(cases(), "module", "Leads")] {
            let cursor = cursor_of(&mut bed.client().await, "get_records", &arguments).await;
            let on = with(arguments, "cursor", cursor);
            refused(&there.call("get_records", on.clone()).await, "another connection");
            assert_eq!(bed.client().await.call("get_records", on).await["count"], 5);
        }
    }
}

/// A backup knows nothing of the consents that came after it.
#[tokio::test]
async fn of_a_consent_that_a_restored_database_has_forgotten_it_is_refused() {
    let bed = Bed::connected().await;
    let backup = bed.home.path().join("backup.db");
    bed.sql(&format!("VACUUM INTO '{}'", backup.display())).await;
    bed.connect(crate::bed::USER).await;
    let cursor = cursor_of(&mut bed.client().await, "get_records", &cases()).await;
    for beside in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{beside}", bed.database().display()));
    }
    std::fs::rename(backup, bed.database()).unwrap();
    bed.connect(crate::bed::USER).await;
    let answer = bed
        .client()
        .await
        .call("get_records", with(cases(), "cursor", cursor))
        .await;
    refused(&answer, "another connection");
}

#[tokio::test]
async fn another_key_or_token_leaves_it_good_and_the_next_consent_ends_it() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let cursor = cursor_of(&mut wire, "get_records", &cases()).await;
    let on = with(cases(), "cursor", cursor);
    bed.run(&["connections", "rekey", "--yes"]).succeeded();
    assert_eq!(
        wire.call("get_records", on.clone()).await["count"],
        5,
        "another key"
    );
    bed.clock.advance(3600);
    assert_eq!(
        wire.call("get_records", on.clone()).await["count"],
        5,
        "another token"
    );
    let stats = bed.get("/__sandbox/stats").await;
    assert_eq!(stats["token_calls"], 2, "the token was renewed: {stats}");
    bed.connect(crate::bed::USER).await;
    bed.run(&["connections", "rekey", "--yes"]).succeeded();
    refused(&wire.call("get_records", on).await, "another connection");
}

#[tokio::test]
async fn the_number_of_a_crm_organization_may_be_unknown_for_a_while() {
    let house = House::new().await;
    house.connect(3_000_000_000).await;
    let page = |ids: &[&str]| {
        let rows: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
        scripted(
            200,
            &json!({ "data": rows, "info": { "more_records": true } }).to_string(),
        )
    };
    let pages = [page(&["1", "2"]), page(&["1", "2", "3", "4"])];
    house.fake.script("/crm/v8/Leads", pages);
    house.fake.script("/crm/v8/org", vec![scripted(503, "{}"); 9]);
    let mut wire = client(&house).await;
    let leads = json!({ "module": "Leads", "limit": 2, "fields": ["id"] });
    let first = wire.call("get_records", leads.clone()).await;
    assert!(first["organization"]["id"].is_null(), "{first}");
    let on = with(leads, "cursor", first["next_cursor"].clone());
    while house.fake.count("/crm/v8/org") < 9 {
        house.zoho.session(house.ada().await, Product::Crm).await.unwrap();
    }
    let second = wire.call("get_records", on).await;
    assert_eq!(
        (&second["count"], &second["organization"]["id"]),
        (&json!(2), &json!("9900")),
        "{second}"
    );
}

#[tokio::test]
async fn of_another_tool_or_query_it_is_refused() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let open = json!({ "module": "Cases", "limit": 5, "filters": { "status": "Open" } });
    let cursor = cursor_of(&mut wire, "get_records", &open).await;
    for (tool, arguments) in [
        ("search_records", open.clone()),
        ("get_records", cases()),
        ("get_records", with(cases(), "module", "Contacts")),
        ("get_records", with(open.clone(), "sort_by", "createdTime")),
        (
            "get_records",
            with(open.clone(), "filters", json!({ "status": "Closed" })),
        ),
        (
            "get_records",
            with(open.clone(), "filters", json!({ "status": ["Open", "Closed"] })),
        ),
    ] {
        let answer = wire.call(tool, with(arguments, "cursor", cursor.clone())).await;
        refused(&answer, "another query");
    }
    let context = json!({ "ticket_number": "101", "cursor": cursor });
    refused(&wire.call("get_ticket_context", context).await, "another query");
}

/// A day is another span of time in another zone; a query without days has the same rows in any.
#[tokio::test]
async fn of_days_read_in_another_zone_it_is_refused() {
    let bed = Bed::empty(Options {
        tickets: 60,
        ..Options::default()
    })
    .await;
    bed.connect(crate::bed::USER).await;
    let in_zone = async |name: &str| {
        let mut config = bed.config(crate::bed::USER);
        config.said.timezone = Some(name.to_owned());
        let assembled = zoho_mcp::cli::assemble::calling(&config, &bed.clock).unwrap();
        Wire::start(assembled.tools).await
    };
    let (mut here, mut there) = (in_zone("Europe/Berlin").await, in_zone("Asia/Kathmandu").await);
    let span = |from: &str, to: &str| json!({ "createdTime": { "from": from, "to": to } });
    let days = with(cases(), "filters", span("2000-01-01", "2100-01-01"));
    let cursor = cursor_of(&mut here, "get_records", &days).await;
    let on = with(days, "cursor", cursor);
    assert_eq!(here.call("get_records", on.clone()).await["count"], 5);
    let answer = there.call("get_records", on).await;
    refused(&answer, "another query");
    assert!(
        answer["next"].as_str().unwrap().contains("Asia/Kathmandu"),
        "{answer}"
    );
    for same in [
        cases(),
        with(
            cases(),
            "filters",
            span("2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z"),
        ),
    ] {
        let cursor = cursor_of(&mut here, "get_records", &same).await;
        let on = with(same, "cursor", cursor);
        assert_eq!(there.call("get_records", on).await["count"], 5);
    }
}

#[tokio::test]
async fn the_order_of_keys_and_what_is_shown_of_a_row_do_not_matter() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let first = r#"{"module":"Cases","limit":5,"filters":{"status":["Open","Closed"],"createdTime":{"from":"2000-01-01","to":"2100-01-01"}}}"#;
    let first: Value = serde_json::from_str(first).unwrap();
    let cursor = cursor_of(&mut wire, "get_records", &first).await;
    let cursor = cursor.as_str().unwrap();
    let turned = format!(
        r#"{{"cursor":"{cursor}","fields":["subject"],"filters":{{"createdTime":{{"to":"2100-01-01","from":"2000-01-01"}},"status":["Open","Closed"]}},"limit":5,"module":"Cases"}}"#
    );
    let answer = crate::bed::model_reads(&wire.call_text("get_records", &turned).await);
    assert_eq!(answer["count"], 5, "{answer}");
}

/// `limit` says how many rows a page shows, not which rows the query has: it may change between pages.
#[tokio::test]
async fn pages_may_change_their_size() {
    let bed = Bed::empty(Options {
        tickets: 60,
        ..Options::default()
    })
    .await;
    bed.connect(crate::bed::USER).await;
    let mut wire = bed.client().await;
    for module in ["Cases", "Leads"] {
        let whole = wire
            .call(
                "get_records",
                json!({ "module": module, "limit": 40, "fields": ["id"] }),
            )
            .await;
        let mut arguments = json!({ "module": module, "fields": ["id"] });
        let mut rows = Vec::new();
        for limit in [7, 3, 25, 1, 4] {
            arguments["limit"] = json!(limit);
            let page = wire.call("get_records", arguments.clone()).await;
            assert!(page["count"].as_u64().unwrap() <= limit, "{page}");
            rows.extend(page["data"].as_array().unwrap().clone());
            arguments["cursor"] = page["next_cursor"].clone();
        }
        let whole = whole["data"].as_array().unwrap();
        assert!(
            rows.len() > 15 && rows[..] == whole[..rows.len()],
            "{module}: {rows:?}"
        );
    }
}

/// A cursor of this server with another position in it.
fn forged(cursor: &Value, position: &Value) -> String {
    let text = URL_SAFE_NO_PAD.decode(cursor.as_str().unwrap()).unwrap();
    let mut parts: Value = serde_json::from_slice(&text).unwrap();
    *parts.as_array_mut().unwrap().last_mut().unwrap() = position.clone();
    URL_SAFE_NO_PAD.encode(parts.to_string())
}

#[tokio::test]
async fn forged_positions_are_refused_or_answered_and_break_nothing() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let leads = json!({ "module": "Leads", "limit": 5 });
    let most = u32::MAX;
    let mut positions = vec![
        json!(null),
        json!("x"),
        json!({ "d": [-1, "1"] }),
        json!({ "r": [-1, "1"] }),
        json!({ "t": { "t": "x", "s": 0, "g": 0, "l": null } }),
    ];
    for number in [0, 1, 4_999, 5_000, 2_000_000_000, most - 1, most] {
        positions.push(json!({ "d": [number, "1"] }));
        positions.push(json!({ "d": [number, "é 1"] }));
        for last in [json!(null), json!("1"), json!("é 1"), json!("")] {
            positions.push(json!({ "r": [number, last] }));
        }
        for size in [0, 1, 200, 201, most] {
            for skip in [0, 200, most] {
                let token = format!("t{number}");
                positions.push(json!({ "t": { "t": token, "s": size, "g": skip, "l": "1" } }));
            }
        }
    }
    let long = "x".repeat(100_000);
    positions.push(json!({ "t": { "t": long, "s": 5, "g": 0, "l": null } }));
    positions.push(json!({ "r": [5, long] }));
    for arguments in [cases(), leads] {
        let cursor = cursor_of(&mut wire, "get_records", &arguments).await;
        for position in &positions {
            let forged = with(arguments.clone(), "cursor", forged(&cursor, position));
            let answer = wire.call("get_records", forged).await;
            let code = answer["code"].as_str().unwrap_or("answered");
            let fine = ["answered", "invalid_arguments", "rejected"].contains(&code);
            assert!(fine, "{position}: {answer}");
        }
        for text in ["", "é", "bm9uZQ", "W10", "WzEsMiwzXQ"] {
            let answer = wire
                .call("get_records", with(arguments.clone(), "cursor", text))
                .await;
            assert!(
                answer["code"].is_null() || answer["code"] == "invalid_arguments",
                "{text}: {answer}"
            );
        }
    }
    let found = wire.call("get_records", cases()).await;
    let context = json!({ "id": found["data"][0]["id"], "cursor": forged(&found["next_cursor"], &json!({ "d": [most, "1"] })) });
    assert_eq!(
        wire.call("get_ticket_context", context).await["code"],
        "invalid_arguments"
    );
}
