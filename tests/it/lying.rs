//! Text that lies: what nobody sees, what commands a terminal, what leads elsewhere (hostile input 10, 16, 29).

use serde_json::{Value, json};
use zoho_mcp::names::{clean, clean_line};
use zoho_mcp::zoho::link::{crm_record, desk_record, zoho_page};

use crate::connections_rooms::fake::{self, House};

/// Unicode, DerivedCoreProperties: Default_Ignorable_Code_Point; and what reorders text or looks like nothing.
#[test]
fn what_nobody_sees_is_gone() {
    for hidden in [
        "\u{ad}",
        "\u{34f}",
        "\u{61c}",
        "\u{115f}",
        "\u{1160}",
        "\u{17b4}",
        "\u{180b}",
        "\u{180e}",
        "\u{200b}",
        "\u{200e}",
        "\u{202e}",
        "\u{2060}",
        "\u{2066}",
        "\u{2800}",
        "\u{3164}",
        "\u{fe00}",
        "\u{feff}",
        "\u{ffa0}",
        "\u{fff0}",
        "\u{fff9}",
        "\u{13430}",
        "\u{1bca0}",
        "\u{1d173}",
        "\u{e0041}",
        "\u{e0100}",
        "\x1b",
        "\x07",
    ] {
        assert_eq!(clean(format!("a{hidden}b")), "ab", "{hidden:?}");
        assert_eq!(clean(format!("你{hidden}好")), "你好", "{hidden:?}");
    }
    assert_eq!(clean(format!("é{}", "\u{200c}\u{200d}".repeat(80))), "é");
    assert_eq!(clean(format!("x{}", "\u{fe0f}".repeat(64))), "x");
    assert_eq!(clean(format!("❤{}", "\u{fe0f}".repeat(64))), "❤\u{fe0f}");
    assert_eq!(clean_line("one\u{2028}two\r\nthree\tfour"), "one two three four");
}

/// Languages and emoji are written with some of the same characters.
#[test]
fn what_belongs_to_a_script_or_an_emoji_stays() {
    for text in [
        "می‌خواهم",
        "क्‍ष",
        "ශ්‍රී",
        "👩‍💻",
        "❤️",
        "❤️‍🔥",
        "👨‍👩‍👧",
        "1️⃣",
        "🏳️‍🌈",
        "Grüße",
        "你好",
        "日本語",
    ] {
        assert_eq!(clean(text.to_owned()), text);
    }
}

#[test]
fn a_link_leads_to_zoho_or_is_none() {
    for address in [
        "javascript:alert(1)",
        "data:text/html,x",
        "http://desk.zoho.com/x",
        "https://evil.example/desk.zoho.com",
        "https://desk.zoho.com@evil.example/",
        "https://desk.zoho.com.evil.example/",
        "https://u:p@desk.zoho.com/",
        "https://desk.zoho.com:8443/",
        "//desk.zoho.com/x",
        "",
    ] {
        assert_eq!(zoho_page(address), None, "{address}");
    }
    let own = "https://desk.zoho.eu/support/zylker/ShowHomePage.do#Cases/dv/1";
    assert_eq!(zoho_page(own).as_deref(), Some(own));
    assert_eq!(
        zoho_page("https://desk.zoho.com/x) [a](https://evil\" 'b<c>").as_deref(),
        Some("https://desk.zoho.com/x%29%20%5Ba%5D%28https://evil%22%20%27b%3Cc%3E")
    );
    let forged = "1) [click](https://evil.example)";
    assert_eq!(
        crm_record("crm.zoho.com", Some("7"), "Leads", "Leads", forged),
        "https://crm.zoho.com/crm/org7/tab/Leads/1%29%20%5Bclick%5D%28https%3A%2F%2Fevil.example%29"
    );
    assert_eq!(
        desk_record("desk.zoho.com", "a/../b", "Cases", "1"),
        "https://desk.zoho.com/support/a%2F..%2Fb/ShowHomePage.do#Cases/dv/1"
    );
}

async fn asked(path: &str, status: u16, body: &Value) -> Value {
    let (house, mut wire) = House::served().await;
    house.fake.script(path, [fake::json(status, &body.to_string())]);
    wire.call("get_records", json!({ "module": "Cases" })).await
}

#[tokio::test]
async fn an_error_of_zoho_s_commands_no_terminal_and_hides_nothing() {
    let lie = "m\u{1b}[2J\u{1b}]0;pwn\u{7}\u{202e}txet\u{e0041}";
    let body = json!({
        "errorCode": format!("INVALID{lie}"), "message": lie,
        "errors": [{ "fieldName": lie, "errorType": lie, "errorMessage": lie }]
    });
    let read = asked("/api/v1/tickets", 422, &body).await;
    assert_eq!(read["code"], "rejected", "{read}");
    let text = read.to_string();
    for hidden in ["\\u001b", "\\u0007", "\u{202e}", "\u{e0041}"] {
        assert!(!text.contains(hidden), "{hidden:?} in {text}");
    }
}

