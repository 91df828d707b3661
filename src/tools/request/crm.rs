//! Requests to Zoho CRM.

mod checked;
mod left_out;
mod opposite;
mod rows;
mod texts;
mod trash;

use jiff::tz::TimeZone;
use left_out::{with_hidden, with_unapproved};
use rows::{for_rows, sieve_of};
use serde_json::Value;
use texts::{Numbers, holds_words, numbers, tell_held, tell_parts, wants_every, wholes};
pub use trash::asks_for_trash;

pub use super::criteria::MOST_CONDITIONS;
use super::criteria::{self, api_name};
use super::ids::{Drafted, Ids, Known};
use super::{Count, CountRequest, ListQuery, ListRequest, Sieve, United, phone, too_many_fields, words};
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::modules::{self, Module};
use crate::tools::output::currency::{CURRENCY, SYMBOL};
use crate::zoho::Read;

/// Fields that one call takes.
pub const MOST_FIELDS: usize = 50;
/// The member by which the newest come first.
const NEWEST: &str = "Created_Time";
/// The orders of a list.
const LIST_ORDERS: [&str; 3] = ["id", NEWEST, "Modified_Time"];
/// What orders records for good.
const LASTING: [&str; 2] = ["id", NEWEST];
/// The parameter that looks for a number.
const PHONE: &str = "phone";
/// A condition that every record meets.
const EVERY: &str = "(Created_Time:greater_equal:1970-01-01T00:00:00+00:00)";
/// Told where related records are to be included.
pub const NO_INCLUDE: &str = "`include` is for Zoho Desk and was left out; CRM lookups carry id and name.";
/// Records that one page holds.
const PAGE: usize = 200;

/// The list or search call that answers a query: CRM's list takes no conditions, so these go to its search.
///
/// # Errors
/// A condition CRM cannot express.
pub fn list(query: &ListQuery<'_>, zone: &TimeZone, ids: &Ids) -> Result<Drafted<ListRequest>, ToolError> {
    let (module, list) = (query.module, &query.module.list);
    if let Some(list) = trash::list(query)? {
        return Ok(Known::by(ids).draft(list));
    }
    let mut notes: Vec<String> = query.readings().collect();
    let told = numbers(query).flat_map(|number| number.texts);
    notes.extend(told.filter_map(|text| phone::tell_extension(&text)));
    let mut known = Known::by(ids);
    if !query.include.is_empty() {
        notes.push(NO_INCLUDE.to_owned());
    }
    let for_rows = for_rows(query, &mut known);
    let is_sorted = !for_rows.is_empty() && query.sort_by.is_some();
    let by_view = query.view.is_some();
    // Where rows answer all of it, a list has more of them than a search gives.
    let is_asked = query.has_words() || query.filters.len() > for_rows.len();
    let searched = !by_view && (is_asked || is_sorted || query.search && for_rows.is_empty());
    let (request, conditions) = if searched {
        (search(module)?, conditions(query, &for_rows, zone, &mut known)?)
    } else {
        let segments = query.within.iter().map(String::as_str);
        let mut request = Read::get(Product::Crm, segments.chain([module.name.as_str()]));
        if query.within.is_empty() && list.key.is_none() {
            request = with_unapproved(request);
        }
        (request.with_scopes(module.scopes.clone()), Vec::new())
    };
    let parts = conditions.len();
    // Who reads all reads one after another.
    let united = parts > 1 && !query.all;
    notes.extend(tell_parts(&conditions));
    let by_phone = conditions.iter().any(|(param, _)| *param == PHONE);
    let request = with_hidden(request, query, &mut notes);
    let mut request = with_view(request, query, &mut known)?;
    notes.extend(tell_held(query, &mut known));
    let misses = opposite::tell_missed(query, &mut known);
    let mut sieve = sieve_of(query, &for_rows, &mut known, zone)?;
    let columns = Columns::of(query, united, &mut sieve)?;
    // Lists under a key of their own take no fields.
    if list.key.is_none() {
        request = request.with_query("fields", columns.asked.join(","));
    }
    let (request, lasting) = with_order(request, query, searched, united)?;
    let mut each = conditions.into_iter().map(|condition| {
        let request = request.clone();
        request.put_query_first([condition])
    });
    let first = each.next().unwrap_or_else(|| request.clone());
    let others: Vec<Read> = each.collect();
    Ok(known.draft(ListRequest {
        request: first,
        united: (parts > 1).then(|| United {
            others,
            by: NEWEST,
            is_hidden: columns.is_time_hidden,
        }),
        size: query.limit,
        most: if list.max > 0 { list.max } else { PAGE },
        paging: list.paging,
        lasting,
        search: searched,
        list_key: list.key.clone().unwrap_or_else(|| "data".to_owned()),
        fields: columns.kept,
        rows_have_ids: module.rows_have_ids,
        html: module.html.clone(),
        sieve,
        among: None,
        notes,
        misses,
        doubt: by_phone.then_some(phone::AS_WRITTEN),
    }))
}

