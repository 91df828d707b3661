//! Every filter of every module: it and its opposite are all records, and where there is no opposite, it is what Zoho's own
//! rows say.

use serde_json::{Value, json};

use crate::bed::{Bed, Wire};
use crate::conditions::rows;
use crate::desk_client::Desk;

/// The names of a module's own filters and of what its rows show, as the module file has them.
fn filterable(module: &Value) -> Vec<String> {
    let places = ["/list/filters", "/search/filters"].map(|place| module.pointer(place));
    let filters = places.into_iter().flatten().filter_map(Value::as_object);
    let filters = filters.flat_map(|filters| filters.keys().cloned());
    let rows = [module.pointer("/list/row"), Some(&module["fields"])];
    let rows = rows.into_iter().flatten().filter_map(Value::as_array).flatten();
    let mut names: Vec<String> = filters.collect();
    names.extend(rows.filter_map(Value::as_str).map(str::to_owned));
    names.retain(|name| !matches!(name.as_str(), "viewId" | "receivedInDays"));
    names.sort();
    names.dedup();
    names
}

/// Conditions that a value of a row gives rise to.
fn shapes(value: Option<&str>, is_long: bool) -> Vec<Value> {
    let Some(value) = value else {
        return vec![json!(null)];
    };
    let piece = |from: usize| value.chars().skip(from).take(3).collect::<String>();
    let (start, inner) = (piece(0), piece(1));
    let mut shapes = vec![json!(format!("{start}*")), json!(format!("*{inner}*"))];
    if !is_long {
        shapes.extend([
            json!(null),
            json!(value),
            json!([value, null]),
            json!({ "starts_with": start }),
        ]);
        let is_time = value.starts_with("20") && value.get(4..5) == Some("-");
        shapes.extend(is_time.then(|| json!({ "gt": value.get(..10) })));
    }
    shapes
}

/// The first value of each field in the rows that a module shows.
async fn values(wire: &mut Wire, call: &Value, module: &Value, names: &[String]) -> Vec<Option<String>> {
    let mut rows = Vec::new();
    for tool in ["get_records", "search_records"] {
        for fields in [&json!([]), &module["list"]["row"]] {
            let mut call = call.clone();
            call["limit"] = json!(60);
            call["fields"] = fields.clone();
            let shown = wire.call(tool, call).await;
            rows.extend(shown["data"].as_array().cloned().unwrap_or_default());
        }
    }
    let first = |name: &String| {
        let texts = rows.iter().filter_map(|row| row[name].as_str());
        let mut texts = texts.map(|text| text.trim_matches(['\u{3014}', '\u{3015}']));
        texts.find(|text| !text.is_empty()).map(str::to_owned)
    };
    names.iter().map(first).collect()
}

/// Modules that Zoho lists with filters of which none has an opposite: the number of one side is told.
const ONE_SIDED: [&str; 3] = ["desk Agents", "desk Departments", "desk Products"];
/// The one that Zoho lists without any filter, and those of which this server counts no records at all.
const UNFILTERED: [&str; 1] = ["desk Teams"];
const UNCOUNTED: [&str; 1] = ["desk TimeEntries"];

/// What was compared of a module.
#[derive(Default)]
struct Compared {
    pairs: usize,
    /// Sides without an opposite, with the rows as Zoho has them.
    sides: usize,
    /// What all others were refused with.
    refused: Vec<String>,
}

/// Whether a value of a row meets a condition; none where this test cannot tell.
fn meets(condition: &Value, value: &Value) -> Option<bool> {
    let of = |value: &Value| match value {
        Value::String(text) => text.to_lowercase(),
        Value::Bool(flag) => flag.to_string(),
        _ => String::new(),
    };
    let text = of(value);
    Some(match condition {
        Value::Null => text.is_empty(),
        Value::Bool(_) => of(condition) == text,
        Value::String(wanted) => match wanted.to_lowercase().split('*').collect::<Vec<_>>().as_slice() {
            [whole] => *whole == text,
            [start, ""] => text.starts_with(start),
            ["", inner, ""] => text.contains(inner),
            _ => return None,
        },
        Value::Array(any) => any.iter().any(|one| meets(one, value) == Some(true)),
        other => text.starts_with(&other["starts_with"].as_str()?.to_lowercase()),
    })
}

