//! What a person is asked inside a call, what comes of it, and how a call ends that has no answer.

use std::pin::Pin;

use super::error::ToolError;

/// What comes of something that is said, asked or waited for, on its way.
pub type Coming<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a person is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// To open a page and allow there what it says; the page itself tells this server what came of it.
    Page {
        /// Why.
        message: String,
        /// The page.
        url: String,
        /// A random text that names this question and no other.
        id: String,
    },
    /// To agree to an act.
    Act {
        /// What it does, line by line, and who will see it.
        message: String,
        /// What the person types where a plain yes is not enough: an act that cannot be taken back, and some clients say yes
        /// by themselves.
        word: Option<String>,
    },
}

impl Question {
    /// Characters that a person reads.
    pub fn length(&self) -> usize {
        let (Question::Page { message, .. } | Question::Act { message, .. }) = self;
        message.chars().count()
    }

    /// Whether a yes that came with this text is one.
    pub fn is_agreed_by(&self, typed: Option<&str>) -> bool {
        match self {
            Question::Page { .. } | Question::Act { word: None, .. } => true,
            Question::Act { word: Some(word), .. } => is_agreed(typed, word),
        }
    }
}

/// Whether the word that agrees to an act was typed.
pub fn is_agreed(typed: Option<&str>, word: &str) -> bool {
    typed.is_some_and(|typed| typed.trim().trim_start_matches('#').eq_ignore_ascii_case(word))
}

/// What comes of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reply {
    /// The person has agreed.
    Accepted,
    /// The person has not.
    Declined,
    /// The person has not seen it: some clients answer by themselves, faster than anybody reads.
    NotAsked,
    /// Nobody can be asked here.
    CannotAsk,
    /// It comes with a later call, which brings the state of this one back.
    Later,
}

/// What a later call brings back of an earlier one that ended in a question.
#[derive(Debug, Clone, Copy)]
pub struct Carried<'a> {
    /// The state that the question went out with: it names what the ledger holds sealed.
    pub state: &'a str,
    /// The reply, if it was brought.
    pub reply: Option<Reply>,
    /// The text that the person typed with it.
    pub typed: Option<&'a str>,
}

/// A call that gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    /// There is no such tool: a protocol error.
    #[error("Unknown tool: {name}. {hint}")]
    UnknownTool {
        /// As called.
        name: String,
        /// The nearest names.
        hint: String,
    },
    /// A person has to be asked first; the call is made again, with the reply and this state.
    #[error("a person has to be asked first")]
    Ask(Question, String),
    /// The tool failed: an answer with `isError`.
    #[error(transparent)]
    Failed(#[from] ToolError),
}
