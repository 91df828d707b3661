//! The customer in Desk: contacts and accounts, each with its open cases.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::{Map, Value, json};

use super::found::{BESIDE, Found, Lists, Total, all_but_failures};
use super::pages::{page, page_of_address, page_of_name};
use super::ties::{
    self, ACCOUNT, COMPARED, CONTACT, People, Ties, contacts, is_whole, joined, parted, with_accounts,
};
use super::{Context, Known, called, module};
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::handlers::records::fit_page;
use crate::tools::output::project::{Page, Record};
use crate::tools::reading;
use crate::tools::request::{self, Ids, ListQuery, phone};
use crate::zoho::Session;

/// The numbers of a contact, and what is told where they are not shown.
const NUMBERS: [&str; 2] = ["phone", "mobile"];
const HIDDEN: &str = "Zoho shows this person no phone numbers of contacts, and finds nobody by one for them: ask by e-mail \
    address or name. An administrator of Zoho can show them to their profile.";

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
    let (people, companies) = match known {
        Known::Email(email) => with_accounts(session, of_address(session, email).await?).await,
        Known::Phone(number) => {
            let (people, called) = tokio::join!(of_number(session, number), companies_of(session, number));
            let mut people = people?;
            if people.found.is_nothing() && are_hidden(context, session).await {
                people.found = people.found.doubted(HIDDEN);
            }
            let is_nobody = people.found.is_nothing();
            let (people, theirs) = with_accounts(session, people).await;
            match called {
                Ok(called) if is_nobody && called.is_nothing() => {
                    (people, companies_with(context, session, number).await)
                }
                called => (people, both(theirs, called)),
            }
        }
        Known::Name(name) => {
            let name = request::in_one_line(name);
            let called = people_and_companies(session, &name).await;
            match (&called, called::telling_word(&name)) {
                ((Ok(people), Ok(companies)), Some(word))
                    if people.is_nothing() && companies.is_nothing() =>
                {
                    tokio::join!(
                        with_the_word(session, "Contacts", word, &name),
                        with_the_word(session, "Accounts", word, &name)
                    )
                }
                _ => called,
            }
        }
    };
    let mut lists = all_but_failures([("contacts", people), ("accounts", companies)])?;
    name_accounts(&mut lists);
    for (name, found) in &mut lists {
        let param = match *name {
            "contacts" => "contactId",
            _ => "accountId",
        };
        let ids = found.shown_ids();
        let cases = join_all(ids.iter().map(|id| open_cases(session, param, id))).await;
        found.put_beside("open_cases", cases);
    }
    Ok(lists)
}

/// Puts the name of their account beside its id, where it is among the accounts that were found.
fn name_accounts(lists: &mut Lists) {
    let accounts = lists.iter().filter(|(kind, _)| *kind == "accounts");
    let accounts = accounts.flat_map(|(_, found)| &found.matches);
    let named = accounts.filter_map(|one| {
        let name = one.record.shown.get("accountName")?.clone();
        Some((one.id().to_owned(), name))
    });
    let named: BTreeMap<String, Value> = named.collect();
    let people = lists.iter_mut().filter(|(kind, _)| *kind == "contacts");
    for person in people.flat_map(|(_, found)| &mut found.matches) {
        let shown = &mut person.record.shown;
        let name = shown.get("accountId").and_then(Value::as_str);
        let name = name.and_then(|id| named.get(id));
        if let (Some(name), false) = (name, shown.contains_key("account")) {
            shown.insert("account".to_owned(), name.clone());
        }
    }
}

/// The accounts of people, and those found by themselves; one of the lists may have failed.
fn both(theirs: Result<Found, ToolError>, own: Result<Found, ToolError>) -> Result<Found, ToolError> {
    match (theirs, own) {
        (Ok(theirs), Ok(own)) => Ok(theirs.with(own)),
        (Ok(theirs), Err(failure)) => Ok(theirs.but_for(Some(failure), Vec::new())),
        (Err(failure), Ok(own)) => Ok(own.but_for(Some(failure), Vec::new())),
        (Err(failure), Err(_)) => Err(failure),
    }
}

