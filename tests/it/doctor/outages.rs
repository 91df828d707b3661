//! What Zoho's status page says, asked when a person asks: a feed with one item a service, titled `{service} - {state}`, as
//! public programs read it (StatusIQ, `us.zohostatus.com/rss`, fetched by them in 2026). Zoho documents no form of it.
//! REAL CLOCK: the page tells of the present, whatever time the program is told.

use serde_json::Value;

use crate::commands::{bare, finished};
use crate::connections_rooms::fake::{House, Scripted};

/// What the check finds where the page answers so.
async fn found(status: u16, body: &str) -> Value {
    let house = House::new().await;
    let headers = vec![("content-type", "application/rss+xml".to_owned())];
    let body = body.as_bytes().to_vec();
    house.fake.script(
        "/rss",
        [Scripted {
            status,
            headers,
            body,
        }],
    );
    let mut command = bare(house.directory.path(), &["doctor", "--status", "--json"]);
    command.env("ZOHO_MCP_SANDBOX_URL", &house.fake.url);
    let told = tokio::task::spawn_blocking(move || finished(command, ""))
        .await
        .unwrap();
    let told: Value = serde_json::from_str(&told.out).unwrap();
    let findings = told["findings"].as_array().unwrap();
    findings
        .iter()
        .find(|found| found["check"] == "status")
        .unwrap()
        .clone()
}

fn feed(titles: &[&str]) -> String {
    let items = titles.iter().map(|title| {
        format!("<item><title><![CDATA[{title}]]></title><link>https://us.zohostatus.com</link></item>")
    });
    let items: String = items.collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Zoho - Status</title>{items}</channel></rss>"
    )
}

#[tokio::test]
async fn the_status_page_is_told_word_for_word() {
    let works = found(
        200,
        &feed(&[
            "Zoho Mail - Major Outage",
            "Zoho Desk - Operational",
            "Zoho CRM - Operational",
        ]),
    )
    .await;
    assert_eq!(works["state"], "ok", "{works}");
    assert_eq!(
        works["found"],
        "Zoho Desk: Operational, Zoho CRM: Operational (data center us)"
    );
    let down = found(
        200,
        &feed(&["Zoho CRM - Operational", "Zoho Desk - Partial Outage"]),
    )
    .await;
    assert_eq!(down["state"], "warn", "{down}");
    assert!(
        down["found"].to_string().contains("Zoho Desk: Partial Outage"),
        "{down}"
    );
    let unlisted = found(200, &feed(&["Zoho CRM Plus - Operational"])).await;
    assert_eq!(
        unlisted["found"],
        "Zoho Desk: not listed, Zoho CRM: not listed (data center us)"
    );
}

/// Nothing read is no good news.
#[tokio::test]
async fn a_page_that_cannot_be_read_says_so() {
    for (status, body) in [
        (404, ""),
        (200, "<html><p>Sign in</html>"),
        (200, ""),
        (503, "<rss/>"),
    ] {
        let finding = found(status, body).await;
        assert_eq!(finding["state"], "warn", "{status} {body}: {finding}");
        assert!(
            finding["found"].to_string().contains("cannot be read"),
            "{finding}"
        );
        assert!(
            finding["mend"].to_string().contains("https://status.zoho.com"),
            "{finding}"
        );
        let last = finding["mend"].as_str().unwrap().lines().last().unwrap();
        assert!(last.starts_with("zoho-mcp doctor --status"), "{finding}");
    }
}

/// It is another host: nobody is asked who does not say so.
#[tokio::test]
async fn nothing_is_asked_of_the_page_by_itself() {
    let house = House::new().await;
    let mut command = bare(house.directory.path(), &["doctor", "--json"]);
    command.env("ZOHO_MCP_SANDBOX_URL", &house.fake.url);
    let told = tokio::task::spawn_blocking(move || finished(command, ""));
    assert!(told.await.unwrap().out.contains("\"findings\""));
    assert_eq!(house.fake.count("/rss"), 0);
}
