//! Tickets from the seed: what is filtered by is computed at once, texts only when somebody reads them.

use serde_json::{Value, json};

use super::texts::{self, Scenario, TEXTS, Words};
use super::{Kind, World, staff};
use crate::desk::modules::{self, Row};
use crate::desk::times;

mod asked;

const PRIORITIES: [&str; 4] = ["Low", "Medium", "High", "Urgent"];
const CHANNELS: [&str; 8] = ["Email", "Email", "Email", "Web", "Web", "Phone", "Chat", "Email"];
const SEVERITIES: [&str; 3] = ["Minor", "Major", "Critical"];

/// The facts of a ticket that nobody has touched.
pub(crate) struct Seedling<'a> {
    world: &'a World,
    pub(crate) index: u64,
    scenario: &'static Scenario,
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
    tags: Vec<usize>,
    pub(crate) threads: u64,
    pub(crate) comments: u64,
    pub(crate) attachments: u64,
    gap: i64,
}

/// Tickets that are there for a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Special {
    Ordinary,
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
}

impl Special {
    fn of(age: u64, tickets: u64) -> Self {
        match age {
            age if age == 4.min(tickets - 1) => Special::Long,
            8 => Special::Bare,
            age if age % 6 == 0 && (6..=30).contains(&age) || age % 96 == 95 => Special::Injection,
            age if age == 10 || age % 53 == 52 => Special::Blueprint,
            age if age == 2 || age % 41 == 40 => Special::Quoted,
            _ => Special::Ordinary,
        }
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
        let delay = if age == 0 { delay % 3600 } else { delay };
        let created = latest - age as i64 * step - delay;
        let scenario = dice.pick(&TEXTS.scenarios);
        let bare = kind == Special::Bare;
        let closed_share = if latest - created > 14 * 86_400 { 85 } else { 30 };
        let open = [Special::Long, Special::Blueprint, Special::Injection].contains(&kind)
            || !dice.chance(closed_share);
        let status = if open && kind == Special::Ordinary {
            *dice.pick(&["Open", "Open", "On Hold", "Escalated"])
        } else if open {
            "Open"
        } else {
            "Closed"
        };
        let department = staff::department_for(world.which, &scenario.category);
        let channel = if kind == Special::Ordinary {
            *dice.pick(&CHANNELS)
        } else {
            "Email"
        };
        let threads = if kind == Special::Long {
            60
        } else if channel == "Phone" {
            0
        } else {
            1 + dice.below(5)
        };
        let gap = ((latest - created) / (threads as i64 + 1)).min(1800 + dice.below(30_000) as i64);
        let due = (!bare && dice.chance(80)).then(|| created + 14_400 + dice.below(5 * 86_400) as i64);
        let ended = created + gap * threads as i64;
        Seedling {
            world,
            index,
            scenario,
            kind,
            number: 101 + index,
            created,
            modified: ended,
            due: near_now(kind, world).filter(|due| *due > created).or(due),
            closed: (!open).then_some(ended),
            contact: dice.below(world.contacts),
            department,
            status,
            priority: (!bare && dice.chance(75)).then(|| *dice.pick(&PRIORITIES)),
            channel,
            assignee: (!bare && dice.chance(80)).then(|| staff::agent_of(world.which, department, &mut dice)),
            team: !bare && dice.chance(30),
            product: (!bare && dice.chance(40)).then(|| dice.below(world.products())),
            severity: (!bare && dice.chance(60)).then(|| *dice.pick(&SEVERITIES)),
            order: (!bare && dice.chance(35)).then(|| 70_000 + dice.below(20_000)),
            tags: if dice.chance(40) {
                pick_tags(&mut dice)
            } else {
                Vec::new()
            },
            threads,
            comments: if dice.chance(50) { dice.below(4) } else { 0 },
            attachments: u64::from(!bare && dice.chance(15)),
            gap,
        }
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

    /// Seconds since 1970 of thread `position`, counted from the oldest.
    pub(crate) fn thread_second(&self, position: u64) -> i64 {
        self.created + self.gap * position as i64
    }

    fn customer_second(&self) -> i64 {
        if self.threads == 0 {
            self.created
        } else {
            self.thread_second((self.threads - 1) / 2 * 2)
        }
    }

    fn recent_second(&self) -> i64 {
        self.thread_second(self.threads.saturating_sub(1))
    }

    /// The names a text of this ticket speaks of.
    pub(crate) fn words(&self) -> Words {
        let person = self.world.person(self.contact);
        let company = self.world.company(person.company);
        Words {
            first: person.first_name,
            company: company.name,
            agent: staff::name(self.world.which, self.assignee.unwrap_or(0)),
            number: self.world.dice("number", self.index).below(8_900) + 100,
        }
    }

    /// What the ticket is about.
    pub(crate) fn scenario(&self) -> &'static Scenario {
        self.scenario
    }

