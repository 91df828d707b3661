//! A session that is bound keeps to the consent and organization it had, whatever becomes of the connection meanwhile.

use zoho_mcp::connections::{OrgSource, Product};
use zoho_mcp::zoho::{Read, Session, ZohoError};

use super::fake::{House, tickets};

const TWO: &str = r#"{"data":[{"id":"4001","companyName":"Aurora","portalName":"aurora"},{"id":"4002","companyName":"Borealis","portalName":"boreal"}]}"#;

/// A bound session, and the connection moved on under it by another of its calls.
async fn moved(house: &House) -> Session {
    house.connect(3000).await;
    house.fake.organizations(TWO);
    let session = house.session().await.bound();
    house.fake.wrong_org("4001");
    let outcome = session.read(&tickets()).await;
    assert!(matches!(outcome, Err(ZohoError::Moved)), "{outcome:?}");
    assert_eq!(house.ada().await.desk_org_source, Some(OrgSource::FirstOfMany));
    session
}

#[tokio::test]
async fn a_file_is_not_fetched_from_the_organization_after() {
    let house = House::new().await;
    let session = moved(&house).await;
    let before = house.fake.seen().len();
    let file = Read::get(Product::Desk, ["tickets", "1", "attachments", "2", "content"]);
    let mut sink = Vec::new();
    let outcome = session.download(&file, 1000, &mut sink).await;
    assert!(matches!(outcome, Err(ZohoError::Moved)), "{outcome:?}");
    assert_eq!(
        (house.fake.seen().len(), sink.len()),
        (before, 0),
        "nothing was sent"
    );
}

#[tokio::test]
async fn what_it_has_read_is_labelled_with_its_own_organization() {
    let house = House::new().await;
    let session = moved(&house).await;
    assert!(session.was_moved());
    assert_eq!(session.connection().desk_org_id.as_deref(), Some("4002"));
    assert_eq!(session.organization().id.as_deref(), Some("4001"));
    let link = session.link("Cases", "Cases", "77").unwrap();
    assert!(link.contains("/aurora/"), "{link}");
}
