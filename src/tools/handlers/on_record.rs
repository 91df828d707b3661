//! What tools have in common that put something beside one record: the record, what Zoho shows there, the plan.

use serde_json::{Value, json};

use super::Context;
use super::written::{Written, cases, read_with, writable};
use crate::connections::Product;
use crate::tools::definition::operation::Deed;
use crate::tools::error::ToolError;
use crate::tools::modules::{self, Subject, Writing};
use crate::tools::request;
use crate::tools::writing::{Change, Look, Planned, Sending, Step, Undo};
use crate::zoho::{Read, Session};

/// Characters of one line of a text in a preview.
const LINE: usize = 190;

/// The record that a call is about, read now.
pub(super) struct OnRecord<'a> {
    pub(super) session: &'a Session,
    pub(super) subject: Subject,
    pub(super) writing: &'static Writing,
    pub(super) written: Written,
}

/// The case that a call names, with what its read includes.
///
/// # Errors
/// There is none, or Zoho does not show it.
pub(super) async fn case<'a>(context: Context<'a>, include: Option<&str>) -> Result<OnRecord<'a>, ToolError> {
    let subject = cases()?;
    OnRecord::of(context, subject, include).await
}

/// The record of CRM that a call names: its modules come before those of Desk that are called the same.
///
/// # Errors
/// There is none, or Zoho does not show it.
pub(super) async fn of_crm(context: Context<'_>) -> Result<OnRecord<'_>, ToolError> {
    let named = request::subject(context.arguments)?;
    let subject = match named.product {
        Product::Crm => named,
        Product::Desk => {
            modules::subject(&named.module.name, Some(Product::Crm)).map_err(request::not_a_module)?
        }
    };
    OnRecord::of(context, subject, None).await
}

impl<'a> OnRecord<'a> {
    /// The record that a call names among those of a module.
    ///
    /// # Errors
    /// There is none, or Zoho does not show it.
    pub(super) async fn of(
        context: Context<'a>,
        subject: Subject,
        include: Option<&str>,
    ) -> Result<Self, ToolError> {
        let writing = writable(&subject, Deed::Change)?;
        let session = context.session(subject.product).await?;
        let subject = context.link(session, subject).await;
        let written = read_with(context, session, &subject, include).await?;
        Ok(OnRecord {
            session,
            subject,
            writing,
            written,
        })
    }

    /// A place below the record.
    pub(super) fn below<const N: usize>(&self, rest: [&str; N]) -> Vec<String> {
        let record = [self.subject.address(), self.written.id.as_str()];
        record.into_iter().chain(rest).map(str::to_owned).collect()
    }

    /// A read of what lies below the record.
    pub(super) fn read<const N: usize>(&self, rest: [&str; N]) -> Read {
        Read::get(self.subject.product, self.below(rest)).with_scopes(self.subject.module.scopes.clone())
    }

    /// How something below the record is found.
    pub(super) fn look<const N: usize>(&self, rest: [&str; N]) -> Look {
        Look {
            path: self.below(rest),
            scopes: self.subject.module.scopes.clone(),
            ..Look::default()
        }
    }

    /// A plan that names the record, and the module that what it makes belongs to.
    pub(super) fn plan(&self, module: &str, what: impl Into<String>, step: OneCall) -> Planned {
        let whole = Step {
            looks: step.look.into_iter().collect(),
            undo: step.undo,
            ..step.call.into()
        };
        self.plan_of(module, what, whole)
    }

    /// The same of a call that is looked up in several ways.
    pub(super) fn plan_of(&self, module: &str, what: impl Into<String>, whole: Step) -> Planned {
        Planned {
            label: self.written.label.clone(),
            link: self.written.link.clone(),
            word: self.written.number.clone(),
            ..Planned::new(self.subject.product, module, what, whole)
        }
    }
}

/// An act of one call.
pub(super) struct OneCall {
    pub(super) call: Sending,
    /// How it is found where Zoho's answer was lost.
    pub(super) look: Option<Look>,
    /// What takes it back.
    pub(super) undo: Option<Undo>,
}

/// What takes away what an act made, where it is still so.
pub(super) fn taken_back(what: &str, call: Sending, holds: Look) -> Undo {
    let gone = Look {
        is: [("/isTrashed".to_owned(), json!(true))].into_iter().collect(),
        gone: true,
        ..holds.clone()
    };
    let step = Step {
        looks: vec![gone],
        holds: vec![holds],
        ..call.into()
    };
    Undo::new(what, step)
}

/// One of several things that are put on a record, or taken off it.
pub(super) fn on_or_off(label: &str, value: &str, is_off: bool) -> Change {
    let (label, value) = (label.to_owned(), Some(value.to_owned()));
    match is_off {
        true => Change {
            label,
            before: value,
            after: None,
        },
        false => Change {
            label,
            before: None,
            after: value,
        },
    }
}

/// What puts back a list beside a record; `look` finds that it is done.
pub(super) fn put_back(what: &str, call: Sending, looks: Vec<Look>) -> Undo {
    let step = Step { looks, ..call.into() };
    Undo::new(what, step)
}

/// The scopes that the file of the call's tool names.
///
/// # Errors
/// The files cannot be read.
pub(super) fn scopes_of(context: Context<'_>) -> Result<Vec<String>, ToolError> {
    let catalog = context.invocation.equipment().catalog();
    let catalog = catalog.map_err(|error| ToolError::internal(&error))?;
    let tool = catalog.get(context.tool);
    Ok(tool.map_or_else(Vec::new, |tool| tool.operation().scopes().to_vec()))
}

/// What Zoho answers; null where it has nothing there.
///
/// # Errors
/// Zoho refused, or the answer is not to be read.
pub(super) async fn body_of(session: &Session, read: &Read) -> Result<Value, ToolError> {
    let response = session.read(read).await?;
    match response.body.is_empty() {
        true => Ok(Value::Null),
        false => serde_json::from_slice(&response.body).map_err(|error| ToolError::unreadable(&error)),
    }
}

/// The rows of a list that Zoho answers.
///
/// # Errors
/// As [`body_of`].
pub(super) async fn rows_of(session: &Session, read: &Read, list: &str) -> Result<Vec<Value>, ToolError> {
    let mut body = body_of(session, read).await?;
    match body.get_mut(list).map(Value::take) {
        Some(Value::Array(rows)) => Ok(rows),
        None if body.is_null() => Ok(Vec::new()),
        _ => Err(ToolError::unreadable(&format_args!("it has no list `{list}`"))),
    }
}

/// Something new, as a preview tells it.
pub(super) fn new(label: &str, value: impl Into<String>) -> Change {
    Change {
        label: label.to_owned(),
        before: None,
        after: Some(value.into()),
    }
}

/// A new text line by line: who agrees to it has read all of it.
pub(super) fn new_text(label: &str, text: &str) -> Vec<Change> {
    let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    let parts = lines.flat_map(|line| {
        let signs: Vec<char> = line.chars().collect();
        let parts: Vec<String> = signs.chunks(LINE).map(|part| part.iter().collect()).collect();
        parts
    });
    parts.map(|part| new(label, part)).collect()
}
