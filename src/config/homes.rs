//! Where other programs of this person keep what they are told.

use std::path::PathBuf;

use directories::BaseDirs;

use super::environment;

/// The folders that configurations of other programs lie in.
#[derive(Debug, Clone)]
pub struct Homes {
    /// The home directory.
    pub home: PathBuf,
    /// What the operating system has for configurations: `~/.config`, `~/Library/Application Support`, `%APPDATA%`.
    pub config: PathBuf,
    /// Codex's own, which a variable can move.
    pub codex: PathBuf,
}

/// The folders of whoever runs this; none where there is no home directory.
pub fn find_homes() -> Option<Homes> {
    let base = BaseDirs::new()?;
    let home = base.home_dir().to_owned();
    let codex = environment::of_process("CODEX_HOME").filter(|place| !place.trim().is_empty());
    Some(Homes {
        config: base.config_dir().to_owned(),
        codex: codex.map_or_else(|| home.join(".codex"), PathBuf::from),
        home,
    })
}
