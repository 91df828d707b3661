//! The command line: global options, and one file a command.

mod apart;
mod approve;
pub mod assemble;
mod call;
mod client;
mod closed;
mod completions;
mod configuration;
mod connect;
mod connections;
#[cfg(feature = "sandbox")]
mod demo;
mod doctor;
mod echo;
mod ending;
mod form;
mod help;
mod install;
mod limits;
mod local_sandbox;
mod log;
mod open_page;
mod page;
mod pager;
mod paint;
mod prompt;
mod read_document;
mod repair;
#[cfg(feature = "sandbox")]
mod sandbox;
pub mod sandbox_consent;
mod stdio;
mod terminal;
mod text;
mod tools;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser, Subcommand};
use connections::{Action, ConnectionsArguments};
use ending::{
    NotUnderstood, STOPPED, Stopped, Unchanged, ended_by, explained, not_understood, on_signal,
    unless_stopped,
};
use form::Printed;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::config::{self, Config, ConfigError, Settings};
use crate::logging::{self, LogError};
use crate::tools::consent::DEFAULT_NAME;

/// Zoho Desk cases and Zoho CRM records for LLM agents, over the Model Context Protocol.
///
/// Without a command it serves MCP on standard input and output, as desktop assistants start it.
#[derive(Debug, Parser)]
#[command(name = "zoho-mcp", version)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve MCP on standard input and output (the default)
    #[command(alias = "serve")]
    Stdio,
    /// Call one tool and print its answer: a page on a terminal, JSON in a pipe
    Call(call::CallArguments),
    /// Agree to what assistants want to change and cannot take back, or do not
    Approve(approve::ApproveArguments),
    /// Connect a Zoho account
    #[command(visible_alias = "login")]
    Connect(connect::ConnectArguments),
    /// Put this server into the configuration of your assistants
    Install(install::InstallArguments),
    /// Show who is connected: `connections list`
    Status {
        #[command(flatten)]
        printed: Printed,
    },
    /// End a connection: `connections remove`
    Logout {
        /// Its name
        #[arg(default_value = DEFAULT_NAME)]
        name: String,
        /// Every connection of the user
        #[arg(long, conflicts_with = "name")]
        all: bool,
        /// Ask nothing
        #[arg(long)]
        yes: bool,
    },
    /// List and change connections
    Connections(connections::ConnectionsArguments),
    /// Check everything a call needs, and say what mends it
    Doctor(doctor::DoctorArguments),
    /// Show what assistants did: a line a call, from the files of --log-file
    Log(log::LogArguments),
    /// List the tools offered
    Tools {
        #[command(flatten)]
        printed: Printed,
    },
    /// Repair tool calls read from standard input, one JSON case a line, without making them
    Repair(repair::RepairArguments),
    /// Show and change the options that hold
    Config(configuration::ConfigArguments),
    /// Print what a shell completes the command line by
    Completions(completions::CompletionsArguments),
    /// Print the manual page
    #[command(hide = true)]
    Man(completions::ManArguments),
    /// Run a local Zoho: accounts server, Desk and CRM
    #[cfg(feature = "sandbox")]
    Sandbox(sandbox::SandboxArguments),
    /// Open an address in this person's browser
    #[command(hide = true)]
    OpenPage {
        /// The address
        address: String,
    },
    /// Read a document from standard input and print its words as JSON
    #[command(hide = true)]
    ReadDocument {
        /// Characters that are printed
        most: usize,
    },
    /// Show the main job from end to end, without any account
    #[cfg(feature = "sandbox")]
    Demo,
}

impl Cli {
    /// Reads the command line of this process.
    ///
    /// # Errors
    /// Nothing is to be carried out: help or what is wrong was printed, and the process ends so.
    fn of_command_line() -> Result<Self, ExitCode> {
        let (given, unfilled) = config::command_line();
        for sentence in unfilled {
            terminal::tell(&format!("warning: {sentence}"));
        }
        let names_port = given.iter().any(|word| names_port(&word.to_string_lossy()));
        let read = Cli::try_parse_from(&given);
        let cli = read
            .map_err(|error| terminal::say(&help::instead_of(error, &given)))?
            .meant();
        if let Some(meant) = cli
            .command
            .as_ref()
            .and_then(Command::instead_of_port)
            .filter(|_| names_port)
        {
            let refused = format!("--port means nothing to this command{meant}");
            let refused = Cli::command().error(ErrorKind::UnknownArgument, refused);
            return Err(terminal::say(&refused));
        }
        Ok(cli)
    }

