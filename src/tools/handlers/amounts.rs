//! What the amounts of an answer are in, where nothing beside them says it.

use serde_json::{Map, Value};

use super::Context;
use crate::connections::Product;
use crate::tools::output::Answer;
use crate::tools::output::currency::is_bare;
use crate::zoho::Session;

/// What could not be read, and what follows.
const LIST: &str = "currencies";
const NAMELESS: &str =
    "Amounts stand here without what they are in; get_record shows it beside those of a record.";

/// What is known of them.
pub(super) enum Currency {
    /// The only one of the organization.
    Only(String),
    /// It has several, or does not say which it has.
    Unnamed,
}

/// The currency of rows some of which have amounts that nothing beside them names it of; a page behind the first asks nobody
/// for it. None where no row is without, or it could not be read, which is told.
pub(super) async fn currency_of<'r>(
    context: Context<'_>,
    session: &Session,
    mut rows: impl Iterator<Item = &'r Map<String, Value>>,
    is_first: bool,
) -> Option<Currency> {
    if session.product() != Product::Crm || !rows.any(is_bare) {
        return None;
    }
    known_currency(context, session, is_first).await
}

/// The currency of an organization.
pub(super) async fn known_currency(
    context: Context<'_>,
    session: &Session,
    may_ask: bool,
) -> Option<Currency> {
    let known = &context.invocation.equipment().settings.currency;
    let only = match may_ask {
        true => known.only(session).await,
        false => known.recall(session)?,
    };
    match only {
        Ok(Some(only)) => Some(Currency::Only(only)),
        Ok(None) => may_ask.then_some(Currency::Unnamed),
        Err(failure) => {
            let unread = context.invocation.unread();
            let told = may_ask.then_some(NAMELESS);
            unread.add(Product::Crm, LIST, &failure, told);
            None
        }
    }
}

/// The answer with the currency of its amounts, or with what is told where there are several.
pub(super) fn tell(mut answer: Answer, currency: Option<Currency>, unnamed: &str) -> Answer {
    match currency {
        Some(Currency::Only(only)) => answer.with("currency", only),
        Some(Currency::Unnamed) => {
            answer.notes.push(unnamed.to_owned());
            answer
        }
        None => answer,
    }
}
