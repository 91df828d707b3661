//! The words of texts and slides, out of the markup of Office Open XML and of OpenDocument.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::archive::{Archive, Relation, attribute};
use super::looks::{self, Look, Styles};
use super::{Unread, part};

/// The words of a text, and of what stands beside it.
pub(super) fn read_words(archive: &mut Archive<'_>, main: &str) -> Result<String, Unread> {
    let related = archive.related(main)?;
    let styles = match related.iter().find(|one| one.kind == "styles") {
        Some(styles) => Styles::read(&archive.part(&styles.part)?.unwrap_or_default())?,
        None => Styles::default(),
    };
    let mut text = words(archive, main, &OFFICE, &styles)?;
    for kind in ["header", "footer", "footnotes", "endnotes", "comments"] {
        for beside in related.iter().filter(|one| one.kind == kind) {
            text.push_str(&part(kind, &words(archive, &beside.part, &OFFICE, &styles)?));
        }
    }
    Ok(text)
}

/// The words of slides, in the order they are shown in, each with its notes.
pub(super) fn read_slides(archive: &mut Archive<'_>, main: &str) -> Result<String, Unread> {
    let related = archive.related(main)?;
    let order = archive.part(main)?.unwrap_or_default();
    let styles = Styles::default();
    let mut text = String::new();
    for (at, id) in elements(&order, "sldId")?.iter().enumerate() {
        let Some(Relation { part: slide, .. }) = related.iter().find(|one| &one.id == id) else {
            continue;
        };
        text.push_str(&part(
            &format!("slide {}", at + 1),
            &words(archive, slide, &OFFICE, &styles)?,
        ));
        for notes in archive
            .related(slide)?
            .into_iter()
            .filter(|one| one.kind == "notesSlide")
        {
            let name = format!("notes of slide {}", at + 1);
            text.push_str(&part(&name, &words(archive, &notes.part, &OFFICE, &styles)?));
        }
    }
    Ok(text)
}

/// The words of an OpenDocument.
pub(super) fn read_open(archive: &mut Archive<'_>) -> Result<String, Unread> {
    words(archive, "content.xml", &OPEN, &Styles::default())
}

/// Which elements say what, by the last part of their names.
struct Markup {
    /// What stands in these is text.
    words: &'static [&'static str],
    /// These are lines of their own.
    lines: &'static [&'static str],
    /// What stands in these is shown elsewhere, or not at all.
    skipped: &'static [&'static str],
}

const OFFICE: Markup = Markup {
    words: &["t"],
    lines: &["p"],
    skipped: &["pPr", "rPr", "sectPr", "moveFrom", "Fallback"],
};

const OPEN: Markup = Markup {
    words: &["p", "h"],
    lines: &["p", "h"],
    skipped: &["tracked-changes"],
};

fn words(archive: &mut Archive<'_>, name: &str, markup: &Markup, styles: &Styles) -> Result<String, Unread> {
    let text = archive.part(name)?;
    let text = text.ok_or(Unread::Broken)?;
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    let mut writing = Writing::new(markup, styles, looks::paints(&text));
    loop {
        match reader.read_event().map_err(Unread::broken)? {
            Event::Start(element) => writing.open(&element),
            Event::Empty(element) => {
                writing.open(&element);
                writing.close(element.local_name().as_ref());
            }
            Event::End(element) => writing.close(element.local_name().as_ref()),
            Event::Text(text) => writing.write(&text.xml10_content()),
            Event::CData(text) => writing.write(&text.xml10_content()),
            Event::GeneralRef(name) => writing.write(&referred(&name)),
            Event::Eof => return Ok(writing.text),
            _ => {}
        }
    }
}

/// A character by its number or by one of the five names; what a document declares itself stays as it is written.
fn referred(name: &BytesRef<'_>) -> String {
    match name.resolve_char_ref() {
        Ok(Some(sign)) => sign.to_string(),
        _ => match quick_xml::escape::resolve_predefined_entity(name) {
            Some(known) => known.to_owned(),
            None => format!("&{};", &**name),
        },
    }
}

struct Writing<'a> {
    markup: &'a Markup,
    text: String,
    /// How many elements around this place hold text, are skipped, are cells.
    inside_words: usize,
    inside_skipped: usize,
    inside_cells: usize,
    styles: &'a Styles,
    /// Something in this part is painted behind words.
    is_painted: bool,
    /// The style of each paragraph around this place, of the run, and what the run says itself.
    paragraphs: Vec<Option<String>>,
    run: Option<String>,
    look: Look,
    /// Whether the rows around this place are not shown.
    rows: Vec<bool>,
    /// The words here are not shown.
    is_hidden: bool,
    /// What was not shown since the last words that were.
    hidden: String,
}

