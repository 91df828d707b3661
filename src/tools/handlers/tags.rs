//! `tag_records`: tags on a case of Desk or a record of CRM, or off it.

use http::Method;
use serde_json::{Value, json};

use super::Context;
use super::on_record::{OnRecord, on_or_off, put_back, rows_of, scopes_of};
use super::written::is_so_already;
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::modules::{self, Subject};
use crate::tools::request::{self, not_a_module, texts};
use crate::tools::writing::{Look, Plan, Planned, Sending, Step};
use crate::zoho::Effect;

/// What a product's tags are like, and where they are put on and taken off.
struct Way {
    shortest: usize,
    longest: usize,
    add: &'static [&'static str],
    remove: &'static [&'static str],
}

impl Way {
    fn of(product: Product) -> Self {
        match product {
            Product::Desk => Way {
                shortest: 3,
                longest: 50,
                add: &["associateTag"],
                remove: &["dissociateTag"],
            },
            Product::Crm => Way {
                shortest: 1,
                longest: 25,
                add: &["actions", "add_tags"],
                remove: &["actions", "remove_tags"],
            },
        }
    }
}

/// Plans the tags.
pub(super) async fn plan(context: Context<'_>) -> Result<Plan, ToolError> {
    let subject = tagged(context)?;
    let way = Way::of(subject.product);
    let given = texts(context.arguments, "tags");
    check(&given, &way)?;
    let record = OnRecord::of(context, subject, None).await?;
    let there = there(&record).await?;
    let takes_off = context.arguments.get("remove") == Some(&Value::Bool(true));
    let meant = to_do(given, &there, takes_off);
    if meant.is_empty() {
        let data =
            json!({ "id": record.written.id, "done": "nothing", "tags": there, "link": record.written.link });
        let answer = is_so_already(data, &record.subject, record.session);
        return Ok(Plan::Answer(Box::new(answer)));
    }
    let (path, back) = match takes_off {
        true => (way.remove, way.add),
        false => (way.add, way.remove),
    };
    let what = match takes_off {
        true => "take tags off",
        false => "put tags on",
    };
    let looks = |unlisted: bool| -> Vec<Look> {
        let each = meant.iter().map(|tag| look(&record, tag));
        each.map(|look| Look { unlisted, ..look }).collect()
    };
    let scopes = match record.subject.product {
        Product::Desk => scopes_of(context)?,
        Product::Crm => record.writing.change.clone(),
    };
    let back = call(&record, &scopes, back, &meant);
    let step = Step {
        looks: looks(takes_off),
        undo: Some(put_back("put the tags back", back, looks(!takes_off))),
        ..call(&record, &scopes, path, &meant).into()
    };
    Ok(Plan::Act(Box::new(Planned {
        id: Some(record.written.id.clone()),
        changes: meant.iter().map(|tag| on_or_off("tag", tag, takes_off)).collect(),
        ..record.plan_of(&record.subject.module.name, what, step)
    })))
}

/// The module whose record is tagged: cases where the call names none.
fn tagged(context: Context<'_>) -> Result<Subject, ToolError> {
    let subject = match context.arguments.contains_key("module") {
        true => request::subject(context.arguments)?,
        false => modules::subject("Cases", Some(Product::Desk)).map_err(not_a_module)?,
    };
    if subject.product == Product::Desk && subject.module.name != "Cases" {
        let got = format!("{}, which have no tags in Desk", subject.module.name);
        return Err(ToolError::argument(
            "/module",
            "Cases, or a module of CRM",
            got,
            None,
        ));
    }
    Ok(subject)
}

/// The tags that are not yet as they shall be, each once and spelled as it is there.
fn to_do(given: Vec<String>, there: &[String], takes_off: bool) -> Vec<String> {
    let mut meant: Vec<String> = Vec::new();
    for tag in given {
        let known = there.iter().find(|known| is_same(known, &tag));
        let is_new = !meant.iter().any(|meant| is_same(meant, &tag));
        if known.is_some() == takes_off && is_new {
            meant.push(known.cloned().unwrap_or(tag));
        }
    }
    meant
}

/// Zoho keeps one spelling of a tag, whatever the case.
fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn check(tags: &[String], way: &Way) -> Result<(), ToolError> {
    let fits = |tag: &String| (way.shortest..=way.longest).contains(&tag.chars().count());
    match tags.iter().position(|tag| !fits(tag)) {
        None => Ok(()),
        Some(index) => {
            let expected = format!("a tag of {} to {} characters", way.shortest, way.longest);
            let got = tags.get(index).map(|tag| format!("`{tag}`")).unwrap_or_default();
            Err(ToolError::argument(
                &format!("/tags/{index}"),
                expected,
                got,
                None,
            ))
        }
    }
}

/// The tags that the record has.
async fn there(record: &OnRecord<'_>) -> Result<Vec<String>, ToolError> {
    let rows = match record.subject.product {
        Product::Desk => rows_of(record.session, &record.read(["tags"]), "tags").await?,
        Product::Crm => match record.written.value("Tag") {
            Value::Array(rows) => rows,
            _ => Vec::new(),
        },
    };
    let name = |row: &Value| row.get("name").and_then(Value::as_str).map(str::to_owned);
    Ok(rows.iter().filter_map(name).collect())
}

/// A tag among those of the record, which Desk lists and CRM shows within it: all of a call are put on or none.
fn look(record: &OnRecord<'_>, tag: &str) -> Look {
    let named = Some(("/name".to_owned(), tag.to_owned()));
    match record.subject.product {
        Product::Desk => Look {
            list: Some("tags".to_owned()),
            named,
            ..record.look(["tags"])
        },
        Product::Crm => Look {
            query: vec![("fields".to_owned(), "Tag".to_owned())],
            list: Some("/data/0/Tag".to_owned()),
            named,
            ..record.look([])
        },
    }
}

fn call(record: &OnRecord<'_>, scopes: &[String], path: &[&str], tags: &[String]) -> Sending {
    let whole = record.below([]).into_iter();
    let path = whole.chain(path.iter().map(|part| (*part).to_owned()));
    let call = Sending::new(Effect::Change, &Method::POST, path);
    match record.subject.product {
        Product::Desk => call.with_body(json!({ "tags": tags })).with_scopes(scopes),
        Product::Crm => {
            let named: Vec<Value> = tags.iter().map(|tag| json!({ "name": tag })).collect();
            call.with_body(json!({ "tags": named })).with_scopes(scopes)
        }
    }
}
