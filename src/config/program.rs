//! The path of this program, for whoever is to start it later.

use std::io;
use std::path::{Path, PathBuf};

/// What it is called, with what the system puts behind names of programs.
const NAME: &str = if cfg!(windows) { "zoho-mcp.exe" } else { "zoho-mcp" };

/// The path this program was called by, its links kept: a package manager moves what they lead to at its next upgrade.
///
/// # Errors
/// The operating system does not say which program this is.
pub fn find_program() -> io::Result<PathBuf> {
    let itself = std::env::current_exe()?;
    Ok(called(&itself).unwrap_or(itself))
}

/// The path that was given, or the one that is found where commands are looked for; nothing where it leads elsewhere.
fn called(itself: &Path) -> Option<PathBuf> {
    let real = itself.canonicalize().ok()?;
    let leads_here = |path: &PathBuf| path.canonicalize().is_ok_and(|found| found == real);
    let name = PathBuf::from(std::env::args_os().next()?);
    if name.components().count() > 1 {
        return std::path::absolute(name).ok().filter(leads_here);
    }
    looked_for(&name)?.find(leads_here)
}

/// This program's path where its name does not start it: a bundle or an archive lies in no folder of commands. Nothing
/// where the name does, or where nobody knows what folders those are.
pub fn path_unless_found() -> Option<String> {
    let path = find_program().ok()?;
    let real = path.canonicalize().ok()?;
    // Another program that has this one inside takes none of its commands.
    if real.file_name()? != NAME {
        return None;
    }
    let mut places = looked_for(Path::new(NAME))?;
    let is_found = places.any(|place| place.canonicalize().is_ok_and(|found| found == real));
    (!is_found).then(|| path.display().to_string())
}

/// The places where a command of this name is looked for.
fn looked_for(name: &Path) -> Option<impl Iterator<Item = PathBuf> + use<'_>> {
    let folders = std::env::var_os("PATH").filter(|folders| !folders.is_empty())?;
    let folders: Vec<PathBuf> = std::env::split_paths(&folders).collect();
    let absolute = folders.into_iter().filter(|folder| folder.is_absolute());
    Some(absolute.map(move |folder| folder.join(name)))
}
