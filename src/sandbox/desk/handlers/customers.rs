//! Contacts, accounts and products among each other.

use serde_json::{Value, json};

use super::{records, ties};
use crate::desk::call::{Answer, Call};
use crate::desk::clauses::Clause;
use crate::desk::modules::{self, Row, text, value};
use crate::desk::paging;
use crate::desk::refusal::Refusal;
use crate::desk::render;

/// Ties accounts to a contact.
pub(crate) fn associate_accounts(call: &mut Call<'_>) -> Answer {
    call.record("contacts")?;
    let contact = call.path[0].clone();
    let data = value(&call.body, "data");
    let named = data
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|entry| entry["id"].as_str())
        .map(str::to_owned);
    let ids: Vec<String> = named.chain(call.sent_ids("ids")).collect();
    let mut outcomes = Vec::new();
    for id in ids {
        let known = call.org.row_of("accounts", &id).is_some();
        if known {
            ties::link(call.org, &contact, &id, true);
        }
        outcomes.push((id, known));
    }
    call.results(outcomes)
}

/// Unties accounts from a contact.
pub(crate) fn dissociate_accounts(call: &mut Call<'_>) -> Answer {
    let (_, row) = call.record("contacts")?;
    let contact = call.path[0].clone();
    let tied = modules::texts(&row, "_accounts");
    let mut outcomes = Vec::new();
    for id in call.sent_ids("ids") {
        let known = tied.contains(&id);
        if known {
            ties::link(call.org, &contact, &id, false);
        }
        outcomes.push((id, known));
    }
    call.results(outcomes)
}

/// Ties products to a contact or an account, or unties them.
pub(crate) fn products(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    call.record(&module)?;
    let owner = call.path[0].clone();
    let tie = call.sent_flag("associate");
    let mut outcomes = Vec::new();
    for product in call.sent_ids("ids") {
        let known = call.org.row_of("products", &product).is_some();
        if known {
            ties::link_product(call.org, &module, &owner, &product, tie);
        }
        outcomes.push((product, known));
    }
    call.results(outcomes)
}

/// Ties contacts or accounts to a product, or unties them.
pub(crate) fn of_product(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    call.record("products")?;
    let product = call.path[0].clone();
    let ids = call.sent_ids("ids");
    call.must_exist(&module, &ids, "/ids")?;
    let tie = call.sent_flag("associate");
    for owner in ids {
        ties::link_product(call.org, &module, &owner, &product, tie);
    }
    call.done()
}

/// Merges records into the one of the path: what belonged to them belongs to it, they are gone.
pub(crate) fn merge(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let (master, mut row) = call.record(&module)?;
    let own = master.to_string();
    let ids = call.sent_ids("ids");
    if ids.is_empty() || ids.contains(&own) {
        return Err(Refusal::invalid_field("/ids", "invalid"));
    }
    call.must_exist(&module, &ids, "/ids")?;
    if let Some(Value::Object(source)) = call.body.get("source").cloned() {
        for (field, from) in source {
            let other = call
                .org
                .row_of(&module, from.as_str().unwrap_or_default())
                .map(|(_, row)| row);
            let other =
                other.ok_or_else(|| Refusal::invalid_field(&format!("/source/{field}"), "invalid"))?;
            row.insert(field.clone(), value(&other, &field));
        }
    }
    row.insert("modifiedTime".to_owned(), call.now().into());
    call.org.put(&module, master, row);
    let field = if module == "contacts" {
        "contactId"
    } else {
        "accountId"
    };
    let owned: &[&str] = if module == "contacts" {
        &["tickets", "tasks", "calls", "events"]
    } else {
        &["tickets", "contacts", "contracts"]
    };
    for id in &ids {
        for other in owned {
            for record in call.org.ids(other, &[Clause::is(field, id)]) {
                records::patch(call, other, &record, field, own.clone().into());
                if *other == "contacts" {
                    ties::link(call.org, &record, id, false);
                    ties::link(call.org, &record, &own, true);
                }
            }
        }
        ties::unlink(call.org, &module, id);
        call.org.remove(&module, id.parse().unwrap_or(0));
    }
    let echo = render::echo(call, &module, master).ok_or_else(Refusal::not_found)?;
    call.with(&echo)
}

