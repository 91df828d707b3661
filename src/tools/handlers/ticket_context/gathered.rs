//! What is asked for first, side by side: the case, a page of its conversation, and what lies beside it.

use serde::de::Error as _;
use serde_json::Value;

use super::beside::{Beside, events};
use super::parts::{message, page, part, whole};
use super::{counts, facts};
use crate::tools::error::ToolError;
use crate::tools::handlers::{Context, account};
use crate::tools::modules::Subject;
use crate::tools::output::conversation::{self, Row, count, text};
use crate::tools::output::project::{Page, Projection, Reasons, Record, Refused, Rows};
use crate::tools::reading::{Batch, Pages, Place, Position};
use crate::tools::request::{self, ListRequest};
use crate::zoho::{Session, ZohoError, ZohoResponse};

/// Rows of the conversation, of attachments and of history that one call reads; of a conversation Zoho gives one more,
/// which tells that there are more.
const ROWS: usize = 99;
const MOST_ROWS: usize = 100;
const FILES: usize = 100;

const CHANGED: &str = "the message that next_cursor goes on behind, for the conversation changed meanwhile; messages may \
    be missing or repeated here, start again without cursor";

/// What the calls brought; what was refused is named in `missing`.
pub(super) struct Gathered {
    pub(super) case: Record,
    /// Newest first, from the first row that was not given yet.
    pub(super) rows: Vec<Row>,
    /// Rows given before.
    pub(super) before: usize,
    /// Rows of the whole conversation.
    pub(super) total: usize,
    /// There are more than Zoho counts or than were read.
    pub(super) total_at_least: bool,
    /// An answer before this one lacks something that is no message to come.
    pub(super) is_lacking: bool,
    /// Where the rows stand in the conversation.
    pub(super) place: Place,
    pub(super) latest: Option<Row>,
    pub(super) attachments: Beside,
    pub(super) history: Beside,
    pub(super) blueprint: Option<Value>,
    pub(super) metrics: Option<Value>,
    pub(super) missing: Vec<String>,
    /// What is told of ids without a name: nothing of the case is missing.
    pub(super) nameless: Option<String>,
}

/// What Zoho answered: all of a case that is asked for side by side.
struct Answered {
    case: Result<ZohoResponse, ZohoError>,
    conversation: Result<Batch, ToolError>,
    attachments: Outcome,
    history: Option<Result<(Page, bool), ToolError>>,
    blueprint: Outcome,
    metrics: Outcome,
    latest: Outcome,
}

/// Gathers a case: eight calls at most, one where it is of another account than its contact, and three at most for each
/// kind of ids that come alone.
pub(super) async fn gather(
    context: Context<'_>,
    session: &Session,
    subject: &Subject,
    id: &str,
    start: Option<Position>,
) -> Result<Gathered, ToolError> {
    let first = start.is_none();
    let (start, is_lacking) = match start {
        Some(Position::Lacking(given, last)) => (Some(Position::Rows(given, last)), true),
        start => (start, false),
    };
    let given = match &start {
        Some(Position::Rows(given, _)) => *given as usize,
        _ => 0,
    };
    let answered = ask(session, subject, id, start).await?;
    let mut missing = Missing::default();
    let mut case = read_case(subject, answered.case).await?;
    let other = facts::other_account(&case.shown).filter(|_| first);
    if let Some(id) = other.map(str::to_owned) {
        // What a case includes has the account of its contact only.
        let account = account::one(session, &id, &["id", "accountName"]).await;
        let account = missing.account(account);
        case.shown
            .extend(account.map(|account| ("account".to_owned(), Value::Object(account.shown))));
    }
    let nameless = match first {
        true => facts::name_ids(&mut case.shown, &context, session).await,
        false => None,
    };
    let batch = missing.conversation(answered.conversation, first)?;
    let is_listed = batch.is_some();
    let batch = batch.unwrap_or_default();
    let rows: Vec<Row> = batch.rows.into_iter().map(|record| record.shown).collect();
    // Where Zoho counts from 1, its number of a row is one more than the rows before it.
    let before = match batch.place.before() {
        number if number == given + 1 => given,
        number => number,
    };
    let known = before + rows.len();
    let lacking = counts::lacking(&case.shown, &rows, batch.refused.len(), before, batch.place.more);
    missing.0.extend(lacking.told.filter(|_| is_listed));
    let counted = counts::of_conversation(&case.shown);
    let total = match batch.place.more {
        true => (known + 1).max(counted),
        false => known + lacking.messages,
    };
    Ok(Gathered {
        rows,
        before,
        total,
        total_at_least: batch.place.more && counted <= known,
        is_lacking,
        place: batch.place,
        attachments: missing.files(answered.attachments, &case.shown).await,
        history: missing.history(answered.history),
        blueprint: missing.blueprint(answered.blueprint).await,
        metrics: match answered.metrics {
            Some(outcome) => missing.part("metrics", outcome, conversation::metrics).await,
            None => None,
        },
        latest: match answered.latest {
            // Where it fails, it is read like the other messages, and the failure told then.
            Some(Ok(response)) => message(&response).await,
            _ => None,
        },
        case,
        missing: missing.0,
        nameless,
    })
}

