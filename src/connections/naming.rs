//! What a connection may be called, whoever names it.

use crate::names::is_filler;

/// No name is longer: it stands in lists and questions.
const LONGEST: usize = 64;

/// Refuses a name that nobody could type again or tell from another.
///
/// # Errors
/// What a name is.
pub fn check_name(name: &str) -> Result<(), &'static str> {
    let is_unseen = |character: char| character.is_control() || is_filler(character);
    let length = name.chars().count();
    if (1..=LONGEST).contains(&length) && name.trim() == name && !name.chars().any(is_unseen) {
        return Ok(());
    }
    Err(
        "the name of a connection: 1 to 64 characters, none of them a control or invisible character, and no blank at its ends",
    )
}
