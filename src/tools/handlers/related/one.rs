//! One row of a related list, whole: a message with all of its text, where the list has a summary only.

use serde_json::{Value, json};

use crate::tools::error::{Code, ToolError};
use crate::tools::handlers::record::part;
use crate::tools::handlers::{Context, about, message, record};
use crate::tools::modules::Subject;
use crate::tools::output::Answer;
use crate::tools::output::fitting::fit_record;
use crate::tools::output::list::{Shape, shape};
use crate::tools::output::project::Record;
use crate::tools::reading::{self, Position};
use crate::tools::request::{text, texts};

/// Characters of all else, and of one text of it where that is not enough.
const REST: usize = 4000;
const REST_TEXT: usize = 500;
/// Characters of all else where the message itself was not asked for.
const ALONE: usize = 20_000;
const HOW: &str = "Ask for that field alone in `fields`.";

/// Reads one row of the list of a record.
pub(super) async fn get(
    context: Context<'_>,
    parent: &Subject,
    id: &str,
    list: &Subject,
    row: &str,
) -> Result<Answer, ToolError> {
    if list.module.get.is_none() {
        let fix = "threads and comments of a case can be read one by one; leave `related_id` out here";
        return Err(ToolError::argument(
            "/related_id",
            "a list whose rows Zoho gives one by one",
            "another list",
            Some(fix.to_owned()),
        ));
    }
    let key = json!([parent.module.name, id, list.module.name, row]);
    let query = reading::Query {
        tool: context.tool,
        key: &key,
        zone: None,
    };
    let cursor = text(context.arguments, "cursor").map(|cursor| reading::decode(cursor, &query));
    let cursor = cursor.transpose()?;
    let session = context.session(parent.product).await?;
    let start = match cursor.map(|cursor| cursor.position(session)).transpose()? {
        Some(Position::Characters(given)) => given as usize,
        _ => 0,
    };
    let path = [parent.module.path.as_str(), id, list.module.path.as_str(), row];
    let scopes = &list.module.scopes;
    let mut record = message::read(session, scopes, &path).await?;
    if !message::is_message(&record, row) {
        let error = "Zoho answered with another row than the one that was asked for.";
        return Err(ToolError::new(
            Code::Unavailable,
            error,
            "The list shows what ids there are.",
        ));
    }
    record.shown = message::complete(session, scopes, &path, record.shown).await?;
    let fields = texts(context.arguments, "fields");
    // A comment that is not public is an internal one.
    record.shown.retain(|name, value| match fields.is_empty() {
        true => name == "isPublic" || !record::is_padding(name, value),
        false => name == "id" || fields.contains(name),
    });
    let mut notes = Vec::new();
    let alone = fields.iter().filter(|field| *field != "id").collect::<Vec<_>>();
    let more = match alone.as_slice() {
        [field] => part::show_from(&mut record.shown, field, start, &mut notes),
        _ => show_from(&mut record, start, &mut notes),
    };
    let shaped = shape(
        vec![record],
        &Shape {
            fields: &fields,
            table: text(context.arguments, "format") == Some("table"),
            link: &|_| None,
            limit: 1,
            budget: usize::MAX,
        },
    );
    let mut answer = Answer::default()
        .with("data", shaped.data)
        .with("count", shaped.count)
        .with("has_more", more.is_some());
    if let Some(next) = more {
        let position = Position::Characters(next);
        answer = answer.with("next_cursor", reading::encode(position, session, &query));
    }
    answer.notes = notes;
    Ok(about(answer, parent, session))
}

/// Shows the text from there on, and the rest of the row within its room; gives where the text goes on.
fn show_from(record: &mut Record, start: usize, notes: &mut Vec<String>) -> Option<u32> {
    record.shown.retain(|_, value| !record::is_empty(value));
    let content = match record.shown.shift_remove("content") {
        Some(Value::String(content)) => content,
        _ => String::new(),
    };
    if !content.is_empty() {
        record.shown.shift_remove("summary");
        record.shown.shift_remove("plainText");
    }
    let room = if content.is_empty() { ALONE } else { REST };
    notes.extend(fit_record(&mut record.shown, room, REST_TEXT).tell(HOW, HOW));
    record.shown.insert("content".to_owned(), json!(content));
    part::show_from(&mut record.shown, "content", start, notes)
}
