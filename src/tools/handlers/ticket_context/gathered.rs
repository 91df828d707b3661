//! What is asked for first, side by side: the case, a page of its conversation, and what lies beside it.

use serde::de::Error as _;
use serde_json::Value;

use super::{counts, facts};
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::handlers::account;
use crate::tools::modules::Subject;
use crate::tools::output::conversation::{self, Row, count, text};
use crate::tools::output::history;
use crate::tools::output::project::{Page, Projection, Reasons, Record, Refused, Rows};
use crate::tools::reading::{Batch, Pages, Place, Position};
use crate::tools::request::{self, ListRequest};
use crate::zoho::{Read, Session, ZohoError, ZohoResponse};

/// Rows of the conversation, of attachments and of history that one call reads; of a conversation Zoho gives one more,
/// which tells that there are more.
const ROWS: usize = 99;
const MOST_ROWS: usize = 100;
const FILES: usize = 100;
const EVENTS: usize = 50;

const CHANGED: &str = "the message that next_cursor goes on behind, for the conversation changed meanwhile; messages may \
    be missing or repeated here, start again without cursor";

/// A list beside the case.
#[derive(Debug, Default)]
pub(super) struct Beside {
    pub(super) items: Vec<Value>,
    /// How many there are, where that is known.
    pub(super) total: Option<usize>,
    /// Those that only repeat the conversation.
    pub(super) repeating: usize,
    /// Whether one of them is shown in part only.
    pub(super) is_cut: bool,
}

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

/// A read of something below a case.
pub(super) fn part<'p>(subject: &Subject, id: &'p str, path: impl IntoIterator<Item = &'p str>) -> Read {
    let segments = ["tickets", id].into_iter().chain(path);
    Read::get(Product::Desk, segments).with_scopes(subject.module.scopes.clone())
}

/// What Zoho answered: all of a case that is asked for side by side.
struct Answered {
    case: Result<ZohoResponse, ZohoError>,
    conversation: Result<Batch, ToolError>,
    attachments: Outcome,
    history: Outcome,
    blueprint: Outcome,
    metrics: Outcome,
    latest: Outcome,
}

/// Gathers a case: seven calls at most, one where it is of another account than its contact, and one for each kind of ids
/// that come alone.
pub(super) async fn gather(
    session: &Session,
    subject: &Subject,
    id: &str,
    start: Option<Position>,
) -> Result<Gathered, ToolError> {
    let first = start.is_none();
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
        true => facts::name_ids(&mut case.shown, session).await,
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
        place: batch.place,
        attachments: missing.files(answered.attachments, &case.shown).await,
        history: Beside::of_events(missing.list("history", answered.history).await),
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
        beside("History", Some(EVENTS)),
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

impl Beside {
    fn of(rows: Vec<Row>, asked: usize, counted: Option<usize>, shown: fn(Row) -> Value) -> Self {
        let known = rows.len();
        let total = match known >= asked {
            true => counted.filter(|counted| *counted > known),
            false => Some(known),
        };
        Beside {
            items: rows.into_iter().map(shown).collect(),
            total,
            repeating: 0,
            is_cut: false,
        }
    }

    /// Events, but for those that only repeat the conversation.
    fn of_events(mut rows: Vec<Row>) -> Self {
        let all = rows.len();
        rows.retain(|row| !history::is_repeating(row));
        let events: Vec<(Value, bool)> = rows.into_iter().map(history::describe_event).collect();
        let is_cut = events.iter().any(|(_, whole)| !whole);
        let items: Vec<Value> = events.into_iter().map(|(line, _)| line).collect();
        Beside {
            total: (all < EVENTS).then_some(items.len()),
            repeating: all - items.len(),
            items,
            is_cut,
        }
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

async fn whole(response: &ZohoResponse) -> Option<Row> {
    let record = Projection::ALL.record(&response.body).await;
    record.ok().map(|record| record.shown)
}

/// A message in an answer of its own, its HTML made text.
pub(super) async fn message(response: &ZohoResponse) -> Option<Row> {
    let projection = Projection {
        fields: None,
        html: &["content".to_owned()],
        rows: Rows::default(),
    };
    let record = projection.record(&response.body).await.ok()?;
    record.id.map(|_| record.shown)
}

async fn page(response: &ZohoResponse) -> Result<Page, ToolError> {
    let projection = Projection {
        fields: None,
        html: &["content".to_owned()],
        rows: Rows::default(),
    };
    projection.page(&response.body, "data").await
}
