//! What clients do on the wire that the protocol did not mean, and what they must get all the same (client failures W8 to W11,
//! W19, W24; hostile input 6 and 28).

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, duplex, split};
use tokio_util::sync::CancellationToken;
use zoho_mcp::server::{Server, stdio};

use crate::bed::{Bed, USER, Wire, principal};

async fn untouched(bed: &Bed) -> Wire {
    Wire::to(Server::new(bed.tools(USER).await))
}

fn initialize(params: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":"i","method":"initialize","params":{params}}}"#)
}

/// gopher-mcp#183, php-mcp/schema#2, logiscape/mcp-sdk-php#1, Graylog2#25956, java-sdk#30.
#[tokio::test]
async fn an_initialize_that_is_a_little_off_is_answered() {
    let bed = Bed::empty(Default::default()).await;
    let sound = r#""protocolVersion":"2025-06-18","clientInfo":{"name":"c","version":"1"}"#;
    for params in [
        format!(r#"{{{sound},"capabilities":[]}}"#),
        format!("{{{sound}}}"),
        format!(r#"{{{sound},"capabilities":null}}"#),
        format!(r#"{{{sound},"capabilities":{{"experimental":[]}}}}"#),
        format!(r#"{{{sound},"capabilities":{{"experimental":{{"x":true}}}}}}"#),
        format!(r#"{{{sound},"capabilities":{{"extensions":{{"x":true}}}}}}"#),
        format!(r#"{{{sound},"capabilities":{{"roots":true,"sampling":[],"elicitation":true}}}}"#),
        format!(r#"{{{sound},"capabilities":{{"elicitation":{{"url":true}}}}}}"#),
        format!(r#"{{{sound},"capabilities":{{"elicitation":{{"form":[]}}}}}}"#),
        format!(r#"{{{sound},"capabilities":{{"elicitation":{{"form":{{"schemaValidation":"yes"}}}}}}}}"#),
        format!(r#"{{{sound},"capabilities":{{"roots":{{"listChanged":"yes"}}}}}}"#),
        format!(r#"{{{sound},"capabilities":{{"sampling":{{"tools":true,"context":1}}}}}}"#),
        format!(r#"{{{sound},"capabilities":{{}},"_meta":"x"}}"#),
        format!(r#"{{{sound},"capabilities":{{}},"_meta":[]}}"#),
        r#"{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"c"}}"#.to_owned(),
        r#"{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"c","version":1}}"#.to_owned(),
        r#"{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"c","version":"1","icons":[{"src":"x","sizes":"any"}]}}"#.to_owned(),
        r#"{"protocolVersion":"2025-06-18","capabilities":{}}"#.to_owned(),
        r#"{"protocolVersion":1,"capabilities":{},"clientInfo":{"name":"c","version":"1"}}"#.to_owned(),
        r#"{"capabilities":{},"clientInfo":{"name":"c","version":"1"}}"#.to_owned(),
        "{}".to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
    ] {
        let mut wire = untouched(&bed).await;
        wire.send(&initialize(&params)).await;
        let answer = wire.receive().await;
        assert_eq!(answer["id"], "i", "{params}: {answer}");
        assert_eq!(answer["result"]["serverInfo"]["name"], "zoho-mcp", "{params}: {answer}");
        wire.send(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#).await;
        let listed = wire.request("tools/list", "{}").await;
        assert!(listed["result"]["tools"].is_array(), "{params}: {listed}");
    }
}

/// Some clients show a model the first 512 characters alone.
#[tokio::test]
async fn the_first_characters_of_the_instructions_stand_alone() {
    let bed = Bed::empty(Default::default()).await;
    let mut wire = untouched(&bed).await;
    wire.send(&initialize("{}")).await;
    let told = wire.receive().await["result"]["instructions"]
        .as_str()
        .unwrap()
        .to_owned();
    let first: String = told.chars().take(512).collect();
    let (whole, _) = first.rsplit_once(". ").unwrap();
    for needed in [
        "= tickets",
        "strings",
        "next_cursor",
        "untrusted",
        "none changes anything",
    ] {
        assert!(whole.contains(needed), "{needed} is not in {whole:?}");
    }
}

/// kotlin-sdk#956, typescript-sdk#2775.
#[tokio::test]
async fn a_mark_of_the_byte_order_is_no_part_of_a_line() {
    let bed = Bed::empty(Default::default()).await;
    let mut wire = untouched(&bed).await;
    let sound =
        r#"{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"c","version":"1"}}"#;
    wire.send(&format!("\u{feff}{}", initialize(sound))).await;
    assert_eq!(wire.receive().await["id"], "i");
    wire.send("\u{feff}{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}")
        .await;
    assert_eq!(wire.receive().await["id"], 2);
}

/// helidon-mcp#65, mcp-go#201, rust-sdk#938.
#[tokio::test]
async fn what_does_not_parse_is_answered_under_its_id_or_not_at_all() {
    let bed = Bed::empty(Default::default()).await;
    let mut wire = bed.client().await;
    for (line, id, code) in [
        (
            r#"{"jsonrpc":"2.0","id":7,"method":"tools/list","params":[1]}"#,
            json!(7),
            -32600,
        ),
        (
            r#"{"jsonrpc":"2.0","id":8,"method":"tools/call","params":"x"}"#,
            json!(8),
            -32600,
        ),
        (r#"{"id":9,"method":"tools/list"}"#, json!(9), -32600),
        (
            r#"{"jsonrpc":"1.0","id":10,"method":"tools/list"}"#,
            json!(10),
            -32600,
        ),
        (
            r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#,
            json!(1.5),
            -32600,
        ),
        (r#"{"jsonrpc":"2.0","id":11}"#, json!(11), -32600),
        (
            r#"{"jsonrpc":"2.0","id":12,"method":"tools/call","params":{}}"#,
            json!(12),
            -32602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":13,"method":"foo/bar"}"#,
            json!(13),
            -32601,
        ),
        ("{\"jsonrpc\":", Value::Null, -32700),
        (
            r#"{"jsonrpc":"2.0","id":"n","method":"tools/call","params":{"id":3,"name":"get_records","arguments":{"limit":NaN}}}"#,
            json!("n"),
            -32700,
        ),
        (
            r#"{"method":"tools/call","params":{"name":"x","arguments":{"id":"\"}","from":-Infinity}},"jsonrpc":"2.0","id":16}"#,
            json!(16),
            -32700,
        ),
        (
            r#"{"jsonrpc":"2.0","id": 17 ,"method":"tools/list",}"#,
            json!(17),
            -32700,
        ),
        (r#"{"method":"id","params":{"id":1},,}"#, Value::Null, -32700),
    ] {
        // Nothing is expected to a message without an id.
        wire.send(r#"{"jsonrpc":"1.0","method":"what/ever"}"#).await;
        wire.send(r#"{"hello":"world"}"#).await;
        wire.send(line).await;
        let answer = wire.receive().await;
        assert_eq!(
            (&answer["id"], &answer["error"]["code"]),
            (&id, &json!(code)),
            "{line}: {answer}"
        );
        assert!(answer["error"]["message"].as_str().unwrap().len() > 6, "{answer}");
    }
    wire.send(r#"{"jsonrpc":"2.0","id":14,"method":"foo/bar"}"#).await;
    let told = wire.receive().await["error"]["message"].to_string();
    assert!(told.contains("foo/bar") && told.contains("tools/call"), "{told}");
}

/// A call that reaches Zoho is told about before its answer.
#[tokio::test]
async fn a_call_that_lasts_is_told_about_once() {
    let bed = Bed::connected().await;
    bed.admin(json!({ "latency_ms": 150 })).await;
    let mut wire = bed.client().await;
    wire.call("get_records", json!({ "module": "Cases", "limit": 1 }))
        .await;
    let told: Vec<&Value> = wire
        .notifications
        .iter()
        .map(|one| &one["params"]["message"])
        .collect();
    assert_eq!(told, ["Calling Zoho tool: get_records..."]);
}

#[tokio::test]
async fn an_id_in_flight_is_no_other_call_s() {
    let bed = Bed::connected().await;
    bed.admin(json!({ "latency_ms": 150 })).await;
    let mut wire = bed.client().await;
    wire.call("get_all_organizations", json!({})).await;
    bed.forget().await;
    let call = r#"{"jsonrpc":"2.0","id":77,"method":"tools/call","params":{"name":"get_records","arguments":{"module":"Cases","limit":1}}}"#;
    for _ in 0..5 {
        wire.send(call).await;
    }
    let (mut refused, mut answered) = (0, 0);
    for _ in 0..5 {
        let answer = wire.receive().await;
        assert_eq!(answer["id"], 77, "{answer}");
        refused += usize::from(answer["error"]["code"] == -32600);
        answered += usize::from(answer["result"]["isError"] == false);
    }
    assert_eq!((refused, answered), (4, 1));
    assert_eq!(bed.seen().await.len(), 1);
    // Once it is answered, the id is free.
    wire.send(call).await;
    assert_eq!(wire.receive().await["result"]["isError"], false);
}

/// Calls wait their turn, all are answered, and what is cancelled before its turn never reaches Zoho.
#[tokio::test]
async fn many_calls_at_once_wait_their_turn() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    wire.call("get_all_organizations", json!({})).await;
    bed.admin(json!({ "latency_ms": 50 })).await;
    bed.forget().await;
    let cancelled = 180..200;
    for id in 0..200 {
        wire.send(&format!(
            r#"{{"jsonrpc":"2.0","id":"c{id}","method":"tools/call","params":{{"name":"get_records","arguments":{{"module":"Cases","limit":1}}}}}}"#
        ))
        .await;
    }
    for id in cancelled.clone() {
        let line = json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": format!("c{id}") } });
        wire.send(&line.to_string()).await;
    }
    let mut answered = std::collections::BTreeSet::new();
    while answered.len() < cancelled.start {
        let answer = wire.receive().await;
        assert_eq!(answer["result"]["isError"], false, "{answer}");
        answered.insert(answer["id"].as_str().unwrap().to_owned());
    }
    assert!(!cancelled.clone().any(|id| answered.contains(&format!("c{id}"))));
    assert_eq!(bed.seen().await.len(), cancelled.start);
}

/// A client that has asked and closes its end (a pipe, a script) gets every answer it asked for: also of those that wait
/// behind the 64 that are worked on.
#[tokio::test]
async fn what_was_asked_before_the_end_is_answered() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    wire.call("get_all_organizations", json!({})).await;
    for id in 0..66 {
        wire.send(&format!(
            r#"{{"jsonrpc":"2.0","id":"c{id}","method":"tools/call","params":{{"name":"get_records","arguments":{{"module":"Cases","limit":1}}}}}}"#
        ))
        .await;
    }
    wire.leave().await;
    let mut answered = std::collections::BTreeSet::new();
    while answered.len() < 66 {
        let answer = wire.receive().await;
        assert_eq!(answer["result"]["isError"], false, "{answer}");
        answered.insert(answer["id"].to_string());
    }
}

/// What a line is refused with comes whole and at all, whatever else is written meanwhile and however little of it the client
/// has read.
#[tokio::test]
async fn a_slow_reader_gets_every_answer_whole() {
    let bed = Bed::empty(Default::default()).await;
    let server = Server::new(bed.tools(USER).await);
    let (ours, theirs) = duplex(200);
    let (their_reader, their_writer) = split(theirs);
    let stop = CancellationToken::new();
    tokio::spawn(stdio::serve(
        server,
        principal(USER),
        their_reader,
        their_writer,
        stop,
    ));
    let (reader, mut writer) = split(ours);
    tokio::spawn(async move {
        let hello = initialize(r#"{"protocolVersion":"2025-06-18","capabilities":{}}"#);
        writer.write_all(format!("{hello}\n").as_bytes()).await.unwrap();
        for id in 0..200 {
            let lines = format!(
                "{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"logging/setLevel\"}}\n{{\"jsonrpc\":\n"
            );
            writer.write_all(lines.as_bytes()).await.unwrap();
        }
    });
    let mut lines = BufReader::new(reader).lines();
    let (mut answered, mut refused) = (0, 0);
    while (answered, refused) != (201, 200) {
        let line = lines.next_line().await.unwrap().expect("every line is answered");
        let answer: Value = serde_json::from_str(&line).expect(&line);
        *(if answer["id"].is_null() {
            &mut refused
        } else {
            &mut answered
        }) += 1;
    }
}

/// elgorro/aiquila#442, afrise/MCPSharp#6: PHP writes an empty object as a list, others as a text.
#[tokio::test]
async fn an_empty_list_or_text_is_an_empty_object() {
    let bed = Bed::connected().await;
    let mut wire = untouched(&bed).await;
    wire.send(&initialize("{}")).await;
    wire.receive().await;
    wire.send(r#"{"jsonrpc":"2.0","method":"notifications/initialized","params":[]}"#)
        .await;
    for params in [
        "[]",
        r#""""#,
        r#"" ""#,
        "null",
        r#"{"_meta":[]}"#,
        r#"{"_meta":""}"#,
    ] {
        let listed = wire.request("tools/list", params).await;
        assert!(listed["result"]["tools"].is_array(), "{params}: {listed}");
        let pong = wire.request("ping", params).await;
        assert_eq!(pong["result"], json!({}), "{params}: {pong}");
        let prompts = wire.request("prompts/list", params).await;
        assert!(prompts["result"]["prompts"].is_array(), "{params}: {prompts}");
    }
    for odd in [
        r#""_meta":[]"#,
        r#""inputResponses":[]"#,
        r#""inputResponses":null"#,
        r#""requestState":"""#,
        r#""requestState":[]"#,
        r#""task":[]"#,
    ] {
        let call = format!(r#"{{"name":"get_records",{odd},"arguments":{{"module":"Cases","limit":1}}}}"#);
        let answer = wire.request("tools/call", &call).await;
        assert_eq!(answer["result"]["isError"], false, "{odd}: {answer}");
    }
    // What a person replied is not dropped untold.
    for odd in [
        r#""inputResponses":[{"connect_zoho":{"action":"accept"}}]"#,
        r#""inputResponses":"accept""#,
        r#""requestState":5"#,
    ] {
        let call = format!(r#"{{"name":"get_records",{odd},"arguments":{{"module":"Cases","limit":1}}}}"#);
        let answer = wire.request("tools/call", &call).await;
        assert!(answer["error"]["code"].is_i64(), "{odd}: {answer}");
    }
}

/// What the server has not is answered with what it has (W24).
#[tokio::test]
async fn a_method_of_the_protocol_that_is_not_served_is_told_what_is() {
    let bed = Bed::empty(Default::default()).await;
    let mut wire = bed.client().await;
    for (method, params) in [
        ("resources/subscribe", r#"{"uri":"x:y"}"#),
        ("logging/setLevel", r#"{"level":"info"}"#),
        ("tasks/get", r#"{"taskId":"x"}"#),
    ] {
        let error = wire.request(method, params).await["error"].clone();
        assert_eq!(error["code"], -32601, "{method}: {error}");
        let told = error["message"].as_str().unwrap();
        assert!(
            told.contains(method) && told.contains("tools/call"),
            "{method}: {told}"
        );
    }
}

/// TypeScript's SDK writes the id behind the arguments, others in front of them.
#[tokio::test]
async fn a_line_that_is_too_long_is_refused_under_its_id() {
    let bed = Bed::empty(Default::default()).await;
    let mut wire = bed.client().await;
    let long = "x".repeat(17 * 1024 * 1024);
    for line in [
        format!(r#"{{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{{"name":"{long}"}}}}"#),
        format!(r#"{{"method":"tools/call","params":{{"id":6,"name":"{long}"}},"jsonrpc":"2.0","id":5}}"#),
    ] {
        wire.send(&line).await;
        let answer = wire.receive().await;
        assert_eq!(
            (&answer["id"], &answer["error"]["code"]),
            (&json!(5), &json!(-32700)),
            "{answer}"
        );
    }
}
