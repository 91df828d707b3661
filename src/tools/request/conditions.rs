//! Conditions of Zoho Desk calls: which goes into a parameter, which is put to the rows, and which nobody takes.

mod refusals;
mod shown;

use jiff::tz::TimeZone;
use refusals::{beside_a_search, beside_a_view, not_taken, too_rough};
use serde_json::Value;
pub(in crate::tools) use shown::{filterable, is_lacking, is_only_searched};

use super::comparison::{self, Comparison, End};
use super::facts;
use super::ids::Known;
use super::parameter::{self, Condition, Fit, fit, is_id, is_nobody};
use super::sieve::Sieve;
use super::{ListQuery, phone, time, words};
use crate::names::{fold, pointer};
use crate::tools::error::ToolError;
use crate::tools::modules::{Fact, Filter, FilterKind, Kind, Listing, Module, is_api_name};
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
        Some(filter) => read(Some(filter), "", value)
            .is_ok_and(|comparison| fit(filter, searching, &comparison) != Fit::Not),
        None => searching && listing.custom.is_some() && is_custom(module, name),
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
            return match comparison::read(&path, value)? {
                // Zoho compares nothing there; the rows of a search show it.
                comparison @ (Comparison::Between(..) | Comparison::NoneOf(_)) if name.starts_with("cf_") => {
                    self.put_to_rows(name, &format!("cf.{name}"), &path, comparison)
                }
                _ => self.put_custom(name, &path, value),
            };
        }
        for filter in filters_of(self.query.module, name) {
            parameter::check_commas(filter, &path, value)?;
        }
        let comparison = bare_numbers(self.query.module, name, read(filter, &path, value)?);
        let mut always = self.listing.always.iter();
        if always.any(|always| same_filter(always, name)) {
            return Ok(()); // else another list would have been chosen
        }
        let filter = filter.filter(|filter| !self.taken.contains(&filter.param.as_str()));
        match filter.map(|filter| (filter, fit(filter, self.searching, &comparison))) {
            Some((filter, Fit::Exactly)) => self.put_parameter(filter, &path, &comparison),
            Some((filter, Fit::Roughly)) => {
                let Some(field) = shown::member_of_rows(self.query.module, name, self.searching) else {
                    return Err(too_rough(filter, name, &path));
                };
                self.put_parameter(filter, &path, &comparison)?;
                self.put_to_rows(name, &field, &path, comparison)
            }
            _ => self.put_elsewhere(name, &path, comparison),
        }
    }

    fn put_custom(&mut self, name: &str, path: &str, value: &Value) -> Result<(), ToolError> {
        let Some(param) = &self.listing.custom else {
            let got = "a custom field, by which Zoho does not search this module";
            return Err(ToolError::argument(path, "a filter of get_modules", got, None));
        };
        self.custom += 1;
        if self.custom > MOST_CUSTOM {
            let expected = format!("at most {MOST_CUSTOM} conditions on custom fields");
            return Err(ToolError::argument("/filters", expected, "more", None));
        }
        let param = format!("{param}{}", self.custom);
        let comparison = with_ids(
            self.query.module,
            name,
            path,
            comparison::read(path, value)?,
            self.ids,
        );
        let written = parameter::write_custom(name, path, comparison)?;
        self.add_query(param, written);
        Ok(())
    }

    fn put_parameter(
        &mut self,
        filter: &'a Filter,
        path: &str,
        comparison: &Comparison,
    ) -> Result<(), ToolError> {
        let condition = Condition {
            filter,
            path,
            zone: self.zone,
        };
        let written = condition.write(comparison, self.ids)?;
        self.taken.push(&filter.param);
        self.add_query(filter.param.clone(), written);
        Ok(())
    }

    /// What no parameter takes: a fact, or a condition on a member of the rows.
    fn put_elsewhere(&mut self, name: &str, path: &str, comparison: Comparison) -> Result<(), ToolError> {
        facts::check_shown(name, path, &comparison)?;
        if let Some(fact) = Fact::find(self.query.module, name) {
            if fact.is_of_search() && !self.searching {
                return Err(beside_a_view(path));
            }
            self.sieve.add_fact(name, fact, facts::flag(path, &comparison)?);
            return Ok(());
        }
        match shown::member_of_rows(self.query.module, name, self.searching) {
            Some(field) => self.put_to_rows(name, &field, path, comparison),
            None if self.searching && is_lacking(self.query.module, name) => {
                Err(beside_a_search(self.query, self.listing, path))
            }
            None if !self.searching && is_only_searched(self.query.module, name) => Err(beside_a_view(path)),
            None => Err(not_taken(self.query.module, self.listing, name, path)),
        }
    }

    fn put_to_rows(
        &mut self,
        name: &str,
        field: &str,
        path: &str,
        comparison: Comparison,
    ) -> Result<(), ToolError> {
        let is_number =
            |texts: &Vec<String>| phone::is_in(field) && texts.iter().all(|text| phone::is_whole(text));
        let module = self.query.module;
        let wordy = filters_of(module, name).any(parameter::is_wordy);
        let by_address = |texts: &Vec<String>| {
            filters_of(module, name).any(|filter| parameter::is_by_address(filter, texts))
        };
        match &comparison {
            Comparison::OneOf(texts) if is_number(texts) => self.sieve.add_numbers(name, field, texts, true),
            Comparison::NoneOf(texts) if is_number(texts) => {
                self.sieve.add_numbers(name, field, texts, false)
            }
            Comparison::OneOf(texts) if by_address(texts) => self.sieve.add_whole(field, texts),
            Comparison::OneOf(texts) if wordy => self.sieve.add_words(name, field, texts, true),
            Comparison::NoneOf(texts) if wordy => self.sieve.add_words(name, field, texts, false),
            _ => {
                let comparison = with_ids(module, name, path, comparison, self.ids);
                check_ids(field, path, &comparison)?;
                check_states(field, path, &comparison)?;
                return self.sieve.add(name, field, comparison, self.zone);
            }
        }
        Ok(())
    }

    fn add_query(&mut self, param: String, value: String) {
        self.request = self.request.clone().with_query(param, value);
    }
}

