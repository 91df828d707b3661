//! The actions that change one row.

use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::Rows;
use crate::cli::Failure;
use crate::cli::{apart, prompt, terminal};
use crate::connections::{Connection, ConnectionError, Entry, KEYRING_SERVICE, OrgSource, check_name};
use crate::zoho::oauth::OAuthError;

const END_AT_ZOHO: &str = "End it in your Zoho account under Security, Connected apps.";

impl Rows {
    /// The row of that name, to be changed: also one that can no longer be used.
    async fn named(&self, name: &str) -> Result<Connection, Failure> {
        self.named_or_used(Some(name)).await
    }

    /// The connection of this name, or the one that calls use where none is named.
    async fn named_or_used(&self, name: Option<&str>) -> Result<Connection, Failure> {
        let name = name.or(self.config.said.connection.as_deref());
        let row = self.connections.find(&self.caller(), name).await?;
        apart::spare_row(&self.zoho, &row.name, &row.account.accounts_url)?;
        Ok(row)
    }

    pub(super) async fn make_default(&self, name: &str) -> Result<(), Failure> {
        let row = self.named(name).await?;
        self.connections.set_default(&row.user_id, row.id).await?;
        self.print(
            &format!("Calls of {} use {name} now.", row.user_id),
            &json!({ "default": name, "user": row.user_id }),
        );
        Ok(())
    }

    pub(super) async fn rename(&self, name: &str, new_name: &str) -> Result<(), Failure> {
        check_name(new_name)?;
        let row = self.named(name).await?;
        self.connections.rename(&row.user_id, row.id, new_name).await?;
        self.print(
            &format!("{name} is called {new_name} now."),
            &json!({ "renamed": name, "name": new_name, "user": row.user_id }),
        );
        Ok(())
    }

    /// Asks Zoho which organizations there are: only one of them is written.
    pub(super) async fn set_org(&self, name: Option<&str>, id: Option<&str>) -> Result<(), Failure> {
        // A number that no connection is called is that of an organization.
        let (name, id) = match (name, id) {
            (Some(one), None)
                if one.bytes().all(|byte| byte.is_ascii_digit()) && self.entry(one).await.is_err() =>
            {
                (None, Some(one))
            }
            both => both,
        };
        let row = self.named_or_used(name).await?;
        let organizations = self.zoho.organizations(row.clone()).await?;
        let list: Vec<String> = organizations
            .iter()
            .map(|item| format!("{}  {}", item.id, item.name.as_deref().unwrap_or("unnamed")))
            .collect();
        let found = match id {
            Some(id) => organizations.iter().find(|item| item.id == id),
            None if organizations.is_empty() => None,
            None => organizations.get(prompt::choose("Which organization", &list, 0)?),
        };
        let Some(organization) = found else {
            return Err(match (id, list.as_slice()) {
                (_, []) => "Zoho Desk lists no organization for this account".into(),
                (id, list) => format!(
                    "this account has no Desk organization {}; it has:\n  {}",
                    id.unwrap_or_default(),
                    list.join("\n  ")
                )
                .into(),
            });
        };
        let chosen = organization.into_stored(OrgSource::User);
        let row = self.connections.set_desk_org(row.id, &chosen).await?;
        self.print_one(&row);
        Ok(())
    }

    /// Ends the connection of that name, or without a name every one of the caller's: the token at Zoho first, for a row that
    /// is gone could not do it any more.
    pub(super) async fn remove(&self, name: Option<&str>) -> Result<(), Failure> {
        let entries = match name {
            Some(name) => vec![self.entry(name).await?],
            None => self.connections.list(&self.caller()).await?,
        };
        for entry in &entries {
            let server = self
                .connections
                .accounts_server(&entry.user_id, &entry.name)
                .await?;
            apart::spare_row(&self.zoho, &entry.name, &server.unwrap_or_default())?;
        }
        prompt::confirm(&self.what_ends(&entries).await?, self.yes, prompt::SAY_YES)?;
        let mut ended: Vec<(&Entry, bool)> = Vec::new();
        let mut failure = None;
        for entry in &entries {
            // A token that several hold ends once.
            let mut earlier = ended.iter().filter(|(earlier, _)| share_a_token(earlier, entry));
            let revoked = match earlier.next() {
                Some((_, revoked)) => *revoked,
                None => self.revoked(entry).await,
            };
            if let Err(error) = self.connections.remove(&entry.user_id, entry.id).await {
                let left = entries.iter().skip(ended.len());
                tell_left(left, revoked.then_some(entry), &ended);
                failure = Some(error);
                break;
            }
            ended.push((entry, revoked));
        }
        self.print_ended(name, &ended);
        // A token that lives may be in a backup that the key opens.
        if ended.iter().all(|(_, revoked)| *revoked) {
            match self.connections.forget_unneeded_key().await {
                Ok(Some(entry)) => terminal::tell(&format!(
                    "The keyring's entry `{KEYRING_SERVICE}` for {entry} is gone, too."
                )),
                Ok(None) => {}
                Err(error) => terminal::tell(&format!(
                    "The keyring keeps its entry `{KEYRING_SERVICE}`: {error}"
                )),
            }
        }
        failure.map_or(Ok(()), |error| Err(error.into()))
    }

