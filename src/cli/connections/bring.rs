//! The actions on whole tables: rows of another database, and another key.

use std::path::Path;

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};

use super::Rows;
use crate::cli::{Failure, assemble, client, prompt, terminal};
use crate::connections::{ImportClient, Imported, KeySource, NewConnection, NewKey};
use crate::zoho::{DataCenter, HostKind, HostPolicy};

impl Rows {
    pub(super) async fn import(&self, source: &str) -> Result<(), Failure> {
        let url = match source {
            "-" => prompt::secret("URL of the other database")?,
            given if crate::config::holds_password(given) => {
                return Err("the URL holds a password, which every user of this machine can read: give `-` and write the URL to standard input, or put the password into a PGPASSFILE".into());
            }
            given => SecretString::from(given),
        };
        if let Some(name) = crate::config::find_unread_secret(url.expose_secret()) {
            return Err(format!("`{name}` in the URL is a parameter no database reads").into());
        }
        let client = client::configured(&self.config)?;
        let client = client.map(|client| ImportClient {
            client_id: client.id,
            client_secret: client.secret,
        });
        let hosts = self.zoho.hosts();
        let other = assemble::database(&url)
            .map_err(|_| "the source is written sqlite:PATH or postgres://HOST/NAME")?;
        let outcome = self
            .connections
            .import(&other, client.as_ref(), |row| complete(row, hosts))
            .await?;
        if self.json {
            let rows: Vec<Value> = outcome.iter().map(as_json).collect();
            terminal::print(&Value::Array(rows).to_string());
        } else {
            let rows: Vec<Vec<String>> = outcome.iter().map(as_line).collect();
            terminal::print_table(&["Row", "Name", "Outcome"], rows, |_| None);
        }
        Ok(())
    }

    pub(super) async fn rekey(&self, new_key_file: Option<&Path>) -> Result<(), Failure> {
        let new = match new_key_file {
            Some(path) if path == Path::new("-") => {
                Some(NewKey::Text(prompt::secret_of(path, "the new key")?))
            }
            Some(path) => Some(NewKey::File(path.to_owned())),
            None => None,
        };
        prompt::confirm(&self.rekey_question().await?, self.yes, prompt::SAY_YES)?;
        let done = self.connections.rekey(new.as_ref()).await?;
        let next = match (&done.source, &done.kept) {
            (KeySource::Value, _) => {
                "now put the new key into ZOHO_MCP_KEY, and keep the old one for backups: it opens nothing else any more"
                    .to_owned()
            }
            (KeySource::File(new), KeySource::File(old)) if new_key_file == Some(new.as_path()) => format!(
                "now name {} instead of {} (--key-file, ZOHO_MCP_KEY_FILE), which only backups need any more",
                new.display(),
                old.display()
            ),
            (source, kept) => format!("{} holds the new key, {} the old one for backups", place(source), place(kept)),
        };
        self.print(
            &format!(
                "{} rows sealed anew, key {} instead of {}; {next}.",
                done.rows, done.to, done.from
            ),
            &json!({ "rows": done.rows, "from": done.from, "to": done.to, "kept": place(&done.kept), "next": next }),
        );
        Ok(())
    }

    async fn rekey_question(&self) -> Result<String, Failure> {
        let key = self.connections.key().await?;
        let id = key.map_or_else(|| "in use".to_owned(), |(_, id)| id);
        Ok(format!(
            "Seal every connection with another key? Backups made so far open with the old key alone ({id}), which is kept. \
             Servers that are running and every other host that uses this database need the new key: give it to them, \
             then restart them."
        ))
    }
}

/// Where a key lies, for people.
fn place(source: &KeySource) -> String {
    match source {
        KeySource::File(path) | KeySource::Generated(path) => path.display().to_string(),
        KeySource::Keyring(entry) => format!("the keyring entry {entry}"),
        KeySource::Value => "ZOHO_MCP_KEY".to_owned(),
    }
}

/// Fills in what follows from the data center; refuses a row that names a server no secret may be sent to.
fn complete(row: &mut NewConnection, hosts: &HostPolicy) -> Result<(), String> {
    let center = if row.account.data_center.is_empty() {
        let (accounts, api) = (
            row.account.accounts_url.trim_end_matches('/'),
            row.account.api_domain.trim_end_matches('/'),
        );
        DataCenter::ALL.iter().find(|center| {
            accounts == center.accounts_url() || api.ends_with(&format!(".{}", center.api_domain))
        })
    } else {
        DataCenter::by_code(&row.account.data_center)
    };
    if row.account.accounts_url.is_empty() {
        let center = center.ok_or("names no data center (dc)")?;
        row.account.accounts_url = center.accounts_url();
    }
    let servers = hosts
        .servers(
            row.account.accounts_url.trim_end_matches('/'),
            &row.account.environment,
        )
        .map_err(|error| error.to_string())?;
    row.account.accounts_url = servers.accounts_url;
    row.account.data_center = servers.data_center;
    row.account.desk_url = servers.desk_url;
    if row.account.api_domain.is_empty() {
        row.account.api_domain = servers.api_domain;
    }
    row.account.api_domain = row.account.api_domain.trim_end_matches('/').to_owned();
    let known = hosts.check(&row.account.api_domain, HostKind::Api);
    known.map(drop).map_err(|error| error.to_string())
}

fn as_json(outcome: &Imported) -> Value {
    match outcome {
        Imported::Added { user_id, name } => json!({ "outcome": "added", "user": user_id, "name": name }),
        Imported::Known { user_id, name } => json!({ "outcome": "known", "user": user_id, "name": name }),
        Imported::Skipped { row, reason } => json!({ "outcome": "skipped", "row": row, "reason": reason }),
    }
}

fn as_line(outcome: &Imported) -> Vec<String> {
    match outcome {
        Imported::Added { user_id, name } => vec![user_id.clone(), name.clone(), "added".to_owned()],
        Imported::Known { user_id, name } => vec![user_id.clone(), name.clone(), "here already".to_owned()],
        Imported::Skipped { row, reason } => {
            vec![row.clone(), String::new(), format!("left out: it {reason}")]
        }
    }
}
