//! Zoho lists only so many rows of a query: a longer one is cut into spans of the time its records were created.

use std::collections::{BTreeSet, HashSet};

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::archived::Archived;
use super::shown::Shown;
use crate::connections::Product;
use crate::names::fold;
use crate::tools::modules::{Module, Subject};
use crate::tools::output::project::{CutTexts, Reasons, Record, Refused};
use crate::tools::reading::Position;
use crate::tools::request::crm::{MOST_CONDITIONS, MOST_FIELDS, asks_for_trash};
use crate::tools::request::{asks_for_archive, is_only_listed, text, texts, time};

/// How an export ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum End {
    /// With the last record of the query.
    Whole,
    /// Among the same records again and again.
    Turning,
    /// Among records far beyond those Zoho counted.
    Endless,
    /// Where Zoho lists no more of the query.
    Unlisted,
}

/// How far an export has come; kept beside its file until it is whole.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Progress {
    pub(super) at: Option<Position>,
    /// Which of the lists that have its rows together it has come to.
    pub(super) part: usize,
    /// Where the present span of time begins; none before the first.
    pub(super) since: Option<String>,
    /// The instant of the newest row written, and the rows written of it: the next span begins with them again.
    latest: Option<String>,
    at_latest: HashSet<String>,
    pub(super) rows: u64,
    /// The records of the query when the export began, where Zoho counts them.
    pub(super) total: Option<u64>,
    /// The records of the query as its first page told them.
    pub(super) told: Option<u64>,
    /// Told when rows of the list may have been lost.
    pub(super) gap: Option<String>,
    /// Told when nobody can see whether there were.
    pub(super) doubt: Option<String>,
    /// Rows that are no records, by the reason.
    pub(super) refused: Reasons,
    /// What lists of the query tell of how its conditions are read.
    pub(super) notes: Vec<String>,
    /// Told where records may be missing of which Zoho does not say whether it finds them.
    pub(super) misses: Option<String>,
    /// The names that some of its rows do not have beside their ids.
    pub(super) unnamed: BTreeSet<String>,
    /// Cells marked as text.
    pub(super) marked: u64,
    /// What its rows have shown of themselves, but for archived ones.
    pub(super) shown: Shown,
    /// Texts that end where Zoho cuts them.
    pub(super) cut: CutTexts,
    /// Set when all pages are written.
    pub(super) end: Option<End>,
    /// How far it has come in the archive behind them.
    pub(super) archive: Archived,
}

/// The field by which the query can be cut, if it can be: Desk where it searches by time, CRM where criteria can name
/// the time beside the caller's own conditions. A view is listed, and no search takes one.
pub(super) fn field(subject: &Subject, arguments: &Map<String, Value>) -> Option<&'static str> {
    let by_view = text(arguments, "view").is_some();
    match subject.product {
        Product::Desk => {
            let search = subject.module.search.as_ref().filter(|_| !by_view)?;
            let filters = arguments.get("filters").and_then(Value::as_object);
            let own = filters.and_then(|filters| filters.get(own(filters)?));
            let names = filters.into_iter().flat_map(Map::keys);
            let by_list = names
                .into_iter()
                .any(|name| is_only_listed(&subject.module, name));
            if by_list || asks_for_archive(&subject.module, arguments.get("filters")) {
                return None;
            }
            let by_time = search.filters.contains_key("createdTime") && own.is_none_or(is_span);
            by_time.then_some("createdTime")
        }
        Product::Crm => {
            if text(arguments, "query").is_some() || by_view {
                return None;
            }
            let filters = arguments.get("filters").and_then(Value::as_object);
            if filters.is_some_and(asks_for_trash) {
                return None;
            }
            let own = filters.and_then(|filters| filters.get(own(filters)?));
            let room = match own {
                Some(value) => is_span(value),
                None => filters.is_none_or(|filters| filters.len() < MOST_CONDITIONS),
            };
            let fields = texts(arguments, "fields");
            let shown = |name: &str| fields.iter().any(|field| field == name);
            let beside = fields.len() + usize::from(!shown("id"));
            (room && (shown("Created_Time") || beside < MOST_FIELDS)).then_some("Created_Time")
        }
    }
}

