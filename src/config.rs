//! What was configured: a flag, else the environment, else `config.toml` in the user's configuration directory.
//! The only place that reads the environment.

mod environment;

use environment::{list, switch, variable};
use jiff::{Timestamp, civil};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use std::path::{Path, PathBuf};

pub use environment::{own_variables, unknown_variables};

/// What the command line said; see [`Config`] for the meanings.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--user`
    pub user: Option<String>,
    /// `--connection`
    pub connection: Option<String>,
    /// `--database-url`
    pub database_url: Option<String>,
    /// `--key-file`
    pub key_file: Option<PathBuf>,
    /// `--keyring`
    pub keyring: bool,
    /// `--read-only`
    pub read_only: bool,
    /// `--toolsets`
    pub toolsets: Vec<String>,
    /// `--tools`
    pub tools: Vec<String>,
    /// `--exclude-tools`
    pub exclude_tools: Vec<String>,
    /// `--sandbox`
    pub sandbox: bool,
    /// `--sandbox-url`
    pub sandbox_url: Option<String>,
    /// `--now`
    pub now: Option<String>,
    /// `--files`
    pub files: Option<PathBuf>,
    /// `--timezone`
    pub timezone: Option<String>,
    /// `--log-level`
    pub log_level: Option<String>,
}

/// The configuration of this process.
#[derive(Debug, Clone)]
pub struct Config {
    /// Whose connections are used.
    pub user: Option<String>,
    /// The connection used when a call names none.
    pub connection: Option<String>,
    /// Where `zoho_connections` is: a SQLite file or a PostgreSQL URL.
    pub database_url: SecretString,
    /// Whether nobody named a database and it lies in the user's data directory.
    pub database_is_default: bool,
    /// A file with the key that seals tokens.
    pub key_file: Option<PathBuf>,
    /// The key itself, base64 of 32 bytes.
    pub key: Option<SecretString>,
    /// Whether the first key is made in the operating system's keyring; when nobody said so, the keyring is only
    /// asked for a key that stored tokens need, and when switched off never.
    pub keyring: Option<bool>,
    /// No tool that changes something.
    pub read_only: bool,
    /// Folders of `tool-schemas/`.
    pub toolsets: Vec<String>,
    /// Single tools.
    pub tools: Vec<String>,
    /// Tools left out.
    pub exclude_tools: Vec<String>,
    /// Start the sandbox in this process.
    pub sandbox: bool,
    /// A sandbox that already runs.
    pub sandbox_url: Option<String>,
    /// When sandbox and server stand; the present, when nobody said.
    pub now: Option<Timestamp>,
    /// The one directory attachments and exports may be written to.
    pub files: Option<PathBuf>,
    /// IANA name of the zone days in arguments are read in.
    pub timezone: Option<String>,
    /// For example `info` or `zoho_mcp=debug`.
    pub log_level: Option<String>,
    /// Port of the redirect URI on this machine, when it is another than the usual one.
    pub callback_port: Option<u16>,
    /// Of the Zoho API console.
    pub client_id: Option<String>,
    /// Of the Zoho API console.
    pub client_secret: Option<SecretString>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct ConfigFile {
    user: Option<String>,
    connection: Option<String>,
    database_url: Option<String>,
    key_file: Option<PathBuf>,
    keyring: Option<bool>,
    read_only: bool,
    toolsets: Vec<String>,
    tools: Vec<String>,
    exclude_tools: Vec<String>,
    sandbox: bool,
    sandbox_url: Option<String>,
    now: Option<String>,
    files: Option<PathBuf>,
    timezone: Option<String>,
    log_level: Option<String>,
    callback_port: Option<u16>,
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
    /// Not a port.
    #[error("ZOHO_MCP_CALLBACK_PORT: expected a port, 0 (any free one) to 65535")]
    CallbackPort,
    /// Not a moment, or one that no sandbox can stand at.
    #[error("--now: expected a time like 2026-11-20T18:00:00Z, of the years 2000 to 2099")]
    Now,
    /// A sandbox of this process and one that runs already.
    #[error(
        "--sandbox starts a sandbox and --sandbox-url names another one (ZOHO_MCP_SANDBOX, ZOHO_MCP_SANDBOX_URL): give one of them"
    )]
    TwoSandboxes,
    /// Neither on nor off.
    #[error("ZOHO_MCP_{name}: expected 1, true, yes or on, or 0, false, no or off")]
    Switch {
        /// The variable, without what all of them begin with.
        name: &'static str,
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
    pub fn load(flags: Flags) -> Result<Self, ConfigError> {
        if flags.database_url.as_deref().is_some_and(holds_password) {
            return Err(ConfigError::PasswordOnCommandLine);
        }
        let file = ConfigFile::read()?;
        let sandbox_url = flags
            .sandbox_url
            .or_else(|| variable("SANDBOX_URL"))
            .or(file.sandbox_url);
        let database_url = flags
            .database_url
            .or_else(|| variable("DATABASE_URL"))
            .or(file.database_url);
        let database_is_default = database_url.is_none();
        let database_url = match database_url {
            Some(url) => url,
            None => format!("sqlite:{}", default_database(sandbox_url.is_some())?.display()),
        };
        let sandbox = said(flags.sandbox).or(switch("SANDBOX")?).unwrap_or(file.sandbox);
        if sandbox && sandbox_url.is_some() {
            return Err(ConfigError::TwoSandboxes);
        }
        Ok(Config {
            user: flags.user.or_else(|| variable("USER")).or(file.user),
            connection: flags
                .connection
                .or_else(|| variable("CONNECTION"))
                .or(file.connection),
            database_url: SecretString::from(database_url),
            database_is_default,
            key_file: flags
                .key_file
                .or_else(|| variable("KEY_FILE").map(PathBuf::from))
                .or(file.key_file),
            key: variable("KEY").map(SecretString::from),
            keyring: said(flags.keyring).or(switch("KEYRING")?).or(file.keyring),
            read_only: said(flags.read_only)
                .or(switch("READ_ONLY")?)
                .unwrap_or(file.read_only),
            toolsets: first_filled(flags.toolsets, list("TOOLSETS"), file.toolsets),
            tools: first_filled(flags.tools, list("TOOLS"), file.tools),
            exclude_tools: first_filled(flags.exclude_tools, list("EXCLUDE_TOOLS"), file.exclude_tools),
            sandbox,
            sandbox_url,
            now: match flags.now.or_else(|| variable("NOW")).or(file.now) {
                Some(time) => Some(moment(&time).ok_or(ConfigError::Now)?),
                None => None,
            },
            files: flags
                .files
                .or_else(|| variable("FILES").map(PathBuf::from))
                .or(file.files),
            timezone: flags.timezone.or_else(|| variable("TIMEZONE")).or(file.timezone),
            log_level: flags
                .log_level
                .or_else(|| variable("LOG_LEVEL"))
                .or(file.log_level),
            callback_port: match variable("CALLBACK_PORT") {
                Some(port) => Some(port.parse().map_err(|_| ConfigError::CallbackPort)?),
                None => file.callback_port,
            },
            client_id: variable("CLIENT_ID"),
            client_secret: variable("CLIENT_SECRET").map(SecretString::from),
        })
    }
}

