//! The customer in CRM: contacts, leads and accounts, with the deals of contacts and accounts.

use super::{BESIDE, Found, Known, Lists, MATCHES, linked, module, records};
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::handlers::Context;
use crate::tools::output::project::Record;
use crate::tools::request;
use crate::zoho::{Read, Session};
use futures_util::future::try_join_all;
use serde_json::{Map, Value};

/// Rows read of a list to say how many there are: the most of one page.
const ROWS: usize = 200;
const DEAL: [&str; 5] = ["id", "Deal_Name", "Stage", "Amount", "Closing_Date"];

pub(super) async fn find(context: Context<'_>, known: Known<'_>) -> Result<Lists, ToolError> {
    let session = context.session(Product::Crm).await?;
    let (people, leads, companies) = tokio::join!(
        matches(session, "Contacts", known),
        matches(session, "Leads", known),
        matches(session, "Accounts", known)
    );
    let (people, leads, mut companies) = (people?, leads?, companies?);
    for account in accounts_of(&people.records) {
        if !companies.records.iter().any(|one| one.id == account.id) {
            companies.records.push(account);
            companies.total += 1;
        }
    }
    let mut lists = Map::new();
    for (key, name, found) in [
        ("contacts", "Contacts", people),
        ("leads", "Leads", leads),
        ("accounts", "Accounts", companies),
    ] {
        let subject = module(Product::Crm, name)?;
        let shown = found.records.iter().take(MATCHES).map(async |record| {
            let mut record = record.clone();
            if name != "Leads" {
                let id = record.id.clone().unwrap_or_default();
                let (deals, counted) = deals(session, name, &id).await?;
                counted.tell("deals", deals, &mut record.shown);
            }
            Ok::<Value, ToolError>(linked(session, &subject, record))
        });
        let shown = try_join_all(shown).await?;
        found.tell(key, shown, &mut lists);
    }
    Ok(lists)
}

async fn matches(session: &Session, name: &str, known: Known<'_>) -> Result<Found, ToolError> {
    let module = module(Product::Crm, name)?;
    let request = request::crm::search(&module.module)?;
    let request = match (known, name) {
        (Known::Email(_), "Accounts") => return Ok(Found::default()), // accounts have no e-mail address
        (Known::Email(email), _) => request.with_query("email", email),
        (Known::Phone(phone), _) => request.with_query("phone", phone),
        (Known::Name(words), _) => request.with_query("word", words),
    };
    let fields: Vec<&str> = module.module.fields.iter().map(String::as_str).collect();
    let request = request
        .with_query("fields", fields.join(","))
        .with_query("per_page", ROWS.to_string());
    records(session, request, &fields).await
}

/// The accounts that contacts belong to, as their rows name them.
fn accounts_of(people: &[Record]) -> Vec<Record> {
    let mut accounts: Vec<Record> = Vec::new();
    for person in people.iter().take(MATCHES) {
        let account = person.shown.get("Account_Name").and_then(Value::as_object);
        let of = |key: &str| account.and_then(|account| account.get(key)?.as_str());
        let Some(id) = of("id").filter(|id| !accounts.iter().any(|other| other.id.as_deref() == Some(id)))
        else {
            continue;
        };
        let mut shown = Map::new();
        shown.insert("id".to_owned(), Value::from(id));
        shown.extend(of("name").map(|name| ("Account_Name".to_owned(), Value::from(name))));
        accounts.push(Record {
            shown,
            id: Some(id.to_owned()),
            web_url: None,
        });
    }
    accounts
}

async fn deals(session: &Session, parent: &str, id: &str) -> Result<(Vec<Value>, Found), ToolError> {
    let module = module(Product::Crm, "Deals")?;
    let request = Read::get(Product::Crm, [parent, id, "Deals"]);
    let request = request
        .with_query("fields", DEAL.join(","))
        .with_query("per_page", ROWS.to_string())
        .with_scopes(module.module.scopes.clone());
    let found = records(session, request, &DEAL).await?;
    Ok(found.shown(session, &module, BESIDE))
}
