//! `zoho-mcp connect`, from the consent page to the row and the first call, through the real binary.
//! REAL CLOCK: some of it is what a program says that knows of no sandbox.

use std::collections::HashMap;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use serde_json::{Value, json};
use zoho_mcp::sandbox::Options;

use crate::bed::{Bed, USER};
use crate::browser::Browser;
use crate::commands::{Ran, Waiting, bare, finished};
use crate::visitor::{Visitor, back_from};

fn waiting(bed: &Bed) -> (Waiting, String) {
    let command = bed.command(&["connect", "--no-browser", "--port", "0", "--json"]);
    let mut waiting = Waiting::start(command);
    let page = waiting.consent_page();
    (waiting, page)
}

async fn cases(bed: &Bed) -> Value {
    let arguments = json!({ "module": "Cases", "limit": 2 });
    bed.client().await.call("get_records", arguments).await
}

#[tokio::test]
async fn a_consent_in_a_browser_becomes_a_row_and_a_first_call() {
    let bed = Bed::empty(Options::default()).await;
    let (waiting, page) = waiting(&bed);
    let asked = url::Url::parse(&page).unwrap();
    let asked: HashMap<_, _> = asked.query_pairs().into_owned().collect();
    let fixed = ["access_type", "prompt", "code_challenge_method"].map(|name| &asked[name]);
    assert_eq!(fixed, ["offline", "consent", "S256"]);
    assert!(asked["state"].len() >= 32, "{}", asked["state"]);
    assert!(asked["scope"].contains("Desk.tickets.READ"), "{}", asked["scope"]);
    let visitor = Visitor::new();
    let back = visitor.allow(&page).await;
    let shown = visitor.open(back.as_str()).await;
    assert!(shown.contains("Zoho is connected"), "{shown}");

    let told = waiting.end().succeeded();
    assert_eq!(told["connection"]["user"], USER);
    assert_eq!(told["connection"]["data_center"], "us");
    assert_eq!(told["connection"]["has_refresh_token"], true);
    assert!(
        told["verified"].as_str().unwrap().starts_with("read case #"),
        "{told}"
    );
    let first = &bed.sandbox.desk_organizations[0].0;
    assert_eq!(told["connection"]["desk_org_id"], first.as_str());
    assert_eq!(cases(&bed).await["count"], 2);
}

