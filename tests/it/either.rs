//! Words and values of which either is enough, and texts with commas, which Zoho Desk's searches read as several values
//! (OAS, Search: "You can provide multiple values separated by commas, and the search will be performed on the field using
//! any of the provided values").

mod unread;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::bed::{Bed, Wire};
use crate::connections_rooms::fake::{House, json as scripted};

/// The ids a query finds, over all its pages, in their order.
async fn ids(wire: &mut Wire, mut arguments: Value) -> Vec<String> {
    let mut found = Vec::new();
    loop {
        let page = wire.call("search_records", arguments.clone()).await;
        let rows = page["data"]
            .as_array()
            .unwrap_or_else(|| panic!("{arguments}: {page:#}"));
        found.extend(rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(cursor) => arguments["cursor"] = json!(cursor),
            None => {
                assert_eq!(page["has_more"], false, "{page:#}");
                return found;
            }
        }
    }
}

/// Both names of one person of CRM, who is found by either, and that of another.
async fn names(wire: &mut Wire, module: &str) -> [String; 3] {
    let arguments = json!({ "module": module, "app_type": "crm", "fields": ["First_Name", "Last_Name"] });
    let rows = wire.call("get_records", arguments).await;
    let name = |row: usize, field: &str| rows["data"][row][field].as_str().unwrap().to_owned();
    [name(0, "First_Name"), name(0, "Last_Name"), name(4, "Last_Name")]
}

fn set(ids: &[String]) -> BTreeSet<String> {
    ids.iter().cloned().collect()
}

/// Desk has one request for it, CRM one for each: the same records come as from searching each alone, none twice.
#[tokio::test]
async fn either_of_several_words_is_found_once_in_both_products() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (product, module) in [("desk", "Cases"), ("crm", "Leads"), ("crm", "Contacts")] {
        let words = match product {
            "desk" => ["invoice", "login", "order"].map(str::to_owned),
            _ => names(&mut wire, module).await,
        };
        let base = json!({ "module": module, "app_type": product, "fields": ["id"] });
        let of = |key: &str, value: Value| {
            let mut arguments = base.clone();
            arguments[key] = value;
            arguments
        };
        let mut wanted = BTreeSet::new();
        let mut most = 0;
        for word in &words {
            let alone = set(&ids(&mut wire, of("query", json!(word))).await);
            most = most.max(alone.len());
            wanted.extend(alone);
        }
        assert!(
            wanted.len() > most,
            "{module}: one of the words finds all that the others do"
        );
        for limit in [3, 99] {
            let mut arguments = of("any", json!(words));
            arguments["limit"] = json!(limit);
            let found = ids(&mut wire, arguments).await;
            assert_eq!(
                found.len(),
                set(&found).len(),
                "{module} by {limit}: some come twice"
            );
            assert_eq!(set(&found), wanted, "{module} by {limit}");
        }
        let counted = wire
            .call(
                "count_records",
                json!({ "module": module, "app_type": product, "any": words }),
            )
            .await;
        assert_eq!(counted["count"], wanted.len(), "{counted:#}");
        assert!(counted["at_least"].is_null(), "{counted:#}");
    }
}

/// The newest first, as in every list of CRM's that can be sorted; what they are ordered by is shown only when asked for.
#[tokio::test]
async fn united_searches_come_newest_first() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let arguments = json!({ "module": "Leads", "any": ["an", "com"], "fields": ["Last_Name"], "limit": 5 });
    let bare = wire.call("search_records", arguments).await;
    assert!(bare["data"][0]["Created_Time"].is_null(), "{bare:#}");
    let arguments =
        json!({ "module": "Leads", "any": ["an", "com"], "fields": ["Created_Time"], "limit": 20 });
    let timed = wire.call("search_records", arguments).await;
    let times: Vec<&str> = timed["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["Created_Time"].as_str().unwrap())
        .collect();
    assert!(
        times.len() > 2 && times.is_sorted_by(|one, next| one >= next),
        "{times:?}"
    );
}

