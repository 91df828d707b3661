//! The state of one organisation: stored records, tickets that are seeds until somebody changes them, lists beside records, files, the recycle bin.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use serde_json::Value;

use super::clauses::{self, Clause, Fields};
use super::modules::{self, Row, text};
use super::seed::{self, Kind, World};

/// A file that was uploaded.
#[derive(Debug, Clone)]
pub struct File {
    pub name: String,
    pub content_type: String,
    pub bytes: Bytes,
}

/// A record in the recycle bin.
#[derive(Debug, Clone)]
pub struct Binned {
    pub module: String,
    pub id: u64,
    pub time: String,
}

/// One organisation.
pub struct Org {
    pub world: World,
    pub id: String,
    records: BTreeMap<String, BTreeMap<u64, Row>>,
    /// Tickets that differ from their seed, by index; `None` is one that is gone.
    changed: BTreeMap<u64, Option<Row>>,
    next_ticket: u64,
    next: u64,
    sides: HashMap<(u64, String), Vec<Row>>,
    pub files: HashMap<u64, File>,
    pub tags: Vec<(u64, String)>,
    pub bin: Vec<Binned>,
    pub history: HashMap<u64, Vec<Row>>,
    pub last_views: HashMap<String, String>,
}

/// Which records, in which order, and how many of them.
#[derive(Debug, Default)]
pub struct Query {
    pub clauses: Vec<Clause>,
    pub sort: Option<Sort>,
    pub skip: usize,
    pub take: usize,
}

/// An order by one field.
#[derive(Debug, Clone)]
pub struct Sort {
    pub field: String,
    pub descending: bool,
}

impl Org {
    /// Organisation `which` as the seed makes it.
    pub fn new(which: usize, seed: u64, tickets: u64) -> Self {
        let world = World::new(which, seed, tickets.max(1));
        let mut org = Org {
            id: seed::staff::ORGANIZATIONS[which][0].to_owned(),
            records: BTreeMap::new(),
            changed: BTreeMap::new(),
            next_ticket: world.tickets,
            next: 0,
            sides: HashMap::new(),
            files: HashMap::new(),
            tags: (0u64..)
                .zip(&seed::texts::TEXTS.tags)
                .map(|(index, name)| (world.number(Kind::TAG, index), name.clone()))
                .collect(),
            bin: Vec::new(),
            history: HashMap::new(),
            last_views: HashMap::new(),
            world,
        };
        org.fill();
        org
    }