#[tokio::test]
async fn the_snippet_starts_a_server_that_is_connected() {
    let bed = Bed::empty(Options::default()).await;
    let told = bed.run(&["connect"]).succeeded();
    let server = &told["config"]["mcpServers"]["zoho"];
    let arguments = server["args"].as_array().unwrap().iter();
    let arguments: Vec<&str> = arguments.map(|word| word.as_str().unwrap()).collect();
    assert_eq!(
        server["command"],
        bed.command(&[]).get_program().to_str().unwrap()
    );
    let call = [
        arguments.as_slice(),
        &["call", "get_records", r#"{"module":"Cases","limit":1}"#],
    ]
    .concat();
    assert_eq!(finished(bare(bed.home.path(), &call), "").succeeded()["count"], 1);
}

#[tokio::test]
async fn a_no_in_the_browser_is_told_there_and_here_and_stores_nothing() {
    let bed = Bed::empty(Options::default()).await;
    let (waiting, page) = waiting(&bed);
    let shown = Visitor::new()
        .open(&back_from(&page, &[("error", "access_denied")]))
        .await;
    assert!(shown.contains("Zoho is not connected"), "{shown}");
    assert!(shown.contains("access_denied"), "{shown}");
    let ran = waiting.end();
    assert!(
        ran.failed()
            .contains("Zoho was not allowed to share your data (access_denied)"),
        "{ran:?}"
    );
    assert_eq!(bed.run(&["connections", "list"]).succeeded(), json!([]));
}

#[tokio::test]
async fn an_answer_with_another_state_is_not_taken() {
    let bed = Bed::empty(Options::default()).await;
    let (waiting, page) = waiting(&bed);
    let visitor = Visitor::new();
    let stranger = back_from(&page, &[("code", "1000.a.b")]).replace("state=", "state=x");
    let shown = visitor.open(&stranger).await;
    assert!(shown.contains("not part of the sign-in"), "{shown}");
    assert_eq!(bed.get("/__sandbox/stats").await["token_calls"], 0);
    let back = visitor.allow(&page).await;
    visitor.open(back.as_str()).await;
    waiting.end().succeeded();
}

#[tokio::test]
async fn a_code_is_never_sent_to_a_server_outside_the_table() {
    let servers = [
        ("us", "https://accounts.zoho.com.evil.example"),
        ("us", "http://accounts.zoho.com"),
        ("us", "https://a:b@accounts.zoho.com"),
        ("us", "https://169.254.169.254"),
        ("us", "https://accounts.zoho.eu"),
    ];
    for (location, server) in servers {
        let bed = Bed::empty(Options::default()).await;
        let (waiting, page) = waiting(&bed);
        let parameters = [
            ("code", "1000.a.b"),
            ("location", location),
            ("accounts-server", server),
        ];
        let shown = Visitor::new().open(&back_from(&page, &parameters)).await;
        assert!(shown.contains("nothing was sent to it"), "{server}: {shown}");
        let ran = waiting.end();
        assert!(ran.failed().contains("accounts server"), "{server}: {ran:?}");
        assert_eq!(bed.get("/__sandbox/stats").await["token_calls"], 0, "{server}");
    }
}

#[tokio::test]
async fn the_location_alone_is_looked_up_in_the_servers_list() {
    let bed = Bed::empty(Options::default()).await;
    let (waiting, page) = waiting(&bed);
    let visitor = Visitor::new();
    let back = visitor.allow(&page).await;
    let code = back
        .query_pairs()
        .find(|(name, _)| name == "code")
        .unwrap()
        .1
        .into_owned();
    visitor
        .open(&back_from(&page, &[("code", &code), ("location", "us")]))
        .await;
    assert_eq!(
        waiting.end().succeeded()["connection"]["accounts_url"],
        bed.sandbox.url.as_str()
    );
    assert!(
        bed.seen()
            .await
            .iter()
            .any(|line| line.contains("/oauth/serverinfo"))
    );
}

#[tokio::test]
async fn a_self_client_code_a_refresh_token_and_a_device_connect_too() {
    let bed = Bed::empty(Options::default()).await;
    let code = crate::bed::http()
        .build()
        .unwrap()
        .post(format!("{}/__sandbox/self_client", bed.sandbox.url))
        .body(json!({ "scope": "Desk.tickets.READ,Desk.basic.READ" }).to_string());
    let code: Value = serde_json::from_slice(&code.send().await.unwrap().bytes().await.unwrap()).unwrap();
    let code = code["code"].as_str().unwrap();
    let told = bed
        .run_with(&["connect", "--name", "code", "--self-client"], code)
        .succeeded();
    assert_eq!(told["connection"]["name"], "code");
    assert_eq!(told["connection"]["has_refresh_token"], true);
    let again = bed.run_with(&["connect", "--name", "again", "--self-client"], code);
    assert!(again.failed().contains("invalid_code"), "{again:?}");

    let file = bed.home.path().join("token");
    std::fs::write(&file, format!("{}\n", bed.sandbox.refresh_token)).unwrap();
    let path = file.to_str().unwrap();
    let told = bed
        .run(&["connect", "--name", "file", "--refresh-token-file", path])
        .succeeded();
    assert_eq!(told["connection"]["has_refresh_token"], true);
    let token = bed.sandbox.refresh_token.as_str();
    bed.run_with(
        &["connect", "--name", "input", "--refresh-token-file", "-"],
        token,
    )
    .succeeded();

    let mut device = Waiting::start(bed.command(&["connect", "--name", "device", "--device"]));
    let page = device.line(|line| {
        let (page, _) = line.strip_prefix("Open ")?.split_once(" in any browser")?;
        Some(page.to_owned())
    });
    // On a line of its own, to be typed from.
    let code = device.line(|line| line.strip_prefix("    ").map(str::to_owned));
    Visitor::new()
        .open(&format!("{page}?user_code={code}&auto_approve=true"))
        .await;
    assert_eq!(device.end().succeeded()["connection"]["name"], "device");
}

#[tokio::test]
async fn of_several_organizations_one_is_chosen() {
    let bed = Bed::empty(Options::default()).await;
    let organizations = &bed.sandbox.desk_organizations;
    assert!(organizations.len() > 1, "{organizations:?}");
    let second = organizations[1].0.as_str();
    let told = bed.run(&["connect", "--org", second]).succeeded();
    assert_eq!(told["connection"]["desk_org_id"], second);
    assert_eq!(told["connection"]["desk_org_source"], "user");
    // Connecting again keeps what the person has chosen.
    let told = bed.run(&["connect"]).succeeded();
    assert_eq!(told["connection"]["desk_org_id"], second);
    assert_eq!(told["connection"]["desk_org_source"], "user");
    let first = bed.run(&["connect", "--name", "first", "--yes"]);
    assert_eq!(
        first.succeeded()["connection"]["desk_org_source"],
        "first_of_many"
    );
    assert!(
        first.told.contains("zoho-mcp connections set-org first"),
        "{first:?}"
    );
    let url = bed.sandbox.url.clone();
    let given = bed.run(&["connect", "--sandbox-url", &url, "--name", "given", "--yes"]);
    let hint = format!("zoho-mcp connections set-org given --sandbox-url {url}");
    assert!(given.told.contains(&hint), "{given:?}");
    let unknown = bed.run(&["connect", "--name", "other", "--org", "11111"]);
    assert!(!unknown.ok, "{unknown:?}");
    let told = &unknown.told;
    assert!(organizations.iter().all(|(id, _)| told.contains(id)), "{told}");
}

#[tokio::test]
async fn the_scopes_follow_from_the_tools_on_offer() {
    let bed = Bed::empty(Options::default()).await;
    let scopes = |ran: Ran| ran.succeeded()["connection"]["scopes"].to_string();
    let everything = scopes(bed.run(&["connect", "--name", "everything"]));
    assert!(everything.contains("ZohoCRM.coql.READ"), "{everything}");
    assert!(everything.contains("Desk.search.READ"), "{everything}");
    let account = scopes(bed.run(&["--toolsets", "account", "connect", "--name", "account"]));
    assert!(!account.contains("Desk.tickets"), "{account}");
    assert!(account.contains("Desk.basic.READ"), "{account}");
}

#[tokio::test]
async fn without_a_user_the_only_one_there_is_is_meant() {
    let bed = Bed::empty(Options::default()).await;
    let by_nobody = |arguments: &[&str]| {
        let mut command = bed.command(arguments);
        command.env_remove("ZOHO_MCP_USER");
        finished(command, "")
    };
    for arguments in [&["connect"][..], &["connect", "--name", "second"]] {
        let ran = by_nobody(arguments);
        assert_eq!(ran.succeeded()["connection"]["user"], "me");
    }
    bed.run(&["connect"]).succeeded();
    let several = by_nobody(&["connect", "--name", "third"]);
    assert!(several.failed().contains("--user"), "{several:?}");
    assert!(several.failed().contains(USER), "names them: {several:?}");
}

#[tokio::test]
async fn the_page_is_opened_in_the_browser_of_the_system() {
    let bed = Bed::empty(Options::default()).await;
    let opener = bed.home.path().join("browser");
    std::fs::write(&opener, "#!/bin/sh\nprintf %s \"$1\" > \"$0.opened\"\n").unwrap();
    std::fs::set_permissions(&opener, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = bed.command(&["connect", "--browser", "--port", "0"]);
    command.env("BROWSER", &opener);
    let mut waiting = Waiting::start(command);
    let page = waiting.consent_page();
    let kept = bed.home.path().join("browser.opened");
    let opened = async {
        loop {
            match std::fs::read_to_string(&kept) {
                Ok(address) if !address.is_empty() => return address,
                _ => tokio::task::yield_now().await,
            }
        }
    };
    let opened = tokio::time::timeout(Duration::from_secs(60), opened).await;
    let address = opened.expect("the browser is started");
    // Hostile input 32: everybody on the machine can read a command line; what the page asks with is not on it.
    let asked = url::Url::parse(&page).unwrap();
    for (name, value) in asked.query_pairs() {
        assert!(
            value.len() < 20 || !address.contains(&*value),
            "{name}: {address}"
        );
    }
    let visitor = Visitor::new();
    let tried = visitor.try_from_a_page(&address).await;
    assert!(tried.contains("Zoho is not connected"), "{tried}");
    assert_eq!(visitor.redirected(&address).await.as_str(), page);
    let again = visitor.open(&address).await;
    assert!(again.contains("stop the sign-in"), "{again}");
    visitor.open(visitor.allow(&page).await.as_str()).await;
    waiting.end().succeeded();
}

#[tokio::test]
async fn a_port_that_is_taken_is_told_before_anything_is_asked() {
    let bed = Bed::empty(Options::default()).await;
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ran = bed.run(&["connect", "--browser", "--port", &port]);
    assert!(ran.failed().contains("--callback-port"), "{ran:?}");
    assert!(!ran.failed().contains("/oauth/v2/auth"), "{ran:?}");
    // Where nobody pastes anything either, nothing is waited for.
    let ran = bed.run(&["connect", "--no-browser", "--port", &port]);
    assert!(ran.failed().contains("--callback-port"), "{ran:?}");
}

#[tokio::test]
async fn allow_and_deny_in_a_real_browser() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let bed = Bed::empty(Options::default()).await;
    let (denying, page) = waiting(&bed);
    browser.go(&page).await;
    assert!(
        browser.text().await.contains("Allow Sandbox Client"),
        "{}",
        browser.text().await
    );
    browser.keep_pictures("consent").await;
    browser.click("#deny").await;
    back_here(&browser).await;
    assert!(
        browser.text().await.contains("Zoho is not connected"),
        "{}",
        browser.text().await
    );
    browser.keep_pictures("denied").await;
    denying.end().failed();

    let (allowing, page) = waiting(&bed);
    browser.go(&page).await;
    browser.click("#allow").await;
    back_here(&browser).await;
    assert!(
        browser.text().await.contains("Zoho is connected"),
        "{}",
        browser.text().await
    );
    browser.keep_pictures("connected").await;
    allowing.end().succeeded();
    assert_eq!(cases(&bed).await["count"], 2);
}

/// Until the browser has followed the redirect; each look takes a round trip to it.
async fn back_here(browser: &Browser) {
    for _ in 0..1000 {
        if browser.url().await.contains("/callback?") {
            return;
        }
    }
    panic!("the browser stays at {}", browser.url().await);
}

/// A client that Zoho does not know is no person who said no.
#[tokio::test]
async fn a_client_that_zoho_refuses_is_told_as_that() {
    let bed = Bed::empty(Options::default()).await;
    let (waiting, page) = waiting(&bed);
    let shown = Visitor::new()
        .open(&back_from(&page, &[("error", "invalid_client")]))
        .await;
    assert!(shown.contains("invalid_client"), "{shown}");
    let ran = waiting.end();
    let told = ran.failed();
    assert!(
        told.contains("knows no client of this id") && !told.contains("share your data"),
        "{told}"
    );
}

#[test]
fn a_port_means_something_where_something_comes_back_to_it() {
    let home = tempfile::tempdir().unwrap();
    for (arguments, instead) in [
        (&["tools", "--port", "1"][..], "--callback-port"),
        (&["sandbox", "--port=48123"], "--listen"),
    ] {
        let ran = finished(bare(home.path(), arguments), "");
        assert!(ran.failed().contains(instead), "{ran:?}");
    }
}
