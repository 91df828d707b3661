//! What a person sees while a call runs: a bar on a terminal, lines anywhere else; both on standard error.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::{prompt, terminal};
use crate::tools::mending::Wording;
use crate::tools::{Coming, Person, Principal, Question, Reply, Telling, Tools};

/// Rows between two lines where no bar can be drawn.
const ROWS_A_LINE: u64 = 1000;
const WITH_TOTAL: &str = "[{bar:30}] {percent:>3} % {pos}/{len}, {eta} left";
const WITHOUT_TOTAL: &str = "{spinner} {msg}";

/// Says how far the call is, as suits who reads it.
pub(super) struct Waiting<'a> {
    tools: &'a Tools,
    principal: &'a Principal,
    /// How the command is told that chooses another connection.
    wording: Wording,
    /// The person has said yes beforehand.
    says_yes: bool,
    terminal: bool,
    /// Made with the first numbers; draws to standard error.
    bar: OnceLock<ProgressBar>,
    /// The rows of the last line, where there is no bar.
    line: Mutex<Option<u64>>,
    asks: Arc<Asks>,
}

/// What has become of a question at the terminal.
#[derive(Debug, Default)]
struct Asks {
    waits: AtomicBool,
    is_refused: AtomicBool,
}

impl<'a> Waiting<'a> {
    pub(super) fn new(tools: &'a Tools, principal: &'a Principal, wording: Wording, says_yes: bool) -> Self {
        Waiting {
            tools,
            principal,
            wording,
            says_yes,
            terminal: !ProgressDrawTarget::stderr().is_hidden(),
            bar: OnceLock::new(),
            line: Mutex::default(),
            asks: Arc::default(),
        }
    }

    /// Whether a question stands on the screen, behind which the next words would go on.
    pub(super) fn is_asking(&self) -> bool {
        self.asks.waits.load(Ordering::Relaxed)
    }

    /// Whether the person has said no.
    pub(super) fn is_refused(&self) -> bool {
        self.asks.is_refused.load(Ordering::Relaxed)
    }

    /// Takes the bar off the screen.
    pub(super) fn clear(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }

    fn draw(&self, done: u64, total: Option<u64>, message: String) {
        let bar = self.bar.get_or_init(ProgressBar::no_length);
        let template = if total.is_some() {
            WITH_TOTAL
        } else {
            WITHOUT_TOTAL
        };
        if bar.length() != total || bar.position() == 0 {
            let style =
                ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
            bar.set_style(style.progress_chars("#>-"));
        }
        bar.set_position(done);
        if let Some(total) = total {
            bar.set_length(total.max(done));
        }
        bar.set_message(message);
    }
}

impl Waiting<'_> {
    /// Says which of several connections a call takes that names none; what keeps it from being known the call itself
    /// meets.
    async fn tell_which(&self) {
        let Some((taken, there_are)) = self.tools.connection_taken(self.principal).await else {
            return;
        };
        if there_are > 1 {
            terminal::tell(&format!(
                "The connection `{}` of {} is taken, of {there_are} there are; `{}` chooses another.",
                taken.name,
                taken.user_id,
                self.wording.choose_connection("NAME"),
            ));
        }
    }
}

impl Person for Waiting<'_> {
    fn hear(&self, connection: Option<&str>) -> Telling<'_> {
        let names_none = connection.is_none() && self.principal.connection.is_none();
        Box::pin(async move {
            if names_none {
                self.tell_which().await;
            }
        })
    }

    /// A terminal's `call` does one thing and ends: what it lacks, its failure says how to get. To what it would change the
    /// person who typed it agrees.
    fn ask(&self, question: &Question) -> Coming<'static, Reply> {
        self.clear();
        let question = question.clone();
        let (says_yes, asks) = (self.says_yes, Arc::clone(&self.asks));
        Box::pin(async move {
            asks.waits.store(true, Ordering::Relaxed);
            let reply = asked(&question, says_yes).await;
            asks.waits.store(false, Ordering::Relaxed);
            asks.is_refused.store(reply == Reply::Declined, Ordering::Relaxed);
            reply
        })
    }

    fn has_time(&self) -> bool {
        true
    }

    fn say(&self, message: String) -> Telling<'_> {
        self.clear();
        terminal::tell(&message);
        Box::pin(std::future::ready(()))
    }

    fn advance(&self, done: u64, total: Option<u64>, message: String) -> Telling<'_> {
        if self.terminal {
            self.draw(done, total, message);
        } else {
            let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
            if is_due(*line, done, total) {
                *line = Some(done);
                terminal::tell(&told(&message, total));
            }
        }
        Box::pin(std::future::ready(()))
    }
}

/// What the person at the terminal says; `--yes` says it in their place, but for what cannot be taken back.
async fn asked(question: &Question, says_yes: bool) -> Reply {
    let Question::Act { message, word } = question else {
        return Reply::CannotAsk;
    };
    if says_yes && word.is_none() {
        return Reply::Accepted;
    }
    if !prompt::can_ask() {
        return Reply::CannotAsk;
    }
    terminal::tell(message);
    match prompt::agrees(word.as_deref()).await {
        Some(true) => Reply::Accepted,
        _ => Reply::Declined,
    }
}

/// The first line, the last one, and one for every thousand rows.
fn is_due(before: Option<u64>, done: u64, total: Option<u64>) -> bool {
    let thousand = |rows: u64| rows / ROWS_A_LINE;
    before.is_none_or(|before| before != done && (thousand(before) < thousand(done) || total == Some(done)))
}

fn told(message: &str, total: Option<u64>) -> String {
    match total {
        Some(total) => format!("{message} ({total} in all)"),
        None => message.to_owned(),
    }
}
