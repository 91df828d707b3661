//! Calls as a table for people: as many columns as have room, those that matter most first; what has none is named.

use jiff::tz::TimeZone;
use serde_json::Value;

use super::journal::{Entry, calls};
use crate::cli::paint::{Mark, Paint};
use crate::cli::{terminal, text};
use crate::names::write_out;

/// Blanks between two columns.
const BETWEEN: usize = 2;

/// A column: what it shows, its head, how wide it is at most, and whether numbers stand in it.
const COLUMNS: [(&str, &str, usize, bool); 10] = [
    ("tool", "Tool", 24, false),
    ("module", "Module", 24, false),
    ("outcome", OUTCOME, 24, false),
    ("write", "Write", 13, false),
    ("rows", "Rows", 9, true),
    ("ms", "ms", 9, true),
    ("requests", "Requests", 9, true),
    ("repairs", "Repairs", 9, true),
    ("connection", "Connection", 24, false),
    ("id", "Id", 36, false),
];

/// The head of the one that is coloured.
const OUTCOME: &str = "Outcome";

/// A column that has room.
struct Column {
    head: &'static str,
    width: usize,
    is_number: bool,
    cells: Vec<String>,
}

impl Column {
    fn of(entries: &[Entry], (key, head, most, is_number): (&str, &'static str, usize, bool)) -> Self {
        let cell = |entry: &Entry| match entry.get(key) {
            Some(Value::String(said)) => text::cut(&write_out(said), most),
            Some(number) => number.to_string(),
            None => String::new(),
        };
        let cells: Vec<String> = entries.iter().map(cell).collect();
        let widths = cells.iter().map(|cell| text::width(cell));
        let width = widths.max().unwrap_or_default().max(head.len());
        Column {
            head,
            width,
            is_number,
            cells,
        }
    }

    fn is_empty(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }

    /// A cell in its place; numbers stand under each other.
    fn placed(&self, cell: &str) -> String {
        match self.is_number {
            true => format!(
                "{}{cell}",
                " ".repeat(self.width.saturating_sub(text::width(cell)))
            ),
            false => text::padded(cell, self.width),
        }
    }
}

/// The table, how many of how many calls it shows, and what it does not.
pub(super) fn page(entries: &[Entry], zone: &TimeZone, matching: usize) -> String {
    let (paint, room) = (Paint::of_output(), terminal::columns());
    let times: Vec<String> = entries.iter().map(|entry| time(entry, zone)).collect();
    let widest = times.first().map_or(0, String::len);
    let (columns, hidden) = choose(entries, room.saturating_sub(widest));
    let blank = " ".repeat(BETWEEN);
    let heads = columns.iter().map(|column| column.placed(column.head));
    let head: Vec<String> = std::iter::once(text::padded("When", widest))
        .chain(heads)
        .collect();
    let head = head.join(&blank);
    let mut lines = vec![paint.head(head.trim_end()), "─".repeat(text::width(&head))];
    for (number, (entry, time)) in entries.iter().zip(&times).enumerate() {
        if let Some(lost) = entry.lost() {
            let told = format!("{time}{blank}lines of the log are lost, calls may be among them: {lost}");
            lines.push(paint.marked(Some(Mark::Yellow), &text::cut(&told, room)));
            continue;
        }
        let mut line = time.clone();
        for column in &columns {
            let cell = column.cells.get(number).map_or("", String::as_str);
            let mark = (column.head == OUTCOME).then(|| mark(cell));
            line.push_str(&blank);
            line.push_str(&paint.marked(mark, &column.placed(cell)));
        }
        lines.push(line.trim_end().to_owned());
    }
    lines.push(String::new());
    let told = told(entries, zone, matching, &hidden);
    let told = text::wrapped(&told, room).into_iter();
    lines.extend(told.map(|line| paint.quiet(&line)));
    lines.join("\n")
}

/// The columns that there is room for, and the heads of the others; one in which nothing stands needs none.
fn choose(entries: &[Entry], mut room: usize) -> (Vec<Column>, Vec<&'static str>) {
    let (mut columns, mut hidden) = (Vec::new(), Vec::new());
    for column in COLUMNS.map(|column| Column::of(entries, column)) {
        let needed = column.width + BETWEEN;
        if column.is_empty() {
            continue;
        }
        match room.checked_sub(needed) {
            Some(left) => {
                room = left;
                columns.push(column);
            }
            None => hidden.push(column.head),
        }
    }
    (columns, hidden)
}

fn told(entries: &[Entry], zone: &TimeZone, matching: usize, hidden: &[&str]) -> String {
    let shown = calls(entries);
    let count = match shown {
        1 if matching == 1 => "1 call".to_owned(),
        shown if shown == matching => format!("{shown} calls"),
        shown => format!("the newest {shown} of {matching} calls (--tail {matching} shows all)"),
    };
    let offset = |last: &Entry| format!("UTC{}", zone.to_offset(last.when));
    let zone = zone.iana_name().map(str::to_owned);
    let zone = zone.or_else(|| entries.last().map(offset)).unwrap_or_default();
    let told = format!("{count} · times of {zone}");
    match hidden.join(", ") {
        hidden if hidden.is_empty() => told,
        hidden => format!("{told}\nnot shown: {hidden} (--output json has everything)"),
    }
}

/// The time in its zone, without the year: 14 files are kept, of days on which something was logged.
fn time(entry: &Entry, zone: &TimeZone) -> String {
    zone.to_datetime(entry.when)
        .strftime("%m-%d %H:%M:%S")
        .to_string()
}

fn mark(outcome: &str) -> Mark {
    match outcome {
        "ok" => Mark::Green,
        "asked" | "cancelled" => Mark::Yellow,
        _ => Mark::Red,
    }
}
