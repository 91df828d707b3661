//! Conditions that Zoho takes itself and rows show exactly: they are put to the rows as well, for Zoho's answer may have
//! others. What it may read in another way than a row shows it is not.

use super::Placing;
use crate::names::pointer;
use crate::tools::error::ToolError;
use crate::tools::modules::{Filter, FilterKind, Module};
use crate::tools::request::comparison::Comparison;
use crate::tools::request::sieve::Values;

impl Placing<'_, '_> {
    /// Puts to the rows what a parameter is asked for, as `written`.
    pub(super) fn put_check(
        &mut self,
        filter: &Filter,
        path: &str,
        comparison: &Comparison,
        written: &str,
    ) -> Result<(), ToolError> {
        let fields = as_asked(self.query.module, filter);
        let Some(asked) = exactly(filter, comparison, written).filter(|_| !fields.is_empty()) else {
            return Ok(());
        };
        let values = match filter.kind {
            FilterKind::Range => Values::Times,
            FilterKind::Numbers => Values::Numbers,
            _ => Values::Plain,
        };
        let name = pointer::last_key(path);
        self.sieve.add_check(&name, &fields, &asked, values, self.zone)
    }
}

/// The members of rows that show exactly what a parameter is asked for, where rows of the module have them.
fn as_asked(module: &Module, filter: &Filter) -> Vec<&'static str> {
    let shown: Vec<&str> = match filter.kind {
        FilterKind::StatusTypes => vec!["statusType"],
        // One that takes a single text may compare it by a part, unless that is a value of a list.
        FilterKind::Text if !filter.parameter().single => Vec::new(),
        _ => filter.parameter().shown.iter().map(String::as_str).collect(),
    };
    shown.into_iter().filter(|field| module.carries(field)).collect()
}

/// What rows have to show: ids in place of names. None where a sign of Zoho's stands among it.
fn exactly(filter: &Filter, comparison: &Comparison, written: &str) -> Option<Comparison> {
    let has_sign = |text: &String| text.contains('*') || text.contains("${");
    match comparison {
        Comparison::OneOf(texts) if texts.iter().any(has_sign) => None,
        Comparison::OneOf(_) if filter.kind.refers_to().is_some() => {
            Some(Comparison::OneOf(written.split(',').map(str::to_owned).collect()))
        }
        Comparison::OneOf(_) | Comparison::Between(..) => Some(comparison.clone()),
        Comparison::Empty(true) if filter.kind == FilterKind::Agents => Some(comparison.clone()),
        _ => None,
    }
}
