//! Who can act on a failure.

use serde::Serialize;

/// The failure classes, named after who can act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The model: send other arguments.
    InvalidArguments,
    /// The model: nothing is there under this id.
    NotFound,
    /// The model: Zoho refused the request as it is.
    Rejected,
    /// The user: connect Zoho.
    NoConnection,
    /// The user: connect again.
    ReconnectNeeded,
    /// The user: grant a scope.
    ScopeMissing,
    /// The user: say which organization is meant.
    ChooseOrganization,
    /// Whoever starts the server or the command: say which user it is for.
    ChooseUser,
    /// Wait: Zoho's limits.
    RateLimited,
    /// Wait: Zoho or the database does not answer.
    Unavailable,
    /// A person: agree to an act that was only shown.
    ConfirmationNeeded,
    /// A person: they said no to an act, or their client did without asking them.
    DeclinedOrNotAsked,
    /// A write that may have happened.
    OutcomeUnknown,
    /// The operator does not allow it.
    ForbiddenByPolicy,
    /// A fault of this server; the detail is in the log only.
    Internal,
}
