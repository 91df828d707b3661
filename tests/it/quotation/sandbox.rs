//! What the sandbox's people quote, in each of its languages and by each of its programs: cut in HTML and in plain text.

use std::collections::BTreeMap;

use serde::Deserialize;
use zoho_mcp::tools::output::html::to_text;
use zoho_mcp::tools::output::quotation::cut_history;

use super::forms::OWN;

#[derive(Deserialize)]
struct Words {
    days: Vec<String>,
    months: Vec<String>,
    gmail: String,
    apple: String,
    outlook: [String; 4],
}

#[test]
fn what_the_sandbox_quotes_is_cut_in_all_its_languages() {
    let text = include_str!("../../../src/sandbox/desk/seed/mail.json");
    let languages: BTreeMap<String, Words> = serde_json::from_str(text).unwrap();
    for (language, words) in &languages {
        let fill = |pattern: &str| {
            let named = pattern
                .replace("{day}", &words.days[1])
                .replace("{month}", &words.months[10]);
            let dated = named
                .replace("{d}", "3")
                .replace("{y}", "2026")
                .replace("{time}", "09:12");
            dated
                .replace("{name}", "Aiko Mori")
                .replace("{mail}", "aiko@b.example")
        };
        let [from, sent, to, subject] = &words.outlook;
        let day = fill("{d} {month} {y} {time}");
        let block = format!("{from}: Aiko Mori <aiko@b.example>\n{sent}: {day}\n{to}: Jane\n{subject}: Lamp");
        for introduction in [fill(&words.gmail), fill(&words.apple), block] {
            let quoted = format!("{introduction}\nHello\nBye");
            let plain = format!("{OWN}\n{quoted}");
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
