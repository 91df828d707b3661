//! Resources: addresses that stand for a call of a tool, and give what it gives. With clients of both generations.

use serde_json::{Value, json};
use zoho_mcp::cli::assemble;
use zoho_mcp::server::Server;

use crate::bed::{Bed, USER, Wire};
use crate::prompts::modern;

async fn read(wire: &mut Wire, uri: &str) -> Value {
    let params = json!({ "uri": uri });
    wire.request("resources/read", &params.to_string()).await
}

/// The one text of an address.
fn text(answer: &Value) -> Value {
    let contents = answer["result"]["contents"].as_array().expect("contents");
    assert_eq!(contents.len(), 1, "{answer}");
    assert_eq!(contents[0]["mimeType"], "application/json", "{answer}");
    serde_json::from_str(contents[0]["text"].as_str().unwrap()).unwrap()
}

/// The newest case, and the same by its id.
async fn newest(wire: &mut Wire) -> (String, String) {
    let cases = json!({ "module": "Cases", "fields": ["ticketNumber"], "limit": 1 });
    let listed = wire.call("get_records", cases).await;
    let text = |key: &str| listed["data"][0][key].as_str().unwrap().to_owned();
    (text("ticketNumber"), text("id"))
}

#[tokio::test]
async fn both_generations_are_told_of_the_addresses() {
    let bed = Bed::empty(Default::default()).await;
    let mut wire = Wire::to(Server::new(bed.tools(USER).await));
    let discovered = wire.request("server/discover", &modern(json!({}))).await;
    let capabilities = &discovered["result"]["capabilities"];
    // What is not there is not declared: no subscriptions, and no lists that change.
    assert_eq!(capabilities["resources"], json!({}), "{discovered}");
    assert_eq!(capabilities["completions"], json!({}), "{discovered}");
    let listed = wire.request("resources/templates/list", &modern(json!({}))).await;
    assert_eq!(listed["result"]["cacheScope"], "private", "{listed}");
    let empty = wire.request("resources/list", &modern(json!({}))).await;
    assert_eq!(empty["result"]["resources"], json!([]), "{empty}");
    let mut older = bed.client().await;
    let again = older.request("resources/templates/list", "{}").await;
    assert_eq!(
        again["result"]["resourceTemplates"],
        listed["result"]["resourceTemplates"]
    );
    let forms: Vec<&str> = again["result"]["resourceTemplates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|template| template["uriTemplate"].as_str().unwrap())
        .collect();
    assert_eq!(
        forms,
        [
            "zoho://case/{number}",
            "zoho://modules/{module}/fields",
            "zoho://{app}/{module}/{id}"
        ]
    );
    let empty = older.request("resources/list", "{}").await;
    assert_eq!(empty["result"]["resources"], json!([]), "{empty}");
    assert_eq!(bed.seen().await, Vec::<String>::new());
    assert!(!bed.database().exists());
}

#[tokio::test]
async fn an_address_gives_what_its_tool_gives() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let (number, id) = newest(&mut wire).await;
    let lead = wire
        .call(
            "get_records",
            json!({ "module": "Leads", "app_type": "crm", "limit": 1 }),
        )
        .await;
    let lead = lead["data"][0]["id"].as_str().unwrap().to_owned();
    for (uri, tool, arguments) in [
        (
            format!("zoho://case/{number}"),
            "get_ticket_context",
            json!({ "ticket_number": number }),
        ),
        (
            format!("zoho://case/%23{number}"),
            "get_ticket_context",
            json!({ "ticket_number": format!("#{number}") }),
        ),
        (
            format!("zoho://desk/Cases/{id}"),
            "get_record",
            json!({ "app_type": "desk", "module": "Cases", "id": id }),
        ),
        (
            format!("zoho://crm/Leads/{lead}"),
            "get_record",
            json!({ "app_type": "crm", "module": "Leads", "id": lead }),
        ),
        (
            "zoho://modules/Cases/fields".to_owned(),
            "get_fields",
            json!({ "module": "Cases" }),
        ),
        (
            "zoho://modules/Deals/fields".to_owned(),
            "get_fields",
            json!({ "module": "Deals" }),
        ),
    ] {
        let called = wire.call(tool, arguments).await;
        assert!(called.get("error").is_none(), "{uri}: {called}");
        let given = read(&mut wire, &uri).await;
        assert_eq!(given["result"]["contents"][0]["uri"], uri, "{given}");
        assert_eq!(text(&given), called, "{uri}");
    }
}

/// What customers wrote stands in its fence, within the budget of an answer, and the client is told not to share it.
#[tokio::test]
async fn what_is_read_keeps_the_rules_of_answers() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let (number, _) = newest(&mut wire).await;
    let params = modern(json!({ "uri": format!("zoho://case/{number}") }));
    let given = wire.request("resources/read", &params).await;
    assert_eq!(given["result"]["resultType"], "complete", "{given}");
    assert_eq!(given["result"]["cacheScope"], "private", "{given}");
    assert_eq!(given["result"]["ttlMs"], 0, "{given}");
    let read_out = given["result"]["contents"][0]["text"].as_str().unwrap();
    assert!(read_out.chars().count() <= 24_000);
    assert!(read_out.contains('\u{3014}'), "{read_out}");
    assert!(text(&given)["untrusted"].is_array(), "{given}");
    let fields = modern(json!({ "uri": "zoho://modules/Cases/fields" }));
    let fields = wire.request("resources/read", &fields).await;
    assert_eq!(fields["result"]["ttlMs"], 600_000, "{fields}");
}