/// Whether the numbers of contacts are not shown to this person: Zoho finds nobody by them then, without a word.
async fn are_hidden(context: Context<'_>, session: &Session) -> bool {
    let Ok(subject) = module(Product::Desk, "Contacts") else {
        return false;
    };
    let Ok((fields, _)) = context.invocation.fields(session, &subject, false).await else {
        return false;
    };
    let mut described = fields.iter().filter(|field| !field.label.is_empty()).peekable();
    described.peek().is_some() && !described.any(|field| NUMBERS.contains(&field.api_name.as_str()))
}

fn shown(session: &Session, name: &str, page: Page, asked: usize) -> Result<Found, ToolError> {
    Ok(Found::of(session, &module(Product::Desk, name)?, page, asked))
}

async fn of_address(session: &Session, email: &str) -> Result<People, ToolError> {
    let page = contacts(session, "email", email, COMPARED).await?;
    let (page, alike) = page_of_address(page, &["email", "secondaryEmail"], email);
    let (ties, known) = (Ties::of(&page.records), page.records.len());
    let found = shown(session, "Contacts", page, COMPARED)?.but_for_alike(alike);
    Ok(People {
        ties,
        are_all: found.counts(known),
        found,
    })
}

/// The contacts with this number in either field, whatever its notation.
async fn of_number(session: &Session, number: &str) -> Result<People, ToolError> {
    let Some(patterns) = phone::patterns(number) else {
        let fix = "send the whole number, or the e-mail address or the name".to_owned();
        return Err(ToolError::argument(
            "/phone",
            "at least three digits",
            number,
            Some(fix),
        ));
    };
    let places = NUMBERS.into_iter();
    let asked = places.flat_map(|place| patterns.iter().map(move |pattern| (place, pattern)));
    let pages = asked.map(|(place, pattern)| contacts(session, place, pattern, COMPARED));
    let (pages, failure) = parted(join_all(pages).await);
    if let (true, Some(error)) = (pages.is_empty(), &failure) {
        return Err(error.clone());
    }
    let fits = |person: &Record| {
        let mut own = NUMBERS.iter().filter_map(|key| person.shown.get(*key)?.as_str());
        own.any(|own| phone::same(own, number))
    };
    let (records, refused, mut are_all) = joined(pages, fits);
    are_all &= failure.is_none() && refused.is_empty();
    let total = match are_all {
        true => Total::Exactly(records.len()),
        false => Total::AtLeast(records.len()),
    };
    let ties = Ties::of(&records);
    let found = Found::among(session, &module(Product::Desk, "Contacts")?, records, total);
    Ok(People {
        found: found.but_for(failure, refused).doubted(phone::BY_END),
        ties,
        are_all,
    })
}

/// The accounts with this number: their search has no parameter for it, all their texts are looked through.
async fn companies_of(session: &Session, number: &str) -> Result<Found, ToolError> {
    let subject = module(Product::Desk, "Accounts")?;
    let texts = phone::texts(number).into_iter().chain(phone::last_digits(number));
    let pages = texts.map(|text| {
        let request = request::desk::search(&subject.module)
            .with_query("_all", text)
            .with_query("limit", COMPARED.to_string());
        page(session, request, ACCOUNT)
    });
    let pages = join_all(pages)
        .await
        .into_iter()
        .collect::<Result<Vec<Page>, ToolError>>()?;
    let fits = |account: &Record| {
        let own = account.shown.get("phone").and_then(Value::as_str);
        own.is_some_and(|own| phone::same(own, number))
    };
    let (records, refused, are_all) = joined(pages, fits);
    let total = Total::Exactly(records.len());
    let found = Found::among(session, &subject, records, total).of_first(!are_all);
    Ok(found.but_for(None, refused).doubted(phone::AS_WRITTEN))
}

