//! Names that Zoho compares as a whole, texts that it does not: neither happens in silence.

use serde_json::{Value, json};

use crate::bed::Bed;
use crate::desk_client::Desk;

/// Desk OAS, searchTickets: `accountName` is the name, `x*` and `*x*` a part of one (measured: exact without).
#[tokio::test]
async fn nothing_found_by_a_part_of_a_name_says_how_it_is_compared() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (module, field) in [
        ("Cases", "accountName"),
        ("Contacts", "accountName"),
        ("Accounts", "accountName"),
    ] {
        let asked = json!({ "module": module, "filters": { field: "Harbourlight" }, "app_type": "desk" });
        for tool in ["count_records", "get_records", "search_records"] {
            let answer = wire.call(tool, asked.clone()).await;
            assert_eq!(answer["count"], 0, "{answer:#}");
            let notes = answer["notes"].to_string();
            assert!(
                notes.contains("compared as a whole") && notes.contains("starts_with"),
                "{tool} {module}: {answer:#}"
            );
        }
        let begun = json!({ "module": module, "app_type": "desk", "filters": { field: { "starts_with": "Harbourlight" } } });
        let begun = wire.call("count_records", begun).await;
        assert!(begun["count"].as_u64().unwrap() > 0, "{begun:#}");
    }
    let refused = json!({ "module": "Cases", "filters": { "account": "Harbourlight" } });
    let refused = wire.call("count_records", refused).await;
    assert!(
        refused.to_string().contains("Harbourlight Dental Group"),
        "{refused:#}"
    );
}

/// Contacts search measured (zoho-desk.md, section 11): subject, firstName and fullName are found by what they hold, and
/// `*` stands for any letters (OAS).
#[tokio::test]
async fn what_is_found_by_a_part_is_told() {
    let bed = Bed::connected().await;
    let desk = Desk::of(&bed).await;
    desk.create("Parcel is late again", "Words").await;
    desk.post("/accounts", json!({ "accountName": "Star West Tech" }))
        .await;
    let mut wire = bed.client().await;
    let told = |answer: &Value, words: &str| answer["notes"].to_string().contains(words);
    for tool in ["count_records", "get_records"] {
        let parts = json!({ "module": "Cases", "filters": { "subject": "Parcel is late" } });
        let parts = wire.call(tool, parts).await;
        assert_eq!(parts["count"], 1, "{parts:#}");
        assert!(told(&parts, "subject is found by its words"), "{tool}: {parts:#}");
        let wild =
            json!({ "module": "Accounts", "app_type": "desk", "filters": { "accountName": "Star*Tech" } });
        let wild = wire.call(tool, wild).await;
        assert!(told(&wild, "`*`"), "{tool}: {wild:#}");
    }
}

/// Trial: a part of a company's name beside words, and a name without its accents, found nothing and the words were blamed.
#[tokio::test]
async fn a_name_that_finds_nothing_is_not_hidden_behind_words() {
    let bed = Bed::connected().await;
    let desk = Desk::of(&bed).await;
    desk.post("/accounts", json!({ "accountName": "Żłóbek Ångström" }))
        .await;
    let mut wire = bed.client().await;
    let part = json!({ "module": "Cases", "query": "sensor", "filters": { "accountName": "Harbourlight" } });
    let begun = json!({ "module": "Accounts", "app_type": "desk", "filters": { "accountName": { "starts_with": "Zlobek" } } });
    let contact = json!({ "module": "Cases", "filters": { "contactName": "Jurmund Vaisanen" } });
    for tool in ["count_records", "search_records"] {
        let answer = wire.call(tool, part.clone()).await;
        assert_eq!(answer["count"], 0, "{answer:#}");
        assert!(
            answer["notes"]
                .to_string()
                .contains("accountName is compared as a whole"),
            "{tool}: {answer:#}"
        );
        for asked in [&begun, &contact] {
            let answer = wire.call(tool, asked.clone()).await;
            assert_eq!(answer["count"], 0, "{answer:#}");
            assert!(
                answer["notes"].to_string().contains("with its accents"),
                "{tool}: {answer:#}"
            );
        }
    }
}

