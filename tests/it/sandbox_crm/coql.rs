//! COQL: the right rows, faithful errors.

use serde_json::{Value, json};

use super::World;

fn ask(world: &mut World, query: &str) -> (u16, Value) {
    world.put("POST coql", json!({ "select_query": query }))
}

fn rows(world: &mut World, query: &str) -> Vec<Value> {
    let (status, body) = ask(world, query);
    assert!(status == 200 || status == 204, "{query}: {status} {body}");
    let rows = body["data"].as_array().cloned().unwrap_or_default();
    if status == 200 {
        assert_eq!(body["info"]["count"], rows.len(), "{query}");
    }
    rows
}

fn world() -> World {
    let mut world = World::new();
    let contact = world.insert(
        "Contacts",
        json!({ "Last_Name": "Zyxcon", "Department": "IT's own" }),
    );
    for (name, amount, date) in [
        ("Zyx one", json!(100), "2001-01-01"),
        ("Zyx two", json!(200.5), "2001-06-01"),
        ("Other zyx", Value::Null, "2001-12-01"),
    ] {
        world.insert("Deals", json!({ "Deal_Name": name, "Stage": "Closed Won", "Amount": amount, "Closing_Date": date, "Contact_Name": contact }));
    }
    world
}

#[test]
fn queries_find_the_right_rows() {
    let mut world = world();
    let cases: &[(&str, &[&str])] = &[
        ("Deal_Name = 'zyx one'", &["Zyx one"]),
        ("Deal_Name like 'Zyx%'", &["Zyx one", "Zyx two"]),
        ("Deal_Name like '%zyx'", &["Other zyx"]),
        ("Deal_Name like '%ZYX%'", &["Zyx one", "Zyx two", "Other zyx"]),
        (
            "Deal_Name like '%zyx%' and Deal_Name not like 'Zyx%'",
            &["Other zyx"],
        ),
        (
            "Deal_Name in ('Zyx one', 'Zyx two', 'none')",
            &["Zyx one", "Zyx two"],
        ),
        (
            "(Deal_Name like '%zyx%' and Deal_Name not in ('Zyx one')) and Amount is not null",
            &["Zyx two"],
        ),
        ("Deal_Name like '%zyx%' and Amount is null", &["Other zyx"]),
        ("Deal_Name like '%zyx%' and Amount > 100", &["Zyx two"]),
        (
            "Deal_Name like '%zyx%' and Amount >= 100",
            &["Zyx one", "Zyx two"],
        ),
        ("Deal_Name like '%zyx%' and Amount < 200.5", &["Zyx one"]),
        (
            "Deal_Name like '%zyx%' and Amount <= 200.5",
            &["Zyx one", "Zyx two"],
        ),
        (
            "Deal_Name like '%zyx%' and Amount != 100",
            &["Zyx two", "Other zyx"],
        ),
        (
            "Deal_Name like '%zyx%' and Amount between 50 and 150",
            &["Zyx one"],
        ),
        (
            "Deal_Name like '%zyx%' and Amount not between 50 and 150",
            &["Zyx two"],
        ),
        (
            "Closing_Date between '2001-01-01' and '2001-06-30'",
            &["Zyx one", "Zyx two"],
        ),
        (
            "Closing_Date < '2002-01-01' and (Amount > 150 or Amount is null)",
            &["Zyx two", "Other zyx"],
        ),
        (
            "Created_Time = '2026-03-04T15:50:30+05:30'",
            &["Zyx one", "Zyx two", "Other zyx"],
        ),
        (
            "Contact_Name.Last_Name = 'Zyxcon'",
            &["Zyx one", "Zyx two", "Other zyx"],
        ),
        (
            r"Contact_Name.Department = 'IT\'s own' and Amount = 100",
            &["Zyx one"],
        ),
        (
            "Contact_Name.Department = 'IT''s own' and Amount = 100",
            &["Zyx one"],
        ),
    ];
    for (condition, wanted) in cases {
        let found = rows(
            &mut world,
            &format!("SELECT Deal_Name FROM Deals WHERE {condition}"),
        );
        let names: Vec<&str> = found
            .iter()
            .map(|row| row["Deal_Name"].as_str().unwrap())
            .collect();
        assert_eq!(names, *wanted, "{condition}");
    }
}

