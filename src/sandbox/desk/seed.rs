//! What an organization holds before anybody has written to it: made from the seed, row by row.

use std::sync::{Arc, OnceLock};

use jiff::{Timestamp, tz::TimeZone};

use super::times;
use crate::dice::Dice;
use crate::{Options, newest, people};

pub(crate) mod activities;
pub(crate) mod calendar;
pub(crate) mod custom;
pub(crate) mod customers;
pub(crate) mod files;
pub(crate) mod layouts;
pub(crate) mod mail;
pub(crate) mod settings;
pub(crate) mod setup;
pub(crate) mod sides;
pub(crate) mod staff;
pub(crate) mod texts;
pub(crate) mod tickets;
pub(crate) mod topics;

/// Where the ids of a kind of record lie within an organization: the first, and the step to the next.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    base: u64,
    step: u64,
}

impl Kind {
    pub(crate) const ROLE: Kind = Kind {
        base: 4_013,
        step: 11,
    };
    pub(crate) const PROFILE: Kind = Kind { base: 4_501, step: 9 };
    pub(crate) const DEPARTMENT: Kind = Kind {
        base: 6_907,
        step: 12_050,
    };
    pub(crate) const VIEW: Kind = Kind {
        base: 64_498,
        step: 6,
    };
    pub(crate) const LAYOUT: Kind = Kind {
        base: 74_011,
        step: 23,
    };
    pub(crate) const FIELD: Kind = Kind {
        base: 76_003,
        step: 3,
    };
    pub(crate) const SETTING: Kind = Kind {
        base: 99_001,
        step: 2,
    };
    pub(crate) const AGENT: Kind = Kind {
        base: 139_001,
        step: 1_003,
    };
    pub(crate) const TEAM: Kind = Kind {
        base: 210_015,
        step: 37,
    };
    pub(crate) const TAG: Kind = Kind {
        base: 230_005,
        step: 7,
    };
    pub(crate) const BLUEPRINT: Kind = Kind {
        base: 260_002,
        step: 5,
    };
    /// What administrators have set up by hand.
    pub(crate) const LIBRARY: Kind = Kind {
        base: 310_003,
        step: 9,
    };
    pub(crate) const PRODUCT: Kind = Kind {
        base: 900_011,
        step: 19,
    };
    pub(crate) const CONTRACT: Kind = Kind {
        base: 950_021,
        step: 29,
    };
    pub(crate) const ARTICLE: Kind = Kind {
        base: 1_100_005,
        step: 31,
    };
    pub(crate) const ACCOUNT: Kind = Kind {
        base: 1_300_003,
        step: 41,
    };
    pub(crate) const CONTACT: Kind = Kind {
        base: 2_042_032,
        step: 13,
    };
    pub(crate) const TASK: Kind = Kind {
        base: 5_552_003,
        step: 17,
    };
    pub(crate) const CALL: Kind = Kind {
        base: 6_552_004,
        step: 17,
    };
    pub(crate) const EVENT: Kind = Kind {
        base: 7_552_005,
        step: 17,
    };
    pub(crate) const VEHICLE: Kind = Kind {
        base: 8_552_006,
        step: 19,
    };
    pub(crate) const TICKET: Kind = Kind {
        base: 40_042_034,
        step: 23,
    };
    pub(crate) const THREAD: Kind = Kind {
        base: 150_000_007,
        step: 1,
    };
    pub(crate) const COMMENT: Kind = Kind {
        base: 670_000_013,
        step: 1,
    };
    pub(crate) const ATTACHMENT: Kind = Kind {
        base: 740_000_021,
        step: 1,
    };
    pub(crate) const TIME_ENTRY: Kind = Kind {
        base: 810_000_033,
        step: 1,
    };
    pub(crate) const APPROVAL: Kind = Kind {
        base: 860_000_041,
        step: 1,
    };
    /// Whatever is created while the sandbox runs, tickets apart.
    pub(crate) const NEW: Kind = Kind {
        base: 900_000_001,
        step: 11,
    };
}

/// Seconds within which a customer is answered: a day, less if it presses.
pub(crate) fn answer_within(priority: &str) -> i64 {
    match priority {
        "High" | "Urgent" => 4 * 3600,
        _ => 24 * 3600,
    }
}

