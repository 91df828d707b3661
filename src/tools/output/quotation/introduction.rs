//! The line above a quotation: `On Tue, 3 Nov 2026 at 09:12, Aiko <a@b.example> wrote:`, wrapped or not.

use super::languages::introductions;
use super::words::between_dashes;
use super::{day, sender};

/// Lines it may be wrapped into.
pub(super) const WRAPPED: usize = 3;
/// Characters of all of them.
const LONGEST: usize = 400;
/// What stands before Zoho's, and behind it: a dash less since 2023.
const DASHES: (&str, &str) = ("----", "---");

/// An introduction that was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Introduction {
    /// Lines it takes.
    pub(super) lines: usize,
    /// It tells itself from a sentence of the author's, whatever follows.
    pub(super) stands_alone: bool,
    /// It does where all that follows is marked as quoted.
    pub(super) stands_above_marks: bool,
}

impl Introduction {
    /// The introduction that lines begin with.
    pub(super) fn at(lines: &[&str]) -> Option<Self> {
        let mut joined = String::new();
        for (index, line) in lines.iter().take(WRAPPED).enumerate() {
            if line.is_empty() || joined.chars().count() + line.chars().count() > LONGEST {
                return None;
            }
            joined.push_str(line);
            if let Some((stands_alone, stands_above_marks)) = read(&joined) {
                // The author's last words stand above it, without an empty line: a name begins no line before its address.
                let below = lines.get(1..=index).unwrap_or_default();
                let begins_below = below.first().is_some_and(|line| !line.starts_with(['<', '(']));
                return (!begins_below || Self::at(below).is_none()).then_some(Introduction {
                    lines: index + 1,
                    stands_alone,
                    stands_above_marks,
                });
            }
            joined.push(' ');
        }
        None
    }
}

/// Whether a line is one, and stands alone or above marked lines.
fn read(line: &str) -> Option<(bool, bool)> {
    // Zoho's dashes are a mark of their own.
    let dashed = between_dashes(line).filter(|_| line.starts_with(DASHES.0) && line.ends_with(DASHES.1));
    let words = dashed.or_else(|| line.strip_suffix(':'))?.trim_end();
    if !day::has_date(words) {
        return None;
    }
    let read = introductions().filter_map(|(language, form, is_alone)| {
        let mut readings = form.readings(words);
        let (day, who) = readings.find_map(|(day, who)| {
            let day = day::read(day, language)?;
            (!form.is_bare() || day.is_in_words).then_some(())?;
            Some((day, sender::read(who, language)?))
        })?;
        let is_full = who.is_addressed && day.is_timed;
        let is_some = who.is_addressed || day.is_timed || who.is_capital;
        let above_marks = match who.is_sure && !form.is_bare() {
            true => is_some,
            false => is_full && (who.is_sure || !form.is_bare()),
        };
        let alone = is_alone && who.is_sure && is_full;
        Some((alone || dashed.is_some() && above_marks, above_marks))
    });
    read.reduce(|one, other| (one.0 || other.0, one.1 || other.1))
}
