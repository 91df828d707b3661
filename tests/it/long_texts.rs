//! A text that is longer than one answer: cut alike in every tool, told, and read to its end.

use serde_json::{Value, json};
use zoho_mcp::tools::output::fence::bare;
use zoho_mcp::tools::output::list::BUDGET;

use crate::bed::Bed;
use crate::desk_client::Desk;

/// `description` of a case holds 65,535 characters.
#[tokio::test]
async fn a_long_description_is_cut_alike_and_read_to_its_end() {
    let bed = Bed::connected().await;
    let whole: String = (0..6_000).map(|number| format!("word{number:04}. ")).collect();
    let whole = whole.trim().to_owned();
    let id = Desk::of(&bed).await.create("A very long story", &whole).await;
    let mut wire = bed.client().await;
    let one = json!({ "module": "Cases", "id": id });
    let found = json!({ "module": "Cases", "filters": { "subject": "A very long story" }, "fields": ["subject", "description"] });
    for (tool, arguments, place) in [
        ("get_record", one, "/data/description"),
        ("search_records", found, "/data/0/description"),
    ] {
        let answer = wire.call(tool, arguments).await;
        assert!(answer.to_string().chars().count() < BUDGET + 2000, "{tool}");
        let shown = bare(answer.pointer(place).unwrap().as_str().unwrap());
        let start = shown.trim_end_matches('…');
        assert!(
            start.len() > 4000 && whole.starts_with(start) && shown.ends_with('…'),
            "{tool}: {shown:.100}"
        );
        let notes = answer["notes"].to_string();
        assert!(
            notes.contains(" characters: description. get_record with"),
            "{tool}: {notes}"
        );
    }
    let mut arguments = json!({ "module": "Cases", "id": id, "fields": ["description"] });
    let (mut read, mut pages) = (String::new(), 0);
    loop {
        let answer = wire.call("get_record", arguments.clone()).await;
        read.push_str(bare(answer["data"]["description"].as_str().unwrap()));
        pages += 1;
        assert!(pages < 10, "{answer:.300}");
        if answer["next_cursor"].is_null() {
            break;
        }
        assert!(answer["data"]["characters_left_out"].as_u64().unwrap() > 0);
        arguments["cursor"] = answer["next_cursor"].clone();
    }
    assert_eq!(read, whole);
    assert_eq!(pages, 4);
    // A cursor belongs to its text.
    arguments["fields"] = json!(["subject"]);
    let answer: Value = wire.call("get_record", arguments).await;
    assert_eq!(answer["code"], "invalid_arguments", "{answer}");
}
