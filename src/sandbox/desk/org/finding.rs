//! How records are found: looked at one by one, filtered, ordered, counted.

use super::{Org, Query, Sort};
use crate::desk::clauses::{self, Clause, Fields};
use crate::desk::modules::{Row, text};
use crate::desk::seed::{self, Kind};

impl Org {
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
    pub(crate) fn page(&self, module: &str, query: &Query) -> Vec<u64> {
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
    pub(crate) fn count(&self, module: &str, clauses: &[Clause]) -> usize {
        let mut count = 0;
        self.visit(module, &mut |_, record| {
            count += usize::from(clauses::all(clauses, record));
            true
        });
        count
    }

    /// How often each value of a field occurs among the records.
    pub(crate) fn tally(&self, module: &str, clauses: &[Clause], field: &str) -> Vec<(String, usize)> {
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
    pub(crate) fn ids(&self, module: &str, clauses: &[Clause]) -> Vec<String> {
        let mut ids = Vec::new();
        self.visit(module, &mut |id, record| {
            if clauses::all(clauses, record) {
                ids.push(id.to_string());
            }
            true
        });
        ids
    }

    /// Stored records that fulfil the conditions, whole; no tickets.
    pub(crate) fn rows(&self, module: &str, clauses: &[Clause]) -> Vec<Row> {
        let rows = self
            .records
            .get(module)
            .into_iter()
            .flat_map(|rows| rows.values());
        rows.filter(|row| clauses::all(clauses, *row)).cloned().collect()
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
