//! What of a mail is its own, and what it only quotes of the mails before it: cut in the forms in which mail programs
//! write it, never by the look of a single line, and never without saying how much.

mod block;
mod day;
mod form;
mod introduction;
mod languages;
mod sender;
mod words;

use introduction::Introduction;
use languages::Language;
use words::{between_dashes, is_one_of};

use crate::names::{in_ascii, is_filler};

/// Characters of the longest line a form begins with.
const LONGEST_LINE: usize = 400;

/// The message without the history it quotes at its end, and how many characters of that were left out. A message that
/// only quotes is left as it is.
pub fn cut_history(text: &str) -> (&str, usize) {
    let lines: Vec<String> = text.split_inclusive('\n').map(plain).collect();
    let message = Message::new(lines.iter().map(String::as_str).collect());
    let Some(first) = (0..lines.len()).find(|at| message.quotes_from(*at)) else {
        return (text.trim(), 0);
    };
    let cut: usize = text.split_inclusive('\n').take(first).map(str::len).sum();
    let (own, quoted) = text.split_at(cut);
    let own = without_rule(own.trim_end()).trim();
    if own.is_empty() {
        return (text.trim(), 0);
    }
    (own, quoted.trim().chars().count())
}

/// A line as the forms are compared with: without direction marks, its figures and wide signs those of ASCII.
fn plain(line: &str) -> String {
    let seen: String = in_ascii(line).chars().filter(|sign| !is_filler(*sign)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text without the line of dashes that Outlook draws above its block.
fn without_rule(text: &str) -> &str {
    let (before, last) = text.rsplit_once('\n').unwrap_or(("", text));
    if is_rule(last.trim()) { before } else { text }
}

fn is_rule(line: &str) -> bool {
    line.len() >= 5 && line.bytes().all(|sign| matches!(sign, b'_' | b'-'))
}

/// The lines of a message.
struct Message<'a> {
    lines: Vec<&'a str>,
    /// The last that is not marked as quoted.
    last_own: Option<usize>,
}

impl<'a> Message<'a> {
    fn new(lines: Vec<&'a str>) -> Self {
        let is_own = |line: &&str| !line.is_empty() && !line.starts_with('>');
        Message {
            last_own: lines.iter().rposition(is_own),
            lines,
        }
    }

    /// Whether a line opens a quotation that goes on to the last.
    fn quotes_from(&self, at: usize) -> bool {
        let (before, lines) = self.lines.split_at(at);
        let Some((first, rest)) = lines.split_first() else {
            return false;
        };
        if first.is_empty() || first.chars().count() > LONGEST_LINE {
            return false;
        }
        let is_marked_from = |from: usize| self.last_own.is_none_or(|own| own < from);
        let above = before.iter().rev().find(|line| !line.is_empty());
        let is_passed_on = above.is_some_and(|above| passes_on(above));
        if first.starts_with('>') {
            // Apple's line stands within what it introduces.
            let bare = lines.iter().take(introduction::WRAPPED);
            let bare: Vec<&str> = bare
                .map(|line| line.trim_start_matches('>').trim_start())
                .collect();
            return is_marked_from(at)
                && !is_passed_on
                && Introduction::at(&bare).is_some_and(|found| found.stands_above_marks);
        }
        if let Some(found) = Introduction::at(lines) {
            let quoted = lines.get(found.lines..).unwrap_or_default();
            return match quoted.iter().find(|line| !line.is_empty()) {
                // Words behind or between the marked lines are answers to them: nothing is cut then.
                Some(line) if line.starts_with('>') => {
                    found.stands_above_marks && is_marked_from(at + found.lines)
                }
                _ => found.stands_alone,
            } && !is_passed_on;
        }
        let stands_apart = before.last().is_none_or(|line| line.is_empty() || is_rule(line));
        languages::all().any(|language| match language.is_original(first) {
            true => language.is_quoted_by_original(rest),
            false => !is_passed_on && language.is_block(lines, stands_apart),
        })
    }
}

/// Whether a line says that what follows is meant to be read: `Begin forwarded message:`, `---------- Forwarded message`.
fn passes_on(line: &str) -> bool {
    line.ends_with(':') || between_dashes(line).is_some_and(|words| !words.is_empty())
}

impl Language {
    fn is_original(&self, line: &str) -> bool {
        between_dashes(line).is_some_and(|words| is_one_of(&self.original, words))
    }

    /// Whether what follows the line above Outlook's block is that block, or a part of it, or a line of another program.
    fn is_quoted_by_original(&self, rest: &[&str]) -> bool {
        let from = rest.iter().position(|line| !line.is_empty()).unwrap_or_default();
        let rest = rest.get(from..).unwrap_or_default();
        let first = rest.first().copied().unwrap_or_default();
        // Programs mix tongues here: the line is the phone's, the labels are English.
        let is_english = || languages::english().is_some_and(|english| english.has_from(first));
        self.has_label(first)
            || is_english()
            || Introduction::at(rest).is_some_and(|found| found.stands_above_marks)
    }
}
