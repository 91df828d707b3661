//! What a call asks for and does not get is told, and the way to it.

use serde_json::{Value, json};

use crate::bed::Bed;
use crate::connections_rooms::fake::{House, json as scripted};

/// Zoho CRM, Get Timeline of a Record: `__timeline`, which no related list of the settings is.
#[tokio::test]
async fn the_history_of_a_record_is_found_by_what_it_is_called() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let deals = json!({ "module": "Deals", "app_type": "crm", "limit": 1 });
    let id = wire.call("get_records", deals).await["data"][0]["id"].clone();
    let call = |related: &str| json!({ "module": "Deals", "app_type": "crm", "id": id, "related": related });
    let timeline = wire.call("get_related_records", call("timeline")).await;
    let history = wire.call("get_related_records", call("history")).await;
    assert!(timeline["count"].as_u64() > Some(0), "{timeline:#}");
    assert_eq!(history["data"], timeline["data"], "{history:#}");
    for other in ["Stage_History", "Stage History"] {
        let stages = wire.call("get_related_records", call(other)).await;
        assert!(stages["data"][0]["Stage"].is_string(), "{other}: {stages:#}");
    }
}

#[tokio::test]
async fn what_cannot_be_included_is_told_however_one_record_is_asked_for() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let cases = wire
        .call("get_records", json!({ "module": "Cases", "limit": 1 }))
        .await;
    let number = &cases["data"][0]["ticketNumber"];
    let call = json!({ "module": "Cases", "ticket_number": number, "include": ["nonsense"] });
    let refused = wire.call("get_record", call).await;
    assert_eq!(refused["problems"][0]["path"], "/include", "{refused:#}");
    let call = json!({ "module": "Cases", "ticket_number": number, "include": ["contacts"] });
    let one = wire.call("get_record", call).await;
    assert!(one["data"]["contact"].is_object(), "{one:#}");
    let deals = json!({ "module": "Deals", "app_type": "crm", "limit": 1 });
    let id = wire.call("get_records", deals).await["data"][0]["id"].clone();
    let call = json!({ "module": "Deals", "app_type": "crm", "id": id, "include": ["nonsense"] });
    let one = wire.call("get_record", call).await;
    assert!(one["notes"].to_string().contains("`include`"), "{one:#}");
}

#[tokio::test]
async fn a_sign_that_hides_a_number_is_told() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let cases = wire
        .call("get_records", json!({ "module": "Cases", "limit": 1 }))
        .await;
    let number = cases["data"][0]["ticketNumber"].as_str().unwrap();
    let nothing = wire
        .call(
            "search_records",
            json!({ "module": "Cases", "query": format!("#{number}") }),
        )
        .await;
    assert_eq!(nothing["count"], 0, "{nothing:#}");
    let told = nothing["notes"].to_string();
    assert!(
        told.contains("call again with") && told.contains(number),
        "{nothing:#}"
    );
}

/// CRM's search finds parts of an address, too: pages are looked through for the whole one.
#[tokio::test]
async fn a_search_that_breaks_off_behind_an_empty_page_says_so() {
    let (house, mut wire) = House::served().await;
    let page = |data: Value| json!({ "data": data, "info": { "more_records": true } }).to_string();
    let no = r#"{"code":"NO_PERMISSION","message":"no"}"#;
    for rows in [json!([]), json!([{ "id": "1", "Email": "joann@x.example" }])] {
        house.fake.script(
            "/crm/v8/Contacts/search",
            [scripted(200, &page(rows)), scripted(403, no)],
        );
        let call = json!({ "module": "Contacts", "app_type": "crm", "filters": { "Email": "ann@x.example" },
            "fields": ["Email"] });
        let answer = wire.call("search_records", call).await;
        let notes = answer["notes"].as_array().unwrap_or_else(|| panic!("{answer:#}"));
        let texts: Vec<&str> = notes.iter().filter_map(Value::as_str).collect();
        assert!(
            texts.iter().any(|note| note.contains("The search broke off: ")),
            "{answer:#}"
        );
        assert!(texts.iter().all(|note| note.trim() == *note), "{answer:#}");
    }
}
