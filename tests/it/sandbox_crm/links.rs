//! Notes, attachments and related lists.

use bytes::Bytes;
use serde_json::{Value, json};

use super::{World, read};
use crate::bed::ids;

fn deal(world: &mut World) -> String {
    world.insert(
        "Deals",
        json!({ "Deal_Name": "Zyx deal", "Stage": "Qualification" }),
    )
}

fn note(world: &mut World, deal: &str, text: &str) -> String {
    let (status, body) = world.put(
        &format!("POST Deals/{deal}/Notes"),
        json!({ "data": [{ "Note_Title": "Zyx", "Note_Content": text }] }),
    );
    assert_eq!(status, 201, "{body}");
    body["data"][0]["details"]["id"].as_str().unwrap().to_owned()
}

/// The ids of a related list, and the count of the same list.
fn listed(world: &mut World, module: &str, id: &str, list: &str) -> Vec<String> {
    let (_, body) = world.call(&format!("GET {module}/{id}/{list}?fields=id&sort_order=asc"));
    let found = ids(&body);
    let asked = json!({ "get_related_records_count": [{ "related_list": { "api_name": list } }] });
    let (status, body) = world.put(
        &format!("POST {module}/{id}/actions/get_related_records_count"),
        asked,
    );
    assert_eq!(
        (status, &body["get_related_records_count"][0]["count"]),
        (200, &json!(found.len()))
    );
    found
}

pub(crate) fn note_added(world: &mut World) {
    let deal = deal(world);
    let id = note(world, &deal, "Called — «ok»");
    assert_eq!(listed(world, "Deals", &deal, "Notes"), [id.as_str()]);
    let row = world.record("Notes", &id);
    assert_eq!(
        (
            &row["Note_Content"],
            &row["Parent_Id"]["id"],
            &row["Parent_Id"]["name"]
        ),
        (&json!("Called — «ok»"), &json!(deal), &json!("Zyx deal"))
    );
    assert_eq!(
        (&row["Parent_Id"]["module"]["api_name"], &row["$se_module"]),
        (&json!("Deals"), &json!("Deals"))
    );
    assert_eq!(
        world.good(&format!("GET Deals/{deal}/Notes/{id}"))["data"][0],
        row
    );
    let loose = json!({ "data": [{ "Note_Content": "By itself", "Parent_Id": { "module": { "api_name": "Deals" }, "id": deal } }] });
    let (status, body) = world.put("POST Notes", loose);
    assert_eq!(status, 201);
    assert_eq!(
        listed(world, "Deals", &deal, "Notes"),
        [id, body["data"][0]["details"]["id"].as_str().unwrap().to_owned()]
    );
    let (status, body) = world.put("POST Notes", json!({ "data": [{ "Note_Content": "x", "Parent_Id": { "module": { "api_name": "Deals" }, "id": "1" } }] }));
    assert_eq!(
        (status, &body["data"][0]["message"]),
        (400, &json!("the related id given seems to be invalid"))
    );
}

pub(crate) fn note_updated(world: &mut World) {
    let deal = deal(world);
    let id = note(world, &deal, "before");
    let change = json!({ "data": [{ "Note_Content": "after" }] });
    assert_eq!(
        world
            .put(&format!("PUT Deals/{deal}/Notes/{id}"), change.clone())
            .0,
        200
    );
    assert_eq!(world.record("Notes", &id)["Note_Content"], "after");
    assert_eq!(world.put(&format!("PUT Deals/{deal}/Notes/1"), change).0, 400);
}

pub(crate) fn notes_updated(world: &mut World) {
    let deal = deal(world);
    let (one, two) = (note(world, &deal, "1"), note(world, &deal, "2"));
    let body =
        json!({ "data": [{ "id": one, "Note_Content": "one" }, { "id": two, "Note_Content": "two" }] });
    assert_eq!(world.put(&format!("PUT Deals/{deal}/Notes"), body).0, 200);
    let body = world.good(&format!(
        "GET Deals/{deal}/Notes?fields=Note_Content&sort_order=asc"
    ));
    assert_eq!(
        body["data"],
        json!([{ "Note_Content": "one", "id": one }, { "Note_Content": "two", "id": two }])
    );
}

