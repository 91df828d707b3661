//! Which elements a rule of a sheet is about, as far as the tag of one tells: its name, its classes and its id. What hangs on
//! other elements, on attributes or on a place among others, is only perhaps about it.

use std::collections::HashSet;

use cssparser::{ParseError, Parser, Token};

use super::tags::Tag;

/// What is never so of a text that is only read.
const NEVER: [&str; 7] = [
    "hover",
    "active",
    "focus",
    "focus-within",
    "focus-visible",
    "target",
    "visited",
];
/// Boxes beside the words of an element.
const BESIDE: [&str; 8] = [
    "before",
    "after",
    "first-line",
    "first-letter",
    "selection",
    "placeholder",
    "marker",
    "backdrop",
];

/// Whether a rule is about an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum About {
    Perhaps,
    Surely,
}

/// How strong a selector is: its ids, its classes, its names.
pub(super) type Strength = (u16, u16, u16);

/// One selector of a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Selector {
    /// The name of its element; none for any.
    name: Option<String>,
    /// Its classes and ids, as they are written: `.a`, `#b`.
    marks: Vec<String>,
    /// More than the tag decides.
    is_open: bool,
    pub(super) strength: Strength,
}

/// The name, the classes and the id of an element.
pub(super) struct Keys {
    pub(super) name: String,
    marks: HashSet<String>,
    /// The same in small letters.
    small: HashSet<String>,
}

impl Keys {
    /// Those of the element that begins with this tag.
    pub(super) fn of(tag: &Tag<'_>) -> Self {
        let value = |name| tag.attribute(name).map(htmlize::unescape_attribute);
        let classes = value("class").unwrap_or_default();
        let classes = classes.split_ascii_whitespace().map(|class| format!(".{class}"));
        let id = value("id").map(|id| format!("#{id}"));
        let marks: HashSet<String> = classes.chain(id).collect();
        Keys {
            name: tag.name.clone(),
            small: marks.iter().map(|mark| mark.to_lowercase()).collect(),
            marks,
        }
    }

    /// Those of an element of that name without any.
    pub(super) fn called(name: &str) -> Self {
        Keys {
            name: name.to_owned(),
            marks: HashSet::new(),
            small: HashSet::new(),
        }
    }

    /// What [`Selector::key`] may be of a selector that is about it.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        let marks = self.small.iter().map(String::as_str);
        ["", self.name.as_str()].into_iter().chain(marks)
    }
}

impl Selector {
    /// Of whatever element, and nobody knows of which.
    pub(super) fn any() -> Self {
        Selector {
            is_open: true,
            strength: (u16::MAX, 0, 0),
            ..Selector::default()
        }
    }

    /// What all of its elements have: an id, a class or a name, in small letters; an empty text where nothing is known.
    pub(super) fn key(&self) -> String {
        let id = self.marks.iter().find(|mark| mark.starts_with('#'));
        let mark = id.or(self.marks.first()).map(|mark| mark.to_lowercase());
        mark.or(self.name.clone()).unwrap_or_default()
    }

    /// Whether it is about an element; none where it is not. In some pages capitals count for nothing.
    pub(super) fn is_about(&self, keys: &Keys) -> Option<About> {
        let is_named = self.name.as_ref().is_none_or(|name| *name == keys.name);
        let has = |mark: &String| keys.marks.contains(mark);
        let is_like = |mark: &String| keys.small.contains(&mark.to_lowercase());
        match is_named {
            true if !self.is_open && self.marks.iter().all(has) => Some(About::Surely),
            true if self.marks.iter().all(is_like) => Some(About::Perhaps),
            _ => None,
        }
    }
}

/// A selector as it is read, up to the next comma.
#[derive(Default)]
struct Reading {
    selector: Selector,
    /// A blank or a sign came: what follows is another element.
    is_apart: bool,
    /// It is about no words that are read.
    is_never: bool,
    /// Something stands there.
    is_begun: bool,
}

