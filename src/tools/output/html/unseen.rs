//! What nobody sees of a mail: text whose sender styled it away, for a preview or for a machine that reads what its owner does
//! not. It is no part of what was said to anybody; how much there is leaves a mark.

use super::elements::is_block;
use super::style::Style;
use super::tags::{Reader, Tag};
use crate::names::clean;

/// An element that is open: its end is found as browsers find it.
pub(super) struct Open {
    name: String,
    /// Elements of its name within it.
    depth: usize,
    /// Tables within it.
    tables: usize,
}

/// Elements within elements that are not shown and shown again; further ones are not shown.
const DEEPEST: usize = 8;

/// An element that is not shown, as long as it is open.
pub(super) struct Unseen {
    open: Open,
    /// What stands within is shown where it says so.
    may_part: bool,
    /// An element within of which nothing is shown whatever it says.
    within: Option<Open>,
    text: String,
}

/// Elements that are not shown, each with the open one within that is.
#[derive(Default)]
pub(super) struct Parted(Vec<(Unseen, Open)>);

impl Open {
    /// The element that begins with this tag.
    pub(super) fn of(tag: &Tag<'_>) -> Self {
        Open::called(&tag.name)
    }

    /// An open element of this name.
    pub(super) fn called(name: &str) -> Self {
        Open {
            name: name.to_owned(),
            depth: 0,
            tables: 0,
        }
    }

    /// Whether it ends with this tag, and whether the tag is its own.
    pub(super) fn ends(&mut self, tag: &Tag<'_>) -> Option<bool> {
        let (name, closing) = (tag.name.as_str(), tag.closing);
        let within = self.tables > 0;
        match (name, closing) {
            ("body" | "html", true) => return Some(false),
            (name, true) if name == self.name && !within => match self.depth {
                0 => return Some(true),
                _ => self.depth -= 1,
            },
            (name, false) if name == self.name && !within => match ends_alone(name) {
                true => return Some(false),
                false => self.depth += 1,
            },
            ("table" | "tr" | "td" | "th", true) if !within && !holds(&self.name, name) => {
                return Some(false);
            }
            ("table", true) => self.tables -= 1,
            (name, false) if self.name == "p" && ends_a_paragraph(name) => return Some(false),
            _ => {}
        }
        if (name, closing) == ("table", false) && self.name != "table" {
            self.tables += 1;
        }
        None
    }
}

impl Unseen {
    /// The element that begins with this tag, where its style or a sheet does not show it.
    pub(super) fn begun(tag: &Tag<'_>, style: Option<&Style>) -> Option<Self> {
        let may_hold = !tag.closing && !tag.closes_itself() && !tag.is_void();
        let is_veiled = style.is_some_and(Style::veils);
        let is_unseen = is_veiled || is_nowhere(tag, style);
        (may_hold && is_unseen).then(|| Unseen {
            open: Open::of(tag),
            may_part: !is_nowhere(tag, style),
            within: None,
            text: String::new(),
        })
    }

    pub(super) fn text(&mut self, text: &str) {
        self.text.push_str(&htmlize::unescape(text));
    }

    /// Whether it ends with this tag, and whether the tag is its own.
    pub(super) fn ends<'a>(
        &mut self,
        tag: &Tag<'a>,
        style: Option<&Style>,
        reader: &mut Reader<'a>,
    ) -> Option<bool> {
        if matches!(tag.name.as_str(), "script" | "style") && !tag.closing {
            reader.skip_content(tag);
        }
        let ends = self.open.ends(tag);
        if self
            .within
            .as_mut()
            .is_some_and(|within| within.ends(tag).is_some())
        {
            self.within = None;
        }
        if self.within.is_none() && !tag.closing && !tag.is_void() && is_nowhere(tag, style) {
            self.within = Some(Open::of(tag));
        }
        if ends.is_none() {
            self.text.push(' ');
        }
        ends
    }

    /// Whether an element within is shown all the same.
    pub(super) fn is_parted_by(&self, tag: &Tag<'_>, style: Option<&Style>) -> bool {
        let is_shown = style.is_some_and(Style::unveils) && !tag.closing && !tag.is_void();
        self.may_part && self.within.is_none() && is_shown
    }

    /// The mark of what is not shown before an element that is.
    pub(super) fn part(&mut self) -> Option<String> {
        mark_of(std::mem::take(&mut self.text))
    }

    /// The mark that it leaves; none where it holds no words.
    pub(super) fn mark(self) -> Option<String> {
        mark_of(self.text)
    }
}

impl Parted {
    /// Whether one more is told apart.
    pub(super) fn has_room(&self) -> bool {
        self.0.len() < DEEPEST
    }

    /// An element that is not shown is open around this one that is.
    pub(super) fn extend(&mut self, around: Option<Unseen>, tag: &Tag<'_>) {
        self.0.extend(around.map(|around| (around, Open::of(tag))));
    }

    /// Takes note of a tag; gives the element that is not shown again behind it.
    pub(super) fn tag(&mut self, tag: &Tag<'_>) -> Option<Unseen> {
        let mut ended = None;
        for (at, (around, shown)) in self.0.iter_mut().enumerate() {
            let is_over = around.open.ends(tag).is_some();
            let ends = shown.ends(tag).is_some();
            if is_over || ends {
                ended = Some((at, is_over));
                break;
            }
        }
        let (at, is_over) = ended?;
        self.0.truncate(at + 1);
        self.0.pop().map(|(around, _)| around).filter(|_| !is_over)
    }
}

/// Whether nothing of an element is shown, whatever stands within.
fn is_nowhere(tag: &Tag<'_>, style: Option<&Style>) -> bool {
    // These are rules of browsers, which any style overrules.
    let is_closed = || match tag.name.as_str() {
        "datalist" | "noembed" | "noframes" => true,
        "dialog" => !tag.has_flag("open"),
        _ => tag.has_flag("hidden") || tag.has_flag("popover"),
    };
    let is_closed = is_closed() && !style.is_some_and(Style::is_laid_out);
    tag.name == "template" || is_closed || style.is_some_and(Style::hides)
}

/// The mark of words that are not seen; none where there are none.
pub(super) fn mark_of(text: String) -> Option<String> {
    let words = clean(text);
    let length = words
        .split_whitespace()
        .map(|word| word.chars().count() + 1)
        .sum::<usize>();
    let length = length.checked_sub(1)?;
    Some(format!(" [hidden text left out: {length} characters] "))
}

/// Elements that the next one of their kind ends.
fn ends_alone(name: &str) -> bool {
    matches!(name, "p" | "li" | "td" | "th" | "tr" | "dt" | "dd" | "option")
}

fn ends_a_paragraph(name: &str) -> bool {
    is_block(name)
        || matches!(
            name,
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "blockquote" | "pre"
        )
}

/// Whether an element of a table has others of it within.
fn holds(outer: &str, inner: &str) -> bool {
    match outer {
        "table" | "tbody" | "thead" | "tfoot" => inner != "table",
        "tr" => matches!(inner, "td" | "th"),
        _ => false,
    }
}
