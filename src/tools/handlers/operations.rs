//! The executor: carries out what a tool file says its tool does.

use std::borrow::Cow;
use std::future::ready;

use serde_json::{Map, Value, json};

use super::{Context, Planning, about, records};
use crate::connections::Product;
use crate::tools::definition::ToolDefinition;
use crate::tools::definition::operation::{ApiCall, Output};
use crate::tools::error::{Code, ToolError};
use crate::tools::modules::{self, Module, Subject};
use crate::tools::output::fitting::fit_record;
use crate::tools::output::list::{BUDGET, Shape, shape};
use crate::tools::output::project::{Projection, Rows};
use crate::tools::output::{Answer, link_of};
use crate::tools::request::{self, Drafted, Ids, ListQuery, ListRequest, operation};
use crate::tools::writing::{self, Act, Change, Plan, Planned, Reach, Step, Undo};
use crate::zoho::{Effect, Session, ZohoResponse};

/// Where what does not fit can be seen.
const IN_ZOHO: &str = "Zoho's own pages show all of it.";
/// Shortest text of a record that does not fit whole.
const LEAST: usize = 500;

/// Sends a call of the module file about the module asked.
pub(super) async fn lookup(context: Context<'_>, name: &str) -> Result<Answer, ToolError> {
    let subject = request::subject(context.arguments)?;
    let call = modules::lookup(subject.product, name)?;
    let mut arguments: Map<String, Value> = (**context.arguments).clone();
    arguments.insert("module".to_owned(), Value::from(subject.address()));
    Box::pin(carried_out(context, call, subject, &arguments)).await
}

/// Sends the call of a tool file; what carries it is boxed, so that no call is as large as the largest.
pub(super) async fn call(context: Context<'_>, call: &ApiCall) -> Result<Answer, ToolError> {
    let subject = shown_as(call.product, call.output.as_ref());
    Box::pin(carried_out(context, call, subject, context.arguments)).await
}

/// What the records of an answer are: a module that is known gives them links.
fn shown_as(product: Product, output: Option<&Output>) -> Subject {
    let name = output.and_then(|output| output.module.as_deref());
    let module = match name.and_then(|name| modules::find(product, name)) {
        Some(known) => Cow::Borrowed(known),
        None => Cow::Owned(Module {
            name: name.unwrap_or_default().to_owned(),
            ..Module::default()
        }),
    };
    Subject {
        product,
        module,
        note: None,
    }
}

async fn carried_out(
    context: Context<'_>,
    call: &ApiCall,
    subject: Subject,
    arguments: &Map<String, Value>,
) -> Result<Answer, ToolError> {
    let output = call.output.as_ref();
    if let Some((output, page)) = output.and_then(|output| Some((output, output.page?))) {
        return paged(context, call, output, subject, page).await;
    }
    let session = context.session(call.product).await?;
    let response = session.read(&operation::read(call, arguments)?).await?;
    let Some(output) = output else {
        return Ok(done(call.product));
    };
    shown(&response, output, &subject, session).await
}

/// What an answer of Zoho's shows.
async fn shown(
    response: &ZohoResponse,
    output: &Output,
    subject: &Subject,
    session: &Session,
) -> Result<Answer, ToolError> {
    let answer = match &output.list {
        Some(list) => whole_list(response, output, list, subject, session).await,
        None => one_record(response, output, subject, session).await,
    }?;
    let answer = match output.of_our_own {
        true => answer.of_our_own(),
        false => answer,
    };
    Ok(about(answer, subject, session))
}

/// Carries out the change that a tool file says.
pub(super) async fn change(
    act: &Act<'_>,
    context: Context<'_>,
    tool: &ToolDefinition,
    call: &ApiCall,
) -> Result<Answer, ToolError> {
    let subject = shown_as(call.product, call.output.as_ref());
    let sending = operation::sending(call, context.arguments)?;
    let title = tool.title().to_lowercase();
    let undo = operation::reversal(call, context.arguments)?;
    let step = Step {
        undo: undo.map(|reversal| Undo::new(format!("take back: {title}"), reversal)),
        ..sending.into()
    };
    let mut planned = Planned::new(call.product, &subject.module.name, title, step);
    planned.id = request::text(context.arguments, "id").map(str::to_owned);
    planned.changes = given(context.arguments);
    if call.effect == Effect::Send {
        planned.reach = Reach::Customer;
    }
    // It reads no record that could be another by now.
    let plan = || -> Planning<'_> { Box::pin(ready(Ok(Plan::Act(Box::new(planned.clone()))))) };
    let sent = writing::carry_out(act, plan).await?;
    let (Some(response), Some(output)) = (&sent.response, &call.output) else {
        return Ok(sent.answer);
    };
    match shown(response, output, &subject, act.session).await {
        Ok(mut answer) => {
            let write = sent.answer.body.get("write").cloned().unwrap_or_default();
            answer.notes.extend(sent.answer.notes);
            Ok(answer.with("write", write))
        }
        // What Zoho has carried out stays so, whatever its answer looks like.
        Err(error) => {
            tracing::warn!(%error, tool = tool.name(), "a change is done, its answer is not to be read");
            let mut answer = sent.answer;
            answer.notes.push(
                "Zoho carried it out; its answer does not show the record. Do not make the call again."
                    .to_owned(),
            );
            Ok(answer)
        }
    }
}

