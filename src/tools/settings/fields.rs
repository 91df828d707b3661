//! The fields of a module as Zoho's settings list them, remembered per organization for a while.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::remembered::Remembered;
use super::rows::{members, of_module};
use crate::clock::Clock;
use crate::connections::Product;
use crate::names::letters;
use crate::tools::error::ToolError;
use crate::tools::modules::{CRM_SYSTEM, Fact, Module, Subject};
use crate::tools::request::FieldType;
use crate::tools::request::crm::MOST_FIELDS;
use crate::zoho::Session;

/// Told where the default fields of a module are not known.
pub(in crate::tools) const UNDESCRIBED: &str =
    "Only those that every module has are shown; name others in `fields`.";
/// Kinds of fields whose values are too long for a row.
const LONG: [&str; 5] = ["textarea", "Textarea", "LargeText", "subform", "jsonarray"];
/// Fields of every CRM module that tell nothing about its subject.
const HOUSEKEEPING: [&str; 9] = [
    "Created_By",
    "Modified_By",
    "Last_Activity_Time",
    "Tag",
    "Layout",
    "Locked__s",
    "Record_Status__s",
    "Record_Image",
    "Exchange_Rate",
];

/// CRM's word for a textarea that holds markup, and where a described field says so.
const RICH_TEXT: &str = "rich_text";

/// A field of a module.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    /// As requests name it.
    pub api_name: String,
    /// As people see it; empty when only the API name is known.
    pub label: String,
    /// Zoho's word for its type.
    pub kind: String,
    /// The values of a picklist as requests name them; empty for other fields.
    pub values: Vec<String>,
    /// The module of the records it refers to; empty for other fields.
    pub module: String,
    /// It holds markup, and Zoho gives the beginning of it only.
    pub is_rich: bool,
    /// What people see in place of some of them, and the value it stands for.
    pub shown: Vec<(String, String)>,
    /// A record cannot be without it.
    pub is_mandatory: bool,
    /// Zoho itself writes it.
    pub is_fixed: bool,
    /// The most characters of its text.
    pub longest: Option<usize>,
}

/// The lists remembered.
#[derive(Debug)]
pub struct KnownFields {
    lists: Remembered<String, Field>,
}

impl KnownFields {
    /// Nothing has been asked for yet; lists age by this clock.
    pub fn new(clock: &Clock) -> Self {
        KnownFields {
            lists: Remembered::new(clock.clone()),
        }
    }

    /// The fields of a module, and whether they were asked for only now; `anew` asks in any case.
    ///
    /// # Errors
    /// Zoho refused the list.
    pub async fn of(
        &self,
        session: &Session,
        subject: &Subject,
        anew: bool,
    ) -> Result<(Arc<Vec<Field>>, bool), ToolError> {
        let read = async || read(session, subject).await;
        self.lists
            .of(session, subject.module.name.clone(), anew, read)
            .await
    }

    /// The fields of a module, if they have been asked for not long ago.
    pub fn recall(&self, session: &Session, subject: &Subject) -> Option<Arc<Vec<Field>>> {
        let kept = self.lists.recall(session, &subject.module.name);
        kept.map(|(list, _)| list)
    }

    /// Nothing has been asked for yet.
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }
}

/// Whether lists never carry a field of this kind, whoever asks for it (isotopo/zoho#25).
pub fn is_of_one_record(field: &Field) -> bool {
    matches!(field.kind.as_str(), "subform" | "jsonarray")
}

/// Whether a field that every organization has is not shown to the user whose list of fields this is.
pub fn is_hidden(fields: &[Field], name: &str) -> bool {
    let is_described = |field: &Field| !field.label.is_empty();
    let known = fields
        .iter()
        .find(|field| field.api_name.eq_ignore_ascii_case(name));
    let is_system = CRM_SYSTEM.iter().any(|system| system.eq_ignore_ascii_case(name));
    known.is_some_and(|field| !is_described(field)) && !is_system && fields.iter().any(is_described)
}

/// The types of fields, by their API names.
pub fn types(fields: &[Field]) -> HashMap<String, FieldType> {
    let typed = fields.iter().map(|field| {
        let (word, module) = (field.kind.clone(), field.module.clone());
        (field.api_name.clone(), FieldType { word, module })
    });
    typed.collect()
}

