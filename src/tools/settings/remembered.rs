//! Lists of Zoho's that change seldom: read once, whoever asks meanwhile, then believed for ten minutes, each for its
//! owner only.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OwnedMutexGuard;

use crate::clock::Clock;
use crate::tools::error::ToolError;
use crate::zoho::{Owner, Session};

/// How long a list is believed, in seconds.
const LIFETIME: i64 = 600;
/// A list this young, in seconds, is as good as one read now.
const RECENT: i64 = 60;
/// Lists kept of one owner at most; the fields of one module take some hundred kilobytes.
const MOST_OF_ONE: usize = 64;
/// Lists kept at most.
const MOST: usize = 256;
/// How long the others wait for the one who asks before the next of them asks as well, in seconds: a call that hangs does
/// not hold them up, and a Zoho that is slow is not asked by all of them at once.
const PATIENCE: u32 = 10;

/// Whose list, and what it is a list of.
type Key<K> = (Owner, K);

/// The turn to ask for one list.
type Turn = Arc<tokio::sync::Mutex<()>>;

#[derive(Debug)]
struct Kept<K, T> {
    key: Key<K>,
    since: i64,
    list: Arc<Vec<T>>,
}

/// Lists by whose they are and what they are lists of.
#[derive(Debug)]
pub(super) struct Remembered<K, T> {
    clock: Clock,
    /// In the order they were read in.
    lists: Mutex<Vec<Kept<K, T>>>,
    /// Held by whoever asks Zoho.
    turns: Mutex<HashMap<Key<K>, Turn>>,
}

impl<K: Clone + Eq + Hash, T> Remembered<K, T> {
    /// Nothing yet; lists age by this clock.
    pub(super) fn new(clock: Clock) -> Self {
        Remembered {
            clock,
            lists: Mutex::default(),
            turns: Mutex::default(),
        }
    }

    /// The list that was kept for the session's owner, else the one that `read` gives now, and whether it is as good
    /// as one read now; `anew` wants none that was kept before. Of many who ask at once one reads; where that fails or
    /// is given up, the next one reads.
    ///
    /// # Errors
    /// Those of `read`.
    pub(super) async fn of(
        &self,
        session: &Session,
        what: K,
        anew: bool,
        read: impl AsyncFnOnce() -> Result<Vec<T>, ToolError>,
    ) -> Result<(Arc<Vec<T>>, bool), ToolError> {
        let key = (session.owner(), what);
        let before = self.believed(&key);
        if !anew && let Some(kept) = before {
            return Ok(kept);
        }
        let _turn = self.next_turn(&key).await;
        if let Some((list, _)) = self.believed(&key)
            && !before.is_some_and(|(old, _)| Arc::ptr_eq(&old, &list))
        {
            return Ok((list, true));
        }
        let list = Arc::new(read().await?);
        self.keep(key, Arc::clone(&list));
        Ok((list, true))
    }

    /// The list that was kept, if it is still believed, and whether it is as good as one read now.
    pub(super) fn recall(&self, session: &Session, what: &K) -> Option<(Arc<Vec<T>>, bool)> {
        self.believed(&(session.owner(), what.clone()))
    }

    /// Nothing has been kept yet.
    pub(super) fn is_empty(&self) -> bool {
        self.lists().is_empty()
    }

    fn believed(&self, key: &Key<K>) -> Option<(Arc<Vec<T>>, bool)> {
        let lists = self.lists();
        let kept = lists.iter().find(|kept| kept.key == *key)?;
        let age = self.clock.now() - kept.since;
        (0..LIFETIME)
            .contains(&age)
            .then(|| (Arc::clone(&kept.list), age < RECENT))
    }

    fn keep(&self, key: Key<K>, list: Arc<Vec<T>>) {
        let since = self.clock.now();
        let mut lists = self.lists();
        lists.retain(|kept| kept.key != key && since - kept.since < LIFETIME);
        make_room(&mut lists, &key.0);
        lists.push(Kept { key, since, list });
    }

    /// Waits for the turn to ask for a list. Of those who lost patience with whoever holds it, the first opens another
    /// turn, for which the rest wait.
    async fn next_turn(&self, key: &Key<K>) -> OwnedMutexGuard<()> {
        let mut spent = None;
        loop {
            let turn = self.turn(key, spent.as_ref());
            tokio::select! {
                biased;
                ours = Arc::clone(&turn).lock_owned() => return ours,
                () = self.clock.wait(PATIENCE) => spent = Some(turn),
            }
        }
    }

    /// The turn there is, in place of a spent one another; those that nobody holds or waits for are dropped.
    fn turn(&self, key: &Key<K>, spent: Option<&Turn>) -> Turn {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.retain(|_, turn| {
            Arc::strong_count(turn) > 1 && !spent.is_some_and(|spent| Arc::ptr_eq(turn, spent))
        });
        Arc::clone(turns.entry(key.clone()).or_default())
    }

    fn lists(&self) -> MutexGuard<'_, Vec<Kept<K, T>>> {
        self.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Room for one more list of this owner: the oldest of their own goes where they have as many as one may have, and where
/// there are too many in all, the oldest of whoever has most.
fn make_room<K, T>(lists: &mut Vec<Kept<K, T>>, owner: &Owner) {
    let many = |owner: &Owner| lists.iter().filter(|kept| kept.key.0 == *owner).count();
    let crowded = if many(owner) >= MOST_OF_ONE {
        Some(owner.clone())
    } else if lists.len() >= MOST {
        let owners = lists.iter().map(|kept| &kept.key.0);
        owners.max_by_key(|owner| many(owner)).cloned()
    } else {
        None
    };
    let oldest = crowded.and_then(|owner| lists.iter().position(|kept| kept.key.0 == owner));
    if let Some(oldest) = oldest {
        lists.remove(oldest);
    }
}
