//! After Zoho said no, or nothing was found under a name: what it named is traced back to the argument. A read is
//! repaired from the live fields of the module and tried again, at most twice; a write is never sent with a changed
//! value, its refusal says what Zoho accepts.

mod findings;
mod hidden;
mod languages;
mod meant;
mod places;
mod tags;

use findings::find_unlisted;
pub use findings::{Finding, look};
use hidden::tell_hidden;
pub use meant::field_meant;
pub use places::{Doubt, doubtful, find_named_in};
use serde_json::{Map, Value};

use super::error::{Code, ToolError};
use super::invocation::Invocation;
use super::modules::Subject;
use super::output::Answer;
use super::request::{self, ListQuery};
use super::settings::fields::Field;
use crate::names::{clip, letters};
use crate::repair::{Access, Problem, Repair, ValidArguments};

/// How often a read is tried again with repaired arguments.
const MOST_RETRIES: usize = 2;

/// A call on its way through its attempts: the arguments of the next one, and what came of those before.
pub(super) struct Attempts {
    access: Access,
    arguments: ValidArguments,
    repairs: Vec<Repair>,
    odd: Vec<Finding>,
    earlier: Option<Answer>,
    retries: usize,
}

impl Attempts {
    /// A call with these arguments; `repairs` is what was put right in the names of fields, `odd` what seemed wrong there.
    pub(super) fn new(
        access: Access,
        arguments: ValidArguments,
        repairs: Vec<Repair>,
        odd: Vec<Finding>,
    ) -> Self {
        Attempts {
            access,
            arguments,
            repairs,
            odd,
            earlier: None,
            retries: 0,
        }
    }

    /// What the next attempt is made with.
    pub(super) fn arguments(&self) -> &ValidArguments {
        &self.arguments
    }

    /// What the call comes to after this outcome; `None` where another attempt shall be made.
    pub(super) async fn after(
        &mut self,
        invocation: &Invocation<'_>,
        outcome: Result<Answer, ToolError>,
    ) -> Option<Result<Answer, ToolError>> {
        let outcome = match outcome {
            Err(error) => Err(tell_hidden(invocation, &self.arguments, error).await),
            answer => answer,
        };
        let findings = match in_doubt(&outcome, &self.arguments) {
            doubts if doubts.is_empty() => Vec::new(),
            doubts => looked_up(invocation, &self.arguments, self.access, &doubts).await,
        };
        match self.access {
            Access::Read => self.repaired(outcome, findings),
            Access::Write => Some(match outcome {
                Ok(answer) => Ok(noted(answer, &findings)),
                Err(error) => Err(explained(placed(error, &self.arguments), findings)),
            }),
        }
    }

    /// A read goes on with mended arguments while there is something to mend; what an earlier attempt gave is not lost.
    fn repaired(
        &mut self,
        outcome: Result<Answer, ToolError>,
        findings: Vec<Finding>,
    ) -> Option<Result<Answer, ToolError>> {
        if self.retries < MOST_RETRIES && findings.iter().any(|finding| finding.change.is_some()) {
            // What was asked for in another notation than Zoho's is no answer to it.
            let is_guess = findings.iter().any(|one| one.change.is_some() && !one.is_certain);
            self.earlier = outcome
                .ok()
                .filter(|_| is_guess)
                .map(|answer| noted(answer, &findings).with_repairs(self.repairs.clone()));
            for finding in findings {
                self.repairs.extend(finding.apply(self.arguments.settle()));
            }
            self.retries += 1;
            return None;
        }
        Some(match (outcome, self.earlier.take()) {
            (Ok(answer), _) => {
                let odd = std::mem::take(&mut self.odd).into_iter();
                let odd = odd.filter(|one| one.still_stands(&self.arguments) && !findings.contains(one));
                let odd: Vec<Finding> = odd.collect();
                let answer = noted(noted(answer, &findings), &odd);
                Ok(answer.with_repairs(std::mem::take(&mut self.repairs)))
            }
            (Err(error), Some(mut answer)) => {
                let why = error.error.trim_end_matches('.');
                answer
                    .notes
                    .push(format!("What is nearest could not be asked for: {why}."));
                Ok(answer)
            }
            (Err(error), None) => {
                let error = explained(placed(error, &self.arguments), findings);
                Err(sent_elsewhere(error, &self.arguments))
            }
        })
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
            Some(rejection) => doubtful(&find_named_in(rejection), arguments),
            None => Vec::new(),
        },
    }
}

/// Refuses conditions whose value is no member of its picklist, where that is not only another notation of one.
///
/// # Errors
/// There are such.
pub(super) async fn refuse_strangers(
    invocation: &Invocation<'_>,
    arguments: &ValidArguments,
    paths: impl Iterator<Item = String>,
) -> Result<(), ToolError> {
    refuse(invocation, arguments, paths, &|one| !one.is_only_style()).await
}

/// The same but for values that are nearly one: a list is asked for again with that, and tells it.
///
/// # Errors
/// There are others.
pub(super) async fn refuse_unknown(
    invocation: &Invocation<'_>,
    arguments: &ValidArguments,
    paths: impl Iterator<Item = String>,
) -> Result<(), ToolError> {
    refuse(invocation, arguments, paths, &|one| one.change.is_none()).await
}

