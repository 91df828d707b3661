//! Finds the tags in a text, each place of it looked at once or twice whatever stands there.

use super::content::end_of_content;
use super::elements::{breaks_out, find_known, is_flag, is_foreign};
pub(super) use super::tag::Tag;

/// A piece of a text.
pub(super) enum Found<'a> {
    Text(&'a str),
    Tag(Tag<'a>),
    /// A comment without its end: nobody is shown what stands behind it.
    Unseen(&'a str),
}

/// What is known of a text before it is read.
#[derive(Debug)]
pub(super) enum Known {
    /// It is HTML.
    Surely,
    /// It looks so; tags at these places, which are in order, are words, and so is the sign of a comment without an end.
    Perhaps(Vec<usize>),
}

/// Whether there is any tag or comment of HTML in a text.
pub(super) fn any(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = rest.get(at + 1..).unwrap_or_default();
        if rest.starts_with("!--")
            || declares(rest)
            || name_of(rest.strip_prefix('/').unwrap_or(rest)).is_some()
        {
            return true;
        }
    }
    false
}

/// Whether markup behind `<` declares what follows, as programs do: `<!doctype`, `<![if`, `<?xml`.
fn declares(inside: &str) -> bool {
    let begins = |start: &str| {
        let word = inside.get(..start.len());
        word.is_some_and(|word| word.eq_ignore_ascii_case(start))
    };
    begins("!doctype") || begins("![") || begins("?xml")
}

/// The known name a tag begins with, and its length.
fn name_of(text: &str) -> Option<(String, usize)> {
    let name = word(text)?;
    Some((find_known(name)?, name.len()))
}

/// The same of an element of a drawing or formula; `<y and z>` is the author's own even there.
fn foreign_name_of(text: &str) -> Option<(String, usize)> {
    let name = word(text).filter(|name| is_foreign(name))?;
    let behind = text.get(name.len()..)?;
    let end = behind.find(['<', '>'])?;
    let attributes = behind.get(..end)?.trim();
    let ends = behind.get(end..)?.starts_with('>');
    let plausible = matches!(attributes, "" | "/") || attributes.contains('=');
    (ends && plausible).then(|| (name.to_ascii_lowercase(), name.len()))
}

fn word(text: &str) -> Option<&str> {
    const LONGEST: usize = 24;
    let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/');
    let length = text.bytes().take(LONGEST).position(|byte| ends(&byte))?;
    text.get(..length)
}

/// Goes through a text, from tag to tag.
pub(super) struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
    /// Where tags stand that are words, the next one first.
    words: std::vec::IntoIter<usize>,
    /// What is known not to come any more is not looked for again.
    endless: Vec<String>,
    /// A comment without an end hides what follows.
    hides: bool,
    /// Quotes are no longer in pairs.
    unpaired: bool,
    /// Drawings and formulas that are open.
    foreign: usize,
    /// Elements are those of the innermost of these: there `<style/>` is whole.
    drawing: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Reader::knowing(text, &Known::Perhaps(Vec::new()))
    }

    /// Reads a text of which this is known.
    pub(super) fn knowing(text: &'a str, known: &Known) -> Self {
        let words = match known {
            Known::Surely => Vec::new(),
            Known::Perhaps(words) => words.clone(),
        };
        Reader {
            hides: matches!(known, Known::Surely),
            text,
            rest: text,
            words: words.into_iter(),
            endless: Vec::new(),
            unpaired: false,
            foreign: 0,
            drawing: false,
        }
    }

    /// What was not read yet.
    pub(super) fn rest(&self) -> &'a str {
        self.rest
    }

    /// Whether a drawing or formula is open.
    pub(super) fn in_drawing(&self) -> bool {
        self.foreign > 0
    }

    /// The next piece; `None` at the end.
    pub(super) fn next(&mut self) -> Option<Found<'a>> {
        while !self.rest.is_empty() {
            if let Some(text) = self.character_data() {
                return Some(Found::Text(text));
            }
            if let Some(text) = self.endless_comment() {
                return Some(Found::Unseen(text));
            }
            let start = match self.rest.strip_prefix('<') {
                Some(inside) => match self.markup(inside) {
                    Some((found, length)) => {
                        self.rest = inside.get(length..).unwrap_or_default();
                        match found {
                            Some(tag) => return Some(Found::Tag(tag)),
                            None => continue,
                        }
                    }
                    None => 1,
                },
                None => 0,
            };
            let after = self.rest.get(start..).unwrap_or_default();
            let length = after.find('<').map_or(self.rest.len(), |at| at + start);
            let (text, rest) = self.rest.split_at(length);
            self.rest = rest;
            return Some(Found::Text(text));
        }
        None
    }

    /// What XML says in plain: `<![CDATA[text]]>`.
    fn character_data(&mut self) -> Option<&'a str> {
        let inside = self.rest.strip_prefix("<![CDATA[")?;
        let end = self.find(inside, "]]>")?;
        self.rest = inside.get(end + 3..)?;
        inside.get(..end)
    }

    /// Goes on behind the end tag of an element whose content is none of the author's words. Where that does not come,
    /// all the rest is its content, as for browsers: a text cut off within a style sheet shows nothing of it. How many
    /// characters that are is given, for among them may be words.
    pub(super) fn skip_content(&mut self, tag: &Tag<'a>) -> Option<usize> {
        if self.drawing && tag.closes_itself() {
            return None;
        }
        let rest = std::mem::take(&mut self.rest);
        match end_of_content(rest, &tag.name) {
            Some(after) => {
                self.rest = after;
                None
            }
            None => Some(rest.trim().chars().count()).filter(|length| *length > 0),
        }
    }

    /// The same where its end comes, and else not: the content of a title is words. Whether it has an end.
    pub(super) fn skip_ended(&mut self, tag: &Tag<'a>) -> bool {
        if self.drawing && tag.closes_itself() {
            return true;
        }
        if self.endless.contains(&tag.name) {
            return false;
        }
        let after = end_of_content(self.rest, &tag.name);
        match after {
            Some(after) => self.rest = after,
            None => self.endless.push(tag.name.clone()),
        }
        after.is_some()
    }

    /// A tag or a comment behind `<`, and its length; `None` for a sign that only looks like one.
    fn markup(&mut self, inside: &'a str) -> Option<(Option<Tag<'a>>, usize)> {
        let at = self.text.len() - inside.len() - 1;
        while self.words.as_slice().first().is_some_and(|word| *word <= at) {
            if self.words.next() == Some(at) {
                return None;
            }
        }
        if inside.starts_with("!--") {
            return self.comment(inside);
        }
        if declares(inside) {
            return self.find(inside, ">").map(|at| (None, at + 1));
        }
        let (closing, named) = match inside.strip_prefix('/') {
            Some(named) => (true, named),
            None => (false, inside),
        };
        let foreign = |named| (self.foreign > 0).then(|| foreign_name_of(named)).flatten();
        let (name, length) = name_of(named).or_else(|| foreign(named))?;
        let behind = named.get(length..)?;
        if !self.can_be_tag(at, named.get(..length)?, behind) {
            return None;
        }
        let before = usize::from(closing) + length;
        let Some(end) = self.end_of_tag(behind) else {
            // Cut off within the tag: its attributes are no text, words are.
            let next = behind.find('<').unwrap_or(behind.len());
            let attributes = behind.get(..next)?.contains('=');
            return attributes.then_some((None, before + next));
        };
        let tag = Tag {
            name,
            closing,
            at,
            attributes: behind.get(..end)?,
        };
        self.enter(&tag);
        Some((Some(tag), before + end + 1))
    }

    /// Whether a tag of that name is one: `<b and c>` and the type in `List<Object>` are words.
    fn can_be_tag(&self, at: usize, name: &str, behind: &str) -> bool {
        let end = behind.find(['<', '>']).unwrap_or(behind.len());
        let (attributes, ends) = behind.split_at(end);
        if name.eq_ignore_ascii_case("script")
            || name.eq_ignore_ascii_case("style")
            || attributes.contains('=')
        {
            return true;
        }
        let follows_word = || {
            let before = self.text.get(..at).and_then(|text| text.chars().next_back());
            before.is_some_and(char::is_alphanumeric)
        };
        let is_title = name.len() > 2
            && name.starts_with(|first: char| first.is_ascii_uppercase())
            && name.bytes().skip(1).all(|sign| sign.is_ascii_lowercase());
        let is_type = is_title && attributes.is_empty() && follows_word();
        ends.starts_with('>') && attributes.split_whitespace().all(is_flag) && !is_type
    }

    /// All behind the beginning of a comment without an end, where that hides it.
    fn endless_comment(&mut self) -> Option<&'a str> {
        let inside = self.rest.strip_prefix("<!--").filter(|_| self.hides)?;
        if self.comment(self.rest.get(1..)?).is_some() {
            return None;
        }
        self.rest = "";
        Some(inside)
    }

    /// A comment behind `<`. One that does not end is the author's own where nobody knows whether the text is HTML: who
    /// wrote it sees all of it lost; a sign that is no markup costs a reader less.
    fn comment(&mut self, inside: &'a str) -> Option<(Option<Tag<'a>>, usize)> {
        if self.endless.iter().any(|known| known == "--") {
            return None;
        }
        // `<!-->` is whole: the end may share the dashes of the beginning.
        let from = inside.get(1..)?;
        let end = |at: usize| match from.get(at + 2..)? {
            behind if behind.starts_with('>') => Some(1 + at + 3),
            behind if behind.starts_with("!>") && at > 1 => Some(1 + at + 4),
            _ => None,
        };
        let bytes = from.as_bytes();
        let mut dashes = (0..bytes.len()).filter(|at| bytes.get(*at..*at + 2) == Some(b"--"));
        let length = dashes.find_map(end);
        if length.is_none() {
            self.endless.push("--".to_owned());
        }
        length.map(|length| (None, length))
    }

    /// Takes note of where a tag leads: into a drawing or formula, out of one, back to HTML within it.
    fn enter(&mut self, tag: &Tag<'_>) {
        match (tag.name.as_str(), tag.closing) {
            ("svg" | "math", false) if !tag.closes_itself() => {
                self.foreign += 1;
                self.drawing = true;
            }
            ("svg" | "math", true) => {
                self.foreign = self.foreign.saturating_sub(1);
                self.drawing = self.foreign > 0;
            }
            ("foreignobject" | "desc", closing) if self.foreign > 0 => self.drawing = closing,
            (name, false) if self.drawing && breaks_out(name) => {
                self.foreign = 0;
                self.drawing = false;
            }
            _ => {}
        }
    }

    fn find(&mut self, text: &str, wanted: &str) -> Option<usize> {
        if self.endless.iter().any(|known| known == wanted) {
            return None;
        }
        let at = text.find(wanted);
        if at.is_none() {
            self.endless.push(wanted.to_owned());
        }
        at
    }

    /// Where a tag ends: at a `>` outside of quoted values; where a quotation left open swallows all the rest, from
    /// there on at any.
    fn end_of_tag(&mut self, text: &str) -> Option<usize> {
        if !self.unpaired {
            let end = self.end_outside_of_quotes(text);
            self.unpaired = end.is_none();
            if end.is_some() {
                return end;
            }
        }
        self.find(text, ">")
    }

    fn end_outside_of_quotes(&mut self, text: &str) -> Option<usize> {
        let (mut at, mut value) = (0, false);
        while let Some(byte) = text.as_bytes().get(at) {
            at += 1;
            match byte {
                b'>' => return Some(at - 1),
                b'"' | b'\'' if value => {
                    value = false;
                    let quote = if *byte == b'"' { "\"" } else { "'" };
                    if let Some(end) = self.find(text.get(at..)?, quote) {
                        at += end + 1;
                    }
                }
                b'=' => value = true,
                byte if byte.is_ascii_whitespace() => {}
                _ => value = false,
            }
        }
        None
    }
}
