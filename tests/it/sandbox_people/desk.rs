//! What agents see of Desk: the records of their departments, the fields of their profile.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{become_in_desk, forbidden};
use crate::sandbox_desk::tester::{Tester, id, ids};

/// The department of that name.
fn department(t: &mut Tester, name: &str) -> String {
    let rows = t.rows("/departments?limit=50");
    id(rows.iter().find(|row| row["name"] == name).unwrap())
}

fn count(t: &mut Tester, target: &str) -> u64 {
    t.read(target)["count"].as_u64().unwrap()
}

#[test]
fn an_agent_of_one_department_sees_its_tickets_and_no_others() {
    let mut t = Tester::new(90);
    let billing = department(&mut t, "Billing");
    let wanted = ids(&t.rows(&format!("/tickets?limit=100&departmentIds={billing}")));
    let all = ids(&t.rows("/tickets?limit=100")).len();
    let views: Vec<Value> = t.rows("/views?module=tickets");
    let people = ["contacts", "accounts"].map(|module| ids(&t.rows(&format!("/{module}?limit=100"))));
    become_in_desk(&mut t, "agent");
    let me = t.read("/myinfo?include=associatedDepartments");
    assert_eq!(
        (&me["emailId"], &me["rolePermissionType"]),
        (&json!("lena@brightharbor.example"), &json!("AgentPublic"))
    );
    assert_eq!(me["associatedDepartmentIds"], json!([billing]));
    assert!(
        wanted.len() > 5 && all > wanted.len() + 20,
        "{} of {all}",
        wanted.len()
    );
    assert_eq!(ids(&t.rows("/tickets?limit=100")), wanted);
    assert_eq!(
        ids(&t.rows(
            "/tickets/search?limit=100&createdTimeRange=2000-01-01T00:00:00.000Z,2100-01-01T00:00:00.000Z"
        )),
        wanted
    );
    assert_eq!(count(&mut t, "/ticketsCount"), wanted.len() as u64);
    let by_status = t.read("/ticketsCountByFieldValues?field=statusType");
    let counted = by_status["statusType"].as_array().unwrap().iter();
    assert_eq!(
        counted.map(|row| row["count"].as_u64().unwrap()).sum::<u64>(),
        wanted.len() as u64
    );
    for view in &views {
        let listed = ids(&t.rows(&format!("/tickets?limit=100&viewId={}", id(view))));
        assert!(listed.is_subset(&wanted), "{view}");
        let target = format!(
            "/ticketQueueView/count?departmentId=allDepartment&viewId={}",
            id(view)
        );
        assert_eq!(count(&mut t, &target), listed.len() as u64, "{view}");
    }
    for module in ["tasks", "calls", "events"] {
        let rows = t.rows(&format!("/{module}?limit=100"));
        assert!(rows.iter().all(|row| row["departmentId"] == billing), "{module}");
    }
    let now = ["contacts", "accounts"].map(|module| ids(&t.rows(&format!("/{module}?limit=100"))));
    assert_eq!(now, people, "customers belong to no department");
    assert_eq!(ids(&t.rows("/myDepartments")), BTreeSet::from([billing]));
}

#[test]
fn what_is_of_another_department_is_refused_by_its_id() {
    let mut t = Tester::new(60);
    let (billing, support) = (department(&mut t, "Billing"), department(&mut t, "Support"));
    let other = id(&t.rows(&format!("/tickets?limit=1&departmentIds={support}"))[0]);
    let own = id(&t.rows(&format!("/tickets?limit=1&departmentIds={billing}&status=Open"))[0]);
    let task = t
        .rows("/tasks?limit=100")
        .into_iter()
        .find(|task| task["departmentId"] == support);
    become_in_desk(&mut t, "agent");
    let mut targets = vec![
        format!("/tickets?departmentIds={support}"),
        format!("/ticketsCount?departmentId={support}"),
    ];
    for inside in [
        "",
        "/threads",
        "/conversations",
        "/comments",
        "/latestThread",
        "/History",
        "/metrics",
        "/attachments",
        "/tags",
    ] {
        targets.push(format!("/tickets/{other}{inside}"));
    }
    targets.extend(task.map(|task| format!("/tasks/{}", id(&task))));
    for target in targets {
        assert_eq!(t.get(&target), forbidden(), "{target}");
    }
    let writes = [
        (
            "PATCH",
            format!("/tickets/{other}"),
            json!({ "priority": "High" }),
        ),
        (
            "POST",
            format!("/tickets/{other}/comments"),
            json!({ "content": "no", "isPublic": false }),
        ),
        ("POST", "/closeTickets".to_owned(), json!({ "ids": [own, other] })),
        ("POST", format!("/tickets/{own}/merge"), json!({ "ids": [other] })),
        (
            "POST",
            "/tasks".to_owned(),
            json!({ "subject": "x", "departmentId": support }),
        ),
        (
            "POST",
            "/tickets".to_owned(),
            json!({ "subject": "x", "departmentId": support, "contact": { "lastName": "Okoro", "email": "okoro@b.example" } }),
        ),
    ];
    for (method, target, body) in writes {
        assert_eq!(t.refused(method, &target, body), forbidden(), "{method} {target}");
    }
    assert_ne!(
        t.read(&format!("/tickets/{own}"))["status"],
        "Closed",
        "nothing of a refused call is done"
    );
}

