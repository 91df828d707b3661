//! Writes to contacts, accounts, products, contracts, activities and articles.

use serde_json::{Value, json};

use super::{Tester, count, first, id, listed, succeeded, ticket};

/// Create, read, change, update many, trash and restore, the same for every module.
pub(crate) fn records(t: &mut Tester) {
    let department = first(t, "/departments");
    let contact = first(t, "/contacts");
    let account = first(t, "/accounts");
    let agent = first(t, "/agents");
    let ticket = first(t, "/tickets");
    let start = "2026-12-01T09:00:00.000Z";
    let cases = [
        (
            "contacts",
            json!({"lastName": "Marlow", "email": "m@new.example", "accountId": account, "cf": {"cf_customer_tier": "Gold"}}),
            ("lastName", "Marlowe"),
            Some("lastName=Marlowe"),
            "contactIds",
            Some(("title", "Captain")),
        ),
        (
            "accounts",
            json!({"accountName": "Marlow Shipping", "cf": {"cf_region": "East"}}),
            ("accountName", "Marlow Lines"),
            Some("accountName=Marlow Lines"),
            "accountIds",
            Some(("city", "Hull")),
        ),
        (
            "tasks",
            json!({"subject": "Buy paint", "departmentId": department, "ticketId": ticket, "dueDate": start}),
            ("subject", "Buy red paint"),
            Some("subject=paint"),
            "entityIds",
            Some(("status", "Completed")),
        ),
        (
            "calls",
            json!({"subject": "Ask about paint", "departmentId": department, "contactId": contact, "startTime": start, "status": "Scheduled", "duration": 60}),
            ("subject", "Ask about red paint"),
            Some("subject=paint"),
            "entityIds",
            Some(("status", "Completed")),
        ),
        (
            "events",
            json!({"subject": "Paint day", "departmentId": department, "contactId": contact, "startTime": start}),
            ("subject", "Red paint day"),
            Some("subject=paint"),
            "entityIds",
            Some(("category", "Meeting")),
        ),
        (
            "products",
            json!({"productName": "Paint pot", "departmentIds": [department], "unitPrice": 12}),
            ("productName", "Red paint pot"),
            Some("productName=paint"),
            "productIds",
            None,
        ),
        (
            "contracts",
            json!({"contractName": "Paint care", "accountId": account, "departmentId": department, "ownerId": agent, "startDate": "2026-01-01", "associatedSupportPlanId": "12"}),
            ("contractName", "Red paint care"),
            None,
            "contractIds",
            Some(("description", "All colours")),
        ),
        (
            "articles",
            json!({"title": "How to paint", "answer": "With a brush", "categoryId": "12", "status": "PUBLISH"}),
            ("title", "How to paint red"),
            Some("title=paint"),
            "ids",
            None,
        ),
    ];
    for (module, body, (field, renamed), search, trash_key, many) in cases {
        let new = t.write("POST", &format!("/{module}"), body.clone());
        let new_id = id(&new);
        let one = format!("/{module}/{new_id}");
        let read = t.read(&one);
        assert_eq!(read[field], body[field], "{module}");
        let list = if module == "articles" {
            "/articles?limit=50".to_owned()
        } else {
            format!("/{module}?limit=100")
        };
        assert!(listed(t, &list, &new_id), "{module}");
        t.write("PATCH", &one, json!({field: renamed}));
        let read = t.read(&one);
        assert_eq!(read[field], renamed, "{module}");
        assert!(
            read["modifiedTime"].as_str() > read["createdTime"].as_str(),
            "{module}"
        );
        if let Some(search) = search {
            let found = t.read(&format!("/{module}/search?{search}"));
            assert!(
                found["data"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|row| row["id"] == new_id.as_str()),
                "{module}"
            );
        }
        if let Some((name, value)) = many {
            let answer = t.write(
                "POST",
                &format!("/{module}/updateMany"),
                json!({"ids": [new_id, "3"], "fieldName": name, "fieldValue": value}),
            );
            assert_eq!(succeeded(&answer), [true, false], "{module}");
            assert_eq!(t.read(&one)[name], value, "{module}");
        }
        t.write(
            "POST",
            &format!("/{module}/moveToTrash"),
            json!({trash_key: [new_id]}),
        );
        assert!(!listed(t, &list, &new_id), "{module}");
        assert!(listed(t, "/recycleBin", &new_id), "{module}");
        t.write("POST", "/recycleBin/restore", json!({"ids": [new_id]}));
        assert!(listed(t, &list, &new_id), "{module}");
    }
    details(t);
}

