//! `zoho-mcp doctor`: every check, what it found, and the command that mends it.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::{CommandResult, assemble, terminal};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::tools::doctor::{Examination, Finding, Report, State};

/// How to look.
#[derive(Debug, Args)]
pub(super) struct DoctorArguments {
    /// Look at this machine only: ask Zoho nothing
    #[arg(long)]
    offline: bool,
    /// Print JSON on a terminal too
    #[arg(long)]
    json: bool,
}

/// Prints the findings; fails with 1 when calls would fail.
pub(super) async fn run(config: &Config, clock: &Clock, arguments: DoctorArguments) -> CommandResult {
    let assembled = assemble::calling(config, clock)?;
    let caller = &assembled.principal.caller;
    let whose = (!assemble::shows_everybody(config)?).then_some(caller);
    let examination = assembled.tools.examination(whose);
    let listed = examination.listed().await;
    let mut general = examination.surroundings(listed.as_ref().map(drop)).await;
    if whose.is_none() {
        general.extend(examination.several_users().await);
    }
    general.extend(config::unknown_variables().into_iter().map(left_out));
    if !arguments.offline {
        general.extend(examination.missing_sandbox().await);
    }
    let reports = examination
        .every(
            listed.unwrap_or_default(), // what failed is said by the check of the database
            config.said.connection.as_deref(),
            !arguments.offline,
        )
        .await;
    let readable = |finding: &Finding| finding.check != "database" || finding.state != State::Fail;
    if reports.is_empty() && general.iter().all(readable) {
        general.push(no_connection(&examination, config).await);
    }
    if arguments.json || !terminal::is_terminal() {
        let told = json!({ "findings": general, "connections": reports });
        terminal::print(&told.to_string());
    } else {
        print(&general, &reports);
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
    Finding {
        check: "environment",
        state: State::Warn,
        found,
        mend: None,
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

fn print(general: &[Finding], reports: &[Report]) {
    terminal::print(&terminal::table(
        &["This machine", "", "Found", "Mended by"],
        general.iter().map(line).collect(),
    ));
    for report in reports {
        let title = format!("{} of {}", report.connection, report.user);
        let table = terminal::table(
            &[&title, "", "Found", "Mended by"],
            report.findings.iter().map(line).collect(),
        );
        terminal::print(&format!("\n{table}"));
    }
}

fn line(finding: &Finding) -> Vec<String> {
    let state = match finding.state {
        State::Ok => "ok",
        State::Warn => "look",
        State::Fail => "FAIL",
    };
    vec![
        finding.check.replace('_', " "),
        state.to_owned(),
        finding.found.clone(),
        finding.mend.clone().unwrap_or_default(),
    ]
}