/// A list takes a view, a search takes none (Search Records API): it would find records outside of it.
fn with_view(request: Read, query: &ListQuery<'_>, known: &mut Known<'_>) -> Result<Read, ToolError> {
    let Some(view) = query.view else {
        return Ok(request);
    };
    if query.sort_by.is_some() {
        let fix = "leave one of them out; `filters` in place of the view can be sorted".to_owned();
        let (expected, got) = ("no order beside a view in CRM", "both");
        return Err(ToolError::argument("/sort_by", expected, got, Some(fix)));
    }
    Ok(request.with_query("cvid", known.view(view)))
}

/// The fields of the rows: what is asked for, and what of it is kept.
struct Columns {
    asked: Vec<String>,
    kept: Option<Vec<String>>,
    /// Whether rows have their time only to be put in its order.
    is_time_hidden: bool,
}

impl Columns {
    fn of(query: &ListQuery<'_>, united: bool, sieve: &mut Sieve) -> Result<Self, ToolError> {
        let mut fields = query.fields.clone();
        let shown = |fields: &[String], name: &str| fields.iter().any(|field| field == name);
        let is_time_shown = shown(&fields, NEWEST);
        for needed in std::iter::once("id").chain(united.then_some(NEWEST)) {
            if !shown(&fields, needed) {
                fields.push(needed.to_owned());
            }
        }
        let own = fields.len();
        let asked = sieve.with_its_fields(fields);
        if asked.len() > MOST_FIELDS {
            let expected = format!("at most {MOST_FIELDS} fields");
            return Err(too_many_fields(asked.len(), expected));
        }
        let mut kept = query.kept();
        if let Some(kept) = &mut kept {
            kept.extend((united && !is_time_shown).then(|| NEWEST.to_owned()));
            let has_amounts = !query.all && query.module.fields.iter().any(|field| field == CURRENCY);
            kept.extend(has_amounts.then(|| SYMBOL.to_owned()));
            kept.extend(asked.iter().skip(own).cloned());
        }
        Ok(Columns {
            asked,
            kept,
            is_time_hidden: !is_time_shown,
        })
    }
}

/// The request in the order that is wanted, and whether its rows keep that order whatever changes in them.
fn with_order(
    request: Read,
    query: &ListQuery<'_>,
    searched: bool,
    united: bool,
) -> Result<(Read, bool), ToolError> {
    let module = query.module;
    let is_ordered = query.descending.is_some() && query.sort_by.is_none();
    if is_ordered && (united || query.view.is_some() || module.list.key.is_some()) {
        let expected = "left out here: CRM has an order of its own";
        return Err(ToolError::argument("/sort_order", expected, "an order", None));
    }
    if query.sort_by.is_some() && united {
        let expected = match query.any.is_empty() {
            true => "no order beside so many values: the newest come first",
            false => "no order beside `any` in CRM: the newest come first",
        };
        return Err(ToolError::argument("/sort_by", expected, "both", None));
    }
    // By itself a list is in the order of ids: of what was imported that is none of time.
    let is_known = || modules::find(Product::Crm, &module.name).is_some();
    let is_own = module.list.key.is_none() && (query.within.is_empty() || is_known());
    let by_itself = query.view.is_none() && (searched && !query.has_words() || !searched && is_own);
    let by_newest = united || is_ordered || by_itself;
    let field = match query.sort_by {
        Some(field) => {
            check_order(module, field, searched)?;
            api_name(module, field)
        }
        None if by_newest => NEWEST.to_owned(),
        None => return Ok((request, !searched && query.view.is_none())),
    };
    let lasting = LASTING.contains(&field.as_str());
    let direction = match query.descending {
        Some(false) => "asc",
        _ => "desc",
    };
    let request = request.with_query("sort_by", field);
    Ok((request.with_query("sort_order", direction), lasting))
}

/// A list has three orders (OAS, getRecords); CRM's queries have any.
fn check_order(module: &Module, field: &str, searched: bool) -> Result<(), ToolError> {
    let field = api_name(module, field);
    if searched || module.list.key.is_some() || LIST_ORDERS.contains(&field.as_str()) {
        return Ok(());
    }
    let expected = format!("one of {}", LIST_ORDERS.join(", "));
    let fix = format!(
        "run_coql_query: select id, {field} from {} where id is not null order by {field} desc",
        module.name
    );
    Err(ToolError::argument(
        "/sort_by",
        expected,
        "a field that CRM's lists are not sorted by",
        Some(fix),
    ))
}