#[test]
fn columns_lookups_order_and_limits() {
    let mut world = world();
    let found = rows(
        &mut world,
        "select Deal_Name, Contact_Name, Contact_Name.Last_Name, Owner, Amount as 'sum' from Deals where Deal_Name like 'Zyx%' order by Amount desc",
    );
    assert_eq!(found[0]["Deal_Name"], "Zyx two");
    assert_eq!(found[0]["Contact_Name.Last_Name"], "Zyxcon");
    assert_eq!(found[0]["sum"], 200.5);
    assert!(found[0]["id"].is_string());
    assert_eq!(
        found[0]["Contact_Name"]
            .as_object()
            .unwrap()
            .keys()
            .collect::<Vec<_>>(),
        ["id"]
    );
    let all: Vec<Value> = rows(&mut world, "select id from Deals where id is not null limit 2000");
    assert_eq!(all.len() as u64, world.count("Deals"));
    let (_, body) = ask(
        &mut world,
        "select id from Deals where id is not null limit 10, 20",
    );
    assert_eq!(body["data"].as_array().unwrap().as_slice(), &all[10..30]);
    assert_eq!(body["info"], json!({ "count": 20, "more_records": true }));
    let (_, other) = ask(
        &mut world,
        "select id from Deals where id is not null limit 20 offset 10",
    );
    assert_eq!(other, body);
    assert_eq!(
        rows(&mut world, "select id from Calls where id is not null").len(),
        200
    );
    let (_, last) = ask(
        &mut world,
        "select id from Deals where id is not null limit 20 offset 80",
    );
    assert_eq!(last["info"], json!({ "count": 3, "more_records": false }));
    assert_eq!(
        ask(
            &mut world,
            "select id from Deals where Deal_Name = 'nothing at all'"
        )
        .0,
        204
    );
    let text = all[3]["id"].as_str().unwrap();
    assert_eq!(
        rows(&mut world, &format!("select id from Deals where id = {text}")),
        [all[3].clone()]
    );
}

#[test]
fn totals_agree_with_rows() {
    let mut world = world();
    let all = rows(
        &mut world,
        "select Stage, Amount from Deals where id is not null limit 200",
    );
    let amounts: Vec<f64> = all.iter().filter_map(|row| row["Amount"].as_f64()).collect();
    let totals = rows(
        &mut world,
        "select COUNT(id), SUM(Amount), MIN(Amount), MAX(Amount), COUNT(Amount) as 'known' from Deals where id is not null",
    );
    assert_eq!(totals.len(), 1);
    assert_eq!(totals[0]["COUNT(id)"], all.len());
    assert_eq!(totals[0]["known"], amounts.len());
    assert_eq!(totals[0]["SUM(Amount)"].as_f64(), Some(amounts.iter().sum()));
    assert_eq!(
        totals[0]["MAX(Amount)"].as_f64(),
        amounts.iter().copied().reduce(f64::max)
    );
    assert_eq!(
        totals[0]["MIN(Amount)"].as_f64(),
        amounts.iter().copied().reduce(f64::min)
    );
    let stages = rows(
        &mut world,
        "select Stage, COUNT(id) as 'n' from Deals where id is not null group by Stage order by n desc",
    );
    assert!(stages.len() > 3 && stages.is_sorted_by_key(|row| std::cmp::Reverse(row["n"].as_u64())));
    for stage in &stages {
        assert_eq!(
            stage["n"],
            all.iter().filter(|row| row["Stage"] == stage["Stage"]).count()
        );
    }
}

#[test]
fn views_and_meta() {
    let mut world = World::new();
    let views = world.good("GET settings/custom_views?module=Deals");
    let open = views["custom_views"]
        .as_array()
        .unwrap()
        .iter()
        .find(|view| view["name"] == "Open Deals")
        .unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let shown = rows(
        &mut world,
        &format!("select Stage from Deals#{open} where id is not null"),
    );
    assert!(
        !shown.is_empty()
            && shown
                .iter()
                .all(|row| !row["Stage"].as_str().unwrap().starts_with("Closed"))
    );
    let count = world.good(&format!("GET Deals/actions/count?cvid={open}"));
    assert_eq!(count["count"], shown.len());
    let (_, body) = world.put("POST coql", json!({ "select_query": "select Stage from Deals where id is not null limit 1", "include_meta": ["fields"] }));
    assert_eq!(body["fields"]["Stage"]["data_type"], "picklist");
}