#[tokio::test]
async fn what_cannot_be_united_is_refused_with_the_way_round() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let many: Vec<String> = (0..11).map(|number| format!("word{number}")).collect();
    for (arguments, told) in [
        (
            json!({ "module": "Cases", "any": ["invoice"], "query": "login" }),
            "`query`",
        ),
        (json!({ "module": "Cases", "any": many }), "10"),
        (json!({ "module": "Cases", "any": ["a OR b", "c"] }), "any:"),
        (
            json!({ "module": "Leads", "any": ["an", "com"], "sort_by": "Last_Name" }),
            "newest",
        ),
        (
            json!({ "module": "Cases", "query": "refund, invoice" }),
            r#"any:["refund","invoice"]"#,
        ),
        (
            json!({ "module": "Cases", "any": ["refund, late", "invoice"] }),
            r#"any:["refund","late","invoice"]"#,
        ),
    ] {
        let answer = wire.call("search_records", arguments.clone()).await;
        assert_eq!(answer["code"], "invalid_arguments", "{arguments}: {answer:#}");
        let text = format!(
            "{} {}",
            answer["error"].as_str().unwrap(),
            answer["next"].as_str().unwrap()
        );
        assert!(text.contains(told), "{arguments}: {answer:#}");
    }
}

/// A subject with a comma is one text: Zoho is asked for a piece of it without one, and the rows for all of it.
#[tokio::test]
async fn a_text_with_a_comma_is_one_text() {
    let (house, mut wire) = House::served().await;
    let rows = json!({ "count": 3, "data": [
        { "id": "1", "subject": "Trip to Berlin, Paris and Rome" },
        { "id": "2", "subject": "Berlin office" },
        { "id": "3", "subject": "Visit berlin,  paris" },
    ] });
    for (value, param, found) in [
        (json!("Berlin, Paris"), "subject=*Berlin*", json!(["1", "3"])),
        (json!(["Berlin, Paris"]), "subject=*Berlin*", json!(["1", "3"])),
        (
            json!({ "starts_with": "Berlin, P" }),
            "subject=Berlin*",
            json!([]),
        ),
        (
            json!(["Berlin", "Rome"]),
            "subject=Berlin%2CRome",
            json!(["1", "2", "3"]),
        ),
    ] {
        house
            .fake
            .script("/api/v1/tickets/search", [scripted(200, &rows.to_string())]);
        let arguments = json!({ "module": "Cases", "filters": { "subject": value }, "fields": ["id"] });
        let answer = wire.call("get_records", arguments).await;
        let ids: Vec<&Value> = answer["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| &row["id"])
            .collect();
        assert_eq!(json!(ids), found, "{value}: {answer:#}");
        let seen = house.fake.seen();
        let mut searches = seen.iter().filter(|seen| seen.path.ends_with("/search"));
        let query = searches.next_back().unwrap().query.replace("%2A", "*");
        assert!(query.contains(param), "{value}: {query}");
    }
}

#[tokio::test]
async fn a_comma_that_could_mean_several_values_is_asked_about() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    bed.forget().await;
    for (filters, told) in [
        (
            json!({ "status": "Open,Closed" }),
            r#"["Open","Closed"] finds either, ["Open,Closed"] this one value"#,
        ),
        (json!({ "email": "a@x.example, b@x.example" }), "finds either"),
        (
            json!({ "accountName": "Acme, Inc." }),
            "`accountId` takes the name",
        ),
        (
            json!({ "contactName": "Berg, Anna" }),
            "`contactId` takes the name",
        ),
        (
            json!({ "cf_severity": "Berlin, Paris" }),
            r#"{"starts_with":"Berlin"}"#,
        ),
    ] {
        for tool in ["get_records", "count_records", "search_records"] {
            let answer = wire
                .call(tool, json!({ "module": "Cases", "filters": filters }))
                .await;
            assert_eq!(
                answer["code"], "invalid_arguments",
                "{tool} {filters}: {answer:#}"
            );
            assert!(
                answer["next"].as_str().unwrap().contains(told),
                "{tool} {filters}: {answer:#}"
            );
        }
    }
    assert!(!bed.seen().await.iter().any(|line| line.contains("/tickets")));
    // A list of one names one value: no status is called so.
    let one = json!({ "module": "Cases", "filters": { "status": ["Open,Closed"] } });
    let one = wire.call("count_records", one).await;
    assert_eq!(one["count"], 0, "{one:#}");
}

