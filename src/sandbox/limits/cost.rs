//! What CRM charges for a call, and which calls it counts as heavy.

use ::http::Method;
use serde_json::Value;

use crate::wire::Call;

/// The credits of one CRM call.
pub(super) fn of(call: &Call) -> i64 {
    let path = segments(call);
    match path.as_slice() {
        ["coql"] => match selected(call) {
            0..=200 => 1,
            201..=1000 => 2,
            _ => 3,
        },
        [_, "actions", "count"] => 50,
        [_, "deleted"] => 2,
        [_, _, "actions", "convert"] => 5,
        // What follows the version of `/crm/bulk/`.
        [_, "read"] if call.method == Method::POST => 50,
        [_, "write"] if call.method == Method::POST => 500,
        ["settings", ..] => 1,
        [_] if call.method == Method::GET && has_parameter(call, &["cvid"]) => 3,
        [_] | [_, "upsert"] if is_write(call) => (written(call) as i64 + 9) / 10,
        _ => 1,
    }
    .max(1)
}

/// Calls of which only ten may be in flight.
pub(super) fn is_heavy(call: &Call) -> bool {
    match segments(call).as_slice() {
        ["coql"] | [_, _, "actions", "convert" | "send_mail"] => true,
        ["settings", ..] => false,
        [_] if call.method == Method::GET => has_parameter(call, &["cvid", "sort_by"]),
        [_] | [_, "upsert"] => is_write(call) && written(call) > 10,
        _ => false,
    }
}

fn segments(call: &Call) -> Vec<&str> {
    let path = call.uri.path().trim_start_matches("/crm/");
    // The first names the version.
    path.split('/').skip(1).filter(|part| !part.is_empty()).collect()
}

fn is_write(call: &Call) -> bool {
    matches!(call.method, Method::POST | Method::PUT)
}

fn has_parameter(call: &Call, names: &[&str]) -> bool {
    let query = call.uri.query().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| names.contains(&&*name))
}

/// Records in the body of a write.
fn written(call: &Call) -> usize {
    let body: Option<Value> = serde_json::from_slice(&call.body).ok();
    body.as_ref()
        .and_then(|body| body.get("data")?.as_array())
        .map_or(0, Vec::len)
}

/// Rows a COQL query asks for: `limit n` or `limit offset, n`, else 200.
fn selected(call: &Call) -> u64 {
    let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let query = body["select_query"]
        .as_str()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let Some((_, limit)) = query.rsplit_once(" limit ") else {
        return 200;
    };
    let limit = limit.split("offset").next().unwrap_or_default();
    let last = limit.rsplit(',').next().unwrap_or_default().trim();
    last.parse().unwrap_or(200)
}
