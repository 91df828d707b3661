//! Tables as files: CSV, one or several in a ZIP.

use std::io::{Cursor, Read, Write};

use bytes::Bytes;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// Rows as CSV.
pub(crate) fn csv(rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).expect("a row goes into memory");
    }
    writer.into_inner().expect("rows go into memory")
}

/// The rows of CSV, the header first; the delimiter is the one of those Zoho knows that the header has most of.
pub(crate) fn rows(text: &[u8]) -> Vec<Vec<String>> {
    let header = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: &u8| header.iter().filter(|byte| *byte == delimiter).count();
    let delimiter = [b'|', b':', b';', b','].into_iter().max_by_key(count);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter.unwrap_or(b','))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text));
    let read = reader.byte_records().flatten();
    let cell = |cell: &[u8]| String::from_utf8_lossy(cell).into_owned();
    read.map(|row| row.iter().map(cell).collect()).collect()
}

/// Files in a ZIP.
pub(crate) fn zip(files: &[(String, Vec<u8>)]) -> Bytes {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer
            .start_file(name, SimpleFileOptions::default())
            .expect("a file goes into memory");
        writer.write_all(content).expect("a file goes into memory");
    }
    Bytes::from(writer.finish().expect("files go into memory").into_inner())
}

/// Bytes of one file that are read; the documents allow 25 MB as it lies in the ZIP.
const LARGEST: u64 = 256 << 20;

/// The CSV files of a ZIP, or nothing when it is none.
pub(crate) fn unzip(content: &Bytes) -> Option<Vec<(String, Vec<u8>)>> {
    let mut archive = ZipArchive::new(Cursor::new(content.as_ref())).ok()?;
    let mut files = Vec::new();
    for index in 0..archive.len() {
        let file = archive.by_index(index).ok()?;
        let name = file.name().ok()?.into_owned();
        if name.to_lowercase().ends_with(".csv") && !name.starts_with("__MACOSX") {
            let mut text = Vec::new();
            file.take(LARGEST).read_to_end(&mut text).ok()?;
            files.push((name, text));
        }
    }
    Some(files)
}
