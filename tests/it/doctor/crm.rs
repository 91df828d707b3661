//! CRM is asked, too, where the consent covers it.

use serde_json::{Value, json};

use super::{CONNECT, found, healthy};
use crate::bed::{Bed, USER};
use crate::commands::finished;

/// What the check finds once this is the matter with the organization of CRM.
async fn with(bed: &Bed, fault: Value) -> Value {
    bed.admin(json!({ "faults": [fault] })).await;
    found(bed, "crm")
}

/// CRM OAS of 2026 (403 NO_PERMISSION), Zoho's OAuth document (401 OAUTH_SCOPE_MISMATCH). LICENSE_ACCESS_LIMITED is a code of
/// Desk's: assumed for CRM.
#[tokio::test]
async fn what_crm_refuses_is_found_with_what_mends_it() {
    let bed = healthy().await;
    let path = "/crm/v8/org";
    let refusal = |status: u16, code: &str| json!({ "kind": "answer", "path": path, "status": status, "body": { "code": code, "details": {}, "message": "permission denied", "status": "error" } });
    for (status, code, mend) in [
        (403, "NO_PERMISSION", "An administrator of Zoho can give it"),
        (403, "FEATURE_NOT_ENABLED", "not switched on"),
        (403, "LICENSE_ACCESS_LIMITED", "edition"),
        (401, "OAUTH_SCOPE_MISMATCH", CONNECT),
    ] {
        let finding = with(&bed, refusal(status, code)).await;
        assert_eq!(finding["state"], "fail", "{code}: {finding}");
        assert!(finding["mend"].to_string().contains(mend), "{code}: {finding}");
    }
}

#[tokio::test]
async fn a_consent_for_desk_alone_is_not_asked_of_crm() {
    let bed = healthy().await;
    bed.connect_with_scopes(USER, &["Desk.basic.READ", "Desk.tickets.READ"])
        .await;
    let report = bed.run(&["doctor"]).json().to_string();
    assert!(!report.contains("\"crm\""), "{report}");
}

/// An account that uses one product only works: what the other says is no failure.
#[tokio::test]
async fn a_product_that_the_account_does_not_use_is_told_and_no_failure() {
    let bed = healthy().await;
    let people = bed.get("/__sandbox/people").await;
    for (id, check, told) in [
        ("agent", "crm", "turned down a token"),
        ("standard", "organization", "lists no organization"),
    ] {
        let people = people["people"].as_array().unwrap();
        let person = people.iter().find(|person| person["id"] == id).unwrap();
        let command = ["connect", "--yes", "--refresh-token-file", "-"];
        bed.run_with(&command, person["refresh_token"].as_str().unwrap())
            .succeeded();
        let finding = found(&bed, check);
        assert_eq!(finding["state"], "warn", "{id}: {finding}");
        assert!(finding["found"].to_string().contains(told), "{id}: {finding}");
        assert!(
            finding["mend"].to_string().contains("administrator"),
            "{id}: {finding}"
        );
        assert!(finished(bed.command(&["doctor"]), "").ok, "{id}");
    }
}

/// Zoho tells of outages at status.zoho.com, to people.
#[tokio::test]
async fn where_zoho_fails_its_page_of_outages_is_told() {
    let bed = healthy().await;
    let down = json!({ "kind": "answer", "path": "/crm/v8/org", "status": 503, "body": {} });
    let finding = with(&bed, down).await;
    assert!(
        finding["mend"].to_string().contains("https://status.zoho.com"),
        "{finding}"
    );
}
