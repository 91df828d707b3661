//! `get_modules`, `get_fields`: what can be asked for.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{Context, about};
use crate::connections::Product;
use crate::names::{clip, fold, most_alike, pointer, tell_nearest};
use crate::tools::error::{Code, ToolError};
use crate::tools::modules;
use crate::tools::output::Answer;
use crate::tools::output::fitting::fit_rows;
use crate::tools::output::length::value_length;
use crate::tools::output::list::BUDGET;
use crate::tools::request;
use crate::tools::settings::fields::{join_labels, list_fields};
use crate::tools::settings::layouts;
use crate::tools::settings::modules::{Listed, tell_unread};

/// The lists of values a field may have.
const PICKLISTS: [&str; 2] = ["values", "unused_values"];
/// Values of a picklist that are always shown.
const FEWEST_VALUES: usize = 20;
/// Where all of it is shown that was cut.
const IN_ZOHO: &str = "Zoho's own pages show all of it.";
/// Characters of the names of what does not fit.
const NAMES: usize = 5_000;
/// Names told as the nearest ones.
const NEAREST: usize = 3;
/// Told where Zoho's settings list no field of a module.
const UNDESCRIBED: &str =
    "Zoho describes no fields of this module: that is no empty module, get_records shows what its rows have.";
/// Modules out of reach that are named.
const MOST_TOLD: usize = 20;

/// Lists the modules of a product: those of Desk with what their calls take, custom ones as Zoho lists them. Where no
/// product is named and this account has no Desk, those of CRM.
pub(super) async fn modules(context: Context<'_>) -> Result<Answer, ToolError> {
    if let Some(product) = request::app_type(context.arguments) {
        return modules_of(context, product).await;
    }
    let closed = match modules_of(context, Product::Desk).await {
        Err(error) if is_closed(&error) => error,
        outcome => return outcome,
    };
    match modules_of(context, Product::Crm).await {
        Ok(mut answer) => {
            let told = format!(
                "These are the modules of crm only. desk: {} {}",
                closed.error, closed.next
            );
            answer.notes.insert(0, told);
            Ok(answer)
        }
        Err(_) => Err(closed),
    }
}

/// Whether a product is not open to this connection, whatever is asked there.
fn is_closed(error: &ToolError) -> bool {
    matches!(
        error.code,
        Code::ChooseOrganization | Code::ScopeMissing | Code::Rejected
    )
}

async fn modules_of(context: Context<'_>, product: Product) -> Result<Answer, ToolError> {
    let session = context.session(product).await?;
    let settings = &context.invocation.equipment().settings;
    let (listed, unlisted) = match settings.modules.of(session, true).await {
        Ok((listed, _)) => (listed, None),
        // Those of Desk that need no list.
        Err(error) if product == Product::Desk && error.code == Code::Rejected && error.mend.is_none() => {
            let unread = tell_unread(product, &error);
            let told = format!(
                "{unread} Custom modules are not among these, and some of these may be switched off."
            );
            (Arc::default(), Some(told))
        }
        Err(error) => return Err(error),
    };
    let data: Vec<Value> = match product {
        Product::Desk => {
            let known = modules::all(product).iter();
            let known = known.map(|module| desk_module(module, label_of(module, &listed)));
            let custom = listed.iter().filter(|module| module.custom);
            let custom = custom.map(|one| {
                let module = modules::Module::custom_of_desk(&one.api_name);
                desk_module(&module, one.labels.first().map(String::as_str))
            });
            known.chain(custom).collect()
        }
        Product::Crm => listed.iter().map(crm_module).collect(),
    };
    let (data, left, cut) = fit_named(data, "module");
    let count = data.len();
    let mut answer = Answer::default()
        .of_our_own()
        .with("data", data)
        .with("count", count)
        .with("app_type", product.as_str());
    answer
        .notes
        .extend(left.map(|left| format!("{left} Any of them can be asked for by its name.")));
    answer.notes.extend(cut);
    answer.notes.extend(out_of_reach(product, &listed));
    answer.notes.extend(tell_hidden(&listed));
    answer.notes.extend(unlisted);
    Ok(answer)
}

