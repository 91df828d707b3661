//! CRM as another client of it, who makes and deletes records.

use reqwest::Method;
use serde_json::{Value, json};

use crate::bed::{self, Bed, Wire};

pub(crate) struct Crm {
    http: reqwest::Client,
    url: String,
}

const TOKEN: &str = "1000.another.client";

impl Crm {
    pub(crate) async fn of(bed: &Bed) -> Self {
        bed.admin(json!({ "live_add": TOKEN })).await;
        Crm {
            http: bed::http().build().unwrap(),
            url: format!("{}/crm/v8", bed.sandbox.url),
        }
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> Value {
        let request = self.http.request(method, format!("{}{path}", self.url));
        let request = request.header("Authorization", format!("Zoho-oauthtoken {TOKEN}"));
        let answer = request.body(body.to_string()).send().await.unwrap();
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        self.send(Method::GET, path, &Value::Null).await
    }

    /// All rows of a module of the module file, with the fields that it shows.
    pub(crate) async fn rows(&self, module: &Value) -> Vec<Value> {
        let fields: Vec<&str> = module["fields"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        let path = format!(
            "/{}?fields={}&per_page=200",
            module["name"].as_str().unwrap(),
            fields.join(",")
        );
        let mut all: Vec<Value> = Vec::new();
        for page in 1.. {
            let answer = self.get(&format!("{path}&page={page}")).await;
            all.extend(answer["data"].as_array().cloned().unwrap_or_default());
            if answer["info"]["more_records"] != true {
                break;
            }
        }
        all
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        self.send(Method::POST, path, &body).await
    }

    pub(crate) async fn create(&self, module: &str, rows: Vec<Value>) -> Vec<String> {
        let mut ids = Vec::new();
        for rows in rows.chunks(100) {
            let answer = self
                .send(Method::POST, &format!("/{module}"), &json!({ "data": rows }))
                .await;
            let made = answer["data"].as_array().unwrap_or_else(|| panic!("{answer}"));
            ids.extend(
                made.iter()
                    .map(|one| one["details"]["id"].as_str().unwrap().to_owned()),
            );
        }
        ids
    }

    pub(crate) async fn delete(&self, module: &str, ids: &[String]) {
        for ids in ids.chunks(100) {
            let answer = self
                .send(
                    Method::DELETE,
                    &format!("/{module}?ids={}", ids.join(",")),
                    &Value::Null,
                )
                .await;
            let gone = answer["data"].as_array().unwrap_or_else(|| panic!("{answer}"));
            let went = gone.iter().filter(|one| one["code"] == "SUCCESS").count();
            assert_eq!((went, gone.len()), (ids.len(), ids.len()), "{answer}");
        }
    }

    pub(crate) async fn rename(&self, module: &str, id: &str) {
        let row = json!({ "data": [{ "id": id, "Last_Name": "Renamed" }] });
        let answer = self.send(Method::PUT, &format!("/{module}"), &row).await;
        assert_eq!(answer["data"][0]["code"], "SUCCESS", "{answer}");
    }

    /// A new account with so many contacts.
    pub(crate) async fn account_with_contacts(&self, contacts: usize) -> String {
        let account = self
            .create("Accounts", vec![json!({ "Account_Name": "Seams" })])
            .await
            .remove(0);
        self.contacts(&account, contacts).await;
        account
    }

    pub(crate) async fn contacts(&self, account: &str, number: usize) -> Vec<String> {
        if number == 0 {
            return Vec::new();
        }
        let row = json!({ "Last_Name": "Came", "Account_Name": { "id": account } });
        self.create("Contacts", vec![row; number]).await
    }

    /// All the rows of a list, read while nothing changes.
    pub(crate) async fn ids_of(&self, wire: &mut Wire, tool: &str, arguments: &Value) -> Vec<String> {
        let mut arguments = arguments.clone();
        arguments["limit"] = json!(99);
        let mut ids = Vec::new();
        loop {
            let page = wire.call(tool, arguments.clone()).await;
            ids.extend(bed::ids(&page));
            arguments["cursor"] = page["next_cursor"].clone();
            if arguments["cursor"].is_null() {
                return ids;
            }
        }
    }
}
