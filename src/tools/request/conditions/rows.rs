//! Conditions that no parameter takes, put to the rows: to what these show by themselves, and in a list to what they show
//! where they are asked for it.

use serde_json::Value;

use super::asked::as_begun;
use super::refusals::{beside_a_list, beside_a_search, check_star, not_taken};
use super::{Placing, expresses, filters_of, is_custom, is_lacking, is_only_searched, numbers, shown};
use crate::tools::error::ToolError;
use crate::tools::modules::{Fact, Kind, Listing, Module};
use crate::tools::request::comparison::Comparison;
use crate::tools::request::ids::{Known, holds_numbers, holds_times};
use crate::tools::request::parameter::{self, is_id, is_nobody};
use crate::tools::request::sieve::Values;
use crate::tools::request::{facts, phone, time};

/// How much of a condition Zoho was asked for already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// For rows of which some fit.
    Roughly,
    /// For nothing of it: every row is looked at.
    Nothing,
}

impl Placing<'_, '_> {
    /// What no parameter takes: a fact, or a condition on a member of the rows.
    pub(super) fn put_elsewhere(
        &mut self,
        name: &str,
        path: &str,
        comparison: Comparison,
    ) -> Result<(), ToolError> {
        facts::check_shown(name, path, &comparison)?;
        if let Some(fact) = Fact::find(self.query.module, name) {
            if fact.is_of_search() && !self.searching {
                return Err(beside_a_list(self.query, path));
            }
            self.sieve.add_fact(name, fact, facts::flag(path, &comparison)?);
            return Ok(());
        }
        let module = self.query.module;
        if let Some(field) = shown::member_of_rows(module, name, self.searching) {
            return self.put_to_rows(name, &field, path, comparison, Asked::Nothing);
        }
        let told = told_where_asked(module, self.listing, name).filter(|_| !self.searching);
        if let Some(field) = told {
            self.extra.push(field.clone());
            return self.put_to_rows(name, &field, path, comparison, Asked::Nothing);
        }
        Err(match self.searching {
            true if is_lacking(module, name) => beside_a_search(self.query, self.listing, path),
            false if is_only_searched(module, name) => beside_a_list(self.query, path),
            _ => not_taken(module, self.listing, name, path, &comparison),
        })
    }

    pub(super) fn put_to_rows(
        &mut self,
        name: &str,
        field: &str,
        path: &str,
        comparison: Comparison,
        asked: Asked,
    ) -> Result<(), ToolError> {
        let module = self.query.module;
        let mut filters = filters_of(module, name);
        if let Comparison::OneOf(texts) = &comparison
            && filters.any(|filter| parameter::is_by_address(filter, texts))
        {
            match asked {
                Asked::Roughly => self.sieve.add_whole(field, texts),
                Asked::Nothing => self.sieve.add_address(name, field, texts),
            }
            return Ok(());
        }
        let counts = self.counts(name, field);
        let is_phone = phone::is_in(field) && comparison.values().iter().all(|text| phone::is_whole(text));
        let values = match self.holds_times(name, field) {
            true => Values::Times,
            false if is_phone => Values::Phones,
            false if counts => Values::Numbers,
            false if filters_of(module, name).any(parameter::is_wordy) => Values::Words,
            false => Values::Plain,
        };
        let comparison = match values {
            Values::Words => as_begun(comparison),
            _ => comparison,
        };
        if values == Values::Words {
            check_star(path, &comparison)?;
        }
        let comparison = match counts {
            true => numbers(name, path, comparison)?,
            false => with_ids(module, name, path, comparison, self.ids),
        };
        check_ids(field, path, &comparison)?;
        check_states(field, path, &comparison)?;
        self.sieve.add(name, field, comparison, values, self.zone)
    }

    /// What Zoho says that a member of the rows holds; nothing where it does not say.
    fn told_type(&mut self, name: &str, field: &str) -> &str {
        match is_custom(self.query.module, name) {
            true => self.ids.type_of(name),
            false => self.ids.known_type_of(field).unwrap_or_default(),
        }
    }

    /// Whether a member of the rows holds days or instants: what Zoho says of a field says it, else its name.
    fn holds_times(&mut self, name: &str, field: &str) -> bool {
        match self.told_type(name, field) {
            "" => time::holds_times(None, field),
            word => holds_times(word),
        }
    }

    /// Whether a member of the rows holds numbers.
    fn counts(&mut self, name: &str, field: &str) -> bool {
        match self.told_type(name, field) {
            "" => ["Count", "Price", "duration"]
                .iter()
                .any(|last| field.ends_with(last)),
            word => holds_numbers(word),
        }
    }
}

/// The comparison with ids in place of names, where the field refers to somebody.
pub(super) fn with_ids(
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
    if comparison.values().is_empty() {
        return comparison; // no whole name
    }
    comparison.map(&mut |text| match is_id(&text) || is_nobody(&text) {
        true => text,
        false => ids.id_of(path, kind, text),
    })
}

/// An id is compared with ids: no name is one of them, nor begins one.
fn check_ids(field: &str, path: &str, comparison: &Comparison) -> Result<(), ToolError> {
    let is_one = |text: &String| is_id(text) || is_nobody(text) || text.is_empty();
    let ids = comparison.values();
    let fits = matches!(comparison, Comparison::Empty(_)) || !ids.is_empty() && ids.iter().all(is_one);
    // `emailId` of an agent is an address.
    match fits || !field.ends_with("Id") || field.ends_with("mailId") {
        true => Ok(()),
        false => Err(parameter::no_id(path)),
    }
}

/// Of the kinds of status there are three.
fn check_states(field: &str, path: &str, comparison: &Comparison) -> Result<(), ToolError> {
    let texts = comparison.values().iter();
    let mut other = texts.filter(|text| parameter::kind_of_status(text).is_none());
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

/// The member by which rows of a list show it where they are asked for it; long texts they do not show at all.
pub(super) fn told_where_asked(module: &Module, list: &Listing, name: &str) -> Option<String> {
    if list.row.is_empty() || module.custom {
        return None;
    }
    let takes_custom = || {
        module
            .search
            .as_ref()
            .is_some_and(|search| search.custom.is_some())
    };
    let field = match is_custom(module, name) {
        true => Some(name.to_owned()).filter(|_| takes_custom()),
        false => shown::member_of_rows(module, name, true),
    };
    field.filter(|field| !module.html.contains(field) && !field.contains('.'))
}

/// Whether a search finds records by a condition that no list takes and none of its rows shows.
pub(in crate::tools::request) fn is_only_found(module: &Module, name: &str, value: &Value) -> bool {
    let (Some(search), list) = (&module.search, &module.list) else {
        return false;
    };
    if let Some(fact) = Fact::find(module, name) {
        return fact.is_of_search();
    }
    let is_listed = expresses(list, false, module, name, value)
        || shown::member_of_rows(module, name, false).is_some()
        || told_where_asked(module, list, name).is_some();
    let is_found = || expresses(search, true, module, name, value);
    !is_listed && (is_found() || shown::member_of_rows(module, name, true).is_some())
}
