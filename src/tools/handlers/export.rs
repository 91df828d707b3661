//! `export_records`: every record of a query into a file, page by page; an export that broke off goes on.

mod spans;

use super::{Context, count, records};
use crate::connections::Product;
use crate::tools::error::{Code, ToolError};
use crate::tools::files::{self, Export, Format};
use crate::tools::modules::Subject;
use crate::tools::output::{Answer, File};
use crate::tools::request::{self, ListQuery, text};
use serde_json::{Map, Value, json};
use spans::Progress;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;

/// Rows a page: one less than Desk lists (its 96th tells that there are more), all that CRM lists.
const DESK_PAGE: usize = 95;
const CRM_PAGE: usize = 200;
/// Pages in a row that Zoho may leave empty.
const IDLE: usize = 2;
/// Told when there is no end to what Zoho gives.
const TURNING: &str = "Zoho gave the same records again and again in place of the rest: the export ends there. Try it again later, or \
     narrow it by `filters`.";
/// Told when a page that had to have records had none: not every answer without records is the end of a list.
const HOLLOW: &str =
    "Zoho told of more records and then gave none in their place: some may be missing. Export again.";
/// Zoho CRM's codes for a page beyond what a list by `page_token` and a search give, and for a token older than a day.
const CEILINGS: [&str; 3] = ["PAGINATION_LIMIT_EXCEEDED", "LIMIT_REACHED", "EXPIRED_VALUE"];

/// Writes the file.
pub(super) async fn export(context: Context<'_>) -> Result<Answer, ToolError> {
    let directory = files::directory(context.invocation)?;
    let subject = context.described(request::subject(context.arguments)?).await?;
    let format = if text(context.arguments, "format") == Some("csv") {
        Format::Csv
    } else {
        Format::Ndjson
    };
    let mut arguments = context.arguments.arguments().clone();
    arguments.remove("format");
    arguments.insert("limit".to_owned(), json!(page_size(subject.product)));
    let time = spans::field(&subject, &arguments);
    if let Some(field) = time {
        arguments.insert("sort_by".to_owned(), json!(field));
        arguments.insert("sort_order".to_owned(), json!("asc"));
    }
    let query = ListQuery::read(&subject.module, subject.product, &arguments, false);
    let mut columns = query.fields.clone();
    columns.push("link".to_owned());
    let session = context.session(subject.product).await?;
    let of = json!({
        "owner": session.owner(), "query": query.key, "columns": columns, "zone": context.zone.iana_name(),
    });
    let (mut file, before) = Export::begin(&directory, &subject.module.name, of, format, columns).await?;
    let mut exporting = Exporting {
        context,
        subject: &subject,
        arguments: &arguments,
        time,
        before: before.as_ref().map(|progress: &Progress| progress.rows),
        kept: 0,
        progress: before.unwrap_or_default(),
        seen: HashSet::new(),
    };
    exporting.kept = exporting.progress.rows;
    let incomplete = match exporting.fill(&mut file).await {
        Ok(incomplete) => incomplete,
        Err(error) => return Err(exporting.broken_off(error)),
    };
    let (path, size) = file.finish().await?;
    let mut answer = exporting.answer(&path, size, incomplete);
    answer.files.push(File::Saved {
        name: path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        media_type: format.media_type().to_owned(),
        path,
        size,
    });
    Ok(answer)
}

fn page_size(product: Product) -> usize {
    match product {
        Product::Desk => DESK_PAGE,
        Product::Crm => CRM_PAGE,
    }
}

/// An export on its way through the pages of its query.
struct Exporting<'a> {
    context: Context<'a>,
    subject: &'a Subject,
    arguments: &'a Map<String, Value>,
    time: Option<&'static str>,
    /// Records that were there when it was taken up.
    before: Option<u64>,
    /// Records that stay when it breaks off.
    kept: u64,
    progress: Progress,
    /// The records of this call.
    seen: HashSet<u64>,
}

