//! `add_attachment`: a file of this machine on a record.

use http::Method;
use serde_json::{Map, json};

use super::Context;
use super::on_record::{OnRecord, OneCall, new, scopes_of};
use crate::connections::Product;
use crate::tools::digest::digest_of;
use crate::tools::error::ToolError;
use crate::tools::files::{Taken, take};
use crate::tools::modules;
use crate::tools::request::operation::MADE;
use crate::tools::request::{self, text};
use crate::tools::writing::{Look, Plan, Planned, Sending, Step, Undo};
use crate::zoho::{Effect, Upload};

/// Modules of Desk whose records take files.
const IN_DESK: [&str; 5] = ["Cases", "Contacts", "Accounts", "Tasks", "Products"];
/// The largest file each product takes, in bytes.
pub(super) const MOST_OF_DESK: u64 = 20 * 1024 * 1024;
const MOST_OF_CRM: u64 = 100 * 1024 * 1024;

/// Plans the attachment.
pub(super) async fn plan(context: Context<'_>) -> Result<Plan, ToolError> {
    let subject = request::subject(context.arguments)?;
    if subject.product == Product::Desk && !IN_DESK.contains(&subject.module.name.as_str()) {
        let expected = format!("{}, or a module of CRM", IN_DESK.join(", "));
        let got = format!("{}, which take no files", subject.module.name);
        return Err(ToolError::argument("/module", expected, got, None));
    }
    let most = match subject.product {
        Product::Desk => MOST_OF_DESK,
        Product::Crm => MOST_OF_CRM,
    };
    let named = text(context.arguments, "file").unwrap_or_default();
    let file = take(context.invocation, "/file", named, most).await?;
    let record = OnRecord::of(context, subject, None).await?;
    let mark = digest_of(&file.bytes);
    let told = in_words(&file);
    let look = look(&record, &file.name, file.bytes.len());
    let list = list(&record);
    let scopes = match record.subject.product {
        Product::Desk => record.writing.change.clone(),
        Product::Crm => of_crm(scopes_of(context)?)?,
    };
    let mut call = Sending::new(Effect::Create, &Method::POST, record.below([list])).with_scopes(&scopes);
    if record.subject.module.name == "Cases" && record.subject.product == Product::Desk {
        // Whether customers see it is not left to what is usual there.
        call.query.push(("isPublic".to_owned(), "false".to_owned()));
    }
    call.file = Some(Upload {
        name: file.name,
        bytes: file.bytes,
    });
    let back = Sending::new(Effect::Remove, &Method::DELETE, record.below([list, "{made}"]));
    let back = back.with_scopes(&scopes);
    let there = Look {
        is: [("/id".to_owned(), json!(MADE))].into_iter().collect(),
        since: None,
        ..look.clone()
    };
    let gone = Look {
        unlisted: true,
        ..there.clone()
    };
    let back = Step {
        holds: vec![there],
        looks: vec![gone],
        ..back.into()
    };
    let step = OneCall {
        call,
        look: Some(look),
        undo: Some(Undo::new("delete the attachment", back)),
    };
    Ok(Plan::Act(Box::new(Planned {
        // What was agreed to is this file, whatever bears its name later.
        seen: Some(format!("the file {mark}")),
        changes: vec![new("file", told)],
        ..record.plan("Attachments", "attach a file", step)
    })))
}

/// A file, as a preview shows it.
pub(super) fn in_words(file: &Taken) -> String {
    format!("{} ({} bytes)", file.name, file.bytes.len())
}

/// The scopes of the tool but for the one that uploads to Desk.
fn of_crm(mut scopes: Vec<String>) -> Result<Vec<String>, ToolError> {
    let of_desk = &modules::upload()?.scopes;
    scopes.retain(|scope| !of_desk.contains(scope));
    Ok(scopes)
}

/// What each product calls the list.
fn list(record: &OnRecord<'_>) -> &'static str {
    match record.subject.product {
        Product::Desk => "attachments",
        Product::Crm => "Attachments",
    }
}

/// The file among those of the record.
fn look(record: &OnRecord<'_>, name: &str, size: usize) -> Look {
    let (query, members, since) = match record.subject.product {
        Product::Desk => (vec![("limit", "100")], ["/name", "/size"], "createdTime"),
        Product::Crm => (
            vec![("fields", "File_Name,Size,Created_Time"), ("per_page", "200")],
            ["/File_Name", "/Size"],
            "Created_Time",
        ),
    };
    let values = [json!(name), json!(size.to_string())];
    let is: Map<_, _> = members.map(str::to_owned).into_iter().zip(values).collect();
    Look {
        query: query
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        list: Some("data".to_owned()),
        is,
        since: Some(since.to_owned()),
        ..record.look([list(record)])
    }
}
