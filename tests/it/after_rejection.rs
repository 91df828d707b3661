//! Names and values that are almost Zoho's: a read is put right from the live fields and told, a write is not.

use serde_json::{Map, Value, json};
use zoho_mcp::repair::Access;
use zoho_mcp::tools::advice::{Doubt, doubtful, find_named_in, look};
use zoho_mcp::tools::error::Rejection;
use zoho_mcp::tools::settings::fields::Field;
use zoho_mcp::zoho::FieldError;

use crate::bed::Bed;

/// `path rule from -> to`, a line a repair.
fn told(answer: &Value) -> Vec<String> {
    let text = |repair: &Value, key: &str| repair[key].as_str().unwrap_or_default().to_owned();
    let line = |repair: &Value| {
        format!(
            "{} {} {} -> {}",
            text(repair, "path"),
            text(repair, "rule"),
            text(repair, "from"),
            text(repair, "to")
        )
    };
    answer["repairs"]
        .as_array()
        .into_iter()
        .flatten()
        .map(line)
        .collect()
}

fn requests_to(seen: &[String], part: &str) -> usize {
    seen.iter().filter(|line| line.contains(part)).count()
}

#[tokio::test]
async fn fields_by_their_labels_are_found_in_desk() {
    let (bed, mut wire) = Bed::warm(&[("desk", "Cases"), ("crm", "Deals")]).await;
    let asked = json!({ "module": "Cases", "limit": 5, "fields": ["Ticket Number", "subject", "Severity"] });
    let answer = wire.call("get_records", asked.clone()).await;
    assert_eq!(
        told(&answer),
        [
            "/fields/0 field_name Ticket Number -> ticketNumber",
            "/fields/2 field_name Severity -> cf_severity"
        ],
        "{answer:#}"
    );
    assert!(answer["data"][0]["ticketNumber"].is_string(), "{answer:#}");
    let rows = answer["data"].as_array().unwrap();
    assert!(
        rows.iter().any(|row| row["cf_severity"].is_string()),
        "{answer:#}"
    );
    assert_eq!(requests_to(&bed.seen().await, "/fields?module="), 1);
    wire.call("get_records", asked).await;
    assert_eq!(
        requests_to(&bed.seen().await, "/fields?module="),
        1,
        "the list of fields is remembered"
    );
}

#[tokio::test]
async fn fields_in_another_case_are_found_in_crm() {
    let (bed, mut wire) = Bed::warm(&[("desk", "Cases"), ("crm", "Deals")]).await;
    let asked = json!({ "module": "Deals", "app_type": "crm", "limit": 5, "fields": ["deal_name", "Probability (%)", "STAGE"] });
    let answer = wire.call("get_records", asked).await;
    assert_eq!(
        told(&answer),
        [
            "/fields/0 field_name deal_name -> Deal_Name",
            "/fields/1 field_name Probability (%) -> Probability",
            "/fields/2 field_name STAGE -> Stage"
        ],
        "{answer:#}"
    );
    assert!(answer["data"][0]["Stage"].is_string(), "{answer:#}");
    assert_eq!(requests_to(&bed.seen().await, "/Deals?"), 1);
}

#[tokio::test]
async fn a_field_that_is_none_is_refused_with_the_nearest_before_records_are_asked_for() {
    let (bed, mut wire) = Bed::warm(&[("desk", "Cases"), ("crm", "Deals")]).await;
    for (module, app, near) in [("Deals", "crm", "Deal_Name"), ("Cases", "desk", "ticketNumber")] {
        let name = if app == "crm" {
            "Name_Of_Deal"
        } else {
            "numberOfTicket"
        };
        let asked = json!({ "module": module, "app_type": app, "limit": 2, "fields": ["id", name] });
        let answer = wire.call("get_records", asked).await;
        assert_eq!(answer["code"], "invalid_arguments", "{answer:#}");
        assert_eq!(answer["problems"][0]["path"], "/fields/1", "{answer:#}");
        let told = answer["problems"][0]["suggestion"].as_str().unwrap();
        assert!(
            told.starts_with("nearest: `") && told.contains(near),
            "{answer:#}"
        );
    }
    let seen = bed.seen().await;
    assert_eq!(requests_to(&seen, "/Deals?") + requests_to(&seen, "/tickets?"), 0);
}

#[tokio::test]
async fn a_known_field_that_is_empty_everywhere_is_no_mistake() {
    let (_bed, mut wire) = Bed::warm(&[("desk", "Cases"), ("crm", "Deals")]).await;
    let asked = json!({ "module": "Cases", "limit": 1, "fields": ["id", "cf_purchase_date", "resolution"] });
    let answer = wire.call("get_records", asked).await;
    assert_eq!(answer["count"], 1);
    let notes = answer["notes"].as_array().unwrap();
    let told = |of: &str| notes.iter().any(|note| note.as_str().unwrap().starts_with(of));
    let empty =
        "None of them shows cf_purchase_date, resolution: empty in all, or not shown there or to this user";
    assert!(notes.len() == 2 && told(empty) && told("Archived "), "{answer:#}");
    assert!(answer["repairs"].is_null(), "{answer:#}");
}

