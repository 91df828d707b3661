//! What a quotation repeats of earlier messages, line by line. Whatever was written into it, or changed in it, is nowhere
//! else: that stays.

use std::ops::Range;

use super::introduction::{Introduction, WRAPPED};
use super::{MARKS, Quotation, languages};

/// Bytes of an earlier message in which a quoted line is looked for.
const COMPARED: usize = 64 * 1024;
/// Letters of a line that is found anywhere in an earlier message; a shorter one has to follow what was found before it.
const TELLING: usize = 20;
/// Lines that are looked for anywhere: what is quoted goes on, as a rule, where the line before it ended.
const SOUGHT: usize = 200;
/// Stands where something known was left out between words that are not.
const GAP: &str = "[...]";

/// The words of an earlier message, as quotations of it are compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier(String);

impl Earlier {
    /// Of its text, with all it quotes itself.
    pub fn of(text: &str) -> Self {
        Earlier(words(
            text.get(..text.floor_char_boundary(COMPARED)).unwrap_or(text),
        ))
    }
}

/// A message without what it only repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnWords {
    /// What its author wrote: above the quotation and into it.
    pub text: String,
    /// Characters that were left out.
    pub left_out: usize,
}

impl Quotation<'_> {
    /// The message without the lines that earlier ones have; nothing where none is known from them.
    pub fn without_known(&self, earlier: &[Earlier]) -> Option<OwnWords> {
        let mut reader = Reader {
            earlier,
            at: None,
            sought: 0,
        };
        let lines: Vec<Line> = self.said.lines().map(|line| reader.read(line)).collect();
        let first = lines.iter().position(|line| *line == Line::Known)?;
        let heading = headings(self.said, first);
        let mut text = self.own.to_owned();
        let mut is_behind_gap = true;
        for (place, (line, kind)) in self.said.lines().zip(&lines).enumerate() {
            let stays = *kind == Line::New && place >= heading;
            if !stays {
                is_behind_gap |= *kind == Line::Known;
                continue;
            }
            if std::mem::take(&mut is_behind_gap) {
                text.push_str("\n\n");
                text.push_str(GAP);
            }
            text.push('\n');
            text.push_str(line.trim_end());
        }
        let kept = text.chars().count().saturating_sub(self.own.chars().count());
        let left_out = self.quoted.chars().count().saturating_sub(kept);
        Some(OwnWords { text, left_out })
    }
}

/// Lines at the beginning of what is quoted that only say who wrote it, when and to whom.
fn headings(said: &str, first: usize) -> usize {
    let bare: Vec<&str> = said.lines().take(first).map(without_marks).collect();
    let mut place = 0;
    while let Some(line) = bare.get(place) {
        let near = bare.get(place..).unwrap_or_default();
        let near = near.get(..near.len().min(WRAPPED)).unwrap_or_default();
        let is_label = line.is_empty() || languages::all().any(|language| language.has_label(line));
        match Introduction::at(near) {
            _ if is_label => place += 1,
            Some(found) => place += found.lines,
            None => break,
        }
    }
    place
}

/// What a line of a quotation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// It has no words.
    Blank,
    /// An earlier message has it.
    Known,
    New,
}

/// Reads a quotation beside the earlier messages.
struct Reader<'a> {
    earlier: &'a [Earlier],
    /// Where what was found last ended: in which message, at which byte.
    at: Option<(usize, usize)>,
    sought: usize,
}

impl Reader<'_> {
    fn read(&mut self, line: &str) -> Line {
        let words = words(without_marks(line));
        if words.len() <= 1 {
            return Line::Blank;
        }
        let Some((message, found)) = self.find(&words) else {
            return Line::New;
        };
        // The space behind the last word is the one before the next.
        self.at = Some((message, found.end - 1));
        Line::Known
    }

    fn find(&mut self, words: &str) -> Option<(usize, Range<usize>)> {
        let is_there = |message: usize, at: usize| {
            let rest = self.earlier.get(message)?.0.get(at..)?;
            rest.starts_with(words).then_some((message, at..at + words.len()))
        };
        let goes_on = match self.at {
            Some((message, at)) => is_there(message, at),
            None => (0..self.earlier.len()).find_map(|message| is_there(message, 0)),
        };
        if goes_on.is_some() || words.len() < TELLING || self.sought >= SOUGHT {
            return goes_on;
        }
        self.sought += 1;
        let mut all = self.earlier.iter().enumerate();
        all.find_map(|(message, Earlier(text))| {
            let at = memchr::memmem::find(text.as_bytes(), words.as_bytes())?;
            Some((message, at..at + words.len()))
        })
    }
}

fn without_marks(line: &str) -> &str {
    line.trim_start_matches(|sign: char| MARKS.contains(&sign) || sign.is_whitespace())
        .trim_end()
}

/// The words of a text in small letters, a space before and behind each. Where a script writes none between them each sign is a
/// word: programs break its lines anywhere.
fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 2);
    words.push(' ');
    for sign in text.chars().filter(|sign| !crate::names::is_filler(*sign)) {
        let is_alone =
            matches!(sign, '\u{e00}'..='\u{eff}' | '\u{2e80}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}');
        if !sign.is_alphanumeric() || is_alone {
            words.extend((!words.ends_with(' ')).then_some(' '));
        }
        if sign.is_alphanumeric() {
            words.extend(sign.to_lowercase());
            words.extend(is_alone.then_some(' '));
        }
    }
    words.extend((!words.ends_with(' ')).then_some(' '));
    words
}
