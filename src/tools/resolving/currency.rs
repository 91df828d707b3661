//! What an amount is in: a field of its own, asked for beside the amounts that a call names.

use serde_json::{Map, Value};

use crate::connections::Product;
use crate::tools::modules::{CRM_SYSTEM, Subject};
use crate::tools::output::currency::CURRENCY;
use crate::tools::request::crm::MOST_FIELDS;
use crate::tools::request::texts;
use crate::tools::settings::fields::Field;

/// Whether the types of the fields that a call names decide if it wants to know a currency.
pub(super) fn may_want(subject: &Subject, arguments: &Map<String, Value>) -> bool {
    let fields = texts(arguments, "fields");
    let has = |fields: &[String]| fields.iter().any(|field| field == CURRENCY);
    let room = (1..MOST_FIELDS).contains(&fields.len());
    let own = fields.iter().any(|field| !CRM_SYSTEM.contains(&field.as_str()));
    subject.product == Product::Crm && room && own && !has(&fields) && has(&subject.module.fields)
}

/// Asks for the currency beside the amounts among the fields that a call names, where the module has one.
pub(super) fn add_currency(arguments: &mut Map<String, Value>, subject: &Subject, known: &[Field]) {
    let fields = texts(arguments, "fields");
    let is = |name: &str| fields.iter().any(|field| field == name);
    let mut known = known.iter();
    let has_currency = known
        .clone()
        .any(|field| field.api_name == CURRENCY && !field.kind.is_empty());
    let wanted = known.any(|field| field.kind == "currency" && is(&field.api_name));
    let room = fields.len() + usize::from(!is("id")) < MOST_FIELDS;
    if subject.product == Product::Crm
        && has_currency
        && wanted
        && room
        && !is(CURRENCY)
        && let Some(Value::Array(fields)) = arguments.get_mut("fields")
    {
        fields.push(Value::from(CURRENCY));
    }
}
