//! `run_coql_query`: what COQL's grammar wants is put right and told, and what is right stays as it is.
//!
//! Who says so: Zoho's Kaizen #171 (conditions beyond two stand in brackets by two; straight quotes) and the COQL pages of
//! the CRM API (`where` is required; at most 2,000 rows a query).

use serde_json::{Value, json};

use crate::bed::Bed;
use crate::connections_rooms::fake::{House, json as scripted};

#[tokio::test]
async fn what_the_grammar_wants_is_put_right_and_told() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (query, right) in [
        (
            "select id from Leads where City is not null and Company is not null and Email is not null",
            "select id from Leads where ((City is not null and Company is not null) and Email is not null)",
        ),
        (
            "select id from Leads where (City is not null and Company is not null and Email is not null) or Phone is not null",
            "select id from Leads where ((City is not null and Company is not null) and Email is not null) or Phone is not null",
        ),
        (
            "select id from Deals where Amount > 0 and Stage = 'x' or Stage = 'Closed Won' and Amount < 9 limit 2",
            "select id from Deals where ((Amount > 0 and Stage = 'x') or (Stage = 'Closed Won' and Amount < 9)) limit 2",
        ),
        (
            "select id from Deals where Amount between 1 and 9 and Stage in ('a and b', 'c') and Amount > 2",
            "select id from Deals where ((Amount between 1 and 9 and Stage in ('a and b', 'c')) and Amount > 2)",
        ),
        (
            "select id from Leads limit 3",
            "select id from Leads where id is not null limit 3",
        ),
        (
            "select Stage, COUNT(id) from Deals group by Stage",
            "select Stage, COUNT(id) from Deals where id is not null group by Stage",
        ),
        (
            "select id from Leads where id is not null ; ",
            "select id from Leads where id is not null",
        ),
        (
            "select id from Leads where Company = \u{2018}a;b\u{2019} limit 5000",
            "select id from Leads where Company = 'a;b' limit 2000",
        ),
        (
            "select id from Deals where Amount &gt;= 5 limit 10, 9999",
            "select id from Deals where Amount >= 5 limit 10, 2000",
        ),
        (
            "select id from Leads where Company = \u{201c}O'Neil\u{201d}",
            "select id from Leads where Company = 'O''Neil'",
        ),
        (
            "select id from Leads where Company = 'O'Neil' or Company = 'D\\'Arcy'",
            "select id from Leads where Company = 'O''Neil' or Company = 'D''Arcy'",
        ),
        (
            "select id from Leads where Company = \u{2018}it\u{2019}s\u{2019}",
            "select id from Leads where Company = 'it''s'",
        ),
        (
            "select id from Leads where Company in ('O'Neil','D'Arcy')",
            "select id from Leads where Company in ('O''Neil','D''Arcy')",
        ),
        (
            "select id from Leads where Company = \u{201c}the \"\u{2018}x\" y\u{201d}",
            "select id from Leads where Company = 'the \"\u{2018}x\" y'",
        ),
    ] {
        let answer = wire.call("run_coql_query", json!({ "query": query })).await;
        assert!(answer["count"].is_u64(), "{query}: {answer:#}");
        assert_eq!(answer["repairs"][0]["to"], right, "{query}: {answer:#}");
        let again = wire.call("run_coql_query", json!({ "query": right })).await;
        assert!(again["repairs"].is_null(), "{right}: {again:#}");
        assert_eq!(answer["data"], again["data"], "{query}");
    }
}

#[tokio::test]
async fn what_is_right_or_cannot_be_read_stays_as_it_is() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for query in [
        "select id from Leads where (City is not null and Company is not null)",
        "select  id  from Leads where ( (City is not null) and (Company is not null) )",
        "select id from Leads where Company = 'a; b &gt; c \u{2018}d\u{2019} and e and f or g'",
        "select id from Leads where Company = 'O''Neil; and (x'",
        "select id from Leads where Company = 'D''Angelo &amp; Co'",
        "select id from Leads where Company = 'Rock ''n\u{2019} Roll'",
        "select id from Leads where Company = 'C:\\\\'",
        "select id from Leads where Company = '' or Company = \"it's\"",
        "select id from Leads where ((Last_Name like '%(%') or (City = 'Bonn')) and Email is not null",
        "select id from Leads where Company = 'never closed and x and y and z",
        "select id from Leads where ((City is not null and Company is not null)",
        "select id from Leads where id is not null limit 2000",
        "select Group, Order, Limit from Leads where Order = 'a' and Limit = 'b'",
    ] {
        let answer = wire.call("run_coql_query", json!({ "query": query })).await;
        assert!(answer["repairs"].is_null(), "{query}: {answer:#}");
    }
}

