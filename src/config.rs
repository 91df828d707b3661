//! What was configured: a flag, else the environment, else `config.toml` in the user's configuration directory. Every
//! option is one row of `settings`. The only place that reads the environment.

mod database_url;
mod environment;
mod file;
mod homes;
mod origin;
mod place;
mod program;
pub mod reference;
mod rows;
mod settings;
mod stand_in;

use std::path::{Path, PathBuf};

use database_url::without_password;
pub use database_url::{find_unread_secret, holds_password};
pub use environment::{
    columns, command_line, editor, may_colour, may_paint, may_set_less, own_variables, pager,
    system_variables, system_zone, unknown_variables,
};
use file::InFile;
pub use file::check as check_file;
pub use homes::{Homes, find_homes};
use jiff::{Timestamp, civil};
use origin::{ONES_OWN, Origins};
pub use program::{find_program, path_unless_found};
use rows::Variables;
pub use rows::{holds_placeholder, name_of};
use secrecy::{ExposeSecret, SecretString};
use settings::UNFILLED;
pub use settings::{Colour, LogFormat, Private, Settings, Writes};
pub use stand_in::is_stand_in;

/// The configuration of this process: what was said, and what of it had to be understood first.
#[derive(Debug, Clone)]
pub struct Config {
    /// What was said, by the nearest who said it.
    pub said: Settings,
    /// Who said what.
    origins: Origins,
    /// What of it a command has to repeat for whoever reads it, so that it means the same.
    repeated: Settings,
    /// What the environment alone says.
    pub private: Private,
    /// Where `zoho_connections` is: a SQLite file or a PostgreSQL URL; blank where nobody named one and the machine has
    /// no place for it.
    pub database_url: SecretString,
    /// When sandbox and server stand; the present, when nobody said.
    pub now: Option<Timestamp>,
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is there and not readable as configuration.
    #[error("{path}: {reason}", path = .path.display())]
    File {
        /// The configuration file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A secret where every user of the machine can read it.
    #[error(
        "--database-url holds a password, which every user of this machine can read: \
         put the URL into ZOHO_MCP_DATABASE_URL, or the password into a PGPASSFILE"
    )]
    PasswordOnCommandLine,
    /// A secret in a database URL that no database reads.
    #[error(
        "--database-url (ZOHO_MCP_DATABASE_URL): `{0}` is a parameter no database reads: write \
         postgres://USER:PASSWORD@HOST/NAME in the variable, or put the password into a PGPASSFILE"
    )]
    UnreadSecret(String),
    /// Not a moment, or one that no sandbox can stand at.
    #[error("{said}: expected a time like 2026-11-20T18:00:00Z, of the years 2000 to 2099")]
    Now {
        /// Where it was said.
        said: String,
    },
    /// A sandbox of this process and one that runs already.
    #[error(
        "--sandbox starts a sandbox and --sandbox-url names another one (ZOHO_MCP_SANDBOX, ZOHO_MCP_SANDBOX_URL): give one of them"
    )]
    TwoSandboxes,
    /// Not what a variable has to hold.
    #[error("{name}: {expected}")]
    Variable {
        /// The variable.
        name: String,
        /// What it holds.
        expected: String,
    },
    /// A file or folder that is named from nowhere.
    #[error(
        "{said}: {named} is named from nowhere: write it from the root on{here}, or from your home directory as ~/NAME"
    )]
    Nowhere {
        /// The same from the root on, where that is known.
        here: String,
        /// Where it was said.
        said: String,
        /// As it was said.
        named: String,
    },
    /// The machine has no place for user data.
    #[error("no home directory: name the database with --database-url sqlite:PATH")]
    NoHome,
}

impl Config {
    /// Puts flags, environment and file together.
    ///
    /// # Errors
    /// A broken file, a password on the command line, or no place for the database.
    pub fn load(flags: Settings) -> Result<Self, ConfigError> {
        Self::of_layers(flags, &environment::of_process)
    }

