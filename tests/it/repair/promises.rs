//! What no input breaks: digits stay, an address is alone, an example is a call, an empty word is no item of a write.

use proptest::prelude::*;
use serde_json::{Value, json};
use zoho_mcp::repair::ToolSchema;

use super::properties::any_arguments;
use super::tools::{create, list, update};
use super::{call, call_text, refused};

const ID: &str = "4150868000115332918";

/// Every way the arguments of one call come wrapped.
fn wrappings(flat: &str) -> Vec<String> {
    let text = |inner: &str| Value::from(inner).to_string();
    vec![
        flat.to_owned(),
        text(flat),
        text(&text(flat)),
        text(&format!("```json\n{flat}\n```")),
        text(&format!("Here it is: {flat}")),
        text(&format!("{flat}{flat}")),
        text(&format!("{flat}</parameter></invoke>")),
        format!("[{flat}]"),
        format!("{{\"arguments\": {flat}}}"),
        format!("{{\"params\": {{\"input\": {flat}}}}}"),
        format!("{{\"arguments\": {}}}", text(flat)),
        format!("{{\"name\": \"update_order\", \"arguments\": [{flat}]}}"),
    ]
}

/// Both the list with this one item, and the item alone where the list stands.
fn recipients(item: &str) -> Option<Vec<String>> {
    let arguments = json!({ "title": "Blue chairs", "customer_id": ID, "to": [item] });
    let valid = call(&create(), &arguments).ok()?;
    let to = valid.arguments()["to"].as_array().expect("a list").clone();
    Some(
        to.iter()
            .map(|one| one.as_str().expect("a text").to_owned())
            .collect(),
    )
}

fn has_nulls(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_nulls),
        Value::Object(map) => map.values().any(has_nulls),
        _ => false,
    }
}

