//! The command line: global options, and one file a command.

pub mod assemble;
mod call;
mod connect;
mod connections;
#[cfg(feature = "sandbox")]
mod demo;
mod doctor;
mod local_sandbox;
mod open_page;
mod prompt;
mod repair;
#[cfg(feature = "sandbox")]
mod sandbox;
mod stdio;
mod terminal;
mod tools;

use crate::clock::Clock;
use crate::config::{self, Config, Flags};
use crate::logging;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Zoho Desk cases and Zoho CRM records for LLM agents, over the Model Context Protocol.
///
/// Without a command it serves MCP on standard input and output, as desktop assistants start it.
#[derive(Debug, Parser)]
#[command(name = "zoho-mcp", version, after_help = EXAMPLES)]
struct Cli {
    #[command(flatten)]
    global: GlobalOptions,
    #[command(subcommand)]
    command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  zoho-mcp demo                            see it work, without any account
  zoho-mcp connect                         connect your Zoho account
  zoho-mcp call get_records '{\"module\":\"Cases\",\"limit\":5}'
  zoho-mcp --sandbox                       serve MCP against a local sandbox

Every option is also an environment variable, ZOHO_MCP_ and its name (ZOHO_MCP_USER, ZOHO_MCP_DATABASE_URL, ...),
and a key of config.toml in your configuration directory; a flag wins over the environment, that over the file.";

#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
struct GlobalOptions {
    /// Whose connections are used; needed when the database holds several users
    #[arg(long, global = true, value_name = "NAME")]
    user: Option<String>,
    /// The connection used when a call names none
    #[arg(long, global = true, value_name = "NAME")]
    connection: Option<String>,
    /// sqlite:PATH or postgres://HOST/NAME; default: a SQLite file in your data directory, with --sandbox-url another
    /// one there
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// File with the key that seals tokens in the database; else ZOHO_MCP_KEY, else the keyring, else a file made
    /// beside the database (PostgreSQL needs one of the first two)
    #[arg(long, global = true, value_name = "PATH")]
    key_file: Option<PathBuf>,
    /// Keep a SQLite database's key in the operating system's keyring, not in a file beside it: the first key is
    /// made there, `connections rekey` moves one there. ZOHO_MCP_KEYRING=0: never ask the keyring
    #[arg(long, global = true)]
    keyring: bool,
    /// Offer no tool that changes anything
    #[arg(long, global = true)]
    read_only: bool,
    /// Offer these groups of tools only; `zoho-mcp tools` names them (default: all that can do their work)
    #[arg(long, global = true, value_delimiter = ',', value_name = "NAMES")]
    toolsets: Vec<String>,
    /// Offer these tools, beside those of --toolsets
    #[arg(long, global = true, value_delimiter = ',', value_name = "NAMES")]
    tools: Vec<String>,
    /// Do not offer these tools
    #[arg(long, global = true, value_delimiter = ',', value_name = "NAMES")]
    exclude_tools: Vec<String>,
    /// Use a local sandbox in this process, with a ready connection in a throw-away database
    #[arg(long, global = true)]
    sandbox: bool,
    /// Use a sandbox that already runs on this machine
    #[arg(long, global = true, value_name = "URL")]
    sandbox_url: Option<String>,
    /// Sandbox and server stand at this time, like 2026-11-20T18:00:00Z, instead of living in the present; only for
    /// a sandbox
    #[arg(long, global = true, value_name = "TIME")]
    now: Option<String>,
    /// The one directory attachments and exports may be written to; without it none is
    #[arg(long, global = true, value_name = "DIRECTORY")]
    files: Option<PathBuf>,
    /// Time zone of days in arguments, like Europe/Berlin; default: that of the Zoho user
    #[arg(long, global = true, value_name = "ZONE")]
    timezone: Option<String>,
    /// error, warn, info, debug, trace, or directives like zoho_mcp=debug; to standard error
    #[arg(long, global = true, value_name = "LEVEL")]
    log_level: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve MCP on standard input and output (the default)
    Stdio,
    /// Call one tool and print its answer: a table on a terminal, JSON in a pipe
    Call(call::CallArguments),
    /// Connect a Zoho account
    Connect(connect::ConnectArguments),
    /// List and change connections
    Connections(connections::ConnectionsArguments),
    /// Check everything a call needs, and say what mends it
    Doctor(doctor::DoctorArguments),
    /// List the tools offered
    Tools,
    /// Repair tool calls read from standard input, one JSON case a line, without making them
    Repair(repair::RepairArguments),
    /// Run a local Zoho: accounts server, Desk and CRM
    #[cfg(feature = "sandbox")]
    Sandbox(sandbox::SandboxArguments),
    /// Open an address in this person's browser
    #[command(hide = true)]
    OpenPage {
        /// The address
        address: String,
    },
    /// Show the main job from end to end, without any account
    #[cfg(feature = "sandbox")]
    Demo,
}

impl Command {
    /// The one clock of this process: it is set only where nothing but a sandbox can be reached.
    fn clock(&self, config: &Config) -> Result<Clock, &'static str> {
        #[cfg(feature = "sandbox")]
        let sandbox = matches!(self, Command::Sandbox(_) | Command::Demo);
        #[cfg(not(feature = "sandbox"))]
        let sandbox = false;
        match config.now {
            None => Ok(Clock::system()),
            Some(now) if sandbox || config.sandbox || config.sandbox_url.is_some() => {
                Ok(Clock::fixed(now.as_second()))
            }
            Some(_) => Err("--now: only with --sandbox or --sandbox-url; Zoho itself lives in the present"),
        }
    }
}

