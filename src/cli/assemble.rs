//! Puts the rooms together as the configuration says; nothing is opened yet.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::tz::TimeZone;
use secrecy::{ExposeSecret as _, SecretString};

use super::{Failure, NotUnderstood, client};
use crate::clock::Clock;
use crate::config::{self, Config, ConfigError, Writes, own_variables, system_variables};
use crate::connections::{Caller, Connections, KeySettings, Keyring};
use crate::database::Database;
use crate::tools::catalog::{Catalog, Selection};
use crate::tools::mending::Wording;
use crate::tools::policy::Policy;
use crate::tools::request::operation;
use crate::tools::zone::Zones;
use crate::tools::{BULK_LIMIT, Equipment, Principal, Tools};
use crate::zoho::{HostPolicy, Limits, ZohoClient, log_outcome};

/// The rooms, and what must live as long as they.
pub struct Assembled {
    /// What calls are carried out with.
    pub tools: Arc<Tools>,
    /// Who calls: this process's own user.
    pub principal: Principal,
}

/// For calls, of a client or on the command line: without `--user` the only user of the database is meant.
///
/// # Errors
/// A configuration that names something unknown, or no sandbox could be started.
pub fn calling(config: &Config, clock: &Clock) -> Result<Assembled, Failure> {
    Ok(Assembled {
        tools: tools(config, clock)?,
        principal: Principal {
            caller: config.said.user.clone().map_or(Caller::Only, Caller::User),
            connection: config.said.connection.clone(),
        },
    })
}

/// Whether the rows of all users are shown where no user is named: in a database that is its owner's own.
///
/// # Errors
/// The database URL is of no known kind.
pub(super) fn shows_everybody(config: &Config) -> Result<bool, Failure> {
    Ok(config.said.user.is_none() && database(&config.database_url)?.is_own())
}

/// This program once more, without the secrets of this process's environment.
///
/// # Errors
/// The system does not say where the program lies.
pub(super) fn itself() -> std::io::Result<std::process::Command> {
    let mut command = std::process::Command::new(std::env::current_exe()?);
    without_own(&mut command);
    Ok(command)
}

/// What this program was told of itself in its environment is not told to a program that it starts.
pub(super) fn without_own(command: &mut std::process::Command) {
    for name in own_variables() {
        command.env_remove(name);
    }
}

/// This program once more, with nothing of this process's environment.
///
/// # Errors
/// As [`itself`].
fn itself_alone() -> std::io::Result<std::process::Command> {
    let mut command = itself()?;
    command.env_clear().envs(system_variables());
    Ok(command)
}

/// What calls work with, as configured.
///
/// # Errors
/// A configuration that names something unknown.
pub fn equipment(config: &Config, clock: &Clock) -> Result<Equipment, Failure> {
    let connections = Arc::new(connections(config, clock)?);
    let zoho = zoho(config, &connections, clock)?;
    Ok(Equipment::new(connections, zoho, clock.clone())
        .with_oauth_client(client::served(config)?)
        .with_zones(Zones::new(zone(config)?))
        .with_files(config.said.files.clone())
        .with_bulk_limit(config.said.bulk_limit.map_or(BULK_LIMIT, usize::from))
        .with_undo_hours(config.said.undo_hours)
        .with_program(itself_alone)
        .with_wording(wording(config))
        .with_selection(selection(config)))
}

/// How commands are written that are told: their reader may be anywhere.
pub(super) fn wording(config: &Config) -> Wording {
    Wording::new(config.in_use())
        .started_by(config::path_unless_found())
        .meaning(config.said.connection.clone())
        .with_files(
            config
                .said
                .files
                .as_ref()
                .map(|files| files.display().to_string()),
        )
        .at_sandbox(config.said.sandbox_url.is_some())
        .in_throw_away(config.has_own_sandbox())
}

fn tools(config: &Config, clock: &Clock) -> Result<Arc<Tools>, Failure> {
    let tools = Tools::new(equipment(config, clock)?);
    if has_names(&selection(config)) {
        // An unknown name stops the start.
        tools
            .catalog()
            .map_err(|error| NotUnderstood(error.to_string()))?;
    }
    Ok(Arc::new(tools))
}

