//! Codes and tokens: issued, looked up, evicted, revoked.

use std::collections::{HashMap, HashSet, VecDeque};

use jiff::{SignedDuration, Timestamp};

use crate::dice::Dice;
use crate::http::Grant;
use crate::people::Identity;

/// Refresh tokens of one user and client that live at once.
const REFRESH_TOKENS: usize = 20;

/// Authorization codes are for one use, and old ones are kept this many at most.
const CODES: usize = 1000;

/// An authorization code that was not used yet.
#[derive(Debug, Clone)]
pub(super) struct Code {
    pub(super) grant: Grant,
    /// What the authorization request said; a self-client code has none.
    pub(super) redirect_uri: Option<String>,
    pub(super) wants_refresh_token: bool,
    pub(super) challenge: Option<Challenge>,
    pub(super) expires: Timestamp,
}

/// PKCE (RFC 7636).
#[derive(Debug, Clone)]
pub(super) enum Challenge {
    Plain(String),
    S256(String),
}

impl Code {
    pub(super) fn self_client(grant: Grant, expires: Timestamp) -> Self {
        Code {
            grant,
            redirect_uri: None,
            wants_refresh_token: true,
            challenge: None,
            expires,
        }
    }
}

#[derive(Clone)]
struct Refresh {
    token: String,
    grant: Grant,
    /// When it was used, as far as the throttle needs to know.
    used: VecDeque<Timestamp>,
    /// Its access tokens, oldest first.
    live: VecDeque<String>,
}

#[derive(Clone)]
struct Access {
    grant: Grant,
    expires: Timestamp,
}

/// All codes and tokens of the one client.
#[derive(Clone)]
pub(super) struct Vault {
    seed: u64,
    issued: u64,
    codes: HashMap<String, Code>,
    code_times: VecDeque<Timestamp>,
    /// Oldest first.
    refresh: Vec<Refresh>,
    access: HashMap<String, Access>,
    /// Who has said yes to which scopes.
    consents: HashSet<(&'static str, Vec<String>)>,
}

/// Why there is no new access token.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoToken {
    Unknown,
    Throttled,
}

/// The limits a new access token is made under.
pub(super) struct Limits {
    pub(super) refreshes: usize,
    pub(super) window_s: i64,
    pub(super) live: usize,
    pub(super) expires_in: i64,
}

impl Vault {
    pub(super) fn new(seed: u64) -> Self {
        Vault {
            seed,
            issued: 0,
            codes: HashMap::new(),
            code_times: VecDeque::new(),
            refresh: Vec::new(),
            access: HashMap::new(),
            consents: HashSet::new(),
        }
    }