/// OAS, searchTickets: a department is one number there, a channel one text; several are looked for in the rows.
#[tokio::test]
async fn several_departments_and_channels_are_found_in_the_rows_of_a_search() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for field in ["departmentId", "channel"] {
        let arguments = json!({ "module": "Cases", "fields": [field], "limit": 99 });
        let rows = wire.call("get_records", arguments).await;
        let rows = rows["data"].as_array().unwrap();
        let values: BTreeSet<&str> = rows.iter().filter_map(|row| row[field].as_str()).collect();
        let two: Vec<&str> = values.into_iter().take(2).collect();
        assert_eq!(two.len(), 2, "{field}");
        let mut both = 0;
        for value in &two {
            let alone = json!({ "module": "Cases", "filters": { field: value, "modifiedTime": { "from": "2000-01-01" } } });
            both += wire.call("count_records", alone).await["count"].as_u64().unwrap();
        }
        let either =
            json!({ "module": "Cases", "filters": { field: two, "modifiedTime": { "from": "2000-01-01" } } });
        let either = wire.call("count_records", either).await;
        assert_eq!(either["count"], both, "{field}: {either:#}");
    }
}

/// Zoho CRM, Search Records: parentheses, commas and backslashes of a value are escaped; nothing else is a sign there.
#[tokio::test]
async fn signs_in_values_of_crm_are_values() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (value, written) in [
        (
            r#"Müller "Bau" (Nord), Co"#,
            r#"(Deal_Name:equals:Müller "Bau" \(Nord\)\, Co)"#,
        ),
        (r"a\b", r"(Deal_Name:equals:a\\b)"),
        (r"ends with \", r"(Deal_Name:equals:ends with \\)"),
        (
            "O'Neil and Sons or not",
            "(Deal_Name:equals:O'Neil and Sons or not)",
        ),
        (
            ")or(Amount:greater_than:0)",
            r"(Deal_Name:equals:\)or\(Amount:greater_than:0\))",
        ),
        ("a+b: c|d", "(Deal_Name:equals:a+b: c|d)"),
    ] {
        let arguments = json!({ "module": "Deals", "filters": { "Deal_Name": value } });
        let answer = wire.call("get_records", arguments).await;
        assert_eq!(answer["count"], 0, "{value}: {answer:#}");
        let seen = bed.seen().await;
        let last = seen.iter().rev().find(|line| line.contains("criteria=")).unwrap();
        let query = last.split_once('?').unwrap().1.split(' ').next().unwrap();
        let mut pairs = url::form_urlencoded::parse(query.as_bytes());
        let criteria = pairs.find(|(name, _)| name == "criteria").unwrap().1;
        assert_eq!(criteria, written);
    }
}

/// What one search of several is refused is not what the others found.
#[tokio::test]
async fn one_search_that_is_refused_leaves_the_others() {
    let (house, mut wire) = House::served().await;
    let path = "/crm/v8/Leads/search";
    let refusal =
        json!({ "code": "INVALID_DATA", "details": {}, "message": "invalid data", "status": "error" });
    let rows = json!({ "data": [{ "id": "1", "Full_Name": "Noor", "Created_Time": "2026-11-01T10:00:00+00:00" }],
        "info": { "count": 1, "more_records": false, "page": 1, "per_page": 200 } });
    let one = || {
        [
            scripted(200, &rows.to_string()),
            scripted(400, &refusal.to_string()),
        ]
    };
    house.fake.script(path, one().into_iter().chain(one()));
    let asked = json!({ "module": "Leads", "app_type": "crm", "any": ["Noor", "Ni"] });
    let listed = wire.call("search_records", asked.clone()).await;
    assert_eq!(listed["count"], 1, "{listed:#}");
    assert!(listed["notes"].to_string().contains("INVALID_DATA"), "{listed:#}");
    let counted = wire.call("count_records", asked).await;
    assert_eq!(
        (&counted["count"], &counted["at_least"]),
        (&json!(1), &json!(true)),
        "{counted:#}"
    );
    assert!(
        counted["notes"].to_string().contains("INVALID_DATA"),
        "{counted:#}"
    );
}
