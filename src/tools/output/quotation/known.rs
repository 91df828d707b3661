//! What a quotation repeats of earlier messages, by whole lines and sentences. Whatever was written into it, changed in it
//! or left out of a line, is nowhere else: that stays, and above it who wrote it. Where a line was taken out, the lines
//! around it stay: what is left of a list may be the answer.

use std::collections::HashSet;
use std::ops::Range;

use super::block::Row;
use super::earlier::{Earlier, is_mark, words};
use super::emphasized::Emphasized;
use super::introduction::{Introduction, WRAPPED};
use super::{Quotation, languages, plain, without_marks};

/// Letters of what is found anywhere in an earlier message; less has to follow what was found before it, or to begin where
/// the message begins.
const TELLING: usize = 20;
/// Words that are compared for one quotation.
const MOST_COMPARED: usize = 500_000;
/// Lines that are looked at for who wrote what follows.
const MOST_READ: usize = 200;
/// Stands where something known was left out between words that are not.
const GAP: &str = "\n\n[...]";
/// Stands where the quoted message has more than the quotation of it.
const MISSING: &str = "[not all of the quoted message is quoted here]";

/// A message without what it only repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnWords {
    /// What its author wrote: above the quotation and into it.
    pub text: String,
    /// Characters that were left out.
    pub left_out: usize,
}

impl Quotation<'_> {
    /// The message without the lines that earlier ones have; nothing where none is known from them. The subject is that of
    /// all of them.
    pub fn without_known(&self, earlier: &[Earlier], subject: &str) -> Option<OwnWords> {
        let headed = self.heading.lines().count();
        let lines: Vec<&str> = self.heading.lines().chain(self.said.lines()).collect();
        let mut kinds = vec![Kind::Heading; headed];
        let (said, missing) = Reader::new(self.said, earlier).read();
        kinds.extend(said);
        if !kinds.contains(&Kind::Known) && missing.is_empty() {
            return None;
        }
        leave_out_headings(&lines, &mut kinds, earlier, subject);
        let kept = kinds.iter().zip(&lines).filter(|(kind, _)| kind.stays());
        let kept = kept.map(|(_, line)| line.chars().count() + 1).sum::<usize>();
        let left_out = self.quoted.chars().count().saturating_sub(kept);
        let least = usize::from(kinds.contains(&Kind::Known));
        let missing: HashSet<usize> = missing.into_iter().map(|line| line + headed).collect();
        Some(OwnWords {
            text: self.told(&lines, &kinds, &missing),
            left_out: left_out.max(least),
        })
    }

    /// What its author wrote, and of the quotation the lines that stay.
    fn told(&self, lines: &[&str], kinds: &[Kind], missing: &HashSet<usize>) -> String {
        let mut text = self.own.to_owned();
        let (mut is_behind_gap, mut is_apart) = (false, true);
        let mut add = |line: &str, is_behind_gap: bool, is_apart: bool| {
            text.push_str(match (is_behind_gap, is_apart) {
                (true, _) => GAP,
                (false, true) => "\n",
                (false, false) => "",
            });
            text.push('\n');
            text.push_str(line.trim_end());
        };
        for (at, (line, kind)) in lines
            .iter()
            .chain([&""])
            .zip(kinds.iter().chain([&Kind::Blank]))
            .enumerate()
        {
            if missing.contains(&at) {
                add(MISSING, is_behind_gap, is_apart);
                (is_behind_gap, is_apart) = (false, false);
            }
            match kind {
                Kind::Known => is_behind_gap = true,
                Kind::Blank => is_apart = true,
                Kind::New | Kind::Left | Kind::Heading => {
                    add(line, is_behind_gap, is_apart);
                    (is_behind_gap, is_apart) = (false, false);
                }
            }
        }
        if !self.below.is_empty() {
            add(self.below, is_behind_gap, true);
        } else if is_behind_gap && text.len() > self.own.len() {
            text.push_str(GAP);
        }
        text.trim_start().to_owned()
    }
}

/// What a line of a quotation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It has no words.
    Blank,
    /// An earlier message has it.
    Known,
    /// An earlier message has it, and something beside it that is not here.
    Left,
    New,
    /// It says who wrote what follows, when and to whom.
    Heading,
}

impl Kind {
    fn stays(self) -> bool {
        matches!(self, Kind::Left | Kind::New | Kind::Heading)
    }
}

/// Lines of the introduction or block that lines begin with; 0 where they do not.
fn heading_length(lines: &[&str]) -> usize {
    const LONGEST: usize = 16;
    let near: Vec<String> = lines
        .iter()
        .take(LONGEST)
        .map(|line| plain(without_marks(line)))
        .collect();
    let near: Vec<&str> = near.iter().map(String::as_str).collect();
    let is_original = |line: &&str| languages::all().any(|language| language.is_original(line));
    let above = usize::from(near.first().is_some_and(is_original));
    let behind = near.get(above..).unwrap_or_default();
    let introduced = Introduction::at(behind.get(..behind.len().min(WRAPPED)).unwrap_or_default());
    let introduced = introduced.filter(|found| found.stands_above_marks);
    let block = || languages::all().find_map(|language| language.block_length(behind));
    above
        + introduced
            .map(|found| found.lines)
            .or_else(block)
            .unwrap_or_default()
}

