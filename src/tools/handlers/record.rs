//! `get_record`: one record with its text and custom fields.

pub(super) mod part;

use serde::de::Error as _;
use serde_json::{Value, json};

use super::{Context, about, case_id, hidden, names, rich_text, unseen_fields};
use crate::connections::Product;
use crate::tools::error::{Code, ToolError};
use crate::tools::modules::{self, Module, Naming, Subject};
use crate::tools::output::currency::{SYMBOL, settle_currency};
use crate::tools::output::fitting::fit_record;
use crate::tools::output::list::{BUDGET, ONE_RECORD};
use crate::tools::output::project::{Projection, Record, Rows};
use crate::tools::output::{Answer, link_of};
use crate::tools::reading::{self, Position};
use crate::tools::request::{self, text, texts};
use crate::zoho::{Read, Session, ZohoResponse};

/// Characters that a text keeps which is cut because the whole record would not fit.
const LONG_TEXT: usize = 4000;
/// Flags that Zoho CRM writes into every record, and that say something only where they are set.
const OFF: [&str; 2] = ["Locked__s", "Converted__s"];
/// How to get what was left out.
const ASK: &str = "Ask for them with `fields`.";

/// What a call names and wants of it.
struct Asked<'a> {
    id: Option<&'a str>,
    number: Option<&'a str>,
    fields: Vec<String>,
    include: Vec<String>,
}

/// Reads one record by id, or a case by its number.
pub(super) async fn get(context: Context<'_>) -> Result<Answer, ToolError> {
    let subject = request::subject(context.arguments)?;
    let asked = Asked {
        id: text(context.arguments, "id"),
        number: text(context.arguments, "ticket_number"),
        fields: texts(context.arguments, "fields"),
        include: texts(context.arguments, "include"),
    };
    let key = json!([subject.module.name, asked.id, asked.number, asked.fields]);
    let query = reading::Query {
        tool: context.tool,
        key: &key,
        zone: None,
    };
    let cursor = text(context.arguments, "cursor");
    let cursor = cursor.map(|cursor| reading::decode(cursor, &query)).transpose()?;
    let mut notes = Vec::new();
    let (mut record, session, subject) = match subject.product {
        Product::Desk => of_desk(context, subject, &asked).await?,
        Product::Crm => of_crm(context, subject, &asked, &mut notes).await?,
    };
    let start = match cursor.map(|cursor| cursor.position(session)).transpose()? {
        Some(Position::Characters(given)) => given as usize,
        _ => 0,
    };
    if asked.fields.is_empty() {
        let lacking = hidden::lacking(&subject, std::slice::from_ref(&record));
        notes.extend(hidden::tell(context, session, &subject, &lacking).await);
    }
    if subject.product == Product::Desk {
        notes.extend(put_names(&mut record, context, session, &asked).await);
    }
    let more = match asked.fields.as_slice() {
        [field] => part::show_from(&mut record.shown, field, start, &mut notes),
        _ => None,
    };
    let mut answer = answer(record, &subject, session, &asked.fields, notes);
    if let Some(next) = more {
        let position = Position::Characters(next);
        answer = answer.with("next_cursor", reading::encode(position, session, &query));
    }
    Ok(answer)
}

async fn of_desk<'a>(
    context: Context<'a>,
    subject: Subject,
    asked: &Asked<'_>,
) -> Result<(Record, &'a Session, Subject), ToolError> {
    let (fields, include) = (&asked.fields, &asked.include);
    match (asked.id, asked.number) {
        (None, None) => Err(case_id::neither()),
        // What is found by its number has nothing included.
        (None, Some(number)) if include.is_empty() => {
            let request = request::desk::by_number(&subject.module, number)?;
            let session = context.session(Product::Desk).await?;
            let record = by_number(session, &subject, number, fields, request).await?;
            Ok((record, session, subject))
        }
        (id, number) => {
            let session = context.session(Product::Desk).await?;
            let id = &case_id::find(session, &subject, id, number).await?;
            let request = request::desk::get(&subject.module, id, fields, include)?;
            let response = session
                .read(&request)
                .await
                .map_err(|error| missing(error.into(), &subject, id))?;
            let record = bare(&response, &subject, fields, include).await?;
            Ok((record, session, subject))
        }
    }
}

