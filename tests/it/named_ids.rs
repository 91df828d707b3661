//! Beside the id of a person, a department, a team or a company stands its name, in lists without a call more; ids of one
//! record that nothing else names are looked up, one call for each kind.

use serde_json::{Value, json};

use crate::bed::Bed;
use crate::desk_client::Desk;

/// The member with an id, and the one with its name.
type Pair = (&'static str, &'static str);

/// Calls of Desk, and the members that show names where the ids beside them are.
const CALLS: [(&str, &str, &[Pair]); 6] = [
    ("Cases", "", &[("assigneeId", "assignee")]),
    (
        "Cases",
        "subject,departmentId,contactId,accountId,assigneeId,teamId,productId",
        &[
            ("departmentId", "department"),
            ("contactId", "contact"),
            ("accountId", "account"),
            ("assigneeId", "assignee"),
            ("teamId", "team"),
            ("productId", "product"),
        ],
    ),
    ("Contacts", "", &[("accountId", "account")]),
    ("Tasks", "", &[("ownerId", "owner"), ("ticketId", "ticket")]),
    ("Calls", "", &[("ownerId", "owner"), ("ticketId", "ticket")]),
    ("Events", "", &[("ticketId", "ticket")]),
];

fn arguments(module: &str, fields: &str) -> Value {
    let mut arguments = json!({ "module": module, "app_type": "desk", "limit": 20 });
    if !fields.is_empty() {
        arguments["fields"] = fields.split(',').collect();
    }
    arguments
}

/// Calls that are for no settings.
async fn asked_of(bed: &Bed) -> usize {
    let seen = bed.seen().await;
    // Who the person is and what is shown to them is remembered.
    for part in ["/myinfo ", "/departments?"] {
        let times = seen.iter().filter(|line| line.contains(part)).count();
        assert!(times <= 1, "{seen:#?}");
    }
    let settings = [
        "/fields?",
        "/organizations",
        "/oauth/",
        "/myinfo ",
        "/departments?",
    ];
    let others = seen
        .iter()
        .filter(|line| !settings.iter().any(|part| line.contains(part)));
    others.count()
}

/// Desk OAS: getTicket has ids alone; getAgentsByIds, getContactsByIds, getSlasUnderAccount.
#[tokio::test]
async fn ids_of_one_record_that_nothing_names_are_looked_up() {
    let (bed, mut wire) = Bed::warm(&[]).await;
    let all = json!({ "module": "Cases", "limit": 60, "fields": ["id"] });
    let all = wire.call("get_records", all).await;
    let mut seen = [false; 4];
    let pairs = [("createdBy", "creator"), ("modifiedBy", "modifier")];
    for row in all["data"].as_array().unwrap() {
        bed.forget().await;
        let one = json!({ "module": "Cases", "id": row["id"] });
        let answer = wire.call("get_record", one).await;
        let data = &answer["data"];
        for (has, found) in seen.iter_mut().zip(named(data, &pairs)) {
            *has |= found;
        }
        // One of an account without a contract is none that its account has.
        seen[2] |= data["slaId"].is_string() && data["sla"] == "Urgent in four hours, else in a day";
        let others = data["secondaryContacts"].as_array().map_or(0, Vec::len);
        let names = data["secondaryContactNames"].as_array().map_or(0, Vec::len);
        assert_eq!(others, names, "{answer:#}");
        seen[3] |= others > 0;
        assert!(asked_of(&bed).await <= 4, "{:?}", bed.seen().await);
    }
    assert_eq!(seen, [true; 4]);
}

/// Whether a row has each of the ids; beside those that it has stands the name.
fn named(row: &Value, pairs: &[Pair]) -> Vec<bool> {
    let is_named = |(id, name): &Pair| {
        let has = row[*id].is_string();
        let name = row[*name].as_str().unwrap_or_default();
        assert!(!has || !name.is_empty(), "{id}: {row:#}");
        has
    };
    pairs.iter().map(is_named).collect()
}

/// Desk OAS: `include` of lists and of single records.
#[tokio::test]
async fn a_name_stands_beside_each_id() {
    let (bed, mut wire) = Bed::warm(&[]).await;
    for (module, fields, pairs) in CALLS {
        bed.forget().await;
        let answer = wire.call("get_records", arguments(module, fields)).await;
        let rows = answer["data"].as_array().unwrap();
        let of_each: Vec<Vec<bool>> = rows.iter().map(|row| named(row, pairs)).collect();
        for (number, (id, _)) in pairs.iter().enumerate() {
            assert!(of_each.iter().any(|has| has[number]), "{module} {id}: {answer:#}");
        }
        assert_eq!(asked_of(&bed).await, 1, "{module}");
        bed.forget().await;
        let most = |has: &&Vec<bool>| has.iter().filter(|has| **has).count();
        let (row, has) = rows
            .iter()
            .zip(&of_each)
            .max_by_key(|(_, has)| most(has))
            .unwrap();
        let mut one = arguments(module, fields);
        one.as_object_mut().unwrap().remove("limit");
        one["id"] = row["id"].clone();
        let answer = wire.call("get_record", one).await;
        assert_eq!(named(&answer["data"], pairs), *has, "{module}: {answer:#}");
        let asked = asked_of(&bed).await;
        assert!(asked == 1 || fields.is_empty() && asked <= 3, "{module}: {asked}");
    }
}