/// Leaves out who wrote what, where all of that is known; not a receiver, a file or a subject of which nobody knows.
fn leave_out_headings(lines: &[&str], kinds: &mut [Kind], earlier: &[Earlier], subject: &str) {
    let is_named = |what: &str| earlier.iter().any(|one| one.names(what));
    let mut at = 0;
    while let Some(first) = (at..kinds.len()).find(|line| kinds.get(*line) == Some(&Kind::Heading)) {
        let is_at = |line: usize, kind: Kind| kinds.get(line) == Some(&kind);
        let below = (first..kinds.len()).find(|line| !is_at(*line, Kind::Heading));
        let below = below.unwrap_or(kinds.len());
        let end = (below..kinds.len()).find(|line| is_at(*line, Kind::Heading));
        let end = end.unwrap_or(kinds.len());
        let is_known = (below..end).any(|line| is_at(line, Kind::Known));
        // Programs keep the pictures of what they quote elsewhere: they are told, and need not be anybody's.
        let is_picture = |line: usize| lines.get(line).is_some_and(|line| is_mark(line));
        let stays = |line| is_at(line, Kind::Left) || is_at(line, Kind::New) && !is_picture(line);
        if is_known && !(below..end).any(stays) {
            let is_block = lines
                .get(first..below)
                .is_some_and(|lines| lines.iter().any(|line| has_label(line)));
            let mut row = Row::Sender;
            for (line, kind) in lines.iter().zip(kinds.iter_mut()).take(below).skip(first) {
                let line = plain(without_marks(line));
                let labelled = Row::of(&line).filter(|_| is_block);
                let value = labelled.map_or(line.as_str(), |(_, value)| value);
                row = labelled.map_or(row, |(row, _)| row);
                let is_known = line.is_empty() || row.is_known(value, subject, is_named);
                *kind = if is_known { Kind::Known } else { Kind::New };
            }
        }
        at = end.max(first + 1);
    }
}

fn has_label(line: &str) -> bool {
    let line = plain(without_marks(line));
    languages::all().any(|language| language.has_label(&line))
}

/// Reads a quotation beside the earlier messages.
struct Reader<'a> {
    earlier: &'a [Earlier],
    said: Vec<&'a str>,
    /// All words that are quoted.
    words: Vec<u64>,
    emphasized: Emphasized,
    /// Letters before each of them, and of all.
    letters: Vec<usize>,
    /// The word before which each line begins, and how many there are.
    lines: Vec<usize>,
    /// The message that is quoted here, and before which word of it what was found last ended: what another one has is
    /// written into it.
    quoted: Option<(usize, usize)>,
    compared: usize,
    headings: usize,
    /// What the lines are that were read.
    kinds: Vec<Kind>,
    /// The last of them that is known, of the message that is quoted here, and how many new ones stand behind it.
    last_known: Option<usize>,
    new_lines: usize,
    /// Before which of them something is missing.
    missing: Vec<usize>,
}

/// Lines of a quotation that one message has.
#[derive(Clone, Copy)]
struct Piece {
    message: usize,
    /// Before which of its words it begins.
    begin: usize,
    /// The line of the quotation behind it.
    end: usize,
}

impl<'a> Reader<'a> {
    fn new(said: &'a str, earlier: &'a [Earlier]) -> Self {
        let mut reader = Reader {
            earlier,
            said: said.lines().collect(),
            words: Vec::new(),
            emphasized: Emphasized::default(),
            letters: vec![0],
            lines: vec![0],
            quoted: None,
            compared: 0,
            headings: 0,
            kinds: Vec::new(),
            last_known: None,
            new_lines: 0,
            missing: Vec::new(),
        };
        let mut letters = 0;
        for line in said.lines() {
            for word in words(line) {
                reader.emphasized.word(reader.words.len(), &word);
                reader.words.push(word.hash);
                letters += word.letters;
                reader.letters.push(letters);
            }
            reader.lines.push(reader.words.len());
        }
        reader
    }

