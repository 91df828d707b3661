//! Tickets from the seed: what is filtered by is computed at once, texts only when somebody reads them.

use serde_json::{Value, json};

use super::topics::{self, Topic};
use super::{Kind, World, calendar, customers, staff};
use crate::desk::modules::{self, Row};
use crate::desk::times;

mod asked;
mod moments;
pub(crate) mod past;
mod promised;
mod told;

pub(crate) use told::Told;

const PRIORITIES: [&str; 4] = ["Low", "Medium", "High", "Urgent"];
const CHANNELS: [&str; 8] = ["Email", "Email", "Email", "Web", "Web", "Phone", "Chat", "Email"];
const SEVERITIES: [&str; 3] = ["Minor", "Major", "Critical"];

/// The facts of a ticket that nobody has touched.
pub(crate) struct Seedling<'a> {
    world: &'a World,
    pub(crate) index: u64,
    topic: &'static Topic,
    pub(crate) kind: Special,
    pub(crate) number: u64,
    pub(crate) created: i64,
    modified: i64,
    due: Option<i64>,
    closed: Option<i64>,
    pub(crate) contact: u64,
    department: usize,
    pub(crate) status: &'static str,
    priority: Option<&'static str>,
    pub(crate) channel: &'static str,
    pub(crate) assignee: Option<u64>,
    team: bool,
    product: Option<u64>,
    severity: Option<&'static str>,
    order: Option<u64>,
    pub(crate) threads: u64,
    pub(crate) comments: u64,
    pub(crate) attachments: u64,
    gap: i64,
}

/// Tickets that are there for a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Special {
    Ordinary,
    /// Just come in with a file: nobody has answered.
    Newest,
    /// Long HTML with quoted history.
    Quoted,
    /// Exactly 60 threads.
    Long,
    /// Customer text that instructs the reader.
    Injection,
    /// Null wherever null is allowed.
    Bare,
    /// Held by a blueprint.
    Blueprint,
    /// Marked as spam.
    Spam,
}

impl Special {
    fn of(age: u64, tickets: u64) -> Self {
        match age {
            age if age % 71 == 70 => Special::Spam,
            0 if tickets > 5 => Special::Newest,
            age if age == 4.min(tickets - 1) => Special::Long,
            8 => Special::Bare,
            age if age % 6 == 0 && (6..=30).contains(&age) || age % 96 == 95 => Special::Injection,
            age if age == 10 || age % 53 == 52 => Special::Blueprint,
            age if age == 2 || age % 41 == 40 => Special::Quoted,
            _ => Special::Ordinary,
        }
    }
}

impl Special {
    /// Whether everything is null that may be.
    fn is_bare(self) -> bool {
        [Special::Bare, Special::Spam].contains(&self)
    }
}