    /// What has ended; nothing where nothing has.
    fn print_ended(&self, name: Option<&str>, ended: &[(&Entry, bool)]) {
        let names: Vec<&str> = ended.iter().map(|(entry, _)| entry.name.as_str()).collect();
        let removed = match names.as_slice() {
            [] => return,
            [name] => format!("{name} is removed."),
            names => format!("{} are removed.", names.join(", ")),
        };
        let each = ended.iter().map(
            |(entry, revoked)| json!({ "removed": entry.name, "user": entry.user_id, "revoked": revoked }),
        );
        let each: Vec<Value> = each.collect();
        let told = match (name, each.as_slice()) {
            (Some(_), [one]) => one.clone(),
            (_, all) => json!({ "connections": all }),
        };
        self.print(&removed, &told);
    }

    /// The question before connections end.
    async fn what_ends(&self, entries: &[Entry]) -> Result<String, Failure> {
        let [first, others @ ..] = entries else {
            return Err(ConnectionError::NoConnection.into());
        };
        let mut with_them = self.sharing_the_token(first).await?;
        with_them.retain(|name| others.iter().all(|entry| entry.name != *name));
        let shared = if with_them.is_empty() {
            String::new()
        } else {
            let names = with_them.join(", ");
            format!(" The same token is held by {names}, which end with it.")
        };
        let names: Vec<&str> = entries.iter().map(|entry| entry.name.as_str()).collect();
        let (what, it, ends) = if others.is_empty() {
            ("the connection", "it", "Its token ends")
        } else {
            ("the connections", "them", "Their tokens end")
        };
        Ok(format!(
            "End {what} {} of {} at Zoho and delete {it}? {ends} for good, on every machine and in every copy of this \
             database: only a new consent (zoho-mcp connect) brings {it} back.{shared}",
            names.join(", "),
            first.user_id
        ))
    }

    /// Whether the token could be revoked; why not is told.
    async fn revoked(&self, entry: &Entry) -> bool {
        let revoked = match &entry.connection {
            Ok(row) => self.revoke(row).await,
            Err(error) => Err(format!("its token cannot be opened ({error}). {END_AT_ZOHO}")),
        };
        if let Err(reason) = &revoked {
            terminal::tell(&format!("The token of {} was not revoked: {reason}", entry.name));
        }
        revoked.is_ok()
    }

    async fn entry(&self, name: &str) -> Result<Entry, Failure> {
        let entries = self.connections.list(&self.caller()).await?;
        match entries.into_iter().find(|entry| entry.name == name) {
            Some(entry) => Ok(entry),
            None => match self.named(name).await {
                Ok(_) => Err(ConnectionError::NoConnection.into()),
                Err(error) => Err(error),
            },
        }
    }

    /// The names of the caller's other rows with the same refresh token.
    async fn sharing_the_token(&self, entry: &Entry) -> Result<Vec<String>, Failure> {
        let entries = self.connections.list(&self.caller()).await?;
        let others = entries
            .iter()
            .filter(|other| other.id != entry.id && share_a_token(other, entry));
        Ok(others.map(|other| other.name.clone()).collect())
    }

    /// Why it failed comes with what to do, as the end of a sentence and the next.
    async fn revoke(&self, row: &Connection) -> Result<(), String> {
        let Some(token) = row.refresh_token.as_ref().or(row.access_token.as_ref()) else {
            return Ok(());
        };
        let revoked = self.zoho.revoke(&row.account.accounts_url, token).await;
        revoked.map_err(|error| match error {
            OAuthError::HostRefused { .. } => format!("{error}."),
            error => format!("{error}. {END_AT_ZOHO}"),
        })
    }
}

/// Tells which connections are still here where one could not be deleted, and which of them hold a token that has ended.
fn tell_left<'e>(left: impl Iterator<Item = &'e Entry>, revoked: Option<&Entry>, ended: &[(&Entry, bool)]) {
    let earlier = ended
        .iter()
        .filter(|(_, revoked)| *revoked)
        .map(|(entry, _)| *entry);
    let dead: Vec<&Entry> = revoked.into_iter().chain(earlier).collect();
    let names = left.map(|entry| {
        let is_dead = dead
            .iter()
            .any(|one| one.id == entry.id || share_a_token(one, entry));
        match is_dead {
            true => format!("{} (its token has ended at Zoho)", entry.name),
            false => entry.name.clone(),
        }
    });
    let names: Vec<String> = names.collect();
    terminal::tell(&format!("Not removed: {}.", names.join(", ")));
}

fn share_a_token(one: &Entry, other: &Entry) -> bool {
    token(one).is_some() && token(one) == token(other)
}

fn token(entry: &Entry) -> Option<&str> {
    let row = entry.connection.as_ref().ok()?;
    row.refresh_token.as_ref().map(ExposeSecret::expose_secret)
}
