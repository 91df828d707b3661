//! What a style says of whether and how the text of its element is seen: the one reader of all that is asked of styles.

use std::collections::HashMap;

use super::colour::{Paint, is_colour, paint};
use super::css::{self, Declaration};
use super::elements::is_block;

/// What is listened to.
const MATTERS: [&str; 33] = [
    "-webkit-text-fill-color",
    "-webkit-text-stroke",
    "animation-name",
    "background-color",
    "background-image",
    "bottom",
    "clip",
    "clip-path",
    "color",
    "content-visibility",
    "display",
    "float",
    "font-size",
    "height",
    "left",
    "list-style-type",
    "margin-left",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "opacity",
    "overflow",
    "padding-bottom",
    "position",
    "right",
    "text-decoration-line",
    "text-indent",
    "text-shadow",
    "top",
    "transform",
    "visibility",
    "white-space",
];
/// What says the same as a matter, and more.
const SHORT: [(&str, &str); 5] = [
    ("animation", "animation-name"),
    ("background", "background-color"),
    ("list-style", "list-style-type"),
    ("padding", "padding-bottom"),
    ("text-decoration", "text-decoration-line"),
];
/// Stands for a value that may be one or another.
pub(super) const UNCERTAIN: &str = "?";
/// So far to the left no place on a screen is, and so far above its place no text of a mail: in points of a screen, in letters,
/// in parts of what is around it and of the screen. To the right and below one can go there.
const FAR_LEFT: [(&str, f32); 5] = [
    ("px", 2000.0),
    ("em", 200.0),
    ("rem", 200.0),
    ("%", 1000.0),
    ("vw", 300.0),
];
const FAR_ABOVE: [(&str, f32); 4] = [("px", 9000.0), ("em", 900.0), ("rem", 900.0), ("vh", 1000.0)];
/// Only a first line is moved so: all that a mail says in one fits into this.
const FAR_INDENT: [(&str, f32); 3] = [("px", 9000.0), ("em", 900.0), ("rem", 900.0)];

/// What a style says of one matter.
pub(super) struct Word {
    pub(super) value: String,
    pub(super) important: bool,
}

/// What a tag says of how its element looks.
#[derive(Default)]
pub(super) struct Style {
    /// The last word on each matter, an important one before all.
    said: HashMap<&'static str, Word>,
    /// What the element is by its name.
    kind: Kind,
    /// What moves on the page may show it after a while.
    moves: bool,
}

/// What an element is to those around it; each is cut and moved in its own way.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    /// Words of a line: these have no height to be cut at.
    Inline,
    /// A part of a table: that grows with what it holds.
    Part,
    #[default]
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

impl Style {
    /// What declarations say.
    pub(super) fn read(declarations: &str) -> Self {
        Style::saying(&css::declarations(declarations))
    }

    /// What these declarations say.
    pub(super) fn saying(declarations: &[Declaration]) -> Self {
        let mut style = Style::default();
        for one in declarations {
            match one.name.as_str() {
                // Said of all at once, or of all sides.
                "all" => MATTERS
                    .iter()
                    .for_each(|matter| style.hear(matter, one.important, UNCERTAIN)),
                "inset" => ["bottom", "left", "right", "top"]
                    .iter()
                    .for_each(|side| style.hear(side, one.important, UNCERTAIN)),
                "font" => style.hear("font-size", one.important, size_in(&one.value)),
                name => style.take(name, one.important, &one.value),
            }
        }
        style
    }

    fn take(&mut self, name: &str, important: bool, value: &str) {
        let short = SHORT.iter().find(|(short, _)| *short == name);
        let known = MATTERS.into_iter().find(|matter| *matter == name);
        match known.or(short.map(|(_, long)| *long)) {
            Some(matter) if is_value(name, value) => self.hear(matter, important, value),
            Some(_) => {}
            // Where a picture is spoken of, it may be behind all.
            None if name.starts_with("background-") => self.hear("background-image", important, UNCERTAIN),
            None => {}
        }
    }

    /// The same of this element, on a page where something moves or nothing does.
    pub(super) fn on(self, name: &str, moves: bool) -> Self {
        Style {
            kind: Kind::of(name),
            moves,
            ..self
        }
    }

