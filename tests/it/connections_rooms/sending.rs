//! Requests on their way: repeated, waited for, bounded.

use std::io::Write;
use std::time::Duration;

use zoho_mcp::connections::Product;
use zoho_mcp::zoho::{Limits, Outcome, Read, ZohoError};

use super::fake::{House, Scripted, client, json, move_to, tickets};
use super::refresh::futures_all;
use super::writes::{create, recorded};

const TICKETS: &str = "/api/v1/tickets";

#[tokio::test]
async fn reads_are_repeated_twice_at_most_and_writes_never() {
    let house = House::new().await;
    house.connect(3000).await;
    let session = house.session().await;
    house.fake.script(TICKETS, [json(500, "{}"), json(503, "{}")]);
    session.read(&tickets()).await.unwrap();
    assert_eq!(house.fake.count(TICKETS), 3);
    house
        .fake
        .script(TICKETS, [json(500, "{}"), json(500, "{}"), json(500, "{}")]);
    let error = session.read(&tickets()).await.unwrap_err();
    assert!(matches!(error, ZohoError::Unavailable { .. }), "{error:?}");
    assert_eq!(house.fake.count(TICKETS), 6);
    house.fake.script(TICKETS, [json(500, "{}")]);
    let error = session.write(create()).await.unwrap_err();
    assert!(matches!(error, ZohoError::OutcomeUnknown { .. }), "{error:?}");
    assert_eq!(house.fake.count(TICKETS), 7);
    assert_eq!(
        house.fake.seen().last().unwrap().body,
        r#"{"subject":"A broken lantern"}"#
    );
}

#[tokio::test]
async fn too_many_requests_is_waited_out_or_told() {
    let house = House::new().await;
    house.connect(3000).await;
    let session = house.session().await;
    let limited = |after: Option<&str>| Scripted {
        status: 429,
        headers: after
            .map(|text| ("retry-after", text.to_owned()))
            .into_iter()
            .collect(),
        body: br#"{"errorCode":"THRESHOLD_EXCEEDED","message":"x"}"#.to_vec(),
    };
    house.fake.script(TICKETS, [limited(Some("0")), limited(None)]);
    session.read(&tickets()).await.unwrap();
    assert_eq!(house.fake.count(TICKETS), 3);
    house.fake.script(TICKETS, [limited(Some("61"))]);
    let error = session.read(&tickets()).await.unwrap_err();
    assert!(
        matches!(error, ZohoError::RateLimited { seconds: 61, .. }),
        "{error:?}"
    );
    assert_eq!(house.fake.count(TICKETS), 4);
    // 1_800_000_000 is Fri, 15 Jan 2027 08:00:00 GMT.
    house
        .fake
        .script(TICKETS, [limited(Some("Fri, 15 Jan 2027 08:05:00 GMT"))]);
    let error = session.read(&tickets()).await.unwrap_err();
    assert!(
        matches!(error, ZohoError::RateLimited { seconds: 300, .. }),
        "{error:?}"
    );
    house.fake.script(TICKETS, [limited(Some("1"))]);
    let error = session.write(create()).await.unwrap_err();
    assert!(
        matches!(error, ZohoError::RateLimited { seconds: 1, .. }),
        "a write is not repeated: {error:?}"
    );
}

#[tokio::test]
async fn a_gzip_bomb_and_a_large_body_stop_at_the_limit() {
    let house = House::with_limits(Limits {
        body_bytes: 1 << 20,
        ..Limits::default()
    })
    .await;
    house.connect(3000).await;
    let session = house.session().await;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(b"[").unwrap();
    for _ in 0..64 {
        encoder.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 100_000);
    let bomb = Scripted {
        status: 200,
        headers: vec![("content-encoding", "gzip".to_owned())],
        body: bomb,
    };
    house
        .fake
        .script(TICKETS, [bomb, json(200, &" ".repeat((1 << 20) + 1))]);
    for _ in 0..2 {
        let error = session.read(&tickets()).await.unwrap_err();
        assert!(
            matches!(error, ZohoError::TooLarge { limit_bytes } if limit_bytes == 1 << 20),
            "{error:?}"
        );
    }
    session.read(&tickets()).await.unwrap();
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let house = House::new().await;
    house.connect(3000).await;
    let session = house.session().await;
    let target = format!("{}/elsewhere", house.fake.url);
    house.fake.script(
        TICKETS,
        [Scripted {
            status: 302,
            headers: vec![("location", target)],
            body: Vec::new(),
        }],
    );
    let error = session.read(&tickets()).await.unwrap_err();
    assert!(
        error.to_string().contains("302 redirect") && error.to_string().contains("redirect to 127.0.0.1"),
        "{error}"
    );
    assert_eq!(house.fake.count("/elsewhere"), 0);
}