/// The modules whose records this user may not see.
fn tell_hidden(listed: &[Listed]) -> Option<String> {
    let hidden = listed.iter().filter(|one| one.is_hidden);
    let names: Vec<&str> = hidden.map(|one| one.api_name.as_str()).collect();
    let told = || {
        let names = clip(&names.join(", "), NAMES);
        format!("This user has no right to see records of: {names}. An administrator of Zoho can give it.")
    };
    (!names.is_empty()).then(told)
}

/// The modules of Desk that the organization has and no call here reads.
fn out_of_reach(product: Product, listed: &[Listed]) -> Option<String> {
    let is_known = |one: &&Listed| one.custom || modules::find(Product::Desk, &one.api_name).is_some();
    let others: Vec<&Listed> = listed.iter().filter(|one| !is_known(one)).collect();
    let names = others.iter().take(MOST_TOLD).map(|one| one.api_name.as_str());
    let names = names.collect::<Vec<_>>().join(", ");
    let are_there = product == Product::Desk && !others.is_empty();
    are_there.then(|| format!("{} more cannot be read with these tools: {names}.", others.len()))
}

/// What the organization calls a module, where that is another word than its name here.
fn label_of<'l>(module: &modules::Module, listed: &'l [Listed]) -> Option<&'l str> {
    let row = listed.iter().find(|row| row.api_name == module.path)?;
    let label = row.labels.first()?;
    (fold(label) != fold(&module.name)).then_some(label)
}

fn desk_module(module: &modules::Module, label: Option<&str>) -> Value {
    let mut shown = Map::new();
    shown.insert("module".to_owned(), json!(module.name));
    shown.extend(label.map(|label| ("label".to_owned(), json!(label))));
    if module.custom {
        shown.insert("custom".to_owned(), Value::Bool(true));
    }
    let listings = std::iter::once(&module.list).chain(&module.search);
    let filters = listings.flat_map(|listing| listing.filters.keys().map(String::as_str));
    let filters = filters.chain(modules::Fact::of(module).map(|(name, _)| name));
    let archived = module
        .archive
        .as_ref()
        .and_then(|archive| archive.list.always.first());
    let filters = filters.chain(archived.map(String::as_str));
    let mut unique = Vec::new();
    for filter in filters {
        if !unique.contains(&filter) {
            unique.push(filter);
        }
    }
    shown.insert("filters".to_owned(), json!(unique));
    if !module.related.is_empty() {
        shown.insert(
            "related".to_owned(),
            json!(module.related.keys().collect::<Vec<_>>()),
        );
    }
    Value::Object(shown)
}

fn crm_module(module: &Listed) -> Value {
    let mut shown = Map::new();
    shown.insert("module".to_owned(), json!(module.api_name));
    shown.insert("label".to_owned(), json!(module.labels.first()));
    if module.custom {
        shown.insert("custom".to_owned(), Value::Bool(true));
    }
    Value::Object(shown)
}

/// Lists the fields of a module: API name, label, type, whether it must be given, what it accepts; of one layout when
/// that is asked, else the names of the layouts are told where there are several.
pub(super) async fn fields(context: Context<'_>) -> Result<Answer, ToolError> {
    let subject = request::subject(context.arguments)?;
    let session = context.session(subject.product).await?;
    let (fields, layout, note) = match request::text(context.arguments, "layout") {
        Some(asked) => {
            let layout = layouts::of(session, &subject, asked).await?;
            (layout.fields, Some(layout.about), None)
        }
        None => {
            let (fields, note) = tokio::join!(
                list_fields(session, &subject),
                layouts::several(session, &subject)
            );
            (fields?, None, note)
        }
    };
    let undescribed = fields.is_empty().then(|| UNDESCRIBED.to_owned());
    let labels = fields.iter().filter_map(|field| field.get("label")?.as_str());
    let labels: Vec<&str> = labels.collect();
    let wanted = join_labels(&request::texts(context.arguments, "fields"), &labels);
    if undescribed.is_none() {
        all_known(&wanted, &fields)?;
    }
    let named = |field: &Value| {
        let is = |key: &str| {
            let value = field.get(key).and_then(Value::as_str).unwrap_or_default();
            wanted.iter().any(|name| fold(name) == fold(value))
        };
        wanted.is_empty() || is("name") || is("label")
    };
    let mut data: Vec<Value> = fields.into_iter().filter(named).collect();
    let picklists = cut_picklists(&mut data);
    let (data, left, cut) = fit_named(data, "name");
    let count = data.len();
    let mut answer = Answer::default()
        .of_our_own()
        .with("data", data)
        .with("count", count);
    if let Some(layout) = layout {
        answer = answer.with("layout", layout);
    }
    answer.notes.extend(undescribed);
    answer.notes.extend(note);
    answer.notes.extend(picklists);
    answer.notes.extend(cut);
    answer
        .notes
        .extend(left.map(|left| format!("{left} Name those you need in `fields`.")));
    Ok(about(answer, &subject, session))
}