/// A `webUrl` is what somebody has written; the link is ours where it does not lead to Zoho.
#[tokio::test]
async fn a_record_links_to_zoho_whatever_it_says() {
    for address in ["javascript:alert(1)", "https://evil.example/phish"] {
        let row = json!({ "id": "1892000000042034", "subject": "x", "webUrl": address });
        let read = asked("/api/v1/tickets", 200, &json!({ "data": [row] })).await;
        assert_eq!(read["count"], 1, "{read}");
        let link = read["data"][0]["link"].as_str().unwrap_or_default();
        assert!(link.starts_with("https://desk.zoho."), "{read}");
        assert!(!read.to_string().contains(address), "{read}");
    }
}

/// What hides, reorders, or ends a line for some clients, and what a name or text that holds it reads as.
const LIE: &str = "a\u{202e}b\u{200b}c\u{e0041}d\u{3164}e\u{1b}[2Jf\u{2028}g\u{85}h";

fn tells_no_lie(answer: &Value) {
    let text = answer.to_string();
    for hidden in [
        "\u{202e}",
        "\u{200b}",
        "\u{e0041}",
        "\u{3164}",
        "\\u001b",
        "\u{2028}",
        "\u{85}",
    ] {
        assert!(!text.contains(hidden), "{hidden:?} in {text}");
    }
}

/// A text of nothing but characters that are always seen is passed at once. Whatever stands beside it, each character comes
/// to the same in a text that is looked at closely, as one with a zero-width space is.
#[test]
fn a_text_passed_at_once_is_one_that_would_be_kept() {
    for sign in '\0'..=char::MAX {
        for (before, after) in [
            ("", ""),
            ("a", "b"),
            ("\u{94d}", "\u{915}"),
            ("\u{1f468}", "\u{1f469}"),
        ] {
            let text = format!("{before}{sign}{after}");
            let closely = clean(format!("\u{200b}.{text}")).split_off(1);
            assert_eq!(clean(text), closely, "{:x}", u32::from(sign));
        }
    }
}

/// Names that administrators give: of fields, of columns, of what may be chosen, of modules.
#[tokio::test]
async fn a_name_hides_nothing() {
    let told = "abcde[2Jf g h";
    let (house, mut wire) = House::served().await;
    let case = json!({ "id": "1892000000042034", LIE: 1, "cf": { LIE: "x", "cf_a": { LIE: LIE } } });
    house.fake.script(
        "/api/v1/tickets/1892000000042034",
        [fake::json(200, &case.to_string())],
    );
    let answer = wire
        .call(
            "get_record",
            json!({ "module": "Cases", "id": "1892000000042034" }),
        )
        .await;
    tells_no_lie(&answer);
    assert_eq!(answer["data"][told], 1, "{answer}");
    assert_eq!(answer["data"]["cf"][told], "x", "{answer}");

    let rows = json!({ "data": [{ LIE: 1, "abcde[2Jf g h": 2 }], "info": { "more_records": false } });
    house
        .fake
        .script("/crm/v8/coql", [fake::json(200, &rows.to_string())]);
    let query = "select Last_Name from Leads where id is not null";
    let answer = wire.call("run_coql_query", json!({ "query": query })).await;
    tells_no_lie(&answer);
    assert_eq!(
        answer["data"][0],
        json!({ told: 1, format!("{told} (2)"): 2 }),
        "{answer}"
    );

    let values = json!([{ "display_value": LIE, "actual_value": LIE }]);
    let fields = json!({ "fields": [{ "api_name": "Industry", "field_label": LIE, "data_type": "picklist", "pick_list_values": values }] });
    house
        .fake
        .script("/crm/v8/settings/fields", [fake::json(200, &fields.to_string())]);
    let answer = wire.call("get_fields", json!({ "module": "Leads" })).await;
    tells_no_lie(&answer);
    assert!(answer["data"].to_string().contains("abcde"), "{answer}");

    let modules = json!({ "modules": [{ "api_name": "Leads", "module_name": "Leads", "plural_label": LIE, "singular_label": LIE,
        "generated_type": "default", "api_supported": true, "visible": true }] });
    house.fake.script(
        "/crm/v8/settings/modules",
        [fake::json(200, &modules.to_string())],
    );
    let answer = wire.call("get_modules", json!({ "app_type": "crm" })).await;
    tells_no_lie(&answer);
    assert!(answer["data"].to_string().contains("abcde"), "{answer}");
}

/// What a caller wrote comes back to it in repairs and refusals.
#[tokio::test]
async fn what_is_said_again_hides_nothing() {
    let (_house, mut wire) = House::served().await;
    // What commands a terminal is refused before and not said again at all.
    let named = LIE.replace('\u{1b}', "");
    for (tool, arguments) in [
        ("get_records", json!({ "module": "Cases", "connection": named })),
        ("get_records", json!({ "module": "Cases", "filters": { LIE: 1 } })),
        ("get_records", json!({ "module": format!("Cas{LIE}") })),
        ("get_records", json!({ LIE: 1 })),
        (LIE, json!({})),
    ] {
        let answer = wire.call_text(tool, &arguments.to_string()).await;
        tells_no_lie(&answer);
        assert!(
            arguments.get("module").is_some_and(|module| module != "Cases")
                || answer.to_string().contains("abcde"),
            "{answer}"
        );
    }
    let answer = wire.request(&LIE.replace('\u{1b}', ""), "{}").await;
    tells_no_lie(&answer);
    assert_eq!(answer["error"]["code"], -32601, "{answer}");
}
