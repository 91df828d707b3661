//! Why a call failed, by who can act; and the one JSON text the model reads about it.

mod acts;
mod code;
mod refused;

use std::fmt::Display;

pub use code::Code;
use serde_json::{Map, Value, json};

use super::cleaning::{clean_members, take_out_fences};
use super::mending::{Mend, NO_CONNECTION, Wording};
use crate::connections::ConnectionError;
use crate::names::{clip, pointer};
use crate::repair::{InvalidArguments, Problem};
use crate::zoho::{FieldError, Foreign, ZohoError};

/// What a caller does whose arguments were not understood.
pub const SEND_OBJECT: &str = "Send one JSON object, each argument as expected.";

/// Longest failure text, in characters.
pub const ERROR_BUDGET: usize = 1500;
/// Longest part of it that says what to do.
const MOST_NEXT: usize = 1000;

/// A failed call: `{"error","code","next","retryable","problems"?}`.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{error}")]
pub struct ToolError {
    /// Who can act on it.
    pub code: Code,
    /// One sentence.
    pub error: String,
    /// What to do next.
    pub next: String,
    /// Whether the same call can succeed later.
    pub retryable: bool,
    /// Seconds to wait before that.
    pub wait_seconds: Option<u32>,
    /// Every wrong argument at once.
    pub problems: Vec<Problem>,
    /// A right call, with what was understood kept.
    pub example: Option<Box<Value>>,
    /// What a person can do about it; told in `next`.
    pub mend: Option<Box<Mend>>,
    /// What was named as wrong when the call was refused; not shown as it is.
    pub rejection: Option<Box<Rejection>>,
    /// What is told beside all that: what an act would do.
    pub beside: Option<Box<Map<String, Value>>>,
}

/// What a refusal names: parameters and fields in the words of whoever refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// Zoho's error code; empty where this server refused.
    pub code: String,
    /// The sentence of the refusal.
    pub message: String,
    /// Fields and parameters named apart.
    pub fields: Vec<FieldError>,
}

impl ToolError {
    /// A failure that the same call cannot get past.
    pub fn new(code: Code, error: impl Into<String>, next: impl Into<String>) -> Self {
        ToolError {
            code,
            error: error.into(),
            next: next.into(),
            retryable: false,
            wait_seconds: None,
            problems: Vec::new(),
            example: None,
            mend: None,
            rejection: None,
            beside: None,
        }
    }

    /// A failure that a person can mend.
    fn mended_by(code: Code, error: impl Into<String>, mend: Mend) -> Self {
        let mut failure = ToolError::new(code, error, Wording::default().next(&mend, None));
        failure.mend = Some(Box::new(mend));
        failure
    }

    /// Whether nothing is where the caller points.
    pub fn points_nowhere(&self) -> bool {
        matches!(self.code, Code::NotFound | Code::InvalidArguments)
    }

    /// The OAuth scopes that are missing.
    pub fn scopes(&self) -> &[String] {
        match self.mend.as_deref() {
            Some(Mend::GrantScopes(scopes)) => scopes,
            _ => &[],
        }
    }

    /// The same, with what mends it said as suits who reads it: `name` is the connection that was meant.
    #[must_use]
    pub fn put_into_words(mut self, wording: &Wording, name: Option<&str>) -> Self {
        if let Some(mend) = &self.mend {
            let plain = Wording::default().next(mend, None);
            self.next = self.next.replacen(&plain, &wording.next(mend, name), 1);
        }
        self
    }

    /// A wrong argument found after the schema had been satisfied.
    pub fn argument(
        path: &str,
        expected: impl Into<String>,
        got: impl Into<String>,
        fix: Option<String>,
    ) -> Self {
        let (expected, got) = (expected.into(), got.into());
        let error = format!(
            "{}: expected {expected}; got {got}.",
            path.trim_start_matches('/')
        );
        let next = fix
            .clone()
            .unwrap_or_else(|| "Call again with the argument as expected.".to_owned());
        let mut failure = ToolError::new(Code::InvalidArguments, error, next);
        failure.problems = vec![Problem {
            path: path.to_owned(),
            expected,
            got,
            suggestion: fix,
            ..Problem::default()
        }];
        failure
    }

    /// The name at `path` is none that is known; what Zoho calls its fields may tell the right one.
    #[must_use]
    pub fn naming(mut self, name: &str) -> Self {
        self.rejection = Some(Box::new(Rejection {
            code: String::new(),
            message: String::new(),
            fields: vec![FieldError {
                field: pointer::below("", name),
                kind: "unknown".to_owned(),
                message: None,
            }],
        }));
        self
    }