async fn refuse(
    invocation: &Invocation<'_>,
    arguments: &ValidArguments,
    paths: impl Iterator<Item = String>,
    is_strange: &(dyn Fn(&Finding) -> bool + Sync),
) -> Result<(), ToolError> {
    let doubts: Vec<Doubt> = paths.map(|path| Doubt { path, key_too: false }).collect();
    if doubts.is_empty() {
        return Ok(());
    }
    let found = looked_up(invocation, arguments, Access::Read, &doubts).await;
    let strange = |one: &Finding| !one.is_about_a_name() && is_strange(one);
    let problems: Vec<Problem> = found
        .into_iter()
        .filter(strange)
        .map(Finding::into_problem)
        .collect();
    let Some(first) = problems.first() else {
        return Ok(());
    };
    let (path, expected, got) = (&first.path, first.expected.clone(), first.got.clone());
    let mut refused = ToolError::argument(path, expected, got, first.suggestion.clone());
    refused.problems = problems;
    Err(refused)
}

/// Told where nothing was found by texts of which nobody lists what they may be: it may be that nothing can have them.
pub(super) async fn tell_unlisted(
    invocation: &Invocation<'_>,
    subject: &Subject,
    query: &ListQuery<'_>,
) -> Option<String> {
    let mut names: Vec<&str> = request::taken_as_written(query).collect();
    if names.is_empty() {
        return None;
    }
    let session = invocation.session(subject.product).await.ok()?;
    let tags = tags::tell_nearest(invocation, session, subject, query).await;
    names.retain(|name| tags.is_none() || !request::same_filter("tag", name));
    if names.is_empty() {
        return tags;
    }
    // Where they cannot be had, that is told as of every list that could not be read.
    let Ok((fields, _)) = invocation.fields(session, subject, false).await else {
        return tags;
    };
    let is_listed = |field: &Field| !field.values.is_empty() || letters(&field.kind).contains("lookup");
    names.retain(|name| {
        let mut same = fields
            .iter()
            .filter(|field| places::is_same(&field.api_name, name));
        !same.any(is_listed)
    });
    let told = format!(
        "Zoho lists no values of {}: what was asked for was taken as it was written.",
        names.join(", ")
    );
    let told = (!names.is_empty()).then_some(told);
    let all: Vec<String> = tags.into_iter().chain(told).collect();
    (!all.is_empty()).then(|| all.join(" "))
}

/// What the fields of the module say about the doubts; where they cannot be had, that is told in the answer.
async fn looked_up(
    invocation: &Invocation<'_>,
    arguments: &ValidArguments,
    access: Access,
    doubts: &[Doubt],
) -> Vec<Finding> {
    if !arguments.contains_key("module") {
        return Vec::new();
    }
    let Ok(subject) = request::subject(arguments) else {
        return Vec::new();
    };
    let Ok(session) = invocation.session(subject.product).await else {
        return Vec::new();
    };
    let mut anew = false;
    loop {
        let (fields, fresh) = match invocation.fields(session, &subject, anew).await {
            Ok(listed) => listed,
            Err(error) => {
                invocation.miss_fields(&subject, &error, &tell_unchecked(doubts));
                return Vec::new();
            }
        };
        let mut findings = look(access, arguments, doubts, &fields);
        findings.extend(find_unlisted(arguments, doubts, &fields));
        let missed = findings.iter().any(|finding| finding.change.is_none());
        if fresh || !missed {
            return findings;
        }
        anew = true;
    }
}

/// What is told of arguments that may be wrong where the fields of the module cannot be had.
fn tell_unchecked(doubts: &[Doubt]) -> String {
    let paths: Vec<&str> = doubts.iter().map(|doubt| doubt.path.as_str()).collect();
    format!(
        "Whether it has what is asked for was not checked: {}.",
        paths.join(", ")
    )
}

fn noted(mut answer: Answer, findings: &[Finding]) -> Answer {
    answer.notes.extend(findings.iter().map(Finding::as_note));
    answer
}

/// The failure with its problems at the arguments, where Zoho named the parameters they went into.
fn placed(mut error: ToolError, arguments: &Map<String, Value>) -> ToolError {
    let foreign = |problem: &&mut Problem| !problem.path.starts_with('/');
    for problem in error.problems.iter_mut().filter(foreign) {
        if let Some(path) = places::argument_of(&problem.path, arguments) {
            let value = path.get(1..).and_then(|key| arguments.get(key));
            problem.got = value.map_or_else(String::new, |value| clip(&value.to_string(), 80));
            problem.path = path;
        }
    }
    error
}

/// The failure with what to call where Zoho does not do so with this module.
fn sent_elsewhere(mut error: ToolError, arguments: &Map<String, Value>) -> ToolError {
    let said = error.rejection.as_ref();
    if said.is_some_and(|said| said.code == "NOT_SUPPORTED") {
        let subject = request::subject(arguments).ok();
        error.next = subject
            .and_then(|subject| subject.module.instead.clone())
            .unwrap_or(error.next);
    }
    error
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
