//! What comes in from customers: no operation of Zoho's does that, a mail does.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Desk;
use super::announce;
use super::modules::{self, Row, text, value};
use super::org::Org;
use super::seed::{answer_within, texts};
use super::times;

impl Desk {
    /// How many replies a ticket has been sent; none for one that is not there.
    pub(crate) fn replies(&self, ticket: &str) -> Option<usize> {
        let (org, id) = self.ticket(ticket)?;
        let threads = self.orgs[org].side("tickets", id, "threads");
        let sent = |thread: &&Row| text(thread, "direction") == "out" && text(thread, "status") == "SUCCESS";
        Some(threads.iter().filter(sent).count())
    }

    /// A mail of the ticket's contact comes in: a thread, and a closed ticket is open again, as Desk does unless told
    /// otherwise.
    pub(crate) fn hear(&mut self, ticket: &str, content: &str, now: Timestamp) -> Result<Value, String> {
        let (which, id) = self.ticket(ticket).ok_or("customer: there is no such ticket")?;
        self.lists[which].forget();
        let org = &mut self.orgs[which];
        let (before, moment) = (org.as_heard(), now);
        let now = times::format(now);
        let contact = contact_of(org, id);
        let thread = thread(org, &contact, content, &now);
        let mut threads = org.side("tickets", id, "threads");
        threads.push(thread.clone());
        org.put_side("tickets", id, "threads", threads);
        reopen(org, id, &contact, &now);
        if let Some(before) = before {
            self.told.extend(announce::told(&before, org, None, moment));
        }
        Ok(thread.into())
    }

    fn ticket(&self, id: &str) -> Option<(usize, u64)> {
        let id: u64 = id.parse().ok()?;
        let which = self
            .orgs
            .iter()
            .position(|org| org.row("tickets", id).is_some())?;
        Some((which, id))
    }
}

fn contact_of(org: &Org, ticket: u64) -> Row {
    let row = org.row("tickets", ticket).unwrap_or_default();
    let contact = org.row_of("contacts", text(&row, "contactId"));
    contact.map(|(_, row)| row).unwrap_or_default()
}

fn named(contact: &Row) -> String {
    let name = format!("{} {}", text(contact, "firstName"), text(contact, "lastName"));
    name.trim().to_owned()
}

fn thread(org: &mut Org, contact: &Row, content: &str, now: &str) -> Row {
    let mut row = modules::blank("threads");
    let address = text(contact, "email");
    let author = json!({"id": contact["id"], "name": named(contact), "firstName": contact["firstName"],
        "lastName": contact["lastName"], "email": address, "photoURL": null, "type": "END_USER"});
    let content = texts::html(content);
    for (key, value) in [
        ("id", json!(org.new_id().to_string())),
        ("channel", json!("EMAIL")),
        ("direction", json!("in")),
        ("status", json!("SUCCESS")),
        ("summary", json!(texts::summary(&content, "text/html"))),
        ("createdTime", json!(now)),
        ("author", author),
        ("content", json!(content)),
        ("to", json!(format!("support@{}.example", org.world.portal))),
        ("replyTo", json!(address)),
        ("fromEmailAddress", json!(address)),
    ] {
        row.insert(key.to_owned(), value);
    }
    row
}

fn now_second(now: &str) -> i64 {
    now.parse::<Timestamp>().map_or(0, Timestamp::as_second)
}

fn reopen(org: &mut Org, id: u64, contact: &Row, now: &str) {
    let Some(mut row) = org.row("tickets", id) else {
        return;
    };
    let actor = json!({"id": value(contact, "id"), "name": named(contact), "type": "Contact"});
    let event = |name: &str, info: Value| {
        let event = json!({"eventName": name, "eventTime": now, "source": "Email", "actor": actor, "actorInfo": null, "eventInfo": info});
        event.as_object().cloned().unwrap_or_default()
    };
    org.note(id, event("ThreadAdded", json!([])));
    if text(&row, "statusType") == "Closed" {
        let change = json!({"previousValue": row["status"], "updatedValue": "Open"});
        org.note(
            id,
            event(
                "TicketUpdated",
                json!([{"propertyName": "status", "propertyType": "ValueTransition",
            "propertyValue": change, "systemProperty": true}]),
            ),
        );
        for (key, value) in [
            ("status", json!("Open")),
            ("statusType", json!("Open")),
            ("closedTime", Value::Null),
        ] {
            row.insert(key.to_owned(), value);
        }
    }
    let due = now_second(now) + answer_within(text(&row, "priority"));
    row.insert("responseDueDate".to_owned(), times::written_second(due).into());
    let last = json!({"channel": "EMAIL", "isDraft": false, "isForward": false, "direction": "in"});
    row.insert("lastThread".to_owned(), last);
    for key in ["modifiedTime", "customerResponseTime", "_recent"] {
        row.insert(key.to_owned(), now.into());
    }
    org.put("tickets", id, row);
}
