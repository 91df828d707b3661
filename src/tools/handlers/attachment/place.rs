//! Where a file lies: at its record, or at one of the messages of a case, under a path of its own.

use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::handlers::message;
use crate::tools::modules::Subject;
use crate::tools::output::conversation::{FILE_COUNT, Row, count};
use crate::tools::output::project::Record;
use crate::tools::reading::Pages;
use crate::tools::request::ListRequest;
use crate::zoho::{Read, Session};
use futures_util::future::join_all;
use serde_json::Value;

/// Files and messages that one page gives; pages of either that are looked through.
const FILES: usize = 100;
const MESSAGES: usize = 200;
const PAGES: usize = 10;
/// Messages whose files are looked through at once.
const AT_ONCE: usize = 8;

/// A file that was found.
pub(super) struct Place {
    pub(super) name: String,
    /// The path of what it is attached to.
    pub(super) at: Vec<String>,
}

/// Looks for a file of a record, at the record itself and then at its messages.
pub(super) async fn find(
    session: &Session,
    subject: &Subject,
    id: &str,
    file: &str,
) -> Result<Place, ToolError> {
    let search = Search {
        session,
        subject,
        id,
        file,
    };
    let found = match search.at_record().await? {
        None if subject.module.related.contains_key("threads") => search.at_messages().await?,
        found => found,
    };
    found.ok_or_else(|| {
        let fix = format!(
            "get_related_records with related:\"attachments\" lists those of {id}; get_ticket_context names the files of \
             its messages"
        );
        ToolError::argument(
            "/attachment_id",
            "an attachment of this record",
            "another id",
            Some(fix),
        )
    })
}

struct Search<'a> {
    session: &'a Session,
    subject: &'a Subject,
    id: &'a str,
    file: &'a str,
}

impl Search<'_> {
    /// Looks through the list of the record's own files, page by page.
    async fn at_record(&self) -> Result<Option<Place>, ToolError> {
        let module = &self.subject.module;
        let (mut list, at) = match self.subject.product {
            Product::Crm => {
                let read = Read::get(Product::Crm, [module.name.as_str(), self.id, "Attachments"]);
                let read = read.with_query("fields", "id,File_Name");
                (self.list(read, MESSAGES, MESSAGES), Vec::new())
            }
            Product::Desk => {
                let read = Read::get(Product::Desk, [module.path.as_str(), self.id, "attachments"]);
                let at = vec![module.path.clone(), self.id.to_owned()];
                (self.list(read, FILES - 1, FILES), at)
            }
        };
        for _ in 0..PAGES {
            let batch = list.next().await?;
            let found = self.among(&rows(batch.rows), at.clone());
            if found.is_some() || batch.place.next.is_none() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Looks through the messages that say they have files, the newest first.
    async fn at_messages(&self) -> Result<Option<Place>, ToolError> {
        let path = [self.subject.module.path.as_str(), self.id, "threads"];
        let mut list = self.list(Read::get(Product::Desk, path), MESSAGES - 1, MESSAGES);
        for _ in 0..PAGES {
            let batch = list.next().await?;
            let found = self.at_those(&rows(batch.rows)).await?;
            if found.is_some() || batch.place.next.is_none() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    async fn at_those(&self, messages: &[Row]) -> Result<Option<Place>, ToolError> {
        let with_files = messages.iter().filter(|row| {
            row.get("hasAttach") == Some(&Value::Bool(true))
                || count(row, FILE_COUNT).is_some_and(|files| files > 0)
        });
        let ids: Vec<&str> = with_files.filter_map(|row| row.get("id")?.as_str()).collect();
        for some in ids.chunks(AT_ONCE) {
            for found in join_all(some.iter().map(|id| self.at_message(id))).await {
                if let Some(place) = found? {
                    return Ok(Some(place));
                }
            }
        }
        Ok(None)
    }

    async fn at_message(&self, one: &str) -> Result<Option<Place>, ToolError> {
        let at = [self.subject.module.path.as_str(), self.id, "threads", one];
        let thread = message::read(self.session, &self.subject.module.scopes, &at).await?;
        let files = thread.shown.get("attachments").and_then(Value::as_array);
        let files: Vec<Row> = files
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .cloned()
            .collect();
        Ok(self.among(&files, at.map(str::to_owned).to_vec()))
    }

    fn among(&self, files: &[Row], at: Vec<String>) -> Option<Place> {
        let mut files = files.iter();
        let row = files.find(|row| row.get("id").and_then(Value::as_str) == Some(self.file))?;
        let name = row
            .get("name")
            .or_else(|| row.get("File_Name"))
            .and_then(Value::as_str)?;
        Some(Place {
            name: name.to_owned(),
            at,
        })
    }

    fn list(&self, read: Read, size: usize, most: usize) -> Pages<'_> {
        let request = read.with_scopes(self.subject.module.scopes.clone());
        Pages::of(self.session, ListRequest::bare(request, "data", size, most), None)
    }
}

fn rows(records: Vec<Record>) -> Vec<Row> {
    records.into_iter().map(|record| record.shown).collect()
}
