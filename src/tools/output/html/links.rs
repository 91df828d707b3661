//! Where links lead.

/// A longer address is cut: it carries what follows its reader, not where it leads.
const LONGEST: usize = 500;

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