async fn of_crm<'a>(
    context: Context<'a>,
    subject: Subject,
    asked: &Asked<'_>,
    notes: &mut Vec<String>,
) -> Result<(Record, &'a Session, Subject), ToolError> {
    let id = match (asked.id, asked.number) {
        (None, None) => return Err(case_id::neither()),
        (Some(id), None) => id,
        (_, Some(_)) => {
            let fix = "search_records with filters, or `id`".to_owned();
            let (expected, got) = ("only for Desk cases", "a CRM module");
            return Err(ToolError::argument("/ticket_number", expected, got, Some(fix)));
        }
    };
    notes.extend((!asked.include.is_empty()).then(|| request::crm::NO_INCLUDE.to_owned()));
    let request = request::crm::get(&subject.module, id, &asked.fields);
    let session = context.session(Product::Crm).await?;
    let subject = context.link(session, subject).await;
    let response = session
        .read(&request)
        .await
        .map_err(|error| missing(error.into(), &subject, id))?;
    let found = first(&response, &subject, &with_symbol(&asked.fields)).await?;
    let mut record = found.ok_or_else(|| not_found(&subject, &format!("id {id}")))?;
    let rows = std::slice::from_ref(&record);
    let known = rich_text::find_fields(context, session, &subject, rows).await;
    let known = known.as_deref().map_or(&[][..], Vec::as_slice);
    rich_text::keep_cut(&mut record, known);
    if !record.border.texts.is_empty() {
        notes.extend(read_on(&mut record, &subject, session, id).await);
    }
    rich_text::read_markup(&mut record, known);
    notes.extend(tell_subforms(&record));
    Ok((record, session, subject))
}

/// Puts names beside the ids that are shown; what is told where there are none.
async fn put_names(
    record: &mut Record,
    context: Context<'_>,
    session: &Session,
    asked: &Asked<'_>,
) -> Option<String> {
    let fields = &asked.fields;
    let namings: Vec<_> = modules::names(Product::Desk)
        .iter()
        .map(|(field, naming)| (field.as_str(), naming))
        .filter(|(field, naming)| match fields.is_empty() {
            // The whole record has those itself.
            true => naming.own.is_none() || naming.roots().all(|root| !record.shown.contains_key(root)),
            false => fields.iter().any(|one| one == field),
        })
        .collect();
    let is_asked = |member: &str| {
        let is_it = |name: &String| name == member || name.strip_suffix('s') == Some(member);
        fields.iter().chain(&asked.include).any(is_it)
    };
    names::put_beside(&mut record.shown, &namings, &is_asked, &context, session);
    names::ask_beside(&mut [&mut record.shown], &namings, &is_asked, &context, session).await
}

/// Reads the rich text that Zoho gives the beginning of: `fetch_full_data`. What is told where that fails.
async fn read_on(record: &mut Record, subject: &Subject, session: &Session, id: &str) -> Option<String> {
    let texts = record.border.texts.clone();
    let path = [subject.module.name.as_str(), id, "actions", "fetch_full_data"];
    let request = Read::get(Product::Crm, path).with_scopes(subject.module.scopes.clone());
    let outcome = match session.read(&request.with_query("fields", texts.join(","))).await {
        Ok(response) => first(&response, subject, &texts).await,
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(Some(full)) => {
            record.go_on_with(full);
            None
        }
        Ok(None) => Some(untold(&texts, "Zoho gave nothing")),
        Err(error) => Some(untold(&texts, &error.error)),
    }
}

fn untold(texts: &[String], why: &str) -> String {
    let texts = texts.join(", ");
    format!(
        "{texts} may go on: it ends where Zoho CRM cuts rich text, and the whole could not be read: {why}"
    )
}

/// What is told of subforms with more rows than Zoho gives with their record.
fn tell_subforms(record: &Record) -> Option<String> {
    let shown = |name: &String| {
        let rows = record.shown.get(name)?.as_array()?.len();
        Some(format!("the first {rows} rows of {name}"))
    };
    let parts: Vec<String> = record.border.subforms.iter().filter_map(shown).collect();
    (!parts.is_empty()).then(|| {
        format!(
            "Zoho gives only {}: there are more, which the record's link shows.",
            parts.join(" and ")
        )
    })
}

/// The fields that are asked for, and what amounts among them are in.
fn with_symbol(fields: &[String]) -> Vec<String> {
    let symbol = (!fields.is_empty()).then(|| SYMBOL.to_owned());
    fields.iter().cloned().chain(symbol).collect()
}

async fn by_number(
    session: &Session,
    subject: &Subject,
    number: &str,
    fields: &[String],
    request: crate::zoho::Read,
) -> Result<Record, ToolError> {
    let response = session.read(&request).await?;
    let found = first(&response, subject, fields).await?;
    found.ok_or_else(|| case_id::no_such_number(number))
}

