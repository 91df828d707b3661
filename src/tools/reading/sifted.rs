//! Rows that meet conditions no call of Zoho takes: looked for page after page, within bounds that are told.

use jiff::Timestamp;

use super::{Batch, Broken, Pages, Place, Stop};
use crate::tools::error::ToolError;
use crate::tools::output::project::{Record, Refused};
use crate::tools::request::{Findings, Sieve};

/// Pages that one answer looks through at most.
const MOST_PAGES: usize = 10;
/// Pages that one count looks through at most.
const MOST_COUNTED: usize = 50;

/// Rows of a list as they were drawn, and where the list goes on behind each.
#[derive(Debug, Default)]
pub struct Drawn {
    /// Those that fit.
    pub rows: Vec<Record>,
    /// Rows looked at.
    pub looked_at: usize,
    /// Told where rows of the list may have been lost.
    pub gap: Option<&'static str>,
    /// Told where nobody can see whether there were.
    pub doubt: Option<&'static str>,
    /// Why the page after these could not be read.
    pub broken: Option<ToolError>,
    /// Why lists among several could not be read.
    pub failures: Vec<ToolError>,
    /// What the rows have shown of themselves.
    pub findings: Findings,
    /// Errors in place of records, and how many rows a reader has taken who has passed each.
    pub(super) refused: Vec<(usize, Refused)>,
    /// Where a reader stops that took so many of the rows and no more.
    pub(super) stops: Vec<Stop>,
    /// Where one stops that took all.
    pub(super) end: Stop,
}

impl Drawn {
    /// Where a reader stops that took so many of the rows: behind the last of them, or behind all that was looked at.
    pub fn after(&self, taken: usize) -> &Stop {
        let within = taken.checked_sub(1).filter(|_| taken < self.rows_drawn());
        within.and_then(|last| self.stops.get(last)).unwrap_or(&self.end)
    }

    /// The errors in place of records that a reader has passed who took so many of the rows.
    pub fn refused_before(&self, taken: usize) -> Vec<Refused> {
        let all = taken >= self.rows_drawn();
        let passed = self.refused.iter().filter(|(rows, _)| all || *rows <= taken);
        passed.map(|(_, error)| error.clone()).collect()
    }

    fn rows_drawn(&self) -> usize {
        self.stops.len()
    }
}

/// How many rows of a list fit.
#[derive(Debug, Default)]
pub struct Counted {
    /// Those that fit.
    pub fit: u64,
    /// Rows looked at.
    pub looked_at: usize,
    /// Whether all rows could be looked at.
    pub is_whole: bool,
    /// Told where rows of the list may have been lost.
    pub gap: Option<&'static str>,
    /// Told where nobody can see whether there were.
    pub doubt: Option<&'static str>,
    /// Errors in place of records.
    pub refused: Vec<Refused>,
    /// Why the page after these could not be read.
    pub broken: Option<ToolError>,
    /// What the rows have shown of themselves.
    pub findings: Findings,
}

/// Rows on their way through the sieve, and where each of them stands.
#[derive(Default)]
struct Sifting {
    drawn: Drawn,
    /// Errors in place of records, each with its page.
    refused: Vec<(usize, Refused)>,
    /// For each row its page, the rows of that page up to it, and its mark.
    stands: Vec<(usize, usize, Option<String>)>,
    /// Whether as many fit as were wanted.
    is_full: bool,
    /// The pages.
    places: Vec<Place>,
}

impl Sifting {
    /// Takes the rows of a page that fit, until there are as many as wanted.
    ///
    /// # Errors
    /// No row can be put to a condition, and none was found before.
    fn take(&mut self, batch: Batch, wanted: usize, sieve: &Sieve, now: Timestamp) -> Result<(), ToolError> {
        let page = self.places.len();
        let drawn = &mut self.drawn;
        let loses_rows = page > 0 && !drawn.rows.is_empty();
        drawn.gap = drawn.gap.or(batch.gap);
        drawn.doubt = drawn.doubt.or(batch.doubt);
        self.refused
            .extend(batch.refused.into_iter().map(|error| (page, error)));
        drawn.broken = batch.broken;
        for (index, mut row) in batch.rows.into_iter().enumerate() {
            if drawn.rows.len() == wanted {
                // What is behind the page is nothing to who stops on it.
                drawn.broken = None;
                break;
            }
            drawn.looked_at += 1;
            if sieve.keeps(&mut row.shown, now, &mut drawn.findings) {
                self.stands.push((page, index + 1, row.mark().map(str::to_owned)));
                drawn.rows.push(row);
            }
        }
        self.is_full = drawn.rows.len() >= wanted;
        self.places.push(batch.place);
        drawn.findings.check(loses_rows)
    }

