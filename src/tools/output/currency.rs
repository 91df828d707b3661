//! What the amounts of a CRM record are in, where its organization has one currency: Zoho says it beside them.

use serde_json::{Map, Value};

/// The sign of an organization's own currency.
pub const SYMBOL: &str = "$currency_symbol";
/// The field of an organization with several.
pub const CURRENCY: &str = "Currency";

/// Keeps the sign of the currency where amounts stand beside it that nothing else tells the currency of.
pub fn settle_currency(record: &mut Map<String, Value>) {
    let has_amounts = record.values().any(Value::is_number);
    if !has_amounts || record.contains_key(CURRENCY) {
        record.shift_remove(SYMBOL);
    }
}

/// How fields of amounts are called in every organization.
const AMOUNTS: [&str; 5] = ["Amount", "Total", "Price", "Revenue", "Cost"];
/// Told where nothing names the currency.
const UNNAMED: &str = "Zoho names no currency in some of these rows; get_record shows the one of a record.";

/// What is told of amounts that nothing beside them names the currency of.
pub fn tell_unnamed<'r>(mut rows: impl Iterator<Item = &'r Map<String, Value>>) -> Option<&'static str> {
    let is_amount = |(name, value): (&String, &Value)| {
        value.is_number() && AMOUNTS.iter().any(|amount| name.ends_with(amount))
    };
    let is_bare = |row: &Map<String, Value>| {
        row.iter().any(is_amount) && !row.contains_key(CURRENCY) && !row.contains_key(SYMBOL)
    };
    rows.any(is_bare).then_some(UNNAMED)
}
