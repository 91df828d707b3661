//! Refreshing: when, how often, and what becomes of refusals.

use std::time::Duration;

use zoho_mcp::connections::{Caller, ConnectionError, Status};
use zoho_mcp::zoho::ZohoError;

use super::fake::{House, NOW, json, text, tickets};

const TOKEN: &str = "/oauth/v2/token";

#[tokio::test]
async fn a_token_near_its_end_is_refreshed_first_and_written_back() {
    let house = House::new().await;
    house.connect(120).await;
    house.session().await.read(&tickets()).await.unwrap();
    let row = house.ada().await;
    assert_eq!(text(&row.access_token), "access-1");
    assert_eq!(text(&row.refresh_token), "the-refresh-token");
    assert_eq!(row.token_expires_at, Some(NOW + 3600));
    let seen = house.fake.seen();
    assert_eq!(seen[0].path, TOKEN);
    assert_eq!(seen[0].query, "", "no secret travels in a URL");
    for part in [
        "grant_type=refresh_token",
        "client_id=1000.CLIENT",
        "client_secret=client-secret",
        "refresh_token=the-refresh-token",
    ] {
        assert!(seen[0].body.contains(part), "{part} in the body");
    }
    assert!(seen.iter().skip(1).all(|call| call.token == "access-1"));
}

#[tokio::test]
async fn a_token_with_more_than_two_minutes_left_is_used_as_it_is() {
    let house = House::new().await;
    house.connect(121).await;
    house.session().await.read(&tickets()).await.unwrap();
    assert_eq!(house.fake.count(TOKEN), 0);
}

#[tokio::test]
async fn a_long_session_notices_that_its_token_has_ended() {
    let house = House::new().await;
    house.connect(3600).await;
    let session = house.session().await;
    session.read(&tickets()).await.unwrap();
    house.clock.advance(3500);
    session.read(&tickets()).await.unwrap();
    assert_eq!(house.fake.count(TOKEN), 1);
    assert_eq!(house.fake.seen().last().unwrap().token, "access-1");
}

