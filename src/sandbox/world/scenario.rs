//! A scenario that is begun, and what a run of it was worth.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::World;
use super::moments::Moment;
use crate::known::fill;
use crate::scenarios::{self, Scenario};

/// The scenario that runs.
pub(super) struct Begun {
    scenario: Scenario,
    known: BTreeMap<String, Value>,
    start: Moment,
}

impl World {
    /// `POST scenario {"id": ".."}`, or `{"scenario": {..}}` with one of the caller's own: the data of the first day and the
    /// scenario's; answers the task.
    pub(crate) fn begin(&mut self, body: &Value) -> Result<Value, String> {
        let scenario = asked_for(body)?;
        let before = self.moment();
        self.control.clock.rewind();
        self.seeded = self.control.clock.now();
        let first = self.first_day();
        self.go_back(first);
        let started = self.take(&scenario.start).and_then(|known| {
            scenario.check(&known)?;
            let task = fill(&scenario.task, &known)?;
            Ok((json!({"id": scenario.id, "task": task}), known))
        });
        let (begun, known) = match started {
            Ok(started) => started,
            Err(error) => {
                self.go_back(before);
                return Err(error);
            }
        };
        self.control.forget_calls();
        self.begun = Some(Begun {
            scenario,
            known,
            start: self.moment(),
        });
        Ok(begun)
    }

    /// `POST score {"answer": ".."}`: what the run since then was worth.
    pub(crate) fn score(&mut self, body: &Value) -> Result<Value, String> {
        let answer = body
            .get("answer")
            .and_then(Value::as_str)
            .ok_or("answer: expected what the agent said")?;
        let begun = self
            .begun
            .take()
            .ok_or("no scenario has begun; POST scenario begins one")?;
        let mut before = begun.start.clone();
        let differences = self.differences(&mut before);
        let told = begun.scenario.score(answer, &begun.known, &differences);
        self.begun = Some(begun);
        let mut told = told?;
        told["calls"] = self.control.stats()["counts"].clone();
        Ok(told)
    }
}

fn asked_for(body: &Value) -> Result<Scenario, String> {
    if let Some(own) = body.get("scenario") {
        return serde_json::from_value(own.clone()).map_err(|error| format!("scenario: {error}"));
    }
    let id = body.get("id").and_then(Value::as_str);
    let id = id.ok_or("id: expected the id of a scenario, or a whole one as scenario")?;
    let known = scenarios::all().iter().find(|scenario| scenario.id == id);
    known
        .cloned()
        .ok_or_else(|| format!("there is no scenario {id:?}; GET scenarios lists them"))
}
