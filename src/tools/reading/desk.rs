//! Pages of Zoho Desk: rows from a number on. Whether it counts from 0 or from 1 differs, and rows come and go meanwhile:
//! each page is joined to the one before by the id of the last row given, or where rows have none, by all that it says.
//!
//! Zoho documents how a list ends with 204 alone, and tells nothing beside its rows; that a page shorter than asked for
//! is the last one is what programs take it for. One report has 50 rows a request at most
//! (amp-labs/connectors#1223), none has fewer; that more is cut there in silence is assumed. So a shorter page ends a list that somebody reads, without a call more;
//! behind one of 50 rows it is asked once whether there are more; who counts or keeps all its rows sees the empty page
//! behind it; and where a search says beside its rows that there are more, there are.

use super::{Batch, Behind, Broken, CHANGED, HOLLOW, Pages, Place, Position};
use crate::tools::error::ToolError;
use crate::tools::modules::Paging;
use crate::tools::output::project::{Page, Record, Refused};

/// Rows Zoho Desk lists at most, however they are paged.
const CEILING: u32 = 5000;
/// Rows every list gives at once, with those around them that tell where they stand.
pub(super) const LARGEST: usize = 95;
/// Rows of a page that may be short because Zoho gives no more at once, not because it is the last.
const FEWEST_CUT: usize = 50;
/// Told where there are more.
const NO_MORE: &str = "Zoho Desk lists 5,000 rows at most: narrow the query, for example by createdTime.";

/// One row more than wanted is asked for, so that it is known whether there are more; a following page also asks for the
/// last row given, and where Zoho counts from 1 that brings the row before it, too.
pub(super) async fn next(pages: &Pages<'_>) -> Result<Batch, Broken> {
    let (given, last) = match &pages.at {
        Some(Position::Rows(given, last)) => (*given, Some(last.as_str())),
        _ => (0, None),
    };
    let from = given.saturating_sub(1);
    let wanted = pages.list.size + if given == 0 { 1 } else { 3 };
    let mut window = Window::open(pages, from, wanted).await?;
    let mut gap = None;
    if let Some(last) = last {
        match window.place_of(last) {
            Some(place) if window.tells_more_behind(place) => window.dropped = place + 1,
            place => match Window::around(pages, window.around_from(place, pages.list.most), last).await? {
                Some(joined) => window = joined,
                None => gap = Some(CHANGED),
            },
        }
    }
    let (window, further) = window.with_what_is_behind(pages).await?;
    Ok(Batch {
        gap: gap.or(further.gap),
        broken: further.broken,
        ..window.batch(pages, further.more)
    })
}

/// The position behind so many rows of a list, the last of which has this mark; or why there is none.
pub(super) fn behind(rows: u32, last: Option<&str>) -> (Option<Position>, Option<&'static str>) {
    match rows <= CEILING {
        true => (last.map(|mark| Position::Rows(rows, mark.to_owned())), None),
        false => (None, Some(NO_MORE)),
    }
}

/// What lies behind a page that is shorter than asked for.
#[derive(Default)]
struct Further {
    /// There are more rows, or may be.
    more: bool,
    /// Told where rows may have been lost.
    gap: Option<&'static str>,
    /// Why nobody knows.
    broken: Option<ToolError>,
}

/// A page as Zoho gave it, and which of its rows an earlier page has given.
struct Window {
    page: Page,
    /// What Zoho calls its first row, as far as known.
    from: u32,
    asked: usize,
    dropped: usize,
}

impl Window {
    async fn open(pages: &Pages<'_>, from: u32, wanted: usize) -> Result<Self, ToolError> {
        // A search must end within the ceiling, a list only begin there.
        let room = match pages.list.search {
            true => CEILING.saturating_sub(from).max(1) as usize,
            false => usize::MAX,
        };
        let (from, asked) = match pages.list.paging {
            Paging::Whole => (0, usize::MAX),
            Paging::Number | Paging::Index => (from, wanted.min(pages.list.most).min(room)),
        };
        let limit = (asked < usize::MAX).then(|| ("limit", asked.to_string()));
        let from_row = (from > 0).then(|| ("from", from.to_string()));
        let place = limit.into_iter().chain(from_row);
        let request = pages.list.request.clone().put_query_first(place);
        Ok(Window {
            page: pages.page(&request).await?,
            from,
            asked,
            dropped: 0,
        })
    }

    /// Looks for the last row given in the largest page from `from` on: rows came or went meanwhile.
    async fn around(pages: &Pages<'_>, from: u32, last: &str) -> Result<Option<Self>, ToolError> {
        let mut window = Window::open(pages, from, pages.list.most).await?;
        let place = window.place_of(last);
        Ok(place
            .filter(|place| window.tells_more_behind(*place))
            .map(|place| {
                window.dropped = place + 1;
                window
            }))
    }

