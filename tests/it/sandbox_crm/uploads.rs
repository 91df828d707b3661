//! Photos and files. Sources: api/v2 to v8 `upload-image` (modules, formats), the OpenAPI set of August 2026 (paths, codes),
//! the SDK of 7.0 (messages); it and that of 8.0 ask for every photo.

use bytes::Bytes;
use serde_json::{Value, json};

use super::World;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest\r\n--of it";

/// Sends files as the form field `file`.
fn sent(world: &mut World, line: &str, files: &[(&str, &[u8])]) -> (u16, Value) {
    let mut body = Vec::new();
    for (name, content) in files {
        let head =
            format!("--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        body.extend(head.as_bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"--edge--\r\n");
    world
        .headers
        .push(("content-type", "multipart/form-data; boundary=edge".to_owned()));
    let reply = world.send(line, Bytes::from(body));
    world.headers.clear();
    super::read(&reply)
}

fn content(world: &mut World, line: &str) -> (u16, Vec<u8>, Option<String>) {
    let reply = world.send(line, Bytes::new());
    (
        reply.status,
        reply.body.to_vec(),
        reply.header("content-type").map(str::to_owned),
    )
}

pub(crate) fn photo_set(world: &mut World) {
    for module in ["Leads", "Contacts", "Accounts", "Products", "Deals", "Vendors"] {
        let id = world.first(module);
        let line = format!("{module}/{id}/photo");
        assert_eq!(content(world, &format!("GET {line}")).0, 204, "{module}");
        let (status, body) = sent(world, &format!("POST {line}"), &[("face.png", PNG)]);
        assert_eq!(
            (status, &body["message"]),
            (200, &json!("photo uploaded successfully")),
            "{body}"
        );
        let told = content(world, &format!("GET {line}"));
        assert_eq!(
            told,
            (200, PNG.to_vec(), Some("image/png".to_owned())),
            "{module}"
        );
    }
    let lead = world.first("Leads");
    let (status, body) = sent(
        world,
        &format!("POST Leads/{lead}/photo"),
        &[("face.txt", b"a face")],
    );
    assert_eq!(
        (status, &body["message"]),
        (400, &json!("The image format is invalid."))
    );
    let task = world.first("Tasks");
    for (line, code) in [
        (format!("GET Tasks/{task}/photo"), "INVALID_MODULE"),
        ("GET Leads/12/photo".to_owned(), "INVALID_DATA"),
        (format!("POST Leads/{lead}/photo"), "MANDATORY_NOT_FOUND"),
    ] {
        let (status, body) = world.call(&line);
        assert_eq!((status, &body["code"]), (400, &json!(code)), "{line}");
    }
}

pub(crate) fn photo_deleted(world: &mut World) {
    let lead = world.first("Leads");
    sent(world, &format!("POST Leads/{lead}/photo"), &[("face.png", PNG)]);
    let (status, body) = world.call(&format!("DELETE Leads/{lead}/photo"));
    assert_eq!((status, &body["message"]), (200, &json!("Photo deleted")));
    assert_eq!(content(world, &format!("GET Leads/{lead}/photo")).0, 204);
}

pub(crate) fn files_kept(world: &mut World) {
    let (status, body) = sent(world, "POST files", &[("a.txt", b"one"), ("b.png", PNG)]);
    assert_eq!(status, 200, "{body}");
    for (at, (name, wanted)) in [("a.txt", &b"one"[..]), ("b.png", PNG)].into_iter().enumerate() {
        let details = &body["data"][at]["details"];
        assert_eq!(details["name"], name);
        let line = format!("GET files?id={}", details["id"].as_str().unwrap());
        assert_eq!(
            content(world, &line),
            (200, wanted.to_vec(), Some("application/octet-stream".to_owned()))
        );
    }
    let (status, body) = world.call("GET files");
    assert_eq!((status, &body["code"]), (400, &json!("REQUIRED_PARAM_MISSING")));
    assert_eq!(world.call("GET files?id=12").0, 400);
    let (status, body) = world.call("POST files");
    assert_eq!((status, &body["code"]), (400, &json!("INVALID_REQUEST")));
}
