//! Questions to a person as MCP has them: a request of ours up to 2025-11-25, an answer that asks for input since 2026-07-28.

use std::collections::BTreeMap;

use rmcp::RoleServer;
use rmcp::model::{
    CallToolRequestParams, CancelledNotificationParam, ClientResult, CustomNotification, ElicitRequest,
    ElicitRequestParams, ElicitationAction, ElicitationSchema, InputRequest, InputRequests,
    InputRequiredResult, PrimitiveSchemaDefinition, ProtocolVersion, RequestId, ServerNotification,
    ServerRequest, StringSchema,
};
use rmcp::service::{Peer, PeerRequestOptions, RequestContext, RequestHandle};
use serde_json::{Value, json};
use tokio::runtime::Handle;

use crate::tools::{Carried, Coming, Question, Reply, Shown};

/// The keys of the inputs that are asked for, one at a time.
const CONSENT: &str = "connect_zoho";
const ACT: &str = "agree_to_act";
/// The one field of a form.
const WORD: &str = "word";

/// Whether the client of a call can show its person a page.
pub(super) fn shows_pages(context: &RequestContext<RoleServer>) -> bool {
    context
        .client_capabilities()
        .and_then(|capabilities| capabilities.elicitation?.url)
        .is_some()
}

/// Whether the client of a call can show its person a form: an empty capability says so, too (2025-11-25).
fn shows_forms(context: &RequestContext<RoleServer>) -> bool {
    let shown = context.client_capabilities().and_then(|known| known.elicitation);
    shown.is_some_and(|shown| shown.form.is_some() || shown.url.is_none())
}

/// Puts the question to the client, where it takes requests; else the answer of the call will.
pub(super) fn ask(context: &RequestContext<RoleServer>, question: &Question) -> Coming<'static, Reply> {
    let version = context.protocol_version();
    let can_ask = match question {
        Question::Page { .. } => shows_pages(context),
        Question::Act { .. } => shows_forms(context),
    };
    if !can_ask {
        return Box::pin(std::future::ready(Reply::CannotAsk));
    }
    if version.is_some_and(|version| version >= ProtocolVersion::V_2026_07_28) {
        return Box::pin(std::future::ready(Reply::Later));
    }
    Box::pin(reply(context.peer.clone(), question.clone()))
}

async fn reply(peer: Peer<RoleServer>, question: Question) -> Reply {
    let request = ServerRequest::ElicitRequest(ElicitRequest::new(written(&question)));
    let shown = Shown::now();
    let options = PeerRequestOptions::no_options();
    let answer = match peer.send_cancellable_request(request, options).await {
        Ok(asked) => {
            let open = Withdrawal::of(&asked);
            let answer = asked.await_response().await;
            open.spare();
            answer
        }
        Err(error) => Err(error),
    };
    match answer {
        Ok(ClientResult::ElicitResult(answer)) => {
            let said = match answer.action {
                ElicitationAction::Accept => Reply::Accepted,
                ElicitationAction::Decline | ElicitationAction::Cancel => Reply::Declined,
                _ => return Reply::CannotAsk,
            };
            came_to(&question, said, answer.content.as_ref(), shown)
        }
        // A result that names none of these, or an error.
        Ok(_) => Reply::CannotAsk,
        Err(error) => {
            tracing::debug!(%error, "the client did not ask");
            Reply::CannotAsk
        }
    }
}

/// What a reply comes to. One to an act is a person's where it comes not at once, and a yes with the word that was asked for
/// and nothing that was not; what a page comes to, it tells itself.
fn came_to(question: &Question, said: Reply, content: Option<&Value>, shown: Shown) -> Reply {
    let is_agreed = || says_nothing_else(content) && question.is_agreed_by(typed(content));
    match (question, said) {
        (Question::Page { .. }, said) => said,
        (Question::Act { .. }, _) if !shown.can_be_read() => Reply::NotAsked,
        (Question::Act { .. }, Reply::Accepted) if !is_agreed() => Reply::NotAsked,
        (Question::Act { .. }, said) => said,
    }
}

/// What was typed into the one field of a form.
fn typed(content: Option<&Value>) -> Option<&str> {
    content?.get(WORD)?.as_str()
}

/// Whether a form came back with its own field at most: a yes beside `"approve": false` is none. Some clients send null or
/// an empty list for a form without fields.
fn says_nothing_else(content: Option<&Value>) -> bool {
    match content {
        None | Some(Value::Null) => true,
        Some(Value::Object(members)) => members.keys().all(|name| name == WORD),
        Some(Value::Array(items)) => items.is_empty(),
        Some(_) => false,
    }
}