/// Zoho names the column it does not know, and nothing that it does (crm-errors, INVALID_QUERY: `column_name`).
#[tokio::test]
async fn an_unknown_column_is_told_with_the_nearest_fields() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (query, nearest) in [
        ("select Last_Name from Leads where Companny = 'x'", "`Company`"),
        ("select Lastname from Leads where id is not null", "`Last_Name`"),
        ("select id from Deals where Stag = 'x' order by Amount", "`Stage`"),
        (
            "select id from Deals where Accont_Name.Industry = 'x'",
            "`Account_Name`",
        ),
    ] {
        let answer = wire.call("run_coql_query", json!({ "query": query })).await;
        assert_eq!(answer["code"], "rejected", "{query}: {answer:#}");
        let next = answer["next"].as_str().unwrap();
        assert!(
            next.contains("nearest") && next.contains(nearest),
            "{query}: {answer:#}"
        );
    }
}

/// Get Records sorts by id, Created_Time, Modified_Time; COQL by any field. A value no picklist has gives no row and no word.
#[tokio::test]
async fn what_a_query_or_an_order_leaves_unsaid_is_said() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let call = json!({ "module": "Deals", "app_type": "crm", "sort_by": "Amount" });
    let refused = wire.call("get_records", call).await;
    assert!(
        refused["error"].as_str().unwrap().contains("Created_Time"),
        "{refused:#}"
    );
    assert!(
        refused["next"].as_str().unwrap().contains("order by Amount"),
        "{refused:#}"
    );
    let query = refused["next"].as_str().unwrap().split_once(": ").unwrap().1;
    let ran = wire.call("run_coql_query", json!({ "query": query })).await;
    assert!(ran["count"].as_u64().unwrap() > 1, "{ran:#}");
    let nothing = wire
        .call(
            "run_coql_query",
            json!({ "query": "select id from Deals where Stage = 'Open'" }),
        )
        .await;
    assert_eq!(nothing["count"], 0, "{nothing:#}");
    assert!(nothing["notes"].to_string().contains("picklist"), "{nothing:#}");
    let renamed = wire
        .call(
            "run_coql_query",
            json!({ "query": "select id from Opportunities where id is not null" }),
        )
        .await;
    assert!(
        renamed["next"].as_str().unwrap().contains("from Deals"),
        "{renamed:#}"
    );
}

/// COQL gives a lookup by its id alone (Zoho CRM, Get Records through COQL Query); who it is stands in the list of users.
#[tokio::test]
async fn people_have_their_names_beside_their_ids() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let deals = json!({ "module": "Deals", "app_type": "crm", "fields": ["Owner"], "limit": 99 });
    let deals = wire.call("get_records", deals).await;
    let owners: Vec<_> = deals["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|deal| &deal["Owner"])
        .collect();
    for query in [
        "select Owner, Amount from Deals where id is not null limit 9",
        "select Owner, COUNT(id) from Deals where id is not null group by Owner",
    ] {
        let answer = wire.call("run_coql_query", json!({ "query": query })).await;
        let rows = answer["data"].as_array().unwrap_or_else(|| panic!("{answer:#}"));
        assert!(rows.len() > 1, "{answer:#}");
        for row in rows {
            let owner = owners
                .iter()
                .find(|owner| owner["id"] == row["Owner"]["id"])
                .unwrap();
            assert!(owner["name"].is_string(), "{owner:#}");
            assert_eq!(row["Owner"]["name"], owner["name"], "{query}: {answer:#}");
        }
    }
    let lists = bed.seen().await;
    let lists = lists.iter().filter(|line| line.contains("/crm/v8/users")).count();
    assert_eq!(lists, 1, "one list of users for all queries");
}

