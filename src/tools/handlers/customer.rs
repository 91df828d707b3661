//! `find_customer`: one person or company in both products, side by side.

use super::Context;
use crate::connections::Product;
use crate::tools::error::{Code, ToolError};
use crate::tools::modules::{self, Subject};
use crate::tools::output::project::{Projection, Record};
use crate::tools::output::{Answer, link_of};
use crate::tools::reading;
use crate::tools::request;
use crate::tools::request::text;
use crate::zoho::{Read, Session};
use serde_json::{Map, Value, json};

/// Matches shown of each kind.
const MATCHES: usize = 5;
/// Cases and deals shown beside a match.
const BESIDE: usize = 5;

/// What is known of the customer.
#[derive(Clone, Copy)]
enum Known<'a> {
    Email(&'a str),
    Phone(&'a str),
    Name(&'a str),
}

/// What a product knows of the customer, kind by kind.
type Lists = Vec<(&'static str, Vec<Value>)>;

/// Asks both products at once; one that is not connected is named and stops nothing.
pub(super) async fn find(context: Context<'_>) -> Result<Answer, ToolError> {
    let given = ["email", "phone", "name"].map(|key| text(context.arguments, key).map(str::trim));
    let known = match given {
        [Some(email), None, None] => Known::Email(email),
        [None, Some(phone), None] => Known::Phone(phone),
        [None, None, Some(name)] => Known::Name(name),
        _ => {
            let fix = "send one of email, phone, name; the e-mail address is surest".to_owned();
            return Err(ToolError::argument(
                "/email",
                "exactly one of email, phone, name",
                "none or several",
                Some(fix),
            ));
        }
    };
    let (desk, crm) = tokio::join!(desk(context, known), crm(context, known));
    if let (Err(error), Err(_)) = (&desk, &crm) {
        return Err(error.clone());
    }
    let mut data = Map::new();
    let mut count = 0;
    let mut answer = Answer::default();
    for (product, outcome) in [(Product::Desk, desk), (Product::Crm, crm)] {
        match outcome {
            Ok(lists) => {
                count += lists.iter().map(|(_, list)| list.len()).sum::<usize>();
                let found: Map<String, Value> = lists
                    .into_iter()
                    .map(|(name, list)| (name.to_owned(), Value::Array(list)))
                    .collect();
                data.insert(product.as_str().to_owned(), Value::Object(found));
            }
            Err(error) if error.code == Code::InvalidArguments => return Err(error),
            Err(error) => answer.notes.push(format!(
                "{product} could not be asked: {} {}",
                error.error, error.next
            )),
        }
    }
    Ok(answer.with("data", data).with("count", count))
}

async fn desk(context: Context<'_>, known: Known<'_>) -> Result<Lists, ToolError> {
    let session = context.session(Product::Desk).await?;
    let (contacts, accounts) = (
        module(Product::Desk, "Contacts")?,
        module(Product::Desk, "Accounts")?,
    );
    let (param, value) = match known {
        Known::Email(email) => ("email", email.to_owned()),
        Known::Phone(phone) => ("phone", phone.to_owned()),
        Known::Name(name) => ("fullName", name.to_owned()),
    };
    let people = searched(session, "Contacts", param, &value);
    let (people, companies) = match known {
        Known::Name(name) => {
            let (people, companies) =
                tokio::join!(people, searched(session, "Accounts", "accountName", name));
            (people?, companies?)
        }
        _ => (people.await?, Vec::new()),
    };
    let mut shown_people = Vec::new();
    for person in people.into_iter().take(MATCHES) {
        let id = person.id.clone().unwrap_or_default();
        let cases = open_cases(session, "contacts", &id).await?;
        shown_people.push(shown(session, &contacts, person, Some(("open_cases", cases))));
    }
    let mut shown_companies = Vec::new();
    for company in companies.into_iter().take(MATCHES) {
        let id = company.id.clone().unwrap_or_default();
        let cases = open_cases(session, "accounts", &id).await?;
        shown_companies.push(shown(session, &accounts, company, Some(("open_cases", cases))));
    }
    Ok(vec![("contacts", shown_people), ("accounts", shown_companies)])
}

async fn searched(session: &Session, name: &str, param: &str, value: &str) -> Result<Vec<Record>, ToolError> {
    let subject = module(Product::Desk, name)?;
    let request = request::desk::search(&subject.module)
        .with_query(param, value)
        .with_query("limit", MATCHES.to_string());
    let fields = [
        "id",
        "firstName",
        "lastName",
        "email",
        "phone",
        "mobile",
        "account",
        "accountName",
        "website",
    ];
    records(session, request, &fields).await
}

async fn open_cases(session: &Session, path: &str, id: &str) -> Result<Vec<Value>, ToolError> {
    let cases = module(Product::Desk, "Cases")?;
    let request = Read::get(Product::Desk, [path, id, "tickets"]);
    let request = request
        .with_scopes(cases.module.scopes.clone())
        .with_query("limit", "50");
    let fields = [
        "id",
        "ticketNumber",
        "subject",
        "status",
        "statusType",
        "priority",
        "createdTime",
    ];
    let records = records(session, request, &fields).await?;
    let open = records
        .into_iter()
        .filter(|record| record.shown.get("statusType") != Some(&json!("Closed")));
    Ok(open
        .take(BESIDE)
        .map(|record| shown(session, &cases, record, None))
        .collect())
}

async fn crm(context: Context<'_>, known: Known<'_>) -> Result<Lists, ToolError> {
    let session = context.session(Product::Crm).await?;
    let lists = ["Contacts", "Leads", "Accounts"];
    let [contacts, leads, accounts] = lists;
    let (contacts, leads, accounts) = tokio::join!(
        crm_matches(session, contacts, known),
        crm_matches(session, leads, known),
        crm_matches(session, accounts, known)
    );
    let mut people = Vec::new();
    for person in contacts? {
        let id = person.id.clone().unwrap_or_default();
        let deals = deals(session, "Contacts", &id).await?;
        people.push(shown(
            session,
            &module(Product::Crm, "Contacts")?,
            person,
            Some(("deals", deals)),
        ));
    }
    let mut found = vec![("contacts", people)];
    for (key, name, records) in [("leads", "Leads", leads?), ("accounts", "Accounts", accounts?)] {
        let module = module(Product::Crm, name)?;
        let records = records.into_iter();
        let records = records.map(|record| shown(session, &module, record, None));
        found.push((key, records.collect()));
    }
    Ok(found)
}

async fn crm_matches(session: &Session, name: &str, known: Known<'_>) -> Result<Vec<Record>, ToolError> {
    let module = module(Product::Crm, name)?;
    let request = request::crm::search(&module.module)?;
    let request = match (known, name) {
        (Known::Email(_), "Accounts") => return Ok(Vec::new()), // accounts have no e-mail address
        (Known::Email(email), _) => request.with_query("email", email),
        (Known::Phone(phone), _) => request.with_query("phone", phone),
        (Known::Name(words), _) => request.with_query("word", words),
    };
    let fields: Vec<&str> = module.module.fields.iter().map(String::as_str).collect();
    let request = request
        .with_query("fields", fields.join(","))
        .with_query("per_page", MATCHES.to_string());
    records(session, request, &fields).await
}

async fn deals(session: &Session, parent: &str, id: &str) -> Result<Vec<Value>, ToolError> {
    let module = module(Product::Crm, "Deals")?;
    let fields = ["id", "Deal_Name", "Stage", "Amount", "Closing_Date"];
    let request = Read::get(Product::Crm, [parent, id, "Deals"]);
    let request = request
        .with_query("fields", fields.join(","))
        .with_query("per_page", BESIDE.to_string());
    let request = request.with_scopes(module.module.scopes.clone());
    let records = records(session, request, &fields).await?;
    Ok(records
        .into_iter()
        .map(|record| shown(session, &module, record, None))
        .collect())
}

async fn records(session: &Session, request: Read, fields: &[&str]) -> Result<Vec<Record>, ToolError> {
    let fields: Vec<String> = fields.iter().map(|&field| field.to_owned()).collect();
    let projection = Projection {
        fields: Some(&fields),
        html: &[],
    };
    Ok(reading::one_page(session, &request, "data", &projection)
        .await?
        .records)
}

fn module(product: Product, name: &str) -> Result<Subject, ToolError> {
    modules::subject(name, Some(product)).map_err(|unknown| ToolError::internal(&unknown.got))
}

fn shown(
    session: &Session,
    subject: &Subject,
    mut record: Record,
    beside: Option<(&str, Vec<Value>)>,
) -> Value {
    let link = record.link(&|id| link_of(session, &subject.module, id));
    if let Some((name, list)) = beside {
        record.shown.insert(name.to_owned(), Value::Array(list));
    }
    record
        .shown
        .extend(link.map(|link| ("link".to_owned(), Value::String(link))));
    Value::Object(record.shown)
}
