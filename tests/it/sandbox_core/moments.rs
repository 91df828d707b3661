//! `/__sandbox/`: moments kept, gone back to, gone on from and compared; a start made to order; customers who answer.

use serde_json::{Value, json};
use zoho_mcp::sandbox::Options;

use super::{Zoho, told};

struct Agent {
    zoho: Zoho,
    token: String,
}

impl Agent {
    async fn new() -> Self {
        let zoho = Zoho::start();
        let token = zoho.token().await;
        Agent { zoho, token }
    }

    async fn newest(&self) -> Value {
        told(self.zoho.api_request("/api/v1/tickets?limit=1", &self.token))
            .await
            .1["data"][0]
            .clone()
    }

    async fn ticket(&self, at: &str, id: &str) -> Value {
        let url = format!("{at}/api/v1/tickets/{id}");
        let asked = self.zoho.http.get(url);
        told(asked.header("authorization", format!("Zoho-oauthtoken {}", self.token)))
            .await
            .1
    }

    async fn write(&self, path: &str, body: Value) -> Value {
        let asked = self.zoho.post(path).body(body.to_string());
        let (status, value) =
            told(asked.header("authorization", format!("Zoho-oauthtoken {}", self.token))).await;
        assert!(status < 300, "{status} {value}");
        value
    }

    /// A write that is answered without a body.
    async fn done(&self, path: &str, body: Value) {
        let asked = self.zoho.post(path).body(body.to_string());
        let asked = asked.header("authorization", format!("Zoho-oauthtoken {}", self.token));
        assert!(asked.send().await.unwrap().status().is_success());
    }

    async fn control(&self, name: &str, body: Value) -> Value {
        let (status, value) = self.zoho.control(name, body).await;
        assert_eq!(status, 200, "{value}");
        value
    }
}

#[tokio::test]
async fn what_was_written_is_told_and_undone() {
    let agent = Agent::new().await;
    let id = agent.newest().await["id"].as_str().unwrap().to_owned();
    agent.control("snapshot", json!({"name": "before"})).await;
    agent
        .write(
            &format!("/api/v1/tickets/{id}/comments"),
            json!({"content": "called back"}),
        )
        .await;
    agent
        .write("/crm/v8/Leads", json!({"data": [{"Last_Name": "Ahn"}]}))
        .await;
    let diff = agent.control("diff", json!({"since": "before"})).await;
    let (desk, crm) = (diff["desk"].as_array().unwrap(), diff["crm"].as_array().unwrap());
    let comment = desk.iter().find(|one| one["list"] == "comments").unwrap();
    assert_eq!(comment["change"], "created");
    assert_eq!(comment["record"]["content"], "called back");
    let counted = desk.iter().find(|one| one["change"] == "changed").unwrap();
    assert_eq!(
        (&counted["module"], &counted["id"]),
        (&json!("tickets"), &json!(id))
    );
    let counts = &counted["fields"]["commentCount"];
    assert_ne!(counts["from"], counts["to"]);
    assert_eq!(crm.len(), 1, "{crm:?}");
    assert_eq!(crm[0]["record"]["Last_Name"], "Ahn");
    assert_eq!(
        diff,
        agent.control("diff", json!({})).await,
        "nothing was written before"
    );

    agent.control("restore", json!({"name": "before"})).await;
    let diff = agent.control("diff", json!({"since": "before"})).await;
    assert_eq!(diff, json!({"desk": [], "crm": []}));
    let (status, error) = agent.zoho.control("restore", json!({"name": "never"})).await;
    assert_eq!(status, 400);
    assert!(error["error"].as_str().unwrap().contains("before"), "{error}");
}

#[tokio::test]
async fn a_fork_goes_on_for_itself() {
    let agent = Agent::new().await;
    let id = agent.newest().await["id"].as_str().unwrap().to_owned();
    let fork = agent.control("fork", json!({})).await["url"]
        .as_str()
        .unwrap()
        .to_owned();
    let asked = agent.zoho.http.patch(format!("{fork}/api/v1/tickets/{id}"));
    let asked = asked.header("authorization", format!("Zoho-oauthtoken {}", agent.token));
    let (status, _) = told(asked.body(json!({"subject": "only there"}).to_string())).await;
    assert_eq!(status, 200);
    assert_eq!(agent.ticket(&fork, &id).await["subject"], "only there");
    assert_ne!(
        agent.ticket(&agent.zoho.sandbox.url, &id).await["subject"],
        "only there"
    );
}

