//! Signs and notations in conditions: a minus, `!` or `>` never gets lost, and a number is one in any notation.

use serde_json::{Value, json};

use crate::bed::{Bed, Wire};
use crate::desk_client::Desk;
use crate::exports;

async fn count(wire: &mut Wire, module: &str, filters: Value) -> u64 {
    let call = json!({ "module": module, "filters": filters });
    let answer = wire.call("count_records", call).await;
    let count = answer["count"].as_u64();
    count.unwrap_or_else(|| panic!("{filters}: {answer:#}"))
}

/// Zoho Desk writes numbers of threads and comments as texts (OAS Ticket: `threadCount` is a string).
#[tokio::test]
async fn a_number_is_one_in_any_notation_and_its_sign_counts() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(exports::tools(&bed).await).await;
    let all = count(&mut wire, "Cases", json!({})).await;
    for none in [json!(-1), json!("-1"), json!([-1, -2])] {
        assert_eq!(
            count(&mut wire, "Cases", json!({ "threadCount": none })).await,
            0,
            "{none}"
        );
        let not = json!({ "threadCount": { "not": none } });
        assert_eq!(count(&mut wire, "Cases", not).await, all, "{none}");
    }
    let ones = count(&mut wire, "Cases", json!({ "threadCount": 1 })).await;
    assert!(ones > 0);
    for one in [
        json!(1.0),
        json!("01"),
        json!("+1"),
        json!("1.00"),
        json!("\u{661}"),
        json!(["1"]),
    ] {
        assert_eq!(
            count(&mut wire, "Cases", json!({ "threadCount": one })).await,
            ones,
            "{one}"
        );
    }
    for (sign, word) in [(">1", "gt"), (">= 1", "gte"), ("<2", "lt"), ("<=2", "lte")] {
        let number = if word.starts_with('g') { 1 } else { 2 };
        let want = count(&mut wire, "Cases", json!({ "threadCount": { word: number } })).await;
        let call = json!({ "module": "Cases", "filters": { "threadCount": sign } });
        let told = wire.call("count_records", call).await;
        assert_eq!(told["count"], json!(want), "{sign}: {told:#}");
        assert!(told["repairs"].to_string().contains(word), "{sign}: {told:#}");
    }
    for tool in ["count_records", "get_records", "search_records", "export_records"] {
        for word in [
            json!("three"),
            json!("more than three"),
            json!(true),
            json!("6*"),
            json!([1, "x"]),
        ] {
            let call = json!({ "module": "Cases", "filters": { "commentCount": word } });
            let told = wire.call(tool, call).await;
            assert_eq!(told["code"], "invalid_arguments", "{tool} {word}: {told:#}");
        }
    }
    for (number, other) in [("0101", "101"), ("+101", "101")] {
        let left = count(&mut wire, "Cases", json!({ "ticketNumber": number })).await;
        assert_eq!(left, 1, "{number}");
        assert_eq!(
            left,
            count(&mut wire, "Cases", json!({ "ticketNumber": other })).await
        );
    }
}

