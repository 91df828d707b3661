//! Whether a fault can ever strike: a path of its that no operation begins with is a slip of who wrote it.

use crate::{crm, desk};

/// Whether some served path begins like this one.
pub(super) fn leads_somewhere(prefix: &str) -> bool {
    let begins = |whole: &str| whole.starts_with(prefix) || prefix.starts_with(whole);
    if begins("/oauth") {
        return true;
    }
    if let Some(inside) = prefix.strip_prefix("/api/v1/") {
        // Modules of one's own are the only ones that no route names.
        let own = inside.starts_with("cm_");
        let named = |path: &str| own || !path.starts_with('{');
        return desk::routes::ROUTES
            .iter()
            .map(|route| route.path.trim_start_matches('/'))
            .any(|path| named(path) && fits(inside, path));
    }
    if let Some(inside) = prefix.strip_prefix("/crm/") {
        let after_the_version = inside.split_once('/').map_or("", |(_, rest)| rest);
        return crm::ROUTES
            .iter()
            .any(|route| fits(after_the_version, route.path.trim_start_matches('/')));
    }
    begins("/api/v1") || begins("/crm")
}

/// Whether a path of this pattern can begin so; the last segment may be begun only.
fn fits(prefix: &str, pattern: &str) -> bool {
    let mut segments = prefix.split('/').peekable();
    let mut parts = pattern.split('/');
    while let Some(segment) = segments.next() {
        let Some(part) = parts.next() else {
            return false;
        };
        let is_last = segments.peek().is_none();
        let same = part.starts_with('{') || part == segment || is_last && part.starts_with(segment);
        if !same {
            return false;
        }
    }
    true
}
