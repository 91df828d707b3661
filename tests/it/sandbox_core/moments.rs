//! `/__sandbox/`: moments kept, gone back to, gone on from and compared; a start made to order; customers who answer.

use serde_json::{Value, json};

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
