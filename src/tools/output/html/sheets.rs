//! The sheets of styles in a page: which elements they certainly do not show. Selectors of one name, one class or one id count,
//! and a name with one of these. What is said of an element in another way, or for some screens alone, makes uncertain what it
//! says, and where anything is uncertain words are shown.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::selectors::{self, Keys};
use super::style::Style;
use super::tags::{Found, Reader, Tag};

/// What of a style can hide an element for certain; sizes, colours and margins are said in too many ways.
const MATTERS: [&str; 11] = [
    "bottom",
    "clip",
    "clip-path",
    "display",
    "left",
    "opacity",
    "position",
    "right",
    "top",
    "transform",
    "visibility",
];
/// What holds no rules of its own.
const WITHOUT_RULES: [&str; 6] = [
    "font-face",
    "keyframes",
    "page",
    "counter-style",
    "property",
    "viewport",
];

/// One declaration.
struct Word {
    important: bool,
    order: usize,
    value: String,
}

/// All sheets of one page.
#[derive(Default)]
pub(super) struct Sheets {
    /// What is said of the elements of a selector, whatever the screen.
    certain: HashMap<String, HashMap<&'static str, Word>>,
    /// What may be said otherwise of elements of that name, class or id, or of any.
    doubtful: HashMap<String, HashSet<&'static str>>,
    rules: usize,
    /// There is a sheet elsewhere, or a script, or something that is not understood: nothing is certain.
    is_unread: bool,
}

impl Sheets {
    /// Those of a page, in which the tags at these places are words.
    pub(super) fn of(html: &str, words: &[usize]) -> Self {
        let mut sheets = Sheets::default();
        let mut tags = html.as_bytes().windows(6);
        if !tags.any(|start| start.eq_ignore_ascii_case(b"<style")) {
            return sheets;
        }
        let mut reader = Reader::except(html, words.to_vec());
        // Within these nothing, or only what has no scripts, is shown.
        let mut apart = 0_usize;
        while let Some(found) = reader.next() {
            let Found::Tag(tag) = found else { continue };
            match (tag.name.as_str(), tag.closing) {
                ("template" | "noscript", false) => apart += 1,
                ("template" | "noscript", true) => apart = apart.saturating_sub(1),
                ("style", false) if !is_css(&tag) => {
                    reader.skip_content(&tag);
                }
                ("style", false) => {
                    let before = reader.rest();
                    reader.skip_content(&tag);
                    let length = before.len() - reader.rest().len();
                    let text = before.get(..length).unwrap_or_default();
                    let text = text.rsplit_once("</").map_or(text, |(text, _)| text);
                    let is_certain = apart == 0 && tag.attribute("media").is_none_or(is_every_screen);
                    sheets.is_unread |= sheets.read(text, is_certain).is_none();
                }
                ("script", false) => {
                    reader.skip_content(&tag);
                    sheets.is_unread = true;
                }
                ("title", false) => {
                    reader.skip_ended(&tag);
                }
                _ => sheets.is_unread |= is_sheet(&tag),
            }
        }
        sheets
    }

    /// What they and its own style say of an element; none where they say nothing for certain.
    pub(super) fn styled(&self, tag: &Tag<'_>, own: Option<&Style>) -> Option<Style> {
        // Pages hide themselves until a program shows them.
        let is_all = matches!(tag.name.as_str(), "html" | "body");
        if self.is_unread || self.certain.is_empty() || is_all {
            return None;
        }
        let keys = Keys::of(tag);
        let mut said: HashMap<&'static str, (usize, &Word)> = HashMap::new();
        for (strength, key) in keys.certain() {
            for (&matter, word) in self.certain.get(&key).into_iter().flatten() {
                let rank = |(strength, word): (usize, &Word)| (word.important, strength, word.order);
                let weaker = said
                    .get(matter)
                    .is_none_or(|before| rank(*before) < rank((strength, word)));
                if weaker {
                    said.insert(matter, (strength, word));
                }
            }
        }
        for key in keys.doubtful() {
            for matter in self.doubtful.get(&key).into_iter().flatten() {
                said.remove(matter);
            }
        }
        let said = said.into_iter();
        let said = said.map(|(matter, (_, word))| (matter, (word.important, word.value.clone())));
        let mut style = Style::saying(said.collect()).on(tag);
        style.add(own);
        Some(style)
    }

    /// Takes the rules of a sheet; nothing where it is not understood.
    fn read(&mut self, text: &str, is_certain: bool) -> Option<()> {
        let text = plain(text)?;
        let mut rest = &*text;
        // Around the rules: whether what they say is certain.
        let mut around = vec![is_certain];
        while let Some(at) = rest.find(['{', '}', ';']) {
            let (before, sign) = rest.split_at(at);
            let (before, behind) = (before.trim(), sign.get(1..)?);
            rest = match (sign.as_bytes().first()?, before.strip_prefix('@')) {
                (b'}', _) => {
                    around.pop().filter(|_| before.is_empty() && !around.is_empty())?;
                    behind
                }
                (b';', Some(rule)) if !rule.to_ascii_lowercase().starts_with("import") => behind,
                (b';', _) => return None,
                (_, Some(rule)) => {
                    let rule = rule.to_ascii_lowercase();
                    let ends = |sign: char| !sign.is_ascii_alphanumeric() && sign != '-';
                    let name = rule.split(ends).next().unwrap_or_default();
                    if WITHOUT_RULES.iter().any(|known| name.ends_with(known)) {
                        behind_block(behind)?
                    } else {
                        let is_certain = rule.strip_prefix("media").is_some_and(is_every_screen);
                        around.push(is_certain && around.last() == Some(&true));
                        behind
                    }
                }
                (_, None) => {
                    let end = behind.find(['{', '}']).unwrap_or(behind.len());
                    let (declarations, end) = behind.split_at(end);
                    if end.starts_with('{') {
                        return None;
                    }
                    self.rule(before, declarations, around.last() == Some(&true));
                    end.get(1..).unwrap_or_default()
                }
            };
        }
        Some(())
    }

