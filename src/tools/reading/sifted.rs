//! Rows that meet conditions no call of Zoho takes: looked for page after page, within bounds that are told.

use super::{Broken, Pages, Place, Stop};
use crate::tools::error::ToolError;
use crate::tools::output::project::{Record, Refused};

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
    /// Errors in place of records, each with its page.
    refused: Vec<(usize, Refused)>,
    /// For each row its page, the rows of that page up to it, and its id.
    stands: Vec<(usize, usize, Option<String>)>,
    /// Whether as many fit as were wanted.
    is_full: bool,
    /// The pages.
    places: Vec<Place>,
}

impl Sifted {
    /// Where a reader stops that took so many of the rows: behind the last of them, or behind all that was looked at.
    pub fn after(&self, taken: usize) -> Stop {
        let (page, rows, id) = self.stand_of(taken);
        match self.places.get(page) {
            Some(place) => place.after(rows, id),
            None => Stop {
                next: None,
                more: false,
                note: None,
            },
        }
    }

    /// The errors in place of records that a reader has passed who took so many of the rows.
    pub fn refused_before(&self, taken: usize) -> Vec<Refused> {
        let (last, rows, _) = self.stand_of(taken);
        let whole = self.places.get(last).is_none_or(|place| place.rows <= rows);
        let passed = self
            .refused
            .iter()
            .filter(|(page, error)| *page < last || *page == last && (whole || error.after < rows));
        passed.map(|(_, error)| error.clone()).collect()
    }

    /// The page where such a reader stops, the rows of that page up to there, and the last one's id.
    fn stand_of(&self, taken: usize) -> (usize, usize, Option<&str>) {
        let all = taken >= self.stands.len() && !self.is_full;
        let stand = taken.checked_sub(1).and_then(|last| self.stands.get(last));
        match stand.filter(|_| !all) {
            Some((page, rows, id)) => (*page, *rows, id.as_deref()),
            None => (self.places.len().saturating_sub(1), usize::MAX, None),
        }
    }
}

/// The first rows of a list that fit, no more than wanted.
///
/// # Errors
/// Zoho refused a page.
pub async fn sift(pages: &mut Pages<'_>, wanted: usize) -> Result<Sifted, ToolError> {
    let mut sifted = Sifted::default();
    let most = if pages.sieve().is_empty() { 1 } else { MOST_PAGES };
    for page in 0..most {
        let batch = pages.next().await?;
        sifted.gap = sifted.gap.or(batch.gap);
        let refused = batch.refused.into_iter().map(|error| (page, error));
        sifted.refused.extend(refused);
        for (index, mut row) in batch.rows.into_iter().enumerate() {
            if sifted.rows.len() == wanted {
                break;
            }
            sifted.looked_at += 1;
            if pages.keeps(&mut row.shown) {
                sifted.stands.push((page, index + 1, row.id.clone()));
                sifted.rows.push(row);
            }
        }
        let on = batch.place.next.is_some();
        sifted.places.push(batch.place);
        if sifted.rows.len() == wanted || !on {
            break;
        }
    }
    sifted.is_full = sifted.rows.len() >= wanted;
    Ok(sifted)
}

/// How many rows of a list fit.
#[derive(Debug, Default)]
pub struct Counted {
    /// Those that do.
    pub fit: u64,
    /// Whether all rows could be looked at.
    pub is_whole: bool,
    /// Errors in place of records.
    pub refused: Vec<Refused>,
}

/// Counts the rows of a list that fit.
///
/// # Errors
/// Zoho refused a page.
pub async fn counted(pages: &mut Pages<'_>) -> Result<Counted, ToolError> {
    let mut counted = Counted::default();
    let mut whole = true;
    for _ in 0..MOST_COUNTED {
        let batch = match pages.next().await {
            Err(Broken::Ceiling(_)) => return Ok(counted),
            batch => batch?,
        };
        whole &= batch.gap.is_none();
        counted.refused.extend(batch.refused);
        for mut row in batch.rows {
            counted.fit += u64::from(pages.keeps(&mut row.shown));
        }
        if batch.place.next.is_none() {
            counted.is_whole = whole && !batch.place.more;
            return Ok(counted);
        }
    }
    Ok(counted)
}
