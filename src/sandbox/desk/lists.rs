//! Lists that were answered, for the next who asks the same: a client's own pages are asked for again and again.

use std::{collections::HashMap, sync::Arc};

use super::routes::Route;
use crate::http::{Reply, Request};
use crate::people::Identity;

/// How many lists are kept until one is asked for that is none of them.
const MOST: usize = 256;
/// How long the body of one may be.
const LONGEST: usize = 64 << 10;

/// The lists answered since the last write.
#[derive(Debug, Clone, Default)]
pub(super) struct Lists {
    kept: Arc<HashMap<String, Reply>>,
    /// Another after each write.
    time: Arc<()>,
}

impl Lists {
    pub(super) fn get(&self, key: &str) -> Option<Reply> {
        self.kept.get(key).cloned()
    }

    pub(super) fn keep(&mut self, key: String, list: &Reply) {
        if list.body.len() > LONGEST {
            return;
        }
        let kept = Arc::make_mut(&mut self.kept);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(key, list.clone());
    }

    /// None, of the same time.
    pub(super) fn without_any(&self) -> Self {
        Lists {
            time: self.time.clone(),
            ..Lists::default()
        }
    }

    /// Something was written.
    pub(super) fn forget(&mut self) {
        *self = Lists::default();
    }

    /// Whether nothing was written between these and those.
    pub(super) fn is_of_the_same_time(&self, others: &Lists) -> bool {
        Arc::ptr_eq(&self.time, &others.time)
    }
}

/// What a person's list is kept under that is the same until the next write, whatever the time; none for other answers.
pub(super) fn key(route: &Route, request: &Request, person: &Identity) -> Option<String> {
    let by_clock = ["receivedInDays", "dueDate", "closedTime", "startTime", "filters"];
    let lasts = route.handler == "records.list" && by_clock.iter().all(|name| request.query(name).is_none());
    let query = request
        .query
        .iter()
        .map(|(name, value)| format!("\n{name}\n{value}"));
    lasts.then(|| format!("{}\n{}", person.id, request.segments.join("/")) + &query.collect::<String>())
}
