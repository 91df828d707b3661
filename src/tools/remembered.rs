//! Lists of Zoho's that change seldom: read once, then believed for ten minutes.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a list is believed.
const LIFETIME: Duration = Duration::from_secs(600);
/// A list this young is as good as one read now.
const RECENT: Duration = Duration::from_secs(60);

/// A list, and when it was read.
type Read<T> = (Instant, Arc<Vec<T>>);

/// Lists by what they are lists of.
#[derive(Debug)]
pub struct Remembered<K, T> {
    lists: Mutex<HashMap<K, Read<T>>>,
}

impl<K, T> Default for Remembered<K, T> {
    fn default() -> Self {
        Remembered {
            lists: Mutex::default(),
        }
    }
}

impl<K: Eq + Hash, T> Remembered<K, T> {
    /// The list that was kept, if it is still believed, and whether it is as good as one read now.
    pub fn kept(&self, key: &K) -> Option<(Arc<Vec<T>>, bool)> {
        let lists = self.lists();
        let (since, list) = lists.get(key)?;
        let age = since.elapsed();
        (age < LIFETIME).then(|| (Arc::clone(list), age < RECENT))
    }

    /// Keeps a list that was read now.
    pub fn keep(&self, key: K, list: Vec<T>) -> Arc<Vec<T>> {
        let list = Arc::new(list);
        self.lists().insert(key, (Instant::now(), Arc::clone(&list)));
        list
    }

    /// Nothing has been kept yet.
    pub fn is_empty(&self) -> bool {
        self.lists().is_empty()
    }

    fn lists(&self) -> MutexGuard<'_, HashMap<K, Read<T>>> {
        self.lists.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
