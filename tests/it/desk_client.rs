//! Desk as another client of it, who reads and changes tickets.

use serde_json::{Value, json};

use crate::bed::{self, Bed};

pub(crate) struct Desk {
    http: reqwest::Client,
    url: String,
    token: String,
    department: Value,
    contact: Value,
}

impl Desk {
    pub(crate) async fn of(bed: &Bed) -> Self {
        let http = bed::http().build().unwrap();
        let sandbox = &bed.sandbox;
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", &sandbox.client_id),
            ("client_secret", &sandbox.client_secret),
            ("refresh_token", &sandbox.refresh_token),
        ];
        let url = format!("{}/oauth/v2/token", sandbox.url);
        let answer = http.post(url).form(&form).send().await.unwrap();
        let answer: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        let mut desk = Desk {
            http,
            url: format!("{}/api/v1", sandbox.url),
            token: format!("Zoho-oauthtoken {}", answer["access_token"].as_str().unwrap()),
            department: Value::Null,
            contact: Value::Null,
        };
        let ticket = desk.get("/tickets?limit=1").await["data"][0].clone();
        (desk.department, desk.contact) = (ticket["departmentId"].clone(), ticket["contactId"].clone());
        desk
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.send(self.http.get(format!("{}{path}", self.url))).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let post = self.http.post(format!("{}{path}", self.url));
        self.send(post.body(body.to_string())).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Value {
        let patch = self.http.patch(format!("{}{path}", self.url));
        self.send(patch.body(body.to_string())).await
    }

    pub(crate) async fn upload(&self, name: &str, content: &str) -> String {
        let answer = self.post_file("/uploads", name, content.as_bytes()).await;
        answer["id"].as_str().unwrap().to_owned()
    }

    /// Attaches a file to a ticket.
    pub(crate) async fn attach(&self, ticket: &str, name: &str, content: &[u8]) {
        self.post_file(&format!("/tickets/{ticket}/attachments"), name, content)
            .await;
    }

    async fn post_file(&self, path: &str, name: &str, content: &[u8]) -> Value {
        let head =
            format!("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        let post = self.http.post(format!("{}{path}", self.url));
        let post = post.header("content-type", "multipart/form-data; boundary=edge");
        let body = [head.as_bytes(), content, b"\r\n--edge--\r\n"].concat();
        self.send(post.body(body)).await
    }

    /// Sends a reply to a ticket's customer; gives its id.
    pub(crate) async fn reply(
        &self,
        ticket: &str,
        content: &str,
        content_type: &str,
        files: &[String],
    ) -> String {
        let from =
            self.get("/mailReplyAddress?departmentId=allDepartment").await["data"][0]["address"].clone();
        let body = json!({ "channel": "EMAIL", "fromEmailAddress": from, "to": "a@b.example",
            "contentType": content_type, "content": content, "attachmentIds": files });
        let answer = self.post(&format!("/tickets/{ticket}/sendReply"), body).await;
        answer["id"].as_str().unwrap().to_owned()
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Value {
        let answer = request.header("authorization", &self.token).send().await.unwrap();
        let (status, bytes) = (answer.status(), answer.bytes().await.unwrap());
        assert!(status.is_success(), "{}", String::from_utf8_lossy(&bytes));
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    pub(crate) async fn create(&self, subject: &str, description: &str) -> String {
        let body = json!({
            "subject": subject, "description": description,
            "departmentId": self.department, "contactId": self.contact,
        });
        self.post("/tickets", body).await["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub(crate) async fn trash(&self, ids: &[&String]) {
        self.post("/tickets/moveToTrash", json!({ "ticketIds": ids }))
            .await;
    }
}
