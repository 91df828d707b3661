//! `find_customer`: everything of a customer is there or counted, however the customer was named.

use serde_json::{Value, json};
use zoho_mcp::tools::output::list::BUDGET;

use crate::bed::Bed;
use crate::desk_client::Desk;

fn rows<'a>(found: &'a Value, product: &str, kind: &str) -> &'a Vec<Value> {
    found["data"][product][kind].as_array().unwrap()
}

/// A customer of Desk with an account, a phone number for the desk and one for the road.
async fn customer(desk: &Desk) -> (String, String) {
    let company = json!({ "accountName": "Acme Werkzeugbau GmbH" });
    let company = desk.post("/accounts", company).await["id"].clone();
    let contact = json!({
        "lastName": "Zimmerer", "email": "z@acme-werkzeugbau.example", "accountId": company,
        "phone": "+49 (30) 901820-11", "mobile": "+49 151 2345678",
    });
    let contact = desk.post("/contacts", contact).await["id"].clone();
    let text = |id: Value| id.as_str().unwrap().to_owned();
    (text(contact), text(company))
}

#[tokio::test]
async fn a_number_is_found_in_either_field_and_any_notation() {
    let bed = Bed::connected().await;
    let (contact, company) = customer(&Desk::of(&bed).await).await;
    let mut wire = bed.client().await;
    for number in [
        "+493090182011",
        "0049 30 901820 11",
        "+49 (0)30 90182011",
        "030 / 90 18 20 11",
        "+49 151 2345678",
        "01512345678",
    ] {
        let found = wire.call("find_customer", json!({ "phone": number })).await;
        let people = rows(&found, "desk", "contacts");
        assert_eq!(people.len(), 1, "{number}: {found:#}");
        assert_eq!(people[0]["id"], contact.as_str(), "{number}");
        assert_eq!(
            rows(&found, "desk", "accounts")[0]["id"],
            company.as_str(),
            "{number}"
        );
    }
    for other in ["+49 151 9345678", "+49 40 90182011", "0211 90182011"] {
        let found = wire.call("find_customer", json!({ "phone": other })).await;
        assert!(rows(&found, "desk", "contacts").is_empty(), "{other}: {found:#}");
    }
}

#[tokio::test]
async fn an_address_leads_to_the_account_and_a_part_of_a_name_to_the_company() {
    let bed = Bed::connected().await;
    let (_, company) = customer(&Desk::of(&bed).await).await;
    let mut wire = bed.client().await;
    for known in [
        json!({ "email": "z@acme-werkzeugbau.example" }),
        json!({ "name": "Acme Werkzeugbau" }),
        json!({ "name": "werkzeugbau" }),
    ] {
        let found = wire.call("find_customer", known.clone()).await;
        let accounts = rows(&found, "desk", "accounts");
        assert!(
            accounts.iter().any(|one| one["id"] == company.as_str()),
            "{known}: {found:#}"
        );
    }
}

#[tokio::test]
async fn open_cases_are_counted_and_none_is_lost_behind_closed_ones() {
    let bed = Bed::connected().await;
    let desk = Desk::of(&bed).await;
    let (contact, _) = customer(&desk).await;
    let department = desk.get("/tickets?limit=1").await["data"][0]["departmentId"].clone();
    let case = |subject: String, status: &str| json!({ "subject": subject, "departmentId": department, "contactId": contact, "status": status });
    for number in 0..12 {
        desk.post("/tickets", case(format!("open {number}"), "Open"))
            .await;
    }
    for number in 0..60 {
        desk.post("/tickets", case(format!("closed {number}"), "Closed"))
            .await;
    }
    let mut wire = bed.client().await;
    let found = wire
        .call("find_customer", json!({ "email": "z@acme-werkzeugbau.example" }))
        .await;
    for kind in ["contacts", "accounts"] {
        let one = &rows(&found, "desk", kind)[0];
        let cases = one["open_cases"].as_array().unwrap();
        assert_eq!(cases.len(), 5, "{kind}: {found:#}");
        assert!(
            cases.iter().all(|case| case["status"] == "Open"),
            "{kind}: {found:#}"
        );
        assert_eq!(one["open_cases_total"], 12, "{kind}: {found:#}");
    }
}

