//! `merge_records`: several records of Desk become one. Zoho takes no merge back.

use http::Method;
use serde_json::json;

use super::Context;
use super::several::{self, seen};
use super::written::{Written, read_with, writable};
use crate::connections::Product;
use crate::tools::definition::operation::Deed;
use crate::tools::error::ToolError;
use crate::tools::modules::Subject;
use crate::tools::request;
use crate::tools::settings::named::{Named, read_named};
use crate::tools::writing::{Change, Look, Plan, Planned, Sending, Step, Touched, plain};
use crate::zoho::Effect;

/// The modules of Desk whose records merge.
const MERGED: [&str; 3] = ["Cases", "Contacts", "Accounts"];
/// Records that are merged into one at most.
const MOST: usize = 5;

/// Plans the merge.
pub(super) async fn plan(context: Context<'_>) -> Result<Plan, ToolError> {
    let subject = merged(context)?;
    let name = subject.module.name.clone();
    let writing = writable(&subject, Deed::Change)?;
    let session = context.session(Product::Desk).await?;
    let include = (name == "Cases").then_some("contacts");
    let kept = read_with(context, session, &subject, include).await?;
    let ids = several::ids(context, session, &subject).await?;
    check(&kept, &ids)?;
    let merged = several::read_with(session, &subject, &ids, include).await?;
    let call = Sending::new(
        Effect::Remove,
        &Method::POST,
        [subject.address(), kept.id.as_str(), "merge"],
    )
    .with_body(json!({ "ids": ids }))
    .with_scopes(&writing.change);
    let records: Vec<Touched> = merged.records.iter().map(Written::touched).collect();
    let changes = merged.records.iter().map(|one| Change {
        label: one.label.clone(),
        before: Some(match contact(one) {
            Some(contact) => format!("a case of {contact}"),
            None => "a record of its own".to_owned(),
        }),
        after: Some(format!("part of {}, and gone", kept.label)),
    });
    let step = Step {
        records,
        looks: ids.iter().map(|id| gone(&subject, id)).collect(),
        ..call.into()
    };
    let what = format!("MERGE {} into it", merged.records.len());
    Ok(Plan::Act(Box::new(Planned {
        id: Some(kept.id.clone()),
        seen: seen(merged.records.iter().chain([&kept])),
        word: kept.number.clone(),
        changes: changes.collect(),
        notes: strangers(&kept, &merged.records).into_iter().collect(),
        label: kept.label,
        link: kept.link,
        ..Planned::new(Product::Desk, &name, what, step)
    })))
}

/// The module whose records are merged.
fn merged(context: Context<'_>) -> Result<Subject, ToolError> {
    let subject = request::subject(context.arguments)?;
    let name = &subject.module.name;
    if subject.product != Product::Desk || !MERGED.contains(&name.as_str()) {
        let got = format!("{name} of {}", subject.product);
        return Err(ToolError::argument(
            "/module",
            "Cases, Contacts or Accounts of Desk",
            got,
            None,
        ));
    }
    Ok(subject)
}

/// A record that is part of another one.
fn gone(subject: &Subject, id: &str) -> Look {
    Look {
        path: vec![subject.address().to_owned(), id.to_owned()],
        is: [("/isDeleted".to_owned(), json!(true))].into_iter().collect(),
        gone: true,
        scopes: subject.module.scopes.clone(),
        ..Look::default()
    }
}

fn check(kept: &Written, ids: &[String]) -> Result<(), ToolError> {
    if ids.contains(&kept.id) {
        let fix = "leave the record that stays out of `ids`".to_owned();
        let expected = "other records than `id`";
        return Err(ToolError::argument("/ids", expected, kept.id.clone(), Some(fix)));
    }
    if ids.len() > MOST {
        let expected = format!("{MOST} records at most");
        return Err(ToolError::argument("/ids", expected, ids.len().to_string(), None));
    }
    Ok(())
}

/// Whose case it is; none where Zoho does not show that, or the record is no case.
fn contact(record: &Written) -> Option<String> {
    let Named { name, email, .. } = read_named(record.now.get("contact")?.as_object()?)?;
    let address = (!email.is_empty()).then(|| format!("<{email}>"));
    let told: Vec<String> = Some(name)
        .filter(|name| !name.is_empty())
        .into_iter()
        .chain(address)
        .collect();
    (!told.is_empty()).then(|| told.join(" "))
}

/// What is told where the cases are not all of one contact: each then reads what the other wrote.
fn strangers(kept: &Written, merged: &[Written]) -> Option<String> {
    let id = |record: &Written| plain(&record.value("contactId"));
    let others = merged
        .iter()
        .filter(|one| id(one).is_some() && id(one) != id(kept))
        .count();
    let contact = contact(kept).unwrap_or_else(|| "nobody".to_owned());
    let told = format!(
        "DIFFERENT CUSTOMERS: {} is of {contact}, and {others} of the others not.",
        kept.label
    );
    (others > 0).then_some(told)
}
