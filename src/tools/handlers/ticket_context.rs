//! `get_ticket_context`: everything an agent must see of a case, in one answer.

use super::{Context, about};
use crate::connections::Product;
use crate::names::clip;
use crate::tools::error::{Code, ToolError};
use crate::tools::modules::Subject;
use crate::tools::output::list::BUDGET;
use crate::tools::output::project::{Projection, Record};
use crate::tools::output::{Answer, conversation, link_of};
use crate::tools::reading::{self, Batch, Pages, Position};
use crate::tools::request::{self, ListRequest, text};
use crate::zoho::{Read, Session, ZohoResponse};
use serde_json::{Map, Value, json};

/// Entries of the conversation one call reads: Zoho gives 100, the last of which tells that there are more.
const ENTRIES: usize = 99;
const MOST_ENTRIES: usize = 100;
/// Members of an entry whose HTML becomes text.
const HTML: [&str; 3] = ["content", "summary", "plainText"];
/// Characters one entry may take.
const ENTRY: usize = 3000;
/// Characters kept for everything but the conversation.
const REST: usize = 9000;

/// Gathers the case: at most six calls, side by side.
pub(super) async fn get(context: Context<'_>) -> Result<Answer, ToolError> {
    let subject = case()?;
    let session = context.session(Product::Desk).await?;
    let id = match (
        text(context.arguments, "id"),
        text(context.arguments, "ticket_number"),
    ) {
        (Some(id), None) => id.to_owned(),
        (None, Some(number)) => by_number(session, &subject, number).await?,
        _ => {
            let fix = "send the id or the ticket_number of one case".to_owned();
            return Err(ToolError::argument(
                "/id",
                "exactly one of `id` and `ticket_number`",
                "both or neither",
                Some(fix),
            ));
        }
    };
    let key = json!(id);
    let of = reading::Query {
        tool: context.tool,
        key: &key,
        zone: None,
    };
    let cursor = text(context.arguments, "cursor");
    let cursor = cursor.map(|cursor| reading::decode(cursor, &of)).transpose()?;
    let start = cursor.map(|cursor| cursor.position(session)).transpose()?;
    let gathered = gather(session, &subject, &id, start).await?;
    Ok(gathered.answer(&subject, session, &of))
}

fn case() -> Result<Subject, ToolError> {
    let mut arguments = Map::new();
    arguments.insert("module".to_owned(), json!("Cases"));
    request::subject(&arguments)
}

async fn by_number(session: &Session, subject: &Subject, number: &str) -> Result<String, ToolError> {
    let request = request::desk::by_number(&subject.module, number)?;
    let projection = Projection {
        fields: Some(&["id".to_owned()]),
        html: &[],
    };
    let page = reading::one_page(session, &request, "data", &projection).await?;
    let found = page.records.into_iter().find_map(|record| record.id);
    found.ok_or_else(|| {
        let next = "Find the case with search_records, module Cases.";
        ToolError::new(
            Code::NotFound,
            format!("Zoho has no case with ticket number {number}."),
            next,
        )
    })
}

/// What the calls brought; what was refused is named in `missing`.
struct Gathered {
    case: Record,
    /// It begins with the newest entry.
    first: bool,
    conversation: Batch,
    latest: Option<Map<String, Value>>,
    attachments: Vec<Value>,
    history: Vec<Value>,
    blueprint: Option<Value>,
    missing: Vec<String>,
}

async fn gather(
    session: &Session,
    subject: &Subject,
    id: &str,
    start: Option<Position>,
) -> Result<Gathered, ToolError> {
    let part = |path: &str| {
        let segments = ["tickets", id, path];
        Read::get(Product::Desk, segments).with_scopes(subject.module.scopes.clone())
    };
    let include: Vec<String> = ["contacts", "assignee", "departments", "team", "products"]
        .map(str::to_owned)
        .to_vec();
    let case = request::desk::get(&subject.module, id, &include)?;
    let first = start.is_none();
    let list = ListRequest {
        request: part("conversations"),
        size: ENTRIES,
        most: MOST_ENTRIES,
        search: false,
        list_key: "data".to_owned(),
        fields: None,
        html: HTML.map(str::to_owned).to_vec(),
        notes: Vec::new(),
    };
    let mut conversation = Pages::of(session, list, start);
    let optional = async |wanted: bool, request: Read| {
        if wanted {
            Some(session.read(&request).await)
        } else {
            None
        }
    };
    let (case, conversation, attachments, history, blueprint, latest) = tokio::join!(
        session.read(&case),
        conversation.next(),
        optional(first, part("attachments").with_query("limit", "50")),
        optional(first, part("History").with_query("limit", "20")),
        optional(first, part("blueprint")),
        optional(first, part("latestThread").with_query("include", "plainText")),
    );
    let projection = Projection {
        fields: None,
        html: &subject.module.html,
    };
    let case = projection.record(&case?.body).await?;
    let mut missing = Vec::new();
    let mut take = |name: &str, outcome: Option<Result<ZohoResponse, crate::zoho::ZohoError>>| match outcome {
        Some(Ok(response)) => Some(response),
        Some(Err(crate::zoho::ZohoError::NotFound { .. })) | None => None,
        Some(Err(error)) => {
            missing.push(format!("{name}: {error}"));
            None
        }
    };
    let attachments = take("attachments", attachments);
    let history = take("history", history);
    let blueprint = take("blueprint", blueprint);
    let latest = take("latest message", latest);
    let projected = async |response: Option<ZohoResponse>| match response {
        Some(response) => rows(&response).await,
        None => Ok(Vec::new()),
    };
    let bare = async |response: Option<ZohoResponse>| {
        let body = response.filter(|response| !response.body.is_empty())?;
        Projection {
            fields: None,
            html: &[],
        }
        .record(&body.body)
        .await
        .ok()
        .map(|record| record.shown)
    };
    Ok(Gathered {
        first,
        conversation: conversation?,
        latest: bare(latest).await,
        attachments: projected(attachments)
            .await?
            .into_iter()
            .map(conversation::attachment)
            .collect(),
        history: projected(history)
            .await?
            .into_iter()
            .filter_map(conversation::event)
            .collect(),
        blueprint: bare(blueprint).await.map(conversation::blueprint),
        case,
        missing,
    })
}

