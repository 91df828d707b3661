//! `zoho-mcp doctor`: every check, what it found, and the command that mends it.

use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::form::Printed;
use super::paint::{Mark, Paint};
use super::{CommandResult, assemble, client, pager, terminal, text};
use crate::clock::Clock;
use crate::config::{self, Config, ConfigError};
use crate::names::write_out;
use crate::tools::doctor::{Examination, Finding, KEY_FIRST, Report, State};
use crate::tools::mending::rights;

/// How to look.
#[derive(Debug, Args)]
pub(super) struct DoctorArguments {
    /// Look at this machine only: ask Zoho nothing
    #[arg(long)]
    offline: bool,
    /// Also ask Zoho's public status page, of the data center us, whether Desk and CRM work
    #[arg(long, conflicts_with = "offline")]
    status: bool,
    #[command(flatten)]
    printed: Printed,
}

/// Prints the findings; fails with 1 when calls would fail.
pub(super) async fn run(
    config: &Config,
    clock: &Clock,
    arguments: DoctorArguments,
    broken: &[ConfigError],
) -> CommandResult {
    let assembled = assemble::calling(config, clock)?;
    let caller = &assembled.principal.caller;
    let whose = (!assemble::shows_everybody(config)?).then_some(caller);
    let examination = assembled.tools.examination(whose);
    let listed = examination.listed().await;
    let mut general = examination.surroundings(listed.as_ref().map(drop)).await;
    if whose.is_none() {
        general.extend(examination.several_users().await);
    }
    general.extend(broken.iter().map(|error| unread(error, config)));
    general.extend(client::exposed_file(config).map(exposed));
    general.extend(config::unknown_variables().into_iter().map(left_out));
    if !arguments.offline {
        general.extend(examination.missing_sandbox().await);
    }
    if arguments.status {
        general.push(examination.outages().await);
    }
    let mut reports = examination
        .every(
            listed.unwrap_or_default(), // what failed is said by the check of the database
            config.said.connection.as_deref(),
            !arguments.offline,
        )
        .await;
    // What is wrong with these comes first: no connection could be kept.
    let readable =
        |finding: &Finding| !["database", "key"].contains(&finding.check) || finding.state != State::Fail;
    if reports.is_empty() && general.iter().all(readable) {
        general.push(no_connection(&examination, config).await);
    }
    let again = assemble::wording(config).examine();
    let all = reports.iter_mut().flat_map(|report| &mut report.findings);
    all.chain(&mut general)
        .for_each(|finding| end_with_command(finding, &again));
    if arguments.printed.is_json() {
        let told = json!({ "findings": general, "connections": reports });
        terminal::print(&told.to_string());
    } else {
        pager::print(&page(&general, &reports), config.said.no_pager != Some(true));
    }
    let all = reports.iter().flat_map(|report| &report.findings).chain(&general);
    let failed = all.into_iter().any(|finding| finding.state == State::Fail);
    Ok(if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Somebody has said something to nobody.
fn left_out(found: String) -> Finding {
    let name = found.split(' ').next().unwrap_or_default();
    let is_name = name
        .chars()
        .all(|sign| sign.is_ascii_alphanumeric() || sign == '_');
    let mend = (is_name && cfg!(unix)).then(|| format!("unset {name}"));
    Finding {
        check: "environment",
        state: State::Warn,
        found,
        mend,
    }
}

/// Has what mends a fault end with a line that can be pasted: where no command does it, with the one that looks again.
fn end_with_command(finding: &mut Finding, again: &str) {
    let Some(mend) = &mut finding.mend else { return };
    let told = terminal::to_reader(mend);
    if mend != KEY_FIRST && !told.lines().any(|line| text::is_command(line.trim_start())) {
        *mend = format!("{}; then:\n{again}", mend.trim_end_matches('.'));
    }
}

/// The file of settings cannot be used: every command but this one ends there.
fn unread(error: &ConfigError, config: &Config) -> Finding {
    Finding {
        check: "config",
        state: State::Fail,
        found: format!("{error}. The checks go on without it."),
        mend: Some(assemble::wording(config).edit_settings()),
    }
}

/// The secret of the client lies open.
fn exposed(file: &Path) -> Finding {
    let shown = file.display().to_string();
    Finding {
        check: "client_file",
        state: State::Warn,
        found: format!("{shown} can be read by others on this machine"),
        mend: Some(rights::close(file)),
    }
}

/// The check that there is a row, for a caller or a name without one.
async fn no_connection(examination: &Examination<'_>, config: &Config) -> Finding {
    let name = config.said.connection.as_deref();
    let mut finding = examination.report_none(config.said.user.as_deref(), name);
    if let Some(name) = name
        && let Some(reason) = examination.missing(name).await
    {
        finding.found = reason;
    }
    finding
}

/// What is found of this machine, then of each connection.
fn page(general: &[Finding], reports: &[Report]) -> String {
    let all = reports.iter().flat_map(|report| &report.findings).chain(general);
    let width = all.map(|finding| finding.check.len()).max().unwrap_or_default();
    let machine = std::iter::once(("This machine".to_owned(), general));
    let connections = reports.iter().map(|report| {
        let title = format!("{} of {}", report.connection, report.user);
        (title, report.findings.as_slice())
    });
    let paint = Paint::of_output();
    let parts = machine.chain(connections).map(|(title, findings)| {
        let lines = findings.iter().map(|finding| told(finding, width, paint));
        let title = paint.head(&write_out(&title));
        format!("{title}\n{}", lines.collect::<Vec<_>>().join("\n"))
    });
    parts.collect::<Vec<_>>().join("\n\n")
}

/// Blanks before what is said below a title, and between two columns.
const INDENT: &str = "  ";
/// Columns of the longest word for a state.
const STATE: usize = "warning".len();

/// A finding, and below it what mends it: a command alone on its line, and never broken, for it is copied.
fn told(finding: &Finding, width: usize, paint: Paint) -> String {
    let (state, mark) = match finding.state {
        State::Ok => ("ok", Mark::Green),
        State::Warn => ("warning", Mark::Yellow),
        State::Fail => ("FAIL", Mark::Red),
    };
    let check = finding.check.replace('_', " ");
    let state = paint.marked(Some(mark), &text::padded(state, STATE));
    let indent = INDENT.len() * 3 + width + STATE;
    let blank = " ".repeat(indent);
    let room = terminal::columns().saturating_sub(indent).max(20);
    let found = text::wrapped_beside_commands(&write_out(&finding.found), room);
    let found = found.replace('\n', &format!("\n{blank}"));
    let told = format!("{INDENT}{check:width$}{INDENT}{state}{INDENT}{found}");
    let Some(mend) = &finding.mend else {
        return told.trim_end().to_owned();
    };
    let room = terminal::columns().saturating_sub(2 * INDENT.len());
    let mend = terminal::to_reader(&write_out(mend));
    let lines = mend
        .lines()
        .map(|line| match text::is_command(line.trim_start()) {
            true => paint.head(line.trim_start()),
            false => text::wrapped_beside_commands(line, room).replace('\n', &format!("\n{INDENT}{INDENT}")),
        });
    let mend = lines.collect::<Vec<_>>().join(&format!("\n{INDENT}{INDENT}"));
    format!("{told}\n{blank}Fix:\n{INDENT}{INDENT}{mend}")
}
