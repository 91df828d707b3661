//! Answers have the shape that Zoho's entities have: no key missing, none invented, every type as declared.

use serde_json::{Map, Value, json};

use super::tester::{Tester, id};

fn schemas() -> Map<String, Value> {
    let facts: Value = serde_json::from_str(include_str!("../facts/desk-entities.json")).unwrap();
    assert_eq!(facts["source"], "Zoho Desk OpenAPI v1.0");
    let mut entities = facts["entities"].as_object().unwrap().clone();
    // Not in the OpenAPI; `fluidattacks-zoho-sdk` 6.0.1 reads it in every row of `/teams`.
    entities["Team"]["properties"]["derivedAgents"] =
        json!({ "type": "array", "items": { "type": "string", "pattern": "^[0-9]+$" } });
    entities
}

/// Entity and an answer that must be one, each read from a fresh Desk.
fn samples() -> Vec<(&'static str, Value)> {
    let mut tester = Tester::new(60);
    let t = &mut tester;
    let mut samples = Vec::new();
    let all = t.rows("/tickets?limit=100&include=contacts,products,departments,team,assignee,isRead");
    for row in &all {
        samples.push(("TicketListItem", row.clone()));
        samples.push((
            "Ticket",
            t.read(&format!(
                "/tickets/{}?include=contacts,departments,isRead",
                id(row)
            )),
        ));
    }
    samples.extend(
        t.rows("/tickets/search?_all=the&limit=50")
            .into_iter()
            .map(|row| ("Ticket", row)),
    );
    let department = t.rows("/departments")[0]["id"].clone();
    let contact = t.rows("/contacts")[0]["id"].clone();
    let new = t.write(
        "POST",
        "/tickets",
        json!({"subject": "Shape", "departmentId": department, "contactId": contact}),
    );
    let path = format!("/tickets/{}", id(&new));
    samples.push(("Ticket", new));
    let talkative = |row: &&Value| row["threadCount"] != "0" && row["commentCount"] != "0";
    let old = format!("/tickets/{}", id(all.iter().find(talkative).unwrap()));
    conversation(t, &old, &path, &mut samples);
    for (entity, list) in [
        ("ContactListItem", "/contacts?limit=100&include=accounts"),
        ("AccountListItem", "/accounts?limit=100"),
        ("Agent", "/agents?limit=50&include=role,profile"),
        ("Department", "/departments"),
        ("Organization", "/organizations"),
        ("Organization", "/accessibleOrganizations"),
        ("Task", "/tasks?limit=100"),
        ("Task", "/tasks/search?_all=call"),
        ("Call", "/calls"),
        ("Event", "/events"),
        ("Product", "/products"),
        ("Contract", "/contracts"),
        ("Article", "/articles"),
        ("Article", "/articles/search?_all=gateway"),
        ("View", "/views?module=tickets"),
        ("Field", "/fields?module=tickets"),
        ("Layout", "/layouts?module=tickets"),
        ("Team", "/teams"),
        ("Role", "/roles"),
        ("MailReplyAddress", "/mailReplyAddress?departmentId=allDepartment"),
        ("Channel", "/channels"),
        ("Module", "/organizationModules"),
        ("BusinessHour", "/businessHours"),
        ("HolidayList", "/holidayList"),
        ("SkillType", "/skillTypes"),
    ] {
        let rows = t.rows(list);
        assert!(!rows.is_empty(), "{list}");
        samples.extend(rows.into_iter().map(|row| (entity, row)));
    }
    for (entity, list) in [
        ("Contact", "/contacts"),
        ("Account", "/accounts"),
        ("Agent", "/agents"),
        ("Department", "/departments"),
        ("Organization", "/organizations"),
        ("Task", "/tasks"),
        ("Call", "/calls"),
        ("Event", "/events"),
        ("Product", "/products"),
        ("Contract", "/contracts"),
        ("Article", "/articles"),
        ("Team", "/teams"),
        ("Role", "/roles"),
        ("HolidayList", "/holidayList"),
        ("SkillType", "/skillTypes"),
    ] {
        let first = id(&t.rows(list)[0]);
        samples.push((entity, t.read(&format!("{list}/{first}"))));
    }
    let templates = format!("/templates?departmentId={}", department.as_str().unwrap());
    samples.extend(t.rows(&templates).into_iter().map(|row| ("EmailTemplate", row)));
    let hook = json!({"url": "http://127.0.0.1:9/hook", "subscriptions": {"Ticket_Add": null}});
    samples.push(("Webhook", t.write("POST", "/webhooks", hook)));
    samples.push(("Agent", t.read("/myinfo")));
    let owner = all.iter().find(|row| row["accountId"].is_string()).unwrap();
    samples.extend(
        t.rows(&format!(
            "/contacts/{}/history",
            owner["contactId"].as_str().unwrap()
        ))
        .into_iter()
        .map(|row| ("AccountContactHistory", row)),
    );
    samples.push(("Error", t.get("/tickets/1").1));
    samples.push(("Error", t.refused("POST", "/tickets", json!({"subject": "x"})).1));
    samples
}

