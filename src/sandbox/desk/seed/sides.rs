//! What lies beside a seeded ticket: threads, comments, attachments, time entries, earlier resolutions.

use bytes::Bytes;
use serde_json::{Value, json};

use super::tickets::Seedling;
use super::{Kind, World, files, staff, texts};
use crate::desk::modules::{self, Row, text};
use crate::desk::times;

/// The seeded rows of one list beside a ticket, oldest first.
pub(crate) fn of(world: &World, index: u64, side: &str) -> Vec<Row> {
    let seedling = Seedling::new(world, index);
    match side {
        "threads" => (0..seedling.threads)
            .map(|position| thread(world, &seedling, position))
            .collect(),
        "comments" => (0..seedling.comments)
            .map(|position| comment(world, &seedling, position))
            .collect(),
        "attachments" => (0..seedling.attachments)
            .map(|position| attachment(world, &seedling, position))
            .collect(),
        "timeEntry" if seedling.time_entries() > 0 => {
            vec![time_entry(world, &seedling)]
        }
        "approvals" => (0..seedling.approvals())
            .map(|_| approval(world, &seedling))
            .collect(),
        "resolutionHistory" if seedling.status == "Closed" => vec![resolution(world, &seedling)],
        _ => Vec::new(),
    }
}

fn contact_author(world: &World, seedling: &Seedling<'_>) -> Value {
    let person = world.person(seedling.contact);
    let name = format!("{} {}", person.first_name, person.last_name);
    json!({"id": world.id(Kind::CONTACT, seedling.contact), "name": name, "firstName": person.first_name,
        "lastName": person.last_name, "email": person.email, "photoURL": null, "type": "END_USER"})
}

fn thread(world: &World, seedling: &Seedling<'_>, position: u64) -> Row {
    let inbound = position.is_multiple_of(2);
    let content = seedling.message(position);
    let agent = seedling.assignee.unwrap_or(0);
    let author = if inbound {
        contact_author(world, seedling)
    } else {
        staff::author(world, agent)
    };
    let support = format!("support@{}.example", world.portal);
    let customer = world.person(seedling.contact).email;
    let (from, to) = if inbound {
        (customer, support)
    } else {
        (support, customer)
    };
    let mut row = modules::blank("threads");
    let mut set = |name: &str, value: Value| row.insert(name.to_owned(), value);
    set(
        "id",
        world.id(Kind::THREAD, seedling.index * 128 + position).into(),
    );
    set("channel", thread_channel(seedling.channel).into());
    set("direction", if inbound { "in" } else { "out" }.into());
    set("status", "SUCCESS".into());
    set("summary", texts::summary(&content, "text/html").into());
    set(
        "createdTime",
        times::written_second(seedling.thread_second(position))
            .replace(".000Z", &format!(".{:03}Z", 137 + position * 11))
            .into(),
    );
    set("author", author);
    set("isDescriptionThread", (position == 0).into());
    set(
        "respondedIn",
        if inbound {
            Value::Null
        } else {
            responded_in(seedling, position).into()
        },
    );
    set(
        "responderId",
        if inbound {
            Value::Null
        } else {
            world.id(Kind::AGENT, agent).into()
        },
    );
    let files: Vec<Row> = match position {
        0 => (0..seedling.attachments)
            .map(|at| attachment(world, seedling, at))
            .collect(),
        _ => Vec::new(),
    };
    set("hasAttach", (!files.is_empty()).into());
    set("attachmentCount", files.len().to_string().into());
    set("attachments", json!(files));
    set("content", content.into());
    set("to", to.into());
    set("replyTo", from.clone().into());
    set("fromEmailAddress", from.into());
    row
}

fn thread_channel(channel: &str) -> &'static str {
    match channel {
        "Web" => "WEB",
        "Phone" => "PHONE",
        "Chat" => "ONLINE_CHAT",
        _ => "EMAIL",
    }
}

/// What an answer says of how long the message before it had waited.
fn responded_in(seedling: &Seedling<'_>, position: u64) -> String {
    times::spent(seedling.thread_second(position) - seedling.thread_second(position - 1))
}

fn comment(world: &World, seedling: &Seedling<'_>, position: u64) -> Row {
    let agent = (seedling.index + position) % world.agents();
    let mut row = modules::blank("comments");
    row.insert(
        "id".into(),
        world.id(Kind::COMMENT, seedling.index * 16 + position).into(),
    );
    row.insert("content".into(), seedling.comment(position).into());
    row.insert("contentType".into(), "plainText".into());
    row.insert(
        "commentedTime".into(),
        times::written_second(seedling.comment_second(position)).into(),
    );
    row.insert("commenterId".into(), world.id(Kind::AGENT, agent).into());
    row.insert("commenter".into(), staff::commenter(world, agent));
    row
}

