//! Phone numbers: what only some notations were searched for is no exact number, and a few digits are a part of a number.

use serde_json::{Value, json};

use crate::bed::{Bed, Wire, ids};
use crate::crm_client::Crm;
use crate::desk_client::Desk;

/// Search Records (v8): `phone` finds numbers, and no document says in which notations.
#[tokio::test]
async fn a_search_for_a_number_alone_says_what_it_may_miss() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let asked = json!({ "module": "Leads", "filters": { "Phone": "+49 30 5550 4711 99" } });
    let counted = wire.call("count_records", asked.clone()).await;
    assert_eq!(
        (&counted["count"], &counted["at_least"]),
        (&json!(0), &json!(true)),
        "{counted:#}"
    );
    for tool in ["count_records", "get_records"] {
        let answer = wire.call(tool, asked.clone()).await;
        assert!(
            answer["notes"].to_string().contains("another notation"),
            "{tool}: {answer:#}"
        );
    }
}

/// Two searches have no order together: all records are looked through instead.
#[tokio::test]
async fn an_order_beside_a_number_is_kept() {
    let bed = Bed::connected().await;
    let crm = Crm::of(&bed).await;
    let lead = |name: &str| json!({ "Last_Name": name, "Company": "Rufer", "Phone": "+49 30 5550 4711" });
    crm.create("Leads", ["Zorn", "Adler", "Meier"].map(lead).to_vec())
        .await;
    let mut wire = Wire::start(crate::exports::tools(&bed).await).await;
    let asked = json!({ "module": "Leads", "filters": { "Phone": "0049 (30) 55504711" }, "fields": ["Last_Name"], "sort_by": "Last_Name", "sort_order": "asc" });
    let listed = wire.call("get_records", asked.clone()).await;
    let names: Vec<&Value> = listed["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["Last_Name"])
        .collect();
    assert_eq!(names, ["Adler", "Meier", "Zorn"], "{listed:#}");
    assert!(
        listed["notes"].to_string().contains("looked through"),
        "{listed:#}"
    );
    let exported = json!({ "module": "Leads", "filters": { "Phone": "0049 (30) 55504711" } });
    let exported = wire.call("export_records", exported).await;
    assert_eq!(exported["data"]["records"], 3, "{exported:#}");
}

#[tokio::test]
async fn a_few_digits_find_the_numbers_that_hold_them() {
    let bed = Bed::connected().await;
    let (desk, crm) = (Desk::of(&bed).await, Crm::of(&bed).await);
    let (london, merced) = ("+44 20 7000 8642", "+1 975-864-0157");
    let mut known = Vec::new();
    for number in [london, merced] {
        let contact = json!({ "lastName": "Rufer", "phone": number });
        let contact = desk.post("/contacts", contact).await["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let lead = json!({ "Last_Name": "Rufer", "Company": "Rufer", "Phone": number });
        let lead = crm.create("Leads", vec![lead]).await.remove(0);
        known.push((contact, lead));
    }
    let mut wire = bed.client().await;
    for (digits, (contact, lead)) in [
        ("00 8642", &known[0]),
        ("8642", &known[0]),
        ("(975) 864", &known[1]),
    ] {
        for (module, field, id) in [("Contacts", "phone", contact), ("Leads", "Phone", lead)] {
            let asked = json!({ "module": module, "filters": { field: digits } });
            let listed = wire.call("get_records", asked.clone()).await;
            assert_eq!(ids(&listed), [id.as_str()], "{module} {digits}: {listed:#}");
            let counted = wire.call("count_records", asked).await;
            assert_eq!(counted["count"], 1, "{module} {digits}: {counted:#}");
        }
        let found = wire.call("find_customer", json!({ "phone": digits })).await;
        for (id, list) in [(contact, "/data/desk/contacts"), (lead, "/data/crm/leads")] {
            assert!(
                found.pointer(list).unwrap().to_string().contains(id),
                "{digits}: {found:#}"
            );
        }
        assert!(
            found["notes"].to_string().contains("Fewer than 7 digits"),
            "{found:#}"
        );
    }
}

/// What is left out is compared digit by digit in rows: nothing of it is in doubt.
#[tokio::test]
async fn a_number_that_is_left_out_is_counted_exactly() {
    let bed = Bed::connected().await;
    let desk = Desk::of(&bed).await;
    for number in ["+44 20 7000 8642", "+1 975-864-0157"] {
        let contact = json!({ "lastName": "Rufer", "phone": number });
        desk.post("/contacts", contact).await;
    }
    let mut wire = bed.client().await;
    let asked = |phone: Value| json!({ "module": "Contacts", "app_type": "desk", "filters": { "lastName": "Rufer", "phone": phone } });
    let without = wire.call("count_records", asked(json!({ "not": "8642" }))).await;
    assert_eq!(without["count"], 1, "{without:#}");
    assert!(without.get("at_least").is_none(), "{without:#}");
    assert!(!without["notes"].to_string().contains("missing"), "{without:#}");
    let with = wire.call("count_records", asked(json!("8642"))).await;
    assert_eq!(with["at_least"], true, "{with:#}");
}

/// RFC 3966 (`;ext=`) and trial: what is dialled behind a number is no part of it, and two numbers are none.
#[tokio::test]
async fn an_extension_is_left_out_and_told_and_two_numbers_are_not_taken_for_one() {
    let bed = Bed::connected().await;
    let (desk, crm) = (Desk::of(&bed).await, Crm::of(&bed).await);
    for (number, asked) in [
        ("+44 20 7000 8642", "+44 20 7000 8642"),
        ("+1 975-864-0157 x99", "+1 975-864-0157"),
    ] {
        let contact = json!({ "lastName": "Rufer", "phone": number });
        let contact = desk.post("/contacts", contact).await["id"].clone();
        let lead = json!({ "Last_Name": "Rufer", "Company": "Rufer", "Phone": number });
        let lead = crm.create("Leads", vec![lead]).await.remove(0);
        let mut wire = bed.client().await;
        let plain = wire.call("find_customer", json!({ "phone": asked })).await;
        assert_eq!(plain["data"]["desk"]["contacts"][0]["id"], contact, "{plain:#}");
        for behind in [" ext. 12", "x12", ";ext=12", ", Durchwahl 12", " #12"] {
            let asked = format!("{asked}{behind}");
            let found = wire.call("find_customer", json!({ "phone": asked })).await;
            assert_eq!(
                found["data"]["desk"]["contacts"][0]["id"], contact,
                "{asked}: {found:#}"
            );
            assert_eq!(
                found["data"]["crm"]["leads"][0]["id"],
                lead.as_str(),
                "{asked}: {found:#}"
            );
            assert!(
                found["notes"].to_string().contains("was left out"),
                "{asked}: {found:#}"
            );
            for (module, field) in [("Contacts", "phone"), ("Leads", "Phone")] {
                let asked = json!({ "module": module, "filters": { field: asked.as_str() } });
                let counted = wire.call("count_records", asked.clone()).await;
                assert_eq!(counted["count"], 1, "{asked}: {counted:#}");
                assert!(
                    counted["notes"].to_string().contains("was left out"),
                    "{asked}: {counted:#}"
                );
            }
        }
    }
    let mut wire = bed.client().await;
    for several in [
        "+44 20 7000 8642, +1 975-864-0157",
        "+44 20 7000 8642 or +1 975-864-0157",
        "0975 8640157 / 020 70008642",
        "+44 20 7000 8642 +1 975-864-0157",
    ] {
        let refused = wire.call("find_customer", json!({ "phone": several })).await;
        assert!(
            refused.to_string().contains("one call for each"),
            "{several}: {refused:#}"
        );
    }
    let asked = json!({ "module": "Contacts", "filters": { "phone": "0975 8640157 / 020 70008642" } });
    let counted = wire.call("count_records", asked).await;
    assert!(
        counted["notes"].to_string().contains("finds either"),
        "{counted:#}"
    );
    let nobody = wire
        .call("find_customer", json!({ "phone": "+1 999 000 4713" }))
        .await;
    assert!(
        nobody["notes"]
            .to_string()
            .contains("desk contacts: Zoho finds these numbers by"),
        "{nobody:#}"
    );
}

/// `accounts/search` (OAS) has no parameter for numbers, and words of a text are no digits that it writes apart.
#[tokio::test]
async fn a_company_is_found_by_its_number_in_any_notation() {
    let bed = Bed::connected().await;
    let desk = Desk::of(&bed).await;
    let account = json!({ "accountName": "Deskphone AB", "phone": "+46 8 123 456 78" });
    let id = desk.post("/accounts", account).await["id"].clone();
    let mut wire = bed.client().await;
    for number in [
        "+46 8 123 456 78",
        "+46812345678",
        "08-123 456 78",
        "0046 (0)8 12345678",
    ] {
        let found = wire.call("find_customer", json!({ "phone": number })).await;
        assert_eq!(
            found["data"]["desk"]["accounts"][0]["id"], id,
            "{number}: {found:#}"
        );
    }
}
