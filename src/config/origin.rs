//! Who said what: an error names the place where a person can mend it.

use std::path::PathBuf;

use super::environment::Left;
use super::rows::name_of;
use super::settings::Settings;

/// What a person works with elsewhere: a sandbox that is named nearer takes none of it over.
pub(super) const ONES_OWN: [&str; 3] = ["database_url", "key_file", "client_file"];

/// The layers of a configuration, as far as it takes to say which of them an option comes from.
#[derive(Debug, Clone, Default)]
pub(super) struct Origins {
    pub(super) flags: Settings,
    pub(super) environment: Settings,
    pub(super) file: Option<PathBuf>,
    /// Keys of the file that hold a placeholder which nobody filled in, and what they are still good for.
    pub(super) unfilled: Vec<(String, Left)>,
}

impl Origins {
    /// The flag, the variable, or the file and its key that said a row.
    pub(super) fn of(&self, row: &str) -> String {
        let key = row.replace('_', "-");
        match &self.file {
            _ if self.flags.says(row) => format!("--{key}"),
            _ if self.environment.says(row) => name_of(row),
            Some(file) => format!("{}: {key}", file.display()),
            None => format!("--{key}"),
        }
    }

    /// A sentence for each thing that was said and does not count.
    pub(super) fn left_out(&self) -> Vec<String> {
        let file = self
            .file
            .as_deref()
            .unwrap_or_else(|| "config.toml".as_ref())
            .display();
        let told = |(key, left): &(String, Left)| left.told(&format!("{file}: {key}"));
        let unfilled = self.unfilled.iter().filter_map(told);
        unfilled.chain(self.left_to_its_owner()).collect()
    }

    /// What of the environment a sandbox named by a flag does not take over: it is a person's own.
    fn left_to_its_owner(&self) -> Vec<String> {
        let (flags, environment) = (&self.flags, &self.environment);
        if flags.sandbox_url.is_none() || flags.database_url.is_some() {
            return Vec::new();
        }
        let left_out = |row: &str| environment.says(row) && !flags.says(row);
        let rows = ONES_OWN.into_iter().filter(|row| left_out(row));
        rows.map(|row| {
            let flag = match row {
                "client_file" => "--client-file",
                _ => "--database-url (and --key-file)",
            };
            let name = name_of(row);
            format!("{name} is left out, for --sandbox-url names a sandbox: give {flag} to use it there")
        })
        .collect()
    }
}