    /// What each line is, and before which of them something of the quoted message is missing.
    fn read(mut self) -> (Vec<Kind>, Vec<usize>) {
        let mut begins_message = true;
        while self.kinds.len() < self.said.len() {
            let at = self.kinds.len();
            if self.lines.get(at) == self.lines.get(at + 1) {
                self.kinds.push(Kind::Blank);
                continue;
            }
            let before = self.quoted;
            let known = self.known_from(at, begins_message);
            let heading = match known {
                Some(_) => 0,
                None => self.heading_from(at, begins_message),
            };
            begins_message = heading > 0;
            if begins_message {
                self.end_message();
            }
            let (end, kind) = match known {
                Some(piece) => {
                    // What it quotes itself may be quoted alone.
                    let is_own = self
                        .earlier
                        .get(piece.message)
                        .is_some_and(|text| text.is_own(piece.begin));
                    let least = if is_own { 0 } else { piece.begin };
                    let behind = before.map_or(least, |(_, behind)| behind);
                    self.tell_missing(piece.message, behind..piece.begin, Some(at));
                    if let Some(text) = self.earlier.get(piece.message) {
                        self.emphasized
                            .note(&self.lines, at..piece.end, text, piece.begin);
                    }
                    (piece.end, Kind::Known)
                }
                None if heading > 0 => (at + heading, Kind::Heading),
                None => (at + 1, Kind::New),
            };
            self.new_lines = if kind == Kind::New { self.new_lines + 1 } else { 0 };
            let end = end.clamp(at + 1, self.said.len());
            self.kinds.resize(end, kind);
            if known.is_some() {
                self.last_known = Some(end - 1);
                if self.missing.last() == Some(&at) {
                    self.stay(at..at + 1);
                }
            }
        }
        self.end_message();
        (self.kinds, self.missing)
    }

    /// The quotation of a message ends here.
    fn end_message(&mut self) {
        for line in self.emphasized.lines() {
            self.stay(line..line + 1);
        }
        if let Some((message, behind)) = self.quoted.take() {
            self.tell_missing(message, behind..usize::MAX, None);
        }
        self.last_known = None;
    }

    /// Tells where more of a message is missing than was written in its place: the known lines around it stay.
    fn tell_missing(&mut self, message: usize, gap: Range<usize>, next: Option<usize>) {
        let lines = self
            .earlier
            .get(message)
            .map_or(0, |text| text.lines_between(gap.start, gap.end));
        if lines <= self.new_lines || self.compared >= MOST_COMPARED {
            return;
        }
        let behind = self.last_known.map(|line| line + 1);
        self.missing.extend(next.or(behind));
        if let Some(behind) = behind {
            self.stay(behind - 1..behind);
        }
    }

    fn stay(&mut self, lines: Range<usize>) {
        for kind in self.kinds.get_mut(lines).into_iter().flatten() {
            *kind = Kind::Left;
        }
    }

    /// Lines of the heading that begins here; below another one a label alone is a part of it.
    fn heading_from(&mut self, line: usize, goes_on: bool) -> usize {
        self.headings += 1;
        if self.headings > MOST_READ {
            return 0;
        }
        let lines = self.said.get(line..).unwrap_or_default();
        match heading_length(lines) {
            0 => usize::from(goes_on && lines.first().is_some_and(|line| has_label(line))),
            length => length,
        }
    }

    /// The line behind all those from this one on that one earlier message has in its order, from where a line or sentence of
    /// it begins to where one ends. Each of its lines is known once, and none before one that was.
    fn known_from(&mut self, line: usize, begins_message: bool) -> Option<Piece> {
        let first = *self.lines.get(line)?;
        let word = *self.words.get(first)?;
        // What one message wrote and another quotes is taken of the one that wrote it.
        let mut longest = (0, false);
        let mut found = None;
        let (quoted, behind) = self
            .quoted
            .map_or((None, 0), |(message, end)| (Some(message), end));
        let earlier = self.earlier.iter().enumerate();
        for (message, text) in earlier.filter(|(message, _)| quoted.is_none_or(|one| one == *message)) {
            self.compared += 1;
            let next = text.behind_marks(behind);
            for begin in text.beginnings(word).skip_while(|begin| *begin < behind) {
                if self.compared >= MOST_COMPARED {
                    break;
                }
                let count = self.common(first, text, begin);
                let letters = |at: usize| self.letters.get(at).copied().unwrap_or_default();
                let is_telling = letters(first + count) - letters(first) >= TELLING;
                // Where little is found, a whole line has to be, in its place.
                let is_next = begin == behind || begin == next;
                let is_in_place = quoted.is_some() && is_next || begins_message && begin == 0;
                let this = (count, text.is_own(begin));
                if count > 0
                    && this > longest
                    && (is_telling || is_in_place && text.has_line_end(begin + count))
                {
                    longest = this;
                    found = Some((message, begin));
                }
            }
        }
        let (message, begin) = found?;
        let (longest, _) = longest;
        self.quoted = Some((message, begin + longest));
        Some(Piece {
            message,
            begin,
            end: self.lines.partition_point(|at| *at < first + longest),
        })
    }

    /// Words from both places on that are the same, up to the last end of a line that is the end of one there as well.
    fn common(&mut self, first: usize, text: &Earlier, begin: usize) -> usize {
        let ours = self.words.get(first..).unwrap_or_default();
        let theirs = text.words.get(begin..).unwrap_or_default();
        let room = MOST_COMPARED.saturating_sub(self.compared);
        let pairs = ours.iter().zip(theirs).take(room);
        let same = pairs.take_while(|(our, their)| our == their).count();
        self.compared += same + 1;
        let behind = self.lines.partition_point(|at| *at <= first + same);
        let ends = self.lines.get(..behind).unwrap_or_default().iter().rev();
        let mut ends = ends.map_while(|end| end.checked_sub(first));
        ends.find(|count| text.has_end(begin + count)).unwrap_or_default()
    }
}
