//! Who a token belongs to: chosen in the consent, by a device's user, at the self client, or known from the first day on.

use serde_json::{Value, json};

use crate::sandbox_core::{Zoho, location, text, told, value};

const SCOPES: &str = "Desk.basic.READ,ZohoCRM.users.READ,AaaServer.profile.READ";

/// What the accounts server calls whoever a refresh token belongs to.
async fn user(zoho: &Zoho, access_token: &str) -> Value {
    told(zoho.api_request("/oauth/user/info", access_token)).await.1
}

async fn email_of_code(zoho: &Zoho, code: &str) -> String {
    let token = text(&zoho.exchange(code, &[]).await.1, "access_token");
    text(&user(zoho, &token).await, "Email")
}

#[tokio::test]
async fn everybody_has_a_refresh_token_that_follows_from_the_seed() {
    let (zoho, same) = (Zoho::start(), Zoho::start());
    let people = zoho.ask("people").await;
    assert_eq!(people, same.ask("people").await);
    let people = people["people"].as_array().unwrap();
    let ids: Vec<&Value> = people.iter().map(|person| &person["id"]).collect();
    assert_eq!(ids, ["admin", "agent", "light_agent", "standard", "read_only"]);
    assert_eq!(people[0]["refresh_token"], zoho.sandbox.refresh_token);
    for person in people {
        let token = text(
            &zoho.refresh(&text(person, "refresh_token")).await.1,
            "access_token",
        );
        let known = user(&zoho, &token).await;
        assert_eq!(known["Email"], person["email"], "{person}");
        assert_eq!(known["Display_Name"], person["name"], "{person}");
        let (status, agent) = told(zoho.api_request("/api/v1/myinfo", &token)).await;
        let is_of = |product: &str| person["id"] == "admin" || text(person, "id").contains(product);
        assert_eq!(status == 200, is_of("agent"), "{person}: {agent}");
        if status == 200 {
            assert_eq!(
                (&agent["emailId"], &agent["zuid"]),
                (&person["email"], &known["ZUID"])
            );
            assert_eq!(agent["name"], person["name"]);
        }
        let (status, users) = told(zoho.api_request("/crm/v8/users?type=CurrentUser", &token)).await;
        assert_eq!(
            status == 200,
            is_of("standard") || is_of("read_only"),
            "{person}: {users}"
        );
        if status == 200 {
            let user = &users["users"][0];
            assert_eq!(
                (&user["email"], &user["zuid"]),
                (&person["email"], &known["ZUID"])
            );
            assert_eq!(user["full_name"], person["name"]);
        }
    }
}

#[tokio::test]
async fn whoever_is_chosen_in_the_consent_is_whom_the_token_belongs_to() {
    let zoho = Zoho::start();
    let people = zoho.ask("people").await;
    let of = |id: &str| {
        people["people"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["id"] == id)
            .unwrap()
    };
    let page = zoho.authorize(&[("person", "agent")]).await.text().await.unwrap();
    for person in people["people"].as_array().unwrap() {
        let option = format!("value=\"{}\"", person["id"].as_str().unwrap());
        assert!(page.contains(&option), "{option}: {page}");
    }
    assert!(page.contains("value=\"agent\" selected"), "{page}");
    let scope = ("scope", SCOPES);
    let code = zoho.code(&[scope, ("person", "agent")]).await;
    assert_eq!(email_of_code(&zoho, &code).await, of("agent")["email"]);
    // What the form sends counts more than what the address said.
    let path = zoho.authorize_path(&[scope, ("person", "agent")]);
    let form = [("decision", "allow"), ("person", "light_agent")];
    let back = location(&zoho.post(&path).form(&form).send().await.unwrap());
    let code = value(&back, "code");
    assert_eq!(email_of_code(&zoho, &code).await, of("light_agent")["email"]);
    let code = zoho.code(&[scope]).await;
    assert_eq!(email_of_code(&zoho, &code).await, of("admin")["email"]);
    assert_eq!(zoho.authorize(&[("person", "nobody")]).await.status(), 400);
}

#[tokio::test]
async fn a_yes_is_that_of_one_person() {
    let zoho = Zoho::start();
    let online = [("prompt", ""), ("access_type", "online")];
    zoho.code(&online).await;
    assert_eq!(
        zoho.authorize(&online).await.status(),
        302,
        "the administrator has said yes"
    );
    let agent = [online[0], online[1], ("person", "agent")];
    assert_eq!(zoho.authorize(&agent).await.status(), 200, "the agent is asked");
    for _ in 0..25 {
        let code = zoho.code(&[("person", "agent")]).await;
        zoho.exchange(&code, &[]).await;
    }
    let (status, _) = zoho.refresh(&zoho.sandbox.refresh_token).await;
    assert_eq!(status, 200, "twenty tokens are those of one person");
}

#[tokio::test]
async fn a_self_client_and_a_device_are_somebodys_too() {
    let zoho = Zoho::start();
    let asked = json!({ "scope": SCOPES, "person": "standard" });
    let code = text(&zoho.control("self_client", asked).await.1, "code");
    let people = zoho.ask("people").await["people"].clone();
    assert_eq!(email_of_code(&zoho, &code).await, people[3]["email"]);
    let nobody = json!({ "scope": SCOPES, "person": "nobody" });
    assert_eq!(zoho.control("self_client", nobody).await.0, 400);

    let params = [("grant_type", "device_request"), ("scope", SCOPES)];
    let device = zoho.accounts("/oauth/v3/device/code", &params).await.1;
    let user_code = text(&device, "user_code");
    let form = [
        ("user_code", user_code.as_str()),
        ("decision", "allow"),
        ("person", "light_agent"),
    ];
    let done = zoho.post("/oauth/v3/device").form(&form).send().await.unwrap();
    assert_eq!(done.status(), 200);
    let code = text(&device, "device_code");
    let params = [("grant_type", "device_token"), ("code", code.as_str())];
    let token = text(
        &zoho.accounts("/oauth/v3/device/token", &params).await.1,
        "access_token",
    );
    assert_eq!(user(&zoho, &token).await["Email"], people[2]["email"]);
}
