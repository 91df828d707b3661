//! An answer stays within its budget whatever Zoho sends: what is cut is told, with a way to the rest (hostile input 7).

use serde_json::{Value, json};
use zoho_mcp::connections::{DeskOrganization, OrgSource};
use zoho_mcp::tools::output::fence::bare;
use zoho_mcp::tools::output::list::BUDGET;

use crate::connections_rooms::fake::{self, House};

/// Characters of one answer: the budget, and room for what stands around the data.
const MOST: usize = 26_000;

fn answered(body: &Value) -> fake::Scripted {
    fake::json(200, &body.to_string())
}

/// What the model reads when Zoho answers so at a path; never longer than an answer may be.
async fn read(path: &str, body: Value, tool: &str, arguments: Value) -> Value {
    let (house, mut wire) = House::served().await;
    house.fake.script(path, [answered(&body)]);
    let answer = wire.call(tool, arguments).await;
    let length = answer.to_string().chars().count();
    assert!(length <= MOST, "{tool}: {length} characters");
    assert!(answer["error"].is_null(), "{answer}");
    answer
}

fn notes(answer: &Value) -> String {
    answer["notes"].to_string()
}

/// A text of so many bytes.
fn words(bytes: usize) -> String {
    "word ".repeat(bytes / 5)
}

#[tokio::test]
async fn the_first_record_of_a_list_is_cut_where_it_alone_is_too_long() {
    let rows =
        json!({ "data": [{ "id": "1", "ticketNumber": "7", "subject": words(5_000_000) }, { "id": "2" }] });
    let answer = read(
        "/api/v1/tickets",
        rows,
        "get_records",
        json!({ "module": "Cases" }),
    )
    .await;
    assert_eq!(answer["data"][0]["ticketNumber"], "7", "{answer}");
    let told = notes(&answer);
    assert!(told.contains("subject") && told.contains("get_record"), "{told}");
    assert!(
        answer["data"][0]["subject"].as_str().unwrap().chars().count() > 15_000,
        "{answer}"
    );
    assert_eq!(answer["has_more"], true, "{answer}");
}

#[tokio::test]
async fn texts_inside_a_row_are_cut_where_they_stand() {
    let event = json!({ "eventName": "CaseUpdated", "eventTime": "2026-06-11T16:12:11.000Z",
        "eventInfo": [{ "propertyName": "x", "propertyValue": words(2_500_000) }] });
    let (module, related) = ("Cases", "history");
    let answer = read(
        "/api/v1/tickets/1892000000042034/History",
        json!({ "data": [event] }),
        "get_related_records",
        json!({ "module": module, "id": "1892000000042034", "related": related }),
    )
    .await;
    assert_eq!(answer["data"][0]["eventName"], "CaseUpdated", "{answer}");
    assert!(notes(&answer).contains("eventInfo"), "{answer}");
}

#[tokio::test]
async fn a_cell_of_a_query_is_cut() {
    let rows = json!({ "data": [{ "id": "3652397000000649013", "Last_Name": words(2_000_000), "City": "Oslo" }],
        "info": { "more_records": false } });
    for format in ["objects", "table"] {
        let query =
            json!({ "query": "select Last_Name, City from Leads where id is not null", "format": format });
        let answer = read("/crm/v8/coql", rows.clone(), "run_coql_query", query).await;
        assert!(answer.to_string().contains("Oslo"), "{answer}");
        assert!(notes(&answer).contains("Last_Name"), "{answer}");
    }
}

#[tokio::test]
async fn one_text_of_a_record_that_is_asked_for_alone_fills_the_answer() {
    let record = json!({ "data": [{ "id": "3652397000000649013", "Description": words(32_000) }] });
    let answer = read(
        "/crm/v8/Leads/3652397000000649013",
        record,
        "get_record",
        json!({ "module": "Leads", "id": "3652397000000649013", "fields": ["Description"] }),
    )
    .await;
    assert!(
        answer["data"]["Description"].as_str().unwrap().chars().count() > 14_000,
        "{answer}"
    );
    assert!(answer["next_cursor"].is_string(), "{answer}");
}

fn field(name: &str, values: usize) -> Value {
    let value = |n| json!({ "display_value": format!("{name} {n}"), "actual_value": format!("{name} {n}") });
    let values: Vec<Value> = (0..values).map(value).collect();
    json!({ "api_name": name, "field_label": name, "data_type": "picklist", "pick_list_values": values })
}

