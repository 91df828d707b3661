//! What is found is what was asked for: whole addresses and texts, numbers in any notation, values a picklist has, fields
//! that are carried.

use serde_json::{Value, json};

use crate::bed::{Bed, Wire};

fn answer(path: &str, body: Value) -> Value {
    json!({ "kind": "answer", "path": path, "body": body })
}

/// Contacts search measured (reference, zoho-desk.md section 11): `email` is found inside of other addresses.
fn contacts(emails: &[&str]) -> Value {
    let rows = emails.iter().zip(1..).map(|(email, id)| {
        json!({ "id": id.to_string(), "firstName": null, "lastName": format!("No {id}"), "email": email, "phone": null, "mobile": null, "accountId": null })
    });
    json!({ "data": rows.collect::<Vec<Value>>(), "count": emails.len() })
}

#[tokio::test]
async fn an_address_that_only_holds_the_one_asked_for_is_no_match() {
    let (bed, mut wire) = Bed::warm(&[]).await;
    let all = [
        "x0ann@cut.example",
        "x1ann@cut.example",
        "x2ann@cut.example",
        "x3ann@cut.example",
        "x4ann@cut.example",
        "Ann@cut.example",
    ];
    bed.admin(json!({ "faults": [answer("/api/v1/contacts/search", contacts(&all)), answer("/api/v1/tickets/search", json!({ "data": [
        { "id": "7", "ticketNumber": "7", "subject": "theirs", "email": "joann@cut.example", "status": "Open" },
    ], "count": 1 }))] })).await;
    let found = wire
        .call("find_customer", json!({ "email": "ann@cut.example" }))
        .await;
    let contacts = found["data"]["desk"]["contacts"].as_array().unwrap();
    assert_eq!(contacts.len(), 1, "{found:#}");
    assert_eq!(contacts[0]["email"], "Ann@cut.example", "{found:#}");
    assert!(found["data"]["desk"]["contacts_total"].is_null(), "{found:#}");
    assert!(
        found["notes"].to_string().contains("5 more are left out"),
        "{found:#}"
    );
    for (module, count, told) in [("Contacts", 1, "5 more"), ("Cases", 0, "1 more")] {
        let asked = json!({ "module": module, "filters": { "email": "ann@cut.example" }, "limit": 2 });
        for tool in ["get_records", "search_records"] {
            let listed = wire.call(tool, asked.clone()).await;
            assert_eq!(listed["count"], count, "{tool} {module}: {listed:#}");
            assert!(
                listed["notes"].to_string().contains(told),
                "{tool} {module}: {listed:#}"
            );
        }
        let counted = wire
            .call(
                "count_records",
                json!({ "module": module, "filters": { "email": "ann@cut.example" } }),
            )
            .await;
        assert_eq!(counted["count"], count, "{module}: {counted:#}");
    }
    // A part of an address is asked for as one.
    let parts = wire
        .call(
            "get_records",
            json!({ "module": "Contacts", "filters": { "email": "cut.example" } }),
        )
        .await;
    assert_eq!(parts["count"], 6, "{parts:#}");
}

#[tokio::test]
async fn a_second_address_is_an_address() {
    let (bed, mut wire) = Bed::warm(&[]).await;
    let mut rows = contacts(&["joann@cut.example"]);
    rows["data"][0]["secondaryEmail"] = json!("ann@cut.example");
    bed.admin(json!({ "faults": [answer("/api/v1/contacts/search", rows)] }))
        .await;
    let listed = wire
        .call(
            "get_records",
            json!({ "module": "Contacts", "filters": { "email": "ann@cut.example" } }),
        )
        .await;
    assert_eq!(listed["count"], 1, "{listed:#}");
    let found = wire
        .call("find_customer", json!({ "email": "ann@cut.example" }))
        .await;
    assert_eq!(
        found["data"]["desk"]["contacts"].as_array().unwrap().len(),
        1,
        "{found:#}"
    );
}

