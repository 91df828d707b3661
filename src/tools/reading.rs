//! One reader of pages: a list of either product, drawn from page by page by whoever wants its rows. Nothing outside
//! knows how a product pages, and nothing in here what becomes of a row.

mod among;
mod crm;
mod desk;
mod position;
mod sifted;
mod span;
mod united;

use std::collections::HashSet;

pub use among::among;
use jiff::Timestamp;
pub use position::{Position, Query, Token, decode, encode};
pub use sifted::{Counted, Drawn};

use super::error::ToolError;
use super::output::project::{Page, Projection, Record, Refused, Rows};
use super::request::{ListRequest, Sieve};
use crate::connections::Product;
use crate::zoho::{Read, Session};

/// Told when a page could not be joined to the one before.
const CHANGED: &str = "The list changed while it was paged: rows may be missing or doubled.";
/// Told when a page that had to have records had none: not every answer without records is the end of a list.
const HOLLOW: &str = "Zoho told of more records and then gave none in their place: some may be missing.";

/// A list, from a place in it on.
pub struct Pages<'a> {
    session: &'a Session,
    list: ListRequest,
    at: Option<Position>,
    /// Whether the end of the list has to be seen, not only to be likely.
    to_the_end: bool,
}

/// The rows of one page that no page before has given.
#[derive(Debug, Default)]
pub struct Batch {
    /// In the order of the list; no more than were wanted.
    pub rows: Vec<Record>,
    /// Errors that stand among these in place of records.
    pub refused: Vec<Refused>,
    /// The rows of the whole list, where Zoho counts them by itself.
    pub total: Option<u64>,
    /// Told where rows of the list may have been lost before these.
    pub gap: Option<&'static str>,
    /// Told where nobody can see whether rows were lost before these.
    pub doubt: Option<&'static str>,
    /// Why the page behind these could not be read, where it was asked for: whoever goes on asks for it again.
    pub broken: Option<ToolError>,
    /// The place of these rows in the list.
    pub place: Place,
}

/// Where the rows of a page stand in their list.
#[derive(Debug, Default)]
pub struct Place {
    rows: usize,
    behind: Behind,
    /// Where the list goes on behind them; none at its end, and where Zoho lists no more of it.
    pub next: Option<Position>,
    /// Whether there are rows behind them.
    pub more: bool,
    /// Told where there are more rows and no position leads to them.
    ceiling: Option<&'static str>,
}

/// How the position behind any row of a page is told.
#[derive(Debug, Default)]
enum Behind {
    /// No place within is known.
    #[default]
    Nowhere,
    /// Desk: the number of the first row.
    Rows(u32),
    /// CRM: the rows of the list before the first one, and the mark of the last of them.
    Numbered(u32, Option<String>),
    /// CRM: a page by token, and how many of its rows were skipped.
    Token(Token, u32),
}

/// Where a reader stopped.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    /// Where it goes on.
    pub next: Option<Position>,
    /// Whether there are more rows.
    pub more: bool,
    /// Why there is no way on, although there are more.
    pub note: Option<&'static str>,
}

/// Why there is no next page.
#[derive(Debug)]
pub enum Broken {
    /// Zoho lists no more rows of this query, although there are.
    Ceiling(ToolError),
    /// Zoho has forgotten where the list goes on.
    Forgotten(ToolError),
    /// Anything else.
    Failed(ToolError),
}

impl<'a> Pages<'a> {
    /// The list, from a position in it or from its first row on.
    #[must_use]
    pub fn of(session: &'a Session, list: ListRequest, start: Option<Position>) -> Self {
        Pages {
            session,
            list,
            at: start,
            to_the_end: false,
        }
    }

    /// The list for a reader to whom the number of its rows matters: a page of Desk that is shorter than asked for does not
    /// end it unless Zoho has nothing behind.
    #[must_use]
    pub fn to_the_end(self) -> Self {
        Pages {
            to_the_end: true,
            ..self
        }
    }

    /// The session it is read with.
    pub fn session(&self) -> &'a Session {
        self.session
    }

    /// What the rows have to be beside; whoever wants the rows puts it to them.
    pub fn sieve(&self) -> &Sieve {
        &self.list.sieve
    }

    /// The next page.
    ///
    /// # Errors
    /// [`Broken`]; the same page may be asked for again.
    pub async fn next(&mut self) -> Result<Batch, Broken> {
        let mut batch = match self.session.product() {
            Product::Desk => desk::next(self).await?,
            Product::Crm => crm::next(self).await?,
        };
        batch.gap = batch.gap.or(batch.has_doubles().then_some(CHANGED));
        batch.doubt = batch.doubt.or(self.list.doubt);
        self.at.clone_from(&batch.place.next);
        Ok(batch)
    }

    async fn page(&self, request: &Read) -> Result<Page, ToolError> {
        let projection = Projection {
            fields: self.list.fields.as_deref(),
            html: &self.list.html,
            rows: Rows::of(self.list.rows_have_ids),
        };
        one_page(self.session, request, &self.list.list_key, &projection).await
    }
}

