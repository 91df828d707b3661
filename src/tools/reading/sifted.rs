//! Rows that meet conditions no call of Zoho takes: looked for page after page, within bounds that are told.

use super::{Batch, Broken, Pages, Place, Stop};
use crate::tools::error::ToolError;
use crate::tools::output::project::Record;
use jiff::Timestamp;

/// Pages that one answer looks through at most.
const MOST_PAGES: usize = 10;
/// Pages that one count looks through at most.
const MOST_COUNTED: usize = 50;

/// Rows of a list as they were drawn, and where each of them stands.
#[derive(Debug, Default)]
pub struct Sifted {
    /// Those that fit.
    pub rows: Vec<Record>,
    /// Rows looked at.
    pub looked_at: usize,
    /// Told where rows of the list may have been lost.
    pub gap: Option<&'static str>,
    /// Why the page after these could not be read.
    pub broken: Option<ToolError>,
    /// For each row its page, the rows of that page up to it, and its id.
    stands: Vec<(usize, usize, Option<String>)>,
    /// Whether as many fit as were wanted.
    is_full: bool,
    /// The pages.
    places: Vec<Place>,
}

/// How many rows of a list fit.
#[derive(Debug, Default)]
pub struct Counted {
    /// Those that fit.
    pub fit: u64,
    /// Rows looked at.
    pub looked_at: usize,
    /// Whether these are all of the list.
    pub is_all: bool,
    /// Why the page after these could not be read.
    pub broken: Option<ToolError>,
}

impl Sifted {
    /// Where a reader stops that took so many of the rows: behind the last of them, or behind all that was looked at.
    pub fn after(&self, taken: usize) -> Stop {
        let all = taken >= self.stands.len() && !self.is_full;
        let stand = taken.checked_sub(1).and_then(|last| self.stands.get(last));
        let (page, rows, id) = match stand.filter(|_| !all) {
            Some((page, rows, id)) => (*page, *rows, id.as_deref()),
            None => (self.places.len().saturating_sub(1), usize::MAX, None),
        };
        match self.places.get(page) {
            Some(place) => place.after(rows, id),
            None => Stop {
                next: None,
                more: false,
                note: None,
            },
        }
    }

    /// Nothing leads on from the last page, although there is more.
    fn end_there(&mut self) {
        if let Some(last) = self.places.last_mut() {
            last.next = None;
        }
    }

    /// Takes the rows of a page that fit, until there are as many as wanted.
    fn take(&mut self, batch: Batch, wanted: usize, fits: impl Fn(&mut Record) -> bool) {
        let page = self.places.len();
        self.gap = self.gap.or(batch.gap);
        for (index, mut row) in batch.rows.into_iter().enumerate() {
            if self.rows.len() == wanted {
                break;
            }
            self.looked_at += 1;
            if fits(&mut row) {
                self.stands.push((page, index + 1, row.id.clone()));
                self.rows.push(row);
            }
        }
        self.places.push(batch.place);
        self.is_full = self.rows.len() >= wanted;
    }
}

/// The first rows of a list that fit at a time, no more than wanted. What the first pages gave stays when a later one
/// fails.
///
/// # Errors
/// Zoho refused the first page.
pub async fn sift(pages: &mut Pages<'_>, wanted: usize, now: Timestamp) -> Result<Sifted, ToolError> {
    let mut sifted = Sifted::default();
    let most = if pages.sieve().is_empty() { 1 } else { MOST_PAGES };
    for page in 0..most {
        let batch = match pages.next().await {
            Err(Broken::Ceiling(_)) if page > 0 => {
                sifted.end_there();
                break;
            }
            Err(broken) if page > 0 => {
                sifted.broken = Some(broken.into());
                break;
            }
            batch => batch?,
        };
        let on = batch.place.next.is_some();
        sifted.take(batch, wanted, |row| pages.sieve().keeps(&mut row.shown, now));
        if sifted.is_full || !on {
            break;
        }
    }
    Ok(sifted)
}

/// Counts the rows of a list that fit at a time. What the first pages gave stays when a later one fails.
///
/// # Errors
/// Zoho refused the first page.
pub async fn count(pages: &mut Pages<'_>, now: Timestamp) -> Result<Counted, ToolError> {
    let mut counted = Counted::default();
    let mut whole = true;
    for page in 0..MOST_COUNTED {
        let batch = match pages.next().await {
            Err(Broken::Ceiling(_)) => break,
            Err(broken) if page > 0 => {
                counted.broken = Some(broken.into());
                break;
            }
            batch => batch?,
        };
        whole &= batch.gap.is_none();
        for mut row in batch.rows {
            counted.looked_at += 1;
            counted.fit += u64::from(pages.sieve().keeps(&mut row.shown, now));
        }
        if batch.place.next.is_none() {
            counted.is_all = whole && !batch.place.more;
            break;
        }
    }
    Ok(counted)
}
