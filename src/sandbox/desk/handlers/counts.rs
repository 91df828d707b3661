//! Counts of tickets.

use serde_json::{Value, json};

use crate::desk::call::{Answer, Call};
use crate::desk::clauses::{Clause, Pattern, Test};
use crate::desk::filters;
use crate::desk::refusal::Refusal;
use crate::desk::times;

fn clauses(call: &Call<'_>) -> Result<Vec<Clause>, Refusal> {
    let mut clauses = present().to_vec();
    for (name, sent) in call.request.query.iter().filter(|(_, sent)| !sent.is_empty()) {
        match name.as_str() {
            "contactId" | "departmentId" | "assigneeId" | "accountId" | "category" => {
                clauses.push(Clause::one_of(name, call.items(name)))
            }
            "createdTimeRange" | "modifiedTimeRange" => {
                let range = filters::range(name.trim_end_matches("Range"), sent);
                clauses.push(range.ok_or_else(|| Refusal::bad_param(name))?);
            }
            _ if name.starts_with("customField") => {
                let (field, value) = sent.split_once(':').ok_or_else(|| Refusal::bad_param(name))?;
                clauses.push(Clause::new(
                    &format!("cf.{field}"),
                    Test::Like(vec![Pattern::exactly(value)]),
                ));
            }
            _ => {}
        }
    }
    Ok(clauses)
}

/// Neither in the recycle bin nor in the archive.
fn present() -> [Clause; 2] {
    [
        Clause::is("isTrashed", "false"),
        Clause::is("isArchived", "false"),
    ]
}

fn not_spam() -> Clause {
    Clause::is("isSpam", "false")
}

/// How many tickets fit the conditions.
pub(crate) fn tickets(call: &mut Call<'_>) -> Answer {
    let mut clauses = clauses(call)?;
    clauses.push(not_spam());
    call.with(&json!({"count": call.org.count("tickets", &clauses)}))
}

/// How many tickets there are for each value of the fields asked for.
pub(crate) fn by_field_values(call: &mut Call<'_>) -> Answer {
    let base = clauses(call)?;
    let mut answer = json!({});
    for field in call.items("field") {
        let with = |extra: Vec<Clause>| [base.clone(), extra].concat();
        answer[&field] = match field.as_str() {
            "spam" => json!(call.org.count("tickets", &with(vec![Clause::is("isSpam", "true")]))),
            "escalated" => json!(call.org.count("tickets", &with(vec![not_spam(), Clause::is("status", "Escalated")]))),
            "overDue" => json!(call.org.count("tickets", &with([vec![not_spam()], overdue(call)].concat()))),
            _ => call
                .org
                .tally("tickets", &with(vec![not_spam()]), &field)
                .into_iter()
                .filter(|(value, _)| !value.is_empty())
                .map(|(value, count)| json!({"value": if field == "statusType" { value.replace(' ', "").to_uppercase() } else { value }, "count": count}))
                .collect(),
        };
    }
    call.with(&answer)
}

fn overdue(call: &Call<'_>) -> Vec<Clause> {
    vec![
        Clause::new("statusType", Test::NoneOf(vec!["Closed".to_owned()])),
        Clause::new("dueDate", Test::Between(String::new(), call.now())),
    ]
}

/// What each agent has on the desk.
pub(crate) fn agents(call: &mut Call<'_>) -> Answer {
    let ids = call.items("agentIds");
    let department = call
        .query("departmentId")
        .filter(|id| *id != "allDepartment")
        .map(str::to_owned);
    let soon = times::format(
        call.moment()
            .checked_add(jiff::SignedDuration::from_hours(1))
            .unwrap_or(call.moment()),
    );
    let rows: Vec<Value> = ids
        .into_iter()
        .filter(|id| call.org.row_of("agents", id).is_some())
        .map(|id| {
            let mut base = present().to_vec();
            base.extend([not_spam(), Clause::is("assigneeId", &id)]);
            base.extend(department.as_ref().map(|department| Clause::is("departmentId", department)));
            let count = |extra: Vec<Clause>| call.org.count("tickets", &[base.clone(), extra].concat()).to_string();
            let open = || Clause::is("statusType", "Open");
            json!({
                "agentId": id, "isOnline": id == call.me(), "channel": [],
                "openCount": count(vec![open()]), "onholdCount": count(vec![Clause::is("statusType", "On Hold")]),
                "overDueCount": count(overdue(call)),
                "dueIn1HrCount": count(vec![open(), Clause::new("dueDate", Test::Between(call.now(), soon.clone()))]),
            })
        })
        .collect();
    call.list("data", rows)
}

/// How many tickets a view holds.
pub(crate) fn queue(call: &mut Call<'_>) -> Answer {
    let mut clauses = present().to_vec();
    clauses.push(not_spam());
    if let Some(view) = call.query("viewId") {
        clauses.extend(filters::view(call, "tickets", view)?);
    }
    if let Some(department) = call.query("departmentId").filter(|id| *id != "allDepartment") {
        clauses.push(Clause::is("departmentId", department));
    }
    if let Some(agent) = call.query("agentId") {
        clauses.push(Clause::is("assigneeId", agent));
    }
    call.with(&json!({"count": call.org.count("tickets", &clauses)}))
}
