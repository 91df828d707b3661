//! The organization of a Desk connection: discovered, stored, chosen.

use zoho_mcp::connections::{Connections, DeskOrganization, NewConnection, OrgSource, Product};
use zoho_mcp::zoho::{HostPolicy, Limits, Read, ZohoError};

use super::fake::{House, client, consent, json, tickets};
use super::refresh::futures_all;
use super::writes::recorded;

const LIST: &str = "/api/v1/organizations";
const TWO: &str = r#"{"data":[{"id":"4001","companyName":"Aurora","portalName":"aurora"},{"id":"4002","companyName":"Borealis","portalName":"boreal"}]}"#;

#[tokio::test]
async fn a_blank_organization_is_asked_for_once_and_stored() {
    let house = House::new().await;
    house.connect(3000).await;
    let session = house.session().await;
    session.read(&tickets()).await.unwrap();
    assert!(session.notes().is_empty());
    let row = house.ada().await;
    assert_eq!(row.desk_org_id.as_deref(), Some("4001"));
    assert_eq!(row.desk_portal.as_deref(), Some("aurora"));
    assert_eq!(row.desk_org_source, Some(OrgSource::Only));
    house.session().await.read(&tickets()).await.unwrap();
    assert_eq!(house.fake.count(LIST), 1);
    let seen = house.fake.seen();
    assert_eq!(seen[0].org, None);
    assert!(seen[1..].iter().all(|call| call.org.as_deref() == Some("4001")));
    assert_eq!(
        house.session().await.link("Cases", "Cases", "77").unwrap(),
        "https://desk.zoho.eu/support/aurora/ShowHomePage.do#Cases/dv/77"
    );
}

#[tokio::test]
async fn sessions_opened_at_once_ask_once() {
    let house = House::new().await;
    house.connect(3000).await;
    let row = house.ada().await;
    for session in futures_all((0..10).map(|_| house.zoho.session(row.clone(), Product::Desk))).await {
        assert_eq!(session.unwrap().organization().id.as_deref(), Some("4001"));
    }
    assert_eq!(house.fake.count(LIST), 1);
}

