//! Finds the tags in a text, each place of it looked at once or twice whatever stands there.

use std::borrow::Cow;

/// Whether an element stands on lines of its own; those with more to them than that are not among these.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "header"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "option"
            | "section"
            | "summary"
            | "tr"
            | "ul"
    )
}

/// The other elements of HTML: `<jane@acme.example>` and `<y then` are the author's own words.
fn is_other(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "applet"
            | "area"
            | "audio"
            | "b"
            | "base"
            | "basefont"
            | "bdi"
            | "bdo"
            | "big"
            | "blockquote"
            | "br"
            | "button"
            | "canvas"
            | "cite"
            | "code"
            | "col"
            | "colgroup"
            | "data"
            | "datalist"
            | "del"
            | "dfn"
            | "dialog"
            | "dir"
            | "em"
            | "embed"
            | "font"
            | "frame"
            | "frameset"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "i"
            | "iframe"
            | "img"
            | "input"
            | "ins"
            | "kbd"
            | "label"
            | "link"
            | "map"
            | "mark"
            | "menu"
            | "meta"
            | "meter"
            | "nobr"
            | "noscript"
            | "object"
            | "output"
            | "p"
            | "param"
            | "picture"
            | "pre"
            | "q"
            | "s"
            | "samp"
            | "script"
            | "select"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "style"
            | "sub"
            | "sup"
            | "svg"
            | "table"
            | "tbody"
            | "td"
            | "textarea"
            | "tfoot"
            | "th"
            | "thead"
            | "time"
            | "title"
            | "tt"
            | "u"
            | "var"
            | "video"
            | "wbr"
    )
}

/// The name of a tag, in small letters, where it is one of HTML or, like `o:p`, of the programs that write it.
fn known(name: &str) -> Option<String> {
    let name = name.to_ascii_lowercase();
    let of_office = || {
        let (space, local) = name.split_once(':')?;
        let letters = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (space.len() <= 3 && letters(space) && letters(local)).then_some(())
    };
    let known = is_block(&name) || is_other(&name) || of_office().is_some();
    known.then_some(name)
}

/// A start tag or an end tag.
#[derive(Debug)]
pub(super) struct Tag<'a> {
    pub(super) name: String,
    pub(super) closing: bool,
    /// All between its name and its end.
    attributes: &'a str,
}

/// A piece of a text.
pub(super) enum Found<'a> {
    Text(&'a str),
    Tag(Tag<'a>),
}

/// Whether there is any tag or comment of HTML in a text.
pub(super) fn any(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = rest.get(at + 1..).unwrap_or_default();
        let declares = rest.starts_with("!--")
            || rest
                .get(..8)
                .is_some_and(|word| word.eq_ignore_ascii_case("!doctype"));
        if declares || name_of(rest.strip_prefix('/').unwrap_or(rest)).is_some() {
            return true;
        }
    }
    false
}

/// The known name a tag begins with, and its length.
fn name_of(text: &str) -> Option<(String, usize)> {
    const LONGEST: usize = 16;
    let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/');
    let length = text.bytes().take(LONGEST).position(|byte| ends(&byte))?;
    Some((known(text.get(..length)?)?, length))
}

/// Goes through a text, from tag to tag.
pub(super) struct Reader<'a> {
    rest: &'a str,
    /// What is known not to come any more is not looked for again.
    endless: Vec<String>,
    /// Quotes are no longer in pairs.
    unpaired: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Reader {
            rest: text,
            endless: Vec::new(),
            unpaired: false,
        }
    }

    /// The next piece; `None` at the end.
    pub(super) fn next(&mut self) -> Option<Found<'a>> {
        while !self.rest.is_empty() {
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

    /// Goes on behind the end tag of an element whose content is no text; where it has none, its content is read.
    pub(super) fn skip_to_end_of(&mut self, name: &str) {
        if self.endless.iter().any(|known| known == name) {
            return;
        }
        let mut at = 0;
        while let Some(next) = self.rest.get(at..).and_then(|rest| self.find(rest, "</")) {
            at += next + 2;
            let end = self.rest.get(at..).unwrap_or_default();
            if end
                .get(..name.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(name))
            {
                let close = end.find('>').map_or(end.len(), |close| close + 1);
                self.rest = end.get(close..).unwrap_or_default();
                return;
            }
        }
        self.endless.push(name.to_owned());
    }

    /// A tag or a comment behind `<`, and its length; `None` for a sign that only looks like one.
    fn markup(&mut self, inside: &'a str) -> Option<(Option<Tag<'a>>, usize)> {
        if let Some(comment) = inside.strip_prefix("!--") {
            // `<!-->` is whole: the end may share the dashes of the beginning.
            let from = inside.get(1..).unwrap_or(comment);
            return self.find(from, "-->").map(|at| (None, 1 + at + 3));
        }
        let declares = |next: char| next.is_ascii_alphabetic() || next == '[';
        if inside
            .strip_prefix(['!', '?'])
            .is_some_and(|word| word.starts_with(declares))
        {
            return self.find(inside, ">").map(|at| (None, at + 1));
        }
        let (closing, named) = match inside.strip_prefix('/') {
            Some(named) => (true, named),
            None => (false, inside),
        };
        let (name, length) = name_of(named)?;
        let behind = named.get(length..)?;
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
            attributes: behind.get(..end)?,
        };
        Some((Some(tag), before + end + 1))
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

impl<'a> Tag<'a> {
    /// Whether it gives an attribute a value.
    pub(super) fn has_values(&self) -> bool {
        self.attributes.contains('=')
    }

    /// The quoted value of an attribute.
    pub(super) fn attribute(&self, wanted: &str) -> Option<&'a str> {
        let mut rest = self.attributes;
        while let Some((name, behind)) = rest.split_once('=') {
            let behind = behind.trim_start();
            let quote = behind.chars().next().filter(|sign| matches!(sign, '"' | '\''));
            let (value, after) = match quote {
                Some(quote) => behind.get(1..)?.split_once(quote)?,
                None => behind.split_once(char::is_whitespace).unwrap_or((behind, "")),
            };
            let name = name.split_whitespace().next_back().unwrap_or_default();
            if name.eq_ignore_ascii_case(wanted) {
                return Some(value);
            }
            rest = after;
        }
        None
    }
}

/// The text without what stands between `<` and `>`: what is shown when markup could not be read.
pub(super) fn stripped(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, inside)) = rest.split_once('<') {
        text.push_str(before);
        let opens = inside.starts_with(|sign: char| sign.is_ascii_alphabetic() || matches!(sign, '/' | '!'));
        match inside.split_once('>').filter(|_| opens) {
            Some((_, behind)) => {
                text.push(' ');
                rest = behind;
            }
            None if opens => {
                rest = "";
                text.push_str(inside);
            }
            None => {
                text.push('<');
                rest = inside;
            }
        }
    }
    text.push_str(rest);
    let text: Cow<'_, str> = htmlize::unescape(text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
