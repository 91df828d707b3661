//! What instructions write where a client's id or secret belongs: copied as it stands, it would be sent to Zoho as one.

use crate::names::fold;

/// What such words begin with, once nothing but letters and digits is left of them.
const BEGINNINGS: [&str; 6] = [
    "your",
    "changeme",
    "replaceme",
    "replacewith",
    "insert",
    "placeholder",
];

/// Whether a text stands in for a client's id or secret, as `YOUR_CLIENT_ID`, `<client id>` and `xxxx` do.
pub fn is_stand_in(text: &str) -> bool {
    let text = text.trim();
    let bracketed = [("<", ">"), ("[", "]"), ("{", "}")];
    if bracketed
        .iter()
        .any(|(open, close)| text.starts_with(open) && text.ends_with(close))
    {
        return true;
    }
    let word = fold(text.strip_prefix("1000.").unwrap_or(text));
    let is_crossed = word.len() > 2 && word.chars().all(|sign| sign == 'x');
    let is_dotted = !text.is_empty() && text.chars().all(|sign| matches!(sign, '.' | '…' | '*'));
    is_crossed || is_dotted || BEGINNINGS.iter().any(|beginning| word.starts_with(beginning))
}
