//! Which elements a rule of a sheet is about: certainly where its selector is simple, possibly where it is not.

use super::tags::Tag;

/// The name, the classes and the id of an element.
pub(super) struct Keys {
    name: String,
    classes: Vec<String>,
    id: Option<String>,
}

impl Keys {
    /// Those of the element that begins with this tag.
    pub(super) fn of(tag: &Tag<'_>) -> Self {
        let value = |name| tag.attribute(name).map(htmlize::unescape_attribute);
        let classes = value("class").unwrap_or_default();
        Keys {
            name: tag.name.clone(),
            classes: classes.split_ascii_whitespace().map(str::to_owned).collect(),
            id: value("id").map(|id| id.into_owned()),
        }
    }

    /// The simple selectors it is meant by, each with its strength.
    pub(super) fn certain(&self) -> impl Iterator<Item = (usize, String)> {
        let name = &self.name;
        let classes = self.classes.iter().map(|class| format!(".{class}"));
        let ids = self.id.iter().map(|id| format!("#{id}"));
        let marks = classes.map(|mark| (10, mark)).chain(ids.map(|mark| (100, mark)));
        let marks = marks.flat_map(move |(strength, mark)| {
            let with_name = format!("{name}{mark}");
            [(strength, mark), (strength + 1, with_name)]
        });
        let names = [(0, "*".to_owned()), (1, name.clone())];
        names.into_iter().chain(marks)
    }

    /// What [`key`] may make of a selector that means it: in some pages capitals count for nothing.
    pub(super) fn doubtful(&self) -> impl Iterator<Item = String> {
        let classes = self
            .classes
            .iter()
            .map(|class| format!(".{}", class.to_lowercase()));
        let ids = self.id.iter().map(|id| format!("#{}", id.to_lowercase()));
        let names = [String::new(), self.name.clone()];
        names.into_iter().chain(classes).chain(ids)
    }
}

/// The selectors of a rule; one where they cannot be told apart.
pub(super) fn each(selectors: &str) -> impl Iterator<Item = &str> {
    let apart = if is_odd(selectors) { '\0' } else { ',' };
    selectors.split(apart).map(str::trim)
}

/// Whether all of a rule's selectors are such as every browser knows: one that it does not makes the whole rule void.
pub(super) fn are_known(selectors: &str) -> bool {
    let is_known = |selector: &str| {
        let mut parts = parts(selector).peekable();
        parts.peek().is_some() && parts.all(|part| marks(part).is_some())
    };
    !is_odd(selectors) && each(selectors).all(is_known)
}

/// A selector of one element by no more than its name and a class or an id.
pub(super) fn simple(selector: &str) -> Option<String> {
    let (name, marks) = marks(selector)?;
    match marks.as_slice() {
        [] => Some(name.to_ascii_lowercase()),
        [mark] if name == "*" => Some((*mark).to_owned()),
        [mark] => Some(format!("{}{mark}", name.to_ascii_lowercase())),
        _ => None,
    }
}

/// What the elements of a selector have in common; an empty text where nothing is known of them.
pub(super) fn key(selector: &str) -> String {
    if is_odd(selector) {
        return String::new();
    }
    let last = parts(selector).last().unwrap_or_default();
    let last = last.split(':').next().unwrap_or_default();
    match marks(last) {
        Some((name, marks)) => {
            let id = marks.iter().find(|mark| mark.starts_with('#'));
            let mark = id.or(marks.first()).map(|mark| mark.to_lowercase());
            mark.unwrap_or_else(|| match name {
                "*" => String::new(),
                name => name.to_ascii_lowercase(),
            })
        }
        None => String::new(),
    }
}

/// Whether commas or blanks may stand within a part of it, or letters are written by their numbers.
fn is_odd(selectors: &str) -> bool {
    selectors.contains(['(', '[', '"', '\\'])
}

/// The elements a selector names, the one that it means last.
fn parts(selector: &str) -> impl Iterator<Item = &str> {
    let apart = |sign: char| sign.is_ascii_whitespace() || matches!(sign, '>' | '+' | '~');
    selector.split(apart).filter(|part| !part.is_empty())
}

/// The name of an element, `*` for any, and its classes and ids as they are written.
fn marks(part: &str) -> Option<(&str, Vec<&str>)> {
    let ends = part.find(['.', '#']).unwrap_or(part.len());
    let (name, mut rest) = part.split_at(ends);
    let mut marks = Vec::new();
    while !rest.is_empty() {
        let behind = rest.get(1..)?;
        let ends = behind.find(['.', '#']).unwrap_or(behind.len()) + 1;
        let (mark, after) = rest.split_at(ends);
        marks.push(mark);
        rest = after;
    }
    let is_name = |text: &str| {
        let begins = |sign: char| sign.is_alphabetic() || sign == '_';
        let goes_on = |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '-');
        text.trim_start_matches('-').starts_with(begins) && text.chars().all(goes_on)
    };
    let named = match name {
        "" if marks.is_empty() => return None,
        "" | "*" => "*",
        name if is_name(name) => name,
        _ => return None,
    };
    let all = marks.iter().all(|mark| mark.get(1..).is_some_and(is_name));
    all.then_some((named, marks))
}
