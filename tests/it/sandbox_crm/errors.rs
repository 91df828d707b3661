//! What a write may not contain, and what single reads say about things that are not there.

use bytes::Bytes;
use serde_json::{Value, json};

use super::World;

fn refused(world: &mut World, module: &str, record: Value) -> Value {
    let before = world.count(module);
    let (status, body) = world.put(&format!("POST {module}"), json!({ "data": [record] }));
    assert_eq!(status, 400, "{body}");
    assert_eq!(world.count(module), before);
    body["data"][0].clone()
}

#[test]
fn values_of_the_wrong_kind() {
    let mut world = World::new();
    let cases = [
        ("Email", json!("nobody"), json!({ "expected_data_type": "email" })),
        ("Email", json!(5), json!({ "expected_data_type": "email" })),
        ("Seats", json!("5"), json!({ "expected_data_type": "integer" })),
        ("Seats", json!(1_234_567_890_u64), json!({ "maximum_length": 9 })),
        (
            "Monthly_Fee",
            json!("12.5"),
            json!({ "expected_data_type": "double" }),
        ),
        (
            "Auto_Renew",
            json!("true"),
            json!({ "expected_data_type": "boolean" }),
        ),
        (
            "Start_Date",
            json!("2026-02-30"),
            json!({ "expected_data_type": "date" }),
        ),
        (
            "Regions",
            json!("EMEA"),
            json!({ "expected_data_type": "jsonarray" }),
        ),
        ("Plan", json!(["Basic"]), json!({ "expected_data_type": "text" })),
        ("Name", json!("x".repeat(121)), json!({ "maximum_length": 120 })),
        ("Account", json!(7), json!({ "expected_data_type": "jsonobject" })),
        ("Tag", json!("x"), json!({ "expected_data_type": "jsonarray" })),
    ];
    for (field, value, mut details) in cases {
        let error = refused(
            &mut world,
            "Subscriptions",
            json!({ "Name": "Zyx", field: value }),
        );
        details["api_name"] = json!(field);
        details["json_path"] = json!(format!("$.data[0].{field}"));
        assert_eq!(
            (&error["code"], &error["message"], &error["status"]),
            (&json!("INVALID_DATA"), &json!("invalid data"), &json!("error")),
            "{field}"
        );
        assert_eq!(error["details"], details, "{field}");
    }
    let error = refused(
        &mut world,
        "Subscriptions",
        json!({ "Name": "Zyx", "Account": { "id": "1" } }),
    );
    assert_eq!(
        (&error["message"], &error["details"]["json_path"]),
        (
            &json!("the related id given seems to be invalid"),
            &json!("$.data[0].Account.id")
        )
    );
    let error = refused(
        &mut world,
        "Subscriptions",
        json!({ "Name": "Zyx", "Owner": "1" }),
    );
    assert_eq!(error["details"]["api_name"], "Owner");
}

#[test]
fn mandatory_unique_and_dependent_fields() {
    let mut world = World::new();
    let error = refused(&mut world, "Leads", json!({ "Company": "Zyx" }));
    assert_eq!(
        (&error["code"], &error["message"]),
        (&json!("MANDATORY_NOT_FOUND"), &json!("required field not found"))
    );
    assert_eq!(
        error["details"],
        json!({ "api_name": "Last_Name", "json_path": "$.data[0].Last_Name" })
    );
    assert_eq!(
        refused(&mut world, "Leads", json!({ "Last_Name": " " }))["code"],
        "MANDATORY_NOT_FOUND"
    );
    let error = refused(&mut world, "Cases", json!({ "Subject": "Zyx" }));
    assert_eq!(error["code"], "MULTIPLE_OR_MULTI_ERRORS");
    let names: Vec<&Value> = error["details"]["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["details"]["api_name"])
        .collect();
    assert_eq!(names, ["Case_Origin", "Status"]);
    let first = world.insert(
        "Contacts",
        json!({ "Last_Name": "Zyx", "Customer_Number": "Z-1" }),
    );
    let error = refused(
        &mut world,
        "Contacts",
        json!({ "Last_Name": "Zyx", "Customer_Number": "Z-1" }),
    );
    assert_eq!(
        (&error["code"], &error["message"], &error["details"]["id"]),
        (&json!("DUPLICATE_DATA"), &json!("duplicate data"), &json!(first))
    );
    let account = world.first("Accounts");
    let error = refused(
        &mut world,
        "Tasks",
        json!({ "Subject": "Zyx", "What_Id": account }),
    );
    assert_eq!(error["code"], "DEPENDENT_FIELD_MISSING");
    let task = world.insert(
        "Tasks",
        json!({ "Subject": "Zyx", "What_Id": account, "$se_module": "Accounts" }),
    );
    let row = world.record("Tasks", &task);
    assert_eq!(
        (&row["What_Id"]["id"], &row["$se_module"]),
        (&json!(account), &json!("Accounts"))
    );
    let product = world.first("Products");
    let quote = world.insert("Quotes", json!({ "Subject": "Zyx", "Quoted_Items": [{ "Product_Name": { "id": product }, "Quantity": 3, "List_Price": 12.5 }], "Discount": 7.5 }));
    let row = world.record("Quotes", &quote);
    assert_eq!(
        (
            &row["Sub_Total"],
            &row["Grand_Total"],
            &row["Quoted_Items"][0]["Total"]
        ),
        (&json!(37.5), &json!(30), &json!(37.5))
    );
    assert_eq!(
        refused(
            &mut world,
            "Quotes",
            json!({ "Subject": "Zyx", "Quoted_Items": [] })
        )["code"],
        "MANDATORY_NOT_FOUND"
    );
    assert!(
        world.good(&format!("GET Quotes?fields=Quoted_Items,Subject&ids={quote}"))["data"][0]
            .get("Quoted_Items")
            .is_none()
    );
}

#[test]
fn some_of_several() {
    let mut world = World::new();
    let before = world.count("Leads");
    let (status, body) = world.put(
        "POST Leads",
        json!({ "data": [{ "Last_Name": "Zyxa" }, {}, { "Last_Name": "Zyxb", "Email": "x" }] }),
    );
    let codes: Vec<&Value> = body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["code"])
        .collect();
    assert_eq!(
        (status, codes),
        (
            207,
            [
                json!("SUCCESS"),
                json!("MANDATORY_NOT_FOUND"),
                json!("INVALID_DATA")
            ]
            .iter()
            .collect()
        )
    );
    assert_eq!(body["data"][2]["details"]["json_path"], "$.data[2].Email");
    assert_eq!(world.count("Leads"), before + 1);
}

