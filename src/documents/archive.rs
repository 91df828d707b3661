//! Office files are archives of marked-up parts that name each other.

use std::io::{Cursor, Read as _};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::result::ZipError;

use super::Unread;

/// Bytes that all parts of one file are unpacked to: so many, and so many more for each of its own.
const UNPACKED: (u64, u64) = (16 * 1024 * 1024, 32);
const MOST_UNPACKED: u64 = 128 * 1024 * 1024;

/// The parts of one file.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// How much may be unpacked, and how much still.
    most: u64,
    left: u64,
}

/// What an archive is, with the name of its main part.
pub(super) enum Document {
    Sheets,
    Words(String),
    Slides(String),
    /// Text or slides of an OpenDocument, which have one part for all words.
    Open,
}

/// That one part names another, and what as.
pub(super) struct Relation {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) part: String,
}

impl<'a> Archive<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Unread> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(Unread::broken)?;
        let (least, each) = UNPACKED;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let most = length
            .saturating_mul(each)
            .saturating_add(least)
            .min(MOST_UNPACKED);
        Ok(Archive {
            zip,
            most,
            left: most,
        })
    }

    /// Which kind of document it is, by what it says and not by its name.
    pub(super) fn document(&mut self) -> Result<Document, Unread> {
        let main = self
            .related("")?
            .into_iter()
            .find(|one| one.kind == "officeDocument");
        if let Some(Relation { part, .. }) = main {
            return match part.split('/').next() {
                Some("xl") => Ok(Document::Sheets),
                Some("ppt") => Ok(Document::Slides(part)),
                _ => Ok(Document::Words(part)),
            };
        }
        let kind = self.part("mimetype")?.unwrap_or_default();
        match kind.strip_prefix("application/vnd.oasis.opendocument.") {
            Some(kind) if kind.starts_with("spreadsheet") => Ok(Document::Sheets),
            Some(_) => Ok(Document::Open),
            None => Err(Unread::Archive),
        }
    }

    /// A part as text; nothing where there is none of that name.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<String>, Unread> {
        let file = match self.zip.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => return Err(Unread::Locked),
            Err(error) => return Err(Unread::broken(error)),
        };
        let mut bytes = Vec::new();
        let read = file.take(self.left + 1).read_to_end(&mut bytes);
        read.map_err(Unread::broken)?;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.left = self
            .left
            .checked_sub(length)
            .ok_or(Unread::Large(self.most / 1024 / 1024))?;
        Ok(Some(decoded(bytes)))
    }

    /// What a part names; the archive as a whole is the part without a name.
    pub(super) fn related(&mut self, part: &str) -> Result<Vec<Relation>, Unread> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let listed = format!("{folder}/_rels/{name}.rels");
        let Some(text) = self.part(listed.trim_start_matches('/'))? else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        let mut reader = Reader::from_str(&text);
        loop {
            match reader.read_event().map_err(Unread::broken)? {
                Event::Start(element) | Event::Empty(element) => found.extend(relation(folder, &element)),
                Event::Eof => return Ok(found),
                _ => {}
            }
        }
    }
}

fn relation(folder: &str, element: &BytesStart<'_>) -> Option<Relation> {
    let target = attribute(element, "Target")?;
    let part = match target.strip_prefix('/') {
        Some(from_the_root) => from_the_root.to_owned(),
        None => joined(folder, &target),
    };
    let kind = attribute(element, "Type")?;
    Some(Relation {
        id: attribute(element, "Id")?,
        kind: kind.rsplit('/').next()?.to_owned(),
        part,
    })
}

fn joined(folder: &str, target: &str) -> String {
    let mut place: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            ".." => drop(place.pop()),
            "." => {}
            step => place.push(step),
        }
    }
    place.join("/")
}

/// An attribute by the last part of its name.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes().flatten();
    let found = attributes.find(|one| one.key.local_name().as_ref() == name)?;
    Some(
        found
            .normalized_value(quick_xml::XmlVersion::Implicit1_0)
            .ok()?
            .into_owned(),
    )
}

/// UTF-8, or UTF-16 with its mark.
fn decoded(bytes: Vec<u8>) -> String {
    match encoding_rs::Encoding::for_bom(&bytes) {
        Some((encoding, _)) => encoding.decode(&bytes).0.into_owned(),
        None => String::from_utf8_lossy(&bytes).into_owned(),
    }
}