#[tokio::test]
async fn nothing_found_is_an_empty_body() {
    let house = House::new().await;
    house.connect(3000).await;
    house.fake.script(TICKETS, [json(204, "")]);
    let response = house.session().await.read(&tickets()).await.unwrap();
    assert!(response.body.is_empty());
}

#[tokio::test]
async fn text_that_is_no_json_is_named_and_broken_text_is_mended() {
    let house = House::new().await;
    house.connect(3000).await;
    let session = house.session().await;
    house.fake.script(
        TICKETS,
        [json(200, "<html>\u{1b}[1m Sign in </html>"), json(200, "<html>")],
    );
    let error = session.read(&tickets()).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("non-JSON answer with status 200: [1m Sign in"),
        "{error}"
    );
    let error = session.write(create()).await.unwrap_err();
    assert!(matches!(error, ZohoError::OutcomeUnknown { .. }), "{error:?}");
    let mut invalid = br#"{"data":[{"subject":"caf"#.to_vec();
    invalid.extend([0xe9]);
    invalid.extend(br#""}]}"#);
    let lone = br#"["\ud83d\ude00 \ud83d x \ude00 \\ud83d \ud83dA"]"#;
    for (body, expected) in [
        (invalid, serde_json::json!({"data": [{"subject": "caf\u{fffd}"}]})),
        (
            lone.to_vec(),
            serde_json::json!(["😀 \u{fffd} x \u{fffd} \\ud83d \u{fffd}A"]),
        ),
    ] {
        house.fake.script(
            TICKETS,
            [Scripted {
                status: 200,
                headers: Vec::new(),
                body,
            }],
        );
        let response = session.read(&tickets()).await.unwrap();
        assert_eq!(
            serde_json::from_slice::<serde_json::Value>(&response.body).unwrap(),
            expected
        );
    }
}