/// Takes a question back that is dropped before its reply: whoever is shown it would reply to nobody.
struct Withdrawal(Option<(Peer<RoleServer>, RequestId)>);

impl Withdrawal {
    fn of(asked: &RequestHandle<RoleServer>) -> Self {
        Withdrawal(Some((asked.peer.clone(), asked.id.clone())))
    }

    fn spare(mut self) {
        self.0 = None;
    }
}

impl Drop for Withdrawal {
    fn drop(&mut self) {
        let (Some((peer, id)), Ok(runtime)) = (self.0.take(), Handle::try_current()) else {
            return;
        };
        runtime.spawn(async move {
            let reason = "no reply is needed any more".to_owned();
            let withdrawn = CancelledNotificationParam::new(Some(id), Some(reason));
            if let Err(error) = peer.notify_cancelled(withdrawn).await {
                tracing::debug!(%error, "a question could not be withdrawn");
            }
        });
    }
}

/// Tells a client that asked during the call that its page is done with.
pub(super) async fn conclude(peer: Peer<RoleServer>, question: Question) {
    let Question::Page { id, .. } = question else {
        return;
    };
    let complete = CustomNotification::new(
        "notifications/elicitation/complete",
        Some(json!({ "elicitationId": id })),
    );
    let told = ServerNotification::CustomNotification(complete);
    if let Err(error) = peer.send_notification(told).await {
        tracing::debug!(%error, "the client was not told that the page is done with");
    }
}

/// The answer that asks for input, and brings the state to the call that follows.
pub(super) fn input_required(question: &Question, state: String) -> InputRequiredResult {
    let request = InputRequest::Elicitation(ElicitRequest::new(without_id(written(question))));
    let key = match question {
        Question::Page { .. } => CONSENT,
        Question::Act { .. } => ACT,
    };
    let requests = InputRequests::from([(key.to_owned(), request)]);
    InputRequiredResult::new(Some(requests), Some(state))
}

/// What a call brings back of an answer that asked for input.
pub(super) fn read_carried(request: &CallToolRequestParams) -> Option<Carried<'_>> {
    let answers = request.input_responses.as_ref();
    let page = answers.and_then(|answers| answers.get(CONSENT));
    let answer = page.or_else(|| answers.and_then(|answers| answers.get(ACT)));
    let content = answer.and_then(|answer| answer.get("content"));
    Some(Carried {
        typed: typed(content),
        state: request.request_state.as_deref()?,
        reply: answer.map(|answer| match answer.get("action").and_then(Value::as_str) {
            Some("accept") if page.is_some() || says_nothing_else(content) => Reply::Accepted,
            Some("accept") => Reply::NotAsked,
            Some("decline" | "cancel") => Reply::Declined,
            _ => Reply::CannotAsk,
        }),
    })
}

fn written(question: &Question) -> ElicitRequestParams {
    match question {
        Question::Page { message, url, id } => ElicitRequestParams::UrlElicitationParams {
            meta: None,
            message: message.clone(),
            url: url.clone(),
            elicitation_id: id.clone(),
        },
        Question::Act { message, word } => ElicitRequestParams::FormElicitationParams {
            meta: None,
            message: message.clone(),
            requested_schema: form(word.as_deref()),
        },
    }
}

/// No field where a yes is enough, and one to type the word into where it is not.
fn form(word: Option<&str>) -> ElicitationSchema {
    let Some(word) = word else {
        return ElicitationSchema::new(BTreeMap::new());
    };
    let field = StringSchema::new()
        .title("Confirm")
        .description(format!("Type {word} to go ahead"));
    let field = PrimitiveSchemaDefinition::String(field);
    let mut schema = ElicitationSchema::new(BTreeMap::from([(WORD.to_owned(), field)]));
    schema.required = Some(vec![WORD.to_owned()]);
    schema
}

/// Clients of 2026-07-28 know no identifier of a page; see [`without_empty_id`].
fn without_id(mut request: ElicitRequestParams) -> ElicitRequestParams {
    if let ElicitRequestParams::UrlElicitationParams { elicitation_id, .. } = &mut request {
        elicitation_id.clear();
    }
    request
}

/// An input request as a client of 2026-07-28 reads it: without the identifier that only earlier revisions have, which the
/// SDK writes as an empty text.
pub(super) fn without_empty_id(message: String) -> String {
    if message.contains("\"resultType\":\"input_required\"") {
        message
            .replace(",\"elicitationId\":\"\"", "")
            .replace("\"elicitationId\":\"\",", "")
    } else {
        message
    }
}
