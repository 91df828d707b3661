//! Whether a fault can ever strike: a path of its that no operation begins with is a slip of who wrote it.

use crate::{crm, desk};

/// Whether some served path begins like this one.
pub(super) fn leads_somewhere(prefix: &str, of_any_name: bool) -> bool {
    let below = |whole: &str| prefix.strip_prefix(whole).and_then(|rest| rest.strip_prefix('/'));
    if let Some(inside) = below("/api/v1") {
        // Modules of one's own are the only ones that no route names.
        let own = inside.starts_with("cm_");
        let paths = desk::routes::ROUTES
            .iter()
            .map(|route| route.path.trim_start_matches('/'));
        return paths
            .filter(|path| own || !path.starts_with('{'))
            .any(|path| fits(inside, path));
    }
    if let Some(inside) = below("/crm") {
        return crm::leads_somewhere(inside, of_any_name, fits);
    }
    let roots = ["/api/v1", "/crm", "/oauth", "/v2/crm"];
    roots.iter().any(|root| root.starts_with(prefix))
        || ["/oauth", "/v2/crm"].iter().any(|root| below(root).is_some())
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