/// Asks for all of it side by side; with a place to go on from only for the case and the conversation.
async fn ask(
    session: &Session,
    subject: &Subject,
    id: &str,
    start: Option<Position>,
) -> Result<Answered, ToolError> {
    let include = ["contacts", "assignee", "departments", "team", "products"].map(str::to_owned);
    let case = request::desk::get(&subject.module, id, &[], &include)?;
    let first = start.is_none();
    let request = part(subject, id, ["conversations"]);
    let conversation = ListRequest {
        html: vec!["content".to_owned()],
        rows_have_ids: true,
        ..ListRequest::bare(request, "data", ROWS, MOST_ROWS)
    };
    let mut conversation = Pages::of(session, conversation, start);
    let beside = async |path: &str, limit: Option<usize>| {
        let request = part(subject, id, [path]);
        let request = match limit {
            Some(limit) => request.with_query("limit", limit.to_string()),
            None => request,
        };
        if first {
            Some(session.read(&request).await)
        } else {
            None
        }
    };
    let (case, conversation, attachments, history, blueprint, metrics, latest) = tokio::join!(
        session.read(&case),
        conversation.next(),
        beside("attachments", Some(FILES)),
        async {
            match first {
                true => Some(events(session, subject, id).await),
                false => None,
            }
        },
        beside("blueprint", None),
        beside("metrics", None),
        beside("latestThread", None),
    );
    Ok(Answered {
        case,
        conversation: conversation.map_err(ToolError::from),
        attachments,
        history,
        blueprint,
        metrics,
        latest,
    })
}

async fn read_case(subject: &Subject, case: Result<ZohoResponse, ZohoError>) -> Result<Record, ToolError> {
    let projection = Projection {
        fields: None,
        html: &subject.module.html,
        rows: Rows::default(),
    };
    let case = projection.record(&case?.body).await?;
    match case.id {
        Some(_) => Ok(case),
        None => Err(ToolError::unreadable(&serde_json::Error::custom(
            "a case without an id",
        ))),
    }
}

impl Gathered {
    /// Whether the case itself is all that was said: what it asks for came by phone or in a form, and nobody answered.
    pub(super) fn is_only_asked(&self) -> Option<bool> {
        let whole = self.missing.is_empty() && !self.place.more;
        let asked = text(&self.case.shown, "description").filter(|asked| !asked.trim().is_empty());
        asked.filter(|_| whole).map(|_| true)
    }
}

/// What could not be read, and why.
#[derive(Default)]
struct Missing(Vec<String>);

type Outcome = Option<Result<ZohoResponse, ZohoError>>;

impl Missing {
    /// The page of the conversation, where it could be read.
    fn conversation(
        &mut self,
        outcome: Result<Batch, ToolError>,
        first: bool,
    ) -> Result<Option<Batch>, ToolError> {
        match outcome {
            Ok(batch) => {
                self.0.extend(batch.gap.map(|_| CHANGED.to_owned()));
                self.refused("conversation", &batch.refused);
                Ok(Some(batch))
            }
            // What a person can mend is asked of them; a page that was asked for by itself is all there is to tell.
            Err(error) if first && error.mend.is_none() => {
                self.0.push(format!("conversation: {}", error.error));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The files of a case, as many as it counts.
    async fn files(&mut self, outcome: Outcome, case: &Row) -> Beside {
        let (first, failures) = (outcome.is_some(), self.0.len());
        let mut files = self.list("attachments", outcome).await;
        let is_read = first && self.0.len() == failures;
        let all = files.len();
        files.retain(|file| file.contains_key("id"));
        let nameless = all - files.len();
        let told = (nameless > 0).then(|| format!("attachments: {nameless} rows without an id"));
        self.0.extend(told);
        let few = counts::lacking_files(case, all);
        self.0.extend(few.filter(|_| is_read && all < FILES));
        let counted = count(case, conversation::FILE_COUNT);
        Beside::of(files, FILES, counted, conversation::attachment)
    }

    /// The events of a case, as far as they were read.
    fn history(&mut self, outcome: Option<Result<(Page, bool), ToolError>>) -> Beside {
        let (events, more) = match outcome {
            None => return Beside::default(),
            Some(Ok(read)) => read,
            Some(Err(error)) => {
                self.0.push(format!("history: {}", error.error));
                return Beside::default();
            }
        };
        self.refused("history", &events.refused);
        let rows = events.records.into_iter().map(|record| record.shown);
        Beside::of_events(rows.collect(), more)
    }

    /// The account of a case that is not its contact's.
    fn account(&mut self, outcome: Result<Record, ToolError>) -> Option<Record> {
        let failure = |error: ToolError| self.0.push(format!("account: {}", error.error));
        outcome.map_err(failure).ok()
    }

    async fn list(&mut self, name: &str, outcome: Outcome) -> Vec<Row> {
        let failure = match outcome {
            None => return Vec::new(),
            Some(Ok(response)) => match page(&response).await {
                Ok(page) => {
                    self.refused(name, &page.refused);
                    return page.records.into_iter().map(|record| record.shown).collect();
                }
                Err(error) => error.error,
            },
            Some(Err(error)) => error.to_string(),
        };
        self.0.push(format!("{name}: {failure}"));
        Vec::new()
    }

    fn refused(&mut self, name: &str, rows: &[Refused]) {
        self.0
            .extend(Reasons::of(rows).tell().map(|told| format!("{name}: {told}")));
    }

    /// A case that no blueprint holds has none: Zoho says so with 204, or 404.
    async fn blueprint(&mut self, outcome: Outcome) -> Option<Value> {
        match outcome? {
            Ok(response) if response.body.is_empty() => None,
            Err(ZohoError::NotFound { .. }) => None,
            outcome => self.part("blueprint", outcome, conversation::blueprint).await,
        }
    }

    /// What is read of a part, told where it cannot be.
    async fn part(
        &mut self,
        name: &str,
        outcome: Result<ZohoResponse, ZohoError>,
        read: fn(&Row) -> Option<Value>,
    ) -> Option<Value> {
        let failure = match outcome {
            Ok(response) => match whole(&response).await.as_ref().and_then(read) {
                Some(part) => return Some(part),
                None => "Zoho's answer could not be read".to_owned(),
            },
            Err(error) => error.to_string(),
        };
        self.0.push(format!("{name}: {failure}"));
        None
    }
}