#[tokio::test]
async fn a_start_is_made_to_order_or_not_at_all() {
    let agent = Agent::new().await;
    let newest = agent.newest().await;
    let make = |email: &str, department: &str| {
        json!({"steps": [
            {"call": "POST /api/v1/contacts", "body": {"lastName": "Okoro", "email": email}, "as": "who"},
            {"call": "POST /api/v1/tickets", "as": "case",
                "body": {"subject": "Gate 4", "contactId": "${who.id}", "departmentId": department}},
            {"customer": {"ticket": "${case}", "content": "It is open again."}},
            {"call": "POST /crm/v8/Leads", "body": {"data": [{"Last_Name": "Okoro"}]}, "as": "lead"},
        ]})
    };
    let made = agent
        .control(
            "load",
            make("okoro@pier.example", newest["departmentId"].as_str().unwrap()),
        )
        .await;
    let case = agent
        .ticket(
            &agent.zoho.sandbox.url,
            made["known"]["case"]["id"].as_str().unwrap(),
        )
        .await;
    assert_eq!(
        (&case["subject"], &case["threadCount"]),
        (&json!("Gate 4"), &json!("1"))
    );
    assert!(made["known"]["lead"]["id"].is_string(), "{made}");

    agent.control("snapshot", json!({})).await;
    let (status, error) = agent.zoho.control("load", make("ama@pier.example", "1")).await;
    let told = error["error"].as_str().unwrap();
    assert!(
        status == 400 && told.starts_with("step 2: POST /api/v1/tickets: 4"),
        "{told}"
    );
    let diff = agent.control("diff", json!({"since": "default"})).await;
    assert_eq!(diff, json!({"desk": [], "crm": []}));
}

#[tokio::test]
async fn a_customer_answers_the_next_reply_when_it_is_time() {
    let agent = Agent::new().await;
    let newest = agent.newest().await;
    let id = newest["id"].as_str().unwrap();
    let says = ["Still dark.", "Now it works."];
    agent
        .control("customer", json!({"ticket": id, "says": says, "after_s": 600}))
        .await;
    let threads = async || {
        let path = format!("/api/v1/tickets/{id}/threads?limit=100");
        let (_, list) = told(agent.zoho.api_request(&path, &agent.token)).await;
        list["data"].as_array().unwrap().clone()
    };
    let before = threads().await.len();
    let reply = json!({"channel": "EMAIL", "content": "Please try again.", "to": newest["email"],
        "fromEmailAddress": "support@brightharbor.example"});
    agent
        .write(&format!("/api/v1/tickets/{id}/sendReply"), reply)
        .await;
    assert_eq!(threads().await.len(), before + 1, "ten minutes are not over");
    agent.zoho.advance(600).await;
    let rows = threads().await;
    assert_eq!(rows.len(), before + 2);
    assert_eq!(
        (&rows[0]["summary"], &rows[0]["direction"]),
        (&json!("Still dark."), &json!("in"))
    );
    let (status, _) = agent
        .zoho
        .control("customer", json!({"ticket": "1", "says": []}))
        .await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn a_scenario_is_worth_what_was_said_and_left_behind() {
    let agent = Agent::new().await;
    let newest = agent.newest().await;
    let own = json!({"id": "close", "title": "Close one", "task": "Close ${case.ticketNumber}, please.", "start": [
        {"call": "POST /api/v1/contacts", "body": {"lastName": "Okoro", "email": "okoro@pier.example"}, "as": "who"},
        {"call": "POST /api/v1/tickets", "as": "case",
            "body": {"subject": "Gate 4", "contactId": "${who.id}", "departmentId": newest["departmentId"]}}],
        "facts": [{"what": "the amount", "any": ["1.284,00"]}], "never": [{"what": "the other one", "any": ["99.10"]}],
        "end": [{"what": "closed", "module": "tickets", "id": "${case.id}", "change": "changed", "has": {"status": "closed"}}]});
    let begun = agent.control("scenario", json!({"scenario": own})).await;
    let number = begun["task"]
        .as_str()
        .unwrap()
        .strip_prefix("Close ")
        .unwrap()
        .strip_suffix(", please.")
        .unwrap();
    let nothing = agent.control("score", json!({"answer": "I do not know."})).await;
    assert_eq!(
        (&nothing["passed"], &nothing["met"]),
        (&json!(false), &json!(2)),
        "{nothing}"
    );

    let case = agent.newest().await;
    assert_eq!(case["ticketNumber"], number);
    let id = case["id"].as_str().unwrap();
    agent.done("/api/v1/closeTickets", json!({"ids": [id]})).await;
    let done = agent
        .control("score", json!({"answer": "Closed; about 1284 it was"}))
        .await;
    assert_eq!(
        (&done["passed"], &done["met"]),
        (&json!(false), &json!(3)),
        "{done}"
    );
    let done = agent
        .control("score", json!({"answer": "Closed; it was EUR 1284.00"}))
        .await;
    assert_eq!(done["passed"], true, "{done}");
    agent
        .write(
            &format!("/api/v1/tickets/{id}/comments"),
            json!({"content": "bye"}),
        )
        .await;
    let more = agent
        .control("score", json!({"answer": "1,284.00, closed."}))
        .await;
    assert_eq!(more["unexpected"][0]["list"], "comments", "{more}");
    let (status, error) = agent.zoho.control("scenario", json!({"id": "no-such"})).await;
    assert!(status == 400 && error["error"].as_str().unwrap().contains("no-such"));
}

/// A row of many that failed, a step that comes too late, a start that cannot be: nothing of it is left.
#[tokio::test]
async fn nothing_is_left_of_a_start_that_fails() {
    let agent = Agent::new().await;
    agent.control("snapshot", json!({})).await;
    let half = json!({"steps": [{"call": "POST /crm/v8/Leads", "body": {"data": [{"Last_Name": "A"}, {}]}}]});
    let (status, error) = agent.zoho.control("load", half).await;
    assert_eq!(status, 400, "{error}");
    let own = json!({"id": "x", "title": "x", "task": "${nobody.id}"});
    let (status, error) = agent.zoho.control("scenario", json!({"scenario": own})).await;
    assert!(
        status == 400 && error["error"].as_str().unwrap().contains("nobody"),
        "{error}"
    );
    let diff = agent.control("diff", json!({"since": "default"})).await;
    assert_eq!(diff, json!({"desk": [], "crm": []}));
}

/// What a test has set and the tokens of who is under test are no data.
#[tokio::test]
async fn going_back_ends_no_token_and_no_rule() {
    let agent = Agent::new().await;
    agent.control("snapshot", json!({})).await;
    let token = agent.zoho.token().await;
    agent
        .zoho
        .admin(json!({"crm_ceilings": {"token": 400}, "refresh_limit": 2}))
        .await;
    agent.control("restore", json!({})).await;
    assert_eq!(agent.zoho.tickets(&token).await, 200);
    assert_eq!(
        agent.zoho.refresh(&agent.zoho.sandbox.refresh_token).await.1["error"],
        "Access Denied"
    );
}

#[tokio::test]
async fn settings_are_told_as_differences() {
    let agent = Agent::new().await;
    let groups = agent
        .zoho
        .api_request("/crm/v8/settings/variable_groups", &agent.token);
    let group = told(groups).await.1["variable_groups"][0]["id"].clone();
    let wanted = json!({"name": "Most", "api_name": "Most", "type": "text", "value": "9", "variable_group": {"id": group}});
    let made = agent
        .write("/crm/v8/settings/variables", json!({"variables": [wanted]}))
        .await;
    let diff = agent.control("diff", json!({})).await;
    assert_eq!(diff["crm"][0]["change"], "created", "{made} {diff}");
}

#[tokio::test]
async fn every_call_that_ends_is_a_line_of_the_log() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("calls.jsonl");
    let zoho = Zoho::with(Options {
        log: Some(path.clone()),
        ..Options::default()
    });
    let token = zoho.token().await;
    for _ in 0..600 {
        assert_eq!(zoho.tickets(&token).await, 200);
    }
    let text = std::fs::read_to_string(path).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 601, "more than the 500 that are kept");
    assert_eq!(
        (&lines[600]["u"], &lines[600]["status"]),
        (&json!("/api/v1/tickets"), &json!(200))
    );
    assert!(!text.contains(&token) && !text.contains(&zoho.sandbox.client_secret));
}

