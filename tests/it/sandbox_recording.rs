//! A sandbox as a real account: what is recorded of it names nobody, and serves the program as the account did.
//!
//! REAL CLOCK: a recording is made in the present.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use serde_json::{Value, json};
use zoho_mcp::sandbox::{self, Options, Recording, Sandbox};

use crate::commands::{Ran, bare, finished};

const ANYWHERE: ([u8; 4], u16) = ([127, 0, 0, 1], 0);

fn recorded(account: &Sandbox, file: &Path) -> Recording {
    let upstream = [account.url.parse().unwrap()];
    sandbox::record(SocketAddr::from(ANYWHERE), file, &upstream).unwrap()
}

/// The program, at the account or at its recording.
struct Person<'s> {
    home: tempfile::TempDir,
    url: &'s str,
    client: [&'s str; 2],
}

impl<'s> Person<'s> {
    fn connected(url: &'s str, client: [&'s str; 2], refresh_token: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let person = Person { home, url, client };
        let told = person.run(&["connect", "--yes", "--refresh-token-file", "-"], refresh_token);
        assert!(told.ok, "{}", told.told);
        person
    }

    fn run(&self, arguments: &[&str], input: &str) -> Ran {
        let mut command = bare(self.home.path(), arguments);
        command
            .env("ZOHO_MCP_SANDBOX_URL", self.url)
            .env("ZOHO_MCP_USER", "somebody")
            .env("ZOHO_MCP_CLIENT_ID", self.client[0])
            .env("ZOHO_MCP_CLIENT_SECRET", self.client[1]);
        finished(command, input)
    }

    fn call(&self, tool: &str, arguments: &Value) -> Value {
        self.run(&["call", tool, &arguments.to_string()], "").succeeded()
    }

    /// Cases, their customers, leads by a criterion, and one conversation.
    fn looks_around(&self) -> [Value; 4] {
        let cases = self.call("get_records", &json!({ "module": "Cases", "limit": 3 }));
        let leads = json!({ "module": "Leads", "filters": { "Lead_Status": "Contacted" }, "limit": 3 });
        let case = json!({ "id": cases["data"][0]["id"] });
        [
            self.call("get_records", &json!({ "module": "Contacts", "limit": 5 })),
            self.call("get_records", &leads),
            self.call("get_ticket_context", &case)["data"]["case"].clone(),
            cases,
        ]
    }
}

async fn answered(answer: reqwest::Response) -> Value {
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}

/// Every text of the account that names somebody or was written by somebody.
async fn personal(account: &Sandbox) -> Vec<String> {
    let http = crate::bed::http().build().unwrap();
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", &account.client_id),
        ("client_secret", &account.client_secret),
        ("refresh_token", &account.refresh_token),
    ];
    let token = http.post(format!("{}/oauth/v2/token", account.url)).form(&form);
    let token = answered(token.send().await.unwrap()).await;
    let token = token["access_token"].as_str().unwrap();
    let mut texts = vec![
        token.to_owned(),
        account.client_secret.clone(),
        account.refresh_token.clone(),
    ];
    for (path, members) in [
        ("/api/v1/contacts?limit=100", ["lastName", "email", "phone"]),
        ("/api/v1/tickets?limit=60", ["subject", "email", "phone"]),
        ("/crm/v2/Leads", ["Full_Name", "Email", "Company"]),
    ] {
        let asked = http.get(format!("{}{path}", account.url)).bearer_auth(token);
        let rows = answered(asked.send().await.unwrap()).await;
        for row in rows["data"].as_array().unwrap() {
            texts.extend(
                members
                    .iter()
                    .filter_map(|name| row[name].as_str().map(str::to_owned)),
            );
        }
    }
    // Shorter ones are syllables of anything.
    texts.retain(|text| text.chars().count() >= 6);
    texts
}

