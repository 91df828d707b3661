//! The words of PDF files, page by page: a page that cannot be read takes no other with it, and leaves a mark. How words are
//! painted (in which colour, or not at all, as under a scanned page) the reader of the format does not tell.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::{Document, PlainTextOutput, output_doc_page};

use super::{Unread, part};

/// The words of all pages.
pub(super) fn read(bytes: &[u8]) -> Result<String, Unread> {
    let mut document = Document::load_mem(bytes).map_err(Unread::broken)?;
    if document.is_encrypted() {
        document.decrypt("").map_err(|_| Unread::Locked)?;
    }
    let pages = document.get_pages();
    let (mut text, mut unread, mut first) = (String::new(), 0_usize, None);
    for number in pages.keys() {
        match page(&document, *number) {
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
