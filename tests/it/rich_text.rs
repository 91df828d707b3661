//! Rich text of CRM: markup where the field's own description says so (`textarea.type`, CRM operations of 2026), and whole
//! where it can be had.
//!
//! Who says so: Zoho CRM API, Get Rich Text Fields (50,000 characters with their HTML; `fetch_full_data` serves these fields
//! and no others, of one record or of up to 200) and Get Records (rich text ends at 500 characters).

use serde_json::{Value, json};
use zoho_mcp::tools::output::fence::bare;

use crate::bed::{Bed, Wire};
use crate::crm_client::Crm;
use crate::exports;

/// As Zoho's editor writes it, longer than lists show.
fn agreement() -> (String, String) {
    let clauses: Vec<String> = (1..=40)
        .map(|number| format!("Clause {number} & what follows"))
        .collect();
    let html: String = clauses
        .iter()
        .map(|clause| format!("<p>{}</p>", clause.replace('&', "&amp;")))
        .collect();
    (html, clauses.join("\n\n"))
}

async fn bed(rows: Vec<Value>) -> (Bed, Wire, Vec<String>) {
    let bed = Bed::connected().await;
    let ids = Crm::of(&bed).await.create("Subscriptions", rows).await;
    let wire = Wire::start(exports::tools(&bed).await).await;
    bed.forget().await;
    (bed, wire, ids)
}

fn named(name: &str, agreement: &str, remarks: &str) -> Value {
    json!({ "Name": name, "Agreement": agreement, "Remarks": remarks })
}

fn of_module(more: Value) -> Value {
    let mut arguments = json!({ "module": "Subscriptions", "app_type": "crm" });
    arguments
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    arguments
}

#[tokio::test]
async fn markup_is_read_where_the_field_holds_it_and_nowhere_else() {
    let plain = "<p>typed</p> by hand &amp; meant so";
    let (_bed, mut wire, ids) = bed(vec![named(
        "Rich",
        "<p>if x &lt; y</p><ul><li>then</li></ul>",
        plain,
    )])
    .await;
    let text = "if x < y\n- then";
    let fields = json!(["Name", "Agreement", "Remarks"]);
    let listed = wire
        .call("get_records", of_module(json!({ "fields": fields, "limit": 1 })))
        .await;
    let found = wire
        .call(
            "search_records",
            of_module(json!({ "fields": fields, "filters": { "Name": "Rich" } })),
        )
        .await;
    let one = wire.call("get_record", of_module(json!({ "id": ids[0] }))).await;
    let query = format!(
        "select Name, Agreement, Remarks from Subscriptions where id = {}",
        ids[0]
    );
    let queried = wire.call("run_coql_query", json!({ "query": query })).await;
    for row in [
        &listed["data"][0],
        &found["data"][0],
        &one["data"],
        &queried["data"][0],
    ] {
        assert_eq!(bare(row["Agreement"].as_str().unwrap()), text, "{row:#}");
        assert_eq!(bare(row["Remarks"].as_str().unwrap()), plain, "{row:#}");
    }
    let exported = wire
        .call("export_records", of_module(json!({ "fields": fields })))
        .await;
    let file = std::fs::read_to_string(exported["data"]["path"].as_str().unwrap()).unwrap();
    let rows = file
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let row = rows.into_iter().find(|row| row["Name"] == "Rich").unwrap();
    assert_eq!(
        (&row["Agreement"], &row["Remarks"]),
        (&json!(text), &json!(plain)),
        "{row:#}"
    );
}

#[tokio::test]
async fn rich_text_that_lists_cut_is_told_record_by_record_and_read_whole() {
    let (html, text) = agreement();
    let plain = "a".repeat(500);
    let rows = vec![
        named("Long", &html, &plain),
        named("Short", "<p>short</p>", &plain),
    ];
    let (_bed, mut wire, ids) = bed(rows).await;
    let listed = of_module(json!({ "fields": ["Name", "Agreement", "Remarks"], "limit": 2 }));
    let list = wire.call("get_records", listed).await;
    let query =
        "select Name, Agreement, Remarks from Subscriptions where id is not null order by id desc limit 2";
    let queried = wire.call("run_coql_query", json!({ "query": query })).await;
    for answer in [&list, &queried] {
        let notes = answer["notes"].to_string();
        assert!(
            notes.contains(&format!("may go on in Agreement of {}. ", ids[0])),
            "{answer:#}"
        );
        assert!(
            !notes.contains("Remarks") && !notes.contains(&ids[1]),
            "{answer:#}"
        );
        let rows = answer["data"].as_array().unwrap().iter();
        let row = rows
            .clone()
            .find(|row| row["Name"] == "Long")
            .unwrap_or_else(|| panic!("{answer:#}"));
        assert!(
            row["Agreement"].as_str().unwrap().contains(&text[..300]),
            "{row:#}"
        );
    }
    for fields in [json!({}), json!({ "fields": ["Agreement"] })] {
        let mut arguments = of_module(fields);
        arguments["id"] = json!(ids[0]);
        let one = wire.call("get_record", arguments).await;
        assert_eq!(bare(one["data"]["Agreement"].as_str().unwrap()), text, "{one:#}");
        assert_eq!(one["notes"], Value::Null, "{one:#}");
    }
}