    /// What is said of each matter.
    pub(super) fn words(&self) -> impl Iterator<Item = (&'static str, &Word)> {
        self.said.iter().map(|(matter, word)| (*matter, word))
    }

    /// Hears what is said of a matter after all before.
    pub(super) fn hear(&mut self, matter: &'static str, important: bool, value: &str) {
        if important || !self.said.get(matter).is_some_and(|word| word.important) {
            let value = value.to_owned();
            self.said.insert(matter, Word { value, important });
        }
    }

    /// Nothing is said of a matter.
    pub(super) fn forget(&mut self, matter: &str) {
        self.said.remove(matter);
    }

    /// What is said of a matter; an empty text for nothing.
    pub(super) fn word(&self, matter: &str) -> &str {
        self.said.get(matter).map_or("", |word| word.value.as_str())
    }

    /// Whether it shows nothing of its element, whatever stands within, for certain.
    pub(super) fn hides(&self) -> bool {
        let moves = !matches!(self.word("animation-name"), "" | "none");
        let is_box = self.kind() != Kind::Inline;
        let is_skipped = self.kind() == Kind::Box && self.word("content-visibility") == "hidden";
        let is_clipped = matches!(self.word("clip-path"), "inset(100%)" | "inset(50%)" | "circle(0)");
        let is_shrunk = is_box && matches!(self.word("transform"), "scale(0)" | "scale(0,0)");
        !(self.moves && moves)
            && (self.word("display") == "none"
                || is_seen_through(self.word("opacity"))
                || is_skipped
                || is_clipped
                || is_shrunk
                || self.is_cut()
                || self.is_away())
    }

    fn is_cut(&self) -> bool {
        let sides = ["height", "max-height", "max-width"];
        let is_nothing = sides.into_iter().any(|side| is_zero(self.word(side)));
        // What is held open, or has an edge to be seen on as the frame of a picture has.
        let holds = |matter| {
            self.word(matter)
                .split(' ')
                .all(|side| side.is_empty() || is_zero(side))
        };
        let is_shut = ["min-height", "min-width", "padding-bottom"]
            .into_iter()
            .all(holds);
        self.kind() == Kind::Box && self.word("overflow") == "hidden" && is_nothing && is_shut
    }

    fn is_away(&self) -> bool {
        let is_apart = matches!(self.word("position"), "absolute" | "fixed");
        let is_placed = is_apart || self.word("position") == "relative";
        // What is said of the left and of the top counts before the other sides.
        let is_left = match self.word("left") {
            "" | "auto" => is_far(self.word("right"), 1.0, &FAR_LEFT),
            left => is_far(left, -1.0, &FAR_LEFT),
        };
        let is_above = match self.word("top") {
            "" | "auto" => is_far(self.word("bottom"), 1.0, &FAR_ABOVE),
            top => is_far(top, -1.0, &FAR_ABOVE),
        };
        is_placed && (is_left || is_above)
            || is_apart && is_nothing(self.word("clip"))
            || self.kind() != Kind::Inline && is_far(self.word("text-indent"), -1.0, &FAR_INDENT)
            || is_far(self.word("margin-left"), -1.0, &FAR_LEFT)
    }

