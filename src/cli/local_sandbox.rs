//! `--sandbox`: what it means to each command, and the sandbox in this process with its throw-away database.

use std::path::Path;
use std::sync::Arc;

use super::connections::Action;
use super::{Command, Failure, assemble};
use crate::clock::Clock;
use crate::config::Config;

/// What a command that is given `--sandbox` works on.
enum Ground {
    /// The throw-away database and its connection.
    ThrowAway,
    /// Neither a database nor a connection, or a sandbox of its own.
    Itself,
    /// Nothing: what it would do is gone when it ends.
    Refused(&'static str),
}

const CONNECT: &str = "--sandbox makes a connection by itself, in a database that is gone when the command ends: there is \
     nothing to connect. For a sandbox that stays: `zoho-mcp sandbox`, then `zoho-mcp connect --sandbox-url URL`. For \
     your own account leave --sandbox (ZOHO_MCP_SANDBOX) out.";

const CHANGE: &str = "--sandbox works on a database that is gone when the command ends: nothing in it can be changed to \
     any purpose. For connections of a sandbox that stays give --sandbox-url URL instead; for your own leave --sandbox \
     out (ZOHO_MCP_SANDBOX).";

fn ground(command: &Command) -> Ground {
    match command {
        Command::Stdio | Command::Call(_) | Command::Doctor(_) => Ground::ThrowAway,
        Command::Repair(arguments) if arguments.stats => Ground::ThrowAway,
        Command::Connect(arguments) if arguments.is_about_scopes() => Ground::Itself,
        Command::Connect(_) => Ground::Refused(CONNECT),
        Command::Connections(arguments) => match arguments.action() {
            Action::List | Action::Show { .. } => Ground::ThrowAway,
            Action::Use { .. }
            | Action::SetOrg { .. }
            | Action::Rename { .. }
            | Action::Remove { .. }
            | Action::Import { .. }
            | Action::Rekey { .. } => Ground::Refused(CHANGE),
        },
        Command::Approve(_) => Ground::Refused(CHANGE),
        Command::Repair(_)
        | Command::Tools { .. }
        | Command::Install(_)
        | Command::OpenPage { .. }
        | Command::ReadDocument { .. }
        | Command::Completions(_)
        | Command::Man(_)
        | Command::Config(_)
        | Command::Log(_)
        | Command::Status { .. }
        | Command::Logout { .. } => Ground::Itself,
        #[cfg(feature = "sandbox")]
        Command::Sandbox(_) | Command::Demo => Ground::Itself,
    }
}

/// Whether a command works on a database that goes with it.
pub(super) fn throws_away(config: &Config, command: &Command) -> bool {
    config.has_own_sandbox() && matches!(ground(command), Ground::ThrowAway)
}

/// What a command goes on with under `--sandbox`: a configuration that names nothing real, and the sandbox, which ends
/// with it. One that runs already has to stand at the time that is given.
///
/// # Errors
/// The command would do nothing that lasts, no sandbox could be started, or the one that runs stands at another time.
pub(super) async fn enter(
    config: Config,
    clock: &Clock,
    command: &Command,
) -> Result<(Config, Option<LocalSandbox>), Failure> {
    match ground(command) {
        Ground::Itself => Ok((config, None)),
        // Asks at its first call: a program that waits for it to start waits for no sandbox.
        _ if matches!(command, Command::Stdio) && config.now.is_none() && !config.has_own_sandbox() => {
            Ok((config, None))
        }
        _ if !config.has_own_sandbox() => Ok((agreed(config, clock).await?, None)),
        Ground::Refused(sentence) => Err(sentence.into()),
        Ground::ThrowAway => {
            let (config, sandbox) = start(config, clock).await?;
            Ok((config, Some(sandbox)))
        }
    }
}

/// The configuration at the time of the sandbox that runs: where this process stood elsewhere, tokens would be old or
/// endless, and days others than its own. Without `--now` the sandbox's moment is taken over. One that does not answer now
/// may be started later; a call says so.
async fn agreed(mut config: Config, clock: &Clock) -> Result<Config, Failure> {
    let Some(url) = config.said.sandbox_url.as_deref() else {
        return Ok(config);
    };
    let connections = Arc::new(assemble::connections(&config, clock)?);
    let zoho = assemble::zoho(&config, &connections, clock)?;
    let Ok(there) = zoho.sandbox_stands_at(url.trim_end_matches('/')).await else {
        return Ok(config);
    };
    let reason = match (config.now, there) {
        (None, there) => {
            config.now = there;
            return Ok(config);
        }
        (Some(now), Some(there)) if there == now => return Ok(config),
        (Some(_), Some(there)) => format!("stands at {there}: give --now {there}"),
        (Some(now), None) => format!("lives in the present: start it with `zoho-mcp sandbox --now {now}`"),
    };
    Err(format!("--now: the sandbox at {url} {reason}, or leave --now (ZOHO_MCP_NOW) out").into())
}

/// A sandbox in this process, with a throw-away database.
#[cfg(feature = "sandbox")]
pub(super) struct LocalSandbox {
    _sandbox: crate::sandbox::Sandbox,
    home: tempfile::TempDir,
}

#[cfg(feature = "sandbox")]
impl LocalSandbox {
    /// What is thrown away at its end.
    pub(super) fn folder(&self) -> &Path {
        self.home.path()
    }
}

#[cfg(feature = "sandbox")]
async fn start(mut config: Config, clock: &Clock) -> Result<(Config, LocalSandbox), Failure> {
    let sandbox = crate::sandbox::start(crate::sandbox::Options {
        now: config.now,
        ..Default::default()
    })?;
    let home = private_folder()?;
    throw_away(&mut config, &home.path().join("zoho-mcp.db"))?;
    config.said.sandbox_url = Some(sandbox.url.clone());
    let user = config.said.user.clone().unwrap_or_else(|| "sandbox".to_owned());
    super::sandbox_consent::connect_to_sandbox(&config, clock, &sandbox.url, &user, None).await?;
    let local = LocalSandbox {
        _sandbox: sandbox,
        home,
    };
    Ok((config, local))
}

/// A folder to throw away, for its owner alone: it holds a database and its key.
///
/// # Errors
/// It cannot be made.
#[cfg(feature = "sandbox")]
pub(super) fn private_folder() -> std::io::Result<tempfile::TempDir> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "modes are those of Unix"))]
    let mut folder = tempfile::Builder::new();
    #[cfg(unix)]
    folder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    folder.tempdir()
}

/// Puts a throw-away database in the place of whatever is configured, with its key beside it and the OAuth client of the
/// sandbox: nothing of it stays behind, and no real secret comes near it.
///
/// # Errors
/// The key cannot be written.
#[cfg(feature = "sandbox")]
pub(super) fn throw_away(config: &mut Config, database: &Path) -> Result<(), Failure> {
    let key = database.with_extension("key");
    crate::connections::make_key_file(&key)?;
    config.use_throw_away(database, key);
    Ok(())
}

/// There is none in this build.
#[cfg(not(feature = "sandbox"))]
pub(super) enum LocalSandbox {}

#[cfg(not(feature = "sandbox"))]
impl LocalSandbox {
    /// What is thrown away at its end.
    pub(super) fn folder(&self) -> &Path {
        match *self {}
    }
}

#[cfg(not(feature = "sandbox"))]
async fn start(_: Config, _: &Clock) -> Result<(Config, LocalSandbox), Failure> {
    Err("this build has no sandbox (--sandbox); build it with the feature `sandbox`".into())
}
