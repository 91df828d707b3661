//! `export_records`: every record of a query into a file, page by page; an export that broke off goes on.

mod archived;
mod shown;
mod spans;
mod telling;

use std::collections::HashSet;

use serde_json::{Map, Value, json};
use spans::{End, Progress};

use super::{Context, count, departments, names, records, rich_text, unmet_conditions};
use crate::connections::Product;
use crate::repair::Repair;
use crate::tools::advice;
use crate::tools::error::ToolError;
use crate::tools::files::{self, Export, Format};
use crate::tools::modules::Subject;
use crate::tools::output::project::Record;
use crate::tools::output::{Answer, link_of};
use crate::tools::reading::{self, Batch, Broken, Pages};
use crate::tools::request::{self, Ids, ListQuery, text};
use crate::tools::zone;

/// Pages in a row that Zoho may leave empty.
const IDLE: usize = 2;
/// Records that may come beyond twice those Zoho counted before the export ends.
const BEYOND: u64 = 10_000;

/// Writes the file.
pub(super) async fn export(context: Context<'_>) -> Result<Answer, ToolError> {
    let allowed = files::require_folder(context.invocation)?;
    let subject = context.describe(request::subject(context.arguments)?).await?;
    let format = if text(context.arguments, "format") == Some("csv") {
        Format::Csv
    } else {
        Format::Ndjson
    };
    let mut arguments = context.arguments.arguments().clone();
    arguments.remove("format");
    arguments.insert("limit".to_owned(), json!(reading::largest_page(subject.product)));
    let time = spans::field(&subject, &arguments);
    if let Some(field) = time {
        arguments.insert("sort_by".to_owned(), json!(field));
        arguments.insert("sort_order".to_owned(), json!("asc"));
    }
    let query = read_query(&subject, &arguments, false);
    records::draft(&subject, &query, context.zone, &Ids::default())?;
    // A file tells nobody that nothing could have been in it.
    let all = unmet_conditions(&query).into_iter();
    advice::refuse_strangers(context.invocation, context.arguments, all).await?;
    let mut columns = query.list_projected();
    columns.push("link".to_owned());
    let session = context.session(subject.product).await?;
    let of = json!({
        "owner": session.owner(), "query": query.key, "columns": columns,
        "zone": zone::of_days(context.zone, query.filters.iter().map(|(_, value)| *value)),
    });
    let directory = files::directory(allowed).await?;
    let (mut file, before) =
        Export::begin(&directory.path, &subject.module.name, of, format, columns).await?;
    let mut exporting = Exporting {
        context,
        subject: &subject,
        arguments: &arguments,
        time,
        before: before.as_ref().map(|progress: &Progress| progress.rows),
        kept: 0,
        progress: before.unwrap_or_default(),
        seen: HashSet::new(),
        repairs: Vec::new(),
        parts: 1,
        anew: false,
        goes_by_now: false,
    };
    exporting.kept = exporting.progress.rows;
    names::remember(&context, session, &query.namings()).await;
    let written = async {
        let end = exporting.fill(&mut file).await?;
        exporting.look_for_misses().await;
        Ok((end, file.finish().await?))
    };
    let (end, (path, size)) = match written.await {
        Ok(written) => written,
        Err(error) => return Err(exporting.broken_off(error, &file)),
    };
    let mut answer = exporting.answer(&path, size, end);
    if exporting.progress.rows == 0 {
        let nothing = exporting.progress.shown.findings.is_untouched();
        answer
            .notes
            .extend(nothing.then(|| request::tell_nothing_found(&query)).flatten());
        let unlisted = advice::tell_unlisted(context.invocation, &subject, &query).await;
        answer.notes.extend(unlisted);
    }
    let only = departments::tell(context, session, &subject.module, &query.filters).await;
    answer.notes.extend(only.into_iter().chain(directory.note));
    Ok(answer)
}

