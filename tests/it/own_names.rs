//! What an organization calls its modules and fields is a name everywhere, and goes before the aliases of the files.

use serde_json::{Value, json};

use crate::bed::{Bed, Wire};
use crate::desk_client::Desk;

/// As Zoho's settings list a module of the organization's own (Modules API, v8).
fn module(api_name: &str, tab: &str, singular: &str, plural: &str) -> Value {
    json!({
        "id": "5725767000000099001", "api_name": api_name, "module_name": tab, "singular_label": singular, "plural_label": plural,
        "generated_type": "custom", "api_supported": true, "viewable": true, "visible": true, "status": "visible"
    })
}

/// A server that asks an organization with these modules, each with one record `row`, and one field or several.
async fn asking(modules: &[Value], fields: Value) -> (Bed, Wire) {
    let bed = Bed::connected().await;
    let standard = json!({
        "id": "5725767000000002197", "api_name": "Cases", "module_name": "Cases", "singular_label": "Case", "plural_label": "Cases",
        "generated_type": "default", "api_supported": true
    });
    let all: Vec<Value> = std::iter::once(standard).chain(modules.iter().cloned()).collect();
    let mut faults = vec![
        json!({ "kind": "answer", "path": "/crm/v8/settings/modules", "body": { "modules": all } }),
        json!({ "kind": "answer", "path": "/crm/v8/settings/fields", "body": { "fields": fields } }),
    ];
    for module in modules {
        let name = percent_encoding::utf8_percent_encode(
            module["api_name"].as_str().unwrap(),
            percent_encoding::NON_ALPHANUMERIC,
        );
        let rows =
            json!({ "data": [{ "id": "1", "Name": "row" }], "info": { "more_records": false, "count": 1 } });
        faults.push(json!({ "kind": "answer", "path": format!("/crm/v8/{name}"), "body": rows }));
    }
    bed.admin(json!({ "faults": faults })).await;
    let wire = bed.client().await;
    (bed, wire)
}

fn text_field(api_name: &str, label: &str) -> Value {
    json!({
        "id": "1", "api_name": api_name, "field_label": label, "data_type": "text", "json_type": "string", "length": 120,
        "system_mandatory": false, "custom_field": true
    })
}

#[tokio::test]
async fn a_module_of_the_organization_goes_before_an_alias() {
    let own = [
        module("Tickets", "CustomModule11", "Ticket", "Tickets"),
        module("People", "CustomModule12", "Person", "People"),
    ];
    let (_bed, mut wire) = asking(&own, json!([text_field("Name", "Name")])).await;
    for (asked, api_name) in [
        ("Tickets", "Tickets"),
        ("tickets", "Tickets"),
        ("Ticket", "Tickets"),
        ("People", "People"),
        ("Person", "People"),
    ] {
        for tool in ["get_records", "get_record", "search_records"] {
            let mut arguments = json!({ "module": asked, "app_type": "crm" });
            match tool {
                "get_record" => arguments["id"] = json!("1"),
                "search_records" => arguments["filters"] = json!({ "Name": "row" }),
                _ => {}
            }
            let answer = wire.call(tool, arguments).await;
            assert_eq!(answer["module"], api_name, "{tool} {asked}: {answer:#}");
            assert!(
                answer["data"].to_string().contains("row"),
                "{tool} {asked}: {answer:#}"
            );
        }
    }
}

#[tokio::test]
async fn an_alias_stays_one_where_the_organization_has_no_such_module() {
    let (_bed, mut wire) = Bed::warm(&[]).await;
    for (asked, known) in [
        ("Tickets", "Cases"),
        ("Opportunities", "Deals"),
        ("case", "Cases"),
        ("sales orders", "Sales_Orders"),
    ] {
        let answer = wire
            .call(
                "get_records",
                json!({ "module": asked, "app_type": "crm", "limit": 1 }),
            )
            .await;
        assert_eq!(
            (&answer["module"], &answer["count"]),
            (&json!(known), &json!(1)),
            "{answer:#}"
        );
    }
}