/// Puts conditions on every field of a module, and their opposites; none where Zoho counts none of its records.
async fn check_opposites(wire: &mut Wire, app: &str, module: &Value, raw: &[Value]) -> Option<Compared> {
    let own = json!({ "module": module["name"], "app_type": app });
    let all = wire.call("count_records", own.clone()).await;
    let Some(all) = all["count"].as_u64() else {
        assert!(all["error"].is_string(), "{own}: {all:#}");
        return None;
    };
    let mut compared = Compared::default();
    let names = filterable(module);
    let values = values(wire, &own, module, &names).await;
    for (field, value) in names.iter().zip(values) {
        let mut shapes = shapes(value.as_deref(), app == "desk" && module["name"] == "Cases");
        if raw.iter().any(|row| row[field].is_boolean()) {
            shapes = vec![json!(true), json!(false)];
        }
        for shape in shapes {
            let mut answers = Vec::new();
            for filters in [json!({ field: shape }), json!({ field: { "not": shape } })] {
                let mut call = own.clone();
                call["filters"] = filters;
                answers.push(wire.call("count_records", call).await);
            }
            let counts = answers.iter().filter_map(|answer| answer["count"].as_u64());
            let counts: Vec<u64> = counts.collect();
            let is_absent = answers[0]["repairs"].to_string().contains("absent_optional");
            // What no row shows is told where it is looked for in the rows.
            let is_unseen = answers
                .iter()
                .any(|answer| answer["notes"].to_string().contains("None of them shows"));
            if counts.len() == 2 && !is_absent && !is_unseen {
                compared.pairs += 1;
                let sum: u64 = counts.iter().sum();
                assert_eq!(sum, all, "{own} {field} {shape}: {answers:#?}");
            }
            if counts.len() == 1 && !is_absent && raw.iter().any(|row| !row[field].is_null()) {
                let met: Option<Vec<bool>> = raw.iter().map(|row| meets(&shape, &row[field])).collect();
                let met = met.map(|met| met.iter().filter(|met| **met).count());
                compared.sides += usize::from(met.is_some());
                // No record meets it, and the refusal says so.
                let is_told =
                    met == Some(0) && answers[0]["error"].to_string().contains("which says nothing");
                // A pattern is no value of a list and no id: it is refused, and its opposite holds for all.
                let is_pattern = shape.as_str().is_some_and(|text| text.contains('*'));
                let is_refused = is_pattern && answers[0]["code"] == "invalid_arguments";
                let told = is_told || is_refused || met.is_none_or(|met| answers[0]["count"] == met);
                assert!(
                    told,
                    "{own} {field} {shape}: {met:?} of Zoho's rows, {answers:#?}"
                );
            }
            // What a type of CRM does not have is refused by Zoho, too.
            let refused = answers.iter().filter(|answer| answer["count"].is_null());
            for refused in refused.clone() {
                assert_ne!(refused["code"], "internal", "{own} {field} {shape}: {refused:#}");
                compared.refused.push(refused["error"].to_string());
            }
            for refused in refused.filter(|_| app == "desk") {
                assert_eq!(
                    refused["code"], "invalid_arguments",
                    "{own} {field} {shape}: {refused:#}"
                );
            }
        }
    }
    Some(compared)
}

/// What is asked for and what is left out are read alike, whatever the filter: by Zoho, or in the rows; what cannot be is
/// refused. Where there is no opposite, the one side is what Zoho's own rows say.
#[tokio::test]
async fn every_filter_of_every_module_and_its_opposite_are_all_records() {
    let bed = Bed::connected().await;
    let desk = Desk::of(&bed).await;
    let mut wire = bed.client().await;
    for (app, file) in [
        ("desk", include_str!("../../tool-schemas/modules/desk.json")),
        ("crm", include_str!("../../tool-schemas/modules/crm.json")),
    ] {
        let file: Value = serde_json::from_str(file).unwrap();
        for module in file["modules"].as_array().unwrap() {
            let name = format!("{app} {}", module["name"].as_str().unwrap());
            let raw = match ONE_SIDED.contains(&name.as_str()) {
                true => rows(&desk, module["path"].as_str().unwrap()).await,
                false => Vec::new(),
            };
            let compared = check_opposites(&mut wire, app, module, &raw).await;
            assert_eq!(compared.is_none(), UNCOUNTED.contains(&name.as_str()), "{name}");
            let compared = compared.unwrap_or(Compared {
                pairs: 1,
                ..Compared::default()
            });
            let (is_sided, is_bare) = (
                ONE_SIDED.contains(&name.as_str()),
                UNFILTERED.contains(&name.as_str()),
            );
            assert!(compared.pairs > 0 || is_sided || is_bare, "{name}: pairs");
            assert_eq!(compared.sides > 0, is_sided, "{name}: sides");
            if is_bare {
                // A null where each record has a value is refused as that before it is asked who could filter by it.
                let has_none = |told: &String| {
                    told.contains("no filter: Zoho has none here")
                        || told.contains("got null, which says nothing")
                        || told.contains("departmentId: expected ")
                };
                assert!(compared.refused.iter().all(has_none), "{:?}", compared.refused);
            }
        }
    }
}
