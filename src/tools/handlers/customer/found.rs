//! What was found of a customer, as much of it as fits, each list with how many there are.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::modules::Subject;
use crate::tools::output::link_of;
use crate::tools::output::list::BUDGET;
use crate::tools::output::project::{NoRecord, Page, Reasons, Record, Refused, Why};
use crate::zoho::Session;

/// Matches shown of each kind.
pub(super) const MATCHES: usize = 5;
/// Cases and deals shown beside a match; fewer where the answer would become too long.
pub(super) const BESIDE: usize = 5;
/// Characters of what stands around it all.
const FRAME: usize = 1500;

/// What a product knows of the customer, kind by kind.
pub(super) type Lists = Vec<(&'static str, Found)>;

/// The first ones of a kind, how many there are, and what of them Zoho refused.
#[derive(Default)]
pub(super) struct Found {
    pub(super) matches: Vec<Match>,
    total: Total,
    /// Errors in place of records.
    refused: Vec<Refused>,
    /// Left out, for their address only holds the one that was asked for.
    alike: usize,
    /// Why the list could not be had, or not all of it.
    failure: Option<ToolError>,
    /// Told where nothing was found, and yet there may be; and where something was, and not quite what was asked for.
    doubt: Option<&'static str>,
    near: Option<&'static str>,
}

/// The lists of a product, failures in the place of some.
///
/// # Errors
/// The first of the failures, where there is nothing else.
pub(super) fn all_but_failures<const N: usize>(
    lists: [(&'static str, Result<Found, ToolError>); N],
) -> Result<Lists, ToolError> {
    let lists: Lists = lists.map(|(key, found)| (key, Found::or_failure(found))).into();
    let first = lists.first().and_then(|(_, found)| found.failure.as_ref());
    match first.filter(|_| lists.iter().all(|(_, found)| found.has_failed())) {
        Some(failure) => Err(failure.clone()),
        None => Ok(lists),
    }
}

/// One that was found, and what lies beside it.
pub(super) struct Match {
    pub(super) record: Record,
    pub(super) beside: Option<(&'static str, Found)>,
}

/// How many there are, as far as known.
#[derive(Clone, Copy)]
pub(super) enum Total {
    Exactly(usize),
    AtLeast(usize),
}

impl Total {
    fn least(self) -> usize {
        match self {
            Total::Exactly(number) | Total::AtLeast(number) => number,
        }
    }
}

impl Default for Total {
    fn default() -> Self {
        Total::Exactly(0)
    }
}

impl Found {
    /// The matches of a page; where the page says neither how many there are nor that it is the last, there may be more.
    pub(super) fn of(session: &Session, subject: &Subject, page: Page, asked: usize) -> Self {
        let known = page.records.len();
        let counted = page.total.and_then(|total| usize::try_from(total).ok());
        let total = match (counted, page.info.get("more_records").and_then(Value::as_bool)) {
            (Some(total), _) => Total::Exactly(total.max(known)),
            (None, Some(false)) => Total::Exactly(known),
            (None, Some(true)) => Total::AtLeast(known + 1),
            (None, None) if known + page.refused.len() < asked => Total::Exactly(known),
            (None, None) => Total::AtLeast(known),
        };
        Found {
            refused: page.refused,
            ..Found::among(session, subject, page.records, total)
        }
    }

    /// The first of these records.
    pub(super) fn among(session: &Session, subject: &Subject, records: Vec<Record>, total: Total) -> Self {
        let matches = records.into_iter().take(MATCHES.max(BESIDE));
        Found {
            matches: matches
                .map(|record| Match::of(session, subject, record))
                .collect(),
            total,
            ..Found::default()
        }
    }

    /// The same with those of another list that are not among them yet.
    pub(super) fn with(mut self, others: Found) -> Self {
        let (known, more) = (self.matches.len(), others.matches.len());
        let is_new = |one: &Match| !self.matches.iter().any(|own| own.id() == one.id());
        let new: Vec<Match> = others.matches.into_iter().filter(is_new).collect();
        let added = new.len();
        self.matches.extend(new);
        self.total = match (self.total, others.total) {
            (Total::Exactly(own), Total::Exactly(all)) if own == known && all == more => {
                Total::Exactly(known + added)
            }
            (own, _) => Total::AtLeast(own.least().max(known + added)),
        };
        self.failure = self.failure.or(others.failure);
        self.doubt = self.doubt.or(others.doubt);
        self.refused.extend(others.refused);
        self
    }

    /// The ids of the matches that are shown.
    pub(super) fn shown_ids(&self) -> Vec<String> {
        let shown = self.matches.iter().take(MATCHES);
        shown.map(|one| one.id().to_owned()).collect()
    }

    /// Lays beside each match that is shown what was found of it.
    pub(super) fn put_beside(&mut self, key: &'static str, found: Vec<Result<Found, ToolError>>) {
        for (one, found) in self.matches.iter_mut().zip(found) {
            one.beside = Some((key, Found::or_failure(found)));
        }
    }

    /// The same, where not all could be had.
    pub(super) fn but_for(mut self, failure: Option<ToolError>, refused: Vec<Refused>) -> Self {
        self.failure = self.failure.or(failure);
        self.refused.extend(refused);
        self
    }

    /// The same, with how many were left out that are only alike.
    pub(super) fn but_for_alike(mut self, alike: usize) -> Self {
        self.alike = alike;
        self
    }

    /// The same, with what is told where it is empty.
    pub(super) fn doubted(mut self, doubt: &'static str) -> Self {
        self.doubt = Some(doubt);
        self
    }

    /// The same, with what is told where it is not empty.
    pub(super) fn near(mut self, near: &'static str) -> Self {
        self.near = Some(near);
        self
    }

    /// Whether nothing was found, nor refused.
    pub(super) fn is_nothing(&self) -> bool {
        self.matches.is_empty() && self.failure.is_none() && self.refused.is_empty()
    }

    /// What was found, or the failure in its place.
    fn or_failure(outcome: Result<Found, ToolError>) -> Self {
        outcome.unwrap_or_else(|failure| Found {
            failure: Some(failure),
            ..Found::default()
        })
    }

    /// Whether nothing but a failure is known of it.
    pub(super) fn has_failed(&self) -> bool {
        self.failure.is_some() && self.matches.is_empty()
    }

    /// Whether that is how many there are, neither more nor perhaps more.
    pub(super) fn counts(&self, known: usize) -> bool {
        matches!(self.total, Total::Exactly(total) if total == known)
    }

    /// The same, drawn from the first rows of something longer: there may be more of it.
    pub(super) fn of_first(mut self, of_first: bool) -> Self {
        if let (true, Total::Exactly(total)) = (of_first, &self.total) {
            self.total = Total::AtLeast(*total);
        }
        self
    }

    /// Writes what fits and how many there are; says whether something of it is cut, here or beside a match.
    fn write(&self, key: &str, most: usize, beside: usize, into: &mut Map<String, Value>) -> bool {
        let (mut matches, mut is_cut) = (Vec::new(), false);
        for one in self.matches.iter().take(most) {
            let mut shown = one.record.shown.clone();
            if let Some((key, found)) = &one.beside {
                is_cut |= found.write(key, beside, 0, &mut shown);
            }
            matches.push(Value::Object(shown));
        }
        let told = match self.total {
            Total::Exactly(total) if total == matches.len() => None,
            Total::Exactly(total) => Some((format!("{key}_total"), json!(total))),
            Total::AtLeast(known) => Some((format!("{key}_total_at_least"), json!(known))),
        };
        is_cut |= told.is_some();
        if !self.has_failed() {
            into.insert(key.to_owned(), Value::Array(matches));
            into.extend(told);
        }
        let refused = self.refused();
        into.extend(refused.map(|codes| (format!("{key}_refused"), codes)));
        let odd = self.count_by(|row| row.no_record().map(NoRecord::words));
        into.extend(odd.map(|lacks| (format!("{key}_no_records"), lacks)));
        is_cut
    }

    /// The codes of what was refused: of the list, or of how many of its rows.
    fn refused(&self) -> Option<Value> {
        let code = |failure: &ToolError| match failure.rejection.as_ref().filter(|said| !said.code.is_empty())
        {
            Some(said) => json!(said.code),
            None => json!(failure.code),
        };
        if let Some(failure) = &self.failure {
            return Some(code(failure));
        }
        self.count_by(|row| match &row.why {
            Why::Zoho { code, .. } => Some(code),
            Why::NoRecord(_) => None,
        })
    }

    /// How many of the rows that are no records there are of each kind.
    fn count_by<'r>(&'r self, kind: impl Fn(&'r Refused) -> Option<&'r str>) -> Option<Value> {
        let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
        for kind in self.refused.iter().filter_map(kind) {
            *rows.entry(kind).or_default() += 1;
        }
        (!rows.is_empty()).then(|| json!(rows))
    }

    /// What is told of those that are only alike.
    fn tell_alike(&self, key: &str) -> Option<String> {
        let alike = self.alike;
        (alike > 0).then(|| format!("{key}: {alike} more are left out that only hold what was asked for."))
    }

    /// What is told of a list without anyone in it, or with those that are not quite it.
    fn tell_doubt(&self, key: &str) -> Option<String> {
        let told = match self.matches.is_empty() {
            true => self.doubt.filter(|_| self.failure.is_none()),
            false => self.near,
        };
        told.map(|told| format!("{key}: {told}"))
    }

    /// What is told of the refusals here and beside the matches, each once.
    fn tell(&self, key: &str, notes: &mut BTreeSet<String>) {
        let failure = self.failure.as_ref();
        notes.extend(failure.map(|failure| format!("{key}: {} {}", failure.error, failure.next)));
        notes.extend(
            Reasons::of(&self.refused)
                .tell()
                .map(|told| format!("{key}: {told}.")),
        );
        for (key, found) in self.matches.iter().filter_map(|one| one.beside.as_ref()) {
            found.tell(key, notes);
        }
    }
}

impl Match {
    fn of(session: &Session, subject: &Subject, mut record: Record) -> Self {
        let link = record.link(&|id| link_of(session, &subject.module, id));
        let id = record.id.take().map(|id| ("id".to_owned(), Value::String(id)));
        record.shown.extend(id);
        record
            .shown
            .extend(link.map(|link| ("link".to_owned(), Value::String(link))));
        Match { record, beside: None }
    }

    /// Its id, which every match has that can be asked about.
    pub(super) fn id(&self) -> &str {
        self.record
            .shown
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }
}

/// What is shown of all lists.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) data: Map<String, Value>,
    /// Matches among it.
    pub(super) count: usize,
    /// Whether a list is shorter than what there is.
    pub(super) is_cut: bool,
    /// What Zoho refused, and why.
    pub(super) refusals: BTreeSet<String>,
    /// What else is to be known of them.
    pub(super) remarks: Vec<String>,
}

/// All lists, with as many beside each match as leave the answer within its budget.
pub(super) fn fitting(products: &[(Product, Lists)]) -> Shown {
    let steps = (0..=BESIDE).rev().map(|beside| (MATCHES, beside));
    let mut steps = steps.chain((1..MATCHES).rev().map(|most| (most, 0)));
    loop {
        let step = steps.next();
        let (most, beside) = step.unwrap_or((1, 0));
        let shown = written(products, most, beside);
        let length: usize = shown
            .data
            .values()
            .map(|part| part.to_string().chars().count())
            .sum();
        if step.is_none() || length + FRAME <= BUDGET {
            return shown;
        }
    }
}

fn written(products: &[(Product, Lists)], most: usize, beside: usize) -> Shown {
    let mut shown = Shown::default();
    for (product, lists) in products {
        let mut part = Map::new();
        for (key, found) in lists {
            shown.is_cut |= found.write(key, most, beside, &mut part);
            let told = format!("{product} {key}");
            found.tell(&told, &mut shown.refusals);
            let remarks = [found.tell_alike(&told), found.tell_doubt(&told)];
            shown.remarks.extend(remarks.into_iter().flatten());
            let matches = part.get(*key).and_then(Value::as_array);
            shown.count += matches.map_or(0, Vec::len);
        }
        shown
            .data
            .insert(product.as_str().to_owned(), Value::Object(part));
    }
    shown
}
