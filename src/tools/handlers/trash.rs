//! `delete_records` and `restore_records`: into the recycle bin, and out of it.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Map, Value, json};

use super::Context;
use super::on_record::rows_of;
use super::several;
use super::written::{Written, writable};
use crate::connections::Product;
use crate::names::{clean_line, clip};
use crate::tools::definition::operation::Deed;
use crate::tools::error::{Code, ToolError};
use crate::tools::modules::{self, Subject, Writing, writing_of};
use crate::tools::output::link_of;
use crate::tools::request::{self, operation};
use crate::tools::writing::{Look, Plan, Planned, Sending, Step, Touched, Undo, within};
use crate::zoho::{Effect, Session};

/// Told where a module's records are gone for good.
const FOR_GOOD: &str = "They go into no recycle bin.";
/// Rows of the recycle bin that a page has, and pages that are looked through.
const PAGE: usize = 100;
const MOST_PAGES: usize = 10;
/// Characters of what a record in the bin is called.
const MOST_NAME: usize = 60;

/// Plans the removal.
pub(super) async fn delete(context: Context<'_>) -> Result<Plan, ToolError> {
    let subject = request::subject(context.arguments)?;
    let writing = writable(&subject, Deed::Remove)?;
    let session = context.session(subject.product).await?;
    let subject = context.link(session, subject).await;
    let ids = several::ids(context, session, &subject).await?;
    let several = several::read(session, &subject, &ids).await?;
    let touched: Vec<Touched> = several.records.iter().map(Written::touched).collect();
    let removal = removal(&subject, writing, &touched).ok_or_else(|| {
        let got = format!(
            "{}, whose records Zoho deletes in its own pages only",
            subject.module.name
        );
        ToolError::argument("/module", "a module whose records can be deleted", got, None)
    })?;
    let is_kept = writing.trash.is_some();
    let again = Undo::new(
        "move to the recycle bin again",
        Step {
            undo: None,
            ..removal.clone()
        },
    )
    .of_record();
    let back = Step {
        undo: Some(again),
        ..restoring(&subject, touched)?
    };
    let step = Step {
        holds: Vec::new(),
        undo: is_kept.then(|| Undo::new("restore from the recycle bin", back)),
        ..removal
    };
    let what = match is_kept {
        true => "delete (it stays in the recycle bin for 60 days)",
        false => "DELETE FOR GOOD",
    };
    let mut planned = several.planned(&subject, what, vec![step]);
    if !is_kept {
        planned.notes.push(FOR_GOOD.to_owned());
    }
    Ok(Plan::Act(Box::new(planned)))
}

/// The call that takes records away; none where there is none.
fn removal(subject: &Subject, writing: &Writing, touched: &[Touched]) -> Option<Step> {
    let ids: Vec<&str> = touched.iter().map(|one| one.id.as_str()).collect();
    let call = match subject.product {
        Product::Desk => {
            let member = writing.trash.as_ref()?;
            let call = Sending::new(Effect::Remove, &Method::POST, [subject.address(), "moveToTrash"]);
            call.with_body(json!({ member.as_str(): ids }))
        }
        Product::Crm => {
            let mut call = Sending::new(Effect::Remove, &Method::DELETE, [subject.address()]);
            call.query.push(("ids".to_owned(), ids.join(",")));
            call
        }
    };
    Some(Step {
        records: touched.to_vec(),
        holds: touched.iter().map(|one| is_there(subject, &one.id)).collect(),
        looks: touched.iter().map(|one| is_gone(subject, &one.id)).collect(),
        ..call.with_scopes(&writing.remove).into()
    })
}

/// The call that takes records out of the recycle bin.
fn restoring(subject: &Subject, touched: Vec<Touched>) -> Result<Step, ToolError> {
    let ids: Vec<&str> = touched.iter().map(|one| one.id.as_str()).collect();
    let arguments = [("ids".to_owned(), json!(ids))].into_iter().collect();
    let call = operation::sending(modules::bin(subject.product, "restore")?, &arguments)?;
    Ok(Step {
        holds: touched.iter().map(|one| is_gone(subject, &one.id)).collect(),
        looks: touched.iter().map(|one| is_there(subject, &one.id)).collect(),
        records: touched,
        ..call.into()
    })
}

/// Whether a record is in its place.
fn is_there(subject: &Subject, id: &str) -> Look {
    let is = match subject.product {
        Product::Desk => vec![("/id", json!(id)), ("/isTrashed", json!(false))],
        Product::Crm => vec![("/id", json!(id))],
    };
    // What is no member of a module's records is not looked for.
    let is = is
        .into_iter()
        .filter(|(place, _)| *place == "/id" || subject.module.name == "Cases");
    look(
        subject,
        id,
        is.map(|(place, value)| (place.to_owned(), value)).collect(),
        false,
    )
}

/// Whether a record is not in its place: Desk shows some that are in the bin, and says so.
pub(super) fn is_gone(subject: &Subject, id: &str) -> Look {
    let is = [("/isTrashed".to_owned(), json!(true))];
    look(subject, id, is.into_iter().collect(), true)
}

pub(super) fn look(subject: &Subject, id: &str, is: Map<String, Value>, gone: bool) -> Look {
    Look {
        path: vec![subject.address().to_owned(), id.to_owned()],
        list: (subject.product == Product::Crm).then(|| "data".to_owned()),
        is,
        gone,
        scopes: subject.module.scopes.clone(),
        ..Look::default()
    }
}

