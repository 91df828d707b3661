//! What was found of a customer, as much of it as fits, each list with how many there are.

use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::modules::Subject;
use crate::tools::output::link_of;
use crate::tools::output::list::BUDGET;
use crate::tools::output::project::{Page, Projection, Record};
use crate::tools::reading;
use crate::zoho::{Read, Session};
use serde_json::{Map, Value, json};

/// Matches shown of each kind.
pub(super) const MATCHES: usize = 5;
/// Cases and deals shown beside a match; fewer where the answer would become too long.
pub(super) const BESIDE: usize = 5;
/// Characters of what stands around it all.
const FRAME: usize = 1500;

/// What a product knows of the customer, kind by kind.
pub(super) type Lists = Vec<(&'static str, Found)>;

/// The first ones of a kind, and how many there are.
#[derive(Default)]
pub(super) struct Found {
    pub(super) matches: Vec<Match>,
    total: Total,
}

/// One that was found, and what lies beside it.
pub(super) struct Match {
    pub(super) shown: Map<String, Value>,
    pub(super) beside: Option<(&'static str, Found)>,
}

enum Total {
    Exactly(usize),
    AtLeast(usize),
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
            (None, None) if known < asked => Total::Exactly(known),
            (None, None) => Total::AtLeast(known),
        };
        let matches = page.records.into_iter().take(MATCHES.max(BESIDE));
        Found {
            matches: matches
                .map(|record| Match::of(session, subject, record))
                .collect(),
            total,
        }
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
            let mut shown = one.shown.clone();
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
        into.insert(key.to_owned(), Value::Array(matches));
        is_cut |= told.is_some();
        into.extend(told);
        is_cut
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
        Match {
            shown: record.shown,
            beside: None,
        }
    }

    /// Its id, which every match has that can be asked about.
    pub(super) fn id(&self) -> &str {
        self.shown.get("id").and_then(Value::as_str).unwrap_or_default()
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
            let matches = part.get(*key).and_then(Value::as_array);
            shown.count += matches.map_or(0, Vec::len);
        }
        shown
            .data
            .insert(product.as_str().to_owned(), Value::Object(part));
    }
    shown
}

/// One page of a list, these fields of its rows.
pub(super) async fn page(session: &Session, request: Read, fields: &[&str]) -> Result<Page, ToolError> {
    let fields: Vec<String> = fields.iter().map(|&field| field.to_owned()).collect();
    let projection = Projection {
        fields: Some(&fields),
        html: &[],
    };
    reading::one_page(session, &request, "data", &projection).await
}
