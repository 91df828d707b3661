//! What a person sees while a call runs: a bar on a terminal, lines anywhere else; both on standard error.

use super::super::terminal;
use crate::tools::Status;
use std::io::{self, IsTerminal as _, Write as _};
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Rows between two lines where no bar can be drawn.
const ROWS_A_LINE: u64 = 1000;
/// Cells of a bar at most, and columns for the numbers beside it.
const CELLS: usize = 30;
const NUMBERS: usize = 40;

/// Says how far the call is, as suits who reads it.
pub(super) struct Waiting {
    terminal: bool,
    shown: Mutex<Shown>,
}

#[derive(Default)]
struct Shown {
    /// Columns the bar covers; 0 when there is none.
    bar: usize,
    /// The rows of the last line.
    line: Option<u64>,
}

impl Waiting {
    pub(super) fn new() -> Self {
        Waiting {
            terminal: io::stderr().is_terminal(),
            shown: Mutex::default(),
        }
    }

    /// Takes the bar off the screen.
    pub(super) fn clear(&self) {
        wipe(&mut self.shown());
    }

    fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Status for Waiting {
    fn say(&self, message: String) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.clear();
        terminal::tell(&message);
        Box::pin(std::future::ready(()))
    }

    fn advance(
        &self,
        done: u64,
        total: Option<u64>,
        message: String,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let mut shown = self.shown();
        if self.terminal {
            let columns = terminal::columns().map_or(usize::MAX, usize::from);
            let text = total.map_or(message, |total| bar(done, total, columns));
            draw(&mut shown, text.chars().take(columns.saturating_sub(1)).collect());
        } else if is_due(shown.line, done, total) {
            shown.line = Some(done);
            terminal::tell(&told(&message, total));
        }
        Box::pin(std::future::ready(()))
    }
}

/// The first line, the last one, and one for every thousand rows.
fn is_due(before: Option<u64>, done: u64, total: Option<u64>) -> bool {
    let thousand = |rows: u64| rows / ROWS_A_LINE;
    before.is_none_or(|before| before != done && (thousand(before) < thousand(done) || total == Some(done)))
}

fn told(message: &str, total: Option<u64>) -> String {
    match total {
        Some(total) => format!("{message} ({total} in all)"),
        None => message.to_owned(),
    }
}

/// `[#########---------------------]  30 % 705/2350`
fn bar(done: u64, total: u64, columns: usize) -> String {
    let cells = columns.saturating_sub(NUMBERS).min(CELLS);
    let percent = done
        .saturating_mul(100)
        .checked_div(total)
        .unwrap_or(100)
        .min(100);
    let full = usize::try_from(percent).unwrap_or(100) * cells / 100;
    let (full, rest) = ("#".repeat(full), "-".repeat(cells - full));
    format!("[{full}{rest}] {percent:3} % {done}/{total}")
}

/// Redrawn with a carriage return and blanks alone: every terminal knows these.
fn draw(shown: &mut Shown, text: String) {
    let columns = text.chars().count();
    let blanks = " ".repeat(shown.bar.saturating_sub(columns));
    write(&format!("\r{text}{blanks}"));
    shown.bar = columns.max(shown.bar);
}

fn wipe(shown: &mut Shown) {
    if shown.bar > 0 {
        write(&format!("\r{}\r", " ".repeat(shown.bar)));
        shown.bar = 0;
    }
}

fn write(text: &str) {
    let mut out = io::stderr().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
