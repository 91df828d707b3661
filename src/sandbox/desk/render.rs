//! Records as they leave: list rows, detail forms, records inside of records.

use serde_json::{Value, json};

use super::call::Call;
use super::clauses::Clause;
use super::derived;
use super::modules::{self, Row, text, value};
use super::org::Org;
use super::times;

/// A row of a list, with what `include` and `fields` add.
pub(crate) fn row(call: &Call<'_>, module: &str, id: u64) -> Option<Value> {
    let record = call.org.row(module, id)?;
    let mut row = pick(&record, &modules::module(module).row);
    for name in call
        .items("fields")
        .iter()
        .filter(|name| !row.contains_key(*name))
        .cloned()
        .collect::<Vec<_>>()
    {
        if let Some(found) = extra(&record, &name) {
            row.insert(name, found);
        }
    }
    if module == "contacts" && call.parent() == "accounts"
        || module == "accounts" && call.parent() == "contacts"
    {
        row.insert("mappingInfo".into(), mapping(call, module, &record));
    }
    if module == "fields" && record.contains_key("allowedValues") {
        row.insert("allowedValues".into(), value(&record, "allowedValues"));
    }
    if module == "teams" {
        row.insert("derivedAgents".into(), derived_agents(call.org, &record));
    }
    derived::fill(call, module, &record, &mut row);
    for name in call.items("include") {
        include(call, module, &record, &name, &mut row);
    }
    call.org.sight.hide(module, &mut row);
    Some(Value::Object(row))
}

/// The agents whom a team has by their roles; a program of fluidattacks reads no team without them.
fn derived_agents(org: &Org, team: &Row) -> Value {
    let roles = modules::texts(team, "roles");
    match roles.is_empty() {
        true => json!([]),
        false => org.ids("agents", &[Clause::one_of("roleId", roles)]).into(),
    }
}

fn extra(record: &Row, name: &str) -> Option<Value> {
    if name.starts_with('_') {
        return None;
    }
    let custom = record.get("cf").and_then(|cf| cf.get(name));
    custom.or_else(|| record.get(name)).cloned()
}

fn mapping(call: &Call<'_>, module: &str, record: &Row) -> Value {
    let owner = call.path.first().map(String::as_str).unwrap_or_default();
    let main = match module {
        "contacts" => text(record, "accountId") == owner,
        _ => call
            .org
            .row_of("contacts", owner)
            .is_some_and(|(_, contact)| text(&contact, "accountId") == text(record, "id")),
    };
    json!({"mappingId": text(record, "id"), "mappingType": if main { "PRIMARY" } else { "SECONDARY" }, "isAccountTicketsViewable": false})
}

/// A record in its detail form, with what `include` adds.
pub(crate) fn detail(call: &Call<'_>, module: &str, id: u64) -> Option<Value> {
    let record = call.org.row(module, id)?;
    let mut row = whole(call, module, &record);
    for name in call.items("include") {
        include(call, module, &record, &name, &mut row);
    }
    Some(Value::Object(row))
}

/// A record as a search finds it: all of its fields, and tickets with the names of their contact and assignee.
pub(crate) fn found(call: &Call<'_>, module: &str, id: u64) -> Option<Value> {
    let record = call.org.row(module, id)?;
    let mut row = whole(call, module, &record);
    if module == "tickets" {
        include(call, module, &record, "contacts", &mut row);
        include(call, module, &record, "assignee", &mut row);
        include(call, module, &record, "departments", &mut row);
    }
    Some(Value::Object(row))
}

/// A record as the answer to a write shows it.
pub(crate) fn echo(call: &Call<'_>, module: &str, id: u64) -> Option<Value> {
    let record = call.org.row(module, id)?;
    let mut row = whole(call, module, &record);
    for key in &modules::module(module).echo_omits {
        row.shift_remove(key);
    }
    Some(Value::Object(row))
}

fn whole(call: &Call<'_>, module: &str, record: &Row) -> Row {
    let mut row = pick(record, &modules::module(module).detail);
    if module == "tickets" {
        let now = times::format(call.moment());
        let late = |key: &str| {
            text(record, "statusType") != "Closed"
                && !text(record, key).is_empty()
                && *text(record, key) < *now
        };
        row.insert("isOverDue".into(), late("dueDate").into());
        row.insert("isResponseOverdue".into(), late("responseDueDate").into());
        let me = call.me();
        let follows = call
            .org
            .side(module, text(record, "id").parse().unwrap_or(0), "followers")
            .iter()
            .any(|row| text(row, "id") == me);
        row.insert("isFollowing".into(), follows.into());
    }
    if module == "fields" && record.contains_key("allowedValues") {
        row.insert("allowedValues".into(), value(record, "allowedValues"));
    }
    derived::fill(call, module, record, &mut row);
    // Only lists tell it.
    row.shift_remove("mappedSkillsStatus");
    call.org.sight.hide(module, &mut row);
    row
}