#[test]
fn fields_that_a_profile_does_not_see_are_left_out_and_found_by_nothing() {
    let mut t = Tester::new(60);
    let rows = t.rows("/contacts?limit=100");
    let contact = rows.iter().find(|row| row["phone"].is_string()).unwrap().clone();
    let phone = contact["phone"].as_str().unwrap().to_owned();
    let whole = t.read(&format!("/contacts/{}", id(&contact)));
    let search = format!("/contacts/search?phone={phone}");
    let field = |rows: &[Value], name: &str| rows.iter().any(|row| row["apiName"] == name);
    assert!(field(&t.rows("/fields?module=contacts"), "phone"));
    become_in_desk(&mut t, "light_agent");
    assert!(!field(&t.rows("/fields?module=contacts"), "phone"));
    assert!(field(&t.rows("/fields?module=accounts"), "website"));
    for row in t.rows("/contacts?limit=100&fields=phone") {
        assert!(row.get("phone").is_none() && row.get("mobile").is_none(), "{row}");
    }
    let seen = t.read(&format!("/contacts/{}", id(&contact)));
    assert_eq!(seen["email"], whole["email"]);
    assert!(seen.get("phone").is_none(), "{seen}");
    assert_eq!(t.get(&search).0, 204);
    let tickets = t.rows("/tickets?limit=20&include=contacts");
    assert!(!tickets.is_empty());
    for ticket in tickets {
        assert!(
            ticket.get("phone").is_none() && ticket["contact"].get("phone").is_none(),
            "{ticket}"
        );
        let detail = t.read(&format!("/tickets/{}", id(&ticket)));
        let custom = ["cf", "customFields"].map(|map| detail[map].as_object().unwrap().len());
        assert!(
            detail["cf"].get("cf_order_number").is_none() && custom[0] == custom[1],
            "{detail}"
        );
    }
    let layouts = t.rows("/layouts?module=contacts");
    let layout = t.read(&format!("/layouts/{}", id(&layouts[0])));
    assert!(!layout.to_string().contains("\"phone\""), "{layout}");
}

#[test]
fn the_history_of_a_ticket_tells_nothing_of_what_is_not_seen() {
    let mut t = Tester::new(60);
    become_in_desk(&mut t, "light_agent");
    let ticket = id(&t.rows("/tickets?limit=1")[0]);
    become_in_desk(&mut t, "admin");
    let order = json!({ "cf": { "cf_order_number": "N-4711", "cf_severity": "Major" } });
    t.write("PATCH", &format!("/tickets/{ticket}"), order);
    let target = format!("/tickets/{ticket}/History");
    assert!(t.read(&target).to_string().contains("N-4711"));
    become_in_desk(&mut t, "light_agent");
    let told = t.read(&target).to_string();
    assert!(!told.contains("N-4711") && told.contains("Major"), "{told}");
}

#[test]
fn a_write_knows_no_field_that_is_not_seen() {
    let mut t = Tester::new(20);
    let contact = id(&t.rows("/contacts?limit=1")[0]);
    let target = format!("/contacts/{contact}");
    let tier = |tier: &str| json!({ "cf": { "cf_customer_tier": tier } });
    t.write("PATCH", &target, tier("Gold"));
    become_in_desk(&mut t, "agent");
    assert!(t.read(&target)["cf"].get("cf_customer_tier").is_none());
    let (status, body) = t.refused("PATCH", &target, tier("Standard"));
    assert_eq!(
        (status, &body["errorCode"]),
        (422, &json!("UNPROCESSABLE_ENTITY")),
        "{body}"
    );
    let answer = t.write("PATCH", &target, json!({ "title": "Buyer" }));
    assert!(answer["cf"].get("cf_customer_tier").is_none(), "{answer}");
    become_in_desk(&mut t, "admin");
    let now = t.read(&target);
    assert_eq!(
        (&now["title"], &now["cf"]["cf_customer_tier"]),
        (&json!("Buyer"), &json!("Gold"))
    );
}

#[test]
fn an_organization_of_others_is_not_theirs() {
    let mut t = Tester::new(20);
    let both = t.rows("/organizations");
    assert_eq!(both.len(), 2);
    assert!(both.iter().all(|row| row["isAdminInOrg"] == true));
    become_in_desk(&mut t, "agent");
    let own = t.rows("/organizations");
    assert_eq!(
        (own.len(), &own[0]["id"], &own[0]["isAdminInOrg"]),
        (1, &both[0]["id"], &json!(false))
    );
    t.org = Some(id(&both[1]));
    let (status, body) = t.get("/tickets");
    assert_eq!((status, &body["errorCode"]), (403, &json!("OAUTH_ORG_MISMATCH")));
    become_in_desk(&mut t, "standard");
    assert_eq!(t.get("/organizations").0, 204);
    t.org = None;
    assert_eq!(t.get("/tickets"), forbidden());
}

/// Each reads their own, however often the same list was asked for by somebody else.
#[test]
fn a_list_that_is_kept_is_kept_for_one_person() {
    let mut t = Tester::new(60);
    let target = "/tickets?limit=100";
    let all = t.rows(target);
    become_in_desk(&mut t, "agent");
    let own = t.rows(target);
    become_in_desk(&mut t, "light_agent");
    let light = t.rows(target);
    assert!(all.len() > own.len() && all.len() > light.len() && ids(&own).is_disjoint(&ids(&light)));
    become_in_desk(&mut t, "admin");
    assert_eq!(t.rows(target), all);
}
