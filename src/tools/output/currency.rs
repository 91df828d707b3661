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
pub const UNNAMED: &str =
    "Zoho names no currency in some of these rows; get_record shows the one of a record.";

/// Whether a field is called as amounts are.
pub fn is_amount(name: &str) -> bool {
    AMOUNTS.iter().any(|amount| name.ends_with(amount))
}

/// Whether a row has amounts, and nothing beside them names their currency.
pub fn is_bare(row: &Map<String, Value>) -> bool {
    let mut members = row.iter();
    let has_amounts = members.any(|(name, value)| value.is_number() && is_amount(name));
    has_amounts && !row.contains_key(CURRENCY) && !row.contains_key(SYMBOL)
}
