//! Words that nobody reads although their place is on the page: letters of no size, or of the colour of what stands behind
//! them. What stands within may be seen again: pictures, and elements with letters of their own.

use super::colour::{Colour, Paint, paint};
use super::sheets::Sheets;
use super::style::Style;
use super::tags::Tag;
use super::unseen::{Open, mark_of};

/// What keeps words from being seen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cause {
    Size,
    Colour,
}

/// Elements within elements that hide words and show them again; further ones show no more.
const DEEPEST: usize = 8;

/// An element that says whether its words are seen, as long as it is open.
struct Layer {
    open: Open,
    /// Why they are not; none where they are although those around them are not.
    cause: Option<Cause>,
    /// Those that were not seen.
    text: String,
}

/// What words stand on now, and whether they are seen on it.
#[derive(Default)]
pub(super) struct Sight {
    /// The innermost last.
    layers: Vec<Layer>,
    /// The elements that are painted, the innermost last, and with what, where that is known.
    grounds: Vec<(Open, Option<Colour>)>,
    /// What is behind the page.
    page: Option<Option<Colour>>,
    /// Something may lie anywhere on it.
    is_overlaid: bool,
}

impl Sight {
    /// On a page of these sheets, which may leave out the tags of what is behind all.
    pub(super) fn on(sheets: &Sheets) -> Self {
        let painted = ["body", "html"].map(|name| match sheets.of_name(name).ground() {
            Paint::Unsaid | Paint::Clear => None,
            Paint::Plain(colour) => Some(Some(colour)),
            Paint::Unknown => Some(None),
        });
        let elsewhere = sheets.imports.then_some(None);
        Sight {
            page: elsewhere.or_else(|| painted.into_iter().flatten().next()),
            ..Sight::default()
        }
    }

    /// Takes the words that are not seen.
    pub(super) fn hears(&mut self, text: &str) -> bool {
        let muted = self.layers.last_mut().filter(|layer| layer.cause.is_some());
        let is_muted = muted.is_some();
        if let Some(layer) = muted {
            layer.text.push_str(text);
        }
        is_muted
    }

    /// Takes note of a tag and its style; gives the mark of words before it that were not seen.
    pub(super) fn tag(&mut self, tag: &Tag<'_>, style: Option<&Style>) -> Option<String> {
        let ended = self
            .layers
            .iter_mut()
            .position(|layer| layer.open.ends(tag).is_some());
        let mark = ended.and_then(|at| self.cut(at));
        if is_sheet(tag) {
            self.page = Some(None);
        }
        self.leave(tag);
        self.is_overlaid |= !tag.closing && style.is_some_and(|style| style.is_laid_over() && !style.hides());
        if matches!(tag.name.as_str(), "col" | "colgroup") && !tag.closing && ground_of(tag, style).is_some()
        {
            // It is painted behind some cells of the table around it.
            self.grounds.push((Open::called("table"), None));
        }
        if tag.closing || tag.is_void() || is_whole(tag) {
            return mark;
        }
        let ground = ground_of(tag, style);
        let around = self.ground();
        let is_sure = around.is_some() || self.grounds.is_empty() && !self.is_overlaid;
        let behind = ground.unwrap_or(around).filter(|_| is_sure);
        let cause = cause(tag, style, behind);
        let muted = self.layers.last().and_then(|layer| layer.cause);
        let shows = |muted| match muted {
            Cause::Size => has_size(tag, style),
            Cause::Colour => ground.is_some() || !matches!(letters(tag, style), Paint::Unsaid),
        };
        let before = match (muted, cause) {
            (None, Some(_)) if self.layers.len() == DEEPEST => self.cut(DEEPEST - 1),
            (None, Some(_)) => self.layer(tag, cause),
            (Some(muted), None) if self.layers.len() < DEEPEST && shows(muted) => self.layer(tag, None),
            _ => None,
        };
        self.grounds.extend(ground.map(|colour| (Open::of(tag), colour)));
        mark.or(before)
    }

    /// The mark of what is not seen at the end.
    pub(super) fn end(&mut self) -> Option<String> {
        self.cut(0)
    }

    /// Another layer; gives the mark of what the one around it has taken.
    fn layer(&mut self, tag: &Tag<'_>, cause: Option<Cause>) -> Option<String> {
        let around = self
            .layers
            .last_mut()
            .map(|layer| std::mem::take(&mut layer.text));
        self.layers.push(Layer {
            open: Open::of(tag),
            cause,
            text: String::new(),
        });
        mark_of(around?)
    }