#[tokio::test]
async fn refusals_keep_what_zoho_said() {
    let house = House::new().await;
    house.connect(3000).await;
    let session = house.session().await;
    let desk = r#"{"errorCode":"INVALID_DATA","message":"no","errors":[{"fieldName":"/contactId","errorType":"missing"}]}"#;
    house.fake.script(TICKETS, [json(422, desk)]);
    let ZohoError::Rejected {
        status, code, fields, ..
    } = session.read(&tickets()).await.unwrap_err()
    else {
        panic!()
    };
    assert_eq!((status, code.as_str()), (422, "INVALID_DATA"));
    assert_eq!(
        (fields[0].field.as_str(), fields[0].kind.as_str()),
        ("/contactId", "missing")
    );
    let crm = r#"{"data":[{"code":"INVALID_DATA","details":{"api_name":"Email","expected_data_type":"email"},"message":"invalid data","status":"error"}]}"#;
    house.fake.script(TICKETS, [json(400, crm)]);
    let ZohoError::Rejected { fields, message, .. } = session.read(&tickets()).await.unwrap_err() else {
        panic!()
    };
    assert_eq!(
        (message.as_str(), fields[0].field.as_str()),
        ("invalid data", "Email")
    );
    assert!(fields[0].message.as_ref().unwrap().contains("email"));
    house.fake.script(
        TICKETS,
        [json(404, r#"{"errorCode":"URL_NOT_FOUND","message":"x"}"#)],
    );
    assert!(matches!(
        session.read(&tickets()).await,
        Err(ZohoError::NotFound { .. })
    ));
}

#[tokio::test]
async fn paths_and_parameters_cannot_leave_their_place() {
    let house = House::new().await;
    house.connect(3000).await;
    let session = house.session().await;
    // An id that came in an answer may be anything.
    let long = "1".repeat(300);
    let odd = "..|.||1\r\nX-Evil: 1|a\0|../x|a b|1%2e|1e5|-5|1.0|9223372036854775808";
    for segment in odd.split('|').chain([long.as_str()]) {
        let request = Read::get(Product::Desk, ["tickets", segment]);
        let error = session.read(&request).await.unwrap_err();
        assert!(
            matches!(error, ZohoError::InvalidRequest { .. }),
            "{segment:?}: {error:?}"
        );
    }
    let error = session
        .read(&tickets().with_query("subject", "a\r\nb"))
        .await
        .unwrap_err();
    assert!(matches!(error, ZohoError::InvalidRequest { .. }));
    assert_eq!(
        house.fake.count("/api/v1/organizations"),
        house.fake.seen().len(),
        "nothing else was sent"
    );
    let odd =
        Read::get(Product::Desk, ["tickets", "9223372036854775807", "Büro_1"]).with_query("q", "a&b=c #");
    session.read(&odd).await.unwrap();
    let seen = house.fake.seen().pop().unwrap();
    assert_eq!(seen.path, "/api/v1/tickets/9223372036854775807/B%C3%BCro_1");
    assert_eq!(seen.query, "q=a%26b%3Dc+%23");
}

#[tokio::test]
async fn a_server_that_is_away_is_unavailable_even_for_a_write() {
    let house = House::new().await;
    let connection = house.connect(3000).await;
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let hosts = zoho_mcp::zoho::HostPolicy::with_sandbox(&url).unwrap();
    let mut moved = connection.clone();
    move_to(&mut moved.account, &url);
    let (recorder, mut told) = recorded();
    let zoho = client(
        &house.connections,
        Limits::default(),
        hosts,
        &house.clock,
        recorder,
    );
    let session = zoho.open(moved, Product::Desk).unwrap();
    let (read, written) = (session.read(&tickets()).await, session.write(create()).await);
    assert_eq!(told.recv().await.unwrap().outcome, Outcome::Failed);
    for error in [read.unwrap_err(), written.unwrap_err()] {
        assert!(
            matches!(&error, ZohoError::SandboxSilent { url: gone, .. } if *gone == url),
            "nothing was sent: {error:?}"
        );
        assert!(!error.to_string().contains("tickets"), "{error}");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_after_sending_leaves_a_write_open() {
    let house = House::new().await;
    let connection = house.connect(3000).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let sent = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counter = std::sync::Arc::clone(&sent);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut buffer = [0; 4096];
            if tokio::io::AsyncReadExt::read(&mut stream, &mut buffer)
                .await
                .unwrap_or(0)
                > 0
            {
                counter.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            }
        }
    });
    let hosts = zoho_mcp::zoho::HostPolicy::with_sandbox(&url).unwrap();
    let mut moved = connection.clone();
    move_to(&mut moved.account, &url);
    let (recorder, mut told) = recorded();
    let zoho = client(
        &house.connections,
        Limits::default(),
        hosts,
        &house.clock,
        recorder,
    );
    let session = zoho.open(moved, Product::Desk).unwrap();
    let error = session.write(create()).await.unwrap_err();
    assert!(matches!(error, ZohoError::OutcomeUnknown { .. }), "{error:?}");
    assert_eq!(sent.load(std::sync::atomic::Ordering::SeqCst), 1);
    assert_eq!(told.recv().await.unwrap().outcome, Outcome::Unknown);
    let error = session.read(&tickets()).await.unwrap_err();
    assert!(matches!(error, ZohoError::Unavailable { .. }), "{error:?}");
    assert_eq!(
        sent.load(std::sync::atomic::Ordering::SeqCst),
        4,
        "a read is sent three times"
    );
}

#[tokio::test]
async fn a_slow_server_is_given_up_and_its_place_is_free_again() {
    let limits = Limits {
        read_idle: Duration::from_millis(80),
        in_flight: 1,
        ..Limits::default()
    };
    let house = House::with_limits(limits).await;
    house.connect(-1).await;
    house.fake.delay_tokens(Duration::from_secs(30));
    let row = house.ada().await;
    let error = house.zoho.fresh(row).await.unwrap_err();
    assert!(
        matches!(
            error,
            ZohoError::Unavailable {
                seconds: Some(10),
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn credits_left_are_passed_on() {
    let house = House::new().await;
    house.connect(3000).await;
    let answer = Scripted {
        status: 200,
        headers: vec![("x-rate-limit-remaining-v3", "4711".to_owned())],
        body: b"{}".to_vec(),
    };
    house.fake.script(TICKETS, [answer]);
    assert_eq!(
        house
            .session()
            .await
            .read(&tickets())
            .await
            .unwrap()
            .credits_remaining,
        Some(4711)
    );
}

#[tokio::test]
async fn many_calls_at_once_all_come_back() {
    let house = House::with_limits(Limits {
        in_flight: 2,
        ..Limits::default()
    })
    .await;
    house.connect(3000).await;
    let session = house.session().await;
    let read = tickets();
    for outcome in futures_all((0..50).map(|_| session.read(&read))).await {
        outcome.unwrap();
    }
    assert_eq!(house.fake.count(TICKETS), 50);
}
