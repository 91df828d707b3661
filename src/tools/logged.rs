//! One line of the log for each call: what was called, what it took, how it ended. What people wrote is not in it.

use std::sync::OnceLock;
use std::time::Instant;

use serde_json::{Map, Value};

use super::modules;
use super::output::Answer;
use super::question::Unanswered;
use crate::names::{clean_line, clip};
use crate::repair::Arguments;
use crate::zoho::Tally;

/// No name of a tool or module is longer.
const LONGEST: usize = 60;

/// A call that goes on; where nobody waits for it any more, that is what the line says.
pub(super) struct Logged {
    tool: OnceLock<String>,
    module: OnceLock<String>,
    connection: OnceLock<String>,
    /// By which an act is taken back.
    write: OnceLock<String>,
    begun: Instant,
    pub(super) requests: Tally,
    has_ended: bool,
}

impl Logged {
    /// A call that begins now.
    pub(super) fn begin() -> Self {
        Logged {
            tool: OnceLock::new(),
            module: OnceLock::new(),
            connection: OnceLock::new(),
            write: OnceLock::new(),
            begun: Instant::now(),
            requests: Tally::default(),
            has_ended: false,
        }
    }

    /// When the call began.
    pub(super) fn begun(&self) -> Instant {
        self.begun
    }

    /// The tool that is meant.
    pub(super) fn names_tool(&self, tool: &str) {
        let _ = self.tool.set(short(tool));
    }

    /// The module that is meant, once the arguments are understood; of one that only the organization knows its answer tells.
    pub(super) fn names_module(&self, module: &str) {
        let _ = self.module.set(short(module));
    }

    /// The module that refused arguments name, if it is one that all know: what else stands there, somebody wrote.
    pub(super) fn names_module_of(&self, arguments: Arguments<'_>) {
        let Arguments::Text(text) = arguments else {
            return;
        };
        let Ok(members) = serde_json::from_str::<Map<String, Value>>(text) else {
            return;
        };
        let said = members
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case("module"))
            .and_then(|(_, name)| name.as_str());
        if let Some(subject) = said.and_then(|name| modules::subject(name, None).ok())
            && !subject.module.custom
        {
            self.names_module(&subject.module.name);
        }
    }

    /// The connection it went through, where one was found: what a caller calls another is not told.
    pub(super) fn names_connection(&self, name: Option<&str>) {
        let _ = name.map(|name| self.connection.set(short(name)));
    }

    /// The call has come to this.
    pub(super) fn end(mut self, outcome: &Result<Answer, Unanswered>) {
        self.has_ended = true;
        match outcome {
            Ok(answer) => {
                if let Some(module) = answer.body.get("module").and_then(Value::as_str) {
                    self.names_module(module);
                }
                let write = answer
                    .body
                    .get("write")
                    .and_then(|write| write.get("id")?.as_str());
                let _ = write.map(|id| self.write.set(short(id)));
                self.tell("ok", rows(answer), answer.repairs.len());
            }
            Err(Unanswered::UnknownTool { name, .. }) => {
                self.names_tool(name);
                self.tell("unknown_tool", 0, 0);
            }
            Err(Unanswered::Ask(..)) => self.tell("asked", 0, 0),
            Err(Unanswered::Failed(error)) => {
                let code = serde_json::to_value(error.code).unwrap_or_default();
                self.tell(code.as_str().unwrap_or("failed"), 0, 0);
            }
        }
    }

    fn tell(&self, outcome: &str, rows: u64, repairs: usize) {
        let named = |name: &OnceLock<String>| name.get().cloned();
        tracing::info!(
            tool = named(&self.tool),
            module = named(&self.module),
            rows,
            ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            requests = self.requests.sent(),
            repairs,
            outcome,
            connection = named(&self.connection),
            write = named(&self.write),
            "call"
        );
    }
}

impl Drop for Logged {
    fn drop(&mut self) {
        if !self.has_ended {
            self.tell("cancelled", 0, 0);
        }
    }
}

fn short(name: &str) -> String {
    clean_line(clip(name, LONGEST))
}

/// Records in an answer: as many as it says, else as many as it holds.
fn rows(answer: &Answer) -> u64 {
    let said = answer.body.get("count").and_then(Value::as_u64);
    said.unwrap_or_else(|| match answer.body.get("data") {
        Some(Value::Array(items)) => items.len() as u64,
        Some(Value::Null) | None => 0,
        Some(_) => 1,
    })
}