#[tokio::test]
async fn a_fault_that_can_never_strike_is_refused_and_every_call_is_told_at_the_root() {
    let zoho = Zoho::start();
    for path in [
        "/api/v1/tikets",
        "/crm/v8/Leads/1/actions/nothing/more",
        "/nowhere",
    ] {
        let (status, error) = zoho
            .control("admin", json!({"faults": [{"kind": "429", "path": path}]}))
            .await;
        assert!(
            status == 400 && error["error"].as_str().unwrap().contains(path),
            "{error}"
        );
    }
    for path in [
        "/api/",
        "/api/v1/tickets/489731000040053511/conv",
        "/crm/v7/Leads",
        "/oauth/v2/token",
        "/crm/v8/",
    ] {
        zoho.fault(json!({"kind": "429", "path": path})).await;
    }
    let (_, told) = told(zoho.get("/__sandbox/")).await;
    let page = zoho.get("/").send().await.unwrap().text().await.unwrap();
    for call in told["calls"].as_array().unwrap() {
        let name = call["name"].as_str().unwrap();
        assert!(page.contains(name));
        let asked = match call["method"].as_str().unwrap() {
            "GET" => zoho.get(&format!("/__sandbox/{name}")),
            _ => zoho
                .post(&format!("/__sandbox/{name}"))
                .body(call["body"].to_string()),
        };
        let status = asked.send().await.unwrap().status().as_u16();
        assert!(!matches!(status, 404 | 405), "{name}");
    }
}

#[tokio::test]
async fn a_running_clock_is_stopped_and_let_go() {
    let zoho = Zoho::with(Options {
        now: None,
        ..Options::default()
    });
    let stopped = zoho.control("clock", json!({"stand": true})).await.1;
    assert_eq!(stopped["stands_at"], stopped["now"]);
    assert_eq!(zoho.ask("clock").await["now"], stopped["now"]);
    let runs = zoho.control("clock", json!({"stand": false})).await.1;
    assert_eq!(runs["stands_at"], Value::Null);
}
