//! Organizations, agents, departments, teams, profiles, views: what only they have.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{records, references, tickets};
use crate::desk::call::{Answer, Call};
use crate::desk::clauses::{Clause, Test};
use crate::desk::filters;
use crate::desk::modules::{self, Row, is, text};
use crate::desk::paging;
use crate::desk::refusal::Refusal;
use crate::desk::render;
use crate::http::Reply;

/// The organizations of the token's user.
pub(crate) fn organizations(call: &mut Call<'_>) -> Answer {
    let own = (0..call.organizations.len()).filter_map(|at| own_organization(call, at));
    let rows = own.map(Value::Object).collect();
    call.list("data", rows)
}

/// An organization as the token's user has it; none when they are no agent of it.
fn own_organization(call: &Call<'_>, at: usize) -> Option<Row> {
    let person = call
        .request
        .grant
        .as_ref()
        .map(|grant| grant.person)
        .unwrap_or_default();
    let agent = person.desk[at]?;
    let mut row = call.organizations[at].clone();
    row.insert("isAdminInOrg".to_owned(), (agent == 0).into());
    Some(row)
}

/// (Assumed: that an organization of others is as if it were not there.)
fn position(call: &Call<'_>) -> Result<usize, Refusal> {
    call.organizations
        .iter()
        .position(|row| text(row, "id") == call.path[0])
        .filter(|at| own_organization(call, *at).is_some())
        .ok_or_else(Refusal::not_found)
}

/// One organization.
pub(crate) fn organization(call: &mut Call<'_>) -> Answer {
    let mut row = own_organization(call, position(call)?).unwrap_or_default();
    if call.flag("includeCustomDomain") {
        row.insert("customDomain".to_owned(), Value::Null);
    }
    call.with(&row.into())
}

/// Changes an organization's profile.
pub(crate) fn update_organization(call: &mut Call<'_>) -> Answer {
    let at = position(call)?;
    let body = call.body.clone();
    let row = &mut Arc::make_mut(call.organizations)[at];
    for (key, value) in body {
        if row.contains_key(&key) {
            row.insert(key, value);
        }
    }
    let row = row.clone();
    call.with(&row.into())
}

/// The agent whom the token belongs to.
pub(crate) fn me(call: &mut Call<'_>) -> Answer {
    let id = call.me().parse().unwrap_or(0);
    let record = render::detail(call, "agents", id).ok_or_else(Refusal::not_found)?;
    call.with(&record)
}

/// The agent of a Zoho user.
pub(crate) fn agent_by_zuid(call: &mut Call<'_>) -> Answer {
    agent_by(call, "zuid")
}

/// The agent of an e-mail address.
pub(crate) fn agent_by_email(call: &mut Call<'_>) -> Answer {
    agent_by(call, "emailId")
}

fn agent_by(call: &Call<'_>, field: &str) -> Answer {
    let found = call.org.ids("agents", &[Clause::is(field, &call.path[0])]);
    let id = found.first().and_then(|id| id.parse().ok());
    match id.and_then(|id| render::detail(call, "agents", id)) {
        Some(record) => call.with(&record),
        None => Ok(Reply::empty(204)),
    }
}

/// Lets agents work again.
pub(crate) fn activate_agents(call: &mut Call<'_>) -> Answer {
    let ids = call.sent_ids("agentIds");
    call.must_exist("agents", &ids, "/agentIds")?;
    for id in ids {
        records::patch(call, "agents", &id, "status", "ACTIVE".into());
    }
    call.done()
}

/// Keeps an agent from working.
pub(crate) fn deactivate_agent(call: &mut Call<'_>) -> Answer {
    call.record("agents")?;
    let id = call.path[0].clone();
    if id == call.me() {
        return Err(Refusal::forbidden());
    }
    records::patch(call, "agents", &id, "status", "DISABLED".into());
    call.done()
}

/// Whether a department of this name exists.
pub(crate) fn department_exists(call: &mut Call<'_>) -> Answer {
    let name = call.query("departmentName").unwrap_or_default();
    call.with(&json!({"isExists": call.org.count("departments", &[Clause::is("name", name)]) > 0}))
}

/// Opens a department.
pub(crate) fn enable_department(call: &mut Call<'_>) -> Answer {
    set_enabled(call, true)
}

/// Closes a department; the default one stays open.
pub(crate) fn disable_department(call: &mut Call<'_>) -> Answer {
    if call.path[0] == tickets::default_department(call) {
        return Err(Refusal::unprocessable(
            "The default department cannot be disabled.",
        ));
    }
    set_enabled(call, false)
}

fn set_enabled(call: &mut Call<'_>, enabled: bool) -> Answer {
    call.record("departments")?;
    let id = call.path[0].clone();
    records::patch(call, "departments", &id, "isEnabled", enabled.into());
    call.done()
}

/// Agents who do not work in the department yet.
pub(crate) fn associable_agents(call: &mut Call<'_>) -> Answer {
    call.record("departments")?;
    let mut query = paging::query(call)?;
    query.clauses = filters::clauses(call, "agents")?;
    query.clauses.push(Clause::new(
        "associatedDepartmentIds",
        Test::NoneOf(vec![call.path[0].clone()]),
    ));
    let rows = records::page(call, "agents", &query);
    call.list("data", rows)
}