/// A text may look like a user, a mark or a number (Search Records API: `equals` on a text behaves like `contains`).
#[tokio::test]
async fn a_text_of_crm_that_looks_like_something_else_is_compared_as_a_whole() {
    let (bed, mut wire) = Bed::warm(&[]).await;
    for (field, text, other) in [
        ("Company", "me", "Cremerie"),
        ("Company", "true", "Trueman"),
        ("Zip_Code", "101", "10115"),
    ] {
        let lead = |id: &str, value: &str| json!({ "id": id, "Last_Name": "A", field: value });
        let rows = json!({ "data": [lead("1", other), lead("2", text)], "info": { "count": 2, "more_records": false, "page": 1, "per_page": 200 } });
        bed.admin(json!({ "faults": [answer("/crm/v8/Leads/search", rows)] }))
            .await;
        let asked = json!({ "module": "Leads", "filters": { field: text } });
        for tool in ["get_records", "search_records"] {
            let listed = wire.call(tool, asked.clone()).await;
            assert_eq!(
                (&listed["count"], &listed["data"][0]["id"]),
                (&json!(1), &json!("2")),
                "{listed:#}"
            );
            assert!(listed["notes"].to_string().contains("only holds"), "{listed:#}");
        }
        let counted = wire.call("count_records", asked).await;
        assert_eq!(counted["count"], 1, "{counted:#}");
        bed.admin(json!({ "faults": [] })).await;
    }
}

#[tokio::test]
async fn a_text_of_crm_is_compared_as_a_whole() {
    let (bed, mut wire) = Bed::warm(&[]).await;
    let lead = |id: &str, name: &str| json!({ "id": id, "Full_Name": name, "Company": name, "Lead_Status": "Contacted" });
    let rows = json!({ "data": [lead("1", "Acme Systems"), lead("2", "ACME"), lead("3", "Neo Acme")], "info": { "count": 3, "more_records": false, "page": 1, "per_page": 200 } });
    bed.admin(json!({ "faults": [answer("/crm/v8/Leads/search", rows)] }))
        .await;
    for name in ["Full_Name", "Company"] {
        let asked = json!({ "module": "Leads", "filters": { name: "Acme" } });
        let listed = wire.call("get_records", asked.clone()).await;
        assert_eq!(
            (&listed["count"], &listed["data"][0]["id"]),
            (&json!(1), &json!("2")),
            "{listed:#}"
        );
        assert!(listed["notes"].to_string().contains("2 more"), "{listed:#}");
        let counted = wire.call("count_records", asked).await;
        assert_eq!(counted["count"], 1, "{counted:#}");
    }
    let rows = json!({ "data": [lead("1", "Acme Systems"), lead("2", "ACME"), lead("3", "Neo Acme")], "info": { "more_records": false } });
    let number = answer("/crm/v8/Leads/actions/count", json!({ "count": 3 }));
    bed.admin(json!({ "faults": [number, answer("/crm/v8/Leads", rows)] }))
        .await;
    for tool in ["get_records", "count_records"] {
        let others = wire
            .call(
                tool,
                json!({ "module": "Leads", "filters": { "Company": { "not": "Acme" } } }),
            )
            .await;
        assert_eq!(others["count"], 2, "{tool}: {others:#}");
        assert!(!others.to_string().contains("only holds"), "{others:#}");
        let exact = wire
            .call(
                tool,
                json!({ "module": "Leads", "filters": { "Lead_Status": { "not": "Contacted" } } }),
            )
            .await;
        assert!(exact["error"].is_null(), "{exact:#}");
        assert!(
            !exact["notes"].to_string().contains("only holds the text"),
            "{exact:#}"
        );
    }
    // The same by the values of a picklist leaves nothing out.
    let asked = json!({ "module": "Leads", "filters": { "Lead_Status": "Contacted" } });
    let listed = wire.call("get_records", asked).await;
    assert_eq!(listed["count"], 3, "{listed:#}");
    assert!(!listed["notes"].to_string().contains("more whose"), "{listed:#}");
}

#[tokio::test]
async fn counts_by_picklists_stay_counts_of_zoho() {
    let (bed, mut wire) = Bed::warm(&[]).await;
    let asked = json!({ "module": "Leads", "filters": { "Lead_Status": "Contacted" } });
    wire.call("count_records", asked.clone()).await;
    let before = bed.seen().await.len();
    wire.call("count_records", asked).await;
    let seen = bed.seen().await.split_off(before);
    assert_eq!(seen.len(), 1, "{seen:#?}");
    assert!(seen[0].contains("/actions/count"), "{seen:#?}");
}

