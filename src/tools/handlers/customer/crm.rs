//! The customer in CRM: contacts, leads and accounts; contacts and accounts with their deals.

use futures_util::future::join_all;
use serde_json::Value;

use super::found::{Found, Lists, Match, Total, all_but_failures};
use super::pages::{page, page_of_address};
use super::{Context, Known, called, distinct, id_of, module};
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::handlers::hidden;
use crate::tools::modules::Subject;
use crate::tools::output::currency::{SYMBOL, settle_currency};
use crate::tools::output::project::{Page, Record};
use crate::tools::request::{self, phone};
use crate::zoho::{Read, Session};

/// Rows asked for: CRM does not count a list, so the page is as large as it can be.
const PAGE: usize = 200;

/// Whether a lead has become a customer: Zoho leaves such out unless they are asked for, and they come last here.
const CONVERTED: &str = "Converted__s";
/// Where a name may stand, whole or in the address.
const NAMES: &[&str] = &[
    "Full_Name",
    "Account_Name.name",
    "Account_Name",
    "Company",
    "Email",
    "Website",
];
/// The list beside a match.
const DEALS: &str = "deals";
const DEAL: &[&str] = &["id", "Deal_Name", "Stage", "Amount", "Currency", "Closing_Date"];

pub(super) async fn find(context: Context<'_>, known: Known<'_>) -> Result<Lists, ToolError> {
    let session = context.session(Product::Crm).await?;
    let (contacts, leads) = tokio::join!(
        matches(session, "Contacts", known),
        matches(session, "Leads", known)
    );
    let accounts = match (known, &contacts) {
        // Accounts have no e-mail address.
        (Known::Email(_), Ok(contacts)) => theirs(session, contacts).await,
        (Known::Email(_), Err(error)) => Err(error.clone()),
        _ => matches(session, "Accounts", known).await,
    };
    let mut lists = all_but_failures([("contacts", contacts), ("leads", leads), ("accounts", accounts)])?;
    if let Known::Name(name) = known
        && lists.iter().all(|(_, found)| found.is_nothing())
        && let Some(word) = called::telling_word(name)
    {
        let (contacts, leads, accounts) = tokio::join!(
            with_the_word(session, "Contacts", word, name),
            with_the_word(session, "Leads", word, name),
            with_the_word(session, "Accounts", word, name)
        );
        lists = all_but_failures([("contacts", contacts), ("leads", leads), ("accounts", accounts)])?;
    }
    for (name, found) in &mut lists {
        let parent = match *name {
            "contacts" => "Contacts",
            "accounts" => "Accounts",
            _ => continue,
        };
        let ids = found.shown_ids();
        let deals = join_all(ids.iter().map(|id| deals(session, parent, id))).await;
        found.put_beside(DEALS, deals);
    }
    Ok(lists)
}

/// What is told of members that these have in every organization and this person is not shown.
pub(super) async fn tell_hidden(context: Context<'_>, session: &Session, lists: &Lists) -> Vec<String> {
    let matches = lists.iter().flat_map(|(_, found)| &found.matches);
    let beside = matches.filter_map(|one| one.beside.as_ref());
    let deals: Vec<&Match> = beside.flat_map(|(_, found)| &found.matches).collect();
    let of_kinds = lists.iter();
    let of_kinds = of_kinds.map(|(name, found)| (*name, found.matches.iter().collect::<Vec<&Match>>()));
    let mut told = Vec::new();
    for (name, all) in of_kinds.chain([(DEALS, deals)]) {
        let Ok(subject) = module(Product::Crm, name) else {
            continue;
        };
        let asked = |field: &&String| name != DEALS || DEAL.contains(&field.as_str());
        let fields = subject.module.fields.iter().filter(asked);
        let lacking = hidden::lacking_of(fields, |field| all.iter().any(|one| one.record.has(field)));
        if !all.is_empty() {
            told.extend(hidden::tell(context, session, &subject, &lacking).await);
        }
    }
    told
}