    /// The same with variables from elsewhere.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn of_layers(flags: Settings, variables: Variables<'_>) -> Result<Self, ConfigError> {
        let (config, broken) = Self::of_what_is_sound(flags, variables)?;
        broken.into_iter().next().map_or(Ok(config), Err)
    }

    /// As [`Config::load`], for who looks at what is wrong: what a broken file says where it can be understood, and what is
    /// wrong with it.
    ///
    /// # Errors
    /// As [`Config::load`], but for the file.
    pub fn load_what_is_sound(flags: Settings) -> Result<(Self, Vec<ConfigError>), ConfigError> {
        Self::of_what_is_sound(flags, &environment::of_process)
    }

    fn of_what_is_sound(
        flags: Settings,
        variables: Variables<'_>,
    ) -> Result<(Self, Vec<ConfigError>), ConfigError> {
        let on_command_line = flags.database_url.as_ref().map(ExposeSecret::expose_secret);
        if on_command_line.is_some_and(holds_password) {
            return Err(ConfigError::PasswordOnCommandLine);
        }
        if on_command_line.is_some_and(holds_placeholder) {
            let (name, expected) = ("--database-url".to_owned(), UNFILLED.to_owned());
            return Err(ConfigError::Variable { name, expected });
        }
        let private = Private::of_environment(variables)?;
        let flags = flags.tidy();
        let environment = Settings::of_environment(variables)?;
        let file = private.config.clone().or_else(default_config_file);
        let InFile {
            said: in_file,
            unfilled,
            broken,
        } = InFile::read(file.as_deref(), private.config.is_some());
        let origins = Origins {
            flags: flags.clone(),
            environment: environment.clone(),
            file,
            unfilled,
        };
        let mut repeated = layered(flags, environment);
        let mut said = layered(repeated.clone(), in_file);
        if said.sandbox == Some(true) && said.sandbox_url.is_some() {
            return Err(ConfigError::TwoSandboxes);
        }
        let whole = |url: SecretString| {
            let is_flag = origins.flags.database_url.is_some();
            place::of_database(url, &origins.of("database_url"), is_flag)
        };
        said.database_url = said.database_url.map(whole).transpose()?;
        let database_url: SecretString = match &said.database_url {
            Some(url) => url.clone(),
            // Who has no place for one may still do what needs none.
            None => default_database(said.sandbox_url.is_some())
                .map(|path| format!("sqlite:{}", path.display()))
                .unwrap_or_default()
                .into(),
        };
        if let Some(name) = find_unread_secret(database_url.expose_secret()) {
            return Err(ConfigError::UnreadSecret(name));
        }
        let has_own_place = variables("XDG_DATA_HOME").is_some_and(|place| !place.is_empty());
        let has_place = has_own_place && !database_url.expose_secret().is_empty();
        if repeated.database_url.is_some() || has_place && said.sandbox != Some(true) {
            repeated.database_url = Some(database_url.clone());
        }
        let file = |row: &str, named: Option<PathBuf>| {
            let whole = |named: PathBuf| place::of_file(&named, &origins.of(row), origins.flags.says(row));
            named.map(whole).transpose()
        };
        said.key_file = file("key_file", said.key_file)?;
        said.client_file = file("client_file", said.client_file)?;
        said.log_file = file("log_file", said.log_file)?;
        repeated.key_file = repeated.key_file.and(said.key_file.clone());
        repeated.client_file = repeated.client_file.and(said.client_file.clone());
        let folder =
            |named: PathBuf| place::of_files(&named, &origins.of("files"), origins.flags.says("files"));
        said.files = said.files.map(folder).transpose()?;
        let now = said.now.as_deref().map(|text| {
            moment(text).ok_or_else(|| ConfigError::Now {
                said: origins.of("now"),
            })
        });
        let config = Config {
            now: now.transpose()?,
            origins,
            repeated,
            said,
            private,
            database_url,
        };
        Ok((config, broken))
    }

    /// The flag, the variable, or the file and its key that said a row of the settings.
    pub fn origin(&self, row: &str) -> String {
        self.origins.of(row)
    }

    /// A sentence for each thing the environment says that does not count.
    pub fn left_out(&self) -> Vec<String> {
        self.origins.left_out()
    }

    /// Whether a sandbox of this process is asked for.
    pub fn has_own_sandbox(&self) -> bool {
        self.said.sandbox == Some(true)
    }

    /// Puts a throw-away database in the place of whatever is configured, with its key, and no secret: nothing of it is
    /// the person's own.
    pub fn use_throw_away(&mut self, database: &Path, key: PathBuf) {
        self.database_url = format!("sqlite:{}", database.display()).into();
        self.said.database_url = Some(self.database_url.clone());
        self.private = Private::default();
        (self.said.keyring, self.said.key_file) = (Some(false), Some(key));
        self.said.client_file = None;
    }

    /// The reader of what is told sits at a terminal, which has the environment of this process.
    #[must_use]
    pub fn at_terminal(mut self) -> Self {
        self.repeated = self.origins.flags.clone();
        self
    }

    /// The flags that say what this process works on, for a command that is to work on the same. Of a URL the password is
    /// left out: who runs the command is asked for it, and reaches no other database meanwhile.
    pub fn in_use(&self) -> Vec<(&'static str, String)> {
        let said = &self.repeated;
        let url = said.database_url.as_ref().map(ExposeSecret::expose_secret);
        let keyring = said.keyring.filter(|is_asked| *is_asked);
        let shown = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        let given = [
            ("--user", said.user.clone()),
            ("--database-url", url.map(without_password)),
            ("--keyring=", keyring.map(|_| "1".to_owned())),
            ("--key-file", shown(&said.key_file)),
            ("--client-file", shown(&said.client_file)),
            ("--sandbox-url", said.sandbox_url.clone()),
            ("--now", said.now.clone()),
        ];
        let given = given.into_iter().filter_map(|(flag, value)| Some((flag, value?)));
        given.collect()
    }

    /// The same for a call that is to be made again, with what calls alone are about.
    pub fn in_use_by_calls(&self) -> Vec<(&'static str, String)> {
        let (said, flags) = (&self.said, &self.origins.flags);
        let mut given = match self.has_own_sandbox() {
            true => vec![("--sandbox", String::new())],
            false => self.in_use(),
        };
        let files = said.files.as_ref().map(|folder| folder.display().to_string());
        let own = [
            ("--connection", "connection", said.connection.clone()),
            ("--files", "files", files),
            ("--timezone", "timezone", said.timezone.clone()),
        ];
        let own = own.into_iter().filter(|(_, row, _)| flags.says(row));
        given.extend(own.filter_map(|(flag, _, value)| Some((flag, value?))));
        given
    }

    /// The database for others to name it by: none for the default one, and none for a URL that holds a password.
    pub fn database_url_to_show(&self) -> Option<String> {
        let url = self.said.database_url.as_ref()?.expose_secret();
        (!holds_password(url)).then(|| url.to_owned())
    }
}

