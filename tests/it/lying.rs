//! Text that lies: what nobody sees, what commands a terminal, what leads elsewhere (hostile input 10, 16, 29).

use serde_json::{Value, json};
use zoho_mcp::names::{clean, clean_line};
use zoho_mcp::zoho::link::{crm_record, desk_record, leads_to_zoho};

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
        assert!(!leads_to_zoho(address), "{address}");
    }
    assert!(leads_to_zoho(
        "https://desk.zoho.eu/support/zylker/ShowHomePage.do#Cases/dv/1"
    ));
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
