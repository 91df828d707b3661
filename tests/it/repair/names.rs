//! Tool names, and the loop that reads cases line by line.

use serde_json::{Value, json};
use zoho_mcp::repair::{NameMatch, RULES, repair_line, resolve_name};

use super::today;
use super::tools::{create, list, update};

const NAMES: [&str; 4] = ["get_records", "get_record", "update_ticket", "search_records"];

#[test]
fn names_in_another_style_or_behind_a_namespace() {
    assert_eq!(
        resolve_name("get_records", &NAMES),
        NameMatch::Exact("get_records")
    );
    for asked in [
        "getRecords",
        "GET-RECORDS",
        "get records",
        "Get_Records",
        " get_records ",
        "get_records()",
        "get.records",
        "mcp__zoho__get_records",
        "zoho_get_records",
        "zoho-mcp:get_records",
        "functions.get_records:0",
        "default_api.get_records",
        "mcp_zoho_get_records",
        "server/get_records",
        "mcp__any_server__getRecords",
    ] {
        let found = resolve_name(asked, &NAMES);
        assert!(
            matches!(
                found,
                NameMatch::Repaired {
                    name: "get_records",
                    ..
                }
            ),
            "{asked}: {found:?}"
        );
    }
}

#[test]
fn other_names_are_hints_only() {
    for asked in [
        "get_recrods",
        "bulk_get_records",
        "get_records_v2",
        "records",
        "delete_ticket",
        "crm_get_records",
        "",
    ] {
        let found = resolve_name(asked, &NAMES);
        assert!(matches!(found, NameMatch::Unknown { .. }), "{asked}: {found:?}");
    }
    let NameMatch::Unknown { nearest } = resolve_name("get_recrods", &NAMES) else {
        panic!("taken")
    };
    assert_eq!(nearest.first(), Some(&"get_records"));
}

#[test]
fn a_case_a_line() {
    let tools = [list(), update(), create()];
    let answer =
        |line: &str| -> Value { serde_json::from_str(&repair_line(line, &tools, today())).expect("JSON") };
    let ok =
        answer(r#"{"id": 12345678901234567890123, "tool": "listOrders", "arguments": "{'kind': 'orders'}"}"#);
    assert_eq!(
        (&ok["outcome"], &ok["tool"], &ok["arguments"]),
        (&json!("ok"), &json!("list_orders"), &json!({ "kind": "Orders" }))
    );
    assert!(
        repair_line(r#"{"id": 12345678901234567890123, "tool": "x"}"#, &tools, today())
            .contains("12345678901234567890123")
    );
    for line in [
        "no json",
        "",
        "[]",
        "{}",
        r#"{"id": 1}"#,
        r#"{"id": 1, "tool": "list_ordres", "arguments": {}}"#,
        r#"{"id":1,"tool":"list_orders"}"#,
    ] {
        let error = answer(line);
        assert_eq!(error["outcome"], "error", "{line}");
        assert!(error["message"].is_string());
    }
    let exact = answer(
        r#"{"id": "a", "tool": "update_order", "arguments": {"order_id": 4150868000000542015, "state": "Open"}}"#,
    );
    assert_eq!(exact["arguments"]["order_id"], "4150868000000542015");
}

#[test]
fn rule_names_are_unique_and_snake_case() {
    let mut names: Vec<&str> = RULES.iter().map(|rule| rule.name()).collect();
    assert!(
        names
            .iter()
            .all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
    );
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}
