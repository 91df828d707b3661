//! Files on this machine: only below the directory the operator allows, complete or not there.

mod export;

use super::error::{Code, ToolError};
use super::invocation::Invocation;
use std::path::{Path, PathBuf};
use tokio::fs::File;
use tokio::io::{AsyncWrite, AsyncWriteExt as _, BufWriter};

pub use export::{Export, Format};

/// The directory files may be written to.
///
/// # Errors
/// The operator allows none.
pub fn directory(invocation: &Invocation<'_>) -> Result<PathBuf, ToolError> {
    invocation.equipment().files.clone().ok_or_else(|| {
        ToolError::new(
            Code::ForbiddenByPolicy,
            "This server may not write files.",
            "Leave `save` out, or ask the operator to start it with --files DIRECTORY.",
        )
    })
}

/// A file name that stays in its directory: the last part of the name, without separators, control characters or a
/// leading dot, after an id that makes it unique.
pub fn safe_name(id: &str, name: &str) -> String {
    let allowed =
        |c: char| !c.is_control() && !matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| allowed(*c)).take(120).collect();
    let clean = clean.trim_matches(['.', ' ']);
    if clean.is_empty() {
        id.to_owned()
    } else {
        format!("{id}-{clean}")
    }
}

/// A file being written: it gets its name when it is whole.
pub struct PartFile {
    part: PathBuf,
    whole: PathBuf,
    writer: BufWriter<File>,
}

impl PartFile {
    /// Begins the file.
    ///
    /// # Errors
    /// The directory cannot be written.
    pub async fn create(path: &Path) -> Result<Self, ToolError> {
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        if let Some(directory) = path.parent() {
            tokio::fs::create_dir_all(directory)
                .await
                .map_err(|error| unwritable(directory, &error))?;
        }
        let file = File::create(&part)
            .await
            .map_err(|error| unwritable(&part, &error))?;
        Ok(PartFile {
            part,
            whole: path.to_owned(),
            writer: BufWriter::new(file),
        })
    }

    /// Where the bytes go.
    pub fn writer(&mut self) -> &mut (dyn AsyncWrite + Send + Unpin) {
        &mut self.writer
    }

    /// The file is whole.
    ///
    /// # Errors
    /// The disk is full, or the file cannot be named.
    pub async fn finish(mut self) -> Result<(), ToolError> {
        self.writer
            .flush()
            .await
            .map_err(|error| unwritable(&self.part, &error))?;
        tokio::fs::rename(&self.part, &self.whole)
            .await
            .map_err(|error| unwritable(&self.whole, &error))
    }
}

/// A file that cannot be written, and what to do.
pub fn unwritable(path: &Path, error: &std::io::Error) -> ToolError {
    ToolError::new(
        Code::Unavailable,
        format!("{} cannot be written ({error}).", path.display()),
        "Ask the operator to look at the directory given with --files.",
    )
}