#[tokio::test]
async fn a_value_behind_a_sign_that_leaves_it_out_is_left_out() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(exports::tools(&bed).await).await;
    for (module, field, value, sign) in [
        ("Cases", "status", "Open", "!Open"),
        ("Cases", "status", "Closed", "-Closed"),
        ("Cases", "priority", "High", "!high"),
        ("Cases", "status", "Open", "<> Open"),
        ("Cases", "status", "Open", "not Open"),
        ("Deals", "Type", "New Business", "!=New Business"),
        ("Deals", "Type", "New Business", "!New Business"),
    ] {
        let want = count(&mut wire, module, json!({ field: { "not": value } })).await;
        assert_ne!(want, count(&mut wire, module, json!({ field: value })).await);
        assert_eq!(
            count(&mut wire, module, json!({ field: sign })).await,
            want,
            "{sign}"
        );
        for (tool, more) in [
            ("get_records", json!({})),
            ("export_records", json!({ "archived": false })),
        ] {
            let mut filters = json!({ field: sign });
            if module == "Cases" && tool == "export_records" {
                filters["archived"] = more["archived"].clone();
            }
            let told = wire
                .call(tool, json!({ "module": module, "filters": filters }))
                .await;
            let repaired = json!({ "not": value });
            let shown = told["repairs"].to_string().replace('\\', "");
            assert!(shown.contains(&repaired.to_string()), "{tool} {sign}: {told:#}");
            if tool == "export_records" {
                assert_eq!(told["data"]["records"], json!(want), "{sign}: {told:#}");
            }
        }
    }
    let call = json!({ "module": "Cases", "filters": { "statusType": "-Open" } });
    let told = wire.call("count_records", call).await;
    assert_eq!(told["code"], "invalid_arguments", "{told:#}");
}

#[tokio::test]
async fn a_beginning_and_its_opposite_are_read_from_the_same_text() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let begins = json!({ "starts_with": "Dear" });
    let with = count(&mut wire, "Cases", json!({ "description": begins })).await;
    let without = count(&mut wire, "Cases", json!({ "description": { "not": begins } })).await;
    let none = count(&mut wire, "Cases", json!({ "description": null })).await;
    let all = count(&mut wire, "Cases", json!({})).await;
    assert!(with > 0);
    assert!(none > 0, "some have no description");
    assert_eq!(with + without, all, "`not` keeps what has no value");
    for (star, shape) in [
        (json!("Dear*"), begins.clone()),
        (json!({ "not": "Dear*" }), json!({ "not": begins })),
        (json!({ "starts_with": "Dear*" }), begins),
    ] {
        let read = count(&mut wire, "Cases", json!({ "description": star })).await;
        assert_eq!(
            read,
            count(&mut wire, "Cases", json!({ "description": shape })).await,
            "{star}"
        );
    }
    for several in [json!(["Dear*", "Hello"]), json!("D*r")] {
        let call = json!({ "module": "Cases", "filters": { "description": several } });
        let told = wire.call("count_records", call).await;
        assert_eq!(told["code"], "invalid_arguments", "{told:#}");
    }
    // Zoho finds a beginning of the subject, and what does not begin so is looked for in the rows.
    let with = count(&mut wire, "Cases", json!({ "subject": "Re*" })).await;
    let without = count(&mut wire, "Cases", json!({ "subject": { "not": "Re*" } })).await;
    assert!(with > 0);
    assert_eq!(with + without, all, "every case has a subject");
}

#[tokio::test]
async fn an_export_takes_what_lists_take_and_tells_what_they_tell() {
    let bed = Bed::connected().await;
    let mut wire = Wire::start(exports::tools(&bed).await).await;
    let views = wire.call("get_views", json!({ "module": "Cases" })).await;
    let view = views["data"][0]["id"].clone();
    for (module, filters) in [
        ("Cases", json!({ "viewId": view })),
        ("Cases", json!({ "receivedInDays": 30 })),
        ("Tasks", json!({ "isCompleted": false })),
    ] {
        let want = count(&mut wire, module, filters.clone()).await;
        let mut own = filters.clone();
        if module == "Cases" {
            own["archived"] = json!(false);
        }
        let told = wire
            .call("export_records", json!({ "module": module, "filters": own }))
            .await;
        assert_eq!(told["data"]["records"], json!(want), "{filters}: {told:#}");
    }
    let told = wire
        .call(
            "export_records",
            json!({ "module": "Cases", "filters": { "status": "Open", "archived": false } }),
        )
        .await;
    assert!(
        told["notes"].to_string().contains("Only the status Open"),
        "{told:#}"
    );
}

