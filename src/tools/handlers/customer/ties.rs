//! People of Desk and the companies that they belong to: a contact may belong to several, one of them its own.

use futures_util::future::join_all;
use serde_json::Value;

use super::found::{Found, MATCHES, Total};
use super::pages::page;
use super::{distinct, id_of, module};
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::handlers::account;
use crate::tools::output::project::{Page, Record, Refused};
use crate::tools::request;
use crate::zoho::{Read, Session};

/// Contacts whose numbers are compared at most.
pub(super) const COMPARED: usize = 100;

/// Characters of a company's name that Desk searches for at least (OAS, searchContacts).
const SHORTEST: usize = 3;

/// How many accounts a contact belongs to, which is shown where they are several.
const ACCOUNTS: &str = "accountCount";
/// Members of people that are shown or compared.
pub(super) const CONTACT: &[&str] = &[
    "id",
    "firstName",
    "lastName",
    "email",
    "secondaryEmail",
    "phone",
    "mobile",
    "account",
    "accountId",
    ACCOUNTS,
];
/// Members of their companies.
pub(super) const ACCOUNT: &[&str] = &["id", "accountName", "phone", "website"];
/// People, and their ties to companies.
pub(super) struct People {
    pub(super) found: Found,
    pub(super) ties: Ties,
    /// Whether all of them were looked at for their accounts.
    pub(super) are_all: bool,
}

/// The ids of the accounts that people have as their own, and of those who belong to others, too.
pub(super) struct Ties {
    own: Vec<String>,
    several: Vec<String>,
}

impl Ties {
    /// Those of these contacts.
    pub(super) fn of(people: &[Record]) -> Self {
        let account = |person: &Record| {
            let plain = person.shown.get("accountId").and_then(Value::as_str);
            let plain = plain.map(str::to_owned);
            plain.or_else(|| id_of(person.shown.get("account")))
        };
        let several = people.iter().filter(|person| belongs_to_several(person));
        Ties {
            own: distinct(people.iter().filter_map(account)),
            several: several.filter_map(|person| person.id.clone()).collect(),
        }
    }
}

/// A number, or a text of one.
fn belongs_to_several(person: &Record) -> bool {
    let count = person.shown.get(ACCOUNTS);
    let count = count.and_then(|count| count.as_u64().or_else(|| count.as_str()?.parse().ok()));
    count.is_some_and(|count| count > 1)
}

/// A page of people or companies, without the number of a person's accounts where that is one.
pub(super) async fn rows(session: &Session, request: Read, fields: &[&str]) -> Result<Page, ToolError> {
    let mut page = page(session, request, fields).await?;
    for record in &mut page.records {
        if !belongs_to_several(record) {
            record.shown.shift_remove(ACCOUNTS);
        }
    }
    Ok(page)
}

/// The contacts that a search finds by one parameter.
pub(super) async fn contacts(
    session: &Session,
    param: &str,
    value: &str,
    most: usize,
) -> Result<Page, ToolError> {
    let request = request::desk::search(&module(Product::Desk, "Contacts")?.module)
        .with_query(param, value)
        .with_query("limit", most.to_string());
    rows(session, request, CONTACT).await
}

/// Whether the page holds all rows that were found.
pub(super) fn is_whole(page: &Page) -> bool {
    let looked_at = page.records.len() + page.refused.len();
    match page.total {
        Some(total) => total <= looked_at as u64,
        None => looked_at < COMPARED,
    }
}

/// The pages that came, and the last failure.
pub(super) fn parted(
    outcomes: impl IntoIterator<Item = Result<Page, ToolError>>,
) -> (Vec<Page>, Option<ToolError>) {
    let (mut pages, mut failure) = (Vec::new(), None);
    for outcome in outcomes {
        match outcome {
            Ok(page) => pages.push(page),
            Err(error) => failure = Some(error),
        }
    }
    (pages, failure)
}

