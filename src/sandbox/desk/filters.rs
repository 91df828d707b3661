//! The filters of list operations: each query parameter becomes a condition on records.

use serde_json::Value;

use super::call::Call;
use super::clauses::{Clause, Pattern, Test};
use super::modules::{Row, text, value};
use super::refusal::Refusal;
use super::routes::Fit;
use super::times;

/// The conditions of a list of `module`; spam and trash stay out unless they are asked for.
pub(crate) fn clauses(call: &Call<'_>, module: &str) -> Result<Vec<Clause>, Refusal> {
    let mut clauses = alive(call, module);
    for (name, sent) in call.request.query.iter().filter(|(_, sent)| !sent.is_empty()) {
        match name.as_str() {
            "viewId" => clauses.extend(view(call, module, sent)?),
            "filters" | "filter" if module != "fields" => clauses.extend(json_filter(call, module, sent)),
            // The ids of a list by ids, which is no condition on a field.
            name if call.route.handler == "records.by_ids" && is_required(call, name) => {}
            name => clauses.extend(param(call, module, name, sent)),
        }
    }
    Ok(clauses)
}

fn is_required(call: &Call<'_>, name: &str) -> bool {
    call.route.query.get(name).is_some_and(|param| param.required)
}

/// Conditions that keep trash, spam, what is archived and what is not asked for out of sight.
pub(crate) fn alive(call: &Call<'_>, module: &str) -> Vec<Clause> {
    let shape = super::modules::module(module);
    let mut clauses = Vec::new();
    if shape.blank.contains_key("isTrashed") || shape.trash.is_some() {
        clauses.push(Clause::new("isTrashed", Test::NoneOf(vec!["true".to_owned()])));
    }
    if shape.blank.contains_key("isSpam") && call.query("isSpam").is_none() {
        clauses.push(Clause::is("isSpam", "false"));
    }
    if shape.blank.contains_key("isArchived") {
        clauses.push(Clause::is("isArchived", "false"));
    }
    clauses
}

/// The field that holds who works on a record.
fn owner_field(module: &str) -> &'static str {
    if module == "tickets" {
        "assigneeId"
    } else {
        "ownerId"
    }
}

fn param(call: &Call<'_>, module: &str, name: &str, sent: &str) -> Vec<Clause> {
    let items = || call.items(name);
    let declared = call.route.query.get(name);
    if let Some((field, fit)) = declared.and_then(|param| Some((param.field.as_ref()?, param.fit))) {
        let like = |text: &str| Clause::new(field, Test::Like(vec![Pattern::exactly(text)]));
        return vec![match fit {
            Fit::Same => Clause::one_of(field, items()),
            Fit::Like => like(sent),
            Fit::Start => like(&format!("{sent}*")),
        }];
    }
    let one = match name {
        "departmentId" if matches!(sent, "allDepartment" | "0") => return Vec::new(),
        "departmentId" | "departmentIds" | "associatedDepartments" => {
            let field = match module {
                "agents" => "associatedDepartmentIds",
                "products" => "departmentIds",
                "views" | "fields" | "channels" => return Vec::new(),
                _ => "departmentId",
            };
            Clause::one_of(field, items())
        }
        "assignee" => assignee(module, items()),
        "ownerId" | "ownerIds" => Clause::one_of("ownerId", items()),
        "teamIds" => Clause::one_of("teamId", items()),
        "roleIds" => Clause::one_of("roleId", items()),
        "profileIds" => Clause::one_of("profileId", items()),
        "agentIds" | "ids" | "id" | "businessHourIds" => Clause::one_of("id", items()),
        "apiNames" => Clause::one_of("apiName", items()),
        "module" => Clause::is(if module == "layouts" { "module" } else { "_module" }, sent),
        "status" => status(module, items()),
        "priority" | "channel" | "permission" | "accountId" | "categoryId" | "authorId"
        | "contractStatus" | "chatStatus" | "isSpam" | "isEnabled" | "isDefault" | "isVisible"
        | "default" | "isActive" | "isConfirmed" | "layoutName" | "billingType" | "isPublic" => {
            Clause::one_of(name, items())
        }
        "visible" => Clause::is("isVisible", sent),
        "isCompleted" => Clause::is("statusType", if sent == "true" { "Closed" } else { "Open" }),
        "isLightAgent" => light(sent == "true"),
        "includeLightAgent" if sent == "false" => light(false),
        "rolePermissionType" if sent == "${NON_LIGHT}" => light(false),
        "rolePermissionType" => Clause::is(name, sent),
        "billStatus" => Clause::is("isBillable", if sent == "nonBillable" { "false" } else { "true" }),
        "receivedInDays" => match sent.parse::<i64>() {
            Ok(days) if days > 0 => Clause::new(
                "createdTime",
                Test::Between(times::days_ago(days, call.moment()), "9".into()),
            ),
            _ => return Vec::new(),
        },
        "dueDate" | "startTime" | "closedTime" => return windows(call, name, items()),
        "modifiedTimeRange" | "createdTimeRange" => {
            return range(name.trim_end_matches("Range"), sent).into_iter().collect();
        }
        "searchStr" => search_text(call, module, sent),
        "startsWith" => Clause::new(
            super::modules::module(module).title.as_str(),
            Test::Like(vec![Pattern::exactly(&format!("{sent}*"))]),
        ),
        "contractName" => Clause::new(name, Test::Like(vec![Pattern::exactly(&format!("{sent}*"))])),
        "follower" => Clause::one_of("id", side_owners(call, "followers", "id", sent)),
        "commenter" if call.query("follower").is_none() => {
            Clause::one_of("id", side_owners(call, "comments", "commenterId", sent))
        }
        _ => return Vec::new(),
    };
    vec![one]
}