/// Rows of calls and events carry all of the record but its texts and custom fields (OAS Call, Event).
#[tokio::test]
async fn calls_and_events_are_told_by_what_their_rows_carry() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for module in ["Calls", "Events"] {
        let all = count(&mut wire, module, json!({})).await;
        let high = json!({ "priority": ["High", null] });
        let either = count(&mut wire, module, high).await;
        let other = json!({ "priority": { "not": ["High", null] } });
        assert_eq!(either + count(&mut wire, module, other).await, all, "{module}");
    }
}

/// A number of a custom field is one, whether the row or the condition writes `5`, `5.0` or `05`.
#[tokio::test]
async fn an_amount_is_one_in_whatever_notation_it_is_asked_for() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let (module, seats) = ("cm_service_vehicles", "cf_seats");
    let listed = json!({ "module": module, "fields": ["name", seats], "limit": 99 });
    let rows = wire.call("get_records", listed).await;
    let rows = rows["data"].as_array().unwrap();
    let seen = |row: &Value| row[seats].as_str().map(str::to_owned);
    let first = rows.iter().find_map(seen).expect("a number that is a text");
    let same = rows
        .iter()
        .filter(|row| seen(row).as_ref() == Some(&first))
        .count() as u64;
    let number: f64 = first.parse().unwrap();
    let all = count(&mut wire, module, json!({})).await;
    for written in [
        json!(first),
        json!(number),
        json!(format!("0{number}.0")),
        json!([number, -1]),
    ] {
        let found = count(&mut wire, module, json!({ seats: written })).await;
        assert_eq!(found, same, "{written}");
        let others = count(&mut wire, module, json!({ seats: { "not": written } })).await;
        assert_eq!(others, all - same, "{written}");
    }
}

/// `receivedInDays` takes 15, 30, 90 and -1 (OAS): a sign is not lost on the way to one of them.
#[tokio::test]
async fn a_sign_before_one_of_few_values_makes_it_another() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for days in [json!(-15), json!("-15"), json!(1)] {
        let call = json!({ "module": "Cases", "filters": { "receivedInDays": days } });
        let told = wire.call("get_records", call).await;
        assert_eq!(told["code"], "invalid_arguments", "{days}: {told:#}");
    }
}

/// Zoho CRM, Search Records: `starts_with` is the operator, and no sign stands for letters.
#[tokio::test]
async fn a_star_behind_a_beginning_is_the_word_for_it_in_crm() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    for shape in [json!("A*"), json!({ "not": "A*" })] {
        let call = json!({ "module": "Leads", "filters": { "Company": shape } });
        let answer = wire.call("count_records", call).await;
        let begins = json!({ "starts_with": "A" });
        let word = if shape.is_string() {
            begins
        } else {
            json!({ "not": begins })
        };
        let want = count(&mut wire, "Leads", json!({ "Company": word })).await;
        assert_eq!(answer["count"], want, "{answer:#}");
        assert!(
            answer["repairs"].to_string().contains("starts_with"),
            "{answer:#}"
        );
    }
}

/// Addresses and grades differ by nothing but a sign: what is left out is the one that was named.
#[tokio::test]
async fn what_is_left_out_is_compared_with_its_signs() {
    let bed = Bed::connected().await;
    let desk = Desk::of(&bed).await;
    for (email, title) in [("ab@quiet.example", "A-"), ("a.b@quiet.example", "A+")] {
        let contact = json!({ "lastName": "Quillfeather", "email": email, "title": title });
        desk.post("/contacts", contact).await;
    }
    let mut wire = bed.client().await;
    for (field, values) in [
        (
            "email",
            ["ab@quiet.example", "a.b@quiet.example", "a+b@quiet.example"],
        ),
        ("title", ["A-", "A+", "A"]),
    ] {
        for (value, left) in values.into_iter().zip([1, 1, 2]) {
            let filters = json!({ "lastName": "Quillfeather", field: { "not": value } });
            assert_eq!(
                count(&mut wire, "Contacts", filters).await,
                left,
                "{field} {value}"
            );
        }
    }
}
