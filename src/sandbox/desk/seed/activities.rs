//! Tasks, calls, events and knowledge base articles of an organization.

use serde_json::{Value, json};

use super::texts;
use super::tickets::{Seedling, Special};
use super::{Kind, World};
use crate::desk::modules::{self, Row};
use crate::desk::times;

/// What is to do, and the category of the cases that it fits.
type Subject = (&'static str, &'static str);

const TASKS: [Subject; 6] = [
    ("Call back about the missing sensors", "Order"),
    ("Prepare corrected invoice", "Billing"),
    ("Ask second level for the log analysis", "Technical"),
    ("Order replacement gateway", "Order"),
    ("Rückruf wegen Kalibrierung", "Technical"),
    ("確認メールを送る", "General"),
];
const CALLS: [Subject; 3] = [
    ("Call about a late parcel", "Order"),
    ("Call: sign-in does not work", "Account"),
    ("Call about the renewal", "Billing"),
];
const EVENTS: [Subject; 3] = [
    ("On-site installation", "Order"),
    ("Review with key account", "Billing"),
    ("Training for new stations", "General"),
];
const ARTICLES: [(&str, &str); 5] = [
    (
        "How to empty a full gateway queue",
        "Open the maintenance page, choose Archive, then Clear. The queue starts again within a minute.",
    ),
    (
        "Calibrating a Beacon sensor",
        "Place the sensor in still water for ten minutes and press the button until the light turns green.",
    ),
    (
        "Why am I signed out after the single sign-on switch?",
        "Old sessions end with the switch. Clear the cookies of the portal and sign in again.",
    ),
    (
        "Returning goods",
        "Unopened goods go back within 30 days. Use the label that comes with the return confirmation.",
    ),
    (
        "Rechnungen und Umsatzsteuer",
        "Mit gültiger USt-IdNr. stellen wir die Rechnung ohne Umsatzsteuer aus.",
    ),
];

/// Tasks; most belong to one of the newest tickets.
pub(crate) fn tasks(world: &World) -> Vec<Row> {
    let count = if world.which == 0 { 48 } else { 6 };
    (0..count)
        .map(|index| activity(world, "tasks", Kind::TASK, index, &TASKS))
        .collect()
}

/// Calls.
pub(crate) fn calls(world: &World) -> Vec<Row> {
    (0..12)
        .map(|index| activity(world, "calls", Kind::CALL, index, &CALLS))
        .collect()
}

/// Events.
pub(crate) fn events(world: &World) -> Vec<Row> {
    (0..9)
        .map(|index| activity(world, "events", Kind::EVENT, index, &EVENTS))
        .collect()
}

