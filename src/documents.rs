//! The words of PDF and office files, and whether pictures open. The readers of such formats meet files that hang, exhaust or
//! end a program: only a process of its own, which may be ended, reads one here (`read-document` of the command line).

mod archive;
mod looks;
mod marked_up;
mod pages;
mod pictures;
mod sheets;

use std::io::Cursor;

use archive::Archive;
pub use pictures::{Picture, picture};

/// Why a file's words cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// It opens with a password.
    #[error("it opens with a password only")]
    Locked,
    /// Nothing in it is text.
    #[error("it holds no text, perhaps pictures of pages as a scanner makes them")]
    Wordless,
    /// An archive that holds no document.
    #[error("an archive of files")]
    Archive,
    /// A format from before 2007 that is no workbook.
    #[error("an Office file from before 2007, of which only workbooks are read")]
    Old,
    /// It is larger when unpacked than is read: in MiB.
    #[error("it is not read: too large inside, unpacked more than {0} MiB")]
    Large(u64),
    /// It does not hold to its format. Where is not told: the readers quote the file, and whoever wrote that would speak.
    #[error("it is broken")]
    Broken,
}

impl Unread {
    fn broken<E>(_: E) -> Self {
        Unread::Broken
    }
}

const ZIP: &[u8] = b"PK\x03\x04";
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const PDF: &[u8] = b"%PDF-";
/// Some programs put something before what a PDF begins with; this far readers look for it.
const PDF_BEGINS: usize = 1024;

/// Whether the bytes begin as a file does that [`read`] may know the words of.
pub fn is_document(bytes: &[u8]) -> bool {
    bytes.starts_with(ZIP) || bytes.starts_with(OLE) || is_pdf(bytes)
}

fn is_pdf(bytes: &[u8]) -> bool {
    let beginning = bytes.get(..PDF_BEGINS).unwrap_or(bytes);
    beginning.windows(PDF.len()).any(|window| window == PDF)
}

/// What a file comes to that was read.
pub enum Read {
    /// The words of a document.
    Words(String),
    /// A picture that opens.
    Picture,
}

/// How many pixels a file has by its head: of a picture there may be far more of them than bytes.
pub fn pixels(bytes: &[u8]) -> usize {
    let size = picture(bytes).and_then(|picture| picture.size);
    size.map_or(0, |(width, height)| width.saturating_mul(height))
}

/// Reads a whole file.
///
/// # Errors
/// Why its words cannot be had, or that it does not open.
pub fn read(bytes: &[u8]) -> Result<Read, Unread> {
    match picture(bytes) {
        Some(picture) => picture.open(bytes).map(|()| Read::Picture),
        None => words(bytes).map(Read::Words),
    }
}

fn words(bytes: &[u8]) -> Result<String, Unread> {
    let text = if bytes.starts_with(OLE) {
        sheets::read(Cursor::new(bytes)).map_err(|error| match error {
            Unread::Locked => Unread::Locked,
            _ => Unread::Old,
        })?
    } else if bytes.starts_with(ZIP) {
        let mut archive = Archive::open(bytes)?;
        match archive.document()? {
            archive::Document::Sheets => sheets::read(Cursor::new(bytes))?,
            archive::Document::Words(main) => marked_up::read_words(&mut archive, &main)?,
            archive::Document::Slides(main) => marked_up::read_slides(&mut archive, &main)?,
            archive::Document::Open => marked_up::read_open(&mut archive)?,
        }
    } else {
        pages::read(bytes)?
    };
    match text.trim().is_empty() {
        true => Err(Unread::Wordless),
        false => Ok(text),
    }
}

/// One part of a file under a line that names it; nothing for a part without words.
fn part(name: &str, text: &str) -> String {
    match text.trim().is_empty() {
        true => String::new(),
        false => format!("--- {name} ---\n{}\n", text.trim_end().trim_start_matches('\n')),
    }
}
