//! What a style says of whether the text of its element is seen, read once however long it is.

use std::collections::HashMap;

use super::tags::Tag;

/// What is listened to.
const MATTERS: [&str; 21] = [
    "background",
    "background-color",
    "bottom",
    "clip",
    "color",
    "display",
    "font",
    "font-size",
    "height",
    "left",
    "margin-left",
    "max-height",
    "max-width",
    "opacity",
    "overflow",
    "padding-bottom",
    "position",
    "right",
    "text-indent",
    "top",
    "visibility",
];
/// Text is moved so far that no screen shows it: in points of a screen, and in letters or parts of it.
const FAR: f32 = -500.0;
const FAR_IN_LETTERS: f32 = -100.0;
/// Colours that differ by no more, in all three parts of them, are one to the eye.
const ALIKE: u16 = 24;

/// A colour in its parts.
#[derive(Clone, Copy)]
pub(super) struct Colour([u8; 3]);

/// What an element is painted with.
pub(super) enum Paint {
    /// Nothing is said.
    Unsaid,
    /// Something that is not read here: a picture, a name.
    Unknown,
    /// Nothing is painted.
    Clear,
    Plain(Colour),
}

/// The last word on each matter, an important one before all.
pub(super) struct Style(HashMap<&'static str, (bool, String)>);

impl Colour {
    pub(super) const WHITE: Colour = Colour([255; 3]);

    pub(super) fn is_like(self, other: Colour) -> bool {
        let parts = self.0.into_iter().zip(other.0);
        parts
            .map(|(one, other)| u16::from(one.abs_diff(other)))
            .sum::<u16>()
            <= ALIKE
    }
}

impl Style {
    /// The style of a tag; none where it has none.
    pub(super) fn of(tag: &Tag<'_>) -> Option<Self> {
        let style = htmlize::unescape_attribute(tag.attribute("style")?).to_ascii_lowercase();
        let mut said = HashMap::new();
        for (name, value) in style.split(';').filter_map(|one| one.split_once(':')) {
            let Some(matter) = MATTERS.into_iter().find(|matter| *matter == name.trim()) else {
                continue;
            };
            let value: String = value.split_whitespace().collect();
            let important = value.ends_with("!important");
            let is_firm = said.get(matter).is_some_and(|(firm, _)| *firm);
            if important || !is_firm {
                said.insert(
                    matter,
                    (important, value.trim_end_matches("!important").to_owned()),
                );
            }
        }
        Some(Style(said))
    }

    fn said(&self, matter: &str) -> &str {
        self.0.get(matter).map_or("", |(_, value)| value.as_str())
    }

    /// Whether it shows nothing of its element, whatever stands within.
    pub(super) fn hides(&self) -> bool {
        let is_cut = || {
            let sides = ["height", "max-height", "max-width"];
            let is_nothing = sides.into_iter().any(|side| is_zero(self.said(side)));
            // What is held open by its edge is the frame of a picture.
            let is_open = !matches!(self.said("padding-bottom"), "" | "0" | "0px");
            self.said("overflow") == "hidden" && is_nothing && !is_open
        };
        let is_away = || {
            let is_placed = matches!(self.said("position"), "absolute" | "fixed" | "relative");
            let sides = ["bottom", "left", "right", "top"];
            let is_off = is_placed && sides.into_iter().any(|side| is_far(self.said(side)));
            let clip = self.said("clip");
            let is_clipped = ["rect(0", "rect(1px,1px,1px,1px"]
                .into_iter()
                .any(|none| clip.starts_with(none));
            let is_clipped = is_clipped && matches!(self.said("position"), "absolute" | "fixed");
            is_off
                || is_clipped
                || ["text-indent", "margin-left"]
                    .into_iter()
                    .any(|side| is_far(self.said(side)))
        };
        self.said("display") == "none"
            || matches!(self.said("visibility"), "hidden" | "collapse")
            || is_seen_through(self.said("opacity"))
            || is_cut()
            || is_away()
    }

    /// Whether its letters are too small to be seen; `None` where it does not say how large they are.
    pub(super) fn is_tiny(&self) -> Option<bool> {
        let (size, font) = (self.said("font-size"), self.said("font"));
        match (size, font) {
            ("", "") => None,
            ("", font) => Some(font.starts_with("0/") || font.starts_with("0px")),
            (size, _) => {
                let (number, unit) = measure(size)?;
                Some(number == 0.0 || number <= 1.0 && matches!(unit, "px" | "pt"))
            }
        }
    }

    /// What its letters are painted with.
    pub(super) fn letters(&self) -> Paint {
        paint(self.said("color"))
    }

    /// What stands behind them.
    pub(super) fn ground(&self) -> Paint {
        match self.said("background-color") {
            "" => paint(self.said("background")),
            colour => paint(colour),
        }
    }
}

/// What a colour's name or number paints with.
pub(super) fn paint(text: &str) -> Paint {
    let text = text.trim().to_ascii_lowercase();
    let plain = |red, green, blue| Paint::Plain(Colour([red, green, blue]));
    if let Some(digits) = text.strip_prefix('#') {
        let digit = |at: usize| {
            digits
                .get(at..=at)
                .and_then(|one| u8::from_str_radix(one, 16).ok())
        };
        // Longer ones go on to a picture, or say how much shines through.
        let parts: Option<Vec<u8>> = (0..digits.len().min(7)).map(digit).collect();
        return match parts.as_deref() {
            Some([r, g, b]) => plain(r * 17, g * 17, b * 17),
            Some([r, s, g, h, b, c]) => plain(r * 16 + s, g * 16 + h, b * 16 + c),
            _ => Paint::Unknown,
        };
    }
    if let Some(inside) = text.strip_prefix("rgb").and_then(|rest| rest.split_once('(')) {
        let parts: Vec<&str> = inside.1.trim_end_matches(')').split(',').map(str::trim).collect();
        let part = |at: usize| parts.get(at).and_then(|part| part.parse::<u8>().ok());
        let is_clear = parts.get(3).is_some_and(|alpha| is_zero(alpha));
        return match (part(0), part(1), part(2)) {
            _ if is_clear => Paint::Clear,
            (Some(red), Some(green), Some(blue)) => plain(red, green, blue),
            _ => Paint::Unknown,
        };
    }
    match text.as_str() {
        "" | "inherit" | "initial" | "none" | "unset" => Paint::Unsaid,
        "transparent" => Paint::Clear,
        "white" | "snow" | "ivory" | "ghostwhite" | "floralwhite" => Paint::Plain(Colour::WHITE),
        "black" => plain(0, 0, 0),
        _ => Paint::Unknown,
    }
}

/// A length: its number, and in what.
fn measure(value: &str) -> Option<(f32, &str)> {
    let ends = value.find(|sign: char| !matches!(sign, '0'..='9' | '.' | '-' | '+'));
    let (number, unit) = value.split_at(ends.unwrap_or(value.len()));
    Some((number.parse().ok()?, unit))
}

fn is_zero(value: &str) -> bool {
    measure(value).is_some_and(|(number, _)| number == 0.0)
}

fn is_far(value: &str) -> bool {
    measure(value).is_some_and(|(number, unit)| match unit {
        "em" | "rem" | "%" | "vw" | "vh" => number <= FAR_IN_LETTERS,
        _ => number <= FAR,
    })
}

/// Whether so much of an element is seen that it is nothing.
fn is_seen_through(opacity: &str) -> bool {
    let number = opacity.trim_end_matches('%').parse();
    number.is_ok_and(|opacity: f32| opacity <= 0.0)
}