#[tokio::test]
async fn a_count_by_a_value_that_no_picklist_has_is_an_error() {
    let (_bed, mut wire) = Bed::warm(&[]).await;
    for (module, filters, path) in [
        ("Cases", json!({ "priority": "Whatever" }), "/filters/priority"),
        (
            "Cases",
            json!({ "status": ["Open", "Nonsense"] }),
            "/filters/status",
        ),
        (
            "Leads",
            json!({ "Lead_Status": ["Contacted", "Nonsense"] }),
            "/filters/Lead_Status",
        ),
        (
            "Leads",
            json!({ "Lead_Status": "Nonsense" }),
            "/filters/Lead_Status",
        ),
    ] {
        let refused = wire
            .call("count_records", json!({ "module": module, "filters": filters }))
            .await;
        assert_eq!(refused["code"], "invalid_arguments", "{filters}: {refused:#}");
        assert_eq!(refused["problems"][0]["path"], path, "{filters}: {refused:#}");
        assert!(
            refused["problems"][0]["expected"]
                .as_str()
                .unwrap()
                .starts_with("one of: "),
            "{refused:#}"
        );
    }
    let right = wire
        .call(
            "count_records",
            json!({ "module": "Cases", "filters": { "status": ["Open", "Closed"] } }),
        )
        .await;
    assert!(right["count"].as_u64().unwrap() > 0, "{right:#}");
}

#[tokio::test]
async fn a_number_is_found_in_any_notation_everywhere() {
    let (bed, mut wire) = Bed::warm(&[]).await;
    let person = |id: &str, phone: Value, mobile: Value| json!({ "id": id, "Full_Name": id, "Phone": phone, "Mobile": mobile });
    let rows = |rows: Value| json!({ "data": rows, "info": { "count": 2, "more_records": false } });
    let leads = rows(json!([
        person("1", json!("+49 (30) 901820-22"), Value::Null),
        person("2", json!("+49 30 111820-22"), Value::Null)
    ]));
    let crm_contacts = rows(json!([person("3", Value::Null, json!("030/90182022"))]));
    let accounts = json!({ "data": [{ "id": "8", "accountName": "Acme", "phone": "(030) 90 18 20 22" }, { "id": "9", "accountName": "Neo", "phone": "5" }], "count": 2 });
    bed.admin(json!({ "faults": [
        answer("/crm/v8/Leads/search", leads), answer("/crm/v8/Contacts/search", crm_contacts), answer("/api/v1/accounts/search", accounts)
    ] })).await;
    for number in [
        "030 901820-22",
        "0049 30 90182022",
        "+49 30 90182022",
        "٠٣٠ ٩٠١٨٢٠٢٢",
    ] {
        let found = wire.call("find_customer", json!({ "phone": number })).await;
        let ids = |product: &str, list: &str| {
            let rows = found["data"][product][list]
                .as_array()
                .cloned()
                .unwrap_or_default();
            rows.iter()
                .map(|row| row["id"].as_str().unwrap().to_owned())
                .collect::<Vec<String>>()
        };
        assert_eq!(ids("crm", "leads"), ["1"], "{number}: {found:#}");
        assert_eq!(ids("crm", "contacts"), ["3"], "{number}: {found:#}");
        assert_eq!(ids("desk", "accounts"), ["8"], "{number}: {found:#}");
    }
    let seen = bed.seen().await;
    let asked = |line: &String| {
        let (_, rest) = line.split_once("phone=").or_else(|| line.split_once("mobile="))?;
        Some(rest.split(['&', ' ']).next().unwrap().replace("%2A", "*"))
    };
    let asked: Vec<String> = seen.iter().filter_map(asked).collect();
    assert!(!asked.is_empty(), "{seen:#?}");
    let inside = |text: &&String| text.trim_matches('*').contains('*');
    assert_eq!(asked.iter().find(inside), None, "{seen:#?}");
}

