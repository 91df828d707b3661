//! Moments of the world that are kept by name: gone back to, gone on from elsewhere, compared with.

use serde_json::{Value, json};

use super::World;
use super::customers::Customer;
use crate::{control::Clock, crm::Crm, desk::Desk};

/// Moments kept at once; each costs as much memory as what is written to the sandbox.
const KEPT: usize = 50;

/// Everything that calls to the products can change, at one moment; tokens and what a test has set go on.
#[derive(Clone)]
pub(super) struct Moment {
    desk: Desk,
    crm: Crm,
    clock: Clock,
    customers: Vec<Customer>,
}

impl World {
    pub(super) fn moment(&self) -> Moment {
        Moment {
            desk: self.desk.clone(),
            crm: self.crm.clone(),
            clock: self.control.clock,
            customers: self.customers.clone(),
        }
    }

    /// As the seed makes it.
    pub(super) fn first_day(&self) -> Moment {
        Moment {
            desk: Desk::new(&self.options, self.seeded),
            crm: Crm::new(&self.options, self.seeded),
            clock: self.control.clock,
            customers: Vec::new(),
        }
    }

    pub(super) fn go_back(&mut self, moment: Moment) {
        self.desk = moment.desk;
        let ceilings = std::mem::replace(&mut self.crm, moment.crm).ceilings;
        self.crm.ceilings = ceilings;
        self.control.clock = moment.clock;
        self.customers = moment.customers;
    }

    /// `POST snapshot {"name": ..}`: keeps this moment.
    pub(crate) fn keep(&mut self, body: &Value) -> Result<Value, String> {
        let name = name(body)?.to_owned();
        if self.moments.len() >= KEPT && !self.moments.contains_key(&name) {
            return Err(format!(
                "{KEPT} moments are kept; keep this one under a name that is there, or reset the data"
            ));
        }
        self.moments.insert(name, self.moment());
        Ok(self.told())
    }

    /// `POST restore {"name": ..}`: everything as it was; counters, record and faults stay.
    pub(crate) fn restore(&mut self, body: &Value) -> Result<Value, String> {
        let moment = self.kept(name(body)?)?.clone();
        self.go_back(moment);
        Ok(self.told())
    }

    /// `POST diff {"since": ..}`: what differs from a kept moment, or from the first day.
    pub(crate) fn diff(&mut self, body: &Value) -> Result<Value, String> {
        let mut before = match body.get("since") {
            None => self.first_day(),
            Some(name) => self
                .kept(name.as_str().ok_or("since: expected the name of a moment")?)?
                .clone(),
        };
        let desk = self.desk.differences(&before.desk);
        let crm = self.crm.differences(&mut before.crm);
        Ok(json!({"desk": desk, "crm": crm}))
    }

    /// What differs from a moment, of both products.
    pub(super) fn differences(&mut self, before: &mut Moment) -> Vec<Value> {
        let mut told = self.desk.differences(&before.desk);
        told.extend(self.crm.differences(&mut before.crm));
        told
    }

    fn kept(&self, name: &str) -> Result<&Moment, String> {
        let known = || self.moments.keys().cloned().collect::<Vec<_>>().join(", ");
        let moment = self.moments.get(name);
        moment.ok_or_else(|| format!("no moment is kept under {name:?}; kept are: {}", known()))
    }

    fn told(&self) -> Value {
        json!({"ok": true, "kept": self.moments.keys().collect::<Vec<_>>()})
    }
}

fn name(body: &Value) -> Result<&str, String> {
    let name = body
        .get("name")
        .map(|name| name.as_str().ok_or("name: expected a text"));
    Ok(name.transpose()?.unwrap_or("default"))
}
