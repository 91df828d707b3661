//! The lists beside a case: as much of each as there is room for, and how many there are.

use serde_json::{Value, json};

use super::parts::{page, part};
use crate::tools::error::ToolError;
use crate::tools::modules::Subject;
use crate::tools::output::conversation::Row;
use crate::tools::output::history;
use crate::tools::output::project::Page;
use crate::zoho::Session;

/// Zoho gives no more events at once.
const EVENTS: usize = 50;

/// A list beside the case.
#[derive(Debug, Default)]
pub(super) struct Beside {
    items: Vec<Value>,
    /// How many there are, where that is known.
    total: Option<usize>,
    /// Those that only repeat the conversation.
    repeating: usize,
    /// Whether one of them is shown in part only.
    is_cut: bool,
}

/// The newest events of a case, and whether there are more: where one page is full, the next one tells.
pub(super) async fn events(
    session: &Session,
    subject: &Subject,
    id: &str,
) -> Result<(Page, bool), ToolError> {
    let from = async |from: usize| {
        let limited = part(subject, id, ["History"]).with_query("limit", EVENTS.to_string());
        let request = match from {
            0 => limited,
            from => limited.with_query("from", from.to_string()),
        };
        page(&session.read(&request).await?).await
    };
    let mut events = from(0).await?;
    if events.records.len() + events.refused.len() < EVENTS {
        return Ok((events, false));
    }
    let Ok(further) = from(EVENTS).await else {
        return Ok((events, true));
    };
    let is_full = further.records.len() + further.refused.len() >= EVENTS;
    let mut rows = further.records.into_iter().peekable();
    // Where Zoho counts from 1, the last of them comes once more.
    let last = events.records.last().map(|event| event.shown.clone());
    rows.next_if(|row| Some(&row.shown) == last.as_ref());
    match rows.peek() {
        None => return Ok((events, is_full)),
        Some(row) if events.records.iter().any(|event| event.shown == row.shown) => {
            return Ok((events, true));
        }
        Some(_) => events.records.extend(rows),
    }
    events.refused.extend(further.refused);
    Ok((events, is_full))
}

impl Beside {
    /// Rows as they are shown, of `asked` at most, and how many there are by what the case counts.
    pub(super) fn of(rows: Vec<Row>, asked: usize, counted: Option<usize>, shown: fn(Row) -> Value) -> Self {
        let known = rows.len();
        let total = match known >= asked {
            true => counted.filter(|counted| *counted >= known),
            false => Some(known),
        };
        Beside {
            items: rows.into_iter().map(shown).collect(),
            total,
            repeating: 0,
            is_cut: false,
        }
    }

    /// Events, but for those that only repeat the conversation; and whether there are more.
    pub(super) fn of_events(mut rows: Vec<Row>, more: bool) -> Self {
        let all = rows.len();
        rows.retain(|row| !history::is_repeating(row));
        let events: Vec<(Value, bool)> = rows.into_iter().map(history::describe_event).collect();
        let is_cut = events.iter().any(|(_, whole)| !whole);
        let items: Vec<Value> = events.into_iter().map(|(line, _)| line).collect();
        Beside {
            total: (!more).then_some(items.len()),
            repeating: all - items.len(),
            items,
            is_cut,
        }
    }

    /// Characters that all of it takes.
    pub(super) fn length(&self) -> usize {
        self.items
            .iter()
            .map(|item| item.to_string().chars().count() + 1)
            .sum()
    }

    /// What is told where not all of it is shown.
    pub(super) fn tell_missing(&self, key: &str) -> String {
        let ask = format!("get_related_records with related:\"{key}\" has it all, page by page.");
        match (self.items.is_empty(), self.repeating) {
            (true, 1..) => format!(
                "The newest {} events of {key} only say that a message or comment came; older ones were not read: {ask}",
                self.repeating
            ),
            _ => format!("Not all of {key} is shown: {ask}"),
        }
    }

    /// Shows what fits and how many there are; gives the characters it takes, and whether that is all of it.
    pub(super) fn show(self, key: &str, room: usize, data: &mut Row) -> (usize, bool) {
        let (known, mut used) = (self.items.len(), 0);
        let mut kept = Vec::new();
        for item in self.items {
            let length = item.to_string().chars().count() + 1;
            if used + length > room {
                break;
            }
            used += length;
            kept.push(item);
        }
        let whole = self.total == Some(kept.len());
        if self.repeating > 0 {
            data.insert(format!("{key}_of_messages_left_out"), json!(self.repeating));
        }
        if known == 0 {
            return (0, self.total.is_some() || self.repeating == 0);
        }
        data.insert(key.to_owned(), Value::Array(kept));
        if !whole {
            let (of, count) = match self.total {
                Some(total) => ("total", total),
                None => ("total_at_least", known),
            };
            data.insert(format!("{key}_{of}"), json!(count));
        }
        (used, whole && !self.is_cut)
    }
}