#[tokio::test]
async fn deals_are_found_by_account_and_every_capped_list_is_counted() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (name, contacts) in [("Baobab Ledger Systems", 6), ("Harbourlight Dental Group", 7)] {
        let found = wire.call("find_customer", json!({ "name": name })).await;
        assert!(found.to_string().chars().count() <= BUDGET, "{name}");
        let account = &rows(&found, "crm", "accounts")[0];
        let query = format!(
            "select COUNT(id) from Deals where Account_Name.id = {}",
            account["id"].as_str().unwrap()
        );
        let truth = wire
            .call("run_coql_query", json!({ "select_query": query }))
            .await;
        let truth = truth["data"][0]
            .as_object()
            .unwrap()
            .values()
            .next()
            .unwrap()
            .as_u64();
        let shown = account["deals"].as_array().unwrap();
        let is_bare = shown.iter().any(|deal| deal["Amount"].is_number());
        let told = found["currency"].is_string() || found["notes"].to_string().contains("names no currency");
        assert!(
            is_bare && told,
            "{name}: amounts are told a currency or that none is named: {found:#}"
        );
        let deals = shown.len() as u64;
        let total = account["deals_total"].as_u64().unwrap_or(deals);
        assert_eq!(Some(total), truth, "{name}: {account:#}");
        assert_eq!(
            found["data"]["crm"]["contacts_total"], contacts,
            "{name}: {found:#}"
        );
    }
}

/// searchContacts compares `fullName` in the order the contact has it, and reads a comma as `or`.
#[tokio::test]
async fn a_name_is_found_in_both_orders_and_a_comma_finds_no_stranger() {
    let bed = Bed::connected().await;
    let desk = Desk::of(&bed).await;
    let company = desk
        .post("/accounts", json!({ "accountName": "Orbitalwerk" }))
        .await["id"]
        .clone();
    let person =
        |first: &str, last: &str| json!({ "firstName": first, "lastName": last, "accountId": company });
    let id = desk.post("/contacts", person("Ondra", "Kovarik")).await["id"].clone();
    desk.post("/contacts", person("Ondra", "Fremder")).await;
    let mut wire = bed.client().await;
    for name in [
        "Ondra Kovarik",
        "Kovarik Ondra",
        "Ondra  Kovarik",
        "Kovarik, Ondra",
        " kovarik,ondra ",
    ] {
        let found = wire.call("find_customer", json!({ "name": name })).await;
        let people = rows(&found, "desk", "contacts");
        assert_eq!(people.len(), 1, "{name}: {found:#}");
        assert_eq!(people[0]["id"], id, "{name}");
    }
    let found = wire.call("find_customer", json!({ "name": "Orbitalwerk" })).await;
    assert_eq!(rows(&found, "desk", "contacts").len(), 2, "{found:#}");
    let nobody = wire
        .call("find_customer", json!({ "name": "Xavier Nobodysson" }))
        .await;
    assert!(nobody["notes"].to_string().contains("accents"), "{nobody:#}");
}

/// Whoever is called so as a whole comes first, and who has it in his name anywhere comes, too.
#[tokio::test]
async fn a_person_is_found_by_a_part_of_the_name() {
    let bed = Bed::connected().await;
    let desk = Desk::of(&bed).await;
    for number in 0..7 {
        let last = format!("Zimmerer-{number}");
        let person =
            json!({ "firstName": "Anna", "lastName": last, "email": format!("z{number}@x.example") });
        desk.post("/contacts", person).await;
    }
    desk.post(
        "/contacts",
        json!({ "lastName": "Zimmerer", "email": "z@x.example" }),
    )
    .await;
    let found = bed
        .client()
        .await
        .call("find_customer", json!({ "name": "Zimmerer" }))
        .await;
    let people = rows(&found, "desk", "contacts");
    assert_eq!(people[0]["lastName"], "Zimmerer", "{found:#}");
    assert_eq!(found["data"]["desk"]["contacts_total"], 8, "{found:#}");
}

#[tokio::test]
async fn a_company_is_found_by_its_number_in_any_notation_and_doubt_is_told() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let accounts = json!({ "module": "Accounts", "app_type": "desk", "limit": 5 });
    let accounts = wire.call("get_records", accounts).await;
    let number = accounts["data"][0]["phone"].as_str().unwrap().to_owned();
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let grouped = format!("({}) {}-{}", &digits[1..4], &digits[4..7], &digits[7..]);
    for notation in [number, format!("+{digits}"), format!("00{digits}"), grouped] {
        let found = wire.call("find_customer", json!({ "phone": notation })).await;
        assert_eq!(rows(&found, "desk", "accounts").len(), 1, "{notation}: {found:#}");
    }
    let found = wire
        .call("find_customer", json!({ "phone": "+1 999 000 4713" }))
        .await;
    let notes = found["notes"].to_string();
    // All accounts were looked through.
    assert!(
        !notes.contains("desk accounts: Zoho finds these numbers only"),
        "{found:#}"
    );
    assert!(
        notes.contains("crm contacts: Zoho finds these numbers only"),
        "{found:#}"
    );
}

