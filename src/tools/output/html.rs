//! HTML as text, in one pass over it: no tree is built, so markup of any depth and any brokenness costs what its length
//! costs, and nothing of it has to be cut.

mod colour;
mod content;
mod css;
mod elements;
mod emphasis;
mod evidence;
mod hues;
mod images;
mod lengths;
mod lines;
mod links;
mod lists;
mod look;
mod muted;
mod selectors;
mod sheets;
mod style;
mod tag;
mod tags;
mod unseen;

use emphasis::Emphasis;
use lines::{Lines, Mark};
use muted::Sight;
use sheets::Sheets;
use style::Style;
use tags::{Found, Known, Tag};
use unseen::{Parted, Unseen};

use super::marks;
use crate::tools::panics;

/// The text of what may be an HTML fragment and may be a plain text: markup only where a text is evidently written in it.
pub fn if_markup(text: &str) -> String {
    match panics::guard(|| Some(read(text, Known::Perhaps(evidence::find_words(text)?)))) {
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
    panics::guard(|| read(html, Known::Surely)).unwrap_or_else(|panicked| {
        tracing::error!(%panicked, "HTML could not be read; it is shown without its tags");
        strip_tags(html)
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

/// Reads markup: once where all words look alike, and once more where some do not and it is known how most do.
fn read(html: &str, known: Known) -> String {
    let sheets = Sheets::of(html, &known);
    let (page, sheets) = Page::read(html, &known, sheets, Emphasis::default());
    match page.emphasis.usual() {
        None => page.lines.finish(),
        Some(usual) => {
            let (page, _) = Page::read(html, &known, sheets, Emphasis::beside(usual));
            page.lines.finish()
        }
    }
}

/// What has been read so far.
#[derive(Default)]
struct Page {
    lines: Lines,
    /// `pre` elements that are open.
    verbatim: usize,
    /// The element whose style keeps its line ends, and how many of its name are open from there on.
    kept: Option<(String, usize)>,
    emphasis: Emphasis,
    /// Where the text of an open `sup` begins.
    raised: Option<Mark>,
    /// Where the text of an open link begins, and where it leads.
    link: Option<(Mark, String)>,
    lists: lists::Lists,
    sheets: Sheets,
    /// What is not shown now.
    unseen: Option<Unseen>,
    /// What is not shown around what is shown now.
    parted: Parted,
    /// Whether words are seen where they stand.
    sight: Sight,
}

impl Page {
    /// What a text is; its sheets come back.
    fn read(html: &str, known: &Known, sheets: Sheets, emphasis: Emphasis) -> (Self, Sheets) {
        let mut page = Page {
            sight: Sight::on(&sheets),
            sheets,
            emphasis,
            ..Page::default()
        };
        let mut reader = tags::Reader::knowing(html, known);
        while let Some(found) = reader.next() {
            match found {
                Found::Text(text) => page.text(text),
                Found::Tag(tag) => page.tag(&tag, &mut reader),
                Found::Unseen(text) => page.mark(unseen::mark_of(text.to_owned())),
            }
        }
        page.end_unseen();
        let unread = page.sight.end();
        page.mark(unread);
        page.end_link();
        let sheets = std::mem::take(&mut page.sheets);
        (page, sheets)
    }

    fn text(&mut self, text: &str) {
        if let Some(unseen) = &mut self.unseen {
            return unseen.text(text);
        }
        let text = htmlize::unescape(text);
        if self.sight.hears(&text) {
            return;
        }
        if self.raised.is_none() && !text.trim().is_empty() {
            self.lines.look(self.emphasis.look(&text, self.link.is_some()));
        }
        let keeps = self.kept.is_some() && !text.trim().is_empty();
        if self.verbatim > 0 || keeps {
            self.lines.verbatim(&text);
        } else {
            self.lines.words(&text);
        }
    }

    /// Takes note of an element that keeps its line ends as `pre` does.
    fn keep(&mut self, tag: &Tag<'_>, style: Option<&Style>) {
        match &mut self.kept {
            Some((name, open)) if *name == tag.name => {
                *open = if tag.closing { *open - 1 } else { *open + 1 };
                if *open == 0 {
                    self.kept = None;
                }
            }
            None if !tag.closing && !tag.is_void() && style.is_some_and(Style::keeps_lines) => {
                self.kept = Some((tag.name.clone(), 1));
            }
            _ => {}
        }
    }

    fn tag<'a>(&mut self, tag: &Tag<'a>, reader: &mut tags::Reader<'a>) {
        let style = self.sheets.style(tag);
        self.emphasis.tag(tag, style.as_ref());
        let unread = self.sight.tag(tag, style.as_ref());
        self.mark(unread);
        let again = self.parted.tag(tag);
        self.seen(tag, style.as_ref(), reader);
        if again.is_some() {
            self.end_unseen();
            self.unseen = again;
        }
    }

    /// Takes a tag where it is seen, and looks whether what stands behind it is.
    fn seen<'a>(&mut self, tag: &Tag<'a>, style: Option<&Style>, reader: &mut tags::Reader<'a>) {
        if let Some(unseen) = &mut self.unseen {
            match unseen.ends(tag, style, reader) {
                None if unseen.is_parted_by(tag, style) && self.parted.has_room() => {
                    let mark = unseen.part();
                    self.parted.extend(self.unseen.take(), tag);
                    self.mark(mark);
                }
                None => return,
                Some(is_own) => {
                    self.end_unseen();
                    if is_own {
                        return;
                    }
                }
            }
        }
        self.unseen = Unseen::begun(tag, style);
        if self.unseen.is_some() {
            if matches!(tag.name.as_str(), "td" | "th") {
                self.lines.cell();
            }
            return;
        }
        self.keep(tag, style);
        match (tag.name.as_str(), tag.closing) {
            ("script" | "style", false) => {
                if let Some(length) = reader.skip_content(tag) {
                    self.lines.block(2);
                    let mark = format!("[{} without its end left out: {length} characters]", tag.name);
                    self.lines.sign(&mark);
                }
            }
            ("title", false) => {
                // A program's word for its page: no part of it, and it may be anything.
                let before = reader.rest();
                if reader.skip_ended(tag) {
                    let length = before.len() - reader.rest().len();
                    let title = before.get(..length).and_then(|text| text.rsplit_once("</"));
                    let title = title.map_or("", |(title, _)| title);
                    self.mark(unseen::mark_of(htmlize::unescape(title).into_owned()));
                }
            }
            _ => self.within_lines(tag, style, reader.rest()),
        }
    }

    /// Tags that stand among words: pictures, links, marks.
    fn within_lines(&mut self, tag: &Tag<'_>, style: Option<&Style>, behind: &str) {
        match (tag.name.as_str(), tag.closing) {
            ("br", _) => self.lines.line_break(),
            ("img" | "image" | "iframe" | "video" | "audio" | "embed" | "input", false) => {
                if let Some(mark) = images::describe(tag, style) {
                    self.lines.sign(&mark);
                }
            }
            ("a", closing) => {
                self.end_link();
                if !closing {
                    let leads = tag.attribute("href").and_then(links::address);
                    self.link = leads.map(|address| (self.lines.here(), address));
                }
            }
            ("sup", false) => self.raised = Some(self.lines.raise()),
            ("sup", true) => {
                if let Some(start) = self.raised.take() {
                    self.lines.end_raised(start);
                }
            }
            _ => self.between_lines(tag, style, behind),
        }
    }

    /// Tags that begin or end lines.
    fn between_lines(&mut self, tag: &Tag<'_>, style: Option<&Style>, behind: &str) {
        match (tag.name.as_str(), tag.closing) {
            ("pre", closing) => {
                self.verbatim = match closing {
                    false => self.verbatim + 1,
                    true => self.verbatim.saturating_sub(1),
                };
                self.lines.block(2);
            }
            // A rule sets apart what is below it: the heading of what Outlook quotes.
            ("p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hr", _) => self.lines.block(2),
            ("ul" | "ol", closing) => {
                self.lists.list(tag, style, behind, &self.sheets);
                if closing {
                    self.lines.block(1)
                } else {
                    self.lines.next_line()
                }
            }
            ("li", false) => self.lines.item(self.lists.item(tag, style)),
            ("dt" | "dd", false) => self.lines.next_line(),
            ("option", false) => {
                let chosen = tag.has_flag("selected");
                self.lines.block(1);
                self.lines.sign(if chosen { "(x) " } else { "( ) " });
            }
            ("blockquote", closing) => {
                self.lines.block(2);
                self.lines.quote(closing);
            }
            ("table", false) => self.lines.table(),
            ("table", true) => self.lines.end_table(),
            ("tr", true) => self.lines.end_row(),
            ("td" | "th", false) => self.lines.cell(),
            (name, _) if elements::is_block(name) => self.lines.block(1),
            _ => {}
        }
    }

    /// Says how much was not shown.
    fn end_unseen(&mut self) {
        let mark = self.unseen.take().and_then(Unseen::mark);
        self.mark(mark);
    }

    fn mark(&mut self, mark: Option<String>) {
        if let Some(mark) = mark {
            self.lines.sign(&mark);
        }
    }

    /// Says behind a link where it leads, unless its text does.
    fn end_link(&mut self) {
        let Some((start, address)) = self.link.take() else {
            return;
        };
        let said = self.lines.since(start).map(marks::without);
        let said = said.as_deref().map(|said| said.trim().trim_matches('~'));
        match said {
            Some("") => self.lines.sign(&address),
            Some(said) if links::says(said, &address) => {}
            _ => self.lines.end_mark(&format!(" ({address})")),
        }
    }
}

/// The text without what stands between `<` and `>`: what is shown when markup could not be read.
fn strip_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, inside)) = rest.split_once('<') {
        text.push_str(before);
        let opens = inside.starts_with(|sign: char| sign.is_ascii_alphabetic() || matches!(sign, '/' | '!'));
        match inside.split_once('>').filter(|_| opens) {
            Some((_, behind)) => {
                text.push(' ');
                rest = behind;
            }
            None if opens => {
                rest = "";
                text.push_str(inside);
            }
            None => {
                text.push('<');
                rest = inside;
            }
        }
    }
    text.push_str(rest);
    let text = htmlize::unescape(text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
