//! Who may come in (hostile input 18, 31): programs of this machine, by its own name, and no web page; and no query deeper
//! than anybody writes.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::json;
use zoho_mcp::sandbox::{self, Options};

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

/// The status that a request gets which is written as it stands.
fn status_of(url: &str, lines: &[&str]) -> u16 {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
    let request = [lines, &["connection: close", "", ""]].concat().join("\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

/// RFC 9112, 3.2: a request of HTTP/1.1 without a Host, with two, or with one that names no host is 400; where the target
/// names a host, that one counts and not the header (3.2.2). RFC 9110, 4.2.4: a name with a user before it is an error.
#[test]
fn a_request_says_once_whom_it_is_for() {
    let sandbox = standing(Options::default());
    judged(&sandbox.url, "/__sandbox/clock", 200);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("recorded.jsonl");
    std::fs::write(&file, "").unwrap();
    let listen = "127.0.0.1:0".parse().unwrap();
    let replayed = sandbox::replay(listen, &file).unwrap();
    judged(&replayed.url, "/__sandbox/clock", 200);
}

fn judged(url: &str, path: &str, served: u16) {
    let own = url.trim_start_matches("http://");
    let origin = format!("GET {path} HTTP/1.1");
    let whole = |host: &str| format!("GET http://{host}{path} HTTP/1.1");
    let (here, there, person) = (whole(own), whole("evil.example"), whole(&format!("me@{own}")));
    let old = format!("GET {path} HTTP/1.0");
    let host = format!("host: {own}");
    let cases: [(&[&str], u16); 14] = [
        (&[&origin, &host], served),
        (&[&old], served),
        (&[&here, &host], served),
        (&[&here, "host: evil.example"], served),
        (&[&there, &host], 403),
        (&[&there, "host: evil.example"], 403),
        (&[&person, &host], 400),
        (&[&origin], 400),
        (&[&here], 400),
        (&[&origin, &host, &host], 400),
        (&[&origin, &host, "host: evil.example"], 400),
        (&[&origin, "host: me@127.0.0.1"], 400),
        (&[&origin, "host: 127.0.0.1:1:2"], 400),
        (&[&origin, "host:"], 400),
    ];
    for (lines, wanted) in cases {
        assert_eq!(status_of(url, lines), wanted, "{lines:?}");
    }
}

/// What a program is told of where it is has the same host: RFC 9112, 3.2.2.
#[test]
fn a_target_that_names_a_host_is_answered_under_it() {
    let listen = "0.0.0.0:0".parse().unwrap();
    let sandbox = standing(Options {
        listen,
        ..Options::default()
    });
    let own = sandbox.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(own).unwrap();
    let target = "GET http://sandbox:8080/oauth/serverinfo HTTP/1.1";
    let request = format!("{target}\r\nhost: {own}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.contains("http://sandbox:8080"), "{answer}");
}
