//! Lists of Zoho's that change seldom: read once, then believed for ten minutes, each for its owner only.

use super::error::ToolError;
use crate::zoho::{Owner, Session};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a list is believed.
const LIFETIME: Duration = Duration::from_secs(600);
/// A list this young is as good as one read now.
const RECENT: Duration = Duration::from_secs(60);
/// Lists kept at most; the fields of one module take some hundred kilobytes.
const MOST: usize = 64;

/// A list, and when it was read.
type Read<T> = (Instant, Arc<Vec<T>>);

/// Lists by whose they are and what they are lists of.
#[derive(Debug)]
pub struct Remembered<K, T> {
    lists: Mutex<HashMap<(Owner, K), Read<T>>>,
}

impl<K, T> Default for Remembered<K, T> {
    fn default() -> Self {
        Remembered {
            lists: Mutex::default(),
        }
    }
}

impl<K: Clone + Eq + Hash, T> Remembered<K, T> {
    /// The list that was kept for the session's owner, else the one that `read` gives now, and whether it is as good
    /// as one read now; `anew` reads in any case.
    ///
    /// # Errors
    /// Those of `read`.
    pub async fn of(
        &self,
        session: &Session,
        what: K,
        anew: bool,
        read: impl AsyncFnOnce() -> Result<Vec<T>, ToolError>,
    ) -> Result<(Arc<Vec<T>>, bool), ToolError> {
        if !anew && let Some(kept) = self.kept(session, &what) {
            return Ok(kept);
        }
        let owner = session.owner();
        let list = Arc::new(read().await?);
        let mut lists = self.lists();
        make_room(&mut lists);
        lists.insert((owner, what), (Instant::now(), Arc::clone(&list)));
        Ok((list, true))
    }

    /// The list that was kept, if it is still believed, and whether it is as good as one read now.
    pub fn kept(&self, session: &Session, what: &K) -> Option<(Arc<Vec<T>>, bool)> {
        let lists = self.lists();
        let (since, list) = lists.get(&(session.owner(), what.clone()))?;
        let age = since.elapsed();
        (age < LIFETIME).then(|| (Arc::clone(list), age < RECENT))
    }

    /// Nothing has been kept yet.
    pub fn is_empty(&self) -> bool {
        self.lists().is_empty()
    }

    fn lists(&self) -> MutexGuard<'_, HashMap<(Owner, K), Read<T>>> {
        self.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Drops the lists that are no longer believed, and the oldest of too many.
fn make_room<K: Clone + Eq + Hash, T>(lists: &mut HashMap<K, Read<T>>) {
    lists.retain(|_, (since, _)| since.elapsed() < LIFETIME);
    while lists.len() >= MOST {
        let oldest = lists.iter().min_by_key(|(_, (since, _))| *since);
        let Some(key) = oldest.map(|(key, _)| key.clone()) else {
            return;
        };
        lists.remove(&key);
    }
}
