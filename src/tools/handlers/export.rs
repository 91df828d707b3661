//! `export_records`: every record of a query into a file, page by page; an export that broke off goes on.

use super::Context;
use super::records;
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::files::{self, Export, Format};
use crate::tools::modules::Subject;
use crate::tools::output::{Answer, File};
use crate::tools::request::{self, ListQuery, text};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::HashSet;

/// How far an export has come; kept beside its file until it is whole.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub struct Progress {
    cursor: Option<String>,
    /// Where the present span of time begins.
    since: Option<String>,
    /// The instant of the newest row written, and the rows written of it: the next span begins with them again.
    latest: Option<String>,
    at_latest: HashSet<String>,
    rows: u64,
}

/// Writes the file.
pub(super) async fn export(context: Context<'_>) -> Result<Answer, ToolError> {
    let directory = files::directory(context.tools)?;
    let subject = context.described(request::subject(context.arguments)?).await?;
    let format = if text(context.arguments, "format") == Some("csv") {
        Format::Csv
    } else {
        Format::Ndjson
    };
    let mut arguments = context.arguments.clone();
    arguments.remove("format");
    arguments.insert("limit".to_owned(), json!(95));
    let by_time = in_spans(&subject);
    if by_time {
        arguments.insert("sort_by".to_owned(), json!("createdTime"));
        arguments.insert("sort_order".to_owned(), json!("asc"));
    }
    let query = ListQuery::read(&subject.module, subject.product, &arguments, by_time);
    let mut columns = query.fields.clone();
    columns.push("link".to_owned());
    let (mut export, mut progress): (Export, Progress) =
        Export::begin(&directory, &subject.module.name, &query.key, format, columns).await?;
    let mut incomplete = None;
    loop {
        let page = page(context, &subject, &arguments, by_time, &progress).await?;
        let rows: Vec<Map<String, Value>> =
            page.rows.into_iter().filter(|row| progress.is_new(row)).collect();
        export.write(&rows).await?;
        progress.note(&rows);
        let span_full = page.more && page.cursor.is_none();
        progress.cursor = page.cursor;
        let stuck = span_full && (!by_time || progress.since == progress.latest);
        if span_full && !stuck {
            progress.since = progress.latest.clone();
        }
        export.remember(&progress).await?;
        context
            .status
            .say(format!(
                "Exported {} records of {}...",
                progress.rows, subject.module.name
            ))
            .await;
        if stuck {
            incomplete =
                Some("Zoho lists no more of this query: narrow it by filters and export the rest apart.");
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

/// Desk lists 5,000 rows of a query at most: where it can search by time, the query is cut into spans.
fn in_spans(subject: &Subject) -> bool {
    let search = subject.module.search.as_ref();
    subject.product == Product::Desk
        && search.is_some_and(|search| search.filters.contains_key("createdTime"))
}

struct Page {
    rows: Vec<Map<String, Value>>,
    cursor: Option<String>,
    more: bool,
}

async fn page(
    context: Context<'_>,
    subject: &Subject,
    arguments: &Map<String, Value>,
    by_time: bool,
    progress: &Progress,
) -> Result<Page, ToolError> {
    let mut arguments = arguments.clone();
    if by_time {
        span(&mut arguments, progress.since.as_deref());
    }
    if let Some(cursor) = &progress.cursor {
        arguments.insert("cursor".to_owned(), json!(cursor));
    }
    let mut query = ListQuery::read(&subject.module, subject.product, &arguments, by_time);
    if by_time && !query.fields.iter().any(|field| field == "createdTime") {
        query.fields.push("createdTime".to_owned());
    }
    let answer = records::answer_within(context, subject, &query, usize::MAX).await?;
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

/// The caller's own span of `createdTime`, begun where the last one ended.
fn span(arguments: &mut Map<String, Value>, since: Option<&str>) {
    let filters = arguments.entry("filters").or_insert_with(|| json!({}));
    let Some(filters) = filters.as_object_mut() else {
        return;
    };
    let own = filters
        .keys()
        .find(|key| crate::tools::modules::fold(key) == "createdtime")
        .cloned();
    let key = own.unwrap_or_else(|| "createdTime".to_owned());
    let span = filters
        .entry(key)
        .or_insert_with(|| json!({ "from": "1970-01-01" }));
    if let (Some(since), Some(span)) = (since, span.as_object_mut()) {
        span.insert("from".to_owned(), json!(since));
    }
}

impl Progress {
    fn is_new(&self, row: &Map<String, Value>) -> bool {
        row.get("id")
            .and_then(Value::as_str)
            .is_none_or(|id| !self.at_latest.contains(id))
    }

    fn note(&mut self, rows: &[Map<String, Value>]) {
        self.rows += rows.len() as u64;
        let time =
            |row: &Map<String, Value>| row.get("createdTime").and_then(Value::as_str).map(str::to_owned);
        let Some(latest) = rows.last().and_then(time) else {
            return;
        };
        if self.latest.as_ref() != Some(&latest) {
            self.at_latest.clear();
        }
        let same = rows.iter().filter(|row| time(row).as_ref() == Some(&latest));
        let ids = same.filter_map(|row| row.get("id").and_then(Value::as_str));
        self.at_latest.extend(ids.map(str::to_owned));
        self.latest = Some(latest);
    }
}
