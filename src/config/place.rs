//! Where files go: a place of this machine, whatever folder a host starts this program in.

use std::path::{Path, PathBuf};

use directories::BaseDirs;
use secrecy::{ExposeSecret, SecretString};

use super::ConfigError;
use crate::names::clip;

/// The folder as it was named, from the root on; `~/` is the person's home directory. A name that begins nowhere would
/// make a folder wherever the host happens to be; who wrote it on a command line is told what it would be.
pub(super) fn of_files(named: &Path, said: &str, is_flag: bool) -> Result<PathBuf, ConfigError> {
    let mut place = of_file(named, said, false);
    let text = named.to_string_lossy();
    if let Err(ConfigError::Nowhere { here, .. }) = &mut place
        && is_flag
        && !text.contains(['$', '~', '\\'])
        && let Ok(whole) = std::path::absolute(named)
    {
        *here = format!(", from here {said} {}", whole.display());
    }
    place
}

/// A file by its whole name; `~/` is the person's home directory. Only a command line is written where its reader stands:
/// there a name may begin in the folder it is run in.
pub(super) fn of_file(named: &Path, said: &str, is_flag: bool) -> Result<PathBuf, ConfigError> {
    let path = from_home(named)?;
    match is_flag {
        true => Ok(std::path::absolute(&path).unwrap_or(path)),
        false if path.is_absolute() => Ok(path),
        false => Err(nowhere(named, said)),
    }
}

/// A SQLite database by the whole name of its file.
pub(super) fn of_database(url: SecretString, said: &str, is_flag: bool) -> Result<SecretString, ConfigError> {
    let Some(named) = sqlite_path(url.expose_secret()).map(PathBuf::from) else {
        return Ok(url);
    };
    let path = of_file(&named, said, is_flag)?;
    Ok(format!("sqlite:{}", path.display()).into())
}

/// The file that a URL names; none for one that names no file, which whoever opens it says.
fn sqlite_path(url: &str) -> Option<&str> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    (!path.is_empty() && !path.starts_with(':')).then_some(path)
}

fn from_home(named: &Path) -> Result<PathBuf, ConfigError> {
    let home = || BaseDirs::new().map(|places| places.home_dir().to_owned());
    match named.strip_prefix("~") {
        Ok(below) => Ok(home().ok_or(ConfigError::NoHome)?.join(below)),
        Err(_) => Ok(named.to_owned()),
    }
}

fn nowhere(named: &Path, said: &str) -> ConfigError {
    ConfigError::Nowhere {
        here: String::new(),
        said: said.to_owned(),
        named: clip(&named.display().to_string(), 200),
    }
}
