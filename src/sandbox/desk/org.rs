//! The state of one organization: stored records, tickets that are seeds until somebody changes them, lists beside records, files, the recycle bin.
//!
//! A copy of it costs next to nothing: what was not written to since is the same memory. So a moment can be kept, and a
//! read can look through one while others write.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use bytes::Bytes;
use imbl::{OrdMap, Vector};
use jiff::Timestamp;
use serde_json::Value;

use super::clauses::Clause;
use super::modules::{self, Row, text};
use super::seed::{self, Kind, World};
use super::sight::Sight;
use crate::Options;
use crate::caller::Caller;

mod finding;
mod index;
mod kept;
mod query;
mod ticket;

use index::Index;
use kept::{Kept, KeptList};
pub(crate) use query::{Query, Sort};
use ticket::Ticket;

/// A file that was uploaded.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) bytes: Bytes,
}

/// A record in the recycle bin.
#[derive(Debug, Clone)]
pub(crate) struct Binned {
    pub(crate) module: String,
    pub(crate) id: u64,
    pub(crate) time: String,
}

/// A webhook whose address has not been asked yet, and what it was before.
#[derive(Debug, Clone)]
pub(crate) struct Unproven {
    pub(crate) webhook: u64,
    pub(crate) url: String,
    pub(crate) before: Option<Row>,
}

/// One organization.
#[derive(Clone)]
pub(crate) struct Org {
    pub(crate) world: World,
    pub(crate) id: String,
    records: OrdMap<String, OrdMap<u64, Arc<Row>>>,
    /// Tickets that differ from their seed, by index; `None` is one that is gone.
    changed: OrdMap<u64, Option<Kept>>,
    /// How tickets are found where there are too many to look at each.
    index: Option<Index>,
    /// Whether such an index may be kept.
    has_index: bool,
    next_ticket: u64,
    next: u64,
    sides: OrdMap<u64, OrdMap<String, KeptList>>,
    pub(crate) files: OrdMap<u64, File>,
    pub(crate) tags: Vector<(u64, String)>,
    pub(crate) bin: Vector<Binned>,
    history: OrdMap<u64, KeptList>,
    pub(crate) last_views: HashMap<String, String>,
    /// Set by the call that made or moved a webhook.
    pub(crate) unproven: Option<Unproven>,
    /// Whoever is answered from this copy.
    pub(crate) caller: Caller,
    /// What whoever calls sees, for as long as a call is carried out.
    pub(crate) sight: Sight,
}

impl Org {
    /// Organization `which` as the seed makes it at a moment.
    pub(crate) fn new(which: usize, options: &Options, now: Timestamp) -> Self {
        let world = World::new(which, options, now);
        let mut org = Org {
            id: seed::staff::ORGANIZATIONS[which][0].to_owned(),
            records: OrdMap::new(),
            changed: OrdMap::new(),
            index: None,
            has_index: true,
            next_ticket: world.tickets,
            next: 0,
            sides: OrdMap::new(),
            files: OrdMap::new(),
            tags: (0u64..)
                .zip(&seed::texts::TEXTS.tags)
                .map(|(index, name)| (world.number(Kind::TAG, index), name.clone()))
                .collect(),
            bin: Vector::new(),
            history: OrdMap::new(),
            last_views: HashMap::new(),
            unproven: None,
            caller: Caller::default(),
            sight: Sight::default(),
            world,
        };
        org.fill();
        org.find_by_index();
        org
    }

    fn fill(&mut self) {
        let world = self.world.clone();
        let seeds: [(&str, Vec<Row>); 21] = [
            ("agents", seed::staff::agents(&world)),
            ("departments", seed::staff::departments(&world)),
            ("teams", seed::staff::teams(&world)),
            ("roles", seed::staff::roles(&world)),
            ("profiles", seed::staff::profiles(&world)),
            ("accounts", seed::customers::accounts(&world)),
            ("contacts", seed::customers::contacts(&world)),
            ("products", seed::customers::products(&world)),
            ("contracts", seed::customers::contracts(&world)),
            ("tasks", seed::activities::tasks(&world)),
            ("calls", seed::activities::calls(&world)),
            ("events", seed::activities::events(&world)),
            ("articles", seed::activities::articles(&world)),
            ("cm_service_vehicles", seed::custom::service_vehicles(&world)),
            ("views", seed::settings::views(&world)),
            ("fields", seed::settings::fields(&world)),
            ("layouts", seed::layouts::layouts(&world)),
            ("businessHours", seed::settings::business_hours(&world)),
            ("mailReplyAddress", seed::settings::mail_reply_addresses(&world)),
            ("channels", seed::settings::channels(&world)),
            (
                "organizationModules",
                seed::settings::organization_modules(&world),
            ),
        ];
        for (module, rows) in seeds.into_iter().chain(seed::setup::modules(&world)) {
            let keyed = rows
                .into_iter()
                .zip(0u64..)
                .map(|(row, at)| (text(&row, "id").parse().unwrap_or(at), Arc::new(row)));
            self.records.insert(module.to_owned(), keyed.collect());
        }
        self.link_products_and_tasks();
    }

