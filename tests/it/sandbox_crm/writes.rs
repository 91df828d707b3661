//! Insert, update, delete and clone.

use serde_json::{Value, json};

use super::World;

pub(crate) fn insert(world: &mut World) {
    let before = world.count("Contacts");
    let account = world.first("Accounts");
    let body = json!({ "data": [
        { "Last_Name": "Zyxmann", "First_Name": "Åsa", "Email": "asa@zyx.example", "Account_Name": { "id": account }, "Date_of_Birth": "1980-02-29" },
        { "Last_Name": "Zyxwoman", "NPS_Score": 9, "Email_Opt_Out": true },
    ] });
    let (status, answer) = world.put("POST Contacts", body);
    assert_eq!(status, 201);
    let first = &answer["data"][0];
    assert_eq!(
        (&first["code"], &first["message"], &first["status"]),
        (&json!("SUCCESS"), &json!("record added"), &json!("success"))
    );
    let details = first["details"].as_object().unwrap();
    let mut names: Vec<&str> = details.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "$approval_state",
            "Created_By",
            "Created_Time",
            "Modified_By",
            "Modified_Time",
            "id"
        ]
    );
    assert_eq!(details["Created_Time"], "2026-03-04T15:50:30+05:30");
    let id = details["id"].as_str().unwrap().to_owned();
    let row = world.record("Contacts", &id);
    assert_eq!(
        (
            &row["Full_Name"],
            &row["Account_Name"]["id"],
            &row["Date_of_Birth"]
        ),
        (&json!("Åsa Zyxmann"), &json!(account), &json!("1980-02-29"))
    );
    assert!(row["Account_Name"]["name"].is_string());
    assert_eq!(row["Owner"]["id"], row["Created_By"]["id"]);
    world.agrees("Contacts", "Last_Name", "Zyxmann", &[&id]);
    assert_eq!(world.found("Contacts", "email=asa%40zyx.example"), [id.as_str()]);
    assert_eq!(world.count("Contacts"), before + 2);
    assert_eq!(world.first("Contacts"), answer["data"][1]["details"]["id"]);
    let related = world.good(&format!(
        "GET Accounts/{account}/Contacts?fields=Last_Name&ids={id}"
    ));
    assert_eq!(related["data"][0]["Last_Name"], "Zyxmann");
}

pub(crate) fn update_one(world: &mut World) {
    let id = world.insert(
        "Accounts",
        json!({ "Account_Name": "Zyx before", "Employees": 10 }),
    );
    let contact = world.insert("Contacts", json!({ "Last_Name": "Held", "Account_Name": id }));
    world.now = "2026-03-05T00:00:00Z".parse().unwrap();
    let (status, body) = world.put(
        &format!("PUT Accounts/{id}"),
        json!({ "data": [{ "Account_Name": "Zyx after", "Employees": null }] }),
    );
    assert_eq!(
        (status, &body["data"][0]["message"]),
        (200, &json!("record updated"))
    );
    let row = world.record("Accounts", &id);
    assert_eq!(
        (&row["Account_Name"], &row["Employees"], &row["Modified_Time"]),
        (
            &json!("Zyx after"),
            &Value::Null,
            &json!("2026-03-05T05:30:00+05:30")
        )
    );
    assert_eq!(row["Created_Time"], "2026-03-04T15:50:30+05:30");
    world.agrees("Accounts", "Account_Name", "Zyx after", &[&id]);
    world.agrees("Accounts", "Account_Name", "Zyx before", &[]);
    assert_eq!(
        world.record("Contacts", &contact)["Account_Name"]["name"],
        "Zyx after"
    );
    let timeline = world.good(&format!("GET Accounts/{id}/__timeline"));
    let changes = timeline["__timeline"][0]["field_history"]
        .as_array()
        .unwrap()
        .clone();
    assert!(
        changes
            .iter()
            .any(|change| change["_value"] == json!({ "old": "Zyx before", "new": "Zyx after" }))
    );
    let path = format!("PUT Accounts/{id}");
    let late = json!({ "data": [{ "Employees": 5 }] });
    let (status, body) = world.with(
        "if-unmodified-since",
        "2026-03-04T20:00:00+00:00",
        &path,
        late.clone(),
    );
    assert_eq!(
        (status, &body["data"][0]["code"]),
        (412, &json!("ALREADY_MODIFIED"))
    );
    assert_eq!(world.record("Accounts", &id)["Employees"], Value::Null);
    assert_eq!(
        world
            .with(
                "if-unmodified-since",
                "Thu, 05 Mar 2026 00:00:00 GMT",
                &path,
                late
            )
            .0,
        200
    );
}

pub(crate) fn update_many(world: &mut World) {
    let one = world.insert(
        "Deals",
        json!({ "Deal_Name": "Zyx first", "Stage": "Qualification", "Amount": 1000 }),
    );
    let two = world.insert(
        "Deals",
        json!({ "Deal_Name": "Zyx second", "Stage": "Qualification" }),
    );
    assert_eq!(world.record("Deals", &one)["Expected_Revenue"], 100);
    let body = json!({ "data": [{ "id": one, "Stage": "Closed Won" }, { "id": "5725767000999999999", "Stage": "Closed Won" }, { "Stage": "Closed Won" }] });
    let (status, answer) = world.put("PUT Deals", body);
    assert_eq!(status, 207);
    assert_eq!(answer["data"][0]["code"], "SUCCESS");
    assert_eq!(
        (&answer["data"][1]["code"], &answer["data"][1]["message"]),
        (&json!("INVALID_DATA"), &json!("the id given seems to be invalid"))
    );
    assert_eq!(
        answer["data"][1]["details"],
        json!({ "id": "5725767000999999999" })
    );
    assert_eq!(
        (
            &answer["data"][2]["code"],
            &answer["data"][2]["details"]["api_name"]
        ),
        (&json!("MANDATORY_NOT_FOUND"), &json!("id"))
    );
    let row = world.record("Deals", &one);
    assert_eq!(
        (&row["Stage"], &row["Probability"], &row["Expected_Revenue"]),
        (&json!("Closed Won"), &json!(100), &json!(1000))
    );
    let stage = "criteria=((Deal_Name:starts_with:Zyx)and(Stage:equals:Closed%20Won))";
    assert_eq!(world.found("Deals", stage), [one]);
    assert_eq!(
        world.good(&format!("GET Deals/actions/count?{stage}"))["count"],
        1
    );
    assert_eq!(world.record("Deals", &two)["Stage"], "Qualification");
}

