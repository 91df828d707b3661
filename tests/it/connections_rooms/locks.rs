//! The lock that lets one process refresh.

use std::process::{Command, Stdio};
use std::time::Duration;

use zoho_mcp::connections::{ConnectionError, Refresh};
use zoho_mcp::zoho::ZohoError;

use super::fake::{House, text};

const TOKEN: &str = "/oauth/v2/token";

#[tokio::test]
async fn the_wait_for_another_process_is_bounded() {
    let house = House::new().await;
    let row = house.connect(-1).await;
    let (other, _) = house.another();
    let held = other
        .lock_refresh(row.id, Duration::from_secs(1), |_| false)
        .await
        .unwrap();
    assert!(matches!(held, Refresh::Yours(_)));
    let outcome = house
        .connections
        .lock_refresh(row.id, Duration::from_millis(50), |_| false)
        .await;
    assert!(matches!(outcome, Err(ConnectionError::RefreshBusy { .. })));
    drop(held);
    let outcome = house
        .connections
        .lock_refresh(row.id, Duration::from_millis(50), |_| false)
        .await;
    assert!(matches!(outcome, Ok(Refresh::Yours(_))));
}

#[tokio::test]
async fn past_the_wait_an_old_token_is_used_while_it_lives() {
    let limits = zoho_mcp::zoho::Limits {
        refresh_lock: Duration::from_millis(50),
        ..zoho_mcp::zoho::Limits::default()
    };
    let house = House::with_limits(limits).await;
    let row = house.connect(60).await;
    let (other, _) = house.another();
    let held = other
        .lock_refresh(row.id, Duration::from_secs(1), |_| false)
        .await
        .unwrap();
    assert_eq!(
        text(&house.zoho.fresh(row.clone()).await.unwrap().access_token),
        "first-access"
    );
    house.clock.advance(60);
    let error = house.zoho.fresh(row).await.unwrap_err();
    assert!(matches!(error, ZohoError::Unavailable { .. }), "{error:?}");
    assert_eq!(house.fake.count(TOKEN), 0);
    drop(held);
}

/// The kernel lets go of a lock whose holder was killed.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_killed_holder_is_replaced_at_once() {
    let house = House::new().await;
    let row = house.connect(-1).await;
    let lock = house
        .directory
        .path()
        .join(format!("zoho.db.locks/{}.lock", row.id));
    std::fs::create_dir_all(lock.parent().unwrap()).unwrap();
    let mut holder = Command::new("flock")
        .arg("--close")
        .arg(&lock)
        .args(["-c", "echo held; read line"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("flock of util-linux");
    let mut line = String::new();
    std::io::BufRead::read_line(
        &mut std::io::BufReader::new(holder.stdout.take().unwrap()),
        &mut line,
    )
    .unwrap();
    assert_eq!(line, "held\n");
    let outcome = house
        .connections
        .lock_refresh(row.id, Duration::from_millis(50), |_| false)
        .await;
    assert!(
        matches!(outcome, Err(ConnectionError::RefreshBusy { .. })),
        "other programs see the lock"
    );
    let orphan = holder.stdin.take();
    holder.kill().unwrap();
    holder.wait().unwrap();
    let outcome = house
        .connections
        .lock_refresh(row.id, Duration::from_secs(2), |_| false)
        .await;
    assert!(matches!(outcome, Ok(Refresh::Yours(_))));
    drop(orphan);
}

#[tokio::test]
async fn a_row_connected_again_meanwhile_is_not_overwritten() {
    let house = House::new().await;
    let row = house.connect(-1).await;
    house.fake.delay_tokens(Duration::from_millis(100));
    let (outcome, ()) = tokio::join!(house.zoho.fresh(row.clone()), async {
        super::refresh::until(|| house.fake.count(TOKEN) == 1).await;
        let mut anew = house.consent("ada", "default", 3000);
        anew.access_token = Some("connected-again".into());
        house.connections.save(&anew).await.unwrap();
    });
    assert_eq!(text(&outcome.unwrap().access_token), "connected-again");
    assert_eq!(text(&house.ada().await.access_token), "connected-again");
}

#[tokio::test]
async fn a_change_of_key_during_a_refresh_loses_no_token() {
    let house = House::new().await;
    let row = house.connect(-1).await;
    house.fake.delay_tokens(Duration::from_millis(100));
    let (other, _) = house.another();
    let (outcome, ()) = tokio::join!(house.zoho.fresh(row.clone()), async {
        super::refresh::until(|| house.fake.count(TOKEN) == 1).await;
        other.rekey(None).await.unwrap();
    });
    assert_eq!(text(&outcome.unwrap().access_token), "access-1");
    assert_eq!(text(&house.ada().await.access_token), "access-1");
}