fn conversation(t: &mut Tester, old: &str, path: &str, samples: &mut Vec<(&'static str, Value)>) {
    let me = t.read("/myinfo")["id"].clone();
    samples.extend(
        t.rows(&format!("{old}/threads"))
            .into_iter()
            .map(|row| ("ThreadListItem", row)),
    );
    let thread = id(&t.rows(&format!("{old}/threads"))[0]);
    samples.push((
        "Thread",
        t.read(&format!("{old}/threads/{thread}?include=plainText")),
    ));
    samples.extend(
        t.rows(&format!("{old}/comments?include=plainText"))
            .into_iter()
            .map(|row| ("Comment", row)),
    );
    samples.push(("TicketMetrics", t.read(&format!("{old}/metrics"))));
    samples.extend(
        t.rows(&format!("{old}/History"))
            .into_iter()
            .map(|row| ("HistoryEvent", row)),
    );
    samples.push((
        "Resolution",
        t.write("PATCH", &format!("{path}/resolution"), json!({"content": "Done"})),
    ));
    samples.push((
        "Comment",
        t.write(
            "POST",
            &format!("{path}/comments"),
            json!({"content": "Hm", "isPublic": false}),
        ),
    ));
    let reply = json!({"channel": "EMAIL", "content": "Hello", "fromEmailAddress": "support@brightharbor.example", "to": "a@b.example"});
    samples.push(("Thread", t.write("POST", &format!("{path}/sendReply"), reply)));
    samples.push(("Upload", t.upload("/uploads", "a.txt", "a")));
    samples.push((
        "Attachment",
        t.upload(&format!("{path}/attachments"), "b.txt", "b"),
    ));
    samples.extend(
        t.rows(&format!("{path}/attachments?include=creator"))
            .into_iter()
            .map(|row| ("Attachment", row)),
    );
    t.write(
        "POST",
        &format!("{path}/addFollowers"),
        json!({"followerIds": [me]}),
    );
    samples.extend(
        t.rows(&format!("{path}/followers"))
            .into_iter()
            .map(|row| ("Follower", row)),
    );
    let approvals = t.write(
        "POST",
        &format!("{path}/approvals"),
        json!({"approverIds": [me], "subject": "Refund"}),
    );
    samples.push(("Approval", approvals["approvals"][0].clone()));
    let tags = t.write(
        "POST",
        &format!("{path}/associateTag"),
        json!({"tags": ["shape"]}),
    );
    samples.push(("Tag", tags["data"][0].clone()));
    let comment = t.rows(&format!("{path}/comments"))[0]["id"].clone();
    samples.push((
        "Pin",
        t.write(
            "POST",
            &format!("{path}/pins"),
            json!({"entityId": comment, "type": "COMMENTS"}),
        ),
    ));
    samples.extend(
        t.rows(&format!("{path}/History"))
            .into_iter()
            .map(|row| ("HistoryEvent", row)),
    );
    let unpinned = t.write("POST", &format!("{path}/pins/unpin"), json!({"ids": ["1"]}));
    samples.push(("MassActionList", unpinned));
}

#[test]
fn answers_have_the_declared_shape_and_the_schemas_notice_when_they_do_not() {
    let schemas = schemas();
    let validators: Map<String, Value> = schemas.clone();
    let mut seen = std::collections::BTreeSet::new();
    for (entity, sample) in samples() {
        let validator = jsonschema::validator_for(&validators[entity]).unwrap();
        let problems: Vec<String> = validator
            .iter_errors(&sample)
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        assert!(problems.is_empty(), "{entity}: {problems:?}\n{sample}");
        if seen.insert(entity) {
            notices(entity, &schemas[entity], &validator, &sample);
        }
    }
    let unseen: Vec<&String> = schemas
        .keys()
        .filter(|name| !seen.contains(name.as_str()))
        .collect();
    assert!(unseen.is_empty(), "no sample of {unseen:?}");
}

/// A renamed, a dropped and a retyped field: each must be rejected.
fn notices(entity: &str, schema: &Value, validator: &jsonschema::Validator, sample: &Value) {
    for name in schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        let mut dropped = sample.as_object().unwrap().clone();
        let value = dropped.remove(name).unwrap();
        assert!(
            !validator.is_valid(&Value::Object(dropped.clone())),
            "{entity} without {name}"
        );
        dropped.insert(format!("{name}X"), value);
        assert!(
            !validator.is_valid(&Value::Object(dropped)),
            "{entity} with {name} renamed"
        );
        let mut retyped = sample.clone();
        retyped[name] = json!(7.5);
        assert!(!validator.is_valid(&retyped), "{entity} with {name} retyped");
    }
}

/// A comma parts a value (OAS, Search): the part that is nothing but a star says nothing.
#[test]
fn a_star_behind_a_comma_finds_no_more() {
    let mut t = Tester::new(120);
    let count = |t: &mut Tester, sent: &str| {
        let (status, found) = t.get(&format!("/tickets/search?description={sent}"));
        if status == 204 {
            0
        } else {
            found["count"].as_u64().unwrap()
        }
    };
    let all = count(&mut t, "*");
    for word in ["the", "nowhere-at-all"] {
        let found = count(&mut t, &format!("*{word}*"));
        assert!(found < all, "{word}: {found} of {all}");
        assert!(count(&mut t, &format!("*{word},*")) <= found, "{word}");
    }
}