/// Lets agents work in a department.
pub(crate) fn associate_agents(call: &mut Call<'_>) -> Answer {
    tie_agents(call, true)
}

/// Takes agents out of a department.
pub(crate) fn dissociate_agents(call: &mut Call<'_>) -> Answer {
    tie_agents(call, false)
}

fn tie_agents(call: &mut Call<'_>, tie: bool) -> Answer {
    call.record("departments")?;
    let department = call.path[0].clone();
    let ids = call.sent_ids("agentIds");
    call.must_exist("agents", &ids, "/agentIds")?;
    for agent in ids {
        if tie {
            call.org
                .add_to_list("agents", &agent, "associatedDepartmentIds", &department);
            call.org
                .add_to_list("departments", &department, "associatedAgentIds", &agent);
        } else {
            call.org
                .take_from_list("agents", &agent, "associatedDepartmentIds", &department);
            call.org
                .take_from_list("departments", &department, "associatedAgentIds", &agent);
        }
    }
    call.done()
}

/// The agents of a team.
pub(crate) fn team_members(call: &mut Call<'_>) -> Answer {
    let (_, team) = call.record("teams")?;
    let members = modules::texts(&team, "agents");
    let rows: Vec<Value> = members
        .iter()
        .filter_map(|id| render::row(call, "agents", id.parse().ok()?))
        .collect();
    call.with(&json!({"members": rows}))
}

/// Deletes a team; its tickets and tasks go to the named team and agent, or to nobody.
pub(crate) fn delete_team(call: &mut Call<'_>) -> Answer {
    let (id, _) = call.record("teams")?;
    let own = call.path[0].clone();
    let heirs = [
        ("tickets", "teamId", "ticketNewTeam", "teams"),
        ("tickets", "assigneeId", "ticketNewAgent", "agents"),
        ("tasks", "teamId", "taskNewTeam", "teams"),
        ("tasks", "ownerId", "taskNewAgent", "agents"),
    ];
    for (_, _, key, target) in heirs {
        let heir = call.sent(key);
        if heir != "null" && (heir == own || call.org.row_of(target, &heir).is_none()) {
            return Err(Refusal::invalid_field(&format!("/{key}"), "invalid"));
        }
    }
    for module in ["tickets", "tasks"] {
        for record in call.org.ids(module, &[Clause::is("teamId", &own)]) {
            for (_, field, key, _) in heirs.iter().filter(|heir| heir.0 == module) {
                let heir = call.sent(key);
                match (*field, heir.as_str()) {
                    (_, "null") if *field != "teamId" => {}
                    (_, "null") => records::patch(call, module, &record, field, Value::Null),
                    _ => records::patch(call, module, &record, field, heir.into()),
                }
            }
        }
    }
    call.org.remove("teams", id);
    call.done()
}

/// Makes a new profile like an existing one.
pub(crate) fn clone_profile(call: &mut Call<'_>) -> Answer {
    let (_, mut row) = call.record("profiles")?;
    let id = call.org.new_id();
    for (key, value) in [
        ("id", json!(id.to_string())),
        ("name", json!(call.sent("name"))),
        ("description", json!(call.sent("description"))),
        ("default", json!(false)),
        ("createdBy", json!(call.me())),
        ("createdTime", json!(call.now())),
        ("modifiedTime", json!(call.now())),
    ] {
        row.insert(key.to_owned(), value);
    }
    call.org.put("profiles", id, row);
    let record = render::echo(call, "profiles", id).ok_or_else(Refusal::not_found)?;
    call.with(&record)
}

/// The view of a module that was looked at last; the first one before any was.
pub(crate) fn last_view(call: &mut Call<'_>) -> Answer {
    let module = call.query("module").unwrap_or_default().to_owned();
    let first = call
        .org
        .ids("views", &[Clause::is("_module", &module)])
        .into_iter()
        .next();
    let id = call
        .org
        .last_views
        .get(&module)
        .cloned()
        .or(first)
        .and_then(|id| id.parse().ok());
    let record = id
        .and_then(|id| render::detail(call, "views", id))
        .ok_or_else(Refusal::not_found)?;
    call.with(&record)
}

/// Notes a view as looked at.
pub(crate) fn remember_view(call: &mut Call<'_>) -> Answer {
    let (_, row) = call.record("views")?;
    call.org
        .last_views
        .insert(text(&row, "_module").to_owned(), call.path[0].clone());
    call.done()
}

/// The layout as the token's user fills it in.
pub(crate) fn my_form(call: &mut Call<'_>) -> Answer {
    let id = call.query("layoutId").and_then(|id| id.parse().ok()).unwrap_or(0);
    let record = render::detail(call, "layouts", id).ok_or_else(|| Refusal::bad_param("layoutId"))?;
    call.with(&record)
}

/// The statuses of tickets with their types.
pub(crate) fn ticket_statuses(call: &mut Call<'_>) -> Answer {
    let field: Row = references::field(call, "tickets", "status").unwrap_or_default();
    let values = field
        .get("allowedValues")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let rows = values.into_iter().map(|value| json!({"status": value["value"], "statusType": value["statusType"], "isActive": !is(&field, "isDisabled")}));
    call.list("data", rows.collect())
}
