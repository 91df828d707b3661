//! Outlook's block: `From:`, `Sent:`, `To:` and `Subject:` of the message that is quoted, one below the other.

use super::languages::Language;
use super::words::is_one_of;
use super::{day, languages, named, sender};

/// Lines from the first label to the last.
const LONGEST: usize = 12;
/// Where they stand among the labels.
const FROM: usize = 0;
const SENT: usize = 1;
const TO: usize = 2;

/// What a line of a block is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Row {
    /// Who wrote, or when: that goes with the words below.
    Sender,
    Subject,
    /// Receivers, files, and what else programs put there.
    Others,
}

impl Row {
    /// What a line is about, and what it says; none where it goes on with the one above.
    pub(super) fn of(line: &str) -> Option<(Self, &str)> {
        let (name, value) = label(line)?;
        let is_any =
            |labels: fn(&Language) -> &[String]| languages::all().any(|one| is_one_of(labels(one), name));
        let row = match name {
            _ if is_any(|one| &one.to) => Row::Others,
            _ if is_any(|one| &one.subject) => Row::Subject,
            _ if is_any(|one| &one.from) || is_any(|one| &one.sent) => Row::Sender,
            _ => Row::Others,
        };
        Some((row, value))
    }

    /// Whether what it says is known: of receivers and files each by its whole name.
    pub(super) fn is_known(self, value: &str, subject: &str, is_named: impl Fn(&str) -> bool) -> bool {
        match self {
            Row::Sender => true,
            Row::Subject => named::is_subject(value, subject),
            Row::Others => named::told(value).all(|one| is_named(&one)),
        }
    }
}

/// What the labels of a block say.
#[derive(Default)]
struct Block<'a> {
    values: [Option<&'a str>; 4],
    /// Lines to the last of them.
    length: usize,
}

impl Language {
    /// Lines to the last label, where these are the block of a message that follows it, in any order of its labels. Where it
    /// has no address, it stands apart from what is below, names a person and says when to the minute: what somebody typed of
    /// a parcel does not.
    pub(super) fn block_length(&self, lines: &[&str]) -> Option<usize> {
        let block = self.block(lines)?;
        let value = |at: usize| block.values.get(at).copied().flatten().unwrap_or_default();
        let is_addressed = [FROM, TO].iter().any(|at| sender::has_address(value(*at)));
        let behind = lines.get(block.length..).unwrap_or_default();
        let is_surely = behind.first().is_some_and(|line| line.is_empty())
            && day::has_time(value(SENT))
            && sender::is_name(value(FROM).trim(), self);
        let is_one = day::has_date(value(SENT))
            && (is_addressed || is_surely)
            && behind.iter().any(|line| !line.is_empty());
        is_one.then_some(block.length + others(behind))
    }

    /// The block these lines begin with.
    fn block<'a>(&self, lines: &[&'a str]) -> Option<Block<'a>> {
        let labels = [&self.from, &self.sent, &self.to, &self.subject];
        let mut block = Block::default();
        let mut last = None;
        for (index, line) in lines.iter().take(LONGEST).enumerate() {
            if line.is_empty() {
                continue;
            }
            let found = label(line);
            let known = found.and_then(|(name, value)| {
                let at = labels.iter().position(|labels| is_one_of(labels, name))?;
                Some((at, value))
            });
            match (known, found) {
                (Some((at, value)), _) => {
                    *block.values.get_mut(at)? = Some(value);
                    last = Some(at);
                }
                // Copies, importance and the like stand among them, receivers fill more than one line.
                (None, Some(_)) if last.is_some() => {}
                (None, None) if last == Some(TO) && line.contains(['@', ';']) => {}
                _ => return None,
            }
            block.length = index + 1;
            if block.values.iter().all(Option::is_some) {
                return Some(block);
            }
        }
        None
    }

    /// Whether a line has one of the labels.
    pub(super) fn has_label(&self, line: &str) -> bool {
        let labels = [&self.from, &self.sent, &self.to, &self.subject];
        label(line).is_some_and(|(name, _)| labels.iter().any(|labels| is_one_of(labels, name)))
    }

    /// Whether a line says who wrote.
    pub(super) fn has_from(&self, line: &str) -> bool {
        label(line).is_some_and(|(name, _)| is_one_of(&self.from, name))
    }
}

/// Lines of importance, files and the like that stand below the labels, up to the empty line that ends them.
fn others(behind: &[&str]) -> usize {
    let is_label = |line: &str| label(line).is_some_and(|(name, _)| !name.contains(char::is_whitespace));
    let count = behind.iter().take_while(|line| is_label(line)).count();
    match behind.get(count) {
        Some(&"") => count,
        _ => 0,
    }
}

/// `Label: value`; plain text may have stars around the label.
fn label(line: &str) -> Option<(&str, &str)> {
    const LONGEST: usize = 24;
    let (label, value) = line.split_once(':')?;
    let label = label.trim_matches(|sign: char| sign == '*' || sign.is_whitespace());
    (label.chars().count() <= LONGEST).then_some((label, value))
}
