//! Mail of records: what was sent from one, by whom. Sources: send_mail and the e-mail pages of v2 to v8, the SDK of 7.0
//! (keys of a mail and of `info`). Nothing leaves this process. (Assumed: what a mail must have beside sender and
//! receivers is a text or a template; the words of success.)

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::answer::{self, Answer, failure, results, success};
use super::call::{Call, or_nothing};
use super::schema::Row;
use super::state::Crm;
use super::time;
use crate::http::Reply;

/// Mails of one page.
const PAGE: usize = 10;

/// `POST {module}/{id}/actions/send_mail`
pub(crate) fn send(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = call.find(crm, call.module(), 0)?;
    // The SDKs send the only mail there may be as a list.
    let mails = call.objects(&call.body()?, "data", 1)?;
    let done = mails
        .iter()
        .map(|mail| match written(crm, call, id, mail) {
            Ok(sent) => {
                let details = json!({ "message_id": sent["message_id"] });
                crm.mails.push((id, sent));
                success(&details, "Your mail has been sent successfully.")
            }
            Err(error) => error,
        })
        .collect();
    Ok(results(200, done))
}

fn written(crm: &mut Crm, call: &Call<'_>, id: u64, mail: &Row) -> Result<Value, Value> {
    let details = |name: &str| json!({ "api_name": name, "json_path": format!("$.data[0].{name}") });
    let missing = |name: &str| failure("MANDATORY_NOT_FOUND", &details(name), "required field not found");
    let wrong = |name: &str| failure("INVALID_DATA", &details(name), "invalid data");
    let given = |name: &str| mail.get(name).filter(|value| !value.is_null());
    let from = given("from").ok_or_else(|| missing("from"))?;
    if !sender(crm, from) {
        return Err(wrong("from"));
    }
    let to = given("to").ok_or_else(|| missing("to"))?;
    let has_address = |person: &Value| person["email"].as_str().is_some_and(|email| email.contains('@'));
    if !to
        .as_array()
        .is_some_and(|to| !to.is_empty() && to.iter().all(has_address))
    {
        return Err(wrong("to"));
    }
    let template = match given("template") {
        Some(named) => Some(
            crm.company_row("email_templates", &named["id"])
                .ok_or_else(|| wrong("template"))?,
        ),
        None => None,
    };
    let text = |name: &str| {
        let own = given(name).cloned();
        own.or_else(|| template.as_ref().map(|template| template[name].clone()))
            .ok_or_else(|| missing(name))
    };
    let (subject, content) = (text("subject")?, text("content")?);
    let number = crm.new_id();
    let message: String = Sha256::digest(number.to_be_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let me = crm.me();
    let now = time::iso(crm.now);
    let link = json!({ "module": { "api_name": call.module().api_name, "id": super::seeds::module_id(call.module()) },
        "id": id.to_string(), "name": crm.reference(call.module(), id).unwrap_or_default()["name"] });
    Ok(json!({
        "message_id": message, "subject": subject, "content": content, "mail_format": given("mail_format").unwrap_or(&json!("html")),
        "from": from, "to": to, "cc": given("cc"), "bcc": given("bcc"), "reply_to": given("reply_to"),
        "owner": { "name": me["name"], "id": me["id"] }, "sent": true, "read": true, "source": "crm", "editable": false, "time": now,
        "status": [{ "type": "sent" }], "has_attachment": given("attachments").is_some(), "has_thread_attachment": false,
        "attachments": given("attachments").unwrap_or(&json!([])), "linked_record": link, "thread_id": null, "summary": null,
        "intent": null, "sentiment_info": null, "emotion": null,
    }))
}

/// Whether somebody of the organization may write under this address.
fn sender(crm: &Crm, from: &Value) -> bool {
    crm.users
        .iter()
        .any(|user| user["email"] == from["email"] && user["status"] == "active")
}

/// `GET {module}/{id}/Emails`, newest first. (Assumed: `index` is what `next_index` said.)
pub(crate) fn list(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = call.find(crm, call.module(), 0)?;
    let owner = call.query("owner_id");
    let of_record: Vec<&Value> = crm
        .mails
        .iter()
        .rev()
        .filter(|(record, mail)| *record == id && owner.is_none_or(|owner| mail["owner"]["id"] == owner))
        .map(|(_, mail)| mail)
        .collect();
    let start: usize = match call.query("index") {
        Some(index) => index
            .parse()
            .map_err(|_| answer::parameter_invalid("index", json!({})))?,
        None => 0,
    };
    let rows: Vec<Value> = of_record
        .iter()
        .skip(start)
        .take(PAGE)
        .map(|mail| row(mail))
        .collect();
    let end = start + rows.len();
    let more = end < of_record.len();
    let info = json!({ "count": rows.len(), "per_page": PAGE, "more_records": more,
        "next_index": more.then(|| end.to_string()), "prev_index": (start > 0).then(|| start.saturating_sub(PAGE).to_string()) });
    or_nothing("Emails", rows, Some(info))
}

/// A list has no texts.
fn row(mail: &Value) -> Value {
    let mut row = mail.clone();
    if let Some(keys) = row.as_object_mut() {
        for name in [
            "content",
            "mail_format",
            "bcc",
            "attachments",
            "reply_to",
            "editable",
        ] {
            keys.shift_remove(name);
        }
    }
    row
}

/// `GET {module}/{id}/Emails/{message}`
pub(crate) fn get(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let id = call.find(crm, call.module(), 0)?;
    let found = crm
        .mails
        .iter()
        .find(|(record, mail)| *record == id && mail["message_id"] == call.parts[1]);
    let mail = found
        .map(|(_, mail)| mail.clone())
        .ok_or_else(|| answer::id_invalid(3))?;
    Ok(Reply::json(200, &json!({ "Emails": [mail] })))
}

/// `GET settings/emails/actions/from_addresses`: those of the token's own user.
pub(crate) fn addresses(crm: &mut Crm, _call: &Call<'_>) -> Answer {
    let me = &crm.users[crm.caller];
    let own = json!({ "type": "primary", "id": me["id"], "email": me["email"], "user_name": me["full_name"], "default": true });
    Ok(Reply::json(200, &json!({ "from_addresses": [own] })))
}
