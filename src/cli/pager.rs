//! Pages that are longer than the screen, through the program a person reads such with.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::{ending, terminal, text};
use crate::config;

/// Prints a page as it is; where it is longer than the terminal, through `PAGER` or `less`, unless nobody wants one.
pub(super) fn print(page: &str, may_page: bool) {
    let is_long = terminal::rows().is_some_and(|rows| lines_of(page) >= rows);
    if !(is_long && may_page && shown(page)) {
        terminal::print_line(page);
    }
}

/// Lines of the screen that a page takes.
fn lines_of(page: &str) -> usize {
    let columns = terminal::columns().max(1);
    let lines = page
        .lines()
        .map(|line| text::width(line).div_ceil(columns).max(1));
    lines.sum()
}

/// Whether a pager has shown it.
fn shown(page: &str) -> bool {
    let named = config::pager().unwrap_or_else(|| "less".to_owned());
    let mut words = named.split_whitespace();
    let Some(program) = words.next().filter(|program| *program != "cat") else {
        return false;
    };
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::piped());
    if config::may_set_less() {
        // As git has it: one that fits ends at once, colours stay, and so does the page.
        command.env("LESS", "FRX");
    }
    // Ended by a key of the pager's, this program would leave it and the shell to fight for the keyboard.
    if ending::leave_keys().is_err() {
        return false;
    }
    let Ok(mut pager) = command.spawn() else {
        return false;
    };
    // Who has read enough reads no further.
    let _ = pager.stdin.take().map(|mut input| writeln!(input, "{page}"));
    pager.wait().is_ok()
}
