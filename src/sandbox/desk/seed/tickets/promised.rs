//! What a seeded ticket's customer was promised, and who reads along.

use super::Seedling;
use crate::desk::seed::{Kind, answer_within};

impl Seedling<'_> {
    /// When an answer to the customer's last word is due.
    pub(super) fn answer_due(&self) -> Option<i64> {
        let waits = self.status_type() == "Open" && !self.kind.is_bare() && self.threads % 2 == 1;
        waits.then(|| self.customer_second() + answer_within(self.priority.unwrap_or_default()))
    }

    /// How many colleagues were asked for an approval: one where it is about money, in every third case.
    pub(crate) fn approvals(&self) -> u64 {
        let asks = self.topic.tags.iter().any(|tag| tag == "refund") && self.assignee.is_some();
        u64::from(asks && !self.kind.is_bare() && self.world.dice("approval", self.index).chance(33))
    }

    /// Every third account has a contract that promises times.
    pub(super) fn sla(&self) -> Option<String> {
        let account = self.world.account_of(self.contact)?;
        (account.is_multiple_of(3) && !self.kind.is_bare()).then(|| self.world.id(Kind::SETTING, 40))
    }

    /// A colleague who is to read along, in one case of twelve.
    pub(super) fn secondary_contacts(&self) -> Vec<String> {
        let mut dice = self.world.dice("secondary", self.index);
        let others = (0..self.world.contacts).filter(|other| *other != self.contact);
        let account = self.world.account_of(self.contact);
        let known = |other: &u64| account.is_some() && self.world.account_of(*other) == account;
        match dice.chance(8) {
            true => others
                .filter(known)
                .take(1)
                .map(|other| self.world.id(Kind::CONTACT, other))
                .collect(),
            false => Vec::new(),
        }
    }
}