/// The tools that the operator's choice offers.
///
/// # Errors
/// It names something unknown.
pub(super) fn catalog(config: &Config) -> Result<Catalog, Failure> {
    let catalog = Catalog::embedded(&selection(config));
    Ok(catalog.map_err(|error| NotUnderstood(error.to_string()))?)
}

/// The zone the operator names.
///
/// # Errors
/// There is no such time zone.
pub fn zone(config: &Config) -> Result<Option<TimeZone>, Failure> {
    let named = config.said.timezone.as_deref().map(|name| {
        TimeZone::get(name).map_err(|_| {
            let said = config.origin("timezone");
            NotUnderstood(format!("{said}: there is no time zone {name:?}"))
        })
    });
    Ok(named.transpose()?)
}

/// The rows of `zoho_connections`, not opened yet.
///
/// # Errors
/// The database URL is of no known kind, or nobody named one on a machine without a home directory.
pub fn connections(config: &Config, clock: &Clock) -> Result<Connections, Failure> {
    let key = KeySettings {
        key_file: config.said.key_file.clone(),
        key: config.private.key.clone(),
        keyring: (config.said.keyring != Some(false)).then(Keyring::system),
        make_in_keyring: config.said.keyring == Some(true),
    };
    if config.database_url.expose_secret().is_empty() {
        return Err(ConfigError::NoHome.into());
    }
    let database = database(&config.database_url)
        .map_err(|reason| NotUnderstood(format!("{}: {reason}", config.origin("database_url"))))?;
    Ok(Connections::new(database, key, clock.clone()).beside_sandbox(hosts(config)?.sandbox()))
}

/// The way to Zoho, not opened yet.
///
/// # Errors
/// The sandbox's URL is not one of this machine.
pub fn zoho(config: &Config, connections: &Arc<Connections>, clock: &Clock) -> Result<ZohoClient, Failure> {
    Ok(ZohoClient::new(
        Arc::clone(connections),
        Limits::default(),
        hosts(config)?,
        clock.clone(),
        operation::organizations,
        log_outcome(),
    ))
}

fn hosts(config: &Config) -> Result<HostPolicy, Failure> {
    Ok(match &config.said.sandbox_url {
        Some(url) => HostPolicy::with_sandbox(url).map_err(|error| NotUnderstood(error.to_string()))?,
        None => HostPolicy::zoho_only(),
    })
}

/// The operator's choice of tools.
pub fn selection(config: &Config) -> Selection {
    Selection {
        writes: policy(config),
        toolsets: config.said.toolsets.clone().unwrap_or_default(),
        tools: config.said.tools.clone().unwrap_or_default(),
        exclude: config.said.exclude_tools.clone().unwrap_or_default(),
        files: config.said.files.is_some(),
    }
}

/// How far assistants may change what Zoho holds; whoever says `read-only` wants none of it, whatever else is said.
pub(super) fn policy(config: &Config) -> Policy {
    if config.said.read_only == Some(true) {
        return Policy::Off;
    }
    match config.said.writes {
        Some(Writes::Off) => Policy::Off,
        Some(Writes::Draft) => Policy::Draft,
        Some(Writes::Confirm) | None => Policy::Confirm,
        Some(Writes::Trusted) => Policy::Trusted,
    }
}

fn has_names(selection: &Selection) -> bool {
    !selection.toolsets.is_empty() || !selection.tools.is_empty() || !selection.exclude.is_empty()
}

/// The database a URL names; nothing is opened.
///
/// # Errors
/// The URL is of no known kind.
pub fn database(url: &SecretString) -> Result<Database, Failure> {
    let text = url.expose_secret();
    if let Some(path) = text.strip_prefix("sqlite:") {
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() || path.starts_with(":memory:") || path.contains('?') {
            return Err("expected the name of a file and nothing more, like sqlite:/PATH/zoho-mcp.db: one in memory would \
                        end with each command"
                .into());
        }
        return Ok(Database::SqliteFile(PathBuf::from(path)));
    }
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        return Ok(Database::Postgres(url.clone()));
    }
    Err("expected sqlite:PATH or postgres://HOST/NAME".into())
}
