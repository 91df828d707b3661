//! A conversation as it is retold: every message is there in its own words, or it is said what is not.

mod counted;
mod quoted;
mod turn;
mod whole;

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use zoho_mcp::tools::output::list::BUDGET;

use crate::bed::{Bed, Wire};
use crate::desk_client::Desk;

/// Where a case's conversation is told: what Zoho answers to each path below the case, the longest paths first.
async fn told(bed: &Bed, wire: &mut Wire, answers: &[(&str, Value)], more: Value) -> Value {
    let id = Desk::of(bed).await.create("Told", "A case").await;
    let mut faults: Vec<Value> = answers
        .iter()
        .map(|(path, body)| json!({ "kind": "answer", "path": format!("/api/v1/tickets/{id}/{path}"), "body": body }))
        .collect();
    faults.sort_by_key(|fault| std::cmp::Reverse(fault["path"].as_str().unwrap().len()));
    bed.forget().await;
    bed.admin(json!({ "faults": faults })).await;
    let mut arguments = json!({ "id": id });
    arguments
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let answer = wire.call("get_ticket_context", arguments).await;
    bed.admin(json!({ "faults": [] })).await;
    answer
}

/// A row of /conversations as Zoho's OpenAPI declares it (`ThreadListItem`): no content.
fn row(id: &str, direction: &str, summary: &str) -> Value {
    let kind = if direction == "in" { "END_USER" } else { "AGENT" };
    json!({
        "id": id, "type": "thread", "channel": "EMAIL", "direction": direction, "status": "SUCCESS",
        "summary": summary, "contentType": "text/html", "createdTime": "2026-11-20T10:00:00.000Z",
        "author": { "name": format!("{kind} {direction}"), "type": kind }, "hasAttach": false, "attachmentCount": "0",
    })
}

fn comment(id: &str, content: &str, content_type: &str) -> Value {
    json!({
        "id": id, "type": "comment", "content": content, "contentType": content_type, "isPublic": false,
        "commentedTime": "2026-11-20T09:00:00.000Z", "commenter": { "name": "Agent", "type": "AGENT" },
    })
}

fn thread(id: &str, content: &str, content_type: &str) -> Value {
    let mut thread = row(id, "in", "");
    thread["content"] = json!(content);
    thread["contentType"] = json!(content_type);
    thread["isContentTruncated"] = json!(false);
    thread["attachments"] = json!([]);
    thread
}

fn entry<'a>(answer: &'a Value, id: &str) -> &'a Value {
    let entries = answer["data"]["conversation"].as_array();
    let found = entries.and_then(|entries| entries.iter().find(|entry| entry["id"] == id));
    found.unwrap_or_else(|| panic!("{id} is not in {answer:#}"))
}

fn words<'a>(answer: &'a Value, id: &str) -> &'a str {
    zoho_mcp::tools::output::fence::bare(entry(answer, id)["content"].as_str().unwrap())
}

