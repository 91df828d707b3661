//! A condition that a route cannot do is refused in words that are true of the call made, with a way round that works.

use serde_json::{Value, json};

use crate::bed::{Bed, Wire};
use crate::exports;

async fn asked(wire: &mut Wire, tool: &str, module: &str, filters: Value) -> Value {
    wire.call(tool, json!({ "module": module, "filters": filters }))
        .await
}

/// Rows of Desk's search do not show `isRead` (OAS: `include=isRead` is of the list alone), and an export goes by it.
#[tokio::test]
async fn what_only_a_list_shows_is_refused_by_what_was_asked_for() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(exports::tools(&bed).await).await;
    for field in ["isRead", "lastThread.direction"] {
        let told = asked(&mut wire, "export_records", "Cases", json!({ field: "true" })).await;
        assert_eq!(told["code"], "invalid_arguments", "{told:#}");
        assert_eq!(
            told["problems"][0]["path"],
            format!("/filters/{field}"),
            "{told:#}"
        );
        let next = told["next"].as_str().unwrap();
        assert!(
            next.contains("get_records") && !next.contains("`query`"),
            "{told:#}"
        );
    }
    let filters = json!({ "isRead": true, "account": "Fjordlys Energi AS", "status": "Open" });
    for tool in ["get_records", "count_records"] {
        let told = asked(&mut wire, tool, "Cases", filters.clone()).await;
        let next = told["next"].as_str().unwrap();
        assert!(
            next.contains("`account`") && !next.contains("`status`") && !next.contains("query"),
            "{told:#}"
        );
    }
    let call = json!({ "module": "Cases", "query": "invoice", "filters": { "isRead": true } });
    let told = wire.call("search_records", call).await;
    assert!(told["next"].as_str().unwrap().contains("`query`"), "{told:#}");
}

/// A column that no row has is told by who shows it, and takes no record from the file.
#[tokio::test]
async fn columns_that_no_row_fills_are_told_by_what_has_them() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(exports::tools(&bed).await).await;
    for (fields, told) in [
        (json!(["ticketNumber", "isRead"]), "get_records shows it"),
        (
            json!(["ticketNumber", "contactName"]),
            "`contactId` in `fields` has the name beside it",
        ),
        (
            json!(["ticketNumber", "accountName"]),
            "`accountId` in `fields` has the name beside it",
        ),
        (json!(["ticketNumber", "contact"]), ""),
    ] {
        let call = json!({ "module": "Cases", "fields": fields, "filters": { "status": "Open" } });
        let body = wire.call("export_records", call).await;
        assert_eq!(body["complete"], true, "all records are in it: {body:#}");
        assert!(body["notes"].to_string().contains(told), "{body:#}");
    }
}

/// An id says nothing to who reads the file: names stand beside, as in a list.
#[tokio::test]
async fn names_stand_beside_ids_in_a_file_too() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(exports::tools(&bed).await).await;
    let call = json!({ "module": "Cases", "fields": ["ticketNumber", "accountId", "contactId"], "format": "csv",
        "filters": { "account": "Fjordlys Energi AS" } });
    let body = wire.call("export_records", call).await;
    assert_eq!(body["complete"], true, "{body:#}");
    let text = std::fs::read_to_string(body["data"]["path"].as_str().unwrap()).unwrap();
    let mut lines = text.lines();
    let columns = lines.next().unwrap();
    assert!(
        columns.ends_with("id,ticketNumber,accountId,account,contactId,contact,link"),
        "{columns}"
    );
    let mut rows = 0;
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        assert!(cells[3] == "Fjordlys Energi AS" && !cells[5].is_empty(), "{line}");
        rows += 1;
    }
    assert_eq!(rows, body["data"]["records"], "{body:#}");
}

#[tokio::test]
async fn what_no_row_shows_is_refused_with_what_does_it() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let name = "Fjordlys Energi AS";
    let told = asked(
        &mut wire,
        "count_records",
        "Cases",
        json!({ "accountName": { "not": name } }),
    )
    .await;
    assert!(told["next"].as_str().unwrap().contains("`accountId`"), "{told:#}");
    let mut counted = async |filters: Value| {
        let answer = asked(&mut wire, "count_records", "Cases", filters).await;
        answer["count"].as_u64().unwrap_or_else(|| panic!("{answer:#}"))
    };
    let others = counted(json!({ "accountId": { "not": name } })).await;
    let all = counted(json!({})).await;
    assert_eq!(
        others,
        all - counted(json!({ "accountId": name })).await,
        "the way told is one"
    );
    let filters = json!({ "tag": { "not": "refund" } });
    let told = asked(&mut wire, "count_records", "Cases", filters).await;
    let said = told.to_string();
    assert_eq!(told["code"], "invalid_arguments", "{told:#}");
    assert!(
        !said.contains("unknown")
            && !said.contains("compares times")
            && said.contains("left out of the second"),
        "{told:#}"
    );
}

