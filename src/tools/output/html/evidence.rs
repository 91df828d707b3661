//! Whether a text of which nothing says what it is was written as HTML, and which of its tags are then the author's words.
//! A mark too many costs its reader nothing, a word too few does: where in doubt, a text is words.

use std::collections::{HashMap, HashSet};

use super::elements::{is_attribute, is_flag, is_structure, is_void, parents};
use super::tags::{Found, Reader, Tag};

/// Where in a text tags stand that are words, if the text is HTML at all.
pub(super) fn find_words(text: &str) -> Option<Vec<usize>> {
    let mut seen = Seen::new(text);
    let mut reader = Reader::new(text);
    loop {
        let was_inside = reader.in_drawing();
        let Some(found) = reader.next() else { break };
        if let Found::Tag(tag) = found {
            let foreign = was_inside && reader.in_drawing();
            if matches!(tag.name.as_str(), "script" | "style") && !tag.closing {
                let ends = reader.skip_ended(&tag);
                seen.content(&tag, ends);
            } else {
                seen.tag(&tag, reader.rest(), foreign);
            }
        }
    }
    seen.judge()
}

/// What the tags of a text say of it.
struct Seen<'a> {
    text: &'a str,
    /// Where its first word or tag stands.
    first: usize,
    /// A tag that only programs write so.
    evident: bool,
    /// The text opens as a document does: tags that look like no word are markup, also where they have no end.
    document: bool,
    /// No tag was seen yet.
    begins: bool,
    open: HashMap<String, Vec<Start>>,
    paired: HashSet<String>,
    words: Vec<usize>,
}

/// A start tag without its end so far.
struct Start {
    at: usize,
    has_values: bool,
    /// All its attributes are ones of HTML: nobody writes those in passing.
    is_written: bool,
    like_word: bool,
}

impl<'a> Seen<'a> {
    fn new(text: &'a str) -> Self {
        Seen {
            text,
            first: text.len() - text.trim_start().len(),
            evident: false,
            document: text.trim_start().starts_with("<!"),
            begins: true,
            open: HashMap::new(),
            paired: HashSet::new(),
            words: Vec::new(),
        }
    }

    /// A script or style: what it holds are no words of the text, if it ends or the text is nothing else.
    fn content(&mut self, tag: &Tag<'_>, ends: bool) {
        let is_first = std::mem::take(&mut self.begins) && tag.at == self.first;
        self.document |= is_first;
        self.words.extend((!ends && !is_first).then_some(tag.at));
    }

    fn tag(&mut self, tag: &Tag<'_>, behind: &str, foreign: bool) {
        let name = tag.name.as_str();
        if std::mem::take(&mut self.begins) && tag.at == self.first && !tag.closing {
            let alone = parents(name).is_empty();
            self.document |= is_structure(name) && alone && opens_document(name, behind);
            self.document |= (is_mark(name) || !alone) && marks_words(behind);
        }
        let like_word = is_like_word(self.text.get(..tag.at).unwrap_or_default(), behind);
        if foreign {
            return;
        }
        if matches!(name, "br" | "hr") {
            self.evident |= !like_word;
        } else if is_void(name) || tag.closes_itself() {
            self.evident |= is_void(name) && tag.has_values();
            self.words.extend((!tag.has_values()).then_some(tag.at));
        } else if !tag.closing {
            let start = Start {
                at: tag.at,
                has_values: tag.has_values(),
                is_written: is_written(tag.attributes()),
                like_word,
            };
            self.evident |= start.is_written;
            self.open.entry(name.to_owned()).or_default().push(start);
        } else {
            self.end(tag, behind);
        }
    }

    fn end(&mut self, tag: &Tag<'_>, behind: &str) {
        let Some(start) = self.open.get_mut(&tag.name).and_then(Vec::pop) else {
            self.words.push(tag.at);
            return;
        };
        let is_first = !self.evident && start.at == self.first;
        self.evident |= start.has_values || is_structure(&tag.name);
        self.evident |= is_first && behind.trim_start().is_empty();
        self.paired.insert(tag.name.clone());
    }

