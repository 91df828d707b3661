//! What a call needs, checked one by one: what each check found, and the command that mends it.

mod asking;
pub(super) mod local;
mod outages;
mod surroundings;

use std::path::Path;
use std::sync::atomic::AtomicBool;

use serde::Serialize;
pub use surroundings::KEY_FIRST;

use super::catalog::Catalog;
use super::equipment::Equipment;
use super::error::sentence;
use super::mending::{Wording, start_any_sandbox, start_sandbox};
use super::policy::Policy;
use super::scopes::{self, AnyOf};
use crate::clock::in_words;
use crate::connections::{Caller, Connection, ConnectionError, Connections, Entry, Product};
use crate::zoho::oauth::OAuthError;
use crate::zoho::{Foreign, HostPolicy, ZohoClient};

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// As it should be.
    Ok,
    /// Calls work, but not all of them or not for ever.
    Warn,
    /// Calls fail.
    Fail,
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which check.
    pub check: &'static str,
    /// How it came out.
    pub state: State,
    /// What was seen, in a sentence.
    pub found: String,
    /// The command that mends it, or what to do when no command does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
}

/// The findings about one connection.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The connection's name.
    pub connection: String,
    /// Whose it is.
    pub user: String,
    /// One per check.
    pub findings: Vec<Finding>,
}

/// What a check comes to, still without its name.
pub(super) type Verdict = (State, String, Option<String>);

/// A connection under examination.
pub(super) struct Subject<'a> {
    row: &'a Connection,
    now: i64,
    needed: &'a [AnyOf],
    writing: &'a [(String, Vec<AnyOf>)],
    policy: Policy,
    hosts: &'a HostPolicy,
    wording: &'a Wording,
}

impl Subject<'_> {
    /// The command that connects this very row again.
    fn connect(&self) -> String {
        let row = self.row;
        self.wording.connect(Some(&row.user_id), Some(&row.name), false)
    }

    fn by_self_client(&self) -> String {
        let row = self.row;
        self.wording.by_self_client(&row.user_id, &row.name)
    }

    /// What helps a row whose accounts server may not be used: a consent that takes the place of an unknown one, else
    /// the way to the server it was made at.
    fn reach(&self, server: &Foreign) -> String {
        let (user, name) = (&self.row.user_id, &self.row.name);
        match server {
            Foreign::Unknown => self.wording.connect(Some(user), Some(name), true),
            Foreign::Sandbox { url } => self.wording.connect_at(user, name, url),
            Foreign::Zoho => self.wording.leave_sandbox(),
        }
    }

    /// That there is no organization yet; where no command could store one, that nothing has to be done.
    fn no_organization(&self, id: &str) -> Verdict {
        match self.wording.is_throw_away() {
            true => ok("not stored yet: the next call to Desk finds it"),
            false => warn(
                "not stored yet: the next call to Desk asks for it",
                self.set_org(id),
            ),
        }
    }

    fn set_org(&self, id: &str) -> String {
        self.wording
            .set_organization(&self.row.user_id, &self.row.name, id)
    }

    fn has_crm(&self) -> bool {
        scopes::reach(&self.row.scopes, Product::Crm)
    }

    fn has_desk(&self) -> bool {
        scopes::reach(&self.row.scopes, Product::Desk)
    }
}

/// What an examination looks at.
pub struct Examination<'a> {
    connections: &'a Connections,
    zoho: &'a ZohoClient,
    files: Option<&'a Path>,
    whose: Option<&'a Caller>,
    needed: Vec<AnyOf>,
    writing: Vec<(String, Vec<AnyOf>)>,
    policy: Policy,
    now: i64,
    wording: &'a Wording,
    /// Whether it has been told what ends the rows whose key is lost: told again, it would end those made since.
    has_told_ends: AtomicBool,
}

impl<'a> Examination<'a> {
    /// Of a caller's connections, or everybody's, against what the tools on offer need.
    pub(super) fn new(equipment: &'a Equipment, whose: Option<&'a Caller>) -> Self {
        Examination {
            connections: &equipment.connections,
            zoho: &equipment.zoho,
            files: equipment.files.as_deref(),
            whose,
            needed: equipment
                .catalog()
                .map(scopes::collect_needed)
                .unwrap_or_default(),
            writing: equipment.catalog().map(scopes::of_writing).unwrap_or_default(),
            policy: equipment.catalog().map(Catalog::policy).unwrap_or_default(),
            now: equipment.clock.now(),
            wording: &equipment.wording,
            has_told_ends: AtomicBool::new(false),
        }
    }

    /// The database, as far as the rows could be listed, its key, and where files go.
    pub async fn surroundings(&self, listed: Result<(), &ConnectionError>) -> Vec<Finding> {
        surroundings::check(self, listed).await
    }