#[tokio::test]
async fn the_sandbox_gives_rich_text_whole_as_zoho_describes_it() {
    let (html, _) = agreement();
    let (bed, _wire, ids) = bed(vec![
        named("Long", &html, "plain"),
        named("Short", "<p>short</p>", "plain"),
    ])
    .await;
    let crm = Crm::of(&bed).await;
    let cut = crm.get(&format!("/Subscriptions/{}", ids[0])).await;
    assert_eq!(cut["data"][0]["Agreement"], html[..500], "{cut}");
    let whole = json!({ "id": ids[0], "Agreement": html });
    for asked in ["", "?fields=Agreement"] {
        let one = crm
            .get(&format!(
                "/Subscriptions/{}/actions/fetch_full_data{asked}",
                ids[0]
            ))
            .await;
        assert_eq!(one["data"], json!([whole]));
    }
    let both = format!(
        "/Subscriptions/actions/fetch_full_data?fields=Agreement&ids={},{}",
        ids[0], ids[1]
    );
    let both = crm.get(&both).await;
    assert_eq!(
        both["data"],
        json!([whole, { "id": ids[1], "Agreement": "<p>short</p>" }])
    );
    for (path, code) in [
        (
            format!("/Subscriptions/{}/actions/fetch_full_data?fields=Remarks", ids[0]),
            "INVALID_REQUEST",
        ),
        (
            "/Subscriptions/1/actions/fetch_full_data".to_owned(),
            "INVALID_DATA",
        ),
        (
            format!("/Subscriptions/actions/fetch_full_data?ids={}", ids[0]),
            "REQUIRED_PARAM_MISSING",
        ),
        (
            "/Subscriptions/actions/fetch_full_data?fields=Agreement".to_owned(),
            "REQUIRED_PARAM_MISSING",
        ),
    ] {
        assert_eq!(crm.get(&path).await["code"], code, "{path}");
    }
}

/// A list that Zoho does not give is asked for once a call, and told once with all that follows from it.
#[tokio::test]
async fn what_cannot_be_read_about_rows_is_told_once_and_asked_for_once() {
    let rows = vec![named("Rich", "<p>if x &lt; y</p>", "typed")];
    let (bed, mut wire, _) = bed(rows).await;
    let refused = |path: &str| json!({ "faults": [{ "kind": "403", "path": path }] });
    bed.admin(refused("/crm/v8/settings/fields")).await;
    let asked = json!({ "fields": ["Name", "Agreement"], "filters": { "Name": { "not": "Other" } } });
    let listed = wire.call("get_records", of_module(asked)).await;
    assert!(
        listed["data"][0]["Agreement"].to_string().contains("<p>"),
        "{listed}"
    );
    let about = |answer: &Value, list: &str| {
        let notes = answer["notes"].as_array().unwrap().iter();
        let told = notes.filter_map(Value::as_str).filter(|note| note.contains(list));
        told.map(str::to_owned).collect::<Vec<String>>()
    };
    let told = about(&listed, "list of the fields of Subscriptions could not be read");
    assert_eq!(told.len(), 1, "{told:?}");
    for follows in [
        "may be markup are shown as Zoho has them",
        "decided how it is compared",
    ] {
        assert!(told[0].contains(follows), "{told:?}");
    }
    let asked = bed.seen().await;
    let asked = asked.iter().filter(|line| line.contains("/settings/fields"));
    assert_eq!(asked.count(), 1, "{:?}", bed.seen().await);
    bed.admin(refused("/crm/v8/users")).await;
    let query = json!({ "query": "select id, Owner from Leads where id is not null limit 1" });
    let rows = wire.call("run_coql_query", query).await;
    assert_eq!(
        about(&rows, "list of the users could not be read").len(),
        1,
        "{rows}"
    );
}
