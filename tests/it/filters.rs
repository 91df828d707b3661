//! Conditions by the type of their field, the same in every tool; those no call takes are put to the rows and told.

use serde_json::{Map, Value, json};

use crate::bed::{Bed, Wire};

async fn asked(wire: &mut Wire, tool: &str, module: &str, filters: Value) -> Value {
    let arguments = json!({ "module": module, "filters": filters });
    wire.call(tool, arguments).await
}

/// What the last request to a path said of its conditions.
async fn criteria(bed: &Bed) -> String {
    let seen = bed.seen().await;
    let last = seen.iter().rev().find(|line| line.contains("criteria=")).unwrap();
    let query = last.split_once('?').unwrap().1.split(' ').next().unwrap();
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == "criteria").unwrap().1.into_owned()
}

/// Zoho CRM, Search Records: dates are written as days, date-times with an offset, numbers bare; `between`,
/// `greater_equal` and their like take all three. A date that got a date-time was refused (field-failures W15).
#[tokio::test]
async fn crm_conditions_are_written_by_the_type_of_their_field() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let day = "T00:00:00+00:00,2026-11-20T23:59:59+00:00)";
    for (filter, written) in [
        (
            json!({ "Closing_Date": { "from": "2026-10-01", "to": "2026-10-31" } }),
            "(Closing_Date:between:2026-10-01,2026-10-31)".to_owned(),
        ),
        (
            json!({ "Closing_Date": "2026-10-01,2026-10-31" }),
            "(Closing_Date:between:2026-10-01,2026-10-31)".to_owned(),
        ),
        (
            json!({ "Closing_Date": ["2026-10-01", "2026-10-31"] }),
            "(Closing_Date:between:2026-10-01,2026-10-31)".to_owned(),
        ),
        (
            json!({ "Closing_Date": "2026-10-10" }),
            "(Closing_Date:equals:2026-10-10)".to_owned(),
        ),
        (
            json!({ "Closing_Date": "2026-10-09T20:00:00Z" }),
            "(Closing_Date:equals:2026-10-09)".to_owned(),
        ),
        (
            json!({ "Closing_Date": { "gt": "2026-10-31" } }),
            "(Closing_Date:greater_than:2026-10-31)".to_owned(),
        ),
        (
            json!({ "Closing_Date": { "before": "2026-10-01" } }),
            "(Closing_Date:less_than:2026-10-01)".to_owned(),
        ),
        (
            json!({ "Created_Time": "2026-11-20" }),
            format!("(Created_Time:between:2026-11-20{day}"),
        ),
        (
            json!({ "Created_Time": ["2026-11-01", "2026-11-20"] }),
            format!("(Created_Time:between:2026-11-01{day}"),
        ),
        (
            json!({ "Created_Time": { "after": "2026-11-20" } }),
            "(Created_Time:greater_equal:2026-11-21T00:00:00+00:00)".to_owned(),
        ),
        (
            json!({ "Created_Time": { "lt": "2026-11-20" } }),
            "(Created_Time:less_equal:2026-11-19T23:59:59+00:00)".to_owned(),
        ),
        (
            json!({ "Amount": { "from": 1000 } }),
            "(Amount:greater_equal:1000)".to_owned(),
        ),
        (
            json!({ "Amount": { "gt": 1000, "lte": 5000.5 } }),
            "((Amount:greater_than:1000)and(Amount:less_equal:5000.5))".to_owned(),
        ),
        (json!({ "Amount": [100, 200] }), "(Amount:in:100,200)".to_owned()),
        (
            json!({ "Stage": ["Qualification", "Closed Won"] }),
            "(Stage:in:Qualification,Closed Won)".to_owned(),
        ),
        (
            json!({ "Deal_Name": { "starts_with": "Acme (EU), 1" } }),
            "(Deal_Name:starts_with:Acme \\(EU\\)\\, 1)".to_owned(),
        ),
    ] {
        for tool in ["get_records", "count_records", "search_records"] {
            let answer = asked(&mut wire, tool, "Deals", filter.clone()).await;
            assert!(answer["count"].is_u64(), "{tool} {filter}: {answer:#}");
            assert_eq!(criteria(&bed).await, written, "{tool} {filter}");
        }
    }
    // What is left out is counted, and taken from all.
    let others = "((Stage:not_equal:Closed Won)and(Stage:not_equal:Closed Lost))";
    let left_out = "(Stage:in:Closed Won,Closed Lost)";
    for (tool, written) in [("get_records", others), ("count_records", left_out)] {
        let filter = json!({ "Stage": { "not": ["Closed Won", "Closed Lost"] } });
        let answer = asked(&mut wire, tool, "Deals", filter).await;
        assert!(answer["count"].is_u64(), "{tool}: {answer:#}");
        assert_eq!(criteria(&bed).await, written, "{tool}");
    }
}

