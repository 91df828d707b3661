//! Checks of the database and of the key that seals its secrets.

use std::path::Path;
use std::sync::atomic::Ordering;

use super::{Examination, Finding, State, Verdict, fail, named, ok, warn};
use crate::connections::{ConnectionError, Entry, KeySource, PrivateFile, Unwritable};
use crate::regular::remedy::Remedy;
use crate::tools::error::sentence;
use crate::tools::files;
use crate::tools::mending::quoted;
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
            format!("{shown} is no directory: no file can be written; --files names another place"),
            format!("{} && mkdir {}", rights::move_away(place), quoted(&shown)),
        ),
        Ok(_) if !files::takes_files(place) => {
            let Locked { because, mend } = unlock(&[place.to_owned()], "--files");
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
            let found = sentence(&error.found());
            match &error.remedy {
                Some(remedy) => {
                    let steps = examination.wording.steps(remedy);
                    fail(format!("{found}{}", steps.because), steps.lines())
                }
                None => fail(found, sentence(&error.mend)),
            }
        }
        (Err(failed @ ConnectionError::ChooseUser { .. }), _) => examination.nobody_named(failed).await,
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
        Unwritable::Paths(paths) => {
            let shown = paths
                .first()
                .map(|path| path.display().to_string())
                .unwrap_or_default();
            let Locked { because, mend } = unlock(&paths, OTHER_DATABASE);
            warn(
                format!("this user may not write {shown}{because}: no new token can be kept"),
                mend,
            )
        }
        Unwritable::Refused(error) => {
            let (found, mend) = match &error {
                ConnectionError::Database(error) => (sentence(&error.found()), error.mend.clone()),
                error => (
                    sentence(&error.to_string()),
                    "let this user change rows of zoho_connections".to_owned(),
                ),
            };
            warn(format!("{found} No new token can be kept."), sentence(&mend))
        }
    })
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
        Err(error @ ConnectionError::Seal { .. }) => sealed(examination, &error).await,
        Err(_) => (
            State::Warn,
            "not looked at: what is wrong with the database comes first".to_owned(),
            None,
        ),
    }
}

/// Why the key does not serve.
async fn sealed(examination: &Examination<'_>, error: &ConnectionError) -> Verdict {
    let mend = match (error.remedy(), error) {
        (Some(remedy), _) => {
            let steps = examination.wording.steps(remedy);
            match remedy {
                Remedy::ReplaceKey { is_named, .. } => steps.going_on(anew(examination, !is_named).await),
                _ => steps,
            }
            .lines()
        }
        (None, ConnectionError::Seal { mend, .. }) => sentence(mend),
        (None, _) => return (State::Fail, sentence(&error.to_string()), None),
    };
    fail(sentence(&error.found()), mend)
}

/// What begins anew where the key of the rows is lost. A key is made where there is no row of another: first all end.
async fn anew(examination: &Examination<'_>, ends: bool) -> Vec<String> {
    let lost = lost(examination).await;
    let wording = examination.wording;
    let mut commands = Vec::new();
    if ends {
        commands.extend(lost.iter().map(|row| wording.remove(&row.user_id, &row.name)));
    }
    commands.extend(
        lost.iter()
            .map(|row| wording.connect(Some(&row.user_id), Some(&row.name), false)),
    );
    commands
}

/// The rows whose secrets do not open: in a file those of everybody, for one key seals them.
async fn lost(examination: &Examination<'_>) -> Vec<Entry> {
    let connections = examination.connections;
    let rows = match connections.database_file() {
        Some(_) => connections.list_all().await,
        None => examination.listed().await,
    };
    let rows = rows.unwrap_or_default().into_iter();
    rows.filter(|row| row.connection.is_err()).collect()
}

/// A row whose secrets do not open: with the key at hand a new consent makes it whole, without it only that key helps. Where it
/// is lost, the first of several rows says what ends all of them.
pub(super) async fn unreadable(
    examination: &Examination<'_>,
    entry: &Entry,
    error: &ConnectionError,
) -> Finding {
    let key = examination.connections.key().await;
    let again = || {
        let (user, name) = (&entry.user_id, &entry.name);
        examination.wording.connect(Some(user), Some(name), false)
    };
    let mend = match (error, &key) {
        (ConnectionError::Seal { remedy: Some(_), .. }, Ok(_)) => {
            return named("connection", sealed(examination, error).await);
        }
        (
            ConnectionError::Seal {
                mend,
                is_other_key: true,
                ..
            },
            _,
        ) => {
            let has_key = matches!(key, Ok(Some(_)));
            let is_first = || !examination.has_told_ends.swap(true, Ordering::Relaxed);
            let ends = match !has_key && is_first() {
                true => lost(examination).await,
                false => Vec::new(),
            };
            let ends = ends
                .iter()
                .map(|row| examination.wording.remove(&row.user_id, &row.name));
            let commands = ends.chain([again()]).collect::<Vec<_>>().join("\n");
            format!(
                "{}; where it is lost:\n{commands}",
                sentence(mend).trim_end_matches('.')
            )
        }
        // No consent could be sealed by it either.
        (_, Err(ConnectionError::Seal { .. })) => KEY_FIRST.to_owned(),
        _ => again(),
    };
    let found = sentence(&error.found());
    named("connection", fail(found, mend))
}

/// What helps a row where the key is at fault: said twice, the commands would be pasted twice.
pub const KEY_FIRST: &str = "mend the key first, as the check `key` says";

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