/// The rows that fit, a sentence that names those which do not, and those about what was taken from a row.
fn fit_named(mut rows: Vec<Value>, key: &str) -> (Vec<Value>, Option<String>, Vec<String>) {
    let name = |row: &Value| {
        row.get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let names: Vec<String> = rows.iter().map(name).collect();
    let (left, cut) = fit_rows(&mut rows, BUDGET - NAMES, BUDGET - NAMES);
    let others = names.get(rows.len()..).unwrap_or_default();
    let told = (left > 0).then(|| {
        let listed = clip(&others.join(", "), NAMES);
        format!("{} of {} fit, the others are: {listed}.", rows.len(), names.len())
    });
    (rows, told, cut.tell(IN_ZOHO, IN_ZOHO))
}

/// Cuts the picklists of fields that are too long together, each to as many values as leaves room for all.
fn cut_picklists(fields: &mut [Value]) -> Option<String> {
    let length = |most: usize| -> usize {
        let behind = |field: &Value| -> usize {
            let values = lists_of(field).flat_map(|values| values.iter().skip(most));
            values.map(|value| value_length(value) + 1).sum()
        };
        fields
            .iter()
            .map(|field| value_length(field) - behind(field))
            .sum()
    };
    let mut most = fields
        .iter()
        .flat_map(lists_of)
        .map(Vec::len)
        .max()
        .unwrap_or_default();
    while most > FEWEST_VALUES && length(most) > BUDGET - NAMES {
        most = (most * 3 / 4).max(FEWEST_VALUES);
    }
    let mut cut = Vec::new();
    for field in fields.iter_mut().filter_map(Value::as_object_mut) {
        let mut totals = Map::new();
        for key in PICKLISTS {
            let values = field.get_mut(key).and_then(Value::as_array_mut);
            if let Some(values) = values.filter(|values| values.len() > most) {
                totals.insert(format!("{key}_total"), json!(values.len()));
                values.truncate(most);
            }
        }
        if !totals.is_empty() {
            cut.extend(field.get("name").and_then(Value::as_str).map(str::to_owned));
        }
        field.extend(totals);
    }
    (!cut.is_empty()).then(|| {
        format!(
            "Picklists are cut to {most} values: {}. `fields` with one of these names shows more of it; values that are \
             not shown are taken, too.",
            clip(&cut.join(", "), NAMES)
        )
    })
}

fn lists_of(field: &Value) -> impl Iterator<Item = &Vec<Value>> {
    PICKLISTS.iter().filter_map(|key| field.get(*key)?.as_array())
}

/// A name that no field has is not a field without a description.
fn all_known(wanted: &[String], fields: &[Value]) -> Result<(), ToolError> {
    let names = |field: &Value| {
        let names = ["name", "label"]
            .into_iter()
            .filter_map(|key| field.get(key)?.as_str());
        names.map(fold).collect::<Vec<String>>()
    };
    let unknown = |name: &&String| !fields.iter().any(|field| names(field).contains(&fold(name)));
    let Some((place, name)) = wanted.iter().enumerate().find(|(_, name)| unknown(name)) else {
        return Ok(());
    };
    let known = fields
        .iter()
        .filter_map(|field| Some((field.get("name")?.as_str()?, names(field))));
    let nearest = most_alike(&fold(name), known, NEAREST);
    let got = format!(
        "`{}`, which no field shown to this user is called",
        clip(name, 60)
    );
    let fix = tell_nearest(&nearest, "without `fields` all are listed");
    let path = pointer::below("/fields", place);
    Err(ToolError::argument(
        &path,
        "the API name or label of a field",
        got,
        Some(fix),
    ))
}