#[tokio::test]
async fn what_is_nowhere_is_told_under_the_code_of_the_generation() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for uri in [
        "zoho://case/99999999",
        "zoho://desk/Cases/489731000099999999",
        "zoho://desk/Nonsense/489731000099999999",
        "zoho://modules/Nonsense/fields",
    ] {
        let given = read(&mut wire, uri).await;
        assert_eq!(given["error"]["code"], -32002, "{uri}: {given}");
        assert_eq!(given["error"]["data"]["uri"], uri, "{given}");
        let params = modern(json!({ "uri": uri }));
        let given = wire.request("resources/read", &params).await;
        assert_eq!(given["error"]["code"], -32602, "{uri}: {given}");
    }
}

/// Nothing of these reaches Zoho.
#[tokio::test]
async fn an_address_of_no_form_is_refused_before_anything_is_asked() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    bed.forget().await;
    let long = format!("zoho://case/{}", "1".repeat(1_000));
    for uri in [
        "",
        "zoho://",
        "zoho://case",
        "zoho://case/",
        "zoho://case/%20",
        "zoho://case/1/2/3",
        "zoho://case/1?x=2",
        "zoho://case/1#x",
        "zoho://case/%ff",
        "zoho://books/Cases/1",
        "zoho://desk/Cases/",
        "zoho://desk//1",
        "zoho:///Cases/1",
        "ZOHO://case/1",
        "https://desk.zoho.com/agent/x/1",
        "file:///etc/passwd",
        "zoho://modules/Cases/rows",
        long.as_str(),
    ] {
        let given = read(&mut wire, uri).await;
        assert_eq!(given["error"]["code"], -32002, "{uri}: {given}");
        let told = given["error"]["message"].as_str().unwrap();
        assert!(told.contains("zoho://case/{number}"), "{uri}: {told}");
        assert!(told.chars().count() < 400, "{told}");
    }
    let odd = read(&mut wire, "zoho://x\u{202e}\n\u{1b}[2Jy").await;
    let told = odd["error"]["message"].as_str().unwrap();
    assert!(
        !told.contains(|c: char| c.is_control() || c == '\u{202e}'),
        "{told:?}"
    );
    for params in ["{}", r#"{"uri":5}"#, r#"{"uri":["zoho://case/1"]}"#] {
        let given = wire.request("resources/read", params).await;
        assert_eq!(given["error"]["code"], -32602, "{params}: {given}");
    }
    assert_eq!(bed.seen().await, Vec::<String>::new());
}

/// What stands in a segment stays the value of one argument: no path of Zoho's grows out of it.
#[tokio::test]
async fn a_segment_is_one_value_whatever_is_in_it() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    newest(&mut wire).await;
    bed.forget().await;
    for uri in [
        "zoho://desk/Cases/..%2F..%2Fagents",
        "zoho://desk/..%2Fagents/1",
        "zoho://desk/Cases/1%3Finclude=x",
        "zoho://desk/Cases/1%0d%0aX-Evil:%201",
        "zoho://crm/Leads/1%2Factions%2Fconvert",
        "zoho://case/%22%7D%2C%22connection%22%3A%22other",
        "zoho://modules/Cases%2F..%2F..%2Fusers/fields",
    ] {
        let given = read(&mut wire, uri).await;
        assert_eq!(given["error"]["code"], -32002, "{uri}: {given}");
    }
    for line in bed.seen().await {
        assert!(
            line.starts_with("GET ") && !line.contains("agents/1") && !line.contains("convert"),
            "{line}"
        );
        assert!(!line.contains("..") && !line.contains("Evil"), "{line}");
    }
}

#[tokio::test]
async fn without_a_connection_it_says_what_to_do_and_asks_nobody() {
    let bed = Bed::empty(Default::default()).await;
    let server = Server::new(bed.tools(USER).await).offering_consent(0);
    let mut wire = Wire::to(server);
    wire.shake_hands(json!({ "elicitation": { "url": {}, "form": {} } }))
        .await;
    let given = read(&mut wire, "zoho://case/1").await;
    assert_eq!(given["error"]["code"], -32603, "{given}");
    assert_eq!(given["error"]["data"]["code"], "no_connection", "{given}");
    let told = given["error"]["message"].as_str().unwrap();
    assert!(told.starts_with("No Zoho connection found"), "{told}");
    let asked = |told: &&Value| told["method"] == "elicitation/create";
    assert_eq!(wire.notifications.iter().find(asked), None);
}

#[tokio::test]
async fn an_address_whose_tool_is_not_offered_is_not_there() {
    let bed = Bed::connected().await;
    let mut config = bed.config(USER);
    config.said.toolsets = Some(vec!["account".to_owned(), "cases".to_owned()]);
    let tools = assemble::calling(&config, &bed.clock).unwrap().tools;
    let mut wire = Wire::start_as(USER, Server::new(tools)).await;
    let listed = wire.request("resources/templates/list", "{}").await;
    let templates = listed["result"]["resourceTemplates"].as_array().unwrap();
    assert_eq!(templates.len(), 1, "{listed}");
    let given = read(&mut wire, "zoho://modules/Cases/fields").await;
    assert_eq!(given["error"]["code"], -32002, "{given}");
}