impl<'a> Seedling<'a> {
    /// Ticket `index` of a world, counted from the oldest; later tickets are newer.
    pub(crate) fn new(world: &'a World, index: u64) -> Self {
        let mut dice = world.dice("ticket", index);
        let age = world.tickets - 1 - index;
        let kind = Special::of(age, world.tickets);
        let latest = world.latest();
        let step = (180 * 86_400 / world.tickets as i64).clamp(60, 9 * 3600);
        let delay = dice.below(step as u64 / 2) as i64;
        let created = match age {
            0 => latest - delay % 3600,
            age => calendar::before(latest, age as i64 * step + delay),
        };
        let contact = dice.below(world.contacts);
        // A long case is told on in English; one in five writes to strangers in English anyway.
        let in_english = [Special::Long, Special::Spam, Special::Injection];
        let english = dice.chance(20) || in_english.contains(&kind);
        let language = if english {
            "English"
        } else {
            world.language_of(contact)
        };
        let throw = dice.below(1 << 32);
        let topic = match kind {
            Special::Newest => topics::with_a_log(world.which, throw),
            _ => topics::choose(world.which, language, throw),
        };
        let bare = kind.is_bare();
        let closed_share = if age as i64 * step > 14 * 86_400 { 85 } else { 30 };
        let is_told_apart = matches!(
            kind,
            Special::Newest | Special::Long | Special::Blueprint | Special::Injection | Special::Spam
        );
        let open = is_told_apart || !dice.chance(closed_share);
        let status = if open && kind == Special::Ordinary {
            *dice.pick(&["Open", "Open", "On Hold", "Escalated"])
        } else if open {
            "Open"
        } else {
            "Closed"
        };
        let department = staff::department_for(world.which, &topic.category);
        let channel = if kind == Special::Ordinary {
            *dice.pick(&CHANNELS)
        } else {
            "Email"
        };
        let threads = if kind == Special::Long {
            60
        } else if matches!(kind, Special::Spam | Special::Newest) {
            1
        } else if channel == "Phone" {
            0
        } else {
            // Who has been helped, or waits for long, has been answered.
            (1 + u64::from(!open) + dice.below(5)).max(1 + u64::from(age as i64 * step > moments::OLD))
        };
        // The first messages of the matter stand in the history of a first mail that comes late.
        let threads = if kind == Special::Quoted {
            threads.min(4)
        } else {
            threads
        };
        let gap = ((latest - created) / (threads as i64 + 1)).min(1800 + dice.below(30_000) as i64);
        let due = (!bare && dice.chance(80)).then(|| created + 14_400 + dice.below(5 * 86_400) as i64);
        let due = match open {
            true => moments::due(world, kind, index, created, due),
            false => due,
        };
        let mut seedling = Seedling {
            world,
            index,
            topic,
            kind,
            number: 101 + index,
            created,
            modified: created,
            due,
            closed: (!open).then_some(created),
            contact,
            department,
            status,
            priority: (!bare && dice.chance(75)).then(|| *dice.pick(&PRIORITIES)),
            channel,
            assignee: (!bare && dice.chance(80)).then(|| staff::agent_of(world.which, department, &mut dice)),
            team: !bare && dice.chance(30),
            product: topic
                .product
                .as_deref()
                .filter(|_| !bare)
                .and_then(|name| customers::product(world.which, name)),
            severity: (!bare && dice.chance(60)).then(|| *dice.pick(&SEVERITIES)),
            order: (topic.names_an_order || !bare && dice.chance(10)).then(|| 70_000 + dice.below(20_000)),
            threads,
            comments: if dice.chance(50) {
                dice.below(1 + topic.comments.len() as u64)
            } else {
                0
            }
            // Of what was said by phone there is nothing but a note.
            .max(u64::from(threads == 0)),
            attachments: u64::from(
                topic.file.is_some() && threads > 0 && !matches!(kind, Special::Injection | Special::Spam),
            ),
            gap,
        };
        let ended = seedling.thread_second(threads.max(1));
        seedling.modified = ended;
        seedling.closed = (!open).then_some(ended);
        seedling
    }

    fn id(&self) -> String {
        self.world.id(Kind::TICKET, self.index)
    }

    fn department_id(&self) -> String {
        self.world.id(Kind::DEPARTMENT, self.department as u64)
    }