    fn link_products_and_tasks(&mut self) {
        for side in ["contacts", "accounts"] {
            let pairs: Vec<(String, String)> = self.records[side]
                .values()
                .flat_map(|row| {
                    modules::texts(row, "_products")
                        .into_iter()
                        .map(|product| (product, text(row, "id").to_owned()))
                })
                .collect();
            for (product, owner) in pairs {
                self.add_to_list("products", &product, &format!("_{side}"), &owner);
            }
        }
        let pairs: Vec<(String, String)> = self.records["contacts"]
            .values()
            .flat_map(|row| {
                modules::texts(row, "_accounts")
                    .into_iter()
                    .map(|account| (account, text(row, "id").to_owned()))
            })
            .collect();
        for (account, contact) in pairs {
            self.add_to_list("accounts", &account, "_contacts", &contact);
        }
        let tickets: Vec<u64> = self.records["tasks"]
            .values()
            .filter_map(|task| text(task, "ticketId").parse().ok())
            .collect();
        for ticket in tickets {
            self.count_tasks(ticket);
        }
    }

    /// Adds an id to a hidden list of a record, once.
    pub(crate) fn add_to_list(&mut self, module: &str, id: &str, list: &str, value: &str) {
        let Some((number, mut row)) = self.row_of(module, id) else {
            return;
        };
        let mut values = modules::texts(&row, list);
        if !values.iter().any(|known| known == value) {
            values.push(value.to_owned());
        }
        row.insert(list.to_owned(), values.into());
        self.put(module, number, row);
    }

    /// Takes an id out of a hidden list of a record.
    pub(crate) fn take_from_list(&mut self, module: &str, id: &str, list: &str, value: &str) {
        let Some((number, mut row)) = self.row_of(module, id) else {
            return;
        };
        let mut values = modules::texts(&row, list);
        values.retain(|known| known != value);
        row.insert(list.to_owned(), values.into());
        self.put(module, number, row);
    }

    /// A new id, larger than all before it.
    pub(crate) fn new_id(&mut self) -> u64 {
        self.next += 1;
        self.world.number(Kind::NEW, self.next - 1)
    }

    /// The id and number of the next ticket.
    pub(crate) fn new_ticket(&mut self) -> (u64, u64) {
        self.next_ticket += 1;
        self.find_by_index();
        (
            self.world.number(Kind::TICKET, self.next_ticket - 1),
            100 + self.next_ticket,
        )
    }

    /// A record by its number; trashed ones, too.
    pub(crate) fn row(&self, module: &str, id: u64) -> Option<Row> {
        if module != "tickets" {
            return self.records.get(module)?.get(&id).map(|row| Row::clone(row));
        }
        let index = self
            .world
            .index(Kind::TICKET, id)
            .filter(|index| *index < self.next_ticket)?;
        match self.changed.get(&index) {
            Some(changed) => Some(changed.as_ref()?.row(|| self.first(index))),
            None => Some(self.first(index)),
        }
    }

    /// A record of another module than tickets, which need not be made to be looked at.
    pub(crate) fn record(&self, module: &str, id: &str) -> Option<&Row> {
        let number: u64 = id.parse().ok()?;
        self.records.get(module)?.get(&number).map(|row| &**row)
    }

    /// How a ticket began: as the seed made it, or with nothing in it.
    fn first(&self, index: u64) -> Row {
        match index < self.world.tickets {
            true => seed::tickets::Seedling::new(&self.world, index).row(),
            false => modules::blank("tickets"),
        }
    }

