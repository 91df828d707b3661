//! Words that are struck out, by the name of their element or by its style: what is within it is, too, but for what CSS sets
//! apart from the lines around it.

use super::style::Style;
use super::tags::Tag;
use super::unseen::Open;

/// Elements within elements that strike words out and do not; further ones change nothing.
const DEEPEST: usize = 8;

/// The open elements that changed whether words are struck out.
#[derive(Default)]
pub(super) struct Struck {
    /// The innermost last, and whether its words are.
    layers: Vec<(Open, bool)>,
}

impl Struck {
    /// Takes note of a tag and its style; tells whether the words behind it are struck out.
    pub(super) fn tag(&mut self, tag: &Tag<'_>, style: Option<&Style>) -> bool {
        let ended = self
            .layers
            .iter_mut()
            .position(|(open, _)| open.ends(tag).is_some());
        self.layers.truncate(ended.unwrap_or(self.layers.len()));
        let is_struck = self.layers.last().is_some_and(|(_, is_struck)| *is_struck);
        if tag.closing || tag.is_void() || self.layers.len() == DEEPEST {
            return is_struck;
        }
        let by_name = || matches!(tag.name.as_str(), "s" | "strike" | "del");
        let strikes = style.and_then(Style::strikes).unwrap_or_else(by_name);
        let hands_down = is_struck && !style.is_some_and(Style::stands_apart);
        let is_now = strikes || hands_down;
        if is_now != is_struck {
            self.layers.push((Open::of(tag), is_now));
        }
        is_now
    }
}
