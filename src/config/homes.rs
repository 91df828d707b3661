//! Where other programs of this person keep what they are told.

use std::path::{Path, PathBuf};

use directories::BaseDirs;

use super::environment;

/// The folders that configurations of other programs lie in.
#[derive(Debug, Clone)]
pub struct Homes {
    /// The home directory.
    pub home: PathBuf,
    /// What the operating system has for configurations: `~/.config`, `~/Library/Application Support`, `%APPDATA%`.
    pub config: PathBuf,
}

/// The folders of whoever runs this; none where there is no home directory.
pub fn find_homes() -> Option<Homes> {
    let base = BaseDirs::new()?;
    Some(Homes {
        home: std::path::absolute(base.home_dir()).ok()?,
        config: std::path::absolute(base.config_dir()).ok()?,
    })
}

impl Homes {
    /// The folder that another program's variable names, so that its file is the one that program reads. A relative one is
    /// meant from here; those of XDG count as not given then, as their specification has it.
    pub fn named(&self, variable: &str) -> Option<PathBuf> {
        let named = environment::of_process(variable).filter(|place| !place.trim().is_empty())?;
        let named = Path::new(&named);
        match named.is_absolute() || !variable.contains("XDG_") {
            true => std::path::absolute(named).ok(),
            false => None,
        }
    }
}