async fn bare(
    response: &ZohoResponse,
    subject: &Subject,
    fields: &[String],
    include: &[String],
) -> Result<Record, ToolError> {
    if response.body.is_empty() {
        return Err(not_found(subject, "this id"));
    }
    let mut wanted = Vec::new();
    for field in fields {
        let naming = modules::names(Product::Desk).get(field);
        let names = naming.map(|naming| naming.shown.clone());
        wanted.extend(std::iter::once(field.clone()).chain(names));
    }
    let roots = fields
        .iter()
        .filter_map(|field| modules::names(Product::Desk).get(field));
    let roots: Vec<String> = roots.flat_map(Naming::roots).map(str::to_owned).collect();
    wanted.extend(roots);
    for name in include {
        wanted.push(name.clone());
        wanted.extend(name.strip_suffix('s').map(str::to_owned));
    }
    let projection = projection(subject, if fields.is_empty() { &[] } else { &wanted });
    let record = projection.record(&response.body).await?;
    match record.id {
        Some(_) => Ok(record),
        None => Err(ToolError::unreadable(&serde_json::Error::custom(
            "a record without an id",
        ))),
    }
}

async fn first(
    response: &ZohoResponse,
    subject: &Subject,
    fields: &[String],
) -> Result<Option<Record>, ToolError> {
    let page = projection(subject, fields).page(&response.body, "data").await;
    Ok(page?.records.into_iter().next())
}

fn projection<'a>(subject: &'a Subject, fields: &'a [String]) -> Projection<'a> {
    Projection {
        fields: (!fields.is_empty()).then_some(fields),
        html: &subject.module.html,
        rows: Rows::default(),
    }
}

fn answer(
    mut record: Record,
    subject: &Subject,
    session: &Session,
    fields: &[String],
    mut notes: Vec<String>,
) -> Answer {
    let unsure = unseen_fields(fields, &subject.module, &|field| record.shown.contains_key(field));
    let lacking = fields
        .iter()
        .filter(|field| subject.module.lacks(field) && !record.shown.contains_key(*field));
    notes.extend(
        lacking.map(|field| format!("`{field}` is shown by get_records only, in the rows of a list.")),
    );
    notes.extend(tell_unshown(fields, &record, &subject.module));
    let link = record.link(&|id| link_of(session, &subject.module, id));
    if fields.is_empty() {
        // Of what Desk writes into every row of cases, people and activities; elsewhere a flag may say something by being off.
        let is_padded = subject.product == Product::Desk && !subject.module.list.row.is_empty();
        record.shown.retain(|key, value| {
            let is_ours = key == SYMBOL || !key.starts_with('$');
            let says_nothing = match (is_padded, subject.product) {
                (true, _) => is_padding(key, value),
                (false, Product::Desk) => *value != Value::Bool(false) && is_padding(key, value),
                (false, Product::Crm) => *value == Value::Bool(false) && OFF.contains(&key.as_str()),
            };
            is_ours && !is_empty(value) && !says_nothing
        });
    }
    settle_currency(&mut record.shown);
    notes.extend(fit_record(&mut record.shown, BUDGET, LONG_TEXT).tell(ONE_RECORD, ASK));
    if let Some(link) = link {
        record.shown.insert("link".to_owned(), Value::String(link));
    }
    let mut answer = about(Answer::default().with("data", record.shown), subject, session);
    answer.notes.extend(notes);
    answer.unsure = unsure;
    answer
}

/// What was asked for by name and is not there: Zoho leaves out what is hidden from a user as it does what is empty.
fn tell_unshown(fields: &[String], record: &Record, module: &Module) -> Option<String> {
    let unshown = fields
        .iter()
        .filter(|field| !module.lacks(field) && !record.shown.contains_key(*field));
    let names: Vec<&str> = unshown.map(String::as_str).collect();
    let told = || {
        format!(
            "Not in this record: {}. Empty, or not shown to this user.",
            names.join(", ")
        )
    };
    (!names.is_empty()).then(told)
}

/// Nothing to show: an empty text, list or object.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}

/// A flag that is not set, or a count of nothing.
pub(super) fn is_padding(key: &str, value: &Value) -> bool {
    let nothing = || matches!(value.as_str(), Some("0")) || value.as_u64() == Some(0);
    *value == Value::Bool(false) || key.ends_with("Count") && nothing()
}

fn not_found(subject: &Subject, what: &str) -> ToolError {
    let module = &subject.module.name;
    ToolError::new(
        Code::NotFound,
        format!("Zoho has no record of {module} with {what}."),
        match subject.product {
            Product::Desk => format!(
                "Find the record with search_records, module {module}; a ticket number goes into ticket_number."
            ),
            Product::Crm => format!(
                "Find the record with search_records, module {module}. What was deleted is listed by \
                 get_records with filters {{\"Record_Status__s\":\"Trash\"}}."
            ),
        },
    )
}

/// Names the record in Zoho's plain "not found".
pub(super) fn missing(error: ToolError, subject: &Subject, id: &str) -> ToolError {
    if error.code == Code::NotFound {
        not_found(subject, &format!("id {id}"))
    } else {
        error
    }
}
