//! The hosts that a token may be sent to.

use zoho_mcp::connections::Product;
use zoho_mcp::zoho::oauth::{AuthorizeRequest, Pkce, authorize_url};
use zoho_mcp::zoho::{DataCenter, HostKind, HostPolicy, ZohoError, link};

use super::fake::House;

const HOSTILE: [&str; 16] = [
    "http://169.254.169.254",
    "http://desk.zoho.com",
    "https://desk.zoho.com.evil.example",
    "https://evil.example/desk.zoho.com",
    "https://desk.zoho.com@evil.example",
    "https://token@desk.zoho.com",
    "https://desk.zoho.com:8443",
    "https://desk.zoho.com/elsewhere",
    "https://desk.zoho.com?x=1",
    "https://[::1]",
    "http://127.0.0.1:1",
    "http://localhost",
    "https://xn--dsk-7na.zoho.com",
    "ftp://desk.zoho.com",
    "desk.zoho.com",
    "",
];

#[test]
fn only_zohos_own_servers_are_accepted() {
    let hosts = HostPolicy::zoho_only();
    for address in HOSTILE {
        for kind in [HostKind::Accounts, HostKind::Api, HostKind::Desk] {
            assert!(hosts.check(address, kind).is_err(), "{address} as {kind:?}");
        }
    }
    for center in DataCenter::ALL {
        assert!(hosts.check(&center.desk_url(), HostKind::Desk).is_ok());
        assert!(hosts.check(&center.accounts_url(), HostKind::Accounts).is_ok());
        for environment in ["production", "sandbox", "developer"] {
            assert!(hosts.check(&center.api_url(environment), HostKind::Api).is_ok());
        }
        assert!(
            hosts.check(&center.desk_url(), HostKind::Accounts).is_err(),
            "a secret only goes to accounts"
        );
        assert!(
            hosts
                .check(&center.api_url("production"), HostKind::Desk)
                .is_err()
        );
        assert_eq!(DataCenter::by_accounts_host(&center.accounts_url()), Some(center));
        assert_eq!(DataCenter::by_code(&center.code.to_uppercase()), Some(center));
    }
    assert_eq!(DataCenter::by_code("ca").unwrap().desk_host, "desk.zohocloud.ca");
    assert_eq!(DataCenter::by_accounts_host("accounts.zoho.ca"), None);
}

#[test]
fn a_sandbox_is_one_origin_on_this_machine() {
    let hosts = HostPolicy::with_sandbox("http://127.0.0.1:4711/").unwrap();
    assert!(hosts.check("http://127.0.0.1:4711", HostKind::Desk).is_ok());
    for other in [
        "http://127.0.0.1:4712",
        "http://localhost:4711",
        "https://127.0.0.1:4711",
        "http://a@127.0.0.1:4711",
    ] {
        assert!(hosts.check(other, HostKind::Desk).is_err(), "{other}");
    }
    for center in DataCenter::ALL {
        assert!(hosts.check(&center.desk_url(), HostKind::Desk).is_err());
        assert!(hosts.check(&center.accounts_url(), HostKind::Accounts).is_err());
        assert!(hosts.check(&center.api_url("production"), HostKind::Api).is_err());
    }
    for address in [
        "http://10.0.0.1:80",
        "https://127.0.0.1:1",
        "http://evil.example",
        "http://u:p@localhost:1",
        "x",
    ] {
        assert!(HostPolicy::with_sandbox(address).is_err(), "{address}");
    }
}

#[test]
fn with_a_sandbox_zoho_itself_is_out_of_reach() {
    let hosts = HostPolicy::with_sandbox("http://127.0.0.1:4711").unwrap();
    for center in DataCenter::ALL {
        for (address, kind) in [
            (center.desk_url(), HostKind::Desk),
            (center.accounts_url(), HostKind::Accounts),
            (center.api_url("production"), HostKind::Api),
        ] {
            let refused = hosts.check(&address, kind).unwrap_err().to_string();
            assert!(refused.contains("--sandbox-url"), "{refused}");
            assert!(hosts.api_domain_of_reply(Some(&address)).is_err(), "{address}");
        }
    }
}

#[test]
fn a_server_zoho_names_that_is_not_known_is_passed_over() {
    let hosts = HostPolicy::zoho_only();
    for address in HOSTILE {
        assert_eq!(
            hosts.api_domain_of_reply(Some(address)).unwrap(),
            None,
            "{address}"
        );
    }
    let known = hosts
        .api_domain_of_reply(Some("https://www.zohoapis.in/"))
        .unwrap();
    assert_eq!(known, Some("https://www.zohoapis.in"));
    assert_eq!(hosts.api_domain_of_reply(None).unwrap(), None);
}

#[tokio::test]
async fn a_hostile_row_is_refused_before_anything_is_sent() {
    let house = House::new().await;
    let good = house.connect(-1).await;
    for address in HOSTILE {
        for column in 0..3 {
            let mut row = good.clone();
            *[
                &mut row.account.accounts_url,
                &mut row.account.api_domain,
                &mut row.account.desk_url,
            ][column] = address.to_owned();
            for product in [Product::Desk, Product::Crm] {
                let error = house.zoho.session(row.clone(), product).await.err().unwrap();
                assert!(
                    matches!(error, ZohoError::HostRefused { .. }),
                    "{address}: {error:?}"
                );
            }
        }
    }
    assert!(house.fake.seen().is_empty());
}

#[test]
fn consent_asks_for_a_refresh_token_each_time() {
    let pkce = Pkce::new().unwrap();
    let scopes = ["Desk.tickets.READ".to_owned(), "Desk.basic.READ".to_owned()];
    let request = AuthorizeRequest {
        accounts_url: "https://accounts.zoho.in",
        client_id: "1000.X",
        redirect_uri: "http://127.0.0.1:8765/callback",
        scopes: &scopes,
        state: "s&t",
        challenge: Some(&pkce.challenge),
    };
    let url = authorize_url(&HostPolicy::zoho_only(), &request).unwrap();
    assert_eq!(
        (url.host_str(), url.path()),
        (Some("accounts.zoho.in"), "/oauth/v2/auth")
    );
    let query: std::collections::HashMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!(query["scope"], "Desk.tickets.READ,Desk.basic.READ");
    assert_eq!(
        (query["access_type"].as_str(), query["prompt"].as_str()),
        ("offline", "consent")
    );
    assert_eq!(
        (query["state"].as_str(), query["code_challenge_method"].as_str()),
        ("s&t", "S256")
    );
    assert_eq!(query["code_challenge"].len(), 43);
    let evil = AuthorizeRequest {
        accounts_url: "https://accounts.zoho.evil",
        ..request
    };
    assert!(authorize_url(&HostPolicy::zoho_only(), &evil).is_err());
}

#[test]
fn links_have_the_form_of_the_web_application() {
    assert_eq!(
        link::desk_record("desk.zoho.com", "aurora", "Contacts", "12"),
        "https://desk.zoho.com/support/aurora/ShowHomePage.do#Contacts/dv/12"
    );
    assert_eq!(
        link::crm_record("crm.zoho.eu", Some(""), "Leads", "Leads", "12"),
        "https://crm.zoho.eu/crm/EntityInfo.do?module=Leads&id=12"
    );
}
