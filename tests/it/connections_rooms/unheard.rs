//! Answers of the accounts server that one process did not hear, and what that is to the others (hostile input 24).

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use zoho_mcp::connections::Status;
use zoho_mcp::zoho::{HostPolicy, Limits, ZohoError, log_outcome};

use super::fake::{House, at, client, consent, json, text};
use super::refresh::until;

const TOKEN: &str = "/oauth/v2/token";

/// A house in which a token call has so long.
async fn with_token_limit(limit: Duration) -> House {
    House::with_limits(Limits {
        token: limit,
        ..Limits::default()
    })
    .await
}

#[tokio::test]
async fn a_process_that_hears_nothing_keeps_no_other_from_asking() {
    let house = with_token_limit(Duration::from_millis(50)).await;
    let row = house.connect(-1).await;
    house.fake.delay_tokens(Duration::from_secs(600));
    for asked in [1, 1] {
        let error = house.zoho.fresh(row.clone()).await.unwrap_err();
        let ZohoError::Unavailable { message, seconds } = &error else {
            panic!("{error:?}");
        };
        assert!(message.contains("timed out"), "{message}");
        assert_eq!(*seconds, Some(10));
        assert_eq!(house.fake.count(TOKEN), asked, "it does not ask again at once");
        let stored = house.ada().await;
        assert_eq!((stored.status, stored.refresh_not_before), (Status::Active, None));
    }
    house.fake.delay_tokens(Duration::ZERO);
    let (_, other) = house.another();
    let fresh = other.fresh(row.clone()).await.unwrap();
    assert_eq!(text(&fresh.access_token), "access-1");
    assert_eq!(
        text(&house.zoho.fresh(row).await.unwrap().access_token),
        "access-1"
    );
    assert_eq!(house.fake.count(TOKEN), 2);
}

/// What may have made a token at Zoho counts against the budget of the row.
#[tokio::test]
async fn a_forced_refresh_that_was_not_heard_is_counted() {
    let house = with_token_limit(Duration::from_millis(50)).await;
    house.connect(3600).await;
    let session = house.session().await;
    house.fake.drop_tokens();
    house.fake.delay_tokens(Duration::from_secs(600));
    session.read(&super::fake::tickets()).await.unwrap_err();
    let stored = house.ada().await;
    assert_eq!(stored.forced_refreshes, [super::fake::NOW]);
    house.fake.delay_tokens(Duration::ZERO);
    let (_, other) = house.another();
    house
        .fake
        .script("/api/v1/tickets", [json(401, r#"{"errorCode":"INVALID_OAUTH"}"#)]);
    let session = other
        .session(stored, zoho_mcp::connections::Product::Desk)
        .await
        .unwrap();
    session.read(&super::fake::tickets()).await.unwrap();
    assert_eq!(house.ada().await.forced_refreshes.len(), 2);
}

/// A leader that is stopped (a signal, a closed lid) while the answer comes takes it when it goes on.
#[tokio::test]
async fn an_answer_that_came_while_the_process_stood_still_is_taken() {
    let limit = Duration::from_millis(500);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (asked, hears) = mpsc::channel();
    let (go, goes) = mpsc::channel();
    let zoho = std::thread::spawn(move || {
        let (mut line, _) = listener.accept().unwrap();
        let _ = line.read(&mut [0; 4096]).unwrap();
        asked.send(()).unwrap();
        goes.recv().unwrap();
        let body = r#"{"access_token":"answered","expires_in":3600}"#;
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length";
        write!(line, "{head}: {}\r\n\r\n{body}", body.len()).unwrap();
        line
    });
    let house = with_token_limit(limit).await;
    let anew = at(&url, consent("ada", "default", super::fake::NOW - 1));
    let row = house.connections.save(&anew).await.unwrap();
    let limits = Limits {
        token: limit,
        ..Limits::default()
    };
    let hosts = HostPolicy::with_sandbox(&url).unwrap();
    let leader = client(&house.connections, limits, hosts, &house.clock, log_outcome());
    let (fresh, _line) = tokio::join!(leader.fresh(row), async {
        until(|| hears.try_recv().is_ok()).await;
        // The only thread of this process stands still for longer than it would wait.
        let stopped = Instant::now();
        go.send(()).unwrap();
        let line = zoho.join().unwrap();
        while stopped.elapsed() < limit + limit / 5 {}
        line
    });
    assert_eq!(text(&fresh.unwrap().access_token), "answered");
    assert_eq!(text(&house.ada().await.access_token), "answered");
}
