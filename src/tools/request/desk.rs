//! Requests to Zoho Desk.

mod order;

use jiff::tz::TimeZone;
pub(in crate::tools) use order::newest;
use order::with_order;

use super::archive::{UNORDERED, choose_archive};
use super::conditions::{Conditions, conditions, expresses, is_lacking, is_only_searched, is_search};
use super::ids::{Drafted, Ids, Known};
use super::told::notes;
use super::{Count, CountRequest, ListQuery, ListRequest, phone, pick, too_many_fields};
use crate::connections::Product;
use crate::names::fold;
use crate::tools::error::ToolError;
use crate::tools::modules::{self, Fact, Listing, Module, Naming};
use crate::zoho::Read;

/// Fields beyond the standard row that a list call takes.
const MOST_EXTRA: usize = 30;
/// A span of time that holds every record.
const EVER: &str = "1970-01-01T00:00:00.000Z,2100-01-01T00:00:00.000Z";

/// The list or search call that answers a query.
///
/// # Errors
/// A filter, sort field or `include` the module does not have.
pub fn list(query: &ListQuery<'_>, zone: &TimeZone, ids: &Ids) -> Result<Drafted<ListRequest>, ToolError> {
    let module = query.module;
    let (listing, own) = choose(query)?;
    let segments = query.within.iter().map(String::as_str).chain(own);
    let mut request = Read::get(Product::Desk, segments).with_scopes(scopes(module, listing));
    let searching = is_search(&request);
    let mut known = Known::by(ids);
    let placed = conditions(request, query, listing, zone, &mut known)?;
    let mut sieve = placed.sieve;
    request = placed.request;
    let whole = searching && !placed.is_narrowed;
    if whole && (module.list.max == 0 || !sieve.is_empty()) {
        request = request.with_query("createdTimeRange", EVER);
    }
    request = with_view(request, query, listing, &mut known)?;
    request = with_order(request, query, listing, searching)?;
    let namings = query.fields.iter().filter_map(|field| query.naming(field));
    let mut included = included(query, listing)?;
    // What rows have only where it is asked for can be tested by nothing else.
    let tested = sieve
        .fields()
        .filter(|field| listing.include.iter().any(|known| known == field));
    included.extend(tested.map(str::to_owned));
    let included = with_names(&included, namings, &listing.include);
    request = include(request, &included, &listing.include)?;
    let extra = extra_fields(query, listing, &placed.extra)?;
    if !extra.is_empty() {
        request = request.with_query("fields", extra.join(","));
    }
    let unordered = (!listing.always.is_empty()).then(|| UNORDERED.to_owned());
    let list_key = listing.key.as_deref().unwrap_or("data");
    Ok(known.draft(ListRequest {
        paging: listing.paging,
        lasting: false,
        search: searching,
        fields: query.kept().map(|kept| {
            let kept = sieve.with_its_fields(kept);
            sieve.with_its_checks(kept)
        }),
        rows_have_ids: module.rows_have_ids,
        html: module.html.clone(),
        sieve,
        notes: notes(query, &placed.taken).chain(unordered).collect(),
        doubt: phone::doubt(query, &placed.taken),
        ..ListRequest::bare(request, list_key, query.limit, listing.max)
    }))
}

/// Asks for the rows of a view, where the call takes one.
fn with_view(
    request: Read,
    query: &ListQuery<'_>,
    listing: &Listing,
    known: &mut Known<'_>,
) -> Result<Read, ToolError> {
    let Some(view) = query.view else {
        return Ok(request);
    };
    if !listing.filters.contains_key("viewId") {
        let (expected, got) = ("a module that has views", "one that has none");
        let fix = Some("leave `view` out".to_owned());
        return Err(ToolError::argument("/view", expected, got, fix));
    }
    Ok(request.with_query("viewId", known.view(view)))
}

