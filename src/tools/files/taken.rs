//! A file of this machine that goes to Zoho: one below the directory the operator allows, and no other.

use std::fs::OpenOptions;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

use bytes::Bytes;

use crate::names::clip;
use crate::regular;
use crate::tools::error::{Code, ToolError};
use crate::tools::invocation::Invocation;

/// What stands for a file in the arguments.
const EXPECTED: &str = "the name of a file below the directory given with --files";

/// A file, read whole.
#[derive(Debug)]
pub struct Taken {
    /// Its own name, without those above it.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
}

/// The file that an argument names, of so many bytes at most.
///
/// # Errors
/// The operator allows none, it lies elsewhere, or it cannot be read.
pub async fn take(
    invocation: &Invocation<'_>,
    argument: &str,
    named: &str,
    most: u64,
) -> Result<Taken, ToolError> {
    let Some(directory) = invocation.equipment().files.clone() else {
        return Err(ToolError::new(
            Code::ForbiddenByPolicy,
            "This server may not read files.",
            "Ask the operator to start it with --files DIRECTORY; files below that can be named.",
        ));
    };
    let wanted = PathBuf::from(named);
    let read = tokio::task::spawn_blocking(move || read(&directory, &wanted, most)).await;
    let read = read.map_err(|error| ToolError::internal(&error))?;
    read.map_err(|why| {
        let got = format!("`{}`, {why}", clip(named, 80));
        ToolError::argument(argument, EXPECTED, got, None)
    })
}

fn read(directory: &Path, wanted: &Path, most: u64) -> Result<Taken, String> {
    let told = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => "which is not there".to_owned(),
        kind => format!("which cannot be read ({kind})"),
    };
    let directory = directory.canonicalize().map_err(told)?;
    let below = match wanted.is_absolute() {
        true => wanted.to_owned(),
        false => directory.join(wanted),
    };
    let climbs = |part: Component<'_>| matches!(part, Component::ParentDir);
    let path = match wanted.components().any(climbs) {
        true => return Err("which lies elsewhere".to_owned()),
        false => below.canonicalize().map_err(told)?,
    };
    // Where a link leads counts, not where it lies.
    if !path.starts_with(&directory) {
        return Err("which lies elsewhere".to_owned());
    }
    let file = regular::open(OpenOptions::new().read(true), &path).map_err(told)?;
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(told)?;
    if bytes.len() as u64 > most {
        return Err(format!("which is larger than the {most} bytes that Zoho takes"));
    }
    let name = path.file_name().and_then(|name| name.to_str());
    match name {
        Some(name) if !bytes.is_empty() => Ok(Taken {
            name: name.to_owned(),
            bytes: bytes.into(),
        }),
        Some(_) => Err("which is empty".to_owned()),
        None => Err("whose name is no text".to_owned()),
    }
}
