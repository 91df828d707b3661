//! Products that turn down tokens only just issued: not the consent is at fault, but what the account may use.

use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};

use super::error::ZohoError;
use super::refresh::AGAIN;
use super::session::Session;
use crate::connections::Product;

/// The products that do, by connection, each with its reason.
pub(super) type Unaccepted = HashMap<(i64, Product), String>;

impl Session {
    /// A token that was issued only now is turned down.
    pub(super) fn not_accepted(&self, reason: String) -> ZohoError {
        self.unaccepted().insert(self.whose(), reason.clone());
        ZohoError::NotAccepted {
            product: self.product(),
            reason,
        }
    }

    /// A token is taken.
    pub(super) fn note_accepted(&self) {
        self.unaccepted().remove(&self.whose());
    }

    /// Where no other token is asked for, and none helped before, Zoho set no limit: waiting makes nobody a user.
    pub(super) fn without_waiting(&self, error: ZohoError, is_forced: bool) -> ZohoError {
        match &error {
            ZohoError::RateLimited { reason, .. } if is_forced && reason == AGAIN => {
                let before = self.unaccepted().get(&self.whose()).cloned();
                before.map_or(error, |reason| self.not_accepted(reason))
            }
            _ => error,
        }
    }

    fn whose(&self) -> (i64, Product) {
        (self.connection().id, self.product())
    }

    fn unaccepted(&self) -> MutexGuard<'_, Unaccepted> {
        let all = &self.inner.unaccepted;
        all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