/// The selectors of a rule, but for those that are never about words.
///
/// # Errors
/// One is no selector: browsers pass the whole rule over.
pub(super) fn read(input: &mut Parser<'_>) -> Result<Vec<Selector>, ParseError<()>> {
    let mut all = Vec::new();
    let mut reading = Reading::default();
    // A browser that does not know one of them passes the rule over; another one may know it.
    let mut is_known = true;
    input.skip_whitespace();
    while let Ok(token) = input.next_including_whitespace().cloned() {
        match token {
            Token::Comma => {
                all.extend(std::mem::take(&mut reading).end()?);
                input.skip_whitespace();
            }
            Token::WhiteSpace(_) | Token::Delim('>' | '+' | '~') => reading.is_apart = true,
            Token::Colon => is_known &= reading.condition(input)?,
            token => reading.take(&token, input)?,
        }
    }
    all.extend(reading.end()?);
    for selector in &mut all {
        selector.is_open |= !is_known;
    }
    Ok(all)
}

impl Reading {
    fn take(&mut self, token: &Token<'_>, input: &mut Parser<'_>) -> Result<(), ParseError<()>> {
        self.begin();
        match token {
            Token::Ident(name) if self.is_empty() => {
                self.selector.name = Some(name.to_ascii_lowercase());
                self.selector.strength.2 += 1;
            }
            Token::Delim('*') if self.is_empty() => {}
            Token::Delim('.') => {
                let class = input.expect_ident().map_err(|_| ParseError::unexpected_token())?;
                self.selector.marks.push(format!(".{class}"));
                self.selector.strength.1 = self.selector.strength.1.saturating_add(1);
            }
            Token::IDHash(id) => {
                self.selector.marks.push(format!("#{id}"));
                self.selector.strength.0 = self.selector.strength.0.saturating_add(1);
            }
            Token::SquareBracketBlock => {
                self.selector.is_open = true;
                self.selector.strength.1 = self.selector.strength.1.saturating_add(1);
            }
            // Names of spaces, and the element of the rule around it.
            Token::Delim('|' | '&') => self.selector = Selector::any(),
            _ => return Err(ParseError::unexpected_token()),
        }
        Ok(())
    }

    /// Takes a condition behind a colon; tells whether it is known.
    fn condition(&mut self, input: &mut Parser<'_>) -> Result<bool, ParseError<()>> {
        self.begin();
        let is_box = input.try_parse(|input| input.expect_colon()).is_ok();
        let token = input.next_including_whitespace().cloned();
        let token = token.map_err(|_| ParseError::unexpected_token())?;
        let name = match &token {
            Token::Ident(name) | Token::Function(name) => name.to_ascii_lowercase(),
            _ => return Err(ParseError::unexpected_token()),
        };
        if BESIDE.contains(&name.as_str()) || !is_box && NEVER.contains(&name.as_str()) {
            self.is_never = true;
            return Ok(true);
        }
        self.selector.is_open = true;
        // What stands in its brackets may be as strong as anything.
        self.selector.strength = match token {
            Token::Function(_) => (u16::MAX, 0, 0),
            _ => (
                self.selector.strength.0,
                self.selector.strength.1.saturating_add(1),
                self.selector.strength.2,
            ),
        };
        Ok(!is_box)
    }

    /// Something of an element is read: another one, where a sign stands before it.
    fn begin(&mut self) {
        if std::mem::take(&mut self.is_apart) && self.is_begun {
            self.selector.name = None;
            self.selector.marks.clear();
            self.selector.is_open = true;
        }
        self.is_begun = true;
    }

    fn is_empty(&self) -> bool {
        self.selector.name.is_none() && self.selector.marks.is_empty()
    }

    fn end(self) -> Result<Option<Selector>, ParseError<()>> {
        match self.is_begun {
            true => Ok((!self.is_never).then_some(self.selector)),
            false => Err(ParseError::unexpected_token()),
        }
    }
}
