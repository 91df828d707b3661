//! Where a list goes on: a short opaque text that only fits the connection, organization, tool and query it came from.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::connections::Product;
use crate::tools::digest::{canonical, digest};
use crate::tools::error::ToolError;
use crate::zoho::Session;

/// Rows a cursor goes beyond at most; no list of Zoho's is as long.
const MOST_ROWS: u32 = 10_000_000;
/// Lists that are read as one at most.
const MOST_LISTS: usize = 10;
/// Characters of Zoho's page token at most.
const LONGEST_TOKEN: usize = 2000;
/// What is told to do with a cursor that does not fit.
const FIX: &str = "leave `cursor` out to start at the first page";

/// Where the next page starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Position {
    /// Desk: rows already given, and the mark of the last one, by which the next row is found whether Zoho counts
    /// from 0 or from 1 and when rows came or went meanwhile.
    #[serde(rename = "d")]
    Rows(u32, String),
    /// As [`Position::Rows`], of a case an answer before did not show all of.
    #[serde(rename = "l")]
    Lacking(u32, String),
    /// CRM: rows already given, and the mark of the last one. (The `p` that cursors had before told
    /// a page alone, without what it is joined by: it is none any more.)
    #[serde(rename = "r")]
    Numbered(u32, Option<String>),
    /// CRM beyond 2,000 rows: by Zoho's page token.
    #[serde(rename = "t")]
    Token(Token),
    /// Where each of several lists that are read as one goes on; none for those at their end.
    #[serde(rename = "e")]
    Each(Vec<Option<Position>>),
    /// Within one text of Desk: characters of it already given.
    #[serde(rename = "c")]
    Characters(u32),
}

/// Where a list goes on by Zoho's page token (or, of the lists that have one, its index).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// None for the first page of a list by index.
    #[serde(rename = "t")]
    pub(super) token: Option<String>,
    /// Rows a page.
    #[serde(rename = "s")]
    pub(super) size: u32,
    /// Rows of this page given already.
    #[serde(rename = "g")]
    pub(super) given: u32,
    /// The mark of the last of them.
    #[serde(rename = "l")]
    pub(super) last: Option<String>,
}

impl Token {
    /// The beginning of a page.
    pub(super) fn new(token: Option<String>, size: u32) -> Self {
        Token {
            token,
            size,
            given: 0,
            last: None,
        }
    }
}

/// A cursor of the query it was read for; whose it is shows only when there is a session.
#[derive(Debug, Serialize, Deserialize)]
pub struct Cursor(String, String, Position);

/// The query a position is one of.
#[derive(Debug)]
pub struct Query<'a> {
    /// The tool that sends it.
    pub tool: &'a str,
    /// What decides which rows it has, in which order.
    pub key: &'a Value,
    /// The zone its days are read in, where it names days.
    pub zone: Option<String>,
}

/// The cursor's text for a position in a query that was sent with this session.
pub fn encode(position: Position, session: &Session, query: &Query<'_>) -> String {
    let cursor = Cursor(mark_of_owner(session), mark_of_query(query), position);
    URL_SAFE_NO_PAD.encode(serde_json::to_string(&cursor).unwrap_or_default())
}

/// Reads a cursor that was made for the same query of the same tool, its days read in the same zone.
///
/// # Errors
/// It is no cursor of this server, or belongs to other arguments.
pub fn decode(cursor: &str, query: &Query<'_>) -> Result<Cursor, ToolError> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let cursor = bytes.and_then(|bytes| serde_json::from_slice::<Cursor>(&bytes).ok());
    let Some(cursor) = cursor.filter(|cursor| cursor.2.is_plausible()) else {
        return Err(unfit(
            "the next_cursor of an answer",
            "not a cursor",
            FIX.to_owned(),
        ));
    };
    if cursor.1 != mark_of_query(query) {
        let zone = query
            .zone
            .as_ref()
            .map(|zone| format!(" with days read in its time zone (now {zone})"));
        let fix = format!(
            "send the tool, module, filters, query and sort of the call the cursor came from{}, or {FIX}",
            zone.unwrap_or_default()
        );
        return Err(unfit(
            "the next_cursor of the same query",
            "a cursor of another query or tool",
            fix,
        ));
    }
    Ok(cursor)
}

impl Cursor {
    /// Where it goes on; only for the session that it was made with.
    ///
    /// # Errors
    /// It belongs to another connection, consent or organization, or to the other product.
    pub fn position(self, session: &Session) -> Result<Position, ToolError> {
        if self.0 != mark_of_owner(session) {
            return Err(unfit(
                "the next_cursor of the connection and organization this call goes to",
                "a cursor of another connection or organization",
                format!("name the connection the cursor came from, or {FIX}"),
            ));
        }
        let other = |product| product != session.product();
        if self.2.product().is_some_and(other) {
            return Err(unfit(
                "a cursor of this product",
                "one of the other",
                FIX.to_owned(),
            ));
        }
        Ok(self.2)
    }
}

impl Position {
    /// The product whose lists go on so.
    fn product(&self) -> Option<Product> {
        match self {
            Position::Characters(_) => None,
            Position::Rows(..) | Position::Lacking(..) => Some(Product::Desk),
            Position::Numbered(..) | Position::Token(_) | Position::Each(_) => Some(Product::Crm),
        }
    }

    fn is_plausible(&self) -> bool {
        let is_id = |id: &str| id.len() <= 40 && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let is_place = |last: &Option<String>| last.as_deref().is_none_or(is_printable);
        match self {
            Position::Rows(given, id) | Position::Lacking(given, id) => *given <= MOST_ROWS && is_id(id),
            Position::Characters(_) => true,
            Position::Each(each) => {
                let one = |position: &Position| {
                    matches!(position, Position::Numbered(..) | Position::Token(_)) && position.is_plausible()
                };
                each.len() <= MOST_LISTS && each.iter().flatten().all(one)
            }
            Position::Numbered(given, last) => *given <= MOST_ROWS && is_place(last),
            Position::Token(at) => {
                let fits = (1..=200).contains(&at.size) && at.given <= at.size;
                fits && at.token.as_deref().is_none_or(is_printable) && is_place(&at.last)
            }
        }
    }
}

fn is_printable(text: &str) -> bool {
    (1..=LONGEST_TOKEN).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn unfit(expected: &str, got: &str, fix: String) -> ToolError {
    ToolError::argument("/cursor", expected, got, Some(fix))
}

fn mark_of_owner(session: &Session) -> String {
    short(digest(&canonical(&json!(session.owner()))))
}

/// Values that differ in case only are one query: a value of a picklist may be put right between two pages.
fn mark_of_query(query: &Query<'_>) -> String {
    let mut of = vec![json!(query.tool), query.key.clone()];
    of.extend(query.zone.as_ref().map(|zone| json!(zone)));
    short(digest(&canonical(&Value::Array(of)).to_lowercase()))
}

/// Enough to tell by; every cursor is read by a model.
fn short(mut mark: String) -> String {
    mark.truncate(10);
    mark
}

/// A cursor that leads nowhere any more.
pub(super) fn refuse_forgotten() -> ToolError {
    unfit(
        "a cursor of the last 24 hours",
        "one whose place in the list Zoho has forgotten",
        FIX.to_owned(),
    )
}
