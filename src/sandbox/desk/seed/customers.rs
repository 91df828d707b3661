//! Contacts, accounts, products and contracts of an organization.

use serde_json::{Value, json};

use super::{Kind, World, tickets};
use crate::desk::modules::{self, Row};
use crate::desk::times;
use crate::people;

/// Since when each contact and each account is there, in seconds since 1970: since before their first case.
struct Since {
    contacts: Vec<i64>,
    accounts: Vec<i64>,
}

impl Since {
    fn of(world: &World) -> Self {
        let first = tickets::first_of_contacts(world);
        let mut contacts: Vec<i64> = (0..)
            .zip(&first)
            .map(|(index, first)| {
                let own = world.sometime(&mut world.dice("contact", index));
                first.map_or(own, |first| own.min(first - 60))
            })
            .collect();
        let mut people = vec![Vec::new(); world.accounts as usize];
        for contact in 0..contacts.len() {
            if let Some(account) = world.account_of(contact as u64) {
                people[account as usize].push(contact);
            }
        }
        let accounts = (0..).zip(&people).map(|(account, here): (u64, &Vec<usize>)| {
            // The first two may read along in a case of any of the others.
            let case = here.iter().filter_map(|contact| first[*contact]).min();
            for contact in here.iter().take(2) {
                contacts[*contact] =
                    case.map_or(contacts[*contact], |case| contacts[*contact].min(case - 60));
            }
            let own = world.sometime(&mut world.dice("account", account));
            here.iter()
                .map(|contact| contacts[*contact] - 3600)
                .fold(own, i64::min)
        });
        let accounts = accounts.collect();
        Since { contacts, accounts }
    }
}

/// Contacts: contact `index` is person `index`.
pub(crate) fn contacts(world: &World) -> Vec<Row> {
    let since = Since::of(world).contacts;
    (0..)
        .zip(since)
        .map(|(index, since)| contact(world, index, since))
        .collect()
}

fn contact(world: &World, index: u64, since: i64) -> Row {
    let person = world.person(index);
    let mut dice = world.dice("contact", index);
    let id = world.id(Kind::CONTACT, index);
    let account = world
        .account_of(index)
        .map(|account| world.id(Kind::ACCOUNT, account));
    world.sometime(&mut dice);
    let created = times::written_second(since);
    let tier = dice
        .chance(60)
        .then(|| *dice.pick(&["Standard", "Gold", "Platinum"]));
    let product = dice
        .chance(30)
        .then(|| world.id(Kind::PRODUCT, dice.below(world.products())));
    let mut row = modules::blank("contacts");
    for (key, value) in [
        ("id", json!(id)),
        ("firstName", json!(person.first_name)),
        ("lastName", json!(person.last_name)),
        ("email", json!(person.email)),
        ("phone", json!(person.phone)),
        (
            "mobile",
            json!(dice.chance(30).then(|| person.phone.replace(' ', ""))),
        ),
        ("type", json!(dice.chance(20).then_some("Paid User"))),
        ("accountId", json!(account)),
        ("accountCount", json!(if account.is_some() { "1" } else { "0" })),
        (
            "ownerId",
            json!(world.id(Kind::AGENT, dice.below(world.agents()))),
        ),
        ("createdTime", json!(created)),
        ("modifiedTime", json!(created)),
        ("isEndUser", json!(dice.chance(25))),
        ("webUrl", json!(world.web_url("Contacts", &id))),
        ("title", json!(person.title)),
        ("layoutId", json!(world.id(Kind::LAYOUT, 1))),
        (
            "layoutDetails",
            json!({"id": world.id(Kind::LAYOUT, 1), "layoutName": "Contacts"}),
        ),
        ("cf", json!({"cf_customer_tier": tier})),
        ("customFields", json!({"Customer tier": tier})),
        ("_accounts", json!(account.iter().collect::<Vec<_>>())),
        ("_products", json!(product.iter().collect::<Vec<_>>())),
        ("zohoCRMContact", in_crm(world, index)),
        ("customerHappiness", happiness(world, index)),
    ] {
        row.insert(key.to_owned(), value);
    }
    if let Some(account) = world.account_of(index).map(|account| world.company(account)) {
        row.insert("city".into(), account.city.into());
        row.insert("country".into(), account.country.into());
    }
    row
}

/// The same person in CRM, which is tied to the first organization.
fn in_crm(world: &World, contact: u64) -> Value {
    let known = people::crm_contact(contact).filter(|_| world.which == 0);
    known.map_or(
        Value::Null,
        |id| json!({"id": id.to_string(), "type": "contacts"}),
    )
}

fn account_in_crm(world: &World, account: u64) -> Value {
    let known = people::crm_account(account).filter(|_| world.which == 0);
    known.map_or(Value::Null, |id| json!({"id": id.to_string()}))
}

