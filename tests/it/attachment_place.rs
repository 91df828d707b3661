//! Where a file is looked for: what could not be looked through is never told as a file that is not there.

use serde_json::{Value, json};

use crate::bed::Bed;
use crate::connections_rooms::fake::{House, json as scripted};
use crate::desk_client::Desk;

const CASE: &str = "/api/v1/tickets/1892000000042034";

async fn asked(house: &House, module: &str, file: &str) -> Value {
    house.connect(3600).await;
    let mut wire = house.serve(house.settings()).await;
    let app = if module == "Cases" { "desk" } else { "crm" };
    let arguments =
        json!({ "module": module, "app_type": app, "id": "1892000000042034", "attachment_id": file });
    wire.call("get_attachment", arguments).await
}

#[tokio::test]
async fn giving_up_is_not_called_no_such_file() {
    let house = House::new().await;
    let pages = (1..20).map(|page| {
        let body = json!({ "data": [{ "id": format!("{page}"), "File_Name": "a.log" }],
            "info": { "more_records": true, "next_page_token": "t" } });
        scripted(200, &body.to_string())
    });
    house
        .fake
        .script("/crm/v8/Contacts/1892000000042034/Attachments", pages);
    let answer = asked(&house, "Contacts", "77").await;
    assert_eq!(answer["problems"][0]["path"], "/attachment_id", "{answer:#}");
    let problems = answer["problems"].to_string();
    assert!(problems.contains("there are more"), "{answer:#}");
    assert!(!problems.contains("another id"), "{answer:#}");
}

#[tokio::test]
async fn one_message_that_may_not_be_read_hides_no_file_of_another() {
    for (file, found) in [("8", true), ("9", false)] {
        let house = House::new().await;
        let threads =
            json!({ "data": [{ "id": "101", "hasAttach": true }, { "id": "102", "attachmentCount": "1" }] });
        let message = json!({ "id": "102", "attachments": [{ "id": "8", "name": "b.log", "size": "2" }] });
        let refusal = json!({ "errorCode": "FORBIDDEN", "message": "not allowed" });
        for (path, status, body) in [
            ("/attachments", 200, json!({ "data": [] })),
            ("/threads", 200, threads),
            ("/threads/101", 403, refusal),
            ("/threads/102", 200, message),
            (
                "/threads/102/attachments/8/content",
                200,
                json!({ "some": "text" }),
            ),
        ] {
            let path = format!("{CASE}{path}");
            house.fake.script(&path, [scripted(status, &body.to_string())]);
        }
        let answer = asked(&house, "Cases", file).await;
        match found {
            true => assert_eq!(answer["data"]["name"], "b.log", "{answer:#}"),
            false => assert!(answer["error"].to_string().contains("FORBIDDEN"), "{answer:#}"),
        }
    }
}

/// `AttachmentRef.href` of the OpenAPI: `tickets/1/comments/2/attachments/3/content`.
#[tokio::test]
async fn a_file_of_a_comment_is_named_and_fetched() {
    let bed = Bed::connected().await;
    let desk = Desk::of(&bed).await;
    let id = desk.create("With a file", "A case").await;
    let upload = desk.upload("trace.log", "hello trace").await;
    let comment =
        json!({ "content": "See the trace", "contentType": "plainText", "attachmentIds": [upload] });
    desk.post(&format!("/tickets/{id}/comments"), comment).await;
    let mut wire = bed.client().await;
    let case = wire.call("get_ticket_context", json!({ "id": id })).await;
    let conversation = case["data"]["conversation"].as_array().unwrap();
    let said = conversation
        .iter()
        .find(|entry| entry["kind"] == "comment")
        .unwrap();
    assert_eq!(said["files"][0]["name"], "trace.log", "{said}");
    let listed = json!({ "module": "Cases", "id": id, "related": "comments" });
    let listed = wire.call("get_related_records", listed).await;
    assert_eq!(
        listed["data"][0]["attachments"][0]["name"], "trace.log",
        "{listed:#}"
    );
    assert!(listed["data"][0]["commenter"]["name"].is_string(), "{listed:#}");
    let file = json!({ "module": "Cases", "id": id, "attachment_id": said["files"][0]["id"] });
    let file = wire.call("get_attachment", file).await;
    assert_eq!(file["data"]["text"], "〔hello trace〕", "{file:#}");
}
