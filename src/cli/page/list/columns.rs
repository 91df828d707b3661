//! The columns of a table: which of them have room, and how much each.

use super::Row;
use crate::cli::page::known::known;
use crate::cli::page::words::is_id;
use crate::cli::text;

/// Blanks between two columns.
pub(super) const BETWEEN: usize = 2;
/// A column that is longer gives way to others down to this; one that says which record it is, down to that.
const GIVES_WAY: usize = 14;
const TITLE: usize = 26;
/// Where one of those would have no room at all, even down to this.
const SHORTEST_TITLE: usize = 14;
/// So many columns are looked for first: which one, what, how it stands, who, and when.
const FIRST: usize = 5;
/// What would be a column.
pub(super) struct Column {
    pub(super) key: String,
    pub(super) head: String,
    pub(super) cells: Vec<String>,
    rank: usize,
    pub(super) natural: usize,
    pub(super) width: usize,
    /// Whether it says which record it is.
    is_title: bool,
}

impl Column {
    /// Takes of what is left as much as there is in it.
    fn widen(&mut self, left: &mut usize) {
        let more = (self.natural - self.width).min(*left);
        self.width += more;
        *left -= more;
    }
}

/// The columns that rows have together, as wide as what is in them. Behind what says which record it is come those that were
/// asked for.
pub(super) fn columns_of(rows: &[Row], asked: &[String], head: &dyn Fn(&str) -> String) -> Vec<Column> {
    let mut keys: Vec<&str> = Vec::new();
    for (key, _) in rows.iter().flatten() {
        if !keys.contains(&key.as_str()) {
            keys.push(key);
        }
    }
    let title = known().titles.iter().find(|title| keys.contains(&title.as_str()));
    let is_title = |key: &str| match title {
        Some(title) => title == key,
        None => known().linked.iter().any(|linked| linked == key),
    };
    let is_asked = |key: &str| asked.iter().any(|asked| asked == key);
    let shows_asked = keys.iter().any(|key| is_asked(key));
    let comes_later = |key: &str| shows_asked && !is_asked(key) && !is_title(key) && key != "ticketNumber";
    let column = |(place, key): (usize, &str)| {
        let cell = |row: &Row| {
            let found = row.iter().find(|(name, _)| name == key);
            found.map(|(_, text)| text.clone()).unwrap_or_default()
        };
        let cells: Vec<String> = rows.iter().map(cell).collect();
        let head = head(key).to_uppercase();
        let widths = cells.iter().map(|cell| text::width(cell));
        let natural = widths.max().unwrap_or_default().max(text::width(&head));
        let is_title = is_title(key);
        // An id that nothing names says nothing to a person, and cut it is none.
        let is_bare_id = is_id(key) && key != "id" && !is_asked(key);
        let later = usize::from(comes_later(key)) + 2 * usize::from(is_bare_id);
        Column {
            rank: known().rank(key, place) + later * LATER,
            key: key.to_owned(),
            width: match (is_bare_id, is_title) {
                (true, _) => natural,
                (_, true) => natural.min(TITLE),
                _ => natural.min(GIVES_WAY),
            },
            natural,
            is_title,
            head,
            cells,
        }
    };
    keys.into_iter().enumerate().map(column).collect()
}

/// More than there are columns that people look for.
const LATER: usize = 1000;

/// Keeps the columns there is room for: those that people look for first give way, any other has all its room or none.
/// What is left goes to the titles, then to the others. The names of those that are left out.
pub(super) fn choose(columns: &mut Vec<Column>, room: usize) -> Vec<String> {
    let mut by_rank: Vec<&mut Column> = columns.iter_mut().collect();
    by_rank.sort_by_key(|column| column.rank);
    let mut left = room + BETWEEN;
    let (mut first, mut others) = (Vec::new(), Vec::new());
    for (place, column) in by_rank.into_iter().enumerate() {
        match place < FIRST {
            true => first.push(column),
            false => others.push(column),
        }
    }
    let needed: usize = first.iter().map(|column| column.width + BETWEEN).sum();
    let lacking = needed.saturating_sub(left);
    for column in first.iter_mut().filter(|column| column.is_title) {
        column.width -= lacking.min(column.width.saturating_sub(SHORTEST_TITLE));
    }
    let mut left_out = Vec::new();
    let mut kept = Vec::new();
    for column in first {
        match left.checked_sub(column.width + BETWEEN) {
            Some(rest) => {
                left = rest;
                kept.push(column);
            }
            None => left_out.push(column.key.clone()),
        }
    }
    let lacking = kept.iter_mut().filter(|column| !column.is_title);
    share(lacking.map(|column| &mut **column).collect(), &mut left);
    for column in others {
        let width = if column.is_title {
            column.width
        } else {
            column.natural
        };
        match left.checked_sub(width + BETWEEN) {
            Some(rest) => {
                left = rest;
                column.width = width;
                kept.push(column);
            }
            None => left_out.push(column.key.clone()),
        }
    }
    share(kept, &mut left);
    columns.retain(|column| !left_out.contains(&column.key));
    left_out
}

/// Who lacks no more is made whole before others are given their part.
const LITTLE: usize = 8;

/// Gives what is left to columns that lack room, to each a fair part of it: one long list would take all.
fn share(mut columns: Vec<&mut Column>, left: &mut usize) {
    columns.sort_by_key(|column| column.natural - column.width);
    let count = columns.len();
    for (place, column) in columns.into_iter().enumerate() {
        let fair = (*left / (count - place)).max(LITTLE).min(*left);
        let mut rest = fair;
        column.widen(&mut rest);
        *left -= fair - rest;
    }
}