    /// Where it is shorter than asked for, it or the first page behind it with rows not given yet; and what is behind that.
    async fn with_what_is_behind(mut self, pages: &Pages<'_>) -> Result<(Self, Further), ToolError> {
        let mut further = Further::default();
        while self.may_hide_more(pages) {
            let (has_new, is_told) = (self.page.records.len() > self.dropped, self.tells_of_more(pages));
            if has_new && is_told == Some(true) {
                further.more = true;
                break;
            }
            let behind = match self.behind(pages).await {
                Err(error) if has_new => {
                    (further.more, further.broken) = (true, Some(error));
                    break;
                }
                behind => behind?,
            };
            if !behind.has_others_than(&self) {
                further.gap = further.gap.or((is_told == Some(true)).then_some(HOLLOW));
                break;
            }
            if has_new {
                further.more = true;
                break;
            }
            let is_mixed;
            (self, is_mixed) = behind.but_for_those_of(&self);
            further.gap = further.gap.or(is_mixed.then_some(CHANGED));
        }
        Ok((self, further))
    }

    /// What lies behind its rows, where it may have been cut there, or behind those asked for.
    async fn behind(&self, pages: &Pages<'_>) -> Result<Self, ToolError> {
        let further = |rows: usize| self.from.saturating_add(u32::try_from(rows).unwrap_or(CEILING));
        if self.rows() >= FEWEST_CUT {
            let behind = Window::open(pages, further(self.rows()), pages.list.most).await?;
            if behind.has_others_than(self) || !pages.to_the_end {
                return Ok(behind);
            }
        }
        Window::open(pages, further(self.asked), pages.list.most).await
    }

    /// Without the rows of another that it begins with, and whether more of them stand among its others.
    fn but_for_those_of(mut self, other: &Window) -> (Self, bool) {
        let is_known = |record: &&Record| {
            let mark = record.mark();
            mark.is_some_and(|mark| other.place_of(mark).is_some())
        };
        let records = &self.page.records;
        self.dropped = records.iter().take_while(is_known).count();
        let is_mixed = records.iter().skip(self.dropped).any(|record| is_known(&record));
        (self, is_mixed)
    }

    /// Whether it is shorter than asked for, and it matters and can be seen what is behind it.
    fn may_hide_more(&self, pages: &Pages<'_>) -> bool {
        let matters = match self.tells_of_more(pages) {
            Some(more) => more,
            None => pages.to_the_end || self.rows() >= FEWEST_CUT,
        };
        let within = self.asked < usize::MAX && self.from as usize + self.asked < CEILING as usize;
        matters && within && self.rows() < self.asked
    }

    /// Whether there are more rows behind it by the number that a search has beside them, if it has.
    fn tells_of_more(&self, pages: &Pages<'_>) -> Option<bool> {
        let total = self.page.total.filter(|_| pages.list.search)?;
        Some(total > u64::from(self.from) + self.rows() as u64)
    }

    /// Whether it has rows that another does not have.
    fn has_others_than(&self, other: &Window) -> bool {
        let is_new = |record: &Record| record.mark().is_none_or(|mark| other.place_of(mark).is_none());
        self.page.records.iter().any(is_new)
    }

    fn place_of(&self, last: &str) -> Option<usize> {
        let mut records = self.page.records.iter();
        records.position(|record| record.mark() == Some(last))
    }

    /// Whether the rows behind a place show if there are more.
    fn tells_more_behind(&self, place: usize) -> bool {
        self.rows() < self.asked || place + 2 < self.page.records.len()
    }

    /// Its rows, errors in place of records among them.
    fn rows(&self) -> usize {
        self.page.records.len() + self.page.refused.len()
    }

    /// The rows before so many of its records have come.
    fn before(&self, records: usize) -> usize {
        let errors = self.page.refused.iter().filter(|error| error.after < records);
        records + errors.count()
    }

    /// Where to look for the last row given: where it was seen, else before and behind the place where it was.
    fn around_from(&self, place: Option<usize>, most: usize) -> u32 {
        let number = |rows: usize| u32::try_from(rows).unwrap_or_default();
        match place {
            Some(place) => self.from + number(place),
            None => self.from.saturating_sub(number(most / 2)),
        }
    }

    /// The rows not given yet, no more than wanted; there may be more behind it although it is not full.
    fn batch(self, pages: &Pages<'_>, more: bool) -> Batch {
        let size = pages.list.size;
        let full = self.rows() >= self.asked;
        let total = self.page.total.filter(|_| pages.list.search);
        let first = self
            .from
            .saturating_add(u32::try_from(self.before(self.dropped)).unwrap_or(u32::MAX));
        let at_ceiling = pages.list.search && full && self.from as usize + self.asked >= CEILING as usize;
        let known = self.page.records.len() - self.dropped;
        let spare = full && !at_ceiling && known <= size && known > 1;
        let shown = (known - usize::from(spare)).min(size);
        let cut = known > shown;
        let left = cut || more || full && !at_ceiling && !self.page.refused.is_empty();
        let given = self.before(self.dropped + shown);
        let refused = Refused::take_among(self.page.refused, self.dropped, cut.then_some(shown));
        let mut rows: Vec<Record> = self.page.records.into_iter().skip(self.dropped).collect();
        rows.truncate(shown);
        let last = rows.iter().rev().find_map(Record::mark);
        let (next, beyond) = match left {
            true => behind(
                self.from.saturating_add(u32::try_from(given).unwrap_or(u32::MAX)),
                last,
            ),
            false => (None, at_ceiling.then_some(NO_MORE)),
        };
        let place = Place {
            rows: shown,
            behind: Behind::Rows(first),
            next,
            more: left || at_ceiling,
            ceiling: beyond,
        };
        Batch {
            total,
            refused,
            ..Batch::new(rows, place)
        }
    }
}
