//! `zoho-mcp approve`: the acts of assistants that wait for a person, each shown and agreed to or not, where no client answers in
//! the person's place.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::form::Printed;
use super::{CommandResult, assemble, prompt, terminal};
use crate::clock::Clock;
use crate::config::Config;
use crate::tools::WaitingAct;

/// What is done with the acts that wait.
#[derive(Debug, Args)]
pub(super) struct ApproveArguments {
    #[command(flatten)]
    printed: Printed,
}

/// Shows what waits and asks about each; in a pipe it is only shown.
pub(super) async fn run(config: Config, clock: &Clock, arguments: ApproveArguments) -> CommandResult {
    let assembled = assemble::calling(&config, clock)?;
    let acts = assembled.tools.acts(&assembled.principal.caller);
    let waiting = acts.waiting().await?;
    if arguments.printed.is_json() || !prompt::can_ask() {
        terminal::print(&json!(waiting).to_string());
        return Ok(ExitCode::SUCCESS);
    }
    if waiting.is_empty() {
        terminal::tell("Nothing waits: no assistant has asked for anything within the last ten minutes.");
    }
    for act in waiting {
        terminal::tell(&shown(&act));
        let (still_waits, told) = match prompt::says(act.word.as_deref()).await.ok_or("no answer")? {
            prompt::Said::Yes => (
                acts.agree(&act.id).await?,
                "Agreed: the assistant's same call carries it out within ten minutes.".to_owned(),
            ),
            prompt::Said::No => (
                acts.decline(&act.id).await?,
                "Not agreed: the assistant is told when it asks again.".to_owned(),
            ),
            prompt::Said::Another => (true, not_that(act.word.as_deref())),
            prompt::Said::Nothing => (true, format!("Passed over: {WAITS_ON}.")),
        };
        terminal::tell(if still_waits { &told } else { "It waits no longer." });
    }
    Ok(ExitCode::SUCCESS)
}

/// What becomes of an act that was neither agreed to nor refused.
const WAITS_ON: &str = "it waits on, until its ten minutes are over";

/// That an answer was none of those that count.
fn not_that(word: Option<&str>) -> String {
    match word {
        Some(word) => format!("That was not {word}: {WAITS_ON}."),
        None => format!("That was neither y nor n: {WAITS_ON}."),
    }
}

/// An act, as a person reads it before they agree.
fn shown(act: &WaitingAct) -> String {
    let head = format!("\n{}: {} ({} for {})", act.record, act.what, act.tool, act.user);
    let link = act.link.clone();
    let end = std::iter::once(act.consequences.clone()).chain(link);
    let lines: Vec<String> = std::iter::once(head)
        .chain(act.changes.iter().cloned())
        .chain(act.notes.iter().cloned())
        .chain(end)
        .collect();
    lines.join("\n")
}