    /// A fault of this server: the detail goes to the log under a reference the caller is told.
    pub fn internal(detail: &dyn std::fmt::Display) -> Self {
        let mut bytes = [0_u8; 4];
        let reference = match getrandom::fill(&mut bytes) {
            Ok(()) => format!("{:08x}", u32::from_be_bytes(bytes)),
            Err(_) => "unknown".to_owned(),
        };
        tracing::error!(%reference, %detail, "internal error");
        let error = format!("Internal error, reference {reference}.");
        ToolError::new(
            Code::Internal,
            error,
            "Tell the operator the reference; the server's log has the detail.",
        )
    }

    /// The JSON the model reads, within [`ERROR_BUDGET`].
    pub fn to_json(&self) -> Value {
        let mut body = Map::new();
        // A command that is cut does nothing: what to do has its room first.
        let next = clip(&self.next, MOST_NEXT);
        let room = ERROR_BUDGET.saturating_sub(next.chars().count().max(400));
        body.insert("error".to_owned(), json!(clip(&self.error, room)));
        body.insert("code".to_owned(), json!(self.code));
        body.insert("next".to_owned(), json!(next));
        body.insert("retryable".to_owned(), json!(self.retryable));
        if let Some(seconds) = self.wait_seconds {
            body.insert("wait_seconds".to_owned(), json!(seconds));
        }
        body.extend(self.beside.as_deref().cloned().unwrap_or_default());
        let problems = (!self.problems.is_empty()).then(|| json!(self.problems));
        self.add_within_budget(&mut body, "problems", problems);
        self.add_within_budget(&mut body, "example", self.example.as_deref().cloned());
        clean_members(&mut body);
        take_out_fences(&mut body);
        Value::Object(body)
    }

    fn add_within_budget(&self, body: &mut Map<String, Value>, key: &str, value: Option<Value>) {
        let Some(value) = value else { return };
        let used = Value::Object(body.clone()).to_string().chars().count();
        let more = value.to_string().chars().count() + key.len() + 4;
        if used + more <= ERROR_BUDGET {
            body.insert(key.to_owned(), value);
        }
    }
}

impl From<InvalidArguments> for ToolError {
    /// The first line of the refusal is the error, the problems are listed; where they would not fit, the whole
    /// refusal is the error.
    fn from(invalid: InvalidArguments) -> Self {
        let first = invalid.message.lines().next().unwrap_or_default();
        let keys = invalid
            .message
            .lines()
            .find(|line| line.starts_with("Valid keys"));
        let next = [SEND_OBJECT, keys.unwrap_or_default()].join(" ");
        let mut failure = ToolError::new(Code::InvalidArguments, first, next.trim());
        failure.example = invalid.example.map(Box::new);
        failure.problems = invalid.problems;
        if failure.to_json().get("problems").is_none() {
            failure.error = invalid.message;
        }
        failure
    }
}

impl ToolError {
    /// An answer of Zoho that is not the JSON expected.
    pub fn unreadable(error: &dyn Display) -> Self {
        tracing::warn!(%error, "an answer of Zoho could not be read");
        let mut failure = ToolError::new(
            Code::Unavailable,
            "Zoho's answer could not be read: it is not the JSON expected.",
            "Try again; if it stays so, the operator finds the place in the log.",
        );
        failure.retryable = true;
        failure
    }

    fn waiting(code: Code, error: String, seconds: Option<u64>) -> Self {
        let next = match seconds {
            Some(seconds) => format!("Wait {seconds} s, then make the same call again."),
            None => "Wait a little, then make the same call again.".to_owned(),
        };
        let mut failure = ToolError::new(code, error, next);
        failure.retryable = true;
        failure.wait_seconds = seconds.map(|seconds| u32::try_from(seconds).unwrap_or(u32::MAX));
        failure
    }
}

