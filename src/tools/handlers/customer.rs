//! `find_customer`: one person or company in both products, side by side.

mod called;
mod crm;
mod desk;
mod found;
mod pages;
mod ties;

use found::Lists;
use serde_json::{Map, Value};

use super::{Context, amounts, departments};
use crate::connections::Product;
use crate::tools::error::{Code, ToolError};
use crate::tools::modules::{self, Subject};
use crate::tools::output::Answer;
use crate::tools::output::currency::UNNAMED;
use crate::tools::request::{phone, text};

/// Told where a list is shorter than what there is.
const CUT: &str = "Not all of every list is shown: where one was cut, `_total` beside it says how many there are, \
    or `_total_at_least` how many at least; \
    search_records has the rest.";

/// Told beside contacts of CRM.
const NOT_LOOKED_AT: &str =
    "Not looked at in CRM: Cases, Tasks, Calls and Events of these people; get_related_records lists them.";

/// What is known of the customer.
#[derive(Clone, Copy)]
enum Known<'a> {
    Email(&'a str),
    Phone(&'a str),
    Name(&'a str),
}

/// Asks both products at once; one that is not connected is named and stops nothing.
pub(super) async fn find(context: Context<'_>) -> Result<Answer, ToolError> {
    let given = ["email", "phone", "name"].map(|key| text(context.arguments, key).map(str::trim));
    let known = match given {
        [Some(email), None, None] => Known::Email(email),
        [None, Some(phone), None] => Known::Phone(phone),
        [None, None, Some(name)] => Known::Name(name),
        _ => {
            let fix = "send one of email, phone, name; the e-mail address is surest".to_owned();
            return Err(ToolError::argument(
                "/email",
                "exactly one of email, phone, name",
                "none or several",
                Some(fix),
            ));
        }
    };
    if let Known::Phone(number) = known {
        check_is_one(number)?;
    }
    let (desk, crm) = tokio::join!(desk::find(context, known), crm::find(context, known));
    if let (Err(error), Err(_)) = (&desk, &crm) {
        return Err(error.clone());
    }
    let mut lists: Vec<(Product, Lists)> = Vec::new();
    let mut answer = Answer::default();
    for (product, outcome) in [(Product::Desk, desk), (Product::Crm, crm)] {
        match outcome {
            Ok(found) => lists.push((product, found)),
            Err(error) if error.code == Code::InvalidArguments => return Err(error),
            Err(error) => answer.notes.push(format!(
                "{product} could not be asked: {} {}",
                error.error, error.next
            )),
        }
    }
    let has_any = |(_, found): &(&str, found::Found)| !found.matches.is_empty();
    let of_crm = lists.iter().filter(|(product, _)| *product == Product::Crm);
    let in_crm = of_crm
        .flat_map(|(_, lists)| lists)
        .any(|found| found.0 == "contacts" && has_any(found));
    // Who could not be looked for may be there.
    let is_unknown = |found: &(&str, found::Found)| has_any(found) || found.1.has_failed();
    let nobody = lists.iter().filter(|(_, lists)| !lists.iter().any(is_unknown));
    let nobody: Vec<&str> = nobody.map(|(product, _)| product.as_str()).collect();
    let is_partial = !answer.notes.is_empty();
    let by_digits = matches!(known, Known::Phone(number) if phone::is_piece(number));
    answer.notes.extend(by_digits.then(|| phone::PIECE.to_owned()));
    if let Known::Phone(number) = known {
        answer.notes.extend(phone::tell_extension(number));
    }
    answer.notes.extend(in_crm.then(|| NOT_LOOKED_AT.to_owned()));
    let of_crm = lists.iter().filter(|(product, _)| *product == Product::Crm);
    let matches = of_crm
        .flat_map(|(_, lists)| lists)
        .flat_map(|(_, found)| &found.matches);
    let beside = matches.filter_map(|one| one.beside.as_ref());
    let deals = beside
        .flat_map(|(_, found)| &found.matches)
        .map(|one| &one.record.shown);
    if let Ok(session) = context.session(Product::Crm).await {
        let currency = amounts::currency_of(context, session, deals, true).await;
        answer = amounts::tell(answer, currency, UNNAMED);
        for (_, lists) in lists.iter().filter(|(product, _)| *product == Product::Crm) {
            answer
                .notes
                .extend(crm::tell_hidden(context, session, lists).await);
        }
    }
    if lists.iter().any(|(product, _)| *product == Product::Desk) {
        let (session, cases) = (
            context.session(Product::Desk).await?,
            module(Product::Desk, "Cases")?,
        );
        answer
            .notes
            .extend(departments::tell(context, session, &cases.module, &[]).await);
    }
    if matches!(known, Known::Name(_)) && !nobody.is_empty() {
        let told = format!("{}: {}", nobody.join(", "), called::NOBODY);
        answer.notes.push(told);
    }
    let shown = found::fitting(&lists);
    answer.notes.extend(shown.is_cut.then(|| CUT.to_owned()));
    if !shown.refusals.is_empty() || is_partial {
        answer = answer.with("complete", false);
    }
    answer
        .notes
        .extend(shown.refusals.into_iter().chain(shown.remarks));
    Ok(answer.with("data", shown.data).with("count", shown.count))
}

/// Several numbers would be compared as one.
fn check_is_one(number: &str) -> Result<(), ToolError> {
    let each = phone::several(number);
    if each.len() < 2 {
        return Ok(());
    }
    let fix = format!("one call for each: phone:\"{}\"", each.join("\", then phone:\""));
    Err(ToolError::argument("/phone", "one number", "several", Some(fix)))
}

fn module(product: Product, name: &str) -> Result<Subject, ToolError> {
    modules::subject(name, Some(product)).map_err(|unknown| ToolError::internal(&unknown.got))
}

/// The id in a lookup, which carries a name beside it.
fn id_of(lookup: Option<&Value>) -> Option<String> {
    let id = lookup?.get("id")?.as_str()?;
    Some(id.to_owned())
}

/// Ids in their order, each once.
fn distinct(ids: impl Iterator<Item = String>) -> Vec<String> {
    let each: Map<String, Value> = ids.map(|id| (id, Value::Null)).collect();
    each.into_iter().map(|(id, _)| id).collect()
}
