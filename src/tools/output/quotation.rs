//! What of a mail is its own, and what it only quotes of the mails before it: cut in the forms in which mail programs
//! write it, never by the look of a single line, and never without saying how much.

mod block;
mod day;
mod earlier;
mod emphasized;
mod form;
mod introduction;
mod known;
mod languages;
mod named;
mod sender;
mod words;

pub use earlier::Earlier;
use introduction::Introduction;
pub use known::OwnWords;
use languages::Language;
use words::{between_dashes, is_one_of};

use super::marks;
use crate::names::{in_ascii, is_filler};

/// Characters of the longest line a form begins with.
const LONGEST_LINE: usize = 400;

/// Bytes of a message in which the beginning of its quotation is looked for: no answer shows more of its own words.
const SEARCHED: usize = 16 * 1024;
/// What a quoted line begins with, as narrow and as wide.
const MARKS: [char; 2] = ['>', '\u{ff1e}'];

/// A message that quotes another one.
#[derive(Debug, Clone, Copy)]
pub struct Quotation<'a> {
    /// What its author wrote.
    pub own: &'a str,
    /// What it quotes, from the line that introduces it on.
    pub quoted: &'a str,
    /// That line, or those lines.
    heading: &'a str,
    /// What is quoted, without them.
    said: &'a str,
    /// What stands below lines that are marked as quoted: words of its author, a signature, the line of a phone.
    pub below: &'a str,
}

/// The quotation of a message, if it has one and is not only a quotation.
pub fn find(text: &str) -> Option<Quotation<'_>> {
    let mut behind = 0;
    let near = text.split_inclusive('\n').map_while(|line| {
        let begins = behind;
        behind += line.len();
        (begins < SEARCHED).then(|| plain(beginning(line)))
    });
    let near: Vec<String> = near.collect();
    let message = Message::of(text, &near);
    let (first, heading, end) = (0..near.len()).find_map(|at| message.quotes_from(at))?;
    let length = |lines: usize| {
        text.split_inclusive('\n')
            .take(lines)
            .map(str::len)
            .sum::<usize>()
    };
    let (begins, said) = (length(first), length(first + heading));
    let end = end.map_or(text.len(), length);
    let (heading, said) = (text.get(begins..said)?, text.get(said..end)?);
    let (own, below) = (text.get(..begins)?, text.get(end..)?.trim());
    let own = without_rule(own.trim_end()).trim();
    (!own.is_empty() || !below.is_empty()).then_some(Quotation {
        own,
        quoted: text.get(begins..end)?.trim(),
        below,
        heading,
        said,
    })
}

/// So much of a text as is looked into.
fn beginning(text: &str) -> &str {
    text.get(..text.floor_char_boundary(SEARCHED)).unwrap_or(text)
}

/// A line as the forms are compared with: without direction marks and emphasis, its figures and wide signs those of ASCII.
fn plain(line: &str) -> String {
    let seen: String = in_ascii(&marks::without(line))
        .chars()
        .filter(|sign| !is_filler(*sign))
        .collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A line without what marks it as quoted.
fn without_marks(line: &str) -> &str {
    line.trim_start_matches(|sign: char| MARKS.contains(&sign) || sign.is_whitespace())
        .trim_end()
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
    /// Where those end that are marked as quoted.
    marked: Option<usize>,
    /// The last before there that is not.
    between: Option<usize>,
}

/// Where a quotation begins, the lines of its heading, and where it ends; none where it goes on to the end.
type Place = (usize, usize, Option<usize>);

impl<'a> Message<'a> {
    fn of(text: &str, near: &'a [String]) -> Self {
        let first = |line: &str| {
            line.chars()
                .find(|sign| !sign.is_whitespace() && !is_filler(*sign))
        };
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let is_marked = |line: &&str| first(line).is_some_and(|sign| MARKS.contains(&sign));
        let last = lines.iter().rposition(is_marked);
        let before = lines.get(..last.unwrap_or_default()).unwrap_or_default();
        Message {
            lines: near.iter().map(String::as_str).collect(),
            marked: last.map(|last| last + 1),
            between: before
                .iter()
                .rposition(|line| first(line).is_some_and(|sign| !MARKS.contains(&sign))),
        }
    }

    /// Whether all lines from this one to the last marked one are marked: between them stand no answers.
    fn is_marked_from(&self, line: usize) -> bool {
        self.marked.is_some_and(|end| line < end) && self.between.is_none_or(|own| own < line)
    }

    /// The quotation that a line opens.
    fn quotes_from(&self, at: usize) -> Option<Place> {
        let (before, lines) = self.lines.split_at(at);
        let (first, rest) = lines.split_first()?;
        if first.is_empty() || first.chars().count() > LONGEST_LINE {
            return None;
        }
        let above = before.iter().rev().find(|line| !line.is_empty());
        let is_passed_on = above.is_some_and(|above| passes_on(above));
        if first.starts_with('>') {
            // Apple's line stands within what it introduces.
            let bare = lines.iter().take(introduction::WRAPPED);
            let bare: Vec<&str> = bare
                .map(|line| line.trim_start_matches('>').trim_start())
                .collect();
            let found = Introduction::at(&bare).filter(|found| found.stands_above_marks)?;
            return (self.is_marked_from(at) && !is_passed_on).then_some((at, found.lines, self.marked));
        }
        if let Some(found) = Introduction::at(lines) {
            let quoted = lines.get(found.lines..).unwrap_or_default();
            let (is_one, end) = match quoted.iter().find(|line| !line.is_empty()) {
                // Words between the marked lines are answers to them: nothing is cut then.
                Some(line) if line.starts_with('>') => {
                    let is_one = found.stands_above_marks && self.is_marked_from(at + found.lines);
                    (is_one, self.marked)
                }
                _ => (found.stands_alone, None),
            };
            return (is_one && !is_passed_on).then_some((at, found.lines, end));
        }
        let stands_apart = before.last().is_none_or(|line| line.is_empty() || is_rule(line));
        let heading = languages::all().find_map(|language| match language.is_original(first) {
            true => language.is_quoted_by_original(rest).then_some(1),
            false if is_passed_on || !stands_apart => None,
            false => language.block_length(lines),
        });
        heading.map(|heading| (at, heading, None))
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