/// Whatever a query calls it, what people outside wrote is named as that: a renamed column and one of a record referred to.
#[tokio::test]
async fn texts_of_customers_are_fenced_by_any_name() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (query, members) in [
        (
            "select Subject as s, Description as 'd' from Cases where id is not null limit 1",
            &["d", "s"][..],
        ),
        (
            "select Contact_Name.Description, Contact_Name.Email from Deals where Contact_Name.Email is not null limit 2",
            &["Contact_Name.Email"],
        ),
        (
            "select Description as link from Cases where id is not null limit 1",
            &["link"],
        ),
    ] {
        for format in ["objects", "table"] {
            let answer = wire
                .call("run_coql_query", json!({ "query": query, "format": format }))
                .await;
            let untrusted = answer["untrusted"]
                .as_array()
                .unwrap_or_else(|| panic!("{query}: {answer:#}"));
            for member in members {
                assert!(untrusted.contains(&json!(member)), "{query}: {answer:#}");
            }
            assert_eq!(
                answer["data"].to_string().contains("https://crm"),
                !members.contains(&"link"),
                "{answer:#}"
            );
        }
    }
    let query = "select Description as link from Cases where id is not null limit 1";
    let answer = wire.call("run_coql_query", json!({ "query": query })).await;
    assert!(
        answer["data"][0]["link"]
            .as_str()
            .unwrap()
            .starts_with('\u{3014}'),
        "{answer:#}"
    );
}

/// Get Organization: `mc_status`; fields metadata: data_type `currency`; a field `Currency` beside amounts where there are
/// several. The query that is offered keeps them apart, and COQL takes it.
#[tokio::test]
async fn amounts_that_are_put_together_come_with_the_query_by_currency() {
    let bed = Bed::connected().await;
    let mut sandbox = bed.client().await;
    for (query, apart) in [
        (
            "select sum(Amount) as total from Deals where id is not null limit 1",
            "select Currency, sum(Amount) as total from Deals where id is not null group by Currency",
        ),
        (
            "select Lead_Source, AVG(Amount) from Deals where Stage != 'x' group by Lead_Source order by Lead_Source limit 9",
            "select Currency, Lead_Source, AVG(Amount) from Deals where Stage != 'x' group by Currency, Lead_Source order by \
             Lead_Source limit 9",
        ),
        (
            "select MAX(Fee) from Deals where id is not null",
            "select Currency, MAX(Fee) from Deals where id is not null group by Currency",
        ),
        (
            "select sum(Account_Name.Annual_Revenue) from Deals where Currency = 'EUR'",
            "select Account_Name.Currency, sum(Account_Name.Annual_Revenue) from Deals where Currency = 'EUR' \
             group by Account_Name.Currency",
        ),
    ] {
        let (house, mut wire) = House::served().await;
        let several = json!({ "org": [{ "id": "1", "iso_code": "USD", "mc_status": true, "zgid": "2" }] });
        let fields = [("Fee", "currency"), ("Amount", "currency"), ("Score", "integer")];
        let fields =
            fields.map(|(name, kind)| json!({ "api_name": name, "field_label": name, "data_type": kind }));
        let rows = json!({ "data": [{ "x": 12.5 }], "info": { "count": 1, "more_records": false } });
        house.fake.follow(move |path, _| {
            let answer: Value = match path {
                "/crm/v8/coql" => rows.clone(),
                "/crm/v8/org" => several.clone(),
                "/crm/v8/settings/fields" => json!({ "fields": fields }),
                _ => return None,
            };
            Some(scripted(200, &answer.to_string()))
        });
        let answer = wire.call("run_coql_query", json!({ "query": query })).await;
        let notes = answer["notes"].to_string();
        assert!(notes.contains(&format!("By currency: `{apart}`")), "{answer:#}");
        let again = wire.call("run_coql_query", json!({ "query": apart })).await;
        assert!(
            again["notes"].is_null() && again["repairs"].is_null(),
            "{again:#}"
        );
        for mixed in [
            "Currency != 'EUR'",
            "Currency is not null",
            "Currency in ('EUR','USD')",
            "(Currency = 'EUR' or Amount > 5)",
            "Account_Name.Currency = 'EUR'",
        ] {
            let mixed = json!({ "query": format!("select sum(Amount) from Deals where {mixed}") });
            let mixed = wire.call("run_coql_query", mixed).await;
            assert!(
                mixed["notes"].to_string().contains("whatever their currency"),
                "{mixed:#}"
            );
        }
        for one in ["Amount > 5", "Amount is not null"] {
            let one = format!("select sum(Amount) from Deals where Currency = 'EUR' and {one}");
            assert!(wire.call("run_coql_query", json!({ "query": one })).await["notes"].is_null());
        }
        let theirs = "select Currency, Account_Name.Annual_Revenue from Deals where id is not null";
        let theirs = wire.call("run_coql_query", json!({ "query": theirs })).await;
        assert!(
            theirs["notes"].to_string().contains("`Account_Name.Currency`"),
            "{theirs:#}"
        );
        let scores = json!({ "query": "select MAX(Score) from Deals where id is not null" });
        let scores = wire.call("run_coql_query", scores).await;
        assert!(scores["notes"].is_null(), "{scores:#}");
        // The sandbox has one currency: any other field in its place shows that COQL takes such a query.
        let other = apart.replace("Currency = 'EUR'", "id is not null");
        let other = other.replace("_Name.Currency", "_Name.Industry");
        let other = other.replace("Currency", "Type").replace("Fee", "Amount");
        let taken = sandbox.call("run_coql_query", json!({ "query": other })).await;
        assert!(taken["count"].as_u64().unwrap() > 1, "{other}: {taken:#}");
    }
}

