//! HTML as text, in one pass over it: no tree is built, so markup of any depth and any brokenness costs what its length
//! costs, and nothing of it has to be cut.

mod elements;
mod lines;
mod tags;

use crate::tools::panics;
use lines::Lines;
use tags::{Found, Tag};

/// The text of an HTML fragment, links and markup left out; plain text comes back as it is.
pub fn to_text(html: &str) -> String {
    if !tags::any(html) {
        return unescaped(html);
    }
    // Whatever is wrong with the reading of markup, it must not cost the record.
    panics::guarded(|| read(html)).unwrap_or_else(|panicked| {
        tracing::error!(%panicked, "HTML could not be read; it is shown without its tags");
        tags::stripped(html)
    })
}

/// Without tags only references are markup, and line ends are the author's own.
fn unescaped(text: &str) -> String {
    if text.contains('&') && text.contains(';') {
        htmlize::unescape_attribute(text).into_owned()
    } else {
        text.to_owned()
    }
}

fn read(html: &str) -> String {
    let mut page = Page::default();
    let mut reader = tags::Reader::new(html);
    while let Some(found) = reader.next() {
        match found {
            Found::Text(text) => page.text(text),
            Found::Tag(tag) => page.tag(&tag, &mut reader),
        }
    }
    page.lines.finished()
}

/// What has been read so far.
#[derive(Default)]
struct Page {
    lines: Lines,
    /// `pre` elements that are open.
    verbatim: usize,
    /// Struck-out texts that are open.
    struck: usize,
    /// Where the text of an open `sup` begins.
    raised: Option<usize>,
}

impl Page {
    fn text(&mut self, text: &str) {
        let text = htmlize::unescape(text);
        if self.verbatim > 0 {
            self.lines.verbatim(&text);
        } else {
            self.lines.words(&text);
        }
    }

    fn tag<'a>(&mut self, tag: &Tag<'a>, reader: &mut tags::Reader<'a>) {
        match (tag.name.as_str(), tag.closing) {
            ("script" | "style", false) => {
                if let Some(length) = reader.skip_content(tag) {
                    self.lines.block(2);
                    let mark = format!("[{} without its end left out: {length} characters]", tag.name);
                    self.lines.words(&mark);
                }
            }
            ("title", false) => reader.skip_title(tag),
            ("br", _) => self.lines.line_break(),
            ("img", false) => {
                if let Some(text) = tag.attribute("alt") {
                    self.text(text);
                }
            }
            ("pre", closing) => {
                self.verbatim = match closing {
                    false => self.verbatim + 1,
                    true => self.verbatim.saturating_sub(1),
                };
                self.lines.block(2);
            }
            ("p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote", _) => self.lines.block(2),
            ("ul" | "ol" | "li" | "dt" | "dd", false) => self.lines.next_line(),
            ("table", false) => self.lines.table(),
            ("table", true) => self.lines.end_table(),
            ("tr", true) => self.lines.end_row(),
            ("td" | "th", false) => self.lines.cell(),
            ("s" | "strike" | "del", false) => {
                self.struck += 1;
                self.lines.mark("~~");
            }
            ("s" | "strike" | "del", true) if self.struck > 0 => {
                self.struck -= 1;
                self.lines.end_mark("~~");
            }
            ("sup", false) => self.raised = Some(self.lines.raise()),
            ("sup", true) => {
                if let Some(start) = self.raised.take() {
                    self.lines.end_raised(start);
                }
            }
            (name, _) if elements::is_block(name) => self.lines.block(1),
            _ => {}
        }
    }
}
