//! What a large text of a customer costs: no more than its length, whatever stands in it; and nobody else waits for it.

use std::time::Duration;

use serde_json::{Value, json};
use zoho_mcp::names::clean;
use zoho_mcp::tools::output::fence;
use zoho_mcp::tools::output::html::{if_markup, to_text};
use zoho_mcp::tools::output::quotation::{self, Earlier};

use crate::bed::{Bed, model_reads};

/// Texts of so many bytes, about, each hard for another scan.
fn texts(bytes: usize) -> Vec<(&'static str, String)> {
    let pieces = [
        "a: b\n",
        "> x\n",
        "On x\n",
        "-----\n",
        "x ",
        "\n",
        ">",
        "-",
        "&a",
        "<b ",
        "<!--",
        "<b>x",
        "<a href=\"",
        "<p style='color:#fff'>x",
        "<p style='",
        "On Tue, 3 Nov 2026 at 09:12, Aiko <a@b.example> wrote:\n",
        "From: a@b.example\nSent: 2026-11-03 10:00\n",
        "語",
        "a\u{200b}",
        "〔",
        "<svg><a",
        "<i hidden>",
    ];
    pieces
        .into_iter()
        .map(|piece| (piece, piece.repeat(bytes / piece.len())))
        .collect()
}

/// Processor time of this thread, in clock ticks that do not count while others run.
#[cfg(target_os = "linux")]
fn spent(work: impl FnOnce()) -> Duration {
    let used = || {
        let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
        Duration::from_nanos(told.split(' ').next().unwrap().parse().unwrap())
    };
    let before = used();
    work();
    // The kernel adds up when it looks at the thread.
    std::thread::yield_now();
    used() - before
}

fn read(text: &str) {
    let cleaned = clean(text.to_owned());
    for shown in [to_text(&cleaned), if_markup(&cleaned), cleaned] {
        if let Some(found) = quotation::find(&shown) {
            let other = [Earlier::of(
                "another message, which is not quoted here at all",
                "",
            )];
            (0..50).for_each(|_| assert!(found.without_known(&other, "").is_none()));
        }
        let mut data = json!([{ "description": shown }]);
        fence::fence(&mut data, &Default::default());
    }
}

/// Hostile input 2: four times the text is at most eight times the work.
#[cfg(target_os = "linux")]
#[test]
fn a_text_costs_what_its_length_costs() {
    const LEAST: Duration = Duration::from_millis(40);
    for ((piece, small), (_, large)) in texts(100_000).into_iter().zip(texts(400_000)) {
        let (one, four) = (spent(|| read(&small)).max(LEAST), spent(|| read(&large)));
        assert!(four <= one * 8, "{piece:?}: {one:?} and {four:?}");
    }
}

/// A quick call beside a case of megabytes is answered first.
#[tokio::test]
async fn nobody_waits_for_a_large_text() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let list = wire
        .call("get_records", json!({ "module": "Cases", "limit": 1 }))
        .await;
    let id = list["data"][0]["id"].as_str().unwrap().to_owned();
    let row = json!({
        "id": "11", "type": "thread", "channel": "EMAIL", "direction": "in", "status": "SUCCESS", "summary": "s",
        "createdTime": "2026-11-20T10:00:00.000Z", "author": { "name": "a", "type": "END_USER" },
        "contentType": "text/html", "content": "<p>a: b</p>\n> x\n".repeat(60_000), "isContentTruncated": false,
    });
    let mut older = row.clone();
    (older["id"], older["content"]) = (json!("10"), json!("older"));
    let path = format!("/api/v1/tickets/{id}/conversations");
    bed.admin(json!({ "faults": [{ "kind": "answer", "path": path, "body": { "data": [row, older] } }] }))
        .await;
    let call = |id: u64, tool: &str, arguments: Value| json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": { "name": tool, "arguments": arguments } });
    wire.send(&call(901, "get_ticket_context", json!({ "id": id })).to_string())
        .await;
    wire.send(&call(902, "get_modules", json!({})).to_string()).await;
    let mut order = Vec::new();
    while order.len() < 2 {
        let message = wire.receive().await;
        if let Some(id) = message["id"].as_u64().filter(|_| message["method"].is_null()) {
            assert!(model_reads(&message)["error"].is_null(), "{message}");
            order.push(id);
        }
    }
    assert_eq!(order, [902, 901]);
}
