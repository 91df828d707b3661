//! Characters that command a terminal and mean nothing in a search.

use serde_json::json;

use super::refused;
use crate::bed::Bed;

/// NUL and its like are no part of what anybody looks for: the argument that has one is named, and Zoho is not asked.
#[tokio::test]
async fn a_control_character_is_told_with_its_argument() {
    let (bed, mut wire) = Bed::warm(&[("desk", "Cases"), ("crm", "Leads")]).await;
    for control in ['\0', '\u{1}', '\u{8}', '\u{1b}', '\u{7f}', '\u{9b}'] {
        let odd = format!("la{control}mp");
        for (tool, arguments, path) in [
            (
                "search_records",
                json!({ "module": "Cases", "query": odd }),
                "/query",
            ),
            (
                "search_records",
                json!({ "module": "Leads", "query": odd }),
                "/query",
            ),
            (
                "search_records",
                json!({ "module": "Cases", "any": ["desk", odd] }),
                "/any/1",
            ),
            (
                "get_records",
                json!({ "module": "Cases", "filters": { "status": odd } }),
                "/filters/status",
            ),
            (
                "get_records",
                json!({ "module": "Leads", "filters": { "Last_Name": odd } }),
                "/filters/Last_Name",
            ),
            ("get_records", json!({ "module": "Leads", "view": odd }), "/view"),
            ("find_customer", json!({ "name": odd }), "/name"),
            (
                "run_coql_query",
                json!({ "query": format!("select id from Leads where Last_Name = '{odd}'") }),
                "/query",
            ),
        ] {
            let answer = refused(&mut wire, &bed, tool, arguments).await;
            assert_eq!(answer["code"], "invalid_arguments", "{tool}: {answer}");
            assert_eq!(answer["problems"][0]["path"], path, "{tool}: {answer}");
            let told = answer["error"].as_str().unwrap();
            let named = path.trim_start_matches('/');
            assert!(
                told.contains(named) && told.contains("control character"),
                "{tool}: {told}"
            );
            assert!(!told.contains(control), "{told:?}");
        }
    }
    // White space is none: words on two lines are words.
    for module in ["Cases", "Leads"] {
        let words = json!({ "module": module, "query": "gateway\r\nlamp" });
        let answer = wire.call("search_records", words).await;
        assert!(answer["count"].is_u64(), "{answer}");
    }
}
