//! `merge_records`: several records of Desk become one. Zoho takes no merge back.

use http::Method;
use serde_json::json;

use super::Context;
use super::several::{self, seen};
use super::written::{Written, read, writable};
use crate::connections::Product;
use crate::tools::definition::operation::Deed;
use crate::tools::error::ToolError;
use crate::tools::request;
use crate::tools::writing::{Change, Look, Plan, Planned, Sending, Step, Touched};
use crate::zoho::Effect;

/// The modules of Desk whose records merge.
const MERGED: [&str; 3] = ["Cases", "Contacts", "Accounts"];
/// Records that are merged into one at most.
const MOST: usize = 5;

/// Plans the merge.
pub(super) async fn plan(context: Context<'_>) -> Result<Plan, ToolError> {
    let subject = request::subject(context.arguments)?;
    let name = subject.module.name.clone();
    if subject.product != Product::Desk || !MERGED.contains(&name.as_str()) {
        let got = format!("{name} of {}", subject.product);
        return Err(ToolError::argument(
            "/module",
            "Cases, Contacts or Accounts of Desk",
            got,
            None,
        ));
    }
    let writing = writable(&subject, Deed::Change)?;
    let session = context.session(Product::Desk).await?;
    let kept = read(context, session, &subject).await?;
    let ids = several::ids(context, session, &subject).await?;
    if ids.contains(&kept.id) {
        let fix = "leave the record that stays out of `ids`".to_owned();
        return Err(ToolError::argument(
            "/ids",
            "other records than `id`",
            kept.id,
            Some(fix),
        ));
    }
    if ids.len() > MOST {
        let expected = format!("{MOST} records at most");
        return Err(ToolError::argument("/ids", expected, ids.len().to_string(), None));
    }
    let merged = several::read(session, &subject, &ids).await?;
    let call = Sending::new(
        Effect::Remove,
        &Method::POST,
        [subject.address(), kept.id.as_str(), "merge"],
    )
    .with_body(json!({ "ids": ids }))
    .with_scopes(&writing.change);
    let gone = |id: &String| Look {
        path: vec![subject.address().to_owned(), id.clone()],
        is: [("/isDeleted".to_owned(), json!(true))].into_iter().collect(),
        gone: true,
        scopes: subject.module.scopes.clone(),
        ..Look::default()
    };
    let records: Vec<Touched> = merged.records.iter().map(Written::touched).collect();
    let changes = merged.records.iter().map(|one| Change {
        label: one.label.clone(),
        before: Some("a record of its own".to_owned()),
        after: Some(format!("part of {}, and gone", kept.label)),
    });
    let step = Step {
        records,
        looks: ids.iter().map(gone).collect(),
        ..call.into()
    };
    let what = format!("MERGE {} into it", merged.records.len());
    Ok(Plan::Act(Box::new(Planned {
        id: Some(kept.id.clone()),
        seen: seen(merged.records.iter().chain([&kept])),
        word: kept.number.clone(),
        changes: changes.collect(),
        label: kept.label,
        link: kept.link,
        ..Planned::new(Product::Desk, &name, what, step)
    })))
}
