//! The departments of a person of Desk who does not belong to all: what is another's is not shown to them, nor counted.

use serde_json::{Map, Value};

use super::Context;
use crate::tools::modules::{Kind, Module};
use crate::tools::settings::named::Named;
use crate::zoho::Session;

/// The names of those, where they are not all there are.
pub(super) fn only(user: &Map<String, Value>, all: &[Named]) -> Option<Vec<String>> {
    let own = user.get("associatedDepartmentIds")?.as_array()?;
    let own: Vec<&str> = own.iter().filter_map(Value::as_str).collect();
    if all.iter().all(|department| own.contains(&department.id.as_str())) {
        return None;
    }
    let named = all
        .iter()
        .filter(|department| own.contains(&department.id.as_str()));
    Some(named.map(|department| department.name.clone()).collect())
}

/// The same of a number, beside which no row tells where it is from: who the person is is asked once.
pub(super) async fn tell_counted(
    context: Context<'_>,
    session: &Session,
    module: &Module,
    filters: &[(&str, &Value)],
) -> Option<String> {
    let is_of_some = |(name, _): &(&str, &Value)| name.to_lowercase().starts_with("department");
    if !module.list.filters.contains_key("departmentId") || filters.iter().any(is_of_some) {
        return None;
    }
    let known = &context.invocation.equipment().settings.names;
    let (_user, _all) = tokio::join!(
        known.current_user(session),
        known.of(session, None, Kind::Department, false)
    );
    tell_only(context, session, module)
}

/// What is told of records that belong to departments, where it is known of the person without asking.
pub(super) fn tell_only(context: Context<'_>, session: &Session, module: &Module) -> Option<String> {
    module.list.filters.get("departmentId")?;
    let known = &context.invocation.equipment().settings.names;
    let all = known.recall(session, Kind::Department)?;
    let own = only(&known.recall_user(session)?, &all)?;
    Some(format!(
        "This person is shown the departments {} only.",
        own.join(", ")
    ))
}
