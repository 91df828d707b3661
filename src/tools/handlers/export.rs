//! `export_records`: every record of a query into a file, page by page; an export that broke off goes on.

mod spans;

use super::{Context, count, records};
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::files::{self, Export, Format};
use crate::tools::modules::Subject;
use crate::tools::output::{Answer, File};
use crate::tools::request::{self, ListQuery, text};
use serde_json::{Map, Value, json};
use spans::Progress;

/// Rows a page: one less than Desk lists (its 96th tells that there are more), all that CRM lists.
const DESK_PAGE: u64 = 95;
const CRM_PAGE: u64 = 200;
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
    let rows = match subject.product {
        Product::Desk => DESK_PAGE,
        Product::Crm => CRM_PAGE,
    };
    arguments.insert("limit".to_owned(), json!(rows));
    let time = spans::field(&subject, &arguments);
    if let Some(field) = time {
        arguments.insert("sort_by".to_owned(), json!(field));
        arguments.insert("sort_order".to_owned(), json!("asc"));
    }
    let query = ListQuery::read(&subject.module, subject.product, &arguments, false);
    let mut columns = query.fields.clone();
    columns.push("link".to_owned());
    let (mut export, mut progress): (Export, Progress) =
        Export::begin(&directory, &subject.module.name, &query.key, format, columns).await?;
    let mut incomplete = None;
    let mut counted = progress.total.is_some();
    loop {
        let page = page(context, &subject, &arguments, time, &progress).await?;
        let rows: Vec<Map<String, Value>> =
            page.rows.into_iter().filter(|row| progress.is_new(row)).collect();
        export.write(&rows).await?;
        progress.note(&rows, time.unwrap_or_default());
        let at_ceiling = page.more && page.cursor.is_none();
        progress.cursor = page.cursor;
        let stuck = at_ceiling && !(time.is_some() && progress.next_span());
        if !counted {
            progress.total = total(context, &subject, &progress, page.more).await;
            counted = true;
        }
        export.remember(&progress).await?;
        let total = progress.total.filter(|total| *total >= progress.rows);
        let message = format!("Exported {} records of {}...", progress.rows, subject.module.name);
        context
            .invocation
            .person()
            .advance(progress.rows, total, message)
            .await;
        if stuck {
            incomplete = Some(unlisted(subject.product, time));
        }
        if stuck || !page.more {
            break;
        }
    }
    let (path, size) = export.finish().await?;
    let mut data = Map::new();
    data.insert("path".to_owned(), json!(path));
    data.insert("records".to_owned(), json!(progress.rows));
    data.insert("bytes".to_owned(), json!(size));
    let mut answer = Answer::default()
        .of_our_own()
        .with("data", data)
        .with("complete", incomplete.is_none());
    answer.notes.extend(incomplete.map(str::to_owned));
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    answer.files.push(File::Saved {
        name,
        media_type: format.media_type().to_owned(),
        path,
        size,
    });
    Ok(answer
        .with("app_type", subject.product.as_str())
        .with("module", subject.module.name.as_str()))
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