#[test]
fn bodies_that_are_none() {
    let mut world = World::new();
    let (status, body) = super::read(&world.send("POST Leads", Bytes::from_static(b"{\"data\": [")));
    assert_eq!(
        (status, &body["code"]),
        (400, &json!("UNABLE_TO_PARSE_DATA_TYPE"))
    );
    for (body, code, path) in [
        (json!({}), "MANDATORY_NOT_FOUND", "$.data"),
        (json!({ "data": [] }), "MANDATORY_NOT_FOUND", "$.data"),
        (json!({ "data": {} }), "INVALID_DATA", "$.data"),
        (json!({ "data": [1] }), "INVALID_DATA", "$.data[0]"),
        (
            json!({ "data": vec![json!({ "Last_Name": "x" }); 101] }),
            "LIMIT_EXCEEDED",
            "$.data",
        ),
    ] {
        let (status, answer) = world.put("POST Leads", body);
        assert_eq!(
            (status, &answer["code"], &answer["details"]["json_path"]),
            (400, &json!(code), &json!(path))
        );
    }
}

#[test]
fn things_that_are_not_there() {
    let mut world = World::new();
    assert_eq!(world.call("GET Leads/5725767000999999999"), (204, Value::Null));
    for (line, index) in [
        ("GET Leads/abc", 1),
        ("PUT Leads/5725767000999999999", 1),
        ("GET Leads/5725767000999999999/Notes?fields=id", 1),
    ] {
        let (status, body) = world.put(line, json!({ "data": [{}] }));
        assert_eq!(
            (status, &body["code"], &body["details"]["resource_path_index"]),
            (400, &json!("INVALID_DATA"), &json!(index)),
            "{line}"
        );
    }
    let (status, body) = world.call("GET Potentials?fields=id");
    assert_eq!(
        (status, &body["code"], &body["message"]),
        (
            400,
            &json!("INVALID_MODULE"),
            &json!("the module name given seems to be invalid")
        )
    );
    assert_eq!(world.call("GET Attachments?fields=id").1["code"], "NOT_SUPPORTED");
}

#[test]
fn unchanged_records_are_304() {
    let mut world = World::new();
    let id = world.insert("Leads", json!({ "Last_Name": "Zyx" }));
    let (now, later) = ("2026-03-04T10:20:00+00:00", "2026-03-04T15:51:00+05:30");
    assert_eq!(
        world
            .with("if-modified-since", now, &format!("GET Leads/{id}"), json!({}))
            .0,
        200
    );
    assert_eq!(
        world
            .with("if-modified-since", later, &format!("GET Leads/{id}"), json!({}))
            .0,
        304
    );
    let (_, body) = world.with("if-modified-since", now, "GET Leads?fields=id", json!({}));
    assert_eq!(crate::bed::ids(&body), [id]);
    assert_eq!(
        world
            .with("if-modified-since", later, "GET Leads?fields=id", json!({}))
            .0,
        304
    );
    assert_eq!(
        world
            .with(
                "if-modified-since",
                "Wed, 04 Mar 2026 12:00:00 GMT",
                "GET Leads?fields=id",
                json!({})
            )
            .0,
        304
    );
    assert_eq!(
        world
            .with("if-modified-since", "yesterday", "GET Leads?fields=id", json!({}))
            .0,
        400
    );
}

#[test]
fn external_ids() {
    let mut world = World::new();
    let id = world.insert(
        "Contacts",
        json!({ "Last_Name": "Zyx", "Customer_Number": "Z 1/2" }),
    );
    let header = ("x-external", "Contacts.Customer_Number");
    let (status, body) = world.with(header.0, header.1, "GET Contacts/Z%201%2F2", json!({}));
    assert_eq!((status, &body["data"][0]["id"]), (200, &json!(id)));
    assert_eq!(
        world
            .with(
                header.0,
                header.1,
                "PUT Contacts/Z%201%2F2",
                json!({ "data": [{ "Title": "Found" }] })
            )
            .0,
        200
    );
    assert_eq!(world.record("Contacts", &id)["Title"], "Found");
    assert_eq!(
        world
            .with(header.0, "Contacts.Email", "GET Contacts/x", json!({}))
            .0,
        400
    );
}

/// The code and the message are those of the SDK of 7.0; two clients ask for the blueprint of every deal.
#[test]
fn no_deal_is_in_a_blueprint() {
    let mut world = World::new();
    let deal = world.first("Deals");
    for method in ["GET", "PUT"] {
        let (status, body) = world.call(&format!("{method} Deals/{deal}/actions/blueprint"));
        assert_eq!((status, &body["code"]), (400, &json!("RECORD_NOT_IN_PROCESS")));
        assert_eq!(body["message"], "record not in process");
        let (_, body) = world.call(&format!("{method} Deals/12/actions/blueprint"));
        assert_eq!(body["code"], "INVALID_DATA");
    }
}
