//! Files on this machine: only below the directory the operator allows, complete or not there.

mod export;
mod part;

use super::error::{Code, ToolError};
use super::invocation::Invocation;
use std::path::{Path, PathBuf};

pub use export::{Export, Format};
pub use part::PartFile;

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

/// A file that cannot be written, and what to do.
pub fn unwritable(path: &Path, error: &std::io::Error) -> ToolError {
    ToolError::new(
        Code::Unavailable,
        format!("{} cannot be written ({error}).", path.display()),
        "Ask the operator to look at the directory given with --files.",
    )
}
