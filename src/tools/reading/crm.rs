//! Pages of Zoho CRM: numbered up to its border, by its page token beyond. Rows come and go meanwhile: each page overlaps
//! the one before and is joined to it by the last row given: its id, or where it has none, all that it says.

use serde_json::Value;

use super::span::{self, Span};
use super::{Batch, Behind, Broken, CHANGED, HOLLOW, Pages, Place, Position, Token};
use crate::tools::error::ToolError;
use crate::tools::modules::Paging;
use crate::tools::output::project::{Page, Record, Refused};

/// Rows a page holds.
pub(super) const LARGEST: usize = 200;
/// Pages looked at beside the right one for a row that is not there.
const ELSEWHERE: usize = 2;
/// Told where a search has more rows than it gives.
const NO_MORE: &str = "Zoho CRM's search gives 2,000 rows at most: narrow the query.";
/// Told where a list gives no more than its newest rows.
const NEWEST: &str = "Zoho CRM gives the newest of this list only.";
/// Told of pages by token: they cannot overlap, and no document of Zoho's says whether a token stands for a row or for a
/// number of rows.
const UNSEEN: &str = "Beyond 2,000 rows Zoho leads on by a token: it does not tell whether rows that come or go meanwhile \
     push others out of the pages.";
/// Zoho's codes for a page beyond what a list by `page_token` and a search give.
const CEILINGS: [&str; 2] = ["PAGINATION_LIMIT_EXCEEDED", "LIMIT_REACHED"];
/// Zoho's code for a page token that is older than a day.
const EXPIRED: &str = "EXPIRED_VALUE";

pub(super) async fn next(pages: &Pages<'_>) -> Result<Batch, Broken> {
    let list = &pages.list;
    match &pages.at {
        None if list.paging == Paging::Index => {
            let whole = number(list.most);
            by_token(pages, &Token::new(None, whole)).await
        }
        None | Some(Position::Numbered(0, _)) => first(pages).await,
        Some(Position::Numbered(given, last)) => by_number(pages, *given, last.as_deref()).await,
        Some(Position::Token(token)) => by_token(pages, token).await,
        Some(Position::Rows(..) | Position::Lacking(..) | Position::Characters(_) | Position::Each(_)) => {
            Err(ToolError::internal(&"a position of Desk in a list of CRM").into())
        }
    }
}

async fn first(pages: &Pages<'_>) -> Result<Batch, Broken> {
    let list = &pages.list;
    let span = Span::first(number(list.size.min(list.most)));
    let window = Window::open(pages, span).await?;
    Ok(window.batch(pages, 0, None, None))
}

async fn by_number(pages: &Pages<'_>, given: u32, last: Option<&str>) -> Result<Batch, Broken> {
    let list = &pages.list;
    let (wanted, most) = (number(list.size.min(list.most)), number(list.most));
    let span_from = |given: u32| match list.search {
        true => span::of_search(given, wanted, most),
        false => span::of_list(given, wanted, most),
    };
    let Some(span) = span_from(given) else {
        return beyond(pages, given, wanted, last).await;
    };
    let first = Window::open(pages, span).await?;
    let Some(last) = last else {
        let dropped = first.records_before(given);
        let hollow = first.rows() == 0 && !has_more(&first.page, first.span.size);
        return Ok(first.batch(pages, dropped, None, hollow.then_some(HOLLOW)));
    };
    let mut looked: Option<Window> = None;
    for _ in 0..ELSEWHERE {
        let window = looked.as_ref().unwrap_or(&first);
        let elsewhere = match window.place_of(last) {
            Some(place) if window.tells_more_behind(place) => break,
            // Rows came: its page ends with it.
            Some(place) => span_from(window.number_behind(place)),
            None => looked.is_none().then(|| span::around(given, most)),
        };
        let Some(span) = elsewhere else { break };
        looked = Some(Window::open(pages, span).await?);
    }
    let place = first.place_of(last);
    let found = looked
        .and_then(|window| Some((window.place_of(last)?, window)))
        .filter(|(place, window)| window.tells_more_behind(*place));
    match (found, place) {
        (Some((place, window)), _) => Ok(window.joined(pages, place, given, last)),
        (None, Some(place)) if first.tells_more_behind(place) => Ok(first.joined(pages, place, given, last)),
        (None, place) => {
            let gap = if first.rows() == 0 { HOLLOW } else { CHANGED };
            let before = || first.records_before(given.saturating_sub(1));
            let dropped = place.map_or_else(before, |place| place + 1);
            Ok(first.batch(pages, dropped, Some(last), Some(gap)))
        }
    }
}

