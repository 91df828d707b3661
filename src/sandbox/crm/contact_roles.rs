//! The contacts of a deal, each with the part it plays: a link that carries a role.

use serde_json::{Value, json};

use super::answer::{self, Answer, failure, results, success};
use super::call::Call;
use super::schema::{self, Module, Row};
use super::state::Crm;
use super::{relations, write};
use crate::http::Reply;

/// The roles an organization starts with, by the order of their ids. (Assumed, as the words of success are: no document
/// names them.)
const ROLES: [&str; 7] = [
    "Developer/Evaluator",
    "Decision Maker",
    "Purchasing",
    "Executive Sponsor",
    "Engineering Lead",
    "Economic Decision Maker",
    "Product Management",
];

fn module(name: &str) -> &'static Module {
    schema::module(name).expect("deals and contacts are modules")
}

fn reference(index: usize) -> Value {
    json!({ "name": ROLES[index], "id": (schema::BLOCK + 6_800 + index as u64 * 17).to_string() })
}

/// The role that is meant by its id, or by its name where no id is given.
fn meant(role: &Value) -> Option<Value> {
    let fits = |known: &Value| match role["id"].as_str() {
        Some(id) => known["id"] == id,
        None => role["name"].is_string() && known["name"] == role["name"],
    };
    (0..ROLES.len()).map(reference).find(fits)
}

/// `GET contacts/roles` and `GET contacts/roles/{role}`.
pub(crate) fn roles(_crm: &mut Crm, call: &Call<'_>) -> Answer {
    let shown = |index: usize| {
        let mut role = reference(index);
        role["sequence_number"] = json!(index + 1);
        role
    };
    let mut all: Vec<Value> = (0..ROLES.len()).map(shown).collect();
    if let Some(id) = call.parts.first() {
        all.retain(|role| role["id"] == *id);
        if all.is_empty() {
            return Err(answer::id_invalid(2));
        }
    }
    Ok(Reply::json(200, &json!({ "contact_roles": all })))
}

/// The role of a contact in a deal; null where nobody gave it one.
pub(crate) fn of(crm: &Crm, deal: u64, contact: u64) -> Value {
    crm.roles.get(&(deal, contact)).cloned().unwrap_or_default()
}

/// `PUT /Deals/{deal}/Contact_Roles`.
pub(crate) fn put_many(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let deal = call.find(crm, module("Deals"), 0)?;
    let wanted = call.objects(&call.body()?, "data", write::MOST)?;
    let put = |(index, input): (usize, &Row)| {
        let contact = write::given_id(input).unwrap_or_default();
        put(crm, deal, contact, input, &format!("$.data[{index}]"))
    };
    Ok(results(
        200,
        wanted.iter().enumerate().map(put).collect::<Vec<_>>(),
    ))
}

/// `PUT /Deals/{deal}/Contact_Roles/{contact}`.
pub(crate) fn put_one(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let deal = call.find(crm, module("Deals"), 0)?;
    let contact = call.parts[1].parse().map_err(|_| answer::id_invalid(3))?;
    let input = call.objects(&call.body()?, "data", 1)?.remove(0);
    Ok(results(200, vec![put(crm, deal, contact, &input, "$.data[0]")]))
}

fn put(crm: &mut Crm, deal: u64, contact: u64, input: &Row, path: &str) -> Value {
    let details = json!({ "id": contact.to_string() });
    if crm.row(module("Contacts"), contact).is_none() {
        return failure(
            "INVALID_DATA",
            &details,
            "the related id given seems to be invalid",
        );
    }
    let at = format!("{path}.Contact_Role");
    let about = json!({ "api_name": "Contact_Role", "json_path": at });
    let role = match input.get("Contact_Role") {
        None | Some(Value::Null) => {
            return failure("MANDATORY_NOT_FOUND", &about, "required field not found");
        }
        Some(role) => match meant(role) {
            Some(role) => role,
            None => return failure("INVALID_DATA", &about, "invalid data"),
        },
    };
    let deals = module("Deals");
    if let Some(related) = deals.related_list("Contact_Roles") {
        relations::set(crm, deals, related, deal, contact, true);
    }
    crm.roles.insert((deal, contact), role);
    success(&details, "contact role added successfully")
}

/// A row of the list with the contact's role.
pub(crate) fn with_role(crm: &Crm, deal: u64, mut reply: Reply) -> Reply {
    let Ok(mut body) = serde_json::from_slice::<Value>(&reply.body) else {
        return reply;
    };
    for row in body["data"].as_array_mut().into_iter().flatten() {
        let contact = row["id"]
            .as_str()
            .and_then(|id| id.parse().ok())
            .unwrap_or_default();
        row["Contact_Role"] = of(crm, deal, contact);
    }
    reply.body = body.to_string().into();
    reply
}
