//! Every kind of fault as a client sees it.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
};

use flate2::read::GzDecoder;
use reqwest::Response;
use serde_json::{Value, json};

use super::Zoho;

const TICKETS: &str = "/api/v1/tickets";

/// A request over a socket of its own, still unanswered.
fn raw(zoho: &Zoho, token: &str) -> TcpStream {
    let address = zoho.sandbox.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!(
        "GET {TICKETS} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Zoho-oauthtoken {token}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    stream
}

/// Everything until the end of the stream, and how it ended.
fn read_on(mut stream: TcpStream) -> (String, Option<ErrorKind>) {
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).err().map(|error| error.kind());
    (String::from_utf8_lossy(&bytes).into_owned(), end)
}

async fn body(response: Response) -> String {
    response.text().await.unwrap()
}

async fn struck(zoho: &Zoho, token: &str, fault: Value) -> Response {
    zoho.fault(fault).await;
    zoho.api(TICKETS, token).await
}

#[tokio::test]
async fn statuses_come_with_the_body_of_the_product() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    for status in ["401", "403", "429", "500", "503"] {
        zoho.admin(json!({ "faults": [{ "kind": status, "path": "/" }] }))
            .await;
        for (path, member) in [
            (TICKETS, "errorCode"),
            ("/crm/v8/Leads", "code"),
            ("/oauth/v2/token", "error"),
        ] {
            let response = zoho.api(path, &token).await;
            assert_eq!(response.status().as_str(), status);
            assert!(response.headers().get("retry-after").is_none());
            let body: Value = serde_json::from_str(&body(response).await).unwrap();
            assert!(body[member].is_string(), "{status} {path}: {body}");
        }
        assert_eq!(zoho.count(&format!("fault_{status}")).await, 3);
    }
    for status in ["502", "504"] {
        let response = struck(&zoho, &token, json!({ "kind": status })).await;
        assert_eq!(response.status().as_str(), status);
        assert!(body(response).await.starts_with("<html>"));
    }
    for seconds in [json!("7"), json!(7)] {
        let response = struck(&zoho, &token, json!({ "kind": "429", "retry_after": seconds })).await;
        assert_eq!(response.headers()["retry-after"], "7");
    }
}

#[tokio::test]
async fn a_fault_strikes_by_path_count_and_turn() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    let statuses = async |n: usize| {
        let mut seen = Vec::new();
        for _ in 0..n {
            seen.push(zoho.tickets(&token).await);
        }
        seen
    };
    zoho.fault(json!({ "kind": "503", "count": 2 })).await;
    assert_eq!(statuses(4).await, [503, 503, 200, 200]);
    zoho.fault(json!({ "kind": "503", "every": 3 })).await;
    assert_eq!(statuses(7).await, [200, 200, 503, 200, 200, 503, 200]);
    zoho.fault(json!({ "kind": "503", "every": 2, "count": 1 })).await;
    assert_eq!(statuses(4).await, [200, 503, 200, 200]);
    zoho.fault(json!({ "kind": "503", "path": "/crm/" })).await;
    assert_eq!(statuses(1).await, [200]);
    zoho.admin(json!({ "faults": [{ "kind": "500", "count": 1 }, { "kind": "503", "count": 1 }] }))
        .await;
    assert_eq!(statuses(3).await, [500, 503, 200]);
    zoho.admin(json!({ "faults": [{ "kind": "503" }] })).await;
    zoho.token().await;
    zoho.fault(json!({ "kind": "503", "path": "/oauth/v2/token" }))
        .await;
    assert_eq!(zoho.refresh(&zoho.sandbox.refresh_token).await.0, 503);
    zoho.admin(json!({ "faults": [] })).await;
    assert_eq!(statuses(1).await, [200]);
}

