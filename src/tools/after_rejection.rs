//! After Zoho said no, or nothing was found under a name: what it named is traced back to the argument. A read is
//! repaired from the live fields of the module and tried again, at most twice; a write is never sent with a changed
//! value, its refusal says what Zoho accepts.

mod findings;
mod places;

use super::definition::ToolDefinition;
use super::error::{Code, ToolError};
use super::fields::names;
use super::handlers::{Context, Handler};
use super::invocation::Invocation;
use super::operations;
use super::output::Answer;
use super::request;
use crate::repair::{Access, Repair, ValidArguments};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

pub use findings::{Finding, look};
pub use places::{Doubt, doubtful, named_by};

/// How often a read is tried again with repaired arguments.
const MOST_RETRIES: usize = 2;

/// Carries a read out and mends what turns out to be wrong.
///
/// # Errors
/// The failure of the last attempt, with the arguments at fault named.
pub(super) async fn repaired_read(
    invocation: &Invocation<'_>,
    handlers: &[Handler],
    tool: &ToolDefinition,
    mut arguments: ValidArguments,
    zone: &TimeZone,
) -> Result<Answer, ToolError> {
    let settled = match tool.names_fields() {
        true => names::settle(invocation, arguments.settle()).await?,
        false => names::Settled::default(),
    };
    let (mut repairs, odd) = (settled.repairs, settled.odd);
    let mut earlier: Option<Answer> = None;
    let mut retries = 0;
    loop {
        let context = Context {
            invocation,
            tool: tool.name(),
            arguments: &arguments,
            zone,
        };
        let outcome = operations::run(handlers, context, tool).await;
        let findings = found(context, Access::Read, &outcome).await;
        let again = retries < MOST_RETRIES && findings.iter().any(|finding| finding.change.is_some());
        if !again {
            return match (outcome, earlier) {
                (Ok(answer), _) => {
                    let odd = odd.into_iter().filter(|one| one.still_stands(&arguments));
                    let odd: Vec<Finding> = odd.filter(|one| !findings.contains(one)).collect();
                    Ok(noted(noted(answer, &findings), &odd).repaired(repairs))
                }
                (Err(_), Some(answer)) => Ok(answer),
                (Err(error), None) => Err(explained(error, findings)),
            };
        }
        earlier = outcome
            .ok()
            .map(|answer| noted(answer, &findings).repaired(repairs.clone()));
        let told = findings
            .into_iter()
            .filter_map(|finding| finding.apply(arguments.settle()));
        repairs.extend(told.collect::<Vec<Repair>>());
        retries += 1;
    }
}

/// Carries a write out, once; a refusal says what Zoho accepts.
///
/// # Errors
/// The failure, with the arguments at fault named.
pub(super) async fn explained_write(
    invocation: &Invocation<'_>,
    handlers: &[Handler],
    tool: &ToolDefinition,
    arguments: ValidArguments,
    zone: &TimeZone,
) -> Result<Answer, ToolError> {
    let context = Context {
        invocation,
        tool: tool.name(),
        arguments: &arguments,
        zone,
    };
    let outcome = operations::run(handlers, context, tool).await;
    let findings = found(context, Access::Write, &outcome).await;
    match outcome {
        Ok(answer) => Ok(noted(answer, &findings)),
        Err(error) => Err(explained(error, findings)),
    }
}

/// What is wrong with the arguments an outcome puts in doubt.
async fn found(context: Context<'_>, access: Access, outcome: &Result<Answer, ToolError>) -> Vec<Finding> {
    match in_doubt(outcome, context.arguments) {
        doubts if doubts.is_empty() => Vec::new(),
        doubts => looked_up(context, access, &doubts).await,
    }
}

/// The arguments that an outcome puts in doubt; where something came of the call, their keys were accepted.
fn in_doubt(outcome: &Result<Answer, ToolError>, arguments: &Map<String, Value>) -> Vec<Doubt> {
    let unsure = |path: &String| Doubt {
        path: path.clone(),
        key_too: false,
    };
    match outcome {
        Ok(answer) => answer.unsure.iter().map(unsure).collect(),
        Err(error) => match &error.rejection {
            Some(rejection) => doubtful(&named_by(rejection), arguments),
            None => Vec::new(),
        },
    }
}

/// What the fields of the module say about the doubts; nothing when they cannot be had.
async fn looked_up(context: Context<'_>, access: Access, doubts: &[Doubt]) -> Vec<Finding> {
    let arguments = context.arguments;
    if !arguments.contains_key("module") {
        return Vec::new();
    }
    let Ok(subject) = request::subject(arguments) else {
        return Vec::new();
    };
    let Ok(session) = context.session(subject.product).await else {
        return Vec::new();
    };
    let mut anew = false;
    loop {
        let listed = context
            .invocation
            .equipment()
            .fields
            .of(session, &subject, anew)
            .await;
        let Ok((fields, fresh)) = listed else {
            tracing::debug!(module = %subject.module.name, "no list of fields to look at");
            return Vec::new();
        };
        let findings = look(access, arguments, doubts, &fields);
        let missed = findings.iter().any(|finding| finding.change.is_none());
        if fresh || !missed {
            return findings;
        }
        anew = true;
    }
}

fn noted(mut answer: Answer, findings: &[Finding]) -> Answer {
    answer.notes.extend(findings.iter().map(Finding::as_note));
    answer
}

/// The failure with the arguments named that Zoho's names mean, and what is accepted there.
fn explained(mut error: ToolError, findings: Vec<Finding>) -> ToolError {
    let first = findings
        .iter()
        .find_map(|one| Some((&one.path, one.suggestion.as_ref()?)));
    if let Some((path, suggestion)) = first {
        error.next = format!("Call again with {suggestion} at `{path}`.");
    }
    for finding in findings {
        let mut problem = finding.into_problem();
        let known = error
            .problems
            .iter_mut()
            .find(|one| places::mean_the_same(&one.path, &problem.path));
        match known {
            // What this server refuses itself names what is accepted better than the list of fields.
            Some(own) if error.code == Code::InvalidArguments => {
                own.suggestion = problem.suggestion.take().or_else(|| own.suggestion.take());
            }
            Some(zohos) => *zohos = problem,
            None => error.problems.push(problem),
        }
    }
    error
}
