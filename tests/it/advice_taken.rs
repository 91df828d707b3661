//! What a refusal or a remark of a search recommends is itself taken, whatever was asked: every form of it is sent.

use serde_json::{Value, json};

use crate::bed::{Bed, Wire};

/// Words with signs that other searches know, and with nothing but signs.
const WORDS: [&str; 34] = [
    "*",
    "**",
    "c++",
    "c#",
    "&&",
    "OR",
    "AND",
    "NOT",
    "AND NOT",
    "NOT NOT",
    "foo AND NOT bar",
    "foo OR NOT bar",
    "a OR b",
    "a|b",
    "a | -b",
    "||",
    "x, y",
    "foo,",
    ",",
    ",,foo",
    "a, b OR c",
    "a, -b",
    "-foo",
    "-foo bar",
    "\"ab\"",
    "\"\"",
    "\"-foo\"",
    "\"a\" OR \"b\"",
    "foo (NOT)",
    "ab",
    "A OR B",
    "FOO AND, BAR",
    "foo NOT",
    "a*b, c",
];

/// Fields of a kind, and conditions that they do not take as they stand, or not all of them.
struct Odd {
    app: &'static str,
    module: &'static str,
    fields: &'static [&'static str],
    conditions: fn() -> Vec<Value>,
}

const ODD: [Odd; 6] = [
    Odd {
        app: "desk",
        module: "Cases",
        fields: &[
            "subject",
            "email",
            "tag",
            "contactName",
            "accountName",
            "phone",
            "description",
            "productName",
            "resolution",
        ],
        conditions: texts,
    },
    Odd {
        app: "desk",
        module: "Cases",
        fields: &[
            "createdTime",
            "dueDate",
            "closedTime",
            "modifiedTime",
            "customerResponseTime",
        ],
        conditions: times,
    },
    Odd {
        app: "desk",
        module: "Cases",
        fields: &[
            "priority",
            "ticketNumber",
            "threadCount",
            "assignee",
            "departmentId",
        ],
        conditions: values,
    },
    Odd {
        app: "crm",
        module: "Deals",
        fields: &["Deal_Name", "Description", "Next_Step"],
        conditions: texts,
    },
    Odd {
        app: "crm",
        module: "Deals",
        fields: &["Closing_Date", "Created_Time", "Modified_Time"],
        conditions: times,
    },
    Odd {
        app: "crm",
        module: "Deals",
        fields: &["Amount", "Probability", "Owner", "Stage"],
        conditions: values,
    },
];

fn texts() -> Vec<Value> {
    vec![
        json!("*"),
        json!("**"),
        json!("a"),
        json!("x,y"),
        json!(","),
        json!("a*b"),
        json!("*a*b*"),
        json!({ "not": "a*b" }),
        json!({ "not": "*" }),
        json!({ "gt": "a" }),
        json!({ "starts_with": "a,b" }),
        json!(["a,b", "c"]),
        json!({ "not": [] }),
        json!("unassigned"),
        json!(["x", null]),
        json!({ "empty": "x" }),
    ]
}

fn times() -> Vec<Value> {
    vec![
        json!("2026-01-01,2026-02-01"),
        json!(["2026-01-01", "2026-02-01", null]),
        json!(["2026-01-01", "2026-02-01"]),
        json!({ "not": ["2026-01-01", "2026-02-01", null] }),
        json!("2026-02-30"),
        json!("last 7 days"),
        json!("next 3 days"),
        json!("this week"),
        json!("last 2 months"),
        json!("since march"),
        json!("last quarter"),
        json!({ "in": ["this month", "2026-01-01"] }),
        json!({ "not": ["last year"] }),
        json!("soon"),
    ]
}

fn values() -> Vec<Value> {
    vec![
        json!("*"),
        json!("High,Low"),
        json!(","),
        json!(["12", null]),
        json!({ "gt": "12" }),
        json!({ "starts_with": "1" }),
        json!({ "not": ["12", null] }),
        json!("unassigned"),
        json!("12*"),
    ]
}

/// The JSON values in a text, each with the word that it stands behind, `any:["a"]`.
fn forms(text: &str) -> Vec<(String, Value)> {
    let mut forms = Vec::new();
    let mut at = 0;
    while let Some(sign) = text[at..].chars().next() {
        let mut read = serde_json::Deserializer::from_str(&text[at..]).into_iter::<Value>();
        if matches!(sign, '{' | '[' | '"')
            && let Some(Ok(value)) = read.next()
        {
            let before = text[..at].strip_suffix(':').unwrap_or_default();
            let word = before.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next();
            forms.push((word.unwrap_or_default().to_owned(), value));
            at += read.byte_offset();
        } else {
            at += sign.len_utf8();
        }
    }
    forms
}

