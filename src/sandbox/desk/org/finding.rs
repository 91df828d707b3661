//! How records are found: by the index where there are many tickets, or looked at one by one; ordered, counted.

use std::sync::Arc;

use imbl::OrdMap;
use roaring::RoaringBitmap;

use super::index::Index;
use super::{Org, Query, Sort, Ticket};
use crate::desk::clauses::{self, Clause, Fields};
use crate::desk::modules::{Row, text};
use crate::desk::seed::{Kind, tickets::Seedling};

/// From how many tickets on an index is kept: fewer are looked through as fast as one is made.
const MANY: u64 = 1000;

/// What is left of a question when the index has answered what it can.
struct Narrowed<'c> {
    /// The tickets that may fit; none where the index has not been asked.
    tickets: Option<RoaringBitmap>,
    /// What each must still be asked for.
    clauses: Vec<&'c Clause>,
}

impl Org {
    /// Keeps an index from now on, if there are that many tickets.
    pub(super) fn find_by_index(&mut self) {
        if self.index.is_some() || !self.has_index || self.next_ticket < MANY {
            return;
        }
        let mut index = Index::new(&self.world);
        for (ticket, changed) in &self.changed {
            let row = changed.as_ref().map(|kept| kept.row(|| self.first(*ticket)));
            index.put(*ticket as u32, None::<&Row>, row.as_ref());
        }
        self.index = Some(index);
    }

    /// Keeps no index.
    pub(crate) fn look_at_each(&mut self) {
        self.has_index = false;
        self.index = None;
    }

    /// How tickets are found, where that is not by looking at each.
    pub(crate) fn index(&self) -> Option<&Index> {
        self.index.as_ref().filter(|index| index.is_at_hand())
    }

