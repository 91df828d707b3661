//! An end of the log that says how many lines are missing, in a line of its own, as soon as one can be written again.

use std::io::{self, Write};
use std::sync::{Arc, OnceLock};

use tracing_appender::non_blocking::ErrorCounter;

/// Where lines go, and which of them have not come there.
pub(super) struct Counting<W> {
    end: W,
    /// Lines that found no room among those that wait; known once the thread that writes is there.
    dropped: Arc<OnceLock<ErrorCounter>>,
    unwritten: usize,
    told: usize,
    told_as: fn(usize) -> String,
}

impl<W> Counting<W> {
    /// Nothing is missing yet; `told_as` is the line about so many.
    pub(super) fn new(end: W, dropped: Arc<OnceLock<ErrorCounter>>, told_as: fn(usize) -> String) -> Self {
        Counting {
            end,
            dropped,
            unwritten: 0,
            told: 0,
            told_as,
        }
    }
}

impl<W: Write> Counting<W> {
    fn tell_lost(&mut self) -> io::Result<()> {
        let dropped = self.dropped.get().map_or(0, ErrorCounter::dropped_lines);
        let lost = dropped.saturating_add(self.unwritten);
        if lost == self.told {
            return Ok(());
        }
        // What could not be written may stand there in part.
        let before = if self.unwritten > 0 { "\n" } else { "" };
        let line = format!("{before}{}\n", (self.told_as)(lost.saturating_sub(self.told)));
        self.end.write_all(line.as_bytes())?;
        self.told = lost;
        Ok(())
    }
}

impl<W: Write> Write for Counting<W> {
    /// Writes the whole line.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let written = self.tell_lost().and_then(|()| self.end.write_all(line));
        self.unwritten += usize::from(written.is_err());
        written.map(|()| line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.end.flush()
    }
}
