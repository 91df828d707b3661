//! Where a list goes on: a short opaque text that only fits the query it came from.

use super::error::ToolError;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// Where the next page starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Position {
    /// Desk: rows already given, and the id of the last one, by which the next row is found whether Zoho counts
    /// from 0 or from 1 and when rows came or went meanwhile.
    #[serde(rename = "d")]
    Rows(u32, String),
    /// CRM: page, rows a page, rows of that page already given.
    #[serde(rename = "p")]
    Page(u32, u32, u32),
    /// CRM beyond 2,000 rows: Zoho's page token, rows a page, rows of that page already given.
    #[serde(rename = "t")]
    Token(String, u32, u32),
}

/// The cursor's text for a position in a query.
pub fn encode(position: &Position, query: &str) -> String {
    let text = serde_json::to_string(&(fingerprint(query), position)).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(text)
}

/// Reads a cursor that was made for the same query.
///
/// # Errors
/// It is no cursor of this server, or belongs to other arguments.
pub fn decode(cursor: &str, query: &str) -> Result<Position, ToolError> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let parts = bytes.and_then(|bytes| serde_json::from_slice::<(u32, Position)>(&bytes).ok());
    let Some((mark, position)) = parts.filter(|(_, position)| position.is_plausible()) else {
        let fix = "leave `cursor` out to start at the first page".to_owned();
        return Err(ToolError::argument(
            "/cursor",
            "the next_cursor of an answer",
            "not a cursor",
            Some(fix),
        ));
    };
    if mark != fingerprint(query) {
        let fix = "send the module, filters, query and sort of the call the cursor came from".to_owned();
        let got = "a cursor of another query";
        return Err(ToolError::argument(
            "/cursor",
            "the next_cursor of the same query",
            got,
            Some(fix),
        ));
    }
    Ok(position)
}

impl Position {
    fn is_plausible(&self) -> bool {
        match self {
            Position::Rows(_, id) => id.len() <= 40 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            Position::Page(page, size, skip) => *page >= 1 && (1..=200).contains(size) && skip <= size,
            Position::Token(token, size, skip) => {
                token.bytes().all(|byte| byte.is_ascii_graphic()) && (1..=200).contains(size) && skip <= size
            }
        }
    }
}

/// FNV-1a: tells queries apart; it protects nothing.
fn fingerprint(query: &str) -> u32 {
    query.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}
