//! How words look, as far as their looks can say something, and the marks that stand for it.

use std::borrow::Cow;

use super::hues::Hue;
use crate::tools::output::marks;

/// The looks of words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) struck: bool,
    pub(super) underlined: bool,
    pub(super) bold: bool,
    pub(super) italic: bool,
    pub(super) letters: Option<Hue>,
    pub(super) ground: Option<Hue>,
    /// The ground is that of words and of no box.
    pub(super) is_highlighted: bool,
    /// They stand in a heading, which is set apart already.
    pub(super) is_heading: bool,
}

/// A mark around words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrap {
    /// The colours of the letters and of what is behind them.
    Tint(Option<Hue>, Option<Hue>),
    Struck,
    Underlined,
    Bold,
    Italic,
}

impl Look {
    /// The marks of it, the outermost first.
    pub(super) fn wraps(self) -> Vec<Wrap> {
        let is_tinted = self.letters.is_some() || self.ground.is_some();
        let all = [
            (is_tinted, Wrap::Tint(self.letters, self.ground)),
            (self.struck, Wrap::Struck),
            (self.underlined && !self.struck, Wrap::Underlined),
            (self.bold, Wrap::Bold),
            (self.italic, Wrap::Italic),
        ];
        let all = all
            .into_iter()
            .filter_map(|(applies, wrap)| applies.then_some(wrap));
        all.collect()
    }

    /// What of it says something where a link or a heading says the rest.
    pub(super) fn beside(self, is_link: bool) -> Self {
        if !is_link && !self.is_heading {
            return self;
        }
        Look {
            struck: self.struck,
            ground: self.ground.filter(|_| !is_link || self.is_highlighted),
            ..Look::default()
        }
    }
}

impl Wrap {
    pub(super) fn before(self) -> Cow<'static, str> {
        match self {
            Wrap::Tint(Some(letters), Some(ground)) => format!("[{letters}-on-{ground}: ").into(),
            Wrap::Tint(letters, ground) => match letters.or(ground) {
                Some(hue) => format!("[{hue}: ").into(),
                None => "[".into(),
            },
            other => other.after().into(),
        }
    }

    pub(super) fn after(self) -> &'static str {
        match self {
            Wrap::Tint(..) => "]",
            Wrap::Struck => marks::STRUCK,
            Wrap::Underlined => marks::UNDERLINED,
            Wrap::Bold => marks::BOLD,
            Wrap::Italic => marks::ITALIC,
        }
    }
}
