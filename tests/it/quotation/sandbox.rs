//! What the sandbox's people quote, in each of its languages and by each of its programs: cut in HTML and in plain text.

use serde_json::Value;
use zoho_mcp::tools::output::html::to_text;

use super::cut_history;
use super::forms::OWN;

#[test]
fn what_the_sandbox_quotes_is_cut_in_all_its_languages() {
    let text = include_str!("../../../src/sandbox/desk/seed/mail.json");
    let languages: Value = serde_json::from_str(text).unwrap();
    for (language, words) in languages.as_object().unwrap() {
        let word = |at: &str| words.pointer(at).and_then(Value::as_str).unwrap();
        let fill = |pattern: &str| {
            let named = pattern
                .replace("{day}", word("/days/1"))
                .replace("{month}", word("/months/10"));
            let dated = named
                .replace("{d}", "3")
                .replace("{y}", "2026")
                .replace("{time}", "09:12");
            dated
                .replace("{name}", "Aiko Mori")
                .replace("{mail}", "aiko@b.example")
        };
        let [from, sent, to, subject] = [0, 1, 2, 3].map(|label| word(&format!("/outlook/{label}")));
        let day = fill("{d} {month} {y} {time}");
        let block = format!("{from}: Aiko Mori <aiko@b.example>\n{sent}: {day}\n{to}: Jane\n{subject}: Lamp");
        for (introduction, gap) in [
            (fill(word("/gmail")), "\n"),
            (fill(word("/apple")), "\n"),
            (block, "\n\n"),
        ] {
            let quoted = format!("{introduction}\nHello\nBye");
            let plain = format!("{OWN}{gap}{quoted}");
            assert_eq!(cut_history(&plain), (OWN, quoted.chars().count()), "{language}");
            let escaped = introduction
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('\n', "<br>");
            let html = format!(
                "<div>{}</div><br><div>{escaped}<br></div><blockquote><div>Hello</div></blockquote>",
                OWN.replace('\n', "<br>")
            );
            let text = to_text(&html);
            assert_eq!(cut_history(&text).0, OWN, "{language}: {text}");
        }
    }
}
