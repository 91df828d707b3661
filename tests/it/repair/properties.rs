//! What holds for every input: valid calls are untouched, repaired calls are valid and stay, writes keep their texts.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use zoho_mcp::repair::ToolSchema;

use super::tools::{create, create_schema, list, list_schema, update, update_schema};
use super::{call, call_string, call_text};

fn id() -> impl Strategy<Value = Value> {
    "[1-9][0-9]{11,18}".prop_map(Value::from)
}

fn free_text() -> impl Strategy<Value = Value> {
    "[^<\\]]{1,30}".prop_map(Value::from)
}

fn one_of(values: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop::sample::select(values).prop_map(Value::from)
}

fn with_optional(
    required: Vec<(&'static str, BoxedStrategy<Value>)>,
    optional: Vec<(&'static str, BoxedStrategy<Value>)>,
) -> BoxedStrategy<Value> {
    let member = |(name, value): (&'static str, BoxedStrategy<Value>)| {
        value.prop_map(move |value| (name, value)).boxed()
    };
    let must: Vec<_> = required.into_iter().map(member).collect();
    let may: Vec<_> = optional
        .into_iter()
        .map(|one| prop::option::of(member(one)))
        .collect();
    (must, may)
        .prop_map(|(must, may)| {
            let pairs = must.into_iter().chain(may.into_iter().flatten());
            Value::Object(pairs.map(|(name, value)| (name.to_owned(), value)).collect())
        })
        .boxed()
}

fn valid_update() -> BoxedStrategy<Value> {
    with_optional(
        vec![("order_id", id().boxed()), ("note", free_text().boxed())],
        vec![
            ("state", one_of(&["Open", "On Hold", "Shipped"]).boxed()),
            ("is_gift", any::<bool>().prop_map(Value::from).boxed()),
            (
                "amount",
                (-1_000_000..1_000_000_i64)
                    .prop_map(|n| json!(n as f64 / 4.0))
                    .boxed(),
            ),
            ("owner_id", prop_oneof![id(), Just(Value::Null)].boxed()),
        ],
    )
}

fn valid_list() -> BoxedStrategy<Value> {
    with_optional(
        vec![("kind", one_of(&["Orders", "Invoices", "Returns"]).boxed())],
        vec![
            ("limit", (1..=100_i64).prop_map(Value::from).boxed()),
            ("search", "[^<\\]]{2,20}".prop_map(Value::from).boxed()),
            (
                "columns",
                prop::collection::hash_set("[A-Za-z][a-z_]{1,8}", 1..5)
                    .prop_map(|set| json!(set))
                    .boxed(),
            ),
            (
                "where",
                one_of(&["Open", "Shipped"])
                    .prop_map(|state| json!({ "state": state }))
                    .boxed(),
            ),
        ],
    )
}

/// Any JSON, with the keys of the tools and near misses of them.
pub(super) fn any_arguments() -> BoxedStrategy<Value> {
    let keys = prop::sample::select(vec![
        "order_id",
        "orderId",
        "id",
        "note",
        "Note",
        "state",
        "stat",
        "tags",
        "due",
        "is_gift",
        "amount",
        "extra",
        "owner_id",
        "title",
        "subject",
        "customer_id",
        "text",
        "priority",
        "to",
        "labels",
        "kind",
        "limit",
        "page_size",
        "columns",
        "where",
        "arguments",
        "params",
        "name",
        "_meta",
        "x",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter_map("finite", |n| serde_json::Number::from_f64(n).map(Value::from)),
        id(),
        free_text(),
        one_of(&[
            "Open",
            "open",
            "on hold",
            "yes",
            "null",
            "",
            "2026-11-30",
            "30.11.2026",
            "a, b",
            "['a']",
            "{}",
            "Orders",
            "a@x.example"
        ]),
    ];
    let value = leaf.prop_recursive(3, 24, 4, move |inner| {
        let keys = keys.clone();
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((keys, inner), 0..6).prop_map(|pairs| {
                Value::Object(
                    pairs
                        .into_iter()
                        .map(|(key, value)| (key.to_owned(), value))
                        .collect(),
                )
            }),
        ]
    });
    value.boxed()
}

/// One change of notation that keeps the meaning.
fn other_notation(value: &Value, choice: usize) -> String {
    let map = value.as_object().expect("an object");
    let each = |change: &dyn Fn(&str, &Value) -> (String, Value)| {
        Value::Object(
            map.iter()
                .map(|(key, value)| change(key, value))
                .collect::<Map<_, _>>(),
        )
        .to_string()
    };
    match choice {
        0 => Value::from(value.to_string()).to_string(),
        1 => json!({ "arguments": value }).to_string(),
        2 => Value::from(format!("```json\n{value}\n```")).to_string(),
        3 => json!([value]).to_string(),
        4 => each(&|key, value| (key.to_uppercase(), value.clone())),
        5 => each(&|key, value| (key.replace('_', "-"), value.clone())),
        6 => each(&|key, value| match value {
            Value::Bool(_) => (key.to_owned(), Value::from(value.to_string())),
            Value::Object(_) => (key.to_owned(), Value::from(value.to_string())),
            Value::Number(number) if key == "limit" => (key.to_owned(), Value::from(number.to_string())),
            Value::String(text) if key == "state" || key == "kind" => {
                (key.to_owned(), Value::from(text.to_uppercase()))
            }
            _ => (key.to_owned(), value.clone()),
        }),
        7 => Value::from(format!("{value}{value}")).to_string(),
        _ => format!(
            "{}, \"_meta\": {{}}}}",
            value.to_string().trim_end_matches('}').to_owned()
                + if value.to_string().ends_with("}}") {
                    "}"
                } else {
                    ""
                }
        ),
    }
}

fn is_valid(schema: &Value, arguments: &Map<String, Value>) -> bool {
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(schema)
        .expect("a schema");
    validator.is_valid(&Value::Object(arguments.clone()))
}

fn texts<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(map) => map.values().for_each(|value| texts(value, found)),
        _ => {}
    }
}