#[tokio::test]
async fn a_field_that_no_row_carries_is_told() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(crate::exports::tools(&bed).await).await;
    for (module, fields, told) in [
        ("Quotes", json!(["Subject", "Quoted_Items"]), "Quoted_Items"),
        ("Cases", json!(["subject", "lastThread"]), "lastThread"),
    ] {
        let exported = wire
            .call("export_records", json!({ "module": module, "fields": fields }))
            .await;
        // Of records it is.
        assert_eq!(exported["complete"], true, "{exported:#}");
        assert!(exported["notes"].to_string().contains(told), "{exported:#}");
    }
    let refused = wire
        .call(
            "get_records",
            json!({ "module": "Cases", "fields": ["subject", "tags"] }),
        )
        .await;
    assert!(
        refused["next"].as_str().unwrap().contains("related:\"tags\""),
        "{refused:#}"
    );
    let listed = wire
        .call(
            "get_records",
            json!({ "module": "Cases", "limit": 2, "fields": ["subject", "tag"] }),
        )
        .await;
    assert!(listed["notes"].to_string().contains("tag"), "{listed:#}");
}

/// Zoho lists the values of a case's status and of a lead's, and none of a call's, a contact's or a task's
/// (organizationFields of these modules): a word that nothing has finds nothing there, and that it was taken as it was
/// written is told.
#[tokio::test]
async fn a_word_that_nobody_lists_and_nothing_has_is_told_to_have_been_taken_as_written() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(crate::exports::tools(&bed).await).await;
    for (app, module, field, value, told) in [
        ("desk", "Calls", "status", "Wartend", true),
        ("desk", "Activities", "status", "Wartend", true),
        ("desk", "Contacts", "type", "Wartend", true),
        ("desk", "Tasks", "category", "Wartend", true),
        ("desk", "Contacts", "email", "nobody@nowhere.example", true),
        ("crm", "Contacts", "Title", "Wartend", true),
        // These are told otherwise, or are no words.
        ("desk", "Cases", "status", "Wartend", false),
        ("crm", "Leads", "Lead_Status", "Wartend", false),
        ("desk", "Contacts", "lastName", "Wartend", false),
        ("desk", "Cases", "createdTime", "2001-01-01", false),
        ("desk", "Cases", "ticketNumber", "999999999", false),
        ("crm", "Deals", "Closing_Date", "2001-01-01", false),
    ] {
        for tool in ["get_records", "search_records", "count_records", "export_records"] {
            let filters = json!({ field: value });
            let asked = json!({ "app_type": app, "module": module, "filters": filters });
            let answer = wire.call(tool, asked).await;
            let note = format!("Zoho lists no values of {field}");
            let says = answer["notes"].to_string().contains(&note);
            assert_eq!(says, told, "{tool} {module}: {answer:#}");
        }
    }
    let found = json!({ "app_type": "desk", "module": "Calls", "filters": { "status": "Completed" } });
    let answer = wire.call("count_records", found).await;
    assert!(answer["count"].as_u64().unwrap() > 0, "{answer:#}");
    assert!(
        !answer["notes"].to_string().contains("lists no values"),
        "{answer:#}"
    );
}

/// A contact has several accounts (Desk: contact-account associations, primary and secondary); its row names the first.
#[tokio::test]
async fn contacts_of_an_account_that_may_be_missing_are_told() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let accounts = wire
        .call(
            "get_records",
            json!({ "module": "Accounts", "app_type": "desk", "limit": 1 }),
        )
        .await;
    let name = accounts["data"][0]["accountName"].as_str().unwrap();
    let name = name.trim_matches(['\u{3014}', '\u{3015}']);
    for tool in ["get_records", "search_records", "count_records"] {
        for filters in [
            json!({ "accountName": name }),
            json!({ "accountId": accounts["data"][0]["id"] }),
        ] {
            let asked = json!({ "module": "Contacts", "app_type": "desk", "filters": filters });
            let answer = wire.call(tool, asked).await;
            let notes = answer["notes"].to_string();
            assert!(notes.contains("further account"), "{tool} {filters}: {answer:#}");
        }
    }
}

/// OAS, getContracts: its rows are whole contracts.
#[tokio::test]
async fn contracts_are_found_by_what_their_rows_show() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let asked =
        json!({ "module": "Contracts", "app_type": "desk", "filters": { "contractStatus": "EXPIRED" } });
    let answer = wire.call("get_records", asked).await;
    assert!(answer["count"].as_u64() > Some(0), "{answer:#}");
    for row in answer["data"].as_array().unwrap() {
        let id = row["id"].clone();
        let whole = json!({ "module": "Contracts", "app_type": "desk", "id": id });
        let whole = wire.call("get_record", whole).await;
        assert_eq!(whole["data"]["contractStatus"], "EXPIRED", "{whole:#}");
    }
}
