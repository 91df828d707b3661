//! Commands that let this user write a place, or keep others out of it: whose it is and where it lies decides which one works.

use std::path::{Path, PathBuf};

use super::quoted;
use crate::regular::rights::{Barrier, barrier, foreign_owner, owner_of};

/// Why a place cannot be written, and what mends that.
pub struct Locked {
    /// What follows behind the name of the place; nothing where its mode alone says it.
    pub because: String,
    /// The command.
    pub mend: String,
}

/// What is to be told of places that this user may not use, all for the reason of the first; `elsewhere` is the option that names
/// another one.
pub fn unlock(paths: &[PathBuf], elsewhere: &str) -> Locked {
    let first = paths.first().map_or(Path::new("."), PathBuf::as_path);
    let shown = paths.iter().map(|path| quoted(&path.display().to_string()));
    let shown = shown.collect::<Vec<_>>().join(" ");
    let or_another = format!("; {elsewhere} names another place");
    let (because, mend) = match barrier(first) {
        Some(Barrier::ReadOnly(mount)) => {
            let mount = mount.display().to_string();
            (
                format!(", which lies on {mount}, mounted for reading alone{or_another}"),
                format!("sudo mount -o remount,rw {}", quoted(&mount)),
            )
        }
        // Whoever owns what lies there needs it as it is.
        Some(Barrier::Foreign { owner, me }) if holds_of_others(first, me) => {
            let own = quoted(&first.join(OWN_DIRECTORY).display().to_string());
            (
                format!(
                    ", which belongs to another user (uid {owner}) and holds files of others: {elsewhere} names one of your own, \
                     like {own}"
                ),
                format!("sudo mkdir -p {own} && sudo chown {me} {own}"),
            )
        }
        Some(Barrier::Foreign { owner, me }) => (
            format!(", which belongs to another user (uid {owner}){or_another}"),
            format!("sudo chown {me} {shown}"),
        ),
        Some(Barrier::Fixed) => (
            format!(", which nobody may change{or_another}"),
            format!("sudo chattr -i {shown}"),
        ),
        Some(Barrier::Mode) | None if cfg!(unix) => {
            (String::new(), format!("chmod {} {shown}", lacking(first)))
        }
        Some(Barrier::Mode) | None => (String::new(), format!("icacls {shown} /grant \"%USERNAME%:F\"")),
    };
    Locked { because, mend }
}

/// A directory of one's own below one of others.
const OWN_DIRECTORY: &str = "zoho-mcp";

/// Whether a directory holds what belongs neither to this user nor to a database of this program.
fn holds_of_others(directory: &Path, me: u32) -> bool {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let of_database = |name: &std::ffi::OsStr| name.to_string_lossy().contains(".db");
    let mut others = entries.filter(|entry| !of_database(&entry.file_name()));
    others.any(|entry| owner_of(&entry.path()).is_some_and(|owner| owner != me))
}

/// The command that makes room where a file of no use lies, with what lies beside it; the file itself is kept.
pub fn move_away(file: &Path) -> String {
    let word = |path: &Path| quoted(&path.display().to_string());
    let names = std::iter::once("aside".to_owned()).chain((2..).map(|number| format!("aside-{number}")));
    let free = names
        .map(|name| with_suffix(file, &format!(".{name}")))
        .find(|path| !path.exists())
        .unwrap_or_default();
    let beside = ["-wal", "-shm"].map(|suffix| with_suffix(file, suffix));
    let beside = beside.into_iter().filter(|path| path.exists());
    let all: Vec<String> = std::iter::once(file.to_owned())
        .chain(beside)
        .chain([free.clone()])
        .map(|path| word(&path))
        .collect();
    match cfg!(unix) {
        true => format!("mkdir {} && mv {}", word(&free), all.join(" ")),
        false => format!("move {} {}", word(file), word(&free)),
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// What this user cannot even read lacks more than one right.
fn lacking(path: &Path) -> &'static str {
    let is_entered = || path.join(".").metadata().is_ok() && path.read_dir().is_ok();
    match path.is_dir() {
        true if !is_entered() => "u+rwx",
        false if path.is_file() && std::fs::File::open(path).is_err() => "u+rw",
        _ => "u+w",
    }
}

/// The command that keeps others from reading a file.
pub fn close(file: &Path) -> String {
    let shown = quoted(&file.display().to_string());
    match (barrier(file), foreign_owner(file)) {
        (Some(Barrier::ReadOnly(mount)), _) => {
            let remount = format!(
                "sudo mount -o remount,rw {}",
                quoted(&mount.display().to_string())
            );
            format!("{remount} && sudo chmod 600 {shown}")
        }
        // Closed to others, it would be closed to this user, too.
        (_, Some((_, me))) => format!("sudo chown {me} {shown} && sudo chmod 600 {shown}"),
        _ => format!("chmod 600 {shown}"),
    }
}

/// The command that keeps others from putting a file of theirs into a directory.
pub fn close_directory(directory: &Path) -> String {
    let shown = quoted(&directory.display().to_string());
    match foreign_owner(directory) {
        Some(_) => format!("sudo chmod go-w {shown}"),
        None => format!("chmod go-w {shown}"),
    }
}

/// The command that makes a directory which this user can write.
pub fn make(directory: &Path) -> String {
    let shown = quoted(&directory.display().to_string());
    let above = directory.ancestors().skip(1).find(|above| above.exists());
    match above.and_then(barrier) {
        Some(Barrier::Foreign { me, .. }) => format!("sudo mkdir -p {shown} && sudo chown {me} {shown}"),
        Some(Barrier::ReadOnly(mount)) => {
            let mount = quoted(&mount.display().to_string());
            format!("sudo mount -o remount,rw {mount} && mkdir -p {shown}")
        }
        Some(Barrier::Mode) => {
            let above = above.unwrap_or(Path::new("."));
            let rights = lacking(above);
            format!(
                "chmod {rights} {} && mkdir -p {shown}",
                quoted(&above.display().to_string())
            )
        }
        _ => format!("mkdir -p {shown}"),
    }
}
