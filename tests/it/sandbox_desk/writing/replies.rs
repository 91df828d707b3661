//! Writes beside records: comments, replies, files, followers, time entries, approvals, pins.

use serde_json::{Value, json};

use super::{Tester, first, id, listed, ticket};

pub(crate) fn comments(t: &mut Tester) {
    let agent = t.read("/myinfo");
    for module in ["tickets", "contacts", "accounts", "tasks", "calls", "events"] {
        let owner = first(t, &format!("/{module}"));
        let path = format!("/{module}/{owner}/comments");
        let before = t.rows(&path).len();
        let text = format!("zsu[@user:{}]zsu please look", agent["zuid"].as_str().unwrap());
        let new = t.write(
            "POST",
            &path,
            json!({"content": text, "contentType": "plainText"}),
        );
        assert_eq!(t.rows(&path).len(), before + 1);
        let one = format!("{path}/{}", id(&new));
        assert_eq!(
            t.read(&format!("{one}?include=mentions"))["mention"][0]["id"],
            agent["id"]
        );
        let method = if module == "tickets" { "PATCH" } else { "PUT" };
        t.write(method, &one, json!({"content": "Changed"}));
        if module == "calls" {
            t.write("PATCH", &one, json!({"content": "Changed"}));
        }
        let read = t.read(&one);
        assert_eq!(read["content"], "Changed");
        assert!(read["modifiedTime"].is_string());
        if module == "tickets" {
            assert_eq!(
                t.read(&format!("/tickets/{owner}"))["commentCount"],
                (before + 1).to_string().as_str()
            );
            assert_eq!(t.rows(&format!("{one}/history"))[0]["content"], text.as_str());
            assert_eq!(
                t.rows(&format!("/tickets/{owner}/History"))[0]["eventName"],
                "CommentEdited"
            );
        }
        if matches!(module, "tickets" | "contacts" | "accounts" | "calls") {
            t.write("DELETE", &one, Value::Null);
            assert_eq!((t.get(&one).0, t.rows(&path).len()), (404, before));
        }
    }
}

pub(crate) fn replies(t: &mut Tester) {
    let path = format!("/tickets/{}", ticket(t, "answered"));
    let from = t.rows("/mailReplyAddress?departmentId=allDepartment")[0]["address"].clone();
    let upload = id(&t.upload("/uploads", "plan.txt", "the plan"));
    let mut reply = json!({"channel": "EMAIL", "fromEmailAddress": from, "to": "a@b.example", "content": "<p>Hello</p>", "contentType": "html",
        "attachmentIds": [upload], "ticketStatus": "On Hold"});
    let sent = t.write("POST", &format!("{path}/sendReply"), reply.clone());
    assert_eq!(sent["status"], "PENDING");
    let read = t.read(&format!("{path}/threads/{}?include=plainText", id(&sent)));
    assert_eq!(
        (&read["status"], &read["plainText"]),
        (&json!("SUCCESS"), &json!("Hello"))
    );
    let href = read["attachments"][0]["href"]
        .as_str()
        .unwrap()
        .strip_prefix("https://desk.zoho.com/api/v1")
        .unwrap();
    assert_eq!(t.raw(&t.request("GET", href)).body.as_ref(), b"the plan");
    let row = t.read(&path);
    assert_eq!(
        (&row["threadCount"], &row["status"]),
        (&json!("1"), &json!("On Hold"))
    );
    assert_eq!(t.rows("/tickets?sortBy=-recentThread")[0]["id"], row["id"]);
    reply["fromEmailAddress"] = json!("stranger@elsewhere.example");
    let (_, error) = t.refused("POST", &format!("{path}/sendReply"), reply.clone());
    assert_eq!(error["errors"][0]["fieldName"], "/fromEmailAddress");

    reply["fromEmailAddress"] = from;
    reply["ticketStatus"] = json!("Closed");
    let draft = id(&t.write("POST", &format!("{path}/draftReply"), reply));
    assert_eq!(t.read(&format!("{path}/threads/{draft}"))["status"], "DRAFT");
    t.write(
        "PATCH",
        &format!("{path}/draftReply/{draft}"),
        json!({"content": "Better"}),
    );
    assert_eq!(t.read(&format!("{path}/threads/{draft}"))["content"], "Better");
    t.write(
        "POST",
        &format!("{path}/sendDraft?draftThreadId={draft}&ticketStatus=Closed"),
        Value::Null,
    );
    assert_eq!(t.read(&format!("{path}/latestThread"))["id"], draft.as_str());
    assert_eq!(
        (&t.read(&path)["status"], &t.read(&path)["threadCount"]),
        (&json!("Closed"), &json!("2"))
    );
    let other = json!({"channel": "FORUMS", "content": "never sent"});
    let draft = id(&t.write("POST", &format!("{path}/draftReply"), other));
    t.write("DELETE", &format!("{path}/draftReply/{draft}"), Value::Null);
    assert_eq!(
        (
            t.get(&format!("{path}/threads/{draft}")).0,
            t.rows(&format!("{path}/conversations?limit=10")).len()
        ),
        (404, 2)
    );
}

