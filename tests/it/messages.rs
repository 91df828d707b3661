//! One message of a case: read whole, however long, and its files fetched from where they lie.

use serde_json::json;
use zoho_mcp::tools::output::fence::bare;

use crate::bed::Bed;
use crate::desk_client::Desk;

#[tokio::test]
async fn one_message_is_read_whole_however_long() {
    let bed = Bed::connected().await;
    let desk = Desk::of(&bed).await;
    let ticket = desk.create("Long", "A case").await;
    let lines: Vec<String> = (0..9000).map(|number| format!("line {number} <ok>")).collect();
    let text = lines.join("\n");
    let thread = desk.reply(&ticket, &text, "plainText", &[]).await;
    let mut wire = bed.client().await;
    let list = json!({ "module": "Cases", "id": ticket, "related": "threads" });
    let listed = wire.call("get_related_records", list.clone()).await;
    assert!(
        listed["data"][0]["summary"].as_str().unwrap().len() < 300,
        "{listed:#}"
    );
    assert!(listed["notes"].to_string().contains("related_id"), "{listed:#}");

    let mut one = list;
    one["related_id"] = json!(thread);
    let (mut read, mut answers) = (String::new(), 0);
    loop {
        let answer = wire.call("get_related_records", one.clone()).await;
        assert!(answer.to_string().chars().count() < 24_000);
        let row = &answer["data"][0];
        assert_eq!(
            (&row["id"], &answer["count"]),
            (&json!(thread), &json!(1)),
            "{answer:#}"
        );
        read.push_str(bare(row["content"].as_str().unwrap()));
        answers += 1;
        match answer["next_cursor"].as_str() {
            Some(cursor) => {
                let left = row["characters_left_out"].as_u64().unwrap() as usize;
                assert_eq!(read.chars().count() + left, text.chars().count());
                one["cursor"] = json!(cursor);
            }
            None => break,
        }
    }
    assert!(
        answers > 5 && read == text,
        "{answers}: {} of {}",
        read.len(),
        text.len()
    );

    let context = wire.call("get_ticket_context", json!({ "id": ticket })).await;
    let entry = &context["data"]["conversation"][0];
    assert_eq!(entry["characters_left_out"], json!(text.chars().count() - 3000));
    assert_eq!(context["complete"], false);
}

#[tokio::test]
async fn one_comment_is_read_and_other_rows_are_not() {
    let bed = Bed::connected().await;
    let desk = Desk::of(&bed).await;
    let ticket = desk.create("Commented", "A case").await;
    let body = json!({ "content": "a <b\n> c", "contentType": "plainText", "isPublic": false });
    let comment = desk.post(&format!("/tickets/{ticket}/comments"), body).await["id"].clone();
    let mut wire = bed.client().await;
    let mut one = json!({ "module": "Cases", "id": ticket, "related": "comments", "related_id": comment, "fields": ["content"] });
    let answer = wire.call("get_related_records", one.clone()).await;
    assert_eq!(
        answer["data"],
        json!([{ "id": comment, "content": "〔a <b\n> c〕" }]),
        "{answer:#}"
    );
    one["related"] = json!("history");
    let answer = wire.call("get_related_records", one).await;
    assert_eq!(answer["problems"][0]["path"], "/related_id", "{answer:#}");
}

#[tokio::test]
async fn a_file_of_a_message_is_named_and_fetched() {
    let bed = Bed::connected().await;
    let desk = Desk::of(&bed).await;
    let ticket = desk.create("With a trace", "A case").await;
    let file = desk.upload("trace.log", "the trace").await;
    let thread = desk
        .reply(
            &ticket,
            "<p>See the trace</p>",
            "html",
            std::slice::from_ref(&file),
        )
        .await;
    desk.reply(&ticket, "<p>No file</p>", "html", &[]).await;
    let mut wire = bed.client().await;
    let context = wire.call("get_ticket_context", json!({ "id": ticket })).await;
    let conversation = context["data"]["conversation"].as_array().unwrap();
    let entry = conversation
        .iter()
        .find(|entry| entry["id"] == thread.as_str())
        .unwrap();
    assert_eq!(
        entry["files"],
        json!([{ "id": file, "name": "trace.log", "bytes": "9" }])
    );
    let mut arguments = json!({ "module": "Cases", "id": ticket, "attachment_id": file });
    let answer = wire.call("get_attachment", arguments.clone()).await;
    let data = &answer["data"];
    assert_eq!(
        (&data["name"], &data["bytes"]),
        (&json!("trace.log"), &json!(9)),
        "{answer:#}"
    );
    arguments["attachment_id"] = json!("1");
    let answer = wire.call("get_attachment", arguments).await;
    assert_eq!(answer["problems"][0]["path"], "/attachment_id", "{answer:#}");
}