/// What a layer says, and where it is silent the one below it. Which sandbox is meant is one question: whoever names one of
/// either kind has answered it for all layers below. And a sandbox takes no database, and no key of one, from farther away
/// than it is named itself: those are a person's own.
fn layered(near: Settings, mut below: Settings) -> Settings {
    if near.sandbox == Some(true) || near.sandbox_url.is_some() {
        (below.sandbox, below.sandbox_url) = (None, None);
    }
    if near.sandbox_url.is_some() && near.database_url.is_none() {
        ONES_OWN.iter().for_each(|row| below.forget(row));
    }
    near.or(below)
}

/// A moment people mean: of these years, in which tokens and seeded records have room on both sides, and one that a clock
/// shows, which second 60 is not.
fn moment(text: &str) -> Option<Timestamp> {
    let shown = text.get(.."2026-11-20T18:00:00".len())?;
    let read: civil::DateTime = shown.parse().ok()?;
    (read.to_string() == shown && (2000..2100).contains(&read.year())).then_some(())?;
    text.parse().ok()
}

/// The keys of an OAuth client, which only variables and a file of its own hold.
const CLIENT: [&str; 2] = ["client_id", "client_secret"];

/// A sentence for each variable with a client's id or secret that is none.
pub fn stand_ins() -> impl Iterator<Item = String> {
    let names = CLIENT.map(name_of).into_iter();
    let copied = names.filter(|name| environment::of_process(name).is_some_and(|value| is_stand_in(&value)));
    copied.map(|name| format!("{name} holds what stands in for one in instructions: it counts as not given"))
}

fn directories() -> Option<directories::ProjectDirs> {
    directories::ProjectDirs::from("", "", "zoho-mcp")
}

fn default_config_file() -> Option<PathBuf> {
    Some(directories()?.config_dir().join("config.toml"))
}

/// Rows made against a sandbox are kept apart: they can never take the place of real ones.
fn default_database(sandbox: bool) -> Option<PathBuf> {
    let name = if sandbox { "sandbox.db" } else { "zoho-mcp.db" };
    Some(Path::new(directories()?.data_dir()).join(name))
}