    fn subject(&self) -> String {
        Words {
            number: self.world.dice("number", self.index).below(8_900) + 100,
            ..Words::default()
        }
        .fill(&self.scenario.subject)
    }

    /// The description as HTML; it is the content of the first thread, too.
    pub(crate) fn description(&self) -> String {
        let words = self.words();
        match self.kind {
            Special::Injection => texts::html(
                &TEXTS.injections
                    [(self.world.tickets - 1 - self.index) as usize / 6 % TEXTS.injections.len()],
            ),
            Special::Quoted => words.fill(
                &TEXTS
                    .quoted
                    .replace("{body}", &self.scenario.body.replace('\n', "<br>")),
            ),
            _ => texts::html(&words.fill(&self.scenario.body)),
        }
    }

    fn description_value(&self) -> Value {
        if self.kind == Special::Bare {
            Value::Null
        } else {
            self.description().into()
        }
    }

    fn tag_names(&self) -> Vec<&'static str> {
        self.tags.iter().map(|tag| TEXTS.tags[*tag].as_str()).collect()
    }

    /// The whole ticket.
    pub(crate) fn row(&self) -> Row {
        let world = self.world;
        let person = world.person(self.contact);
        let bare = self.kind == Special::Bare;
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
                self.scenario.category.clone().into()
            },
        );
        set(
            "subCategory",
            if bare {
                Value::Null
            } else {
                self.scenario.sub_category.clone().into()
            },
        );
        set("channel", self.channel.into());
        set(
            "language",
            if bare {
                Value::Null
            } else {
                self.scenario.language.clone().into()
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
        set("tagCount", self.tags.len().to_string().into());
        set(
            "source",
            json!({"type": "SYSTEM", "appName": null, "extId": null, "permalink": null, "appPhotoURL": null, "uuid": null}),
        );
        set("webUrl", world.web_url("Cases", &id).into());
        set("description", self.description_value());
        set(
            "classification",
            if bare { Value::Null } else { "Problem".into() },
        );
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
        set("_blueprint", (self.kind == Special::Blueprint).into());
        set("_read", (!self.index.is_multiple_of(3)).into());
        row
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

    fn resolution(&self) -> Option<&'static str> {
        let texts = &TEXTS.resolutions;
        self.closed
            .map(|_| texts[self.index as usize % texts.len()].as_str())
    }

    fn custom(&self, keys: [&str; 4]) -> Value {
        let date = self
            .order
            .map(|_| times::written_second(self.created - 30 * 86_400)[..10].to_owned());
        json!({
            keys[0]: self.severity,
            keys[1]: self.order.map(|order| order.to_string()),
            keys[2]: date,
            keys[3]: if self.index.is_multiple_of(2) { "false" } else { "true" },
        })
    }
}

/// Whatever the time of day, one of these two is due today and one is late: six hours are more than half of no day.
fn near_now(kind: Special, world: &World) -> Option<i64> {
    match kind {
        Special::Long => Some(world.now() + 6 * 3600),
        Special::Blueprint => Some(world.now() - 6 * 3600),
        _ => None,
    }
}

fn pick_tags(dice: &mut crate::dice::Dice) -> Vec<usize> {
    let first = dice.below(TEXTS.tags.len() as u64) as usize;
    let second = (first + 3) % TEXTS.tags.len();
    if dice.chance(30) {
        vec![first, second]
    } else {
        vec![first]
    }
}