#[tokio::test]
async fn text_is_markup_only_where_its_record_says_so() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let plain = "if x<y then reboot; do NOT delete <b>this</b>. Ask Jane <jane@acme.example>;\nMap<String, Integer> &amp; a<b>\n  line three";
    let html = "<div>if x&lt;y<br>then</div><div>ask &lt;jane@acme.example&gt;</div>";
    let quoting = "Delivery: On Fri, 20 Nov 2026 - send it, NOT\n> to the warehouse\nOn 3 Nov 2026, Aiko <a@b.example> wrote:\n> x";
    let answers = [
        (
            "conversations",
            json!({ "data": [
            row("11", "in", "if x<y"), row("22", "in", "if x"), comment("33", plain, "plainText"), comment("44", html, "html"),
            comment("55", quoting, "plainText"), comment("66", "a < b\nList<Object> <table>", "html"),
        ] }),
        ),
        ("latestThread", json!({})),
        ("threads/11", thread("11", plain, "text/plain")),
        ("threads/22", thread("22", html, "text/html")),
    ];
    let answer = told(&bed, &mut wire, &answers, json!({})).await;
    for (id, text) in [
        ("11", plain),
        ("22", "if x<y\nthen\nask <jane@acme.example>"),
        ("33", plain),
        ("44", "if x<y\nthen\nask <jane@acme.example>"),
        ("55", quoting),
    ] {
        assert_eq!(words(&answer, id), text);
    }
    assert_eq!(answer["complete"], true, "{answer:#}");

    let desk = Desk::of(&bed).await;
    for (description, text) in [
        (
            "if x<y then\nask <jane@acme.example>",
            "if x<y then\nask <jane@acme.example>",
        ),
        (
            "Map<String, Integer> and List<Object>\r\nselect * from <table>\rend",
            "Map<String, Integer> and List<Object>\nselect * from <table>\nend",
        ),
        (
            "see <https://acme.example/x> if a <b and c> d",
            "see <https://acme.example/x> if a <b and c> d",
        ),
        ("<p>one</p><p>two &lt;x&gt;</p>", "one\n\ntwo <x>"),
    ] {
        let id = desk.create("Described", description).await;
        let record = wire
            .call("get_record", json!({ "module": "Cases", "id": id }))
            .await;
        let shown = record["data"]["description"].as_str().unwrap();
        assert_eq!(zoho_mcp::tools::output::fence::bare(shown), text);
        desk.post(
            &format!("/tickets/{id}/comments"),
            json!({ "content": description, "contentType": "plainText", "isPublic": false }),
        )
        .await;
        let comments = wire
            .call(
                "get_related_records",
                json!({ "module": "Cases", "id": id, "related": "comments" }),
            )
            .await;
        let shown = comments["data"][0]["content"].as_str().unwrap();
        let lines = description.replace("\r\n", "\n").replace('\r', "\n");
        assert_eq!(zoho_mcp::tools::output::fence::bare(shown), lines);
    }
}

#[tokio::test]
async fn a_message_is_its_body_and_what_it_quotes_is_counted() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let quoted = "<p>Thanks!</p><p>---- On Fri, 20 Nov 2026 10:00:00 +0100 Aiko wrote ----</p><p>The whole body, to its very end</p>";
    let mut cut = thread("333", "<p>The beginning", "text/html");
    cut["isContentTruncated"] = json!(true);
    let mut file = thread("444", "<p>See the trace</p>", "text/html");
    file["attachments"] = json!([{ "id": "9001", "name": "trace.log", "size": "17" }]);
    file["attachmentCount"] = json!("1");
    let answers = [
        (
            "conversations",
            json!({ "data": [
            row("111", "in", "Thanks! ---- On Fri,"), row("222", "out", "The summary"), row("333", "in", "The beg"),
            row("444", "in", "See the trace"),
        ] }),
        ),
        ("latestThread", thread("111", quoted, "text/html")),
        (
            "threads/222",
            thread("222", "The whole body, to its very end", "text/plain"),
        ),
        (
            "threads/333/fullContent",
            thread("333", "<p>The beginning and the end</p>", "text/html"),
        ),
        ("threads/333", cut.clone()),
        ("threads/444", file),
    ];
    let answer = told(&bed, &mut wire, &answers, json!({})).await;
    let first = entry(&answer, "111");
    assert_eq!(words(&answer, "111"), "Thanks!");
    assert!(first["quoted_left_out"].as_u64().unwrap() > 50, "{first}");
    assert_eq!(words(&answer, "222"), "The whole body, to its very end");
    assert_eq!(words(&answer, "333"), "The beginning and the end");
    assert_eq!(
        entry(&answer, "444")["files"],
        json!([{ "id": "9001", "name": "trace.log", "bytes": "17" }])
    );
    assert_eq!(answer["complete"], true, "{answer:#}");
    let whole = told(&bed, &mut wire, &answers, json!({ "include_quoted": true })).await;
    assert_eq!(
        words(&whole, "111"),
        "Thanks!\n\n---- On Fri, 20 Nov 2026 10:00:00 +0100 Aiko wrote ----\n\nThe whole body, to its very end"
    );
    assert_eq!(entry(&whole, "111")["quoted_left_out"], Value::Null);

    // As Gmail writes it: the quotation is seen by its element, and what stands below it is the author's.
    let gmail = |below: &str| {
        let reply = "<div dir=\"ltr\">The red one.</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On \
            Tue, Nov 3, 2026 at 9:12 AM Aiko &lt;<a href=\"mailto:a@b.example\">a@b.example</a>&gt; wrote:<br></div>\
            <blockquote class=\"gmail_quote\"><div>Which one?</div><div>- Aiko</div></blockquote></div>";
        thread("111", &format!("{reply}{below}"), "text/html")
    };
    for (below, text) in [
        ("", "The red one."),
        (
            "<div>And the blue one.</div>",
            "The red one.\n\n[...]\nAnd the blue one.",
        ),
    ] {
        let answers = [
            (
                "conversations",
                json!({ "data": [row("111", "in", "The red"), row("110", "out", "Which one? - Aiko")] }),
            ),
            ("latestThread", gmail(below)),
            ("threads/110", thread("110", "Which one?\n- Aiko", "text/plain")),
        ];
        let answer = told(&bed, &mut wire, &answers, json!({})).await;
        let shown = words(&answer, "111");
        assert_eq!(shown, text);
        assert!(entry(&answer, "111")["quoted_left_out"].is_u64(), "{answer:#}");
    }

    // Without the body there is the summary, and it is said so.
    let answers = [
        (
            "conversations",
            json!({ "data": [row("555", "in", "The summ"), row("333", "in", "The beg")] }),
        ),
        ("latestThread", json!({})),
        ("threads/555", json!([])),
        ("threads/333/fullContent", json!({})),
        ("threads/333", cut),
    ];
    let answer = told(&bed, &mut wire, &answers, json!({})).await;
    assert_eq!(entry(&answer, "555")["summary_only"], true);
    assert_eq!(words(&answer, "555"), "The summ");
    assert_eq!(entry(&answer, "333")["truncated"], true);
    assert_eq!(answer["complete"], false);
    assert!(
        answer["notes"]
            .to_string()
            .contains("1 messages could not be read"),
        "{answer:#}"
    );
}

