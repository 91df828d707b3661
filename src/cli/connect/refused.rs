//! What Zoho's refusals of a sign-in mean, and what a person does next: the words are data, in `refused.json`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{ConnectArguments, Connecting};
use crate::cli::{Failure, terminal};
use crate::tools::embedded;
use crate::tools::mending::quoted;
use crate::zoho::oauth::{ConsentError, OAuthError};

/// One refusal in words.
#[derive(Deserialize)]
struct Words {
    error: String,
    /// The way it is about; without one, every way that has no words of its own.
    way: Option<String>,
    says: String,
    next: String,
}

static WORDS: LazyLock<Vec<Words>> =
    LazyLock::new(|| embedded::read(include_str!("refused.json"), "words of refusals"));

impl Connecting<'_> {
    /// The failure with Zoho's word in it explained, where it is one.
    pub(super) fn explained(&self, failure: Failure) -> Failure {
        let words = word_of(&failure).and_then(|word| Some((self.words_of(word)?, word.to_owned())));
        match words {
            Some((words, word)) => {
                let (says, next) = (self.filled(&words.says), self.filled(&words.next));
                format!("{says} ({word})\nnext:  {}", terminal::to_reader(&next)).into()
            }
            None if is_unheard(&failure) => {
                let next = "Check that this machine reaches the internet, and this address; then run the command again.";
                format!("{failure}\nnext:  {next}").into()
            }
            None => failure,
        }
    }

    fn words_of(&self, word: &str) -> Option<&'static Words> {
        let is_sandbox = self.zoho.hosts().sandbox().is_some();
        let (way, there) = match way_of(self.arguments) {
            "code" if is_sandbox => ("code", "sandbox code"),
            "token" if is_sandbox => ("token", "sandbox token"),
            _ if is_sandbox && !self.arguments.names_a_way() => ("sandbox", "sandbox"),
            way => (way, way),
        };
        let mut known = WORDS.iter().filter(|words| words.error == word);
        known.find(|words| words.way.as_deref().is_none_or(|of| of == way || of == there))
    }

    fn filled(&self, text: &str) -> String {
        let every = self.arguments.brings_code() || self.arguments.brings_token();
        let server = match self.start() {
            Ok(server) if self.center.is_some() || !every => server,
            _ => "Zoho, whose data centers were all asked,".to_owned(),
        };
        let mut again = self.wording.connect(None, Some(&self.arguments.name), false);
        if let Some(center) = &self.arguments.dc {
            again.push_str(&format!(" --dc {}", quoted(center)));
        }
        text.replace("{server}", &server)
            .replace("{console}", &self.console())
            .replace("{kind}", self.kind_of_client())
            .replace("{redirect}", &self.redirect_uri())
            .replace("{again}", &again)
            .replace("{code}", &self.wording.take_sandbox_code())
            .replace("{client}", &self.wording.show_sandbox_client())
            .replace("{scopes}", &self.wording.list_scopes())
    }
}

fn way_of(arguments: &ConnectArguments) -> &'static str {
    match arguments {
        arguments if arguments.brings_code() => "code",
        arguments if arguments.brings_token() => "token",
        _ => "consent",
    }
}

/// Whether the accounts server was not reached, or not heard to the end.
fn is_unheard(failure: &Failure) -> bool {
    matches!(oauth_error(failure), Some(OAuthError::Unheard { .. }))
}

fn oauth_error(failure: &Failure) -> Option<&OAuthError> {
    match failure.downcast_ref::<ConsentError>() {
        Some(ConsentError::Exchange(error)) => Some(error),
        _ => failure.downcast_ref(),
    }
}

/// Zoho's own word in a failure.
fn word_of(failure: &Failure) -> Option<&str> {
    if let Some(ConsentError::Refused { error } | ConsentError::Denied { error }) = failure.downcast_ref() {
        return Some(error);
    }
    match oauth_error(failure)? {
        OAuthError::Refused { code } | OAuthError::Other { code } => Some(code),
        OAuthError::Throttled => Some("Access Denied"),
        _ => None,
    }
}
