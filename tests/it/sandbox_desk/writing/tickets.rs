//! Writes to tickets.

use serde_json::{Value, json};

use super::{Tester, count, first, id, listed, succeeded, ticket};

pub(crate) fn create_and_change(t: &mut Tester) {
    let before = count(t, "");
    let department = first(t, "/departments");
    let contact = json!({"lastName": "Quill", "firstName": "Ada", "email": "ada.quill@new.example"});
    let body = json!({"subject": "Lantern flickers", "departmentId": department, "contact": contact, "priority": "High",
        "dueDate": "2027-01-02T03:04:05Z", "cf": {"cf_severity": "Critical", "cf_order_number": 4711}, "description": "<b>Help</b>"});
    let new = t.write("POST", "/tickets", body);
    let path = format!("/tickets/{}", id(&new));
    assert_eq!(count(t, ""), before + 1);
    assert_eq!(t.rows("/tickets")[0]["id"], new["id"], "newest first");
    let read = t.read(&path);
    assert_eq!(read["status"], "Open");
    assert_eq!(read["dueDate"], "2027-01-02T03:04:05.000Z");
    assert_eq!(read["email"], "ada.quill@new.example");
    assert_eq!(read["cf"]["cf_order_number"], "4711");
    assert_eq!(read["customFields"]["Severity"], "Critical");
    assert_eq!(read["createdTime"], read["modifiedTime"]);
    for query in [
        "subject=lantern",
        "_all=flickers",
        "email=ada.quill",
        "customField1=cf_severity:Critical",
        "contactName=Ada Quill",
    ] {
        assert!(
            listed(t, &format!("/tickets/search?limit=100&{query}"), &id(&new)),
            "{query}"
        );
    }
    let people = t.rows("/contacts/search?email=ada.quill@new.example");
    assert_eq!(people[0]["id"], read["contactId"]);
    let again = json!({"subject": "Again", "departmentId": department, "contact": {"lastName": "Quill", "email": "ada.quill@new.example"}});
    assert_eq!(t.write("POST", "/tickets", again)["contactId"], read["contactId"]);

    let open = count(t, "");
    let agent = first(t, "/agents");
    let body = json!({"subject": "Lantern works", "status": "closed", "assigneeId": agent, "cf": {"cf_severity": null}, "priority": null});
    let changed = t.write("PATCH", &path, body);
    assert_eq!(
        (&changed["status"], &changed["statusType"]),
        (&json!("Closed"), &json!("Closed"))
    );
    let read = t.read(&path);
    assert_eq!(read["closedTime"], read["modifiedTime"]);
    assert_ne!(read["createdTime"], read["modifiedTime"]);
    assert_eq!(
        (&read["cf"]["cf_severity"], &read["priority"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(count(t, ""), open);
    assert!(listed(t, "/tickets?status=Closed&limit=100", &id(&new)));
    assert!(!listed(t, "/tickets?status=Open&limit=100", &id(&new)));
    assert!(listed(
        t,
        &format!("/tickets?assignee={agent}&limit=100"),
        &id(&new)
    ));
    let history = t.rows(&format!("{path}/History"));
    assert_eq!(
        (&history[0]["eventName"], &history[1]["eventName"]),
        (&json!("TicketUpdated"), &json!("TicketCreated"))
    );
    let reopened = t.write("PATCH", &path, json!({"status": "Open"}));
    assert_eq!(reopened["closedTime"], Value::Null);
    assert_eq!(t.read(&format!("{path}/metrics"))["reopenCount"], "1");

    let other = t.rows("/departments")[3]["id"].as_str().unwrap().to_owned();
    assert_eq!(count(t, &format!("departmentId={other}")), 0);
    t.write(
        "POST",
        &format!("{path}/move?departmentId={other}"),
        json!({"departmentId": other}),
    );
    assert_eq!(t.read(&path)["departmentId"], other.as_str());
    assert_eq!(count(t, &format!("departmentId={other}")), 1);
    assert!(listed(t, &format!("/tickets?departmentId={other}"), &id(&new)));

    t.write("POST", &format!("{path}/markAsRead"), Value::Null);
    assert_eq!(t.read(&format!("{path}?include=isRead"))["isRead"], true);
    t.write("POST", &format!("{path}/markAsUnRead"), Value::Null);
    assert_eq!(t.read(&format!("{path}?include=isRead"))["isRead"], false);
}

pub(crate) fn many(t: &mut Tester) {
    let tickets = [ticket(t, "one"), ticket(t, "two")];
    t.write("POST", "/closeTickets", json!({"ids": tickets}));
    t.write(
        "POST",
        "/tickets/updateMany",
        json!({"ids": tickets, "fieldName": "priority", "fieldValue": "Urgent"}),
    );
    t.write(
        "POST",
        "/tickets/updateMany",
        json!({"ids": tickets, "fieldName": "cf_severity", "fieldValue": "Minor", "isCustomField": true}),
    );
    for ticket in &tickets {
        let read = t.read(&format!("/tickets/{ticket}"));
        assert_eq!(
            (&read["status"], &read["priority"], &read["cf"]["cf_severity"]),
            (&json!("Closed"), &json!("Urgent"), &json!("Minor"))
        );
        assert!(listed(
            t,
            "/tickets/search?limit=100&priority=Urgent&status=${closed}",
            ticket
        ));
    }
    let (_, error) = t.refused(
        "POST",
        "/tickets/updateMany",
        json!({"ids": tickets, "fieldName": "priority", "fieldValue": "Enormous"}),
    );
    assert_eq!(error["errors"][0]["fieldName"], "/fieldValue");
    let (_, error) = t.refused("POST", "/closeTickets", json!({"ids": [tickets[0], "12"]}));
    assert_eq!(error["errors"][0]["fieldName"], "/ids/1");
}

pub(crate) fn spam(t: &mut Tester) {
    let before = count(t, "");
    let tickets = [ticket(t, "spam one"), ticket(t, "spam two"), ticket(t, "no spam")];
    t.write(
        "POST",
        "/tickets/markSpam",
        json!({"ids": [tickets[0], tickets[1]], "isSpam": true}),
    );
    assert_eq!(count(t, ""), before + 1);
    assert_eq!(t.read("/ticketsCountByFieldValues?field=spam")["spam"], 2);
    assert_eq!(t.read(&format!("/tickets/{}", tickets[0]))["isSpam"], true);
    let answer = t.write(
        "POST",
        "/tickets/deleteSpam",
        json!({"ticketIds": [tickets[0], tickets[2]]}),
    );
    assert_eq!(succeeded(&answer), [true, false]);
    assert_eq!(t.get(&format!("/tickets/{}", tickets[0])).0, 404);
    let department = t.read(&format!("/tickets/{}", tickets[1]))["departmentId"].clone();
    t.write("POST", "/tickets/emptySpam", json!({"departmentId": department}));
    assert_eq!(t.get(&format!("/tickets/{}", tickets[1])).0, 404);
    assert_eq!(t.read("/ticketsCountByFieldValues?field=spam")["spam"], 0);
}

pub(crate) fn bin(t: &mut Tester) {
    let before = count(t, "");
    let kept = ticket(t, "to keep");
    let gone = ticket(t, "to lose");
    let trash = json!({"ticketIds": [kept, gone]});
    t.write("POST", "/tickets/moveToTrash", trash.clone());
    assert_eq!(count(t, ""), before);
    assert_eq!(t.read(&format!("/tickets/{kept}"))["isTrashed"], true);
    assert!(!listed(t, "/tickets?limit=100", &kept));
    assert!(listed(t, "/recycleBin?module=tickets", &kept));
    let answer = t.write("POST", "/recycleBin/restore", json!({"ids": [kept, "5"]}));
    assert_eq!(succeeded(&answer), [true, false]);
    assert_eq!(t.read(&format!("/tickets/{kept}"))["isTrashed"], false);
    assert_eq!(count(t, ""), before + 1);
    let answer = t.write("POST", "/recycleBin/delete", json!({"ids": [gone]}));
    assert_eq!(succeeded(&answer), [true]);
    assert_eq!(t.get(&format!("/tickets/{gone}")).0, 404);
    t.write("POST", "/tickets/moveToTrash", json!({"ticketIds": [kept]}));
    t.write("POST", "/recycleBin/restoreAll", Value::Null);
    assert_eq!((t.get("/recycleBin").0, count(t, "")), (204, before + 1));
    t.write("POST", "/tickets/moveToTrash", json!({"ticketIds": [kept]}));
    t.write("POST", "/recycleBin/deleteAll", Value::Null);
    assert_eq!(
        (t.get(&format!("/tickets/{kept}")).0, count(t, "")),
        (404, before)
    );
    let seeded = first(t, "/tickets");
    t.write("POST", "/tickets/moveToTrash", json!({"ticketIds": [seeded]}));
    assert_eq!(count(t, ""), before - 1);
    let (status, error) = t.refused("POST", "/tickets/moveToTrash", trash);
    assert_eq!(
        (status, error["errors"][0]["fieldName"].as_str()),
        (422, Some("/ticketIds/0"))
    );
}

pub(crate) fn merge_and_split(t: &mut Tester) {
    let before = count(t, "");
    let seeded = t.rows("/tickets?limit=100");
    let talkative: Vec<&Value> = seeded
        .iter()
        .filter(|row| row["threadCount"] != "0" && row["threadCount"] != "60")
        .collect();
    let (master, child) = (id(talkative[0]), id(talkative[1]));
    let threads = |row: &Value| row["threadCount"].as_str().unwrap().parse::<usize>().unwrap();
    let sum = threads(talkative[0]) + threads(talkative[1]);
    let merged = t.write(
        "POST",
        &format!("/tickets/{master}/merge"),
        json!({"ids": [child], "source": {"subject": child}}),
    );
    assert_eq!(merged["subject"], talkative[1]["subject"]);
    assert_eq!(t.get(&format!("/tickets/{child}")).0, 404);
    let merged = t.rows(&format!("/tickets/{master}/threads?limit=100"));
    assert_eq!((merged.len(), count(t, "")), (sum, before - 1));
    assert_eq!(
        t.read(&format!("/tickets/{master}"))["threadCount"],
        sum.to_string().as_str()
    );
    assert_eq!(
        t.rows(&format!("/tickets/{master}/History"))[0]["eventName"],
        "TicketMergedMaster"
    );
    let thread = id(&merged[0]);
    let split = t.write(
        "POST",
        &format!("/tickets/{master}/threads/{thread}/split"),
        Value::Null,
    );
    assert_eq!(ids_of(t, &id(&split)), [thread]);
    assert_eq!(split["sourceTicket"]["id"], master.as_str());
    assert_eq!(
        t.read(&format!("/tickets/{master}"))["threadCount"],
        (sum - 1).to_string().as_str()
    );
    assert_eq!(count(t, ""), before);
}

fn ids_of(t: &mut Tester, ticket: &str) -> Vec<String> {
    t.rows(&format!("/tickets/{ticket}/threads"))
        .iter()
        .map(id)
        .collect()
}

pub(crate) fn tags(t: &mut Tester) {
    let new = ticket(t, "tagged");
    let path = format!("/tickets/{new}");
    let added = t.write(
        "POST",
        &format!("{path}/associateTag"),
        json!({"tags": ["Lighthouse", "vip"]}),
    );
    assert_eq!(added["data"][0]["name"], "lighthouse");
    assert_eq!(t.read(&path)["tagCount"], "2");
    assert_eq!(t.read("/tickets/search?tag=lighthouse")["count"], 1);
    let lighthouse = id(&added["data"][0]);
    let vip = id(&added["data"][1]);
    assert!(listed(t, &format!("/tags/{lighthouse}/tickets"), &new));
    let department = t.read(&path)["departmentId"].as_str().unwrap().to_owned();
    let tag = t
        .rows(&format!("/ticketTags?departmentId={department}"))
        .into_iter()
        .find(|tag| id(tag) == lighthouse)
        .unwrap();
    assert_eq!(tag["ticketCount"], "1");
    t.write(
        "PATCH",
        &format!("/tags/{lighthouse}/replace"),
        json!({"id": vip}),
    );
    assert_eq!(t.read(&path)["tagCount"], "1");
    assert_eq!(t.get("/tickets/search?tag=lighthouse").0, 204);
    assert_eq!(
        t.get(&format!(
            "/tags/search?departmentId={department}&searchVal=lighthouse"
        ))
        .0,
        204
    );
    t.write("POST", &format!("{path}/dissociateTag"), json!({"tags": ["vip"]}));
    assert_eq!(t.read(&format!("{path}/tags"))["tags"], json!([]));
    assert!(!listed(t, "/tickets/search?limit=100&tag=vip", &new));
}

pub(crate) fn resolution(t: &mut Tester) {
    let path = format!("/tickets/{}", ticket(t, "solved"));
    t.write(
        "PATCH",
        &format!("{path}/resolution"),
        json!({"content": "First"}),
    );
    t.write(
        "PATCH",
        &format!("{path}/resolution"),
        json!({"content": "Second"}),
    );
    assert_eq!(t.read(&format!("{path}/resolution"))["content"], "Second");
    assert_eq!(t.read(&path)["resolution"], "Second");
    assert_eq!(t.rows(&format!("{path}/resolutionHistory?limit=10")).len(), 2);
    t.write("DELETE", &format!("{path}/resolution"), Value::Null);
    assert_eq!(t.read(&format!("{path}/resolution"))["content"], Value::Null);
}

pub(crate) fn blueprint(t: &mut Tester) {
    let seeded = t.rows("/tickets?limit=100");
    let captured = seeded
        .iter()
        .find(|row| t.get(&format!("/tickets/{}/blueprint", id(row))).0 == 200)
        .map(id)
        .unwrap();
    let path = format!("/tickets/{captured}");
    let (status, error) = t.refused("PATCH", &path, json!({"status": "Closed"}));
    assert_eq!(
        (status, error["errorCode"].as_str()),
        (422, Some("UNPROCESSABLE_ENTITY"))
    );
    assert!(error["message"].as_str().unwrap().contains("Blueprint"));
    t.write("PATCH", &path, json!({"priority": "Low"}));
    let blueprint = t.read(&format!("{path}/blueprint"));
    let transition = blueprint["transitions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["toState"] == "Escalated")
        .unwrap();
    let perform = format!("{path}/transitions/{}/perform", id(transition));
    let (_, error) = t.refused("POST", &perform, json!({"fields": {}}));
    assert_eq!(error["message"], "An extra parameter 'fields' is found");
    assert_eq!(
        t.write("POST", &perform, Value::Null)["updatedState"],
        "Escalated"
    );
    assert_eq!(t.read(&path)["status"], "Escalated");
    assert!(listed(t, "/tickets?status=Escalated&limit=100", &captured));
    t.refused("POST", &perform, json!({}));
    t.write("POST", &format!("{path}/revokeBlueprint"), Value::Null);
    assert_eq!(t.get(&format!("{path}/blueprint")).0, 204);
    t.write("PATCH", &path, json!({"status": "Closed"}));
}