    /// The same with the command that a short name stands for.
    fn meant(mut self) -> Self {
        self.command = self.command.map(|command| match command {
            Command::Status { printed } => {
                Command::Connections(ConnectionsArguments::of(Action::List, printed, false))
            }
            Command::Logout { name, all, yes } => {
                let name = (!all).then_some(name);
                Command::Connections(ConnectionsArguments::of(
                    Action::Remove { name, all },
                    Printed::default(),
                    yes,
                ))
            }
            command => command,
        });
        self
    }
}

/// The short name of `--callback-port`.
fn names_port(word: &str) -> bool {
    word == "--port" || word.starts_with("--port=")
}

impl Command {
    /// What to say of `--port` where nothing comes back to a port; nothing where it is understood.
    fn instead_of_port(&self) -> Option<&'static str> {
        match self {
            Command::Stdio | Command::Connect(_) => None,
            #[cfg(feature = "sandbox")]
            Command::Sandbox(_) => Some(": --listen 127.0.0.1:PORT says where the sandbox listens"),
            _ => Some("; --callback-port is the one that a consent comes back to"),
        }
    }

    /// Whether it works in a folder that is gone at its end, whatever the configuration says.
    fn throws_away(&self) -> bool {
        #[cfg(feature = "sandbox")]
        return match self {
            Command::Demo => true,
            Command::Sandbox(arguments) => arguments.throws_away(),
            _ => false,
        };
        #[cfg(not(feature = "sandbox"))]
        false
    }

    /// The one clock of this process: it is set only where nothing but a sandbox can be reached.
    fn clock(&self, config: &Config) -> Result<Clock, &'static str> {
        #[cfg(feature = "sandbox")]
        let sandbox = matches!(self, Command::Sandbox(_) | Command::Demo);
        #[cfg(not(feature = "sandbox"))]
        let sandbox = false;
        match config.now {
            None => Ok(Clock::system()),
            Some(now) if sandbox || config.has_own_sandbox() || config.said.sandbox_url.is_some() => {
                Ok(Clock::fixed(now.as_second()))
            }
            Some(_) => Err("--now: only with --sandbox or --sandbox-url; Zoho itself lives in the present"),
        }
    }
}

/// Runs the command of this process's command line.
pub fn run() -> ExitCode {
    logging::hush_panics();
    limits::leave_no_core();
    let cli = match Cli::of_command_line() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    match &cli.command {
        Some(Command::OpenPage { address }) => return open_page::run(address),
        Some(Command::ReadDocument { most }) => return read_document::run(*most),
        _ => {}
    }
    let outcome = match &cli.command {
        Some(Command::Completions(arguments)) => Some(completions::complete(arguments)),
        Some(Command::Man(arguments)) => Some(completions::man(arguments)),
        Some(Command::Config(arguments)) => Some(configuration::run(arguments, &cli.settings)),
        Some(Command::Log(arguments)) => Some(log::run(arguments, &cli.settings, &Clock::system())),
        _ => None,
    };
    if let Some(outcome) = outcome {
        return match outcome {
            Ok(code) => terminal::end(code),
            Err(error) => ended_by(&error),
        };
    }
    let loaded = match cli.command {
        Some(Command::Doctor(_)) => Config::load_what_is_sound(cli.settings),
        _ => Config::load(cli.settings).map(|config| (config, Vec::new())),
    };
    let (config, broken) = match loaded {
        Ok(loaded) => loaded,
        Err(error) => return ended_by(&error.into()),
    };
    paint::choose(config.said.color);
    let command = cli.command.unwrap_or(Command::Stdio);
    let config = match command {
        Command::Stdio => config,
        _ => config.at_terminal(),
    };
    let wording = assemble::wording(&config);
    let clock = match command.clock(&config) {
        Ok(clock) => clock,
        Err(error) => return not_understood(&error),
    };
    if let Err(error) = start_log(&config, &command) {
        return match error {
            (LogError::Level { .. }, told) => not_understood(&told),
            (LogError::File(_), told) => terminal::fail(&told),
        };
    }
    let left_out = config::unknown_variables().into_iter().chain(config::stand_ins());
    terminal::warn(left_out.chain(config.left_out()));
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return terminal::fail(&error),
    };
    let outcome = runtime.block_on(carry_out(command, config, &clock, broken));
    // Blocking reads of standard input cannot be stopped: do not wait for them.
    runtime.shutdown_background();
    match outcome {
        Ok(code) => terminal::end(code),
        Err(error) if error.is::<Stopped>() => ExitCode::from(STOPPED),
        Err(error) if error.is::<NotUnderstood>() => not_understood(&error),
        Err(error) if error.is::<Unchanged>() => {
            terminal::tell(&error.to_string());
            ExitCode::FAILURE
        }
        Err(error) => terminal::fail(&explained(&error, &wording)),
    }
}