fn pick(record: &Row, keys: &[String]) -> Row {
    keys.iter().map(|key| (key.clone(), value(record, key))).collect()
}

fn short(org: &Org, module: &str, id: &str, keys: &[&str]) -> Value {
    let pick = |record: &Row| {
        let fields = keys.iter();
        let mut row: Row = fields
            .map(|key| ((*key).to_owned(), value(record, key)))
            .collect();
        org.sight.hide(module, &mut row);
        row.into()
    };
    match module {
        "tickets" => org.row_of(module, id).map(|(_, row)| pick(&row)),
        _ => org.record(module, id).map(pick),
    }
    .unwrap_or_default()
}

/// An agent inside of another record.
pub(crate) fn agent(org: &Org, id: &str) -> Value {
    let Some(record) = org.record("agents", id) else {
        return Value::Null;
    };
    json!({"id": id, "firstName": record["firstName"], "lastName": record["lastName"], "email": record["emailId"], "photoURL": record["photoURL"]})
}

/// A contact inside of a ticket, an activity.
pub(crate) fn contact(org: &Org, id: &str) -> Value {
    let mut contact = short(
        org,
        "contacts",
        id,
        &[
            "id",
            "firstName",
            "lastName",
            "email",
            "phone",
            "mobile",
            "type",
            "isSpam",
        ],
    );
    if let (Some(row), Some(record)) = (contact.as_object_mut(), org.record("contacts", id)) {
        row.insert("account".into(), account(org, text(record, "accountId")));
    }
    contact
}

fn account(org: &Org, id: &str) -> Value {
    short(org, "accounts", id, &["id", "accountName", "website"])
}

/// Adds what an `include` name stands for.
pub(crate) fn include(call: &Call<'_>, module: &str, record: &Row, name: &str, row: &mut Row) {
    let org: &Org = call.org;
    let owner = if module == "tickets" {
        "assigneeId"
    } else {
        "ownerId"
    };
    let (key, found) = match name {
        "contacts" => ("contact", contact(org, text(record, "contactId"))),
        "accounts" => ("account", account(org, text(record, "accountId"))),
        "products" => (
            "product",
            short(org, "products", text(record, "productId"), &["id", "productName"]),
        ),
        "departments" if module == "products" => {
            ("departments", listed(org, "departments", record, "departmentIds"))
        }
        "departments" | "department" => (
            "department",
            short(org, "departments", text(record, "departmentId"), &["id", "name"]),
        ),
        "team" | "teams" => (
            "team",
            short(org, "teams", text(record, "teamId"), &["id", "name", "logoUrl"]),
        ),
        "assignee" => ("assignee", agent(org, text(record, owner))),
        "owner" => ("owner", agent(org, text(record, "ownerId"))),
        "creator" => ("creator", agent(org, text(record, "creatorId"))),
        "tickets" => (
            "ticket",
            short(
                org,
                "tickets",
                text(record, "ticketId"),
                &["id", "ticketNumber", "subject", "status", "statusType"],
            ),
        ),
        "role" => (
            "role",
            short(org, "roles", text(record, "roleId"), &["id", "name"]),
        ),
        "profile" => (
            "profile",
            short(org, "profiles", text(record, "profileId"), &["id", "name"]),
        ),
        "associatedDepartments" => (
            name,
            listed(org, "departments", record, "associatedDepartmentIds"),
        ),
        "associatedChatDepartments" => (
            name,
            listed(org, "departments", record, "associatedChatDepartmentIds"),
        ),
        "verifiedEmails" => (name, json!([{"emailId": record["emailId"], "isPrimary": true}])),
        "isRead" => ("isRead", value(record, "_read")),
        "skills" => ("skillsInfo", json!([])),
        "contract" => ("contract", contract(org, record)),
        _ => return,
    };
    row.insert(key.to_owned(), found);
}

fn contract(org: &Org, ticket: &Row) -> Value {
    let of_account = [
        Clause::is("accountId", text(ticket, "accountId")),
        Clause::is("contractStatus", "ACTIVE"),
    ];
    let found = org
        .ids("contracts", &of_account)
        .into_iter()
        .next()
        .unwrap_or_default();
    short(org, "contracts", &found, &["id", "contractName", "slaName"])
}

fn listed(org: &Org, module: &str, record: &Row, key: &str) -> Value {
    modules::texts(record, key)
        .iter()
        .map(|id| short(org, module, id, &["id", "name"]))
        .collect()
}
