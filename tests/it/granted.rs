//! What `connect` says of a consent that gives less than the tools need, and of one for one product alone.

use serde_json::{Value, json};
use zoho_mcp::sandbox::Options;

use crate::bed::{Bed, http};
use crate::commands::{Ran, finished};

/// A code of the sandbox's Self Client for these scopes.
async fn code(bed: &Bed, scopes: &str) -> String {
    let page = format!("{}/__sandbox/self_client", bed.sandbox.url);
    let asked = http().build().unwrap().post(page);
    let asked = asked.body(json!({ "scope": scopes }).to_string());
    let answer: Value = serde_json::from_slice(&asked.send().await.unwrap().bytes().await.unwrap()).unwrap();
    answer["code"].as_str().unwrap().to_owned()
}

async fn connected(bed: &Bed, scopes: &str) -> Ran {
    let code = code(bed, scopes).await;
    bed.run_with(&["connect", "--self-client-file", "-", "--name", "few"], &code)
}

/// What the doctor finds of it that is no success.
fn failures(bed: &Bed) -> Vec<Value> {
    let report = bed.run(&["doctor"]).json();
    let findings = report["connections"][0]["findings"].as_array().unwrap().clone();
    findings
        .into_iter()
        .filter(|one| one["state"] == "fail")
        .collect()
}

#[tokio::test]
async fn a_consent_that_lacks_scopes_is_not_praised() {
    let bed = Bed::empty(Options::default()).await;
    let ran = connected(&bed, "Desk.basic.READ,Desk.tickets.READ").await;
    let told = ran.succeeded();
    let missing = told["missing_scopes"].as_array().unwrap();
    assert!(missing.contains(&json!("Desk.contacts.READ")), "{told}");
    assert!(!missing.contains(&json!("Desk.tickets.READ")), "{told}");
    for part in [
        format!("lacks {} of the", missing.len()),
        "Desk.contacts.READ".to_owned(),
        "nothing of CRM can be read".to_owned(),
        "next: zoho-mcp sandbox self_client\n".to_owned(),
        "zoho-mcp connect --name few --self-client".to_owned(),
    ] {
        assert!(ran.told.contains(&part), "{part}: {ran:?}");
    }
    let whole = bed.run(&["connect"]);
    assert_eq!(whole.succeeded()["missing_scopes"], json!([]));
    assert!(!whole.told.contains("lacks"), "{whole:?}");
}

/// Neither is asked for what the consent is not about, and both come to the same.
#[tokio::test]
async fn connect_and_doctor_agree_on_a_consent_for_one_product() {
    for (scopes, lacks) in [
        ("ZohoCRM.modules.READ,ZohoCRM.org.READ", None),
        ("ZohoCRM.modules.READ", Some("ZohoCRM.org.READ")),
        ("Desk.tickets.READ,Desk.basic.READ", None),
        ("Desk.tickets.READ", Some("Desk.basic.READ")),
    ] {
        let bed = Bed::empty(Options::default()).await;
        let ran = connected(&bed, scopes).await;
        let failed = failures(&bed);
        match lacks {
            None => {
                let told = ran.succeeded();
                assert!(told["verified"].is_string(), "{scopes}: {told}");
                assert!(failed.is_empty(), "{scopes}: {failed:?}");
            }
            Some(scope) => {
                assert!(ran.failed().contains(scope), "{scopes}: {ran:?}");
                assert!(
                    ran.json()["problem"].to_string().contains(scope),
                    "{scopes}: {ran:?}"
                );
                assert!(!failed.is_empty(), "{scopes}");
                for one in failed {
                    assert!(one["found"].to_string().contains(scope), "{scopes}: {one}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_data_center_of_a_sandbox_is_refused() {
    let bed = Bed::empty(Options::default()).await;
    let ran = bed.run(&["connect", "--dc", "eu"]);
    assert!(
        ran.failed()
            .contains("--dc: a sandbox is a data center of its own"),
        "{ran:?}"
    );
    assert_eq!(bed.get("/__sandbox/stats").await["token_calls"], 0);
}

/// What Zoho's console gives, a sandbox gives by a command.
#[tokio::test]
async fn a_code_or_a_token_of_another_sandbox_is_told_where_the_right_one_is() {
    let bed = Bed::empty(Options::default()).await;
    for (way, command) in [
        ("--self-client-file", "zoho-mcp sandbox self_client"),
        ("--refresh-token-file", "zoho-mcp sandbox client"),
    ] {
        let ran = bed.run_with(&["connect", way, "-"], "1000.no.such");
        let told = ran.failed();
        let line = told.lines().find(|line| line.trim_start().starts_with(command));
        let line = line.unwrap_or_else(|| panic!("{told}")).replace('\'', "");
        bed.run_told(line.trim());
    }
}

/// A name and a data center that were said are said again.
#[tokio::test]
async fn what_is_told_of_one_connection_names_it() {
    let bed = Bed::connected().await;
    bed.run(&["connect", "--name", "work"]).succeeded();
    bed.sql("UPDATE zoho_connections SET status = 'unusable'").await;
    let call = ["--connection", "work", "call", "count_records", "module=Cases"];
    let ran = finished(bed.command(&call), "");
    let next = ran.json()["next"].to_string();
    assert!(next.contains("zoho-mcp connect --name work"), "{next}");
}
