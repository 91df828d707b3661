//! Colours and links of a page. What is painted has been written out before: no text of Zoho's reaches a terminal that could
//! command it.

use clap::builder::styling::{AnsiColor, Style};

use super::known::Mark;

/// How a page may be painted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint {
    pub(super) colours: bool,
    pub(super) links: bool,
}

impl Paint {
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

    /// A text that leads to an address, where the terminal shows such (OSC 8).
    pub(super) fn linked(self, address: Option<&str>, text: &str) -> String {
        match address {
            Some(address) if self.links && !text.is_empty() => {
                format!("\u{1b}]8;;{address}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\")
            }
            _ => text.to_owned(),
        }
    }
}