/// How those of a contact's ratings came out, of whom most have given none.
fn happiness(world: &World, contact: u64) -> Value {
    let mut dice = world.dice("happiness", contact);
    let [bad, ok, good] = match dice.chance(35) {
        true => *dice.pick(&[
            [0, 0, 100],
            [0, 0, 100],
            [0, 25, 75],
            [50, 0, 50],
            [0, 100, 0],
            [100, 0, 0],
        ]),
        false => [0; 3],
    };
    json!({"badPercentage": bad.to_string(), "okPercentage": ok.to_string(), "goodPercentage": good.to_string()})
}

/// Accounts: account `index` is company `index`.
pub(crate) fn accounts(world: &World) -> Vec<Row> {
    (0..)
        .zip(Since::of(world).accounts)
        .map(|(index, since)| {
            let company = world.company(index);
            let mut dice = world.dice("account", index);
            let id = world.id(Kind::ACCOUNT, index);
            world.sometime(&mut dice);
            let created = times::written_second(since);
            let region = *dice.pick(&["North", "South", "West", "East"]);
            let mut row = modules::blank("accounts");
            for (key, value) in [
                ("id", json!(id)),
                ("accountName", json!(company.name)),
                (
                    "email",
                    json!(dice.chance(60).then(|| format!("office@{}", company.domain))),
                ),
                ("phone", json!(company.phone)),
                ("website", json!(format!("https://{}", company.domain))),
                ("createdTime", json!(created)),
                ("modifiedTime", json!(created)),
                ("webUrl", json!(world.web_url("Accounts", &id))),
                ("zohoCRMAccount", account_in_crm(world, index)),
                ("industry", json!(company.industry)),
                ("annualrevenue", json!("0.0")),
                ("city", json!(company.city)),
                ("country", json!(company.country)),
                (
                    "ownerId",
                    json!(world.id(Kind::AGENT, dice.below(world.agents()))),
                ),
                ("layoutId", json!(world.id(Kind::LAYOUT, 2))),
                ("cf", json!({"cf_region": region})),
                ("customFields", json!({"Region": region})),
                (
                    "_products",
                    json!([world.id(Kind::PRODUCT, dice.below(world.products()))]),
                ),
            ] {
                row.insert(key.to_owned(), value);
            }
            row
        })
        .collect()
}

/// Products.
pub(crate) fn products(world: &World) -> Vec<Row> {
    (0u64..)
        .zip(people::serviced(world.which))
        .map(|(index, people::Product(name, code, price, ..))| {
            let mut row = modules::blank("products");
            for (key, value) in [
                ("id", json!(world.id(Kind::PRODUCT, index))),
                ("productName", json!(name)),
                ("productCode", json!(code)),
                ("unitPrice", json!(format!("{price:?}"))),
                (
                    "departmentIds",
                    json!([world.id(Kind::DEPARTMENT, 0), world.id(Kind::DEPARTMENT, 1)]),
                ),
                ("ownerId", json!(world.id(Kind::AGENT, index % world.agents()))),
                ("layoutId", json!(world.id(Kind::LAYOUT, 7))),
                ("createdTime", json!(world.founded())),
                ("modifiedTime", json!(world.founded())),
            ] {
                row.insert(key.to_owned(), value);
            }
            row
        })
        .collect()
}

/// Contracts with some of the accounts.
pub(crate) fn contracts(world: &World) -> Vec<Row> {
    (0..world.accounts / 3)
        .map(|index| {
            let plan = ["Gold", "Silver", "Bronze"][index as usize % 3];
            let active = index % 2 == 1;
            let year = world.year() - i16::from(!active);
            let mut row = modules::blank("contracts");
            for (key, value) in [
                ("id", json!(world.id(Kind::CONTRACT, index))),
                ("contractName", json!(format!("{plan} care {}", 310 + index))),
                ("contractNumber", json!(format!("C-{:04}", 310 + index))),
                ("accountId", json!(world.id(Kind::ACCOUNT, index * 3))),
                ("contractStatus", json!(if active { "ACTIVE" } else { "EXPIRED" })),
                ("startDate", json!(format!("{year}-01-01"))),
                ("endDate", json!(format!("{year}-12-31"))),
                ("departmentId", json!(world.id(Kind::DEPARTMENT, 0))),
                ("ownerId", json!(world.id(Kind::AGENT, 0))),
                ("associatedSLAId", json!(world.id(Kind::SETTING, 40))),
                ("slaName", json!("Urgent in four hours, else in a day")),
                ("description", Value::Null),
                ("layoutId", json!(world.id(Kind::LAYOUT, 6))),
                ("createdTime", json!(world.founded())),
                ("modifiedTime", json!(world.founded())),
            ] {
                row.insert(key.to_owned(), value);
            }
            row
        })
        .collect()
}
