//! Consents that people were asked for and have not given yet: any process on the database may finish one, once, within
//! ten minutes. A change of the key ends those that are open.

use std::pin::pin;
use std::time::Duration;

use secrecy::SecretString;
use sha2::{Digest, Sha256};

use super::Ledger;
use super::sql::{
    ADD_CONSENT, CONSENT_OF_STATE, FORGET_EXPIRED, OPEN_CONSENT, SETTLE_CONSENT, STATE_OF_CONSENT,
    TAKE_CONSENT, WITHDRAW_CONSENT,
};
use crate::connections::{Caller, ConnectionError, Place, Table};
use crate::database::Statement;
use crate::names::hexadecimal;

/// How long a consent may be answered, in seconds.
pub const CONSENT_LIFE_SECONDS: i64 = 600;

/// What is said of a consent that was not answered while it lived.
pub const TOO_LATE: &str = "nobody answered in time";

/// Between two looks at a consent that another process may settle; this process tells at once.
const LOOK: Duration = Duration::from_secs(1);

const TABLE: Table = Table {
    name: "pending_consents",
    one: "consent",
};

/// A consent to be answered.
#[derive(Debug)]
pub struct PendingConsent<'a> {
    /// A random text that names it.
    pub id: &'a str,
    /// What the callback that answers it carries.
    pub state: &'a str,
    /// Whose connection it becomes.
    pub user_id: &'a str,
    /// What it takes to finish it; sealed before it is written.
    pub secrets: &'a SecretString,
}

/// A consent that this process alone may finish.
#[derive(Debug)]
pub struct TakenConsent {
    /// The text that names it.
    pub id: String,
    /// Whose connection it becomes.
    pub user_id: String,
    /// What it takes to finish it.
    pub secrets: SecretString,
}

/// What a consent came to: nothing more, or why there is no connection.
pub type Settled = Result<(), String>;

impl Ledger {
    /// Writes a consent down, and forgets those that have expired.
    ///
    /// # Errors
    /// The database cannot be written, or nothing can be sealed.
    pub async fn await_consent(&self, consent: &PendingConsent<'_>) -> Result<(), ConnectionError> {
        let state_hash = hash(consent.state);
        let place = place(&state_hash, consent.user_id);
        let sealed = self.connections.seal(&place, consent.secrets).await?;
        let now = self.now();
        let mut tx = self.database().await?.begin().await?;
        tx.execute(Statement::new(FORGET_EXPIRED).bind(now)).await?;
        let added = Statement::new(ADD_CONSENT)
            .bind(consent.id)
            .bind(&state_hash)
            .bind(consent.user_id)
            .bind(sealed)
            .bind(now.saturating_add(CONSENT_LIFE_SECONDS));
        tx.execute(added).await?;
        Ok(tx.commit().await?)
    }

    /// What a consent of this caller holds that can still be answered.
    ///
    /// # Errors
    /// The database cannot be read, or the secrets cannot be opened.
    pub async fn open_consent(
        &self,
        id: &str,
        caller: &Caller,
    ) -> Result<Option<SecretString>, ConnectionError> {
        let statement = Statement::new(OPEN_CONSENT).bind(id).bind(user(caller));
        let statement = statement.bind(self.now());
        let found: Option<(String, String, String)> =
            self.database().await?.fetch_optional(statement).await?;
        let Some((state_hash, user_id, sealed)) = found else {
            return Ok(None);
        };
        let place = place(&state_hash, &user_id);
        Ok(Some(self.connections.open_sealed(&place, &sealed).await?))
    }

    /// Takes the consent that a callback answers, which nobody can do twice; `None` when there is none of that state,
    /// or not any more.
    ///
    /// # Errors
    /// The database cannot be written, or the secrets cannot be opened: then the consent has failed.
    pub async fn take_consent(&self, state: &str) -> Result<Option<TakenConsent>, ConnectionError> {
        let (now, state_hash) = (self.now(), hash(state));
        let mut tx = self.database().await?.begin().await?;
        let statement = Statement::new(CONSENT_OF_STATE).bind(&state_hash).bind(now);
        let found: Vec<(String, String, String)> = tx.fetch_to_write(statement).await?;
        let Some((id, user_id, sealed)) = found.into_iter().next() else {
            return Ok(None);
        };
        tx.execute(Statement::new(TAKE_CONSENT).bind(&id).bind(now))
            .await?;
        tx.commit().await?;
        match self
            .connections
            .open_sealed(&place(&state_hash, &user_id), &sealed)
            .await
        {
            Ok(secrets) => Ok(Some(TakenConsent { id, user_id, secrets })),
            Err(error) => {
                self.settle_consent(&id, &Err(error.to_string())).await?;
                Err(error)
            }
        }
    }

    /// Writes what a consent came to, for whoever waits for it; what is settled stays so.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn settle_consent(&self, id: &str, settled: &Settled) -> Result<(), ConnectionError> {
        let failure = settled.as_ref().err().map(String::as_str);
        let statement = Statement::new(SETTLE_CONSENT)
            .bind(id)
            .bind(self.now())
            .bind(failure);
        self.database().await?.execute(statement).await?;
        self.settled.notify_waiters();
        Ok(())
    }

    /// Takes a consent of this caller back that nobody has answered; false when there is none.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn withdraw_consent(&self, id: &str, caller: &Caller) -> Result<bool, ConnectionError> {
        let statement = Statement::new(WITHDRAW_CONSENT).bind(id).bind(user(caller));
        let withdrawn = self.database().await?.execute(statement).await?;
        self.settled.notify_waiters();
        Ok(withdrawn > 0)
    }

    /// Waits until a consent of this caller is settled, by this process or another; `None` when there is none of that
    /// name. A database that does not answer meanwhile is asked again.
    pub async fn find_settled_consent(&self, id: &str, caller: &Caller) -> Option<Settled> {
        let mut known = false;
        loop {
            let mut told = pin!(self.settled.notified());
            told.as_mut().enable();
            match self.state_of_consent(id, caller).await {
                Ok(None) if !known => return None,
                Ok(None | Some(State::Expired)) => return Some(Err(TOO_LATE.to_owned())),
                Ok(Some(State::Settled(settled))) => return Some(settled),
                Ok(Some(State::Open)) => known = true,
                Err(error) => tracing::debug!(%error, "a consent could not be looked at"),
            }
            tokio::select! {
                () = told => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    async fn state_of_consent(&self, id: &str, caller: &Caller) -> Result<Option<State>, ConnectionError> {
        let statement = Statement::new(STATE_OF_CONSENT).bind(id).bind(user(caller));
        let found: Option<(Option<i64>, Option<String>, i64)> =
            self.database().await?.fetch_optional(statement).await?;
        Ok(found.map(|found| match found {
            (Some(_), None, _) => State::Settled(Ok(())),
            (Some(_), Some(failure), _) => State::Settled(Err(failure)),
            (None, _, expires_at) if expires_at <= self.now() => State::Expired,
            (None, ..) => State::Open,
        }))
    }
}

/// How far a consent has come.
enum State {
    Open,
    Settled(Settled),
    Expired,
}

/// Whose consents a caller may see; `None` is the owner of all of them.
fn user(caller: &Caller) -> Option<&str> {
    match caller {
        Caller::User(user) => Some(user),
        Caller::Only => None,
    }
}

fn place<'a>(state_hash: &'a String, user_id: &'a str) -> Place<'a> {
    Place {
        table: &TABLE,
        row: state_hash,
        user_id,
        column: "secrets",
    }
}

fn hash(state: &str) -> String {
    hexadecimal(&Sha256::digest(state.as_bytes()))
}
