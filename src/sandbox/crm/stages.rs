//! The stages that deals went through: rows of the module DealHistory, which nobody writes.
//!
//! Sources: CRM's documents of fields name the module; public programs that read a real account's `Stage_History` (a row
//! tells where the deal was, `Moved_To__s` and `Stage_Duration_Calendar_Days` where it went from there and after how many
//! days, both null in the row of the stage that it is in; `Modified_Time` when it came or, once it has gone on, went).
//! (Assumed: the order of the stages that a seeded deal passed is that of the list.)

use serde_json::{Value, json};

use super::schema::{self, Module, Row};
use super::state::{Crm, Table};
use super::{derive, seeds, time};
use crate::dice::Dice;

const DAY: i64 = 86_400;

/// The module of these rows.
pub(crate) fn module() -> &'static Module {
    schema::module("DealHistory").expect("DealHistory is a module")
}

/// What the deal is like in a stage.
fn row_of(deal: &Row, id: u64, stage: &Value, since: &str) -> Row {
    let reference = json!({ "name": deal.get("Deal_Name"), "id": deal["id"] });
    let mut row = Row::new();
    for (key, value) in [
        ("id", json!(id.to_string())),
        ("Potential_Name", reference),
        ("Stage", stage.clone()),
        ("Amount", deal.get("Amount").cloned().unwrap_or_default()),
        (
            "Probability",
            deal.get("Probability").cloned().unwrap_or_default(),
        ),
        (
            "Close_Date",
            deal.get("Closing_Date").cloned().unwrap_or_default(),
        ),
        ("Modified_By", deal["Modified_By"].clone()),
        ("Created_Time", json!(since)),
        ("Modified_Time", json!(since)),
    ] {
        row.insert(key.to_owned(), value);
    }
    row.retain(|_, value| !value.is_null());
    derive::expected(&mut row);
    row
}

fn number_of(deal: &Row) -> u64 {
    deal["id"].as_str().and_then(|id| id.parse().ok()).unwrap_or(0)
}

/// The deal has gone on from the stage of a row.
fn leave(row: &mut Row, to: &Value, now: &str) {
    let second = |text: &str| time::instant(text).map_or(0, |moment| moment.as_second());
    let since = row["Created_Time"].as_str().map_or(0, second);
    row.insert("Moved_To__s".to_owned(), to.clone());
    row.insert(
        "Stage_Duration_Calendar_Days".to_owned(),
        json!((second(now) - since) / DAY),
    );
    row.insert("Modified_Time".to_owned(), json!(now));
}

/// The stages of a seeded deal with the moments that it came into them, from its first day to its last change.
fn passed(seed: u64, place: u64, deal: &Row) -> Vec<(String, String)> {
    let field = schema::module("Deals").and_then(|deals| deals.field("Stage"));
    let stages = field.map_or(&[][..], |field| &field.pick);
    let text = |name: &str| deal.get(name).and_then(Value::as_str).unwrap_or_default();
    let moment = |name: &str| time::instant(text(name)).map_or(0, |moment| moment.as_second());
    let (first, last) = (moment("Created_Time"), moment("Modified_Time"));
    let now = text("Stage");
    let mut dice = Dice::new(seed, "stages passed", place);
    let mut before: Vec<&String> = stages.iter().take_while(|stage| *stage != now).collect();
    before.retain(|stage| !stage.starts_with("Closed"));
    if now == "Closed Lost" {
        before.truncate(1 + dice.below(before.len() as u64) as usize);
    }
    let mut kept = 0;
    before.retain(|_| {
        kept += 1;
        kept == 1 || dice.chance(70)
    });
    before.truncate((last - first).max(0) as usize);
    let parts = before.len().max(1) as i64;
    let at = |part: usize| {
        let second = first + (last - first) * part as i64 / parts;
        jiff::Timestamp::from_second(second).map_or_else(|_| String::new(), time::iso)
    };
    let names = before.iter().map(|stage| stage.as_str()).chain([now]);
    names
        .enumerate()
        .map(|(part, stage)| (stage.to_owned(), at(part)))
        .collect()
}

impl Crm {
    /// The rows of all deals as the seed makes them.
    pub(super) fn stages_of_the_seed(&mut self) -> Table {
        let (seed, mut table) = (self.seed, Table::default());
        let deals: Vec<Row> = schema::module("Deals").map_or_else(Vec::new, |deals| {
            self.table(deals).rows.values().cloned().collect()
        });
        for (place, deal) in (0..).zip(&deals) {
            let passed = passed(seed, place, deal);
            for (number, (stage, since)) in passed.iter().enumerate() {
                let id = seeds::id(module(), table.rows.len() as u64);
                let mut row = row_of(deal, id, &json!(stage), since);
                if let Some((next, until)) = passed.get(number + 1) {
                    row.insert("Probability".to_owned(), json!(derive::probability(stage)));
                    derive::expected(&mut row);
                    leave(&mut row, &json!(next), until);
                }
                table.rows.insert(id, row);
                self.stages.insert(number_of(deal), id);
            }
        }
        table
    }

    /// Notes the stage that a deal has come into.
    pub(super) fn staged(&mut self, deal: &Row) {
        let (id, now) = (self.new_id(), time::iso(self.now));
        let stage = deal.get("Stage").cloned().unwrap_or_default();
        let new = row_of(deal, id, &stage, &now);
        // What was before this one is made first.
        self.table(module());
        let last = self.stages.insert(number_of(deal), id);
        let rows = &mut self.table(module()).rows;
        if let Some(last) = last.and_then(|last| rows.get_mut(&last)) {
            leave(last, &stage, &now);
        }
        rows.insert(id, new);
    }

    /// Drops the stages of a deal that is gone.
    pub(super) fn unstaged(&mut self, deal: u64) {
        self.stages.remove(&deal);
        let deal = deal.to_string();
        let rows = &mut self.table(module()).rows;
        rows.retain(|_, row| row["Potential_Name"]["id"] != *deal);
    }
}