/// The subject with default fields: those of a module no file describes come from the settings, as many as Zoho gives,
/// without long texts.
pub fn describe(mut subject: Subject, fields: &[Field]) -> Subject {
    let own = fields.iter().filter(|field| {
        !field.label.is_empty()
            && field.api_name != "id"
            && !LONG.contains(&field.kind.as_str())
            && !HOUSEKEEPING.contains(&field.api_name.as_str())
    });
    let names = std::iter::once("id").chain(own.map(|field| field.api_name.as_str()));
    let fields: Vec<String> = names.take(MOST_FIELDS).map(str::to_owned).collect();
    if fields.len() > 1 {
        subject.module.to_mut().fields = fields;
    }
    subject
}

/// What the list of a module's fields is called.
pub(in crate::tools) fn list_of(subject: &Subject) -> String {
    format!("the fields of {}", subject.module.name)
}

/// The fields the settings list, and the names that are right although they do not.
async fn read(session: &Session, subject: &Subject) -> Result<Vec<Field>, ToolError> {
    let rows = members(session, "fields", &of_module(subject)).await?;
    let described = |row: &Value| Some(limited(field(&describe_field(row, subject.product))?, row));
    let mut fields: Vec<Field> = rows.iter().filter_map(described).collect();
    for name in list_known(&subject.module) {
        if !fields.iter().any(|field| field.api_name == name) {
            fields.push(Field {
                api_name: name.to_owned(),
                ..Field::default()
            });
        }
    }
    Ok(fields)
}

/// A field with what Zoho says of writing it: Desk has lengths as texts, and both have kinds that nobody writes.
fn limited(mut field: Field, row: &Value) -> Field {
    let says = |name: &str| row.get(name).and_then(Value::as_bool) == Some(true);
    field.is_mandatory = says("isMandatory") || says("system_mandatory");
    let computed = matches!(
        letters(&field.kind).as_str(),
        "autonumber" | "formula" | "rollupsummary"
    );
    field.is_fixed = computed || says("isComputed") || says("read_only") || says("field_read_only");
    let longest = ["maxLength", "length"].into_iter().find_map(|name| row.get(name));
    field.longest = longest
        .and_then(|most| most.as_u64().or_else(|| most.as_str()?.parse().ok()))
        .and_then(|most| usize::try_from(most).ok())
        .filter(|most| *most > 0);
    field
}

/// One field as `get_fields` shows it; Zoho's value for "nothing chosen" is no value.
fn field(row: &Value) -> Option<Field> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    let lists = ["values", "unused_values"].into_iter();
    let lists = lists.filter_map(|key| row.get(key)?.as_array()).flatten();
    let (mut values, mut shown) = (Vec::new(), Vec::new());
    for one in lists {
        let value = one.as_str().or_else(|| one.get("value")?.as_str());
        let Some(value) = value.filter(|value| !matches!(*value, "" | "-None-")) else {
            continue;
        };
        values.push(value.to_owned());
        let label = one.get("shown_as").and_then(Value::as_str);
        shown.extend(label.map(|label| (label.to_owned(), value.to_owned())));
    }
    Some(Field {
        api_name: text("name")?,
        label: text("label").unwrap_or_default(),
        kind: text("type").unwrap_or_default(),
        module: text("lookup").unwrap_or_default(),
        is_rich: row.get(RICH_TEXT).is_some(),
        values,
        shown,
        ..Field::default()
    })
}

/// The fields of a module in one form for both products.
///
/// # Errors
/// Zoho refused the list.
pub async fn list_fields(session: &Session, subject: &Subject) -> Result<Vec<Value>, ToolError> {
    Ok(members(session, "fields", &of_module(subject))
        .await?
        .iter()
        .map(|field| describe_field(field, subject.product))
        .collect())
}