/// Runs the command of this process's command line.
pub fn run() -> ExitCode {
    logging::hush_panics();
    let cli = Cli::parse();
    if let Some(Command::OpenPage { address }) = &cli.command {
        return open_page::run(address);
    }
    let config = match Config::load(cli.global.into()) {
        Ok(config) => config,
        Err(error) => return terminal::fail(&error),
    };
    let command = cli.command.unwrap_or(Command::Stdio);
    let clock = match command.clock(&config) {
        Ok(clock) => clock,
        Err(error) => return terminal::fail(&error),
    };
    if let Err(error) = logging::start(config.log_level.as_deref()) {
        return terminal::fail(&error);
    }
    for sentence in config::unknown_variables() {
        terminal::tell(&format!("warning: {sentence}"));
    }
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return terminal::fail(&error),
    };
    let outcome = runtime.block_on(async {
        let (config, _sandbox) = local_sandbox::enter(config, &clock, &command).await?;
        match command {
            Command::Stdio => stdio::run(config, &clock).await,
            Command::Call(arguments) => call::run(config, &clock, arguments).await,
            Command::Connect(arguments) => connect::run(config, &clock, arguments).await,
            Command::Connections(arguments) => connections::run(config, &clock, arguments).await,
            Command::Doctor(arguments) => doctor::run(&config, &clock, arguments).await,
            Command::Tools => tools::run(&config),
            Command::OpenPage { address } => Ok(open_page::run(&address)),
            Command::Repair(arguments) => repair::run(config, &clock, arguments).await,
            #[cfg(feature = "sandbox")]
            Command::Sandbox(arguments) => sandbox::run(&arguments, config.now).await,
            #[cfg(feature = "sandbox")]
            Command::Demo => demo::run(&config, &clock).await,
        }
    });
    // Blocking reads of standard input cannot be stopped: do not wait for them.
    runtime.shutdown_background();
    match outcome {
        Ok(code) => code,
        Err(error) => terminal::fail(&error),
    }
}

/// Why a command could not do its work, for a person to read.
type CommandResult = Result<ExitCode, Box<dyn std::error::Error>>;

impl From<GlobalOptions> for Flags {
    fn from(options: GlobalOptions) -> Self {
        Flags {
            user: options.user,
            connection: options.connection,
            database_url: options.database_url,
            key_file: options.key_file,
            keyring: options.keyring,
            read_only: options.read_only,
            toolsets: options.toolsets,
            tools: options.tools,
            exclude_tools: options.exclude_tools,
            sandbox: options.sandbox,
            sandbox_url: options.sandbox_url,
            now: options.now,
            files: options.files,
            timezone: options.timezone,
            log_level: options.log_level,
        }
    }
}