/// The arguments of a call that is all data, as a person reads them.
fn given(arguments: &Map<String, Value>) -> Vec<Change> {
    let own = arguments.iter().filter(|(name, _)| *name != "connection");
    let change = |(name, value): (&String, &Value)| Change {
        label: name.clone(),
        before: None,
        after: writing::plain(value),
    };
    own.map(change).collect()
}

/// All there is to say where nothing is shown.
fn done(product: Product) -> Answer {
    Answer::default()
        .with("data", json!({ "done": true }))
        .with("app_type", product.as_str())
}

fn projection(output: &Output) -> Projection<'_> {
    Projection {
        fields: (!output.fields.is_empty()).then_some(&output.fields),
        html: &output.html,
        rows: Rows::default(),
    }
}

/// A list that Zoho gives in one piece; what does not fit is counted.
async fn whole_list(
    response: &ZohoResponse,
    output: &Output,
    list: &str,
    subject: &Subject,
    session: &Session,
) -> Result<Answer, ToolError> {
    let page = projection(output).page(&response.body, list).await?;
    let (records, refused) = (page.records, page.refused);
    let all = records.len();
    let shaped = shape(
        records,
        &Shape {
            fields: &output.fields,
            table: false,
            link: &|id| link(output, subject, session, id),
            limit: all,
            budget: BUDGET,
        },
    );
    let mut answer = Answer::default()
        .with("data", shaped.data)
        .with("count", shaped.count);
    answer.notes.extend(shaped.cut.tell(IN_ZOHO, IN_ZOHO));
    if shaped.left > 0 {
        answer = answer.with("has_more", true);
        answer
            .notes
            .push(format!("{} of {all} fit; the others are left out.", shaped.count));
    }
    Ok(answer.tell_refused(&refused))
}

async fn one_record(
    response: &ZohoResponse,
    output: &Output,
    subject: &Subject,
    session: &Session,
) -> Result<Answer, ToolError> {
    if response.body.is_empty() {
        let name = &subject.module.name;
        return Err(ToolError::new(
            Code::NotFound,
            format!("Zoho has nothing there: {name}."),
            "Check the ids.",
        ));
    }
    let mut record = match output.record.as_deref().filter(|place| !place.is_empty()) {
        None => projection(output).record(&response.body).await?,
        Some(place) => projection(output).record_at(&response.body, place).await?,
    };
    let link = record.link(&|id| link(output, subject, session, id));
    let link = link.map(|link| ("link".to_owned(), Value::String(link)));
    let cut = fit_record(&mut record.shown, BUDGET, LEAST);
    record.shown.extend(link);
    let mut answer = Answer::default().with("data", record.shown);
    answer.notes.extend(cut.tell(IN_ZOHO, IN_ZOHO));
    Ok(answer)
}

/// Links lead to the records that the file says these are.
fn link(output: &Output, subject: &Subject, session: &Session, id: &str) -> Option<String> {
    output.module.as_ref()?;
    link_of(session, &subject.module, id)
}

/// A list in pages, by the rules of the product.
async fn paged(
    context: Context<'_>,
    call: &ApiCall,
    output: &Output,
    subject: Subject,
    page: usize,
) -> Result<Answer, ToolError> {
    let module = Module {
        name: subject.module.name.clone(),
        tab: subject.module.tab.clone(),
        fields: output.fields.clone(),
        html: output.html.clone(),
        ..Module::default()
    };
    let subject = Subject {
        module: Cow::Owned(module),
        ..subject
    };
    let mut query = ListQuery::read(&subject.module, call.product, context.arguments, false);
    query.key = key(context.arguments);
    let build = |_: &Ids| {
        let request = operation::read(call, context.arguments)?;
        Ok(Drafted::Finished(ListRequest {
            fields: Some(query.list_projected()),
            html: subject.module.html.clone(),
            ..ListRequest::bare(request, call.list_key(), query.limit, page)
        }))
    };
    records::answer_as_built(context, &subject, &query, build).await
}

/// What a cursor belongs to: every argument but those that lead through the pages.
fn key(arguments: &Map<String, Value>) -> Value {
    let leads = |name: &String| matches!(name.as_str(), "cursor" | "limit" | "format" | "fields");
    let own = arguments.iter().filter(|(name, _)| !leads(name));
    Value::Object(own.map(|(name, value)| (name.clone(), value.clone())).collect())
}
