//! Pages: every row once, across the border where numbers end and tokens begin.

use std::collections::BTreeSet;

use super::World;
use crate::bed::ids;

/// Walks a list to its end, by number while that works and then by token.
fn walk(world: &mut World, module: &str, per_page: usize, more: &str) -> Vec<String> {
    let base = format!("GET {module}?fields=id&per_page={per_page}{more}");
    let mut all = Vec::new();
    let mut page = 1;
    let mut token: Option<String> = None;
    loop {
        let next = token
            .as_ref()
            .filter(|_| page * per_page > 2_000)
            .map_or(format!("page={page}"), |token| format!("page_token={token}"));
        let body = world.good(&format!("{base}&{next}"));
        let info = &body["info"];
        assert_eq!(
            (info["page"].as_u64(), info["per_page"].as_u64()),
            (Some(page as u64), Some(per_page as u64))
        );
        assert_eq!(info["count"].as_u64(), Some(ids(&body).len() as u64));
        assert_eq!(info["more_records"] == true, info["next_page_token"].is_string());
        all.extend(ids(&body));
        token = info["next_page_token"].as_str().map(str::to_owned);
        if token.is_none() {
            return all;
        }
        page += 1;
    }
}

#[test]
fn every_row_once_at_any_page_size() {
    let mut world = World::new();
    for (module, per_page) in [
        ("Campaigns", 1),
        ("Deals", 7),
        ("Calls", 7),
        ("Calls", 25),
        ("Calls", 200),
    ] {
        let all = walk(&mut world, module, per_page, "");
        let different: BTreeSet<&String> = all.iter().collect();
        assert_eq!(
            all.len(),
            different.len(),
            "{module} {per_page}: a row came twice"
        );
        assert_eq!(all.len() as u64, world.count(module), "{module} {per_page}");
    }
}

#[test]
fn order_is_what_was_asked_for() {
    let mut world = World::new();
    let newest = walk(&mut world, "Contacts", 7, "");
    assert!(newest.is_sorted_by(|one, other| one > other));
    let oldest = walk(&mut world, "Contacts", 7, "&sort_order=asc");
    assert!(oldest.iter().eq(newest.iter().rev()));
    let body = world.good("GET Contacts?fields=Modified_Time&sort_by=Modified_Time&sort_order=asc");
    let times: Vec<&str> = body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["Modified_Time"].as_str().unwrap())
        .collect();
    assert!(times.is_sorted() && times.first() < times.last());
    assert_eq!(
        walk(&mut world, "Calls", 200, "&sort_by=Modified_Time").len(),
        2_350
    );
}

#[test]
fn numbers_end_at_2000_rows() {
    let mut world = World::new();
    assert_eq!(world.call("GET Calls?fields=id&per_page=200&page=10").0, 200);
    for query in [
        "per_page=200&page=11",
        "per_page=1&page=2001",
        "per_page=7&page=286",
    ] {
        let (status, body) = world.call(&format!("GET Calls?fields=id&{query}"));
        assert_eq!(
            (status, body["code"].as_str()),
            (400, Some("DISCRETE_PAGINATION_LIMIT_EXCEEDED")),
            "{query}"
        );
        assert_eq!(body["details"]["limit"], 2_000);
    }
    let (status, body) = world.call("GET Calls/search?criteria=(Subject:not_equal:q9)&page=11");
    assert_eq!((status, body["code"].as_str()), (400, Some("LIMIT_REACHED")));
    assert_eq!(world.call("GET Campaigns?fields=id&page=2").0, 204);
}

#[test]
fn tokens_are_bound() {
    let mut world = World::new();
    let body = world.good("GET Leads?fields=id&per_page=25");
    let token = body["info"]["next_page_token"].as_str().unwrap().to_owned();
    let second = world.good(&format!("GET Leads?fields=id&per_page=25&page_token={token}"));
    assert_eq!(
        second["data"],
        world.good("GET Leads?fields=id&per_page=25&page=2")["data"]
    );
    let back = second["info"]["previous_page_token"].as_str().unwrap().to_owned();
    assert_eq!(
        world.good(&format!("GET Leads?fields=id&per_page=25&page_token={back}"))["data"],
        body["data"]
    );
    let mut code = |query: &str| {
        let (status, body) = world.call(&format!("GET Leads?{query}"));
        assert_eq!(status, 400, "{query}");
        body["code"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        code(&format!("fields=Email&per_page=25&page_token={token}")),
        "TOKEN_BOUND_DATA_MISMATCH"
    );
    assert_eq!(
        code(&format!("fields=id&per_page=20&page_token={token}")),
        "TOKEN_BOUND_DATA_MISMATCH"
    );
    assert_eq!(
        code(&format!("fields=id&per_page=25&page=2&page_token={token}")),
        "AMBIGUITY_DURING_PROCESSING"
    );
    assert_eq!(code("fields=id&per_page=25&page_token=abc"), "INVALID_DATA");
    assert_eq!(
        code(&format!("fields=id&per_page=25&page_token=A{}", &token[1..])),
        "INVALID_DATA"
    );
    world.now = "2026-03-05T10:20:31Z".parse().unwrap();
    let (status, body) = world.call(&format!("GET Leads?fields=id&per_page=25&page_token={token}"));
    assert_eq!((status, body["code"].as_str()), (400, Some("EXPIRED_VALUE")));
}

#[test]
fn a_token_survives_writes_between_pages() {
    let mut world = World::new();
    let before: BTreeSet<String> = walk(&mut world, "Deals", 200, "").into_iter().collect();
    let body = world.good("GET Deals?fields=id&per_page=30");
    let token = body["info"]["next_page_token"].as_str().unwrap().to_owned();
    world.insert(
        "Deals",
        serde_json::json!({ "Deal_Name": "Came in between", "Stage": "Qualification" }),
    );
    let mut seen: Vec<String> = ids(&body);
    let mut next = Some(token);
    while let Some(token) = next {
        let body = world.good(&format!("GET Deals?fields=id&per_page=30&page_token={token}"));
        seen.extend(ids(&body));
        next = body["info"]["next_page_token"].as_str().map(str::to_owned);
    }
    assert_eq!(seen.len(), before.len());
    assert_eq!(seen.into_iter().collect::<BTreeSet<String>>(), before);
}

#[test]
fn wrong_pages_are_refused() {
    let mut world = World::new();
    for query in [
        "per_page=201",
        "per_page=0",
        "page=0",
        "page=x",
        "sort_by=Email",
        "sort_order=up",
        "ids=abc",
        "converted=maybe",
        "cvid=1",
    ] {
        let (status, body) = world.call(&format!("GET Leads?fields=id&{query}"));
        assert_eq!(
            (status, body["code"].as_str()),
            (400, Some("INVALID_DATA")),
            "{query}"
        );
        assert_eq!(
            body["details"]["param_name"].as_str(),
            query.split('=').next(),
            "{query}"
        );
    }
    let (status, body) = world.call("GET Leads?per_page=5");
    assert_eq!(
        (status, body["code"].as_str()),
        (400, Some("REQUIRED_PARAM_MISSING"))
    );
    assert_eq!(body["details"]["param_name"], "fields");
    let many = ["Email"; 51].join(",");
    assert_eq!(
        world.call(&format!("GET Leads?fields={many}")).1["code"],
        "LIMIT_EXCEEDED"
    );
    assert_eq!(
        world
            .call("GET Leads?fields=id&cvid=5725767000000087501&sort_by=id")
            .1["code"],
        "AMBIGUITY_DURING_PROCESSING"
    );
    assert_eq!(world.call("GET Leads?fields=Nothing,id&nothing=1&").0, 200);
}
