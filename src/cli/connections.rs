//! `zoho-mcp connections`: the rows of `zoho_connections`, for the people they belong to.

mod bring;
mod change;
pub(super) mod row;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{ArgGroup, Args, Subcommand};
use serde_json::{Value, json};

use super::form::Printed;
use super::page::Look;
use super::{CommandResult, Failure, apart, assemble, terminal};
use crate::clock::Clock;
use crate::config::Config;
use crate::connections::{Caller, Connections, Entry, in_use};
use crate::zoho::ZohoClient;

/// What to do with connections.
#[derive(Debug, Args)]
pub(super) struct ConnectionsArguments {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    printed: Printed,
    /// Ask nothing: yes to every question
    #[arg(long, global = true)]
    yes: bool,
}

/// One change or look.
#[derive(Debug, Subcommand)]
pub(super) enum Action {
    /// List connections, the newest of each user first: the default
    List,
    /// Show one connection
    Show {
        /// Its name; default: the one calls use
        name: Option<String>,
    },
    /// Make a connection the one that calls use when they name none
    Use {
        /// Its name
        name: String,
    },
    /// Choose the Desk organization of a connection
    SetOrg {
        /// The connection's name; default: the one that calls use
        name: Option<String>,
        /// The organization's number, which may stand alone; default: asked for
        id: Option<String>,
    },
    /// Give a connection another name
    Rename {
        /// The name it has
        name: String,
        /// The name it gets
        new_name: String,
    },
    /// End a connection: revoke its token at Zoho, then delete it
    #[command(group(ArgGroup::new("which").args(["name", "all"]).required(true)))]
    Remove {
        /// Its name
        name: Option<String>,
        /// Every connection of the user
        #[arg(long)]
        all: bool,
    },
    /// Bring plain rows of another zoho_connections table over, and seal them; what is here already is left alone. Rows
    /// without an OAuth client get that of --client-file or of the environment
    Import {
        /// sqlite:PATH or postgres://HOST/NAME of the other database; `-` reads the URL from standard input
        source: String,
    },
    /// Seal every row with another key; with --keyring a key kept beside the database moves to the keyring. The old key
    /// is kept: backups need it
    Rekey {
        /// The new key, in a file, or `-` for standard input; default: a new random one, put to where the old one is
        #[arg(long, value_name = "PATH")]
        new_key_file: Option<PathBuf>,
    },
}

impl ConnectionsArguments {
    /// What a short name of one action stands for.
    pub(super) fn of(action: Action, printed: Printed, yes: bool) -> Self {
        let action = Some(action);
        ConnectionsArguments { action, printed, yes }
    }

    /// What is to be done; without a word the list is meant.
    pub(super) fn action(&self) -> &Action {
        self.action.as_ref().unwrap_or(&Action::List)
    }
}

impl Action {
    /// Whether other rows change with the one that is named, or with the new ones.
    fn concerns_every_row(&self) -> bool {
        match self {
            Action::Use { .. } | Action::Import { .. } | Action::Rekey { .. } => true,
            Action::List
            | Action::Show { .. }
            | Action::SetOrg { .. }
            | Action::Rename { .. }
            | Action::Remove { .. } => false,
        }
    }
}

/// What every action works with.
struct Rows {
    config: Config,
    connections: Arc<Connections>,
    zoho: ZohoClient,
    look: Look,
    json: bool,
    yes: bool,
}

/// Carries the action out and prints its result.
pub(super) async fn run(config: Config, clock: &Clock, arguments: ConnectionsArguments) -> CommandResult {
    let connections = Arc::new(assemble::connections(&config, clock)?);
    let rows = Rows {
        zoho: assemble::zoho(&config, &connections, clock)?,
        look: Look::new(assemble::zone(&config)?, clock),
        json: arguments.printed.is_json(),
        yes: arguments.yes,
        config,
        connections,
    };
    if arguments.action().concerns_every_row() {
        apart::spare_table(&rows.zoho).await?;
    }
    match arguments.action.unwrap_or(Action::List) {
        Action::List => rows.list().await?,
        Action::Show { name } => rows.show(name.as_deref()).await?,
        Action::Use { name } => rows.make_default(&name).await?,
        Action::SetOrg { name, id } => rows.set_org(name.as_deref(), id.as_deref()).await?,
        Action::Rename { name, new_name } => rows.rename(&name, &new_name).await?,
        Action::Remove { name, .. } => rows.remove(name.as_deref()).await?,
        Action::Import { source } => rows.import(&source).await?,
        Action::Rekey { new_key_file } => rows.rekey(new_key_file.as_deref()).await?,
    }
    Ok(ExitCode::SUCCESS)
}

impl Rows {
    /// Whose rows are meant: without `--user` the only user's; nobody else's are named.
    fn caller(&self) -> Caller {
        self.config.said.user.clone().map_or(Caller::Only, Caller::User)
    }

    async fn list(&self) -> Result<(), Failure> {
        let entries = if assemble::shows_everybody(&self.config)? {
            self.connections.list_all().await?
        } else {
            self.connections.list(&self.caller()).await?
        };
        let used = in_use(&entries, self.config.said.connection.as_deref());
        if self.json {
            let described = |entry: &Entry| self.described(entry, used.contains(&entry.id));
            let rows = entries.iter().map(described).collect();
            terminal::print(&Value::Array(rows).to_string());
        } else if entries.is_empty() {
            let next = assemble::wording(&self.config).connect(None, None, false);
            terminal::print(&format!("No connections. next: {next}"));
        } else {
            let line = |entry: &Entry| row::line(entry, used.contains(&entry.id), &self.look);
            let rows = entries.iter().map(line).collect();
            terminal::print_table(&row::COLUMNS, rows, row::mark);
        }
        Ok(())
    }

    async fn show(&self, name: Option<&str>) -> Result<(), Failure> {
        let name = name.or(self.config.said.connection.as_deref());
        let connection = self.connections.find(&self.caller(), name).await?;
        self.print_one(&connection);
        Ok(())
    }

    fn described(&self, entry: &Entry, in_use: bool) -> Value {
        let mut shown = match &entry.connection {
            Ok(connection) => row::describe(connection, self.look.now()),
            Err(error) => json!({
                "id": entry.id,
                "user": entry.user_id,
                "name": entry.name,
                "status": "unreadable",
                "problem": error.to_string(),
            }),
        };
        if let Some(shown) = shown.as_object_mut() {
            shown.insert("in_use".to_owned(), Value::Bool(in_use));
        }
        shown
    }

    fn print_one(&self, connection: &crate::connections::Connection) {
        if self.json {
            terminal::print(&row::describe(connection, self.look.now()).to_string());
        } else {
            let facts = row::facts(connection, &self.look);
            terminal::print_table(&["Connection", ""], facts, row::mark);
        }
    }

    /// Prints what was done: a sentence on a terminal, its parts in a pipe.
    fn print(&self, sentence: &str, parts: &Value) {
        terminal::print(&if self.json {
            parts.to_string()
        } else {
            sentence.to_owned()
        });
    }
}