/// The rows behind those that have numbers: the last page by number tells the token that leads to them.
async fn beyond(pages: &Pages<'_>, given: u32, wanted: u32, last: Option<&str>) -> Result<Batch, Broken> {
    if pages.list.search {
        return Ok(Batch::beyond());
    }
    let span = span::last_of_list(wanted);
    let window = Window::open(pages, span).await?;
    let joined = last.and_then(|last| window.place_of(last));
    let Some(token) = token(&window.page, "next_page_token") else {
        let gap = joined.is_none().then_some(CHANGED);
        let dropped = joined.map_or(window.page.records.len(), |place| place + 1);
        return Ok(window.batch(pages, dropped, last, gap));
    };
    if let (Some(place), Some(last)) = (joined, last)
        && place + 1 < window.page.records.len()
    {
        return Ok(window.joined(pages, place, given, last));
    }
    let token = Token {
        given: given.saturating_sub(span.end()).min(span.size),
        last: last.map(str::to_owned).filter(|_| given > span.end()),
        ..Token::new(Some(token), span.size)
    };
    let batch = by_token(pages, &token).await?;
    let lost = given <= span.end() && joined.is_none();
    Ok(Batch {
        gap: batch.gap.or(lost.then_some(CHANGED)),
        ..batch
    })
}

/// A page by number.
struct Window {
    page: Page,
    span: Span,
}

impl Window {
    async fn open(pages: &Pages<'_>, span: Span) -> Result<Self, Broken> {
        let mut request = pages.list.request.clone();
        if pages.at.is_some() {
            request = request.with_query("page", span.page.to_string());
        }
        let request = request.with_query("per_page", span.size.to_string());
        let page = pages.page(&request).await.map_err(broken)?;
        Ok(Window { page, span })
    }

    fn place_of(&self, last: &str) -> Option<usize> {
        place_of(&self.page.records, last)
    }

    /// Whether what stands behind a record shows: records, or that the list ends.
    fn tells_more_behind(&self, place: usize) -> bool {
        place + 1 < self.page.records.len()
            || !self.page.refused.is_empty()
            || !has_more(&self.page, self.span.size)
    }

    /// Its rows, errors in place of records among them.
    fn rows(&self) -> usize {
        self.page.records.len() + self.page.refused.len()
    }

    /// The rows of the list before so many of its records have come.
    fn number(&self, records: usize) -> u32 {
        let errors = self.page.refused.iter().filter(|error| error.after < records);
        self.span.start().saturating_add(number(records + errors.count()))
    }

    /// The rows of the list up to a record and with it.
    fn number_behind(&self, place: usize) -> u32 {
        self.number(place + 1)
    }

    /// Its records among so many first rows of the list.
    fn records_before(&self, given: u32) -> usize {
        let all = 0..self.page.records.len();
        all.take_while(|record| self.number_behind(*record) <= given)
            .count()
    }

    /// The rows behind the last one given, which stands at this place. In an order that changes with the records, one
    /// that has moved past it was never given, or comes again.
    fn joined(self, pages: &Pages<'_>, place: usize, given: u32, last: &str) -> Batch {
        let moved = self.number_behind(place) != given && !pages.list.lasting;
        self.batch(pages, place + 1, Some(last), moved.then_some(CHANGED))
    }

