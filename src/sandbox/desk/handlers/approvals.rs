//! What waits for the approval of whoever asks, in all tickets. Source: Desk's OpenAPI, getMyPendingApprovals (its keys, and
//! that the department's parameter is `department`). (Assumed: `assignee` is whoever asks.)

use serde_json::{Value, json};

use crate::desk::call::{Answer, Call};
use crate::desk::clauses::{Clause, Test};
use crate::desk::modules::{Row, text};
use crate::desk::org::Query;
use crate::desk::paging;
use crate::desk::refusal::Refusal;
use crate::desk::render;

/// Those of one department, or of all; newest first, unless the oldest are asked for.
pub(crate) fn mine(call: &mut Call<'_>) -> Answer {
    let mut clauses = vec![
        Clause::is("isTrashed", "false"),
        Clause::new("approvalCount", Test::NoneOf(vec!["0".to_owned()])),
    ];
    match call.query("department") {
        Some("allDepartment") => {}
        Some(id) if call.org.row_of("departments", id).is_some() => {
            clauses.push(Clause::is("departmentId", id));
        }
        _ => return Err(Refusal::bad_param("department")),
    }
    let query = Query {
        clauses,
        ..Query::all()
    };
    let me = call.me();
    let mut rows = Vec::new();
    for id in call.org.page("tickets", &query) {
        let waiting = call.org.side("tickets", id, "approvals").into_iter();
        let waiting = waiting.filter(|row| text(row, "status") == "Pending" && row["approver"]["id"] == *me);
        rows.extend(waiting.map(|row| shown(call, id, &row)));
    }
    rows.sort_by(|one, other| one["createdTime"].as_str().cmp(&other["createdTime"].as_str()));
    if call.query("sortBy") != Some("createdTime") {
        rows.reverse();
    }
    let rows = paging::cut(call, rows)?;
    let assignee = render::agent(call.org, &me);
    call.with(&json!({"myPendingApprovals": rows, "assignee": assignee}))
}

fn shown(call: &Call<'_>, ticket: u64, row: &Row) -> Value {
    let of = call.org.row("tickets", ticket).unwrap_or_default();
    let department = call.org.record("departments", text(&of, "departmentId"));
    json!({
        "id": row["id"], "subject": row["subject"], "description": row["description"], "ticketId": ticket.to_string(),
        "ticketNumber": of["ticketNumber"], "departmentId": of["departmentId"], "departmentName": department.map(|row| &row["name"]),
        "requester": row["requester"], "createdTime": row["requestedTime"],
    })
}