fn details(t: &mut Tester) {
    let task = t.rows("/tasks/search?subject=red paint")[0].clone();
    assert_eq!(
        (&task["statusType"], &task["activityTime"]),
        (&json!("Closed"), &task["dueDate"])
    );
    assert!(task["completedTime"].is_string());
    let of_ticket = format!("/tickets/{}/tasks?limit=100", task["ticketId"].as_str().unwrap());
    assert!(listed(t, &of_ticket, &id(&task)));
    let product = t.rows("/products/search?productName=red paint")[0].clone();
    assert_eq!(product["unitPrice"], "12.0");
    let contract = t.rows("/contracts?contractName=Red paint")[0].clone();
    t.write(
        "PUT",
        &format!("/contracts/{}", id(&contract)),
        json!({"endDate": "2027-12-31"}),
    );
    assert_eq!(
        t.read(&format!("/contracts/{}", id(&contract)))["endDate"],
        "2027-12-31"
    );
    let article = t.rows("/articles/search?title=paint red")[0].clone();
    assert_eq!(
        (&article["status"], &article["permalink"]),
        (&json!("Published"), &json!("how-to-paint"))
    );
    let views = t.rows("/views?module=contacts");
    let all = t.rows("/contacts?limit=100").len();
    assert_eq!(
        t.read(&format!("/contacts/count?viewId={}", id(&views[0])))["count"],
        all
    );
}

