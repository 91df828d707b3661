//! The words of PDF files, page by page: a page that cannot be read takes no other with it, and leaves a mark. Words that are
//! written and not painted (ISO 32000-1, 9.3.6: text rendering mode 3) are told apart; of colours the reader of the format
//! tells nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::content::{Content, Operation};
use pdf_extract::{Document, ObjectId, PlainTextOutput, output_doc_page};

use super::{Unread, part};

/// The mode of texts that are written and not painted.
const UNPAINTED: i64 = 3;

/// The words of all pages.
pub(super) fn read(bytes: &[u8]) -> Result<String, Unread> {
    let mut document = Document::load_mem(bytes).map_err(Unread::broken)?;
    if document.is_encrypted() {
        document.decrypt("").map_err(|_| Unread::Locked)?;
    }
    let pages = document.get_pages();
    let (mut text, mut unread, mut first) = (String::new(), 0_usize, None);
    for (number, id) in &pages {
        match page_apart(&mut document, *number, *id) {
            Ok(words) => text.push_str(&part(&format!("page {number}"), &words)),
            Err(error) => {
                text.push_str(&part(&format!("page {number}"), "(cannot be read)"));
                (unread, first) = (unread + 1, first.or(Some(error)));
            }
        }
    }
    match first {
        Some(error) if unread == pages.len() => Err(error),
        _ => Ok(text),
    }
}

/// The words of a page; of those that are not painted there is a mark. Where nothing else is there, they are what a program
/// has read in the picture of a page, and the mark stands above them.
fn page_apart(document: &mut Document, number: u32, id: ObjectId) -> Result<String, Unread> {
    let all = page(document, number)?;
    let Some(painted) = without_unpainted(document, id) else {
        return Ok(all);
    };
    document
        .change_page_content(id, painted)
        .map_err(Unread::broken)?;
    let seen = page(document, number)?;
    if seen.trim().is_empty() {
        return Ok(format!(
            "[hidden text, as under the picture of a scanned page:]\n{all}"
        ));
    }
    let letters = |text: &str| text.chars().filter(|sign| !sign.is_whitespace()).count();
    let hidden = letters(&all).saturating_sub(letters(&seen));
    Ok(match hidden {
        0 => seen,
        hidden => format!("{seen}\n[hidden text left out: {hidden} characters]"),
    })
}

/// The content of a page without the texts that are not painted; none where all are.
fn without_unpainted(document: &Document, id: ObjectId) -> Option<Vec<u8>> {
    let content = document.get_page_content(id).ok()?;
    let content = Content::decode(&content).ok()?;
    let (mut mode, mut around, mut found) = (0, Vec::new(), false);
    let mut is_painted = |operation: &Operation| {
        match operation.operator.as_str() {
            "q" => around.push(mode),
            "Q" => mode = around.pop().unwrap_or_default(),
            "Tr" => {
                mode = operation
                    .operands
                    .first()
                    .and_then(|mode| mode.as_i64().ok())
                    .unwrap_or_default()
            }
            "Tj" | "TJ" | "'" | "\"" if mode == UNPAINTED => {
                found = true;
                return false;
            }
            _ => {}
        }
        true
    };
    let operations: Vec<Operation> = content
        .operations
        .into_iter()
        .filter(|one| is_painted(one))
        .collect();
    let painted = Content { operations }.encode().ok()?;
    found.then_some(painted)
}

fn page(document: &Document, number: u32) -> Result<String, Unread> {
    let mut words = String::new();
    let read = catch_unwind(AssertUnwindSafe(|| {
        let mut output = PlainTextOutput::new(&mut words);
        output_doc_page(document, &mut output, number)
    }));
    match read {
        Ok(read) => read.map_err(Unread::broken)?,
        Err(_) => return Err(Unread::Broken),
    }
    // Between two lines that stand apart comes an empty one.
    let lines = words.lines().filter(|line| !line.trim().is_empty());
    Ok(lines.collect::<Vec<&str>>().join("\n"))
}
