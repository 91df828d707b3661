//! With a sandbox no other server is reachable, whoever names one; without it no sandbox is.
//!
//! REAL CLOCK: a fake Zoho has no time of its own.

use std::io::ErrorKind;
use std::net::TcpListener;

use serde_json::Value;
use sqlx::{Connection as _, SqliteConnection};

use crate::bed::{Bed, USER};
use crate::commands::{Ran, Waiting, bare, finished};
use crate::connections_rooms::fake::{Fake, Scripted, json};
use crate::visitor::{Visitor, back_from};

const TOKEN: &str = "/oauth/v2/token";
const CASES: &str = r#"{"module":"Cases","limit":1}"#;
const LEADS: &str = r#"{"module":"Leads","limit":1}"#;

/// Another server of this machine, which nobody may come to.
struct Trap(TcpListener);

impl Trap {
    fn set() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Trap(listener)
    }

    fn url(&self) -> String {
        format!("http://{}", self.0.local_addr().unwrap())
    }

    #[track_caller]
    fn is_untouched(&self) {
        let visitor = self.0.accept().map(drop).map_err(|error| error.kind());
        assert_eq!(visitor, Err(ErrorKind::WouldBlock), "somebody came to the trap");
    }
}

/// A sandbox that answers as it is told, and a home for the rows made against it.
struct Ground {
    fake: Fake,
    home: tempfile::TempDir,
}

impl Ground {
    /// The fake has a thread of its own: the test waits for commands that ask it.
    fn new() -> Self {
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async move {
                let _ = tell.send(Fake::start().await);
                std::future::pending::<()>().await;
            });
        });
        Ground {
            fake: told.recv().unwrap(),
            home: tempfile::tempdir().unwrap(),
        }
    }

    fn run(&self, arguments: &[&str], input: &str) -> Ran {
        let mut command = bare(self.home.path(), arguments);
        command
            .env("ZOHO_MCP_SANDBOX_URL", &self.fake.url)
            .env("ZOHO_MCP_USER", USER)
            .env("ZOHO_MCP_CLIENT_ID", "1000.CLIENT")
            .env("ZOHO_MCP_CLIENT_SECRET", "client-secret");
        finished(command, input)
    }

    fn connect(&self) -> Ran {
        self.run(&["connect", "--refresh-token"], "the-refresh-token")
    }

    async fn sql(&self, statement: String) {
        let path = self.home.path().join(".local/share/zoho-mcp/sandbox.db");
        let url = format!("sqlite:{}", path.display());
        let mut database = SqliteConnection::connect(&url).await.unwrap();
        let statement: &'static str = statement.leak();
        sqlx::query(statement).execute(&mut database).await.unwrap();
        database.close().await.unwrap();
    }
}

