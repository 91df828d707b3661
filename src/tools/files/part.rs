//! Files that are being written: nobody else's are followed or overwritten, and one that has to keep its name has one
//! writer at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile, TempPath};
use tokio::io::{AsyncWrite, AsyncWriteExt as _, BufWriter};

use super::unwritable;
use crate::regular;
use crate::tools::error::ToolError;

/// How often a file is opened again that got its last name between opening and locking.
const ATTEMPTS: usize = 10;

/// A new file under a name that nobody can foresee; gone unless it gets its own.
pub(super) fn draft(directory: &Path) -> io::Result<NamedTempFile> {
    Builder::new()
        .prefix(".zoho-mcp-")
        .suffix(".part")
        .tempfile_in(directory)
}

/// A file being written: it gets its name when it is whole, and is gone when it never is.
pub struct PartFile {
    whole: PathBuf,
    draft: TempPath,
    writer: BufWriter<tokio::fs::File>,
}

impl PartFile {
    /// Begins the file.
    ///
    /// # Errors
    /// The directory cannot be written.
    pub async fn create(path: &Path) -> Result<Self, ToolError> {
        let directory = path.parent().unwrap_or(Path::new("."));
        let draft = draft(directory).map_err(|error| unwritable(directory, &error))?;
        let (file, draft) = draft.into_parts();
        Ok(PartFile {
            whole: path.to_owned(),
            draft,
            writer: BufWriter::new(tokio::fs::File::from_std(file)),
        })
    }

    /// Where the bytes go.
    pub fn writer(&mut self) -> &mut (dyn AsyncWrite + Send + Unpin) {
        &mut self.writer
    }

    /// The file is whole; one of the same name is replaced.
    ///
    /// # Errors
    /// The disk is full, or the file cannot be named.
    pub async fn finish(mut self) -> Result<(), ToolError> {
        let flushed = self.writer.flush().await;
        flushed.map_err(|error| unwritable(&self.whole, &error))?;
        let named = self.draft.persist(&self.whole);
        named.map_err(|error| unwritable(&self.whole, &error.error))
    }
}

/// Opens the file of this name for its only writer, or makes it; none when another one has it. One that others can read or
/// write, or that somebody else laid there, makes room for a new one, which on a disk without owners is no different.
pub(super) fn lock(path: &Path) -> io::Result<Option<File>> {
    let mut is_new = false;
    for _ in 0..ATTEMPTS {
        let file = open(OpenOptions::new().read(true).write(true).create(true), path)?;
        match file.try_lock() {
            Ok(()) if regular::is_at(&file, path) && (is_new || is_ours(&file.metadata()?)) => {
                return Ok(Some(file));
            }
            Ok(()) if regular::is_at(&file, path) => {
                std::fs::remove_file(path)?;
                is_new = true;
            }
            Ok(()) => {} // the one before finished it just now
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
    Ok(None)
}

/// What stands in a file, unless it is longer than `most`.
pub(super) fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    let file = open(OpenOptions::new().read(true), path)?;
    let length = file.take(most + 1).read_to_end(&mut text)? as u64;
    if length > most {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(text)
}

/// Opens a regular file that has this name and no other; links and pipes lead elsewhere.
fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    let file = regular::open(options, path)?;
    if has_one_name(&file.metadata()?) {
        Ok(file)
    } else {
        Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it has a second name: remove it",
        ))
    }
}

/// Whether a file belongs to this user, and to nobody beside.
#[cfg(unix)]
fn is_ours(found: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    found.uid() == rustix::process::geteuid().as_raw() && found.mode() & 0o077 == 0
}

#[cfg(not(unix))]
fn is_ours(_found: &std::fs::Metadata) -> bool {
    true
}

#[cfg(unix)]
fn has_one_name(found: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    found.nlink() <= 1
}

#[cfg(not(unix))]
fn has_one_name(_found: &std::fs::Metadata) -> bool {
    true
}
