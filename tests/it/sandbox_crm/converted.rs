//! Leads that are converted from the first day on: what they became, and who sees them.
//!
//! Zoho CRM, Get Records: `converted` is `true`, `false` or `both`, and false where it is not sent. Of queries somebody
//! counted 4,036 leads without a condition on `Converted__s` and 1,010 with `Converted__s = true`, of 5,046 in all.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::World;

const FIELDS: &str = "Full_Name,Email,Company,Owner,Created_Time,Modified_Time,Converted__s,Converted_Date_Time,\
    Converted_Account,Converted_Contact,Converted_Deal";

fn leads(world: &mut World, converted: &str) -> Vec<Value> {
    let body = world.good(&format!(
        "GET Leads?fields={FIELDS}&per_page=200&converted={converted}"
    ));
    body["data"].as_array().unwrap().clone()
}

fn id(row: &Value) -> &str {
    row["id"].as_str().unwrap()
}

fn queried(world: &mut World, conditions: &str) -> BTreeSet<String> {
    let query = format!("select id from Leads where {conditions} limit 2000");
    let (status, body) = world.put("POST coql", json!({ "select_query": query }));
    assert_eq!(status, 200, "{conditions}: {body}");
    crate::bed::ids(&body).into_iter().collect()
}

#[test]
fn converted_leads_became_what_is_there() {
    let mut world = World::new();
    let converted = leads(&mut world, "true");
    assert!(converted.len() >= 8, "{}", converted.len());
    let mut deals = 0;
    for lead in &converted {
        assert_eq!(lead["Converted__s"], true);
        let then = lead["Converted_Date_Time"].as_str().unwrap();
        assert!(lead["Created_Time"].as_str() < Some(then), "{lead}");
        let contact = world.record("Contacts", id(&lead["Converted_Contact"]));
        let account = world.record("Accounts", id(&lead["Converted_Account"]));
        assert_eq!(contact["Full_Name"], lead["Full_Name"], "{lead}");
        assert_eq!(account["Account_Name"], lead["Company"], "{lead}");
        assert_eq!(contact["Account_Name"]["id"], account["id"], "{lead}");
        assert_eq!(lead["Converted_Contact"]["name"], contact["Full_Name"]);
        assert!(account["Created_Time"].as_str() <= Some(then), "{account} {lead}");
        assert!(contact["Created_Time"].as_str() <= Some(then), "{contact} {lead}");
        if lead["Converted_Deal"].is_object() {
            deals += 1;
            let deal = world.record("Deals", id(&lead["Converted_Deal"]));
            assert_eq!(deal["Created_Time"], lead["Converted_Date_Time"], "{deal}");
            assert_eq!(deal["Contact_Name"]["id"], contact["id"], "{deal}");
            assert_eq!(deal["Account_Name"]["id"], account["id"], "{deal}");
        } else {
            assert_eq!(contact["Created_Time"], lead["Converted_Date_Time"]);
        }
        let whole = world.record("Leads", id(lead));
        assert_eq!(whole["$converted"], true);
        assert_eq!(whole["$converted_detail"]["contact"], contact["id"]);
        let change = json!({ "data": [{ "Last_Name": "Nobody" }] });
        let (_, refused) = world.put(&format!("PUT Leads/{}", id(lead)), change);
        assert_eq!(refused["data"][0]["status"], "error", "{refused}");
    }
    assert!(
        deals > 2 && deals < converted.len(),
        "{deals} of {}",
        converted.len()
    );
}

#[test]
fn converted_leads_are_seen_where_they_are_asked_for() {
    let mut world = World::new();
    let of = |rows: Vec<Value>| -> BTreeSet<String> { rows.iter().map(|row| id(row).to_owned()).collect() };
    let [open, converted, both] = ["false", "true", "both"].map(|kind| of(leads(&mut world, kind)));
    assert_eq!(open.len() as u64, world.count("Leads"));
    assert_eq!(
        open.union(&converted).cloned().collect::<BTreeSet<String>>(),
        both
    );
    assert!(open.is_disjoint(&converted));
    assert_eq!(queried(&mut world, "Last_Name is not null"), open);
    assert_eq!(queried(&mut world, "Converted__s = true"), converted);
    assert_eq!(
        queried(&mut world, "(Last_Name is not null and Converted__s = false)"),
        open
    );
    let everybody = leads(&mut world, "both");
    let mut by_id: Vec<(u64, &str)> = everybody
        .iter()
        .map(|row| (id(row).parse().unwrap(), row["Created_Time"].as_str().unwrap()))
        .collect();
    by_id.sort();
    assert!(by_id.is_sorted_by_key(|(_, time)| *time), "{by_id:?}");
}
