//! Failures of acts that change something: what is forbidden, what a person has to agree to first, what somebody else changed
//! meanwhile.

use serde_json::{Map, Value};

use super::{Code, ToolError};
use crate::names::{clean_line, clip};
use crate::tools::mending::Mend;
use crate::tools::policy::Policy;

impl ToolError {
    /// The operator does not let assistants do this; `least` is the least policy that does.
    pub fn forbidden(what: &str, policy: Policy, least: Policy) -> Self {
        let instead = match policy {
            Policy::Draft if what == "send_reply" => " draft_reply keeps an answer for somebody to send.",
            _ => "",
        };
        let error = format!(
            "{}: this server does not do that, it was started with --writes {} ({}).{instead}",
            clean_line(clip(what, 100)),
            policy.as_str(),
            policy.told()
        );
        ToolError::mended_by(Code::ForbiddenByPolicy, error, Mend::AllowWrites(least))
    }

    /// Nothing was sent: the account has several organizations, and nobody has said which one is meant.
    pub fn unchosen(organizations: Vec<Value>) -> Self {
        let error = "Nothing was sent: this account has several Zoho Desk organizations, and nobody has said which one is to \
                     be changed.";
        let mut failure = ToolError::mended_by(Code::ChooseOrganization, error, Mend::SetOrganization);
        let choices = [("organizations".to_owned(), Value::Array(organizations))];
        failure.beside = Some(Box::new(choices.into_iter().collect()));
        failure
    }

    /// Nothing was sent: a person agrees first. `beside` shows what the act would do.
    pub fn to_be_agreed(code: Code, error: &str, mend: Mend, beside: Map<String, Value>) -> Self {
        let mut failure = ToolError::mended_by(code, error, mend);
        failure.beside = Some(Box::new(beside));
        failure
    }

    /// Nothing was sent: the record is another than the one the act was made for. `beside` shows both.
    pub fn changed_meanwhile(seen: &str, now: &str, beside: Map<String, Value>) -> Self {
        let mut failure = ToolError::new(
            Code::Rejected,
            format!(
                "Nothing was sent: the record, or a file that goes with it, was changed meanwhile. It was seen as of {}, and is now as of {}.",
                clean_line(clip(seen, 60)),
                clean_line(clip(now, 60))
            ),
            "Read it again, decide anew, and call with what still holds.",
        );
        failure.beside = Some(Box::new(beside));
        failure
    }
}