pub(crate) fn files(t: &mut Tester) {
    let upload = t.upload("/uploads", "note.txt", "uploaded");
    let href = upload["href"]
        .as_str()
        .unwrap()
        .strip_prefix("https://desk.zoho.com/api/v1")
        .unwrap();
    assert_eq!(t.raw(&t.request("GET", href)).body.as_ref(), b"uploaded");
    let adopting = ticket(t, "adopting");
    t.write(
        "PATCH",
        &format!("/tickets/{adopting}"),
        json!({"uploads": [id(&upload)]}),
    );
    assert!(listed(
        t,
        &format!("/tickets/{adopting}/attachments"),
        &id(&upload)
    ));
    for module in ["tickets", "contacts", "accounts", "tasks", "products"] {
        let owner = if module == "tickets" {
            adopting.clone()
        } else {
            first(t, &format!("/{module}"))
        };
        let list = format!("/{module}/{owner}/attachments");
        let public = if module == "tickets" { "?isPublic=true" } else { "" };
        let before = t.rows(&list).len();
        let new = t.upload(&format!("{list}{public}"), "größe.txt", "thirteen bytes");
        assert_eq!(
            (&new["size"], &new["name"], &new["isPublic"]),
            (&json!("14"), &json!("größe.txt"), &json!(module == "tickets"))
        );
        let one = format!("{list}/{}", id(&new));
        let reply = t.raw(&t.request("GET", &format!("{one}/content")));
        assert_eq!(
            (reply.status, reply.body.as_ref()),
            (200, b"thirteen bytes".as_slice())
        );
        if module == "tickets" {
            assert_eq!(
                t.read(&format!("/tickets/{owner}"))["attachmentCount"],
                (before + 1).to_string().as_str()
            );
            t.write("PATCH", &one, json!({"isPublic": false}));
            assert!(listed(t, &format!("{list}?isPublic=false"), &id(&new)));
        }
        t.write("DELETE", &one, Value::Null);
        assert_eq!(t.rows(&list).len(), before);
    }
}

pub(crate) fn followers(t: &mut Tester) {
    let me = id(&t.read("/myinfo"));
    let other = id(&t.rows("/agents")[1]);
    for module in ["tickets", "contacts", "accounts"] {
        let owner = first(t, &format!("/{module}"));
        let path = format!("/{module}/{owner}");
        t.write(
            "POST",
            &format!("{path}/addFollowers"),
            json!({"followerIds": [me, other]}),
        );
        assert_eq!(t.rows(&format!("{path}/followers")).len(), 2);
        if module == "tickets" {
            let read = t.read(&path);
            assert_eq!(
                (&read["followerCount"], &read["isFollowing"]),
                (&json!("2"), &json!(true))
            );
            assert!(listed(t, &format!("/associatedTickets?follower={me}"), &owner));
        }
        t.write(
            "POST",
            &format!("{path}/removeFollowers"),
            json!({"followerIds": [me]}),
        );
        assert_eq!(t.rows(&format!("{path}/followers"))[0]["id"], other.as_str());
        t.refused(
            "POST",
            &format!("{path}/addFollowers"),
            json!({"followerIds": ["77"]}),
        );
    }
}

pub(crate) fn time(t: &mut Tester) {
    let new = ticket(t, "timed");
    let task = first(t, "/tasks");
    for (path, method) in [
        (format!("/tickets/{new}"), "PUT"),
        (format!("/tasks/{task}"), "PATCH"),
    ] {
        let body = json!({"executedTime": "2026-11-21T08:00:00Z", "hoursSpent": 1, "minutesSpent": "30", "description": "Analysis", "isBillable": true});
        let entry = t.write("POST", &format!("{path}/timeEntry"), body);
        assert_eq!(
            (&entry["hoursSpent"], &entry["executedTime"]),
            (&json!("1"), &json!("2026-11-21T08:00:00.000Z"))
        );
        let one = format!("{path}/timeEntry/{}", id(&entry));
        t.write(method, &one, json!({"minutesSpent": 45}));
        assert_eq!(t.read(&one)["minutesSpent"], "45");
        assert_eq!(
            t.read(&format!("{path}/timeEntrySummation"))["totalTimeSpent"],
            "01:45:00"
        );
        assert_eq!(t.rows(&format!("{path}/timeEntry?billStatus=billable")).len(), 1);
        assert_eq!(t.get(&format!("{path}/timeEntry?billStatus=nonBillable")).0, 204);
        if method == "PUT" {
            assert_eq!(t.read(&path)["timeEntryCount"], "1");
            t.write("DELETE", &one, Value::Null);
            assert_eq!(
                (&t.read(&path)["timeEntryCount"], t.get(&one).0),
                (&json!("0"), 404)
            );
        }
    }
}

pub(crate) fn approvals_and_pins(t: &mut Tester) {
    let path = format!("/tickets/{}", ticket(t, "to approve"));
    let agents = t.rows("/agents");
    let body = json!({"approverIds": [agents[1]["id"], agents[2]["id"]], "subject": "Refund 20 EUR"});
    let created = t.write("POST", &format!("{path}/approvals"), body);
    assert_eq!(created["approvals"].as_array().unwrap().len(), 2);
    assert_eq!(t.read(&path)["approvalCount"], "2");
    let one = format!("{path}/approvals/{}", id(&created["approvals"][0]));
    t.write("PATCH", &one, json!({"status": "Approved"}));
    assert_eq!(t.read(&one)["status"], "Approved");
    assert_eq!(t.rows(&format!("{path}/approvals?status=Pending")).len(), 1);
    t.refused("PATCH", &one, json!({"status": "Rejected"}));

    let comment = t.write(
        "POST",
        &format!("{path}/comments"),
        json!({"content": "Important"}),
    );
    let pin = t.write(
        "POST",
        &format!("{path}/pins"),
        json!({"entityId": id(&comment), "type": "COMMENTS"}),
    );
    assert_eq!(
        t.rows(&format!("{path}/pins?types=comments"))[0]["entityPinned"]["content"],
        "Important"
    );
    assert_eq!(t.get(&format!("{path}/pins?types=threads")).0, 204);
    t.write("POST", &format!("{path}/pins/unpin"), json!({"ids": [id(&pin)]}));
    assert_eq!(t.get(&format!("{path}/pins")).0, 204);
}
