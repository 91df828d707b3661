//! The tools: what the server offers, and the story of one call.

pub mod advice;
pub mod catalog;
mod cleaning;
pub mod completion;
pub mod consent;
pub mod counts;
pub mod definition;
pub mod digest;
pub mod doctor;
pub mod embedded;
mod equipment;
pub mod error;
pub mod files;
pub mod handlers;
mod invocation;
mod labels;
pub mod landing;
mod logged;
pub mod mending;
pub mod modules;
pub mod output;
pub mod panics;
mod person;
pub mod policy;
pub mod prompts;
mod question;
pub mod reading;
pub mod request;
pub mod resolving;
pub mod resources;
pub mod scopes;
pub mod settings;
mod shown;
mod under_way;
mod unread;
pub mod writing;
pub mod zone;

use std::collections::HashMap;
use std::sync::Arc;

use advice::Attempts;
use catalog::{Catalog, CatalogError};
use completion::Suggestions;
use consent::{Consents, DEFAULT_NAME};
use counts::RepairCounts;
use definition::ToolDefinition;
use doctor::Examination;
pub use equipment::{BULK_LIMIT, CONSENT_HOLD, Equipment};
use error::{Code, ToolError};
use handlers::{Context, HANDLERS, Handler};
pub use invocation::{Invocation, Principal};
use logged::Logged;
pub use output::Answer;
use output::fence;
pub use person::{Person, Telling};
use prompts::Suggested;
pub use question::{Carried, Coming, Question, Reply, Unanswered, is_agreed};
use resolving::{Fields, misplaced, references};
use serde_json::{Map, Value};
pub use shown::Shown;
use unread::Unread;
pub use writing::{Acts, WaitingAct};

use crate::connections::{Caller, Connection, Product};
use crate::names::{clean_line, clip};
use crate::repair::{self, Arguments, NameMatch, Repair, ValidArguments};

/// How often a read is begun at most: where its connection is moved on meanwhile, what it looked up means nothing there.
const MOST_BEGUN: usize = 3;

/// The tools on offer, and what they are carried out with.
pub struct Tools {
    equipment: Arc<Equipment>,
    consents: Arc<Consents>,
    counts: Arc<RepairCounts>,
    handlers: &'static [Handler],
}

/// One call as it came in.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The tool's name as the caller wrote it.
    pub name: &'a str,
    /// The arguments as the caller wrote them.
    pub arguments: Arguments<'a>,
    /// What it brings back of an earlier call that ended in a question.
    pub carried: Option<Carried<'a>>,
}

impl Tools {
    /// The tools of this equipment, carried out by the handlers their files name.
    pub fn new(equipment: Equipment) -> Self {
        Tools::with_handlers(HANDLERS, equipment)
    }

    /// The tools of this equipment, carried out by other handlers.
    pub fn with_handlers(handlers: &'static [Handler], equipment: Equipment) -> Self {
        let equipment = Arc::new(equipment);
        Tools {
            consents: Arc::new(Consents::new(Arc::clone(&equipment))),
            equipment,
            counts: Arc::default(),
            handlers,
        }
    }

    /// Carries out one call: finds the tool, repairs and validates the arguments, and only then asks the database
    /// and Zoho; the answer tells every repair. A panic on the way is a failure of this call alone.
    ///
    /// # Errors
    /// [`Unanswered`]: what the caller, the user or time can mend.
    pub async fn execute_tool_with_repair(
        &self,
        call: Call<'_>,
        principal: &Principal,
        person: &dyn Person,
    ) -> Result<Answer, Unanswered> {
        // In a box: the SDK moves the futures of its handlers about by value, even before the first request.
        let logged = Logged::begin();
        let story = logged
            .requests
            .count(self.story(call, principal, person, &logged));
        let told = panics::catch(Box::pin(story)).await;
        let told = told.unwrap_or_else(|panicked| Err(ToolError::internal(&panicked).into()));
        logged.end(&told);
        told
    }

