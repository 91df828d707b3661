//! `get_ticket_context`: everything an agent must see of a case, in one answer.

mod beside;
mod bodies;
mod counts;
mod facts;
mod gathered;
mod parts;
mod repeated;

use std::collections::BTreeMap;

use beside::Beside;
use bodies::{Case, Told};
use gathered::{Gathered, gather};
use serde_json::{Map, Value, json};

use super::record::missing;
use super::{Context, about, case_id};
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::modules::Subject;
use crate::tools::output::conversation::{People, Row, Telling, customer_waits, is_set};
use crate::tools::output::fitting::fit_record;
use crate::tools::output::list::{BUDGET, ONE_RECORD};
use crate::tools::output::{Answer, link_of};
use crate::tools::reading::{self, Position};
use crate::tools::request::{self, text};
use crate::zoho::Session;

/// Characters one message may take.
const ENTRY: usize = 3000;
/// Characters the case itself may take, and one text of it where that is not enough.
const CASE: usize = 8000;
const CASE_TEXT: usize = 2000;
/// How to get what was left out of the case.
const ASK: &str = "get_record has them with `fields`.";
/// Characters of each list beside the conversation that it leaves room for.
const BESIDE: usize = 2200;
/// Characters of what stands around it all.
const FRAME: usize = 1300;

/// Told at the end of a conversation of which an answer before this one does not show all.
const LACKING: &str = "An answer before this one does not show all: its notes say what.";

/// Told in place of whose turn it is.
const CLOSED: &str = "The case is closed, and the last message is the customer's: nobody has answered it.";
const SILENT: &str = "The case is closed and has no message to the customer or of theirs: nothing here shows whether it was \
    answered.";
const SPAM: &str = "The case is marked as spam: it is nobody's turn.";
const TRASHED: &str = "The case is in the recycle bin: it is nobody's turn.";
const UNSAID: &str =
    "Whose turn it is does not show: no message to the customer or of theirs was found, or not all was read.";

/// Reads the case and what lies beside it, then the messages of its conversation.
pub(super) async fn get(context: Context<'_>) -> Result<Answer, ToolError> {
    let subject = case()?;
    let session = context.session(Product::Desk).await?;
    let (id, number) = (
        text(context.arguments, "id"),
        text(context.arguments, "ticket_number"),
    );
    let id = case_id::find(session, &subject, id, number).await?;
    let key = json!(id);
    let query = reading::Query {
        tool: context.tool,
        key: &key,
        zone: None,
    };
    let cursor = text(context.arguments, "cursor");
    let cursor = cursor.map(|cursor| reading::decode(cursor, &query)).transpose()?;
    let start = cursor.map(|cursor| cursor.position(session)).transpose()?;
    let first = start.is_none();
    let gathered = gather(context, session, &subject, &id, start).await;
    let mut gathered = gathered.map_err(|error| missing(error, &subject, &id))?;
    let quoted = context.arguments.get("include_quoted") == Some(&Value::Bool(true));
    let people = People::of(&gathered.case.shown, &gathered.rows);
    let subject_line = gathered.case.shown.get("subject").and_then(Value::as_str);
    let subject_line = subject_line.unwrap_or_default().to_owned();
    let telling = Telling {
        subject: &subject_line,
        quoted,
        earlier: &[],
        longest: ENTRY,
        people: &people,
    };
    let mut parts = Parts::of(&mut gathered, &subject, session, first);
    let budget = parts.room_for_the_conversation();
    let case = Case {
        session,
        subject: &subject,
        id: &id,
        latest: gathered.latest.take(),
    };
    let mut told = case.tell(&gathered.rows, telling, budget).await;
    if first {
        case.add_customers_last(&mut told, &gathered.rows, telling, budget)
            .await;
    }
    let next = go_on(&gathered, &told);
    if first {
        parts.tell_turn(&gathered, customer_waits(&gathered.rows, &people));
    }
    let encode = |position| reading::encode(position, session, &query);
    Ok(about(
        parts.answer(gathered, told, next, &encode),
        &subject,
        session,
    ))
}

fn case() -> Result<Subject, ToolError> {
    let mut arguments = Map::new();
    arguments.insert("module".to_owned(), json!("Cases"));
    request::subject(&arguments)
}

/// Where the conversation goes on behind what was told, if it does.
fn go_on(gathered: &Gathered, told: &Told) -> Option<Position> {
    let used = told.entries.len();
    let last = used.checked_sub(1).and_then(|index| gathered.rows.get(index));
    let stop = gathered.place.after(used, last.and_then(|row| text(row, "id")));
    let given = u32::try_from(gathered.before + used).unwrap_or(u32::MAX);
    stop.next.map(|position| match position {
        Position::Rows(_, last) => Position::Rows(given, last),
        other => other,
    })
}

/// The members of an answer beside the conversation, and whether anything of them is missing.
struct Parts {
    /// The case itself, as long as it is.
    case: Option<Row>,
    data: Row,
    our_turn: Option<bool>,
    attachments: Beside,
    history: Beside,
    notes: Vec<String>,
    complete: bool,
}

impl Parts {
    fn of(gathered: &mut Gathered, subject: &Subject, session: &Session, first: bool) -> Self {
        let mut parts = Parts {
            case: None,
            data: Map::new(),
            our_turn: None,
            attachments: std::mem::take(&mut gathered.attachments),
            history: std::mem::take(&mut gathered.history),
            notes: gathered.nameless.take().into_iter().collect(),
            complete: gathered.missing.is_empty(),
        };
        let link = gathered.case.link(&|id| link_of(session, &subject.module, id));
        if first {
            let mut case = gathered.case.shown.clone();
            facts::keep_needed(&mut case);
            parts.case = Some(case);
        }
        for (key, value) in [
            ("blueprint", gathered.blueprint.take()),
            ("metrics", gathered.metrics.take()),
            ("link", link.map(Value::String)),
        ] {
            parts.data.extend(value.map(|value| (key.to_owned(), value)));
        }
        parts
    }

