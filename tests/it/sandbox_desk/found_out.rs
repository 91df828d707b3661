//! What third-party programs and random writes found wrong in Desk: each input as they sent it.

use serde_json::{Value, json};

use super::tester::{Tester, options};

fn text(value: &Value, name: &str) -> String {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name}: {value}"))
        .to_owned()
}

/// n8n's node, vapvarun's server, zohodesk-cli and a fourth program send the department in the body only.
#[test]
fn a_ticket_moves_by_query_or_by_body() {
    let mut t = Tester::new(40);
    let ticket = text(&t.rows("/tickets?limit=1")[0], "id");
    for (at, by_body) in [(1, true), (2, false)] {
        let department = text(&t.rows("/departments")[at], "id");
        let path = format!("/tickets/{ticket}/move");
        match by_body {
            true => t.write("POST", &path, json!({ "departmentId": department })),
            false => t.write("POST", &format!("{path}?departmentId={department}"), json!({})),
        };
        assert_eq!(
            text(&t.read(&format!("/tickets/{ticket}")), "departmentId"),
            department
        );
    }
    let nowhere = t.refused("POST", &format!("/tickets/{ticket}/move"), json!({}));
    assert_eq!(nowhere.0, 422, "{}", nowhere.1);
}

/// `/rolesByIds` and `/departmentsByIds` always answered 204.
#[test]
fn lists_by_ids_have_what_is_named() {
    let mut t = Tester::new(40);
    for (list, by_ids, name) in [
        ("/roles", "/rolesByIds", "roleIds"),
        ("/departments", "/departmentsByIds", "departmentIds"),
        ("/agents", "/agentsByIds", "agentIds"),
    ] {
        let all = t.rows(list);
        let (one, other) = (text(&all[0], "id"), text(&all[1], "id"));
        let named = t.rows(&format!("{by_ids}?{name}={one},{other}"));
        let mut ids: Vec<String> = named.iter().map(|row| text(row, "id")).collect();
        ids.sort();
        let mut wanted = vec![one, other];
        wanted.sort();
        assert_eq!(ids, wanted, "{by_ids}");
    }
}

/// Recorded calls: `from=1` on agents and threads gave the first row; so did `from=0` on tickets.
#[test]
fn lists_begin_at_one_and_take_nought_for_it() {
    let standard = zoho_mcp::sandbox::Options::default().from_base;
    let mut t = Tester::with(options(1, 40, standard));
    let all = t.rows("/agents?limit=50");
    assert_eq!(t.rows("/agents?from=1&limit=1"), all[..1]);
    assert_eq!(t.rows("/agents?from=0&limit=1"), all[..1]);
    assert_eq!(t.rows("/agents?from=2&limit=1"), all[1..2]);
}

/// Seeded tickets with an entry of time counted none; a person's entries refused the documented parameters.
#[test]
fn entries_of_time_are_counted_and_chosen() {
    let mut t = Tester::new(100);
    let mut spent = 0;
    for ticket in t.rows("/tickets?limit=100") {
        let ticket = t.read(&format!("/tickets/{}", text(&ticket, "id")));
        let entries = t.get(&format!("/tickets/{}/timeEntry", text(&ticket, "id"))).1;
        let count = entries["data"].as_array().map_or(0, Vec::len);
        assert_eq!(text(&ticket, "timeEntryCount"), count.to_string(), "{ticket}");
        spent += count;
    }
    assert!(spent > 3, "{spent}");
    let mut of_agents = 0;
    for agent in t.rows("/agents") {
        let path = format!(
            "/agents/{}/timeEntry?include=owner&module=tickets",
            text(&agent, "id")
        );
        let ascending = t.rows(&format!("{path}&orderBy=ASC&limit=100"));
        let mut descending = t.rows(&format!("{path}&orderBy=DESC&limit=100"));
        descending.reverse();
        assert_eq!(ascending, descending);
        of_agents += descending.len();
    }
    assert_eq!(of_agents, spent);
}

