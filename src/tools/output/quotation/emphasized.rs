//! What somebody emphasized in a quotation of words that are known: that is what they say of them.

use std::collections::HashMap;
use std::ops::Range;

use super::earlier::{Earlier, Emphasis, Word};

/// The emphasis in a quotation.
#[derive(Default)]
pub(super) struct Emphasized {
    /// By the places of its words.
    words: HashMap<usize, Emphasis>,
    /// The known lines of the message that is quoted now, and the emphasis that they did not have there.
    known: Vec<(usize, Option<Emphasis>)>,
}

impl Emphasized {
    /// Takes a word of the quotation.
    pub(super) fn word(&mut self, at: usize, word: &Word) {
        self.words.extend(word.emphasis.map(|emphasis| (at, emphasis)));
    }

    /// Takes note of lines that an earlier message has, from this word of it on; each line begins at a word.
    pub(super) fn note(&mut self, begins: &[usize], lines: Range<usize>, text: &Earlier, begin: usize) {
        let place = |line: usize| begins.get(line).copied().unwrap_or_default();
        let first = place(lines.start);
        for line in lines.filter(|line| place(*line) < place(line + 1)) {
            let mut marked = (place(line)..place(line + 1)).filter_map(|word| {
                let emphasis = *self.words.get(&word)?;
                (!text.has_emphasis(begin + word - first, emphasis)).then_some(emphasis)
            });
            self.known.push((line, marked.next()));
        }
    }

    /// The known lines of a message that ends here which are emphasized as they were not; none where all are in one colour,
    /// as programs paint what they quote.
    pub(super) fn lines(&mut self) -> Vec<usize> {
        let known = std::mem::take(&mut self.known);
        let mut tints = known
            .iter()
            .map(|(_, marked)| marked.and_then(|marked| marked.tint));
        let first = tints.next().flatten();
        let is_painted = known.len() > 1 && first.is_some() && tints.all(|tint| tint == first);
        let lines = known.iter().filter(|(_, marked)| marked.is_some() && !is_painted);
        lines.map(|(line, _)| *line).collect()
    }
}
