//! Where a file lies: at its record, or at one of the messages and comments of a case, under a path of its own.

use futures_util::future::join_all;
use serde_json::Value;

use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::handlers::message;
use crate::tools::modules::Subject;
use crate::tools::output::conversation::{FILE_COUNT, Row, count, is_set};
use crate::tools::output::project::{Record, Refused};
use crate::tools::reading::{self, Batch, Broken, Pages};
use crate::tools::request::ListRequest;
use crate::zoho::{Read, Session};

/// Pages of files, or of messages, that are looked through.
const PAGES: usize = 10;
/// Messages whose files are looked through at once.
const AT_ONCE: usize = 8;

/// A file that was found.
pub(super) struct Place {
    pub(super) name: String,
    /// Its size in bytes as its list has it.
    pub(super) size: Option<usize>,
    /// The path of what it is attached to.
    pub(super) at: Vec<String>,
}

/// Looks for a file of a record, at the record itself and then at its messages and comments.
pub(super) async fn find(
    session: &Session,
    subject: &Subject,
    id: &str,
    file: &str,
) -> Result<Place, ToolError> {
    let mut search = Search {
        session,
        subject,
        id,
        file,
        beyond: Vec::new(),
        failure: None,
    };
    let mut found = search.at_record().await;
    if found.is_none() && subject.module.related.contains_key("threads") {
        found = search.at_messages().await;
        if found.is_none() {
            found = search.at_comments().await;
        }
    }
    found.ok_or_else(|| search.not_found())
}

struct Search<'a> {
    session: &'a Session,
    subject: &'a Subject,
    id: &'a str,
    file: &'a str,
    /// What there was more of than is looked through.
    beyond: Vec<&'static str>,
    /// Why some of it could not be looked at.
    failure: Option<ToolError>,
}

impl<'a> Search<'a> {
    /// Nobody has such a file, as far as could be seen.
    fn not_found(self) -> ToolError {
        if let Some(failure) = self.failure {
            return failure;
        }
        let id = self.id;
        let (got, fix) = match self.beyond.is_empty() {
            true => (
                "another id".to_owned(),
                format!(
                    "get_related_records with related:\"attachments\" lists those of {id}; get_ticket_context names the \
                     files of its messages"
                ),
            ),
            false => (
                format!(
                    "an id that is not among the first {PAGES} pages of {}; there are more, and it may be among them",
                    self.beyond.join(" and of ")
                ),
                format!(
                    "get_related_records lists what belongs to {id} page by page; the record's link shows all files"
                ),
            ),
        };
        ToolError::argument("/attachment_id", "an attachment of this record", got, Some(fix))
    }

    /// Looks through the list of the record's own files, page by page.
    async fn at_record(&mut self) -> Option<Place> {
        let module = &self.subject.module;
        let (read, most, at) = match self.subject.product {
            Product::Crm => {
                let read = Read::get(Product::Crm, [module.name.as_str(), self.id, "Attachments"]);
                let read = read.with_query("fields", "id,File_Name,Size");
                (read, reading::largest_page(Product::Crm), Vec::new())
            }
            Product::Desk => {
                let read = Read::get(Product::Desk, [module.path.as_str(), self.id, "attachments"]);
                (
                    read,
                    self.most("attachments"),
                    vec![module.path.as_str(), self.id],
                )
            }
        };
        let mut list = self.list(read, most);
        for _ in 0..PAGES {
            let batch = self.drawn(list.next().await)?;
            let found = self.among(&rows(batch.rows), at.clone());
            if found.is_some() || batch.place.next.is_none() {
                return found;
            }
        }
        self.beyond.push("files");
        None
    }

    /// Looks through the messages that say they have files, the newest first.
    async fn at_messages(&mut self) -> Option<Place> {
        let path = [self.subject.module.path.as_str(), self.id, "threads"];
        let mut list = self.list(Read::get(Product::Desk, path), self.most("threads"));
        for _ in 0..PAGES {
            let batch = self.drawn(list.next().await)?;
            let found = self.at_those(&rows(batch.rows)).await;
            if found.is_some() || batch.place.next.is_none() {
                return found;
            }
        }
        self.beyond.push("messages");
        None
    }

