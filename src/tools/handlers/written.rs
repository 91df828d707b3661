//! The record that an act is about: read fresh, what people call it, and what its fields hold.

use http::Method;
use serde_json::{Map, Value, json};

use super::record::missing;
use super::{Context, about, case_id};
use crate::connections::Product;
use crate::names::{clean_line, clip};
use crate::tools::definition::operation::Deed;
use crate::tools::error::ToolError;
use crate::tools::modules::{self, Kind, Subject, Writing, writing_of};
use crate::tools::output::{Answer, link_of};
use crate::tools::request::{self, text};
use crate::tools::settings::fields::Field;
use crate::tools::settings::named::read_named;
use crate::tools::writing::{Look, Sending, Step, Touched, Undo, plain, values};
use crate::zoho::{Effect, Read, Session};

/// Characters of what people call a record.
const MOST_NAME: usize = 60;

/// A field, and the value that it has or gets.
pub(super) type Pair = (String, Value);

/// A record as it is now.
pub(super) struct Written {
    pub(super) id: String,
    /// All that Zoho shows of it.
    pub(super) now: Value,
    /// The number people know it by.
    pub(super) number: Option<String>,
    /// What people call it.
    pub(super) label: String,
    pub(super) link: Option<String>,
    /// When it was changed last, as Zoho writes it.
    pub(super) seen: Option<String>,
}

/// The cases of Desk.
///
/// # Errors
/// The files name none.
pub(super) fn cases() -> Result<Subject, ToolError> {
    modules::subject("Cases", Some(Product::Desk))
        .map_err(|unknown| ToolError::internal(&format_args!("no cases: {}", unknown.got)))
}

/// What Zoho takes of the module's records.
///
/// # Errors
/// It takes nothing of the kind.
pub(super) fn writable(subject: &Subject, deed: Deed) -> Result<&'static Writing, ToolError> {
    let writing = writing_of(subject.product, &subject.module);
    writing
        .filter(|writing| !writing.scopes(deed).is_empty())
        .ok_or_else(|| {
            let got = format!(
                "{}, whose records Zoho changes in its own pages only",
                subject.module.name
            );
            ToolError::argument("/module", "a module whose records can be written", got, None)
        })
}

/// Nothing is to be done: it is so already.
pub(super) fn is_so_already(data: Value, subject: &Subject, session: &Session) -> Answer {
    let mut answer = about(Answer::default().with("data", data), subject, session);
    let note = "It is so already: nothing was sent.";
    answer.notes.push(note.to_owned());
    answer
}

/// The record that `id` or `ticket_number` names, read now.
///
/// # Errors
/// There is none, or Zoho does not show it.
pub(super) async fn read(
    context: Context<'_>,
    session: &Session,
    subject: &Subject,
) -> Result<Written, ToolError> {
    read_with(context, session, subject, None).await
}

/// The same, of Desk with what the call includes.
///
/// # Errors
/// As [`read`].
pub(super) async fn read_with(
    context: Context<'_>,
    session: &Session,
    subject: &Subject,
    include: Option<&str>,
) -> Result<Written, ToolError> {
    let (id, number) = (
        text(context.arguments, "id"),
        text(context.arguments, "ticket_number"),
    );
    let id = match (subject.product, number) {
        (Product::Crm, Some(_)) => {
            return Err(ToolError::argument(
                "/ticket_number",
                "only for Desk cases",
                "a CRM module",
                None,
            ));
        }
        _ => case_id::find(session, subject, id, number).await?,
    };
    one_with(session, subject, &id, include).await
}

/// The record of this id, read now, of Desk with what the call includes.
///
/// # Errors
/// There is none, or Zoho does not show it.
pub(super) async fn one_with(
    session: &Session,
    subject: &Subject,
    id: &str,
    include: Option<&str>,
) -> Result<Written, ToolError> {
    let request = match subject.product {
        Product::Desk => Read::get(Product::Desk, [subject.module.path.as_str(), id])
            .with_scopes(subject.module.scopes.clone()),
        Product::Crm => request::crm::get(&subject.module, id, &[]),
    };
    let request = match include {
        Some(include) => request.with_query("include", include),
        None => request,
    };
    let response = session
        .read(&request)
        .await
        .map_err(|error| missing(error.into(), subject, id))?;
    let body: Value = match response.body.is_empty() {
        true => Value::Null,
        false => serde_json::from_slice(&response.body).map_err(|error| ToolError::unreadable(&error))?,
    };
    let now = match subject.product {
        Product::Desk => Some(body),
        Product::Crm => body.pointer("/data/0").cloned(),
    };
    let Some(now) = now.filter(|now| now.get("id").is_some()) else {
        let none = ToolError::new(crate::tools::error::Code::NotFound, String::new(), String::new());
        return Err(missing(none, subject, id));
    };
    Ok(Written::of(session, subject, id.to_owned(), now))
}

