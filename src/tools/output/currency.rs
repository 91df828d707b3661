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