/// Searches include nothing: what is remembered of agents and departments tells their names.
#[tokio::test]
async fn rows_of_a_search_have_the_names_that_are_remembered() {
    let (bed, mut wire) = Bed::warm(&[]).await;
    let listed = wire.call("get_records", arguments("Cases", "assigneeId")).await;
    let known = listed["data"].as_array().unwrap().iter();
    let name = known.filter_map(|row| row["assignee"].as_str()).next().unwrap();
    let mut whose = json!({ "module": "Cases", "filters": { "assignee": name } });
    wire.call("count_records", whose.clone()).await;
    bed.forget().await;
    whose["limit"] = json!(1);
    let answer = wire.call("search_records", whose).await;
    assert_eq!(answer["data"][0]["assignee"], name, "{answer:#}");
    assert_eq!(asked_of(&bed).await, 1, "{answer:#}");
}

/// Who asks for the record itself gets it whole.
#[tokio::test]
async fn what_is_included_stays() {
    let (_bed, mut wire) = Bed::warm(&[]).await;
    let mut asked = arguments("Cases", "subject,assigneeId,contactId");
    asked["include"] = json!(["contacts"]);
    let answer = wire.call("get_records", asked).await;
    let mut rows = answer["data"].as_array().unwrap().iter();
    let row = rows.find(|row| row["assigneeId"].is_string()).unwrap();
    assert!(row["contact"]["id"].is_string(), "{answer:#}");
    assert!(row["assignee"].is_string(), "{answer:#}");
}

/// Desk OAS, getContactsByIds: 20 ids at once.
#[tokio::test]
async fn more_people_than_one_lookup_takes_are_named_too() {
    let (bed, mut wire) = Bed::warm(&[]).await;
    let desk = Desk::of(&bed).await;
    let contacts = wire
        .call(
            "get_records",
            json!({ "module": "Contacts", "app_type": "desk", "limit": 90, "fields": ["id"] }),
        )
        .await;
    let ids: Vec<Value> = contacts["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].clone())
        .collect();
    let case = desk.create("A round", "Everybody asks").await;
    let path = format!("/api/v1/tickets/{case}");
    let whole = desk.get(&format!("/tickets/{case}")).await;
    for (count, named) in [(21, true), (61, false)] {
        let mut told = whole.clone();
        told["secondaryContacts"] = ids.iter().take(count).cloned().collect();
        bed.admin(json!({ "faults": [{ "kind": "answer", "path": path, "body": told }] }))
            .await;
        let answer = wire
            .call("get_record", json!({ "module": "Cases", "id": case }))
            .await;
        let names = answer["data"]["secondaryContactNames"]
            .as_array()
            .map_or(0, Vec::len);
        assert_eq!(names, if named { count } else { 0 }, "{answer:#}");
        let notes = answer["notes"].to_string();
        assert_eq!(notes.contains("too many"), !named, "{answer:#}");
        assert!(!notes.contains("Zoho names nothing"), "{answer:#}");
    }
}

/// One lookup that is refused is no reason for another that names nobody.
#[tokio::test]
async fn each_lookup_has_its_own_reason() {
    let (bed, mut wire) = Bed::warm(&[]).await;
    let desk = Desk::of(&bed).await;
    let case = desk.create("A round", "Everybody asks").await;
    let mut told = desk.get(&format!("/tickets/{case}")).await;
    told["secondaryContacts"] = json!(["4000999"]);
    told["createdBy"] = json!("4000998");
    let answers = |path: String, body: &Value| json!({ "kind": "answer", "path": path, "body": body });
    let faults = json!({ "faults": [
        answers(format!("/api/v1/tickets/{case}"), &told),
        { "kind": "403", "path": "/api/v1/agentsByIds" },
        answers("/api/v1/contacts/contactsByIds".to_owned(), &json!({ "data": [] })),
    ] });
    bed.admin(faults).await;
    let answer = wire
        .call("get_record", json!({ "module": "Cases", "id": case }))
        .await;
    let notes = answer["notes"].to_string();
    assert!(
        notes.contains("secondaryContacts: Zoho names nothing"),
        "{answer:#}"
    );
    assert!(
        notes.contains("No names beside createdBy") && !notes.contains("secondaryContacts, "),
        "{answer:#}"
    );
}

/// Desk OAS, Tasks and Article: rows with the ids of people alone.
#[tokio::test]
async fn people_of_rows_are_looked_up_once_a_page() {
    let (bed, mut wire) = Bed::warm(&[]).await;
    for (module, id, name) in [
        ("Tasks", "creatorId", "creator"),
        ("Articles", "authorId", "author"),
    ] {
        bed.forget().await;
        let answer = wire
            .call("get_records", arguments(module, &format!("id,{id}")))
            .await;
        let rows = answer["data"].as_array().unwrap();
        let has: Vec<bool> = rows.iter().flat_map(|row| named(row, &[(id, name)])).collect();
        assert!(has.contains(&true), "{module} {id}: {answer:#}");
        assert!(asked_of(&bed).await <= 2, "{module}: {:?}", bed.seen().await);
    }
}