/// What the contracts of an account promise, each once.
pub(crate) fn slas(call: &mut Call<'_>) -> Answer {
    call.record("accounts")?;
    let mut query = paging::query(call)?;
    query.clauses = vec![Clause::is("accountId", &call.path[0])];
    let contracts = call.org.page("contracts", &query).into_iter();
    let mut rows: Vec<Value> = Vec::new();
    for contract in contracts.filter_map(|id| call.org.row("contracts", id)) {
        let row = json!({"id": contract["associatedSLAId"], "name": contract["slaName"], "isActive": true});
        if row["id"].is_string() && !rows.contains(&row) {
            rows.push(row);
        }
    }
    call.list("data", rows)
}

/// The tickets of a contact or an account as events, newest first.
pub(crate) fn history(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    call.record(&module)?;
    let mut query = paging::query(call)?;
    query.clauses = vec![
        Clause::is(call.route.by.as_deref().unwrap_or_default(), &call.path[0]),
        Clause::is("isTrashed", "false"),
    ];
    for (param, field) in [
        ("contactId", "contactId"),
        ("agentId", "assigneeId"),
        ("departmentId", "departmentId"),
    ] {
        query
            .clauses
            .extend(call.query(param).map(|sent| Clause::is(field, sent)));
    }
    let rows = call
        .org
        .page("tickets", &query)
        .into_iter()
        .filter_map(|id| event(call, id))
        .collect();
    call.list("data", rows)
}

fn event(call: &Call<'_>, id: u64) -> Option<Value> {
    let ticket = call.org.row("tickets", id)?;
    let contact = call
        .org
        .row_of("contacts", text(&ticket, "contactId"))
        .map(|(_, row)| row)
        .unwrap_or_default();
    let name = format!("{} {}", text(&contact, "firstName"), text(&contact, "lastName"));
    let keys = [
        "ticketNumber",
        "subject",
        "status",
        "statusType",
        "priority",
        "departmentId",
        "dueDate",
        "webUrl",
    ];
    let mut row: Row = keys
        .into_iter()
        .map(|key| (key.to_owned(), value(&ticket, key)))
        .collect();
    row.insert("ticketId".to_owned(), value(&ticket, "id"));
    row.insert("eventTime".to_owned(), value(&ticket, "createdTime"));
    row.insert("operation".to_owned(), "TICKET_CREATED".into());
    row.insert("recipients".to_owned(), json!([]));
    row.insert(
        "author".to_owned(),
        json!({"id": ticket["contactId"], "name": name.trim(), "firstName": contact.get("firstName"), "lastName": contact.get("lastName"),
            "email": contact.get("email"), "photoURL": null, "type": "END_USER"}),
    );
    Some(row.into())
}

/// How many tickets a contact or an account has, by status type.
pub(crate) fn statistics(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    let (_, record) = call.record(&module)?;
    let field = call.route.by.as_deref().unwrap_or_default();
    let mut base = vec![
        Clause::is(field, &call.path[0]),
        Clause::is("isTrashed", "false"),
        Clause::is("isSpam", "false"),
    ];
    base.extend(
        call.query("departmentId")
            .map(|id| Clause::is("departmentId", id)),
    );
    let count = |kind: &str| {
        call.org
            .count(
                "tickets",
                &[base.clone(), vec![Clause::is("statusType", kind)]].concat(),
            )
            .to_string()
    };
    let all = call.org.count("tickets", &base).to_string();
    let answer = json!({
        "customerHappiness": value(&record, "customerHappiness"),
        "ticketsCount": {"totalTickets": all, "openTickets": count("Open"), "onHoldTickets": count("On Hold"), "closedTickets": count("Closed")},
    });
    call.with(&answer)
}

/// Products of exactly this name.
pub(crate) fn duplicates(call: &mut Call<'_>) -> Answer {
    let mut query = paging::query(call)?;
    let name = call.query("productName").unwrap_or_default();
    query.clauses = crate::desk::filters::alive(call, "products");
    query.clauses.push(Clause::is("productName", name));
    let rows = records::page(call, "products", &query);
    call.list("data", rows)
}
