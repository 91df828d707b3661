//! `convert_lead`: a lead becomes a contact, an account and, where that is asked for, a deal.

use http::Method;
use serde_json::{Map, Value, json};

use super::Context;
use super::on_record::{OnRecord, OneCall, body_of, new, scopes_of};
use super::written::{called, in_words};
use crate::connections::Product;
use crate::names::pointer;
use crate::repair::Problem;
use crate::tools::error::{Code, ToolError};
use crate::tools::modules::{Subject, subject, writing_of};
use crate::tools::request::{not_a_module, text};
use crate::tools::writing::values::{self, Checked};
use crate::tools::writing::{Change, Look, Plan, Planned, Sending, plain};
use crate::zoho::Effect;

/// What Zoho wants of a deal that a lead becomes, where the organization has the field.
const NEEDED: [&str; 4] = ["Deal_Name", "Closing_Date", "Stage", "Pipeline"];
/// Where the values of the deal stand in the arguments.
const DEAL: &str = "/deal";

/// Plans the conversion.
pub(super) async fn plan(context: Context<'_>) -> Result<Plan, ToolError> {
    let leads = subject("Leads", Some(Product::Crm)).map_err(not_a_module)?;
    let lead = OnRecord::of(context, leads, None).await?;
    if lead.written.value("Converted__s") == Value::Bool(true) {
        return Err(ToolError::new(
            Code::Rejected,
            format!("Nothing was sent: {} is converted already.", lead.written.label),
            "get_record of Leads shows in `Converted_Contact`, `Converted_Account` and `Converted_Deal` what it became.",
        ));
    }
    let deal = deal(context).await?;
    let (mut body, mut changes) = people(context, &lead).await?;
    if let Some(deal) = &deal {
        let values: Map<String, Value> = deal
            .iter()
            .map(|one| (one.field.api_name.clone(), one.value.clone()))
            .collect();
        body.insert("Deals".to_owned(), Value::Object(values));
        for one in deal {
            let value = in_words(context, lead.session, &one.field, &one.value).await;
            changes.push(Change {
                label: format!("deal, {}", called(&one.field)),
                before: None,
                after: value,
            });
        }
    }
    let call = Sending::new(Effect::Change, &Method::POST, lead.below(["actions", "convert"]))
        .with_body(json!({ "data": [body] }))
        .with_scopes(&scopes_of(context)?);
    let is = [("/Converted__s".to_owned(), json!(true))];
    let what = match deal {
        Some(_) => "convert the lead, with a new deal",
        None => "convert the lead, without a deal",
    };
    let look = Look {
        list: Some("data".to_owned()),
        is: is.into_iter().collect(),
        ..lead.look([])
    };
    let step = OneCall {
        call,
        look: Some(look),
        undo: None,
    };
    Ok(Plan::Act(Box::new(Planned {
        id: Some(lead.written.id.clone()),
        seen: lead.written.seen.clone(),
        word: plain(&lead.written.value("Last_Name")),
        changes,
        shows: Some("/data/0/details".to_owned()),
        ..lead.plan("Leads", what, step)
    })))
}

/// The contact and the account that the lead becomes or joins: as Zoho takes them, and in words.
async fn people(
    context: Context<'_>,
    lead: &OnRecord<'_>,
) -> Result<(Map<String, Value>, Vec<Change>), ToolError> {
    let options = body_of(lead.session, &lead.read(["__conversion_options"])).await?;
    let (mut body, mut changes) = (Map::new(), Vec::new());
    for (name, argument, label, own) in [
        ("Contacts", "contact_id", "contact", "Full_Name"),
        ("Accounts", "account_id", "account", "Company"),
    ] {
        let there = options.pointer(&format!("/__conversion_options/{name}"));
        let there = there.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        match text(context.arguments, argument) {
            Some(id) => {
                body.insert(name.to_owned(), json!({ "id": id }));
                changes.push(new(label, joined(there, id)));
            }
            None => {
                let own = plain(&lead.written.value(own));
                changes.extend(own.map(|own| new(label, made(there, &own))));
            }
        }
    }
    Ok((body, changes))
}

/// A record that is there already and takes the lead over.
fn joined(there: &[Value], id: &str) -> String {
    let is_it = |row: &&Value| row.get("id").and_then(plain).as_deref() == Some(id);
    match there
        .iter()
        .find(is_it)
        .and_then(|row| row.get("name"))
        .and_then(plain)
    {
        Some(name) => format!("{name} ({id}), which is there already"),
        None => format!("{id}, which is there already"),
    }
}

/// A record that is made; those that CRM takes for the same are named.
fn made(there: &[Value], own: &str) -> String {
    let named = |row: &Value| {
        Some(format!(
            "{} ({})",
            row.get("name").and_then(plain)?,
            row.get("id").and_then(plain)?
        ))
    };
    let same: Vec<String> = there.iter().filter_map(named).collect();
    match same.is_empty() {
        true => format!("{own} (new)"),
        false => format!("{own}: CRM may join it with {}", same.join(", ")),
    }
}

/// The values of the deal, checked against live fields; none where no deal is asked for.
async fn deal(context: Context<'_>) -> Result<Option<Vec<Checked>>, ToolError> {
    let Some(given) = context.arguments.get("deal").and_then(Value::as_object) else {
        return Ok(None);
    };
    let deals: Subject = subject("Deals", Some(Product::Crm)).map_err(not_a_module)?;
    let session = context.session(Product::Crm).await?;
    let (fields, _) = context.invocation.fields(session, &deals, false).await?;
    let Some(writing) = writing_of(Product::Crm, &deals.module) else {
        return Err(ToolError::internal(&"deals are not written"));
    };
    let mut settled = values::check_at(DEAL, &deals, writing, given, &fields);
    let is_there = |name: &str| {
        let path = pointer::below(DEAL, name);
        settled.values.iter().any(|one| one.field.api_name == name)
            || settled.problems.iter().any(|one| one.path == path)
    };
    let needed = fields.iter().filter(|field| {
        let is_needed = NEEDED.contains(&field.api_name.as_str()) || field.is_mandatory && !field.is_fixed;
        is_needed && !is_there(&field.api_name)
    });
    let missing: Vec<Problem> = needed
        .map(|field| Problem {
            path: pointer::below(DEAL, &field.api_name),
            expected: match values::listed(field) {
                Some(listed) => format!(
                    "{}: a deal that a lead becomes needs it, one of: {listed}",
                    called(field)
                ),
                None => format!("{}: a deal that a lead becomes needs it", called(field)),
            },
            got: "none".to_owned(),
            ..Problem::default()
        })
        .collect();
    settled.problems.extend(missing);
    match settled.problems.is_empty() {
        true => Ok(Some(settled.values)),
        false => Err(values::refusal(context.invocation, settled.problems).await),
    }
}
