//! A file of records that grows page by page and survives a break.

use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use tokio::fs::File;
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};

use super::part::{draft, lock, read};
use super::rows::{self, Format};
use super::unwritable;
use crate::names::hexadecimal;
use crate::regular::is_at;
use crate::tools::digest::{canonical, digest};
use crate::tools::error::{Code, ToolError};

/// Bytes of a note at most: it lists the records of one instant.
const LONGEST_NOTE: u64 = 16 << 20;

/// An export under way: the part file holds whole pages, the note beside it says whose they are, how many bytes, and
/// where to go on. As long as it lives the part is locked. What broke off stays with its note until it is taken up;
/// where nothing is noted, nothing stays.
pub struct Export {
    whole: PathBuf,
    part: PathBuf,
    note: PathBuf,
    /// Holds the lock; the same open file as the one that is written.
    locked: std::fs::File,
    file: File,
    of: Value,
    bytes: u64,
    content: Sha256,
    format: Format,
    columns: Vec<String>,
    /// Bytes the note speaks of.
    noted: u64,
    kept: bool,
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
        let mark = digest(&canonical(&of));
        let whole = directory.join(format!("{module}-{mark}.{}", format.extension()));
        let part = whole.with_extension(format!("{}.part", format.extension()));
        let note = whole.with_extension(format!("{}.note", format.extension()));
        let (locked, written, before) = {
            let (part, note, of) = (part.clone(), note.clone(), of.clone());
            blocking(move || {
                let Some((file, before)) = taken_up(&part, &note, &of)? else {
                    return Ok(None);
                };
                Ok(Some((file.try_clone()?, file, before)))
            })
            .await
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
            locked,
            file: File::from_std(written),
            of,
            bytes,
            content,
            format,
            columns,
            noted: bytes,
            kept: true,
        };
        Ok((export, progress))
    }

    /// Whether what was noted is there to be taken up.
    pub fn is_kept(&self) -> bool {
        self.kept && self.noted > 0
    }

    /// Writes a page; tells how many of its cells were marked as text.
    ///
    /// # Errors
    /// The disk is full.
    pub async fn write(&mut self, page: &[Map<String, Value>]) -> Result<u64, ToolError> {
        // The first row decides which columns there are.
        match page.is_empty() {
            true => Ok(0),
            false => self.append(page).await,
        }
    }

    async fn append(&mut self, page: &[Map<String, Value>]) -> Result<u64, ToolError> {
        let lines = match self.format {
            Format::Ndjson => rows::ndjson(page),
            Format::Csv => rows::csv(page, &self.columns, self.bytes == 0)
                .map_err(|error| ToolError::internal(&error))?,
        };
        let written = self.file.write_all(&lines.text).await;
        written.map_err(|error| unwritable(&self.part, &error))?;
        self.bytes += lines.text.len() as u64;
        self.content.update(&lines.text);
        Ok(lines.marked)
    }

    /// The ids of the records that are in the file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn ids(&self) -> Result<Vec<String>, ToolError> {
        let (part, format) = (self.part.clone(), self.format);
        let read = blocking(move || rows::ids(&std::fs::File::open(part)?, format));
        read.await.map_err(|error| unwritable(&self.part, &error))
    }

    /// Notes how far it has come, after what was written is in the file.
    ///
    /// # Errors
    /// The disk is full, or another program changed the file.
    pub async fn remember<P: Serialize>(&mut self, progress: &P) -> Result<(), ToolError> {
        self.check_size().await?;
        let note = serde_json::to_vec(&Note {
            of: self.of.clone(),
            bytes: self.bytes,
            content: hexadecimal(&self.content.clone().finalize()),
            progress,
        });
        let note = note.map_err(|error| ToolError::internal(&error))?;
        let path = self.note.clone();
        let written = blocking(move || {
            let mut draft = draft(path.parent().unwrap_or(Path::new(".")))?;
            draft.write_all(&note)?;
            draft.persist(&path)?;
            Ok(())
        });
        written.await.map_err(|error| unwritable(&self.note, &error))?;
        self.noted = self.bytes;
        Ok(())
    }

    /// Throws away what was written: it is written again from the first row on.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn begin_anew(&mut self) -> Result<(), ToolError> {
        let emptied = async {
            self.file.set_len(0).await?;
            self.file.rewind().await
        };
        emptied.await.map_err(|error| unwritable(&self.part, &error))?;
        (self.bytes, self.noted, self.content) = (0, 0, Sha256::new());
        Ok(())
    }

    /// The export is whole: its file, which replaces one of the same name, and its size in bytes. Where that fails the
    /// part and its note stay.
    ///
    /// # Errors
    /// The file cannot be named, or another program changed it.
    pub async fn finish(&mut self) -> Result<(PathBuf, u64), ToolError> {
        if self.bytes == 0 && self.format == Format::Csv {
            self.append(&[]).await?;
        }
        self.check_size().await?;
        let content = hexadecimal(&self.content.clone().finalize());
        let copy = self
            .locked
            .try_clone()
            .map_err(|error| unwritable(&self.part, &error))?;
        let (bytes, own) = (self.bytes, content.clone());
        // A file that was cut and written on is as long as it should be, and full of NUL bytes.
        let same = blocking(move || {
            let mut copy = copy;
            copy.rewind()?;
            Ok(borne_out(&mut copy, bytes, &own)?.is_some())
        });
        if !same.await.map_err(|error| unwritable(&self.part, &error))? || !is_at(&self.locked, &self.part) {
            return Err(self.changed());
        }
        let (part, whole, note) = (self.part.clone(), self.whole.clone(), self.note.clone());
        let named = blocking(move || {
            std::fs::rename(part, whole)?;
            // The lock ended with the name of the part: the note of whoever came next stays.
            let left: Option<Note<IgnoredAny>> = read(&note, LONGEST_NOTE)
                .ok()
                .and_then(|text| serde_json::from_slice(&text).ok());
            if left.is_some_and(|left| left.content == content) {
                let _ = std::fs::remove_file(note);
            }
            Ok(())
        });
        named.await.map_err(|error| unwritable(&self.whole, &error))?;
        Ok((self.whole.clone(), self.bytes))
    }

    /// What was written is in the file, and nothing else.
    async fn check_size(&mut self) -> Result<(), ToolError> {
        let written = self.file.flush().await;
        written.map_err(|error| unwritable(&self.part, &error))?;
        let found = self.file.metadata().await;
        let found = found.map_err(|error| unwritable(&self.part, &error))?;
        if found.len() == self.bytes && is_at(&self.locked, &self.part) {
            Ok(())
        } else {
            Err(self.changed())
        }
    }

    fn changed(&mut self) -> ToolError {
        self.kept = false;
        ToolError::new(
            Code::Unavailable,
            format!(
                "Another program changed or removed {} while it was written.",
                self.part.display()
            ),
            "Keep other programs out of this directory; the same call then begins the export anew.",
        )
    }
}

impl Drop for Export {
    fn drop(&mut self) {
        // After it was finished, and where somebody else's stands there, the name is not that of its file.
        if self.noted == 0 && is_at(&self.locked, &self.part) {
            let _ = std::fs::remove_file(&self.part);
            let _ = std::fs::remove_file(&self.note);
        }
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
        Some(note) => borne_out(&mut file, note.bytes, &note.content)?
            .map(|content| (note.bytes, content, note.progress)),
        None => None,
    };
    let bytes = before.as_ref().map_or(0, |(bytes, ..)| *bytes);
    // What was written after the last note is written again.
    file.set_len(bytes)?;
    file.seek(SeekFrom::Start(bytes))?;
    Ok(Some((file, before)))
}

/// The digest of the next bytes of a file, if it has so many and they are those meant.
fn borne_out(file: &mut std::fs::File, bytes: u64, meant: &str) -> io::Result<Option<Sha256>> {
    let mut content = Sha256::new();
    let mut rest = bytes;
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
    Ok((hexadecimal(&content.clone().finalize()) == meant).then_some(content))
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