async fn rows(response: &ZohoResponse) -> Result<Vec<Map<String, Value>>, ToolError> {
    let page = Projection {
        fields: None,
        html: &HTML.map(str::to_owned),
    }
    .page(&response.body, "data")
    .await;
    Ok(page?.records.into_iter().map(|record| record.shown).collect())
}

impl Gathered {
    fn answer(self, subject: &Subject, session: &Session, of: &reading::Query<'_>) -> Answer {
        let link = self.case.link(&|id| link_of(session, &subject.module, id));
        let closed = self.case.shown.get("statusType").and_then(Value::as_str) == Some("Closed");
        let Batch { rows, place, gap, .. } = self.conversation;
        let ids: Vec<Option<String>> = rows.iter().map(|row| row.id.clone()).collect();
        let rows: Vec<Map<String, Value>> = rows.into_iter().map(|row| row.shown).collect();
        let entries = conversation::entries(&rows, self.latest.as_ref(), ENTRY);
        let budget = BUDGET - REST;
        let asked_last = last_of_the_customer(&entries);
        let waiting = who_waits(&rows).filter(|_| !closed);
        let (shown, used) = conversation::newest_within(entries, budget);
        let asked_last = asked_last.filter(|message| !shown.contains(message));
        let last_id = used.checked_sub(1).and_then(|last| ids.get(last)?.as_deref());
        let stop = place.after(used, last_id);
        let complete = !stop.more && gap.is_none() && self.missing.is_empty();
        let mut data = Map::new();
        if self.first {
            data.insert("case".to_owned(), Value::Object(shortened(self.case.shown)));
        }
        if self.first {
            data.extend(waiting.map(|who| ("waits_for_answer".to_owned(), json!(who))));
            data.extend(asked_last.map(|message| ("last_customer_message".to_owned(), message)));
        }
        data.insert("conversation".to_owned(), Value::Array(shown));
        for (key, list) in [("attachments", self.attachments), ("history", self.history)] {
            if !list.is_empty() {
                data.insert(key.to_owned(), fitting(list, REST / 4));
            }
        }
        if let Some(blueprint) = self.blueprint {
            data.insert("blueprint".to_owned(), blueprint);
        }
        if let Some(link) = link {
            data.insert("link".to_owned(), Value::String(link));
        }
        let mut answer = Answer::default().with("data", data).with("complete", complete);
        if let Some(next) = stop.next {
            answer = answer.with("next_cursor", reading::encode(next, session, of));
            answer.notes.push(
                "The newest part of the conversation is shown; next_cursor has the part before it."
                    .to_owned(),
            );
        }
        answer.notes.extend(gap.map(str::to_owned));
        answer.notes.extend(
            self.missing
                .into_iter()
                .map(|what| format!("Could not be read: {what}")),
        );
        about(answer, subject, session)
    }
}

/// Who waits for an answer: the customer after a message that came in, the agent after one that went out. Comments and
/// drafts answer nobody.
fn who_waits(rows: &[Map<String, Value>]) -> Option<&'static str> {
    let text = |row: &Map<String, Value>, key: &str| row.get(key).and_then(Value::as_str).map(str::to_owned);
    let sent = rows.iter().find(|row| {
        text(row, "direction").is_some() && text(row, "status").is_none_or(|status| status != "DRAFT")
    })?;
    Some(match text(sent, "direction").as_deref() {
        Some("in") => "customer",
        _ => "agent",
    })
}

/// The newest message of the customer: it is told also where the conversation does not reach back to it.
fn last_of_the_customer(entries: &[conversation::Entry]) -> Option<Value> {
    let is_customers = |entry: &&conversation::Entry| entry.shown.get("customer") == Some(&Value::Bool(true));
    entries.iter().find(is_customers).map(|entry| entry.shown.clone())
}

/// The case without empty members, long texts cut.
fn shortened(case: Map<String, Value>) -> Map<String, Value> {
    let empty = |value: &Value| match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    };
    let cut = |value: Value| match value {
        Value::String(text) => Value::String(clip(&text, ENTRY)),
        other => other,
    };
    case.into_iter()
        .filter(|(_, value)| !empty(value))
        .map(|(key, value)| (key, cut(value)))
        .collect()
}

fn fitting(list: Vec<Value>, budget: usize) -> Value {
    let mut used = 0;
    let mut kept = Vec::new();
    for item in list {
        used += item.to_string().chars().count();
        if used > budget {
            break;
        }
        kept.push(item);
    }
    Value::Array(kept)
}
