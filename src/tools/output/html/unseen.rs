//! What nobody sees of a mail: text whose sender styled it away, for a preview or for a machine that reads what its owner does
//! not. It is no part of what was said to anybody; how much there is leaves a mark.

use super::elements::{is_block, is_void};
use super::tags::{Reader, Tag};
use crate::names::clean;

/// An element that is not shown, as long as it is open.
pub(super) struct Unseen {
    name: String,
    /// Elements of its name within it.
    depth: usize,
    /// Tables within it.
    tables: usize,
    text: String,
}

impl Unseen {
    /// The element that begins with this tag, where it is not shown.
    pub(super) fn begun(tag: &Tag<'_>) -> Option<Self> {
        let may_hold = !tag.closing && !tag.closes_itself() && !is_void(&tag.name);
        (may_hold && (tag.has_flag("hidden") || tag.attribute("style").is_some_and(hides))).then(|| Unseen {
            name: tag.name.clone(),
            depth: 0,
            tables: 0,
            text: String::new(),
        })
    }

    pub(super) fn text(&mut self, text: &str) {
        self.text.push_str(&htmlize::unescape(text));
    }

    /// Whether it ends with this tag, and whether the tag is its own.
    pub(super) fn ends<'a>(&mut self, tag: &Tag<'a>, reader: &mut Reader<'a>) -> Option<bool> {
        let (name, closing) = (tag.name.as_str(), tag.closing);
        if matches!(name, "script" | "style") && !closing {
            reader.skip_content(tag);
        }
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
            ("table" | "tr" | "td" | "th", true) if !within => return Some(false),
            ("table", true) => self.tables -= 1,
            (name, false) if self.name == "p" && ends_a_paragraph(name) => return Some(false),
            _ => {}
        }
        if (name, closing) == ("table", false) && self.name != "table" {
            self.tables += 1;
        }
        self.text.push(' ');
        None
    }

    /// The mark that it leaves; none where it holds no words.
    pub(super) fn mark(self) -> Option<String> {
        let words = clean(self.text);
        let length = words
            .split_whitespace()
            .map(|word| word.chars().count() + 1)
            .sum::<usize>();
        let length = length.checked_sub(1)?;
        Some(format!(" [hidden text left out: {length} characters] "))
    }
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

/// Whether a style shows nothing of its element, whatever stands within. The last word on each matter counts, an important
/// one before all.
fn hides(style: &str) -> bool {
    let style = htmlize::unescape_attribute(style).to_ascii_lowercase();
    let said = |matter: &str| {
        let mut last: Option<(bool, String)> = None;
        for (name, value) in style.split(';').filter_map(|one| one.split_once(':')) {
            let value: String = value.split_whitespace().collect();
            let important = value.ends_with("!important");
            if name.trim() == matter && !last.as_ref().is_some_and(|(firm, _)| *firm && !important) {
                last = Some((important, value.trim_end_matches("!important").to_owned()));
            }
        }
        last.map(|(_, value)| value).unwrap_or_default()
    };
    said("display") == "none"
        || matches!(said("visibility").as_str(), "hidden" | "collapse")
        || said("opacity")
            .trim_end_matches('%')
            .parse()
            .is_ok_and(|opacity: f32| opacity <= 0.0)
}