/// The rows of several pages that fit, each once, what was refused of them, and whether that is all there are.
pub(super) fn joined(pages: Vec<Page>, fits: impl Fn(&Record) -> bool) -> (Vec<Record>, Vec<Refused>, bool) {
    let (mut records, mut refused, mut are_all): (Vec<Record>, _, _) = (Vec::new(), Vec::new(), true);
    for page in pages {
        are_all &= is_whole(&page);
        refused.extend(page.refused);
        for record in page.records {
            if fits(&record) && !records.iter().any(|known| known.id == record.id) {
                records.push(record);
            }
        }
    }
    (records, refused, are_all)
}

/// People, and the accounts they belong to: their own, and the others of those who are shown.
pub(super) async fn with_accounts(
    session: &Session,
    people: People,
) -> (Result<Found, ToolError>, Result<Found, ToolError>) {
    let ties = &people.ties;
    let own = ties.own.iter().take(MATCHES);
    let others = ties.several.iter().take(MATCHES);
    let (own, others) = tokio::join!(
        join_all(own.map(|id| one_account(session, id))),
        join_all(others.map(|id| accounts_of(session, id)))
    );
    let are_tied = others.iter().all(Result::is_ok) && ties.several.len() <= MATCHES;
    let (pages, failure) = parted(own.into_iter().chain(others));
    let (records, refused, are_whole) = joined(pages, |_| true);
    let are_all = people.are_all && are_whole && are_tied;
    let read = records.iter().filter_map(|account| account.id.clone());
    let total = Total::Exactly(distinct(ties.own.iter().cloned().chain(read)).len());
    let accounts = module(Product::Desk, "Accounts").map(|module| {
        let found = Found::among(session, &module, records, total).of_first(!are_all);
        found.but_for(failure, refused)
    });
    (Ok(people.found), accounts)
}

async fn one_account(session: &Session, id: &str) -> Result<Page, ToolError> {
    let account = account::one(session, id, ACCOUNT).await?;
    Ok(Page {
        records: vec![account],
        ..Page::default()
    })
}

/// All accounts that a contact belongs to (OAS, getAccountsByContact).
async fn accounts_of(session: &Session, contact: &str) -> Result<Page, ToolError> {
    page(session, tied(["contacts", contact, "accounts"])?, ACCOUNT).await
}

/// All contacts that belong to an account, be it their own or another of theirs (OAS, getContactsUnderAccount).
async fn contacts_of(session: &Session, account: &str) -> Result<Page, ToolError> {
    rows(session, tied(["accounts", account, "contacts"])?, CONTACT).await
}

fn tied(path: [&str; 3]) -> Result<Read, ToolError> {
    let scopes = module(Product::Desk, "Contacts")?.module.scopes.clone();
    let request = Read::get(Product::Desk, path).with_scopes(scopes);
    Ok(request.with_query("limit", COMPARED.to_string()))
}

/// The people of the companies that are called so: those whose own one is, and all who belong to one that is shown.
pub(super) async fn people_of(
    session: &Session,
    name: &str,
    companies: Option<&Found>,
) -> Result<Found, ToolError> {
    let has_own = !name.contains(',') && name.trim_matches('*').chars().count() >= SHORTEST;
    let own = async || match has_own {
        true => contacts(session, "accountName", &request::part_of(name), COMPARED).await,
        false => Ok(Page::default()),
    };
    let ids = companies.map(Found::shown_ids).unwrap_or_default();
    let (own, theirs) = tokio::join!(own(), join_all(ids.iter().map(|id| contacts_of(session, id))));
    let (mut pages, failure) = parted(theirs);
    pages.insert(0, own?);
    let (records, refused, are_whole) = joined(pages, |_| true);
    let are_shown = companies.is_some_and(|companies| companies.counts(ids.len()));
    let total = Total::Exactly(records.len());
    let found = Found::among(session, &module(Product::Desk, "Contacts")?, records, total);
    let are_all = are_whole && are_shown && failure.is_none();
    Ok(found.of_first(!are_all).but_for(failure, refused))
}