    /// A ticket as the seed made it, whatever became of it; none for those made since.
    pub(crate) fn seedling(&self, id: u64) -> Option<seed::tickets::Seedling<'_>> {
        let index = self.world.index(Kind::TICKET, id)?;
        (index < self.world.tickets).then(|| seed::tickets::Seedling::new(&self.world, index))
    }

    /// A record by its id as text, with the number.
    pub(crate) fn row_of(&self, module: &str, id: &str) -> Option<(u64, Row)> {
        let number: u64 = id.parse().ok()?;
        Some((number, self.row(module, number)?))
    }

    /// Stores a record.
    pub(crate) fn put(&mut self, module: &str, id: u64, row: Row) {
        if module != "tickets" {
            let rows = self.records.entry(module.to_owned()).or_default();
            rows.insert(id, Arc::new(row));
        } else if let Some(index) = self.world.index(Kind::TICKET, id) {
            let kept = Kept::of(&row, &self.first(index));
            self.change_ticket(index, Some((kept, row)));
        }
    }

    /// Removes a record for good.
    pub(crate) fn remove(&mut self, module: &str, id: u64) {
        if module != "tickets" {
            self.records.entry(module.to_owned()).or_default().remove(&id);
        } else if let Some(index) = self.world.index(Kind::TICKET, id) {
            self.change_ticket(index, None);
        }
        self.sides.remove(&id);
        self.bin.retain(|binned| binned.id != id);
    }

    /// Keeps what became of a ticket, where it is found included.
    fn change_ticket(&mut self, index: u64, now: Option<(Kept, Row)>) {
        let (kept, row) = now.unzip();
        if let Some(found) = &mut self.index {
            let before = match self.changed.get(&index) {
                Some(Some(before)) => Some(Ticket::kept(&self.world, index, before)),
                _ => None,
            };
            found.put(index as u32, before.as_ref(), row.as_ref());
        }
        self.changed.insert(index, kept);
    }

    /// The records that somebody may have written to: of tickets those that differ from their seed.
    pub(crate) fn touched(&self) -> impl Iterator<Item = (&str, u64)> {
        let tickets = self
            .changed
            .keys()
            .map(|index| ("tickets", self.world.number(Kind::TICKET, *index)));
        let others = self.records.iter();
        tickets.chain(others.flat_map(|(module, rows)| rows.keys().map(|id| (module.as_str(), *id))))
    }

    /// The module of a record by its number.
    pub(crate) fn module_of(&self, id: u64) -> Option<&str> {
        let index = self.world.index(Kind::TICKET, id);
        if index.is_some_and(|index| index < self.next_ticket) {
            return Some("tickets");
        }
        let of = self.records.iter().find(|(_, rows)| rows.contains_key(&id));
        of.map(|(module, _)| module.as_str())
    }

    /// The lists beside records that are kept here or there, by record and name.
    pub(crate) fn kept_lists(&self, other: &Org) -> BTreeSet<(u64, String)> {
        let sides = self.sides.iter().chain(other.sides.iter());
        sides
            .flat_map(|(owner, lists)| lists.keys().map(|list| (*owner, list.clone())))
            .collect()
    }

    /// The rows of a list beside a record, oldest first.
    pub(crate) fn side(&self, module: &str, id: u64, side: &str) -> Vec<Row> {
        match self.sides.get(&id).and_then(|lists| lists.get(side)) {
            Some(kept) => kept.rows(|| self.first_side(module, id, side)),
            None => self.first_side(module, id, side),
        }
    }

    /// The rows that a list beside a record began with.
    fn first_side(&self, module: &str, id: u64, side: &str) -> Vec<Row> {
        match self.world.index(Kind::TICKET, id) {
            Some(index) if module == "tickets" && index < self.world.tickets => {
                seed::sides::of(&self.world, index, side)
            }
            _ => Vec::new(),
        }
    }

    /// Replaces a list beside a record; the counters of the record follow.
    pub(crate) fn put_side(&mut self, module: &str, id: u64, side: &str, rows: Vec<Row>) {
        let counter = match side {
            "comments" => "commentCount",
            "threads" => "threadCount",
            "attachments" => "attachmentCount",
            "followers" => "followerCount",
            "approvals" => "approvalCount",
            "timeEntry" => "timeEntryCount",
            _ => "",
        };
        let count = rows.len().to_string();
        let kept = KeptList::of(&rows, &self.first_side(module, id, side));
        self.sides.entry(id).or_default().insert(side.to_owned(), kept);
        let Some(mut row) = self.row(module, id) else {
            return;
        };
        if row.contains_key(counter) {
            row.insert(counter.to_owned(), count.into());
        }
        if row.contains_key("isCommented") && side == "comments" {
            row.insert("isCommented".to_owned(), true.into());
        }
        self.put(module, id, row);
    }

    /// Brings a ticket's task counter up to date.
    pub(crate) fn count_tasks(&mut self, ticket: u64) {
        let open = [
            Clause::is("ticketId", &ticket.to_string()),
            Clause::is("isTrashed", "false"),
        ];
        let count = self.count("tasks", &open);
        if let Some(mut row) = self.row("tickets", ticket) {
            row.insert("taskCount".to_owned(), Value::String(count.to_string()));
            self.put("tickets", ticket, row);
        }
    }

    /// Notes what happened to a ticket, for its history.
    pub(crate) fn note(&mut self, ticket: u64, event: Row) {
        let mut events = self.noted(ticket);
        events.push(event);
        self.history.insert(ticket, KeptList::of(&events, &[]));
    }

    /// What was noted of a ticket, oldest first.
    pub(crate) fn noted(&self, ticket: u64) -> Vec<Row> {
        let kept = self.history.get(&ticket);
        kept.map(|kept| kept.rows(Vec::new)).unwrap_or_default()
    }
}