#[tokio::test]
async fn none_or_no_permission_is_an_error_and_nothing_is_stored() {
    let house = House::new().await;
    house.connect(3000).await;
    let row = house.ada().await;
    // FORBIDDEN is no missing scope (verbb/formie#2086): who connects again for it comes back to the same.
    for (code, by_scope) in [("SCOPE_MISMATCH", true), ("FORBIDDEN", false)] {
        let body = format!(r#"{{"errorCode":"{code}","message":"x"}}"#);
        house.fake.script(LIST, [json(403, &body)]);
        let session = house.zoho.session(row.clone(), Product::Desk).await;
        let error = session.err().unwrap();
        match by_scope {
            true => {
                assert!(matches!(error, ZohoError::ScopeMissing { scopes } if scopes == ["Desk.basic.READ"]))
            }
            false => assert!(matches!(error, ZohoError::Rejected { code, .. } if code == "FORBIDDEN")),
        }
    }
    for answer in [json(204, ""), json(200, r#"{"data":[]}"#)] {
        house.fake.script(LIST, [answer]);
        let error = house
            .zoho
            .session(row.clone(), Product::Desk)
            .await
            .err()
            .unwrap();
        assert!(matches!(error, ZohoError::NoOrganization), "{error:?}");
    }
    assert_eq!(house.ada().await.desk_org_id, None);
}

#[tokio::test]
async fn a_mismatch_on_the_first_of_many_tries_the_next_once() {
    let house = House::new().await;
    house.connect(3000).await;
    house.fake.organizations(TWO);
    house.fake.wrong_org("4001");
    house.session().await.read(&tickets()).await.unwrap();
    let row = house.ada().await;
    assert_eq!(
        (row.desk_org_id.as_deref(), row.desk_portal.as_deref()),
        (Some("4002"), Some("boreal"))
    );
    house.fake.wrong_org("4002");
    let error = house.session().await.read(&tickets()).await.unwrap_err();
    assert!(matches!(error, ZohoError::ChooseOrganization { .. }), "{error:?}");
}

#[tokio::test]
async fn a_mismatch_on_a_chosen_organization_is_told_and_nothing_else_tried() {
    let house = House::new().await;
    let row = house.connect(3000).await;
    house.fake.organizations(TWO);
    house.fake.wrong_org("4001");
    let chosen = DeskOrganization {
        id: "4001".into(),
        name: None,
        portal: None,
        source: OrgSource::User,
    };
    house.connections.set_desk_org(row.id, &chosen).await.unwrap();
    let error = house.session().await.read(&tickets()).await.unwrap_err();
    assert!(matches!(error, ZohoError::ChooseOrganization { message } if message.contains("4001")));
    assert_eq!(house.fake.count(LIST), 0);
}

fn org(id: &str, source: OrgSource) -> DeskOrganization {
    DeskOrganization {
        id: id.into(),
        name: None,
        portal: None,
        source,
    }
}

/// What both databases must do alike: one that was found takes the place of the one it was found for, of that consent.
pub(crate) async fn behaves(connections: &Connections, consent: &NewConnection) {
    let blank = connections.save(consent).await.unwrap();
    let first = org("1", OrgSource::FirstOfMany);
    let row = connections.store_found_desk_org(&blank, &first).await.unwrap();
    assert_eq!(row.desk_org_id.as_deref(), Some("1"));
    let late = org("2", OrgSource::FirstOfMany);
    let kept = connections.store_found_desk_org(&blank, &late).await.unwrap();
    assert_eq!(kept.desk_org_id.as_deref(), Some("1"));
    let moved = connections.store_found_desk_org(&row, &late).await.unwrap();
    assert_eq!(moved.desk_org_id.as_deref(), Some("2"));
    let chosen = connections
        .set_desk_org(row.id, &org("2", OrgSource::User))
        .await
        .unwrap();
    let kept = connections.store_found_desk_org(&moved, &first).await.unwrap();
    assert_eq!(kept.desk_org_id, chosen.desk_org_id, "the same one, but chosen");
    connections.save(consent).await.unwrap();
    let kept = connections.store_found_desk_org(&blank, &first).await.unwrap();
    assert_eq!(kept.desk_org_id, None, "that of another consent");
    connections.set_crm_org(&blank, "9", None).await.unwrap();
    let kept = connections.get(row.id).await.unwrap();
    assert_eq!(kept.crm_org_id, None, "that of another consent");
    for number in ["8", "9"] {
        connections.set_crm_org(&kept, number, None).await.unwrap();
    }
    let row = connections.get(row.id).await.unwrap();
    assert_eq!(row.crm_org_id.as_deref(), Some("8"));
}

#[tokio::test]
async fn one_that_was_found_replaces_only_the_one_it_was_found_for() {
    let house = House::new().await;
    behaves(&house.connections, &house.consent("ada", "default", 3000)).await;
}

const THREE: &str = r#"{"data":[{"id":"4001","companyName":"Aurora"},{"id":"4002","companyName":"Borealis"},{"id":"4003","companyName":"Corona"}]}"#;

#[tokio::test]
async fn a_choice_made_while_the_next_is_looked_for_is_kept_and_taken() {
    for (chosen, ends_at) in [("4003", Some("4003")), ("4001", None)] {
        let house = House::new().await;
        let row = house.connect(3000).await;
        house.fake.organizations(THREE);
        let session = house.session().await;
        house.fake.wrong_org("4001");
        let (another, _) = house.another();
        let held = house.fake.hold(LIST);
        let choice = org(chosen, OrgSource::User);
        let read = tickets();
        let (outcome, ()) = tokio::join!(session.read(&read), async {
            held.arrival().await;
            another.set_desk_org(row.id, &choice).await.unwrap();
            held.release();
        });
        let row = house.ada().await;
        assert_eq!(
            (row.desk_org_id.as_deref(), row.desk_org_source),
            (Some(chosen), Some(OrgSource::User))
        );
        match ends_at {
            Some(id) => assert_eq!(house.fake.seen().last().unwrap().org.as_deref(), Some(id)),
            None => assert!(
                matches!(outcome, Err(ZohoError::ChooseOrganization { .. })),
                "{outcome:?}"
            ),
        }
    }
}

#[tokio::test]
async fn what_was_found_for_one_consent_is_not_written_for_the_next() {
    for (product, path) in [(Product::Desk, LIST), (Product::Crm, "/crm/v8/org")] {
        let house = House::new().await;
        let row = house.connect(3000).await;
        let (another, _) = house.another();
        let held = house.fake.hold(path);
        let (session, ()) = tokio::join!(house.zoho.session(row.clone(), product), async {
            held.arrival().await;
            another
                .save(&house.consent("ada", "default", 3000))
                .await
                .unwrap();
            held.release();
        });
        assert!(
            session.unwrap().organization().id.is_some(),
            "the session has its own"
        );
        let row = house.ada().await;
        assert_eq!((row.desk_org_id, row.crm_org_id), (None, None), "{product}");
    }
}

#[tokio::test]
async fn crm_asks_for_its_number_once_and_lives_without_it() {
    let house = House::new().await;
    house.connect(3000).await;
    let leads = || Read::get(Product::Crm, ["Leads"]);
    let row = house.ada().await;
    house.fake.script(
        "/crm/v8/org",
        [json(401, r#"{"code":"OAUTH_SCOPE_MISMATCH","message":"x"}"#)],
    );
    let session = house.zoho.session(row, Product::Crm).await.unwrap();
    session.read(&leads()).await.unwrap();
    assert_eq!(
        session.link("Potentials", "Deals", "5").unwrap(),
        "https://crm.zoho.eu/crm/EntityInfo.do?module=Deals&id=5"
    );
    let session = house.zoho.session(house.ada().await, Product::Crm).await.unwrap();
    session.read(&leads()).await.unwrap();
    assert_eq!(house.fake.count("/crm/v8/org"), 1, "a refusal is remembered");
    house.connect(3000).await;
    let session = house.zoho.session(house.ada().await, Product::Crm).await.unwrap();
    assert_eq!(
        session.link("Potentials", "Deals", "5").unwrap(),
        "https://crm.zoho.eu/crm/org9900/tab/Potentials/5"
    );
    assert!(
        house.fake.seen().iter().all(|call| call.org.is_none()),
        "orgId is a header of Desk"
    );
}

/// A sandbox of CRM has pages of its own (crmsandbox.zoho.<tld>); where those of a developer environment are, nobody says.
#[tokio::test]
async fn a_link_leads_to_the_pages_of_its_environment() {
    let house = House::new().await;
    house.connect(3000).await;
    let row = house.ada().await;
    let hosts = HostPolicy::zoho_only();
    let zoho = client(
        &house.connections,
        Limits::default(),
        hosts,
        &house.clock,
        recorded().0,
    );
    let account = consent("ada", "default", 3000).account;
    let link = async |environment: &str, api_domain: &str| {
        let mut row = row.clone();
        row.account = account.clone();
        environment.clone_into(&mut row.account.environment);
        api_domain.clone_into(&mut row.account.api_domain);
        let session = zoho.open(row, Product::Crm).unwrap();
        session.link("Potentials", "Deals", "5")
    };
    for (environment, label) in [
        ("sandbox", "www"),
        ("production", "sandbox"),
        ("sandbox", "sandbox"),
    ] {
        let link = link(environment, &format!("https://{label}.zohoapis.eu"))
            .await
            .unwrap();
        assert!(
            link.starts_with("https://crmsandbox.zoho.eu/crm/"),
            "{environment} {label}: {link}"
        );
    }
    for (environment, label) in [("developer", "www"), ("production", "developer")] {
        let link = link(environment, &format!("https://{label}.zohoapis.eu")).await;
        assert_eq!(link, None, "{environment} {label}");
    }
    let link = link("production", "https://www.zohoapis.eu").await.unwrap();
    assert!(link.starts_with("https://crm.zoho.eu/crm/"), "{link}");
}
