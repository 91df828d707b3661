//! Questions to a person at a terminal.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::path::Path;
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::sync::{Mutex, OnceLock, PoisonError};

use secrecy::SecretString;
use tokio::sync::Notify;

use super::ending::{Stopped, Unchanged};
use super::{Failure, echo, terminal};
use crate::names::fold;
use crate::tools::{Shown, is_agreed};

/// How to answer most questions without a terminal.
pub(super) const SAY_YES: &str = "Add --yes to say so without a terminal.";

/// Whether there is a person to ask.
pub(super) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks a question; what is typed is shown.
///
/// # Errors
/// There is nobody to ask.
pub(super) fn ask(question: &str) -> Result<String, Failure> {
    if !can_ask() {
        return Err(format!("{question}: there is no terminal to ask at").into());
    }
    let _ = write!(io::stderr().lock(), "{}: ", terminal::fitted(question));
    Ok(read_line()?.trim().to_owned())
}

/// Asks for a secret, which is not shown; without a terminal it is the first line of standard input.
///
/// # Errors
/// Nothing was given.
pub(super) fn secret(question: &str) -> Result<SecretString, Failure> {
    let text = if can_ask() {
        echo::keep()?;
        match rpassword::prompt_password(format!("{question} (not shown): ")) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Err(Stopped.into()),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => String::new(),
            typed => typed?,
        }
    } else {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line)?;
        line
    };
    given(text, question)
}

/// Reads a secret from a file, or from standard input for `-`.
///
/// # Errors
/// It cannot be read, or is empty.
pub(super) fn secret_of(path: &Path, what: &str) -> Result<SecretString, Failure> {
    given(text_of(path)?, what)
}

/// Reads a file, or standard input for `-`.
///
/// # Errors
/// It cannot be read.
pub(super) fn text_of(path: &Path) -> Result<String, Failure> {
    if path == Path::new("-") {
        let mut text = String::new();
        io::stdin().lock().read_to_string(&mut text)?;
        return Ok(text);
    }
    let next = "next: Name a file that can be read, or `-` for standard input.";
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}\n{next}", path.display()).into())
}

fn given(text: String, what: &str) -> Result<SecretString, Failure> {
    let text = text.trim();
    if text.is_empty() {
        return Err(format!("{what}: nothing was given\nnext: Run the command again and give it.").into());
    }
    Ok(SecretString::from(text))
}

/// Asks which of several, by number or by what one is called, until the answer is one; an empty answer takes the one at
/// `usual`.
///
/// # Errors
/// There is nobody to ask any more.
pub(super) fn choose(question: &str, choices: &[String], usual: usize) -> Result<usize, Failure> {
    let width = choices.len().to_string().len();
    for (number, choice) in (1..).zip(choices) {
        terminal::tell(&format!("  {number:>width$}  {choice}"));
    }
    loop {
        let answer = ask(&format!("{question} [{}]", usual + 1))?;
        if answer.is_empty() {
            return Ok(usual);
        }
        match answer.parse::<usize>() {
            Ok(number) if (1..=choices.len()).contains(&number) => return Ok(number - 1),
            _ => match called(choices, &answer) {
                Some(number) => return Ok(number),
                None => terminal::tell(&format!("{answer:?} is none of 1 to {}.", choices.len())),
            },
        }
    }
}

/// The only choice that an answer names: by a part of it, as two blanks, brackets and commas divide it, or by an address of
/// which the first part is the end, like `.eu` and `https://desk.zoho.eu/agent` of `zoho.eu`.
fn called(choices: &[String], answer: &str) -> Option<usize> {
    let address = answer.rsplit("://").next().unwrap_or(answer);
    let host = fold(address.split(['/', '?', ':']).next().unwrap_or(address));
    let answer = fold(answer);
    let names = |choice: &String| {
        let (id, name) = choice.split_once("  ").unwrap_or((choice, ""));
        let is_below = host.ends_with(&format!(".{id}"));
        let is_end = host.starts_with('.') && id.ends_with(&host);
        let parts = [id, name].into_iter().chain(name.split(['(', ',', ')']));
        let mut parts = parts.map(fold).filter(|part| !part.is_empty());
        is_below || is_end || parts.any(|part| part == answer)
    };
    let mut named = (0..).zip(choices).filter(|(_, choice)| names(choice));
    let (number, _) = named.next()?;
    named.next().is_none().then_some(number)
}

/// Lines of standard input that are read beside whatever else is waited for.
struct Typed {
    lines: Mutex<Receiver<String>>,
    came: Notify,
}

/// From the first wait for a line on, every later question takes its answer from here, too: the thread has the input.
static TYPED: OnceLock<Typed> = OnceLock::new();

