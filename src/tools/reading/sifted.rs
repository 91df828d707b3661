//! Rows that meet conditions no call of Zoho takes: looked for page after page, within bounds that are told.

use super::{Broken, Pages, Place, Stop};
use crate::tools::error::ToolError;
use crate::tools::output::project::Record;

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

/// How many rows of a list fit, and whether that is all of them.
///
/// # Errors
/// Zoho refused a page.
pub async fn counted(pages: &mut Pages<'_>) -> Result<(u64, bool), ToolError> {
    let (mut fit, mut whole) = (0, true);
    for _ in 0..MOST_COUNTED {
        let batch = match pages.next().await {
            Err(Broken::Ceiling(_)) => return Ok((fit, false)),
            batch => batch?,
        };
        whole &= batch.gap.is_none();
        for mut row in batch.rows {
            fit += u64::from(pages.keeps(&mut row.shown));
        }
        if batch.place.next.is_none() {
            return Ok((fit, whole && !batch.place.more));
        }
    }
    Ok((fit, false))
}