/// Whether a condition on a time is one span, of which a part can be asked for.
fn is_span(value: &Value) -> bool {
    time::span("/filters", value, &TimeZone::UTC).is_ok()
}

/// The caller's key of the condition on the time of creation.
fn own(filters: &Map<String, Value>) -> Option<&String> {
    filters.keys().find(|key| fold(key) == "createdtime")
}

/// Puts the span that begins at `since` in place of the caller's own, whose end stays.
pub(super) fn narrow(arguments: &mut Map<String, Value>, field: &str, since: Option<&str>, zone: &TimeZone) {
    let filters = arguments.entry("filters").or_insert_with(|| json!({}));
    let Some(filters) = filters.as_object_mut() else {
        return;
    };
    let key = own(filters).cloned();
    let mut span = Map::new();
    span.insert("from".to_owned(), json!(since.unwrap_or("1970-01-01T00:00:00Z")));
    if let Some(value) = key.as_ref().and_then(|key| filters.get(key)) {
        if since.is_none() {
            return;
        }
        span.extend(end(value, zone).map(|end| ("to".to_owned(), end)));
    }
    filters.insert(key.unwrap_or_else(|| field.to_owned()), Value::Object(span));
}

fn end(span: &Value, zone: &TimeZone) -> Option<Value> {
    let read = time::span("/filters", span, zone).ok()?;
    Some(json!(read.to?.to_string()))
}

impl Progress {
    pub(super) fn is_new(&self, id: &str) -> bool {
        !self.at_latest.contains(id)
    }

    /// Whether no row is known to be missing, nor can be for want of what it is tested by.
    pub(super) fn has_all(&self, module: &Module) -> bool {
        let judged = self.shown.is_judged(module) && self.archive.has_all(module);
        let found = judged && self.misses.is_none();
        found && self.missing() == 0 && self.gap.is_none() && self.refused.rows() == 0 && self.cut.is_empty()
    }

    /// How many of the records that the first page told of have come in no page, though the last one was read.
    pub(super) fn missing(&self) -> u64 {
        self.told.unwrap_or_default().saturating_sub(self.listed())
    }

    /// How many records its lists have given.
    fn listed(&self) -> u64 {
        self.rows.saturating_sub(self.archive.rows()) + self.refused.rows()
    }

    /// Settles whether records are missing that Zoho may not find, by the number there is of all.
    pub(super) fn settle_misses(&mut self, counted: Option<u64>) {
        let missing = counted.map(|counted| counted.saturating_sub(self.listed()));
        self.misses = match (missing, self.misses.take()) {
            (Some(0), _) => None,
            (Some(missing), Some(told)) => Some(format!("Zoho counts {missing} more. {told}")),
            (_, told) => told,
        };
    }

    /// How many records of the newest instant were written.
    pub(super) fn at_latest(&self) -> usize {
        self.at_latest.len()
    }

    /// Takes note of what is told of a page: of rows that may be lost, for sure or in doubt, and of those refused.
    pub(super) fn hear(&mut self, [gap, doubt]: [Option<&str>; 2], refused: &[Refused]) {
        self.gap = self.gap.take().or(gap.map(str::to_owned));
        self.doubt = self.doubt.take().or(doubt.map(str::to_owned));
        self.refused.add(refused);
    }

    /// Takes note of rows that turned up.
    pub(super) fn note(&mut self, rows: &[Record], field: &str) {
        let time = |row: &Record| row.shown.get(field).and_then(Value::as_str).map(str::to_owned);
        let Some(latest) = rows.last().and_then(time) else {
            return;
        };
        if self.latest.as_ref() != Some(&latest) {
            self.at_latest.clear();
        }
        let same = rows.iter().filter(|row| time(row).as_ref() == Some(&latest));
        self.at_latest.extend(same.filter_map(|row| row.id.clone()));
        self.latest = Some(latest);
    }

    /// Begins the next of the lists that have its rows together.
    pub(super) fn next_part(&mut self) {
        self.part += 1;
        (self.at, self.since, self.latest) = (None, None, None);
        self.at_latest.clear();
    }

    /// Begins the next span with the newest instant written; false when the present one began there too.
    pub(super) fn next_span(&mut self) -> bool {
        let further = self.since != self.latest;
        self.since.clone_from(&self.latest);
        further
    }
}