/// Numbers of cases are texts that Zoho counts up.
#[tokio::test]
async fn numbers_with_their_sign_lie_between_others() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for ends in [
        json!({ "from": "#590", "to": "#600" }),
        json!({ "from": 590, "to": "#600" }),
        json!({ "gt": "# 589", "lt": "601" }),
    ] {
        let answer = asked(
            &mut wire,
            "count_records",
            "Cases",
            json!({ "ticketNumber": ends }),
        )
        .await;
        assert_eq!(answer["count"], 11, "{answer:#}");
    }
    let turned = json!({ "ticketNumber": { "from": "#600", "to": "#590" } });
    let told = asked(&mut wire, "count_records", "Cases", turned).await;
    assert_eq!(told["code"], "invalid_arguments", "{told:#}");
}

/// A blank condition could ask for records without a value, or for all.
#[tokio::test]
async fn a_blank_condition_is_told_what_it_may_be() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let told = asked(&mut wire, "count_records", "Cases", json!({ "priority": " " })).await;
    assert!(
        told["next"].as_str().unwrap().starts_with("null asks"),
        "{told:#}"
    );
}

/// A case that came by a form has no message yet.
#[tokio::test]
async fn records_without_what_a_condition_is_on_a_part_of_are_told() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let direction = |way: &str| json!({ "lastThread.direction": way });
    let mut both = 0;
    let mut told = Value::Null;
    for way in ["in", "out"] {
        told = asked(&mut wire, "count_records", "Cases", direction(way)).await;
        both += told["count"].as_u64().unwrap();
    }
    let all = asked(&mut wire, "count_records", "Cases", json!({})).await["count"]
        .as_u64()
        .unwrap();
    let without = format!("{} records of these have no `lastThread`", all - both);
    assert!(
        all > both && told["notes"].to_string().contains(&without),
        "{told:#}"
    );
}

#[tokio::test]
async fn an_order_by_a_function_is_told_with_a_query_that_works() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let select =
        |rest: &str| format!("select Stage, count(id) {rest} from Deals where id is not null group by Stage");
    let query = select("") + " order by count(id) desc";
    let told = wire.call("run_coql_query", json!({ "query": query })).await;
    assert!(
        told["next"].as_str().unwrap().contains("count(id) as n"),
        "{told:#}"
    );
    let query = select("as n") + " order by n desc";
    let rows = wire.call("run_coql_query", json!({ "query": query })).await;
    assert!(rows["count"].as_u64() > Some(1), "{rows:#}");
}

/// Zoho's search compares values of a list as a whole (Search Records: picklist equals, not_equal, in), and says no more
/// than that a query is invalid.
#[tokio::test]
async fn a_value_of_a_list_has_no_beginning_to_find_it_by() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let begins = json!({ "starts_with": "Web" });
    let told = asked(
        &mut wire,
        "count_records",
        "Leads",
        json!({ "Lead_Source": begins }),
    )
    .await;
    assert_eq!(told["code"], "invalid_arguments", "{told:#}");
    assert!(told.to_string().contains("get_fields lists them"), "{told:#}");
    let told = asked(&mut wire, "count_records", "Leads", json!({ "Company": begins })).await;
    assert!(told["count"].is_u64(), "{told:#}");
}

/// Zoho Desk OAS, getArticles, getAgents: `permission` and `status` are of few values; of others it finds nothing.
#[tokio::test]
async fn of_few_values_another_is_refused_with_those_there_are() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (module, field, right, wrong) in [
        ("Articles", "permission", "all", "EVERYBODY"),
        ("Articles", "status", "Published", "Nonsense"),
        ("Agents", "status", "active", "Nonsense"),
    ] {
        for tool in ["get_records", "count_records"] {
            let told = asked(&mut wire, tool, module, json!({ field: wrong })).await;
            assert_eq!(told["code"], "invalid_arguments", "{tool} {module}: {told:#}");
            assert!(told.to_string().contains("one of "), "{told:#}");
            let found = asked(&mut wire, tool, module, json!({ field: right })).await;
            assert!(found["count"].as_u64() > Some(0), "{tool} {module}: {found:#}");
        }
    }
}