    /// The places of the words among the tags, in order; none where the text is no HTML.
    fn judge(mut self) -> Option<Vec<usize>> {
        if !self.evident && !self.document {
            return None;
        }
        let is_paired = |name: &str| self.paired.contains(name);
        for (name, starts) in &self.open {
            let never_ended = !is_paired(name) && parents(name).iter().any(|parent| is_paired(parent));
            let words = starts.iter().filter(|start| match self.document {
                true => start.like_word && !start.has_values,
                false => !never_ended && !start.is_written,
            });
            self.words.extend(words.map(|start| start.at));
        }
        self.words.sort_unstable();
        Some(self.words)
    }
}

/// Whether an element marks words, as programs write them at the beginning of a text: `<b>Note`.
fn is_mark(name: &str) -> bool {
    let marks = [
        "b", "big", "em", "i", "small", "span", "strong", "sub", "sup", "u",
    ];
    marks.contains(&name)
}

/// Whether words follow the first tag of a text at once, or more such tags before them: `<b><b>Note`.
fn marks_words(behind: &str) -> bool {
    let mut reader = Reader::new(behind);
    loop {
        match reader.next() {
            Some(Found::Text(text)) => return text.starts_with(char::is_alphanumeric),
            Some(Found::Tag(tag)) if !tag.closing && is_mark(&tag.name) => {}
            _ => return false,
        }
    }
}

/// Whether what follows the first tag of a text goes on as markup does: with a tag, or where words may stand with one of
/// them, without a blank.
fn opens_document(name: &str, behind: &str) -> bool {
    let next = behind.trim_start();
    let is_tag = next.starts_with('<') && matches!(Reader::new(next).next(), Some(Found::Tag(_)));
    let holds_words = !matches!(
        name,
        "table" | "tbody" | "thead" | "ul" | "ol" | "dl" | "head" | "html"
    );
    is_tag || holds_words && behind.starts_with(char::is_alphanumeric)
}

/// Whether attributes stand in a tag as HTML has them, one with a value at least: `href="https://x.example"`.
fn is_written(attributes: &str) -> bool {
    let mut rest = attributes.trim_end_matches('/').trim();
    let mut has_value = false;
    while !rest.is_empty() {
        let end = rest
            .find(|sign: char| sign.is_whitespace() || sign == '=')
            .unwrap_or(rest.len());
        let (name, behind) = rest.split_at(end);
        let Some(value) = behind.strip_prefix('=') else {
            if !is_flag(name) {
                return false;
            }
            rest = behind.trim_start();
            continue;
        };
        let quoted = ['"', '\'']
            .into_iter()
            .find_map(|quote| value.strip_prefix(quote)?.split_once(quote));
        let bare = || value.split_once(char::is_whitespace).unwrap_or((value, ""));
        let (value, behind) = quoted.unwrap_or_else(bare);
        if !is_attribute(name) || value.is_empty() && quoted.is_none() {
            return false;
        }
        has_value = true;
        rest = behind.trim_start();
    }
    has_value
}

/// Whether a tag stands in a line as a word does, with blanks around it.
fn is_like_word(before: &str, behind: &str) -> bool {
    let starts =
        |sign: char| sign.is_whitespace() || matches!(sign, '(' | '[' | '"' | '\'' | '`' | '„' | '“' | '»');
    before.chars().next_back().is_none_or(starts)
        && behind
            .chars()
            .next()
            .is_none_or(|sign| sign.is_whitespace() || ends_word(sign))
}

fn ends_word(sign: char) -> bool {
    matches!(
        sign,
        '.' | ',' | ';' | ':' | '!' | '?' | ')' | ']' | '"' | '\'' | '`' | '”' | '«'
    )
}
