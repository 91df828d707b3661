//! What is longer than an answer has room for: texts are cut, members and rows left out, and each of it is told.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::length::{beginning, length, length_up_to, text_length, value_length};
use crate::names::clip;

/// Names that a note lists, in characters.
const NAMES: usize = 2_000;
/// Characters of a member that is left out before others.
const LARGE: usize = 200;
/// Characters of a name that a note lists.
const NAME: usize = 100;

/// What was taken from a record to make it fit.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// Characters its texts were cut to.
    to: usize,
    /// The members that hold a text which was cut.
    texts: Vec<String>,
    /// The members that were left out.
    left_out: Vec<String>,
}

/// Leaves out the largest members of a record that is longer than `budget` even where every text in it is cut to `least`
/// characters; then cuts the texts of the others, wherever they stand, by as little as that takes.
pub fn fit_record(record: &mut Map<String, Value>, budget: usize, least: usize) -> Cut {
    let mut cut = Cut::default();
    if length(record) <= budget {
        return cut;
    }
    leave_out(record, budget, least, &mut cut);
    let (mut low, mut high) = (least, budget.max(least));
    while low + 1 < high {
        let middle = low.midpoint(high);
        let length = record
            .iter()
            .map(|member| capped_member(member, middle))
            .sum::<usize>();
        match length < budget {
            true => low = middle,
            false => high = middle,
        }
    }
    cut.to = low;
    for (key, value) in record.iter_mut() {
        if cut_texts(value, low) {
            cut.texts.push(key.clone());
        }
    }
    cut
}

/// Leaves out members until the others fit with their texts cut: large ones first, then the last ones, never what names the record.
fn leave_out(record: &mut Map<String, Value>, budget: usize, least: usize, cut: &mut Cut) {
    let (mut left, mut lengths) = (1, Vec::with_capacity(record.len()));
    for (place, member) in record.iter().enumerate() {
        let length = capped_member(member, least);
        left += length;
        let stays = matches!(member.0.as_str(), "id" | "link");
        lengths.extend((!stays).then_some((length, place)));
    }
    lengths.sort_unstable_by_key(|(length, place)| ((*length).max(LARGE), *place));
    let mut gone = HashSet::new();
    while left > budget
        && let Some((length, place)) = lengths.pop()
    {
        left -= length;
        gone.insert(place);
    }
    let mut place = 0;
    record.retain(|key, _| {
        let stays = !gone.contains(&place);
        place += 1;
        cut.left_out.extend((!stays).then(|| key.clone()));
        stays
    });
}

/// Characters of a member whose texts are cut, and of the comma behind it.
fn capped_member((key, value): (&String, &Value), most: usize) -> usize {
    text_length(key) + 2 + capped(value, most)
}

impl Cut {
    /// Adds what was taken from another record.
    fn add(&mut self, other: Cut) {
        if !other.texts.is_empty() {
            self.to = if self.texts.is_empty() {
                other.to
            } else {
                self.to.min(other.to)
            };
        }
        self.texts.extend(other.texts);
        self.left_out.extend(other.left_out);
    }

    /// The sentences about it: `whole` says where the texts are whole, `ask` how to get what was left out.
    pub fn tell(&self, whole: &str, ask: &str) -> Vec<String> {
        let mut notes = Vec::new();
        if !self.texts.is_empty() {
            notes.push(format!(
                "Cut to {} characters: {}. {whole}",
                self.to,
                named(&self.texts)
            ));
        }
        if !self.left_out.is_empty() {
            notes.push(format!("Left out to fit: {}. {ask}", named(&self.left_out)));
        }
        notes
    }
}

/// Names, each once: as many as have room, and how many more there are.
fn named(names: &[String]) -> String {
    let (mut seen, mut told, mut more) = (HashSet::new(), String::new(), 0);
    for name in names.iter().filter(|name| seen.insert(*name)) {
        if told.len() > NAMES {
            more += 1;
            continue;
        }
        told.push_str(if told.is_empty() { "" } else { ", " });
        told.push_str(&clip(name, NAME));
    }
    match more {
        0 => told,
        more => format!("{told} and {more} more"),
    }
}

/// The rows that fit, from the first on, each made to fit into `most`; how many are behind them, and what was taken from
/// those that are shown.
pub fn fit_rows(rows: &mut Vec<Value>, budget: usize, most: usize) -> (usize, Cut) {
    let (total, mut used, mut all) = (rows.len(), 0, Cut::default());
    rows.retain_mut(|row| {
        let cut = match row {
            Value::Object(members) => fit_record(members, most, most / 4),
            _ => Cut::default(),
        };
        used += value_length(row) + 1;
        let fits = used <= budget;
        if fits {
            all.add(cut);
        }
        fits
    });
    (total - rows.len(), all)
}

/// Cuts whatever is far too long for an answer: texts, then lists; `true` where something was cut.
pub fn fit_value(value: &mut Value, budget: usize, least: usize) -> bool {
    if value_length(value) <= budget {
        return false;
    }
    cut_texts(value, least);
    shorten(value, budget);
    true
}

/// Leaves out what is behind the part that fits, at each level.
fn shorten(value: &mut Value, budget: usize) {
    let mut room = budget;
    let mut fits = |value: &mut Value| {
        if value_length(value) > room {
            shorten(value, room);
        }
        let length = value_length(value) + 1;
        let fits = length <= room;
        room = room.saturating_sub(if fits { length } else { 0 });
        fits
    };
    match value {
        Value::Array(items) => items.retain_mut(|item| fits(item)),
        Value::Object(members) => members.retain(|_, member| fits(member)),
        _ => {}
    }
}

/// Characters of a value whose texts are cut.
fn capped(value: &Value, most: usize) -> usize {
    match value {
        Value::String(text) => length_up_to(text, most + 3),
        Value::Array(items) => 2 + items.iter().map(|item| capped(item, most) + 1).sum::<usize>(),
        Value::Object(members) => {
            2 + members
                .iter()
                .map(|member| capped_member(member, most))
                .sum::<usize>()
        }
        other => value_length(other),
    }
}

/// Cuts every text in it that is longer in JSON; `true` where there was one.
fn cut_texts(value: &mut Value, most: usize) -> bool {
    match value {
        Value::String(text) => {
            let is_long = text_length(text) > most + 3;
            if is_long {
                *text = format!("{}…", beginning(text, most.saturating_sub(1)));
            }
            is_long
        }
        Value::Array(items) => {
            items
                .iter_mut()
                .filter_map(|item| cut_texts(item, most).then_some(()))
                .count()
                > 0
        }
        Value::Object(members) => {
            let cut = members
                .values_mut()
                .filter_map(|member| cut_texts(member, most).then_some(()));
            cut.count() > 0
        }
        _ => false,
    }
}