/// How what a query finds is counted: Zoho counts a view or what conditions find; the records of both at once are read, and
/// those of a module that it does not count.
///
/// # Errors
/// As [`list`].
pub fn count(query: &ListQuery<'_>, zone: &TimeZone, ids: &Ids) -> Result<Drafted<Count>, ToolError> {
    let whole = !query.has_words() && query.filters.is_empty();
    let by_rows = query.is_of_trash || query.is_put_to_rows() && !query.filters.is_empty();
    if query.module.uncounted || query.any.len() > 1 || by_rows {
        return Ok(list(query, zone, ids)?.map(|list| Count::Read(Box::new(list))));
    }
    if let Some(counted) = count_by_opposite(query, zone, ids)? {
        return Ok(counted);
    }
    let request = Read::get(Product::Crm, [query.module.name.as_str(), "actions", "count"]);
    let mut request = with_unapproved(request.with_scopes(search_scopes(query.module)?));
    let mut known = Known::by(ids);
    let for_rows = for_rows(query, &mut known);
    if numbers(query).next().is_some()
        || !for_rows.is_empty()
        || wholes(query, &mut known)
            .iter()
            .any(|(field, _)| holds_words(known.type_of(field)))
    {
        return Ok(list(query, zone, ids)?.map(|list| Count::Read(Box::new(list))));
    }
    if let Some(view) = query.view {
        request = request.with_query("cvid", known.view(view));
    }
    let conditions = match whole {
        true => Vec::new(),
        false => conditions(query, &for_rows, zone, &mut known)?,
    };
    let mut notes = vec!["Zoho CRM's count can lag some minutes behind changes.".to_owned()];
    notes.extend(tell_parts(&conditions));
    notes.extend(query.readings());
    notes.extend(tell_held(query, &mut known));
    let misses = opposite::tell_missed(query, &mut known);
    let request = with_hidden(request, query, &mut notes);
    let each = conditions
        .into_iter()
        .map(|one| request.clone().put_query_first([one]));
    let mut requests: Vec<Read> = each.collect();
    if requests.is_empty() {
        requests.push(request);
    }
    Ok(known.draft(Count::Asked(CountRequest {
        requests,
        but_for: Vec::new(),
        misses,
        notes,
    })))
}

/// How what a query finds is counted by what its condition leaves out, where Zoho counts that.
fn count_by_opposite(
    query: &ListQuery<'_>,
    zone: &TimeZone,
    ids: &Ids,
) -> Result<Option<Drafted<Count>>, ToolError> {
    let Some((rest, out)) = opposite::parted(query) else {
        return Ok(None);
    };
    Ok(match count(&rest, zone, ids)?.beside(count(&out, zone, ids)?) {
        Drafted::Open(open) => Some(Drafted::Open(open)),
        Drafted::Finished((Count::Asked(mut all), Count::Asked(out))) => {
            let told = out.notes.into_iter().filter(|note| !all.notes.contains(note));
            let told: Vec<String> = told.collect();
            all.notes.extend(told);
            all.but_for = out.requests;
            Some(Drafted::Finished(Count::Asked(all)))
        }
        Drafted::Finished(_) => None,
    })
}

/// Reads one record by its id.
pub fn get(module: &Module, id: &str, fields: &[String]) -> Read {
    let request = Read::get(Product::Crm, [module.name.as_str(), id]).with_scopes(module.scopes.clone());
    if fields.is_empty() {
        request
    } else {
        request.with_query("fields", fields.join(","))
    }
}

/// A search of a module, nothing said yet of what for.
///
/// # Errors
/// The scopes of searching are not known.
pub fn search(module: &Module) -> Result<Read, ToolError> {
    let search = Read::get(Product::Crm, [module.name.as_str(), "search"]);
    Ok(with_unapproved(search.with_scopes(search_scopes(module)?)))
}

fn search_scopes(module: &Module) -> Result<Vec<String>, ToolError> {
    let search = modules::lookup(Product::Crm, "search")?;
    Ok(module.scopes.iter().chain(&search.scopes).cloned().collect())
}

/// What a search is asked for; several where each is enough.
fn conditions(
    query: &ListQuery<'_>,
    for_rows: &[(&str, &Value)],
    zone: &TimeZone,
    ids: &mut Known<'_>,
) -> Result<Vec<(&'static str, String)>, ToolError> {
    let words = words::of(query)?;
    match (words.is_empty(), query.filters.is_empty()) {
        (false, _) => {
            let each = words.into_iter().map(|(_, words)| ("word", words.into_owned()));
            Ok(each.collect())
        }
        (true, false) => {
            let numbers: Vec<Numbers<'_>> = numbers(query).collect();
            let is_other = |(name, _): &&(&str, &Value)| {
                let mut apart = for_rows.iter().map(|(name, _)| *name);
                numbers.iter().all(|number| number.name != *name) && apart.all(|apart| apart != *name)
            };
            let others: Vec<(&str, &Value)> = query.filters.iter().filter(is_other).copied().collect();
            match numbers.first() {
                Some(_) if others.is_empty() && wants_every(query, &numbers) => {
                    Ok(vec![("criteria", EVERY.to_owned())])
                }
                None if others.is_empty() => Ok(vec![("criteria", EVERY.to_owned())]),
                Some(number) if others.is_empty() => {
                    let texts = number.texts.iter().flat_map(|text| phone::texts(text));
                    Ok(texts.map(|text| (PHONE, text)).collect())
                }
                _ => {
                    let each = criteria::write(query, &others, zone, ids)?.into_iter();
                    Ok(each.map(|criteria| ("criteria", criteria)).collect())
                }
            }
        }
        (true, true) => {
            let fix = "send `query` or `filters`, or call get_records".to_owned();
            let expected = "words or conditions to search for";
            Err(ToolError::argument("/query", expected, "neither", Some(fix)))
        }
    }
}