async fn matches(session: &Session, name: &str, known: Known<'_>) -> Result<Found, ToolError> {
    let subject = module(Product::Crm, name)?;
    let search = |param: &'static str, value: &str| search(&subject, param, value);
    match known {
        Known::Name(words) => {
            let words = called::orders(words).into_iter().next().unwrap_or_default();
            let mut found = rows(session, &subject, search("word", &words)?, &[]).await?;
            let field = if name == "Accounts" {
                "Account_Name"
            } else {
                "Full_Name"
            };
            let is_whole = |record: &Record| {
                let own = record.shown.get(field).and_then(Value::as_str);
                own.is_some_and(|own| own.trim().to_lowercase() == words.to_lowercase())
            };
            found.records.sort_by_key(|record| !is_whole(record));
            Ok(Found::of(session, &subject, found, PAGE))
        }
        Known::Email(email) => {
            let found = rows(session, &subject, search("email", email)?, &[]).await?;
            let (found, alike) = page_of_address(found, &["Email", "Secondary_Email"], email);
            Ok(Found::of(session, &subject, found, PAGE).but_for_alike(alike))
        }
        Known::Phone(number) => {
            let texts = phone::texts(number);
            let requests = texts.iter().map(|text| search("phone", text));
            let requests = requests.collect::<Result<Vec<Read>, ToolError>>()?;
            let more: &[&'static str] = if name == "Accounts" { &[] } else { &["Mobile"] };
            let pages = requests
                .into_iter()
                .map(|request| rows(session, &subject, request, more));
            let mut all = Page::default();
            for page in join_all(pages).await {
                join(&mut all, page?);
            }
            all.records.retain(|record| {
                let own = ["Phone", "Mobile"].into_iter();
                let own: Vec<&str> = own
                    .filter_map(|field| record.shown.get(field)?.as_str())
                    .collect();
                own.is_empty() || own.iter().any(|own| phone::same(own, number))
            });
            Ok(Found::of(session, &subject, all, PAGE).doubted(phone::AS_WRITTEN))
        }
    }
}

/// A search of a module, those among what it finds that are left out by themselves.
fn search(subject: &Subject, param: &'static str, value: &str) -> Result<Read, ToolError> {
    let request = request::crm::search(&subject.module)?;
    let hidden = subject.module.hidden.iter().map(|hidden| &hidden.param);
    let request = hidden.fold(request, |request, (param, all)| {
        request.with_query(param.as_str(), all.as_str())
    });
    Ok(request.with_query(param, value))
}

/// Those of a module that are found by a word anywhere and have all words of the name, as people write it.
async fn with_the_word(session: &Session, name: &str, word: &str, wanted: &str) -> Result<Found, ToolError> {
    let subject = module(Product::Crm, name)?;
    let mut page = rows(session, &subject, search(&subject, "word", word)?, &[]).await?;
    let are_all = page.info.get("more_records").and_then(Value::as_bool) != Some(true);
    page.records
        .retain(|record| called::fits(&record.shown, NAMES, wanted));
    let total = Total::Exactly(page.records.len());
    let found = Found::among(session, &subject, page.records, total).of_first(!are_all);
    Ok(found.but_for(None, page.refused).near(called::BY_A_WORD))
}

/// The rows of one page more, each once; where one of the pages goes on there may be more.
fn join(all: &mut Page, page: Page) {
    let goes_on = |page: &Page| page.info.get("more_records").and_then(Value::as_bool) == Some(true);
    let more = goes_on(all) || goes_on(&page);
    for record in page.records {
        if !all.records.iter().any(|known| known.id == record.id) {
            all.records.push(record);
        }
    }
    all.refused.extend(page.refused);
    all.info.insert("more_records".to_owned(), Value::Bool(more));
}

/// The accounts that contacts belong to.
async fn theirs(session: &Session, contacts: &Found) -> Result<Found, ToolError> {
    let lookups = contacts
        .matches
        .iter()
        .map(|one| one.record.shown.get("Account_Name"));
    let ids = distinct(lookups.filter_map(id_of));
    let more = !contacts.counts(contacts.matches.len());
    if ids.is_empty() {
        return Ok(Found::default().of_first(more));
    }
    let scopes = module(Product::Crm, "Accounts")?.module.scopes.clone();
    let request = Read::get(Product::Crm, ["Accounts"]).with_scopes(scopes);
    let accounts = listed(session, "Accounts", request.with_query("ids", ids.join(","))).await?;
    Ok(accounts.of_first(more))
}

async fn listed(session: &Session, name: &str, request: Read) -> Result<Found, ToolError> {
    let subject = module(Product::Crm, name)?;
    let found = rows(session, &subject, request, &[]).await?;
    Ok(Found::of(session, &subject, found, PAGE))
}

async fn rows(
    session: &Session,
    subject: &Subject,
    request: Read,
    more: &[&'static str],
) -> Result<Page, ToolError> {
    let mut fields: Vec<&str> = subject.module.fields.iter().map(String::as_str).collect();
    fields.extend(more);
    fields.extend((subject.module.hidden.is_some()).then_some(CONVERTED));
    let request = request
        .with_query("fields", fields.join(","))
        .with_query("per_page", PAGE.to_string());
    let mut page = amounts(session, request, &fields).await?;
    let is_converted = |record: &Record| record.shown.get(CONVERTED) == Some(&Value::Bool(true));
    page.records.sort_by_key(is_converted);
    for record in &mut page.records {
        if !is_converted(record) {
            record.shown.shift_remove(CONVERTED);
        }
    }
    Ok(page)
}

/// A page of records with what their amounts are in.
async fn amounts(session: &Session, request: Read, fields: &[&str]) -> Result<Page, ToolError> {
    let fields: Vec<&str> = fields.iter().copied().chain([SYMBOL]).collect();
    let mut page = page(session, request, &fields).await?;
    for record in &mut page.records {
        settle_currency(&mut record.shown);
    }
    Ok(page)
}

async fn deals(session: &Session, parent: &str, id: &str) -> Result<Found, ToolError> {
    let subject = module(Product::Crm, "Deals")?;
    let request = Read::get(Product::Crm, [parent, id, "Deals"])
        .with_query("fields", DEAL.join(","))
        .with_query("per_page", PAGE.to_string())
        .with_scopes(subject.module.scopes.clone());
    Ok(Found::of(
        session,
        &subject,
        amounts(session, request, DEAL).await?,
        PAGE,
    ))
}
