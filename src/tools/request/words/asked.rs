//! What words a search takes, and what to ask for in place of others: what is recommended is itself taken.

use serde_json::json;

use super::{MOST, SHORTEST, SHORTEST_OF_CRM, in_one_line};
use crate::tools::request::ListQuery;

/// Signs around words that are to stand side by side.
const QUOTES: [char; 4] = ['"', '\u{201c}', '\u{201d}', '\u{201e}'];

/// A sign of other searches, which Zoho would look for as a word.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// One side of it is enough.
    Either,
    /// What stands behind it must not be there.
    Without,
    /// Both sides have to be there.
    All,
    /// What it encloses is to stand side by side.
    Quotes,
}

impl Sign {
    /// The first of them in a text.
    pub(super) fn find(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split_whitespace().collect();
        // Of a text all in capitals these are words like any others.
        let has = |signs: &[&str]| !is_shouted(text) && words.iter().any(|word| signs.contains(word));
        let quoted = |word: &&&str| word.starts_with([QUOTES[0], QUOTES[1], QUOTES[3]]);
        let mut closed = words.iter().skip_while(|word| !quoted(word));
        let is_closed = |word: &&str| word.ends_with([QUOTES[0], QUOTES[1], QUOTES[2]]);
        if alternatives(text).len() > 1 {
            Some(Sign::Either)
        } else if has(&["NOT"]) || words.iter().any(|word| is_left_out(word)) {
            Some(Sign::Without)
        } else if has(&["AND", "&&"]) {
            Some(Sign::All)
        } else {
            closed.any(is_closed).then_some(Sign::Quotes)
        }
    }

    /// As a refusal calls it.
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Sign::Either => "a sign that Zoho reads as a word",
            Sign::Without => "a word that must not be there",
            Sign::All => "a sign that asks for all words",
            Sign::Quotes => "words in quotes, to be found side by side",
        }
    }
}

/// What the search or list that a query goes by takes for words.
pub(super) struct Taking<'q> {
    query: &'q ListQuery<'q>,
    is_desk: bool,
    /// Desk's search, not a list with words: it takes several texts, and reads a comma as the sign between them.
    by_search: bool,
}

impl<'q> Taking<'q> {
    pub(super) fn of(query: &'q ListQuery<'q>) -> Self {
        let is_desk = !query.module.path.is_empty();
        Taking {
            query,
            is_desk,
            by_search: is_desk && query.module.search.is_some(),
        }
    }

    /// Whether it takes a text.
    pub(super) fn takes(&self, text: &str) -> bool {
        let is_divided = self.by_search && text.contains(',');
        Sign::find(text).is_none() && !is_divided && self.is_long_enough(text)
    }

    /// Whether it takes several texts of which one is enough; those of CRM come in no other order than their own.
    pub(super) fn takes_any(&self) -> bool {
        let is_ordered = self.query.sort_by.is_some() || self.query.descending.is_some();
        self.by_search || !self.is_desk && !is_ordered
    }

    /// Whether conditions can stand beside words.
    pub(super) fn takes_filters(&self) -> bool {
        self.is_desk
    }

    /// The condition that finds a text with commas as it stands, where subjects are searched.
    pub(super) fn as_a_subject(&self, text: &str) -> Option<String> {
        let search = self.query.module.search.as_ref()?;
        let is_text = text.contains(char::is_alphanumeric) && !text.contains('*');
        let takes = search.filters.contains_key("subject") && is_text;
        let asked = json!({ "subject": text });
        takes.then(|| format!("filters:{asked} the text as it stands in a subject"))
    }

    /// Characters that are searched for at least.
    pub(super) fn least(&self) -> usize {
        match (self.is_desk, self.by_search) {
            (true, true) => SHORTEST,
            (true, false) => 1,
            (false, _) => SHORTEST_OF_CRM,
        }
    }

    /// Whether it is long enough to be searched for.
    pub(super) fn is_long_enough(&self, text: &str) -> bool {
        text.trim().chars().count() >= self.least()
    }

    /// What a text asks for, in texts that are taken, of which one is enough.
    pub(super) fn pieces(&self, text: &str) -> Vec<String> {
        let bare = text.replace(QUOTES, "");
        let apart: Vec<&str> = match self.by_search {
            true => bare.split(',').collect(),
            false => vec![&bare],
        };
        let apart = apart.into_iter().flat_map(alternatives);
        let mut pieces: Vec<String> = apart
            .filter_map(|piece| self.lengthened(&plain(&piece, is_shouted(text))))
            .collect();
        pieces.dedup();
        pieces.truncate(MOST);
        pieces
    }

    /// All words of these texts.
    pub(super) fn all_of(&self, pieces: &[String]) -> Option<String> {
        let words: Vec<&str> = pieces.iter().map(|piece| piece.trim_matches('*')).collect();
        self.lengthened(&in_one_line(&words.join(" ")))
    }

    /// A text with `*` around it where it would be too short for Desk; nothing of signs alone.
    pub(super) fn lengthened(&self, text: &str) -> Option<String> {
        let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
        let has_word = letters > 0 && (self.is_desk || letters >= self.least());
        match self.is_long_enough(text) {
            true => has_word.then(|| text.to_owned()),
            false => (has_word && self.by_search).then(|| format!("*{}*", text.trim_matches('*'))),
        }
    }

    /// The argument that asks for these in place of the text at a place: of several texts the others stay.
    pub(super) fn argument(&self, at: Option<usize>, pieces: &[String]) -> Option<String> {
        let mut texts: Vec<String> = Vec::new();
        for (index, text) in self.query.any.iter().enumerate() {
            match Some(index) == at {
                true => texts.extend(pieces.iter().cloned()),
                false if self.takes(text) => texts.push(text.clone()),
                false => texts.extend(self.pieces(text)),
            }
        }
        if at.is_none() {
            texts = pieces.to_vec();
        }
        texts.truncate(MOST);
        match texts.as_slice() {
            [] => None,
            [one] if at.is_none() => Some(format!("query:{}", json!(one))),
            [one, ..] if !self.takes_any() => Some(format!("query:{}, one call for each text", json!(one))),
            several => Some(format!("any:{}", json!(several))),
        }
    }
}

/// What stands between `OR` and bars.
fn alternatives(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let apart = words.split(|word| *word == "OR").flat_map(|words| {
        let words = words.join(" ");
        let apart = words.split('|').map(|words| words.trim().to_owned());
        apart.collect::<Vec<String>>()
    });
    let mut either: Vec<String> = apart.filter(|words| !words.is_empty()).collect();
    either.dedup();
    either
}

/// The words of a text without signs, and without those that must not be there.
fn plain(text: &str, shouted: bool) -> String {
    let mut words = text.split_whitespace();
    let mut kept = Vec::new();
    while let Some(word) = words.next() {
        match word {
            "NOT" if !shouted => _ = words.next(),
            "AND" | "&&" if !shouted => {}
            word if is_left_out(word) => {}
            word => kept.push(word),
        }
    }
    kept.join(" ")
}

fn is_left_out(word: &str) -> bool {
    let behind = word.strip_prefix('-');
    behind.is_some_and(|rest| rest.starts_with(char::is_alphabetic))
}

fn is_shouted(text: &str) -> bool {
    !text.chars().any(char::is_lowercase)
}