    /// That the sandbox in use does not answer, or another server in its place, where that is so.
    pub async fn missing_sandbox(&self) -> Option<Finding> {
        let url = self.zoho.hosts().sandbox()?;
        let error = self.zoho.sandbox_stands_at(&url).await.err()?;
        let outcome = if let OAuthError::SandboxSilent { .. } = error {
            fail(sentence(&error.to_string()), start_sandbox(&url))
        } else {
            let found =
                format!("What answers at {url} is no sandbox: name the address that the command prints.");
            fail(found, start_any_sandbox())
        };
        Some(named("sandbox", outcome))
    }

    /// What Zoho's status page says, which only a person asks for: it is another host.
    pub async fn outages(&self) -> Finding {
        named("status", outages::check(self.zoho, self.wording).await)
    }

    /// The connections it is about.
    ///
    /// # Errors
    /// The database cannot be read, or several users are in it.
    pub async fn listed(&self) -> Result<Vec<Entry>, ConnectionError> {
        match self.whose {
            Some(caller) => self.connections.list(caller).await,
            None => self.connections.list_all().await,
        }
    }

    /// Each of these connections, or those named; `ask` also asks Zoho.
    pub async fn every(&self, entries: Vec<Entry>, named: Option<&str>, ask: bool) -> Vec<Report> {
        let mut reports = Vec::new();
        for entry in entries {
            if named.is_none_or(|name| entry.name == name) {
                reports.push(self.examine(entry, ask).await);
            }
        }
        reports
    }

    /// One row.
    pub async fn examine(&self, entry: Entry, ask: bool) -> Report {
        let (connection, user) = (entry.name.clone(), entry.user_id.clone());
        let findings = match &entry.connection {
            Err(error) => vec![surroundings::unreadable(self, &entry, error).await],
            Ok(row) => {
                let subject = Subject {
                    row,
                    now: self.now,
                    needed: &self.needed,
                    writing: &self.writing,
                    policy: self.policy,
                    hosts: self.zoho.hosts(),
                    wording: self.wording,
                };
                let mut findings = local::check(&subject);
                if ask {
                    for asked in asking::check(self, &subject).await {
                        match findings.iter_mut().find(|known| known.check == asked.check) {
                            Some(known) => *known = asked,
                            None => findings.push(asked),
                        }
                    }
                }
                findings
            }
        };
        Report {
            connection,
            user,
            findings,
        }
    }

    /// That calls name nobody while several users have connections: each is refused, however sound the rows are.
    pub async fn several_users(&self) -> Option<Finding> {
        let error = self.connections.only_user().await.err()?;
        match error {
            ConnectionError::ChooseUser { .. } => Some(named("user", self.nobody_named(&error).await)),
            _ => None,
        }
    }

    /// That nobody is named, and what names the one whose connection was renewed last: that is who was served.
    async fn nobody_named(&self, error: &ConnectionError) -> Verdict {
        let last = match error {
            ConnectionError::ChooseUser { users } => self.renewed_last(users).await,
            _ => None,
        };
        let mut found = format!("{error}; `user` in config.toml says it for every server");
        if let Some(row) = &last {
            let ago = in_words(self.now.abs_diff(row.updated_at));
            found.push_str(&format!(
                ". In use last was `{}` of {}, {ago} ago",
                row.name, row.user_id
            ));
        }
        let user = last.as_ref().map_or("NAME", |row| row.user_id.as_str());
        fail(sentence(&found), self.wording.settle_user(user))
    }

    /// The connection of one of these users that was written last.
    async fn renewed_last(&self, users: &[String]) -> Option<Connection> {
        let all = self.connections.list_all().await.ok()?.into_iter();
        let rows = all.filter_map(|entry| entry.connection.ok());
        rows.filter(|row| users.contains(&row.user_id))
            .max_by_key(|row| row.updated_at)
    }

    /// The finding that there is no connection at all, or none of that name.
    pub fn report_none(&self, user: Option<&str>, name: Option<&str>) -> Finding {
        let command = self.wording.connect(user, name, false);
        named("connection", fail("No Zoho connection found", command))
    }

    /// Why there is no connection of this name.
    pub async fn missing(&self, name: &str) -> Option<String> {
        if let Some(caller) = self.whose {
            let found = self.connections.find(caller, Some(name)).await;
            return found.err().map(|error| error.to_string());
        }
        let all = self.connections.list_all().await.ok()?;
        let all: Vec<String> = all
            .iter()
            .map(|entry| format!("`{}` of {}", entry.name, entry.user_id))
            .collect();
        (!all.is_empty()).then(|| {
            format!(
                "nobody has a connection named `{name}`; there are: {}",
                all.join(", ")
            )
        })
    }
}

fn named(check: &'static str, (state, found, mend): Verdict) -> Finding {
    Finding {
        check,
        state,
        found,
        mend,
    }
}

fn ok(found: impl Into<String>) -> Verdict {
    (State::Ok, found.into(), None)
}

fn warn(found: impl Into<String>, mend: impl Into<String>) -> Verdict {
    (State::Warn, found.into(), Some(mend.into()))
}

fn fail(found: impl Into<String>, mend: impl Into<String>) -> Verdict {
    (State::Fail, found.into(), Some(mend.into()))
}