#[tokio::test]
async fn users_of_crm_are_named_in_any_of_their_fields() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for field in ["Owner", "Created_By", "Modified_By"] {
        let answer = asked(&mut wire, "get_records", "Deals", json!({ field: "me" })).await;
        assert_eq!(answer["repairs"][0]["rule"], "reference", "{answer:#}");
        let id = criteria(&bed).await.replace(|c: char| !c.is_ascii_digit(), "");
        assert_eq!(id.len(), 19, "{id}");
    }
    let nobody = asked(
        &mut wire,
        "get_records",
        "Deals",
        json!({ "Owner": "Nemo Niemand" }),
    )
    .await;
    assert_eq!(nobody["code"], "invalid_arguments", "{nobody:#}");
}

/// What a type has no order for, or no value of, is refused here with what the type takes.
#[tokio::test]
async fn what_a_type_does_not_take_is_refused_with_what_it_takes() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    bed.forget().await;
    for (filter, told) in [
        (json!({ "Amount": { "gt": "much" } }), "a number"),
        (json!({ "Closing_Date": { "gt": "soon" } }), "a span"),
        (json!({ "Stage": { "gt": "a" } }), "a whole value"),
        (json!({ "Stage": { "sounds_like": "a" } }), "starts_with"),
        (json!({ "Amount": { "gt": 1, "from": 2 } }), "starts_with"),
        (json!({ "Amount": [1, [2]] }), "null for none"),
    ] {
        let answer = asked(&mut wire, "get_records", "Deals", filter.clone()).await;
        assert_eq!(answer["code"], "invalid_arguments", "{filter}: {answer:#}");
        assert!(answer.to_string().contains(told), "{filter}: {answer:#}");
    }
    assert!(!bed.seen().await.iter().any(|line| line.contains("/search?")));
}

/// Where the settings tell nothing, the form of the value decides, and nobody is refused for it.
#[tokio::test]
async fn without_the_settings_the_form_of_the_value_decides() {
    let bed = Bed::empty(zoho_mcp::sandbox::Options::default()).await;
    let scopes = [
        "ZohoCRM.modules.READ",
        "ZohoSearch.securesearch.READ",
        "ZohoCRM.org.READ",
    ];
    bed.connect_with_scopes(crate::bed::USER, &scopes).await;
    let mut wire = bed.client().await;
    let filter = json!({ "Amount": { "gt": 1000 } });
    let arguments = json!({ "module": "Deals", "filters": filter, "connection": "default" });
    let answer = wire.call("get_records", arguments).await;
    assert!(answer["count"].as_u64().unwrap() > 0, "{answer:#}");
    assert_eq!(criteria(&bed).await, "(Amount:greater_than:1000)");
    assert!(
        answer["notes"].to_string().contains("form of each value"),
        "{answer:#}"
    );
}

/// All cases, by paging without any condition.
async fn all_cases(wire: &mut Wire) -> Vec<Map<String, Value>> {
    let fields = [
        "ticketNumber",
        "status",
        "statusType",
        "assigneeId",
        "createdTime",
        "closedTime",
        "threadCount",
        "priority",
        "dueDate",
        "category",
    ];
    pages(wire, json!({ "module": "Cases", "limit": 99, "fields": fields })).await
}

