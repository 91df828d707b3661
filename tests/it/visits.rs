//! Who may bring the code of a consent.

use zoho_mcp::sandbox::Options;

use crate::bed::Bed;
use crate::commands::Waiting;
use crate::visitor::Visitor;

/// A code works once. Some programs look ahead at a link with HEAD, and a page elsewhere may let its name stand for this
/// address (hostile input 32).
#[tokio::test]
async fn only_a_visit_of_the_browser_itself_brings_the_code() {
    let bed = Bed::empty(Options::default()).await;
    let mut waiting = Waiting::start(bed.command(&["connect", "--no-browser", "--port", "0", "--json"]));
    let page = waiting.consent_page();
    let visitor = Visitor::new();
    let back = visitor.allow(&page).await;
    let client = crate::bed::http().build().unwrap();
    client.head(back.clone()).send().await.unwrap();
    let elsewhere = client
        .get(back.clone())
        .header("host", "evil.example")
        .send()
        .await;
    let shown = elsewhere.unwrap().text().await.unwrap();
    assert!(shown.contains("This sign-in is over"), "{shown}");
    assert_eq!(
        bed.get("/__sandbox/stats").await["token_calls"],
        0,
        "the code is not used up"
    );
    visitor.open(back.as_str()).await;
    waiting.end().succeeded();
}