    fn status_type(&self) -> &'static str {
        staff::status_type(self.status)
    }

    fn description_value(&self) -> Value {
        if self.kind == Special::Bare {
            Value::Null
        } else {
            self.description().into()
        }
    }

    fn tag_names(&self) -> Vec<&'static str> {
        let tags = self.topic.tags.iter().filter(|_| self.kind != Special::Spam);
        tags.map(String::as_str).collect()
    }

    /// The whole ticket.
    pub(crate) fn row(&self) -> Row {
        let world = self.world;
        let person = world.person(self.contact);
        let bare = self.kind.is_bare();
        let id = self.id();
        let mut row = modules::blank("tickets");
        let mut set = |name: &str, value: Value| row.insert(name.to_owned(), value);
        set("id", id.clone().into());
        set("ticketNumber", self.number.to_string().into());
        set("subject", self.subject().into());
        set("status", self.status.into());
        set("statusType", self.status_type().into());
        set("priority", self.priority.into());
        set(
            "category",
            if bare {
                Value::Null
            } else {
                self.topic.category.clone().into()
            },
        );
        set(
            "subCategory",
            if bare {
                Value::Null
            } else {
                self.topic.sub_category.clone().into()
            },
        );
        set("channel", self.channel.into());
        set(
            "language",
            if bare {
                Value::Null
            } else {
                self.topic.language.clone().into()
            },
        );
        set("email", person.email.clone().into());
        set("phone", if bare { Value::Null } else { person.phone.into() });
        set("departmentId", self.department_id().into());
        set("contactId", world.id(Kind::CONTACT, self.contact).into());
        set("accountId", self.account_id().into());
        set(
            "productId",
            self.product.map(|index| world.id(Kind::PRODUCT, index)).into(),
        );
        set(
            "assigneeId",
            self.assignee.map(|index| world.id(Kind::AGENT, index)).into(),
        );
        set("teamId", self.team.then(|| world.id(Kind::TEAM, 0)).into());
        set("layoutId", world.id(Kind::LAYOUT, 0).into());
        set("createdTime", times::written_second(self.created).into());
        set("modifiedTime", times::written_second(self.modified).into());
        set("dueDate", self.due.map(times::written_second).into());
        set(
            "responseDueDate",
            self.answer_due().map(times::written_second).into(),
        );
        set("slaId", self.sla().into());
        set("secondaryContacts", self.secondary_contacts().into());
        set("closedTime", self.closed.map(times::written_second).into());
        set(
            "onholdTime",
            (self.status == "On Hold")
                .then(|| times::written_second(self.modified))
                .into(),
        );
        set(
            "customerResponseTime",
            times::written_second(self.customer_second()).into(),
        );
        set("threadCount", self.threads.to_string().into());
        set("commentCount", self.comments.to_string().into());
        set("attachmentCount", self.attachments.to_string().into());
        set("timeEntryCount", self.time_entries().to_string().into());
        set("tagCount", self.tag_names().len().to_string().into());
        set(
            "source",
            json!({"type": "SYSTEM", "appName": null, "extId": null, "permalink": null, "appPhotoURL": null, "uuid": null}),
        );
        set("webUrl", world.web_url("Cases", &id).into());
        set("description", self.description_value());
        set(
            "classification",
            if bare {
                Value::Null
            } else {
                self.topic.classification.clone().into()
            },
        );
        set("sentiment", self.sentiment().into());
        set("approvalCount", self.approvals().to_string().into());
        set("resolution", self.resolution().into());
        set("createdBy", world.id(Kind::AGENT, 0).into());
        set(
            "modifiedBy",
            world.id(Kind::AGENT, self.assignee.unwrap_or(0)).into(),
        );
        set("isEscalated", (self.status == "Escalated").into());
        set(
            "layoutDetails",
            json!({"id": world.id(Kind::LAYOUT, 0), "layoutName": "Tickets"}),
        );
        set(
            "cf",
            self.custom([
                "cf_severity",
                "cf_order_number",
                "cf_purchase_date",
                "cf_callback_wanted",
            ]),
        );
        set(
            "customFields",
            self.custom(["Severity", "Order number", "Purchase date", "Callback wanted"]),
        );
        let direction = if self.threads.is_multiple_of(2) {
            "out"
        } else {
            "in"
        };
        let last = json!({"channel": self.channel.to_uppercase(), "isDraft": false, "isForward": false, "direction": direction});
        set("lastThread", if self.threads == 0 { Value::Null } else { last });
        set("_tags", self.tag_names().into());
        set("_recent", times::written_second(self.recent_second()).into());
        set("isArchived", self.is_archived().into());
        set("isSpam", (self.kind == Special::Spam).into());
        set("_blueprint", (self.kind == Special::Blueprint).into());
        set("_read", (!self.index.is_multiple_of(3)).into());
        row
    }

    /// Whether it lies in the archive: one in nine of those that are closed and old.
    pub(crate) fn is_archived(&self) -> bool {
        let old = self.world.latest() - 140 * 86_400;
        self.closed.is_some() && self.created < old && self.index % 9 == 4
    }

    /// How Desk takes the customer's words, where it has read them.
    fn sentiment(&self) -> Option<&'static str> {
        let mut dice = self.world.dice("sentiment", self.index);
        let is_read = self.channel == "Email" && !self.kind.is_bare() && dice.chance(60);
        let moods = match (self.status, self.priority) {
            ("Escalated", _) | (_, Some("Urgent")) => ["NEGATIVE", "NEGATIVE", "NEUTRAL"],
            _ => ["NEUTRAL", "NEGATIVE", "POSITIVE"],
        };
        is_read.then(|| *dice.pick(&moods))
    }

    fn account_id(&self) -> Option<String> {
        self.world
            .account_of(self.contact)
            .map(|index| self.world.id(Kind::ACCOUNT, index))
    }

    /// How many entries of time it has: every fourth that is done has one.
    pub(crate) fn time_entries(&self) -> u64 {
        u64::from(self.status == "Closed" && self.index.is_multiple_of(4))
    }
}
