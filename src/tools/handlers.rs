//! How tools are carried out: by what their file says, or by one of the functions here, which it names as
//! `operation.handler`, `room::function`.

mod account;
mod amounts;
mod attach;
mod attachment;
mod case_id;
mod comment;
mod confirm;
mod connection;
mod convert;
mod coql;
mod count;
mod create;
mod customer;
mod departments;
mod export;
mod fields;
mod follow;
mod found;
mod hidden;
mod log_time;
mod mass;
mod merging;
mod message;
mod metadata;
mod moving;
mod names;
mod note;
mod on_record;
mod operations;
mod organizations;
mod record;
mod records;
mod related;
mod reply;
mod rich_text;
mod several;
mod spam;
mod tags;
mod ticket_context;
mod transition;
mod trash;
mod update;
mod written;

use std::pin::Pin;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::definition::ToolDefinition;
use super::definition::operation::Operation;
use super::error::ToolError;
use super::invocation::Invocation;
use super::mending;
use super::modules::{Module, Subject};
use super::output::Answer;
use super::request::{self, Drafted, Ids, ListQuery, Sieve};
use super::resolving::references;
use super::settings::fields::{UNDESCRIBED, describe};
use super::writing::{self, Act, Plan};
use crate::connections::Product;
use crate::names::{is_blank, pointer};
use crate::repair::{Repair, ValidArguments};
use crate::zoho::{Effect, Session};

/// What a handler works with.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The call it is part of.
    pub invocation: &'a Invocation<'a>,
    /// The name of its tool.
    pub tool: &'a str,
    /// The valid arguments.
    pub arguments: &'a ValidArguments,
    /// The zone days in them are read in.
    pub zone: &'a TimeZone,
    /// Of an act that was done in part before: the records that all of it was done to.
    pub done: &'a [String],
}

/// A call on its way.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<Answer, ToolError>> + Send + 'a>>;