impl Written {
    fn of(session: &Session, subject: &Subject, id: String, now: Value) -> Self {
        let text = |name: &str| {
            now.get(name)
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
        };
        let (modified, number) = match subject.product {
            Product::Desk => ("modifiedTime", "ticketNumber"),
            Product::Crm => ("Modified_Time", "Case_Number"),
        };
        let number = now.get(number).and_then(plain);
        let called = now.as_object().and_then(read_named).map(|one| one.name);
        let called = called.filter(|name| !name.is_empty());
        let second = subject.module.fields.get(1).map_or("", String::as_str);
        let called = called.or_else(|| text("subject").or_else(|| text(second)).map(str::to_owned));
        let what = match (&number, subject.module.name.as_str()) {
            (Some(number), _) => format!("case #{number}"),
            (None, module) => format!("{module} {id}"),
        };
        let label = match called {
            Some(name) => format!("{what} \"{}\"", clean_line(clip(&name, MOST_NAME))),
            None => what,
        };
        let link = text("webUrl").map(str::to_owned);
        Written {
            link: link.or_else(|| link_of(session, &subject.module, &id)),
            seen: text(modified).map(str::to_owned),
            number,
            label,
            id,
            now,
        }
    }

    /// The record as an act names it.
    pub(super) fn touched(&self) -> Touched {
        Touched {
            id: self.id.clone(),
            label: self.label.clone(),
            link: self.link.clone(),
        }
    }

    /// What a field holds; nothing where it holds nothing.
    pub(super) fn value(&self, field: &str) -> Value {
        self.now.pointer(&place_of(field)).cloned().unwrap_or_default()
    }
}

/// Where a record has a field: those of an organization of Desk stand apart.
pub(super) fn place_of(field: &str) -> String {
    match field.starts_with("cf_") {
        true => format!("/cf/{field}"),
        false => format!("/{field}"),
    }
}

/// The body that gives a record these values.
pub(super) fn body(product: Product, values: &[Pair]) -> Value {
    let (mut own, mut custom) = (Map::new(), Map::new());
    for (name, value) in values {
        match product == Product::Desk && name.starts_with("cf_") {
            true => custom.insert(name.clone(), value.clone()),
            false => own.insert(name.clone(), value.clone()),
        };
    }
    if !custom.is_empty() {
        own.insert("cf".to_owned(), Value::Object(custom));
    }
    match product {
        Product::Desk => Value::Object(own),
        Product::Crm => serde_json::json!({ "data": [own] }),
    }
}

/// The call that gives a record these values.
pub(super) fn change(subject: &Subject, writing: &Writing, id: &str, values: &[Pair]) -> Sending {
    let method = match subject.product {
        Product::Desk => Method::PATCH,
        Product::Crm => Method::PUT,
    };
    let call = Sending::new(Effect::Change, &method, [subject.address(), id]);
    call.with_body(body(subject.product, values))
        .with_scopes(&writing.change)
}

/// Whether the record has these values.
pub(super) fn holds(subject: &Subject, id: &str, values: &[Pair]) -> Look {
    Look {
        path: vec![subject.address().to_owned(), id.to_owned()],
        list: (subject.product == Product::Crm).then(|| "data".to_owned()),
        is: values
            .iter()
            .map(|(name, value)| (place_of(name), value.clone()))
            .collect(),
        scopes: subject.module.scopes.clone(),
        ..Look::default()
    }
}

/// The step that gives a record these values, and these back where it has to be undone.
pub(super) fn step(
    subject: &Subject,
    writing: &Writing,
    record: Touched,
    before: &[Pair],
    after: &[Pair],
) -> Step {
    let to = |values: &[Pair], from: &[Pair]| Step {
        records: vec![record.clone()],
        holds: vec![holds(subject, &record.id, from)],
        looks: vec![holds(subject, &record.id, values)],
        ..change(subject, writing, &record.id, values).into()
    };
    let back = Step {
        undo: Some(Undo::new(
            "give the fields their new values again",
            to(after, before),
        )),
        ..to(before, after)
    };
    Step {
        holds: Vec::new(),
        undo: Some(Undo::new("put the fields back", back)),
        ..to(after, before)
    }
}

/// A value in words: of an id the name it stands for, where that is known.
pub(super) async fn in_words(
    context: Context<'_>,
    session: &Session,
    field: &Field,
    value: &Value,
) -> Option<String> {
    if let Some(name) = value.get("name").and_then(Value::as_str) {
        return Some(name.to_owned());
    }
    let text = match value {
        Value::Array(items) => Some(items.iter().filter_map(plain).collect::<Vec<String>>().join(", ")),
        other => plain(other),
    }?;
    let people = letters_say_user(&field.kind).then_some(Kind::User);
    let kind = values::refers(session.product(), field).or(people);
    let listed = kind.filter(|kind| matches!(kind, Kind::Agent | Kind::Department | Kind::Team | Kind::User));
    let Some(kind) = listed else {
        return Some(text);
    };
    let known = context
        .invocation
        .equipment()
        .settings
        .names
        .of(session, None, kind, false)
        .await;
    let name = known.ok().and_then(|(known, _)| {
        known
            .iter()
            .find(|one| one.id == text)
            .map(|one| one.name.clone())
    });
    Some(match name {
        Some(name) => format!("{name} ({text})"),
        None => text,
    })
}

fn letters_say_user(kind: &str) -> bool {
    matches!(kind, "ownerlookup" | "userlookup")
}

/// A value that was read, as a request writes it: of a record that it refers to the id.
pub(super) fn as_written(value: &Value) -> Value {
    match value.get("id") {
        Some(id) => json!({ "id": id }),
        None => value.clone(),
    }
}

/// As people call a field.
pub(super) fn called(field: &Field) -> String {
    match field.label.as_str() {
        "" => field.api_name.clone(),
        label => label.to_owned(),
    }
}
