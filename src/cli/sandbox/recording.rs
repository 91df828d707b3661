//! `zoho-mcp sandbox --record FILE --upstream URL` and `--replay FILE`: a real account written down without its people, and
//! served again.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use url::Url;

use crate::cli::{Failure, terminal};
use crate::sandbox::{self, Recording};

/// Whether answers are written down or come from what was.
#[derive(Debug, Args)]
pub(super) struct RecordingArguments {
    /// Pass calls on to a real account, and write them with their answers in this new file, personal text disguised
    #[arg(long, value_name = "FILE", requires = "upstream", conflicts_with_all = ["replay", "seed", "tickets", "log"])]
    record: Option<PathBuf>,
    /// The account's servers: one for all, or accounts, Desk and CRM in this order
    #[arg(long, value_name = "URL", num_args = 1..=3, requires = "record")]
    upstream: Vec<Url>,
    /// Answer as it stands in this file, and nothing else
    #[arg(long, value_name = "FILE", conflicts_with_all = ["seed", "tickets", "log"])]
    replay: Option<PathBuf>,
}

impl RecordingArguments {
    /// What was asked for; nothing for a sandbox with data of its own.
    pub(super) fn started(&self, listen: SocketAddr) -> Result<Option<Recording>, Failure> {
        let (file, started) = match (&self.record, &self.replay) {
            (Some(file), _) => (file, sandbox::record(listen, file, &self.upstream)),
            (None, Some(file)) => (file, sandbox::replay(listen, file)),
            (None, None) => return Ok(None),
        };
        let recording = started.map_err(|error| format!("cannot start with {}: {error}", file.display()))?;
        Ok(Some(recording))
    }
}

/// How it is reached; as lines for a shell to eval, or for people.
pub(super) fn told(recording: &Recording, env: bool) -> String {
    let url = &recording.url;
    if env {
        return format!("export ZOHO_MCP_SANDBOX_URL='{url}'\nexport ZOHO_SANDBOX_URL='{url}'");
    }
    let rows = vec![vec!["URL".to_owned(), url.clone()]];
    format!(
        "{}\nnext: zoho-mcp connect --sandbox-url {url} --refresh-token-file FILE\n      then zoho-mcp --sandbox-url {url}\n\
         It runs until you press Ctrl-C.",
        terminal::table(&["Recording", ""], rows)
    )
}
