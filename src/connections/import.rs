//! Bringing over the rows of another program.

use secrecy::{ExposeSecret, SecretString};

use super::connection::{Account, DeskOrganization, NewConnection, OrgSource};
use super::error::ConnectionError;
use super::naming::check_name;
use super::store::NewRow;
use super::{Caller, Connections};
use crate::database::{Database, Opened, PlainRow};

/// The OAuth client of rows that do not carry their own.
#[derive(Debug, Clone)]
pub struct ImportClient {
    /// OAuth client id.
    pub client_id: String,
    /// OAuth client secret.
    pub client_secret: SecretString,
}

/// What became of one row of the other database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    /// Sealed and stored under this user and name.
    Added {
        /// Whose it is.
        user_id: String,
        /// What it is called.
        name: String,
    },
    /// This user has it already.
    Known {
        /// Whose it is.
        user_id: String,
        /// What it is called.
        name: String,
    },
    /// Left out.
    Skipped {
        /// Number of the row in the other database, or its position.
        row: String,
        /// What it lacks.
        reason: String,
    },
}

impl Connections {
    /// Brings plain-text rows of another program's `zoho_connections` over and seals them. `complete` fills
    /// in what follows from the data center (servers) and may refuse a row. Running it again adds nothing
    /// twice.
    ///
    /// # Errors
    /// Either database cannot be read or written; what is wrong with a single row is told in its place.
    pub async fn import(
        &self,
        source: &Database,
        client: Option<&ImportClient>,
        complete: impl Fn(&mut NewConnection) -> Result<(), String>,
    ) -> Result<Vec<Imported>, ConnectionError> {
        let rows = Opened::open_to_read(source)
            .await?
            .plain_rows("zoho_connections")
            .await?;
        let mut outcome = Vec::with_capacity(rows.len());
        for (position, row) in rows.iter().enumerate() {
            let number = text(row, &["id"]).unwrap_or_else(|| format!("#{}", position + 1));
            let new = read(row, &number, client).and_then(|mut new| complete(&mut new).map(|()| new));
            let new = new.and_then(|new| match check_name(&new.name) {
                Ok(()) => Ok(new),
                Err(rule) => Err(format!("has no name that can be used: {rule}")),
            });
            outcome.push(match new {
                Err(reason) => Imported::Skipped { row: number, reason },
                Ok(new) => self.import_row(&new, row).await?,
            });
        }
        Ok(outcome)
    }

    async fn import_row(&self, new: &NewConnection, row: &PlainRow) -> Result<Imported, ConnectionError> {
        let (user_id, name) = (new.user_id.clone(), new.name.clone());
        let token = new.refresh_token.as_ref().map(ExposeSecret::expose_secret);
        let entries = self.list(&Caller::User(user_id.clone())).await?;
        for entry in &entries {
            let held = entry
                .connection
                .as_ref()
                .ok()
                .and_then(|held| held.refresh_token.as_ref());
            if entry.name == name || (token.is_some() && held.map(ExposeSecret::expose_secret) == token) {
                return Ok(Imported::Known {
                    user_id,
                    name: entry.name.clone(),
                });
            }
        }
        let now = self.clock.now();
        let created_at = text(row, &["created_at", "createdat"])
            .and_then(|text| epoch(&text))
            .unwrap_or(now);
        let row = NewRow {
            new,
            consent: super::saving::new_consent()?,
            now,
            created_at,
            of_any_server: false,
        };
        self.save_row(&row).await?;
        Ok(Imported::Added { user_id, name })
    }
}

fn read(row: &PlainRow, number: &str, client: Option<&ImportClient>) -> Result<NewConnection, String> {
    let needed =
        |names: &[&str]| text(row, names).ok_or_else(|| format!("has no {}", names.first().unwrap_or(&"")));
    let secret = |names: &[&str]| text(row, names).map(SecretString::from);
    let refresh_token = secret(&["refresh_token", "refreshtoken"]);
    let access_token = secret(&["access_token", "accesstoken"]);
    if refresh_token
        .as_ref()
        .or(access_token.as_ref())
        .is_some_and(|token| token.expose_secret().starts_with("v1."))
    {
        return Err("is sealed already: use the database as it is".to_owned());
    }
    if refresh_token.is_none() {
        return Err("has no refresh_token: connect again".to_owned());
    }
    let client_id =
        text(row, &["client_id", "clientid"]).or_else(|| client.map(|client| client.client_id.clone()));
    let client_secret = secret(&["client_secret", "clientsecret"])
        .or_else(|| client.map(|client| client.client_secret.clone()));
    let desk_org = text(row, &["desk_org_id", "deskorgid", "org_id"]).map(|id| DeskOrganization {
        id,
        name: text(row, &["desk_org_name"]),
        portal: text(row, &["desk_portal", "deskportal"]),
        source: text(row, &["desk_org_source"])
            .and_then(|word| OrgSource::parse(&word))
            .unwrap_or(OrgSource::User),
    });
    Ok(NewConnection {
        user_id: needed(&["user_id", "userid"])?,
        name: text(row, &["name"]).unwrap_or_else(|| format!("imported-{number}")),
        account: Account {
            data_center: text(row, &["dc", "data_center", "location"])
                .unwrap_or_default()
                .to_lowercase(),
            environment: text(row, &["environment"]).unwrap_or_else(|| "production".to_owned()),
            accounts_url: text(row, &["accounts_url", "accounts_server"]).unwrap_or_default(),
            api_domain: text(row, &["api_domain", "apidomain"]).unwrap_or_default(),
            desk_url: text(row, &["desk_url"]).unwrap_or_default(),
            client_id: client_id.ok_or("has no client_id: give the OAuth client")?,
            client_secret: client_secret.ok_or("has no client_secret: give the OAuth client")?,
        },
        token_expires_at: text(row, &["token_expires_at", "tokenexpiresat", "expires_at"])
            .and_then(|text| epoch(&text)),
        access_token,
        refresh_token,
        scopes: text(row, &["scopes", "scope"])
            .map(|scopes| words(&scopes))
            .unwrap_or_default(),
        desk_org,
        crm_org_id: text(row, &["crm_org_id"]),
    })
}

fn text(row: &PlainRow, names: &[&str]) -> Option<String> {
    let found = names.iter().find_map(|name| row.get(*name))?.trim();
    (!found.is_empty()).then(|| found.to_owned())
}

fn words(text: &str) -> Vec<String> {
    text.split(|sign: char| sign.is_whitespace() || ",[]\"{}".contains(sign))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A moment as other programs write it: epoch seconds or milliseconds, or ISO 8601, without an offset read as
/// UTC.
fn epoch(text: &str) -> Option<i64> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    if let Ok(number) = whole.parse::<i64>() {
        return Some(if number > 100_000_000_000 {
            number / 1000
        } else {
            number
        });
    }
    let moment = text.replacen(' ', "T", 1);
    let zoned = moment.parse::<jiff::Timestamp>().ok();
    let civil = || jiff::tz::TimeZone::UTC.to_timestamp(moment.parse().ok()?).ok();
    zoned.or_else(civil).map(jiff::Timestamp::as_second)
}