/// The next line of standard input, while others go on; `None` at its end.
pub(super) async fn next_line() -> Option<String> {
    let typed = TYPED.get_or_init(listen);
    loop {
        let came = typed.came.notified();
        let line = typed
            .lines
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .try_recv();
        match line {
            Ok(line) => return Some(line),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => came.await,
        }
    }
}

/// How a person is asked to agree to an act, by a word where it cannot be taken back.
fn to_agree(word: Option<&str>) -> String {
    match word {
        Some(word) => format!("Type {word} to agree, anything else to leave it"),
        None => "Agree? [y/N]".to_owned(),
    }
}

/// How a person is asked about an act that may wait for an answer still.
fn to_agree_or_wait(word: Option<&str>) -> String {
    match word {
        Some(word) => format!("Type {word} to agree, n to refuse it, nothing to pass it over"),
        None => "Agree? [y/n, nothing to pass it over]".to_owned(),
    }
}

/// Whether an answer is a no, said as such.
fn is_no(answer: &str) -> bool {
    matches!(answer.trim().to_ascii_lowercase().as_str(), "n" | "no")
}

/// Whether an answer to that is a yes.
fn is_yes(answer: &str, word: Option<&str>) -> bool {
    match word {
        Some(word) => is_agreed(Some(answer), word),
        None => matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"),
    }
}

/// What is told of a yes that came before anybody can have read what it is about.
const TOO_SOON: &str = "That came sooner than anybody reads what is asked. Please answer again.";
/// So often a question is asked again: what answers sooner than that each time is no person.
const ASKED: usize = 3;

/// What a person says to an act that waits for them.
pub(super) enum Said {
    Yes,
    No,
    /// Neither, but another word: it waits on.
    Another,
    /// Nothing at all: the same.
    Nothing,
}

/// Whether a person agrees to an act that is on the screen; `None` at the end of the input.
pub(super) async fn agrees(word: Option<&str>) -> Option<bool> {
    let answer = answer(&to_agree(word), word).await?;
    Some(is_yes(&answer, word))
}

/// The same of an act that can wait for an answer still.
pub(super) async fn says(word: Option<&str>) -> Option<Said> {
    let answer = answer(&to_agree_or_wait(word), word).await?;
    Some(match () {
        () if is_yes(&answer, word) => Said::Yes,
        () if is_no(&answer) => Said::No,
        () if answer.trim().is_empty() => Said::Nothing,
        () => Said::Another,
    })
}

/// What a person answers. What was typed before the question is no answer to it, and a yes that comes at once is asked for
/// again.
async fn answer(question: &str, word: Option<&str>) -> Option<String> {
    for _ in 0..ASKED {
        forget_typed();
        let shown = Shown::now();
        let answer = ask_meanwhile(question).await?;
        if !is_yes(&answer, word) || shown.can_be_read() {
            return Some(answer);
        }
        terminal::tell(TOO_SOON);
    }
    Some(String::new())
}

/// Drops what has been typed and not read.
fn forget_typed() {
    if let Some(typed) = TYPED.get() {
        let lines = typed.lines.lock().unwrap_or_else(PoisonError::into_inner);
        while lines.try_recv().is_ok() {}
    }
    echo::forget_typed();
}

/// Asks while others go on; `None` at the end of the input.
async fn ask_meanwhile(question: &str) -> Option<String> {
    let _ = write!(io::stderr().lock(), "{}: ", terminal::fitted(question));
    next_line().await
}

/// On a thread that nobody waits for: a blocking read cannot be stopped.
fn listen() -> Typed {
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || {
        let typed = TYPED.wait();
        for line in io::stdin().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
            typed.came.notify_one();
        }
        drop(sender);
        typed.came.notify_one();
    });
    Typed {
        lines: Mutex::new(lines),
        came: Notify::new(),
    }
}

/// The next line, waited for; an error at the end of the input.
fn read_line() -> Result<String, Failure> {
    if let Some(typed) = TYPED.get() {
        let lines = typed.lines.lock().unwrap_or_else(PoisonError::into_inner);
        return lines.recv().map_err(|_| "no answer".into());
    }
    let mut line = String::new();
    match io::stdin().lock().read_line(&mut line)? {
        0 => Err("no answer".into()),
        _ => Ok(line),
    }
}

/// Asks whether to go on; `yes` answers in the person's place, and `otherwise` says how to without a terminal.
///
/// # Errors
/// There is nobody to ask and `yes` was not given, or the answer is no.
pub(super) fn confirm(question: &str, yes: bool, otherwise: &str) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !can_ask() {
        return Err(format!("{question} {otherwise}").into());
    }
    let answer = ask(&format!("{question} [y/N]"))?;
    match is_yes(&answer, None) {
        true => Ok(()),
        false => Err(Unchanged.into()),
    }
}