/// A row of [`HANDLERS`].
pub type Handler = (&'static str, for<'a> fn(Context<'a>) -> Running<'a>);

/// A change that is being planned.
pub type Planning<'a> = Pin<Box<dyn Future<Output = Result<Plan, ToolError>> + Send + 'a>>;

/// A row of [`PLANNERS`].
pub type Planner = (&'static str, for<'a> fn(Context<'a>) -> Planning<'a>);

include!(concat!(env!("OUT_DIR"), "/handlers.rs"));

/// Carries a tool out: by what its file says, or by the handler that its file names.
///
/// # Errors
/// Whatever went wrong, by who can act.
pub(super) async fn run(
    handlers: &[Handler],
    context: Context<'_>,
    tool: &ToolDefinition,
) -> Result<Answer, ToolError> {
    match tool.operation() {
        Operation::Handler(by) => handled(handlers, &by.handler, context).await,
        Operation::Lookup(by) => operations::lookup(context, &by.lookup).await,
        Operation::Api(call) if call.effect == Effect::Read => operations::call(context, call).await,
        Operation::Api(_) | Operation::Plan(_) => {
            say_something(context)?;
            let product = product_of(context, tool).await?;
            let mut act = Act::of(context.invocation, tool.name(), product, context.arguments).await?;
            match act.earlier().await? {
                Some(answer) => Ok(answer),
                None => carried_out(&act, context, tool).await,
            }
        }
    }
}

/// Refuses a text that is nothing but blanks, where one is required: an optional one was taken as left out.
fn say_something(context: Context<'_>) -> Result<(), ToolError> {
    let is_blank = |value: &Value| value.as_str().is_some_and(is_blank);
    match context.arguments.iter().find(|(_, value)| is_blank(value)) {
        Some((name, _)) => Err(ToolError::argument(
            &format!("/{name}"),
            "text that says something",
            "nothing but blanks",
            None,
        )),
        None => Ok(()),
    }
}

/// Carries out the act that a call of this tool is: it is planned, and what may be sent of it is.
async fn carried_out(
    act: &Act<'_>,
    context: Context<'_>,
    tool: &ToolDefinition,
) -> Result<Answer, ToolError> {
    match tool.operation() {
        Operation::Api(call) => operations::change(act, context, tool, call).await,
        Operation::Plan(by) => match PLANNERS.iter().find(|(known, _)| *known == by.plan) {
            Some((_, planner)) => {
                let done = act.goes_on.as_ref().map_or(&[][..], |part| &part.done);
                let plan = || planner(Context { done, ..context });
                Ok(writing::carry_out(act, plan).await?.answer)
            }
            None => Err(ToolError::internal(&format_args!("nothing plans {}", by.plan))),
        },
        _ => Err(ToolError::internal(&"a read is no act")),
    }
}

/// The product that an act belongs to: that of the module it names, the only one of the tool, or that of the act it is about.
async fn product_of(context: Context<'_>, tool: &ToolDefinition) -> Result<Product, ToolError> {
    if let Operation::Api(call) = tool.operation() {
        return Ok(call.product);
    }
    let products = tool.operation().products();
    if let [only] = products {
        return Ok(*only);
    }
    if context.arguments.contains_key("module") {
        return Ok(request::subject(context.arguments)?.product);
    }
    if let Some(asked) = request::app_type(context.arguments) {
        return Ok(asked);
    }
    let named = request::text(context.arguments, "id").filter(|_| products.len() > 1);
    let ledger = &context.invocation.equipment().ledger;
    let of_act = match named {
        Some(id) => ledger.find_write(id, context.invocation.caller()).await?,
        None => None,
    };
    let known = of_act.and_then(|write| writing::product_of(&write));
    Ok(known.or(products.first().copied()).unwrap_or(Product::Desk))
}

async fn handled(handlers: &[Handler], name: &str, context: Context<'_>) -> Result<Answer, ToolError> {
    match handlers.iter().find(|(known, _)| *known == name) {
        Some((_, handler)) => handler(context).await,
        None => Err(ToolError::internal(&format_args!("no handler is called {name}"))),
    }
}

impl<'a> Context<'a> {
    /// The call's session with a product.
    pub async fn session(&self, product: Product) -> Result<&'a Session, ToolError> {
        self.invocation.session(product).await
    }

    /// The module asked with the tab of its links, which no file tells of a custom one.
    pub async fn link(&self, session: &Session, subject: Subject) -> Subject {
        let modules = &self.invocation.equipment().settings.modules;
        modules.link(session, subject).await
    }

    /// The module asked with what no file tells of a custom one: the tab of its links, and its default fields where
    /// the call chooses none.
    pub async fn describe(&self, subject: Subject) -> Result<Subject, ToolError> {
        if !subject.module.custom {
            return Ok(subject);
        }
        let session = self.session(subject.product).await?;
        let subject = self.link(session, subject).await;
        if self.arguments.contains_key("fields") {
            return Ok(subject);
        }
        match self.invocation.fields(session, &subject, false).await {
            Ok((fields, _)) => Ok(describe(subject, &fields)),
            Err(error) => {
                // The few that every module has remain.
                self.invocation.miss_fields(&subject, &error, UNDESCRIBED);
                Ok(subject)
            }
        }
    }

    /// The request as it can be sent, and the repairs that ids in place of names are.
    pub async fn finish<T>(
        &self,
        session: &Session,
        subject: &Subject,
        drafted: Drafted<T>,
        build: impl Fn(&Ids) -> Result<Drafted<T>, ToolError>,
    ) -> Result<(T, Vec<Repair>), ToolError> {
        references::finish(self.invocation, session, subject, drafted, build).await
    }
}

/// JSON Pointers of the fields asked for that no record shows and the module's own data does not know either.
fn unseen_fields(asked: &[String], module: &Module, shown: &dyn Fn(&str) -> bool) -> Vec<String> {
    let known = |field: &String| module.fields.contains(field) || module.list.row.contains(field);
    let unseen = |(_, field): &(usize, &String)| !shown(field) && !known(field) && *field != "id";
    let places = asked.iter().enumerate().filter(unseen);
    places
        .map(|(index, _)| pointer::below("/fields", index))
        .collect()
}

/// JSON Pointers of the conditions by which nothing was found.
fn unmet_conditions(query: &ListQuery<'_>) -> Vec<String> {
    let place = |(name, _): &(&str, _)| pointer::below("/filters", name);
    query.filters.iter().map(place).collect()
}

/// JSON Pointers of the conditions in which a value that nothing can have goes unnoticed: one of several, or one that is
/// left out.
fn blind_conditions(query: &ListQuery<'_>) -> Vec<String> {
    let several = |value: &Value| value.as_array().is_some_and(|all| all.len() > 1);
    let blind = |(_, value): &&(&str, &Value)| several(value) || request::values_in_words(value).is_some();
    let place = |(name, _): &(&str, _)| pointer::below("/filters", name);
    query.filters.iter().filter(blind).map(place).collect()
}

/// Whether the rows would be others at another time.
fn goes_by_now(query: &ListQuery<'_>, sieve: &Sieve) -> bool {
    query.goes_by_now() || sieve.goes_by_now()
}

/// The answer with the time it holds for, where that matters.
fn as_of(answer: Answer, query: &ListQuery<'_>, sieve: &Sieve, now: Timestamp) -> Answer {
    match goes_by_now(query, sieve) {
        true => answer.held_at(now),
        false => answer,
    }
}

/// The members every record answer ends with.
fn about(answer: Answer, subject: &Subject, session: &Session) -> Answer {
    let mut organization = Map::new();
    let known = session.organization();
    organization.extend(known.id.map(|id| ("id".to_owned(), Value::String(id))));
    organization.extend(known.name.map(|name| ("name".to_owned(), Value::String(name))));
    let mut answer = answer
        .with("app_type", subject.product.as_str())
        .with("module", subject.module.name.as_str());
    if !organization.is_empty() {
        answer = answer.with("organization", organization);
    }
    answer.notes.extend(subject.note.clone());
    answer.notes.extend(mending::notes_of(session));
    answer
}
