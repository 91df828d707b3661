//! `add_comment`: a comment on a case, for the people inside unless it is said to be public.

use http::Method;
use serde_json::{Value, json};

use super::Context;
use super::on_record::taken_back;
use super::written::{Written, cases, read, writable};
use crate::connections::Product;
use crate::tools::definition::operation::Deed;
use crate::tools::error::ToolError;
use crate::tools::request::operation::MADE;
use crate::tools::request::text;
use crate::tools::writing::{Change, Look, Plan, Planned, Reach, Sending, Step};
use crate::zoho::Effect;

/// Comments that are looked through for one whose answer was lost.
const LATEST: &str = "100";

/// Plans the comment.
pub(super) async fn plan(context: Context<'_>) -> Result<Plan, ToolError> {
    let subject = cases()?;
    let writing = writable(&subject, Deed::Change)?;
    let session = context.session(Product::Desk).await?;
    let written = read(context, session, &subject).await?;
    let content = text(context.arguments, "content").unwrap_or_default();
    let is_public = context.arguments.get("public").and_then(Value::as_bool) == Some(true);
    Ok(Plan::Act(Box::new(planned(
        &written,
        &writing.change,
        &subject.module.scopes,
        content,
        is_public,
    ))))
}

fn planned(
    written: &Written,
    scopes: &[String],
    reading: &[String],
    content: &str,
    is_public: bool,
) -> Planned {
    let comments = ["tickets", written.id.as_str(), "comments"].map(str::to_owned);
    let body = json!({ "content": content, "contentType": "plainText", "isPublic": is_public });
    let call = Sending::new(Effect::Create, &Method::POST, comments.clone())
        .with_body(body)
        .with_scopes(scopes);
    let of_made: Vec<String> = comments.iter().cloned().chain([MADE.to_owned()]).collect();
    let look = look(&comments, content, is_public, reading);
    let holds = Look {
        path: of_made.clone(),
        query: Vec::new(),
        list: None,
        since: None,
        ..look.clone()
    };
    let deletion = Sending::new(Effect::Remove, &Method::DELETE, of_made).with_scopes(scopes);
    let step = Step {
        looks: vec![look],
        // What a customer was shown, and mailed, is not unseen by deleting it.
        undo: (!is_public).then(|| taken_back("delete the comment", deletion, holds)),
        ..call.into()
    };
    let what = if is_public {
        "add a PUBLIC comment"
    } else {
        "add an internal comment"
    };
    Planned {
        label: written.label.clone(),
        link: written.link.clone(),
        word: written.number.clone(),
        seen: written.seen.clone().filter(|_| is_public),
        changes: vec![Change {
            label: "comment".to_owned(),
            before: None,
            after: Some(content.to_owned()),
        }],
        reach: if is_public { Reach::Customer } else { Reach::Inside },
        is_aside: !is_public,
        ..Planned::new(Product::Desk, "Comments", what, step)
    }
}

/// The comment among the latest of its case.
fn look(comments: &[String], content: &str, is_public: bool, reading: &[String]) -> Look {
    let is = [
        ("/content".to_owned(), json!(content)),
        ("/isPublic".to_owned(), json!(is_public)),
    ];
    Look {
        path: comments.to_vec(),
        query: vec![
            ("sortBy".to_owned(), "-commentedTime".to_owned()),
            ("limit".to_owned(), LATEST.to_owned()),
        ],
        list: Some("data".to_owned()),
        is: is.into_iter().collect(),
        since: Some("commentedTime".to_owned()),
        scopes: reading.to_vec(),
        ..Look::default()
    }
}