fn tokens(api_domain: &str) -> Scripted {
    json(
        200,
        &format!(r#"{{"access_token":"another","expires_in":3600,"api_domain":"{api_domain}"}}"#),
    )
}

fn elsewhere(trap: &Trap) -> [String; 3] {
    [
        trap.url(),
        "https://www.zohoapis.com".to_owned(),
        "https://www.zohoapis.com.evil.example".to_owned(),
    ]
}

#[tokio::test]
async fn a_token_reply_of_a_sandbox_leads_nowhere_else() {
    let trap = Trap::set();
    for address in elsewhere(&trap) {
        let ground = Ground::new();
        ground.fake.script(TOKEN, [tokens(&address)]);
        let refused = ground.connect();
        let told = refused.failed();
        assert!(
            told.contains("api_domain") && told.contains("nothing was sent"),
            "{told}"
        );
        let list = ground.run(&["connections", "list"], "").succeeded();
        assert_eq!(list, serde_json::json!([]), "{address}");

        ground.connect().succeeded();
        ground
            .sql("UPDATE zoho_connections SET token_expires_at = 0".to_owned())
            .await;
        ground.fake.script(TOKEN, [tokens(&address)]);
        let refused = ground.run(&["call", "get_records", LEADS], "").json();
        assert!(
            refused["error"].as_str().unwrap().contains("api_domain"),
            "{refused}"
        );
        let shown = ground.run(&["connections", "show"], "").succeeded();
        assert_eq!(shown["api_domain"], ground.fake.url.as_str(), "{address}");
    }
    trap.is_untouched();
}

/// What came but for the question when the sandbox stands.
fn asked(ground: &Ground) -> usize {
    let seen = ground.fake.seen();
    seen.iter().filter(|one| one.path != "/__sandbox/clock").count()
}

#[tokio::test]
async fn a_row_a_redirect_and_a_page_address_lead_nowhere_else() {
    let trap = Trap::set();
    let ground = Ground::new();
    ground.connect().succeeded();
    let hosts = [
        (
            "accounts_url",
            [trap.url(), "https://accounts.zoho.com".to_owned()],
        ),
        ("api_domain", [trap.url(), "https://www.zohoapis.com".to_owned()]),
        ("desk_url", [trap.url(), "https://desk.zoho.com".to_owned()]),
    ];
    for (column, addresses) in hosts {
        for address in addresses {
            ground
                .sql(format!(
                    "UPDATE zoho_connections SET {column} = '{address}', token_expires_at = 0"
                ))
                .await;
            let seen = asked(&ground);
            for arguments in [CASES, LEADS] {
                let refused = ground.run(&["call", "get_records", arguments], "").json();
                assert_eq!(
                    refused["code"], "reconnect_needed",
                    "{column} {address}: {refused}"
                );
                let told = refused["error"].as_str().unwrap();
                assert!(told.contains(column) && told.contains("--sandbox-url"), "{told}");
            }
            ground.run(&["doctor"], "").failed();
            assert_eq!(asked(&ground), seen, "{column} {address}");
        }
        let sound = &ground.fake.url;
        ground
            .sql(format!("UPDATE zoho_connections SET {column} = '{sound}'"))
            .await;
    }
    let moved = Scripted {
        status: 302,
        headers: vec![("location", format!("{}/api/v1/tickets", trap.url()))],
        body: Vec::new(),
    };
    ground.fake.script("/api/v1/tickets", [moved]);
    ground.run(&["call", "get_records", CASES], "").failed();
    let page = format!(r#"{{"data":[{{"id":"1","webUrl":"{}/page"}}]}}"#, trap.url());
    ground.fake.script("/api/v1/tickets", [json(200, &page)]);
    ground.run(&["call", "get_records", CASES], "").succeeded();
    trap.is_untouched();
}

#[tokio::test]
async fn a_callback_that_names_a_data_centre_is_not_followed_out_of_the_sandbox() {
    for named in [
        &[("location", "eu")][..],
        &[
            ("location", "eu"),
            ("accounts-server", "https://accounts.zoho.eu"),
        ],
        &[("accounts-server", "https://accounts.zoho.com")],
    ] {
        let bed = Bed::empty(zoho_mcp::sandbox::Options::default()).await;
        let mut waiting = Waiting::start(bed.command(&["connect", "--no-browser", "--port", "0"]));
        let page = waiting.consent_page();
        let parameters = [&[("code", "1000.a.b")], named].concat();
        let shown = Visitor::new().open(&back_from(&page, &parameters)).await;
        assert!(shown.contains("nothing was sent to it"), "{named:?}: {shown}");
        waiting.end().failed();
        assert_eq!(bed.get("/__sandbox/stats").await["token_calls"], 0, "{named:?}");
    }
}

#[tokio::test]
async fn a_row_made_against_a_sandbox_is_used_with_it_only() {
    let bed = Bed::connected().await;
    bed.forget().await;
    let alone = |arguments: &[&str]| {
        let mut command = bed.command(arguments);
        command.env_remove("ZOHO_MCP_SANDBOX_URL");
        command.env_remove("ZOHO_MCP_NOW");
        finished(command, "")
    };
    let refused: Value = alone(&["call", "get_records", CASES]).json();
    assert_eq!(refused["code"], "reconnect_needed", "{refused}");
    let way = format!("--sandbox-url {}", bed.sandbox.url);
    assert!(
        refused["error"].as_str().unwrap().contains("sandbox"),
        "{refused}"
    );
    assert!(refused["next"].as_str().unwrap().contains(&way), "{refused}");
    let examined = alone(&["doctor"]);
    assert!(!examined.ok && examined.out.contains(&way), "{examined:?}");
    let removed = alone(&["connections", "remove", "default", "--yes"]);
    assert_eq!(removed.succeeded()["revoked"], false);
    assert!(removed.told.contains(&way), "{removed:?}");
    assert!(!removed.told.contains("your Zoho account"), "{removed:?}");
    assert_eq!(bed.seen().await, Vec::<String>::new());
}
