//! `zoho-mcp demo`: the main job from end to end, against a sandbox, as a person's assistant would do it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use rmcp::model::{
    CallToolRequestParams, CallToolResult, ClientCapabilities, ClientConfig, Implementation,
    ProgressNotificationParam,
};
use rmcp::service::{NotificationContext, RunningService};
use rmcp::transport::TokioChildProcess;
use rmcp::{ClientHandler, RoleClient, ServiceExt as _};
use serde_json::{Map, Value, json};
use tokio::process::Command;

use super::page::{self, Look};
use super::{CommandResult, Failure, assemble, local_sandbox, sandbox_consent, terminal, text};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::sandbox;
use crate::tools::mending::{Wording, leave_out_choice};

type Client = RunningService<RoleClient, Assistant>;

/// What the demo shows of a case first, and then.
const FACTS: [&str; 2] = ["case", "link"];
const MESSAGES: [&str; 1] = ["conversation"];
const FIELDS: [&str; 9] = [
    "ticketNumber",
    "subject",
    "status",
    "priority",
    "contact",
    "assignee",
    "department",
    "createdTime",
    "dueDate",
];

/// The user the demo connects.
const USER: &str = "demo";

/// Runs the demo; fails when any step does.
pub(super) async fn run(config: &Config, clock: &Clock) -> CommandResult {
    let look = Look::new(assemble::zone(config)?, clock);
    heading("1. A local Zoho");
    let options = sandbox::Options {
        now: config.now,
        ..Default::default()
    };
    let zoho = sandbox::start(options)?;
    terminal::print(&format!(
        "The sandbox listens on {}: accounts server, Desk and CRM.",
        zoho.url
    ));

    heading("2. Connect, by OAuth");
    let home = local_sandbox::private_folder()?;
    let file = home.path().join("demo.db");
    let mut config = config.clone();
    local_sandbox::throw_away(&mut config, &file)?;
    let connection = sandbox_consent::connect_to_sandbox(&config, clock, &zoho.url, USER, None).await?;
    let row = connection.id;
    say(
        "",
        &format!(
            "Consent given, code exchanged; row {row} of zoho_connections holds the sealed tokens of {USER}."
        ),
    );

    heading("3. Start zoho-mcp and speak MCP to it over stdio");
    let client = start(&file, &zoho.url, config.now).await?;
    let tools = client.list_all_tools().await?;
    let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_ref()).collect();
    say("Tools: ", &names.join(", "));

    heading("4. get_all_organizations");
    let organizations = ask(&client, "get_all_organizations", json!({})).await?;
    terminal::print_line(&page::of(&organizations, &look));

    heading("5. get_records, module Cases, with arguments as models really send them");
    let malformed = json!({
        "Module": "cases",
        "filters": "{\"status\": \"Open\"}",
        "include": "contacts,assignee",
        "limit": "3",
        "cursor": null
    });
    say("sent: ", &malformed);
    let cases = ask(&client, "get_records", malformed).await?;
    let numbers = check(&cases)?;
    terminal::print_line(&page::of(&cases, &look));

    show_refusal(&client, &look).await?;
    show_case(&client, &numbers, &look).await?;
    client.cancel().await?;

    heading("Next: your own account, and your assistant");
    let wording = Wording::default().started_by(config::path_unless_found());
    let commands = NEXT.map(|(words, about)| (wording.plain(words), about));
    let width = commands.iter().map(|(command, _)| command.len()).max();
    for (command, about) in &commands {
        terminal::print(&format!(
            "  {command:width$}  {about}",
            width = width.unwrap_or_default()
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// What a person does after the demo.
const NEXT: [(&str, &str); 3] = [
    ("connect", "connects your Zoho account"),
    ("install", "puts the server into your assistants"),
    ("--sandbox", "the same server for agents without an account"),
];

fn key_of(database: &Path) -> PathBuf {
    database.with_extension("key")
}

async fn show_refusal(client: &Client, look: &Look) -> Result<(), Failure> {
    heading("6. A call that cannot be repaired is refused, and the refusal teaches");
    let wrong = json!({ "module": "Cases", "limit": "many", "sort_order": "sideways" });
    say("sent: ", &wrong);
    let refusal = refusal(client, "get_records", wrong).await?;
    terminal::print(&page::of_failure(
        "get_records",
        &refusal,
        look,
        &Wording::default(),
        &|_| false,
    ));
    Ok(())
}

/// The case among them whose messages a screen holds soonest.
async fn show_case(client: &Client, numbers: &[String], look: &Look) -> Result<(), Failure> {
    heading("7. One case in full: get_ticket_context");
    let mut shown: Option<(String, String)> = None;
    for number in numbers {
        let case = ask(client, "get_ticket_context", json!({ "ticket_number": number })).await?;
        let [facts, messages] = [&FACTS[..], &MESSAGES].map(|parts| page::of(&part(&case, parts), look));
        let lines = |page: &str| page.lines().count();
        if shown
            .as_ref()
            .is_none_or(|(_, known)| lines(&messages) < lines(known))
        {
            shown = Some((facts, messages));
        }
    }
    let (facts, messages) = shown.ok_or("no case has come back")?;
    terminal::print_line(&facts);
    heading("8. The messages of that case, in the same answer");
    terminal::print_line(&messages);
    terminal::print("(The answer has more: every field, files, history, metrics.)");
    Ok(())
}

/// These parts of an answer about a case, and of them what has room on a screen.
fn part(answer: &Map<String, Value>, parts: &[&str]) -> Map<String, Value> {
    let mut data = answer
        .get("data")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    data.retain(|key, _| parts.contains(&key.as_str()));
    let case = data.get_mut("case").and_then(Value::as_object_mut);
    case.into_iter()
        .for_each(|case| case.retain(|key, _| FIELDS.contains(&key.as_str())));
    let messages = data.get_mut("conversation").and_then(Value::as_array_mut);
    for message in messages.into_iter().flatten().filter_map(Value::as_object_mut) {
        message.retain(|key, _| key != "files");
    }
    Map::from_iter([("data".to_owned(), Value::Object(data))])
}

/// The server needs nothing of this process's configuration, and no secret that lies in its environment.
async fn start(database: &Path, sandbox_url: &str, now: Option<Timestamp>) -> Result<Client, Failure> {
    let mut command = Command::from(assemble::itself()?);
    command.args(["--database-url", &format!("sqlite:{}", database.display())]);
    command.arg("--key-file").arg(key_of(database));
    command.args(["--sandbox-url", sandbox_url, "--user", USER]);
    if let Some(now) = now {
        command.args(["--now", &now.to_string()]);
    }
    command.arg("stdio");
    Ok(Assistant::default()
        .serve(TokioChildProcess::new(command)?)
        .await?)
}

async fn send(client: &Client, tool: &'static str, arguments: Value) -> Result<CallToolResult, Failure> {
    let arguments = arguments.as_object().cloned().unwrap_or_default();
    let call = CallToolRequestParams::new(tool).with_arguments(arguments);
    Ok(client.call_tool(call).await?)
}

fn text_of(answer: &CallToolResult) -> String {
    let text = answer.content.iter().find_map(|block| block.as_text());
    text.map(|text| text.text.clone()).unwrap_or_default()
}

/// What the server says to a call that it refuses.
async fn refusal(client: &Client, tool: &'static str, arguments: Value) -> Result<Value, Failure> {
    let answer = send(client, tool, arguments).await?;
    match answer.is_error {
        Some(true) => Ok(serde_json::from_str(&text_of(&answer))?),
        _ => Err(format!("{tool} took what is no call").into()),
    }
}

async fn ask(client: &Client, tool: &'static str, arguments: Value) -> Result<Map<String, Value>, Failure> {
    let answer = send(client, tool, arguments).await?;
    if answer.is_error == Some(true) {
        return Err(format!("{tool}: {}", text_of(&answer)).into());
    }
    match answer.structured_content {
        Some(Value::Object(mut body)) => {
            let notes = body.get_mut("notes").and_then(Value::as_array_mut);
            for note in notes.into_iter().flatten() {
                // The database it is about ends with the demo.
                if let Some(text) = note.as_str() {
                    *note = Value::from(leave_out_choice(text));
                }
            }
            Ok(body)
        }
        _ => Err(format!("{tool} gave no structured answer").into()),
    }
}

/// The demo shows what it claims, or fails; the numbers of the cases.
fn check(cases: &Map<String, Value>) -> Result<Vec<String>, Failure> {
    let rows = cases
        .get("data")
        .and_then(Value::as_array)
        .ok_or("no cases came back")?;
    let repairs = cases.get("repairs").and_then(Value::as_array).map_or(0, Vec::len);
    let linked = rows
        .iter()
        .filter(|row| row.get("link").and_then(Value::as_str).is_some())
        .count();
    if rows.len() != 3 || linked != rows.len() {
        return Err(format!("expected 3 linked cases, got {} with {linked} links", rows.len()).into());
    }
    if repairs < 5 {
        return Err(format!("expected at least 5 repairs, got {repairs}").into());
    }
    let numbers = rows.iter().filter_map(|row| row.get("ticketNumber")?.as_str());
    Ok(numbers.map(str::to_owned).collect())
}

/// A long line for people.
fn say(name: &str, what: &dyn std::fmt::Display) {
    let spaced = what.to_string().replace(",\"", ", \"");
    let words = text::hanging(&spaced, name.len(), terminal::columns());
    terminal::print(&format!("{name}{words}"));
}

fn heading(text: &str) {
    terminal::print(&format!("\n{text}"));
}

/// The client's side: prints the server's status lines, of calls that follow each other to the same tool one.
#[derive(Clone, Default)]
struct Assistant {
    last: Arc<Mutex<String>>,
}

impl ClientHandler for Assistant {
    fn get_info(&self) -> ClientConfig {
        ClientConfig::new(
            ClientCapabilities::default(),
            Implementation::new("zoho-mcp demo", env!("CARGO_PKG_VERSION")),
        )
    }

    async fn on_progress(
        &self,
        progress: ProgressNotificationParam,
        _context: NotificationContext<RoleClient>,
    ) {
        let message = progress.message.unwrap_or_default();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if *last != message {
            terminal::print(&message);
            *last = message;
        }
    }
}