#[tokio::test]
async fn a_revoked_token_costs_one_call_however_many_wait() {
    let house = House::new().await;
    house.connect(-10).await;
    house
        .fake
        .script(TOKEN, (0..20).map(|_| json(200, r#"{"error":"invalid_code"}"#)));
    house.fake.delay_tokens(Duration::from_millis(50));
    let row = house.ada().await;
    let calls = (0..20).map(|_| house.zoho.fresh(row.clone()));
    for outcome in futures_all(calls).await {
        let error = outcome.unwrap_err();
        assert!(
            matches!(&error, ZohoError::ReconnectNeeded { reason } if reason == "invalid_code"),
            "{error:?}"
        );
    }
    assert_eq!(house.fake.count(TOKEN), 1);
    assert_eq!(house.ada().await.status, Status::Unusable);
    let refused = house
        .connections
        .resolve(&Caller::User("ada".to_owned()), None)
        .await
        .unwrap_err();
    assert!(matches!(refused, ConnectionError::Unusable { reason, .. } if reason == "invalid_code"));
}

#[tokio::test]
async fn every_final_refusal_makes_the_row_unusable_until_it_is_connected_again() {
    for code in [
        "invalid_code",
        "invalid_grant",
        "invalid_client",
        "invalid_client_secret",
    ] {
        let house = House::new().await;
        house.connect(60).await;
        house
            .fake
            .script(TOKEN, [json(200, &format!(r#"{{"error":"{code}"}}"#))]);
        let row = house.ada().await;
        assert!(
            matches!(house.zoho.fresh(row).await, Err(ZohoError::ReconnectNeeded { reason }) if reason == code)
        );
        assert_eq!(house.ada().await.status_reason.as_deref(), Some(code));
        let again = house.connect(3600).await;
        assert_eq!((again.status, again.status_reason), (Status::Active, None));
    }
}

#[tokio::test]
async fn throttling_cools_down_and_the_old_token_is_used_while_it_lives() {
    let house = House::new().await;
    house.connect(60).await;
    let throttled = r#"{"error_description":"You have made too many requests continuously.","error":"Access Denied","status":"failure"}"#;
    house.fake.script(TOKEN, [json(400, throttled)]);
    let session = house.session().await;
    session.read(&tickets()).await.unwrap();
    assert_eq!(house.fake.seen().last().unwrap().token, "first-access");
    let row = house.ada().await;
    assert_eq!(row.status, Status::Active);
    assert_eq!(row.refresh_not_before, Some(NOW + 600));
    house.clock.advance(100);
    let error = session.read(&tickets()).await.unwrap_err();
    assert!(
        matches!(error, ZohoError::RateLimited { seconds: 500, .. }),
        "{error:?}"
    );
    assert_eq!(house.fake.count(TOKEN), 1, "nobody asks during the cool-down");
    house.clock.advance(500);
    session.read(&tickets()).await.unwrap();
    assert_eq!(house.fake.count(TOKEN), 2);
}

#[tokio::test]
async fn an_accounts_server_out_of_order_leaves_the_row_active() {
    for (status, body) in [
        (200, r#"{"error":"general_error"}"#),
        (503, "busy"),
        (200, "<html>maintenance</html>"),
        (200, "{}"),
    ] {
        let house = House::new().await;
        house.connect(-1).await;
        house.fake.script(TOKEN, [json(status, body)]);
        let row = house.ada().await;
        let error = house.zoho.fresh(row).await.unwrap_err();
        assert!(
            matches!(
                error,
                ZohoError::Unavailable {
                    seconds: Some(30),
                    ..
                }
            ),
            "{body}: {error:?}"
        );
        let row = house.ada().await;
        assert_eq!(
            (row.status, row.refresh_not_before),
            (Status::Active, Some(NOW + 30))
        );
        house.clock.advance(30);
        assert_eq!(
            text(&house.zoho.fresh(row).await.unwrap().access_token),
            "access-1"
        );
    }
}

#[tokio::test]
async fn ten_refused_calls_at_once_make_one_refresh() {
    let house = House::new().await;
    house.connect(3000).await;
    let session = house.session().await;
    house.fake.drop_tokens();
    let read = tickets();
    let calls = (0..10).map(|_| session.read(&read));
    for outcome in futures_all(calls).await {
        outcome.unwrap();
    }
    assert_eq!(house.fake.count(TOKEN), 1);
}

#[tokio::test]
async fn forced_refreshes_have_a_budget() {
    let house = House::new().await;
    house.connect(3000).await;
    for _ in 0..5 {
        house.fake.drop_tokens();
        house.session().await.read(&tickets()).await.unwrap();
        house.clock.advance(10);
    }
    house.fake.drop_tokens();
    let error = house.session().await.read(&tickets()).await.unwrap_err();
    assert!(
        matches!(error, ZohoError::RateLimited { seconds: 550, .. }),
        "{error:?}"
    );
    assert_eq!(house.fake.count(TOKEN), 5);
    house.clock.advance(550);
    house.session().await.read(&tickets()).await.unwrap();
}

#[tokio::test]
async fn an_unreadable_401_is_renewed_too_but_a_missing_scope_is_not() {
    let house = House::new().await;
    house.connect(3000).await;
    let session = house.session().await;
    house.fake.script("/api/v1/tickets", [json(401, "<html>")]);
    session.read(&tickets()).await.unwrap();
    assert_eq!(house.fake.count(TOKEN), 1);
    for (status, body) in [
        (403, r#"{"errorCode":"SCOPE_MISMATCH","message":"x"}"#),
        (
            401,
            r#"{"code":"OAUTH_SCOPE_MISMATCH","message":"invalid oauth scope to access this URL","status":"error"}"#,
        ),
    ] {
        house.fake.script("/api/v1/tickets", [json(status, body)]);
        let error = session.read(&tickets()).await.unwrap_err();
        assert!(matches!(error, ZohoError::ScopeMissing { scopes } if scopes == ["Desk.tickets.READ"]));
    }
    assert_eq!(house.fake.count(TOKEN), 1);
}

#[tokio::test]
async fn a_cancelled_call_still_writes_its_token_back() {
    let house = House::new().await;
    house.connect(-1).await;
    house.fake.delay_tokens(Duration::from_millis(200));
    let row = house.ada().await;
    tokio::select! {
        _ = house.zoho.fresh(row.clone()) => panic!("it takes longer than this"),
        () = until(|| house.fake.count(TOKEN) == 1) => {}
    }
    // The next one waits for the leader and finds its token.
    assert_eq!(
        text(&house.zoho.fresh(row).await.unwrap().access_token),
        "access-1"
    );
    assert_eq!(house.fake.count(TOKEN), 1);
}

#[tokio::test]
async fn a_token_that_cannot_be_written_is_used_and_not_fetched_again() {
    let house = House::new().await;
    house.connect(-1).await;
    sql(
        &house,
        "CREATE TRIGGER full BEFORE UPDATE ON zoho_connections BEGIN SELECT RAISE(ABORT, 'full'); END",
    )
    .await;
    for _ in 0..3 {
        let row = house.ada().await;
        assert_eq!(
            text(&house.zoho.fresh(row).await.unwrap().access_token),
            "access-1"
        );
    }
    assert_eq!(house.fake.count(TOKEN), 1);
    assert_eq!(text(&house.ada().await.access_token), "first-access");
}

pub(crate) async fn sql(house: &House, statement: &'static str) {
    use sqlx::Connection as _;
    let url = format!("sqlite://{}", house.database().display());
    let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// Waits, by letting others run, until something is so.
pub(crate) async fn until(so: impl Fn() -> bool) {
    while !so() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Runs futures at the same time on this task.
pub(crate) async fn futures_all<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut waiting: Vec<_> = futures
        .into_iter()
        .map(|future| (Box::pin(future), None))
        .collect();
    std::future::poll_fn(|context| {
        let mut ready = true;
        for (future, output) in &mut waiting {
            if output.is_none() {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => *output = Some(value),
                    std::task::Poll::Pending => ready = false,
                }
            }
        }
        if ready {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    waiting.into_iter().map(|(_, output)| output.unwrap()).collect()
}
