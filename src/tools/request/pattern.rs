//! Texts with `*`, which stands for any letters, as in Zoho Desk's own searches (OAS: `x*`, `*x*`).

use crate::names::composed;

/// Whether all of a text is so, the pattern composed already; case does not count.
pub(super) fn is_like(text: &str, pattern: &str) -> bool {
    let text = composed(text);
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, inner)) = pieces.split_last() else {
        return rest.is_empty();
    };
    for piece in inner {
        match rest.split_once(piece) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}