#[test]
fn wrong_queries_are_refused() {
    let mut world = World::new();
    let cases: &[(&str, &str, Value)] = &[
        (
            "select id from Deals",
            "SYNTAX_ERROR",
            json!({ "clause": "where" }),
        ),
        (
            "selec id from Deals where id is not null",
            "SYNTAX_ERROR",
            json!({ "near": "selec" }),
        ),
        (
            "select id Deals where id is not null",
            "SYNTAX_ERROR",
            json!({ "near": "Deals" }),
        ),
        (
            "select id from Deals where Stage = 'a' and Stage = 'b' and Stage = 'c'",
            "SYNTAX_ERROR",
            json!({ "near": "and" }),
        ),
        ("select id from Deals where Stage = ", "SYNTAX_ERROR", json!({})),
        (
            "select id from Deals where Stage ~ 'x'",
            "SYNTAX_ERROR",
            json!({ "near": "~ 'x'" }),
        ),
        (
            "select id from Deals where Stage = 'x",
            "SYNTAX_ERROR",
            json!({ "near": "'x" }),
        ),
        (
            "select * from Deals where id is not null",
            "SYNTAX_ERROR",
            json!({ "clause": "select" }),
        ),
        (
            "select id from Deals where id in (select id from Leads)",
            "SYNTAX_ERROR",
            json!({ "operator": "in" }),
        ),
        (
            "select id from Deals where id is not null limit x",
            "SYNTAX_ERROR",
            json!({ "near": "x" }),
        ),
        ("", "SYNTAX_ERROR", json!({})),
        (
            "select Nothing from Deals where id is not null",
            "INVALID_QUERY",
            json!({ "column_name": "Nothing" }),
        ),
        (
            "select id from Deals where Nothing = 'x'",
            "INVALID_QUERY",
            json!({ "column_name": "Nothing" }),
        ),
        (
            "select Contact_Name.Nothing from Deals where id is not null",
            "INVALID_QUERY",
            json!({ "column_name": "Contact_Name.Nothing" }),
        ),
        (
            "select Stage.Name from Deals where id is not null",
            "INVALID_QUERY",
            json!({ "column_name": "Stage.Name" }),
        ),
        (
            "select id from Nothing where id is not null",
            "INVALID_QUERY",
            json!({ "module": "Nothing" }),
        ),
        (
            "select Stage, COUNT(id) from Deals where id is not null",
            "INVALID_QUERY",
            json!({ "column_name": "Stage", "clause": "group by" }),
        ),
        (
            "select id from Deals#99 where id is not null",
            "INVALID_QUERY",
            json!({ "cvid": "99" }),
        ),
        (
            "select id from Deals where id is not null limit 2001",
            "LIMIT_EXCEEDED",
            json!({ "clause": "limit", "limit": 2000 }),
        ),
        (
            "select id from Deals where id is not null limit 99000, 1500",
            "LIMIT_EXCEEDED",
            json!({ "clause": "offset", "limit": 100_000 }),
        ),
        (
            "select Stage as 'a', Amount as 'a' from Deals where id is not null",
            "DUPLICATE_ALIAS",
            json!({ "alias": "a" }),
        ),
    ];
    for (query, code, details) in cases {
        let (status, body) = ask(&mut world, query);
        assert_eq!(
            (status, body["code"].as_str()),
            (400, Some(*code)),
            "{query}: {body}"
        );
        assert_eq!(body["details"], *details, "{query}");
        assert_eq!(body["status"], "error");
    }
    for condition in [
        "Amount like '1%'",
        "Stage > 'a'",
        "Description = 'x'",
        "Contact_Name like 'x%'",
        "Amount = 'many'",
        "Closing_Date = '2001-13-01'",
        "Deal_Name like 'a%b'",
    ] {
        let (status, body) = ask(&mut world, &format!("select id from Deals where {condition}"));
        assert_eq!(
            (status, body["code"].as_str()),
            (400, Some("INVALID_QUERY")),
            "{condition}"
        );
        assert!(
            body["details"]["column_name"].is_string() && body["details"]["reason"].is_string(),
            "{condition}"
        );
    }
    let (status, body) = world.put("POST coql", json!({ "query": "x" }));
    assert_eq!(
        (status, body["code"].as_str(), &body["details"]["api_name"]),
        (400, Some("MANDATORY_NOT_FOUND"), &json!("select_query"))
    );
}
