//! Colours and links of what is printed. What is painted has been written out before: no text of Zoho's reaches a terminal
//! that could command it.

use std::io::{self, IsTerminal as _};
use std::sync::OnceLock;

use clap::builder::styling::{AnsiColor, Style};

use crate::config::{Colour, may_colour, may_paint};

/// How a value is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Red,
    Yellow,
    Green,
    Quiet,
}

/// What `--color` says, from the moment it is known.
static SAID: OnceLock<Colour> = OnceLock::new();

/// Takes note of what `--color` says.
pub(super) fn choose(said: Option<Colour>) {
    let _ = said.map(|said| SAID.set(said));
}

fn colours(is_terminal: bool) -> bool {
    match SAID.get() {
        Some(Colour::Always) => true,
        Some(Colour::Never) => false,
        Some(Colour::Auto) | None => is_terminal && may_colour(),
    }
}

/// How a text may be painted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint {
    pub(super) colours: bool,
    pub(super) links: bool,
}

impl Paint {
    /// Not at all.
    pub(super) const NONE: Paint = Paint {
        colours: false,
        links: false,
    };

    /// As standard output takes it.
    pub(super) fn of_output() -> Self {
        let is_terminal = io::stdout().is_terminal();
        Paint {
            colours: colours(is_terminal),
            links: is_terminal && may_paint(),
        }
    }

    /// As standard error takes it.
    pub(super) fn of_errors() -> Self {
        let is_terminal = io::stderr().is_terminal();
        Paint {
            colours: colours(is_terminal),
            links: false,
        }
    }

    fn with(self, style: Style, text: &str) -> String {
        match self.colours && !text.is_empty() {
            true => format!("{}{text}{}", style.render(), style.render_reset()),
            false => text.to_owned(),
        }
    }

    /// What stands above others.
    pub(super) fn head(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    /// What is said beside the matter.
    pub(super) fn quiet(self, text: &str) -> String {
        self.with(Style::new().dimmed(), text)
    }

    /// A value by its mark.
    pub(super) fn marked(self, mark: Option<Mark>, text: &str) -> String {
        let colour = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
        match mark {
            None => text.to_owned(),
            Some(Mark::Red) => self.with(colour(AnsiColor::Red), text),
            Some(Mark::Yellow) => self.with(colour(AnsiColor::Yellow), text),
            Some(Mark::Green) => self.with(colour(AnsiColor::Green), text),
            Some(Mark::Quiet) => self.quiet(text),
        }
    }

    /// The text with the word it begins with as clap paints it, where that is what a refusal begins with.
    pub(super) fn refusal(self, text: &str) -> String {
        const WORD: &str = "error:";
        let red = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
        match text.strip_prefix(WORD) {
            Some(rest) => format!("{}{rest}", self.with(red, WORD)),
            None => text.to_owned(),
        }
    }

    /// A text that leads to an address, where the terminal shows such (OSC 8).
    pub(super) fn linked(self, address: Option<&str>, text: &str) -> String {
        match address {
            Some(address) if self.links && !text.is_empty() => {
                format!("\u{1b}]8;;{address}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
            }
            _ => text.to_owned(),
        }
    }

    /// The same of a text of several lines, each but for the blanks it begins with.
    pub(super) fn lines_linked(self, address: Option<&str>, text: &str) -> String {
        let one = |line: &str| {
            let words = line.trim_start();
            let blanks = line.strip_suffix(words).unwrap_or_default();
            format!("{blanks}{}", self.linked(address, words))
        };
        text.split('\n').map(one).collect::<Vec<_>>().join("\n")
    }
}
