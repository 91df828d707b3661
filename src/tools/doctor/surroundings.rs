//! Checks of the database and of the key that seals its secrets.

use std::path::Path;

use super::{Examination, Finding, Verdict, fail, named, ok, warn};
use crate::connections::{ConnectionError, Entry, KeySource, PrivateFile, Unwritable};
use crate::tools::error::sentence;
use crate::tools::mending::quoted;

pub(super) async fn check(
    examination: &Examination<'_>,
    listed: Result<(), &ConnectionError>,
) -> Vec<Finding> {
    vec![
        named("database", database(examination, listed).await),
        named("key", key(examination).await),
    ]
}

async fn database(examination: &Examination<'_>, listed: Result<(), &ConnectionError>) -> Verdict {
    let file = examination.connections.database_file();
    match (listed, &file) {
        (Err(failed @ ConnectionError::Database(error)), _) => fail(
            sentence(&failed.to_string()),
            match examination.connections.unwritable_path() {
                Some(path) => make_writable(&path),
                None => format!("{}.", error.mend.trim_end_matches('.')),
            },
        ),
        (Err(failed @ ConnectionError::ChooseUser { .. }), _) => fail(
            sentence(&failed.to_string()),
            examination.wording.examine_one_user(),
        ),
        (_, file) => match (unwritable(examination).await, file) {
            (Some(verdict), _) => verdict,
            (None, Some(file)) => {
                exposed(file).unwrap_or_else(|| ok(format!("{}, for its owner alone", file.path.display())))
            }
            (None, None) => ok("PostgreSQL answers"),
        },
    }
}

/// Calls go on without it, each process with a token of its own, until Zoho gives no more of them.
async fn unwritable(examination: &Examination<'_>) -> Option<Verdict> {
    Some(match examination.connections.unwritable().await? {
        Unwritable::Path(path) => {
            let shown = path.display();
            let found = format!("this user may not write {shown}: no new token can be kept");
            warn(found, make_writable(&path))
        }
        Unwritable::Refused(error) => {
            let mend = match &error {
                ConnectionError::Database(error) => error.mend.clone(),
                _ => "let this user change rows of zoho_connections".to_owned(),
            };
            warn(
                sentence(&format!("{error}, so that no new token can be kept")),
                sentence(&mend),
            )
        }
    })
}

fn make_writable(path: &Path) -> String {
    format!("chmod u+w {}", quoted(&path.display().to_string()))
}

async fn key(examination: &Examination<'_>) -> Verdict {
    match examination.connections.key().await {
        Ok(None) => ok("none yet: the first connection makes one"),
        Ok(Some((source, id))) => {
            if let Some(exposed) = source.file().as_ref().and_then(exposed) {
                return exposed;
            }
            match source {
                KeySource::File(path) => ok(format!("{id}, from the key file {}", path.display())),
                KeySource::Generated(path) => {
                    ok(format!("{id}, from {}, made beside the database", path.display()))
                }
                KeySource::Keyring(entry) => ok(format!(
                    "{id}, from the operating system's keyring, entry {entry}"
                )),
                KeySource::Value => ok(format!("{id}, from ZOHO_MCP_KEY")),
            }
        }
        Err(ConnectionError::Seal { problem, mend }) => fail(sentence(&problem), sentence(&mend)),
        Err(error) => fail(sentence(&error.to_string()), "see the check of the database"),
    }
}

/// A row whose secrets do not open: with the key at hand a new consent makes it whole, without it only that key helps.
pub(super) async fn unreadable(
    examination: &Examination<'_>,
    entry: &Entry,
    error: &ConnectionError,
) -> Finding {
    let other_key = match error {
        ConnectionError::Seal { problem, mend } if problem.contains("sealed by key") => Some(mend),
        _ => None,
    };
    let key = examination.connections.key().await;
    let has_key = matches!(key, Ok(Some(_)));
    let mend = match (other_key, &key) {
        // No consent could be sealed by it either.
        (None, Err(ConnectionError::Seal { mend, .. })) => sentence(mend),
        (Some(mend), _) if !has_key || mend.contains("is kept in") => sentence(mend),
        _ => examination
            .wording
            .connect(Some(&entry.user_id), Some(&entry.name), false),
    };
    named("connection", fail(sentence(&error.to_string()), mend))
}

/// What others on this machine may do to a private file.
fn exposed(file: &PrivateFile) -> Option<Verdict> {
    let shown = file.path.display();
    let run = |command: &str, path: &Path| format!("{command} {}", quoted(&path.display().to_string()));
    if file.open_to_others {
        let found = format!("{shown} can be read by others on this machine");
        return Some(warn(found, run("chmod 600", &file.path)));
    }
    let directory = file.open_directory.as_deref()?;
    let found = format!("{shown} can be replaced by others on this machine, who may write its directory");
    Some(warn(found, run("chmod go-w", directory)))
}