    /// Ends the layers from this one on.
    fn cut(&mut self, from: usize) -> Option<String> {
        mark_of(self.layers.drain(from..).map(|layer| layer.text).collect())
    }

    /// What stands behind words now; none where nobody can say: they may lie over the edge of what is painted last.
    fn ground(&self) -> Option<Colour> {
        if self.is_overlaid || self.grounds.iter().any(|(_, colour)| colour.is_none()) {
            return None;
        }
        match self.grounds.last() {
            Some((_, colour)) => *colour,
            None => self.page.unwrap_or(Some(Colour::WHITE)),
        }
    }

    /// Forgets the painted elements that a tag ends.
    fn leave(&mut self, tag: &Tag<'_>) {
        while self
            .grounds
            .last_mut()
            .is_some_and(|(open, _)| open.ends(tag).is_some())
        {
            self.grounds.pop();
        }
    }
}

/// Whether a tag brings a sheet of styles from elsewhere.
fn is_sheet(tag: &Tag<'_>) -> bool {
    let rel = (tag.name == "link").then(|| tag.attribute("rel")).flatten();
    rel.is_some_and(|rel| rel.to_ascii_lowercase().contains("stylesheet"))
}

/// Whether an element of a drawing of Office has no end tag to come.
fn is_whole(tag: &Tag<'_>) -> bool {
    tag.name.contains(':') && tag.closes_itself()
}

/// What a tag paints its element with: known, or not. What Office fills with a colour, no browser does.
fn ground_of(tag: &Tag<'_>, style: Option<&Style>) -> Option<Option<Colour>> {
    let is_shape = tag.name.strip_prefix("v:").is_some_and(|shape| shape != "fill");
    if is_shape && !is_whole(tag) {
        return Some(None);
    }
    let by_name = match tag.attribute("bgcolor") {
        Some(colour) => paint(colour),
        None => Paint::Unsaid,
    };
    let painted = match style.map(Style::ground) {
        None | Some(Paint::Unsaid) => by_name,
        Some(said) => said,
    };
    match painted {
        Paint::Unknown => Some(None),
        _ if tag.attribute("background").is_some() || has_thick_edge(tag) => Some(None),
        Paint::Plain(colour) => Some(Some(colour)),
        Paint::Clear | Paint::Unsaid => None,
    }
}

/// Whether a table has an edge that words fit on.
fn has_thick_edge(tag: &Tag<'_>) -> bool {
    let edge = (tag.name == "table").then(|| tag.attribute("border")).flatten();
    edge.and_then(|edge| edge.trim().parse().ok())
        .is_some_and(|edge: u32| edge > 3)
}

/// What the words of an element are painted with. Links, marks and fields have a colour of their own.
fn letters(tag: &Tag<'_>, style: Option<&Style>) -> Paint {
    let by_name = || match tag.name.as_str() {
        "font" => tag.attribute("color").map_or(Paint::Unsaid, paint),
        "a" if tag.attribute("href").is_some() => Paint::Unknown,
        "mark" | "button" | "select" | "textarea" => Paint::Unknown,
        _ => Paint::Unsaid,
    };
    style.and_then(Style::letters).unwrap_or_else(by_name)
}

/// Whether an element says how large its words are, and they are seen.
fn has_size(tag: &Tag<'_>, style: Option<&Style>) -> bool {
    let by_name = || match tag.name.as_str() {
        "font" => tag.attribute("size").is_some(),
        name => matches!(name, "button" | "select" | "textarea"),
    };
    let is_tiny = style.and_then(Style::is_tiny);
    is_tiny.map_or_else(by_name, |is_tiny| !is_tiny)
}

/// Why the words of an element are not seen, where they are not.
fn cause(tag: &Tag<'_>, style: Option<&Style>, behind: Option<Colour>) -> Option<Cause> {
    if style.and_then(Style::is_tiny) == Some(true) {
        return Some(Cause::Size);
    }
    let is_unseen = match letters(tag, style) {
        // A picture may be cut to the form of the letters.
        Paint::Clear => behind.is_some(),
        Paint::Plain(colour) => behind.is_some_and(|behind| behind.is_like(colour)),
        Paint::Unknown | Paint::Unsaid => false,
    };
    is_unseen.then_some(Cause::Colour)
}
