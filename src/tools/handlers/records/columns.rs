//! The columns of a page: names that nothing has, and what is told of those that no row shows.

use std::collections::BTreeSet;

use crate::connections::Product;
use crate::names::{clip, letters, most_alike, pointer, tell_nearest};
use crate::tools::error::ToolError;
use crate::tools::handlers::{Context, blind_conditions, unmet_conditions, unseen_fields};
use crate::tools::modules::{self, Module, Subject};
use crate::tools::output::project::Record;
use crate::tools::reading::Drawn;
use crate::tools::request::ListQuery;
use crate::tools::settings::fields::{is_of_one_record, list_known};
use crate::zoho::Session;

/// Names told as the nearest ones of one that nothing has.
const NEAREST: usize = 3;

/// Arguments that rows alone bear out or not, of a page.
///
/// # Errors
/// A name in `fields` of its first page that nothing has.
pub(super) fn settle(query: &ListQuery<'_>, drawn: &Drawn, is_first: bool) -> Result<Vec<String>, ToolError> {
    let mut unsure = unsure(query, &drawn.rows, is_first && drawn.failures.is_empty());
    let blind = blind_conditions(query).into_iter().filter(|_| is_first);
    for path in blind {
        if !unsure.contains(&path) {
            unsure.push(path);
        }
    }
    if is_first {
        refuse_strange(query, &drawn.rows)?;
    }
    Ok(unsure)
}

/// What is told of columns that stay empty: `searched` by Zoho's search, but for those of which something is `told`.
pub(super) fn tell(
    query: &ListQuery<'_>,
    records: &[Record],
    searched: bool,
    told: &[String],
) -> impl Iterator<Item = String> {
    let unfilled = tell_unfilled(query, records, searched, told);
    unfilled.into_iter().chain(filters_only(query, records))
}

/// Refuses a name in `fields` that neither a row nor the module's own data has, where no settings list what there is.
/// Where Zoho may have more than that data, no row is no answer.
fn refuse_strange(query: &ListQuery<'_>, records: &[Record]) -> Result<(), ToolError> {
    let module = query.module;
    let is_listed = !module.undescribed && !module.known.is_empty();
    if !is_listed && (!module.undescribed || records.is_empty()) {
        return Ok(());
    }
    let known: BTreeSet<&str> = list_known(module).collect();
    let is_strange = |(_, field): &(usize, &String)| {
        !known.contains(field.as_str()) && !field.starts_with("cf_") && !is_there(records, field)
    };
    let Some((index, field)) = query.asked.iter().enumerate().find(is_strange) else {
        return Ok(());
    };
    let spelt = known.iter().map(|name| (*name, vec![letters(name)]));
    let near = most_alike(&letters(field), spelt, NEAREST).into_iter();
    let near: Vec<String> = near.map(|name| format!("`{name}`")).collect();
    let all: Vec<&str> = known.into_iter().collect();
    let got = format!("`{}`, which none of them has", clip(field, 60));
    let fix = tell_nearest(&near, &format!("there are: {}", all.join(", ")));
    let path = pointer::below("/fields", index);
    Err(ToolError::argument(
        &path,
        "a field of these records",
        got,
        Some(fix),
    ))
}

/// What is told of names in `fields` that only rows would tell of, where there is none.
pub(in crate::tools::handlers) fn tell_untold(query: &ListQuery<'_>) -> Option<String> {
    let known: Vec<&str> = list_known(query.module).collect();
    let names = query
        .asked
        .iter()
        .map(String::as_str)
        .filter(|name| !known.contains(name));
    let names: Vec<&str> = names.collect();
    (!names.is_empty()).then(|| {
        format!(
            "Whether there is such a field is not known here: {}.",
            names.join(", ")
        )
    })
}

/// The fields asked for that lists never carry, as far as it is known what they are: their names are told by themselves.
pub(super) fn of_one_record(
    context: Context<'_>,
    session: &Session,
    subject: &Subject,
    query: &ListQuery<'_>,
) -> Vec<String> {
    let known = &context.invocation.equipment().settings.fields;
    let fields = known.recall(session, subject);
    let fields = fields.iter().flat_map(|fields| fields.iter());
    let fields = fields.filter(|field| query.asked.contains(&field.api_name) && is_of_one_record(field));
    fields.map(|field| field.api_name.clone()).collect()
}

fn is_shown(records: &[Record], field: &str) -> bool {
    records.iter().any(|record| record.shown.contains_key(field))
}

fn is_there(records: &[Record], field: &str) -> bool {
    records.iter().any(|record| record.has(field))
}