fn activity(world: &World, module: &str, kind: Kind, index: u64, subjects: &[Subject]) -> Row {
    let mut dice = world.dice(module, index);
    let ticket = world.tickets - 1 - (index * 3) % world.tickets;
    let seedling = Seedling::new(world, ticket);
    let ticket_row = seedling.row();
    let linked = (module != "tasks" || dice.chance(75)) && seedling.kind != Special::Spam;
    let done = dice.chance(35);
    let department = if linked {
        seedling.department as u64
    } else {
        index % 2
    };
    let id = world.id(kind, index);
    let (subject, category) = subjects[index as usize % subjects.len()];
    let subject = match linked && seedling.category() != category {
        true => format!("{}: {}", about(module), seedling.subject()),
        false => subject.to_owned(),
    };
    // What belongs to a case was not there before it.
    let first = if linked { seedling.created + 600 } else { 0 };
    let made = (world.latest() - 86_400 * 2 - 3600 * index as i64).max(first);
    let created = times::written_second(made);
    let planned = world.latest() + dice.below(10 * 86_400) as i64 - 3 * 86_400;
    let start = times::written_second(planned.max(made + 3600));
    let owner = dice
        .chance(85)
        .then(|| world.id(Kind::AGENT, dice.below(world.agents())));
    let place = format!("Activities/{}", modules::module(module).plural);
    let mut row = modules::blank(module);
    for (key, value) in [
        ("id", json!(id)),
        ("subject", json!(subject)),
        ("status", json!(status(module, done))),
        ("statusType", json!(if done { "Closed" } else { "Open" })),
        (
            "priority",
            json!(dice.chance(60).then(|| *dice.pick(&["High", "Normal", "Low"]))),
        ),
        ("departmentId", json!(world.id(Kind::DEPARTMENT, department))),
        ("ticketId", json!(linked.then(|| world.id(Kind::TICKET, ticket)))),
        (
            "contactId",
            if linked {
                modules::value(&ticket_row, "contactId")
            } else {
                json!(world.id(Kind::CONTACT, index))
            },
        ),
        ("ownerId", json!(owner)),
        ("creatorId", json!(world.id(Kind::AGENT, 0))),
        ("createdTime", json!(created)),
        ("modifiedTime", json!(created)),
        ("activityTime", json!(start)),
        (
            "completedTime",
            json!(done.then(|| times::written_second((world.latest() - 3600).max(made + 300)))),
        ),
        ("webUrl", json!(world.web_url(&place, &id))),
        (
            "description",
            json!((index.is_multiple_of(3)).then_some("See the ticket for the details.")),
        ),
    ] {
        row.insert(key.to_owned(), value);
    }
    let own: &[(&str, Value)] = match module {
        "tasks" => &[
            ("dueDate", json!(start)),
            ("category", json!("Task")),
            ("layoutId", json!(world.id(Kind::LAYOUT, 3))),
        ],
        "calls" => &[
            ("startTime", json!(start)),
            ("duration", json!("300")),
            ("layoutId", json!(world.id(Kind::LAYOUT, 4))),
        ],
        _ => &[
            ("startTime", json!(start)),
            ("duration", json!("3600")),
            ("category", json!("Meeting")),
            ("layoutId", json!(world.id(Kind::LAYOUT, 5))),
        ],
    };
    for (key, value) in own {
        row.insert((*key).to_owned(), value.clone());
    }
    row
}

/// What stands before the subject of a case in one of its activities.
fn about(module: &str) -> &'static str {
    match module {
        "tasks" => "Follow up",
        "calls" => "Call",
        _ => "Visit",
    }
}

fn status(module: &str, done: bool) -> &'static str {
    match (module, done) {
        ("calls", false) => "Scheduled",
        (_, true) => "Completed",
        _ => "Not Started",
    }
}

/// Articles of the knowledge base.
pub(crate) fn articles(world: &World) -> Vec<Row> {
    (0u64..)
        .zip(ARTICLES)
        .map(|(index, (title, answer))| {
            let id = world.id(Kind::ARTICLE, index);
            let permalink = super::staff::sanitize(title);
            let mut row = modules::blank("articles");
            for (key, value) in [
                ("id", json!(id)),
                ("title", json!(title)),
                ("answer", json!(texts::html(answer))),
                ("summary", json!(answer)),
                ("permalink", json!(permalink)),
                ("status", json!(if index == 3 { "Draft" } else { "Published" })),
                ("permission", json!(if index == 2 { "AGENTS" } else { "ALL" })),
                ("categoryId", json!(world.id(Kind::SETTING, 20 + index % 2))),
                ("rootCategoryId", json!(world.id(Kind::SETTING, 19))),
                ("departmentId", json!(world.id(Kind::DEPARTMENT, 0))),
                ("authorId", json!(world.id(Kind::AGENT, 1))),
                ("ownerId", json!(world.id(Kind::AGENT, 1))),
                ("locale", json!(if index == 4 { "de" } else { "en" })),
                ("currentVersion", json!("1.0")),
                ("latestVersion", json!("1.0")),
                ("createdTime", json!(world.founded())),
                ("modifiedTime", json!(world.founded())),
                ("viewCount", json!((index * 37 + 5).to_string())),
                ("likeCount", json!((index * 3).to_string())),
                ("tags", json!(["gateway"])),
                ("webUrl", json!(world.web_url("Solutions", &id))),
                (
                    "portalUrl",
                    json!(format!(
                        "https://desk.zoho.com/portal/{}/en/kb/articles/{permalink}",
                        world.portal
                    )),
                ),
            ] {
                row.insert(key.to_owned(), value);
            }
            row
        })
        .collect()
}