pub(crate) fn delete_one(world: &mut World) {
    let before = world.count("Accounts");
    let id = world.insert("Accounts", json!({ "Account_Name": "Zyx gone" }));
    let contact = world.insert(
        "Contacts",
        json!({ "Last_Name": "Held", "Account_Name": { "id": id } }),
    );
    world.put(
        &format!("POST Accounts/{id}/Notes"),
        json!({ "data": [{ "Note_Content": "goes too" }] }),
    );
    let (status, body) = world.call(&format!("DELETE Accounts/{id}?wf_trigger=false"));
    assert_eq!(
        (status, &body["data"][0]["message"], &body["data"][0]["details"]),
        (200, &json!("record deleted"), &json!({ "id": id }))
    );
    assert_eq!(world.record("Accounts", &id), Value::Null);
    assert_eq!(world.call(&format!("GET Accounts?fields=id&ids={id}")).0, 204);
    world.agrees("Accounts", "Account_Name", "Zyx gone", &[]);
    assert_eq!(world.count("Accounts"), before);
    assert_eq!(world.record("Contacts", &contact)["Account_Name"], Value::Null);
    let bin = world.good("GET Accounts/deleted?type=recycle");
    assert_eq!(
        (
            &bin["data"][0]["id"],
            &bin["data"][0]["display_name"],
            &bin["info"]["count"]
        ),
        (&json!(id), &json!("Zyx gone"), &json!(1))
    );
    assert_eq!(world.call("GET Accounts/deleted?type=permanent").0, 204);
    let (status, body) = world.call(&format!("DELETE Accounts/{id}"));
    assert_eq!(
        (status, &body["data"][0]["code"], &body["data"][0]["message"]),
        (400, &json!("INVALID_DATA"), &json!("record not deleted"))
    );
    // What lies in the bin comes back with what hung on it; what does not is told record by record.
    let ids = json!({ "ids": [id, "5725767000999999999"] });
    let (status, body) = world.put("POST settings/recycle_bin/actions/restore", ids);
    let codes: Vec<&Value> = body["recycle_bin"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["code"])
        .collect();
    assert_eq!(
        (status, codes),
        (207, vec![&json!("SUCCESS"), &json!("INVALID_DATA")]),
        "{body}"
    );
    assert_eq!(world.record("Accounts", &id)["Account_Name"], "Zyx gone");
    let notes = world.good(&format!("GET Accounts/{id}/Notes?fields=Note_Content"));
    assert_eq!(notes["data"][0]["Note_Content"], "goes too", "{notes}");
    assert_eq!(world.call("GET Accounts/deleted?type=recycle").0, 204);
    assert_eq!(world.count("Accounts"), before + 1);
    let (status, body) = world.call(&format!("POST settings/recycle_bin/{id}/actions/restore"));
    assert_eq!((status, &body["code"]), (400, &json!("INVALID_DATA")));
}

pub(crate) fn delete_many(world: &mut World) {
    let before = world.count("Tasks");
    let one = world.insert("Tasks", json!({ "Subject": "Zyx one" }));
    let two = world.insert("Tasks", json!({ "Subject": "Zyx two" }));
    let (status, body) = world.call(&format!("DELETE Tasks?ids={one},5725767000999999999,{two}"));
    assert_eq!(status, 207);
    let codes: Vec<&Value> = body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["code"])
        .collect();
    assert_eq!(codes, ["SUCCESS", "INVALID_DATA", "SUCCESS"]);
    assert!(
        world
            .found("Tasks", "criteria=(Subject:starts_with:Zyx)")
            .is_empty()
    );
    assert_eq!(world.count("Tasks"), before);
    assert_eq!(world.good("GET Tasks/deleted")["info"]["count"], 2);
    let (status, body) = world.call("DELETE Tasks");
    assert_eq!(
        (status, &body["code"], &body["details"]["param_name"]),
        (400, &json!("REQUIRED_PARAM_MISSING"), &json!("ids"))
    );
}

pub(crate) fn clone(world: &mut World) {
    let before = world.count("Contacts");
    let id = world.insert(
        "Contacts",
        json!({ "Last_Name": "Zyxtwin", "Customer_Number": "Z-1", "Email": "twin@zyx.example" }),
    );
    let (status, body) = world.put(
        &format!("POST Contacts/{id}/actions/clone"),
        json!({ "data": [{ "First_Name": "Copy" }] }),
    );
    assert_eq!(status, 201);
    let copy = body["data"][0]["details"]["id"].as_str().unwrap().to_owned();
    let row = world.record("Contacts", &copy);
    assert_eq!(
        (&row["Email"], &row["First_Name"], &row["Customer_Number"]),
        (&json!("twin@zyx.example"), &json!("Copy"), &Value::Null)
    );
    world.agrees("Contacts", "Last_Name", "Zyxtwin", &[&id, &copy]);
    assert_eq!(world.count("Contacts"), before + 2);
    assert_eq!(world.call(&format!("POST Contacts/{id}/actions/clone")).0, 201);
}