#[tokio::test]
async fn a_label_in_any_alphabet_and_with_any_sign_is_the_name_of_its_module() {
    let own = [
        module("契約書", "CustomModule9", "契約書", "契約書一覧"),
        module("Projekte", "CustomModule10", "Projekt", "Projekte & Aufträge"),
        module(
            "Offers",
            "CustomModule13",
            "Angebot / Vertrag",
            "Angebote / Verträge (B2B)",
        ),
    ];
    let (_bed, mut wire) = asking(&own, json!([text_field("Name", "Name")])).await;
    let listed = wire.call("get_modules", json!({ "app_type": "crm" })).await;
    let shown: Vec<Value> = listed["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["custom"] == true)
        .cloned()
        .collect();
    assert_eq!(shown.len(), 3, "{listed:#}");
    for one in shown {
        for name in [&one["module"], &one["label"]] {
            let answer = wire
                .call(
                    "get_records",
                    json!({ "module": name, "app_type": "crm", "limit": 2 }),
                )
                .await;
            assert_eq!(answer["module"], one["module"], "{name}: {answer:#}");
            assert_eq!(answer["data"][0]["Name"], "row", "{name}: {answer:#}");
        }
    }
}

#[tokio::test]
async fn a_label_in_any_alphabet_and_with_a_comma_is_the_name_of_its_field() {
    let own = [module("Projekte", "CustomModule10", "Projekt", "Projekte")];
    let fields = json!([
        text_field("Name", "Name"),
        text_field("Kaisha", "会社"),
        text_field("Size_Origin", "Größe, Herkunft"),
        text_field("Net", "Maß: B x H")
    ]);
    let (bed, mut wire) = asking(&own, fields).await;
    for (asked, number) in [
        (json!(["会社"]), 1),
        (json!(["Größe, Herkunft"]), 1),
        (json!(["Name", "Größe, Herkunft", "会社"]), 3),
        (json!(["Maß: B x H"]), 1),
        (json!("Größe, Herkunft, Name"), 2),
    ] {
        let before = bed.seen().await.len();
        let answer = wire
            .call(
                "get_records",
                json!({ "module": "Projekte", "app_type": "crm", "fields": asked }),
            )
            .await;
        assert!(answer["error"].is_null(), "{asked}: {answer:#}");
        let seen = bed.seen().await.split_off(before).join("\n");
        let wanted = asked.to_string();
        for (label, name) in [
            ("会社", "Kaisha"),
            ("Herkunft", "Size_Origin"),
            ("B x H", "Net"),
            ("Name", "Name"),
        ] {
            assert_eq!(wanted.contains(label), seen.contains(name), "{asked}: {seen}");
        }
        let described = wire
            .call(
                "get_fields",
                json!({ "module": "Projekte", "app_type": "crm", "fields": asked }),
            )
            .await;
        assert_eq!(described["count"], number, "{asked}: {described:#}");
    }
}

/// The user of the first record, who is whoever is connected from now on.
async fn become_user_of_first(bed: &Bed, module: &str, field: &str) -> String {
    bed.admin(json!({ "faults": [] })).await;
    let mut wire = bed.client().await;
    let asked = json!({ "module": module, "limit": 1, "fields": [field] });
    let first = wire.call("get_records", asked).await["data"][0].clone();
    let user = user_of(&mut wire, module, field, &first).await;
    let mut me = Desk::of(bed).await.get("/myinfo").await;
    me["id"] = json!(user);
    bed.admin(json!({ "faults": [{ "kind": "answer", "path": "/api/v1/myinfo", "body": me }] }))
        .await;
    user
}

/// Who stands in a field of a listed record; of products the list does not tell.
async fn user_of(wire: &mut Wire, module: &str, field: &str, row: &Value) -> String {
    let mut row = row.clone();
    if module == "Products" {
        let one = json!({ "module": module, "id": row["id"] });
        row = wire.call("get_record", one).await["data"].clone();
    }
    row[field]
        .as_str()
        .unwrap_or_else(|| panic!("{field}: {row:#}"))
        .to_owned()
}

#[tokio::test]
async fn me_is_a_user_in_every_user_field_of_desk() {
    let bed = Bed::connected().await;
    for (module, field) in [
        ("Products", "ownerId"),
        ("Contracts", "ownerId"),
        ("Tasks", "ownerId"),
        ("Tasks", "creatorId"),
        ("Contacts", "ownerId"),
        ("Articles", "authorId"),
        ("cm_service_vehicles", "ownerId"),
    ] {
        let id = become_user_of_first(&bed, module, field).await;
        let mut wire = bed.client().await;
        let whose = |whose: &str| json!({ "module": module, "limit": 99, "fields": [field], "filters": { field: whose } });
        let mine = wire.call("get_records", whose("me")).await;
        let told = &mine["repairs"][0];
        assert_eq!(
            (&told["rule"], &told["from"]),
            (&json!("reference"), &json!("me")),
            "{module} {field}: {mine:#}"
        );
        assert_eq!(
            told["to"].as_str().unwrap().split(' ').next(),
            Some(&*id),
            "{mine:#}"
        );
        let same = wire.call("get_records", whose(&id)).await;
        assert_eq!(mine["data"], same["data"], "{module} {field}: {mine:#}");
        let rows = mine["data"].as_array().unwrap();
        assert!(!rows.is_empty(), "{module} {field}: {mine:#}");
        for row in rows {
            let shown = user_of(&mut wire, module, field, row).await;
            assert_eq!(shown, id, "{module} {field}: {mine:#}");
        }
    }
}

/// A word that only one product's module has for an alias means the module of the same name in the product that is asked.
#[tokio::test]
async fn an_alias_means_the_module_of_the_product_that_is_asked() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (alias, product, module) in [
        ("Issues", "crm", "Cases"),
        ("Customers", "crm", "Contacts"),
        ("Meetings", "desk", "Events"),
        ("Tickets", "crm", "Cases"),
        ("Issues", "desk", "Cases"),
    ] {
        let call = json!({ "module": alias, "app_type": product, "limit": 1 });
        let answer = wire.call("get_records", call).await;
        assert_eq!(
            (&answer["module"], &answer["app_type"]),
            (&json!(module), &json!(product)),
            "{alias}: {answer:#}"
        );
    }
    let call = json!({ "module": "Prospects", "app_type": "desk" });
    assert_eq!(wire.call("get_records", call).await["code"], "invalid_arguments");
}
