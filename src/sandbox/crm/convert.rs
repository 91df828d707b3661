//! Lead conversion: a lead becomes a contact, an account and, if asked for, a deal.

use serde_json::{Value, json};

use super::answer::{self, Answer, results, success};
use super::call::Call;
use super::schema::{self, Module, Row};
use super::state::Crm;
use super::{change, time, write};
use crate::http::Reply;

fn module(name: &str) -> &'static Module {
    schema::module(name).expect("conversion targets are modules")
}

/// The lead of the path, which must not have been converted.
fn lead(crm: &mut Crm, call: &Call<'_>) -> Result<(u64, Row), Reply> {
    let id = call.find(crm, module("Leads"), 0)?;
    let row = crm.table(module("Leads")).rows[&id].clone();
    if row["Converted__s"] == true {
        return Err(answer::refuse(
            400,
            "ID_ALREADY_CONVERTED",
            &json!({ "resource_path_index": 1 }),
            "id already converted",
        ));
    }
    Ok((id, row))
}

/// `POST /Leads/{id}/actions/convert`.
pub(crate) fn run(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let (id, lead) = lead(crm, call)?;
    let wish = call.objects(&call.body()?, "data", 1)?.remove(0);
    let owner = match wish.get("assign_to").or_else(|| wish.get("owner")) {
        Some(user) => {
            let user = user["id"]
                .as_str()
                .or(user.as_str())
                .and_then(|id| crm.user(id))
                .filter(|user| user["status"] == "active");
            let user =
                user.ok_or_else(|| answer::invalid("jsonobject", "assign_to", "$.data[0].assign_to"))?;
            crm.user_reference(user)
        }
        None => lead["Owner"].clone(),
    };
    let existing_account = given(crm, &wish, "Accounts")?;
    let existing_contact = given(crm, &wish, "Contacts")?;
    check_deal(&wish)?;
    let tags = |name: &str| {
        wish.get("carry_over_tags")
            .map_or(Value::Null, |carry| carry[name].clone())
    };
    let account = match existing_account {
        Some(id) => Some(id),
        None => company(crm, &lead, &owner, &tags("Accounts")),
    };
    let reference = account
        .and_then(|id| crm.reference(module("Accounts"), id))
        .unwrap_or(Value::Null);
    let contact = existing_contact.unwrap_or_else(|| {
        let same = [
            "Salutation",
            "First_Name",
            "Last_Name",
            "Email",
            "Secondary_Email",
            "Phone",
            "Mobile",
            "Lead_Source",
            "Description",
        ];
        let mut values: Row = same
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), lead.get(*name)?.clone())))
            .collect();
        values.insert(
            "Title".to_owned(),
            lead.get("Designation").cloned().unwrap_or_default(),
        );
        values.insert("Account_Name".to_owned(), reference.clone());
        values.insert("Owner".to_owned(), owner.clone());
        values.insert("Tag".to_owned(), tags("Contacts"));
        write::store(crm, module("Contacts"), values)
    });
    let contact_reference = crm.reference(module("Contacts"), contact).unwrap_or(Value::Null);
    let deal = wish.get("Deals").and_then(Value::as_object).map(|deal| {
        let known = |name: &&String| module("Deals").field(name).is_some_and(|field| !field.read_only);
        let mut values: Row = deal
            .iter()
            .filter(|(name, _)| known(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        values.insert("Account_Name".to_owned(), reference.clone());
        values.insert("Contact_Name".to_owned(), contact_reference.clone());
        values.insert("Owner".to_owned(), owner.clone());
        values.insert("Tag".to_owned(), tags("Deals"));
        write::store(crm, module("Deals"), values)
    });
    let deal = deal
        .and_then(|id| crm.reference(module("Deals"), id))
        .unwrap_or(Value::Null);
    let mut marks = Row::new();
    marks.insert("Converted__s".to_owned(), json!(true));
    marks.insert("Converted_Date_Time".to_owned(), json!(time::iso(crm.now)));
    for (name, value) in [
        ("Converted_Account", &reference),
        ("Converted_Contact", &contact_reference),
        ("Converted_Deal", &deal),
    ] {
        marks.insert(name.to_owned(), value.clone());
    }
    let by = crm.me();
    let detail = json!({ "convert_date": time::date(crm.now), "converted_by": by["id"], "contact": contact_reference["id"], "account": reference["id"], "deal": deal["id"] });
    marks.insert("$converted_detail".to_owned(), detail);
    change::apply(crm, module("Leads"), id, marks, "converted");
    let details = json!({ "Contacts": contact_reference, "Deals": deal, "Accounts": reference });
    Ok(results(
        200,
        vec![success(&details, "The record has been converted successfully")],
    ))
}

/// The existing record the lead is to be merged into.
fn given(crm: &mut Crm, wish: &Row, name: &str) -> Result<Option<u64>, Reply> {
    let Some(wanted) = wish.get(name).filter(|wanted| !wanted.is_null()) else {
        return Ok(None);
    };
    let id = wanted["id"]
        .as_str()
        .or(wanted.as_str())
        .and_then(|id| id.parse().ok());
    let found = id.filter(|id| crm.row(module(name), *id).is_some());
    let details = json!({ "api_name": name, "json_path": format!("$.data[0].{name}.id") });
    found
        .map(Some)
        .ok_or_else(|| answer::refuse(400, "INVALID_DATA", &details, "the id given seems to be invalid"))
}

fn company(crm: &mut Crm, lead: &Row, owner: &Value, tags: &Value) -> Option<u64> {
    let name = lead.get("Company").filter(|name| !name.is_null())?;
    let twin = crm
        .table(module("Accounts"))
        .rows
        .iter()
        .find(|(_, row)| row.get("Account_Name") == Some(name))
        .map(|(id, _)| *id);
    Some(twin.unwrap_or_else(|| {
        let same = ["Phone", "Website", "Industry", "Annual_Revenue"];
        let mut values: Row = same
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), lead.get(*name)?.clone())))
            .collect();
        values.insert("Account_Name".to_owned(), name.clone());
        values.insert("Owner".to_owned(), owner.clone());
        values.insert("Tag".to_owned(), tags.clone());
        write::store(crm, module("Accounts"), values)
    }))
}