#[tokio::test]
async fn picklists_and_lists_of_fields_are_cut_and_counted() {
    let fields = json!({ "fields": [field("Industry", 20_000), field("Source", 20_000), field("City", 3)] });
    let asked = json!({ "module": "Leads" });
    let answer = read("/crm/v8/settings/fields", fields.clone(), "get_fields", asked).await;
    assert_eq!(answer["data"][0]["values_total"], 20_000, "{answer}");
    assert_eq!(
        answer["data"][2]["values"].as_array().unwrap().len(),
        3,
        "{answer}"
    );
    assert!(notes(&answer).contains("Industry, Source"), "{answer}");
    let of_all = answer["data"][0]["values"].as_array().unwrap().len();
    let one = json!({ "module": "Leads", "fields": ["Industry"] });
    let answer = read("/crm/v8/settings/fields", fields, "get_fields", one).await;
    assert!(
        answer["data"][0]["values"].as_array().unwrap().len() > of_all,
        "{answer}"
    );

    let many: Vec<Value> = (0..500).map(|n| field(&format!("Field_{n}"), 2)).collect();
    let asked = json!({ "module": "Leads" });
    let answer = read(
        "/crm/v8/settings/fields",
        json!({ "fields": many }),
        "get_fields",
        asked,
    )
    .await;
    let shown = answer["data"].as_array().unwrap().len();
    assert_eq!(answer["count"], shown, "{answer}");
    let told = notes(&answer);
    assert!(
        told.contains(&format!("{shown} of 500")) && told.contains("Field_499"),
        "{told}"
    );
}

#[tokio::test]
async fn modules_that_do_not_fit_are_counted_and_named() {
    let module = |n: usize| {
        json!({ "api_name": format!("Module_{n:05}"), "plural_label": format!("Module {n}"), "api_supported": true,
            "generated_type": "custom", "id": n.to_string() })
    };
    let modules: Vec<Value> = (0..20_000).map(module).collect();
    let asked = json!({ "app_type": "crm" });
    let answer = read(
        "/crm/v8/settings/modules",
        json!({ "modules": modules }),
        "get_modules",
        asked,
    )
    .await;
    let shown = answer["data"].as_array().unwrap().len();
    assert!(shown > 100, "{answer}");
    let told = notes(&answer);
    assert!(
        told.contains(&format!("{shown} of 20000")) && told.contains(&format!("Module_{shown:05}")),
        "{told}"
    );
}

#[tokio::test]
async fn organizations_that_do_not_fit_are_counted_the_one_in_use_is_shown() {
    let organization = |n: i64| json!({ "id": (1_000_000_000 - n).to_string(), "companyName": words(1000) });
    let mut rows: Vec<Value> = (0..2_000).map(organization).collect();
    rows.push(json!({ "id": "7048213351", "companyName": "Ours" }));
    let house = House::new().await;
    let mut consent = house.consent("ada", "default", 3600);
    consent.desk_org = Some(DeskOrganization {
        id: "7048213351".to_owned(),
        name: None,
        portal: None,
        source: OrgSource::User,
    });
    house.connections.save(&consent).await.unwrap();
    let mut wire = house.serve(house.settings()).await;
    house.fake.organizations(&json!({ "data": rows }).to_string());
    let answer = wire.call("get_all_organizations", json!({})).await;
    let length = answer.to_string().chars().count();
    assert!(length <= MOST, "{length}: {}", notes(&answer));
    assert_eq!(answer["data"][0]["id"], "7048213351", "{answer}");
    assert_eq!(answer["total"], 2_001, "{answer}");
    assert!(notes(&answer).contains("of 2001 organizations"), "{answer}");
}

/// What no kind of answer has a budget for: the widest net.
#[tokio::test]
async fn customers_with_endless_names_are_shown_cut() {
    let row =
        json!({ "id": "1", "firstName": "Ada", "lastName": words(3_000_000), "email": "ada@example.com" });
    let (house, mut wire) = House::served().await;
    house.fake.script(
        "/api/v1/contacts/search",
        [answered(&json!({ "data": [row], "count": 1 }))],
    );
    let answer = wire
        .call("find_customer", json!({ "email": "ada@example.com" }))
        .await;
    let length = answer["data"].to_string().chars().count();
    assert!((500..=2 * BUDGET).contains(&length), "{length}");
    assert!(notes(&answer).contains("Cut"), "{}", notes(&answer));
}

