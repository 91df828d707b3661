//! How a command prints what it found: as a page for people, or as JSON for programs.

use clap::{Args, ValueEnum};

use super::terminal;

/// The form somebody asked for.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(super) struct Printed {
    /// How it is printed: table (for people: the default on a terminal) or json (the default in a pipe)
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "FORM",
        hide_possible_values = true
    )]
    output: Option<Form>,
    /// The same as --output json
    #[arg(long, global = true, conflicts_with = "output")]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Table,
    Json,
}

impl Printed {
    /// Whether programs read it.
    pub(super) fn is_json(self) -> bool {
        match (self.output, self.json) {
            (Some(form), _) => form == Form::Json,
            (None, true) => true,
            (None, false) => !terminal::is_terminal(),
        }
    }
}
