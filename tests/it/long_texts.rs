//! A text that is longer than one answer: cut alike in every tool, told, and read to its end.

use serde_json::{Value, json};
use zoho_mcp::tools::output::fence::bare;
use zoho_mcp::tools::output::list::BUDGET;

use crate::bed::{Bed, Wire};
use crate::connections_rooms::fake::{self, House};
use crate::desk_client::Desk;

/// All of a text, a part an answer, and how many answers; the arguments are left with the last cursor.
async fn read_on(wire: &mut Wire, tool: &str, arguments: &mut Value, place: &str) -> (String, usize) {
    let mut read = String::new();
    for pages in 1..20 {
        let answer = wire.call(tool, arguments.clone()).await;
        let part = answer.pointer(place).and_then(Value::as_str);
        read.push_str(bare(part.unwrap_or_else(|| panic!("{answer:.600}"))));
        assert!(answer.to_string().chars().count() < BUDGET + 2000, "{tool}");
        if answer["next_cursor"].is_null() {
            return (read, pages);
        }
        let left = answer.to_string().contains("characters_left_out");
        assert!(left, "{answer:.300}");
        arguments["cursor"] = answer["next_cursor"].clone();
    }
    panic!("{tool} does not end");
}

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
    let (read, pages) = read_on(&mut wire, "get_record", &mut arguments, "/data/description").await;
    assert_eq!(read, whole);
    assert_eq!(pages, 4);
    // A cursor belongs to its text.
    arguments["fields"] = json!(["subject"]);
    let answer: Value = wire.call("get_record", arguments).await;
    assert_eq!(answer["code"], "invalid_arguments", "{answer}");
}

/// Line ends, quotes and strokes take two characters in JSON each.
fn many_signs() -> String {
    let line = |number: usize| format!("{number} \"a\\b\"\n\t");
    let lines: String = (0..3_000).map(line).collect();
    lines.trim().to_owned()
}

/// A multi-line field of CRM holds 32,000 characters.
#[tokio::test]
async fn a_text_of_crm_is_read_to_its_end_whatever_its_signs_take_in_json() {
    let (house, whole) = (House::new().await, many_signs());
    house.connect(3600).await;
    let row = json!({ "data": [{ "id": "3652397000000649013", "Description": whole }] });
    let answers = (0..20).map(|_| fake::json(200, &row.to_string()));
    house.fake.script("/crm/v8/Leads/3652397000000649013", answers);
    let mut wire = house.serve(house.settings()).await;
    let mut arguments = json!({ "module": "Leads", "id": "3652397000000649013", "fields": ["Description"] });
    let (read, pages) = read_on(&mut wire, "get_record", &mut arguments, "/data/Description").await;
    assert_eq!(read, whole);
    assert!(pages > 1, "{pages}");
}

#[tokio::test]
async fn a_message_is_read_to_its_end_whatever_its_signs_take_in_json() {
    let whole = many_signs();
    let thread = "/api/v1/tickets/1892000000042034/threads/1892000000042052";
    for field in ["content", "plainText"] {
        let house = House::new().await;
        house.connect(3600).await;
        let row = json!({ "id": "1892000000042052", "contentType": "plainText", field: whole });
        let answers = (0..20).map(|_| fake::json(200, &row.to_string()));
        house.fake.script(thread, answers);
        let mut wire = house.serve(house.settings()).await;
        let mut arguments = json!({ "module": "Cases", "id": "1892000000042034", "related": "threads",
            "related_id": "1892000000042052", "fields": [field] });
        let place = format!("/data/0/{field}");
        let (read, pages) = read_on(&mut wire, "get_related_records", &mut arguments, &place).await;
        assert_eq!(read, whole, "{field}");
        assert!(pages > 1, "{field}: {pages}");
    }
}
