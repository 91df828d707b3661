//! Argument text in other notations, wrapped, said twice, or cut.

use serde_json::{Value, json};
use zoho_mcp::repair::{Arguments, ToolSchema, accept};

use super::tools::{list, update};
use super::{call_string, today};

const ID: &str = "4150868000115332918";

fn wanted() -> Value {
    json!({ "order_id": ID, "note": "It's \"fine\"", "is_gift": true, "tags": ["a", "b"] })
}

fn written() -> String {
    wanted().to_string()
}

#[track_caller]
fn reads_as(tool: &ToolSchema, text: &str, wanted: &Value) {
    match call_string(tool, text) {
        Ok(valid) => {
            assert_eq!(Value::Object(valid.arguments().clone()), *wanted, "from {text}");
            assert!(!valid.repairs().is_empty());
        }
        Err(invalid) => panic!("{text} was refused: {}", invalid.message),
    }
}

#[track_caller]
fn unreadable(tool: &ToolSchema, text: &str) {
    if let Ok(valid) = call_string(tool, text) {
        panic!("{text} became {:?}", valid.arguments());
    }
}

#[test]
fn around_one_object() {
    let json = written();
    for text in [
        json.clone(),
        Value::from(json.clone()).to_string(),
        Value::from(Value::from(json.clone()).to_string()).to_string(),
        format!("\u{feff}{json}"),
        format!("```json\n{json}\n```"),
        format!("```\n{json}\n```"),
        format!("~~~\n{json}\n~~~"),
        format!("Here are the arguments:\n```json\n{json}\n```\nTell me when it is done."),
        format!("json\n{json}"),
        format!("{json}\n\nI will wait for the answer."),
        format!("{json}}}"),
        format!("{json};"),
        format!("{json}<|im_end|>"),
        format!("<tool_call>{json}</tool_call>"),
        format!("[{json}]"),
        format!("[[{json}]]"),
        format!("{json}{json}"),
        format!("{json}\n{json}\n{json}"),
        format!("({json})"),
        json.replace('\\', "\\\\").replace('"', "\\\""),
    ] {
        reads_as(&update(), &text, &wanted());
    }
}

#[test]
fn other_notations() {
    for text in [
        format!(r#"{{'order_id': '{ID}', 'note': 'It\'s "fine"', 'is_gift': True, 'tags': ['a', 'b']}}"#),
        format!(r#"{{order_id: "{ID}", note: "It's \"fine\"", is_gift: true, tags: ["a", "b"]}}"#),
        format!(r#"{{"order_id": "{ID}", "note": "It's \"fine\"", "is_gift": true, "tags": ["a", "b",],}}"#),
        format!(
            "{{ // the order\n\"order_id\": \"{ID}\", /* text */ \"note\": \"It's \\\"fine\\\"\", \"is_gift\": TRUE, # x\n\"tags\": (\"a\", \"b\")}}"
        ),
        format!(
            "{{\"order_id\": \"{ID}\"\n\"note\": \"It's \\\"fine\\\"\"\n\"is_gift\": true\n\"tags\": [\"a\", \"b\"]}}"
        ),
        format!("{{“order_id”: “{ID}”, “note”: “It's \\\"fine\\\"”, “is_gift”: true, “tags”: [“a”, “b”]}}"),
        format!(
            "{{u'order_id': u'{ID}', u'note': u'It\\'s \"fine\"', u'is_gift': True, u'tags': [u'a', u'b']}}"
        ),
        format!(
            "{{\"order_id\" => \"{ID}\", \"note\" => \"It's \\\"fine\\\"\", \"is_gift\" => true, \"tags\" => [\"a\", \"b\"]}}"
        ),
    ] {
        reads_as(&update(), &text, &wanted());
    }
    reads_as(
        &update(),
        &format!("{{\"order_id\": \"{ID}\", \"note\": \"one\n\ttwo\"}}"),
        &json!({ "order_id": ID, "note": "one\n\ttwo" }),
    );
}

#[test]
fn what_cannot_be_read_without_a_guess() {
    let json = written();
    for text in [
        format!(r#"{{"order_id": "{ID}", "note": "He said "hi" to me"}}"#),
        format!(r#"{{"order_id": "{ID}", "note": "He said "hi", then left"}}"#),
        format!("{{'order_id': '{ID}', 'note': 'it's broken'}}"),
        format!("{{“order_id”: “{ID}”, “note”: “He said “hi” to me”}}"),
        format!(r#"{{"order_id": "{ID}", "note": "C:\dir"}}"#),
        format!(r#"{{"order_id": "{ID}", "note": "a" + "b"}}"#),
        format!(r#"{{"order_id": "{ID}", "note": "{{"a": 1"}}}}"#),
        format!(r#"{{"order_id": "{ID}", "note": "{{\"a\": \"b"}} and more"}}"#),
        format!(r#"{{"order_id": "{ID}", "note": "ends here," "state": "Open"}}"#),
        format!(r#"{{"order_id": "{ID}", "state": Open}}"#),
        format!(r#"{{"order_id": "{ID}", "owner_id": undefined}}"#),
        format!(r#"{{"order_id": "{ID}",, "state": "Open"}}"#),
        format!(r#"{{"order_id": "{ID}"}}, "state": "Open"}}"#),
        format!(r#"{{"order_id": "{ID}", "state": "Open", "state": "Shipped"}}"#),
        format!("{json}{}", json.replace(ID, "4150868000115332919")),
        format!("{json}\nstate: Open"),
        format!("{json}<parameter name=\"state\">Open</parameter>"),
        format!("update_order({json})"),
        format!("update_order(order_id=\"{ID}\", state=\"Open\")"),
        format!("order_id: {ID}\nstate: Open"),
        format!("<order_id>{ID}</order_id><state>Open</state>"),
        "please update the order from yesterday".to_owned(),
        String::new(),
    ] {
        unreadable(&update(), &text);
    }
}

#[test]
fn a_write_that_was_cut_is_refused_wherever_it_was_cut() {
    let json = written();
    for cut in 1..json.len() {
        unreadable(&update(), &json[..cut]);
    }
}

#[test]
fn a_read_may_miss_its_last_brace_only() {
    reads_as(
        &list(),
        r#"{"kind": "Orders", "where": {"state": "Open"}"#,
        &json!({ "kind": "Orders", "where": { "state": "Open" } }),
    );
    for text in [
        r#"{"kind": "Orders", "limit": 5"#,
        r#"{"kind": "Orders", "columns": ["id""#,
        r#"{"kind": "Orders","#,
        r#"{"kind": "Ord"#,
        r#"{"kind": "Orders", "where": {"state": "Open""#,
    ] {
        unreadable(&list(), text);
    }
}

#[test]
fn no_arguments_at_all() {
    let optional = ToolSchema::new(
        "list_all",
        zoho_mcp::repair::Access::Read,
        json!({ "type": "object", "properties": {} }),
    );
    let optional = optional.expect("a schema");
    for arguments in [
        Arguments::Missing,
        Arguments::Text("null"),
        Arguments::Text("\"\""),
        Arguments::Text("[]"),
    ] {
        assert!(accept(&optional, arguments, today()).is_ok_and(|valid| valid.arguments().is_empty()));
        assert!(accept(&update(), arguments, today()).is_err());
    }
}