/// What a filter's value asks; of a span only its own forms are told.
fn read(filter: Option<&Filter>, path: &str, value: &Value) -> Result<Comparison, ToolError> {
    let read = comparison::read(path, value);
    match filter {
        Some(filter) if filter.kind == FilterKind::Range => read.map_err(|_| time::unreadable(path)),
        _ => read,
    }
}

/// The comparison with `4112` in place of `#4112`, where the field is a number of records.
fn bare_numbers(module: &Module, name: &str, comparison: Comparison) -> Comparison {
    let bare = |text: String| text.trim().trim_start_matches('#').trim_start().to_owned();
    match comparison {
        other if !filters_of(module, name).any(|filter| filter.kind == FilterKind::Numbers) => other,
        Comparison::OneOf(texts) => Comparison::OneOf(texts.into_iter().map(bare).collect()),
        Comparison::NoneOf(texts) => Comparison::NoneOf(texts.into_iter().map(bare).collect()),
        Comparison::Begins(text) => Comparison::Begins(bare(text)),
        Comparison::Between(from, to) => {
            let end = |end: End| End {
                text: bare(end.text),
                ..end
            };
            Comparison::Between(from.map(end), to.map(end))
        }
        other => other,
    }
}

/// The comparison with ids in place of names, where the field refers to somebody.
fn with_ids(
    module: &Module,
    name: &str,
    path: &str,
    comparison: Comparison,
    ids: &mut Known<'_>,
) -> Comparison {
    let kind = filters_of(module, name).find_map(|filter| filter.kind.refers_to());
    let Some(kind) = kind.or_else(|| Kind::of_field(name)) else {
        return comparison;
    };
    let mut id = |text: String| match is_id(&text) || is_nobody(&text) {
        true => text,
        false => ids.id_of(path, kind, text),
    };
    match comparison {
        Comparison::OneOf(texts) => Comparison::OneOf(texts.into_iter().map(&mut id).collect()),
        Comparison::NoneOf(texts) => Comparison::NoneOf(texts.into_iter().map(&mut id).collect()),
        other => other,
    }
}

/// An id is compared with ids: no name is one of them, nor begins one.
fn check_ids(field: &str, path: &str, comparison: &Comparison) -> Result<(), ToolError> {
    let is_one = |text: &String| is_id(text) || is_nobody(text) || text.is_empty();
    let fits = match comparison {
        Comparison::OneOf(texts) | Comparison::NoneOf(texts) => texts.iter().all(is_one),
        Comparison::Empty(_) => true,
        Comparison::Begins(_) | Comparison::Between(..) => false,
    };
    if fits || !field.ends_with("Id") {
        return Ok(());
    }
    let fix = "get_records lists the records it may be an id of".to_owned();
    let expected = "ids of digits, or whole names where a name can stand for one";
    Err(ToolError::argument(path, expected, "something else", Some(fix)))
}

/// Of the kinds of status there are three.
fn check_states(field: &str, path: &str, comparison: &Comparison) -> Result<(), ToolError> {
    let (Comparison::OneOf(texts) | Comparison::NoneOf(texts)) = comparison else {
        return Ok(());
    };
    let mut other = texts
        .iter()
        .filter(|text| parameter::kind_of_status(text).is_none());
    match other.next().filter(|_| field == "statusType") {
        Some(_) => Err(ToolError::argument(
            path,
            parameter::STATUS_KINDS,
            "something else",
            None,
        )),
        None => Ok(()),
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
pub(super) fn filters_of<'m>(module: &'m Module, name: &str) -> impl Iterator<Item = &'m Filter> {
    let listings = std::iter::once(&module.list).chain(&module.search);
    listings.filter_map(move |listing| filter_of(listing, name))
}