#[tokio::test]
async fn conditions_by_labels_and_by_picklist_values_in_another_style() {
    let (_bed, mut wire) = Bed::warm(&[("desk", "Cases"), ("crm", "Deals")]).await;
    let crm = json!({ "module": "Deals", "app_type": "crm", "filters": { "Lead Source": "cold_call" } });
    let answer = wire.call("search_records", crm).await;
    assert_eq!(
        told(&answer),
        [
            "/filters/Lead_Source field_name Lead Source -> Lead_Source",
            "/filters/Lead_Source picklist_value cold_call -> Cold Call"
        ],
        "{answer:#}"
    );
    assert!(answer["count"].as_u64().unwrap() > 0);
    let desk = json!({ "module": "Cases", "filters": { "Severity": "Critcal" } });
    let answer = wire.call("search_records", desk).await;
    assert_eq!(
        told(&answer),
        [
            "/filters/cf_severity field_name Severity -> cf_severity",
            "/filters/cf_severity picklist_value Critcal -> Critical"
        ],
        "{answer:#}"
    );
    assert!(answer["count"].as_u64().unwrap() > 0);
}

#[tokio::test]
async fn a_value_the_picklist_does_not_have_is_told_with_those_it_has() {
    let (_bed, mut wire) = Bed::warm(&[("desk", "Cases"), ("crm", "Deals")]).await;
    let asked = json!({ "module": "Deals", "app_type": "crm", "filters": { "Stage": "Daydream" } });
    for tool in ["search_records", "get_records", "count_records"] {
        let answer = wire.call(tool, asked.clone()).await;
        assert_eq!(answer["code"], "invalid_arguments", "{tool}: {answer:#}");
        let told = answer["problems"].to_string();
        assert!(
            told.contains("/filters/Stage") && told.contains("Closed Won"),
            "{tool}: {answer:#}"
        );
    }
}

#[tokio::test]
async fn a_condition_no_field_has_is_refused_and_nothing_is_injected() {
    let (bed, mut wire) = Bed::warm(&[("desk", "Cases"), ("crm", "Deals")]).await;
    for name in ["Hair Colour", "Stage:equals:x)or(Amount"] {
        let mut filters = Map::new();
        filters.insert(name.to_owned(), json!("x"));
        let asked = json!({ "module": "Deals", "app_type": "crm", "filters": filters });
        let answer = wire.call("search_records", asked).await;
        assert_eq!(answer["code"], "invalid_arguments", "{answer:#}");
    }
    assert_eq!(requests_to(&bed.seen().await, "/Deals/search"), 0);
}

#[tokio::test]
async fn a_misspelt_condition_of_crm_is_mended_before_it_is_sent() {
    let (bed, mut wire) = Bed::warm(&[("desk", "Cases"), ("crm", "Deals")]).await;
    let asked = json!({ "module": "Deals", "app_type": "crm", "filters": { "Lead_Sorce": "Partner" } });
    let answer = wire.call("search_records", asked).await;
    assert_eq!(
        told(&answer),
        ["/filters/Lead_Source field_name Lead_Sorce -> Lead_Source"],
        "{answer:#}"
    );
    let seen = bed.seen().await;
    assert_eq!(requests_to(&seen, "/Deals/search"), 1, "{seen:#?}");
    let hopeless = json!({ "module": "Deals", "app_type": "crm", "filters": { "Hair_Colour": "red" } });
    let answer = wire.call("search_records", hopeless).await;
    assert_eq!(answer["code"], "invalid_arguments", "{answer:#}");
    assert_eq!(
        answer["problems"][0]["path"], "/filters/Hair_Colour",
        "{answer:#}"
    );
}

#[tokio::test]
async fn one_record_by_labels() {
    let (_bed, mut wire) = Bed::warm(&[("desk", "Cases"), ("crm", "Deals")]).await;
    let list = wire
        .call("get_records", json!({ "module": "Cases", "limit": 1 }))
        .await;
    let id = list["data"][0]["id"].clone();
    let asked = json!({ "module": "Cases", "id": id, "fields": ["Ticket Number", "Sub Category"] });
    let answer = wire.call("get_record", asked).await;
    assert!(answer["data"]["ticketNumber"].is_string(), "{answer:#}");
    assert!(told(&answer).contains(&"/fields/0 field_name Ticket Number -> ticketNumber".to_owned()));
}

