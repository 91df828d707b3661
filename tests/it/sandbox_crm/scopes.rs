//! Tokens and scopes.

use bytes::Bytes;

use super::World;

const MISMATCH: (u16, Option<&str>) = (401, Some("OAUTH_SCOPE_MISMATCH"));

#[test]
fn without_a_token() {
    let mut world = World::new();
    let mut request = world.request("GET Leads?fields=id", Bytes::new());
    request.grant = None;
    let (status, body) = super::read(&world.crm.handle(&request));
    assert_eq!(
        (status, body["code"].as_str(), body["message"].as_str()),
        (401, Some("INVALID_TOKEN"), Some("invalid oauth token"))
    );
    request.headers.clear();
    let (status, body) = super::read(&world.crm.handle(&request));
    assert_eq!(
        (status, body["code"].as_str()),
        (401, Some("AUTHENTICATION_FAILURE"))
    );
    assert_eq!(
        (body["message"].as_str(), body["status"].as_str()),
        (Some("Authentication failed"), Some("error"))
    );
}

#[test]
fn scopes_open_exactly_their_routes() {
    let lead = World::new().first("Leads");
    let get = format!("GET Leads/{lead}");
    let delete = format!("DELETE Leads/{lead}");
    let notes = format!("GET Leads/{lead}/Notes?fields=id");
    let tag = format!("POST Leads/{lead}/actions/add_tags");
    let files = format!("GET Leads/{lead}/Attachments?fields=id");
    let deal = World::new().first("Deals");
    let roles = format!("GET Deals/{deal}/Contact_Roles?fields=id");
    let role = format!("GET Deals/{deal}/Contact_Roles/1?fields=id");
    let no_role = format!("DELETE Deals/{deal}/Contact_Roles/1");
    let no_roles = format!("DELETE Deals/{deal}/Contact_Roles?ids=1");
    // As documented (getAssociatedContactRoles and its neighbours, 2026).
    let views: &[&str] = &["ZohoCRM.modules.contacts.VIEW", "ZohoCRM.modules.deals.VIEW"];
    let cases: &[(&[&str], &str, bool)] = &[
        (views, &roles, true),
        (views, &role, true),
        (views, &no_role, true),
        (views, &no_roles, true),
        (&["ZohoCRM.modules.deals.VIEW"], &roles, false),
        (&["ZohoCRM.modules.deals.READ"], &roles, true),
        (&["ZohoCRM.modules.deals.READ"], &no_role, false),
        (&["ZohoCRM.modules.deals.DELETE"], &no_role, true),
        (&["ZohoCRM.modules.leads.READ"], &get, true),
        (&["zohocrm.modules.LEADS.read"], &get, true),
        (&["ZohoCRM.modules.READ"], &get, true),
        (&["ZohoCRM.modules.leads.ALL"], &get, true),
        (&["ZohoCRM.modules.lead.ALL"], &get, false),
        (&["ZohoCRM.modules.contacts.READ"], &get, false),
        (&["ZohoCRM.modules.leads.CREATE"], &get, false),
        (&["ZohoCRM.ALL"], &get, false),
        (&["Desk.modules.ALL"], &get, false),
        (&["ZohoCRM.modules.leads.WRITE"], &delete, false),
        (&["ZohoCRM.modules.leads.DELETE"], &delete, true),
        (&["ZohoCRM.modules.leads.WRITE"], "POST Leads", true),
        (
            &["ZohoCRM.modules.salesorders.READ"],
            "GET Sales_Orders?fields=id",
            true,
        ),
        (
            &["ZohoCRM.modules.custom.READ"],
            "GET Subscriptions?fields=id",
            true,
        ),
        (
            &["ZohoCRM.modules.subscriptions.READ"],
            "GET Subscriptions?fields=id",
            false,
        ),
        (
            &["ZohoCRM.modules.leads.READ"],
            "GET Leads/search?word=nothing",
            false,
        ),
        (
            &["ZohoCRM.modules.leads.READ", "ZohoSearch.securesearch.READ"],
            "GET Leads/search?word=nothing",
            true,
        ),
        (
            &["ZohoSearch.securesearch.READ"],
            "GET Leads/actions/count",
            false,
        ),
        (&["ZohoCRM.modules.leads.READ"], &notes, false),
        (
            &["ZohoCRM.modules.leads.READ", "ZohoCRM.modules.notes.READ"],
            &notes,
            true,
        ),
        (&["ZohoCRM.modules.attachments.READ"], &files, true),
        (&["ZohoCRM.settings.tags.ALL"], &tag, true),
        (&["ZohoCRM.settings.tags.READ"], &tag, false),
        (
            &["ZohoCRM.settings.fields.READ"],
            "GET settings/fields?module=Leads",
            true,
        ),
        (
            &["ZohoCRM.settings.READ"],
            "GET settings/fields?module=Leads",
            true,
        ),
        (
            &["ZohoCRM.settings.modules.ALL"],
            "GET settings/fields?module=Leads",
            false,
        ),
        (&["ZohoCRM.users.READ"], "GET users?type=CurrentUser", true),
        (&["ZohoCRM.org.READ"], "GET users?type=CurrentUser", false),
        (&["ZohoCRM.org.READ"], "GET org", true),
        (&["ZohoCRM.users.ALL"], "GET org", false),
    ];
    for (scopes, line, open) in cases {
        let mut world = World::new();
        world.scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let (status, body) = world.call(line);
        let refused = (status, body["code"].as_str()) == MISMATCH;
        assert_eq!(refused, !open, "{scopes:?} {line}: {status} {body}");
    }
}

#[test]
fn coql_needs_the_module_too() {
    let query =
        serde_json::json!({ "select_query": "select Last_Name from Leads where id is not null limit 1" });
    for (scopes, status) in [
        (vec!["ZohoCRM.coql.READ"], 401),
        (vec!["ZohoCRM.coql.READ", "ZohoCRM.modules.leads.READ"], 200),
        (vec!["ZohoCRM.modules.ALL"], 401),
    ] {
        let mut world = World::new();
        world.scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        assert_eq!(world.put("POST coql", query.clone()).0, status, "{scopes:?}");
    }
}