    /// Looks through the comments, whose rows name their files.
    async fn at_comments(&mut self) -> Option<Place> {
        let path = [self.subject.module.path.as_str(), self.id, "comments"];
        let newest = Read::get(Product::Desk, path).with_query("sortBy", "-commentedTime");
        let mut list = self.list(newest, self.most("comments"));
        for _ in 0..PAGES {
            let batch = self.drawn(list.next().await)?;
            let comments = rows(batch.rows);
            self.failure = self.failure.take().or(comments.iter().find_map(refused_file));
            let found = comments.iter().find_map(|comment| {
                let one = comment.get("id").and_then(Value::as_str)?;
                self.among(&files_of(comment), [path.as_slice(), &[one]].concat())
            });
            if found.is_some() || batch.place.next.is_none() {
                return found;
            }
        }
        self.beyond.push("comments");
        None
    }

    /// The page, unless it could not be had; of one that has gaps the reason is kept.
    fn drawn(&mut self, page: Result<Batch, Broken>) -> Option<Batch> {
        let page = page.map_err(ToolError::from);
        let refused = page.as_ref().ok().and_then(|page| page.refused.first());
        let refused = refused.map(|error| error.to_error().into());
        self.failure = self.failure.take().or(refused);
        page.map_err(|error| self.failure.get_or_insert(error).clone())
            .ok()
    }

    async fn at_those(&mut self, messages: &[Row]) -> Option<Place> {
        let with_files = messages
            .iter()
            .filter(|row| is_set(row, "hasAttach") || count(row, FILE_COUNT).is_some_and(|files| files > 0));
        let ids: Vec<&str> = with_files.filter_map(|row| row.get("id")?.as_str()).collect();
        for some in ids.chunks(AT_ONCE) {
            for found in join_all(some.iter().map(|id| self.at_message(id))).await {
                match found {
                    Ok(Some(place)) => return Some(place),
                    Ok(None) => {}
                    Err(error) => self.failure = Some(error),
                }
            }
        }
        None
    }

    async fn at_message(&self, one: &str) -> Result<Option<Place>, ToolError> {
        let at = [self.subject.module.path.as_str(), self.id, "threads", one];
        let thread = message::read(self.session, &self.subject.module.scopes, &at).await?;
        let found = self.among(&files_of(&thread.shown), at.to_vec());
        let refused = refused_file(&thread.shown).filter(|_| found.is_none());
        refused.map_or(Ok(found), Err)
    }

    fn among(&self, files: &[Row], at: Vec<&str>) -> Option<Place> {
        let mut files = files.iter();
        let row = files.find(|row| row.get("id").and_then(Value::as_str) == Some(self.file))?;
        let name = row
            .get("name")
            .or_else(|| row.get("File_Name"))
            .and_then(Value::as_str)?;
        let size = count(row, "size").or_else(|| count(row, "Size"));
        Some(Place {
            name: name.to_owned(),
            size,
            at: at.into_iter().map(str::to_owned).collect(),
        })
    }

    /// Rows that a page of a list of the case holds at most.
    fn most(&self, related: &str) -> usize {
        let list = self.subject.module.related.get(related);
        list.map_or(reading::largest_page(Product::Desk), |list| list.list.max)
    }

    fn list(&self, read: Read, most: usize) -> Pages<'a> {
        let request = read.with_scopes(self.subject.module.scopes.clone());
        // One more of Desk's tells that there are more.
        let size = match self.subject.product {
            Product::Desk => most.saturating_sub(1),
            Product::Crm => most,
        };
        Pages::of(self.session, ListRequest::bare(request, "data", size, most), None)
    }
}

/// The files that a message or comment names.
fn files_of(row: &Row) -> Vec<Row> {
    let files = row.get("attachments").and_then(Value::as_array);
    let files = files.into_iter().flatten().filter_map(Value::as_object);
    files.cloned().collect()
}

/// The error in place of a file that it names.
fn refused_file(row: &Row) -> Option<ToolError> {
    let files = row.get("attachments").and_then(Value::as_array);
    let refused = files.into_iter().flatten().find_map(Refused::of)?;
    Some(refused.to_error().into())
}

fn rows(records: Vec<Record>) -> Vec<Row> {
    records.into_iter().map(|record| record.shown).collect()
}