/// A walk of random writes: after a merge the tasks pointed to a ticket that is gone, and its tags were lost.
#[test]
fn a_merge_takes_tasks_and_tags_along() {
    let mut t = Tester::new(40);
    let tickets = t.rows("/tickets?limit=2");
    let (master, child) = (text(&tickets[0], "id"), text(&tickets[1], "id"));
    let department = text(&tickets[1], "departmentId");
    let task = json!({ "subject": "Follow up", "departmentId": department, "ticketId": child });
    let task = text(&t.write("POST", "/tasks", task), "id");
    t.write(
        "POST",
        &format!("/tickets/{child}/associateTag"),
        json!({ "tags": ["followed"] }),
    );
    let before: usize = text(&t.read(&format!("/tickets/{master}")), "taskCount")
        .parse()
        .unwrap();
    let of_child: usize = text(&t.read(&format!("/tickets/{child}")), "taskCount")
        .parse()
        .unwrap();
    t.write(
        "POST",
        &format!("/tickets/{master}/merge"),
        json!({ "ids": [child] }),
    );
    assert_eq!(text(&t.read(&format!("/tasks/{task}")), "ticketId"), master);
    let whole = t.read(&format!("/tickets/{master}"));
    assert_eq!(text(&whole, "taskCount"), (before + of_child).to_string());
    let tags = t.rows(&format!("/tickets/{master}/tags"));
    assert!(tags.iter().any(|tag| tag["name"] == "followed"), "{tags:?}");
}

/// Counts of tags had spam, which their lists leave out.
#[test]
fn a_tag_counts_the_tickets_its_list_shows() {
    let mut t = Tester::new(60);
    let ticket = text(&t.rows("/tickets?limit=1")[0], "id");
    t.write(
        "POST",
        &format!("/tickets/{ticket}/associateTag"),
        json!({ "tags": ["loud"] }),
    );
    let counted = |t: &mut Tester| {
        let tags = t.rows("/ticketTags?departmentId=0&limit=100");
        tags.into_iter()
            .find(|tag| tag["name"] == "loud")
            .map(|tag| text(&tag, "ticketCount"))
    };
    assert_eq!(counted(&mut t).as_deref(), Some("1"));
    t.write(
        "POST",
        "/tickets/markSpam",
        json!({ "ids": [ticket], "isSpam": true }),
    );
    assert_eq!(counted(&mut t), None);
}

/// After a customer was purged, tickets named a contact whom nobody finds.
#[test]
fn nothing_points_to_a_contact_who_is_gone_for_good() {
    let mut t = Tester::new(40);
    let ticket = t.rows("/tickets?limit=1")[0].clone();
    let contact = text(&ticket, "contactId");
    t.write(
        "POST",
        "/contacts/moveToTrash",
        json!({ "contactIds": [contact] }),
    );
    t.write("POST", "/recycleBin/delete", json!({ "ids": [contact] }));
    assert_eq!(t.get(&format!("/contacts/{contact}")).0, 404);
    let after = t.read(&format!("/tickets/{}", text(&ticket, "id")));
    assert!(after["contactId"].is_null(), "{after}");
}

/// `fluidattacks-zoho-sdk` reads no team without `derivedAgents`.
#[test]
fn a_team_has_the_agents_of_its_roles() {
    let mut t = Tester::new(40);
    let team = t.rows("/teams")[0].clone();
    let role = team["roles"][0].as_str().unwrap().to_owned();
    let agents = t.rows("/agents?limit=100");
    let of_role = agents
        .iter()
        .filter(|agent| agent["roleId"] == role.as_str())
        .count();
    assert_eq!(
        team["derivedAgents"].as_array().map(Vec::len),
        Some(of_role),
        "{team}"
    );
}

/// Literals where records have their ids: documented, not served, and so marked.
#[test]
fn what_is_not_served_is_marked() {
    let mut t = Tester::new(10);
    for path in ["/layouts/standardLayoutFormat", "/articles/docsResourcesInfo"] {
        let request = t.request("GET", path);
        assert!(t.raw(&request).unserved, "{path}");
    }
    let request = t.request("GET", "/agents/xyz");
    assert!(!t.raw(&request).unserved);
}
