//! Bad input of every kind: a clear error, nothing sent elsewhere, memory bounded.

mod bytes;
mod controls;

use serde_json::{Value, json};

use crate::bed::{Bed, Wire};

async fn refused(wire: &mut Wire, bed: &Bed, tool: &str, arguments: Value) -> Value {
    bed.forget().await;
    let answer = wire.call(tool, arguments.clone()).await;
    assert_eq!(answer["code"], "invalid_arguments", "{arguments} -> {answer}");
    let mut seen = bed.seen().await;
    // An unknown name may be a label: that is looked up, nothing else is asked.
    seen.retain(|line| !line.starts_with("GET /api/v1/fields?module="));
    assert_eq!(seen, Vec::<String>::new(), "{arguments} reached Zoho");
    assert!(answer.to_string().chars().count() <= 1500, "{answer}");
    answer
}

#[tokio::test]
async fn an_unknown_tool_is_a_protocol_error_with_the_nearest_names() {
    let (bed, mut wire) = Bed::warm(&[("desk", "Cases")]).await;
    bed.forget().await;
    let answer = wire.call_text("get_recordz", r#"{"module":"Cases"}"#).await;
    assert_eq!(answer["error"]["code"], -32602);
    assert!(
        answer["error"]["message"]
            .as_str()
            .unwrap()
            .contains("get_record"),
        "{answer}"
    );
    assert_eq!(bed.seen().await, Vec::<String>::new());
}

#[tokio::test]
async fn arguments_that_cannot_mean_anything_safe_never_reach_zoho() {
    let (bed, mut wire) = Bed::warm(&[("desk", "Cases")]).await;
    for arguments in [
        json!({ "module": "Casas" , "app_type": "desk" }),
        json!({ "module": "../organizations" }),
        json!({ "module": "Cases\r\nX-Evil: 1" }),
        json!({ "module": "Cases", "limit": -1 }),
        json!({ "module": "Cases", "limit": "many" }),
        json!({ "module": ["Cases", "Contacts"], "limit": {}, "fields": 7 }),
        json!({ "module": "Cases", "filters": { "status": "Open\r\nX-Evil: 1" } }),
        json!({ "module": "Cases", "filters": { "nonsense": "x" } }),
        json!({ "module": "Cases", "cursor": "not-a-cursor" }),
        json!({ "module": "Cases", "sort_by": "colour" }),
        json!({ "module": "x".repeat(1 << 20) }),
        json!({ "module": "Cases", "fields": ["x".repeat(1 << 20)] }),
        json!({ "module": "Cases", "sort_by": "x".repeat(1 << 20) }),
        json!({}),
    ] {
        refused(&mut wire, &bed, "get_records", arguments).await;
    }
    for id in [
        "../organizations",
        "1?x=1",
        "12%2f34",
        "1/2",
        "@evil.example",
        "1\r\n2",
    ] {
        refused(
            &mut wire,
            &bed,
            "get_record",
            json!({ "module": "Cases", "id": id }),
        )
        .await;
    }
    let answer = wire
        .call_text("get_record", r#"{"module":"Cases","id":9.03e14}"#)
        .await;
    assert!(answer["result"]["isError"] == true, "{answer}");
}

/// Hostile input 27: what there is too much of is compared with nothing.
#[tokio::test]
async fn arguments_there_is_too_much_of_are_refused_before_anything_is_compared() {
    let (bed, mut wire) = Bed::warm(&[("desk", "Cases")]).await;
    let many = |count: usize| -> Vec<String> { (0..count).map(|n| format!("f{n}")).collect() };
    let keys = |count: usize| {
        many(count)
            .into_iter()
            .map(|name| (name, json!("x")))
            .collect::<Value>()
    };
    let mut unknown = keys(50_000);
    unknown["module"] = json!("Cases");
    let long = "x".repeat(1_000_000);
    for (arguments, told) in [
        (
            json!({ "module": "Cases", "filters": keys(50_000) }),
            "/filters: expected at most 200 keys",
        ),
        (
            json!({ "module": "Cases", "filters": keys(201).to_string() }),
            "/filters: expected at most 200 keys",
        ),
        (unknown, ": expected at most 200 keys"),
        (
            json!({ "module": "Cases", "filters": { (long.clone()): 1 } }),
            "/filters: expected keys that are names",
        ),
        (
            json!({ "module": "Cases", (long.clone()): 1 }),
            ": expected keys that are names",
        ),
        (
            json!({ "module": "Cases", "sort_by": long }),
            "/sort_by: expected text of at most 20000 characters",
        ),
        (
            json!({ "module": "Cases", "fields": many(501) }),
            "/fields: expected at most 500 items",
        ),
        (
            json!({ "module": "Cases", "fields": many(50_000) }),
            "/fields: expected at most 500 items",
        ),
        (
            json!({ "module": "Cases", "fields": many(501).join(",") }),
            "/fields: expected at most 500 items",
        ),
        (
            json!({ "module": "Cases", "fields": json!(many(501)).to_string() }),
            "/fields: expected at most 500 items",
        ),
        (
            json!({ "module": "Cases", "fields": json!(vec!["x"; 100_000]).to_string() }),
            "/fields: expected text of",
        ),
        (
            json!({ "module": "Cases", "filters": { "status": many(501) } }),
            "/filters/status: expected at most 500",
        ),
        (
            json!({ "module": "Cases", "fields": vec![many(500); 11] }),
            ": expected at most 5000 values in all",
        ),
        (
            json!({ "arguments": { "module": "Cases", "filters": keys(201) } }),
            "/arguments/filters: expected at most 200 keys",
        ),
        (
            json!({ "module": "x".repeat(15_000_000) }),
            ": expected arguments of at most 1024 KiB",
        ),
    ] {
        let answer = refused(&mut wire, &bed, "get_records", arguments).await;
        let problem = &answer["problems"][0];
        let text = |key: &str| problem[key].as_str().unwrap();
        let problem = format!("{}: expected {}", text("path"), text("expected"));
        assert!(problem.starts_with(told), "{told}: {problem}");
        assert_eq!(bed.seen().await, Vec::<String>::new(), "{told}");
    }
}

#[tokio::test]
async fn a_name_of_a_megabyte_is_looked_for_and_refused_in_few_words() {
    let (_bed, mut wire) = Bed::warm(&[("desk", "Cases")]).await;
    let long = "x".repeat(1 << 20);
    for arguments in [
        json!({ "module": "Cases", "view": long }),
        json!({ "module": "Cases", "filters": { "assignee": long } }),
        json!({ "module": "Cases", "filters": { "contactId": long } }),
    ] {
        let answer = wire.call("get_records", arguments).await;
        assert!(
            answer["code"].is_string() && answer.to_string().len() < 2_000,
            "{answer}"
        );
    }
}

#[tokio::test]
async fn an_unknown_module_is_refused_with_the_nearest_names() {
    let (bed, mut wire) = Bed::warm(&[("desk", "Cases")]).await;
    let answer = refused(&mut wire, &bed, "get_records", json!({ "module": "Tikets" })).await;
    assert!(
        answer.to_string().contains("Cases") || answer.to_string().contains("Tickets"),
        "{answer}"
    );
    // CRM may have a module of that name: its own list comes first, no record is asked for.
    let answer = wire
        .call("get_records", json!({ "module": "Agents", "app_type": "crm" }))
        .await;
    assert_eq!(answer["code"], "invalid_arguments", "{answer}");
    let seen = bed.seen().await;
    assert!(
        !seen.iter().any(|line| line.contains("/crm/v8/Agents")),
        "{seen:?}"
    );
    assert!(answer.to_string().contains(r#"app_type:\"desk\""#), "{answer}");
}

#[tokio::test]
async fn what_zoho_never_should_send_is_told_and_the_next_call_works() {
    let (bed, mut wire) = Bed::warm(&[("desk", "Cases")]).await;
    for kind in [
        "html200",
        "redirect",
        "truncated",
        "deep",
        "gzipbomb",
        "huge",
        "midreset",
        "reset",
        "empty",
    ] {
        bed.forget().await;
        bed.admin(json!({ "faults": [{ "kind": kind, "path": "/api/v1/tickets", "mb": 300 }] }))
            .await;
        let answer = wire
            .call("get_records", json!({ "module": "Cases", "limit": 2 }))
            .await;
        assert!(answer["error"].is_string() || kind == "empty", "{kind}: {answer}");
        let text = answer.to_string();
        assert!(
            !text.contains("127.0.0.1") && !text.contains("1000."),
            "{kind}: {text}"
        );
        bed.admin(json!({ "faults": [] })).await;
        assert_eq!(
            wire.call("get_records", json!({ "module": "Cases", "limit": 2 }))
                .await["count"],
            2,
            "{kind}"
        );
    }
}

#[tokio::test]
async fn records_around_broken_text_are_kept() {
    let (bed, mut wire) = Bed::warm(&[("desk", "Cases")]).await;
    for kind in ["badutf8", "loneSurrogate"] {
        bed.admin(json!({ "faults": [{ "kind": kind, "path": "/api/v1/tickets" }] }))
            .await;
        let answer = wire
            .call("get_records", json!({ "module": "Cases", "limit": 5 }))
            .await;
        assert!(
            answer["count"].as_u64().is_some_and(|count| count > 0),
            "{kind}: {answer}"
        );
    }
}

#[tokio::test]
async fn lines_that_are_no_messages_are_answered_and_survived() {
    let (_bed, mut wire) = Bed::warm(&[("desk", "Cases")]).await;
    wire.send("{not json").await;
    assert_eq!(wire.receive().await["error"]["code"], -32700);
    // To what has neither a method nor an id nothing is expected.
    wire.send(r#"{"jsonrpc":"2.0"}"#).await;
    let answer = wire.request("tools/list", "{}").await;
    assert!(
        answer["result"]["tools"]
            .as_array()
            .is_some_and(|tools| tools.len() >= 5)
    );
}

#[tokio::test]
async fn written_arguments_of_any_shape_reach_the_repair_loop() {
    let (_bed, mut wire) = Bed::warm(&[("desk", "Cases")]).await;
    for arguments in [
        r#""{\"module\":\"Cases\",\"limit\":2}""#,
        r#"[{"module":"Cases","limit":2}]"#,
        r#"{"arguments":{"module":"Cases","limit":2}}"#,
        r#"{"module":"Cases","module":"Cases","limit":"2"}"#,
    ] {
        let answer = wire.call_text("get_records", arguments).await;
        let body = crate::bed::model_reads(&answer);
        assert_eq!(body["count"], 2, "{arguments}: {body}");
        assert!(
            body["repairs"]
                .as_array()
                .is_some_and(|repairs| !repairs.is_empty()),
            "{arguments}: {body}"
        );
    }
    let answer = wire.call_text("get_connection_status", "").await;
    assert_eq!(crate::bed::model_reads(&answer)["count"], 1);
}

/// Hostile input 20: what the HTTP client cannot send is refused before, with what is too long in it; a count that is no
/// number is a fault of Zoho's answer, told in its own words.
#[tokio::test]
async fn failures_say_what_failed() {
    let (bed, mut wire) = Bed::warm(&[("desk", "Cases")]).await;
    let arguments = json!({ "module": "Cases", "query": "ü".repeat(19_000) });
    let answer = refused(&mut wire, &bed, "search_records", arguments).await;
    assert!(answer["error"].as_str().unwrap().contains("`_all`"), "{answer}");
    for (body, code, told) in [
        (json!({ "count": "many" }), "unavailable", r#"{"count":"many"}"#),
        (
            json!({ "code": "LIMIT", "message": "no more", "status": "error" }),
            "rejected",
            "no more",
        ),
    ] {
        let path = "/crm/v8/Leads/actions/count";
        bed.admin(json!({ "faults": [{ "kind": "answer", "path": path, "status": 200, "body": body }] }))
            .await;
        let answer = wire.call("count_records", json!({ "module": "Leads" })).await;
        assert_eq!(answer["code"], code, "{answer}");
        assert!(answer["error"].as_str().unwrap().contains(told), "{answer}");
    }
}

/// Two neighbours that changed places are the commonest slip of a hand.
#[tokio::test]
async fn two_letters_that_changed_places_are_near() {
    let (bed, mut wire) = Bed::warm(&[("desk", "Cases"), ("crm", "Deals")]).await;
    let list = |module: &str, more: Value| {
        let mut arguments = json!({ "module": module, "limit": 1 });
        arguments
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        ("get_records", arguments)
    };
    for ((tool, arguments), meant) in [
        (list("Csaes", json!({})), "Cases"),
        (list("Delas", json!({})), "Deals"),
        (list("Takss", json!({ "app_type": "crm" })), "Tasks"),
        (list("Csaes", json!({ "app_type": "desk" })), "Cases"),
        (list("Cases", json!({ "fields": ["id", "phoen"] })), "phone"),
        (list("Deals", json!({ "fields": ["Satge"] })), "Stage"),
        (
            list("Deals", json!({ "filters": { "Satge": "Closed Won" } })),
            "Stage",
        ),
        (("get_fields", json!({ "module": "Csaes" })), "Cases"),
        (
            ("get_fields", json!({ "module": "Cases", "fields": ["phoen"] })),
            "phone",
        ),
        (("get_views", json!({ "module": "Csaes" })), "Cases"),
        (
            (
                "run_coql_query",
                json!({ "query": "select Satge from Deals where id is not null limit 1" }),
            ),
            "Stage",
        ),
    ] {
        let answer = wire.call(tool, arguments.clone()).await;
        let said = answer.to_string().replace(&arguments.to_string(), "");
        let is_told = said.contains(&format!("`{meant}`")) || said.contains(&format!("nearest: {meant}"));
        let is_repaired = answer["repairs"].to_string().contains(meant);
        assert!(is_told || is_repaired, "{arguments}: {answer}");
    }
    let answer = wire.call_text("get_veiws", r#"{"module":"Cases"}"#).await;
    assert!(answer.to_string().contains("get_views"), "{answer}");
    for (option, slip, meant) in [
        ("--toolsets", "csaes", "cases"),
        ("--tools", "get_veiws", "get_views"),
    ] {
        let ran = bed.run(&[option, slip, "tools"]);
        assert!(
            ran.failed().contains(&format!("did you mean `{meant}`?")),
            "{ran:?}"
        );
    }
}
