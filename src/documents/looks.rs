//! Whether words of an Office text are seen: by the properties of their run, and by the styles that it and its paragraph name.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Unread;
use super::archive::attribute;

/// Styles that stand on one another.
const DEEPEST: usize = 20;
/// Half points of letters that are too small to be seen.
const TINY: u32 = 2;

/// What properties say of their words; nothing where they do not.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Look {
    vanishes: Option<bool>,
    is_white: Option<bool>,
    is_tiny: Option<bool>,
}

/// The styles of a text.
#[derive(Debug, Default)]
pub(super) struct Styles {
    known: HashMap<String, Style>,
    /// What is said of all words.
    defaults: Look,
    /// The style of paragraphs that name none.
    paragraph: Option<String>,
    /// Something in them is painted behind words.
    paints: bool,
}

#[derive(Debug, Default)]
struct Style {
    stands_on: Option<String>,
    look: Look,
}

impl Look {
    /// Hears one property.
    pub(super) fn hear(&mut self, property: &BytesStart<'_>) {
        let value = || attribute(property, "val").unwrap_or_default();
        match property.local_name().as_ref() {
            "vanish" => self.vanishes = Some(!is_off(property)),
            "color" => self.is_white = Some(value().eq_ignore_ascii_case("FFFFFF")),
            "sz" => self.is_tiny = value().parse().ok().map(|size: u32| size <= TINY),
            _ => {}
        }
    }

    /// This, and what another one says where this says nothing.
    fn or(self, other: Look) -> Look {
        Look {
            vanishes: self.vanishes.or(other.vanishes),
            is_white: self.is_white.or(other.is_white),
            is_tiny: self.is_tiny.or(other.is_tiny),
        }
    }
}

impl Styles {
    /// Those of a part of that kind.
    pub(super) fn read(text: &str) -> Result<Self, Unread> {
        let mut styles = Styles {
            paints: paints(text),
            ..Styles::default()
        };
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = false;
        let mut id = None;
        // Properties that are said of a row or column of a table only, or were changed, are no style's own.
        let mut apart = 0_usize;
        loop {
            match reader.read_event().map_err(Unread::broken)? {
                Event::Start(element) if is_apart(element.local_name().as_ref()) => apart += 1,
                Event::End(element) if is_apart(element.local_name().as_ref()) => {
                    apart = apart.saturating_sub(1)
                }
                Event::Start(element) | Event::Empty(element) if apart == 0 => styles.hear(&element, &mut id),
                Event::Eof => return Ok(styles),
                _ => {}
            }
        }
    }

    fn hear(&mut self, element: &BytesStart<'_>, id: &mut Option<String>) {
        let value = |name| attribute(element, name);
        match element.local_name().as_ref() {
            "style" => {
                let is_default =
                    value("default").is_some_and(|is| matches!(is.as_str(), "1" | "true" | "on"));
                *id = value("styleId");
                if is_default && value("type").as_deref() == Some("paragraph") {
                    self.paragraph.clone_from(id);
                }
            }
            name => {
                let style = id.as_ref().map(|id| self.known.entry(id.clone()).or_default());
                match (style, name) {
                    (Some(style), "basedOn") => style.stands_on = value("val"),
                    (Some(style), _) => style.look.hear(element),
                    (None, _) => self.defaults.hear(element),
                }
            }
        }
    }

    /// What a style says with all it stands on.
    fn look(&self, id: Option<&str>) -> Look {
        let mut look = Look::default();
        let mut next = id.and_then(|id| self.known.get(id));
        for _ in 0..DEEPEST {
            let Some(style) = next else { break };
            look = look.or(style.look);
            next = style.stands_on.as_ref().and_then(|id| self.known.get(id));
        }
        look
    }

    /// Whether words are not seen that have these properties and stand in these styles, on a part that is painted or not.
    pub(super) fn hide(
        &self,
        paragraph: Option<&str>,
        run: Option<&str>,
        own: Look,
        is_painted: bool,
    ) -> bool {
        let paragraph = self.look(paragraph.or(self.paragraph.as_deref()));
        let run = self.look(run);
        let said = own.or(run).or(paragraph).or(self.defaults);
        // Styles that say the same of it twice take it back (ECMA-376, 17.7.3).
        let is_on = |look: Look| look.vanishes == Some(true);
        let by_style = is_on(self.defaults) || is_on(paragraph) != is_on(run);
        own.vanishes.unwrap_or(by_style)
            || said.is_tiny == Some(true)
            || said.is_white == Some(true) && !is_painted && !self.paints
    }
}

/// Whether anything in a part is painted behind words, or holds them in a shape that may be.
pub(super) fn paints(part: &str) -> bool {
    let mut fills = part
        .split(" w:fill=")
        .skip(1)
        .map(|behind| behind.trim_start_matches(['"', '\'']));
    let is_plain = |fill: &str| {
        let fill = fill.get(..6).unwrap_or_default().to_ascii_uppercase();
        fill.starts_with("AUTO") || fill == "FFFFFF"
    };
    let marks = ["highlight ", "background ", "themeFill", "txbxContent"];
    fills.any(|fill| !is_plain(fill)) || marks.iter().any(|mark| part.contains(mark))
}

fn is_apart(name: &str) -> bool {
    matches!(name, "tblStylePr" | "pPr" | "rPrChange")
}

/// Whether a property is there to say that it is not.
pub(super) fn is_off(property: &BytesStart<'_>) -> bool {
    attribute(property, "val").is_some_and(|value| matches!(value.as_str(), "0" | "false" | "off" | "none"))
}
