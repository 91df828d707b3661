//! What rows of one kind have shown of themselves, and what can be said of those that may be missing.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::tools::modules::Module;
use crate::tools::request::{Findings, Sieve, tell_unseen};

/// Kept beside the file with how far its export has come.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Shown {
    pub(super) rows: u64,
    /// The members that any row has shown.
    pub(super) members: BTreeSet<String>,
    /// What they have shown when the conditions were put to them.
    pub(super) findings: Findings,
    /// The members of conditions that no row has shown.
    pub(super) unseen: Vec<String>,
    /// What is told of rows that conditions were put to.
    told: Vec<String>,
}

impl Shown {
    /// Whether no row can be missing for want of what it is tested by.
    pub(super) fn is_judged(&self, module: &Module) -> bool {
        let has_all = self.findings.tell_odd().is_none() && self.findings.contradicting().is_none();
        has_all && self.unseen.iter().all(|field| module.carries(field))
    }

    /// The fields asked for that no row has, but for those that every row carries if it has them: of others nobody can say.
    pub(super) fn never(&self, module: &Module, asked: &[String]) -> Vec<String> {
        let lost = |field: &&String| self.is_missing(field) && !module.carries(field);
        asked.iter().filter(lost).cloned().collect()
    }

    /// Told of the fields asked for that rows carry if they have them, and that none has.
    pub(super) fn tell_empty(&self, module: &Module, asked: &[String]) -> Option<String> {
        let is_told = |field: &String| self.unseen.contains(field);
        let empty = |field: &&String| self.is_missing(field) && module.carries(field) && !is_told(field);
        let empty: Vec<String> = asked.iter().filter(empty).cloned().collect();
        tell_unseen(&empty)
    }

    fn is_missing(&self, field: &str) -> bool {
        self.rows > 0 && !self.members.contains(field)
    }

    /// Takes note of what rows have shown to whom puts these conditions to them.
    pub(super) fn note(&mut self, sieve: &Sieve) {
        self.unseen = sieve.unseen(&self.findings);
        let told = sieve.tell(&self.findings);
        self.told = told.chain(self.findings.tell_contradicting()).collect();
    }

    /// What is told of rows that may be missing, and of those left out that are like what was asked for.
    pub(super) fn tell(&self) -> impl Iterator<Item = String> {
        self.told.iter().cloned()
    }
}
