//! An earlier message, as quotations of it are compared with: its words in their order, and where its lines and sentences
//! begin and end.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::{find, named, without_marks};
use crate::names::is_filler;
use crate::tools::output::marks;

/// Bytes of an earlier message in which a quoted line is looked for.
const COMPARED: usize = 64 * 1024;
/// What programs put before an item of a list, each its own.
const BULLETS: [char; 7] = ['*', '-', '•', '·', '◦', '▪', '‣'];
const SENTENCE_ENDS: [char; 7] = ['.', '?', '!', '。', '？', '！', '؟'];

/// The words of an earlier message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Earlier {
    /// Each by its hash.
    pub(super) words: Vec<u64>,
    /// Those that are emphasized, by their places.
    emphasis: HashMap<usize, Emphasis>,
    /// Words before which a line begins, and how many there are.
    pub(super) lines: Vec<usize>,
    /// Words before which a sentence begins inside a line.
    pub(super) sentences: Vec<usize>,
    /// The first word of each line and sentence, and where it stands, in order of the words.
    begins: Vec<(u64, usize)>,
    /// Its lines that whoever quotes all of it has: from which word to which.
    own: Vec<(usize, usize)>,
    /// The marks of pictures and hidden words among them, which a quotation may leave out.
    marks: Vec<(usize, usize)>,
    /// Who wrote and received it, and its files, each as a whole.
    named: HashSet<String>,
}

impl Earlier {
    /// Of its text, with all it quotes itself, and a list of those who wrote and received it and of its files.
    pub fn of(text: &str, named: &str) -> Self {
        let text = text.get(..text.floor_char_boundary(COMPARED)).unwrap_or(text);
        let mut earlier = Earlier {
            named: named::known(named).collect(),
            ..Earlier::default()
        };
        let own = find(text).filter(|found| !found.own.is_empty());
        let mut own = own.map_or(text, |found| found.own).lines().count();
        for (at, line) in text.trim_start().lines().enumerate() {
            // Programs that quote leave the signature out.
            if line.trim_end() == "--" {
                own = own.min(at);
            }
            let read = words(line);
            if read.is_empty() {
                continue;
            }
            let begins = earlier.words.len();
            earlier.lines.push(begins);
            let place = (begins, begins + read.len());
            match is_mark(line) {
                true => earlier.marks.push(place),
                false if at < own => earlier.own.push(place),
                false => {}
            }
            for word in read {
                earlier
                    .emphasis
                    .extend(word.emphasis.map(|emphasis| (earlier.words.len(), emphasis)));
                earlier.words.push(word.hash);
                earlier
                    .sentences
                    .extend(word.ends_sentence.then_some(earlier.words.len()));
            }
        }
        earlier.lines.push(earlier.words.len());
        let begins = earlier.lines.iter().chain(&earlier.sentences);
        earlier.begins = begins
            .filter_map(|at| Some((*earlier.words.get(*at)?, *at)))
            .collect();
        earlier.begins.sort_unstable();
        earlier.begins.dedup();
        earlier
    }

    /// Where lines and sentences begin with a word.
    pub(super) fn beginnings(&self, word: u64) -> impl Iterator<Item = usize> {
        let first = self.begins.partition_point(|(known, _)| *known < word);
        let rest = self.begins.get(first..).unwrap_or_default();
        rest.iter()
            .take_while(move |(known, _)| *known == word)
            .map(|(_, at)| *at)
    }

    /// Whether a line ends before this word.
    pub(super) fn has_line_end(&self, at: usize) -> bool {
        self.lines.binary_search(&at).is_ok()
    }

    /// Whether a line or a sentence ends before this word.
    pub(super) fn has_end(&self, at: usize) -> bool {
        self.has_line_end(at) || self.sentences.binary_search(&at).is_ok()
    }

    /// Whether somebody of that name or address wrote or received it, or a file of it is called so.
    pub(super) fn names(&self, what: &str) -> bool {
        self.named.contains(what)
    }

    /// Whether a word of it has all the emphasis that the same one has elsewhere.
    pub(super) fn has_emphasis(&self, at: usize, emphasis: Emphasis) -> bool {
        let own = self.emphasis.get(&at).copied().unwrap_or_default();
        own.signs >= emphasis.signs && (emphasis.tint.is_none() || own.tint == emphasis.tint)
    }

    /// Behind the marks that stand before this word.
    pub(super) fn behind_marks(&self, at: usize) -> usize {
        let first = self.marks.partition_point(|(begin, _)| *begin < at);
        let marks = self.marks.get(first..).unwrap_or_default();
        let behind = |at, (begin, end): &(usize, usize)| if *begin == at { *end } else { at };
        marks.iter().fold(at, behind)
    }

    /// Whether a word of its own lines stands there.
    pub(super) fn is_own(&self, at: usize) -> bool {
        let line = self.own.partition_point(|(_, end)| *end <= at);
        self.own.get(line).is_some_and(|(begin, _)| *begin <= at)
    }

    /// How many of its own lines stand between two of its words, in part or as a whole.
    pub(super) fn lines_between(&self, from: usize, to: usize) -> usize {
        let first = self.own.partition_point(|(_, end)| *end <= from);
        let behind = self.own.partition_point(|(begin, _)| *begin < to);
        behind.saturating_sub(first)
    }
}

