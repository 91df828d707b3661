//! What the organization holds: one table a module, filled from the seed when first asked for.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::jobs::Jobs;
use super::schema::{self, BLOCK, Module, Row};
use super::seeds::{Origin, converted, known::Known};
use super::{derive, seeds};
use crate::people;
use crate::permissions::crm::{Profile, profile};

/// The organization's record id, as `org[0].id` tells it.
pub const ORG_ID: &str = "5725767000000020005";

/// The organization's number; `org` and this number is part of its page addresses.
pub const ZGID: &str = "808232144";

/// A module's records by id, and what was deleted from it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    pub(crate) rows: BTreeMap<u64, Row>,
    pub(crate) deleted: Vec<Value>,
    /// By deleted record, what comes back with it.
    pub(crate) binned: BTreeMap<u64, Binned>,
}

/// A deleted record with what hung on it, as it was.
#[derive(Debug, Clone, Default)]
pub(crate) struct Binned {
    pub(crate) rows: Vec<(&'static str, u64, Row)>,
    pub(crate) files: Vec<(u64, Bytes)>,
    pub(crate) links: Vec<(&'static str, &'static str, u64, u64)>,
}

/// Something that happened to a record, newest last.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) record: u64,
    pub(crate) body: Value,
}

/// The rows that Zoho lists of one query at most.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ceilings {
    /// By page and `page_token`.
    pub(crate) token: usize,
    /// By search.
    pub(crate) search: usize,
}

impl Default for Ceilings {
    fn default() -> Self {
        Ceilings {
            token: 100_000,
            search: 2_000,
        }
    }
}

/// Zoho CRM of one organization.
#[derive(Debug, Clone)]
pub struct Crm {
    pub(super) seed: u64,
    pub(super) now: Timestamp,
    /// The moment everything seeded leads up to.
    pub(super) start: Timestamp,
    pub(super) tables: HashMap<&'static str, Table>,
    /// What the seeded records know of each other.
    pub(super) known: Arc<Known>,
    pub(super) users: Vec<Value>,
    /// Which of them calls.
    pub(super) caller: usize,
    /// Tags by module API name.
    pub(super) tags: BTreeMap<String, Vec<Value>>,
    /// Many-to-many links: two modules in order of their names, and a record of each.
    pub(super) links: BTreeSet<(&'static str, &'static str, u64, u64)>,
    /// The role of a contact in a deal, by their ids in this order.
    pub(super) roles: HashMap<(u64, u64), Value>,
    /// By deal, the row of the stage that it is in.
    pub(super) stages: HashMap<u64, u64>,
    /// Uploaded contents by attachment id.
    pub(super) files: HashMap<u64, Bytes>,
    /// Photos by the record they show.
    pub(super) photos: HashMap<u64, Bytes>,
    /// Files that belong to no record, by id: name and content.
    pub(super) uploaded: HashMap<String, (String, Bytes)>,
    pub(super) events: Vec<Event>,
    pub(super) jobs: HashMap<String, Value>,
    pub(super) bulk: Jobs,
    /// What channels tell of: one row for each and module.
    pub(super) channels: Vec<Value>,
    /// Who asked for a channel.
    pub(super) hearers: BTreeMap<String, usize>,
    /// What channels are to be told of: address and letter.
    pub(super) told: Vec<(String, Value)>,
    /// Mails by the record they were sent from, newest last.
    pub(super) mails: Vec<(u64, Value)>,
    /// Whom a record of a module is shared with.
    pub(super) shares: BTreeMap<(&'static str, u64), Vec<Value>>,
    /// Currencies, territories, variables and groups of these, by the key they are listed under.
    pub(super) company: BTreeMap<String, Vec<Value>>,
    pub(crate) ceilings: Ceilings,
    created: u64,
}

/// The users of the organization.
fn users(seed: u64) -> Vec<Value> {
    let mut users: Vec<Value> =
        serde_json::from_str(include_str!("users.json")).expect("the users are well-formed");
    for (user, index) in users.iter_mut().zip(0..) {
        let person = people::crm_user(seed, index);
        user["full_name"] = json!(format!("{} {}", person.first_name, person.last_name));
        user["first_name"] = json!(person.first_name);
        user["last_name"] = json!(person.last_name);
        user["email"] = json!(person.email);
    }
    users
}

impl Crm {
    pub(super) fn seeded(seed: u64, now: Timestamp) -> Self {
        let users = users(seed);
        Crm {
            seed,
            now,
            start: now,
            tables: HashMap::new(),
            known: Arc::new(Known::new(seed)),
            users,
            caller: 0,
            tags: BTreeMap::new(),
            links: BTreeSet::new(),
            roles: HashMap::new(),
            stages: HashMap::new(),
            files: HashMap::new(),
            photos: HashMap::new(),
            uploaded: HashMap::new(),
            events: Vec::new(),
            jobs: HashMap::new(),
            bulk: Jobs::default(),
            channels: Vec::new(),
            hearers: BTreeMap::new(),
            told: Vec::new(),
            mails: Vec::new(),
            shares: BTreeMap::new(),
            company: serde_json::from_str(include_str!("company.json")).expect("the lists are well-formed"),
            ceilings: Ceilings::default(),
            created: 0,
        }
        .linked()
    }

