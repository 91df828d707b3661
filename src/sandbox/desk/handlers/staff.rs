//! What else is asked about agents and channels: counts, those who are gone, one channel by its code.

use serde_json::{Value, json};

use crate::desk::call::{Answer, Call};
use crate::desk::clauses::Clause;
use crate::desk::modules::Row;
use crate::desk::refusal::Refusal;

/// Agents who were deleted: none is, they are only disabled.
pub(crate) fn deleted(call: &mut Call<'_>) -> Answer {
    call.list("data", Vec::new())
}

/// How many agents there are of each kind. (Assumed: the keys.)
pub(crate) fn counts(call: &mut Call<'_>) -> Answer {
    let count = |clause: &[Clause]| Value::from(call.org.count("agents", clause).to_string());
    let of = |field: &str, value: &str| count(&[Clause::is(field, value)]);
    let counts = json!({"total": count(&[]), "active": of("status", "ACTIVE"), "disabled": of("status", "DISABLED"),
        "light": of("rolePermissionType", "Light"), "unconfirmed": of("isConfirmed", "false")});
    call.with(&counts)
}

/// One channel.
pub(crate) fn channel(call: &mut Call<'_>) -> Answer {
    let of = [Clause::is("code", &call.path[0])];
    let rows = call.org.rows("channels", &of);
    let channel: Row = rows.into_iter().next().ok_or_else(Refusal::not_found)?;
    call.with(&channel.into())
}

/// A draft goes to whoever reviews drafts; nothing in a thread says so.
pub(crate) fn send_for_review(call: &mut Call<'_>) -> Answer {
    let (owner, mut rows, at) = call.side_row("tickets", "threads")?;
    if rows[at]["status"] != "DRAFT" {
        return Err(Refusal::unprocessable("The thread is no draft."));
    }
    rows[at].insert("_in_review".to_owned(), true.into());
    call.org.put_side("tickets", owner, "threads", rows);
    call.done()
}
