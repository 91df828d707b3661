//! Which scopes open a route: `ZohoCRM.group[.sub].OPERATION`, compared without regard to case.

use crate::http::Grant;

/// True when one of the alternatives is covered in full; `{module}` stands for the module's scope word.
pub(crate) fn allows(grant: &Grant, alternatives: &[&[&str]], module: &str) -> bool {
    alternatives.iter().any(|all| {
        all.iter()
            .all(|scope| holds(grant, &scope.replace("{module}", module)))
    })
}

/// True when a granted scope is this one or a wider one.
pub(crate) fn holds(grant: &Grant, wanted: &str) -> bool {
    grant.scopes.iter().any(|granted| covers(granted, wanted))
}

fn covers(granted: &str, wanted: &str) -> bool {
    let granted = granted.trim().to_lowercase();
    let wanted = wanted.to_lowercase();
    let (Some((group, operation)), Some((wanted_group, wanted_operation))) =
        (granted.rsplit_once('.'), wanted.rsplit_once('.'))
    else {
        return false;
    };
    let inside = wanted_group == group
        || wanted_group
            .strip_prefix(group)
            .is_some_and(|rest| rest.starts_with('.'));
    let may = operation == "all"
        || operation == wanted_operation
        || (operation == "write" && matches!(wanted_operation, "create" | "update"));
    // The bare service (`ZohoCRM.ALL`) is not a scope Zoho has.
    inside && may && group.contains('.')
}
