//! HTML as text, in one pass over it: no tree is built, so markup of any depth and any brokenness costs what its length
//! costs, and nothing of it has to be cut.

mod content;
mod elements;
mod evidence;
mod images;
mod lines;
mod links_and_lists;
mod tags;
mod unseen;

use lines::Lines;
use tags::{Found, Tag};
use unseen::Unseen;

use crate::tools::panics;

/// The text of what may be an HTML fragment and may be a plain text: markup only where a text is evidently written in it.
pub fn if_markup(text: &str) -> String {
    match panics::guard(|| Some(read(text, evidence::find_words(text)?))) {
        Ok(read) => read.unwrap_or_else(|| text.to_owned()),
        // Read as markup, it fails in its own way.
        Err(_) => to_text(text),
    }
}

/// The text of an HTML fragment, its links, lists, tables and quotations still seen; plain text comes back as it is.
pub fn to_text(html: &str) -> String {
    if !tags::any(html) {
        return unescaped(html);
    }
    // Whatever is wrong with the reading of markup, it must not cost the record.
    panics::guard(|| read(html, Vec::new())).unwrap_or_else(|panicked| {
        tracing::error!(%panicked, "HTML could not be read; it is shown without its tags");
        tags::strip_tags(html)
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

/// Reads markup; the tags at these places are words.
fn read(html: &str, words: Vec<usize>) -> String {
    let mut page = Page::default();
    let mut reader = tags::Reader::except(html, words);
    while let Some(found) = reader.next() {
        match found {
            Found::Text(text) => page.text(text),
            Found::Tag(tag) => page.tag(&tag, &mut reader),
        }
    }
    page.end_unseen();
    page.end_link();
    page.lines.finish()
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
    /// Where the text of an open link begins, and where it leads.
    link: Option<(usize, String)>,
    lists: links_and_lists::Lists,
    /// What is not shown now.
    unseen: Option<Unseen>,
}

impl Page {
    fn text(&mut self, text: &str) {
        if let Some(unseen) = &mut self.unseen {
            return unseen.text(text);
        }
        let text = htmlize::unescape(text);
        if self.verbatim > 0 {
            self.lines.verbatim(&text);
        } else {
            self.lines.words(&text);
        }
    }

    fn tag<'a>(&mut self, tag: &Tag<'a>, reader: &mut tags::Reader<'a>) {
        if let Some(unseen) = &mut self.unseen {
            let Some(is_own) = unseen.ends(tag, reader) else {
                return;
            };
            self.end_unseen();
            if is_own {
                return;
            }
        }
        self.unseen = Unseen::begun(tag);
        if self.unseen.is_some() {
            if matches!(tag.name.as_str(), "td" | "th") {
                self.lines.cell();
            }
            return;
        }
        match (tag.name.as_str(), tag.closing) {
            ("script" | "style", false) => {
                if let Some(length) = reader.skip_content(tag) {
                    self.lines.block(2);
                    let mark = format!("[{} without its end left out: {length} characters]", tag.name);
                    self.lines.words(&mark);
                }
            }
            ("title", false) => {
                reader.skip_ended(tag);
            }
            ("br", _) => self.lines.line_break(),
            ("img" | "image" | "iframe" | "video" | "audio" | "embed" | "input", false) => {
                if let Some(mark) = images::describe(tag) {
                    self.lines.words(&mark);
                }
            }
            ("pre", closing) => {
                self.verbatim = match closing {
                    false => self.verbatim + 1,
                    true => self.verbatim.saturating_sub(1),
                };
                self.lines.block(2);
            }
            ("p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6", _) => self.lines.block(2),
            ("a", closing) => {
                self.end_link();
                if !closing {
                    let leads = tag.attribute("href").and_then(links_and_lists::address);
                    self.link = leads.map(|address| (self.lines.length(), address));
                }
            }
            ("ul" | "ol", closing) => {
                self.lists.list(tag, closing);
                if closing {
                    self.lines.block(1)
                } else {
                    self.lines.next_line()
                }
            }
            ("li", false) => self.lines.item(self.lists.item()),
            ("dt" | "dd", false) => self.lines.next_line(),
            ("blockquote", closing) => {
                self.lines.block(2);
                self.lines.quote(closing);
            }
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

    /// Says how much was not shown.
    fn end_unseen(&mut self) {
        if let Some(mark) = self.unseen.take().and_then(Unseen::mark) {
            self.lines.words(&mark);
        }
    }

    /// Says behind a link where it leads, unless its text does.
    fn end_link(&mut self) {
        let Some((start, address)) = self.link.take() else {
            return;
        };
        let said = self.lines.since(start);
        if said.trim().is_empty() {
            self.lines.words(&address);
        } else if !links_and_lists::says(said, &address) {
            self.lines.end_mark(&format!(" ({address})"));
        }
    }
}
