//! What an agent of an organization has by its profile and departments as they are now, and whether what a call names lies
//! within it.
//!
//! Refusals are FORBIDDEN (Desk's documents: the user does not have all the permissions required). That lists leave out
//! what another department has, and that its records are refused by their id, follows from "will only be able to access and
//! view tickets that belong to that department" (help: adding agents); that a query or a body naming one is refused, too,
//! is a guess.

use serde_json::{Map, Value};

use super::clauses::Clause;
use super::modules::{self, Row, is, text};
use super::org::Org;
use super::refusal::Refusal;
use super::routes::Route;
use super::seed::Kind;
use super::sight::{Hidden, Limits, Sight, first};
use crate::http::Request;
use crate::permissions::Rule;
use crate::permissions::desk::{about, department_field, rule};

/// What an agent of an organization has now. (Assumed: one who was deactivated is refused.)
pub(crate) fn of(org: &Org, agent: u64) -> Result<Sight, Refusal> {
    if agent == 0 {
        return Ok(Sight::default());
    }
    let row = org.row_of("agents", &org.world.id(Kind::AGENT, agent));
    let row = row.map(|(_, row)| row).unwrap_or_default();
    if text(&row, "status") != "ACTIVE" {
        return Err(Refusal::forbidden());
    }
    if text(&row, "rolePermissionType") == "Admin" {
        return Ok(Sight { agent, limits: None });
    }
    let profile = org.row_of("profiles", text(&row, "profileId"));
    let profile = profile.map(|(_, row)| row).unwrap_or_default();
    let limits = Limits {
        permissions: modules::value(&profile, "permissions"),
        departments: modules::texts(&row, "associatedDepartmentIds"),
        hidden: hidden(org, &profile),
        light: text(&row, "rolePermissionType") == "Light",
        own: false,
    };
    Ok(Sight {
        agent,
        limits: Some(limits),
    })
}

/// Whether everything that the call names lies within the agent's reach.
pub(crate) fn reaches(
    sight: &Sight,
    org: &Org,
    route: &Route,
    path: &[String],
    body: &Map<String, Value>,
    request: &Request,
) -> Result<(), Refusal> {
    let Some(limits) = &sight.limits else {
        return Ok(());
    };
    let rule = rule(&route.method, &route.path);
    if rule.private && limits.light && is(body, "isPublic") {
        return Err(Refusal::forbidden());
    }
    let module = about(first(request));
    if let Some((_, row)) = path.first().and_then(|id| org.row_of(module_of(module), id)) {
        limits.may_reach(module_of(module), &row)?;
    }
    let foreign = |module: &str, id: &str| {
        let row = org.row_of(module, id);
        row.is_some_and(|(_, row)| limits.may_reach(module, &row).is_err())
    };
    let named = named(body, module);
    let departments = departments(rule, module, body, request);
    let is_foreign =
        |id: &String| org.row_of("departments", id).is_some() && !limits.departments.contains(id);
    if named.iter().any(|(module, id)| foreign(module, id)) || departments.iter().any(is_foreign) {
        return Err(Refusal::forbidden());
    }
    Ok(())
}

fn hidden(org: &Org, profile: &Row) -> Vec<Hidden> {
    let Some(Value::Object(hidden)) = profile.get("_hidden") else {
        return Vec::new();
    };
    let label = |module: &str, name: &str| {
        let ids = org.ids(
            "fields",
            &[Clause::is("_module", module), Clause::is("apiName", name)],
        );
        let row = ids.first().and_then(|id| org.row_of("fields", id));
        row.map_or_else(String::new, |(_, row)| text(&row, "displayLabel").to_owned())
    };
    let of = |(module, names): (&String, &Value)| {
        let names = names.as_array().cloned().unwrap_or_default();
        let one = |name: &Value| {
            let name = name.as_str().unwrap_or_default().to_owned();
            let label = label(module, &name);
            Hidden {
                module: module.clone(),
                name,
                label,
            }
        };
        names.iter().map(one).collect::<Vec<Hidden>>()
    };
    hidden.iter().flat_map(of).collect()
}

fn module_of(module: &str) -> &str {
    if module == "organizationFields" {
        "fields"
    } else {
        module
    }
}

/// The records that a body names, with the module of each.
fn named(body: &Map<String, Value>, module: &str) -> Vec<(String, String)> {
    let lists = body.iter().filter(|(key, _)| key.to_lowercase().ends_with("ids"));
    let mut named: Vec<(String, String)> = lists
        .flat_map(|(key, _)| modules::texts(body, key))
        .map(|id| (module.to_owned(), id))
        .collect();
    let ticket = text(body, "ticketId");
    if !ticket.is_empty() {
        named.push(("tickets".to_owned(), ticket.to_owned()));
    }
    named
}

/// The departments that a query or a body asks for, where the call is about what belongs to one.
fn departments(rule: &Rule, module: &str, body: &Map<String, Value>, request: &Request) -> Vec<String> {
    if rule.anywhere || department_field(module).is_none() {
        return Vec::new();
    }
    let asked = ["departmentId", "departmentIds"].into_iter();
    let mut asked: Vec<String> = asked
        .filter_map(|name| request.query(name))
        .flat_map(|sent| sent.split(','))
        .map(|id| id.trim().to_owned())
        .collect();
    asked.push(text(body, "departmentId").to_owned());
    asked.extend(modules::texts(body, "departmentIds"));
    asked
}
