//! Customers who answer: what they say comes in after a reply of an agent, by the sandbox's own clock.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::World;

/// Somebody who waits for a reply to a ticket.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Customer {
    ticket: String,
    /// What is said, one after each reply.
    says: VecDeque<String>,
    /// Seconds from the reply to the answer.
    #[serde(default)]
    after_s: i64,
    /// Replies that have been seen.
    #[serde(skip)]
    seen: usize,
    #[serde(skip)]
    due: Option<Timestamp>,
}

impl World {
    /// `POST customer {"ticket": .., "says": [..], "after_s": 60}`
    pub(crate) fn expect(&mut self, body: Value) -> Result<Value, String> {
        let mut customer: Customer = serde_json::from_value(body).map_err(|error| error.to_string())?;
        if customer.after_s < 0 {
            return Err("after_s: expected seconds, 0 or more".to_owned());
        }
        customer.seen = self
            .desk
            .replies(&customer.ticket)
            .ok_or("ticket: there is no such ticket")?;
        self.customers.retain(|other| other.ticket != customer.ticket);
        self.customers.push(customer);
        Ok(json!({"ok": true, "waiting": self.customers.len()}))
    }

    /// Lets those speak whose time has come.
    pub(crate) fn let_customers_speak(&mut self) {
        let now = self.control.clock.now();
        for mut customer in std::mem::take(&mut self.customers) {
            let replies = self.desk.replies(&customer.ticket).unwrap_or_default();
            if customer.due.is_none() && replies > customer.seen {
                customer.seen = replies;
                customer.due = now.checked_add(SignedDuration::from_secs(customer.after_s)).ok();
            }
            if let Some(due) = customer.due.take_if(|due| *due <= now) {
                let said = customer.says.pop_front().unwrap_or_default();
                // A ticket that is gone hears nobody.
                let _ = self.desk.hear(&customer.ticket, &said, due);
            }
            if !customer.says.is_empty() {
                self.customers.push(customer);
            }
        }
    }
}