    /// Whose turn it is, by the messages or, without any, by what the case asks; where nobody can say, why.
    fn tell_turn(&mut self, gathered: &Gathered, by_messages: Option<bool>) {
        let case = &gathered.case.shown;
        let closed = text(case, "statusType") == Some("Closed");
        let why = match (by_messages, gathered.is_only_asked()) {
            _ if is_set(case, "isTrashed") || is_set(case, "isDeleted") => TRASHED,
            _ if is_set(case, "isSpam") => SPAM,
            (Some(true), _) if closed => CLOSED,
            (None, Some(true)) if closed => SILENT,
            (None, None) => UNSAID,
            (waits, asked) => {
                self.our_turn = waits.or(asked);
                return;
            }
        };
        self.notes.push(why.to_owned());
    }

    fn room_for_the_conversation(&self) -> usize {
        let beside = [&self.attachments, &self.history].map(|list| list.length().min(BESIDE));
        let mut case = self.case.clone().unwrap_or_default();
        fit_record(&mut case, CASE, CASE_TEXT);
        let shown = length(&self.data) + length(&case);
        BUDGET.saturating_sub(FRAME + shown + beside.iter().sum::<usize>())
    }

    /// The case, without what a message says that is shown beside it, and as long as it may be.
    fn show_case(&mut self, told: &Told, all: bool) {
        let Some(mut case) = self.case.take() else {
            return;
        };
        let entries = told.customers_last.iter().chain(&told.entries);
        let description = text(&case, "description").filter(|description| !description.trim().is_empty());
        let repeated = description.and_then(|description| repeated::find_told(description, entries, all));
        if let Some(told) = repeated {
            repeated::put_in_place(&mut case, told);
        }
        let cut = fit_record(&mut case, CASE, CASE_TEXT).tell(ONE_RECORD, ASK);
        self.complete &= cut.is_empty();
        self.notes.extend(cut);
        self.data.insert("case".to_owned(), Value::Object(case));
    }

    fn answer(
        mut self,
        gathered: Gathered,
        told: Told,
        next: Option<Position>,
        encode: &dyn Fn(Position) -> String,
    ) -> Answer {
        let shown = told.entries.len();
        let unread = tell_unread(told.unread());
        let everything = gathered.before + shown == gathered.total && next.is_none();
        self.show_case(&told, everything);
        // The customer's last message, where it stands apart, is among those to come.
        self.complete &= !gathered.is_lacking && told.entries.iter().all(|entry| entry.whole);
        let mut room = BUDGET.saturating_sub(FRAME + length(&self.data) + told.length());
        let mut data = Map::new();
        data.extend(self.data.shift_remove_entry("case"));
        let turn = self.our_turn.map(Value::Bool);
        data.extend(turn.map(|turn| ("our_turn".to_owned(), turn)));
        data.extend(
            told.customers_last
                .map(|entry| ("last_customer_message".to_owned(), entry.shown)),
        );
        let oldest_first: Value = told.entries.into_iter().rev().map(|entry| entry.shown).collect();
        data.insert("conversation".to_owned(), oldest_first);
        if !everything || gathered.before > 0 {
            let key = match gathered.total_at_least {
                true => "conversation_total_at_least",
                false => "conversation_total",
            };
            data.insert(key.to_owned(), json!(gathered.total));
        }
        let kept_for_history = self.history.length().min(BESIDE);
        for (key, list, kept) in [
            ("attachments", self.attachments, kept_for_history),
            ("history", self.history, 0),
        ] {
            let missing = list.tell_missing(key);
            let (used, whole) = list.show(key, room.saturating_sub(kept), &mut data);
            room = room.saturating_sub(used);
            if !whole {
                self.complete = false;
                self.notes.push(missing);
            }
        }
        data.append(&mut self.data);
        let mut answer = Answer::default()
            .with("data", data)
            .with("complete", self.complete && everything);
        let lacking = gathered.is_lacking && next.is_none();
        self.notes.extend(lacking.then(|| LACKING.to_owned()));
        if let Some(position) = next {
            let position = match position {
                Position::Rows(given, last) if !self.complete => Position::Lacking(given, last),
                whole => whole,
            };
            answer = answer.with("next_cursor", encode(position));
            self.notes.push(
                "The newest part of the conversation is shown; next_cursor has the part before it."
                    .to_owned(),
            );
        }
        answer.notes = self.notes;
        answer.notes.extend(unread);
        let missing = gathered.missing.into_iter();
        answer
            .notes
            .extend(missing.map(|what| format!("Could not be read: {what}")));
        answer
    }
}

/// What is told of messages that could not be read: how many, each reason once.
fn tell_unread<'f>(failures: impl Iterator<Item = &'f str>) -> Vec<String> {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for failure in failures {
        *reasons.entry(failure).or_default() += 1;
    }
    let told = reasons.into_iter().map(|(reason, times)| {
        format!(
            "{times} messages could not be read and show their summary only: {reason}. Read one with \
             get_related_records, related:\"threads\" and its id as related_id."
        )
    });
    told.collect()
}

fn length(members: &Row) -> usize {
    let member = |(key, value): (&String, &Value)| key.len() + value.to_string().chars().count() + 4;
    members.iter().map(member).sum()
}
