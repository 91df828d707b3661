//! What a text shows that is no text: pictures, films, fields of a form. Each leaves a mark, by its name where it has one.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::links::address;
use super::style::Style;
use super::tags::Tag;

/// A longer name is no name.
const LONGEST: usize = 100;

/// The mark of an element; none where nobody sees it.
pub(super) fn describe(tag: &Tag<'_>, style: Option<&Style>) -> Option<String> {
    match tag.name.as_str() {
        "input" => field(tag),
        _ if is_unseen(tag) || style.is_some_and(Style::hides) => None,
        "img" | "image" => Some(picture(tag)),
        name => {
            let source = value(tag, "src").and_then(|source| address(&source));
            Some(source.map_or_else(|| format!("[{name}]"), |source| format!("[{name}: {source}]")))
        }
    }
}

fn value(tag: &Tag<'_>, name: &str) -> Option<String> {
    let value = htmlize::unescape_attribute(tag.attribute(name)?);
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    (!value.is_empty()).then_some(value)
}

/// What mail programs and senders of newsletters put in to be told that a mail was read.
fn is_unseen(tag: &Tag<'_>) -> bool {
    let is_dot = |side: &str| {
        let length = value(tag, side);
        length.is_some_and(|length| matches!(length.trim_end_matches("px"), "0" | "1"))
    };
    is_dot("width") && is_dot("height")
}

/// A sign that stands for itself, or `[image: name #1a2b]`: by its sign one picture is told from another of its name.
fn picture(tag: &Tag<'_>) -> String {
    let said = value(tag, "alt");
    if let Some(sign) = said.as_deref().filter(|said| is_sign(said)) {
        return sign.to_owned();
    }
    let name = said.or_else(|| value(tag, "title")).or_else(|| file(tag));
    let parts = [name.map(|name| format!(": {name}")), sign_of(tag)];
    format!("[image{}]", parts.into_iter().flatten().collect::<String>())
}

/// What tells a picture from others, by where it is kept.
fn sign_of(tag: &Tag<'_>) -> Option<String> {
    let source = value(tag, "src")?;
    let mut hasher = DefaultHasher::new();
    source.hash(&mut hasher);
    Some(format!(" #{:04x}", hasher.finish() & 0xffff))
}

/// A smiley or another sign without letters.
fn is_sign(text: &str) -> bool {
    text.chars().count() <= 8 && !text.chars().any(char::is_alphanumeric)
}

/// The name of its file: the end of a path, or of a part of the mail as in `cid:image001.png@01DB`.
fn file(tag: &Tag<'_>) -> Option<String> {
    let source = value(tag, "src")?;
    let path = match source.split_once(':') {
        Some((scheme, part)) if scheme.eq_ignore_ascii_case("cid") => part.split('@').next()?,
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("data") => return None,
        _ => source.split(['?', '#']).next()?,
    };
    let name = path.rsplit('/').next()?;
    let (start, ending) = name.rsplit_once('.')?;
    let is_ending =
        (2..=5).contains(&ending.len()) && ending.bytes().all(|sign| sign.is_ascii_alphanumeric());
    (is_ending && !start.is_empty() && name.len() <= LONGEST).then(|| name.to_owned())
}

/// What a person sees of a field of a form.
fn field(tag: &Tag<'_>) -> Option<String> {
    let kind = value(tag, "type").unwrap_or_default().to_ascii_lowercase();
    let is_checked = tag.has_flag("checked");
    match kind.as_str() {
        "hidden" | "password" | "file" => None,
        "checkbox" => Some(if is_checked { "[x]" } else { "[ ]" }.to_owned()),
        "radio" => Some(if is_checked { "(x)" } else { "( )" }.to_owned()),
        "image" => Some(picture(tag)),
        _ => value(tag, "value"),
    }
}
