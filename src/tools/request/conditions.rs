//! Conditions of Zoho Desk calls: which goes into a parameter, which is put to the rows, and which nobody takes.

mod asked;
mod checked;
mod numbers;
mod refusals;
mod rows;
mod shown;

use asked::{is_marked_up, read};
use jiff::tz::TimeZone;
use numbers::{bare_numbers, numbers};
use refusals::{check_star, too_rough};
pub(super) use rows::is_only_found;
use rows::{Asked, with_ids};
use serde_json::Value;
pub(in crate::tools) use shown::{filterable, is_lacking, is_only_listed, is_only_searched};

use super::comparison::{self, Comparison};
use super::ids::{Known, holds_numbers};
use super::parameter::{self, Condition, Fit, fit};
use super::sieve::Sieve;
use super::{ListQuery, time, words};
use crate::names::{fold, pointer};
use crate::tools::error::ToolError;
use crate::tools::modules::{Filter, Listing, Module, is_api_name};
use crate::zoho::Read;

/// Conditions on custom fields one search takes.
const MOST_CUSTOM: usize = 10;

/// A request with the query's words and conditions, and those it cannot take.
pub(super) struct Conditions {
    pub(super) request: Read,
    pub(super) sieve: Sieve,
    /// Whether the request itself asks for anything but all records.
    pub(super) is_narrowed: bool,
    /// The parameters that have a condition.
    pub(super) taken: Vec<String>,
    /// The members that rows have only where they are asked for.
    pub(super) extra: Vec<String>,
}

/// Puts the query's words and conditions into the request; what that cannot take is put to its rows.
pub(super) fn conditions(
    request: Read,
    query: &ListQuery<'_>,
    listing: &Listing,
    zone: &TimeZone,
    ids: &mut Known<'_>,
) -> Result<Conditions, ToolError> {
    let mut placing = Placing {
        searching: is_search(&request),
        query,
        listing,
        zone,
        ids,
        request,
        sieve: Sieve::default(),
        custom: 0,
        taken: Vec::new(),
        extra: Vec::new(),
    };
    let worded = placing.put_words()?;
    for (name, value) in &query.filters {
        placing.put(name, value)?;
    }
    Ok(Conditions {
        is_narrowed: worded || placing.custom > 0 || !placing.taken.is_empty(),
        taken: placing.taken.into_iter().map(str::to_owned).collect(),
        request: placing.request,
        sieve: placing.sieve,
        extra: placing.extra,
    })
}

/// Whether rows are found by searching.
pub(super) fn is_search(request: &Read) -> bool {
    request.path().last().is_some_and(|segment| segment == "search")
}

/// Whether a call takes a condition.
pub(super) fn expresses(
    listing: &Listing,
    searching: bool,
    module: &Module,
    name: &str,
    value: &Value,
) -> bool {
    match filter_of(listing, name) {
        Some(filter) => read(module, name, Some(filter), "", value)
            .is_ok_and(|comparison| fit_in(module, filter, searching, &comparison) != Fit::Not),
        None => searching && listing.custom.is_some() && is_custom(module, name),
    }
}

/// How a parameter takes a comparison on a field of the module: Zoho sees no beginning of a text behind its markup.
fn fit_in(module: &Module, filter: &Filter, searching: bool, comparison: &Comparison) -> Fit {
    match comparison {
        Comparison::Begins(_) if module.html.contains(&filter.param) => Fit::Not,
        _ => fit(filter, searching, comparison),
    }
}

/// The conditions of a query on their way to their places.
struct Placing<'a, 'i> {
    searching: bool,
    query: &'a ListQuery<'a>,
    listing: &'a Listing,
    zone: &'a TimeZone,
    ids: &'a mut Known<'i>,
    request: Read,
    sieve: Sieve,
    /// How many conditions on custom fields there are.
    custom: usize,
    /// The parameters that have a condition.
    taken: Vec<&'a str>,
    /// The members that rows have only where they are asked for.
    extra: Vec<String>,
}

