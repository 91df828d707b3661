//! The lock that lets one process refresh.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use zoho_mcp::connections::{ConnectionError, Connections, Refresh};
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

/// Hostile input 25: whoever cleans up takes the lock files, too.
#[tokio::test]
async fn a_lock_file_that_was_removed_meanwhile_lets_no_second_one_in() {
    let house = House::new().await;
    let id = house.connect(-1).await.id;
    let ((first, _), (third, _)) = (house.another(), house.another());
    let lock = async |connections: &Connections, wait: u64| {
        connections
            .lock_refresh(id, Duration::from_millis(wait), |_| false)
            .await
    };
    let is_busy = |outcome: Result<Refresh, ConnectionError>| {
        matches!(outcome, Err(ConnectionError::RefreshBusy { .. }))
    };
    let held = lock(&first, 5000).await.unwrap();
    let waits = AtomicBool::new(false);
    let waiting = house.connections.lock_refresh(id, Duration::from_secs(1), |_| {
        waits.store(true, Ordering::Relaxed);
        false
    });
    let (waited, later) = tokio::join!(waiting, async {
        super::refresh::until(|| waits.load(Ordering::Relaxed)).await;
        std::fs::remove_file(lock_of(&house, id)).unwrap();
        lock(&third, 200).await
    });
    assert!(
        is_busy(waited),
        "the file it waited for is gone, and the refresh is not"
    );
    assert!(is_busy(later), "the file is new, and the refresh is not");
    drop(held);
    assert!(is_busy(lock(&third, 50).await), "nobody said that it is over");
    house.clock.advance(13);
    assert!(matches!(lock(&third, 5000).await, Ok(Refresh::Yours(_))));
}

/// Whoever has nothing to refresh leaves no word that it refreshes: the next one, whose lock file is another, need not wait.
#[tokio::test]
async fn nobody_is_believed_to_refresh_who_does_not() {
    let house = House::new().await;
    let id = house.connect(-1).await.id;
    let (other, _) = house.another();
    let wait = Duration::from_millis(300);
    for gives_back in [false, true] {
        let looked = std::sync::atomic::AtomicUsize::new(0);
        // Settled between the first look and the second, while the lock file was waited for.
        let second = |_: &_| !gives_back && looked.fetch_add(1, Ordering::Relaxed) > 0;
        match house.connections.lock_refresh(id, wait, second).await.unwrap() {
            Refresh::Settled(_) => assert!(!gives_back),
            Refresh::Yours(lock) => house.connections.give_back(lock).await,
        }
        // Kept by its name, the new file has another number.
        let lock = lock_of(&house, id);
        std::fs::rename(&lock, lock.with_extension(format!("old{gives_back}"))).unwrap();
        let next = other.lock_refresh(id, wait, |_| false).await;
        match next {
            Ok(Refresh::Yours(lock)) => other.give_back(lock).await,
            _ => panic!("somebody is believed to refresh (given back: {gives_back})"),
        }
    }
}

/// Hostile input 25: without order every process would ask Zoho, and a pipe would be waited for.
#[tokio::test]
async fn what_is_no_lock_file_is_named_and_nobody_asks_without_order() {
    let make: [fn(&Path); 4] = [
        |path| std::fs::create_dir(path).unwrap(),
        |path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success()),
        |path| std::os::unix::fs::symlink("/dev/null", path).unwrap(),
        |path| {
            std::fs::remove_dir(path.parent().unwrap()).unwrap();
            std::fs::write(path.parent().unwrap(), "").unwrap();
        },
    ];
    for make in make {
        let house = House::new().await;
        let row = house.connect(60).await;
        let lock = lock_of(&house, row.id);
        let directory = lock.parent().unwrap().to_owned();
        std::fs::remove_dir_all(&directory).unwrap();
        std::fs::create_dir(&directory).unwrap();
        make(&lock);
        let alive = house.zoho.fresh(row.clone()).await.unwrap();
        assert_eq!(text(&alive.access_token), "first-access", "it lives for a minute");
        house.clock.advance(60);
        let error = house.zoho.fresh(row.clone()).await.unwrap_err().to_string();
        assert!(error.contains(directory.to_str().unwrap()), "{error}");
        assert!(error.contains("remove it: it is made anew"), "{error}");
        assert_eq!(house.fake.count(TOKEN), 0);
        let _ = std::fs::remove_dir_all(&directory);
        let _ = std::fs::remove_file(&directory);
        let mended = house.zoho.fresh(row).await.unwrap();
        assert_eq!(text(&mended.access_token), "access-1");
    }
}

fn lock_of(house: &House, id: i64) -> PathBuf {
    house.directory.path().join(format!("zoho.db.locks/{id}.lock"))
}

/// The kernel lets go of a lock whose holder was killed.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_killed_holder_is_replaced_at_once() {
    let house = House::new().await;
    let row = house.connect(-1).await;
    let lock = lock_of(&house, row.id);
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