async fn pages(wire: &mut Wire, mut arguments: Value) -> Vec<Map<String, Value>> {
    let mut all: Vec<Map<String, Value>> = Vec::new();
    loop {
        let answer = wire.call("get_records", arguments.clone()).await;
        let rows = answer["data"].as_array().unwrap_or_else(|| panic!("{answer:#}"));
        all.extend(rows.iter().map(|row| row.as_object().unwrap().clone()));
        match answer["next_cursor"].as_str() {
            Some(cursor) => arguments["cursor"] = json!(cursor),
            None => return all,
        }
    }
}

fn ids(rows: impl IntoIterator<Item = Map<String, Value>>) -> Vec<String> {
    rows.into_iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Zoho Desk's calls take no such conditions (OAS: getTickets, searchTickets): the same rows must come as by comparing
/// every row here, in the same order, over all pages, and their count.
#[tokio::test]
async fn what_desk_does_not_filter_by_is_looked_for_in_the_rows() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let all = all_cases(&mut wire).await;
    assert!(all.len() > 100);
    let text = |row: &Map<String, Value>, key: &str| {
        row.get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let since = "2026-11-01T00:00:00";
    type Fits<'a> = Box<dyn Fn(&Map<String, Value>) -> bool + 'a>;
    let cases: Vec<(Value, Fits<'_>)> = vec![
        (
            json!({ "closedTime": { "from": "2026-11-01T00:00:00Z" } }),
            Box::new(|row| text(row, "closedTime").as_str() >= since),
        ),
        (
            json!({ "status": { "not": "Closed" } }),
            Box::new(|row| text(row, "status") != "Closed"),
        ),
        (
            json!({ "status": { "not": ["closed", "Open"] } }),
            Box::new(|row| !["Closed", "Open"].contains(&text(row, "status").as_str())),
        ),
        (
            json!({ "statusType": ["Open", "On Hold"] }),
            Box::new(|row| text(row, "statusType") != "Closed"),
        ),
        (
            json!({ "statusType": { "not": "Closed" }, "assignee": null }),
            Box::new(|row| text(row, "statusType") != "Closed" && text(row, "assigneeId").is_empty()),
        ),
        (
            json!({ "assignee": "UNASSIGNED", "createdTime": { "from": "2026-11-01T00:00:00Z" } }),
            Box::new(|row| text(row, "assigneeId").is_empty() && text(row, "createdTime").as_str() >= since),
        ),
        (
            json!({ "threadCount": { "gt": 3 } }),
            Box::new(|row| text(row, "threadCount").parse::<u32>().unwrap_or(0) > 3),
        ),
        (
            json!({ "dueDate": null }),
            Box::new(|row| text(row, "dueDate").is_empty()),
        ),
        (
            json!({ "category": { "not": null } }),
            Box::new(|row| !text(row, "category").is_empty()),
        ),
        (
            json!({ "priority": null }),
            Box::new(|row| text(row, "priority").is_empty()),
        ),
        (
            json!({ "closedTime": null }),
            Box::new(|row| text(row, "closedTime").is_empty()),
        ),
    ];
    for (filters, fits) in cases {
        let wanted = ids(all.iter().filter(|row| fits(row)).cloned());
        assert!(!wanted.is_empty() && wanted.len() < all.len(), "{filters}");
        for limit in [7, 99] {
            let arguments =
                json!({ "module": "Cases", "limit": limit, "fields": ["id"], "filters": filters });
            let found = pages(&mut wire, arguments).await;
            assert!(
                found
                    .iter()
                    .all(|row| row.keys().all(|key| key == "id" || key == "link")),
                "{filters}"
            );
            assert_eq!(ids(found), wanted, "{filters} by {limit}");
        }
        let counted = asked(&mut wire, "count_records", "Cases", filters.clone()).await;
        assert_eq!(counted["count"], wanted.len(), "{filters}: {counted:#}");
        assert!(counted["at_least"].is_null(), "{counted:#}");
    }
}

/// What cannot be compared is refused, not found to be nothing; a time of day stays one.
#[tokio::test]
async fn what_rows_cannot_be_compared_by_is_refused() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for filters in [
        json!({ "priority": { "gt": "Medium" } }),
        json!({ "threadCount": { "from": 9, "to": 1 } }),
        json!({ "ticketNumber": { "gt": "the last" } }),
    ] {
        for tool in ["get_records", "count_records"] {
            let answer = asked(&mut wire, tool, "Cases", filters.clone()).await;
            assert_eq!(
                answer["code"], "invalid_arguments",
                "{tool} {filters}: {answer:#}"
            );
        }
    }
    for filters in [
        json!({ "Amount": { "from": 9, "to": 1 } }),
        json!({ "Closing_Date": { "from": "2026-02-01", "to": "2026-01-01" } }),
        json!({ "Created_Time": "the day before" }),
    ] {
        let answer = asked(&mut wire, "get_records", "Deals", filters.clone()).await;
        assert_eq!(answer["code"], "invalid_arguments", "{filters}: {answer:#}");
    }
    let both = json!({ "status": "Open", "statusType": "Open" });
    let listed = asked(&mut wire, "count_records", "Cases", json!({ "status": "Open" })).await;
    assert_eq!(
        asked(&mut wire, "count_records", "Cases", both).await["count"],
        listed["count"]
    );
    bed.forget().await;
    let since = json!({ "createdTime": { "gt": "2026-11-01T15:00:00" } });
    asked(&mut wire, "get_records", "Cases", since).await;
    let seen = bed.seen().await;
    assert!(
        seen.last().unwrap().contains("2026-11-01T15%3A00%3A00.001Z"),
        "{seen:?}"
    );
}