    /// What the element is to those around it.
    fn kind(&self) -> Kind {
        match self.word("display") {
            _ if self.stands_apart() => Kind::Box,
            "block" | "flex" | "grid" | "flow-root" | "list-item" => Kind::Box,
            // Where it is not sure, nothing can be cut.
            "inline" | "contents" | UNCERTAIN => Kind::Inline,
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
        matches!(self.word("visibility"), "visible" | "initial" | UNCERTAIN)
    }

    /// Whether its words are struck out; `None` where it says nothing of lines through or below them.
    pub(super) fn strikes(&self) -> Option<bool> {
        let said = self.word("text-decoration-line");
        (!matches!(said, "" | UNCERTAIN)).then(|| said.contains("line-through"))
    }

    /// What stands before the items of its list.
    pub(super) fn marker(&self) -> &str {
        self.word("list-style-type")
    }

    /// Whether it keeps line ends as `pre` does.
    pub(super) fn keeps_lines(&self) -> bool {
        let spaces = self.word("white-space");
        spaces.starts_with("pre") || spaces == "break-spaces"
    }

    /// Whether its letters are too small to be seen; `None` where it does not say how large they are.
    pub(super) fn is_tiny(&self) -> Option<bool> {
        let size = self.word("font-size");
        // A word or a sum may be any size.
        let is_tiny = |(number, unit)| number == 0.0 || number <= 1.0 && matches!(unit, "px" | "pt");
        (!matches!(size, "" | "inherit" | "unset")).then(|| measure(size).is_some_and(is_tiny))
    }

    /// What its letters are painted with; `None` where it does not say.
    pub(super) fn letters(&self) -> Option<Paint> {
        let others = ["-webkit-text-fill-color", "-webkit-text-stroke", "text-shadow"];
        let is_plain = |matter| matches!(self.word(matter), "" | "none");
        match self.word("color") {
            _ if !others.into_iter().all(is_plain) => Some(Paint::Unknown),
            "" => None,
            "initial" => Some(Paint::Unknown),
            colour => Some(paint(colour)),
        }
    }

    /// What stands behind them.
    pub(super) fn ground(&self) -> Paint {
        match self.word("background-image") {
            "" | "none" => paint(self.word("background-color")),
            _ => Paint::Unknown,
        }
    }
}

/// Whether a part of an element that is shown is none: its four sides meet.
fn is_nothing(clip: &str) -> bool {
    let sides = clip.strip_prefix("rect(").and_then(|rest| rest.strip_suffix(')'));
    let mut sides = sides.into_iter().flat_map(|sides| sides.split([',', ' ']));
    let first = sides.next().and_then(measure);
    first.is_some_and(|(first, _)| {
        first <= 1.0 && sides.all(|side| measure(side).is_some_and(|(number, _)| number == first))
    })
}

/// The size of letters in what is said of them in short: `bold 12px/1 Arial`.
fn size_in(font: &str) -> &str {
    let mut parts = font
        .split(' ')
        .map(|part| part.split('/').next().unwrap_or_default());
    let is_size = |part: &&str| measure(part).is_some_and(|(number, unit)| number == 0.0 || !unit.is_empty());
    parts.find(is_size).unwrap_or(match font {
        "inherit" | "unset" => font,
        _ => UNCERTAIN,
    })
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

/// Whether a length is as far as one of these, in this direction.
fn is_far(value: &str, direction: f32, far: &[(&str, f32)]) -> bool {
    measure(value).is_some_and(|(number, unit)| {
        let mut known = far.iter().filter(|(known, _)| *known == unit);
        known.any(|(_, far)| number * direction >= *far)
    })
}

/// Whether so much of an element is seen that it is nothing.
fn is_seen_through(opacity: &str) -> bool {
    let number = opacity.trim_end_matches('%').parse();
    number.is_ok_and(|opacity: f32| opacity <= 0.01)
}

/// Whether a value is one for its matter, as far as it is asked for: browsers pass over what is none.
fn is_value(matter: &str, value: &str) -> bool {
    let is_wide = matches!(value, "inherit" | "initial" | "unset" | "revert" | "revert-layer");
    let words: &[&str] = match matter {
        "visibility" => &["visible", "hidden", "collapse"],
        "position" => &[
            "static",
            "relative",
            "absolute",
            "fixed",
            "sticky",
            "-webkit-sticky",
        ],
        "float" => &["none", "left", "right", "inline-start", "inline-end"],
        "display" => {
            let parts = [
                "inline", "block", "table", "flex", "grid", "ruby", "run-in", "box",
            ];
            let others = ["none", "contents", "flow", "list-item", "math"];
            return is_wide
                || value.contains('(')
                || others.iter().any(|word| value.starts_with(word))
                || parts.iter().any(|part| value.contains(part));
        }
        "opacity" => {
            return is_wide
                || value.contains('(')
                || measure(value).is_some_and(|(_, unit)| matches!(unit, "" | "%"));
        }
        "color" | "background-color" => return is_wide || is_colour(value),
        _ => return !value.is_empty(),
    };
    is_wide || value.contains('(') || words.contains(&value)
}