/// COQL has no `having`, `distinct`, `*`, functions or words of days (Zoho CRM, COQL Overview and Limitations).
#[tokio::test]
async fn what_coql_has_not_is_told_with_the_way_round() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for (query, told) in [
        (
            "select Stage, count(id) as n from Deals group by Stage having count(id) > 2",
            "`having`",
        ),
        (
            "select count(distinct Stage) from Deals where id is not null",
            "`distinct`",
        ),
        (
            "select month(Created_Time), count(id) from Deals group by month(Created_Time)",
            "functions of dates",
        ),
        (
            "select id from Deals where Closing_Date = THIS_MONTH",
            "words for days",
        ),
        ("select * from Deals where id is not null", "`*`"),
        (
            "select id from Deals where Created_Time > '2026-11-29'",
            "'2026-11-29T00:00:00+00:00'",
        ),
        (
            "select id from Deals where Created_Time>='2026-11-29'",
            "'2026-11-29T00:00:00+00:00'",
        ),
        (
            "select id from Deals where Closing_Date = 'THIS_MONTH'",
            "`Closing_Date` is compared with a day",
        ),
    ] {
        let answer = wire.call("run_coql_query", json!({ "query": query })).await;
        let next = answer["next"]
            .as_str()
            .unwrap_or_else(|| panic!("{query}: {answer:#}"));
        assert!(next.contains(told), "{query}: {answer:#}");
    }
}

#[tokio::test]
async fn notes_are_of_what_a_query_does() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let query = "select Deal_Name from Deals where Closing_Date < '2000-01-01'";
    let nothing = wire.call("run_coql_query", json!({ "query": query })).await;
    assert_eq!(nothing["count"], 0, "{nothing:#}");
    assert!(!nothing["notes"].to_string().contains("picklist"), "{nothing:#}");
    let query =
        "select Account_Name, count(id) from Deals where Account_Name is not null group by Account_Name";
    let ids = wire.call("run_coql_query", json!({ "query": query })).await;
    let better = "`Account_Name.Account_Name`";
    assert!(ids["notes"].to_string().contains(better), "{ids:#}");
    let query = query.replace("Account_Name,", "Account_Name.Account_Name,");
    let query = query.replace("by Account_Name", "by Account_Name.Account_Name");
    let named = wire.call("run_coql_query", json!({ "query": query })).await;
    assert!(!named["notes"].to_string().contains(better), "{named:#}");
    assert!(named["count"].as_u64() > Some(1), "{named:#}");
}
