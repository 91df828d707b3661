//! How often which repair was made for which tool: collected in memory, written in batches, never in a call's way.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::ledger::Ledger;
use crate::repair::Repair;

/// Repairs that are written together.
const BATCH: i64 = 50;

/// Repairs that are not written yet, by tool and rule; nothing of what callers wrote is in it.
#[derive(Debug, Default)]
pub struct RepairCounts {
    waiting: Mutex<BTreeMap<(String, &'static str), i64>>,
}

impl RepairCounts {
    /// Counts the repairs of one call; a full batch is written in the background.
    pub fn add(self: &Arc<Self>, tool: &str, repairs: &[Repair], ledger: &Arc<Ledger>) {
        if repairs.is_empty() {
            return;
        }
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        for repair in repairs {
            *waiting.entry((tool.to_owned(), repair.rule)).or_default() += 1;
        }
        let full = waiting.values().sum::<i64>() >= BATCH;
        drop(waiting);
        if full {
            let (counts, ledger) = (Arc::clone(self), Arc::clone(ledger));
            tokio::spawn(async move { counts.flush(&ledger).await });
        }
    }

    /// Writes what is waiting; what could not be written waits for the next time.
    pub async fn flush(&self, ledger: &Ledger) {
        let batch = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        if batch.is_empty() {
            return;
        }
        let rows: Vec<(String, &'static str, i64)> = batch
            .iter()
            .map(|((tool, rule), count)| (tool.clone(), *rule, *count))
            .collect();
        if let Err(error) = ledger.count_repairs(&rows).await {
            tracing::debug!(%error, "repairs could not be counted");
            let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            for (key, count) in batch {
                *waiting.entry(key).or_default() += count;
            }
        }
    }
}