impl Batch {
    /// What stands for the page that Zoho does not give although there are more rows.
    pub fn beyond() -> Self {
        let place = Place {
            more: true,
            ..Place::default()
        };
        Batch::new(Vec::new(), place)
    }

    /// Whether a record is among its rows more than once.
    fn has_doubles(&self) -> bool {
        let mut seen = HashSet::new();
        let mut ids = self.rows.iter().filter_map(|row| row.id.as_deref());
        ids.any(|id| !seen.insert(id))
    }

    fn new(rows: Vec<Record>, place: Place) -> Self {
        Batch {
            rows,
            place,
            ..Batch::default()
        }
    }
}

impl Place {
    /// How many rows of the list stand before these, as far as known.
    pub fn before(&self) -> usize {
        let rows = match &self.behind {
            Behind::Rows(first) | Behind::Numbered(first, _) => *first,
            Behind::Nowhere | Behind::Token(..) => 0,
        };
        rows as usize
    }

    /// Where a reader stands that took so many of the rows, the last of them with this mark.
    pub fn after(&self, taken: usize, last: Option<&str>) -> Stop {
        if taken >= self.rows {
            let note = self.ceiling.filter(|_| self.more && self.next.is_none());
            return Stop {
                next: self.next.clone(),
                more: self.more,
                note,
            };
        }
        let number = u32::try_from(taken).unwrap_or(u32::MAX);
        let (next, note) = match &self.behind {
            Behind::Nowhere => (None, None),
            Behind::Rows(first) => desk::behind(first.saturating_add(number), last),
            Behind::Numbered(first, before) => {
                let last = match taken {
                    0 => before.clone(),
                    _ => last.map(str::to_owned),
                };
                (Some(Position::Numbered(first.saturating_add(number), last)), None)
            }
            Behind::Token(page, skipped) => {
                let within = crm::within(page, skipped.saturating_add(number), last);
                (Some(within), None)
            }
        };
        Stop {
            next,
            more: true,
            note,
        }
    }
}

impl From<ToolError> for Broken {
    fn from(error: ToolError) -> Self {
        Broken::Failed(error)
    }
}

impl From<Broken> for ToolError {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::Forgotten(error) => ToolError {
                rejection: error.rejection,
                ..position::refuse_forgotten()
            },
            Broken::Ceiling(error) | Broken::Failed(error) => error,
        }
    }
}

/// The rows a page holds at most in any list of a product.
pub fn largest_page(product: Product) -> usize {
    match product {
        Product::Desk => desk::LARGEST,
        Product::Crm => crm::LARGEST,
    }
}

/// The first rows of a list from a position on that fit at a time, no more than wanted.
///
/// # Errors
/// Zoho refused the first page.
pub async fn draw(
    session: &Session,
    mut list: ListRequest,
    start: Option<Position>,
    wanted: usize,
    now: Timestamp,
) -> Result<Drawn, ToolError> {
    match list.united.take() {
        Some(united) => united::unite(session, list, &united, start, wanted, now).await,
        None => {
            let pages = Pages::of(session, list, start);
            // What nothing is found of that rows are looked through for, is said not to be there.
            let mut pages = match pages.sieve().is_empty() {
                true => pages,
                false => pages.to_the_end(),
            };
            sifted::sift(&mut pages, wanted, now).await
        }
    }
}

/// Counts the rows of a list that fit at a time.
///
/// # Errors
/// Zoho refused the first page.
pub async fn count(session: &Session, mut list: ListRequest, now: Timestamp) -> Result<Counted, ToolError> {
    match list.united.take() {
        Some(united) => united::count(session, list, &united, now).await,
        None => sifted::count(&mut Pages::of(session, list, None).to_the_end(), now).await,
    }
}

/// One page of a list whose others nobody wants.
///
/// # Errors
/// Zoho refused, or its answer is no list.
pub async fn one_page(
    session: &Session,
    request: &Read,
    list_key: &str,
    projection: &Projection<'_>,
) -> Result<Page, ToolError> {
    let response = session.read(request).await?;
    projection.page(&response.body, list_key).await
}
