//! What a style says of whether the text of its element is seen, read once however long it is.

use std::collections::HashMap;

use super::elements::is_block;
use super::tags::Tag;

/// What is listened to.
const MATTERS: [&str; 28] = [
    "background",
    "background-color",
    "bottom",
    "clip",
    "clip-path",
    "color",
    "display",
    "float",
    "font",
    "font-size",
    "height",
    "left",
    "list-style",
    "list-style-type",
    "margin-left",
    "max-height",
    "max-width",
    "opacity",
    "overflow",
    "padding-bottom",
    "position",
    "right",
    "text-decoration",
    "text-decoration-line",
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
    /// What the element is by its name.
    kind: Kind,
}

/// What an element is to those around it; each is cut and moved in its own way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Words of a line: these have no height to be cut at.
    Inline,
    /// A part of a table: that grows with what it holds.
    Part,
    Box,
}

impl Kind {
    fn of(name: &str) -> Self {
        match name {
            "table" | "tbody" | "thead" | "tfoot" | "tr" | "td" | "th" => Kind::Part,
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "pre" | "button" | "select"
            | "textarea" => Kind::Box,
            name if is_block(name) => Kind::Box,
            _ => Kind::Inline,
        }
    }
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
        let style = Style::read(&htmlize::unescape_attribute(tag.attribute("style")?));
        Some(style.on(tag))
    }

    /// The same of this element.
    pub(super) fn on(self, tag: &Tag<'_>) -> Self {
        Style {
            kind: Kind::of(&tag.name),
            ..self
        }
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
            kind: Kind::Box,
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
            "list-style" => Some("list-style-type"),
            "text-decoration" => Some("text-decoration-line"),
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
            self.kind() == Kind::Box && self.word("overflow") == "hidden" && is_nothing && !is_open
        };
        let is_away = || {
            let is_placed = matches!(self.word("position"), "absolute" | "fixed" | "relative");
            let sides = ["bottom", "left", "right", "top"];
            let is_off = is_placed && sides.into_iter().any(|side| is_far(self.word(side)));
            let is_clipped =
                is_nothing(self.word("clip")) && matches!(self.word("position"), "absolute" | "fixed");
            let is_indented = self.kind() != Kind::Inline && is_far(self.word("text-indent"));
            is_off || is_clipped || is_indented || is_far(self.word("margin-left"))
        };
        let is_shrunk = || {
            let to_nothing = matches!(self.word("transform"), "scale(0)" | "scale(0,0)");
            self.kind() != Kind::Inline && to_nothing
        };
        self.word("display") == "none"
            || is_seen_through(self.word("opacity"))
            || matches!(self.word("clip-path"), "inset(100%)" | "inset(50%)" | "circle(0)")
            || is_shrunk()
            || is_cut()
            || is_away()
    }

    /// What the element is to those around it.
    fn kind(&self) -> Kind {
        match self.word("display") {
            _ if self.stands_apart() => Kind::Box,
            "block" | "flex" | "grid" | "flow-root" | "list-item" => Kind::Box,
            "inline" | "contents" => Kind::Inline,
            display if display.starts_with("table") => Kind::Part,
            _ => self.kind,
        }
    }

    /// Whether it stands in no line of those around it: what these are decorated with is not its own.
    pub(super) fn stands_apart(&self) -> bool {
        matches!(self.word("float"), "left" | "right")
            || matches!(self.word("position"), "absolute" | "fixed")
            || self.word("display").starts_with("inline-")
    }

    /// Whether its element is not seen, but for what is seen within.
    pub(super) fn veils(&self) -> bool {
        matches!(self.word("visibility"), "hidden" | "collapse")
    }

    /// Whether it says that its element has a place on the page.
    pub(super) fn is_laid_out(&self) -> bool {
        !matches!(self.word("display"), "" | "none" | "revert" | "unset" | "inherit")
    }

    /// Whether its element is seen within one that is not.
    pub(super) fn unveils(&self) -> bool {
        matches!(self.word("visibility"), "visible" | "initial")
    }

    /// Whether its words are struck out; `None` where it says nothing of lines through or below them.
    pub(super) fn strikes(&self) -> Option<bool> {
        let said = match self.word("text-decoration-line") {
            "" => self.word("text-decoration"),
            line => line,
        };
        (!said.is_empty()).then(|| said.contains("line-through"))
    }

    /// What stands before the items of its list.
    pub(super) fn marker(&self) -> &str {
        match self.word("list-style-type") {
            "" => self.word("list-style"),
            own => own,
        }
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