/// Search Records (v8): `converted` is false by itself; who became a customer is one all the same.
#[tokio::test]
async fn a_lead_that_was_converted_is_found_and_marked() {
    let bed = Bed::connected().await;
    let crm = crate::crm_client::Crm::of(&bed).await;
    let lead =
        json!({ "Last_Name": "Verwandel", "Company": "Verwandel & Co", "Email": "v@verwandel.example" });
    let id = crm.create("Leads", vec![lead]).await.remove(0);
    crm.post(&format!("/Leads/{id}/actions/convert"), json!({ "data": [{}] }))
        .await;
    let mut wire = bed.client().await;
    for known in [
        json!({ "email": "v@verwandel.example" }),
        json!({ "name": "Verwandel" }),
    ] {
        let found = wire.call("find_customer", known).await;
        let leads = rows(&found, "crm", "leads");
        assert_eq!(leads[0]["id"], id.as_str(), "{found:#}");
        assert_eq!(leads[0]["Converted__s"], true, "{found:#}");
    }
    let lead = json!({ "Last_Name": "Unverwandelt", "Company": "Bleibt & Co" });
    crm.create("Leads", vec![lead]).await;
    let plain = wire
        .call("find_customer", json!({ "name": "Unverwandelt" }))
        .await;
    let leads = rows(&plain, "crm", "leads");
    assert_eq!(leads.len(), 1, "{plain:#}");
    assert!(leads[0].get("Converted__s").is_none(), "{plain:#}");
}

/// Trial: who has no keyboard for a name leaves its accents out, and either name may come first.
#[tokio::test]
async fn a_name_without_its_accents_is_found_in_both_products_or_said_to_be_missing() {
    let bed = Bed::connected().await;
    let (desk, crm) = (Desk::of(&bed).await, crate::crm_client::Crm::of(&bed).await);
    let company =
        json!({ "accountName": "Żłóbek Ångström", "website": "https://www.zlobek-angstrom.example" });
    let company = desk.post("/accounts", company).await["id"].clone();
    let person = json!({ "firstName": "Jürmund", "lastName": "Väisänen", "email": "jurmund.vaisanen@zlobek-angstrom.example", "accountId": company });
    let person = desk.post("/contacts", person).await["id"].clone();
    // Found by the same word, and another person.
    let other = json!({ "firstName": "Ada", "lastName": "Vaisanenkova", "email": "ada@zlobek.example" });
    desk.post("/contacts", other).await;
    let contact = json!({ "First_Name": "Jürmund", "Last_Name": "Väisänen", "Email": "jurmund.vaisanen@zlobek-angstrom.example" });
    let contact = crm.create("Contacts", vec![contact]).await.remove(0);
    let account =
        json!({ "Account_Name": "Żłóbek Ångström", "Website": "https://www.zlobek-angstrom.example" });
    let account = crm.create("Accounts", vec![account]).await.remove(0);
    let mut wire = bed.client().await;
    let near = "accents and order left aside";
    for name in ["Jurmund Vaisanen", "Vaisanen Jurmund", "vaisanen, jurmund"] {
        let found = wire.call("find_customer", json!({ "name": name })).await;
        assert_eq!(rows(&found, "desk", "contacts").len(), 1, "{name}: {found:#}");
        assert_eq!(rows(&found, "desk", "contacts")[0]["id"], person, "{name}");
        assert_eq!(
            rows(&found, "crm", "contacts")[0]["id"],
            contact.as_str(),
            "{name}: {found:#}"
        );
        let notes = found["notes"].to_string();
        for list in ["desk contacts: nobody", "crm contacts: nobody"] {
            assert!(notes.contains(list) && notes.contains(near), "{name}: {found:#}");
        }
    }
    let turned = wire
        .call("find_customer", json!({ "name": "Väisänen Jürmund" }))
        .await;
    assert_eq!(
        rows(&turned, "crm", "contacts")[0]["id"],
        contact.as_str(),
        "{turned:#}"
    );
    for name in ["Zlobek", "zlobek angstrom", "zlobek-angstrom.example"] {
        let found = wire.call("find_customer", json!({ "name": name })).await;
        assert_eq!(
            rows(&found, "desk", "accounts")[0]["id"],
            company,
            "{name}: {found:#}"
        );
        assert_eq!(
            rows(&found, "crm", "accounts")[0]["id"],
            account.as_str(),
            "{name}: {found:#}"
        );
    }
    // One product has nobody: it says so, whatever the other has.
    desk.post("/contacts", json!({ "lastName": "Nurimpult" })).await;
    let found = wire.call("find_customer", json!({ "name": "Nurimpult" })).await;
    let notes = found["notes"].to_string();
    assert!(
        notes.contains("crm: nobody") && notes.contains("accents"),
        "{found:#}"
    );
    assert!(!notes.contains("desk: nobody"), "{found:#}");
}
