//! How a seeded ticket came to be as it is: who took it, and from which status it went into which.

use serde_json::{Value, json};

use super::Seedling;
use crate::desk::seed::{Kind, staff};
use crate::desk::times;

/// The message that tells what to do, or sums up what was said by phone.
const SOLVED: u64 = 3;

/// One change: when, by whom, of which field, from what to what.
pub(crate) struct Change {
    second: i64,
    actor: Value,
    field: &'static str,
    previous: Value,
    updated: Value,
}

impl Change {
    /// As the history has it.
    pub(crate) fn event(self) -> Value {
        let change = json!({"previousValue": self.previous, "updatedValue": self.updated});
        json!({"eventName": "TicketUpdated", "eventTime": times::written_second(self.second), "source": "Web",
            "actor": self.actor, "actorInfo": null, "eventInfo": [{"propertyName": self.field,
            "propertyType": "ValueTransition", "propertyValue": change, "systemProperty": true}]})
    }
}

impl Seedling<'_> {
    /// Its changes, oldest first.
    pub(crate) fn changes(&self) -> Vec<Change> {
        let agent = self.agent(self.assignee.unwrap_or(0));
        let status = |second: i64, actor: &Value, previous: &str, updated: &str| Change {
            second,
            actor: actor.clone(),
            field: "status",
            previous: previous.into(),
            updated: updated.into(),
        };
        let mut changes = Vec::new();
        if self.assignee.is_some() {
            changes.push(Change {
                second: self.assigned_second(),
                actor: agent.clone(),
                field: "assigneeId",
                previous: Value::Null,
                updated: agent.clone(),
            });
        }
        if self.reopened() {
            changes.push(status(self.thread_second(SOLVED) + 60, &agent, "Open", "Closed"));
            changes.push(status(
                self.thread_second(SOLVED + 1),
                &self.customer(),
                "Closed",
                "Open",
            ));
        }
        if self.status != "Open" {
            changes.push(status(self.ended, &agent, "Open", self.status));
        }
        changes
    }

    /// One in five of those that went on after what seemed to be the solution had been closed too early.
    fn reopened(&self) -> bool {
        let went_on = self.threads > SOLVED + 1 && self.told_before() == 0;
        went_on && self.world.dice("reopened", self.index).chance(20)
    }

    fn agent(&self, index: u64) -> Value {
        json!({"id": self.world.id(Kind::AGENT, index), "name": staff::name(self.world.which, index), "type": "Agent"})
    }

    fn customer(&self) -> Value {
        let person = self.world.person(self.contact);
        let name = format!("{} {}", person.first_name, person.last_name);
        json!({"id": self.world.id(Kind::CONTACT, self.contact), "name": name, "type": "Contact"})
    }
}