    pub(super) fn client_id(&self) -> String {
        let mut dice = Dice::new(self.seed, "client", 0);
        let id: String = (0..30)
            .map(|_| char::from(*dice.pick(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")))
            .collect();
        format!("1000.{id}")
    }

    pub(super) fn client_secret(&self) -> String {
        hex(&mut Dice::new(self.seed, "secret", 0), 42)
    }

    /// A text of the form all of Zoho's codes and tokens have.
    pub(super) fn fresh_text(&mut self) -> String {
        self.issued += 1;
        let mut dice = Dice::new(self.seed, "token", self.issued);
        format!("1000.{}.{}", hex(&mut dice, 32), hex(&mut dice, 32))
    }

    pub(super) fn new_code(&mut self, code: Code, now: Timestamp) -> String {
        if self.codes.len() >= CODES {
            self.codes.retain(|_, code| code.expires > now);
        }
        self.code_times.push_back(now);
        while self.code_times.len() > 10 {
            self.code_times.pop_front();
        }
        let text = self.fresh_text();
        self.codes.insert(text.clone(), code);
        text
    }

    /// Of the last ten codes.
    pub(super) fn codes_since(&self, start: Timestamp) -> usize {
        self.code_times.iter().filter(|time| **time > start).count()
    }

    pub(super) fn code(&self, text: &str) -> Option<&Code> {
        self.codes.get(text)
    }

    pub(super) fn use_up(&mut self, text: &str) {
        self.codes.remove(text);
    }

    /// Remembers a yes; true when it is this person's first for these scopes.
    pub(super) fn consent(&mut self, grant: &Grant) -> bool {
        self.consents.insert(consent_key(grant))
    }

    pub(super) fn has_consent(&self, grant: &Grant) -> bool {
        self.consents.contains(&consent_key(grant))
    }

    /// Whether it still opens anything.
    pub(super) fn is_known(&self, refresh: &str) -> bool {
        self.refresh.iter().any(|held| held.token == refresh)
    }

    /// The oldest refresh token of a person ends without a word when there are too many.
    pub(super) fn new_refresh(&mut self, grant: Grant) -> String {
        let theirs = |held: &Refresh| held.grant.person == grant.person;
        if self.refresh.iter().filter(|held| theirs(held)).count() >= REFRESH_TOKENS
            && let Some(place) = self.refresh.iter().position(theirs)
        {
            let oldest = self.refresh.remove(place);
            self.end(&oldest);
        }
        let token = self.fresh_text();
        self.keep(token.clone(), grant);
        token
    }

    /// The refresh token that a person has from the first day on; it follows from the seed alone.
    pub(super) fn ready_made(&mut self, grant: Grant) -> String {
        let mut dice = Dice::new(self.seed, &format!("refresh token of {}", grant.person.id), 0);
        let token = format!("1000.{}.{}", hex(&mut dice, 32), hex(&mut dice, 32));
        self.keep(token.clone(), grant);
        token
    }

    fn keep(&mut self, token: String, grant: Grant) {
        self.refresh.push(Refresh {
            token,
            grant,
            used: VecDeque::new(),
            live: VecDeque::new(),
        });
    }

    /// The scopes of a refresh token.
    pub(super) fn scopes(&self, refresh: &str) -> Option<&[String]> {
        self.refresh
            .iter()
            .find(|held| held.token == refresh)
            .map(|held| held.grant.scopes.as_slice())
    }

    /// An access token for a refresh token that is used; the second value says how many others had to go.
    pub(super) fn refreshed(
        &mut self,
        refresh: &str,
        limits: &Limits,
        now: Timestamp,
    ) -> Result<(String, usize), NoToken> {
        let window = after(now, -limits.window_s);
        let held = self
            .refresh
            .iter_mut()
            .find(|held| held.token == refresh)
            .ok_or(NoToken::Unknown)?;
        held.used.retain(|time| *time > window);
        if held.used.len() >= limits.refreshes {
            return Err(NoToken::Throttled);
        }
        held.used.push_back(now);
        Ok(self.under(refresh, limits, now))
    }

    /// An access token that belongs to a refresh token.
    pub(super) fn under(&mut self, refresh: &str, limits: &Limits, now: Timestamp) -> (String, usize) {
        let token = self.fresh_text();
        let mut evicted = 0;
        if let Some(held) = self.refresh.iter_mut().find(|held| held.token == refresh) {
            let access = &mut self.access;
            held.live
                .retain(|live| access.get(live).is_some_and(|held| held.expires > now));
            held.live.push_back(token.clone());
            while held.live.len() > limits.live.max(1) {
                held.live.pop_front().map(|oldest| access.remove(&oldest));
                evicted += 1;
            }
            let access = Access {
                grant: held.grant.clone(),
                expires: after(now, limits.expires_in),
            };
            self.access.insert(token.clone(), access);
        }
        (token, evicted)
    }

    /// An access token without a refresh token.
    pub(super) fn alone(&mut self, grant: Grant, limits: &Limits, now: Timestamp) -> String {
        self.access.retain(|_, access| access.expires > now);
        let token = self.fresh_text();
        self.add_access(token.clone(), grant, after(now, limits.expires_in));
        token
    }

    pub(super) fn add_access(&mut self, token: String, grant: Grant, expires: Timestamp) {
        self.access.insert(token, Access { grant, expires });
    }

    /// What an access token that is alive stands for.
    pub(super) fn access(&self, token: &str, now: Timestamp) -> Option<&Grant> {
        self.access
            .get(token)
            .filter(|access| access.expires > now)
            .map(|access| &access.grant)
    }

    /// Exchanges a refresh token for a new one with the same scopes.
    pub(super) fn rotate(&mut self, refresh: &str) -> Option<String> {
        let token = self.fresh_text();
        let held = self.refresh.iter_mut().find(|held| held.token == refresh)?;
        held.token = token.clone();
        Some(token)
    }

    /// Ends a token of either kind; a refresh token takes its access tokens and the consent along.
    pub(super) fn revoke(&mut self, token: &str) -> bool {
        if let Some(place) = self.refresh.iter().position(|held| held.token == token) {
            let held = self.refresh.remove(place);
            self.end(&held);
            self.consents.remove(&consent_key(&held.grant));
            return true;
        }
        self.access.remove(token).is_some()
    }

    fn end(&mut self, refresh: &Refresh) {
        for token in &refresh.live {
            self.access.remove(token);
        }
    }

    pub(super) fn live_tokens(&self, now: Timestamp) -> usize {
        self.access.values().filter(|access| access.expires > now).count()
    }

    pub(super) fn refreshes_since(&self, start: Timestamp) -> usize {
        self.refresh
            .iter()
            .flat_map(|held| &held.used)
            .filter(|time| **time > start)
            .count()
    }

    pub(super) fn drop_live(&mut self) {
        self.access.clear();
    }

    pub(super) fn forget_refreshes(&mut self) {
        self.refresh.iter_mut().for_each(|held| held.used.clear());
    }
}

/// A moment some seconds away, at the end of time if it is too far.
pub(super) fn after(now: Timestamp, seconds: i64) -> Timestamp {
    let end = if seconds < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    };
    now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(end)
}

fn consent_key(grant: &Grant) -> (&'static str, Vec<String>) {
    let scopes = grant.scopes.iter();
    let mut key: Vec<String> = scopes.map(|scope| scope.to_ascii_lowercase()).collect();
    key.sort();
    let person: &'static Identity = grant.person;
    (&person.id, key)
}

fn hex(dice: &mut Dice, length: usize) -> String {
    (0..length)
        .map(|_| char::from(*dice.pick(b"0123456789abcdef")))
        .collect()
}