impl From<ConnectionError> for ToolError {
    fn from(error: ConnectionError) -> Self {
        let text = sentence(&error.to_string());
        match &error {
            ConnectionError::NoConnection => {
                ToolError::mended_by(Code::NoConnection, "No Zoho connection found", Mend::Connect)
            }
            ConnectionError::ChooseUser { .. } => {
                ToolError::mended_by(Code::ChooseUser, text, Mend::ChooseUser)
            }
            ConnectionError::UnknownConnection { name, names } => {
                let expected = format!("the name of a connection of this user ({})", names.join(", "));
                let mut failure = ToolError::argument("/connection", expected, format!("`{name}`"), None);
                NO_CONNECTION.clone_into(&mut failure.next);
                failure
            }
            ConnectionError::NameTaken { name } | ConnectionError::OtherServer { name, .. } => {
                let got = format!("`{name}`, which is taken");
                ToolError::argument("/connection", "a free name", got, None)
            }
            ConnectionError::Unusable { .. } => {
                ToolError::mended_by(Code::ReconnectNeeded, text, Mend::Reconnect)
            }
            ConnectionError::Database(database) => {
                let mut failure = on_this_machine(Code::Unavailable, &error, &database.mend);
                failure.retryable = database.passes;
                failure
            }
            ConnectionError::Seal { mend, .. } => on_this_machine(Code::ReconnectNeeded, &error, mend),
            ConnectionError::RefreshBusy { .. } => ToolError::waiting(Code::Unavailable, text, Some(5)),
        }
    }
}

/// What is wrong with the database or its key, and what to do about it: a command where one helps.
fn on_this_machine(code: Code, error: &ConnectionError, mend: &str) -> ToolError {
    let found = sentence(&error.found());
    match error.remedy() {
        Some(remedy) => ToolError::mended_by(code, found, Mend::Remedy(remedy.clone())),
        None => ToolError::new(code, found, sentence(mend)),
    }
}

impl From<ZohoError> for ToolError {
    fn from(error: ZohoError) -> Self {
        let text = sentence(&error.to_string());
        match error {
            ZohoError::Connection(error) => error.into(),
            ZohoError::NotFound { .. } => ToolError::new(
                Code::NotFound,
                text,
                "Check the id; search_records finds records.",
            ),
            ZohoError::Rejected {
                status,
                code,
                fields,
                message,
                ..
            } => {
                let next = refused::next(status, &code);
                let mut failure = ToolError::new(Code::Rejected, text, next);
                failure.problems = fields.iter().map(refused::problem).collect();
                failure.rejection = Some(Box::new(Rejection {
                    code,
                    message,
                    fields,
                }));
                failure
            }
            ZohoError::TooLarge { .. } => ToolError::new(
                Code::Rejected,
                text,
                "Ask for fewer records (`limit`) or fewer `fields`.",
            ),
            ZohoError::InvalidRequest { .. } => ToolError::new(
                Code::InvalidArguments,
                text,
                "Call again with that argument changed.",
            ),
            ZohoError::HostRefused { server, .. } => {
                ToolError::mended_by(Code::ReconnectNeeded, text, way_round(server))
            }
            ZohoError::ReconnectNeeded { .. } => {
                ToolError::mended_by(Code::ReconnectNeeded, text, Mend::Reconnect)
            }
            ZohoError::ScopeMissing { scopes } => {
                ToolError::mended_by(Code::ScopeMissing, text, Mend::GrantScopes(scopes))
            }
            ZohoError::ChooseOrganization { .. } => {
                ToolError::mended_by(Code::ChooseOrganization, text, Mend::SetOrganization)
            }
            ZohoError::NoOrganization => ToolError::new(Code::ChooseOrganization, text, refused::NO_DESK),
            // A consent is no help to an account that is no user of the product.
            ZohoError::NotAccepted { product, .. } => {
                ToolError::mended_by(Code::Rejected, text, Mend::ReconnectAUser(product))
            }
            ZohoError::RateLimited { seconds, .. } => {
                ToolError::waiting(Code::RateLimited, text, Some(seconds))
            }
            ZohoError::Unavailable { seconds, .. } => ToolError::waiting(Code::Unavailable, text, seconds),
            ZohoError::SandboxSilent { url, .. } => {
                let mut failure = ToolError::mended_by(Code::Unavailable, text, Mend::StartSandbox(url));
                failure.retryable = true;
                failure
            }
            ZohoError::Moved => ToolError::waiting(Code::Unavailable, text, None),
            ZohoError::OutcomeUnknown { .. } => ToolError::new(
                Code::OutcomeUnknown,
                text,
                "Look whether the change is there before making it again.",
            ),
            ZohoError::Internal { message } => ToolError::internal(&message),
        }
    }
}

/// What helps where a connection names a server that may not be used.
fn way_round(server: Foreign) -> Mend {
    match server {
        Foreign::Unknown => Mend::Reconnect,
        Foreign::Sandbox { url } => Mend::UseSandbox(url),
        Foreign::Zoho => Mend::LeaveSandbox,
    }
}

/// One sentence: a capital letter first, a full stop last.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.trim().chars();
    let Some(first) = chars.next() else {
        return String::new();
    };
    let mut sentence: String = first.to_uppercase().chain(chars).collect();
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}
