//! Who is at work, and the token's own profile. Sources: Desk's OpenAPI (paths, parameters, the schema Presence with
//! `hasMore` and `totalAgentsCount` around it); n8n's node calls them all.

use serde_json::{Value, json};

use super::tester::Tester;

fn ids(answer: &Value) -> Vec<&str> {
    let rows = answer["data"].as_array().unwrap();
    rows.iter().map(|row| row["agentId"].as_str().unwrap()).collect()
}

#[test]
fn every_agent_of_a_department_is_online_or_not() {
    let mut t = Tester::new(20);
    let mut seen = 0;
    for department in t.rows("/departments") {
        let department = department["id"].as_str().unwrap();
        let ask = |t: &mut Tester, list: &str| t.read(&format!("/{list}?departmentId={department}"));
        let (online, offline, all) = (
            ask(&mut t, "onlineAgents"),
            ask(&mut t, "offlineAgents"),
            ask(&mut t, "agentAvailability"),
        );
        assert!(
            online["data"]
                .as_array()
                .unwrap()
                .iter()
                .all(|row| row["status"] == "ONLINE")
        );
        assert!(
            offline["data"]
                .as_array()
                .unwrap()
                .iter()
                .all(|row| row["status"] == "OFFLINE")
        );
        let mut both = [ids(&online), ids(&offline)].concat();
        let mut every = ids(&all);
        both.sort_unstable();
        every.sort_unstable();
        assert_eq!(both, every);
        assert_eq!(
            (&all["totalAgentsCount"], &all["hasMore"]),
            (&json!(every.len()), &json!(false))
        );
        for id in every {
            let agent = t.read(&format!("/agents/{id}"));
            let departments = agent["associatedDepartmentIds"].as_array().unwrap();
            assert!(departments.iter().any(|own| own == department), "{agent}");
            seen += 1;
        }
    }
    assert!(seen > 4);
}

#[test]
fn presence_is_told_by_pages_and_by_channel() {
    let mut t = Tester::new(20);
    let department = t.rows("/departments")[0]["id"].as_str().unwrap().to_owned();
    let all = t.read(&format!("/agentAvailability?departmentId={department}"));
    let page = t.read(&format!(
        "/agentAvailability?departmentId={department}&limit=1&include=phoneStatus,phoneMode"
    ));
    assert_eq!((ids(&page), &page["hasMore"]), (vec![ids(&all)[0]], &json!(true)));
    let row = &page["data"][0];
    assert_eq!(
        (&row["phoneStatus"], &row["phoneMode"]),
        (&row["status"], &json!("WEB"))
    );
    assert_eq!(
        row.as_object().unwrap().len(),
        4,
        "only what was asked for: {row}"
    );
    for wrong in [
        "/onlineAgents",
        "/onlineAgents?departmentId=12",
        "/onlineAgents?limit=1",
    ] {
        let (status, body) = t.refused("GET", wrong, json!({}));
        assert_eq!(status, 422, "{wrong}: {body}");
    }
}

#[test]
fn the_own_profile_is_that_of_the_own_agent() {
    let mut t = Tester::new(20);
    let me = t.read("/myinfo");
    let own = t.read("/myProfile");
    assert_eq!(own["id"], me["profileId"]);
    assert_eq!(own, t.read(&format!("/profiles/{}", own["id"].as_str().unwrap())));
    assert_eq!(
        t.read("/myProfilePermissions"),
        json!({ "permissions": own["permissions"] })
    );
    let light = t.read("/lightAgentProfile");
    assert!(
        t.rows("/profiles")
            .iter()
            .any(|row| row["id"] == light["id"] && row["name"] == light["name"])
    );
    assert_ne!(light["id"], own["id"]);
}

/// Desk's OpenAPI, getAgentAvailabilityConfig: the minutes come as a text.
#[test]
fn when_an_agent_counts_as_away_is_told() {
    let config = Tester::new(20).read("/agentAvailabilityConfig");
    assert!(
        config["agentIdleTime"].as_str().unwrap().parse::<u16>().is_ok(),
        "{config}"
    );
    assert!(config["treatIdleAgentsAsOffline"].is_boolean(), "{config}");
}