impl Exporting<'_> {
    /// Writes page after page; where Zoho does not give all of them, the note that says so.
    async fn fill(&mut self, file: &mut Export) -> Result<Option<&'static str>, ToolError> {
        let mut counted = self.progress.total.is_some();
        let mut idle = 0;
        loop {
            let page = page(
                self.context,
                self.subject,
                self.arguments,
                self.time,
                &self.progress,
            )
            .await?;
            let hollow = self.progress.cursor.is_some() && page.rows.is_empty() && !page.more;
            let repeated = page.cursor.is_some() && page.cursor == self.progress.cursor;
            let rows: Vec<Map<String, Value>> =
                page.rows.into_iter().filter(|row| self.is_new(row)).collect();
            file.write(&rows).await?;
            self.progress.note(&rows, self.time.unwrap_or_default());
            idle = if rows.is_empty() { idle + 1 } else { 0 };
            let turning = page.more && (repeated || idle > self.idle_pages());
            let at_end = page.more && (turning || page.cursor.is_none());
            self.progress.cursor = page.cursor.filter(|_| !turning);
            let stuck = at_end && !(self.time.is_some() && self.progress.next_span());
            if at_end {
                idle = 0;
            }
            if !counted {
                self.progress.total = total(self.context, self.subject, &self.progress, page.more).await;
                counted = true;
            }
            file.remember(&self.progress).await?;
            self.kept = self.progress.rows;
            self.advance().await;
            match (stuck, page.more) {
                (true, _) if turning => return Ok(Some(TURNING)),
                (true, _) => return Ok(Some(unlisted(self.subject.product, self.time))),
                (false, true) => {}
                (false, false) => return Ok(hollow.then_some(HOLLOW)),
            }
        }
    }

    /// Whether a record was not written yet.
    fn is_new(&mut self, row: &Map<String, Value>) -> bool {
        let Some(id) = row.get("id").and_then(Value::as_str) else {
            return true;
        };
        let number = id.parse().unwrap_or_else(|_| {
            let mut hasher = DefaultHasher::new();
            id.hash(&mut hasher);
            hasher.finish()
        });
        self.seen.insert(number) && self.progress.is_new(row)
    }

    /// Pages in a row that may bring nothing new: those of the instant a span begins with, and a few that Zoho left
    /// empty.
    fn idle_pages(&self) -> usize {
        IDLE + self.progress.at_latest() / page_size(self.subject.product)
    }

    async fn advance(&self) {
        let rows = self.progress.rows;
        let total = self.progress.total.filter(|total| *total >= rows);
        let message = format!("Exported {rows} records of {}...", self.subject.module.name);
        self.context
            .invocation
            .person()
            .advance(rows, total, message)
            .await;
    }

    fn answer(&self, path: &Path, size: u64, incomplete: Option<&str>) -> Answer {
        let mut data = Map::new();
        data.insert("path".to_owned(), json!(path));
        data.insert("records".to_owned(), json!(self.progress.rows));
        data.insert("bytes".to_owned(), json!(size));
        let mut answer = Answer::default()
            .of_our_own()
            .with("data", data)
            .with("complete", incomplete.is_none())
            .with("app_type", self.subject.product.as_str())
            .with("module", self.subject.module.name.as_str());
        let taken_up = |rows| format!("It went on where it broke off: {rows} records were there already.");
        answer.notes.extend(self.before.map(taken_up));
        answer.notes.extend(incomplete.map(str::to_owned));
        answer
    }

    /// The failure that ended it, with what is there and how to go on.
    fn broken_off(&self, mut error: ToolError) -> ToolError {
        if self.kept > 0 {
            error.next = format!("{} {}", error.next, self.what_is_kept(error.code));
        }
        error
    }

    /// What the records in the file are good for, once the failure is mended.
    fn what_is_kept(&self, code: Code) -> String {
        let kept = self.kept;
        let by_another = matches!(
            code,
            Code::NoConnection | Code::ReconnectNeeded | Code::ScopeMissing | Code::ChooseOrganization
        );
        if self.context.invocation.was_moved() || by_another {
            format!(
                "With a new consent or another organization the same call begins anew: the {kept} records in the file are \
                 of the one before."
            )
        } else {
            format!("The same call then goes on: {kept} records are in the file already.")
        }
    }
}

/// How many records the query has; none where Zoho does not count them.
async fn total(context: Context<'_>, subject: &Subject, progress: &Progress, more: bool) -> Option<u64> {
    if !more {
        return Some(progress.rows);
    }
    if text(context.arguments, "view").is_some() {
        return None;
    }
    match count::total(context, subject).await {
        Ok(total) => Some(total),
        Err(error) => {
            tracing::debug!(%error, "an export without a total");
            None
        }
    }
}

/// Told where Zoho does not list all of a query.
fn unlisted(product: Product, time: Option<&str>) -> &'static str {
    match (product, time) {
        (Product::Crm, None) => {
            "Zoho lists no more of this query: export it by `filters` (fewer than 10, Created_Time as a span), without \
             words or a view; these are listed to their end."
        }
        (_, Some(_)) => {
            "More records were created at one instant than Zoho lists at once: narrow the query by filters and export \
             the rest apart."
        }
        (Product::Desk, None) => {
            "Zoho lists no more of this query: narrow it by filters and export the rest apart."
        }
    }
}

/// Whether Zoho CRM refused a page because it lies beyond the rows it lists of one query, or that list has expired.
fn beyond_the_ceiling(error: &ToolError) -> bool {
    let rejection = error.rejection.as_deref();
    rejection.is_some_and(|rejection| CEILINGS.contains(&rejection.code.as_str()))
}

struct Page {
    rows: Vec<Map<String, Value>>,
    cursor: Option<String>,
    more: bool,
}

impl Page {
    /// The page that Zoho does not give although there are more rows.
    fn beyond() -> Self {
        Page {
            rows: Vec::new(),
            cursor: None,
            more: true,
        }
    }
}

async fn page(
    context: Context<'_>,
    subject: &Subject,
    arguments: &Map<String, Value>,
    time: Option<&'static str>,
    progress: &Progress,
) -> Result<Page, ToolError> {
    let mut arguments = arguments.clone();
    // Desk lists no further than its search: it is asked by time from the first row on.
    let desk_by_time = subject.product == Product::Desk && time.is_some();
    if let Some(field) = time.filter(|_| desk_by_time || progress.since.is_some()) {
        spans::cut(&mut arguments, field, progress.since.as_deref(), context.zone);
    }
    if let Some(cursor) = &progress.cursor {
        arguments.insert("cursor".to_owned(), json!(cursor));
    }
    let mut query = ListQuery::read(&subject.module, subject.product, &arguments, desk_by_time);
    if let Some(field) = time.filter(|field| !query.fields.iter().any(|shown| shown == field)) {
        query.fields.push(field.to_owned());
    }
    let answer = match records::answer_within(context, subject, &query, usize::MAX).await {
        Err(error) if beyond_the_ceiling(&error) => return Ok(Page::beyond()),
        answer => answer?,
    };
    let rows = match answer.body.get("data") {
        Some(Value::Array(rows)) => rows.iter().filter_map(|row| row.as_object().cloned()).collect(),
        _ => Vec::new(),
    };
    let cursor = answer
        .body
        .get("next_cursor")
        .and_then(Value::as_str)
        .map(str::to_owned);
    let more = answer
        .body
        .get("has_more")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    Ok(Page { rows, cursor, more })
}
