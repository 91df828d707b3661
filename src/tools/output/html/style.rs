//! What a style says of whether the text of its element is seen, read once however long it is.

use std::collections::HashMap;

use super::tags::Tag;

/// What is listened to.
const MATTERS: [&str; 23] = [
    "background",
    "background-color",
    "bottom",
    "clip",
    "clip-path",
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
    "transform",
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

/// What a tag says of how its element looks.
pub(super) struct Style {
    /// The last word on each matter, an important one before all.
    said: HashMap<&'static str, (bool, String)>,
    /// A picture is spoken of, which may be behind all.
    has_picture: bool,
}

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
        Some(Style::read(&htmlize::unescape_attribute(tag.attribute("style")?)))
    }

    /// What declarations say.
    pub(super) fn read(declarations: &str) -> Self {
        let mut read = Style::saying(HashMap::new());
        let declarations = declarations.to_ascii_lowercase();
        for (name, value) in declarations.split(';').filter_map(|one| one.split_once(':')) {
            let value: String = value.split_whitespace().collect();
            read.hear(name.trim(), &value);
        }
        read
    }

    /// What was said of each matter elsewhere, and whether that is important.
    pub(super) fn saying(said: HashMap<&'static str, (bool, String)>) -> Self {
        Style {
            said,
            has_picture: false,
        }
    }

    /// What is said of each matter, and whether it is important.
    pub(super) fn said(&self) -> impl Iterator<Item = (&'static str, bool, &str)> {
        let said = self.said.iter();
        said.map(|(matter, (important, value))| (*matter, *important, value.as_str()))
    }

    /// Hears what an element's own style says after this.
    pub(super) fn add(&mut self, own: Option<&Style>) {
        for (matter, important, value) in own.into_iter().flat_map(Style::said) {
            if self.yields(matter, important) {
                self.said.insert(matter, (important, value.to_owned()));
            }
        }
    }

    fn hear(&mut self, name: &str, value: &str) {
        let Some(matter) = MATTERS.into_iter().find(|matter| *matter == name) else {
            self.has_picture |=
                name.starts_with("background-") && (name, value) != ("background-image", "none");
            return;
        };
        let important = value.ends_with("!important");
        // The short form says the other one anew.
        let long = match matter {
            "background" => Some("background-color"),
            "font" => Some("font-size"),
            _ => None,
        };
        if let Some(long) = long.filter(|long| self.yields(long, important)) {
            self.said.remove(long);
        }
        if self.yields(matter, important) {
            let value = value.trim_end_matches("!important").to_owned();
            self.said.insert(matter, (important, value));
        }
    }

    /// Whether what was said of a matter gives way to what is said now.
    fn yields(&self, matter: &str, important: bool) -> bool {
        important || !self.said.get(matter).is_some_and(|(is_firm, _)| *is_firm)
    }

    fn word(&self, matter: &str) -> &str {
        self.said.get(matter).map_or("", |(_, value)| value.as_str())
    }

    /// Whether it shows nothing of its element, whatever stands within.
    pub(super) fn hides(&self) -> bool {
        let is_cut = || {
            let sides = ["height", "max-height", "max-width"];
            let is_nothing = sides.into_iter().any(|side| is_zero(self.word(side)));
            // What is held open by its edge is the frame of a picture.
            let is_open = !matches!(self.word("padding-bottom"), "" | "0" | "0px");
            self.word("overflow") == "hidden" && is_nothing && !is_open
        };
        let is_away = || {
            let is_placed = matches!(self.word("position"), "absolute" | "fixed" | "relative");
            let sides = ["bottom", "left", "right", "top"];
            let is_off = is_placed && sides.into_iter().any(|side| is_far(self.word(side)));
            let is_clipped =
                is_nothing(self.word("clip")) && matches!(self.word("position"), "absolute" | "fixed");
            is_off
                || is_clipped
                || ["text-indent", "margin-left"]
                    .into_iter()
                    .any(|side| is_far(self.word(side)))
        };
        self.word("display") == "none"
            || matches!(self.word("visibility"), "hidden" | "collapse")
            || is_seen_through(self.word("opacity"))
            || matches!(self.word("clip-path"), "inset(100%)" | "inset(50%)" | "circle(0)")
            || matches!(self.word("transform"), "scale(0)" | "scale(0,0)")
            || is_cut()
            || is_away()
    }

    /// Whether its letters are too small to be seen; `None` where it does not say how large they are.
    pub(super) fn is_tiny(&self) -> Option<bool> {
        match (self.word("font-size"), self.word("font")) {
            ("" | "inherit" | "unset", "" | "inherit" | "unset") => None,
            ("", font) => Some(font.starts_with("0/") || font.starts_with("0px")),
            // A word or a sum may be any size.
            (size, _) => {
                Some(measure(size).is_some_and(|(number, unit)| {
                    number == 0.0 || number <= 1.0 && matches!(unit, "px" | "pt")
                }))
            }
        }
    }

    /// What its letters are painted with; `None` where it does not say.
    pub(super) fn letters(&self) -> Option<Paint> {
        match self.word("color") {
            "" => None,
            "initial" => Some(Paint::Unknown),
            colour => Some(paint(colour)),
        }
    }

    /// What stands behind them.
    pub(super) fn ground(&self) -> Paint {
        match (paint(self.word("background")), self.word("background-color")) {
            _ if self.has_picture => Paint::Unknown,
            (Paint::Unknown, _) => Paint::Unknown,
            (whole, "") => whole,
            (_, colour) => paint(colour),
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
        let alpha = parts.get(3).and_then(|alpha| measure(alpha));
        let is_clear = matches!(alpha, Some((0.0, "" | "%")));
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

/// Whether a part of an element that is shown is none: its four sides meet.
fn is_nothing(clip: &str) -> bool {
    let sides = clip.strip_prefix("rect(").and_then(|rest| rest.strip_suffix(')'));
    let sides = sides.map(|sides| sides.replace("px", "").replace(',', ""));
    matches!(sides.as_deref(), Some("0000" | "1111"))
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
    number.is_ok_and(|opacity: f32| opacity <= 0.01)
}
