//! A file of records that grows page by page and survives a break.

use super::part::{draft, lock, read};
use super::unwritable;
use crate::tools::digest::{canonical, digest};
use crate::tools::error::{Code, ToolError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt as _;

/// Bytes of a note at most: it lists the records of one instant.
const LONGEST_NOTE: u64 = 16 << 20;

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

/// An export under way: the part file holds whole pages, the note beside it says whose they are, how many bytes, and
/// where to go on. As long as it lives the part is locked.
pub struct Export {
    whole: PathBuf,
    part: PathBuf,
    note: PathBuf,
    file: File,
    of: Value,
    bytes: u64,
    content: Sha256,
    format: Format,
    columns: Vec<String>,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Note<P> {
    /// What the export is of: whose data, which query, which columns.
    of: Value,
    bytes: u64,
    /// The digest of these bytes.
    content: String,
    progress: P,
}

impl Export {
    /// Begins an export of what `of` describes, or takes up the very same one that broke off: then there is progress.
    ///
    /// # Errors
    /// The directory cannot be written, or the same export is running.
    pub async fn begin<P: DeserializeOwned + Send + 'static>(
        directory: &Path,
        module: &str,
        of: Value,
        format: Format,
        columns: Vec<String>,
    ) -> Result<(Self, Option<P>), ToolError> {
        fs::create_dir_all(directory)
            .await
            .map_err(|error| unwritable(directory, &error))?;
        let mark = digest(&canonical(&of));
        let whole = directory.join(format!("{module}-{mark}.{}", format.extension()));
        let part = whole.with_extension(format!("{}.part", format.extension()));
        let note = whole.with_extension(format!("{}.note", format.extension()));
        let (locked, before) = {
            let (part, note, of) = (part.clone(), note.clone(), of.clone());
            blocking(move || taken_up(&part, &note, &of)).await
        }
        .map_err(|error| unwritable(&part, &error))?
        .ok_or_else(|| running(&whole))?;
        let (bytes, content, progress) = before
            .map_or((0, Sha256::new(), None), |(bytes, content, progress)| {
                (bytes, content, Some(progress))
            });
        let export = Export {
            whole,
            part,
            note,
            file: File::from_std(locked),
            of,
            bytes,
            content,
            format,
            columns,
        };
        Ok((export, progress))
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
        self.content.update(&text);
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
            of: self.of.clone(),
            bytes: self.bytes,
            content: hexadecimal(self.content.clone()),
            progress,
        });
        let note = note.map_err(|error| ToolError::internal(&error))?;
        let path = self.note.clone();
        let written = blocking(move || {
            let mut draft = draft(path.parent().unwrap_or(Path::new(".")))?;
            draft.write_all(&note)?;
            draft.persist(&path).map(drop).map_err(|error| error.error)
        });
        written.await.map_err(|error| unwritable(&self.note, &error))
    }

    /// The export is whole: its file, which replaces one of the same name, and its size in bytes.
    ///
    /// # Errors
    /// The file cannot be named.
    pub async fn finish(mut self) -> Result<(PathBuf, u64), ToolError> {
        self.file
            .flush()
            .await
            .map_err(|error| unwritable(&self.part, &error))?;
        // Before the lock ends with the name of the part: the note of whoever comes next stays.
        let _ = fs::remove_file(&self.note).await;
        fs::rename(&self.part, &self.whole)
            .await
            .map_err(|error| unwritable(&self.whole, &error))?;
        Ok((self.whole, self.bytes))
    }
}

/// The bytes that count of a part, their digest, and how far its export had come.
type Before<P> = (u64, Sha256, P);

/// The part, locked, at the place where the export goes on; nothing when another one holds it. Only what its note and
/// its own bytes bear out is kept.
fn taken_up<P: DeserializeOwned>(
    part: &Path,
    note: &Path,
    of: &Value,
) -> io::Result<Option<(std::fs::File, Option<Before<P>>)>> {
    let Some(mut file) = lock(part)? else {
        return Ok(None);
    };
    let note = read(note, LONGEST_NOTE).ok();
    let note: Option<Note<P>> = note.and_then(|text| serde_json::from_slice(&text).ok());
    let before = match note.filter(|note| note.of == *of) {
        Some(note) => borne_out(&mut file, &note)?.map(|content| (note.bytes, content, note.progress)),
        None => None,
    };
    let bytes = before.as_ref().map_or(0, |(bytes, ..)| *bytes);
    // What was written after the last note is written again.
    file.set_len(bytes)?;
    file.seek(SeekFrom::Start(bytes))?;
    Ok(Some((file, before)))
}

/// The digest of the bytes a note speaks of, if they are in the file and those it means.
fn borne_out<P>(file: &mut std::fs::File, note: &Note<P>) -> io::Result<Option<Sha256>> {
    let mut content = Sha256::new();
    let mut rest = note.bytes;
    let mut piece = vec![0; 1 << 16];
    while rest > 0 {
        let most = usize::try_from(rest).unwrap_or(usize::MAX).min(piece.len());
        let length = file.read(piece.get_mut(..most).unwrap_or_default())?;
        if length == 0 {
            return Ok(None);
        }
        content.update(piece.get(..length).unwrap_or_default());
        rest -= length as u64;
    }
    Ok((hexadecimal(content.clone()) == note.content).then_some(content))
}

fn hexadecimal(content: Sha256) -> String {
    content
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Work on files that may take its time.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await?
}

fn running(whole: &Path) -> ToolError {
    let next = format!(
        "Wait until it has ended: its file will be {}. The same call then begins a new one, or goes on where it broke off.",
        whole.display()
    );
    let error = "This export is running already, in this process or in another one.";
    let mut failure = ToolError::new(Code::Unavailable, error, next);
    failure.retryable = true;
    failure
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
