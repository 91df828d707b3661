//! What becomes of webhooks outside of calls: their addresses are proven, their events taken away to be delivered.

use super::org::Unproven;
use super::refusal::Refusal;
use super::{Desk, Told};
use crate::http::Reply;

/// A webhook that is kept if its address answers.
#[derive(Debug)]
pub(crate) struct Proof {
    which: usize,
    unproven: Unproven,
}

impl Proof {
    /// The address to ask.
    pub(crate) fn url(&self) -> &str {
        &self.unproven.url
    }
}

impl Desk {
    /// What webhooks are to be told of since this was asked last.
    pub(crate) fn take_told(&mut self) -> Vec<Told> {
        std::mem::take(&mut self.told)
    }

    /// The webhook that the last call made or moved.
    pub(crate) fn take_proof(&mut self) -> Option<Proof> {
        let mut orgs = self.orgs.iter_mut().enumerate();
        orgs.find_map(|(which, org)| {
            let unproven = org.unproven.take()?;
            Some(Proof { which, unproven })
        })
    }

    /// The address did not answer: everything is as before the call. (Assumed: the words.)
    pub(crate) fn withdraw(&mut self, proof: Proof) -> Reply {
        let Unproven { webhook, before, .. } = proof.unproven;
        self.lists[proof.which].forget();
        let org = &mut self.orgs[proof.which];
        match before {
            Some(before) => org.put("webhooks", webhook, before),
            None => org.remove("webhooks", webhook),
        }
        Refusal::invalid_field("/url", "invalid").into()
    }

    /// Ends a webhook whose address says that it is gone.
    pub(crate) fn forget_webhook(&mut self, org: &str, webhook: u64) {
        let all = self.orgs.iter_mut().zip(&mut self.lists);
        for (org, lists) in all.filter(|(other, _)| other.id == org) {
            lists.forget();
            org.remove("webhooks", webhook);
        }
    }
}
