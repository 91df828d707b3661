//! The customer in CRM: contacts, leads and accounts; contacts and accounts with their deals.

use super::found::{Found, Lists, all_but_failures, page};
use super::{Context, Known, distinct, id_of, module};
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::request;
use crate::zoho::{Read, Session};
use futures_util::future::join_all;

/// Rows asked for: CRM does not count a list, so the page is as large as it can be.
const PAGE: usize = 200;

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
    for (name, found) in &mut lists {
        let parent = match *name {
            "contacts" => "Contacts",
            "accounts" => "Accounts",
            _ => continue,
        };
        let ids = found.shown_ids();
        let deals = join_all(ids.iter().map(|id| deals(session, parent, id))).await;
        found.put_beside("deals", deals);
    }
    Ok(lists)
}

async fn matches(session: &Session, name: &str, known: Known<'_>) -> Result<Found, ToolError> {
    let request = request::crm::search(&module(Product::Crm, name)?.module)?;
    let (param, value) = match known {
        Known::Email(email) => ("email", email),
        Known::Phone(phone) => ("phone", phone),
        Known::Name(words) => ("word", words),
    };
    listed(session, name, request.with_query(param, value)).await
}

/// The accounts that contacts belong to.
async fn theirs(session: &Session, contacts: &Found) -> Result<Found, ToolError> {
    let lookups = contacts.matches.iter().map(|one| one.shown.get("Account_Name"));
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
    let fields: Vec<&str> = subject.module.fields.iter().map(String::as_str).collect();
    let request = request
        .with_query("fields", fields.join(","))
        .with_query("per_page", PAGE.to_string());
    Ok(Found::of(
        session,
        &subject,
        page(session, request, &fields).await?,
        PAGE,
    ))
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
        page(session, request, DEAL).await?,
        PAGE,
    ))
}
