//! Where a file lies: at its record, or at one of the messages of a case, under a path of its own.

use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::modules::Subject;
use crate::tools::output::conversation::{FILE_COUNT, Row, count};
use crate::tools::output::project::Projection;
use crate::tools::reading;
use crate::zoho::{Read, Session};
use futures_util::future::join_all;
use serde_json::Value;

/// Rows one list call gives at most.
const PAGE: usize = 100;
/// Files of one record that are looked through.
const FILES: usize = 1000;
/// Messages one list call gives at most, and those whose files are looked through at once.
const MESSAGES: usize = 200;
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
        if self.subject.product == Product::Crm {
            let read = Read::get(Product::Crm, [module.name.as_str(), self.id, "Attachments"]);
            let rows = self.rows(read.with_query("fields", "id,File_Name")).await?;
            return Ok(self.among(&rows, Vec::new()));
        }
        let at = vec![module.path.clone(), self.id.to_owned()];
        for from in (0..FILES).step_by(PAGE) {
            let path = at.iter().map(String::as_str).chain(["attachments"]);
            let mut read = Read::get(Product::Desk, path).with_query("limit", PAGE.to_string());
            if from > 0 {
                // Whether Zoho counts from 0 or from 1, no row is passed over.
                read = read.with_query("from", from.to_string());
            }
            let rows = self.rows(read).await?;
            let found = self.among(&rows, at.clone());
            if found.is_some() || rows.len() < PAGE {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Looks through the messages that say they have files, the newest first.
    async fn at_messages(&self) -> Result<Option<Place>, ToolError> {
        let path = [self.subject.module.path.as_str(), self.id, "threads"];
        let read = Read::get(Product::Desk, path).with_query("limit", MESSAGES.to_string());
        let rows = self.rows(read).await?;
        let with_files = rows.iter().filter(|row| {
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

    async fn at_message(&self, message: &str) -> Result<Option<Place>, ToolError> {
        let at = [self.subject.module.path.as_str(), self.id, "threads", message];
        let response = self
            .session
            .read(&self.scoped(Read::get(Product::Desk, at)))
            .await?;
        let thread = Projection::ALL.record(&response.body).await?;
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

    async fn rows(&self, read: Read) -> Result<Vec<Row>, ToolError> {
        let page = reading::one_page(self.session, &self.scoped(read), "data", &Projection::ALL).await?;
        Ok(page.records.into_iter().map(|record| record.shown).collect())
    }

    fn scoped(&self, read: Read) -> Read {
        read.with_scopes(self.subject.module.scopes.clone())
    }
}