#[tokio::test]
async fn lists_beside_the_conversation_say_how_many_there_are() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let files = |count: usize, name: &str| -> Value {
        (0..count)
            .map(|number| json!({ "id": format!("77{number:05}"), "name": format!("{name}-{number:03}.png"), "size": "1",
                "createdTime": "2026-11-20T10:00:00.000Z" }))
            .collect()
    };
    let events = |count: usize| -> Value {
        (0..count)
            .map(|number| json!({ "eventName": format!("Event{number}"), "eventTime": "2026-11-20T10:00:00.000Z" }))
            .collect()
    };
    for (count, name, shown) in [
        (40, "screenshot", Some(40)),
        (99, &"n".repeat(250), None),
        (100, "s", None),
    ] {
        let answers = [
            ("attachments", json!({ "data": files(count, name) })),
            ("History", json!({ "data": events(50) })),
        ];
        let answer = told(&bed, &mut wire, &answers, json!({})).await;
        let data = &answer["data"];
        let listed = data["attachments"].as_array().unwrap().len();
        let told = data["attachments_total"]
            .as_u64()
            .or(data["attachments_total_at_least"].as_u64());
        match shown {
            Some(shown) => assert_eq!((listed, told), (shown, None)),
            None => assert_eq!(told, Some(count as u64), "{listed}"),
        }
        assert_eq!(data["history_total_at_least"], 50);
        assert_eq!(answer["complete"], false);
        assert!(
            answer["notes"].to_string().contains("related:\\\"history\\\""),
            "{answer:#}"
        );
        assert!(answer.to_string().chars().count() <= BUDGET + 1000);
    }
    bed.forget().await;
    let refused = [("attachments", json!([])), ("blueprint", json!([]))];
    let answer = told(&bed, &mut wire, &refused, json!({})).await;
    assert_eq!(answer["complete"], false);
    for part in ["attachments", "blueprint"] {
        assert!(
            answer["notes"]
                .to_string()
                .contains(&format!("Could not be read: {part}")),
            "{answer:#}"
        );
    }
}

