//! What a person types, command by command, and what for.

/// The path of a command below `zoho-mcp`, a line to type, and what it does.
const EXAMPLES: &[(&str, &str, &str)] = &[
    ("", "zoho-mcp demo", "see it work, no account"),
    ("", "zoho-mcp connect", "connect your Zoho account"),
    (
        "",
        "zoho-mcp call get_records module=Cases limit=5",
        "the five newest cases",
    ),
    ("", "zoho-mcp doctor", "what does not work, and why"),
    ("", "zoho-mcp --sandbox", "serve MCP against a sandbox"),
    ("stdio", "zoho-mcp stdio", "what an assistant starts"),
    (
        "stdio",
        "zoho-mcp stdio --read-only --toolsets cases",
        "with tools that read cases alone",
    ),
    (
        "call",
        "zoho-mcp call get_records module=Cases filters.status=Open limit=5",
        "arguments as pairs",
    ),
    (
        "call",
        "zoho-mcp call get_records '{\"module\":\"Cases\",\"limit\":5}'",
        "the same way as a model",
    ),
    ("call", "zoho-mcp call get_records --help", "what a tool takes"),
    (
        "call",
        "zoho-mcp call get_records module=Leads --output csv",
        "for a spreadsheet",
    ),
    (
        "call",
        "zoho-mcp --sandbox call count_records module=Cases",
        "without an account",
    ),
    (
        "call",
        "zoho-mcp call update_cases ticket_numbers='[\"101\"]' status=Closed",
        "shows the change and asks",
    ),
    (
        "approve",
        "zoho-mcp approve",
        "what assistants ask for, one by one",
    ),
    ("approve", "zoho-mcp approve --json", "what waits, for programs"),
    ("connect", "zoho-mcp connect", "in the browser"),
    (
        "connect",
        "zoho-mcp connect --name work --dc eu",
        "a second account, in Europe",
    ),
    (
        "connect",
        "zoho-mcp connect --device",
        "by a code, without a browser here",
    ),
    (
        "connect",
        "zoho-mcp connect --no-browser",
        "over SSH: paste where the browser ends",
    ),
    (
        "connect",
        "zoho-mcp connect --scopes",
        "what a Self Client is to be allowed",
    ),
    ("install", "zoho-mcp install", "which assistants are here"),
    (
        "install",
        "zoho-mcp install claude-desktop",
        "shows the change, asks, keeps a backup",
    ),
    (
        "install",
        "zoho-mcp install cursor vscode --files ~/zoho",
        "options go to the server, too",
    ),
    (
        "install",
        "zoho-mcp install codex --print",
        "the block, to paste it",
    ),
    ("logout", "zoho-mcp logout work", "end the connection `work`"),
    ("status", "zoho-mcp status", "who is connected, and with what"),
    ("connections", "zoho-mcp connections", "the connections there are"),
    (
        "connections",
        "zoho-mcp connections use work",
        "choose the one calls use",
    ),
    (
        "connections list",
        "zoho-mcp connections list --json",
        "for a program",
    ),
    (
        "connections show",
        "zoho-mcp connections show work",
        "one, with its scopes",
    ),
    (
        "connections use",
        "zoho-mcp connections use work",
        "calls that name none use `work`",
    ),
    (
        "connections set-org",
        "zoho-mcp connections set-org work 7048213351",
        "by its id",
    ),
    (
        "connections set-org",
        "zoho-mcp connections set-org work",
        "by a list to choose from",
    ),
    (
        "connections rename",
        "zoho-mcp connections rename default work",
        "`default` is called `work` now",
    ),
    (
        "connections remove",
        "zoho-mcp connections remove work --yes",
        "without a question",
    ),
    (
        "connections import",
        "zoho-mcp connections import sqlite:/srv/old.db",
        "from another database",
    ),
    (
        "connections rekey",
        "zoho-mcp connections rekey",
        "a new key of chance",
    ),
    (
        "connections rekey",
        "zoho-mcp --keyring connections rekey",
        "into the keyring",
    ),
    ("doctor", "zoho-mcp doctor", "check everything"),
    ("doctor", "zoho-mcp doctor --offline", "this machine alone"),
    ("log", "zoho-mcp log", "the last calls"),
    (
        "log",
        "zoho-mcp log --failed --since 2h",
        "what went wrong lately",
    ),
    (
        "log",
        "zoho-mcp log --since 2026-11-29 --output json",
        "a day and on, for a program",
    ),
    (
        "log",
        "zoho-mcp install claude-desktop --log-file ~/zoho-mcp.log",
        "has an assistant's calls kept",
    ),
    ("log", "zoho-mcp log --log-file ~/zoho-mcp.log", "shows them"),
    ("tools", "zoho-mcp tools", "what is offered"),
    (
        "tools",
        "zoho-mcp --toolsets cases tools",
        "what that choice offers",
    ),
    ("repair", "zoho-mcp repair --stats", "what models get wrong"),
    ("config", "zoho-mcp config show", "what holds, and who said it"),
    ("config show", "zoho-mcp config show --json", "for a program"),
    (
        "config path",
        "zoho-mcp config path",
        "where the file of settings is",
    ),
    (
        "config set",
        "zoho-mcp config set user anna",
        "whose connections every server uses",
    ),
    (
        "config set",
        "zoho-mcp config set toolsets records,cases",
        "several, with commas",
    ),
    ("config edit", "zoho-mcp config edit", "in VISUAL or EDITOR"),
    (
        "completions",
        "eval \"$(zoho-mcp completions bash)\"",
        "bash, in ~/.bashrc",
    ),
    (
        "completions",
        "zoho-mcp completions zsh > ~/.zfunc/_zoho-mcp",
        "zsh, where fpath holds ~/.zfunc",
    ),
    (
        "completions",
        "zoho-mcp completions fish > ~/.config/fish/completions/zoho-mcp.fish",
        "fish",
    ),
    (
        "completions",
        "zoho-mcp completions powershell >> $PROFILE",
        "PowerShell",
    ),
    (
        "sandbox",
        "zoho-mcp sandbox --listen 127.0.0.1:8977",
        "at an address that stays",
    ),
    (
        "sandbox",
        "zoho-mcp sandbox --seed 7 --tickets 50",
        "other data, and less of it",
    ),
    ("demo", "zoho-mcp demo", "the main job from end to end"),
    ("man", "zoho-mcp man > zoho-mcp.1", "the page of the program"),
    (
        "man",
        "zoho-mcp man .",
        "a page for every command, into this folder",
    ),
];

/// A line that is longer is a narrow screen's to break.
const LONGEST: usize = 78;
/// The longest line that others are put in line with.
const BESIDE: usize = 52;

/// The examples of a command; nothing for one that has none.
pub(super) fn of(path: &str) -> String {
    let rows: Vec<(&str, &str)> = EXAMPLES
        .iter()
        .filter(|(of, _, _)| *of == path)
        .map(|(_, line, about)| (*line, *about))
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let lengths = rows.iter().map(|(line, _)| line.len());
    let width = lengths.filter(|length| *length <= BESIDE).max();
    let width = width.unwrap_or_default();
    let shown = |(line, about): &(&str, &str)| {
        let beside = format!("  {line:width$}  {about}");
        match beside.len() > LONGEST {
            true => format!("  {line}\n      {about}"),
            false => beside,
        }
    };
    let lines: Vec<String> = rows.iter().map(shown).collect();
    format!("Examples:\n{}", lines.join("\n"))
}