    /// Nothing leads on from the last page, although there is more.
    fn end_there(&mut self) {
        if let Some(last) = self.places.last_mut() {
            last.next = None;
        }
    }

    fn finish(mut self) -> Drawn {
        let behind = |(page, rows, mark): &(usize, usize, Option<String>)| {
            let place = self.places.get(*page);
            place
                .map(|place| place.after(*rows, mark.as_deref()))
                .unwrap_or_default()
        };
        self.drawn.stops = self.stands.iter().map(behind).collect();
        let last = self.places.last().map(|place| place.after(usize::MAX, None));
        self.drawn.end = match self.drawn.stops.last() {
            Some(stop) if self.is_full => stop.clone(),
            _ => last.unwrap_or_default(),
        };
        let refused = std::mem::take(&mut self.refused).into_iter();
        let passed = refused.filter_map(|(page, error)| Some((self.passing(page, &error)?, error)));
        self.drawn.refused = passed.collect();
        self.drawn
    }

    /// How many rows a reader takes who passes an error on a page; none where it stands behind all that was looked at.
    fn passing(&self, page: usize, error: &Refused) -> Option<usize> {
        let passes = |(last, rows, _): &(usize, usize, Option<String>)| {
            let whole = self.places.get(*last).is_none_or(|place| place.rows <= *rows);
            page < *last || page == *last && (whole || error.after < *rows)
        };
        let taken = self.stands.iter().position(passes).map(|index| index + 1);
        taken.or((!self.is_full).then_some(self.stands.len()))
    }
}

/// The first rows of a list that fit at a time, no more than wanted. What the first pages gave stays when a later one
/// fails.
///
/// # Errors
/// Zoho refused the first page, or a condition cannot be put to any row.
pub(super) async fn sift(pages: &mut Pages<'_>, wanted: usize, now: Timestamp) -> Result<Drawn, ToolError> {
    let mut sifting = Sifting::default();
    let most = if pages.sieve().is_empty() { 1 } else { MOST_PAGES };
    for page in 0..most {
        let batch = match pages.next().await {
            Err(Broken::Ceiling(_)) if page > 0 => {
                sifting.end_there();
                break;
            }
            Err(broken) if page > 0 => {
                sifting.drawn.broken = Some(broken.into());
                break;
            }
            batch => batch?,
        };
        let on = batch.place.next.is_some();
        sifting.take(batch, wanted, pages.sieve(), now)?;
        if sifting.is_full || !on || sifting.drawn.broken.is_some() {
            break;
        }
    }
    Ok(sifting.finish())
}

/// Counts the rows of a list that fit at a time. What the first pages gave stays when a later one fails.
///
/// # Errors
/// Zoho refused the first page, or a condition cannot be put to any row.
pub(super) async fn count(pages: &mut Pages<'_>, now: Timestamp) -> Result<Counted, ToolError> {
    let mut counted = Counted::default();
    for page in 0..MOST_COUNTED {
        let batch = match pages.next().await {
            Err(Broken::Ceiling(_)) => break,
            Err(broken) if page > 0 => {
                counted.broken = Some(broken.into());
                break;
            }
            batch => batch?,
        };
        counted.gap = counted.gap.or(batch.gap);
        counted.doubt = counted.doubt.or(batch.doubt);
        counted.refused.extend(batch.refused);
        for mut row in batch.rows {
            counted.looked_at += 1;
            let fits = pages.sieve().keeps(&mut row.shown, now, &mut counted.findings);
            counted.fit += u64::from(fits);
        }
        counted.findings.check(page > 0 && counted.fit > 0)?;
        counted.broken = batch.broken;
        if counted.broken.is_some() {
            break;
        }
        if batch.place.next.is_none() {
            counted.is_whole = !batch.place.more;
            break;
        }
    }
    Ok(counted)
}
