//! How fast the sandbox answers alone, and how fast the server is with it behind: the sandbox must never be what a
//! measurement of the server measures. Prints calls a second of both and their ratio; fails below [`WANTED`].
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use zoho_mcp::sandbox::{self, Options, Sandbox};

/// The sandbox's calls a second over the server's.
const WANTED: f64 = 5.0;
/// Connections to the sandbox, and calls in flight at the server.
const AT_ONCE: usize = 8;
const ROUND: Duration = Duration::from_secs(2);
const ROUNDS: usize = 3;
/// Tickets of one answer.
const TICKETS: usize = 10;

fn main() {
    let sandbox = sandbox::start(Options::default()).unwrap();
    let home = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", home.path().join("bench.db").display());
    let arguments = ["--database-url", &database, "--sandbox-url", &sandbox.url];
    let mut connect = command(&arguments);
    let connected = connect
        .arg("connect")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(connected.unwrap().success());
    let token = token(&sandbox);
    // A page of the server asks for one ticket more, to know whether there are more.
    let tickets = format!("/api/v1/tickets?limit={}", TICKETS + 1);
    let leads = format!("/crm/v8/Leads?fields=Last_Name,Company,Email&per_page={TICKETS}");
    let paths = [tickets.as_str(), &leads, "/api/v1/myinfo"];
    let mut alone = [const { Vec::new() }; 3];
    let mut server = Vec::new();
    for _ in 0..ROUNDS {
        for (path, rates) in paths.iter().zip(&mut alone) {
            rates.push(sandbox_rate(&sandbox, path, &token));
        }
        server.push(server_rate(&arguments));
    }
    let server = best(&server);
    println!("calls/s, best of {ROUNDS} rounds, {AT_ONCE} at once");
    for (path, rates) in paths.iter().zip(&alone) {
        println!("  sandbox {path:<62} {:>8.0}", best(rates));
    }
    println!("  server  get_records of {TICKETS} Cases {:>46.0}", server);
    let ratio = best(&alone[0]) / server;
    println!("  ratio   {ratio:.1} (wanted: {WANTED})");
    assert!(ratio >= WANTED, "the sandbox is too slow");
}

fn best(rates: &[f64]) -> f64 {
    rates.iter().copied().fold(0.0, f64::max)
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zoho-mcp"));
    command.args(arguments).args(["--timezone", "UTC"]);
    command
}

/// Answers a second over connections that stay open.
fn sandbox_rate(sandbox: &Sandbox, path: &str, token: &str) -> f64 {
    let stop = AtomicBool::new(false);
    let address = sandbox.url.strip_prefix("http://").unwrap();
    let organization = &sandbox.desk_organizations[0].0;
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\norgid: {organization}\r\nauthorization: Zoho-oauthtoken {token}\r\n\r\n"
    );
    let start = Instant::now();
    let calls: u64 = std::thread::scope(|scope| {
        let one = || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.set_nodelay(true).unwrap();
            let mut reader = BufReader::with_capacity(64 << 10, stream.try_clone().unwrap());
            let mut calls = 0;
            let mut body = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                stream.write_all(request.as_bytes()).unwrap();
                read_answer(&mut reader, &mut body);
                calls += 1;
            }
            calls
        };
        let running: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(one)).collect();
        std::thread::sleep(ROUND);
        stop.store(true, Ordering::Relaxed);
        running.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    calls as f64 / start.elapsed().as_secs_f64()
}

fn read_answer(reader: &mut BufReader<TcpStream>, body: &mut Vec<u8>) {
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 200"), "{line}");
    let mut length = 0;
    loop {
        line.clear();
        reader.read_line(&mut line).unwrap();
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    body.resize(length, 0);
    reader.read_exact(body).unwrap();
}

/// Answers a second of the server over standard input and output.
fn server_rate(arguments: &[&str]) -> f64 {
    let mut server = command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = server.stdin.take().unwrap();
    let mut lines = BufReader::with_capacity(256 << 10, server.stdout.take().unwrap()).lines();
    let mut send = |message: Value| writeln!(input, "{message}").unwrap();
    let client = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "bench", "version": "1" } });
    send(json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": client }));
    lines.next().unwrap().unwrap();
    send(json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
    let call = |id: u64| {
        let arguments = json!({ "module": "Cases", "limit": TICKETS });
        json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": { "name": "get_records", "arguments": arguments } })
    };
    let mut answer = || {
        let line = lines.next().unwrap().unwrap();
        assert!(line.contains("\"count\":10"), "{line}");
    };
    // Token, organization, connections: made once.
    send(call(1));
    answer();
    for id in 0..AT_ONCE as u64 {
        send(call(2 + id));
    }
    let (start, mut calls) = (Instant::now(), 0);
    while start.elapsed() < ROUND {
        answer();
        calls += 1;
        send(call(10 + calls));
    }
    let rate = calls as f64 / start.elapsed().as_secs_f64();
    let _ = server.kill();
    let _ = server.wait();
    rate
}

/// An access token with every scope.
fn token(sandbox: &Sandbox) -> String {
    let form = format!(
        "grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={}",
        sandbox.client_id, sandbox.client_secret, sandbox.refresh_token
    );
    let address = sandbox.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST /oauth/v2/token HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\n\r\n{form}",
        form.len()
    )
    .unwrap();
    let mut body = Vec::new();
    read_answer(&mut BufReader::new(stream), &mut body);
    let answer: Value = serde_json::from_slice(&body).unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}