impl<'a> Writing<'a> {
    fn new(markup: &'a Markup, styles: &'a Styles, is_painted: bool) -> Self {
        Writing {
            markup,
            styles,
            is_painted,
            paragraphs: Vec::new(),
            run: None,
            look: Look::default(),
            rows: Vec::new(),
            text: String::new(),
            inside_words: 0,
            inside_skipped: 0,
            inside_cells: 0,
            is_hidden: false,
            hidden: String::new(),
        }
    }

    fn open(&mut self, element: &BytesStart<'_>) {
        let name = element.local_name();
        let name = name.as_ref();
        self.inside_skipped += usize::from(self.markup.skipped.contains(&name));
        self.inside_words += usize::from(self.markup.words.contains(&name));
        self.inside_cells += usize::from(is_cell(name));
        // Among the properties of a run itself: those of a paragraph are its mark's, deeper ones what was before a change.
        if self.inside_skipped == 1 {
            self.property(element, name);
        }
        if self.inside_skipped > 0 {
            return;
        }
        match name {
            "p" => self.paragraphs.push(None),
            "r" => (self.run, self.look) = (None, Look::default()),
            "tr" => self.rows.push(false),
            "hidden" => self
                .rows
                .last_mut()
                .into_iter()
                .for_each(|row| *row = !looks::is_off(element)),
            _ => {}
        }
        if matches!(name, "p" | "r" | "hidden") {
            self.look();
        }
        match name {
            _ if self.is_hidden => {}
            "tab" | "ptab" => self.text.push('\t'),
            "br" | "cr" | "line-break" => self.text.push('\n'),
            "noBreakHyphen" => self.text.push('-'),
            "s" if self.inside_words > 0 => {
                let count = attribute(element, "c").and_then(|count| count.parse().ok());
                self.text.push_str(&" ".repeat(count.unwrap_or(1).min(200)));
            }
            _ => {}
        }
    }

    fn property(&mut self, element: &BytesStart<'_>, name: &str) {
        match name {
            "pStyle" => {
                let style = attribute(element, "val");
                self.paragraphs
                    .last_mut()
                    .into_iter()
                    .for_each(|paragraph| paragraph.clone_from(&style));
            }
            "rStyle" => self.run = attribute(element, "val"),
            _ => self.look.hear(element),
        }
        self.look();
    }

    /// Looks whether words are seen here.
    fn look(&mut self) {
        let paragraph = self.paragraphs.last().and_then(Option::as_deref);
        let run = self.run.as_deref();
        let is_of_row = self.rows.contains(&true);
        self.is_hidden = is_of_row || self.styles.hide(paragraph, run, self.look, self.is_painted);
    }

    fn close(&mut self, name: &str) {
        if self.inside_skipped == 0 {
            match name {
                "r" => (self.run, self.look) = (None, Look::default()),
                "p" => drop(self.paragraphs.pop()),
                "tr" => drop(self.rows.pop()),
                _ => {}
            }
            if matches!(name, "r" | "p" | "tr") {
                self.look();
            }
            if self.markup.lines.contains(&name) {
                self.tell_hidden();
            }
            match name {
                name if self.markup.lines.contains(&name) && self.inside_cells > 0 => self.text.push(' '),
                name if self.markup.lines.contains(&name) => self.text.push('\n'),
                name if is_cell(name) => self.end(' ', '\t'),
                "tr" | "table-row" => self.end('\t', '\n'),
                _ => {}
            }
        }
        let left = |count: &mut usize, is: bool| *count = count.saturating_sub(usize::from(is));
        left(&mut self.inside_skipped, self.markup.skipped.contains(&name));
        left(&mut self.inside_words, self.markup.words.contains(&name));
        left(&mut self.inside_cells, is_cell(name));
    }

    fn write(&mut self, text: &str) {
        if self.inside_words == 0 || self.inside_skipped > 0 {
            return;
        }
        if self.is_hidden {
            self.hidden.push_str(text);
        } else {
            self.tell_hidden();
            self.text.push_str(text);
        }
    }

    /// Leaves a mark where words are not shown.
    fn tell_hidden(&mut self) {
        let hidden = std::mem::take(&mut self.hidden);
        let words: Vec<&str> = hidden.split_whitespace().collect();
        if !words.is_empty() {
            let length = words.join(" ").chars().count();
            let mark = format!(" [hidden text left out: {length} characters] ");
            self.text.push_str(&mark);
        }
    }

    /// Puts one sign in place of those of another kind at the end.
    fn end(&mut self, gone: char, put: char) {
        self.text.truncate(self.text.trim_end_matches(gone).len());
        self.text.push(put);
    }
}

fn is_cell(name: &str) -> bool {
    matches!(name, "tc" | "table-cell")
}

/// The relation ids of all elements of a name.
fn elements(text: &str, name: &str) -> Result<Vec<String>, Unread> {
    let mut found = Vec::new();
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().map_err(Unread::broken)? {
            Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == name => {
                let ids = element.attributes().flatten();
                let id = ids.into_iter().find(|one| one.key.as_ref().ends_with(":id"));
                found.extend(id.map(|one| one.value.into_owned()));
            }
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}
