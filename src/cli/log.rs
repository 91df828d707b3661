//! `zoho-mcp log`: what assistants did, a line a call, from the files of `--log-file`; what is missing there is said.

mod journal;
mod sheet;

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use journal::{Entry, Journal};
use serde_json::Value;

use super::{CommandResult, assemble, not_understood, pager, paint, terminal};
use crate::clock::Clock;
use crate::config::{self, Config, LogFormat, Settings, system_zone};
use crate::logging;
use crate::names::write_out;

/// Calls that a person looks at first.
const SCREEN: usize = 20;

/// What a file of the log may be called, for who has none.
const EXAMPLE: &str = "~/zoho-mcp.log";

/// Which calls, and how they are printed.
#[derive(Debug, Args)]
pub(super) struct LogArguments {
    /// Only calls that were refused, failed or were cancelled
    #[arg(long)]
    failed: bool,
    /// Only calls since a day (2026-11-29), a moment (2026-11-29T08:00:00Z), or so long ago (2h, 3d)
    #[arg(long, value_name = "WHEN", value_parser = When::read)]
    since: Option<When>,
    /// Only so many, the newest; default: 20 on a terminal, all in a pipe
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    tail: Option<u32>,
    /// How they are printed: table (for people: the default on a terminal), jsonl (an object a line: the default in a
    /// pipe) or json (one list)
    #[arg(long, value_enum, value_name = "FORM", hide_possible_values = true)]
    output: Option<Form>,
    /// The same as --output json
    #[arg(long, conflicts_with = "output")]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Table,
    Json,
    Jsonl,
}

impl LogArguments {
    fn form(&self) -> Form {
        match (self.output, self.json) {
            (Some(form), _) => form,
            (None, true) => Form::Json,
            (None, false) if terminal::is_terminal() => Form::Table,
            (None, false) => Form::Jsonl,
        }
    }

    fn most(&self) -> Option<usize> {
        let usual = terminal::is_terminal().then_some(SCREEN);
        self.tail.map_or(usual, |most| usize::try_from(most).ok())
    }
}

/// A moment as people say it.
#[derive(Debug, Clone, Copy)]
enum When {
    At(Timestamp),
    Local(DateTime),
    Ago(Span),
}

impl When {
    fn read(said: &str) -> Result<Self, &'static str> {
        let at = said.parse().map(When::At);
        let local = |_| said.parse().map(When::Local);
        let ago = |_| said.parse().map(When::Ago);
        match at.or_else(local).or_else(ago) {
            Ok(When::Ago(span)) if !span.is_positive() => Err("expected a time that has passed, like 2h"),
            Ok(when) => Ok(when),
            Err(_) => Err("expected a day (2026-11-29), a moment (2026-11-29T08:00:00Z), or 2h, 30m, 3d"),
        }
    }

    fn moment(self, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, jiff::Error> {
        Ok(match self {
            When::At(moment) => moment,
            When::Local(moment) => moment.to_zoned_datetime(zone.clone())?.timestamp(),
            When::Ago(span) => now.to_zoned_datetime(zone.clone()).checked_sub(span)?.timestamp(),
        })
    }
}

/// Prints the calls; fails with 1 where none are kept or a file cannot be read.
pub(super) fn run(arguments: &LogArguments, flags: &Settings, clock: &Clock) -> CommandResult {
    let config = match Config::load(flags.clone()) {
        Ok(config) => config,
        Err(error) => return Ok(not_understood(&error)),
    };
    paint::choose(config.said.color);
    terminal::warn(config::unknown_variables().into_iter().chain(config.left_out()));
    let is_kept = match logging::tells_calls(config.said.log_level.as_deref()) {
        Ok(is_kept) => is_kept,
        Err(error) => {
            return Ok(not_understood(&format!(
                "{}: {error}",
                config.origin("log_level")
            )));
        }
    };
    let Some(file) = config.said.log_file.as_deref() else {
        return Err(no_file().into());
    };
    let zone = assemble::zone(&config)?.unwrap_or_else(system_zone);
    let present = || Timestamp::from_second(clock.now()).unwrap_or_default();
    let now = config.now.unwrap_or_else(present);
    let since = arguments.since.map(|when| when.moment(now, &zone)).transpose()?;
    let journal = Journal::read(file)?;
    for sentence in &journal.unread {
        terminal::tell(&format!("note: {sentence}"));
    }
    let reader = is_text(&config).filter(|_| !journal.unread.is_empty());
    let quiet = (!is_kept).then(|| below_info(&config));
    for sentence in reader.into_iter().chain(quiet) {
        terminal::tell(&format!("note: {sentence}"));
    }
    let all = journal::calls(&journal.entries);
    let wanted = |entry: &Entry| {
        let is_old = since.is_some_and(|since| entry.when < since);
        !(is_old || arguments.failed && entry.is_well())
    };
    let found: Vec<Entry> = journal.entries.into_iter().filter(wanted).collect();
    let matching = journal::calls(&found);
    let shown = journal::newest(found, arguments.most());
    if shown.is_empty() {
        terminal::tell(&match all {
            0 => format!("No call is in the log {}.", file.display()),
            all => format!("None of the {all} calls in the log is one of those."),
        });
    }
    print(&shown, arguments.form(), &zone, &config, matching);
    Ok(match journal.failed || all == 0 && !is_kept {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

/// Prints the calls, of which there are `matching` in all.
fn print(shown: &[Entry], form: Form, zone: &TimeZone, config: &Config, matching: usize) {
    match form {
        Form::Table if shown.is_empty() => {}
        Form::Table => {
            let page = sheet::page(shown, zone, matching);
            pager::print(&page, config.said.no_pager != Some(true));
        }
        Form::Json => {
            let rows: Vec<Value> = shown.iter().map(Entry::as_json).collect();
            terminal::print(&Value::Array(rows).to_string());
        }
        Form::Jsonl => {
            let mut lines = shown.iter().map(|entry| entry.as_json().to_string());
            // A reader that has gone wants no more.
            let _ = lines.all(|line| terminal::print_line(&write_out(&line)));
        }
    }
}

/// Nobody has said where the log is, so that there is none.
fn no_file() -> String {
    format!(
        "no log file is named: nothing is kept of what assistants do. The next command has it kept from their next start on; so \
         has a flag for one of them:\n\
         example: zoho-mcp install claude-desktop --log-file {EXAMPLE}\n\
         next:  zoho-mcp config set log-file {EXAMPLE}"
    )
}

/// Why calls are no lines of the log, and what makes them some.
fn below_info(config: &Config) -> String {
    format!(
        "calls are not kept at this level: {} is `{}`, and it takes `info`; without it, --log-file has them kept\n\
         example: zoho-mcp install claude-desktop --log-level info --log-file {EXAMPLE}",
        config.origin("log_level"),
        config.said.log_level.as_deref().unwrap_or_default(),
    )
}

/// Why lines may not be readable.
fn is_text(config: &Config) -> Option<String> {
    let is_text = config.said.log_format == Some(LogFormat::Text);
    let said = config.origin("log_format");
    is_text
        .then(|| format!("{said} is `text`, which is for people alone: calls are read from lines of `json`"))
}
