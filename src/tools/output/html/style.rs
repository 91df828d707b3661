//! What a style says of whether and how the text of its element is seen: the one reader of all that is asked of styles.

use std::collections::HashMap;

use super::colour::{Paint, is_colour, paint};
use super::css::{self, Declaration};
use super::elements::is_block;
use super::lengths::{
    FAR_ABOVE, FAR_INDENT, FAR_LEFT, UNCERTAIN, is_far, is_line, is_nothing, is_seen_through, is_tiny,
    is_zero, measure, overlaps, size_in,
};

/// What is listened to.
const MATTERS: [&str; 39] = [
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
    "font-style",
    "font-weight",
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
    "padding-left",
    "padding-right",
    "padding-top",
    "position",
    "right",
    "text-decoration-line",
    "text-indent",
    "text-shadow",
    "top",
    "transform",
    "visibility",
    "white-space",
    "width",
];
/// What says the same as a matter, and more.
const SHORT: [(&str, &str); 5] = [
    ("animation", "animation-name"),
    ("background", "background-color"),
    ("list-style", "list-style-type"),
    ("padding", "padding-bottom"),
    ("text-decoration", "text-decoration-line"),
];
/// What may stand behind words although nothing is painted there: thick edges, and what an element is laid over.
const OVERLAP: &str = "overlap";
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
                "font" => {
                    style.hear("font-size", one.important, size_in(&one.value));
                    let is_any = |words: &[&str]| one.value.split(' ').any(|word| words.contains(&word));
                    let bold = is_any(&["bold", "bolder", "600", "700", "800", "900"]);
                    let slanted = is_any(&["italic", "oblique"]);
                    style.hear("font-weight", one.important, if bold { "bold" } else { "normal" });
                    style.hear(
                        "font-style",
                        one.important,
                        if slanted { "italic" } else { "normal" },
                    );
                }
                name => style.take(name, one.important, &one.value),
            }
        }
        style
    }

    fn take(&mut self, name: &str, important: bool, value: &str) {
        if overlaps(name, value) {
            self.hear(OVERLAP, important, UNCERTAIN);
        }
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
        let sides = ["height", "max-height", "max-width", "width"];
        let is_nothing = sides.into_iter().any(|side| is_line(self.word(side)));
        // What is held open, or has an edge to be seen on as the frame of a picture has.
        let holds = |matter| {
            self.word(matter)
                .split(' ')
                .all(|side| side.is_empty() || is_zero(side))
        };
        let is_shut = [
            "min-height",
            "min-width",
            "padding-bottom",
            "padding-left",
            "padding-right",
            "padding-top",
        ]
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

    /// Whether its words have a line below them; `None` where it says nothing of lines.
    pub(super) fn underlines(&self) -> Option<bool> {
        let said = self.word("text-decoration-line");
        (!matches!(said, "" | UNCERTAIN)).then(|| said.contains("underline"))
    }

    /// Whether its letters are bold; `None` where it does not say.
    pub(super) fn is_bold(&self) -> Option<bool> {
        match self.word("font-weight") {
            "bold" | "bolder" => Some(true),
            "normal" | "lighter" | "initial" => Some(false),
            weight => weight.parse().ok().map(|weight: u16| weight >= 600),
        }
    }

    /// Whether its letters are slanted; `None` where it does not say.
    pub(super) fn is_slanted(&self) -> Option<bool> {
        match self.word("font-style") {
            "normal" | "initial" => Some(false),
            style => (style == "italic" || style.starts_with("oblique")).then_some(true),
        }
    }

    /// What is said of a matter, where that is sure.
    pub(super) fn said(&self, matter: &str) -> Option<&str> {
        Some(self.word(matter)).filter(|said| !matches!(*said, "" | UNCERTAIN))
    }

    /// Whether its element may be laid over others.
    pub(super) fn is_laid_over(&self) -> bool {
        matches!(
            self.word("position"),
            "absolute" | "fixed" | "sticky" | "-webkit-sticky" | UNCERTAIN
        )
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
        (!matches!(size, "" | "inherit" | "unset")).then(|| is_tiny(size))
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
        let is_over = !self.word(OVERLAP).is_empty() || self.is_laid_over();
        match (
            self.word("background-image"),
            paint(self.word("background-color")),
        ) {
            ("" | "none", Paint::Plain(colour)) if self.word(OVERLAP).is_empty() => Paint::Plain(colour),
            ("" | "none", painted) if !is_over => painted,
            _ => Paint::Unknown,
        }
    }
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