/// What fixes an organization's seeded content.
#[derive(Debug, Clone)]
pub(crate) struct World {
    /// 0 for the first organization.
    pub(crate) which: usize,
    pub(crate) seed: u64,
    /// The leading nine digits of every id.
    prefix: u64,
    pub(crate) portal: &'static str,
    /// How many tickets are seeded.
    pub(crate) tickets: u64,
    pub(crate) contacts: u64,
    pub(crate) accounts: u64,
    /// The moment everything seeded leads up to.
    now: Timestamp,
    /// The newest tickets that are the first of their matter, once somebody has asked.
    first_told: Arc<OnceLock<Vec<u64>>>,
}

impl World {
    /// The world of organization `which`; only the first has as many tickets as asked for.
    pub(crate) fn new(which: usize, options: &Options, now: Timestamp) -> Self {
        let (first, tickets) = (which == 0, options.tickets.max(1));
        World {
            which,
            seed: options.seed.wrapping_add(which as u64 * 7919),
            prefix: if first { 489_731_000 } else { 612_908_000 },
            portal: staff::PORTALS[which],
            tickets: if first {
                tickets
            } else {
                (tickets / 10).clamp(3, 40)
            },
            contacts: if first { (tickets / 4).clamp(40, 2000) } else { 25 },
            accounts: if first { people::companies() } else { 8 },
            now,
            first_told: Arc::default(),
        }
    }

    /// The numeric id of a seeded record.
    pub(crate) fn number(&self, kind: Kind, index: u64) -> u64 {
        self.prefix * 1_000_000_000 + kind.base + index * kind.step
    }

    /// The id of a seeded record as Desk writes it.
    pub(crate) fn id(&self, kind: Kind, index: u64) -> String {
        self.number(kind, index).to_string()
    }

    /// The index of an id of this kind.
    pub(crate) fn index(&self, kind: Kind, id: u64) -> Option<u64> {
        let offset = id.checked_sub(self.number(kind, 0))?;
        (offset % kind.step == 0).then_some(offset / kind.step)
    }

    /// The dice of a row.
    pub(crate) fn dice(&self, stream: &str, index: u64) -> Dice {
        Dice::new(self.seed, stream, index)
    }

    /// How many agents are seeded.
    pub(crate) fn agents(&self) -> u64 {
        staff::AGENTS[self.which].len() as u64
    }

    /// How many products are seeded.
    pub(crate) fn products(&self) -> u64 {
        people::serviced(self.which).count() as u64
    }

    /// The seed that people and companies are made from, the same in both products.
    fn people_seed(&self) -> u64 {
        self.seed.wrapping_sub(self.which as u64 * 7919)
    }

    /// The person behind contact `index`; the same as in CRM for the first organization.
    pub(crate) fn person(&self, index: u64) -> people::Person {
        people::person(self.people_seed(), index + self.which as u64 * 10_000)
    }

    /// The language that people at the company of contact `index` write in.
    pub(crate) fn language_of(&self, index: u64) -> &'static str {
        people::language(self.people_seed(), index + self.which as u64 * 10_000)
    }

    /// The company behind account `index`.
    pub(crate) fn company(&self, index: u64) -> people::Company {
        people::company(self.people_seed(), index)
    }

    /// The account of contact `index`; one in ten has none.
    pub(crate) fn account_of(&self, contact: u64) -> Option<u64> {
        let without = self.dice("no account", contact).chance(10);
        (!without).then(|| self.person(contact).company % self.accounts)
    }

    /// The link that Desk puts into `webUrl`; `place` is `Cases`, `Contacts`, ...
    pub(crate) fn web_url(&self, place: &str, id: &str) -> String {
        format!(
            "https://desk.zoho.com/support/{}/ShowHomePage.do#{place}/dv/{id}",
            self.portal
        )
    }

    /// The moment everything seeded leads up to, in seconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        self.now.as_second()
    }

    /// When the newest ticket came in, in seconds since 1970.
    pub(crate) fn latest(&self) -> i64 {
        newest(self.now).as_second()
    }

    /// The calendar year.
    pub(crate) fn year(&self) -> i16 {
        TimeZone::UTC.to_datetime(self.now).year()
    }

    /// When the organization was set up: the time of records that are older than any ticket.
    pub(crate) fn founded(&self) -> String {
        times::written_second(self.latest() - 500 * 86_400)
    }

    /// A time between the founding and the newest ticket, in seconds since 1970.
    pub(crate) fn sometime(&self, dice: &mut Dice) -> i64 {
        self.latest() - 3600 - dice.below(300 * 86_400) as i64
    }
}