    /// The rows behind so many of its records, no more than wanted.
    fn batch(
        self,
        pages: &Pages<'_>,
        dropped: usize,
        last: Option<&str>,
        gap: Option<&'static str>,
    ) -> Batch {
        let list = &pages.list;
        let wanted = list.size.min(list.most);
        let shown = self.page.records.len().saturating_sub(dropped).min(wanted);
        let taken = dropped + shown;
        let left = taken < self.page.records.len();
        let more = left || has_more(&self.page, self.span.size);
        let first = self.number(dropped);
        let next = match () {
            () if !more => None,
            () if !left && self.span.end() >= span::border(list, number(wanted)) => {
                let token = token(&self.page, "next_page_token").filter(|_| !list.search);
                token.map(|token| Position::Token(Token::new(Some(token), self.span.size)))
            }
            () => {
                // A page may be short although there is more: rows that Zoho does not show count, too.
                let given = if left { self.number(taken) } else { self.span.end() };
                let shown = self.page.records.iter().take(taken).skip(dropped);
                let mark = shown.rev().find_map(Record::mark).or(last);
                Some(Position::Numbered(given, mark.map(str::to_owned)))
            }
        };
        let refused = Refused::take_among(self.page.refused, dropped, left.then_some(shown));
        let mut rows: Vec<Record> = self.page.records.into_iter().skip(dropped).collect();
        rows.truncate(shown);
        let place = Place {
            rows: shown,
            behind: Behind::Numbered(first, last.map(str::to_owned)),
            next,
            more,
            ceiling: Some(NO_MORE),
        };
        Batch {
            gap,
            refused,
            ..Batch::new(rows, place)
        }
    }
}

async fn by_token(pages: &Pages<'_>, at: &Token) -> Result<Batch, Broken> {
    let list = &pages.list;
    let by_index = list.paging == Paging::Index;
    let wanted = list.size.min(list.most);
    let (asked, told) = match by_index {
        true => ("index", "next_index"),
        false => ("page_token", "next_page_token"),
    };
    let mut request = list.request.clone();
    if let Some(token) = &at.token {
        request = request.with_query(asked, token.clone());
    }
    if !by_index {
        request = request.with_query("per_page", at.size.to_string());
    }
    let page = pages.page(&request).await.map_err(broken)?;
    let given = at.given as usize;
    let last = at.last.as_deref();
    let place = last.and_then(|last| place_of(&page.records, last));
    let lost = given > 0 && last.is_some() && place.is_none();
    let dropped = match place {
        Some(place) => place + 1,
        None => given.saturating_sub(usize::from(lost)),
    };
    let shown = page.records.len().saturating_sub(dropped).min(wanted);
    let left = dropped + shown < page.records.len();
    let more = left || has_more(&page, at.size);
    let next = match left {
        true => {
            let last = page.records.get(dropped + shown - 1).and_then(Record::mark);
            Some(within(at, number(dropped + shown), last))
        }
        false => token(&page, told)
            .filter(|_| more)
            .map(|token| Position::Token(Token::new(Some(token), at.size))),
    };
    let hollow = pages.at.is_some() && shown == 0 && !more && place.is_none();
    let refused = Refused::take_among(page.refused, dropped, left.then_some(shown));
    let mut rows: Vec<Record> = page.records.into_iter().skip(dropped).collect();
    rows.truncate(shown);
    let place = Place {
        rows: shown,
        behind: Behind::Token(at.clone(), number(dropped)),
        next,
        more,
        ceiling: Some(if by_index { NEWEST } else { NO_MORE }),
    };
    let gap = lost.then_some(CHANGED).or(hollow.then_some(HOLLOW));
    let begins_anew = !by_index && at.token.is_some() && given == 0;
    Ok(Batch {
        gap,
        doubt: begins_anew.then_some(UNSEEN),
        refused,
        ..Batch::new(rows, place)
    })
}

/// The position within a page by token, so many of its rows given.
pub(super) fn within(page: &Token, given: u32, last: Option<&str>) -> Position {
    Position::Token(Token {
        given,
        last: last.map(str::to_owned).or_else(|| page.last.clone()),
        ..page.clone()
    })
}

fn place_of(records: &[Record], last: &str) -> Option<usize> {
    let mut records = records.iter();
    records.position(|record| record.mark() == Some(last))
}

/// Whether Zoho tells of more; where it does not say, a page that is full may have others behind it.
fn has_more(page: &Page, asked: u32) -> bool {
    match page.info.get("more_records") {
        Some(Value::Bool(more)) => *more,
        Some(Value::String(more)) => more == "true",
        _ => number(page.records.len()) >= asked,
    }
}

fn token(page: &Page, key: &str) -> Option<String> {
    page.info.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn number(rows: usize) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

fn broken(error: ToolError) -> Broken {
    let code = error
        .rejection
        .as_ref()
        .map_or("", |rejection| rejection.code.as_str());
    match code {
        EXPIRED => Broken::Forgotten(error),
        code if CEILINGS.contains(&code) => Broken::Ceiling(error),
        _ => Broken::Failed(error),
    }
}
