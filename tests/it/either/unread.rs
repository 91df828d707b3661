//! A search among several that could not be read: what it finds is not known, and a later page asks for it again.

use serde_json::{Value, json};

use crate::connections_rooms::fake::{House, Scripted, json as scripted};

/// A page of CRM's search; `more` as its `info` says it.
fn found(ids: std::ops::Range<u32>, more: bool) -> Scripted {
    let row = |id: u32| {
        let time = format!("2026-11-01T10:{:02}:00+00:00", 59 - id);
        json!({ "id": id.to_string(), "Full_Name": "Noor", "Created_Time": time })
    };
    let rows: Vec<Value> = ids.map(row).collect();
    let info = json!({ "count": rows.len(), "more_records": more, "page": 1, "per_page": 200 });
    scripted(200, &json!({ "data": rows, "info": info }).to_string())
}

fn refused() -> Scripted {
    let refusal =
        json!({ "code": "INVALID_DATA", "details": {}, "message": "invalid data", "status": "error" });
    scripted(400, &refusal.to_string())
}

/// CRM v8, Search Records: 400 for what it does not take, 429 where too much was asked, 204 where nothing is found.
#[tokio::test]
async fn a_search_that_failed_is_not_at_its_end() {
    let path = "/crm/v8/Leads/search";
    let (house, mut wire) = House::served().await;
    let mut asked =
        json!({ "module": "Leads", "app_type": "crm", "any": ["Noor", "Ni"], "limit": 5, "fields": ["id"] });
    house.fake.script(path, [found(1..9, false), refused()]);
    let first = wire.call("search_records", asked.clone()).await;
    assert_eq!(
        (&first["count"], &first["has_more"]),
        (&json!(5), &json!(true)),
        "{first:#}"
    );
    asked["cursor"] = first["next_cursor"].clone();
    house.fake.script(path, [found(1..9, false), refused()]);
    let second = wire.call("search_records", asked.clone()).await;
    assert_eq!(
        (&second["count"], &second["has_more"]),
        (&json!(3), &json!(true)),
        "{second:#}"
    );
    assert!(second["notes"].to_string().contains("INVALID_DATA"), "{second:#}");
    asked["cursor"] = second["next_cursor"].clone();
    // The other is at its end: nothing is asked but the one that failed.
    house.fake.script(path, [refused()]);
    let third = wire.call("search_records", asked.clone()).await;
    assert_eq!(
        third["code"], "rejected",
        "no failure looks like an empty list: {third:#}"
    );
    house.fake.script(path, [found(20..22, false)]);
    let last = wire.call("search_records", asked).await;
    assert_eq!(
        (&last["count"], &last["has_more"]),
        (&json!(2), &json!(false)),
        "{last:#}"
    );
}

/// Nothing found by one and the other unread: that is not nothing found.
#[tokio::test]
async fn nothing_beside_a_failure_is_not_nothing_found() {
    let (house, mut wire) = House::served().await;
    let path = "/crm/v8/Leads/search";
    let asked = json!({ "module": "Leads", "app_type": "crm", "any": ["Noor!", "Ni"] });
    house.fake.script(path, [scripted(204, ""), scripted(204, "")]);
    let nothing = wire.call("search_records", asked.clone()).await;
    assert_eq!(nothing["has_more"], false, "{nothing:#}");
    house.fake.script(path, [scripted(204, ""), refused()]);
    let unread = wire.call("search_records", asked).await;
    assert_eq!(unread["has_more"], true, "{unread:#}");
    assert!(unread["next_cursor"].is_string(), "{unread:#}");
    let advice = |answer: &Value| answer["notes"].to_string().contains("Signs count");
    assert!(advice(&nothing), "{nothing:#}");
    assert!(!advice(&unread), "{unread:#}");
}