impl<'a> Placing<'a, '_> {
    /// Whether there are words.
    fn put_words(&mut self) -> Result<bool, ToolError> {
        let Some(words) = words::for_desk(self.query, self.searching)? else {
            return Ok(false);
        };
        let words = match self.listing.text {
            Some(_) => format!("*{words}*"),
            None => words,
        };
        let param = self.listing.text.as_deref().unwrap_or("_all");
        self.add_query(param.to_owned(), words);
        Ok(true)
    }

    fn put(&mut self, name: &'a str, value: &Value) -> Result<(), ToolError> {
        let path = pointer::below("/filters", name);
        let filter = filter_of(self.listing, name);
        if self.searching && filter.is_none() && is_custom(self.query.module, name) {
            return self.put_custom(name, &path, comparison::read(&path, value)?);
        }
        let module = self.query.module;
        let comparison = bare_numbers(module, name, &path, read(module, name, filter, &path, value)?)?;
        for filter in filters_of(module, name) {
            let is_shown = shown::member_of_rows(module, name, self.searching).is_some();
            parameter::check_commas(filter, &path, value, is_shown)?;
        }
        if is_marked_up(module, name) {
            check_star(&path, &comparison)?;
        }
        let mut always = self.listing.always.iter();
        if always.any(|always| same_filter(always, name)) {
            return Ok(()); // else another list would have been chosen
        }
        let filter = filter.filter(|filter| !self.taken.contains(&filter.param.as_str()));
        match filter.map(|filter| {
            (
                filter,
                fit_in(self.query.module, filter, self.searching, &comparison),
            )
        }) {
            Some((filter, Fit::Exactly)) => {
                let written = self.put_parameter(filter, &path, &comparison)?;
                self.put_check(filter, &path, &comparison, &written)
            }
            Some((filter, Fit::Roughly)) => {
                let Some(field) = shown::member_of_rows(self.query.module, name, self.searching) else {
                    return Err(too_rough(filter, name, &path));
                };
                self.put_parameter(filter, &path, &comparison)?;
                self.put_to_rows(name, &field, &path, comparison, Asked::Roughly)
            }
            _ => self.put_elsewhere(name, &path, comparison),
        }
    }

    fn put_custom(&mut self, name: &str, path: &str, mut comparison: Comparison) -> Result<(), ToolError> {
        for text in comparison.texts() {
            time::check_day(path, text)?;
        }
        // Zoho compares nothing else there; the rows of a search show it.
        let is_asked = matches!(
            comparison,
            Comparison::OneOf(_) | Comparison::Begins(_) | Comparison::Empty(_)
        );
        let param = match (&self.listing.custom, is_asked) {
            (None, true) => {
                let got = "a custom field, by which Zoho does not search this module";
                return Err(ToolError::argument(path, "a filter of get_modules", got, None));
            }
            (param, _) => param.as_deref().filter(|_| is_asked),
        };
        let kind = self.ids.type_of(name);
        if self.ids.waits_for_types() {
            return Ok(()); // nothing is sent yet
        }
        if holds_numbers(kind) {
            comparison = numbers(name, path, comparison)?;
        }
        let Some(param) = param else {
            return self.put_to_rows(name, name, path, comparison, Asked::Nothing);
        };
        self.custom += 1;
        if self.custom > MOST_CUSTOM {
            let expected = format!("at most {MOST_CUSTOM} conditions on custom fields");
            return Err(ToolError::argument("/filters", expected, "more", None));
        }
        let comparison = with_ids(self.query.module, name, path, comparison, self.ids);
        let written = parameter::write_custom(param, name, path, comparison)?;
        self.add_query(format!("{param}{}", self.custom), written);
        Ok(())
    }

    /// What the parameter is asked for.
    fn put_parameter(
        &mut self,
        filter: &'a Filter,
        path: &str,
        comparison: &Comparison,
    ) -> Result<String, ToolError> {
        let condition = Condition {
            filter,
            path,
            zone: self.zone,
        };
        let written = condition.write(comparison, self.ids)?;
        self.taken.push(&filter.param);
        self.add_query(filter.param.clone(), written.clone());
        Ok(written)
    }

    fn add_query(&mut self, param: String, value: String) {
        self.request = self.request.clone().with_query(param, value);
    }
}

/// Whether a condition goes into Zoho's numbered parameters: on a custom module every field does.
fn is_custom(module: &Module, name: &str) -> bool {
    name.starts_with("cf_") || module.custom && is_api_name(name)
}

/// `assignee`, `assignee_id` and `assigneeId` mean the same condition.
pub(in crate::tools) fn same_filter(known: &str, name: &str) -> bool {
    let stem = |name: &str| {
        let folded = fold(name);
        let stem = folded
            .strip_suffix("ids")
            .or_else(|| folded.strip_suffix("id"))
            .map(str::to_owned);
        stem.filter(|stem| !stem.is_empty()).unwrap_or(folded)
    };
    stem(known) == stem(name)
}

fn filter_of<'q>(listing: &'q Listing, name: &str) -> Option<&'q Filter> {
    let mut filters = listing.filters.iter();
    filters
        .find(|(key, _)| same_filter(key, name))
        .map(|(_, filter)| filter)
}

/// What any call of the module takes for a condition of this name.
pub(in crate::tools) fn filters_of<'m>(module: &'m Module, name: &str) -> impl Iterator<Item = &'m Filter> {
    let listings = std::iter::once(&module.list).chain(&module.search);
    listings.filter_map(move |listing| filter_of(listing, name))
}