#[tokio::test]
async fn a_recording_names_nobody_and_serves_the_program() {
    let account = crate::bed::standing(Options {
        tickets: 60,
        ..Options::default()
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("account.jsonl");
    let recording = recorded(&account, &file);
    let client = [account.client_id.as_str(), account.client_secret.as_str()];
    let live = Person::connected(&recording.url, client, &account.refresh_token).looks_around();
    drop(recording);
    let written = fs::read_to_string(&file).unwrap();
    let texts = personal(&account).await;
    assert!(texts.len() > 200, "{}", texts.len());
    for text in texts {
        assert!(!written.contains(&text), "{text:?} is in the recording");
    }
    drop(account);
    let replay = sandbox::replay(SocketAddr::from(ANYWHERE), &file).unwrap();
    let again = Person::connected(&replay.url, ["1000.ANY", "any"], "any").looks_around();
    for (live, again) in live.iter().zip(&again) {
        let [was, is] = [live, again].map(|answer| answer.get("data").unwrap_or(answer).clone());
        let rows = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        assert!(!rows(&was).is_empty());
        for (was, is) in rows(&was).iter().zip(rows(&is)) {
            assert_eq!(was["id"], is["id"], "{is}");
            assert_eq!(was["createdTime"], is["createdTime"], "{is}");
            assert_eq!(was["Lead_Status"], is["Lead_Status"], "{is}");
            let named = ["lastName", "Last_Name", "Full_Name", "subject"];
            let differs = named
                .iter()
                .any(|name| !is[name].is_null() && was[name] != is[name]);
            assert!(differs, "{is}");
        }
        assert_eq!(rows(&was).len(), rows(&is).len());
    }
}

#[tokio::test]
async fn what_was_not_recorded_is_not_served() {
    let account = crate::bed::standing(Options::default());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("account.jsonl");
    let recording = recorded(&account, &file);
    let http = crate::bed::http().build().unwrap();
    let asked = async |url: &str, path: &str| {
        let answer = http.get(format!("{url}{path}")).send().await.unwrap();
        (answer.status().as_u16(), answered(answer).await)
    };
    let search = "/api/v1/tickets/search?email=adaeze%40okafor.example&limit=3";
    let (status, refusal) = asked(&recording.url, search).await;
    assert_eq!((status, &refusal["errorCode"]), (401, &json!("UNAUTHORIZED")));
    let error = sandbox::record(SocketAddr::from(ANYWHERE), &file, &[account.url.parse().unwrap()]);
    assert!(error.unwrap_err().to_string().contains("exists"));
    // COQL quotes with either sign (COQL document); criteria escape brackets with a backslash (Search Records).
    let coql = json!({ "select_query": r#"select id from Leads where Last_Name = "Okonkwo" and City = 'O\'Hara' and Company = 'Berger'"# });
    let sent = http
        .post(format!("{}/crm/v8/coql", recording.url))
        .body(coql.to_string());
    answered(sent.send().await.unwrap()).await;
    let criteria =
        "/crm/v8/Leads/search?criteria=(Company:equals:Re%20%5C(1%5C)%20Termin:%20Frau%20Moller:%20morgen)";
    asked(&recording.url, criteria).await;
    let elsewhere = ["http://desk.zoho.com".parse().unwrap()];
    let error = sandbox::record(SocketAddr::from(ANYWHERE), &folder.path().join("b"), &elsewhere);
    assert!(error.unwrap_err().to_string().contains("https"));
    drop(recording);
    let written = fs::read_to_string(&file).unwrap();
    for name in ["Okonkwo", "Hara", "Berger", "Moller", "Termin"] {
        assert!(!written.contains(name), "{name}: {written}");
    }
    let line: Value = serde_json::from_str(written.lines().next().unwrap()).unwrap();
    let email = line["query"][0][1].as_str().unwrap();
    assert!(
        email.ends_with(".example")
            && email.len() == "adaeze@okafor.example".len()
            && !email.contains("okafor")
    );
    let replay = sandbox::replay(SocketAddr::from(ANYWHERE), &file).unwrap();
    let (status, refusal) = asked(&replay.url, search).await;
    assert_eq!((status, &refusal["unserved"]), (404, &json!(true)), "{refusal}");
    let (status, again) = asked(&replay.url, &search.replace("adaeze%40okafor.example", email)).await;
    assert_eq!((status, &again["errorCode"]), (401, &json!("UNAUTHORIZED")));
}
