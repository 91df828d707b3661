//! What of a SQLite database this user may not write: its file, what lies beside it, or the directory of both.

use std::path::{Path, PathBuf};

use super::beside::{OPEN_LOCK_FILE, beside, lock_directory};
use crate::regular::rights::{Barrier, barrier};

/// What SQLite, and locks, put beside a database.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// What keeps this user from writing the database: of one that cannot be made, the directory that stands in the way; of one that
/// is there also what another user has left beside it.
pub(crate) fn barred(file: &Path) -> Vec<PathBuf> {
    let Some(there) = file.ancestors().find(|path| path.exists()) else {
        return Vec::new();
    };
    if there != file {
        let refused = there.is_dir() && tempfile::tempfile_in(there).is_err();
        return Vec::from_iter(refused.then(|| there.to_owned()));
    }
    if file.is_dir() {
        return Vec::new(); // another name mends that, and no right
    }
    let mut found = Vec::new();
    // What may be written and not read is of no use either.
    let opened = std::fs::OpenOptions::new().read(true).write(true).open(file);
    if opened.is_err() {
        found.push(file.to_owned());
    }
    let locks = lock_directory(file);
    let left = BESIDE.map(|suffix| beside(file, suffix)).into_iter();
    let left = left.chain([locks.join(OPEN_LOCK_FILE), locks]);
    found.extend(left.filter(|path| matches!(barrier(path), Some(Barrier::Foreign { .. }))));
    let directory = file.parent().filter(|_| found.is_empty());
    let refused = |directory: &&Path| tempfile::tempfile_in(directory).is_err();
    found.extend(directory.filter(refused).map(Path::to_owned));
    found
}
