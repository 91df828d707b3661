//! Many processes on one connection: one of them asks Zoho, all of them get an answer.

use serde_json::{Value, json};

use crate::processes::{Ground, Process};

/// What all of them read, every server asked at the same moment.
fn all_ask(servers: &mut [Process], calls: usize) -> Vec<Value> {
    servers.iter_mut().for_each(|server| server.ask(calls));
    servers.iter_mut().flat_map(|server| server.read(calls)).collect()
}

fn right(answers: &[Value]) -> usize {
    answers.iter().filter(|answer| answer["count"] == 2).count()
}

#[tokio::test]
async fn fifty_processes_with_four_calls_each_refresh_an_expired_token_once() {
    for ground in Ground::both_connected().await {
        ground.bed.admin(json!({ "token_latency_ms": 300 })).await;
        let mut servers = ground.servers(50);
        ground.expire_token().await;
        let answers = all_ask(&mut servers, 4);
        assert_eq!(right(&answers), 200, "{}: {answers:?}", ground.name());
        assert_eq!(ground.token_calls().await, 1, "{}", ground.name());
    }
}

#[tokio::test]
async fn a_leader_that_is_killed_is_replaced() {
    for ground in Ground::both_connected().await {
        let mut servers = ground.servers(10);
        ground.bed.admin(json!({ "token_latency_ms": 60_000 })).await;
        ground.expire_token().await;
        let mut leader = servers.pop().unwrap();
        leader.ask(1);
        while ground.token_calls().await == 0 {}
        servers.iter_mut().for_each(|server| server.ask(1));
        ground.bed.admin(json!({ "token_latency_ms": 0 })).await;
        leader.child.kill().unwrap(); // SIGKILL
        leader.child.wait().unwrap();
        let answers: Vec<Value> = servers.iter_mut().flat_map(|server| server.read(1)).collect();
        assert_eq!(right(&answers), 9, "{}: {answers:?}", ground.name());
        assert_eq!(ground.token_calls().await, 2, "{}", ground.name());
    }
}

/// Hostile input 25 (D24): whoever cleans up takes the lock files, too.
#[tokio::test]
async fn a_lock_file_that_is_removed_during_a_refresh_lets_no_second_one_in() {
    let ground = Ground::both_connected().await.swap_remove(0);
    let mut servers = ground.servers(3);
    ground.bed.admin(json!({ "token_latency_ms": 1500 })).await;
    ground.expire_token().await;
    servers[0].ask(1);
    while ground.token_calls().await == 0 {}
    std::fs::remove_dir_all(format!("{}.locks", ground.bed.database().display())).unwrap();
    servers[1..].iter_mut().for_each(|server| server.ask(1));
    let answers: Vec<Value> = servers.iter_mut().flat_map(|server| server.read(1)).collect();
    assert_eq!(right(&answers), 3, "{answers:?}");
    assert_eq!(ground.token_calls().await, 1);
}

#[tokio::test]
async fn a_revoked_token_is_asked_for_once_by_twenty_processes() {
    for ground in Ground::both_connected().await {
        ground
            .bed
            .admin(json!({ "revoked": true, "token_latency_ms": 100 }))
            .await;
        let mut servers = ground.servers(20);
        ground.expire_token().await;
        for answer in all_ask(&mut servers, 1) {
            assert_eq!(answer["code"], "reconnect_needed", "{}: {answer}", ground.name());
        }
        assert_eq!(ground.token_calls().await, 1, "{}", ground.name());
    }
}

#[tokio::test]
async fn ten_processes_whose_token_is_refused_at_once_refresh_it_once() {
    for ground in Ground::both_connected().await {
        ground
            .bed
            .admin(json!({ "drop_live": true, "token_latency_ms": 100 }))
            .await;
        let mut servers = ground.servers(10);
        let answers = all_ask(&mut servers, 1);
        assert_eq!(right(&answers), 10, "{}: {answers:?}", ground.name());
        assert_eq!(ground.token_calls().await, 1, "{}", ground.name());
    }
}

#[tokio::test]
async fn after_ten_tokens_in_ten_minutes_nobody_asks_for_the_eleventh_twice() {
    for ground in Ground::both_connected().await {
        let mut servers = ground.servers(1);
        for _ in 0..10 {
            ground.expire_token().await;
            let answers = all_ask(&mut servers, 1);
            assert_eq!(right(&answers), 1, "{}: {answers:?}", ground.name());
        }
        ground.expire_token().await;
        for _ in 0..3 {
            for answer in all_ask(&mut servers, 2) {
                assert_eq!(answer["code"], "rate_limited", "{}: {answer}", ground.name());
                let wait = answer["wait_seconds"].as_u64().unwrap();
                assert!((1..=600).contains(&wait), "{answer}");
            }
        }
        assert_eq!(ground.token_calls().await, 11, "{}", ground.name());
        let rows = ground.run(&["connections", "list"]).succeeded();
        assert_eq!(rows[0]["status"], "active", "{rows}");
    }
}

#[tokio::test]
async fn clocks_ten_minutes_apart_cost_nothing() {
    for advance in [600, -600] {
        for ground in Ground::both().await {
            ground.bed.set_clock(json!({ "advance_s": advance })).await;
            ground.run(&["connect"]).succeeded();
            ground.bed.forget().await;
            let mut servers = ground.servers(2);
            assert_eq!(right(&all_ask(&mut servers, 2)), 4, "{advance} {}", ground.name());
            assert_eq!(ground.token_calls().await, 0, "{advance} {}", ground.name());
            // An hour later by Zoho's clock alone: refused once, renewed once.
            ground.bed.set_clock(json!({ "advance_s": 3700 })).await;
            assert_eq!(right(&all_ask(&mut servers, 2)), 4, "{advance} {}", ground.name());
            assert_eq!(ground.token_calls().await, 1, "{advance} {}", ground.name());
        }
    }
}

#[tokio::test]
async fn fifty_processes_start_on_a_database_that_is_not_there() {
    for ground in Ground::both().await {
        let started: Vec<_> = (0..50)
            .map(|_| ground.command(&["connections", "list"]).spawn().unwrap())
            .collect();
        for child in started {
            let output = child.wait_with_output().unwrap();
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{}: {told}", ground.name());
            assert_eq!(output.stdout, b"[]\n", "{}: {told}", ground.name());
        }
    }
}

#[tokio::test]
async fn twenty_first_connections_at_once_agree_on_one_key() {
    for ground in Ground::both().await {
        let started: Vec<_> = (0..20)
            .map(|number| {
                let name = format!("c{number}");
                ground.command(&["connect", "--name", &name]).spawn().unwrap()
            })
            .collect();
        for child in started {
            let output = child.wait_with_output().unwrap();
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{}: {told}", ground.name());
        }
        let rows = ground.run(&["connections", "list"]).succeeded();
        let rows = rows.as_array().unwrap();
        assert_eq!(rows.len(), 20, "{}", ground.name());
        assert!(
            rows.iter()
                .all(|row| row["key_id"] == rows[0]["key_id"] && row["status"] == "active")
        );
    }
}
