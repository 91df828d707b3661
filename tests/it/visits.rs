//! Who may bring the code of a consent.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use zoho_mcp::sandbox::Options;

use crate::bed::Bed;
use crate::commands::Waiting;
use crate::visitor::{Visitor, back_from};

/// The status and the page that these lines of a request come to.
fn answered(place: &url::Url, lines: &str) -> (u16, String) {
    let port = place.port().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let request = format!("{lines}Connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    read_answer(stream)
}

fn read_answer(mut stream: TcpStream) -> (u16, String) {
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    (status.unwrap_or(0), answer)
}

fn waiting(bed: &Bed) -> (Waiting, String) {
    let mut waiting = Waiting::start(bed.command(&["connect", "--no-browser", "--port", "0", "--json"]));
    let page = waiting.consent_page();
    (waiting, page)
}

/// A code works once. Some programs look ahead at a link with HEAD, and a page elsewhere may let its name stand for this
/// address (hostile input 32).
#[tokio::test]
async fn only_a_visit_of_the_browser_itself_brings_the_code() {
    let bed = Bed::empty(Options::default()).await;
    let (waiting, page) = waiting(&bed);
    let visitor = Visitor::new();
    let back = visitor.allow(&page).await;
    let client = crate::bed::http().build().unwrap();
    let ahead = client.head(back.clone()).send().await.unwrap();
    assert_eq!(ahead.status(), 405);
    assert_eq!(ahead.headers()["allow"], "GET");
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-mode", "no-cors"),
    ] {
        let fetched = client.get(back.clone()).header(name, value).send().await.unwrap();
        assert_eq!(fetched.status(), 403, "{name}: {value}");
    }
    let elsewhere = client
        .get(back.clone())
        .header("host", "evil.example")
        .send()
        .await
        .unwrap();
    assert_eq!(elsewhere.status(), 403);
    let shown = elsewhere.text().await.unwrap();
    assert!(shown.contains("Zoho is not connected"), "{shown}");
    assert_eq!(
        bed.get("/__sandbox/stats").await["token_calls"],
        0,
        "the code is not used up"
    );
    visitor.open(back.as_str()).await;
    waiting.end().succeeded();
}

/// RFC 9112, 3.2: one Host and no more; RFC 6761, 6.3 has `localhost`.
#[tokio::test]
async fn the_host_is_this_address_and_nothing_like_it() {
    let bed = Bed::empty(Options::default()).await;
    let (waiting, page) = waiting(&bed);
    let visitor = Visitor::new();
    let back = visitor.allow(&page).await;
    let (port, target) = (back.port().unwrap(), &back[url::Position::BeforePath..]);
    let get = format!("GET {target} HTTP/1.1\r\n");
    for hosts in [
        "Host: evil.example\r\n".to_owned(),
        format!("Host: evil.example:{port}\r\n"),
        format!("Host: 127.0.0.1.evil.example:{port}\r\n"),
        format!("Host: localhost.evil.example:{port}\r\n"),
        format!("Host: evil-127.0.0.1:{port}\r\n"),
        format!("Host: 127.0.0.1@evil.example:{port}\r\n"),
        "Host: 127.0.0.1:evil\r\n".to_owned(),
        format!("Host: 127.0.0.1:{port}:80\r\n"),
        format!("Host: 127.0.0.1, evil.example:{port}\r\n"),
        format!("Host: [::1]:{port}\r\n"),
        format!("Host: 127.1:{port}\r\n"),
        format!("Host: 2130706433:{port}\r\n"),
        format!("Host: 0.0.0.0:{port}\r\n"),
        format!("Host: localhost.:{port}\r\n"),
        "Host: \r\n".to_owned(),
        String::new(),
        format!("Host: 127.0.0.1:{port}\r\nHost: evil.example\r\n"),
        format!("Host: evil.example\r\nHost: 127.0.0.1:{port}\r\n"),
    ] {
        let (status, answer) = answered(&back, &format!("{get}{hosts}"));
        assert!((400..500).contains(&status), "{hosts:?}: {answer}");
    }
    // The host of the target counts, where it names one (RFC 9112, 3.2.2).
    let absolute = format!("GET http://evil.example{target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n");
    assert_eq!(answered(&back, &absolute).0, 403);
    let old = format!("GET {target} HTTP/1.0\r\n");
    assert_eq!(answered(&back, &old).0, 403);
    let post = format!("POST {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 0\r\n");
    assert_eq!(answered(&back, &post).0, 405);
    assert_eq!(bed.get("/__sandbox/stats").await["token_calls"], 0);
    let (status, shown) = answered(
        &back,
        &format!("GET http://localhost:{port}{target} HTTP/1.1\r\nHost: evil.example\r\n"),
    );
    assert!(status == 200 && shown.contains("Zoho is connected"), "{shown}");
    waiting.end().succeeded();
}

/// No page that says that Zoho is not connected looks like a success to a program.
#[tokio::test]
async fn a_page_that_tells_of_no_success_has_no_status_of_one() {
    let bed = Bed::empty(Options::default()).await;
    let (first, page) = waiting(&bed);
    let client = crate::bed::http().build().unwrap();
    let status = async |address: &str| client.get(address).send().await.unwrap().status().as_u16();
    let back = back_from(&page, &[("error", "access_denied")]);
    let foreign = back.replace("state=", "state=x");
    assert_eq!(status(&foreign).await, 400, "another state");
    assert_eq!(status(back.split('?').next().unwrap()).await, 400, "no state");
    assert_eq!(status(&back).await, 400, "a no");
    first.end().failed();

    // A second answer that comes while the first is taken: the sign-in is over for it.
    let (second, page) = waiting(&bed);
    let back = Visitor::new().allow(&page).await;
    let connect = || TcpStream::connect(("127.0.0.1", back.port().unwrap())).unwrap();
    let mut both = [connect(), connect()];
    let target = &back[url::Position::BeforePath..];
    let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let (begun, rest) = request.split_at(request.len() / 2);
    for stream in &mut both {
        stream.write_all(begun.as_bytes()).unwrap();
    }
    let foreign = back_from(&page, &[("code", "1")]).replace("state=", "state=x");
    // Of a connection that was silent until the sign-in is over, nothing would be read.
    assert_eq!(status(&foreign).await, 400, "both have begun before this one");
    for stream in &mut both {
        stream.write_all(rest.as_bytes()).unwrap();
    }
    let mut statuses = both.map(|stream| read_answer(stream).0);
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 410]);
    second.end().succeeded();
}
