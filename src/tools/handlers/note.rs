//! `add_note`: a note on a record of CRM.

use http::Method;
use serde_json::{Map, json};

use super::Context;
use super::on_record::{OneCall, new, new_text, of_crm, scopes_of, taken_back};
use crate::tools::error::ToolError;
use crate::tools::request::text;
use crate::tools::writing::{Look, Plan, Planned, Sending};
use crate::zoho::Effect;

/// How the latest notes are listed.
const LATEST: [(&str, &str); 4] = [
    ("fields", "Note_Content,Created_Time"),
    ("sort_by", "Created_Time"),
    ("sort_order", "desc"),
    ("per_page", "10"),
];

/// Plans the note.
pub(super) async fn plan(context: Context<'_>) -> Result<Plan, ToolError> {
    let record = of_crm(context).await?;
    let scopes = scopes_of(context)?;
    let content = text(context.arguments, "content").unwrap_or_default();
    let title = text(context.arguments, "title");
    let mut note = Map::new();
    note.extend(title.map(|title| ("Note_Title".to_owned(), json!(title))));
    note.insert("Note_Content".to_owned(), json!(content));
    let call = Sending::new(Effect::Create, &Method::POST, record.below(["Notes"]))
        .with_body(json!({ "data": [note] }))
        .with_scopes(&scopes);
    let back = Sending::new(Effect::Remove, &Method::DELETE, record.below(["Notes", "{made}"]));
    let is = [("/Note_Content".to_owned(), json!(content))];
    let holds = Look {
        list: Some("data".to_owned()),
        is: is.into_iter().collect(),
        ..record.look(["Notes", "{made}"])
    };
    let query = LATEST.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let look = Look {
        query: query.into(),
        list: Some("data".to_owned()),
        begins: Some(("/Note_Content".to_owned(), content.to_owned())),
        since: Some("Created_Time".to_owned()),
        ..record.look(["Notes"])
    };
    let mut changes: Vec<_> = title.map(|title| new("title", title)).into_iter().collect();
    changes.extend(new_text("note", content));
    let back = back.with_scopes(&scopes);
    let step = OneCall {
        call,
        look: Some(look),
        undo: Some(taken_back("delete the note", back, holds)),
    };
    Ok(Plan::Act(Box::new(Planned {
        changes,
        is_aside: true,
        ..record.plan("Notes", "add a note", step)
    })))
}