    async fn story(
        &self,
        call: Call<'_>,
        principal: &Principal,
        person: &dyn Person,
        logged: &Logged,
    ) -> Result<Answer, Unanswered> {
        let (tool, renamed) = self.find(call.name)?;
        logged.names_tool(tool.name());
        if let Some(module) = tool.module() {
            logged.names_module(module);
        }
        self.equipment.zoho.keep_sandbox_time().await;
        let (of_act, of_consent) = match call.carried {
            Some(carried) if writing::is_of_an_act(carried.state) => (Some(carried), None),
            carried => (None, carried),
        };
        let turn = self.consents.turn(principal, of_consent, person, logged.begun());
        let mut turn = turn.await?;
        let mut arguments = match repair::accept(tool.schema(), call.arguments, self.today()) {
            Ok(arguments) => arguments,
            Err(mut invalid) => {
                logged.names_module_of(call.arguments);
                misplaced::suggest(tool, &mut invalid);
                let named = invalid.example.as_ref().and_then(|call| call.get("connection"));
                let invocation = Invocation::new(&self.equipment, principal, named, person);
                return Err(references::suggest(&invocation, invalid.clone()).await.into());
            }
        };
        if tool.is_read_only() {
            request::refuse_controls(arguments.arguments())?;
        }
        if let Ok(subject) = request::subject(&arguments) {
            logged.names_module(&subject.module.name);
        }
        let repairs = arguments.take_repairs();
        let unfenced = fence::take_off(arguments.settle());
        let first: Vec<Repair> = renamed.into_iter().chain(repairs).chain(unfenced).collect();
        person
            .hear(arguments.get("connection").and_then(Value::as_str))
            .await;
        person.say(format!("Calling Zoho tool: {}...", tool.name())).await;
        let mut begun = 1;
        let answer = loop {
            let named = arguments.get("connection");
            let invocation = Invocation::new(&self.equipment, principal, named, person).carrying(of_act);
            let outcome = self.carry_out(&invocation, tool, arguments.clone()).await;
            logged.names_connection(invocation.connection_used());
            if tool.is_read_only() && invocation.was_moved() && begun < MOST_BEGUN {
                begun += 1;
                continue;
            }
            match outcome {
                Ok(answer) => break invocation.mask_secrets(answer.finish(first.into_iter())),
                Err(error) => {
                    if let Some((question, state)) = invocation.take_open() {
                        return Err(Unanswered::Ask(question, state));
                    }
                    let used = invocation.connection_used().filter(|name| *name != DEFAULT_NAME);
                    let meant = invocation.connection_name().or(used);
                    let error = error.put_into_words(&self.equipment.wording, meant);
                    self.consents.mend(&mut turn, &invocation, error).await?;
                }
            }
        };
        self.counts
            .add(tool.name(), &answer.repairs, &self.equipment.ledger);
        Ok(answer)
    }

    /// The part of the story that asks the database and Zoho, about one connection and organization.
    async fn carry_out(
        &self,
        invocation: &Invocation<'_>,
        tool: &ToolDefinition,
        mut arguments: ValidArguments,
    ) -> Result<Answer, ToolError> {
        let settled = resolving::settle(invocation, tool, &mut arguments).await?;
        let Fields { repairs, odd } = settled.fields;
        let mut attempts = Attempts::new(tool.access(), arguments, repairs, odd);
        let mut answer = loop {
            let context = Context {
                invocation,
                tool: tool.name(),
                arguments: attempts.arguments(),
                zone: &settled.zone,
                done: &[],
            };
            let outcome = handlers::run(self.handlers, context, tool).await;
            if let Some(end) = attempts.after(invocation, outcome).await {
                break end.map_err(|error| beside(error, invocation.unread()))?;
            }
        };
        let wording = &invocation.equipment().wording;
        let notes = answer.notes.iter().map(|note| wording.put_note(note));
        answer.notes = invocation.unread().join(notes.chain(settled.notes).collect());
        answer.notes.dedup();
        answer.repairs.splice(0..0, settled.repairs);
        if settled.goes_by_now || answer.goes_by_now() {
            answer = answer.held_at(invocation.now());
        }
        Ok(answer)
    }

    /// What it takes to examine a caller's connections, or everybody's.
    pub fn examination<'a>(&'a self, whose: Option<&'a Caller>) -> Examination<'a> {
        Examination::new(&self.equipment, whose)
    }

    /// The connection that a call of this principal takes when it names none, and how many there are.
    pub async fn connection_taken(&self, principal: &Principal) -> Option<(Connection, usize)> {
        let connections = &self.equipment.connections;
        let (caller, named) = (&principal.caller, principal.connection.as_deref());
        let taken = connections.find(caller, named).await.ok()?;
        let all = connections.list(caller).await.ok()?;
        let near = all.iter().filter(|entry| entry.is_near).count();
        Some((taken, near))
    }

    /// What Zoho calls the fields of this answer to a call of this principal, by API names, where that is another word; `named` is
    /// the connection that the call named.
    pub async fn labels(
        &self,
        principal: &Principal,
        named: Option<&Value>,
        person: &dyn Person,
        body: &Map<String, Value>,
    ) -> HashMap<String, String> {
        let invocation = Invocation::new(&self.equipment, principal, named, person);
        labels::of(&invocation, body).await
    }