    fn fill(&mut self) {
        let world = self.world.clone();
        let seeds: [(&str, Vec<Row>); 20] = [
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
            ("views", seed::settings::views(&world)),
            ("fields", seed::settings::fields(&world)),
            ("layouts", seed::settings::layouts(&world)),
            ("businessHours", seed::settings::business_hours(&world)),
            ("mailReplyAddress", seed::settings::mail_reply_addresses(&world)),
            ("channels", seed::settings::channels(&world)),
            (
                "organizationModules",
                seed::settings::organization_modules(&world),
            ),
        ];
        for (module, rows) in seeds {
            let keyed = rows
                .into_iter()
                .zip(0u64..)
                .map(|(row, at)| (text(&row, "id").parse().unwrap_or(at), row));
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
    pub fn add_to_list(&mut self, module: &str, id: &str, list: &str, value: &str) {
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
    pub fn take_from_list(&mut self, module: &str, id: &str, list: &str, value: &str) {
        let Some((number, mut row)) = self.row_of(module, id) else {
            return;
        };
        let mut values = modules::texts(&row, list);
        values.retain(|known| known != value);
        row.insert(list.to_owned(), values.into());
        self.put(module, number, row);
    }

    /// A new id, larger than all before it.
    pub fn new_id(&mut self) -> u64 {
        self.next += 1;
        self.world.number(Kind::NEW, self.next - 1)
    }

    /// The id and number of the next ticket.
    pub fn new_ticket(&mut self) -> (u64, u64) {
        self.next_ticket += 1;
        (
            self.world.number(Kind::TICKET, self.next_ticket - 1),
            100 + self.next_ticket,
        )
    }

    /// A record by its number; trashed ones, too.
    pub fn row(&self, module: &str, id: u64) -> Option<Row> {
        if module != "tickets" {
            return self.records.get(module)?.get(&id).cloned();
        }
        let index = self
            .world
            .index(Kind::TICKET, id)
            .filter(|index| *index < self.next_ticket)?;
        match self.changed.get(&index) {
            Some(changed) => changed.clone(),
            None => Some(seed::tickets::Seedling::new(&self.world, index).row()),
        }
    }

    /// A record by its id as text, with the number.
    pub fn row_of(&self, module: &str, id: &str) -> Option<(u64, Row)> {
        let number: u64 = id.parse().ok()?;
        Some((number, self.row(module, number)?))
    }

    /// Stores a record.
    pub fn put(&mut self, module: &str, id: u64, row: Row) {
        if module != "tickets" {
            self.records.entry(module.to_owned()).or_default().insert(id, row);
        } else if let Some(index) = self.world.index(Kind::TICKET, id) {
            self.changed.insert(index, Some(row));
        }
    }

    /// Removes a record for good.
    pub fn remove(&mut self, module: &str, id: u64) {
        if module != "tickets" {
            self.records.entry(module.to_owned()).or_default().remove(&id);
        } else if let Some(index) = self.world.index(Kind::TICKET, id) {
            self.changed.insert(index, None);
        }
        self.sides.retain(|(owner, _), _| *owner != id);
        self.bin.retain(|binned| binned.id != id);
    }

    /// Looks at every record, newest tickets and activities first, until `look` says to stop.
    fn visit(&self, module: &str, look: &mut dyn FnMut(u64, &dyn Fields) -> bool) {
        if module == "tickets" {
            for index in (0..self.next_ticket).rev() {
                let id = self.world.number(Kind::TICKET, index);
                let go_on = match self.changed.get(&index) {
                    Some(Some(row)) => look(id, row),
                    Some(None) => true,
                    None => look(id, &seed::tickets::Seedling::new(&self.world, index)),
                };
                if !go_on {
                    return;
                }
            }
            return;
        }
        let Some(rows) = self.records.get(module) else {
            return;
        };
        let newest_first = matches!(module, "tasks" | "calls" | "events");
        let order: Box<dyn Iterator<Item = (&u64, &Row)>> = if newest_first {
            Box::new(rows.iter().rev())
        } else {
            Box::new(rows.iter())
        };
        for (id, row) in order {
            if !look(*id, row) {
                return;
            }
        }
    }

    /// The ids of one page of records.
    pub fn page(&self, module: &str, query: &Query) -> Vec<u64> {
        let newest_first =
            |sort: &&Sort| !(module == "tickets" && sort.field == "createdTime" && sort.descending);
        let Some(sort) = query.sort.as_ref().filter(newest_first) else {
            let (mut seen, mut ids) = (0, Vec::new());
            self.visit(module, &mut |id, record| {
                if ids.len() < query.take && clauses::all(&query.clauses, record) {
                    seen += 1;
                    if seen > query.skip {
                        ids.push(id);
                    }
                }
                ids.len() < query.take
            });
            return ids;
        };
        let mut keyed: Vec<(Key, u64)> = Vec::new();
        self.visit(module, &mut |id, record| {
            if clauses::all(&query.clauses, record) {
                keyed.push((self.sort_key(module, &sort.field, record), id));
            }
            true
        });
        keyed.sort_by(|(one, _), (other, _)| one.compare(other, sort.descending));
        keyed
            .into_iter()
            .skip(query.skip)
            .take(query.take)
            .map(|(_, id)| id)
            .collect()
    }

    /// How many records fulfil the conditions.
    pub fn count(&self, module: &str, clauses: &[Clause]) -> usize {
        let mut count = 0;
        self.visit(module, &mut |_, record| {
            count += usize::from(clauses::all(clauses, record));
            true
        });
        count
    }

    /// How often each value of a field occurs among the records.
    pub fn tally(&self, module: &str, clauses: &[Clause], field: &str) -> Vec<(String, usize)> {
        let mut counts: Vec<(String, usize)> = Vec::new();
        self.visit(module, &mut |_, record| {
            if clauses::all(clauses, record) {
                record.any(field, &mut |value| {
                    let value = value.unwrap_or_default();
                    match counts.iter_mut().find(|(known, _)| known == value) {
                        Some((_, count)) => *count += 1,
                        None => counts.push((value.to_owned(), 1)),
                    }
                    false
                });
            }
            true
        });
        counts
    }

    /// The ids of all records that fulfil the conditions.
    pub fn ids(&self, module: &str, clauses: &[Clause]) -> Vec<String> {
        let mut ids = Vec::new();
        self.visit(module, &mut |id, record| {
            if clauses::all(clauses, record) {
                ids.push(id.to_string());
            }
            true
        });
        ids
    }

    fn sort_key(&self, module: &str, field: &str, record: &dyn Fields) -> Key {
        let field = match (module, field) {
            ("tickets", "recentThread") => "_recent",
            ("contacts" | "contracts", "account" | "accountName") => "accountId",
            ("contracts", "contractStartDate") => "startDate",
            ("contracts", "contractEndDate") => "endDate",
            (_, other) => other,
        };
        let mut key = None;
        record.any(field, &mut |value| {
            key = value.map(str::to_owned);
            true
        });
        match (field, key) {
            ("accountId", Some(id)) => Key::of(
                self.row_of("accounts", &id)
                    .map(|(_, row)| text(&row, "accountName").to_owned()),
            ),
            (_, key) => Key::of(key),
        }
    }

    /// The rows of a list beside a record, oldest first.
    pub fn side(&self, module: &str, id: u64, side: &str) -> Vec<Row> {
        if let Some(rows) = self.sides.get(&(id, side.to_owned())) {
            return rows.clone();
        }
        match self.world.index(Kind::TICKET, id) {
            Some(index) if module == "tickets" && index < self.world.tickets => {
                seed::sides::of(&self.world, index, side)
            }
            _ => Vec::new(),
        }
    }

    /// Replaces a list beside a record; the counters of the record follow.
    pub fn put_side(&mut self, module: &str, id: u64, side: &str, rows: Vec<Row>) {
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
        self.sides.insert((id, side.to_owned()), rows);
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
    pub fn count_tasks(&mut self, ticket: u64) {
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
    pub fn note(&mut self, ticket: u64, event: Row) {
        self.history.entry(ticket).or_default().push(event);
    }
}

/// What records are ordered by: numbers as numbers, texts in any case, nothing last.
enum Key {
    Number(f64),
    Text(String),
    Nothing,
}

impl Key {
    fn of(value: Option<String>) -> Self {
        match value {
            Some(value) => value
                .parse()
                .map_or_else(|_| Key::Text(value.to_lowercase()), Key::Number),
            None => Key::Nothing,
        }
    }

    fn compare(&self, other: &Key, descending: bool) -> std::cmp::Ordering {
        let ascending = match (self, other) {
            (Key::Nothing, Key::Nothing) => return std::cmp::Ordering::Equal,
            (Key::Nothing, _) => return std::cmp::Ordering::Greater,
            (_, Key::Nothing) => return std::cmp::Ordering::Less,
            (Key::Number(one), Key::Number(other)) => one.total_cmp(other),
            (Key::Text(one), Key::Text(other)) => one.cmp(other),
            (Key::Number(_), Key::Text(_)) => std::cmp::Ordering::Less,
            (Key::Text(_), Key::Number(_)) => std::cmp::Ordering::Greater,
        };
        if descending {
            ascending.reverse()
        } else {
            ascending
        }
    }
}