fn example_is_a_call(tool: &ToolSchema, arguments: &Value) -> Result<(), TestCaseError> {
    let Err(refusal) = call(tool, arguments) else {
        return Ok(());
    };
    let Some(example) = refusal.example else {
        return Ok(());
    };
    let valid = call(tool, &example);
    prop_assert!(valid.is_ok(), "{example} for {arguments}");
    prop_assert!(
        valid.expect("valid").repairs().is_empty(),
        "{example} for {arguments}"
    );
    // A key that is none of the tool's may be another name of one, or a member of one: then that is filled by it.
    let properties = &tool.input_schema()["properties"];
    let mut keys = arguments.as_object().into_iter().flat_map(|given| given.keys());
    let stray = keys.any(|key| properties.get(key).is_none());
    for (key, value) in example.as_object().expect("an object") {
        let given = arguments.get(key);
        prop_assert!(
            !value.is_null() || given.is_none_or(Value::is_null),
            "{key} is cleared: {example}"
        );
        let required = tool.input_schema()["required"]
            .as_array()
            .is_some_and(|keys| keys.contains(&json!(key)));
        let kept = given.is_some_and(|given| given.is_null() || given == "");
        prop_assert!(
            required || !kept || stray || given == Some(value),
            "{key} is refilled: {example} for {arguments}"
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn digits_pass_in_every_wrapping(wanted in "-?(0|[1-9][0-9]{0,39})(\\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?") {
        let number = &wanted;
        let flat = format!("{{\"order_id\": \"{ID}\", \"extra\": {{\"n\": {number}}}, \"amount\": {number}}}");
        for text in wrappings(&flat) {
            let valid = call_text(&update(), &text);
            prop_assert!(valid.is_ok(), "{text} was refused");
            let valid = valid.expect("valid");
            prop_assert_eq!(valid.arguments()["extra"]["n"].to_string(), wanted.as_str(), "{}", text);
            prop_assert_eq!(valid.arguments()["amount"].to_string(), wanted.as_str(), "{}", text);
        }
        let inside = json!({ "order_id": ID, "extra": format!("{{\"n\": {number}}}") });
        let valid = call(&update(), &inside).expect("an object as text");
        prop_assert_eq!(valid.arguments()["extra"]["n"].to_string(), wanted.as_str());
    }

    #[test]
    fn no_message_shows_a_rounded_number(number in "[1-9][0-9]{19,39}") {
        let text = format!("{{\"order_id\": \"{ID}\", \"extra\": {{\"n\": {number}}}, \"state\": {number}}}");
        let refusal = call_text(&update(), &text).expect_err("no state");
        prop_assert!(refusal.message.contains(&number) && !refusal.message.contains("e+"), "{}", refusal.message);
        let example = refusal.example.map(|example| example.to_string()).unwrap_or_default();
        prop_assert!(example.is_empty() || example.contains(&number), "{example}");
    }

    #[test]
    fn an_address_with_another_in_it_never_passes(
        one in "[a-z]{1,8}@[a-z]{1,8}\\.example", other in "[a-z]{1,8}@[a-z]{1,8}\\.example",
        before in "[\"<( ]{0,2}", between in "[ ,;<>()\"\n]{1,3}|, not |\" <| <|> <|\\(was ", after in "[>)\" ]{0,2}",
    ) {
        let item = format!("{before}{one}{between}{other}{after}");
        let passed = recipients(&item);
        prop_assert!(passed.is_none(), "{item} became {passed:?}");
    }

    #[test]
    fn what_stands_before_an_address_is_a_name_or_refused(before in "[A-Za-z0-9@:,;<>()\" .#-]{0,20}") {
        let passed = recipients(&format!("{before}<ana@x.example>"));
        if let Some(passed) = passed {
            prop_assert_eq!(passed, ["ana@x.example"]);
            prop_assert!(!before.contains(['@', ':', ';', '<', '>', '(', ')', '#']), "{}", before);
        }
    }

    #[test]
    fn an_example_is_a_call(arguments in any_arguments()) {
        for tool in [update(), create(), list()] {
            example_is_a_call(&tool, &arguments)?;
        }
    }

    #[test]
    fn a_list_of_a_write_loses_no_item(items in prop::collection::vec(prop_oneof![
        Just(Value::Null), Just(json!("")), Just(json!({ "0": "a" })), "[a-z]{1,5}".prop_map(Value::from),
    ], 0..4), key in prop::sample::select(vec!["tags", "to"])) {
        let arguments = match key {
            "tags" => json!({ "order_id": ID, "state": "Open", "tags": items }),
            _ => json!({ "title": "a", "customer_id": ID, "to": items }),
        };
        let tool = if key == "tags" { update() } else { create() };
        if let Ok(valid) = call(&tool, &arguments) {
            prop_assert!(!has_nulls(&arguments), "{arguments}");
            // Tags are a set (`uniqueItems`): the same one twice is one, and the receipt tells so.
            let mut wanted: Vec<Value> = Vec::new();
            for item in &items {
                if key != "tags" || !wanted.contains(item) {
                    wanted.push(item.clone());
                }
            }
            let told = valid.repairs().iter().any(|repair| repair.rule == "duplicate_item");
            prop_assert_eq!(told, wanted.len() < items.len());
            prop_assert_eq!(&valid.arguments()[key], &Value::from(wanted));
        }
    }

    #[test]
    fn an_invisible_character_inside_an_id_is_refused(at in 1..18_usize, c in prop::sample::select(vec![
        '\u{200b}', '\u{200d}', '\u{200e}', '\u{202e}', '\u{2066}', '\u{feff}', '\u{ad}', '\u{fe0f}', '\u{e0041}',
    ])) {
        let mut id = ID.to_owned();
        id.insert(at, c);
        refused(&update(), &json!({ "order_id": id, "state": "Open" }));
        let mut address = "anaberg@example.org".to_owned();
        address.insert(at, c);
        prop_assert!(recipients(&address).is_none());
        if c != '\u{e0041}' {
            let edges = json!({ "order_id": format!("{c}{ID}{c}"), "state": "Open" });
            let valid = call(&update(), &edges).expect("an id with marks at its edges");
            prop_assert_eq!(&valid.arguments()["order_id"], ID);
        }
    }
}

#[test]
fn a_tool_with_a_name_of_its_own_keeps_it() {
    let schema = json!({
        "type": "object", "additionalProperties": false, "required": ["name"],
        "properties": {
            "name": { "type": "string" }, "color": { "type": "string" }, "type": { "type": "string" },
            "status": { "type": "string" }
        }
    });
    let tool = ToolSchema::new("create_label", zoho_mcp::repair::Access::Write, schema).expect("a schema");
    let inner = json!({ "name": "VIP", "color": "red" });
    super::repaired(
        &tool,
        &json!({ "name": "create_label", "arguments": inner }),
        &inner,
        "wrapper",
    );
    for given in [
        json!({ "name": "create_label", "arguments": { "color": "red" } }),
        json!({ "name": "VIP", "arguments": { "color": "red" } }),
        json!({ "name": "delete_label", "arguments": inner }),
        json!({ "name": "create_label", "status": "old", "arguments": { "color": "red" } }),
        json!({ "name": "create_label", "status": "old", "arguments": inner }),
    ] {
        refused(&tool, &given);
    }
    let reading = ToolSchema::new(
        "create_label",
        zoho_mcp::repair::Access::Read,
        tool.input_schema().clone(),
    );
    let with_status = json!({ "name": "create_label", "status": "old", "arguments": inner });
    let valid = call(&reading.expect("a schema"), &with_status).expect("a status of its own is no companion");
    assert_eq!(valid.arguments()["status"], "old");
    let told = format!("{:?}", valid.repairs());
    assert!(told.contains("those beside it: status"), "{told}");
}

#[test]
fn a_cut_call_is_said_to_be_cut() {
    for text in [
        r#"{"order_id": "4150868000115332918", "is_gift": tru"#,
        r#"{"order_id": "4150868000115332918", "amount": -"#,
        r#"{"order_id": "4150868000115332918", "amount": 12"#,
        r#"{"order_id": "4150868000115332918", "note": "half"#,
        r#"{"order_id": "4150868000115332918", "note": "whole""#,
        r#"{"order_id": "4150868000115332918", "no"#,
        r#"{"order_id": "4150868000115332918", "#,
        r#""{\"order_id\": \"4150868000115"#,
        r#"[{"order_id": "4150868000115332918""#,
        r#"{"arguments": "{\"order_id\": \"4150868000115332918\", \"note\": \"ha"}"#,
        r#"{"order_id": "4150868000115332918", "extra": "{\"a\": \"b"}"#,
    ] {
        for given in [text.to_owned(), Value::from(text).to_string()] {
            let refusal = call_text(&update(), &given).expect_err("refused");
            assert!(refusal.message.contains("early"), "{given}: {}", refusal.message);
        }
    }
}

#[test]
fn hints_are_unique_and_types_are_those_of_the_schema() {
    let two = refused(
        &update(),
        &json!({ "order_id": ID, "stat": "Open", "stae": "Shipped" }),
    );
    assert!(
        two.problems.iter().all(|problem| problem.suggestion.is_none()),
        "{}",
        two.message
    );
    let taken = refused(
        &update(),
        &json!({ "order_id": ID, "state": "Open", "stat": "Shipped" }),
    );
    assert!(
        taken.problems.iter().all(|problem| problem.suggestion.is_none()),
        "{}",
        taken.message
    );
    let types = refused(&update(), &json!({ "order_id": ID, "extra": { "a": ["b"] } }));
    assert!(
        types
            .message
            .contains("text or a number or true or false or null"),
        "{}",
        types.message
    );
}

#[test]
fn an_example_refills_nothing_that_was_to_be_kept() {
    let refusal = refused(
        &update(),
        &json!({ "order_id": ID, "note": "", "state": "Opn", "tags": ["a"] }),
    );
    let example = refusal.example.expect("an example");
    assert_eq!(example, json!({ "order_id": ID, "state": "Open", "tags": ["a"] }));
    assert!(
        refused(&update(), &json!({ "order_id": ID, "note": "" }))
            .example
            .is_none()
    );
    assert!(
        refused(&update(), &json!({ "order_id": ID, "state": "Pending" }))
            .example
            .is_none()
    );
}

/// What is said of an address is no name: somebody who is to be left out must not become one more who gets it.
#[test]
fn an_act_before_an_address_is_no_name() {
    for before in [
        "Remove Anna",
        "Add Ben",
        "Ignore",
        "Replace Anna Berg",
        "Test",
        "Ex Anna",
        "Entferne Anna",
        "Sin Ana",
        "Кроме Анны",
        "Εκτός Άννα",
        "Kromě Anna",
    ] {
        assert_eq!(recipients(&format!("{before} <ana@x.example>")), None, "{before}");
    }
    for name in ["Anna Berg", "Ana", "\"Berg, Anna\"", "Mark O'Neill"] {
        let passed = recipients(&format!("{name} <ana@x.example>"));
        assert_eq!(passed, Some(vec!["ana@x.example".to_owned()]), "{name}");
    }
}

/// Where a script has no capitals nothing tells a name from a sentence: `不要发给` is "do not send to".
#[test]
fn what_stands_before_an_address_in_a_script_without_capitals_is_not_taken_for_a_name() {
    for before in [
        "不要发给",
        "除了张三",
        "张三",
        "を除く",
        "제외",
        "لا ترسل إلى",
        "לא לשלוח",
        "को न भेजें",
        "อย่าส่ง",
        "\"张三\"",
        "Anna 张三",
    ] {
        let text = format!("{before} <ana@x.example>");
        let refusal = refused(
            &super::tools::create(),
            &json!({ "title": "t", "customer_id": ID, "to": [text] }),
        );
        let hints: Vec<_> = refusal
            .problems
            .iter()
            .filter_map(|one| one.suggestion.as_deref())
            .collect();
        let alone = "ana@x.example alone, if it is meant to get this";
        assert_eq!(hints, [alone], "{before}: {}", refusal.message);
        assert_eq!(refusal.example, None, "{before}");
    }
}

#[test]
fn a_pattern_with_an_at_sign_wants_an_address_only_where_it_stands_between() {
    let tool = |pattern: &str| {
        let schema =
            json!({ "type": "object", "properties": { "a": { "type": "string", "x-pattern": pattern } } });
        ToolSchema::new("set_a", zoho_mcp::repair::Access::Write, schema).expect("a schema")
    };
    for pattern in [r"^[^@\s]+@[^@\s]+$", r"^\S+@\S+\.\S+$", "@.+"] {
        let wanted = if pattern == "@.+" {
            "x@y <a@x.example>"
        } else {
            "a@x.example"
        };
        super::untouched(&tool(pattern), &json!({ "a": wanted }));
    }
    refused(&tool(r"^\S+@\S+$"), &json!({ "a": "b@y.example,a@x.example" }));
    for (pattern, text) in [("^@[a-z]+$", "@ana"), ("^@?[a-z]+$", "ana"), ("^[^@]+$", "a b")] {
        super::untouched(&tool(pattern), &json!({ "a": text }));
    }
}

#[test]
fn a_bare_null_in_a_list_written_as_text_is_no_word() {
    for text in ["[id, null]", "id, None", "id; undefined", "id, nan"] {
        let read = json!({ "kind": "Orders", "columns": text });
        super::repaired(
            &list(),
            &read,
            &json!({ "kind": "Orders", "columns": ["id"] }),
            "empty_item",
        );
        let schema = super::tools::list_schema();
        let write =
            ToolSchema::new("set_columns", zoho_mcp::repair::Access::Write, schema).expect("a schema");
        refused(&write, &read);
    }
}