    fn ticket(&self, index: u64) -> Option<Ticket<'_>> {
        match self.changed.get(&index) {
            Some(changed) => Some(Ticket::kept(&self.world, index, changed.as_ref()?)),
            None => Some(Ticket::Seed(Seedling::new(&self.world, index))),
        }
    }

    fn narrowed<'c>(&self, module: &str, clauses: &'c [Clause]) -> Narrowed<'c> {
        let Some(index) = self.index().filter(|_| module == "tickets") else {
            return Narrowed {
                tickets: None,
                clauses: clauses.iter().collect(),
            };
        };
        let mut tickets = index.there().clone();
        let mut left = Vec::new();
        for clause in clauses {
            let holds = |ticket: u32| {
                let ticket = self.ticket(u64::from(ticket)).filter(|_| !self.caller.is_gone());
                ticket.is_some_and(|ticket| clause.holds(&ticket))
            };
            match index.fitting(clause, &holds) {
                Some(fitting) => tickets &= fitting,
                None => left.push(clause),
            }
        }
        Narrowed {
            tickets: Some(tickets),
            clauses: left,
        }
    }

    /// Looks at every record that may fit, newest tickets and activities first, until `look` says to stop or nobody waits.
    fn visit(&self, module: &str, narrowed: &Narrowed<'_>, look: &mut dyn FnMut(u64, &dyn Fields) -> bool) {
        let mut fitting = |id: u64, record: &dyn Fields| {
            !self.caller.is_gone() && (!clauses::all(&narrowed.clauses, record) || look(id, record))
        };
        if module == "tickets" {
            let every: Box<dyn Iterator<Item = u64>> = match &narrowed.tickets {
                Some(tickets) => Box::new(tickets.iter().rev().map(u64::from)),
                None => Box::new((0..self.next_ticket).rev()),
            };
            for index in every {
                let id = self.world.number(Kind::TICKET, index);
                if self.ticket(index).is_some_and(|ticket| !fitting(id, &ticket)) {
                    return;
                }
            }
            return;
        }
        let Some(rows) = self.records.get(module) else {
            return;
        };
        let newest_first = matches!(module, "tasks" | "calls" | "events");
        let order: Box<dyn Iterator<Item = (&u64, &Arc<Row>)>> = if newest_first {
            Box::new(rows.iter().rev())
        } else {
            Box::new(rows.iter())
        };
        for (id, row) in order {
            if !fitting(*id, &**row) {
                return;
            }
        }
    }

    /// The tickets that fit, where the index alone can tell.
    fn known(&self, narrowed: &Narrowed<'_>) -> Option<RoaringBitmap> {
        narrowed.tickets.clone().filter(|_| narrowed.clauses.is_empty())
    }

    /// The ids of one page of records.
    pub(crate) fn page(&self, module: &str, query: &Query) -> Vec<u64> {
        let clauses = self.sight.narrow(module, &query.clauses);
        let narrowed = self.narrowed(module, &clauses);
        match ordered_by(module, query) {
            Some(sort) => self.sorted(module, &narrowed, sort, query).0,
            None => self.first_of(module, &narrowed, query),
        }
    }

    /// The ids of one page of records, and how many records fit at all.
    pub(crate) fn page_of_all(&self, module: &str, query: &Query) -> (Vec<u64>, usize) {
        let clauses = self.sight.narrow(module, &query.clauses);
        let narrowed = self.narrowed(module, &clauses);
        match ordered_by(module, query) {
            Some(sort) => self.sorted(module, &narrowed, sort, query),
            None if self.known(&narrowed).is_some() => {
                let ids = self.first_of(module, &narrowed, query);
                (ids, self.counted(module, &narrowed))
            }
            None => {
                let ids = self.first_of(module, &narrowed, &Query::all());
                let page = ids.iter().skip(query.skip).take(query.take);
                (page.copied().collect(), ids.len())
            }
        }
    }

    /// A page in the order of the visit.
    fn first_of(&self, module: &str, narrowed: &Narrowed<'_>, query: &Query) -> Vec<u64> {
        if let Some(tickets) = self.known(narrowed) {
            let page = tickets.iter().rev().skip(query.skip).take(query.take);
            return page.map(|ticket| self.id_of(ticket)).collect();
        }
        let (mut seen, mut ids) = (0, Vec::new());
        self.visit(module, narrowed, &mut |id, _| {
            seen += 1;
            if seen > query.skip && ids.len() < query.take {
                ids.push(id);
            }
            ids.len() < query.take
        });
        ids
    }

    fn sorted(&self, module: &str, narrowed: &Narrowed<'_>, sort: &Sort, query: &Query) -> (Vec<u64>, usize) {
        let moments = self.index().filter(|_| module == "tickets");
        let moments = moments.and_then(|index| index.moments(time_field(&sort.field)));
        if let (Some(moments), Some(tickets)) = (moments, self.known(narrowed)) {
            let ids = by_time(&tickets, moments, sort.descending, query);
            let ids = ids.into_iter().map(|ticket| self.id_of(ticket)).collect();
            return (ids, tickets.len() as usize);
        }
        let mut keyed: Vec<(Key, u64)> = Vec::new();
        self.visit(module, narrowed, &mut |id, record| {
            keyed.push((self.sort_key(module, &sort.field, record), id));
            true
        });
        keyed.sort_by(|(one, _), (other, _)| one.compare(other, sort.descending));
        let count = keyed.len();
        let page = keyed.into_iter().skip(query.skip).take(query.take);
        (page.map(|(_, id)| id).collect(), count)
    }

    fn id_of(&self, ticket: u32) -> u64 {
        self.world.number(Kind::TICKET, u64::from(ticket))
    }

    fn counted(&self, module: &str, narrowed: &Narrowed<'_>) -> usize {
        if let Some(tickets) = self.known(narrowed) {
            return tickets.len() as usize;
        }
        let mut count = 0;
        self.visit(module, narrowed, &mut |_, _| {
            count += 1;
            true
        });
        count
    }

    /// How many records fulfil the conditions.
    pub(crate) fn count(&self, module: &str, clauses: &[Clause]) -> usize {
        let clauses = self.sight.narrow(module, clauses);
        self.counted(module, &self.narrowed(module, &clauses))
    }

    /// How often each value of a field occurs among the records.
    pub(crate) fn tally(&self, module: &str, clauses: &[Clause], field: &str) -> Vec<(String, usize)> {
        let clauses = self.sight.narrow(module, clauses);
        let narrowed = self.narrowed(module, &clauses);
        if let (Some(index), Some(tickets)) = (self.index(), self.known(&narrowed))
            && let Some(counts) = index.tally(field, &tickets)
        {
            return counts;
        }
        let mut counts: Vec<(String, usize)> = Vec::new();
        self.visit(module, &narrowed, &mut |_, record| {
            record.any(field, &mut |value| {
                let value = value.unwrap_or_default();
                match counts.iter_mut().find(|(known, _)| known == value) {
                    Some((_, count)) => *count += 1,
                    None => counts.push((value.to_owned(), 1)),
                }
                false
            });
            true
        });
        counts
    }

    /// The ids of all records that fulfil the conditions, whoever sees them: what a write keeps in step. Fields that are not
    /// seen are no fields to a write either.
    pub(crate) fn ids(&self, module: &str, clauses: &[Clause]) -> Vec<String> {
        let clauses = match module {
            "fields" => self.sight.narrow(module, clauses),
            _ => clauses.into(),
        };
        let narrowed = self.narrowed(module, &clauses);
        let ids = self.first_of(module, &narrowed, &Query::all());
        ids.iter().map(u64::to_string).collect()
    }

    /// The ids of the records of a module that are such.
    pub(crate) fn ids_of_such(&self, module: &str, is_such: impl Fn(&Row) -> bool) -> Vec<String> {
        let rows = self.records.get(module).into_iter().flatten();
        rows.filter(|(_, row)| is_such(row))
            .map(|(id, _)| id.to_string())
            .collect()
    }

    /// Stored records that fulfil the conditions and that whoever asks sees, whole; no tickets.
    pub(crate) fn rows(&self, module: &str, clauses: &[Clause]) -> Vec<Row> {
        let clauses = self.sight.narrow(module, clauses);
        let rows = self.records.get(module).into_iter().flat_map(OrdMap::values);
        rows.map(|row| &**row)
            .filter(|row| clauses::all(&clauses, *row))
            .cloned()
            .collect()
    }

    fn sort_key(&self, module: &str, field: &str, record: &dyn Fields) -> Key {
        let field = match (module, field) {
            ("tickets", field) => time_field(field),
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

/// The field that an order is by: a list's own name for the newest thread is no field.
fn time_field(field: &str) -> &str {
    match field {
        "recentThread" => "_recent",
        other => other,
    }
}

/// The order asked for, unless tickets are visited in it.
fn ordered_by<'q>(module: &str, query: &'q Query) -> Option<&'q Sort> {
    let is_visited_so = |sort: &Sort| module == "tickets" && sort.field == "createdTime" && sort.descending;
    query.sort.as_ref().filter(|sort| !is_visited_so(sort))
}

/// One page of tickets by a time; those without one last, and of those at the same time the newest first.
fn by_time(
    tickets: &RoaringBitmap,
    moment: impl Fn(u32) -> Option<i64>,
    descending: bool,
    query: &Query,
) -> Vec<u32> {
    let key = |ticket: u32| match moment(ticket) {
        Some(moment) if descending => (-moment, !ticket),
        Some(moment) => (moment, !ticket),
        None => (i64::MAX, !ticket),
    };
    let mut keys: Vec<(i64, u32)> = tickets.iter().map(key).collect();
    let end = query.skip.saturating_add(query.take).min(keys.len());
    if end > 0 && end < keys.len() {
        keys.select_nth_unstable(end - 1);
    }
    keys.truncate(end);
    keys.sort_unstable();
    keys.into_iter()
        .skip(query.skip)
        .map(|(_, ticket)| !ticket)
        .collect()
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
