//! Names of people, which stand in one order or the other.

use serde_json::{Map, Value};

use crate::names::without_accents;
use crate::tools::request::in_one_line;

/// Told of products in which nobody is called so.
pub(super) const NOBODY: &str = "nobody, whatever the order of the names. Zoho compares accents, and may not find by a \
    word without them: try another word of the name, the e-mail address, or a part: name:\"Kova*\".";
/// Told of those that are only found by a word of the name.
pub(super) const BY_A_WORD: &str =
    "nobody is called exactly so; these have its words in name or address, accents and order left aside.";
/// Characters of a word that Desk searches for at least (OAS, `_all`).
const SHORTEST: usize = 3;

/// The word of a name that tells most, by which Zoho is asked once more where nobody is called so.
pub(super) fn telling_word(name: &str) -> Option<&str> {
    let words = name.split(|c: char| c.is_whitespace() || matches!(c, ',' | '*'));
    let longest = words.max_by_key(|word| word.chars().count())?;
    (longest.chars().count() >= SHORTEST).then_some(longest)
}

/// Whether the texts at these places of a record hold all words of a name, accents and order left aside.
pub(super) fn fits(record: &Map<String, Value>, places: &[&str], name: &str) -> bool {
    let texts = places.iter().filter_map(|place| match place.split_once('.') {
        Some((lookup, inner)) => record.get(lookup)?.get(inner)?.as_str(),
        None => record.get(*place)?.as_str(),
    });
    let own = without_accents(&texts.collect::<Vec<&str>>().join(" "));
    let wanted = without_accents(&name.replace([',', '*'], " "));
    wanted.split_whitespace().all(|word| own.contains(word))
}

/// A name in the orders that its parts may have: as given, or where a comma says that they are turned round, first as they
/// are spoken. Zoho reads a comma as `or`.
pub(super) fn orders(name: &str) -> Vec<String> {
    let mut orders = match name.split_once(',') {
        Some((last, first)) => vec![in_one_line(&format!("{first} {last}").replace(',', " "))],
        None => Vec::new(),
    };
    let given = in_one_line(&name.replace(',', " "));
    let words: Vec<&str> = given.split(' ').collect();
    orders.push(given.clone());
    if let ([.., last], [first, ..]) = (words.as_slice(), words.as_slice())
        && words.len() > 1
    {
        let others = words.len() - 1;
        let before = words
            .iter()
            .take(others)
            .copied()
            .collect::<Vec<&str>>()
            .join(" ");
        let behind = words.iter().skip(1).copied().collect::<Vec<&str>>().join(" ");
        orders.push(format!("{last} {before}"));
        orders.push(format!("{behind} {first}"));
    }
    let mut each: Vec<String> = Vec::new();
    for order in orders {
        if !each.contains(&order) {
            each.push(order);
        }
    }
    each
}
