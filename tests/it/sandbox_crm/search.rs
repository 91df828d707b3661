//! Search: the right rows, counts that agree, faithful errors.

use serde_json::{Value, json};

use super::{World, escaped};
use crate::bed::ids;

/// Three records whose values are known, beside the seeded ones.
fn world() -> (World, Vec<String>) {
    let mut world = World::new();
    let account = world.first("Accounts");
    let rows = [
        json!({ "Name": "Zyx Alpha (1), \\ north", "Plan": "Basic", "Seats": 3001, "Monthly_Fee": 10.5, "Auto_Renew": true, "Start_Date": "1999-01-01", "Regions": ["EMEA", "APAC"], "Email": "alpha@zyx.example", "Account": { "id": account } }),
        json!({ "Name": "Zyx Beta", "Plan": "Plus", "Seats": 3002, "Monthly_Fee": 20, "Auto_Renew": false, "Start_Date": "1999-06-01", "Regions": ["Americas"], "Email": "beta@zyx.example" }),
        json!({ "Name": "Zyx Gamma الف", "Plan": "Plus", "Seats": 3003, "Start_Date": "1999-12-31", "Email": "gamma@zyx.example" }),
    ];
    let made = rows
        .into_iter()
        .map(|row| world.insert("Subscriptions", row))
        .collect();
    (world, made)
}

#[test]
fn criteria_find_the_right_rows() {
    let (mut world, made) = world();
    let account = world.first("Accounts");
    let cases: &[(&str, &[usize])] = &[
        ("(Name:starts_with:zyx)", &[0, 1, 2]),
        ("(Name:equals:gamma)", &[2]),
        ("(Name:equals:الف)", &[2]),
        (r"(Name:equals:Alpha \(1\)\, \\ north)", &[0]),
        (r"(Name:in:Zyx Beta,Zyx Alpha \(1\)\, \\ north)", &[0, 1]),
        ("((Name:starts_with:Zyx)and(Plan:equals:Plus))", &[1, 2]),
        ("(Name:starts_with:Zyx)and(Plan:not_equal:Plus)", &[0]),
        ("((Name:equals:Zyx Beta)or(Name:equals:Gamma))", &[1, 2]),
        (
            "((Name:starts_with:Zyx)and((Plan:equals:Basic)or(Seats:equals:3003)))",
            &[0, 2],
        ),
        ("(Seats:greater_than:3001)", &[1, 2]),
        ("(Seats:greater_equal:3001)", &[0, 1, 2]),
        ("((Seats:less_than:3002)and(Name:starts_with:Zyx))", &[0]),
        ("((Seats:less_equal:3002)and(Name:starts_with:Zyx))", &[0, 1]),
        ("(Seats:between:3002,3003)", &[1, 2]),
        ("(Seats:in:3001,3003)", &[0, 2]),
        ("((Monthly_Fee:equals:10.5)and(Name:starts_with:Zyx))", &[0]),
        ("(Start_Date:between:1999-01-01,1999-06-01)", &[0, 1]),
        (
            "((Start_Date:less_than:2000-01-01)and(Auto_Renew:equals:true))",
            &[0],
        ),
        (
            "((Start_Date:less_than:2000-01-01)and(Auto_Renew:equals:false))",
            &[1, 2],
        ),
        ("((Regions:equals:EMEA)and(Name:starts_with:Zyx))", &[0]),
        ("(Email:equals:BETA@zyx.example)", &[1]),
        ("(Email:starts_with:gamma@zyx)", &[2]),
        (
            "(Created_Time:greater_equal:2026-03-04T15:50:30+05:30)",
            &[0, 1, 2],
        ),
        ("(Created_Time:equals:2026-03-04T10:20:30Z)", &[0, 1, 2]),
    ];
    for (criteria, wanted) in cases {
        let mut found = world.found("Subscriptions", &format!("criteria={}", escaped(criteria)));
        found.sort();
        let wanted: Vec<String> = wanted.iter().map(|index| made[*index].clone()).collect();
        assert_eq!(found, wanted, "{criteria}");
        let count = world.good(&format!(
            "GET Subscriptions/actions/count?criteria={}",
            escaped(criteria)
        ));
        assert_eq!(count["count"], wanted.len(), "{criteria}");
    }
    for field in ["Account", "Account.id"] {
        let criteria = escaped(&format!("(({field}:equals:{account})and(Name:starts_with:Zyx))"));
        assert_eq!(
            world.found("Subscriptions", &format!("criteria={criteria}")),
            [made[0].clone()]
        );
    }
}

#[test]
fn email_phone_and_word() {
    let (mut world, made) = world();
    assert_eq!(
        world.found("Subscriptions", "email=Alpha%40zyx.example"),
        [made[0].clone()]
    );
    assert_eq!(world.found("Subscriptions", "word=zyx%20beta"), [made[1].clone()]);
    let contact = world.good("GET Contacts?fields=Phone,Last_Name&per_page=1")["data"][0].clone();
    let phone = escaped(contact["Phone"].as_str().unwrap());
    assert!(
        world
            .found("Contacts", &format!("phone={phone}"))
            .contains(&contact["id"].as_str().unwrap().to_owned())
    );
    let precedence = "criteria=(Name:starts_with:Zyx)&email=nobody%40x.example&word=nothing-at-all";
    assert_eq!(world.found("Subscriptions", precedence).len(), 3);
    assert_eq!(
        world.found("Subscriptions", "email=beta%40zyx.example&phone=123&word=nothing"),
        [made[1].clone()]
    );
    assert_eq!(
        world
            .call("GET Subscriptions/search?word=no-such-word-anywhere")
            .0,
        204
    );
}

