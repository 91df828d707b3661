//! What keeps this user from writing a file or a directory, as the system tells it.

use std::path::{Path, PathBuf};

/// What stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Barrier {
    /// It lies below this place, which is mounted for reading alone.
    ReadOnly(PathBuf),
    /// It belongs to another user.
    Foreign {
        /// The number of its owner.
        owner: u32,
        /// That of this user.
        me: u32,
    },
    /// It is this user's own, and no user may change it.
    Fixed,
    /// It is this user's own, and its mode forbids it.
    Mode,
}

/// What keeps this user from writing what is there; nothing where the system would let it.
#[cfg(unix)]
pub(crate) fn barrier(path: &Path) -> Option<Barrier> {
    use rustix::fs::{Access, access};
    use rustix::io::Errno;

    let wanted = match path.is_dir() {
        true => Access::WRITE_OK | Access::EXEC_OK,
        false => Access::WRITE_OK,
    };
    let error = access(path, wanted).err()?;
    Some(match (error, foreign_owner(path)) {
        (Errno::ROFS, _) => Barrier::ReadOnly(mount_of(path)),
        (_, Some((owner, me))) => Barrier::Foreign { owner, me },
        (Errno::PERM, None) => Barrier::Fixed,
        (_, None) => Barrier::Mode,
    })
}

/// The system has no rights of that kind.
#[cfg(not(unix))]
pub(crate) fn barrier(_path: &Path) -> Option<Barrier> {
    None
}

/// Whose a path is and who this user is, where those are two: only the owner of a file, or an administrator, changes its rights.
#[cfg(unix)]
pub(crate) fn foreign_owner(path: &Path) -> Option<(u32, u32)> {
    let (owner, me) = (owner_of(path)?, rustix::process::geteuid().as_raw());
    (owner != me && me != 0).then_some((owner, me))
}

/// The number of the user a path belongs to.
#[cfg(unix)]
pub(crate) fn owner_of(path: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt as _;
    path.metadata().ok().map(|about| about.uid())
}

/// The system has no owners of that kind.
#[cfg(not(unix))]
pub(crate) fn owner_of(_path: &Path) -> Option<u32> {
    None
}

/// The system has no owners of that kind.
#[cfg(not(unix))]
pub(crate) fn foreign_owner(_path: &Path) -> Option<(u32, u32)> {
    None
}

/// Where the file system begins that a path lies on: the system's own list knows of places that are mounted twice.
#[cfg(unix)]
fn mount_of(path: &Path) -> PathBuf {
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let listed = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let places = listed.lines().filter_map(|line| line.split(' ').nth(4));
    let places = places.map(|place| PathBuf::from(place.replace("\\040", " ")));
    let around = places.filter(|place| whole.starts_with(place));
    let nearest = around.max_by_key(|place| place.components().count());
    nearest.unwrap_or_else(|| device_of(&whole))
}

/// The same where the system has no such list.
#[cfg(unix)]
fn device_of(whole: &Path) -> PathBuf {
    use std::os::unix::fs::MetadataExt as _;
    let device = |path: &Path| path.metadata().ok().map(|about| about.dev());
    let here = device(whole);
    let below = whole.ancestors().take_while(|above| device(above) == here);
    below.last().unwrap_or(whole).to_owned()
}