pub(crate) fn note_deleted(world: &mut World) {
    let deal = deal(world);
    let (one, two) = (note(world, &deal, "1"), note(world, &deal, "2"));
    assert_eq!(world.call(&format!("DELETE Deals/{deal}/Notes/{one}")).0, 200);
    assert_eq!(listed(world, "Deals", &deal, "Notes"), [two]);
    assert_eq!(world.record("Notes", &one), Value::Null);
}

pub(crate) fn notes_deleted(world: &mut World) {
    let deal = deal(world);
    let (one, two, kept) = (
        note(world, &deal, "1"),
        note(world, &deal, "2"),
        note(world, &deal, "3"),
    );
    let foreign = world.first("Notes");
    assert_eq!(foreign, kept);
    let other = world.good("GET Notes?fields=id&sort_order=asc&per_page=1")["data"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        world
            .call(&format!("DELETE Deals/{deal}/Notes?ids={one},{two},{other}"))
            .0,
        207
    );
    assert_eq!(listed(world, "Deals", &deal, "Notes"), [kept]);
    assert_ne!(world.record("Notes", &other), Value::Null);
}

fn upload(world: &mut World, deal: &str, name: &str, content: &[u8]) -> String {
    let mut body = format!("--zz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/plain\r\n\r\n").into_bytes();
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--zz--\r\n");
    let mut request = world.request(&format!("POST Deals/{deal}/Attachments"), Bytes::from(body));
    request.headers.insert(
        "content-type",
        "multipart/form-data; boundary=zz".parse().unwrap(),
    );
    let (status, body) = read(&world.crm.handle(&request));
    assert_eq!(
        (status, &body["data"][0]["message"]),
        (200, &json!("attachment uploaded successfully"))
    );
    body["data"][0]["details"]["id"].as_str().unwrap().to_owned()
}

pub(crate) fn uploaded(world: &mut World) {
    let deal = deal(world);
    let content = b"line\r\n--z not the end\r\n\xff\x00";
    let id = upload(world, &deal, "größe.txt", content);
    assert_eq!(listed(world, "Deals", &deal, "Attachments"), [id.as_str()]);
    let body = world.good(&format!(
        "GET Deals/{deal}/Attachments?fields=File_Name,Size,Parent_Id"
    ));
    assert_eq!(
        (&body["data"][0]["File_Name"], &body["data"][0]["Size"]),
        (&json!("größe.txt"), &json!(content.len().to_string()))
    );
    let reply = world.send(&format!("GET Deals/{deal}/Attachments/{id}"), Bytes::new());
    assert_eq!((reply.status, reply.body.as_ref()), (200, content.as_slice()));
    assert!(
        reply
            .headers
            .iter()
            .any(|(name, value)| *name == "content-disposition" && value.contains("gr%C3%B6%C3%9Fe"))
    );
    let (status, body) = world.call(&format!(
        "POST Deals/{deal}/Attachments?attachmentUrl=https%3A%2F%2Fzyx.example%2Fa.pdf&title=A"
    ));
    assert_eq!(status, 200);
    let link = body["data"][0]["details"]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        world.call(&format!("GET Deals/{deal}/Attachments/{link}")).1["code"],
        "DOWNLOAD_NOT_ALLOWED"
    );
    assert_eq!(
        world.call(&format!("POST Deals/{deal}/Attachments")).1["code"],
        "MANDATORY_NOT_FOUND"
    );
    let seeded = world.good("GET Leads?fields=id&sort_order=asc&per_page=200");
    assert!(!ids(&seeded).is_empty());
}

