//! Who may come in (hostile input 18, 31): programs of this machine, by its own name, and no web page; and no query deeper
//! than anybody writes.

use serde_json::json;
use zoho_mcp::sandbox::Options;

use crate::bed::{Bed, http, standing};

#[tokio::test]
async fn no_web_page_reaches_a_sandbox_of_this_machine() {
    let bed = Bed::connected().await;
    let client = http().build().unwrap();
    let status = async |path: &str, header: (&str, &str)| {
        let request = client.get(format!("{}{path}", bed.sandbox.url));
        request
            .header(header.0, header.1)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    for path in [
        "/__sandbox/clock",
        "/__sandbox/client",
        "/api/v1/tickets",
        "/oauth/v2/auth",
    ] {
        for host in [
            "evil.example",
            "evil.example:8080",
            "127.0.0.1.evil.example",
            "10.0.0.1",
        ] {
            assert_eq!(status(path, ("host", host)).await, 403, "{host} {path}");
        }
        for host in ["localhost", "127.0.0.1:1", "[::1]:8080", "LOCALHOST:8"] {
            assert_ne!(status(path, ("host", host)).await, 403, "{host} {path}");
        }
    }
    assert_eq!(
        status("/__sandbox/clock", ("origin", "https://evil.example")).await,
        403
    );
    for site in ["cross-site", "same-site"] {
        assert_eq!(status("/__sandbox/client", ("sec-fetch-site", site)).await, 403);
        assert_ne!(status("/oauth/v2/auth", ("sec-fetch-site", site)).await, 403);
    }
    for site in ["none", "same-origin"] {
        assert_eq!(status("/__sandbox/clock", ("sec-fetch-site", site)).await, 200);
    }
    assert_eq!(status("/__sandbox/clock", ("accept", "*/*")).await, 200);
}

/// A sandbox that others may reach has other names, too; one that anybody may register is none of them.
#[tokio::test]
async fn so_does_one_that_other_machines_reach() {
    let listen = "0.0.0.0:0".parse().unwrap();
    let sandbox = standing(Options {
        listen,
        ..Options::default()
    });
    let client = http().build().unwrap();
    for (host, wanted) in [
        ("evil.example", 403),
        ("evil.example.:80", 403),
        ("10.0.0.1.evil.example", 403),
        ("10.0.0.1:8080", 200),
        ("[fd00::1]:8080", 200),
        ("localhost", 200),
        ("sandbox:8080", 200),
        ("sandbox.svc.cluster.local", 200),
        ("host.docker.internal:80", 200),
    ] {
        let clock = client.get(format!("{}/__sandbox/clock", sandbox.url));
        let answer = clock.header("host", host).send().await.unwrap();
        assert_eq!(answer.status(), wanted, "{host}");
    }
}

/// Five thousand parentheses ended the process, and with `--sandbox` the server in it.
#[tokio::test]
async fn a_query_too_deep_is_an_error_of_its_syntax() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let nested = |depth: usize, open: &str, close: &str| {
        let (open, close) = (open.repeat(depth), close.repeat(depth));
        json!({ "query": format!("select id from Leads where {open}id is not null{close} limit 1") })
    };
    let answer = wire.call("run_coql_query", nested(50, "(", ")")).await;
    assert_eq!(answer["count"], 1, "{answer}");
    for (depth, open, close) in [(51, "(", ")"), (5_000, "(", ")"), (1_200, "id is null or (", ")")] {
        let answer = wire.call("run_coql_query", nested(depth, open, close)).await;
        assert_eq!(answer["code"], "rejected", "{depth} {open}: {answer:.300}");
        assert!(
            answer["error"].as_str().unwrap().contains("SYNTAX_ERROR"),
            "{answer:.300}"
        );
    }
    let answer = wire
        .call("get_records", json!({ "module": "Cases", "limit": 1 }))
        .await;
    assert_eq!(answer["count"], 1, "the sandbox is still there: {answer}");
}
