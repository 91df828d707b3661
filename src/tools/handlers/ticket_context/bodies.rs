//! The messages themselves: Zoho's lists have summaries only, so each is read by itself, the newest first, some at once,
//! as long as there is room in the answer.

use futures_util::future::{join, join_all};

use super::parts::{message, part};
use crate::tools::handlers::message::complete;
use crate::tools::modules::Subject;
use crate::tools::output::conversation::{
    Body, Entry, Row, Telling, earlier, is_comment, is_customers, text,
};
use crate::tools::output::quotation::Earlier;
use crate::zoho::{Session, ZohoError, ZohoResponse};

/// Rows whose messages are read at once.
const AT_ONCE: usize = 8;
/// Messages that one answer reads at most.
const MOST: usize = 40;

/// The case whose messages are read.
pub(super) struct Case<'a> {
    pub(super) session: &'a Session,
    pub(super) subject: &'a Subject,
    pub(super) id: &'a str,
    /// The message that was read already.
    pub(super) latest: Option<Row>,
}

/// The newest rows of a conversation as they are shown, newest first; one entry a row.
#[derive(Default)]
pub(super) struct Told {
    pub(super) entries: Vec<Entry>,
    /// The newest of the customer's messages, where `entries` do not reach back to it.
    pub(super) customers_last: Option<Entry>,
    used: usize,
    read: usize,
}

impl Case<'_> {
    /// Tells the newest rows that fit into the budget; at least one. Each is told when the one before it, which it may quote, is
    /// read as well.
    pub(super) async fn tell(&self, rows: &[Row], telling: Telling<'_>, budget: usize) -> Told {
        let mut told = Told::default();
        let mut waiting: Vec<(&Row, Body)> = Vec::new();
        let mut known: Vec<Earlier> = rows.iter().map(of_row).collect();
        let mut behind = 0;
        for wave in rows.chunks(AT_ONCE) {
            let bodies = join_all(wave.iter().map(|row| self.body(row))).await;
            told.read += wave.iter().filter(|row| !is_comment(row)).count();
            let bodies: Vec<Body> = bodies.into_iter().map(readable).collect();
            let read = wave.iter().zip(&bodies).map(|(row, body)| earlier(row, body));
            drop(known.splice(behind..behind + wave.len(), read));
            behind += wave.len();
            waiting.extend(wave.iter().zip(bodies));
            let is_unread = |(_, body): &(&Row, Body)| matches!(body, Body::Unread(_));
            let is_last = behind == rows.len() || told.read >= MOST || waiting.iter().any(is_unread);
            let ready = waiting.len() - usize::from(!is_last);
            for (row, body) in waiting.drain(..ready) {
                // One entry a row: those told so far say which row this is.
                let earlier = known.get(told.entries.len() + 1..).unwrap_or_default();
                if !told.take(Entry::new(row, &body, Telling { earlier, ..telling }), budget) {
                    return told;
                }
            }
            if is_last {
                break;
            }
        }
        told
    }

    /// Adds the newest of the customer's messages where it is not among those told, in place of the oldest of them.
    pub(super) async fn add_customers_last(
        &self,
        told: &mut Told,
        rows: &[Row],
        telling: Telling<'_>,
        budget: usize,
    ) {
        let Some(place) = rows.iter().position(is_customers) else {
            return;
        };
        let Some(row) = rows.get(place).filter(|_| place >= told.entries.len()) else {
            return;
        };
        let before = rows.get(place + 1..).unwrap_or_default();
        let (body, first) = join(self.body(row), async {
            match before.first() {
                Some(row) => Some(earlier(row, &readable(self.body(row).await))),
                None => None,
            }
        })
        .await;
        let known: Vec<Earlier> = first
            .into_iter()
            .chain(before.iter().skip(1).map(of_row))
            .collect();
        let entry = Entry::new(
            row,
            &readable(body),
            Telling {
                earlier: &known,
                ..telling
            },
        );
        while told.entries.len() > 1 && told.used + entry.length() > budget {
            let oldest = told.entries.pop();
            told.used -= oldest.map_or(0, |oldest| oldest.length());
        }
        told.used += entry.length();
        told.customers_last = Some(entry);
    }

    /// What a row says, read where the row does not hold it.
    async fn body(&self, row: &Row) -> Result<Body, ZohoError> {
        let id = text(row, "id").unwrap_or_default();
        if is_comment(row) {
            return Ok(Body::InRow);
        }
        let latest = self
            .latest
            .as_ref()
            .filter(|latest| text(latest, "id") == Some(id));
        let read = match latest {
            _ if row.contains_key("content") => Some(row.clone()),
            Some(latest) => Some(latest.clone()),
            None => {
                let read = message(&self.get(&["threads", id]).await?).await;
                read.filter(|read| text(read, "id") == Some(id))
            }
        };
        let Some(read) = read else {
            return Err(unreadable());
        };
        // What was cut off is told where the whole cannot be had.
        let path = ["tickets", self.id, "threads", id];
        let whole = complete(self.session, &self.subject.module.scopes, &path, read.clone()).await;
        Ok(Body::Read(whole.unwrap_or(read)))
    }

    async fn get(&self, path: &[&str]) -> Result<ZohoResponse, ZohoError> {
        let request = part(self.subject, self.id, path.iter().copied());
        self.session.read(&request).await
    }
}

/// What a row of the list shows of its message.
fn of_row(row: &Row) -> Earlier {
    earlier(row, &Body::InRow)
}

fn readable(body: Result<Body, ZohoError>) -> Body {
    body.unwrap_or_else(|error| Body::Unread(error.to_string()))
}

fn unreadable() -> ZohoError {
    ZohoError::Internal {
        message: "Zoho's answer could not be read".to_owned(),
    }
}

impl Told {
    /// Why messages among these could not be read.
    pub(super) fn unread(&self) -> impl Iterator<Item = &str> {
        let all = self.entries.iter().chain(&self.customers_last);
        all.filter_map(|entry| entry.unread.as_deref())
    }

    fn take(&mut self, entry: Entry, budget: usize) -> bool {
        let length = entry.length();
        if !self.entries.is_empty() && self.used + length > budget {
            return false;
        }
        self.used += length;
        self.entries.push(entry);
        true
    }

    /// Characters that all of it takes.
    pub(super) fn length(&self) -> usize {
        self.used
    }
}
