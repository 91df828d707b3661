//! Questions to a person at a terminal.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::path::Path;

use secrecy::SecretString;

use super::Failure;
use super::terminal;

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
    let _ = write!(io::stderr().lock(), "{question}: ");
    let mut line = String::new();
    if io::stdin().lock().read_line(&mut line)? == 0 {
        return Err("no answer".into());
    }
    Ok(line.trim().to_owned())
}

/// Asks for a secret, which is not shown; without a terminal it is the first line of standard input.
///
/// # Errors
/// Nothing was given.
pub(super) fn secret(question: &str) -> Result<SecretString, Failure> {
    let text = if can_ask() {
        rpassword::prompt_password(format!("{question} (not shown): "))?
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
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

fn given(text: String, what: &str) -> Result<SecretString, Failure> {
    let text = text.trim();
    if text.is_empty() {
        return Err(format!("{what}: nothing was given").into());
    }
    Ok(SecretString::from(text))
}

/// Asks which of several, by number; an empty answer takes the first.
///
/// # Errors
/// There is nobody to ask, or the answer is no such number.
pub(super) fn choose(question: &str, choices: &[String]) -> Result<usize, Failure> {
    for (number, choice) in choices.iter().enumerate() {
        terminal::tell(&format!("  {}  {choice}", number + 1));
    }
    let answer = ask(&format!("{question} [1]"))?;
    if answer.is_empty() {
        return Ok(0);
    }
    let number = answer
        .parse::<usize>()
        .ok()
        .filter(|number| (1..=choices.len()).contains(number));
    number
        .map(|number| number - 1)
        .ok_or_else(|| format!("{answer:?} is none of 1 to {}", choices.len()).into())
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
    if matches!(answer.to_ascii_lowercase().as_str(), "y" | "yes") {
        Ok(())
    } else {
        Err("nothing was changed".into())
    }
}
