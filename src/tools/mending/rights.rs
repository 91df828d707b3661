//! Commands that let this user write a place, or keep others out of it: whose it is and where it lies decides which one works.

use std::path::Path;

use super::quoted;
use crate::regular::rights::{Barrier, barrier, foreign_owner};

/// Why a place cannot be written, and what mends that.
pub struct Locked {
    /// What follows behind the name of the place; nothing where its mode alone says it.
    pub because: String,
    /// The command.
    pub mend: String,
}

/// What is to be told of a place that this user may not write; `elsewhere` is the option that names another one.
pub fn unlock(path: &Path, elsewhere: &str) -> Locked {
    let shown = quoted(&path.display().to_string());
    let or_another = format!("; {elsewhere} names another place");
    let (because, mend) = match barrier(path) {
        Some(Barrier::ReadOnly(mount)) => {
            let mount = mount.display().to_string();
            (
                format!(", which lies on {mount}, mounted for reading alone{or_another}"),
                format!("sudo mount -o remount,rw {}", quoted(&mount)),
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
            (String::new(), format!("chmod {} {shown}", lacking(path)))
        }
        Some(Barrier::Mode) | None => (String::new(), format!("icacls {shown} /grant \"%USERNAME%:F\"")),
    };
    Locked { because, mend }
}

/// A file that this user cannot even read lacks two rights.
fn lacking(path: &Path) -> &'static str {
    match path.is_file() && std::fs::File::open(path).is_err() {
        true => "u+rw",
        false => "u+w",
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
        _ => format!("mkdir -p {shown}"),
    }
}