/// What was asked for and no row shows, but for what is told already: a column that nothing fills is left out. Rows of a
/// search lack fields that those of a list have.
fn tell_unfilled(
    query: &ListQuery<'_>,
    records: &[Record],
    searched: bool,
    told: &[String],
) -> Option<String> {
    let module = query.module;
    let related = query
        .include
        .iter()
        .map(|name| name.strip_suffix('s').unwrap_or(name).to_owned());
    let asked: Vec<String> = query.asked.iter().cloned().chain(related).collect();
    let filters = names_of_filters(module, &asked);
    let missing = asked.iter().filter(|field| {
        let is_told = told.contains(field) || filters.contains(&field.as_str());
        *field != "id" && !is_told && !is_shown(records, field)
    });
    let (lacking, empty): (Vec<&str>, Vec<&str>) = missing
        .map(String::as_str)
        .partition(|field| searched && module.is_of_lists(field));
    let of_one = |field: &&str| {
        let mut single = module
            .get
            .iter()
            .flat_map(|get| get.fields.iter().chain(&module.html));
        !searched && single.any(|known| known == field)
    };
    let rest = match empty.iter().any(of_one) {
        true => "; get_record shows all of one record",
        false => "",
    };
    let (behind_ids, lacking): (Vec<&str>, Vec<&str>) = lacking
        .into_iter()
        .partition(|field| named_by(module, field).is_some());
    let behind_ids = tell_behind_ids(module, &behind_ids);
    let lacking = (!lacking.is_empty()).then(|| {
        format!(
            "No search shows {}: get_records does, without words and without filters that only a search takes.",
            lacking.join(", ")
        )
    });
    let empty = (!empty.is_empty()).then(|| {
        format!(
            "None of them shows {}: empty in all, or not shown there or to this user{rest}.",
            empty.join(", ")
        )
    });
    let told: Vec<String> = behind_ids.into_iter().chain(lacking).chain(empty).collect();
    (!records.is_empty() && !told.is_empty()).then(|| told.join(" "))
}

/// The field with the id behind which somebody or something stands, and the module that lists those, where every row has it.
fn named_by(module: &Module, shown: &str) -> Option<(&'static str, &'static str)> {
    let mut namings = modules::names(Product::Desk).iter();
    let (field, naming) = namings.find(|(_, naming)| naming.shown == shown)?;
    let list = naming.module.as_deref().filter(|_| module.carries(field))?;
    Some((field, list))
}

/// What is told of related records that no search shows, whose ids all of its rows have.
fn tell_behind_ids(module: &Module, shown: &[&str]) -> Option<String> {
    let (ids, lists): (Vec<&str>, Vec<&str>) = shown.iter().filter_map(|one| named_by(module, one)).unzip();
    let told = || {
        format!(
            "No search shows {}: `{}` in `fields` shows the id, get_records of the module {} the name.",
            shown.join(", "),
            ids.join("`, `"),
            lists.join(", ")
        )
    };
    (!ids.is_empty()).then(told)
}

/// What Zoho filters by and no row shows.
fn filters_only(query: &ListQuery<'_>, records: &[Record]) -> Option<String> {
    let unseen: Vec<&String> = query
        .asked
        .iter()
        .filter(|field| !is_shown(records, field))
        .collect();
    let names = names_of_filters(query.module, unseen);
    let any = !records.is_empty() && !names.is_empty();
    any.then(|| tell_filters(query.module, &names))
}

/// What is told of fields that are filters and nothing else.
pub(in crate::tools::handlers) fn tell_filters(module: &Module, names: &[&str]) -> String {
    let ids = names.iter().filter_map(|name| name.strip_suffix("Name"));
    let ids = ids.map(|of| format!("{of}Id"));
    let shown: Vec<String> = ids.filter(|id| module.list.row.contains(id)).collect();
    let beside = format!(
        " `{}` in `fields` has the name beside it, where Zoho tells it.",
        shown.join("`, `")
    );
    format!(
        "No record shows {}: Zoho filters by it, no row carries it.{}",
        names.join(", "),
        if shown.is_empty() { "" } else { &beside }
    )
}

/// Those of the fields that Zoho only filters by: neither a row nor a single record has them.
pub(in crate::tools::handlers) fn names_of_filters<'f>(
    module: &Module,
    fields: impl IntoIterator<Item = &'f String>,
) -> Vec<&'f str> {
    let listings = || std::iter::once(&module.list).chain(&module.search);
    let one = module
        .get
        .iter()
        .flat_map(|get| get.fields.iter().chain(&get.include));
    let known: Vec<&String> = module
        .fields
        .iter()
        .chain(&module.list.row)
        .chain(&module.html)
        .chain(one)
        .collect();
    let is_filter = |field: &&String| listings().any(|listing| listing.filters.contains_key(field.as_str()));
    let fields = fields.into_iter().filter(|field| !known.contains(field));
    fields.filter(is_filter).map(String::as_str).collect()
}

/// Arguments by which nothing was found: fields that no record has, and where a first page is empty, its conditions.
pub(super) fn unsure(query: &ListQuery<'_>, records: &[Record], first_page: bool) -> Vec<String> {
    if records.is_empty() && first_page {
        return unmet_conditions(query);
    }
    unseen_fields(&query.asked, query.module, &|field| is_there(records, field))
}