fn stays(tool: &ToolSchema, schema: &Value, arguments: &Value) -> Result<(), TestCaseError> {
    if let Ok(valid) = call(tool, arguments) {
        let open = !valid.open_references().is_empty();
        prop_assert!(
            open || is_valid(schema, valid.arguments()),
            "{:?} from {arguments}",
            valid.arguments()
        );
        let again = call(tool, &Value::Object(valid.arguments().clone())).expect("a repaired call is valid");
        prop_assert_eq!(again.arguments(), valid.arguments());
        prop_assert!(again.repairs().is_empty());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn valid_calls_come_back_equal(update_call in valid_update(), list_call in valid_list()) {
        for (tool, arguments) in [(update(), update_call), (list(), list_call)] {
            let valid = call(&tool, &arguments).expect("valid");
            prop_assert_eq!(Value::Object(valid.arguments().clone()), arguments);
            prop_assert!(valid.repairs().is_empty());
        }
    }

    #[test]
    fn other_notations_come_back_as_meant(update_call in valid_update(), list_call in valid_list(), choice in 0..9_usize) {
        for (tool, arguments) in [(update(), update_call), (list(), list_call)] {
            let text = other_notation(&arguments, choice);
            let valid = call_text(&tool, &text);
            prop_assert!(valid.is_ok(), "{} refused: {}", text, valid.err().map(|invalid| invalid.message).unwrap_or_default());
            prop_assert_eq!(Value::Object(valid.expect("valid").arguments().clone()), arguments);
        }
    }

    #[test]
    fn repaired_calls_are_valid_and_stay(arguments in any_arguments()) {
        stays(&list(), &list_schema(), &arguments)?;
        stays(&update(), &update_schema(), &arguments)?;
        stays(&create(), &create_schema(), &arguments)?;
    }

    #[test]
    fn a_write_neither_gains_nor_changes_a_text(arguments in any_arguments()) {
        for tool in [update(), create()] {
            let Ok(valid) = call(&tool, &arguments) else { continue };
            let mut given = Vec::new();
            texts(&arguments, &mut given);
            for key in ["note", "title", "text"] {
                if let Some(Value::String(text)) = valid.arguments().get(key) {
                    let number = text.parse::<i64>().is_ok();
                    let inside = given.iter().any(|other| other == text || other.contains(text.as_str()));
                    prop_assert!(number || inside, "{text} came from nowhere: {arguments}");
                }
            }
        }
    }

    #[test]
    fn a_write_loses_no_text(update_call in valid_update(), key in "[a-z]{3,9}", text in "[^<\\]]{1,20}") {
        let mut arguments = update_call;
        let map = arguments.as_object_mut().expect("an object");
        if map.contains_key(&key) {
            return Ok(());
        }
        map.insert(key, Value::from(text.as_str()));
        if let Ok(valid) = call(&update(), &arguments) {
            let out = Value::Object(valid.arguments().clone());
            let mut kept = Vec::new();
            texts(&out, &mut kept);
            let mut given = Vec::new();
            texts(&arguments, &mut given);
            prop_assert!(given.iter().all(|text| kept.contains(text)), "{arguments} became {out}");
        }
    }

    #[test]
    fn a_cut_write_is_refused(arguments in valid_update(), share in 0.0..1.0_f64) {
        let text = arguments.to_string();
        let cut = (text.len() as f64 * share) as usize;
        let cut = (0..=cut).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        prop_assert!(call_string(&update(), &text[..cut]).is_err());
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200), inside in "[\\[\\]{}()\"'`:,;0-9a-z\\\\/#* \n“”]{0,80}") {
        let text = String::from_utf8_lossy(&bytes);
        for tool in [list(), update(), create()] {
            let _ = call_text(&tool, &text);
            let _ = call_string(&tool, &text);
            let _ = call_text(&tool, &inside);
            let _ = call_string(&tool, &inside);
            let _ = call(&tool, &json!({ "where": inside, "columns": inside, "tags": inside, "due": inside, "note": inside }));
        }
    }
}
