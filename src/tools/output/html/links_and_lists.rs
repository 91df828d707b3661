//! Where links lead, and what stands before the items of a list.

use super::tags::Tag;

/// A longer address is cut: it carries what follows its reader, not where it leads.
const LONGEST: usize = 500;
/// Lists within lists that are told apart.
const DEEPEST: usize = 50;
/// Lists within lists that are indented further.
const INDENTED: usize = 2;

/// The address a link leads to, where a person could go there.
pub(super) fn address(href: &str) -> Option<String> {
    let href: String = htmlize::unescape_attribute(href).split_whitespace().collect();
    let scheme = href.split_once(':')?.0.to_ascii_lowercase();
    if !matches!(scheme.as_str(), "http" | "https" | "mailto" | "tel" | "ftp") {
        return None;
    }
    Some(crate::names::clip(&href, LONGEST))
}

/// Whether the text of a link is its address, with or without what every browser adds.
pub(super) fn says(text: &str, address: &str) -> bool {
    let bare = |text: &str| {
        let text = text.trim().trim_end_matches('/').to_lowercase();
        let schemes = ["http://", "https://", "mailto:", "tel:", "ftp://"];
        let rest = schemes
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme).map(str::to_owned));
        rest.unwrap_or(text)
    };
    bare(text) == bare(address)
}

/// The lists that are open.
#[derive(Default)]
pub(super) struct Lists {
    /// The number of the last item, where items are numbered.
    open: Vec<Option<u32>>,
    deeper: usize,
}

impl Lists {
    /// A list begins or ends.
    pub(super) fn list(&mut self, tag: &Tag<'_>, closing: bool) {
        if closing {
            if self.deeper > 0 {
                self.deeper -= 1;
            } else {
                self.open.pop();
            }
        } else if self.open.len() < DEEPEST {
            let start = tag.attribute("start").and_then(|start| start.parse::<u32>().ok());
            let numbered = tag.name == "ol";
            self.open
                .push(numbered.then(|| start.unwrap_or(1).saturating_sub(1)));
        } else {
            self.deeper += 1;
        }
    }

    /// What stands before the next item.
    pub(super) fn item(&mut self) -> String {
        if self.deeper > 0 {
            return "- ".to_owned();
        }
        let depth = self.open.len().saturating_sub(1).min(INDENTED);
        let indent = "  ".repeat(depth);
        match self.open.last_mut() {
            Some(Some(number)) => {
                *number = number.saturating_add(1);
                format!("{indent}{number}. ")
            }
            _ => format!("{indent}- "),
        }
    }
}