fn attachment(world: &World, seedling: &Seedling<'_>, position: u64) -> Row {
    let id = world.id(Kind::ATTACHMENT, seedling.index * 16 + position);
    let ticket = world.id(Kind::TICKET, seedling.index);
    let mut row = modules::blank("attachments");
    row.insert(
        "href".into(),
        format!("https://desk.zoho.com/api/v1/tickets/{ticket}/attachments/{id}/content").into(),
    );
    let (name, lines) = seedling.file().unwrap_or_default();
    let size = files::written(&name, &lines).1.len();
    row.insert("name".into(), name.into());
    row.insert(
        "creatorId".into(),
        world.id(Kind::AGENT, seedling.assignee.unwrap_or(0)).into(),
    );
    row.insert(
        "createdTime".into(),
        times::written_second(seedling.created).into(),
    );
    row.insert("id".into(), id.into());
    row.insert("isPublic".into(), true.into());
    row.insert("size".into(), size.to_string().into());
    row
}

/// The media type and the bytes of a seeded attachment.
pub(crate) fn seeded_file(world: &World, attachment: &Row) -> (&'static str, Bytes) {
    let id = text(attachment, "id").parse().ok();
    let ticket = id
        .and_then(|id| world.index(Kind::ATTACHMENT, id))
        .unwrap_or_default()
        / 16;
    let (name, lines) = Seedling::new(world, ticket).file().unwrap_or_default();
    files::written(&name, &lines)
}

fn time_entry(world: &World, seedling: &Seedling<'_>) -> Row {
    let minutes = 5 + seedling.index % 50;
    let mut row = modules::blank("timeEntry");
    let when = times::written_second(seedling.thread_second(seedling.threads));
    for (name, value) in [
        ("id", world.id(Kind::TIME_ENTRY, seedling.index)),
        ("requestId", world.id(Kind::TICKET, seedling.index)),
        ("ownerId", world.id(Kind::AGENT, seedling.assignee.unwrap_or(0))),
        ("creatorId", world.id(Kind::AGENT, seedling.assignee.unwrap_or(0))),
        ("executedTime", when.clone()),
        ("createdTime", when.clone()),
        ("modifiedTime", when),
        ("minutesSpent", minutes.to_string()),
        ("description", "Analysis and reply".to_owned()),
        ("requestChargeType", "Customer Service".to_owned()),
        ("billingType", "FIXED_COST_FOR_TICKETS".to_owned()),
        ("agentCostPerHour", "60.0".to_owned()),
        ("totalCost", format!("{}.0", minutes)),
    ] {
        row.insert(name.to_owned(), value.into());
    }
    row
}

/// What the assignee asks the administrator for, and she the team lead; a case that is done has been decided.
fn approval(world: &World, seedling: &Seedling<'_>) -> Row {
    let person = |agent: u64| {
        let mut person = staff::short(world, agent);
        let photo = person
            .as_object_mut()
            .and_then(|person| person.shift_remove("photoURL"));
        person["photoUrl"] = photo.unwrap_or_default();
        person
    };
    let requester = seedling.assignee.unwrap_or(0);
    let asked = seedling.comment_second(1);
    let decided = seedling.status == "Closed";
    let answered = seedling.thread_second(seedling.threads.max(1)).max(asked);
    let status = match decided {
        false => "Pending",
        true if seedling.index.is_multiple_of(5) => "Rejected",
        true => "Approved",
    };
    let mut row = modules::blank("approvals");
    for (name, value) in [
        ("id", world.id(Kind::APPROVAL, seedling.index).into()),
        ("subject", texts::TEXTS.approval.clone().into()),
        ("status", status.into()),
        ("requestedTime", times::written_second(asked).into()),
        (
            "processedTime",
            decided.then(|| times::written_second(answered)).into(),
        ),
        ("approver", person(u64::from(requester == 0))),
        ("requester", person(requester)),
    ] {
        row.insert(name.to_owned(), value);
    }
    row
}

fn resolution(world: &World, seedling: &Seedling<'_>) -> Row {
    let ticket = seedling.row();
    let mut row = modules::blank("resolutionHistory");
    row.insert("content".into(), modules::value(&ticket, "resolution"));
    row.insert("modifiedTime".into(), modules::value(&ticket, "closedTime"));
    row.insert(
        "author".into(),
        staff::short(world, seedling.assignee.unwrap_or(0)),
    );
    row
}
