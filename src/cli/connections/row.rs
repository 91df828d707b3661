//! One connection as it is shown: never a secret.

use serde_json::{Map, Value, json};

use crate::cli::page::Look;
use crate::cli::paint::Mark;
use crate::connections::{Connection, Entry, Standing};

/// The heads of a list.
pub(in crate::cli) const COLUMNS: [&str; 7] = [
    "",
    "User",
    "Name",
    "Data center",
    "Desk organization",
    "Status",
    "Connected",
];

/// One line of a list; `*` marks the connection that calls use.
pub(in crate::cli) fn line(entry: &Entry, in_use: bool, look: &Look) -> Vec<String> {
    let mark = if in_use { "*" } else { "" }.to_owned();
    match &entry.connection {
        Ok(connection) => vec![
            mark,
            entry.user_id.clone(),
            entry.name.clone(),
            connection.account.data_center.clone(),
            organization(connection),
            state(connection, look.now()),
            look.age(connection.created_at),
        ],
        Err(error) => vec![
            mark,
            entry.user_id.clone(),
            entry.name.clone(),
            String::new(),
            String::new(),
            error.to_string(),
            String::new(),
        ],
    }
}

/// One connection as pairs for people.
pub(in crate::cli) fn facts(connection: &Connection, look: &Look) -> Vec<Vec<String>> {
    let pair = |name: &str, value: String| vec![name.to_owned(), value];
    vec![
        pair("Row", connection.id.to_string()),
        pair("User", connection.user_id.clone()),
        pair("Name", connection.name.clone()),
        pair("Data center", connection.account.data_center.clone()),
        pair("Desk organization", organization(connection)),
        pair("Desk portal", connection.desk_portal.clone().unwrap_or_default()),
        pair(
            "CRM organization",
            connection
                .crm_org_name
                .clone()
                .or(connection.crm_org_id.clone())
                .unwrap_or_default(),
        ),
        pair("Status", state(connection, look.now())),
        pair("Scopes", connection.scopes.join(" ")),
        pair("Connected", look.moment(connection.created_at)),
    ]
}

/// One connection for programs.
pub(in crate::cli) fn describe(connection: &Connection, now: i64) -> Value {
    let known = json!({
        "id": connection.id,
        "user": connection.user_id,
        "name": connection.name,
        "is_default": connection.is_default,
        "data_center": connection.account.data_center,
        "environment": connection.account.environment,
        "accounts_url": connection.account.accounts_url,
        "api_domain": connection.account.api_domain,
        "desk_url": connection.account.desk_url,
        "client_id": connection.account.client_id,
        "status": connection.status.as_str(),
        "status_reason": connection.status_reason,
        "token_seconds_left": connection.seconds_left(now),
        "has_refresh_token": connection.refresh_token.is_some(),
        "scopes": connection.scopes,
        "desk_org_id": connection.desk_org_id,
        "desk_org_name": connection.desk_org_name,
        "desk_org_source": connection.desk_org_source.map(crate::connections::OrgSource::as_str),
        "desk_portal": connection.desk_portal,
        "crm_org_id": connection.crm_org_id.as_deref().filter(|id| !id.is_empty()),
        "crm_org_name": connection.crm_org_name,
        "key_id": connection.key_id,
        "created_at": date(connection.created_at),
        "updated_at": date(connection.updated_at),
    });
    match known {
        Value::Object(members) => {
            let told = members.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(told.collect::<Map<_, _>>())
        }
        other => other,
    }
}

fn organization(connection: &Connection) -> String {
    match (&connection.desk_org_id, &connection.desk_org_name) {
        (Some(id), Some(name)) => format!("{id}  {name}"),
        (Some(id), None) => id.clone(),
        (None, _) => "not found yet".to_owned(),
    }
}

/// How a status begins.
const ACTIVE: &str = "active";
const ENDED: &str = "ended";
const UNUSABLE: &str = "unusable";

/// How a status is painted.
pub(in crate::cli) fn mark(text: &str) -> Option<Mark> {
    match text.split_once([',', ' '])?.0 {
        ACTIVE => Some(Mark::Green),
        ENDED | UNUSABLE => Some(Mark::Red),
        _ => None,
    }
}

fn state(connection: &Connection, now: i64) -> String {
    match connection.standing(now) {
        Standing::Refused(reason) => {
            let reason = reason.unwrap_or("refused by Zoho");
            format!("{UNUSABLE} ({reason}): connect again")
        }
        Standing::Valid(left) => format!("{ACTIVE}, token for {} min", left.max(0) / 60),
        Standing::Waiting(..) | Standing::Renewable => format!("{ACTIVE}, the next call renews the token"),
        Standing::Ended => format!("{ENDED}, no refresh token: connect again"),
    }
}

fn date(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| String::new(), |moment| moment.to_string())
}
