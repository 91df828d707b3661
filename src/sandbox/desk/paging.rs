//! `from` and `limit`, and the order a client asks for.

use super::call::Call;
use super::org::{Query, Sort};
use super::refusal::Refusal;

/// The most rows a search can be paged to.
const SEARCH_CEILING: usize = 5000;

/// How many rows to skip and to take.
pub(crate) fn page(call: &Call<'_>) -> Result<(usize, usize), Refusal> {
    let number = |name: &str| call.query(name).and_then(|value| value.parse::<usize>().ok());
    let param = call.route.query.get("limit");
    let default = param
        .and_then(|param| param.default.as_ref())
        .and_then(|value| value.as_u64())
        .unwrap_or(10);
    let limit = number("limit").unwrap_or(default as usize);
    let take = if limit == 0 || param.is_none() {
        usize::MAX
    } else {
        limit
    };
    let Some(from) = number("from") else {
        return Ok((0, take));
    };
    let search = call.route.handler.ends_with("search") || call.route.handler == "search.across";
    if search && from.saturating_add(take) > SEARCH_CEILING {
        return Err(Refusal::unprocessable("Max search result iterable is 5000"));
    }
    let declared_from_one = call
        .route
        .query
        .get("from")
        .is_some_and(|param| param.min == Some(1));
    let from_one = !search && (call.from_base == 1 || declared_from_one);
    Ok((if from_one { from.saturating_sub(1) } else { from }, take))
}

/// The order of `sortBy`, or of `sortOrder` with `fieldName`.
pub(crate) fn sort(call: &Call<'_>) -> Option<Sort> {
    if let Some(order) = call.query("sortOrder") {
        let field = call.query("fieldName").unwrap_or("name").to_owned();
        return Some(Sort {
            field,
            descending: order == "desc",
        });
    }
    let asked = call
        .query("sortBy")
        .filter(|asked| asked.trim_start_matches('-') != "relevance")?;
    let (field, descending) = match asked.strip_prefix('-') {
        Some(field) => (field, true),
        None => (asked, false),
    };
    Some(Sort {
        field: field.to_owned(),
        descending,
    })
}

/// A query without conditions, paged and ordered as asked.
pub(crate) fn query(call: &Call<'_>) -> Result<Query, Refusal> {
    let (skip, take) = page(call)?;
    Ok(Query {
        sort: sort(call),
        skip,
        take,
        ..Query::default()
    })
}

/// One page of rows that are already in order.
pub(crate) fn cut<T>(call: &Call<'_>, rows: Vec<T>) -> Result<Vec<T>, Refusal> {
    let (skip, take) = page(call)?;
    Ok(rows.into_iter().skip(skip).take(take).collect())
}
