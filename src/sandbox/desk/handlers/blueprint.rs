//! A blueprint holds some tickets: their status changes by transitions only.

use serde_json::{Value, json};

use super::tickets;
use crate::desk::call::{Answer, Call};
use crate::desk::modules::{is, text};
use crate::desk::refusal::Refusal;
use crate::desk::seed::Kind;
use crate::http::Reply;

/// Name, from and to of the transitions.
const TRANSITIONS: [(&str, &str, &str); 4] = [
    ("Hand over to second level", "Open", "Escalated"),
    ("Wait for the customer", "Open", "On Hold"),
    ("Resume", "On Hold", "Open"),
    ("Confirm solution", "Escalated", "Closed"),
];

fn possible(call: &Call<'_>, status: &str) -> Vec<(String, &'static str, &'static str)> {
    (0u64..)
        .zip(TRANSITIONS)
        .filter(|(_, (_, from, _))| *from == status)
        .map(|(index, (name, _, to))| (call.org.world.id(Kind::BLUEPRINT, 10 + index), name, to))
        .collect()
}

/// The blueprint of a ticket with the transitions that are possible now; 204 without one.
pub(crate) fn get(call: &mut Call<'_>) -> Answer {
    let (_, row) = call.record("tickets")?;
    if !is(&row, "_blueprint") {
        return Ok(Reply::empty(204));
    }
    let transitions: Vec<Value> = possible(call, text(&row, "status"))
        .into_iter()
        .map(|(id, name, to)| json!({"id": id, "name": name, "type": "manual", "toState": to, "fields": []}))
        .collect();
    let state = json!({"id": call.org.world.id(Kind::BLUEPRINT, 1), "name": row["status"]});
    call.with(&json!({"id": call.org.world.id(Kind::BLUEPRINT, 0), "name": "Gateway faults", "state": state, "transitions": transitions}))
}

/// Performs a transition; it takes no fields, and a closed ticket leaves the blueprint.
pub(crate) fn perform(call: &mut Call<'_>) -> Answer {
    let (id, mut row) = call.record("tickets")?;
    if !is(&row, "_blueprint") {
        return Err(Refusal::forbidden());
    }
    let found = possible(call, text(&row, "status"))
        .into_iter()
        .find(|(transition, ..)| *transition == call.path[1]);
    let Some((_, _, to)) = found else {
        return Err(Refusal::unprocessable(
            "The transition is not possible in the current state.",
        ));
    };
    let before = row.clone();
    row.insert("status".to_owned(), to.into());
    row.insert("_blueprint".to_owned(), (to != "Closed").into());
    row.insert("modifiedTime".to_owned(), call.now().into());
    tickets::set_status(&mut row, Some(&before), &call.now());
    let info = tickets::transitions(call, &before, &row, [&"status".to_owned()].into_iter());
    call.org.put("tickets", id, row);
    call.note(id, "BlueprintTransitionPerformed", info);
    call.with(&json!({"updatedState": to}))
}

/// Takes a ticket out of its blueprint.
pub(crate) fn revoke(call: &mut Call<'_>) -> Answer {
    let (id, mut row) = call.record("tickets")?;
    if !is(&row, "_blueprint") {
        return Err(Refusal::unprocessable("The ticket is in no Blueprint."));
    }
    row.insert("_blueprint".to_owned(), false.into());
    call.org.put("tickets", id, row);
    call.note(id, "BlueprintRevoked", Vec::new());
    call.done()
}