/// Any conversation: who writes, what, how long; several say the same.
fn conversation() -> impl Strategy<Value = Vec<(bool, &'static str, usize, bool)>> {
    let said = select(vec![
        "ok",
        "Any news?",
        "On it.",
        "It fails again",
        "Thanks\nOn it.",
    ]);
    prop::collection::vec(
        (any::<bool>(), said, select(vec![1, 1, 1, 40, 900]), any::<bool>()),
        0..60,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_message_is_told_or_counted(messages in conversation()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let answer = runtime.block_on(async {
            let bed = Bed::connected().await;
            let mut wire = bed.client().await;
            let mut rows = Vec::new();
            let mut answers = vec![("latestThread".to_owned(), json!({}))];
            for (number, (is_comment, said, times, customers)) in messages.iter().enumerate() {
                let (id, content) = (format!("{}", 10_000 + number), said.repeat(*times));
                rows.push(match is_comment {
                    true => comment(&id, &content, "plainText"),
                    false => row(&id, if *customers { "in" } else { "out" }, said),
                });
                answers.push((format!("threads/{id}"), thread(&id, &content, "text/plain")));
            }
            answers.push(("conversations".to_owned(), json!({ "data": rows })));
            let answers: Vec<(&str, Value)> = answers.iter().map(|(path, body)| (path.as_str(), body.clone())).collect();
            told(&bed, &mut wire, &answers, json!({})).await
        });
        let shown = answer["data"]["conversation"].as_array().unwrap();
        prop_assert!(answer.to_string().chars().count() <= BUDGET + 1000);
        // Oldest first, none left out between two that are shown.
        for (number, entry) in shown.iter().rev().enumerate() {
            let (_, said, times, _) = &messages[number];
            prop_assert_eq!(&entry["id"], &json!(format!("{}", 10_000 + number)));
            let text = entry["content"].as_str().unwrap().trim_matches(['〔', '〕']).trim_end_matches('…').chars().count();
            let left_out = entry["characters_left_out"].as_u64().unwrap_or(0) as usize;
            prop_assert_eq!(text + left_out, said.repeat(*times).trim().chars().count());
        }
        let whole = shown.len() == messages.len();
        prop_assert_eq!(answer["data"]["conversation_total"].as_u64(), (!whole).then_some(messages.len() as u64));
        prop_assert_eq!(answer["next_cursor"].is_string(), !whole);
        let cut = shown.iter().any(|entry| entry["characters_left_out"].is_u64());
        prop_assert_eq!(answer["complete"].as_bool(), Some(whole && !cut));
        if let Some(last) = messages.iter().position(|(is_comment, _, _, customers)| !is_comment && *customers) {
            let told = shown.iter().any(|entry| entry["customer"] == true);
            let id = (10_000 + last).to_string();
            prop_assert!(told || answer["data"]["last_customer_message"]["id"] == json!(id));
        }
    }
}

/// A row that is an error is no file, and one more that is not there.
#[tokio::test]
async fn files_of_a_message_that_cannot_be_read_are_counted() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let mut file = thread("444", "<p>See the trace</p>", "text/html");
    let unreadable = json!({ "errorCode": "FORBIDDEN", "message": "no" });
    file["attachments"] = json!([{ "id": "9001", "name": "trace.log", "size": "17" }, null, unreadable]);
    file["attachmentCount"] = json!("1");
    let answers = [
        (
            "conversations",
            json!({ "data": [row("444", "in", "See the trace")] }),
        ),
        ("latestThread", file.clone()),
        ("threads/444", file),
    ];
    let answer = told(&bed, &mut wire, &answers, json!({})).await;
    let entry = entry(&answer, "444");
    let known = json!([{ "id": "9001", "name": "trace.log", "bytes": "17" }]);
    assert_eq!(
        (&entry["files"], &entry["files_total"]),
        (&known, &json!(3)),
        "{entry}"
    );
    assert_eq!(answer["complete"], false, "{answer:#}");
}