    fn rule(&mut self, selectors: &str, declarations: &str, is_certain: bool) {
        self.rules += 1;
        let style = Style::read(declarations);
        let is_odd = is_odd(declarations);
        // What stands within a hidden element may be made visible again.
        let mut said = style.said();
        if said.any(|(matter, _, value)| matter == "visibility" && !hides_alone(matter, value)) {
            self.doubt(String::new(), ["visibility"].into_iter());
        }
        let is_certain = is_certain && selectors::are_known(selectors);
        for selector in selectors::each(selectors) {
            if is_odd {
                self.doubt(selectors::key(selector), MATTERS.into_iter());
            }
            let said = style.said().filter(|(matter, ..)| MATTERS.contains(matter));
            match selectors::simple(selector).filter(|_| is_certain) {
                Some(key) => {
                    let words = self.certain.entry(key).or_default();
                    for (matter, important, value) in said {
                        let yields = words.get(matter).is_none_or(|word| important || !word.important);
                        if yields {
                            let (order, value) = (self.rules, value.to_owned());
                            words.insert(
                                matter,
                                Word {
                                    important,
                                    order,
                                    value,
                                },
                            );
                        }
                    }
                }
                None => {
                    let shows = said.filter(|(matter, _, value)| !hides_alone(matter, value));
                    self.doubt(selectors::key(selector), shows.map(|(matter, ..)| matter));
                }
            }
        }
    }

    fn doubt(&mut self, key: String, matters: impl Iterator<Item = &'static str>) {
        self.doubtful.entry(key).or_default().extend(matters);
    }
}

fn is_css(tag: &Tag<'_>) -> bool {
    let kind = tag.attribute("type").unwrap_or_default();
    kind.trim().is_empty() || kind.trim().eq_ignore_ascii_case("text/css")
}

/// Whether a tag brings a sheet of styles from elsewhere.
pub(super) fn is_sheet(tag: &Tag<'_>) -> bool {
    let rel = (tag.name == "link").then(|| tag.attribute("rel")).flatten();
    rel.is_some_and(|rel| rel.to_ascii_lowercase().contains("stylesheet"))
}

/// Whether it is the same for all who read: a condition of none, or of any screen.
fn is_every_screen(media: &str) -> bool {
    matches!(
        media.trim().to_ascii_lowercase().as_str(),
        "" | "all" | "screen" | "only screen" | "screen,print" | "screen, print"
    )
}

/// Whether declarations say more than is read of them: all at once, little by little, or by the numbers of letters.
fn is_odd(declarations: &str) -> bool {
    let declarations = declarations.to_ascii_lowercase();
    let mut names = declarations
        .split(';')
        .filter_map(|one| Some(one.split_once(':')?.0.trim()));
    let says_more = |name: &str| name == "all" || name.contains("animation") || name.starts_with("inset");
    declarations.contains('\\') || names.any(says_more)
}

/// Whether a declaration shows nothing, whatever else is said.
fn hides_alone(matter: &str, value: &str) -> bool {
    matches!(
        (matter, value),
        ("display", "none") | ("visibility", "hidden") | ("opacity", "0")
    )
}

/// A sheet without comments, its strings empty; nothing where one of them has no end, or where a brace may be none.
fn plain(text: &str) -> Option<Cow<'_, str>> {
    if text.contains("\\{") || text.contains("\\}") {
        return None;
    }
    if !text.contains(['/', '"', '\'', '<', '>']) {
        return Some(Cow::Borrowed(text));
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['/', '"', '\'']) {
        let (before, here) = rest.split_at(at);
        kept.push_str(before);
        let mut inside = here.get(1..)?;
        if let Some(comment) = here.strip_prefix("/*") {
            rest = comment.split_once("*/")?.1;
            kept.push(' ');
        } else if here.starts_with('/') {
            kept.push('/');
            rest = inside;
        } else {
            let quote = here.chars().next()?;
            kept.push_str("\"\"");
            rest = loop {
                let (_, behind) = inside.split_at(inside.find([quote, '\\', '\n'])?);
                let mut signs = behind.chars();
                match signs.next()? {
                    '\n' => return None,
                    '\\' => signs.next().map(drop)?,
                    _ => break signs.as_str(),
                }
                inside = signs.as_str();
            };
        }
    }
    kept.push_str(rest);
    Some(Cow::Owned(kept.replace("<!--", " ").replace("-->", " ")))
}

/// What stands behind the block whose inside begins here.
fn behind_block(inside: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, sign) in inside.match_indices(['{', '}']) {
        match sign {
            "{" => depth += 1,
            _ if depth == 0 => return inside.get(at + 1..),
            _ => depth -= 1,
        }
    }
    Some("")
}
