//! Tickets from the seed: what is filtered by is computed at once, texts only when somebody reads them.

use super::topics::{self, Topic};
use super::{Kind, World, calendar, staff};
use crate::dice::Dice;
use crate::people;

mod asked;
mod ends;
mod moments;
pub(crate) mod past;
mod promised;
mod row;
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
    /// When it was put into its status; for an open case, by when all that has happened to it had.
    ended: i64,
    modified: i64,
    due: Option<i64>,
    closed: Option<i64>,
    pub(crate) contact: u64,
    pub(crate) department: usize,
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
    /// How its conversation ended, if it has.
    ends: Option<ends::Ends>,
    /// How slowly both sides write, up to 30,000.
    pace: i64,
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

/// Whom a ticket is from and what it is about, drawn after the time of day.
fn matter(world: &World, kind: Special, dice: &mut Dice) -> (u64, &'static Topic) {
    let contact = dice.below(world.contacts);
    // One in five writes to strangers in English anyway.
    let english = dice.chance(20) || [Special::Long, Special::Spam, Special::Injection].contains(&kind);
    let language = if english {
        "English"
    } else {
        world.language_of(contact)
    };
    let throw = dice.below(1 << 32);
    let topic = match kind {
        Special::Newest => topics::with_a_log(world.which, throw),
        Special::Long => topics::long(world.which),
        _ => topics::choose(world.which, language, throw),
    };
    (contact, topic)
}

/// When the first ticket of each contact came in, in seconds since 1970; some have none.
pub(crate) fn first_of_contacts(world: &World) -> Vec<Option<i64>> {
    let mut first = vec![None; world.contacts as usize];
    let mut left = first.len();
    for index in 0..world.tickets {
        let mut dice = world.dice("ticket", index);
        dice.below(1);
        let first = &mut first[dice.below(world.contacts) as usize];
        if first.is_none() {
            *first = Some(Seedling::new(world, index).created);
            left -= 1;
        }
        if left == 0 {
            break;
        }
    }
    first
}

/// How many of the newest tickets are looked through for the first one of a matter, which has its bare subject.
const FIRST_TOLD: usize = 120;

/// Those of the newest tickets of whose matter there is no newer one.
fn first_told(world: &World) -> Vec<u64> {
    let mut told: Vec<&Topic> = Vec::new();
    let newest = (0..world.tickets).rev().take(FIRST_TOLD);
    let mut is_first = |index: &u64| {
        let mut dice = world.dice("ticket", *index);
        dice.below(1);
        let kind = Special::of(world.tickets - 1 - index, world.tickets);
        let (_, topic) = matter(world, kind, &mut dice);
        let is_first = kind != Special::Spam && !told.iter().any(|known| std::ptr::eq(*known, topic));
        told.extend(is_first.then_some(topic));
        is_first
    };
    newest.filter(|index| is_first(index)).collect()
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
        let (contact, topic) = matter(world, kind, &mut dice);
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
        let is_drawn = channel != "Phone" && !matches!(kind, Special::Long | Special::Spam | Special::Newest);
        let drawn = if is_drawn { dice.below(5) } else { 0 };
        let ends = (!open && channel != "Phone").then(|| ends::Ends::of(kind, topic, drawn));
        let threads = match (kind, ends) {
            _ if channel == "Phone" => 0,
            (Special::Long, _) => 60,
            (Special::Spam | Special::Newest, _) => 1,
            (_, Some(ends)) => ends.threads(kind),
            // Who waits for long has been answered; the first messages of some stand in the history of a first mail.
            (Special::Quoted, _) => (1 + drawn).min(4),
            _ => (1 + drawn).max(1 + u64::from(age as i64 * step > moments::OLD)),
        };
        let pace = dice.below(30_000) as i64;
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
            ended: created,
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
                .and_then(|name| people::product(world.which, name)),
            severity: (!bare && dice.chance(60)).then(|| *dice.pick(&SEVERITIES)),
            order: (topic.names_an_order || !bare && dice.chance(10)).then(|| 70_000 + dice.below(20_000)),
            threads,
            comments: if dice.chance(50) {
                dice.below(1 + topic.comments.len() as u64)
            } else {
                0
            },
            attachments: u64::from(topic.file.is_some() && threads > 0 && kind != Special::Spam),
            ends,
            pace,
        };
        seedling.comments = seedling.noted(seedling.comments);
        let ended = seedling.thread_second(threads.max(1));
        seedling.ended = ended;
        seedling.modified = if status == "Open" {
            seedling.last_second()
        } else {
            ended
        };
        seedling.closed = (!open).then_some(ended);
        seedling
    }

    /// Whether no newer ticket is about the same matter, as far as these are looked through.
    fn is_first_told(&self) -> bool {
        let first = self.world.first_told.get_or_init(|| first_told(self.world));
        first.contains(&self.index)
    }

    fn id(&self) -> String {
        self.world.id(Kind::TICKET, self.index)
    }

    fn department_id(&self) -> String {
        self.world.id(Kind::DEPARTMENT, self.department as u64)
    }

    pub(crate) fn category(&self) -> &'static str {
        &self.topic.category
    }

    fn status_type(&self) -> &'static str {
        staff::status_type(self.status)
    }

    fn tag_names(&self) -> Vec<&'static str> {
        let tags = self.topic.tags.iter().filter(|_| self.kind != Special::Spam);
        tags.map(String::as_str).collect()
    }

    /// Whether it lies in the archive: one in nine of those that are closed and old.
    pub(crate) fn is_archived(&self) -> bool {
        let old = self.world.latest() - 140 * 86_400;
        self.closed.is_some() && self.created < old && self.index % 9 == 4
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