/// The call with what is recommended in place of what was refused; none where it is no argument of a search.
fn with(call: &Value, path: &str, word: &str, value: Value) -> Option<Value> {
    let mut call = call.clone();
    let arguments = call.as_object_mut().unwrap();
    match (word, path.split('/').collect::<Vec<&str>>().as_slice()) {
        ("query" | "any" | "filters", _) => {
            let is_of_words = arguments.contains_key("query") || arguments.contains_key("any");
            for other in ["query", "any"] {
                arguments.remove(other);
            }
            assert!(is_of_words || word == "filters", "{call}");
            call[word] = value;
        }
        ("", ["", "query"]) => call["query"] = value,
        ("", ["", "any", index]) => call["any"][index.parse::<usize>().unwrap()] = value,
        ("", ["", "filters", name, ..]) => call["filters"][*name] = value,
        _ => return None,
    }
    Some(call)
}

/// What was recommended and how it was answered.
#[derive(Default)]
struct Taken {
    sent: usize,
    refused: Vec<String>,
}

/// Sends what an answer recommends.
async fn take(wire: &mut Wire, tool: &str, call: &Value, so_far: &mut Taken) {
    let answer = wire.call(tool, call.clone()).await;
    let mut recommended = Vec::new();
    if answer["error"].is_string() {
        let by_whom = answer["code"].as_str().unwrap();
        assert!(
            ["invalid_arguments", "rejected"].contains(&by_whom),
            "{tool} {call}: {answer:#}"
        );
        for problem in answer["problems"].as_array().into_iter().flatten() {
            let path = problem["path"].as_str().unwrap();
            let told = problem["suggestion"].as_str().unwrap_or_default();
            recommended.extend(forms(told).into_iter().map(|form| (path.to_owned(), form)));
        }
    }
    for note in answer["notes"].as_array().into_iter().flatten() {
        let named = forms(note.as_str().unwrap())
            .into_iter()
            .filter(|(word, _)| !word.is_empty());
        recommended.extend(named.map(|form| (String::new(), form)));
    }
    for (path, (word, value)) in recommended {
        let Some(next) = with(call, &path, &word, value) else {
            continue;
        };
        so_far.sent += 1;
        let taken = wire.call(tool, next.clone()).await;
        if !taken["count"].is_u64() {
            let told = format!("{tool} {call} recommends {next}: {}", taken["error"]);
            so_far.refused.push(told);
        }
    }
}

const MODULES: [(&str, &str); 5] = [
    ("desk", "Cases"),
    ("desk", "Contacts"),
    ("desk", "Agents"),
    ("crm", "Leads"),
    ("crm", "Deals"),
];

#[tokio::test]
async fn other_words_that_are_recommended_are_searched_for() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let mut taken = Taken::default();
    for (app, module) in MODULES {
        for words in WORDS {
            for asked in [
                json!({ "query": words }),
                json!({ "any": [words] }),
                json!({ "any": ["printer", words] }),
                json!({ "query": words, "sort_by": "createdTime" }),
            ] {
                let mut call = asked;
                call["module"] = json!(module);
                call["app_type"] = json!(app);
                if app == "crm" && call["sort_by"].is_string() {
                    call["sort_by"] = json!("Created_Time");
                }
                if call["sort_by"].is_null() {
                    take(&mut wire, "count_records", &call, &mut taken).await;
                } else if module != "Agents" {
                    take(&mut wire, "search_records", &call, &mut taken).await;
                }
            }
        }
    }
    assert!(taken.refused.is_empty(), "{:#?}", taken.refused);
    assert!(taken.sent > 200, "{}", taken.sent);
}

#[tokio::test]
async fn other_conditions_that_are_recommended_are_taken() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let mut taken = Taken::default();
    for odd in ODD {
        for field in odd.fields {
            for condition in (odd.conditions)() {
                let filters = json!({ *field: condition });
                let call = json!({ "module": odd.module, "app_type": odd.app, "filters": filters });
                take(&mut wire, "count_records", &call, &mut taken).await;
            }
        }
    }
    assert!(taken.refused.is_empty(), "{:#?}", taken.refused);
    assert!(taken.sent > 60, "{}", taken.sent);
}

/// Records without a value, or with any, are counted by their rows, whatever the field, or refused where nothing tells.
#[tokio::test]
async fn records_without_a_value_are_counted() {
    let bed = Bed::connected().await;
    let mut wire = bed.client().await;
    let mut counted = 0;
    let file = include_str!("../../tool-schemas/modules/crm.json");
    let file: Value = serde_json::from_str(file).unwrap();
    for module in file["modules"].as_array().unwrap() {
        let own = module["fields"].as_array().unwrap().iter();
        let system = [
            "Layout",
            "Last_Activity_Time",
            "Record_Status__s",
            "Locked__s",
            "Tag",
        ];
        for field in own.filter_map(Value::as_str).chain(system) {
            for condition in [json!(null), json!({ "not": null })] {
                let filters = json!({ field: condition });
                let call = json!({ "module": module["name"], "app_type": "crm", "filters": filters });
                let answer = wire.call("count_records", call.clone()).await;
                let is_refused = answer["code"] == "invalid_arguments";
                assert!(answer["count"].is_u64() || is_refused, "{call}: {answer}");
                counted += usize::from(!is_refused);
            }
        }
    }
    assert!(counted > 100, "{counted}");
}