fn check_deal(wish: &Row) -> Result<(), Reply> {
    let Some(deal) = wish.get("Deals").filter(|deal| !deal.is_null()) else {
        return Ok(());
    };
    let path = |name: &str| format!("$.data[0].Deals.{name}");
    for name in ["Deal_Name", "Closing_Date", "Stage", "Pipeline"] {
        if deal[name].as_str().is_none_or(str::is_empty) {
            return Err(answer::mandatory(name, &path(name)));
        }
    }
    if !deal["Closing_Date"].as_str().is_some_and(time::is_date) {
        return Err(answer::invalid("date", "Closing_Date", &path("Closing_Date")));
    }
    if !deal["Amount"].is_null() && deal["Amount"].as_f64().is_none() {
        return Err(answer::invalid("double", "Amount", &path("Amount")));
    }
    let stages = module("Deals")
        .field("Stage")
        .map_or(&[][..], |field| &field.pick);
    if !deal["Stage"]
        .as_str()
        .is_some_and(|stage| stages.iter().any(|other| other == stage))
    {
        let details = json!({ "api_name": "Stage", "json_path": path("Stage") });
        return Err(answer::refuse(
            400,
            "MAPPING_MISMATCH",
            &details,
            "the stage is not part of the pipeline",
        ));
    }
    Ok(())
}

/// `GET /Leads/{id}/__conversion_options`: the accounts and contacts the lead may be merged into.
pub(crate) fn options(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let (_, lead) = lead(crm, call)?;
    let mut like = |name: &str, field: &str, value: Option<&Value>| {
        let value = value.filter(|value| !value.is_null());
        let rows = crm
            .table(module(name))
            .rows
            .values()
            .filter(|row| value.is_some() && row.get(field) == value);
        let rows = rows.map(|row| json!({ "id": row["id"], "name": row.get(&module(name).display) }));
        Value::Array(rows.collect())
    };
    let contacts = like("Contacts", "Email", lead.get("Email"));
    let accounts = like("Accounts", "Account_Name", lead.get("Company"));
    let options = json!({
        "module_preference": { "api_name": "Accounts", "id": super::seeds::module_id(module("Accounts")) },
        "Contacts": contacts, "Deals": null, "Accounts": accounts, "preference_field_matched_value": null,
        "modules_with_multiple_layouts": [],
    });
    Ok(Reply::json(200, &json!({ "__conversion_options": options })))
}