/// How what a query finds is counted: Desk's search tells how many there are, its own counts cover the rest; where neither
/// takes the conditions the records are read.
///
/// # Errors
/// As [`list`].
pub fn count(query: &ListQuery<'_>, zone: &TimeZone, ids: &Ids) -> Result<Drafted<Count>, ToolError> {
    let module = query.module;
    let whole = !query.has_words() && query.filters.is_empty();
    let takes = |listing: &Listing, searching: bool| {
        let mut filters = query.filters.iter();
        filters.all(|(name, value)| expresses(listing, searching, module, name, value))
    };
    let own = module.count.as_ref().map(|own| Listing {
        filters: own.filters.clone(),
        ..Listing::default()
    });
    let own = own.filter(|own| query.view.is_none() && !query.has_words() && takes(own, false));
    let by_time = |search: &&Listing| search.filters.contains_key("createdTime");
    let search = module
        .search
        .as_ref()
        .filter(|search| query.view.is_none() && takes(search, true) && (!whole || by_time(search)));
    let mut known = Known::by(ids);
    let (request, listing) = match (&own, search) {
        (Some(listing), _) => {
            let path = module.count.iter().flat_map(|own| &own.path).map(String::as_str);
            let request = Read::get(Product::Desk, path);
            (request.with_scopes(scopes(module, &module.list)), listing)
        }
        (None, Some(listing)) => (self::search(module).with_query("limit", "1"), listing),
        (None, None) => {
            return Ok(list(query, zone, ids)?.map(|list| Count::Read(Box::new(list))));
        }
    };
    let Conditions {
        mut request,
        sieve,
        taken,
        ..
    } = conditions(request, query, listing, zone, &mut known)?;
    if !sieve.is_empty() {
        return Ok(list(query, zone, ids)?.map(|list| Count::Read(Box::new(list))));
    }
    if whole && own.is_none() {
        request = request.with_query("createdTimeRange", EVER);
    }
    Ok(known.draft(Count::Asked(CountRequest {
        requests: vec![request],
        but_for: Vec::new(),
        misses: None,
        notes: notes(query, &taken).collect(),
    })))
}

/// Reads one record by its id, with the names behind the ids among its fields.
///
/// # Errors
/// An `include` the module does not have, or Zoho reads no single record of it.
pub fn get(module: &Module, id: &str, fields: &[String], wanted: &[String]) -> Result<Read, ToolError> {
    let Some(get) = &module.get else {
        let expected = "a module of which Zoho reads single records";
        return Err(ToolError::argument(
            "/module",
            expected,
            "one of which it does not",
            module.instead.clone(),
        ));
    };
    let request = Read::get(Product::Desk, [module.path.as_str(), id]).with_scopes(module.scopes.clone());
    let namings = modules::names(Product::Desk)
        .iter()
        .filter(|(field, _)| fields.is_empty() || fields.contains(field));
    let namings = namings.map(|(_, naming)| naming);
    include(request, &with_names(wanted, namings, &get.include), &get.include)
}

/// What is included, and for the names beside ids what a call can include for them.
fn with_names<'n>(
    wanted: &[String],
    namings: impl Iterator<Item = &'n Naming>,
    known: &[String],
) -> Vec<String> {
    let mut all = wanted.to_vec();
    for name in namings.filter_map(|naming| naming.included(known)) {
        let is_there = |one: &String| one == name || format!("{one}s") == name;
        if !all.iter().any(is_there) {
            all.push(name.to_owned());
        }
    }
    all
}

/// A search of a module, nothing said yet of what for.
pub fn search(module: &Module) -> Read {
    let request = Read::get(Product::Desk, [module.path.as_str(), "search"]);
    match &module.search {
        Some(search) => request.with_scopes(scopes(module, search)),
        None => request.with_scopes(module.scopes.clone()),
    }
}

/// Finds one record by the number people see.
///
/// # Errors
/// The module has no such number.
pub fn by_number(module: &Module, number: &str) -> Result<Read, ToolError> {
    let (Some(param), Some(_)) = (&module.number, &module.search) else {
        let fix = "use `id`".to_owned();
        return Err(ToolError::argument(
            "/ticket_number",
            "only for Cases",
            "another module",
            Some(fix),
        ));
    };
    Ok(self::search(module)
        .with_query(param, number)
        .with_query("limit", "2"))
}