fn fields() -> Vec<Field> {
    let field = |api_name: &str, label: &str, values: &[&str]| Field {
        api_name: api_name.to_owned(),
        label: label.to_owned(),
        values: values.iter().map(|&value| value.to_owned()).collect(),
        ..Field::default()
    };
    vec![
        field("Stage", "Stage", &["Qualification", "Closed Won", "Closed Lost"]),
        field("Closing_Date", "Closing Date", &[]),
        field("cf_severity", "Severity", &["Minor", "Major", "Critical"]),
        field("priority", "Priority", &["Low", "Medium", "High"]),
    ]
}

fn doubt(path: &str) -> Doubt {
    Doubt {
        path: path.to_owned(),
        key_too: true,
    }
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn rejection(message: &str, named: &[&str]) -> Rejection {
    let field = |name: &&str| FieldError {
        field: (*name).to_owned(),
        kind: "invalid".to_owned(),
        message: None,
    };
    Rejection {
        code: String::new(),
        message: message.to_owned(),
        fields: named.iter().map(field).collect(),
    }
}

#[test]
fn zohos_names_are_traced_back_to_the_arguments() {
    let arguments = object(json!({
        "module": "Cases", "priority": "Urgent", "cf": { "cf_severity": "Worst" }, "sort_by": "colour",
        "values": { "Stage": "Won" }, "filters": { "createdTime": 7 }, "fields": ["id", "hue"]
    }));
    for (message, named, places) in [
        ("", vec!["/priority"], vec!["/priority"]),
        ("", vec!["/cf/cf_severity"], vec!["/cf/cf_severity"]),
        ("", vec!["$.data[0].Stage"], vec!["/values/Stage"]),
        ("", vec!["Stage"], vec!["/values/Stage"]),
        (
            "The value passed for the 'sortBy' query parameter is invalid.",
            vec![],
            vec!["/sort_by"],
        ),
        (
            "Extra query parameter 'createdTimeRange' is present in the input.",
            vec![],
            vec!["/filters/createdTime"],
        ),
        ("", vec!["hue"], vec!["/fields/1"]),
        ("An extra parameter 'nothing_of_ours' is found", vec![], vec![]),
    ] {
        let names = find_named_in(&rejection(message, &named));
        let doubts = doubtful(&names, &arguments);
        let paths: Vec<&str> = doubts.iter().map(|doubt| doubt.path.as_str()).collect();
        assert_eq!(paths, places, "{message} {named:?}");
    }
}

#[test]
fn a_write_is_told_what_zoho_accepts_and_never_changed() {
    let arguments = object(json!({
        "module": "Deals", "values": { "Stage": "closed won", "Closing_Dat": "2026-01-01" }, "cf": { "cf_severity": "Critcal" }, "priority": "Urgent"
    }));
    let doubts = [
        "/values/Stage",
        "/values/Closing_Dat",
        "/cf/cf_severity",
        "/priority",
    ]
    .map(doubt);
    let findings = look(Access::Write, &arguments, &doubts, &fields());
    let short: Vec<(&str, Option<&str>)> = findings
        .iter()
        .map(|one| (one.path.as_str(), one.suggestion.as_deref()))
        .collect();
    assert_eq!(
        short,
        [
            ("/values/Stage", Some("`Closed Won`")),
            ("/values/Closing_Dat", Some("`Closing_Date`")),
            ("/cf/cf_severity", Some("`Critical`")),
            ("/priority", None),
        ]
    );
    assert_eq!(
        findings[0].expected,
        "one of: Qualification, Closed Won, Closed Lost"
    );
    assert_eq!(findings[3].expected, "one of: Low, Medium, High");
    for finding in findings {
        let mut same = arguments.clone();
        assert!(finding.apply(&mut same).is_none());
        assert_eq!(same, arguments);
    }
}

#[test]
fn two_that_are_equally_near_are_neither_taken_nor_suggested() {
    let twins = vec![
        Field {
            api_name: "Rating_A".to_owned(),
            label: "Rating".to_owned(),
            values: vec!["Warm1".to_owned(), "Warm2".to_owned()],
            ..Field::default()
        },
        Field {
            api_name: "Rating_B".to_owned(),
            label: "Rating".to_owned(),
            ..Field::default()
        },
    ];
    let arguments = object(json!({ "filters": { "rating": "x", "Rating_A": "Warm3" } }));
    let doubts = ["/filters/rating", "/filters/Rating_A"].map(doubt);
    let findings = look(Access::Read, &arguments, &doubts, &twins);
    assert_eq!(findings.len(), 2);
    for finding in findings {
        assert_eq!((finding.suggestion, finding.change), (None, None));
    }
}