/// Starts the log as configured; what is wrong with it is told with who said it. A person at a command that tells the same in
/// its own words is spared the lines of the log.
fn start_log(config: &Config, command: &Command) -> Result<(), (LogError, String)> {
    let format = config.said.log_format;
    let file = config.said.log_file.as_deref();
    let usual = match command {
        Command::Doctor(_) => Some("error"),
        Command::Connect(_) => Some("warn,zoho_mcp::connections::keys=error"),
        Command::Stdio => None,
        _ => terminal::tells_a_person().then_some("warn,zoho_mcp::zoho=error,zoho_mcp::tools=error"),
    };
    let said = config.said.log_level.as_deref();
    let level = said.or_else(|| usual.filter(|_| file.is_none()));
    // What happens is logged on this machine's day, also where a sandbox has another.
    logging::start(level, format, file, Clock::system()).map_err(|error| {
        let row = match error {
            LogError::Level { .. } => "log_level",
            LogError::File(_) => "log_file",
        };
        let told = format!("{}: {error}", config.origin(row));
        (error, told)
    })
}

/// Carries a command out. One that has a folder to throw away hears signals from its first moment.
async fn carry_out(
    command: Command,
    config: Config,
    clock: &Clock,
    broken: Vec<ConfigError>,
) -> CommandResult {
    let stop = CancellationToken::new();
    if local_sandbox::throws_away(&config, &command) || command.throws_away() {
        on_signal(&stop, || {})?;
    }
    let (config, sandbox) = unless_stopped(&stop, local_sandbox::enter(config, clock, &command)).await?;
    let clock = &command.clock(&config)?;
    let ends_by_itself = matches!(command, Command::Stdio | Command::Call(_));
    let folder = sandbox.as_ref().map(|sandbox| sandbox.folder().to_owned());
    let work = run_command(command, config, clock, folder, broken);
    match ends_by_itself {
        true => work.await,
        false => unless_stopped(&stop, work).await,
    }
}

/// The work of a command; `folder` is what is thrown away at its end, `broken` what is wrong with the file of settings.
async fn run_command(
    command: Command,
    config: Config,
    clock: &Clock,
    folder: Option<PathBuf>,
    broken: Vec<ConfigError>,
) -> CommandResult {
    match command {
        Command::Stdio => stdio::run(config, clock, folder).await,
        Command::Call(arguments) => call::run(config, clock, arguments).await,
        Command::Approve(arguments) => approve::run(config, clock, arguments).await,
        Command::Connect(arguments) => connect::run(config, clock, arguments).await,
        Command::Connections(arguments) => connections::run(config, clock, arguments).await,
        Command::Doctor(arguments) => doctor::run(&config, clock, arguments, &broken).await,
        Command::Install(arguments) => install::run(&config, clock, &arguments).await,
        Command::Tools { printed } => tools::run(&config, printed),
        Command::Repair(arguments) => repair::run(config, clock, arguments).await,
        #[cfg(feature = "sandbox")]
        Command::Sandbox(arguments) => sandbox::run(arguments, &config, clock).await,
        #[cfg(feature = "sandbox")]
        Command::Demo => demo::run(&config, clock).await,
        Command::OpenPage { .. }
        | Command::ReadDocument { .. }
        | Command::Completions(_)
        | Command::Man(_)
        | Command::Config(_)
        | Command::Log(_)
        | Command::Status { .. }
        | Command::Logout { .. } => Ok(ExitCode::SUCCESS), // done, or turned into another, before
    }
}

/// A failure for a person to read.
pub type Failure = Box<dyn std::error::Error>;
type CommandResult = Result<ExitCode, Failure>;
