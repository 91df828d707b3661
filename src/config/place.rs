//! Where files go: a place of this machine, whatever folder a host starts this program in.

use std::path::{Path, PathBuf};

use directories::BaseDirs;

use super::ConfigError;
use crate::names::clip;

/// The folder as it was named, from the root on; `~/` is the person's home directory. A name that begins nowhere would
/// make a folder wherever the host happens to be.
pub(super) fn of_files(named: &Path) -> Result<PathBuf, ConfigError> {
    let here = || std::path::absolute(named).unwrap_or_else(|_| named.to_owned());
    let refused = || {
        let [named, here] = [named, here().as_path()].map(|path| clip(&path.display().to_string(), 200));
        ConfigError::Files(named, here)
    };
    let home = || BaseDirs::new().map(|places| places.home_dir().to_owned());
    let path = match named.strip_prefix("~") {
        Ok(below) => home().ok_or(ConfigError::NoHome)?.join(below),
        Err(_) => named.to_owned(),
    };
    path.is_absolute().then_some(path).ok_or_else(refused)
}
