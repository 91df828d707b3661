//! Files that are files: opened without following a link, waiting for a pipe or taking a device for one; directories for one
//! user alone; and whether others may put another file in the place of one.

pub(crate) mod remedy;
pub(crate) mod rights;

use std::collections::BTreeSet;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Opens a regular file, made for its owner alone where the options make it; what else bears its name is refused at once.
///
/// # Errors
/// It is a link, a pipe, a directory or a device, or cannot be opened.
pub(crate) fn open(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options
            .mode(0o600)
            .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
    }
    let irregular = || io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file: remove it");
    let is_irregular = |path: &Path| path.symlink_metadata().is_ok_and(|found| !found.is_file());
    let file = match options.open(path) {
        Err(_) if is_irregular(path) => return Err(irregular()),
        opened => opened?,
    };
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(irregular()),
    }
}

/// Makes directories that belong to one user alone.
pub(crate) fn directories() -> DirBuilder {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "modes are those of Unix"))]
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder
}

/// Makes a directory that belongs to one user alone, and those above it that are missing; one that is there stays as it is.
///
/// # Errors
/// It is a file, or cannot be made.
pub(crate) fn make_directory(path: &Path) -> io::Result<()> {
    directories().recursive(true).create(path)
}

/// The text of a file, or of the one a link leads to, of so many bytes at most; `/dev/null` is how one says that there is none.
///
/// # Errors
/// It is a pipe or a directory, which would be waited for or has no text; it is longer, no text, or cannot be read.
pub(crate) fn read(path: &Path, most: u64) -> io::Result<String> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags(libc::O_NONBLOCK);
    }
    let file = options.open(path)?;
    if !(file.metadata()?.is_file() || path == Path::new("/dev/null")) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is not a regular file",
        ));
    }
    let mut text = String::new();
    match file.take(most + 1).read_to_string(&mut text)? as u64 <= most {
        true => Ok(text),
        false => Err(io::Error::other(format!("it is longer than {most} bytes"))),
    }
}

/// The directory of a file, where others than its owner may put another file in its place: everybody, or a group that is not
/// the file's own. Under the sticky bit nobody else may.
#[cfg(unix)]
pub(crate) fn open_directory(file: &Path) -> Option<PathBuf> {
    use std::os::unix::fs::MetadataExt as _;
    let directory = directory_of(file);
    let (of_file, about) = (file.metadata().ok()?, directory.metadata().ok()?);
    let by_group = about.mode() & 0o020 != 0 && about.gid() != of_file.gid();
    let by_all = about.mode() & 0o002 != 0;
    let is_sticky = about.mode() & 0o1000 != 0;
    ((by_all || by_group) && !is_sticky).then(|| directory.to_owned())
}

/// Nothing is known of it here.
#[cfg(not(unix))]
pub(crate) fn open_directory(_file: &Path) -> Option<PathBuf> {
    None
}

/// The same, said once a directory.
pub(crate) fn warn_of_open_directory(file: &Path) {
    static WARNED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    if let Some(directory) = open_directory(file) {
        let mut warned = WARNED.lock().unwrap_or_else(PoisonError::into_inner);
        if warned.insert(directory.clone()) {
            let (file, directory) = (file.display(), directory.display());
            tracing::warn!(
                "others can replace {file}, whose directory they may write: chmod go-w {directory}"
            );
        }
    }
}

/// The directory a file lies in.
pub(crate) fn directory_of(file: &Path) -> &Path {
    let directory = file
        .parent()
        .filter(|directory| !directory.as_os_str().is_empty());
    directory.unwrap_or(Path::new("."))
}

/// What tells an open file from every other one that is open; nothing where systems give no such number.
#[cfg(unix)]
pub(crate) fn number_of(file: &File) -> Option<i64> {
    use std::os::unix::fs::MetadataExt as _;
    Some(file.metadata().ok()?.ino().cast_signed())
}

/// Nothing is known of it here.
#[cfg(not(unix))]
pub(crate) fn number_of(_file: &File) -> Option<i64> {
    None
}

/// Whether an open file is still the one of this name.
#[cfg(unix)]
pub(crate) fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (file.metadata(), path.symlink_metadata()) {
        (Ok(open), Ok(named)) => (open.dev(), open.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

/// Whether a file of this name is there.
#[cfg(not(unix))]
pub(crate) fn is_at(_file: &File, path: &Path) -> bool {
    path.exists()
}