/// What is recommended is true of what was asked: no value begins with `any of`, no company is a person, no list has spam.
#[tokio::test]
async fn what_is_recommended_is_true_of_what_was_asked() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (app, module, filters, told, untold) in [
        (
            "desk",
            "Cases",
            json!({ "status": "any of Open, Closed" }),
            r#"[\"Open\",\"Closed\"]"#,
            "any of Open\\\"]",
        ),
        (
            "desk",
            "Cases",
            json!({ "contact.account.accountName": "Fjordlys Energi AS" }),
            r#"{\"account\":\"Fjordlys Energi AS\"}"#,
            "{\\\"contact\\\"",
        ),
        (
            "desk",
            "Cases",
            json!({ "isSpam": true }),
            "get_record reads one",
            "get_views",
        ),
        (
            "crm",
            "Deals",
            json!({ "Owner.email": "x@domain.example" }),
            r#"{\"Owner\":\"x@domain.example\"}"#,
            "Zoho refused",
        ),
        (
            "crm",
            "Deals",
            json!({ "Account_Name.Annual_Revenue": { "gt": 1 } }),
            "run_coql_query",
            "Zoho refused",
        ),
        (
            "crm",
            "Deals",
            json!({ "Closing_Date": "overdue" }),
            r#"{\"lt\":\"2026-11-2"#,
            "Zoho refused",
        ),
        (
            "desk",
            "Cases",
            json!({ "dueDate": "overdue" }),
            r#"{\"lt\":\"2026-11-2"#,
            "such a span",
        ),
        (
            "crm",
            "Products",
            json!({ "Product_Active": "" }),
            "all records",
            "is null",
        ),
        (
            "crm",
            "Products",
            json!({ "Product_Active": null }),
            "true or false",
            "is null",
        ),
        (
            "crm",
            "Notes",
            json!({ "Parent_Id": "x" }),
            "search_records finds",
            "is null",
        ),
        (
            "crm",
            "Tasks",
            json!({ "What_Id": "x" }),
            "search_records finds",
            "is null",
        ),
    ] {
        let call = json!({ "module": module, "app_type": app, "filters": filters });
        let refused = wire.call("count_records", call).await;
        assert_eq!(refused["code"], "invalid_arguments", "{filters}: {refused:#}");
        let text = refused.to_string();
        assert!(text.contains(told), "{filters}: {refused:#}");
        assert!(!text.contains(untold), "{filters}: {refused:#}");
    }
}

/// Rows of CRM's lists have no members of the records that they name; its queries select them.
#[tokio::test]
async fn a_member_of_another_record_is_selected_by_a_query() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let field = "Account_Name.Account_Name";
    let call = json!({ "module": "Deals", "fields": ["Deal_Name", field], "limit": 3 });
    let shown = wire.call("get_records", call).await;
    assert!(
        shown["notes"].to_string().contains("run_coql_query selects"),
        "{shown:#}"
    );
    let query = format!("select id, {field} from Deals where Account_Name is not null limit 3");
    let rows = wire.call("run_coql_query", json!({ "query": query })).await;
    assert!(rows["data"][0][field].is_string(), "{rows:#}");
}

/// Whom a condition leaves out may be written in one text, and a contact beside the first one by its name.
#[tokio::test]
async fn people_are_named_as_they_are_spoken_of() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (app, module, name) in [("desk", "Cases", "assignee"), ("crm", "Deals", "Owner")] {
        let mut count = async |value: Value| {
            let call = json!({ "module": module, "app_type": app, "filters": { name: value } });
            let answer = wire.call("count_records", call).await;
            answer["count"].as_u64().unwrap_or_else(|| panic!("{answer:#}"))
        };
        assert_eq!(count(json!("not me")).await, count(json!({ "not": "me" })).await);
        assert_eq!(count(json!({ "not": "not me" })).await, count(json!("me")).await);
    }
    let whole = json!({ "module": "Cases", "fields": ["secondaryContacts"], "limit": 99 });
    let rows = wire.call("search_records", whole).await;
    let rows = rows["data"].as_array().unwrap();
    let mut all = rows.iter().filter_map(|row| row["secondaryContacts"][0].as_str());
    let id = all.next().unwrap();
    let contact = wire
        .call("get_record", json!({ "module": "Contacts", "id": id }))
        .await;
    let contact = &contact["data"];
    let named = format!(
        "{} {}",
        contact["firstName"].as_str().unwrap(),
        contact["lastName"].as_str().unwrap()
    );
    let mut count = async |value: &str| {
        let call = json!({ "module": "Cases", "filters": { "secondaryContacts": value } });
        wire.call("count_records", call).await
    };
    let (by_name, by_id) = (count(&named).await, count(id).await);
    assert_eq!(by_name["count"], by_id["count"], "{by_name:#}");
    assert!(by_id["count"].as_u64() > Some(0), "{by_id:#}");
    let nobody = count("Nobody Atall").await;
    assert_eq!(nobody["code"], "invalid_arguments", "{nobody:#}");
}