/// What could never strike is a slip of who wrote it: nothing of it is applied, and a sentence says why.
#[tokio::test]
async fn a_fault_that_could_not_strike_is_refused() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    for (fault, told) in [
        (json!({ "kind": "503", "every": 0 }), "every"),
        (json!({ "kind": "503", "count": 0 }), "count"),
        (json!({ "kind": "503", "count": -1 }), "count"),
        (json!({ "kind": "answer", "status": 9999 }), "status"),
        (json!({ "kind": "answer", "status": 100 }), "status"),
        (json!({ "kind": "503", "path": "/crm/v8/Leds" }), "/crm/v8/Leds"),
        (json!({ "kind": "503", "path": "/crm/v8/Leads/serch" }), "serch"),
        (json!({ "kind": "503", "path": "/crm/v8/Leads/12/Nots" }), "Nots"),
        (
            json!({ "kind": "503", "path": "/crm/v8/settings/feelds" }),
            "feelds",
        ),
    ] {
        let (status, answer) = zoho.control("admin", json!({ "faults": [fault] })).await;
        let error = answer["error"].as_str().unwrap_or_default();
        assert!(
            status == 400 && error.contains(told),
            "{fault}: {status} {answer}"
        );
    }
    assert_eq!(zoho.tickets(&token).await, 200);
    for path in [
        "/crm/v8/Le",
        "/crm/v8/Leads/search",
        "/crm/v8/Leads/12",
        "/crm/v8/Leads/12/Not",
        "/crm/v8/Deals/12/Contact_Roles",
        "/crm/v8/settings/fields",
        "/crm/v8/",
    ] {
        zoho.fault(json!({ "kind": "503", "path": path })).await;
    }
}

#[tokio::test]
async fn a_reset_comes_before_the_first_byte() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    zoho.fault(json!({ "kind": "reset" })).await;
    let stream = raw(&zoho, &token);
    let seen = tokio::task::spawn_blocking(|| read_on(stream)).await.unwrap();
    assert_eq!(seen, (String::new(), Some(ErrorKind::ConnectionReset)));
    assert!(zoho.api_request(TICKETS, &token).send().await.is_err());
    let log = zoho.ask("log").await;
    assert_eq!(log.as_array().unwrap().last().unwrap()["status"], Value::Null);
}

#[tokio::test]
async fn a_reset_in_the_body_comes_after_half_of_it() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    let whole = body(zoho.api(TICKETS, &token).await).await;
    zoho.fault(json!({ "kind": "midreset" })).await;
    let stream = raw(&zoho, &token);
    let (text, end) = tokio::task::spawn_blocking(|| read_on(stream)).await.unwrap();
    assert!(
        text.starts_with("HTTP/1.1 200") && text.contains(&whole[..10]),
        "{text}"
    );
    assert!(!text.contains(&whole[whole.len() / 2..]));
    assert_eq!(end, Some(ErrorKind::ConnectionReset));
    let log = zoho.ask("log").await;
    assert_eq!(
        log.as_array().unwrap().last().unwrap()["status"],
        200,
        "the request was carried out"
    );
}

#[tokio::test]
async fn a_hang_is_silence_until_the_client_hangs_up() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    zoho.fault(json!({ "kind": "hang", "count": 1 })).await;
    let mut stream = raw(&zoho, &token);
    zoho.until(|stats| stats["counts"]["fault_hang"] == 1).await;
    assert_eq!(zoho.tickets(&token).await, 200, "the others are served");
    stream.set_nonblocking(true).unwrap();
    assert_eq!(
        stream.read(&mut [0; 1]).unwrap_err().kind(),
        ErrorKind::WouldBlock
    );
    assert_eq!(zoho.ask("stats").await["in_flight"], 1);
    drop(stream);
    zoho.until(|stats| stats["in_flight"] == 0).await;
}

#[tokio::test]
async fn half_an_answer_can_be_all_there_is() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    let whole = zoho.api(TICKETS, &token).await.bytes().await.unwrap();
    let mut response = struck(&zoho, &token, json!({ "kind": "halfopen" })).await;
    let mut got = Vec::new();
    while got.len() < whole.len() / 2 {
        got.extend(response.chunk().await.unwrap().unwrap());
    }
    assert_eq!(got.len(), whole.len() / 2);
    tokio::select! {
        biased;
        more = response.chunk() => panic!("{more:?}"),
        _ = zoho.ask("stats") => {}
    }
}

#[tokio::test]
async fn a_slow_answer_comes_in_pieces_and_whole() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    let data = |body: &[u8]| serde_json::from_slice::<Value>(body).unwrap()["data"].take();
    let whole = zoho
        .api("/crm/v8/Leads?fields=Last_Name", &token)
        .await
        .bytes()
        .await
        .unwrap();
    zoho.fault(json!({ "kind": "slow", "ms": 200 })).await;
    let mut response = zoho.api("/crm/v8/Leads?fields=Last_Name", &token).await;
    let (mut got, mut pieces) = (Vec::new(), 0);
    while let Some(piece) = response.chunk().await.unwrap() {
        got.extend(piece);
        pieces += 1;
    }
    assert_eq!(data(&got), data(&whole));
    assert!(pieces > 3, "{pieces}");
}