/// The accounts with this number in whatever notation, among the first pages of all: no search finds a number whose last
/// digits are written apart.
async fn companies_with(context: Context<'_>, session: &Session, number: &str) -> Result<Found, ToolError> {
    let subject = module(Product::Desk, "Accounts")?;
    let arguments = Map::from_iter([("filters".to_owned(), json!({ "phone": number }))]);
    let mut query = ListQuery::read(&subject.module, Product::Desk, &arguments, false);
    query.fields = ACCOUNT.iter().map(|&field| field.to_owned()).collect();
    let build = |ids: &Ids| request::list(&query, Product::Desk, context.zone, ids);
    let drafted = build(&Ids::default())?;
    let (list, _) = context.finish(session, &subject, drafted, build).await?;
    let list = fit_page(list, Product::Desk);
    let drawn = reading::draw(session, list, None, COMPARED, context.invocation.now()).await?;
    let is_all = !drawn.after(drawn.rows.len()).more && drawn.broken.is_none();
    let refused = drawn.refused_before(drawn.rows.len());
    let total = Total::Exactly(drawn.rows.len());
    let found = Found::among(session, &subject, drawn.rows, total).of_first(!is_all);
    let found = found.but_for(drawn.broken, refused);
    Ok(if is_all {
        found
    } else {
        found.doubted(phone::AS_WRITTEN)
    })
}

/// The people of a name in any of its orders; none where nobody is called so.
async fn people_called(session: &Session, name: &str) -> Result<Option<Found>, ToolError> {
    let orders = called::orders(name).into_iter();
    let mut orders = orders.chain(name.contains(',').then(|| name.to_owned()));
    let first = orders.next().unwrap_or_default();
    let page = named(session, "Contacts", "fullName", &first).await?;
    if has_rows(&page) {
        return shown(session, "Contacts", page, COMPARED).map(Some);
    }
    let others: Vec<String> = orders.collect();
    let others = others
        .iter()
        .map(|order| named(session, "Contacts", "fullName", order));
    for page in join_all(others).await {
        let page = page?;
        if has_rows(&page) {
            return shown(session, "Contacts", page, COMPARED).map(Some);
        }
    }
    Ok(None)
}

/// Whom and which companies are called so; where no person is, the people of these companies.
async fn people_and_companies(
    session: &Session,
    name: &str,
) -> (Result<Found, ToolError>, Result<Found, ToolError>) {
    let (people, companies) = tokio::join!(people_called(session, name), companies_called(session, name));
    let people = match people {
        Ok(None) => ties::people_of(session, name, companies.as_ref().ok()).await,
        Ok(Some(found)) => Ok(found),
        Err(failure) => Err(failure),
    };
    (people, companies)
}

fn has_rows(page: &Page) -> bool {
    !page.records.is_empty() || !page.refused.is_empty()
}

async fn companies_called(session: &Session, name: &str) -> Result<Found, ToolError> {
    let page = named(session, "Accounts", "accountName", name).await?;
    shown(session, "Accounts", page, COMPARED)
}

/// Those of a module with these words anywhere in their name: Desk compares some names as a whole unless told otherwise.
async fn named(session: &Session, module: &str, param: &str, name: &str) -> Result<Page, ToolError> {
    let (fields, shown_as): (&[&str], &[&str]) = match param {
        "fullName" => (CONTACT, &["firstName", "lastName"]),
        _ => (ACCOUNT, &["accountName"]),
    };
    let request = request::desk::search(&self::module(Product::Desk, module)?.module)
        .with_query(param, request::part_of(name))
        .with_query("limit", COMPARED.to_string());
    Ok(page_of_name(
        ties::rows(session, request, fields).await?,
        shown_as,
        name,
    ))
}

/// Those of a module that are found by a word anywhere and have all words of the name, as people write it.
async fn with_the_word(session: &Session, name: &str, word: &str, wanted: &str) -> Result<Found, ToolError> {
    let subject = module(Product::Desk, name)?;
    let (fields, places): (&[&str], &[&str]) = match name {
        "Contacts" => (
            CONTACT,
            &[
                "firstName",
                "lastName",
                "account.accountName",
                "email",
                "secondaryEmail",
            ],
        ),
        _ => (ACCOUNT, &["accountName", "website"]),
    };
    let request = request::desk::search(&subject.module)
        .with_query("_all", word)
        .with_query("limit", COMPARED.to_string());
    let mut page = ties::rows(session, request, fields).await?;
    let are_all = is_whole(&page);
    page.records
        .retain(|record| called::fits(&record.shown, places, wanted));
    let total = Total::Exactly(page.records.len());
    let found = Found::among(session, &subject, page.records, total).of_first(!are_all);
    Ok(found.but_for(None, page.refused).near(called::BY_A_WORD))
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