fn light(wanted: bool) -> Clause {
    let values = vec!["Light".to_owned()];
    Clause::new(
        "rolePermissionType",
        if wanted {
            Test::OneOf(values)
        } else {
            Test::NoneOf(values)
        },
    )
}

/// Tickets with a row of the side list whose field has the value; only the newest thousand are looked at.
fn side_owners(call: &Call<'_>, side: &str, field: &str, wanted: &str) -> Vec<String> {
    let query = super::org::Query {
        take: 1000,
        ..Default::default()
    };
    let tickets = call.org.page("tickets", &query).into_iter();
    tickets
        .filter(|id| {
            call.org
                .side("tickets", *id, side)
                .iter()
                .any(|row| text(row, field) == wanted)
        })
        .map(|id| id.to_string())
        .collect()
}

fn assignee(module: &str, items: Vec<String>) -> Clause {
    let field = owner_field(module);
    let (nobody, agents): (Vec<_>, Vec<_>) = items
        .into_iter()
        .partition(|item| item.eq_ignore_ascii_case("unassigned"));
    let of_agents = Clause::one_of(field, agents);
    if nobody.is_empty() {
        of_agents
    } else {
        Clause::either(vec![of_agents, Clause::new(field, Test::Empty)])
    }
}

/// Status names and the groups `${OPEN}`, `${ONHOLD}` and `${CLOSED}`.
pub(crate) fn status(module: &str, items: Vec<String>) -> Clause {
    let (groups, names): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| item.starts_with("${"));
    let field = if module == "layouts" && names.iter().any(|name| name == "all") {
        "module"
    } else {
        "status"
    };
    if field == "module" {
        return Clause::new(field, Test::NotEmpty);
    }
    let kinds = groups.iter().map(|group| match group.to_uppercase().as_str() {
        "${OPEN}" => "Open",
        "${ONHOLD}" => "On Hold",
        _ => "Closed",
    });
    let of_groups = Clause::one_of("statusType", kinds);
    Clause::either(vec![Clause::one_of("status", names), of_groups])
}

