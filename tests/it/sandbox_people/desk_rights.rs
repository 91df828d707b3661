//! What agents may do in Desk, and that it follows from their profile as the API shows it.

use serde_json::{Value, json};

use super::{become_in_desk, forbidden};
use crate::sandbox_desk::tester::{Tester, id};

/// A ticket that the person sees.
fn ticket(t: &mut Tester) -> String {
    id(&t.rows("/tickets?limit=1&status=Open")[0])
}

fn address(t: &mut Tester) -> String {
    let rows = t.rows("/mailReplyAddress?departmentId=allDepartment");
    rows[0]["address"].as_str().unwrap().to_owned()
}

#[test]
fn an_agent_works_on_tickets_in_their_own_name() {
    let mut t = Tester::new(60);
    become_in_desk(&mut t, "agent");
    let ticket = ticket(&mut t);
    let comment = t.write(
        "POST",
        &format!("/tickets/{ticket}/comments"),
        json!({ "content": "Seen", "isPublic": true }),
    );
    assert_eq!(comment["commenter"]["name"], "Lena Brandt");
    assert_eq!(comment["commenterId"], t.read("/myinfo")["id"]);
    let reply = json!({ "channel": "EMAIL", "content": "On its way", "to": "a@b.example", "fromEmailAddress": address(&mut t) });
    let sent = t.write("POST", &format!("/tickets/{ticket}/sendReply"), reply);
    assert_eq!(sent["author"]["email"], "lena@brightharbor.example");
    let changed = t.write(
        "PATCH",
        &format!("/tickets/{ticket}"),
        json!({ "priority": "High" }),
    );
    assert_eq!(changed["modifiedBy"], t.read("/myinfo")["id"]);
    let settings = [
        ("POST", "/tickets/moveToTrash", json!({ "ticketIds": [ticket] })),
        ("POST", "/departments", json!({ "name": "Mine" })),
        ("POST", "/fields", json!({})),
        ("POST", "/recycleBin/restoreAll", Value::Null),
    ];
    for (method, target, body) in settings {
        assert_eq!(t.refused(method, target, body), forbidden(), "{method} {target}");
    }
    assert_eq!(t.get("/recycleBin"), forbidden());
}

#[test]
fn a_light_agent_reads_comments_for_colleagues_and_answers_nobody() {
    let mut t = Tester::new(120);
    become_in_desk(&mut t, "light_agent");
    assert_eq!(t.read("/myinfo")["rolePermissionType"], "Light");
    assert_eq!(t.read("/myProfile")["id"], t.read("/lightAgentProfile")["id"]);
    let ticket = ticket(&mut t);
    let comments = format!("/tickets/{ticket}/comments");
    let comment = t.write(
        "POST",
        &comments,
        json!({ "content": "The parcel is in Rotterdam", "isPublic": false }),
    );
    assert_eq!(
        (&comment["commenter"]["name"], &comment["isPublic"]),
        (&json!("Claire Dubois"), &json!(false))
    );
    let reply = json!({ "channel": "EMAIL", "content": "Hello", "to": "a@b.example", "fromEmailAddress": address(&mut t) });
    let refused = [
        (
            "POST",
            comments.clone(),
            json!({ "content": "For the customer", "isPublic": true }),
        ),
        ("POST", format!("/tickets/{ticket}/sendReply"), reply.clone()),
        ("POST", format!("/tickets/{ticket}/draftReply"), reply),
        (
            "PATCH",
            format!("/tickets/{ticket}"),
            json!({ "status": "Closed" }),
        ),
        ("POST", "/closeTickets".to_owned(), json!({ "ids": [ticket] })),
        (
            "POST",
            format!("/tickets/{ticket}/move"),
            json!({ "departmentId": "1" }),
        ),
        ("POST", "/tasks".to_owned(), json!({ "subject": "x" })),
        ("POST", "/contacts".to_owned(), json!({ "lastName": "x" })),
    ];
    for (method, target, body) in refused {
        assert_eq!(t.refused(method, &target, body), forbidden(), "{method} {target}");
    }
    assert_eq!(t.rows(&comments).last().unwrap()["id"], comment["id"]);
}

#[test]
fn rights_follow_from_the_profile_and_the_departments_as_they_are_now() {
    let mut t = Tester::new(60);
    become_in_desk(&mut t, "agent");
    let me = t.read("/myinfo");
    let (own, profile) = (ticket(&mut t), me["profileId"].as_str().unwrap().to_owned());
    let permissions = t.read("/myProfilePermissions")["permissions"].clone();
    assert_eq!(permissions["tickets"]["delete"], false);
    assert_eq!(
        permissions,
        t.read(&format!("/profiles/{profile}"))["permissions"]
    );
    let trash = json!({ "ticketIds": [own] });
    assert_eq!(
        t.refused("POST", "/tickets/moveToTrash", trash.clone()),
        forbidden()
    );
    become_in_desk(&mut t, "admin");
    let more = json!({ "name": "Support Agent", "permissions": { "tickets": { "delete": true } } });
    t.write("PATCH", &format!("/profiles/{profile}"), more);
    become_in_desk(&mut t, "agent");
    let permissions = t.read("/myProfilePermissions")["permissions"].clone();
    assert_eq!(
        (&permissions["tickets"]["delete"], &permissions["tickets"]["edit"]),
        (&json!(true), &json!(true))
    );
    t.write("POST", "/tickets/moveToTrash", trash);
    become_in_desk(&mut t, "admin");
    let department = me["associatedDepartmentIds"][0].as_str().unwrap();
    let agents = json!({ "agentIds": [me["id"]] });
    t.write(
        "POST",
        &format!("/departments/{department}/dissociateAgents"),
        agents,
    );
    become_in_desk(&mut t, "agent");
    assert_eq!(
        t.get("/tickets").0,
        204,
        "an agent of no department has no tickets"
    );
    become_in_desk(&mut t, "admin");
    t.write("POST", &format!("/agents/{}/deactivate", id(&me)), Value::Null);
    become_in_desk(&mut t, "agent");
    assert_eq!(t.get("/tickets"), forbidden());
}

/// What the profile of light agents says and what is done to them is the same, permission by permission.
#[test]
fn the_profiles_say_what_is_carried_out() {
    let mut t = Tester::new(60);
    for person in ["agent", "light_agent"] {
        become_in_desk(&mut t, person);
        let may = t.read("/myProfilePermissions")["permissions"].clone();
        let ticket = ticket(&mut t);
        let tries = [
            ("tickets", "edit", "PATCH", format!("/tickets/{ticket}")),
            ("tickets", "delete", "POST", "/tickets/moveToTrash".to_owned()),
            (
                "tickets",
                "mailSend",
                "POST",
                format!("/tickets/{ticket}/sendReply"),
            ),
            (
                "tickets",
                "mergeTickets",
                "POST",
                format!("/tickets/{ticket}/merge"),
            ),
            ("contacts", "create", "POST", "/contacts".to_owned()),
            ("tasks", "create", "POST", "/tasks".to_owned()),
            ("setup", "teams", "POST", "/teams".to_owned()),
            ("agents", "create", "POST", "/agents".to_owned()),
        ];
        for (group, name, method, target) in tries {
            // A body that is not good enough is refused for what it lacks, once the call is permitted at all.
            let refused = t.refused(method, &target, json!({ "bogus": 1 })) == forbidden();
            assert_eq!(may[group][name] == true, !refused, "{person}: {group}.{name}");
        }
    }
}