pub(crate) fn attachment_deleted(world: &mut World) {
    let deal = deal(world);
    let (one, two) = (upload(world, &deal, "a", b"1"), upload(world, &deal, "b", b"2"));
    assert_eq!(
        world.call(&format!("DELETE Deals/{deal}/Attachments/{one}")).0,
        200
    );
    assert_eq!(listed(world, "Deals", &deal, "Attachments"), [two]);
    assert_eq!(world.call(&format!("GET Deals/{deal}/Attachments/{one}")).0, 400);
}

pub(crate) fn attachments_deleted(world: &mut World) {
    let deal = deal(world);
    let (one, two) = (upload(world, &deal, "a", b"1"), upload(world, &deal, "b", b"2"));
    assert_eq!(
        world
            .call(&format!("DELETE Deals/{deal}/Attachments?ids={one},{two}"))
            .0,
        200
    );
    assert!(listed(world, "Deals", &deal, "Attachments").is_empty());
}

pub(crate) fn linked(world: &mut World) {
    let deal = deal(world);
    let product = world.first("Products");
    let (status, body) = world.put(
        &format!("PUT Deals/{deal}/Products/{product}"),
        json!({ "data": [{}] }),
    );
    assert_eq!(
        (status, &body["data"][0]["message"]),
        (200, &json!("relation added"))
    );
    assert_eq!(listed(world, "Deals", &deal, "Products"), [product.as_str()]);
    assert!(listed(world, "Products", &product, "Deals").contains(&deal));
    assert_eq!(
        world.good(&format!("GET Deals/{deal}/Products/{product}"))["data"][0]["id"],
        product
    );
    assert_eq!(
        world.put(&format!("PUT Deals/{deal}/Products/1"), json!({})).0,
        400
    );
    assert_eq!(
        world.call(&format!("GET Deals/{deal}/Nothing?fields=id")).1["details"]["resource_path_index"],
        2
    );
}

pub(crate) fn linked_many(world: &mut World) {
    let account = world.insert("Accounts", json!({ "Account_Name": "Zyx" }));
    let one = world.insert("Contacts", json!({ "Last_Name": "Zyxa" }));
    let two = world.insert("Contacts", json!({ "Last_Name": "Zyxb" }));
    let body = json!({ "data": [{ "id": one }, { "id": two }, { "id": "1" }] });
    assert_eq!(
        world.put(&format!("PUT Accounts/{account}/Contacts"), body).0,
        207
    );
    assert_eq!(
        listed(world, "Accounts", &account, "Contacts"),
        [one.clone(), two.clone()]
    );
    assert_eq!(
        world.record("Contacts", &one)["Account_Name"],
        json!({ "name": "Zyx", "id": account })
    );
    let criteria = format!("criteria=(Account_Name:equals:{account})");
    assert_eq!(world.found("Contacts", &criteria).len(), 2);
    assert_eq!(
        world.good(&format!("GET Contacts/actions/count?{criteria}"))["count"],
        2
    );
}

pub(crate) fn roles_given(world: &mut World) {
    let deal = deal(world);
    let (one, other) = (
        world.first("Contacts"),
        world.insert("Contacts", json!({ "Last_Name": "Zyxr" })),
    );
    let role = |id: &str, name: &str| json!({ "id": id, "Contact_Role": { "name": name } });
    let data = json!({ "data": [role(&one, "Purchasing"), role(&other, "Decision Maker"), role("1", "Purchasing")] });
    assert_eq!(world.put(&format!("PUT Deals/{deal}/Contact_Roles"), data).0, 207);
    assert_eq!(listed(world, "Deals", &deal, "Contact_Roles").len(), 2);
    let rows = world.good(&format!("GET Deals/{deal}/Contact_Roles?fields=Last_Name"));
    let role_of = |id: &str| {
        let rows = rows["data"].as_array().unwrap().iter();
        rows.clone().find(|row| row["id"] == id).unwrap()["Contact_Role"]["name"].clone()
    };
    assert_eq!(
        (role_of(&one), role_of(&other)),
        (json!("Purchasing"), json!("Decision Maker"))
    );
}

