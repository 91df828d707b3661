//! Pages: by number as far as the version goes, then by a token that is bound to the caller, to the other parameters and to a day.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::answer;
use super::call::Call;
use super::state::Crm;
use super::time;
use crate::http::Reply;

const DAY: i64 = 86_400;

/// A row's place in the order: the value it is sorted by, then its id.
pub(crate) type Key = (String, u64);

/// The rows of one page and what `info` says about them.
pub(crate) struct Page {
    pub(crate) ids: Vec<u64>,
    pub(crate) info: Value,
}

struct Place {
    page: usize,
    /// Rows after this key, or (backwards) the ones just before it.
    from: Option<(Key, bool)>,
}

/// The page that was asked for, out of keys that are in order.
pub(crate) fn page(
    crm: &Crm,
    call: &Call<'_>,
    keys: &[Key],
    sort_by: &str,
    descending: bool,
) -> Result<Page, Reply> {
    let per_page = call.count("per_page", 200, 200)?;
    let place = place(crm, call, per_page)?;
    let start = match &place.from {
        None => ((place.page - 1) * per_page).min(keys.len()),
        Some((key, after)) => {
            let before = keys.partition_point(|other| if descending { other > key } else { other < key });
            if *after {
                before + usize::from(keys.get(before) == Some(key))
            } else {
                before.saturating_sub(per_page)
            }
        }
    };
    let end = (start + per_page).min(keys.len());
    let rows = &keys[start..end];
    let more = end < keys.len();
    let next = rows
        .last()
        .filter(|_| more)
        .map(|key| token(crm, call, place.page + 1, key, true));
    let previous = rows
        .first()
        .filter(|_| start > 0)
        .map(|key| token(crm, call, place.page.saturating_sub(1).max(1), key, false));
    let expiry = (next.is_some() || previous.is_some()).then(|| time::iso(time::shift(crm.now, DAY)));
    let info = json!({
        "call": false, "per_page": per_page, "next_page_token": next, "count": rows.len(), "sort_by": sort_by, "page": place.page,
        "previous_page_token": previous, "page_token_expiry": expiry, "sort_order": if descending { "desc" } else { "asc" },
        "email": false, "more_records": more,
    });
    Ok(Page {
        ids: rows.iter().map(|(_, id)| *id).collect(),
        info,
    })
}

/// A page by number only, for answers without tokens: the items and the four members of `info`.
pub(crate) fn paginate<T: Clone>(call: &Call<'_>, items: &[T]) -> Result<(Vec<T>, Value), Reply> {
    let per_page = call.count("per_page", 200, 200)?;
    let page = call.count("page", 1, usize::MAX / 200)?;
    let start = ((page - 1) * per_page).min(items.len());
    let end = (start + per_page).min(items.len());
    let info = json!({ "per_page": per_page, "count": end - start, "page": page, "more_records": end < items.len() });
    Ok((items[start..end].to_vec(), info))
}

fn place(crm: &Crm, call: &Call<'_>, per_page: usize) -> Result<Place, Reply> {
    let Some(text) = call.query("page_token") else {
        let page = call.count("page", 1, usize::MAX / 200)?;
        if let Some(most) = call.version.by_number.filter(|most| page * per_page > *most) {
            let message = "The limit of records that can be fetched with the page parameter is exceeded. Use page_token.";
            return Err(answer::refuse(
                400,
                "DISCRETE_PAGINATION_LIMIT_EXCEEDED",
                &json!({ "limit": most }),
                message,
            ));
        }
        return Ok(Place { page, from: None });
    };
    if call.query("page").is_some() {
        return Err(ambiguous("page", "page_token"));
    }
    let token = read(text).filter(|token| token["user"] == crm.users[crm.caller]["id"]);
    let token = token.ok_or_else(|| answer::parameter_invalid("page_token", json!({})))?;
    if token["bound"] != json!(bound(call)) {
        return Err(answer::refuse(
            400,
            "TOKEN_BOUND_DATA_MISMATCH",
            &json!({ "param_name": "page_token" }),
            "page_token was made for other parameters",
        ));
    }
    if token["until"]
        .as_i64()
        .is_none_or(|until| until < crm.now.as_second())
    {
        return Err(answer::refuse(
            400,
            "EXPIRED_VALUE",
            &json!({ "param_name": "page_token" }),
            "page_token has expired",
        ));
    }
    let page = usize::try_from(token["page"].as_u64().unwrap_or(1)).unwrap_or(1);
    if page * per_page > crm.ceilings.token {
        return Err(answer::refuse(
            400,
            "PAGINATION_LIMIT_EXCEEDED",
            &json!({ "limit": crm.ceilings.token }),
            "maximum number of records is exceeded",
        ));
    }
    let key = (
        token["value"].as_str().unwrap_or("").to_owned(),
        token["id"].as_u64().unwrap_or(0),
    );
    Ok(Place {
        page,
        from: Some((key, token["after"] == true)),
    })
}

/// 400 for two parameters of which only one may be given.
pub(crate) fn ambiguous(one: &str, other: &str) -> Reply {
    let details = json!({ "ambiguity_due_to": [{ "param_name": one }, { "param_name": other }] });
    answer::refuse(
        400,
        "AMBIGUITY_DURING_PROCESSING",
        &details,
        "ambiguity while processing the request",
    )
}

fn token(crm: &Crm, call: &Call<'_>, page: usize, key: &Key, after: bool) -> String {
    let body = json!({
        "page": page, "value": key.0, "id": key.1, "after": after, "user": crm.users[crm.caller]["id"],
        "until": crm.now.as_second() + DAY, "bound": bound(call),
    });
    let body = body.to_string();
    URL_SAFE_NO_PAD.encode(format!("{}{body}", digest(&body)))
}

fn read(text: &str) -> Option<Value> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text.trim()).ok()?).ok()?;
    let (sum, body) = text.split_at_checked(16)?;
    if digest(body) == sum {
        serde_json::from_str(body).ok()
    } else {
        None
    }
}

/// What a token holds on to: the path and every parameter but those that say where to read on.
fn bound(call: &Call<'_>) -> String {
    let mut pairs: Vec<String> = call
        .request
        .query
        .iter()
        .filter(|(name, _)| name != "page" && name != "page_token")
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.sort();
    digest(&format!(
        "{}?{}",
        call.request.segments.join("/"),
        pairs.join("&")
    ))
}

fn digest(text: &str) -> String {
    let sum = Sha256::digest(text.as_bytes());
    sum.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
