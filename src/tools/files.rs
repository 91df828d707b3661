//! Files on this machine: only below the directory the operator allows, complete or not there.

mod export;
mod part;
mod rows;
mod taken;

use std::io;
use std::path::{Path, PathBuf};

pub use export::Export;
pub use part::PartFile;
pub use rows::{Format, Lines, csv, ndjson};
pub use taken::{Taken, take};
use tokio::fs;

use super::cleaning::without_fences;
use super::error::{Code, ToolError};
use super::invocation::Invocation;
use crate::names::clean_line;
use crate::regular;

/// The directory files may be written to, and what to tell of it.
#[derive(Debug)]
pub struct Directory {
    /// From the root on.
    pub path: PathBuf,
    /// Told when it had to be made.
    pub note: Option<String>,
}

/// The directory files may be written to, as the operator named it.
///
/// # Errors
/// The operator allows none.
pub fn require_folder<'a>(invocation: &Invocation<'a>) -> Result<&'a Path, ToolError> {
    invocation.equipment().files.as_deref().ok_or_else(|| {
        ToolError::new(
            Code::ForbiddenByPolicy,
            "This server may not write files.",
            "Leave `save` out, or ask the operator to start it with --files DIRECTORY.",
        )
    })
}

/// The directory to write to now. One that is missing is made, for its owner alone; not those above it: a path with a slip
/// in it leads nowhere.
///
/// # Errors
/// It is none, or cannot be made.
pub async fn directory(named: &Path) -> Result<Directory, ToolError> {
    let path = std::path::absolute(named).map_err(|error| unwritable(named, &error))?;
    let note = match fs::metadata(&path).await {
        Ok(found) if found.is_dir() => None,
        Ok(_) => return Err(unwritable(&path, &io::ErrorKind::NotADirectory.into())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => match regular::directories().create(&path) {
            Ok(()) => Some(format!(
                "The directory {} was missing and was made.",
                path.display()
            )),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => None,
            Err(error) => return Err(unwritable(&path, &error)),
        },
        Err(error) => return Err(unwritable(&path, &error)),
    };
    Ok(Directory { path, note })
}

/// Whether a file can be made in a directory; nothing is left of it.
pub fn takes_files(directory: &Path) -> bool {
    tempfile::tempfile_in(directory).is_ok()
}

/// Bytes of a file's name that file systems take.
const LONGEST_NAME: usize = 255;
/// Bytes of an ending; more behind a dot is part of the name.
const LONGEST_ENDING: usize = 20;

/// A file name that stays in its directory: the last part of the name, without separators, control characters, brackets
/// that fence or a leading dot, after an id that makes it unique. One that is too long loses the end of its stem, never its
/// ending. Nothing in it is taken out of an answer that tells it.
pub fn safe_name(id: &str, name: &str) -> String {
    let allowed =
        |c: char| !c.is_control() && !matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|');
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let last = clean_line(last);
    let clean: String = without_fences(&last).chars().filter(|c| allowed(*c)).collect();
    let clean = clean.trim_matches(['.', ' ']);
    if clean.is_empty() {
        return id.to_owned();
    }
    let room = LONGEST_NAME.saturating_sub(id.len() + 1);
    let (stem, ending) = match clean.len() <= room {
        true => (clean, String::new()),
        false => clean
            .rsplit_once('.')
            .filter(|(_, ending)| ending.len() <= LONGEST_ENDING)
            .map_or((clean, String::new()), |(stem, ending)| {
                (stem, format!(".{ending}"))
            }),
    };
    let cut = stem.floor_char_boundary(room.saturating_sub(ending.len()));
    let name = format!("{id}-{}{ending}", stem.get(..cut).unwrap_or_default());
    // What joined two signs may stand alone now.
    clean_line(name)
}

/// A file that cannot be written, and what to do.
pub fn unwritable(path: &Path, error: &io::Error) -> ToolError {
    ToolError::new(
        Code::Unavailable,
        format!("{} cannot be written ({error}).", path.display()),
        "Ask the operator to look at the directory given with --files.",
    )
}
