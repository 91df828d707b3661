//! Checks of the database and of the key that seals its secrets.

use std::path::Path;

use super::{Examination, Finding, State, Verdict, fail, named, ok, warn};
use crate::connections::{ConnectionError, Entry, KeySource, PrivateFile, Unwritable};
use crate::tools::error::sentence;
use crate::tools::files;
use crate::tools::mending::rights::{self, Locked, unlock};

/// What names another database.
const OTHER_DATABASE: &str = "--database-url";

pub(super) async fn check(
    examination: &Examination<'_>,
    listed: Result<(), &ConnectionError>,
) -> Vec<Finding> {
    let mut findings = vec![
        named("database", database(examination, listed).await),
        named("key", key(examination).await),
    ];
    findings.extend(
        examination
            .files
            .map(|place| named("files", place_of_files(place))),
    );
    findings
}

/// Where calls write attachments and exports; the directory itself is made by the first of them.
fn place_of_files(place: &Path) -> Verdict {
    let shown = place.display().to_string();
    let above = place.parent().unwrap_or(place);
    match place.metadata() {
        Ok(about) if !about.is_dir() => warn(
            format!("{shown} is no directory: no file can be written"),
            "name a directory with --files (ZOHO_MCP_FILES)",
        ),
        Ok(_) if !files::takes_files(place) => {
            let Locked { because, mend } = unlock(place, "--files");
            warn(
                format!("this user may not write {shown}{because}: no file can be written"),
                mend,
            )
        }
        Ok(_) => ok(format!("{shown} can be written")),
        Err(_) if files::takes_files(above) => {
            ok(format!("{shown}, which the first file that is written makes"))
        }
        Err(_) => warn(
            format!("{shown} does not exist and cannot be made: no file can be written"),
            rights::make(place),
        ),
    }
}

async fn database(examination: &Examination<'_>, listed: Result<(), &ConnectionError>) -> Verdict {
    let file = examination.connections.database_file();
    match (listed, &file) {
        (Err(ConnectionError::Database(error)), _) => {
            let found = about(&error.database, &error.problem);
            match examination.connections.unwritable_path() {
                Some(path) => {
                    let Locked { because, mend } = unlock(&path, OTHER_DATABASE);
                    let because = match because.is_empty() {
                        true => because,
                        false => format!(" What is in the way is {}{because}.", path.display()),
                    };
                    fail(format!("{found}{because}"), mend)
                }
                None => fail(found, format!("{}.", error.mend.trim_end_matches('.'))),
            }
        }
        (Err(failed @ ConnectionError::ChooseUser { .. }), _) => examination.nobody_named(failed),
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
            let Locked { because, mend } = unlock(&path, OTHER_DATABASE);
            warn(
                format!("this user may not write {shown}{because}: no new token can be kept"),
                mend,
            )
        }
        Unwritable::Refused(error) => {
            let (found, mend) = match &error {
                ConnectionError::Database(error) => {
                    (about(&error.database, &error.problem), error.mend.clone())
                }
                error => (
                    sentence(&error.to_string()),
                    "let this user change rows of zoho_connections".to_owned(),
                ),
            };
            warn(format!("{found} No new token can be kept."), sentence(&mend))
        }
    })
}

/// What is wrong with the database, without what mends it: that is told by itself.
fn about(database: &str, problem: &str) -> String {
    sentence(&format!("the connection database {database}: {problem}"))
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
        Err(_) => (
            State::Warn,
            "not looked at: what is wrong with the database comes first".to_owned(),
            None,
        ),
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
    let (user, name) = (&entry.user_id, &entry.name);
    let again = examination.wording.connect(Some(user), Some(name), false);
    let mend = match (other_key, &key) {
        // No consent could be sealed by it either.
        (None, Err(ConnectionError::Seal { mend, .. })) => sentence(mend),
        (Some(mend), _) if mend.contains("is kept in") => sentence(mend),
        (Some(mend), _) if has_key => format!("{mend}; where it is lost:\n{again}"),
        (Some(mend), _) => format!(
            "{mend}; where it is lost:\n{}\n{again}",
            examination.wording.remove(user, name)
        ),
        _ => again,
    };
    let found = match error {
        ConnectionError::Seal { problem, .. } => sentence(problem),
        ConnectionError::Database(error) => about(&error.database, &error.problem),
        error => sentence(&error.to_string()),
    };
    named("connection", fail(found, mend))
}

/// What others on this machine may do to a private file.
fn exposed(file: &PrivateFile) -> Option<Verdict> {
    let shown = file.path.display();
    if file.open_to_others {
        let found = format!("{shown} can be read by others on this machine");
        return Some(warn(found, rights::close(&file.path)));
    }
    let directory = file.open_directory.as_deref()?;
    let found = format!("{shown} can be replaced by others on this machine, who may write its directory");
    Some(warn(found, rights::close_directory(directory)))
}