/// The query of an export: all there is of it, with names beside the ids.
fn read_query<'q>(subject: &'q Subject, arguments: &'q Map<String, Value>, search: bool) -> ListQuery<'q> {
    ListQuery {
        all: true,
        named: subject.product == Product::Desk,
        ..ListQuery::read(&subject.module, subject.product, arguments, search)
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
    seen: HashSet<String>,
    /// Ids in place of names.
    repairs: Vec<Repair>,
    /// Lists that have its rows together, one after another.
    parts: usize,
    /// What was there when it was taken up could not be gone on with.
    anew: bool,
    /// Whether its rows are judged by what time it is.
    goes_by_now: bool,
}

impl<'a> Exporting<'a> {
    /// Writes page after page, and tells how the list of them ended.
    async fn fill(&mut self, file: &mut Export) -> Result<End, ToolError> {
        let end = match self.progress.end {
            Some(end) => end,
            None => self.fill_listed(file).await?,
        };
        self.fill_archived(file).await?;
        Ok(end)
    }

    async fn fill_listed(&mut self, file: &mut Export) -> Result<End, ToolError> {
        let mut counted = self.progress.total.is_some();
        let mut idle = 0;
        let mut pages = self.span().await?;
        loop {
            let mut batch = match pages.next().await {
                Err(Broken::Forgotten(_)) if self.time.is_none() && !self.anew => {
                    self.begin_anew(file).await?;
                    pages = self.span().await?;
                    continue;
                }
                // A list by time goes on behind the last row written.
                Err(Broken::Forgotten(_)) if self.time.is_some() => Batch::beyond(),
                Err(Broken::Ceiling(_)) => Batch::beyond(),
                batch => batch?,
            };
            let (more, next) = (batch.place.more, batch.place.next);
            let repeated = next.is_some() && next == self.progress.at;
            rich_text::settle(self.context, pages.session(), self.subject, &mut batch.rows).await;
            let rows = self.new_rows(batch.rows);
            idle = if rows.is_empty() { idle + 1 } else { 0 };
            self.progress.note(&rows, self.time.unwrap_or_default());
            self.write(rows, &pages, file).await?;
            self.progress.hear([batch.gap, batch.doubt], &batch.refused);
            let turning = more && (repeated || idle > self.idle_pages());
            let at_end = more && (turning || next.is_none());
            self.progress.at = next.filter(|_| !turning);
            let further = at_end && self.time.is_some() && self.progress.next_span();
            if !counted {
                let told = batch
                    .total
                    .filter(|_| pages.sieve().is_empty() && self.parts == 1);
                self.progress.told = told;
                self.progress.total = self.total(more || self.parts > 1, told).await;
                counted = true;
            }
            let goes_on = !more && self.progress.part + 1 < self.parts;
            self.progress.end = match at_end && !further {
                true if turning => Some(End::Turning),
                true => Some(End::Unlisted),
                false if !more && !goes_on => Some(End::Whole),
                false => self.is_endless().then_some(End::Endless),
            };
            if goes_on {
                self.progress.next_part();
            }
            self.remember(file).await?;
            if let Some(end) = self.progress.end {
                return Ok(end);
            }
            if at_end || goes_on {
                idle = 0;
                pages = self.span().await?;
            }
        }
    }

    /// The pages of the query from where it stands: of the span of time it has come to, where it is cut into such.
    async fn span(&mut self) -> Result<Pages<'a>, ToolError> {
        let (context, subject, progress) = (self.context, self.subject, &mut self.progress);
        let mut arguments = self.arguments.clone();
        // Desk lists no further than its search: it is asked by time from the first row on.
        let desk_by_time = subject.product == Product::Desk && self.time.is_some();
        if let Some(field) = self.time.filter(|_| desk_by_time || progress.since.is_some()) {
            spans::narrow(&mut arguments, field, progress.since.as_deref(), context.zone);
        }
        let mut query = read_query(subject, &arguments, desk_by_time);
        let unasked = self.time.filter(|field| !query.shows(field));
        query.fields.extend(unasked.map(str::to_owned));
        let build = |ids: &Ids| records::draft(subject, &query, context.zone, ids);
        let drafted = build(&Ids::default())?;
        let session = context.session(subject.product).await?;
        let (list, repairs) = context.finish(session, subject, drafted, build).await?;
        let list = reading::among(session, list, context.invocation.now()).await?;
        self.repairs = repairs;
        progress.notes.clone_from(&list.notes);
        progress.misses.clone_from(&list.misses);
        let (list, parts) = list.part(progress.part);
        self.parts = parts;
        self.goes_by_now = super::goes_by_now(&query, &list.sieve);
        Ok(Pages::of(session, list, progress.at.clone()).to_the_end())
    }

    /// The records that no page before has given.
    fn new_rows(&mut self, records: Vec<Record>) -> Vec<Record> {
        records.into_iter().filter(|row| self.is_new(row)).collect()
    }

    /// Writes those of the records that fit, and takes note of what is told of them.
    async fn write(
        &mut self,
        mut records: Vec<Record>,
        pages: &Pages<'_>,
        file: &mut Export,
    ) -> Result<(), ToolError> {
        let (now, sieve, session) = (self.context.invocation.now(), pages.sieve(), pages.session());
        let progress = &mut self.progress;
        let shown = &mut progress.shown;
        records.retain_mut(|row| sieve.keeps(&mut row.shown, now, &mut shown.findings));
        shown.findings.check(progress.rows > 0)?;
        shown.note(sieve);
        // Desk cuts none.
        for row in records.iter().filter(|_| self.subject.product == Product::Crm) {
            row.add_cut_texts(&mut progress.cut);
        }
        let query = read_query(self.subject, self.arguments, false);
        let link = |id: &str| link_of(session, &self.subject.module, id).filter(|_| !query.is_of_trash);
        let namings = query.namings();
        let asked = |name: &str| query.shows(name);
        let linked = records.into_iter().map(|mut record| {
            names::put_beside(&mut record.shown, &namings, &asked, &self.context, session);
            // It is read for the spans, whether anybody asked for it or not.
            if let Some(time) = self.time.filter(|time| !asked(time)) {
                record.shown.shift_remove(time);
            }
            record.add_link(&link);
            record.shown
        });
        let rows: Vec<Map<String, Value>> = linked.collect();
        let unnamed = names::find_unnamed(&rows, &namings, &asked);
        progress.unnamed.extend(unnamed.map(str::to_owned));
        progress.marked += file.write(&rows).await?;
        progress.rows += rows.len() as u64;
        progress.shown.rows += rows.len() as u64;
        let members = rows.iter().flat_map(|row| row.keys());
        progress.shown.members.extend(members.cloned());
        Ok(())
    }

    /// Starts again at the first row: what leads on from the last one holds no longer.
    async fn begin_anew(&mut self, file: &mut Export) -> Result<(), ToolError> {
        file.begin_anew().await?;
        self.progress = Progress::default();
        self.seen.clear();
        (self.before, self.kept, self.anew) = (None, 0, true);
        Ok(())
    }

    fn is_endless(&self) -> bool {
        let counted = self.progress.total;
        counted.is_some_and(|total| self.progress.rows > total.saturating_mul(2).saturating_add(BEYOND))
    }

    /// Whether a record was not written yet.
    fn is_new(&mut self, row: &Record) -> bool {
        let id = row.id.as_ref();
        id.is_none_or(|id| self.seen.insert(id.clone()) && self.progress.is_new(id))
    }

    /// Pages in a row that may bring nothing new: those of the instant a span begins with, and a few that Zoho left
    /// empty.
    fn idle_pages(&self) -> usize {
        IDLE + self.progress.at_latest() / reading::largest_page(self.subject.product)
    }

    /// How many records the query has; none where Zoho does not count them.
    async fn total(&self, more: bool, told: Option<u64>) -> Option<u64> {
        if !more {
            return Some(self.progress.rows);
        }
        if told.is_some() || text(self.context.arguments, "view").is_some() {
            return told;
        }
        self.counted().await
    }

    async fn counted(&self) -> Option<u64> {
        let counted = count::total(self.context, self.subject).await;
        counted
            .inspect_err(|error| tracing::debug!(%error, "an export without a total"))
            .ok()
            .flatten()
    }

    /// Where Zoho does not say whether its lists have all records of the query, their number does.
    async fn look_for_misses(&mut self) {
        if self.progress.misses.is_some() {
            let counted = self.counted().await;
            self.progress.settle_misses(counted);
        }
    }

    /// Notes how far it has come, and tells it.
    async fn remember(&mut self, file: &mut Export) -> Result<(), ToolError> {
        file.remember(&self.progress).await?;
        self.kept = self.progress.rows;
        self.advance().await;
        Ok(())
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
}