    /// A number no record had before; larger than all seeded ones, so that the newest comes first.
    pub(super) fn new_id(&mut self) -> u64 {
        self.created += 1;
        BLOCK + 500_000_000 + self.created * 1_001
    }

    /// The module's table, made from the seed when it is asked for the first time.
    pub(super) fn table(&mut self, module: &'static Module) -> &mut Table {
        let module = schema::whole(module);
        if module.of.is_some() && !self.tables.contains_key(module.api_name.as_str()) {
            let table = self.stages_of_the_seed();
            self.tables.insert(&module.api_name, table);
        }
        let origin = Origin {
            seed: self.seed,
            start: self.start,
            users: &self.users,
            known: &self.known,
        };
        self.tables.entry(&module.api_name).or_insert_with(|| {
            let mut rows: BTreeMap<u64, Row> = (0..module.rows)
                .map(|index| (seeds::id(module, index), seeds::row(origin, module, index)))
                .collect();
            if module.convertable {
                rows.extend(converted::rows(origin, module));
            }
            rows.values_mut().for_each(|row| derive::fill(module, row));
            Table {
                rows,
                deleted: Vec::new(),
                binned: BTreeMap::new(),
            }
        })
    }

    /// A record as it was before anybody came; nothing for one that was made since.
    pub(super) fn at_first(&self, module: &'static Module, id: u64) -> Option<Row> {
        let origin = Origin {
            seed: self.seed,
            start: self.start,
            users: &self.users,
            known: &self.known,
        };
        let index = people::crm_index(module.index, id).filter(|index| *index < module.rows);
        let mut row = match index {
            Some(index) => seeds::row(origin, module, index),
            None if module.convertable => converted::rows(origin, module).remove(&id)?,
            None => return None,
        };
        derive::fill(module, &mut row);
        Some(row)
    }

    /// A record by id.
    pub(super) fn row(&mut self, module: &'static Module, id: u64) -> Option<&mut Row> {
        self.table(module).rows.get_mut(&id)
    }

    /// A record of a table that has been asked for before.
    pub(super) fn peek(&self, module: &Module, id: u64) -> Option<&Row> {
        self.tables.get(module.api_name.as_str())?.rows.get(&id)
    }

    /// The `{ "id", "name" }` that lookups to a record hold.
    pub(super) fn reference(&mut self, module: &'static Module, id: u64) -> Option<Value> {
        let row = self.row(module, id)?;
        let name = row.get(&module.display).cloned().unwrap_or(Value::Null);
        Some(json!({ "name": name, "id": id.to_string() }))
    }

    /// The user the token belongs to.
    pub(super) fn me(&self) -> Value {
        self.user_reference(&self.users[self.caller])
    }

    /// What that user may do.
    pub(super) fn profile(&self) -> &'static Profile {
        self.profile_of(self.caller)
    }

    /// What one of the users may do.
    pub(super) fn profile_of(&self, user: usize) -> &'static Profile {
        profile(self.users[user]["profile"].as_str().unwrap_or_default())
    }

    /// A user as `Owner` and `Created_By` hold it.
    pub(super) fn user_reference(&self, user: &Value) -> Value {
        json!({ "name": user["full_name"], "id": user["id"], "email": user["email"] })
    }

    /// What the organization has set up under this key, by id.
    pub(super) fn company_row(&self, kind: &str, id: &Value) -> Option<Value> {
        let rows = self.company.get(kind)?;
        let wanted = id.as_str().map_or_else(|| id.to_string(), str::to_owned);
        rows.iter().find(|row| row["id"] == wanted).cloned()
    }

    /// A user by id.
    pub(super) fn user(&self, id: &str) -> Option<&Value> {
        self.users.iter().find(|user| user["id"] == id)
    }

    /// Brings every lookup that points at a record up to date: its new name, or nothing when it is gone.
    pub(super) fn refresh_lookups(&mut self, target: &'static Module, id: u64) {
        let reference = self.reference(target, id);
        let text = id.to_string();
        for module in schema::modules() {
            let fields: Vec<&str> = module
                .fields
                .iter()
                .filter(|field| {
                    field
                        .lookup
                        .as_deref()
                        .is_some_and(|to| to == target.api_name || to == "se_module")
                })
                .filter(|field| field.data_type == "lookup")
                .map(|field| field.api_name.as_str())
                .collect();
            if fields.is_empty() {
                continue;
            }
            for row in self.table(module).rows.values_mut() {
                for field in &fields {
                    if row.get(*field).is_some_and(|value| value["id"] == *text) {
                        match &reference {
                            Some(reference) => row[*field]["name"] = reference["name"].clone(),
                            None => drop(row.shift_remove(*field)),
                        }
                    }
                }
            }
        }
    }
}