fn windows(call: &Call<'_>, field: &str, names: Vec<String>) -> Vec<Clause> {
    let mut clauses = Vec::new();
    let mut spans = Vec::new();
    for name in names {
        if name.eq_ignore_ascii_case("overdue") {
            clauses.push(Clause::new("statusType", Test::NoneOf(vec!["Closed".to_owned()])));
        }
        if let Some((from, to)) = times::window(&name, call.moment()) {
            spans.push(Clause::new(field, Test::Between(from, to)));
        }
    }
    clauses.push(Clause::either(spans));
    clauses
}

/// A range `from,to` of times.
pub(crate) fn range(field: &str, sent: &str) -> Option<Clause> {
    let (from, to) = sent.split_once(',')?;
    Some(Clause::new(
        field,
        Test::Between(times::canonical(from.trim())?, times::canonical(to.trim())?),
    ))
}

/// Agents, departments, roles: `abc*` starts, `*abc*` contains, `abc` is the value; profiles use `%`.
fn search_text(call: &Call<'_>, module: &str, sent: &str) -> Clause {
    let wanted = if module == "profiles" {
        sent.replace('%', "*")
    } else {
        sent.to_owned()
    };
    let like = |field: &str| Clause::new(field, Test::Like(vec![Pattern::exactly(&wanted)]));
    match (module, call.query("fieldName")) {
        ("agents", Some(field)) => like(field),
        ("agents", None) => Clause::either(["name", "firstName", "lastName", "emailId"].map(like).to_vec()),
        _ => like("name"),
    }
}

/// The conditions of a view of the module.
pub(crate) fn view(call: &Call<'_>, module: &str, id: &str) -> Result<Vec<Clause>, Refusal> {
    let views = call.org.ids("views", &[Clause::one_of("id", [id])]);
    let by_old_id = || call.org.ids("views", &[Clause::is("deprecatedViewId", id)]);
    let found = views
        .into_iter()
        .next()
        .or_else(|| by_old_id().into_iter().next());
    let row: Row = found
        .and_then(|id| call.org.row_of("views", &id))
        .map(|(_, row)| row)
        .ok_or_else(|| Refusal::bad_param("viewId"))?;
    let of_module = text(&row, "_module");
    if of_module != module {
        return Err(Refusal::bad_param("viewId"));
    }
    let Value::Object(only) = value(&row, "_only") else {
        return Ok(Vec::new());
    };
    Ok(only
        .iter()
        .map(|(field, wanted)| match wanted.as_str() {
            Some(wanted) => Clause::is(field, wanted),
            None => Clause::new(field, Test::Empty),
        })
        .collect())
}

fn json_filter(call: &Call<'_>, module: &str, sent: &str) -> Vec<Clause> {
    let Ok(Value::Object(filter)) = serde_json::from_str::<Value>(sent) else {
        return Vec::new();
    };
    let mut clauses = Vec::new();
    for (name, wanted) in &filter {
        let items: Vec<String> = match wanted {
            Value::Array(items) => items
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            Value::String(item) => vec![item.clone()],
            _ => Vec::new(),
        };
        match name.as_str() {
            "Status" => clauses.push(status(module, items)),
            "Priority" => clauses.push(Clause::one_of("priority", items)),
            "Mode" => clauses.push(Clause::one_of("channel", items)),
            "Agent" => clauses.push(assignee(module, items)),
            "Department" => clauses.push(Clause::one_of("departmentId", items)),
            "Closed Time" => clauses.extend(windows(call, "closedTime", items)),
            "Due Date" => clauses.extend(windows(call, "dueDate", items)),
            "criteria" => clauses.extend(criteria(wanted)),
            _ => {}
        }
    }
    clauses
}

fn criteria(wanted: &Value) -> Vec<Clause> {
    let conditions = wanted.get("fieldConditions").and_then(Value::as_array);
    conditions
        .into_iter()
        .flatten()
        .filter_map(|condition| {
            let field = condition.get("field")?.as_str()?;
            let field = if field.starts_with("cf_") {
                format!("cf.{field}")
            } else {
                field.to_owned()
            };
            let data = condition
                .get("data")?
                .as_array()?
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned);
            Some(Clause::new(&field, Test::OneOf(data.collect())))
        })
        .collect()
}
