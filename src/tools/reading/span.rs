//! Which numbered page of Zoho CRM holds the last row given and those that follow: it counts pages, not rows, so their
//! size is chosen until one lies right.

use crate::tools::request::ListRequest;

/// Rows Zoho CRM pages by number.
const PAGED: u32 = 2000;

/// A page by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    /// From 1 on.
    pub(super) page: u32,
    /// Rows a page.
    pub(super) size: u32,
}

impl Span {
    pub(super) fn first(size: u32) -> Self {
        Span { page: 1, size }
    }

    /// Rows of the list before it.
    pub(super) fn start(self) -> u32 {
        self.page.saturating_sub(1).saturating_mul(self.size)
    }

    /// Rows of the list up to its end.
    pub(super) fn end(self) -> u32 {
        self.page.saturating_mul(self.size)
    }
}

/// The page of a search behind so many rows; none where Zoho gives no more of it.
pub(super) fn of_search(given: u32, wanted: u32, most: u32) -> Option<Span> {
    let reach = given.saturating_add(wanted).min(PAGED);
    (given < PAGED).then(|| overlapping(given, reach, most))?
}

/// The page of a list behind so many rows; none where its rows have no numbers any more. Its size becomes that of the
/// pages by token, so the last one by number has the wanted one: the page before ends within it.
pub(super) fn of_list(given: u32, wanted: u32, most: u32) -> Option<Span> {
    let last = last_of_list(wanted);
    if given > last.start() {
        return (given < last.end()).then_some(last);
    }
    let reach = match given + wanted >= last.end() {
        true => last.start() + last.size / 2,
        false => given + wanted,
    };
    overlapping(given, reach, most)
}

/// The last page by number of a list.
pub(super) fn last_of_list(wanted: u32) -> Span {
    let size = wanted.max(2);
    Span {
        page: PAGED / size,
        size,
    }
}

/// The rows from which on a list has no numbers any more.
pub(super) fn border(list: &ListRequest, wanted: u32) -> u32 {
    match list.search {
        true => PAGED,
        false => last_of_list(wanted).end(),
    }
}

/// The largest page around the place behind so many rows.
pub(super) fn around(given: u32, most: u32) -> Span {
    let apart = |span: &Span| (span.start() + span.size / 2).abs_diff(given);
    let sizes = most.div_ceil(4) * 3..=most;
    let pages = sizes.flat_map(|size| {
        let page = given.checked_div(size).unwrap_or(0) + 1;
        [page.saturating_sub(1).max(1), page].map(|page| Span { page, size })
    });
    let pages = pages.filter(|span| span.end() <= PAGED);
    pages.min_by_key(apart).unwrap_or(Span::first(most))
}

/// The smallest page that holds the last of the rows given and all up to `reach`, or as many of these as fit.
fn overlapping(given: u32, reach: u32, most: u32) -> Option<Span> {
    let before = given.saturating_sub(1);
    let pages = (1..=given.clamp(1, PAGED)).filter_map(|page| {
        let largest = before.checked_div(page - 1).unwrap_or(most).min(most);
        let largest = largest.min(PAGED / page);
        let size = reach.div_ceil(page).min(largest);
        (size > 0).then_some(Span { page, size })
    });
    let pages = pages.filter(|span| span.end() > given);
    pages.min_by_key(|span| (reach.saturating_sub(span.end()), span.size))
}
