//! What helps after Zoho refused a call: another argument, or somebody who gives a right; the words for what rights are
//! missing are data, in `refused.json`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::repair::Problem;
use crate::tools::embedded;
use crate::zoho::FieldError;

/// Told where an account is no user of Desk.
pub(super) const NO_DESK: &str = "Nothing of Desk can be read with this account: an administrator of Zoho Desk can add it \
    as an agent, or the user connects another account. What belongs to Zoho CRM is asked for with app_type:\"crm\".";

const ELSEWHERE: &str = "The same call is answered so again: what it asks for is seen in Zoho itself.";
const CHANGE: &str = "Change what Zoho names, then call again.";

/// What a right that is missing comes to.
#[derive(Deserialize)]
struct Words {
    /// Zoho's codes for it; what a `*` begins is the end of any.
    codes: Vec<String>,
    next: String,
}

static WORDS: LazyLock<Vec<Words>> =
    LazyLock::new(|| embedded::read(include_str!("refused.json"), "words of refusals"));

/// What to do next: a right that is missing is no fault of the arguments, and no argument mends it. Its code says so whatever
/// the status, 403 whatever the code.
pub(super) fn next(status: u16, code: &str) -> &'static str {
    if (300..400).contains(&status) {
        return ELSEWHERE;
    }
    let is_it = |known: &String| match known.strip_prefix('*') {
        Some(end) => (status == 403 || !end.is_empty()) && code.ends_with(end),
        None => code == known,
    };
    let words = WORDS.iter().find(|words| words.codes.iter().any(is_it));
    words.map_or(CHANGE, |words| &words.next)
}

/// What is wrong with a field or parameter that Zoho names.
pub(super) fn problem(field: &FieldError) -> Problem {
    let expected = field.message.clone();
    Problem {
        path: field.field.clone(),
        expected: expected.unwrap_or_else(|| "a value Zoho accepts".to_owned()),
        got: field.kind.clone(),
        ..Problem::default()
    }
}
