//! What a quotation repeats of earlier messages, by whole lines and sentences. Whatever was written into it, changed in it
//! or left out of a line, is nowhere else: that stays, and above it who wrote it.

use super::earlier::{Earlier, words};
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
const BEHIND_GAP: &str = "\n\n[...]\n";

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
        let headed = self.heading.lines().count();
        let lines: Vec<&str> = self.heading.lines().chain(self.said.lines()).collect();
        let mut kinds = vec![Kind::Heading; headed];
        kinds.extend(Reader::new(self.said, earlier).read());
        if !kinds.contains(&Kind::Known) {
            return None;
        }
        leave_out_headings(&lines, &mut kinds, earlier);
        let told = || lines.iter().zip(kinds.iter().copied());
        let kept = told().filter(|(_, kind)| matches!(kind, Kind::New | Kind::Heading));
        let kept = kept.map(|(line, _)| line.chars().count() + 1).sum::<usize>();
        let left_out = self.quoted.chars().count().saturating_sub(kept).max(1);
        let text = self.told(told());
        Some(OwnWords { text, left_out })
    }

    /// What its author wrote, and of the quotation the lines that stay.
    fn told<'l>(&self, lines: impl Iterator<Item = (&'l &'l str, Kind)>) -> String {
        let mut text = self.own.to_owned();
        let (mut is_behind_gap, mut is_apart) = (false, true);
        for (line, kind) in lines {
            match kind {
                Kind::Known => is_behind_gap = true,
                Kind::Blank => is_apart = true,
                Kind::New | Kind::Heading => {
                    text.push_str(match (is_behind_gap, is_apart) {
                        (true, _) => BEHIND_GAP,
                        (false, true) => "\n\n",
                        (false, false) => "\n",
                    });
                    text.push_str(line.trim_end());
                    (is_behind_gap, is_apart) = (false, false);
                }
            }
        }
        if is_behind_gap && text.len() > self.own.len() {
            text.push_str(BEHIND_GAP.trim_end());
        }
        text
    }
}

/// What a line of a quotation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It has no words.
    Blank,
    /// An earlier message has it.
    Known,
    New,
    /// It says who wrote what follows, when and to whom.
    Heading,
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

/// Leaves out who wrote what, where all of that is known; not a receiver of whom nobody knows.
fn leave_out_headings(lines: &[&str], kinds: &mut [Kind], earlier: &[Earlier]) {
    let mut at = 0;
    while let Some(first) = (at..kinds.len()).find(|line| kinds.get(*line) == Some(&Kind::Heading)) {
        let is_at = |line: usize, kind: Kind| kinds.get(line) == Some(&kind);
        let below = (first..kinds.len()).find(|line| !is_at(*line, Kind::Heading));
        let below = below.unwrap_or(kinds.len());
        let end = (below..kinds.len()).find(|line| is_at(*line, Kind::Heading));
        let end = end.unwrap_or(kinds.len());
        let is_known = (below..end).any(|line| is_at(line, Kind::Known));
        if is_known && !(below..end).any(|line| is_at(line, Kind::New)) {
            let of_it = lines.get(first..below).unwrap_or_default();
            let is_block = of_it.iter().any(|line| has_label(line));
            for (line, kind) in lines.iter().zip(kinds.iter_mut()).take(below).skip(first) {
                let is_new = |who: &str| !earlier.iter().any(|one| one.has_person(who));
                let names_others = is_block && others(line).any(is_new);
                *kind = if names_others { Kind::New } else { Kind::Known };
            }
        }
        at = end.max(first + 1);
    }
}

fn has_label(line: &str) -> bool {
    languages::all().any(|language| language.has_label(without_marks(line)))
}

/// The people that a line of a block names beside its sender and the first receivers: of `Cc: Kim <k@b.example>; Jo` the
/// address, and the name that has none.
fn others(line: &str) -> impl Iterator<Item = &str> {
    let line = without_marks(line);
    let is_of_others = line.contains('@') && !has_label(line);
    let labelled = line.split_once(':').filter(|_| is_of_others);
    let people = labelled.map_or("", |(_, people)| people);
    people
        .split([';', ','])
        .map(|who| {
            let address = who.split(['<', '>', '(', ')', ' ', '\u{2039}', '\u{203a}']);
            address
                .into_iter()
                .find(|word| word.contains('@'))
                .unwrap_or(who)
                .trim()
        })
        .filter(|who| !who.is_empty())
}

/// Reads a quotation beside the earlier messages.
struct Reader<'a> {
    earlier: &'a [Earlier],
    said: Vec<&'a str>,
    /// All words that are quoted.
    words: Vec<u64>,
    /// Letters before each of them, and of all.
    letters: Vec<usize>,
    /// The word before which each line begins, and how many there are.
    lines: Vec<usize>,
    /// The message that is quoted here, and before which word of it what was found last ended: what another one has is
    /// written into it.
    quoted: Option<(usize, usize)>,
    compared: usize,
    headings: usize,
}

impl<'a> Reader<'a> {
    fn new(said: &'a str, earlier: &'a [Earlier]) -> Self {
        let mut reader = Reader {
            earlier,
            said: said.lines().collect(),
            words: Vec::new(),
            letters: vec![0],
            lines: vec![0],
            quoted: None,
            compared: 0,
            headings: 0,
        };
        let mut letters = 0;
        for line in said.lines() {
            for word in words(line) {
                reader.words.push(word.hash);
                letters += word.letters;
                reader.letters.push(letters);
            }
            reader.lines.push(reader.words.len());
        }
        reader
    }

    /// What each line is.
    fn read(mut self) -> Vec<Kind> {
        let mut kinds = Vec::new();
        let mut begins_message = true;
        while kinds.len() < self.said.len() {
            let at = kinds.len();
            if self.lines.get(at) == self.lines.get(at + 1) {
                kinds.push(Kind::Blank);
                continue;
            }
            let known = self.known_from(at, begins_message);
            let heading = match known {
                Some(_) => 0,
                None => self.heading_from(at, begins_message),
            };
            begins_message = heading > 0;
            if begins_message {
                self.quoted = None;
            }
            let (end, kind) = match known {
                Some(end) => (end, Kind::Known),
                None if heading > 0 => (at + heading, Kind::Heading),
                None => (at + 1, Kind::New),
            };
            kinds.resize(end.clamp(at + 1, self.said.len()), kind);
        }
        kinds
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
    fn known_from(&mut self, line: usize, begins_message: bool) -> Option<usize> {
        let first = *self.lines.get(line)?;
        let word = *self.words.get(first)?;
        let mut longest = 0;
        let mut found = None;
        let (quoted, behind) = self
            .quoted
            .map_or((None, 0), |(message, end)| (Some(message), end));
        let earlier = self.earlier.iter().enumerate();
        for (message, text) in earlier.filter(|(message, _)| quoted.is_none_or(|one| one == *message)) {
            self.compared += 1;
            for begin in text.beginnings(word).skip_while(|begin| *begin < behind) {
                if self.compared >= MOST_COMPARED {
                    break;
                }
                let count = self.common(first, text, begin);
                let letters = |at: usize| self.letters.get(at).copied().unwrap_or_default();
                let is_telling = letters(first + count) - letters(first) >= TELLING;
                // Where little is found, a whole line has to be, in its place.
                let is_in_place = quoted.is_some() && begin == behind || begins_message && begin == 0;
                if count > longest && (is_telling || is_in_place && text.has_line_end(begin + count)) {
                    longest = count;
                    found = Some((message, begin + count));
                }
            }
        }
        self.quoted = Some(found?);
        Some(self.lines.partition_point(|at| *at < first + longest))
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
