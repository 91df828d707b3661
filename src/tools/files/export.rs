//! A file of records that grows page by page and survives a break.

use super::unwritable;
use crate::tools::error::ToolError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};
use tokio::fs::{self, File, OpenOptions};
use tokio::io::AsyncWriteExt as _;

/// How records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A JSON object a line.
    Ndjson,
    /// Columns, quoted as RFC 4180 says.
    Csv,
}

impl Format {
    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Ndjson => "application/x-ndjson",
            Format::Csv => "text/csv",
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Format::Ndjson => "ndjson",
            Format::Csv => "csv",
        }
    }
}

/// An export under way: the part file holds whole pages, the note beside it says how many bytes and where to go on.
pub struct Export {
    whole: PathBuf,
    part: PathBuf,
    note: PathBuf,
    file: File,
    bytes: u64,
    format: Format,
    columns: Vec<String>,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Note<P> {
    bytes: u64,
    progress: P,
}

impl Export {
    /// Begins an export, or takes up the one of the same query that broke off.
    ///
    /// # Errors
    /// The directory cannot be written.
    pub async fn begin<P: DeserializeOwned + Default>(
        directory: &Path,
        module: &str,
        query: &str,
        format: Format,
        columns: Vec<String>,
    ) -> Result<(Self, P), ToolError> {
        fs::create_dir_all(directory)
            .await
            .map_err(|error| unwritable(directory, &error))?;
        let digest = Sha256::digest(format!("{query} {columns:?}"));
        let mark: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        let whole = directory.join(format!("{module}-{mark}.{}", format.extension()));
        let part = whole.with_extension(format!("{}.part", format.extension()));
        let note = whole.with_extension(format!("{}.note", format.extension()));
        let before: Option<Note<P>> = match fs::read(&note).await {
            Ok(text) => serde_json::from_slice(&text).ok(),
            Err(_) => None,
        };
        let (bytes, progress) = before.map_or((0, P::default()), |note| (note.bytes, note.progress));
        let opened = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&part)
            .await;
        let mut file = opened.map_err(|error| unwritable(&part, &error))?;
        // What was written after the last note is written again.
        file.set_len(bytes)
            .await
            .map_err(|error| unwritable(&part, &error))?;
        let end = std::io::SeekFrom::Start(bytes);
        tokio::io::AsyncSeekExt::seek(&mut file, end)
            .await
            .map_err(|error| unwritable(&part, &error))?;
        Ok((
            Export {
                whole,
                part,
                note,
                file,
                bytes,
                format,
                columns,
            },
            progress,
        ))
    }

    /// Writes a page.
    ///
    /// # Errors
    /// The disk is full.
    pub async fn write(&mut self, rows: &[Map<String, Value>]) -> Result<(), ToolError> {
        let text = match self.format {
            Format::Ndjson => lines(rows),
            Format::Csv => {
                csv_text(rows, &self.columns, self.bytes == 0).map_err(|error| ToolError::internal(&error))?
            }
        };
        self.file
            .write_all(&text)
            .await
            .map_err(|error| unwritable(&self.part, &error))?;
        self.bytes += text.len() as u64;
        Ok(())
    }

    /// Notes how far it has come, after what was written is in the file.
    ///
    /// # Errors
    /// The disk is full.
    pub async fn remember<P: Serialize>(&mut self, progress: &P) -> Result<(), ToolError> {
        self.file
            .flush()
            .await
            .map_err(|error| unwritable(&self.part, &error))?;
        let note = serde_json::to_vec(&Note {
            bytes: self.bytes,
            progress,
        })
        .unwrap_or_default();
        let fresh = self.note.with_extension("note.new");
        fs::write(&fresh, note)
            .await
            .map_err(|error| unwritable(&fresh, &error))?;
        fs::rename(&fresh, &self.note)
            .await
            .map_err(|error| unwritable(&self.note, &error))
    }

    /// The export is whole: its file and size in bytes.
    ///
    /// # Errors
    /// The file cannot be named.
    pub async fn finish(mut self) -> Result<(PathBuf, u64), ToolError> {
        self.file
            .flush()
            .await
            .map_err(|error| unwritable(&self.part, &error))?;
        fs::rename(&self.part, &self.whole)
            .await
            .map_err(|error| unwritable(&self.whole, &error))?;
        let _ = fs::remove_file(&self.note).await;
        Ok((self.whole, self.bytes))
    }
}

fn lines(rows: &[Map<String, Value>]) -> Vec<u8> {
    let mut text = Vec::new();
    for row in rows {
        let _ = serde_json::to_writer(&mut text, row);
        text.push(b'\n');
    }
    text
}

fn csv_text(rows: &[Map<String, Value>], columns: &[String], first: bool) -> csv::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    if first {
        writer.write_record(columns)?;
    }
    for row in rows {
        writer.write_record(columns.iter().map(|column| cell(row.get(column))))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// A value in one cell. A text that a spreadsheet would run as a formula is marked as text.
fn cell(value: Option<&Value>) -> String {
    let text = match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Object(members)) => match members.get("name") {
            Some(Value::String(name)) => name.clone(),
            _ => Value::Object(members.clone()).to_string(),
        },
        Some(other) => other.to_string(),
    };
    if text.starts_with(['=', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text
    }
}