#[test]
fn search_agrees_with_the_list() {
    let mut world = World::new();
    let listed = world.good("GET Deals?fields=Stage,Amount&per_page=200");
    let rows = listed["data"].as_array().unwrap();
    let by_hand = |keep: &dyn Fn(&Value) -> bool| rows.iter().filter(|row| keep(row)).count();
    for stage in ["Qualification", "Closed Won"] {
        let criteria = escaped(&format!("(Stage:equals:{stage})"));
        assert_eq!(
            world.found("Deals", &format!("criteria={criteria}")).len(),
            by_hand(&|row| row["Stage"] == stage),
            "{stage}"
        );
    }
    let rich = by_hand(&|row| row["Amount"].as_f64().is_some_and(|amount| amount > 100_000.0));
    assert!(rich > 0);
    assert_eq!(
        world
            .found("Deals", "criteria=(Amount:greater_than:100000)")
            .len(),
        rich
    );
}

#[test]
fn pages_and_order() {
    let mut world = World::new();
    let body = world.good("GET Deals/search?criteria=(Deal_Name:not_equal:q9)&fields=Amount&sort_by=Amount&sort_order=asc&per_page=30&page=2");
    assert_eq!(body["info"]["count"], 30);
    assert_eq!(
        (
            &body["info"]["more_records"],
            &body["info"]["page"],
            &body["info"]["sort_by"]
        ),
        (&json!(true), &json!(2), &json!("Amount"))
    );
    let amounts: Vec<f64> = body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["Amount"].as_f64().unwrap_or(0.0))
        .collect();
    assert!(amounts.is_sorted(), "{amounts:?}");
    let last = world.good("GET Deals/search?criteria=(Deal_Name:not_equal:q9)&fields=id&per_page=30&page=3");
    assert_eq!(
        (last["info"]["more_records"].as_bool(), ids(&last).len()),
        (Some(false), 20)
    );
    assert!(body["info"].get("next_page_token").is_none());
}

#[test]
fn wrong_searches_are_refused() {
    let mut world = World::new();
    let cases = [
        ("criteria=(Nothing:equals:x)", "INVALID_QUERY"),
        ("criteria=(Name:greater_than:x)", "INVALID_QUERY"),
        ("criteria=(Name:like:x)", "INVALID_QUERY"),
        ("criteria=(Remarks:in:x)", "INVALID_QUERY"),
        ("criteria=(Auto_Renew:in:true)", "INVALID_QUERY"),
        ("criteria=(Auto_Renew:equals:yes)", "INVALID_QUERY"),
        ("criteria=(Plan:starts_with:B)", "INVALID_QUERY"),
        ("criteria=(Account:starts_with:B)", "INVALID_QUERY"),
        ("criteria=(Seats:equals:many)", "INVALID_QUERY"),
        ("criteria=(Seats:between:1)", "INVALID_QUERY"),
        ("criteria=(Start_Date:equals:01/02/2020)", "INVALID_QUERY"),
        ("criteria=(Created_Time:equals:2020-01-01)", "INVALID_QUERY"),
        ("criteria=(name:equals:x)", "INVALID_QUERY"),
        ("criteria=Name:equals:x", "INVALID_QUERY"),
        ("criteria=(Name:equals:x", "INVALID_QUERY"),
        ("criteria=((Name:equals:x)(Name:equals:y))", "INVALID_QUERY"),
        ("criteria=(Name:equals:x)and", "INVALID_QUERY"),
        ("criteria=(Name:equals:)", "INVALID_QUERY"),
        ("criteria=(Name)", "INVALID_QUERY"),
        ("word=x", "INVALID_DATA"),
        ("phone=12", "INVALID_DATA"),
        ("word=%21%21%21", "INVALID_DATA"),
        ("fields=id", "EXPECTED_PARAM_MISSING"),
        ("word=abc&sort_by=Nothing", "INVALID_DATA"),
    ];
    for (query, code) in cases {
        let (status, body) = world.call(&format!("GET Subscriptions/search?{query}"));
        assert_eq!(
            (status, body["code"].as_str()),
            (400, Some(code)),
            "{query}: {body}"
        );
    }
    let (_, body) = world.call("GET Subscriptions/search");
    assert_eq!(
        body["details"],
        json!({ "param_names": ["criteria", "email", "phone", "word"] })
    );
    let (_, body) = world.call("GET Subscriptions/search?criteria=(Nothing:equals:x)");
    assert_eq!(
        (&body["details"]["api_name"], &body["details"]["operator"]),
        (&json!("Nothing"), &json!("equals"))
    );
    assert_eq!(body["message"], "invalid query formed");
    let eleven = ["(Name:equals:x)"; 11].join("and");
    assert_eq!(
        world
            .call(&format!("GET Subscriptions/search?criteria=({eleven})"))
            .1["code"],
        "CRITERIA_LIMIT_EXCEEDED"
    );
    for of_others in ["Attachments/search?word=abc", "Notes/actions/count"] {
        let (_, body) = world.call(&format!("GET {of_others}"));
        assert_eq!(body["code"], "NOT_SUPPORTED", "{of_others}");
    }
    assert_eq!(
        world.call("GET Nothing/search?word=abc").1["code"],
        "INVALID_MODULE"
    );
}