fn choose<'q>(query: &'q ListQuery<'_>) -> Result<(&'q Listing, Vec<&'q str>), ToolError> {
    let module = query.module;
    if let Some(archive) = choose_archive(query)? {
        return Ok((&archive.list, vec![&module.path, &archive.path]));
    }
    let only_by_search = |search: &Listing| {
        let mut filters = query.filters.iter();
        filters.any(|(name, value)| {
            let only_seen =
                Fact::find(module, name).is_some_and(Fact::is_of_search) || is_only_searched(module, name);
            only_seen
                || expresses(search, true, module, name, value)
                    && !expresses(&module.list, false, module, name, value)
        })
    };
    let has_something_to_search = |search: &Listing| {
        let mut filters = query.filters.iter();
        query.has_words()
            || query.filters.is_empty()
            || filters.any(|(name, value)| expresses(search, true, module, name, value))
    };
    let sorts = |listing: &Listing| {
        let of = |field: &str| listing.sort.iter().any(|known| fold(known) == fold(field));
        query.sort_by.is_none_or(of)
    };
    // What only rows of a list show, or an order that only a list has.
    let only_by_list = |search: &Listing| {
        let mut filters = query.filters.iter();
        module.list.max > 0
            && (sorts(&module.list) && !sorts(search) || filters.any(|(name, _)| is_lacking(module, name)))
    };
    let by_view = query.view.is_some() && module.list.filters.contains_key("viewId");
    match &module.search {
        _ if by_view => Ok((&module.list, vec![&module.path])),
        None if module.list.max == 0 => {
            let expected = "a module Zoho lists";
            let got = "one it does not list as a whole";
            Err(ToolError::argument(
                "/module",
                expected,
                got,
                module.instead.clone(),
            ))
        }
        Some(search)
            if module.list.max == 0
                || query.has_words()
                || query.search && has_something_to_search(search) && !only_by_list(search)
                || only_by_search(search)
                || !sorts(&module.list) && sorts(search) =>
        {
            Ok((search, vec![module.path.as_str(), "search"]))
        }
        None if query.has_words() && module.list.text.is_none() => {
            let fix = "leave `query` out".to_owned();
            Err(ToolError::argument(
                "/query",
                "a module that can be searched",
                "one that cannot",
                Some(fix),
            ))
        }
        _ => Ok((&module.list, vec![&module.path])),
    }
}

fn scopes(module: &Module, listing: &Listing) -> Vec<String> {
    module.scopes.iter().chain(&listing.scopes).cloned().collect()
}

/// The related records to ask for: those named, and those whose fields are to be shown. Rows of a search have some of
/// them by themselves and take no `include`.
fn included(query: &ListQuery<'_>, listing: &Listing) -> Result<Vec<String>, ToolError> {
    let named = |known: &String, field: &String| {
        fold(known) == fold(field) || fold(known) == fold(&format!("{field}s"))
    };
    if listing.include.is_empty() && !query.module.list.include.is_empty() {
        let known = &query.module.list.include;
        include(Read::get(Product::Desk, [""]), &query.include, known)?;
        return Ok(Vec::new());
    }
    let mut names = query.include.clone();
    let of_fields = listing
        .include
        .iter()
        .filter(|known| query.asked.iter().any(|field| named(known, field)));
    names.extend(of_fields.cloned());
    Ok(names)
}

fn include(mut request: Read, wanted: &[String], known: &[String]) -> Result<Read, ToolError> {
    let mut names = Vec::new();
    for name in wanted {
        let plural = format!("{name}s");
        let name = if known.contains(&plural) { &plural } else { name };
        let name = pick(
            known.iter().map(String::as_str),
            name,
            "/include",
            "a related record",
        )?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if !names.is_empty() {
        request = request.with_query("include", names.join(","));
    }
    Ok(request)
}

/// Fields that list rows hold only when asked for: custom ones, those beyond Zoho's standard row, and those that rows are
/// tested by.
fn extra_fields<'q>(
    query: &'q ListQuery<'_>,
    listing: &Listing,
    tested: &'q [String],
) -> Result<Vec<&'q str>, ToolError> {
    let shown = query
        .fields
        .iter()
        .filter(|_| query.fields_given && !listing.row.is_empty());
    let beyond = |field: &&String| !listing.row.contains(field);
    let mut fields: Vec<&str> = shown.filter(beyond).map(String::as_str).collect();
    let tested = tested
        .iter()
        .filter(|field| !query.fields_given || !query.fields.contains(field));
    fields.extend(tested.map(String::as_str));
    if fields.len() > MOST_EXTRA {
        return Err(too_many_fields(
            fields.len(),
            format!("at most {MOST_EXTRA} fields beyond those every row has"),
        ));
    }
    Ok(fields)
}
