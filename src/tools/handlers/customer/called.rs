//! Names of people, which stand in one order or the other.

use crate::tools::request::in_one_line;

/// Told where nobody is called so.
pub(super) fn tell_nobody(name: &str) -> String {
    let orders = match orders(name).len() {
        0 | 1 => "",
        _ => " Desk was asked for their words in either order, CRM in one.",
    };
    format!(
        "Names are compared with their accents, whole words at a time.{orders} A part with `*` finds more: name:\"Kova*\"."
    )
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