pub(super) fn describe_field(field: &Value, product: Product) -> Value {
    let names = match product {
        Product::Desk => [
            "apiName",
            "displayLabel",
            "type",
            "isMandatory",
            "isCustomField",
            "allowedValues",
            "value",
        ],
        Product::Crm => [
            "api_name",
            "field_label",
            "data_type",
            "system_mandatory",
            "custom_field",
            "pick_list_values",
            "actual_value",
        ],
    };
    let [name, label, kind, mandatory, custom, values, value] = names;
    let mut shown = Map::new();
    for (key, source) in [("name", name), ("label", label), ("type", kind)] {
        if let Some(text) = field.get(source).filter(|text| !text.is_null()) {
            shown.insert(key.to_owned(), text.clone());
        }
    }
    if let Some(module) = field
        .pointer("/lookup/module/api_name")
        .filter(|name| name.is_string())
    {
        shown.insert("lookup".to_owned(), module.clone());
    }
    if field.pointer("/textarea/type").and_then(Value::as_str) == Some(RICH_TEXT) {
        shown.insert(RICH_TEXT.to_owned(), Value::Bool(true));
    }
    for (key, source) in [("mandatory", mandatory), ("custom", custom)] {
        if field.get(source).and_then(Value::as_bool) == Some(true) {
            shown.insert(key.to_owned(), Value::Bool(true));
        }
    }
    let choices = field.get(values).and_then(Value::as_array);
    let (unused, used): (Vec<&Value>, Vec<&Value>) = choices
        .into_iter()
        .flatten()
        .partition(|one| one.get("type").and_then(Value::as_str) == Some("unused"));
    for (key, choices) in [("values", used), ("unused_values", unused)] {
        let choices: Vec<Value> = choices.into_iter().filter_map(|one| choice(one, value)).collect();
        if !choices.is_empty() {
            shown.insert(key.to_owned(), Value::Array(choices));
        }
    }
    Value::Object(shown)
}

/// A value of a picklist; beside it what people see, where that is another text. What is none is shown as it is.
fn choice(one: &Value, key: &str) -> Option<Value> {
    let value = one.get(key).unwrap_or(one);
    if value.is_null() {
        return None;
    }
    let label = one
        .get("display_value")
        .filter(|label| label.is_string() && *label != value);
    Some(match label {
        Some(label) => json!({ "value": value, "shown_as": label }),
        None => value.clone(),
    })
}

/// The names that texts are which were divided where labels have separators.
pub fn join_labels(pieces: &[String], labels: &[&str]) -> Vec<String> {
    let is_separator = |c: &char| [',', ';', '|', '，', '、', '；'].contains(c);
    let separators = |label: &str| label.chars().filter(is_separator).count();
    let labels: Vec<&str> = labels
        .iter()
        .filter(|label| separators(label) > 0)
        .copied()
        .collect();
    let most = labels
        .iter()
        .map(|label| separators(label) + 1)
        .max()
        .unwrap_or_default();
    let mut whole = Vec::new();
    let mut rest = pieces;
    while let [first, more @ ..] = rest {
        let label = (2..=rest.len().min(most)).find_map(|length| {
            let text = letters(&rest.get(..length)?.concat());
            let label = labels.iter().find(|label| letters(label) == text)?;
            Some((*label, rest.get(length..)?))
        });
        let (name, after) = label.unwrap_or((first.as_str(), more));
        whole.push(name.to_owned());
        rest = after;
    }
    whole
}

/// Names that are right although the settings do not list them as fields.
pub(in crate::tools) fn list_known(module: &Module) -> impl Iterator<Item = &str> {
    let listings = std::iter::once(&module.list).chain(&module.search);
    let named = listings.flat_map(|listing| {
        let filters = listing.filters.keys().map(String::as_str);
        let included = listing.include.iter().map(String::as_str);
        let singular = included.clone().filter_map(|name| name.strip_suffix('s'));
        let own = listing.sort.iter().chain(&listing.row).map(String::as_str);
        filters.chain(own).chain(included).chain(singular)
    });
    let one = module
        .get
        .iter()
        .flat_map(|get| get.fields.iter().chain(&get.include));
    let own = module
        .fields
        .iter()
        .chain(&module.known)
        .chain(&module.html)
        .chain(one);
    let facts = Fact::of(module).map(|(name, _)| name);
    let system: &[&str] = if module.path.is_empty() {
        &CRM_SYSTEM
    } else {
        &["id", "cf", "customFields", "webUrl"]
    };
    own.map(String::as_str)
        .chain(named)
        .chain(facts)
        .chain(system.iter().copied())
}
