//! Opening a page in the person's browser, which gets nothing of what this program knows.

use std::process::ExitCode;

use tokio::process::Command;

use super::terminal;
use super::{Failure, assemble};

/// Opens a page from a process of its own, because a browser inherits the environment it is started with, and
/// this process's may hold secrets. Waits for a browser that runs in the terminal. Everybody on this machine can read
/// command lines, and a browser takes its page there: the address must hold nothing that others may not know.
pub(super) async fn open(address: &str) -> Result<(), Failure> {
    let mut command = Command::from(assemble::itself()?);
    command.args(["open-page", address]).status().await?;
    Ok(())
}

/// The work of that process.
pub(super) fn run(address: &str) -> ExitCode {
    match webbrowser::open(address) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::tell(&format!(
                "No browser could be opened ({error}): open the address yourself."
            ));
            ExitCode::FAILURE
        }
    }
}
