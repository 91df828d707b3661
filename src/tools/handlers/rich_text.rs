//! Rich text of CRM: its fields say that they hold markup, and lists have the beginning of it only. Nobody is asked about
//! rows whose texts are neither.

use std::sync::Arc;

use serde_json::Value;

use super::Context;
use crate::connections::Product;
use crate::names::clean;
use crate::tools::modules::Subject;
use crate::tools::output::html;
use crate::tools::output::project::Record;
use crate::tools::settings::fields::Field;
use crate::zoho::Session;

/// What follows where nobody tells which fields hold rich text.
const RAW: &str = "Texts that may be markup are shown as Zoho has them.";

/// Settles the texts of rows, where it is known which of their fields hold rich text.
pub(super) async fn settle(context: Context<'_>, session: &Session, subject: &Subject, rows: &mut [Record]) {
    let Some(fields) = find_fields(context, session, subject, rows).await else {
        return;
    };
    for row in rows {
        keep_cut(row, &fields);
        read_markup(row, &fields);
    }
}

/// The fields of the module; none where no row has a text that depends on what they are, or nobody can say.
pub(super) async fn find_fields(
    context: Context<'_>,
    session: &Session,
    subject: &Subject,
    rows: &[Record],
) -> Option<Arc<Vec<Field>>> {
    let depends = |row: &Record| !row.border.texts.is_empty() || row.shown.values().any(may_be_markup);
    if subject.product != Product::Crm || subject.module.undescribed || !rows.iter().any(depends) {
        return None;
    }
    match context.invocation.fields(session, subject, false).await {
        Ok((fields, _)) => Some(fields),
        Err(error) => {
            context.invocation.miss_fields(subject, &error, RAW);
            None
        }
    }
}

fn may_be_markup(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    text.contains('<') && text.contains('>') || text.contains('&') && text.contains(';')
}

/// Of the texts that are as long as one that was cut keeps those that can have been: a column of a query may be no field
/// of the module.
pub(super) fn keep_cut(record: &mut Record, fields: &[Field]) {
    let can_be = |text: &String| {
        let mut fields = fields.iter();
        let field = fields.find(|field| field.api_name == *text);
        field.is_none_or(|field| field.is_rich)
    };
    record.border.texts.retain(can_be);
}

/// Makes markup text, as it is in Desk.
pub(super) fn read_markup(record: &mut Record, fields: &[Field]) {
    for field in fields.iter().filter(|field| field.is_rich) {
        if let Some(Value::String(text)) = record.shown.get_mut(&field.api_name) {
            *text = clean(html::to_text(text));
        }
    }
}