    /// What a value of this kind may be that begins as typed: nothing where that cannot be known, and nobody is asked or told.
    pub async fn suggest(
        &self,
        (what, product): (Suggested, Option<Product>),
        typed: &str,
        principal: &Principal,
        person: &dyn Person,
    ) -> Suggestions {
        self.equipment.zoho.keep_sandbox_time().await;
        let invocation = Invocation::new(&self.equipment, principal, None, person);
        let suggested = completion::suggest(&invocation, what, product, typed);
        match panics::catch(Box::pin(suggested)).await {
            Ok(Ok(suggestions)) => suggestions,
            Ok(Err(_)) | Err(_) => Suggestions::default(),
        }
    }

    /// The acts that wait until this caller agrees to them.
    pub fn acts<'a>(&'a self, caller: &'a Caller) -> Acts<'a> {
        Acts::new(&self.equipment.ledger, caller)
    }

    /// Whether nothing is on its way that [`Tools::settle`] waits for.
    pub fn is_settled(&self) -> bool {
        self.equipment.zoho.is_settled()
    }

    /// Whether something is on its way that changes what Zoho holds: what came of it would never be known.
    pub fn is_changing(&self) -> bool {
        self.equipment.zoho.is_changing()
    }

    /// Lets what is on its way into a row, or changes something at Zoho, end: for the end of a process.
    pub async fn settle(&self) {
        self.equipment.zoho.settle().await;
    }

    /// Writes what was counted and is not written yet: for the end of a process.
    pub async fn flush_counts(&self) {
        self.counts.flush(&self.equipment.ledger).await;
    }

    /// The tools offered.
    ///
    /// # Errors
    /// A broken tool file, or an unknown name in the operator's selection.
    pub fn catalog(&self) -> Result<&Catalog, CatalogError> {
        self.equipment.catalog()
    }

    fn find(&self, name: &str) -> Result<(&ToolDefinition, Option<Repair>), Unanswered> {
        let catalog = self.catalog().map_err(|error| ToolError::internal(&error))?;
        if let Some(tool) = catalog.get(name) {
            return Ok((tool, None));
        }
        if let Some(least) = catalog.forbidden(name) {
            return Err(ToolError::forbidden(name, catalog.policy(), least)
                .put_into_words(&self.equipment.wording, None)
                .into());
        }
        if let Some(hint) = catalog.why_missing(name) {
            let name = clean_line(clip(name, 100));
            return Err(Unanswered::UnknownTool { name, hint });
        }
        let names = catalog.names();
        match repair::resolve_name(name, &names) {
            NameMatch::Exact(known) => Ok((
                catalog.get(known).ok_or_else(|| unknown(name, &names, None))?,
                None,
            )),
            NameMatch::Repaired { name: known, rule } => {
                let tool = catalog.get(known).ok_or_else(|| unknown(name, &names, None))?;
                Ok((
                    tool,
                    Some(Repair {
                        path: "/name".to_owned(),
                        rule,
                        from: clip(name, 100),
                        to: known.to_owned(),
                    }),
                ))
            }
            NameMatch::Unknown { nearest } => {
                let writes = catalog.only_reads() && repair::asks_to_write(name);
                Err(unknown(name, &nearest, writes.then_some(ONLY_READS)))
            }
        }
    }

    fn today(&self) -> jiff::civil::Date {
        let now =
            jiff::Timestamp::from_second(self.equipment.clock.now()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        now.to_zoned_datetime(self.equipment.zones.or_utc()).date()
    }
}

/// Told where a tool is called that would write.
const ONLY_READS: &str =
    "No tool of this server changes or sends anything in Zoho: say what a person has to do there.";

/// What was refused and could not be looked up before: why not is told with it.
fn beside(mut error: ToolError, unread: &Unread) -> ToolError {
    let told = unread.join(Vec::new()).join(" ");
    if matches!(error.code, Code::InvalidArguments | Code::Rejected) && !told.is_empty() {
        error.error = format!("{} {told}", error.error);
    }
    error
}

/// Where a client of MCP finds the names of tools.
pub const LIST: &str = "tools/list has the names.";

fn unknown(name: &str, nearest: &[&str], why: Option<&str>) -> Unanswered {
    let names = match nearest {
        [] => LIST.to_owned(),
        nearest => format!("Nearest: {}.", nearest.join(", ")),
    };
    let hint = why.map_or_else(|| names.clone(), |why| format!("{why} {names}"));
    Unanswered::UnknownTool {
        name: clean_line(clip(name, 100)),
        hint,
    }
}