pub(crate) fn role_given(world: &mut World) {
    let deal = deal(world);
    let contact = world.first("Contacts");
    for name in ["Purchasing", "Executive Sponsor"] {
        let role = json!({ "data": [{ "Contact_Role": { "name": name } }] });
        assert_eq!(
            world
                .put(&format!("PUT Deals/{deal}/Contact_Roles/{contact}"), role)
                .0,
            200
        );
        let rows = world.good(&format!("GET Deals/{deal}/Contact_Roles?fields=Last_Name"));
        assert_eq!(rows["data"][0]["Contact_Role"]["name"], name);
    }
}

pub(crate) fn role_taken(world: &mut World) {
    let deal = deal(world);
    let contact = world.first("Contacts");
    let role = json!({ "data": [{ "Contact_Role": { "name": "Purchasing" } }] });
    world.put(&format!("PUT Deals/{deal}/Contact_Roles/{contact}"), role);
    assert_eq!(listed(world, "Deals", &deal, "Contact_Roles"), [contact.as_str()]);
    let (status, body) = world.call(&format!("DELETE Deals/{deal}/Contact_Roles/{contact}"));
    assert_eq!(
        (status, &body["data"][0]["message"]),
        (200, &json!("relation removed"))
    );
    assert!(listed(world, "Deals", &deal, "Contact_Roles").is_empty());
    assert_ne!(world.record("Contacts", &contact), Value::Null);
    assert_eq!(
        world
            .call(&format!("DELETE Deals/{deal}/Contact_Roles/{contact}"))
            .0,
        400
    );
}

pub(crate) fn roles_taken(world: &mut World) {
    let deal = deal(world);
    let contact = world.first("Contacts");
    let role = json!({ "data": [{ "Contact_Role": { "name": "Purchasing" } }] });
    world.put(&format!("PUT Deals/{deal}/Contact_Roles/{contact}"), role);
    let taken = world.call(&format!("DELETE Deals/{deal}/Contact_Roles?ids={contact}"));
    assert_eq!(taken.0, 200, "{taken:?}");
    assert!(listed(world, "Deals", &deal, "Contact_Roles").is_empty());
}

pub(crate) fn unlinked(world: &mut World) {
    let account = world.insert("Accounts", json!({ "Account_Name": "Zyx" }));
    let contact = json!({ "Last_Name": "Zyxa", "Account_Name": account });
    let contact = world.insert("Contacts", contact);
    let line = format!("DELETE Accounts/{account}/Contacts/{contact}");
    assert_eq!(world.call(&line).0, 200);
    assert!(listed(world, "Accounts", &account, "Contacts").is_empty());
    assert_eq!(world.record("Contacts", &contact)["Account_Name"], Value::Null);
    assert_eq!(world.call(&line).0, 400);
}

pub(crate) fn unlinked_many(world: &mut World) {
    let account = world.insert("Accounts", json!({ "Account_Name": "Zyx" }));
    let one = world.insert(
        "Contacts",
        json!({ "Last_Name": "Zyxa", "Account_Name": account }),
    );
    let two = world.insert(
        "Contacts",
        json!({ "Last_Name": "Zyxb", "Account_Name": account }),
    );
    assert_eq!(
        world
            .call(&format!("DELETE Accounts/{account}/Contacts?ids={one}"))
            .0,
        200
    );
    assert_eq!(listed(world, "Accounts", &account, "Contacts"), [two]);
    assert_eq!(world.record("Contacts", &one)["Account_Name"], Value::Null);
    assert_eq!(
        world.good(&format!(
            "GET Contacts/actions/count?criteria=(Account_Name:equals:{account})"
        ))["count"],
        1
    );
}
