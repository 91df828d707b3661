//! What a read repairs, class by class, and where it stops.

use serde_json::{Value, json};

use super::tools::list;
use super::{refused, repaired, untouched};

const ID: &str = "4150868000115332918";

fn with(key: &str, value: Value) -> Value {
    json!({ "kind": "Orders", key: value })
}

#[test]
fn valid_calls_stay_as_they_came() {
    for call in [
        json!({ "kind": "Orders" }),
        json!({ "kind": "Orders", "limit": 25, "search": "  null, [1] " }),
        json!({ "kind": "Orders", "record_id": "0000000000123" }),
        json!({ "kind": "Orders", "where": { "state": "On Hold" }, "columns": ["null"] }),
    ] {
        untouched(&list(), &call);
    }
}

/// JSON Schema (2020-12 Validation, 6.1.1): a number with a zero fraction is an integer; fff#323 asked for 30.0 rows and got
/// the default.
#[test]
fn whole_numbers_are_integers_however_they_are_written() {
    for written in ["2.0", "2e0", "2.00", "20.0e-1"] {
        let call = format!(r#"{{"kind":"Orders","limit":{written}}}"#);
        let accepted = super::call_text(&list(), &call).unwrap();
        assert_eq!(accepted.get("limit").unwrap().as_u64(), Some(2), "{written}");
    }
    // Also where they are taken as text, as long as no digit of them can be lost.
    let accepted = super::call_text(&list(), r#"{"kind":"Orders","record_id":5012340000.0}"#).unwrap();
    assert_eq!(accepted.get("record_id").unwrap(), "5012340000");
    assert!(super::call_text(&list(), r#"{"kind":"Orders","record_id":4150868000115332918.0}"#).is_err());
    assert!(super::call_text(&list(), r#"{"kind":"Orders","record_id":5012340000.5}"#).is_err());
}

#[test]
fn keys_in_another_style_or_by_an_alias() {
    for (key, rule) in [
        ("pageSize", "key_style"),
        ("page_size", "key_alias"),
        ("LIMIT", "key_style"),
        ("page-size", "key_style"),
        ("limt", "key_typo"),
    ] {
        repaired(&list(), &with(key, json!(7)), &with("limit", json!(7)), rule);
    }
    for key in ["size", "lim", "count"] {
        refused(&list(), &with(key, json!(7)));
    }
}

#[test]
fn two_spellings_of_one_key() {
    repaired(
        &list(),
        &json!({ "kind": "Orders", "limit": 7, "page_size": "7" }),
        &with("limit", json!(7)),
        "duplicate_key",
    );
    repaired(
        &list(),
        &json!({ "kind": "Orders", "limit": null, "page_size": 7 }),
        &with("limit", json!(7)),
        "key_alias",
    );
    let refusal = refused(&list(), &json!({ "kind": "Orders", "limit": 7, "page_size": 8 }));
    assert!(
        refusal.message.contains("limit") && refusal.message.contains("page_size"),
        "{}",
        refusal.message
    );
}

#[test]
fn keys_in_another_place() {
    let wanted = json!({ "kind": "Orders", "where": { "state": "Open" } });
    repaired(
        &list(),
        &json!({ "kind": "Orders", "state": "open" }),
        &wanted,
        "misplaced_key",
    );
    repaired(
        &list(),
        &json!({ "kind": "Orders", "where.state": "Open" }),
        &wanted,
        "dotted_key",
    );
    repaired(
        &list(),
        &json!({ "kind": "Orders", "where[state]": "Open" }),
        &wanted,
        "dotted_key",
    );
    repaired(
        &list(),
        &json!({ "where": { "kind": "Orders", "state": "Open" } }),
        &wanted,
        "misplaced_key",
    );
    repaired(
        &list(),
        &json!({ "kind": "Orders", "where": { "where": { "state": "Open" } } }),
        &wanted,
        "value_wrapper",
    );
    refused(
        &list(),
        &json!({ "kind": "Orders", "state": "Open", "where": { "state": "Shipped" } }),
    );
}

#[test]
fn numbers_in_text() {
    for (text, number) in [("7", 7), (" 7 ", 7), ("7.0", 7), ("+7", 7), ("'7'", 7)] {
        repaired(
            &list(),
            &with("limit", json!(text)),
            &with("limit", json!(number)),
            "number_text",
        );
    }
    for text in [
        "7.5", "0x7", "1,000", "1_000", "7e1", "07", "seven", "5-7", "all", "-7", "0",
    ] {
        refused(&list(), &with("limit", json!(text)));
    }
}

#[test]
fn page_sizes_are_clamped_from_above_only() {
    repaired(
        &list(),
        &with("limit", json!(1000)),
        &with("limit", json!(100)),
        "clamped",
    );
    repaired(
        &list(),
        &with("limit", json!("1000")),
        &with("limit", json!(100)),
        "clamped",
    );
    for value in [json!(0), json!(-1), json!(100.5), json!(true)] {
        refused(&list(), &with("limit", value));
    }
}

#[test]
fn offered_values() {
    for (word, offered, rule) in [
        ("orders", "Orders", "enum_style"),
        (" INVOICES ", "Invoices", "enum_style"),
        ("bills", "Invoices", "enum_alias"),
        ("Order", "Orders", "enum_number_form"),
        ("bill", "Invoices", "enum_number_form"),
        ("Invoicse", "Invoices", "enum_typo"),
    ] {
        repaired(
            &list(),
            &json!({ "kind": word }),
            &json!({ "kind": offered }),
            rule,
        );
    }
    for word in ["Re", "Parcels", "Orders, Returns", "", "R", "Reorders"] {
        refused(&list(), &json!({ "kind": word }));
    }
    refused(&list(), &json!({ "kind": ["Orders", "Returns"] }));
}

#[test]
fn lists_written_as_something_else() {
    let wanted = with("columns", json!(["id", "total"]));
    for (value, rule) in [
        (json!("id,total"), "list_text"),
        (json!("id ; total"), "list_text"),
        (json!("[id, total]"), "list_text"),
        (json!("['id', 'total']"), "stringified"),
        (json!("(\"id\", \"total\")"), "stringified"),
        (json!("[\"id\",\"total\",]"), "stringified"),
        (json!(["id, total"]), "list_text"),
        (json!([["id", "total"]]), "nested_list"),
        (json!({ "item": ["id", "total"] }), "value_wrapper"),
        (json!({ "0": "id", "1": "total" }), "indexed_object"),
        (json!(["id", "total", "id"]), "duplicate_item"),
        (json!([" id", "'total'"]), "surrounding_space"),
        (json!(["id", null, "total", ""]), "empty_item"),
    ] {
        repaired(&list(), &with("columns", value), &wanted, rule);
    }
    for value in [
        json!("id,,total"),
        json!("id and total"),
        json!(["id", { "total": true }]),
        json!("[id"),
        json!({ "id": true }),
    ] {
        refused(&list(), &with("columns", value));
    }
}

#[test]
fn what_says_nothing_is_left_out() {
    let without = json!({ "kind": "Orders" });
    for (value, rule) in [
        (json!(null), "absent_optional"),
        (json!(""), "absent_optional"),
        (json!(" "), "absent_optional"),
        (json!("null"), "absent_optional"),
        (json!([null]), "empty_container"),
        (json!([]), "empty_container"),
        (json!([""]), "empty_container"),
        (json!({}), "empty_container"),
    ] {
        repaired(&list(), &with("columns", value), &without, rule);
    }
    repaired(
        &list(),
        &with("where", json!({ "state": null })),
        &without,
        "absent_optional",
    );
    repaired(&list(), &with("where", json!({})), &without, "empty_container");
    refused(&list(), &json!({ "kind": null }));
}

#[test]
fn objects_written_as_text() {
    let wanted = with("where", json!({ "state": "Open", "is_late": true }));
    for text in [
        r#"{"state":"Open","is_late":true}"#,
        "{'state': 'open', 'is_late': True}",
        "{state: \"OPEN\", is_late: 'yes'}",
    ] {
        repaired(&list(), &with("where", json!(text)), &wanted, "stringified");
    }
    repaired(
        &list(),
        &with("where", json!([{ "state": "Open", "is_late": 1 }])),
        &wanted,
        "one_of_list",
    );
    for value in [
        json!("state = Open"),
        json!(["state", "Open"]),
        json!([{ "state": "Open" }, { "is_late": true }]),
    ] {
        refused(&list(), &with("where", value));
    }
}

#[test]
fn days_with_one_reading() {
    let wanted = with("where", json!({ "placed_after": "2026-11-30" }));
    for text in [
        "2026/11/30",
        "20261130",
        "30.11.2026",
        "11/30/2026",
        "Nov 30, 2026",
        "30th of November 2026",
        "Monday, 30 Nov 2026",
        "2026-11-30T00:00:00Z",
        "2026–11–30",
    ] {
        repaired(
            &list(),
            &with("where", json!({ "placed_after": text })),
            &wanted,
            "date_format",
        );
    }
    for text in [
        "03/04/2026",
        "11/30/26",
        "yesterday",
        "last week",
        "2026-02-30",
        "2026-11",
        "Tuesday, 30 Nov 2026",
        "2026-11-30T15:00:00Z",
        "1796000000",
        "2026-W48",
        "30 Nov",
    ] {
        let refusal = refused(&list(), &with("where", json!({ "placed_after": text })));
        assert!(
            refusal.message.contains("2026-11-25"),
            "no today in {}",
            refusal.message
        );
    }
}

#[test]
fn ids() {
    let wanted = with("where", json!({ "customer_id": ID }));
    for (value, rule) in [
        (json!(4_150_868_000_115_332_918_u64), "text_of_integer"),
        (json!(format!(" {ID}\n")), "surrounding_space"),
        (json!(format!("\"{ID}\"")), "surrounding_quotes"),
        (json!([ID]), "one_of_list"),
        (json!({ "id": ID }), "value_wrapper"),
    ] {
        repaired(
            &list(),
            &with("where", json!({ "customer_id": value })),
            &wanted,
            rule,
        );
    }
    for value in [
        json!(4_150_868_000_115_332_000_u64),
        json!(4.15e18),
        json!("4.15e18"),
        json!("#1042"),
        json!("Dana Lee"),
        json!([ID, ID.replace('4', "5")]),
    ] {
        refused(&list(), &with("where", json!({ "customer_id": value })));
    }
}

#[test]
fn references_are_left_open_on_reads() {
    use zoho_mcp::repair::ReferenceKind;
    for (key, text, kind) in [
        ("owner_id", "Dana Lee", ReferenceKind::Name("agents".to_owned())),
        ("owner_id", "me", ReferenceKind::Name("agents".to_owned())),
        (
            "record_id",
            "https://example.com/orders/4150868000115332918",
            ReferenceKind::RecordUrl(String::new()),
        ),
    ] {
        let valid = super::call(&list(), &with(key, json!(text))).expect("an open reference");
        assert_eq!(valid.arguments().get(key), Some(&json!(text)));
        let [open] = valid.open_references() else {
            panic!("{:?}", valid.open_references())
        };
        assert_eq!(
            (open.path.as_str(), open.text.as_str()),
            (format!("/{key}").as_str(), text)
        );
        assert_eq!(open.kind, kind);
    }
    for text in ["4.15e18", "#77", "<owner_id>"] {
        refused(&list(), &with("owner_id", json!(text)));
    }
}
