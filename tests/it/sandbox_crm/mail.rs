//! Mail of records, users and roles that come and go, several requests in one, and templates. Sources: send_mail, the
//! e-mail, users, roles and composite pages of v2 to v8, the SDK of 7.0 (keys), the OpenAPI set of August 2026 (codes).

use serde_json::{Value, json};

use super::World;

fn more(world: &mut World) {
    for scope in [
        "ZohoCRM.send_mail.all.CREATE",
        "ZohoCRM.composite_requests.CUSTOM",
        "ZohoCRM.templates.ALL",
    ] {
        world.scopes.push(scope.to_owned());
    }
}

/// A mail that was sent lies with its record.
pub(crate) fn sent(world: &mut World) {
    more(world);
    let lead = world.first("Leads");
    assert_eq!(world.call(&format!("GET Leads/{lead}/Emails")).0, 204);
    let from = world.good("GET settings/emails/actions/from_addresses")["from_addresses"][0].clone();
    let mail = |key: &str, value: Value| {
        let mut mail = json!({"from": {"user_name": "Me", "email": from["email"]}, "to": [{"user_name": "You", "email": "you@oar.example"}],
            "subject": "Hello", "content": "<p>Hello</p>", "mail_format": "html"});
        mail[key] = value;
        json!({"data": [mail]})
    };
    let send = format!("POST Leads/{lead}/actions/send_mail");
    for (key, wrong, code) in [
        ("from", Value::Null, "MANDATORY_NOT_FOUND"),
        ("from", json!({"email": "stranger@oar.example"}), "INVALID_DATA"),
        ("to", json!([]), "INVALID_DATA"),
        ("subject", Value::Null, "MANDATORY_NOT_FOUND"),
        ("template", json!({"id": "12"}), "INVALID_DATA"),
    ] {
        let (status, body) = world.put(&send, mail(key, wrong));
        assert_eq!(
            (status, &body["data"][0]["code"]),
            (400, &json!(code)),
            "{key} {body}"
        );
    }
    let mut messages = Vec::new();
    for number in 0..11 {
        let (status, body) = world.put(&send, mail("subject", json!(format!("Mail {number}"))));
        assert_eq!(
            (status, &body["data"][0]["code"]),
            (200, &json!("SUCCESS")),
            "{body}"
        );
        messages.push(
            body["data"][0]["details"]["message_id"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    let page = world.good(&format!("GET Leads/{lead}/Emails"));
    let rows = page["Emails"].as_array().unwrap();
    assert_eq!((rows.len(), &rows[0]["subject"]), (10, &json!("Mail 10")));
    assert!(rows[0].get("content").is_none(), "{page}");
    assert_eq!(
        (&page["info"]["next_index"], &page["info"]["more_records"]),
        (&json!("10"), &json!(true))
    );
    let rest = world.good(&format!("GET Leads/{lead}/Emails?index=10"));
    assert_eq!(rest["Emails"][0]["message_id"], messages[0].as_str());
    let one = world.good(&format!("GET Leads/{lead}/Emails/{}", messages[3]))["Emails"][0].clone();
    assert_eq!(
        (&one["subject"], &one["content"]),
        (&json!("Mail 3"), &json!("<p>Hello</p>"))
    );
    assert_eq!(world.call(&format!("GET Leads/{lead}/Emails/none")).0, 400);
}

#[test]
fn templates_and_groups_are_told() {
    let mut world = World::new();
    more(&mut world);
    for kind in ["email_templates", "inventory_templates", "user_groups"] {
        let all = world.good(&format!("GET settings/{kind}?page=1&per_page=10"));
        assert_eq!(all["info"]["more_records"], false, "{all}");
        let id = all[kind][0]["id"].as_str().unwrap();
        let one = world.good(&format!("GET settings/{kind}/{id}"));
        assert_eq!(one[kind][0], all[kind][0]);
    }
    let of_deals = world.good("GET settings/email_templates?module=Deals");
    assert_eq!(of_deals["email_templates"].as_array().map(Vec::len), Some(1));
    assert_eq!(world.call("GET settings/automation/workflow_rules").0, 204);
}

/// Users and roles come and go.
pub(crate) fn people(world: &mut World) {
    let roles = world.good("GET settings/roles")["roles"].clone();
    let profile = world.good("GET settings/profiles")["profiles"][1]["id"].clone();
    let wish = |name: &str| json!({"roles": [{"name": name, "reporting_to": {"id": roles[0]["id"]}, "share_with_peers": false}]});
    let (status, made) = world.put("POST settings/roles", wish("Pilot"));
    assert_eq!(status, 201, "{made}");
    let role = made["roles"][0]["details"]["id"].clone();
    let (_, twice) = world.put("POST settings/roles", wish("Pilot"));
    assert_eq!(twice["roles"][0]["code"], "DUPLICATE_DATA");
    let user = json!({"last_name": "Vega", "first_name": "Ona", "email": "ona@lanternworks.example", "role": role, "profile": profile});
    let (status, made) = world.put("POST users", json!({"users": [user]}));
    assert_eq!(status, 201, "{made}");
    let id = made["users"][0]["details"]["id"].as_str().unwrap().to_owned();
    let shown = world.good(&format!("GET users/{id}"))["users"][0].clone();
    assert_eq!(
        (&shown["full_name"], &shown["confirm"], &shown["role"]["name"]),
        (&json!("Ona Vega"), &json!(false), &json!("Pilot"))
    );
    for (key, code) in [
        ("email", "DUPLICATE_DATA"),
        ("last_name", "MANDATORY_NOT_FOUND"),
        ("role", "INVALID_DATA"),
    ] {
        let mut wrong = user.clone();
        match key {
            "last_name" => wrong[key] = Value::Null,
            "role" => {
                wrong[key] = json!("12");
                wrong["email"] = json!("other@lanternworks.example");
            }
            _ => {}
        }
        let (_, body) = world.put("POST users", json!({"users": [wrong]}));
        assert_eq!(body["users"][0]["code"], code, "{body}");
    }
    for (path, user) in [
        (format!("PUT users/{id}"), json!({"first_name": "Ione"})),
        ("PUT users".to_owned(), json!({"id": id, "first_name": "Iona"})),
    ] {
        let (_, done) = world.put(&path, json!({"users": [user]}));
        assert_eq!(done["users"][0]["code"], "SUCCESS", "{done}");
    }
    let role = role.as_str().unwrap().to_owned();
    for (path, wish) in [
        (format!("PUT settings/roles/{role}"), json!({"name": "Mate"})),
        (
            "PUT settings/roles".to_owned(),
            json!({"id": role, "name": "Captain"}),
        ),
    ] {
        let (_, done) = world.put(&path, json!({"roles": [wish]}));
        assert_eq!(done["roles"][0]["code"], "SUCCESS", "{done}");
    }
    let shown = world.good(&format!("GET users/{id}"))["users"][0].clone();
    assert_eq!(
        (&shown["full_name"], &shown["role"]["name"]),
        (&json!("Iona Vega"), &json!("Captain"))
    );
    assert_eq!(world.call(&format!("DELETE settings/roles/{role}")).0, 400);
    let heir = roles[1]["id"].as_str().unwrap();
    assert_eq!(
        world
            .call(&format!("DELETE settings/roles/{role}?transfer_to_id={heir}"))
            .0,
        200
    );
    let shown = world.good(&format!("GET users/{id}"))["users"][0].clone();
    assert_eq!(shown["role"]["id"], heir);
    assert_eq!(
        world.call(&format!("DELETE users/{id}")).1["users"][0]["code"],
        "SUCCESS"
    );
    assert_eq!(
        world.call(&format!("DELETE users/{id}")).1["users"][0]["code"],
        "ID_ALREADY_DELETED"
    );
    let gone = world.good("GET users?type=DeletedUsers");
    assert!(
        gone["users"]
            .as_array()
            .unwrap()
            .iter()
            .any(|user| user["id"] == id.as_str())
    );
}

/// A record that is shared is shared with somebody, and with nobody twice.
pub(crate) fn shared(world: &mut World) {
    world.scopes.push("ZohoCRM.share.ALL".to_owned());
    let lead = world.first("Leads");
    let path = format!("Leads/{lead}/actions/share");
    let owner = world.good(&format!("GET Leads/{lead}"))["data"][0]["Owner"]["id"].clone();
    let users = world.good("GET users?type=ActiveUsers")["users"].clone();
    let other = users
        .as_array()
        .unwrap()
        .iter()
        .find(|user| user["id"] != owner)
        .unwrap()["id"]
        .clone();
    assert_eq!(world.call(&format!("GET {path}")).0, 204);
    let share = |id: &Value, permission: &str| json!({"share": [{"user": {"id": id}, "type": "private", "permission": permission}]});
    for (id, permission, code) in [
        (&other, "everything", "INVALID_DATA"),
        (&json!("12"), "read_only", "INVALID_DATA"),
        (&owner, "read_only", "NOT_ALLOWED"),
    ] {
        let (_, body) = world.put(&format!("POST {path}"), share(id, permission));
        assert_eq!(body["share"][0]["code"], code, "{body}");
    }
    for (verb, permission) in [
        ("POST", "read_only"),
        ("POST", "read_write"),
        ("PUT", "full_access"),
    ] {
        let (status, body) = world.put(&format!("{verb} {path}"), share(&other, permission));
        assert_eq!(status, 201, "{body}");
        let shares = world.good(&format!("GET {path}"))["share"].clone();
        let told = (
            shares.as_array().map(Vec::len),
            &shares[0]["permission"],
            &shares[0]["user"]["id"],
        );
        assert_eq!(told, (Some(1), &json!(permission), &other), "{shares}");
    }
    assert!(world.good(&format!("GET {path}?view=manage"))["shareable_user"].is_array());
    assert_eq!(
        world.call(&format!("DELETE {path}")).1["share"]["message"],
        "Sharing Revoked"
    );
    assert_eq!(world.call(&format!("DELETE {path}")).0, 400);
    assert_eq!(world.call(&format!("GET {path}")).0, 204);
}

/// Several requests are one.
pub(crate) fn together(world: &mut World) {
    more(world);
    let part = |id: &str, method: &str, uri: &str, body: Value| json!({"sub_request_id": id, "method": method, "uri": uri, "body": body});
    let lead = json!({"data": [{"Last_Name": "Okoro", "Company": "Sail"}]});
    let bad = json!({"data": [{"Company": "Sail"}]});
    let count = |world: &mut World| world.good("GET Leads/actions/count")["count"].clone();
    let before = count(world);
    let mut read = part("two", "GET", "/crm/v8/Leads", Value::Null);
    read["params"] = json!({"fields": "Last_Name", "per_page": 1});
    let both = json!({"__composite_requests": [part("one", "POST", "/crm/v8/Leads", lead.clone()), read]});
    let (status, body) = world.put("POST __composite_requests", both);
    let rows = &body["__composite_requests"];
    assert_eq!(
        (status, &rows[0]["details"]["response"]["status_code"]),
        (200, &json!(201)),
        "{body}"
    );
    assert_eq!(rows[1]["details"]["sub_request_id"], "two");
    assert_eq!(
        rows[1]["details"]["response"]["body"]["data"][0]["Last_Name"], "Okoro",
        "{body}"
    );
    let after = count(world);
    assert_eq!(after.as_u64(), before.as_u64().map(|count| count + 1));
    let half = json!({"rollback_on_fail": true, "__composite_requests":
        [part("one", "POST", "/crm/v8/Leads", lead.clone()), part("two", "POST", "/crm/v8/Leads", bad)]});
    let (status, body) = world.put("POST __composite_requests", half);
    assert_eq!(
        (status, &body["__composite_requests"][0]["code"]),
        (400, &json!("ROLLBACK_PERFORMED")),
        "{body}"
    );
    assert_eq!(count(world), after);
    let loops =
        json!({"__composite_requests": [part("one", "POST", "/crm/v8/__composite_requests", json!({}))]});
    assert_eq!(
        world.put("POST __composite_requests", loops).1["code"],
        "LOOPING_FOUND"
    );
}

#[test]
fn the_rest_of_the_set_up_is_told() {
    let mut world = World::new();
    let roles = world.good("GET contacts/roles")["contact_roles"].clone();
    let id = roles[2]["id"].as_str().unwrap();
    assert_eq!(
        world.good(&format!("GET contacts/roles/{id}"))["contact_roles"],
        json!([roles[2]])
    );
    assert_eq!(world.good("GET Contacts/roles")["contact_roles"], roles);
    let lead = world.first("Leads");
    assert_eq!(world.call("GET settings/recycle_bin").0, 204);
    world.call(&format!("DELETE Leads/{lead}"));
    let bin = world.good("GET settings/recycle_bin")["recycle_bin"].clone();
    assert_eq!(
        (&bin[0]["id"], &bin[0]["module"]["api_name"]),
        (&json!(lead), &json!("Leads")),
        "{bin}"
    );
    assert_eq!(world.good("GET settings/recycle_bin/actions/count")["count"], 1);
    assert_eq!(
        world.good(&format!("GET settings/recycle_bin/{lead}"))["recycle_bin"],
        bin
    );
    let fields = world.good("GET settings/fields?module=Leads")["fields"].clone();
    let mut fields = fields.as_array().unwrap().iter();
    let source = fields.find(|field| field["api_name"] == "Lead_Source").unwrap();
    let path = format!(
        "GET settings/fields/{}/pick_list_values?module=Leads",
        source["id"].as_str().unwrap()
    );
    assert_eq!(world.good(&path)["pick_list_values"], source["pick_list_values"]);
    let lists = world.good("GET settings/related_lists?module=Leads")["related_lists"].clone();
    let path = format!(
        "GET settings/related_lists/{}?module=Leads",
        lists[1]["id"].as_str().unwrap()
    );
    assert_eq!(world.good(&path)["related_lists"], json!([lists[1]]));
    let layout = world.good("GET settings/layouts?module=Deals")["layouts"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let all = world.good(&format!("GET settings/pipeline?layout_id={layout}"))["pipeline"].clone();
    let id = all[0]["id"].as_str().unwrap();
    assert_eq!(
        world.good(&format!("GET settings/pipeline/{id}?layout_id={layout}"))["pipeline"],
        all
    );
    assert_eq!(
        world
            .call(&format!("GET settings/pipeline/12?layout_id={layout}"))
            .0,
        400
    );
    let territories = world.good("GET settings/territories")["territories"].clone();
    let rows = territories.as_array().unwrap();
    let below = rows.iter().find(|row| row["reporting_to"].is_object()).unwrap();
    let path = format!(
        "GET settings/territories/{}/__child_territories",
        below["reporting_to"]["id"].as_str().unwrap()
    );
    assert!(
        world.good(&path)["territories"]
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["id"] == below["id"])
    );
    let group = world.good("GET settings/user_groups?page=1")["user_groups"][0].clone();
    let path = format!("GET settings/user_groups/{}", group["id"].as_str().unwrap());
    assert_eq!(
        world.good(&format!("{path}/sources"))["sources"],
        group["sources"]
    );
    assert_eq!(
        world.good(&format!("{path}/actions/sources_count"))["sources_count"][0],
        group["sources_count"]
    );
    for (path, key) in [
        ("settings/business_hours", "business_hours"),
        ("settings/fiscal_year", "fiscal_year"),
        ("settings/service_preferences", "service_preferences"),
        ("org/taxes", "org_taxes"),
    ] {
        assert!(world.good(&format!("GET {path}"))[key].is_object(), "{path}");
    }
}
