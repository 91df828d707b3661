//! The customer in Desk: contacts and their accounts, each with the cases that are not closed.

use super::{BESIDE, Found, Known, Lists, MATCHES, TELLING, digits, is_same_number, linked, module, records};
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::handlers::Context;
use crate::tools::output::project::Record;
use crate::tools::request;
use crate::zoho::Session;
use futures_util::future::try_join_all;
use serde_json::{Map, Value};

/// Rows of a search that are looked through for a telephone number.
const ROWS: usize = 50;
/// The fields a telephone number may stand in.
const NUMBERS: [&str; 2] = ["phone", "mobile"];
const PERSON: [&str; 8] = [
    "id",
    "firstName",
    "lastName",
    "email",
    "phone",
    "mobile",
    "accountId",
    "account",
];
const COMPANY: [&str; 5] = ["id", "accountName", "email", "phone", "website"];
const CASE: [&str; 7] = [
    "id",
    "ticketNumber",
    "subject",
    "status",
    "statusType",
    "priority",
    "createdTime",
];

pub(super) async fn find(context: Context<'_>, known: Known<'_>) -> Result<Lists, ToolError> {
    let session = context.session(Product::Desk).await?;
    let (people, companies) = tokio::join!(people(session, known), companies(session, known));
    let (people, mut companies) = (people?, companies?);
    for account in named(session, accounts_of(people.records.iter().take(MATCHES))).await? {
        if !companies.records.iter().any(|one| one.id == account.id) {
            companies.records.push(account);
            companies.total += 1;
        }
    }
    let mut lists = Map::new();
    for (name, by, found) in [
        ("contacts", "contactId", people),
        ("accounts", "accountId", companies),
    ] {
        let subject = module(Product::Desk, name)?;
        let with_cases = found.records.iter().take(MATCHES).map(async |record| {
            let mut record = record.clone();
            let id = record.id.clone().unwrap_or_default();
            let (cases, counted) = open_cases(session, by, &id).await?;
            counted.tell("open_cases", cases, &mut record.shown);
            Ok::<Value, ToolError>(linked(session, &subject, record))
        });
        let shown = try_join_all(with_cases).await?;
        found.tell(name, shown, &mut lists);
    }
    Ok(lists)
}

async fn people(session: &Session, known: Known<'_>) -> Result<Found, ToolError> {
    match known {
        Known::Email(email) => searched(session, "Contacts", "email", email, &PERSON).await,
        Known::Name(name) => searched(session, "Contacts", "fullName", name, &PERSON).await,
        Known::Phone(number) => by_number(session, "Contacts", &NUMBERS, number, &PERSON).await,
    }
}

/// By a part of their name; a customer's own account is known from the contact.
async fn companies(session: &Session, known: Known<'_>) -> Result<Found, ToolError> {
    match known {
        Known::Name(name) => {
            searched(session, "Accounts", "accountName", &format!("*{name}*"), &COMPANY).await
        }
        Known::Email(_) | Known::Phone(_) => Ok(Found::default()),
    }
}

/// Numbers are stored as people write them: asked for as given, and by their last digits with anything between.
async fn by_number(
    session: &Session,
    name: &str,
    params: &[&str],
    number: &str,
    fields: &[&str],
) -> Result<Found, ToolError> {
    let digits = digits(number);
    let last: Vec<String> = digits.chars().rev().take(TELLING).map(String::from).collect();
    let last: Vec<String> = last.into_iter().rev().collect();
    let pattern = format!("*{}*", last.join("*"));
    let asked = params
        .iter()
        .flat_map(|param| [(*param, number), (*param, pattern.as_str())]);
    let found =
        try_join_all(asked.map(|(param, value)| searched(session, name, param, value, fields))).await?;
    let mut all = Found::default();
    for one in found {
        all.at_least |= one.total > one.records.len() as u64;
        for record in one.records {
            let mut numbers = params
                .iter()
                .filter_map(|param| record.shown.get(*param)?.as_str());
            let is_theirs = numbers.any(|own| is_same_number(own, number));
            if is_theirs && !all.records.iter().any(|other| other.id == record.id) {
                all.records.push(record);
            }
        }
    }
    all.total = all.records.len() as u64;
    Ok(all)
}

async fn searched(
    session: &Session,
    name: &str,
    param: &str,
    value: &str,
    fields: &[&str],
) -> Result<Found, ToolError> {
    let subject = module(Product::Desk, name)?;
    let rows = if NUMBERS.contains(&param) { ROWS } else { MATCHES };
    let request = request::desk::search(&subject.module)
        .with_query(param, value)
        .with_query("limit", rows.to_string());
    records(session, request, fields).await
}

/// The accounts that contacts belong to, as their rows name them.
fn accounts_of<'p>(people: impl Iterator<Item = &'p Record>) -> Vec<Record> {
    let mut accounts: Vec<Record> = Vec::new();
    for person in people {
        let account = person.shown.get("account").and_then(Value::as_object);
        let own = |key: &str| account.and_then(|account| account.get(key));
        let id = own("id")
            .or_else(|| person.shown.get("accountId"))
            .and_then(Value::as_str);
        let Some(id) = id.filter(|id| !accounts.iter().any(|other| other.id.as_deref() == Some(id))) else {
            continue;
        };
        let mut shown = Map::new();
        shown.insert("id".to_owned(), Value::from(id));
        for key in ["accountName", "website"] {
            let value = own(key).filter(|value| !value.is_null());
            shown.extend(value.map(|value| (key.to_owned(), value.clone())));
        }
        accounts.push(Record {
            shown,
            id: Some(id.to_owned()),
            web_url: None,
        });
    }
    accounts
}

/// The accounts with their names, where the rows of their contacts have ids only.
async fn named(session: &Session, accounts: Vec<Record>) -> Result<Vec<Record>, ToolError> {
    if accounts
        .iter()
        .all(|account| account.shown.contains_key("accountName"))
    {
        return Ok(accounts);
    }
    let ids: Vec<&str> = accounts
        .iter()
        .filter_map(|account| account.id.as_deref())
        .collect();
    let found = searched(session, "Accounts", "id", &ids.join(","), &COMPANY).await?;
    let mut known = found.records;
    known.extend(accounts);
    let mut seen = Vec::new();
    known.retain(|account| {
        !seen.contains(&account.id) && {
            seen.push(account.id.clone());
            true
        }
    });
    Ok(known)
}

/// The newest cases that are not closed; Zoho's search also says how many there are.
async fn open_cases(session: &Session, by: &str, id: &str) -> Result<(Vec<Value>, Found), ToolError> {
    let cases = module(Product::Desk, "Cases")?;
    let request = request::desk::search(&cases.module)
        .with_query(by, id)
        .with_query("status", "${OPEN},${ONHOLD}")
        .with_query("limit", BESIDE.to_string())
        .with_query("sortBy", "-createdTime");
    let found = records(session, request, &CASE).await?;
    Ok(found.shown(session, &cases, BESIDE))
}
