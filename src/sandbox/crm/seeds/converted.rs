//! Leads that became contacts, some of them with a deal: between those that are still open, older than what they became.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Origin, id, row, subject};
use crate::crm::schema::{self, Module, Row};
use crate::crm::time;
use crate::dice::Dice;

const DAY: i64 = 86_400;

/// What leads became, and how many of them: every which record, if who it is about was known by then.
const BECAME: [(&str, u64, usize); 2] = [("Deals", 4, 8), ("Contacts", 9, 6)];

/// The converted leads by their ids, which lie between those of the leads that are open, in the order in which all came in.
pub(crate) fn rows(origin: Origin<'_>, leads: &'static Module) -> BTreeMap<u64, Row> {
    let mut came = Vec::new();
    for (module, every, most) in BECAME {
        let Some(module) = schema::module(module) else {
            continue;
        };
        let turned = (0..module.rows / every).filter_map(|turn| {
            let index = turn * every + 2;
            let number = leads.rows + module.rows + index;
            lead(origin, leads, number, module, index)
        });
        came.extend(turned.take(most));
    }
    came.sort_by(|one, other| one["Created_Time"].as_str().cmp(&other["Created_Time"].as_str()));
    let mut found: BTreeMap<u64, Row> = BTreeMap::new();
    for mut lead in came {
        let next = found.last_key_value().map_or(0, |(last, _)| last + 1);
        let place = place(origin, leads, &lead).max(next);
        lead.insert("id".to_owned(), json!(place.to_string()));
        found.insert(place, lead);
    }
    found
}

/// The lead that became record `index` of a module, if that was made when its contact and account were there.
fn lead(
    origin: Origin<'_>,
    leads: &'static Module,
    number: u64,
    module: &'static Module,
    index: u64,
) -> Option<Row> {
    let (contacts, accounts) = (schema::module("Contacts")?, schema::module("Accounts")?);
    let (person, company, contact) = subject(origin.seed, origin.known, module, index);
    let became = row(origin, module, index);
    let (known, firm) = (
        row(origin, contacts, contact),
        row(origin, accounts, person.company),
    );
    let then = became["Created_Time"].as_str()?;
    if [&known, &firm]
        .iter()
        .any(|row| row["Created_Time"].as_str() > Some(then))
    {
        return None;
    }
    let mut lead = row(origin, leads, number);
    let before = Dice::new(origin.seed, "came in", number).below(36).cast_signed() + 4;
    let came = time::shift(time::instant(then)?, -before * DAY);
    // Ids lie in the order in which leads came in, and none lies before the first.
    if Some(time::iso(came).as_str()) < row(origin, leads, 0)["Created_Time"].as_str() {
        return None;
    }
    let account = json!({ "name": firm["Account_Name"], "id": firm["id"] });
    let full = format!("{} {}", person.first_name, person.last_name);
    let contact = json!({ "name": full, "id": known["id"] });
    let deal = match module.api_name.as_str() {
        "Deals" => json!({ "name": became["Deal_Name"], "id": became["id"] }),
        _ => Value::Null,
    };
    let owner = became["Owner"].clone();
    let detail = json!({ "convert_date": &then[..10], "converted_by": owner["id"], "contact": contact["id"],
        "account": account["id"], "deal": deal["id"] });
    for (name, value) in [
        ("First_Name", json!(person.first_name)),
        ("Last_Name", json!(person.last_name)),
        ("Email", json!(person.email)),
        ("Phone", json!(person.phone)),
        ("Designation", json!(person.title)),
        ("Company", firm["Account_Name"].clone()),
        ("Industry", json!(company.industry)),
        ("City", json!(company.city)),
        ("Country", json!(company.country)),
        ("Website", json!(format!("https://www.{}", company.domain))),
        ("Lead_Status", json!("Pre-Qualified")),
        ("Created_Time", json!(time::iso(came))),
        ("Modified_Time", json!(then)),
        ("Last_Activity_Time", json!(then)),
        ("Owner", owner.clone()),
        ("Modified_By", owner),
        ("Converted__s", json!(true)),
        ("Converted_Date_Time", json!(then)),
        ("Converted_Account", account),
        ("Converted_Contact", contact),
        ("Converted_Deal", deal),
        ("$converted_detail", detail),
    ] {
        match value.is_null() {
            true => drop(lead.shift_remove(name)),
            false => drop(lead.insert(name.to_owned(), value)),
        }
    }
    lead.shift_remove("Demo_Date");
    Some(lead)
}

/// An id behind that of the last open lead that came in before.
fn place(origin: Origin<'_>, leads: &'static Module, lead: &Row) -> u64 {
    let came = lead["Created_Time"].as_str();
    let older =
        (0..leads.rows).take_while(|index| row(origin, leads, *index)["Created_Time"].as_str() < came);
    id(leads, older.count().saturating_sub(1) as u64) + 5
}