/// What is left out is compared row by row, where no `*` stands for anything and no part for the whole.
#[tokio::test]
async fn a_negation_is_told_as_it_is_compared() {
    let bed = Bed::connected().await;
    let desk = Desk::of(&bed).await;
    desk.post(
        "/contacts",
        json!({ "firstName": "Joselito", "lastName": "Rufer" }),
    )
    .await;
    let mut wire = bed.client().await;
    let asked = |not: &str| json!({ "module": "Contacts", "app_type": "desk", "filters": { "lastName": "Rufer", "firstName": { "not": not } } });
    for tool in ["count_records", "search_records"] {
        let answer = wire.call(tool, asked("Joselit")).await;
        assert_eq!(answer["count"], 1, "{answer:#}");
        let notes = answer["notes"].to_string();
        let told = "firstName with `not` is compared as a whole";
        assert!(notes.contains(told), "{tool}: {answer:#}");
        for untrue in ["by what it holds", "any letters", "starts_with"] {
            assert!(!notes.contains(untrue), "{tool}: {answer:#}");
        }
        let answer = wire.call(tool, asked("Jo*")).await;
        assert_eq!(answer["count"], 0, "{tool}: {answer:#}");
        assert!(answer["notes"].to_string().contains("any letters"), "{answer:#}");
        let answer = wire.call(tool, asked("*us*")).await;
        assert_eq!(answer["count"], 1, "{tool}: {answer:#}");
    }
    let nobody = wire.call("count_records", asked("Joselito")).await;
    assert_eq!(nobody["count"], 0, "{nobody:#}");
    let notes = nobody["notes"].to_string();
    assert!(!notes.contains("\"firstName\\\":"), "{nobody:#}");
}

/// OAS, searchTickets: `_all` looks at fields of tickets; threads and comments are other resources.
#[tokio::test]
async fn words_say_where_they_are_looked_for_and_zero_what_else_finds() {
    let bed = Bed::connected().await;
    let desk = Desk::of(&bed).await;
    desk.create("Refund zarquon", "Words").await;
    let mut wire = bed.client().await;
    for words in [json!({ "query": "zarquon" }), json!({ "any": ["zarquon"] })] {
        let mut asked = words.clone();
        asked["module"] = json!("Cases");
        asked["app_type"] = json!("desk");
        for tool in ["count_records", "search_records"] {
            let answer = wire.call(tool, asked.clone()).await;
            assert_eq!(answer["count"], 1, "{answer:#}");
            assert!(
                answer["notes"]
                    .to_string()
                    .contains("not in their messages, comments and resolution"),
                "{tool} {words}: {answer:#}"
            );
        }
    }
    for (asked, told) in [
        (
            json!({ "query": "zarquon 80678" }),
            "any:[\\\"zarquon\\\",\\\"80678\\\"]",
        ),
        (
            json!({ "filters": { "tag": "zarquon" } }),
            "A tag is compared as a whole",
        ),
        (
            json!({ "filters": { "cf_order_number": "#zarquon" } }),
            "{\\\"cf_order_number\\\":\\\"zarquon\\\"}",
        ),
        (
            json!({ "filters": { "tag": "refundd" } }),
            "with one departmentId beside it",
        ),
        (
            json!({ "filters": { "tag": "refundd", "departmentId": "Billing" } }),
            "of Billing these are most like it: refund",
        ),
        (
            json!({ "filters": { "tag": "qqqq", "departmentId": "Billing" } }),
            "tags of Billing is like it",
        ),
    ] {
        let mut asked = asked.clone();
        asked["module"] = json!("Cases");
        asked["app_type"] = json!("desk");
        for tool in ["count_records", "search_records"] {
            let answer = wire.call(tool, asked.clone()).await;
            assert_eq!(answer["count"], 0, "{answer:#}");
            assert!(
                answer["notes"].to_string().contains(told),
                "{tool} {asked}: {answer:#}"
            );
        }
    }
}
