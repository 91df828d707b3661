//! A tag of HTML: its name and its attributes.

use super::elements::is_void;

/// A start tag or an end tag.
#[derive(Debug)]
pub(super) struct Tag<'a> {
    pub(super) name: String,
    pub(super) closing: bool,
    /// Where in the text it begins.
    pub(super) at: usize,
    /// All between its name and its end.
    pub(super) attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// Whether it gives an attribute a value.
    pub(super) fn has_values(&self) -> bool {
        self.attributes.contains('=')
    }

    /// All between its name and its end.
    pub(super) fn attributes(&self) -> &'a str {
        self.attributes
    }

    pub(super) fn is_void(&self) -> bool {
        is_void(&self.name)
    }

    pub(super) fn closes_itself(&self) -> bool {
        self.attributes.ends_with('/')
    }

    /// Whether an attribute is there, with a value or without.
    pub(super) fn has_flag(&self, wanted: &str) -> bool {
        let mut quote = None;
        // Quoted values are none of its words.
        let is_between = |sign: char| match quote {
            Some(open) => {
                quote = quote.filter(|_| sign != open);
                true
            }
            None => {
                quote = matches!(sign, '"' | '\'').then_some(sign);
                quote.is_some() || sign == '/' || sign.is_ascii_whitespace()
            }
        };
        let names = self
            .attributes
            .split(is_between)
            .filter_map(|word| word.split('=').next());
        names.into_iter().any(|name| name.eq_ignore_ascii_case(wanted))
    }

    /// The quoted value of an attribute.
    pub(super) fn attribute(&self, wanted: &str) -> Option<&'a str> {
        let mut rest = self.attributes;
        while let Some((name, behind)) = rest.split_once('=') {
            let behind = behind.trim_start();
            let quote = behind.chars().next().filter(|sign| matches!(sign, '"' | '\''));
            let (value, after) = match quote {
                Some(quote) => behind.get(1..)?.split_once(quote)?,
                None => behind.split_once(char::is_whitespace).unwrap_or((behind, "")),
            };
            let name = name.split_whitespace().next_back().unwrap_or_default();
            if name.eq_ignore_ascii_case(wanted) {
                return Some(value);
            }
            rest = after;
        }
        None
    }
}