pub(crate) fn ties(t: &mut Tester) {
    let accounts = t.rows("/accounts?limit=3");
    let (one, two) = (id(&accounts[0]), id(&accounts[1]));
    let new = id(&t.write("POST", "/contacts", json!({"lastName": "Knot", "accountId": one})));
    let path = format!("/contacts/{new}");
    assert!(listed(t, &format!("/accounts/{one}/contacts?limit=100"), &new));
    let answer = t.write(
        "POST",
        &format!("{path}/associateAccounts"),
        json!({"data": [{"id": two, "isAccountTicketsViewable": true}]}),
    );
    assert_eq!(
        (succeeded(&answer), &t.read(&path)["accountCount"]),
        (vec![true], &json!("2"))
    );
    let mappings = t.rows(&format!("{path}/accounts"));
    let kinds: Vec<&str> = mappings
        .iter()
        .map(|row| row["mappingInfo"]["mappingType"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["PRIMARY", "SECONDARY"]);
    t.write(
        "POST",
        &format!("{path}/dissociateAccounts"),
        json!({"ids": [one]}),
    );
    let read = t.read(&path);
    assert_eq!(
        (&read["accountId"], &read["accountCount"]),
        (&json!(two), &json!("1"))
    );
    assert!(!listed(t, &format!("/accounts/{one}/contacts?limit=100"), &new));
    t.write("PATCH", &path, json!({"accountId": one}));
    assert!(listed(t, &format!("/accounts/{one}/contacts?limit=100"), &new));
}

pub(crate) fn products(t: &mut Tester) {
    let product = first(t, "/products");
    for module in ["contacts", "accounts"] {
        let owner = id(&t.write(
            "POST",
            &format!("/{module}"),
            if module == "contacts" {
                json!({"lastName": "P"})
            } else {
                json!({"accountName": "P"})
            },
        ));
        let of_owner = format!("/{module}/{owner}/products?limit=100");
        let of_product = format!("/products/{product}/{module}?limit=100");
        t.write(
            "POST",
            &format!("/{module}/{owner}/associateProducts"),
            json!({"ids": [product], "associate": true}),
        );
        assert!(
            listed(t, &of_owner, &product) && listed(t, &of_product, &owner),
            "{module}"
        );
        t.write(
            "POST",
            &format!("/{module}/{owner}/associateProducts"),
            json!({"ids": [product], "associate": false}),
        );
        assert!(
            !listed(t, &of_owner, &product) && !listed(t, &of_product, &owner),
            "{module}"
        );
        let operation = if module == "contacts" {
            "associateContacts"
        } else {
            "associateAccounts"
        };
        t.write(
            "POST",
            &format!("/products/{product}/{operation}"),
            json!({"ids": [owner], "associate": true}),
        );
        assert!(
            listed(t, &of_owner, &product) && listed(t, &of_product, &owner),
            "{module}"
        );
    }
}

pub(crate) fn merge(t: &mut Tester) {
    let department = first(t, "/departments");
    for (module, key) in [("contacts", "contactId"), ("accounts", "accountId")] {
        let rows = t.rows(&format!("/{module}?limit=100"));
        let (master, child) = (id(&rows[0]), id(&rows[1]));
        let contact = if module == "contacts" {
            child.clone()
        } else {
            id(&t.write("POST", "/contacts", json!({"lastName": "Q", "accountId": child})))
        };
        let ticket = id(&t.write(
            "POST",
            "/tickets",
            json!({"subject": "theirs", "departmentId": department, "contactId": contact}),
        ));
        let sum = count(t, "") as usize;
        let tickets =
            |t: &mut Tester, owner: &str| t.rows(&format!("/{module}/{owner}/tickets?limit=100")).len();
        let both = tickets(t, &master) + tickets(t, &child);
        let merged = t.write(
            "POST",
            &format!("/{module}/{master}/merge"),
            json!({"ids": [child], "source": {"phone": child}}),
        );
        assert_eq!(merged["phone"], rows[1]["phone"]);
        assert_eq!(t.get(&format!("/{module}/{child}")).0, 404);
        assert_eq!(t.read(&format!("/tickets/{ticket}"))[key], master.as_str());
        assert_eq!((tickets(t, &master), count(t, "") as usize), (both, sum));
    }
}

pub(crate) fn spam(t: &mut Tester) {
    let ticket = ticket(t, "from a spammer");
    let contact = t.read(&format!("/tickets/{ticket}"))["contactId"]
        .as_str()
        .unwrap()
        .to_owned();
    let answer = t.write(
        "POST",
        "/contacts/markSpam",
        json!({"ids": [contact], "isSpam": true, "handleExistingTickets": true}),
    );
    assert_eq!(succeeded(&answer), [true]);
    assert!(!listed(t, "/contacts?limit=100", &contact) && !listed(t, "/tickets?limit=100", &ticket));
    t.write("POST", "/contacts/deleteSpam", json!({"contactIds": [contact]}));
    assert_eq!(t.get(&format!("/contacts/{contact}")).0, 404);
    for (module, key) in [("tasks", "taskIds"), ("calls", "callIds"), ("events", "eventIds")] {
        let rows = t.rows(&format!("/{module}?limit=100"));
        let (one, two) = (&rows[0], &rows[1]);
        let many = json!({"ids": [id(one), id(two)], "fieldName": "isSpam", "fieldValue": "true"});
        let _: Value = t.write("POST", &format!("/{module}/updateMany"), many);
        let answer = t.write("POST", &format!("/{module}/deleteSpam"), json!({key: [id(one)]}));
        assert_eq!(succeeded(&answer), [true], "{module}");
        assert_eq!(t.get(&format!("/{module}/{}", id(one))).0, 404, "{module}");
        t.write(
            "POST",
            &format!("/{module}/emptySpam"),
            json!({"departmentId": two["departmentId"]}),
        );
        assert_eq!(t.get(&format!("/{module}/{}", id(two))).0, 404, "{module}");
        let many = json!({"ids": [id(&rows[2])], "fieldName": "isSpam", "fieldValue": "true"});
        t.write("POST", &format!("/{module}/updateMany"), many);
        let body = json!({"departmentId": rows[2]["departmentId"]});
        t.write("POST", "/activities/emptySpam", body);
        assert_eq!(t.get(&format!("/{module}/{}", id(&rows[2]))).0, 404, "{module}");
    }
}