#[tokio::test]
async fn bodies_that_are_not_what_they_should_be() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    let whole = body(zoho.api(TICKETS, &token).await).await;

    let cut = body(struck(&zoho, &token, json!({ "kind": "truncated" })).await).await;
    assert_eq!(cut.len(), whole.len() / 2);
    assert!(serde_json::from_str::<Value>(&cut).unwrap_err().is_eof());

    let empty = struck(&zoho, &token, json!({ "kind": "empty" })).await;
    assert_eq!((empty.status().as_u16(), body(empty).await.as_str()), (200, ""));
    assert_eq!(
        struck(&zoho, &token, json!({ "kind": "204" })).await.status(),
        204
    );

    let html = struck(&zoho, &token, json!({ "kind": "html200" })).await;
    assert!(
        html.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
    assert!(body(html).await.contains("Sign in"));

    let bytes = struck(&zoho, &token, json!({ "kind": "badutf8" }))
        .await
        .bytes()
        .await
        .unwrap();
    assert!(std::str::from_utf8(&bytes).is_err());

    let lone = body(struck(&zoho, &token, json!({ "kind": "loneSurrogate" })).await).await;
    assert!(lone.contains("\\ud83d") && serde_json::from_str::<Value>(&lone).is_err());

    let shallow = body(struck(&zoho, &token, json!({ "kind": "deep120" })).await).await;
    assert!(serde_json::from_str::<Value>(&shallow).is_ok());
    let deep = body(struck(&zoho, &token, json!({ "kind": "deep" })).await).await;
    assert!(deep.matches('[').count() == 200_000 && deep.matches(']').count() == 200_000);

    let orders = body(struck(&zoho, &token, json!({ "kind": "injection" })).await).await;
    let orders: Value = serde_json::from_str(&orders).unwrap();
    assert!(
        orders["data"][0]["subject"]
            .as_str()
            .unwrap()
            .contains("Ignore all previous instructions")
    );
}

#[tokio::test]
async fn bodies_that_are_too_large() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    let mut huge = struck(&zoho, &token, json!({ "kind": "huge", "mb": 3 })).await;
    let mut length = 0;
    while let Some(chunk) = huge.chunk().await.unwrap() {
        length += chunk.len();
    }
    assert!(length > 3 << 20 && length < 4 << 20);

    zoho.fault(json!({ "kind": "gzipbomb", "mb": 5 })).await;
    let stream = raw(&zoho, &token);
    let bomb = tokio::task::spawn_blocking(move || unpack(stream)).await.unwrap();
    assert!(
        bomb.packed < bomb.text.len() / 100,
        "{} of {}",
        bomb.packed,
        bomb.text.len()
    );
    assert!(bomb.text.len() > (5 << 20) - 300 && serde_json::from_slice::<Value>(&bomb.text).is_ok());
}

struct Bomb {
    packed: usize,
    text: Vec<u8>,
}

/// Another implementation of gzip has to find the right checksum.
fn unpack(mut stream: TcpStream) -> Bomb {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    let (start, length) = loop {
        let read = stream.read(&mut buffer).unwrap();
        assert!(read > 0, "the connection ended before its answer");
        bytes.extend(&buffer[..read]);
        let text = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            assert!(text.contains("content-encoding: gzip"));
            let length = text
                .split_once("content-length: ")
                .unwrap()
                .1
                .split_once("\r\n")
                .unwrap()
                .0;
            break (end + 4, length.parse::<usize>().unwrap());
        }
    };
    while bytes.len() < start + length {
        let read = stream.read(&mut buffer).unwrap();
        assert!(read > 0);
        bytes.extend(&buffer[..read]);
    }
    let mut text = Vec::new();
    GzDecoder::new(&bytes[start..]).read_to_end(&mut text).unwrap();
    Bomb { packed: length, text }
}

#[tokio::test]
async fn redirects_lead_elsewhere_and_nowhere() {
    let zoho = Zoho::start();
    let token = zoho.token().await;
    let to = |response: &Response| response.headers()["location"].to_str().unwrap().to_owned();
    let given = struck(
        &zoho,
        &token,
        json!({ "kind": "redirect", "to": "https://other.example/steal" }),
    )
    .await;
    assert_eq!(
        (given.status().as_u16(), to(&given).as_str()),
        (302, "https://other.example/steal")
    );
    let other = to(&struck(&zoho, &token, json!({ "kind": "redirect" })).await);
    assert!(other.starts_with("http://localhost:") && other.ends_with("/elsewhere"));
    let again = struck(&zoho, &token, json!({ "kind": "redirectloop" })).await;
    assert_eq!(to(&again), TICKETS);
}
