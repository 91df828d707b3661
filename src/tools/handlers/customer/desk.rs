//! The customer in Desk: contacts and accounts, each with its open cases.

use super::found::{BESIDE, Found, Lists, MATCHES, page};
use super::{Context, Known, distinct, id_of, module, phone};
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::output::project::{Page, Projection, Record};
use crate::tools::request;
use crate::zoho::{Read, Session};
use futures_util::future::try_join_all;
use serde_json::Value;

/// Contacts whose numbers are compared at most.
const COMPARED: usize = 100;

const CONTACT: &[&str] = &[
    "id",
    "firstName",
    "lastName",
    "email",
    "phone",
    "mobile",
    "account",
    "accountId",
];
const ACCOUNT: &[&str] = &["id", "accountName", "phone", "website"];
const CASE: &[&str] = &[
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
    let (mut people, mut companies) = match known {
        Known::Email(email) => {
            let (people, asked) = (contacts(session, "email", email, MATCHES).await?, MATCHES);
            theirs(session, people, asked).await?
        }
        Known::Phone(number) => theirs(session, by_phone(session, number).await?, COMPARED).await?,
        Known::Name(name) => {
            let (people, companies) = tokio::join!(
                contacts(session, "fullName", name, MATCHES),
                companies_like(session, name)
            );
            (shown(session, "Contacts", people?, MATCHES)?, companies?)
        }
    };
    for (found, param) in [(&mut people, "contactId"), (&mut companies, "accountId")] {
        let ids = found.matches.iter().take(MATCHES).map(|one| one.id().to_owned());
        let ids: Vec<String> = ids.collect();
        let cases = try_join_all(ids.iter().map(|id| open_cases(session, param, id))).await?;
        for (one, cases) in found.matches.iter_mut().zip(cases) {
            one.beside = Some(("open_cases", cases));
        }
    }
    Ok(vec![("contacts", people), ("accounts", companies)])
}

fn shown(session: &Session, name: &str, page: Page, asked: usize) -> Result<Found, ToolError> {
    Ok(Found::of(session, &module(Product::Desk, name)?, page, asked))
}

/// People, and the accounts they belong to.
async fn theirs(session: &Session, people: Page, asked: usize) -> Result<(Found, Found), ToolError> {
    let account = |person: &Record| {
        let plain = person.shown.get("accountId").and_then(Value::as_str);
        let plain = plain.map(str::to_owned);
        plain.or_else(|| id_of(person.shown.get("account")))
    };
    let ids = distinct(people.records.iter().filter_map(account));
    let accounts = ids.iter().take(MATCHES).map(|id| {
        let request = Read::get(Product::Desk, ["accounts", id.as_str()]);
        one_account(session, request)
    });
    let accounts = Page {
        records: try_join_all(accounts).await?,
        total: Some(ids.len() as u64),
        ..Page::default()
    };
    let known = people.records.len();
    let people = shown(session, "Contacts", people, asked)?;
    let more = !people.counts(known);
    Ok((
        people,
        shown(session, "Accounts", accounts, MATCHES)?.of_first(more),
    ))
}

async fn one_account(session: &Session, request: Read) -> Result<Record, ToolError> {
    let scopes = module(Product::Desk, "Accounts")?.module.scopes.clone();
    let fields: Vec<String> = ACCOUNT.iter().map(|&field| field.to_owned()).collect();
    let projection = Projection {
        fields: Some(&fields),
        html: &[],
    };
    let response = session.read(&request.with_scopes(scopes)).await?;
    projection.record(&response.body).await
}

async fn contacts(session: &Session, param: &str, value: &str, most: usize) -> Result<Page, ToolError> {
    let request = request::desk::search(&module(Product::Desk, "Contacts")?.module)
        .with_query(param, value)
        .with_query("limit", most.to_string());
    page(session, request, CONTACT).await
}

/// The contacts with this number in either field, whatever its notation.
async fn by_phone(session: &Session, number: &str) -> Result<Page, ToolError> {
    let Some(pattern) = phone::pattern(number) else {
        let fix = "send the whole number, or the e-mail address or the name".to_owned();
        return Err(ToolError::argument(
            "/phone",
            "at least three digits",
            number,
            Some(fix),
        ));
    };
    let (phones, mobiles) = tokio::join!(
        contacts(session, "phone", &pattern, COMPARED),
        contacts(session, "mobile", &pattern, COMPARED)
    );
    let mut found = Page::default();
    let mut all_compared = true;
    for page in [phones?, mobiles?] {
        all_compared &= page.records.len() < COMPARED;
        for person in page.records {
            let numbers = ["phone", "mobile"].map(|key| person.shown.get(key).and_then(Value::as_str));
            let fits = numbers.into_iter().flatten().any(|own| phone::same(own, number));
            if fits && !found.records.iter().any(|known| known.id == person.id) {
                found.records.push(person);
            }
        }
    }
    found
        .info
        .insert("more_records".to_owned(), Value::Bool(!all_compared));
    Ok(found)
}

/// Accounts with these words anywhere in their name: Desk compares the whole name unless told otherwise.
async fn companies_like(session: &Session, name: &str) -> Result<Found, ToolError> {
    let part = if name.contains('*') {
        name.to_owned()
    } else {
        format!("*{name}*")
    };
    let request = request::desk::search(&module(Product::Desk, "Accounts")?.module)
        .with_query("accountName", part)
        .with_query("limit", MATCHES.to_string());
    shown(
        session,
        "Accounts",
        page(session, request, ACCOUNT).await?,
        MATCHES,
    )
}

/// The newest cases that are not closed, counted by Desk's own search.
async fn open_cases(session: &Session, param: &str, id: &str) -> Result<Found, ToolError> {
    let cases = module(Product::Desk, "Cases")?;
    let request = request::desk::search(&cases.module)
        .with_query(param, id)
        .with_query("status", "${OPEN},${ONHOLD}")
        .with_query("sortBy", "-createdTime")
        .with_query("limit", BESIDE.to_string());
    shown(session, "Cases", page(session, request, CASE).await?, BESIDE)
}