/// Plans the return of records from the recycle bin.
pub(super) async fn restore(context: Context<'_>) -> Result<Plan, ToolError> {
    let product = request::app_type(context.arguments).unwrap_or(Product::Desk);
    let session = context.session(product).await?;
    let given = request::texts(context.arguments, "ids");
    if given.is_empty() {
        return Err(ToolError::argument("/ids", "at least one id", "none", None));
    }
    within(context.invocation.equipment().bulk_limit, given.len(), false)?;
    let ids = several::to_do(context, given);
    let binned = match product {
        Product::Desk => in_bin_of_desk(session, &ids).await?,
        Product::Crm => in_bin_of_crm(session, &ids).await?,
    };
    let missing: Vec<&str> = ids
        .iter()
        .filter(|id| !binned.contains_key(*id))
        .map(String::as_str)
        .collect();
    if !missing.is_empty() {
        return Err(ToolError::new(
            Code::NotFound,
            format!(
                "Nothing was sent: the recycle bin of {product} does not hold {}, as far as it was looked through.",
                clip(&missing.join(", "), 400)
            ),
            "Check the ids. What was deleted for good, or more than 60 days ago, cannot be restored.",
        ));
    }
    Ok(Plan::Act(Box::new(restored(session, &ids, binned)?)))
}

/// What the recycle bin says of a record.
struct Binned {
    module: String,
    name: String,
}

fn restored(
    session: &Session,
    ids: &[String],
    mut binned: BTreeMap<String, Binned>,
) -> Result<Planned, ToolError> {
    let product = session.product();
    let mut of_modules: BTreeMap<String, Vec<Touched>> = BTreeMap::new();
    for id in ids {
        let Some(one) = binned.remove(id) else { continue };
        let name = clean_line(clip(&one.name, MOST_NAME));
        let label = format!("{} \"{name}\"", one.module);
        of_modules.entry(one.module).or_default().push(Touched {
            id: id.clone(),
            label,
            link: None,
        });
    }
    let mut steps = Vec::new();
    for (module, mut touched) in of_modules {
        let subject = modules::subject(&module, Some(product)).map_err(request::not_a_module)?;
        for one in &mut touched {
            one.link = link_of(session, &subject.module, &one.id);
        }
        let undo = writing_of(product, &subject.module)
            .and_then(|writing| removal(&subject, writing, &touched))
            .map(|removal| Undo::new("move to the recycle bin again", removal).of_record());
        steps.push(Step {
            holds: Vec::new(),
            undo,
            ..restoring(&subject, touched)?
        });
    }
    let first = steps.iter().flat_map(|step| &step.records).next().cloned();
    let only = first.filter(|_| ids.len() == 1);
    let label = match &only {
        Some(one) => one.label.clone(),
        None => format!("{} records", ids.len()),
    };
    Ok(Planned {
        link: only.as_ref().and_then(|one| one.link.clone()),
        id: only.map(|one| one.id),
        label,
        ..Planned::of_steps(product, "Recycle bin", "restore from the recycle bin", steps)
    })
}

/// Desk lists its bin, the latest deletion first.
async fn in_bin_of_desk(session: &Session, ids: &[String]) -> Result<BTreeMap<String, Binned>, ToolError> {
    let mut found = BTreeMap::new();
    for page in 0..MOST_PAGES {
        let place = [("from", page * PAGE), ("limit", PAGE)];
        let place = place.map(|(name, value)| (name.to_owned(), json!(value)));
        let read = operation::read(modules::bin(Product::Desk, "list")?, &place.into_iter().collect())?;
        let rows = rows_of(session, &read, "data").await?;
        let count = rows.len();
        for row in rows {
            let Some(id) = row.get("id").and_then(Value::as_str) else {
                continue;
            };
            let kind = row
                .get("type")
                .and_then(|kind| kind.as_str().or_else(|| kind.get(0)?.as_str()));
            let name = row.get("displayName").and_then(Value::as_str).unwrap_or_default();
            let module = modules::all(Product::Desk)
                .iter()
                .find(|known| Some(known.path.as_str()) == kind);
            if ids.iter().any(|one| one == id) {
                let module =
                    module.map_or_else(|| kind.unwrap_or_default().to_owned(), |known| known.name.clone());
                found.insert(
                    id.to_owned(),
                    Binned {
                        module,
                        name: name.to_owned(),
                    },
                );
            }
        }
        if count < PAGE || found.len() == ids.len() {
            break;
        }
    }
    Ok(found)
}

/// CRM is asked for each.
async fn in_bin_of_crm(session: &Session, ids: &[String]) -> Result<BTreeMap<String, Binned>, ToolError> {
    let mut found = BTreeMap::new();
    for id in ids {
        let one = [("id".to_owned(), json!(id))].into_iter().collect();
        let read = operation::read(modules::bin(Product::Crm, "list")?, &one)?;
        let rows = match rows_of(session, &read, "recycle_bin").await {
            Ok(rows) => rows,
            Err(error) if matches!(error.code, Code::NotFound | Code::Rejected) => continue,
            Err(error) => return Err(error),
        };
        if let Some(row) = rows.into_iter().next() {
            let module = row
                .pointer("/module/api_name")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let name = row
                .get("display_name")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let (module, name) = (module.to_owned(), name.to_owned());
            found.insert(id.clone(), Binned { module, name });
        }
    }
    Ok(found)
}
