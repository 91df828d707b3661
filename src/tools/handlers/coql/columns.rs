//! What a query selects, and what is to be told of it: what its amounts are in, and what has no value.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::grammar::{self, Column};
use super::module_read;
use crate::connections::Product;
use crate::tools::handlers::Context;
use crate::tools::handlers::amounts::{self, Currency};
use crate::tools::modules;
use crate::tools::output::Answer;
use crate::tools::output::currency::{CURRENCY, is_amount};
use crate::tools::output::project::Record;
use crate::zoho::Session;

/// Told of amounts where an organization has several currencies, or does not say that it has one.
const UNNAMED: &str = "Zoho names no currency for these amounts: select {} beside them.";
const SUMMED: &str =
    "Amounts are put together here whatever their currency, and Zoho names no single one. By currency: ";
/// In place of a query that cannot be written anew, or is too long to be told once more.
const BY_CURRENCY: &str = "select {} first and group by it, or ask for one in `where`.";
/// Characters of a query that is told.
const TOLD: usize = 1000;
/// Zoho's word for a field of amounts.
const OF_AMOUNTS: &str = "currency";

impl Column<'_> {
    /// Whether it is how many there are, of whatever.
    fn counts(&self) -> bool {
        let function = self.function.unwrap_or_default();
        function.to_lowercase().starts_with("count")
    }

    /// Whether its values, each or together, are amounts by the name of their field.
    fn has_amounts(&self) -> bool {
        !self.counts() && is_amount(self.field)
    }

    /// The field that says what its amounts are in: of the same record as they.
    fn currency(&self) -> String {
        match self.field.rsplit_once('.') {
            Some((of, _)) => format!("{of}.{CURRENCY}"),
            None => CURRENCY.to_owned(),
        }
    }

    /// Whether a function puts values of the module's own field together, and its name tells nothing of them.
    fn is_unsaid(&self) -> bool {
        self.function.is_some() && !self.counts() && !self.field.contains('.') && !is_amount(self.field)
    }

    /// The member of the rows that has it; Zoho writes functions in capitals.
    fn key(&self, rows: &[Record]) -> String {
        let own = match (self.alias, self.function) {
            (Some(alias), _) => return alias.to_owned(),
            (None, Some(function)) => format!("{}({})", function.to_uppercase(), self.field),
            (None, None) => self.field.to_owned(),
        };
        let mut keys = rows.iter().flat_map(|row| row.shown.keys());
        keys.find(|key| key.eq_ignore_ascii_case(&own))
            .cloned()
            .unwrap_or(own)
    }
}

/// The fields that the columns show to which the query gives names of its own, by those names.
pub(super) fn renamed(query: &str) -> BTreeMap<String, String> {
    let columns = grammar::columns(query).into_iter();
    columns
        .filter_map(|column| Some((column.alias?.to_owned(), column.field.to_owned())))
        .collect()
}

/// Shows null where a function has no value: a group without one is not a group that was not asked for.
pub(super) fn keep_empty(rows: &mut [Record], query: &str) {
    let columns = grammar::columns(query);
    let functions = columns.iter().filter(|column| column.function.is_some());
    let keys: Vec<String> = functions.map(|column| column.key(rows)).collect();
    for row in rows {
        let lacking: Map<String, Value> = keys
            .iter()
            .filter(|key| !row.shown.contains_key(*key))
            .map(|key| (key.clone(), Value::Null))
            .collect();
        row.shown.extend(lacking);
    }
}

/// Told of columns whose records are shown by their ids alone: by what their names are selected.
pub(super) fn tell_nameless(rows: &[Record], query: &str) -> Option<String> {
    let subject = super::module_read(query)?;
    let name = |column: &Column<'_>| {
        let target = subject.module.refers_to(column.field)?;
        let name = modules::find(Product::Crm, target)?
            .fields
            .iter()
            .find(|field| *field != "id")?;
        let key = column.key(rows);
        let mut values = rows.iter().filter_map(|row| row.shown.get(&key)?.as_object());
        let is_nameless = values.any(|value| value.contains_key("id") && !value.contains_key("name"));
        is_nameless.then(|| format!("`{}.{name}`", column.field))
    };
    let names: Vec<String> = grammar::columns(query).iter().filter_map(name).collect();
    let told = || {
        format!(
            "Ids alone stand for other records: {} has their names, in `group by`, too.",
            names.join(", ")
        )
    };
    (!names.is_empty()).then(told)
}

/// The answer with what its amounts are in, unless the query itself tells currencies apart.
pub(super) async fn tell_currency(
    answer: Answer,
    context: Context<'_>,
    session: &Session,
    query: &str,
) -> Answer {
    let columns = grammar::columns(query);
    let has_rows = answer.body.get("count").is_some_and(|count| *count != 0);
    if !has_rows {
        return answer;
    }
    let is_untold = |column: &&Column<'_>| !grammar::tells_apart(query, &column.currency());
    let untold: Vec<&Column<'_>> = columns.iter().filter(is_untold).collect();
    let with_amounts = untold.iter().filter(|column| column.has_amounts());
    let mut currencies: BTreeSet<String> = with_amounts.clone().map(|column| column.currency()).collect();
    let mut are_summed = with_amounts.clone().any(|column| column.function.is_some());
    let unsaid = untold.iter().filter(|column| column.is_unsaid());
    let unsaid: Vec<&str> = unsaid.map(|column| column.field).collect();
    if any_amounts(context, session, query, &unsaid).await {
        currencies.insert(CURRENCY.to_owned());
        are_summed = true;
    }
    if currencies.is_empty() {
        return answer;
    }
    let currencies: Vec<&str> = currencies.iter().map(String::as_str).collect();
    let currency = amounts::known_currency(context, session, true).await;
    let told = match (&currency, are_summed) {
        (Some(Currency::Unnamed), true) => tell_summed(query, &currencies),
        _ => UNNAMED.replace("{}", &in_quotes(&currencies)),
    };
    amounts::tell(answer, currency, &told)
}

/// Whether one of these fields holds amounts by what the settings say of it.
async fn any_amounts(context: Context<'_>, session: &Session, query: &str, names: &[&str]) -> bool {
    let Some(subject) = module_read(query).filter(|_| !names.is_empty()) else {
        return false;
    };
    let Ok((fields, _)) = context.invocation.fields(session, &subject, false).await else {
        return false;
    };
    let mut fields = fields.iter().filter(|field| field.kind == OF_AMOUNTS);
    fields.any(|field| names.contains(&field.api_name.as_str()))
}

/// What is told of amounts that were put together, with the query that keeps their currencies apart.
fn tell_summed(query: &str, currencies: &[&str]) -> String {
    let apart = grammar::grouped_by(query, &currencies.join(", "));
    let apart = apart.filter(|apart| apart.chars().count() <= TOLD);
    let apart = apart.map(|apart| format!("`{apart}`"));
    let apart = apart.unwrap_or_else(|| BY_CURRENCY.replace("{}", &in_quotes(currencies)));
    format!("{SUMMED}{apart}")
}

fn in_quotes(names: &[&str]) -> String {
    format!("`{}`", names.join("`, `"))
}