#[tokio::test]
async fn what_was_looked_through_is_told() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let never = json!({ "closedTime": { "from": "2199-01-01" } });
    let answer = asked(&mut wire, "get_records", "Cases", never).await;
    let rows = all_cases(&mut wire).await.len();
    assert_eq!(
        (&answer["count"], &answer["has_more"]),
        (&json!(0), &json!(false)),
        "{answer:#}"
    );
    let told = format!("Zoho does not settle closedTime by itself here: {rows} records were looked through");
    assert!(answer["notes"].to_string().contains(&told), "{answer:#}");
}

/// A plain status is one of several of its kind (agent-trial, task 1: 12, 18 or 28 open cases).
#[tokio::test]
async fn a_plain_status_says_that_there_are_more_of_its_kind() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (filters, told) in [
        (json!({ "status": "Open" }), true),
        (json!({ "status": "open" }), true),
        (json!({ "status": "Open", "statusType": "Open" }), false),
        (json!({ "statusType": "open" }), false),
    ] {
        for tool in ["get_records", "search_records", "count_records"] {
            if tool == "count_records"
                && filters.get("status").is_some()
                && filters.get("statusType").is_some()
            {
                continue;
            }
            let answer = asked(&mut wire, tool, "Cases", filters.clone()).await;
            assert!(answer["count"].as_u64().unwrap() > 0, "{answer:#}");
            assert_eq!(
                answer["notes"].to_string().contains("Only the status Open"),
                told,
                "{tool} {filters}: {answer:#}"
            );
        }
    }
}

/// Zoho CRM, Get Records: `converted` is false where it is not sent (airbytehq/airbyte#39398 lost such leads).
#[tokio::test]
async fn converted_leads_come_where_they_are_meant_and_else_are_told_of() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let told = "Converted leads are left out";
    for tool in ["get_records", "search_records", "count_records"] {
        let filters = json!({ "Lead_Status": { "not": "Junk Lead" } });
        let answer = asked(&mut wire, tool, "Leads", filters).await;
        assert!(answer["notes"].to_string().contains(told), "{tool}: {answer:#}");
        let answer = asked(&mut wire, tool, "Leads", json!({ "Converted__s": true })).await;
        assert!(!answer["notes"].to_string().contains(told), "{tool}: {answer:#}");
        assert!(
            bed.seen().await.last().unwrap().contains("converted=both"),
            "{tool}"
        );
    }
}
