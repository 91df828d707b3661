//! Files that are files: opened without following a link, waiting for a pipe or taking a device for one.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

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
