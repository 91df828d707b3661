//! Several requests in one that take from each other's answers. Source: the composite page of v8.

use serde_json::{Value, json};

use super::World;

/// A lead is made, read and changed by the id that the first answer holds, in any order.
#[test]
fn parts_take_from_the_answers_of_others() {
    let mut world = World::new();
    world.scopes.push("ZohoCRM.composite_requests.CUSTOM".to_owned());
    let part = |id: &str, method: &str, uri: &str, body: Value| json!({"sub_request_id": id, "method": method, "uri": uri, "body": body});
    let mut sent = |parts: Value| {
        world.put(
            "POST __composite_requests",
            json!({"__composite_requests": parts}),
        )
    };
    let new = json!({"data": [{"Last_Name": "Okoro", "Company": "Sail"}]});
    let renamed = json!({"data": [{"id": "@{1:$.data[0].details.id}", "Company": "Sail of @{read:$.data[0].Last_Name}"}]});
    let (status, body) = sent(json!([
        part("change", "PUT", "/crm/v8/Leads", renamed),
        part(
            "read",
            "GET",
            "/crm/v8/Leads/@{1:$.data[0].details.id}",
            Value::Null
        ),
        part("1", "POST", "/crm/v8/Leads", new.clone()),
    ]));
    let rows = &body["__composite_requests"];
    let id = rows[2]["details"]["response"]["body"]["data"][0]["details"]["id"]
        .as_str()
        .unwrap();
    assert_eq!(
        (status, &rows[1]["details"]["response"]["body"]["data"][0]["id"]),
        (200, &json!(id)),
        "{body}"
    );
    assert_eq!(rows[0]["code"], "SUCCESS", "{body}");
    let lost = json!({"data": [{"id": "@{1:$.data[7].details.id}", "Company": "Sail"}]});
    let (status, body) = sent(json!([
        part("1", "POST", "/crm/v8/Leads", new),
        part("2", "PUT", "/crm/v8/Leads", lost)
    ]));
    let row = &body["__composite_requests"][1];
    assert_eq!(
        (status, &row["code"]),
        (207, &json!("INVALID_REFERENCE")),
        "{body}"
    );
    assert_eq!(row["details"]["reference"], "@{1:$.data[7].details.id}");
    let unknown = part("2", "GET", "/crm/v8/Leads/@{1:$.data[0].id}", Value::Null);
    let (status, body) = sent(json!([unknown.clone()]));
    assert_eq!(
        (status, &body["code"]),
        (400, &json!("INVALID_REFERENCE")),
        "{body}"
    );
    let (status, body) = sent(json!([
        unknown,
        part("1", "GET", "/crm/v8/Leads/@{2:$.data[0].id}", Value::Null)
    ]));
    assert_eq!((status, &body["code"]), (400, &json!("LOOPING_FOUND")), "{body}");
    assert_eq!(body["details"]["sub_request_indexes"], json!([0, 1]));
    let company = world.good(&format!("GET Leads/{id}"))["data"][0]["Company"].clone();
    assert_eq!(company, "Sail of Okoro");
}