/// Of a record with very many members what fits is shown and the rest is counted, in a time that grows with its length alone:
/// the limit is far from what it takes, and farther still from what the square of it took.
#[tokio::test]
async fn very_many_members_are_counted_in_no_time() {
    let mut row = json!({ "id": "3652397000000649013", "Last_Name": "Ann" });
    for number in 0..20_000 {
        row[format!("Member_{number}")] = json!(number);
    }
    let whole = json!({ "data": [row, row] });
    let leads = "/crm/v8/Leads/3652397000000649013";
    let query = json!({ "query": "select Last_Name from Leads where id is not null" });
    let one = json!({ "module": "Leads", "id": "3652397000000649013" });
    for (path, tool, arguments, place) in [
        (leads, "get_record", one, "/data"),
        ("/crm/v8/coql", "run_coql_query", query, "/data/0"),
    ] {
        let answer = read(path, whole.clone(), tool, arguments);
        let answer = tokio::time::timeout(std::time::Duration::from_secs(60), answer);
        let answer = answer.await.expect(tool);
        let shown = answer.pointer(place).unwrap();
        assert_eq!(shown["id"], "3652397000000649013", "{tool}");
        assert_eq!(shown["Last_Name"], "Ann", "{tool}");
        // Every member is there, named or counted.
        let notes = notes(&answer);
        let (_, told) = notes.split_once("Left out to fit: ").expect(&notes);
        let (told, _) = told.split_once(" more. ").expect(&notes);
        let (named, more) = told.rsplit_once(" and ").unwrap();
        let more: usize = more.parse().unwrap();
        let link = usize::from(shown["link"].is_string());
        let seen = shown.as_object().unwrap().len() - link + named.split(", ").count() + more;
        assert_eq!(seen, 20_002, "{tool}: {told}");
    }
}

#[tokio::test]
async fn one_member_with_a_name_of_a_megabyte_costs_no_other() {
    let long = "x".repeat(1_000_000);
    let within = json!({ long.as_str(): 2, "Kept": 3 });
    let record = json!({ "data": [{ "id": "3652397000000649013", "Description": words(1_000), long: 1, "Within": within }] });
    let one = json!({ "module": "Leads", "id": "3652397000000649013" });
    let answer = read("/crm/v8/Leads/3652397000000649013", record, "get_record", one).await;
    assert_eq!(answer["data"]["id"], "3652397000000649013", "{answer}");
    let description = answer["data"]["Description"].as_str().unwrap();
    assert_eq!(bare(description), words(1_000), "{answer}");
    let cut = format!("{}…", "x".repeat(200));
    assert_eq!(answer["data"][&cut], 1, "{answer}");
    assert_eq!(answer["data"]["Within"], json!({ cut: 2, "Kept": 3 }), "{answer}");
}

/// A table has the names of its columns once: what fits is measured so.
#[tokio::test]
async fn as_many_rows_of_a_table_come_as_fit() {
    let rows = (0..100).map(|number| {
        json!({
            "id": format!("189200000004{number:04}"), "ticketNumber": format!("{number}"), "subject": "Delivery is late again",
            "status": "Open", "priority": "High", "channel": "Email", "channelCode": "EMAIL",
            "createdTime": "2026-05-01T00:00:00.000Z", "dueDate": "2026-05-03T00:00:00.000Z",
            "contact": { "id": "1892000000042001", "firstName": "Ada", "lastName": "Lovelace", "email": "ada@cut.example" },
        })
    });
    let fields = json!([
        "ticketNumber",
        "subject",
        "status",
        "priority",
        "channel",
        "channelCode",
        "createdTime",
        "dueDate",
        "contact",
    ]);
    let answer = read(
        "/api/v1/tickets",
        json!({ "data": rows.collect::<Vec<Value>>() }),
        "get_records",
        json!({ "module": "Cases", "limit": 100, "format": "table", "fields": fields }),
    )
    .await;
    assert!(answer["count"].as_u64().unwrap() >= 99, "{}", answer["count"]);
    assert!(!notes(&answer).contains("fill one answer"), "{answer}");
}
