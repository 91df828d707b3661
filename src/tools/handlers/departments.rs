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

/// What is told of records that belong to departments, where no condition names those asked for: who the person is and which
/// departments there are is asked once.
pub(super) async fn tell(
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
    let user = known.current_user(session).await.ok()?;
    let (all, _) = known.of(session, None, Kind::Department, false).await.ok()?;
    let own = only(&user, &all)?;
    Some(match own.as_slice() {
        [] => {
            "This person belongs to no department: what belongs to one may not be shown to them.".to_owned()
        }
        own => format!("This person is shown the departments {} only.", own.join(", ")),
    })
}