impl Config {
    /// The database for others to name it by: none for the default one, and none for a URL that holds a password.
    pub fn database_url_to_show(&self) -> Option<String> {
        let url = self.database_url.expose_secret();
        (!self.database_is_default && !holds_password(url)).then(|| url.to_owned())
    }
}

impl ConfigFile {
    fn read() -> Result<Self, ConfigError> {
        let place = variable("CONFIG").map(PathBuf::from);
        let given = place.is_some();
        let Some(path) = place.or_else(default_config_file) else {
            return Ok(ConfigFile::default());
        };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !given => {
                return Ok(ConfigFile::default());
            }
            Err(error) => {
                return Err(ConfigError::File {
                    path,
                    reason: error.to_string(),
                });
            }
        };
        toml::from_str(&text).map_err(|error| {
            // The error as it shows itself quotes the line, which may hold a password.
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.unwrap_or_default().matches('\n').count() + 1;
            ConfigError::File {
                path,
                reason: format!("line {line}: {}", error.message()),
            }
        })
    }
}

/// A moment people mean: of these years, in which tokens and seeded records have room on both sides, and one that a clock
/// shows, which second 60 is not.
fn moment(text: &str) -> Option<Timestamp> {
    let shown = text.get(.."2026-11-20T18:00:00".len())?;
    let read: civil::DateTime = shown.parse().ok()?;
    (read.to_string() == shown && (2000..2100).contains(&read.year())).then_some(())?;
    text.parse().ok()
}

/// A flag that was given; one that was not says nothing.
fn said(flag: bool) -> Option<bool> {
    flag.then_some(true)
}

fn first_filled(flags: Vec<String>, variable: Option<Vec<String>>, file: Vec<String>) -> Vec<String> {
    if flags.is_empty() {
        variable.unwrap_or(file)
    } else {
        flags
    }
}

/// Whether a database URL holds a password.
pub fn holds_password(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| {
        url.password().is_some()
            || url
                .query_pairs()
                .any(|(name, _)| name.eq_ignore_ascii_case("password"))
    })
}

fn directories() -> Option<directories::ProjectDirs> {
    directories::ProjectDirs::from("", "", "zoho-mcp")
}

fn default_config_file() -> Option<PathBuf> {
    Some(directories()?.config_dir().join("config.toml"))
}

/// Rows made against a sandbox are kept apart: they can never take the place of real ones.
fn default_database(sandbox: bool) -> Result<PathBuf, ConfigError> {
    let directories = directories().ok_or(ConfigError::NoHome)?;
    let name = if sandbox { "sandbox.db" } else { "zoho-mcp.db" };
    Ok(Path::new(directories.data_dir()).join(name))
}
