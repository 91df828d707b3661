//! Who is at work now, and what the token's own agent may do.

use serde_json::{Map, Value, json};

use crate::desk::call::{Answer, Call};
use crate::desk::clauses::Clause;
use crate::desk::modules::{self, Row, text};
use crate::desk::paging;
use crate::desk::refusal::Refusal;
use crate::desk::render;
use crate::http::Reply;

/// The agents of a department who are online.
pub(crate) fn online(call: &mut Call<'_>) -> Answer {
    listed(call, Some("ONLINE"))
}

/// The agents of a department who are not.
pub(crate) fn offline(call: &mut Call<'_>) -> Answer {
    listed(call, Some("OFFLINE"))
}

/// All agents of a department, online or not.
pub(crate) fn all(call: &mut Call<'_>) -> Answer {
    listed(call, None)
}

/// (Assumed: an agent who may work is online in every channel or in none; here every other one is, the token's own first.
/// Nobody at all is an empty list.)
fn listed(call: &Call<'_>, wanted: Option<&str>) -> Answer {
    let department = call.query("departmentId").unwrap_or_default().to_owned();
    if call.org.row_of("departments", &department).is_none() {
        return Err(Refusal::bad_param("departmentId"));
    }
    let ids = call.org.ids("agents", &[]);
    let agents = ids.iter().filter_map(|id| call.org.row_of("agents", id));
    let agents = agents.enumerate().map(|(at, (_, row))| {
        let is_online = text(&row, "status") == "ACTIVE" && at % 2 == 0;
        (row, if is_online { "ONLINE" } else { "OFFLINE" })
    });
    let is_meant = |(row, state): &(Row, &str)| {
        modules::texts(row, "associatedDepartmentIds").contains(&department)
            && wanted.is_none_or(|wanted| wanted == *state)
    };
    let found: Vec<(Row, &str)> = agents.filter(is_meant).collect();
    let total = found.len();
    let (skip, take) = paging::page(call)?;
    let include = call.items("include");
    let rows: Vec<Value> = found
        .iter()
        .skip(skip)
        .take(take)
        .map(|(row, state)| shown(row, state, &include))
        .collect();
    let more = skip + rows.len() < total;
    Ok(Reply::json(
        200,
        &json!({ "data": rows, "hasMore": more, "totalAgentsCount": total }),
    ))
}

/// When an agent who does nothing counts as away. (Assumed: the minutes, and that such a one does not count as offline; that
/// they are a text is documented.)
pub(crate) fn idle(_call: &mut Call<'_>) -> Answer {
    let config = json!({ "agentIdleTime": "30", "treatIdleAgentsAsOffline": false });
    Ok(Reply::json(200, &config))
}

fn shown(row: &Row, state: &str, include: &[String]) -> Value {
    let mut shown = Map::new();
    shown.insert("agentId".to_owned(), json!(text(row, "id")));
    shown.insert("status".to_owned(), json!(state));
    for name in include {
        let value = if name == "phoneMode" { "WEB" } else { state };
        shown.insert(name.clone(), json!(value));
    }
    Value::Object(shown)
}

fn profile(call: &Call<'_>, id: &str) -> Result<Value, Refusal> {
    let profile = id
        .parse()
        .ok()
        .and_then(|id| render::detail(call, "profiles", id));
    profile.ok_or_else(Refusal::not_found)
}

fn own_profile(call: &Call<'_>) -> Result<Value, Refusal> {
    let me = call.org.row_of("agents", &call.me()).map(|(_, row)| row);
    let id = me.map(|row| text(&row, "profileId").to_owned());
    profile(call, &id.unwrap_or_default())
}

/// The profile of the token's own agent.
pub(crate) fn my_profile(call: &mut Call<'_>) -> Answer {
    let profile = own_profile(call)?;
    call.with(&profile)
}

/// What that profile permits.
pub(crate) fn my_permissions(call: &mut Call<'_>) -> Answer {
    let profile = own_profile(call)?;
    call.with(&json!({ "permissions": profile["permissions"] }))
}

/// The profile of agents who see tickets and comment on them.
pub(crate) fn light_profile(call: &mut Call<'_>) -> Answer {
    let ids = call.org.ids("profiles", &[Clause::is("type", "LIGHT_AGENT")]);
    let profile = profile(call, ids.first().map_or("", String::as_str))?;
    call.with(&profile)
}

/// The role whose holders see only what is their own: the lowest one. (Assumed.)
pub(crate) fn personal_role(call: &mut Call<'_>) -> Answer {
    let roles = call.org.ids("roles", &[]);
    let role = roles.last().and_then(|id| id.parse().ok());
    let role = role.and_then(|id| render::detail(call, "roles", id));
    call.with(&role.ok_or_else(Refusal::not_found)?)
}
