//! Which scopes open a route.

use crate::http::Grant;

/// True when one of the alternatives is covered in full; `{module}` stands for the module's scope word.
pub(crate) fn allows(grant: &Grant, alternatives: &[&[&str]], module: &str) -> bool {
    alternatives.iter().any(|all| {
        all.iter()
            .all(|scope| grant.covers(&scope.replace("{module}", module)))
    })
}