/// Whether a line is the mark of a picture or of hidden words, in whose place a quotation may have another one or none.
pub(super) fn is_mark(line: &str) -> bool {
    let inside = without_marks(line).trim_start().strip_prefix('[');
    let inside = inside.and_then(|rest| rest.strip_suffix(']'));
    inside.is_some_and(|inside| {
        ["image", "hidden text"]
            .iter()
            .any(|mark| inside.starts_with(mark))
    })
}

/// A word of a line.
pub(super) struct Word {
    pub(super) hash: u64,
    /// Letters and figures in it.
    pub(super) letters: usize,
    ends_sentence: bool,
    /// The marks at it; none where there are none.
    pub(super) emphasis: Option<Emphasis>,
}

/// The marks of emphasis at a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Emphasis {
    /// Stars and lines.
    signs: usize,
    /// The colour that begins or ends there.
    pub(super) tint: Option<u64>,
}

/// The words of a line, signs among them: what is between spaces, and where a script writes none each sign, for programs
/// break its lines anywhere. Signs that programs change into one another are the same.
pub(super) fn words(line: &str) -> Vec<Word> {
    let mut words = Words::default();
    let mut word = String::new();
    let line = without_marks(line);
    for sign in line.chars().filter(|sign| !is_filler(*sign)) {
        let is_alone = is_alone(sign);
        if sign.is_whitespace() || is_alone {
            words.take(&mut word);
        }
        match sign {
            _ if sign.is_whitespace() => {}
            '\u{2018}' | '\u{2019}' => word.push('\''),
            '\u{201c}' | '\u{201d}' => word.push('"'),
            '\u{2013}' | '\u{2014}' => word.push('-'),
            '\u{2026}' => word.push_str("..."),
            sign => word.push(sign),
        }
        if is_alone {
            words.take(&mut word);
        }
    }
    words.take(&mut word);
    words.end(line)
}

/// The words of a line as they are read, the marks of emphasis told from them.
#[derive(Default)]
struct Words {
    read: Vec<Word>,
    /// Of marks before the next word.
    before: Emphasis,
    /// The colours whose end did not come yet.
    tints: Vec<u64>,
}

impl Words {
    fn take(&mut self, word: &mut String) {
        let word = std::mem::take(word);
        if word.is_empty() {
            return;
        }
        if marks::is_tint(&word) {
            let tint = hash(&word);
            self.tints.push(tint);
            self.before.tint = Some(tint);
            return;
        }
        let is_bullet = self.read.is_empty() && word == marks::ITALIC;
        let mut bare = match is_bullet {
            true => word.clone(),
            false => word.replace(marks::ITALIC, "").replace(marks::UNDERLINED, ""),
        };
        let mut emphasis = Emphasis {
            signs: word.len() - bare.len(),
            tint: None,
        };
        if let Some(end) = bare.rfind(']').filter(|_| !self.tints.is_empty()) {
            bare.remove(end);
            emphasis.tint = self.tints.pop();
        }
        match self.read.last_mut() {
            // An end of marks by itself, as where each sign is a word.
            Some(last) if bare.is_empty() && emphasis.tint.is_some() => last.add(emphasis),
            _ if bare.is_empty() => self.before.signs += emphasis.signs,
            _ => {
                let mut word = Word::of(&bare, self.read.is_empty());
                word.add(std::mem::take(&mut self.before));
                word.add(emphasis);
                self.read.push(word);
            }
        }
    }

    /// All of them; signs of emphasis alone are words.
    fn end(mut self, line: &str) -> Vec<Word> {
        if self.read.is_empty() && !line.is_empty() {
            return vec![Word::of(line, true)];
        }
        let before = self.before;
        if let Some(last) = self.read.last_mut() {
            last.add(before);
        }
        self.read
    }
}

fn hash(word: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    word.hash(&mut hasher);
    hasher.finish()
}

impl Word {
    fn of(word: &str, is_first: bool) -> Self {
        let mut signs = word.chars();
        let alone = signs.next().filter(|_| signs.next().is_none());
        let is_bullet = is_first && alone.is_some_and(|sign| BULLETS.contains(&sign));
        let letters = word.chars().filter(|sign| sign.is_alphanumeric()).count();
        // `2.` and `B.` end none.
        let is_sign = alone.is_some_and(is_alone);
        let ends_sentence = word.ends_with(SENTENCE_ENDS)
            && (is_sign || word.chars().filter(|sign| sign.is_alphabetic()).count() > 1);
        Word {
            hash: hash(if is_bullet { "*" } else { word }),
            letters,
            ends_sentence,
            emphasis: None,
        }
    }

    fn add(&mut self, more: Emphasis) {
        let own = self.emphasis.unwrap_or_default();
        let all = Emphasis {
            signs: own.signs + more.signs,
            tint: more.tint.or(own.tint),
        };
        self.emphasis = Some(all).filter(|all| *all != Emphasis::default());
    }
}

/// Whether a sign is of a script that has no spaces.
fn is_alone(sign: char) -> bool {
    matches!(sign, '\u{e00}'..='\u{eff}' | '\u{2e80}'..='\u{9fff}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}
