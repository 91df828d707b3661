//! The folders of assistants, as `assistants.json` writes them: `{home}` and `{config}` are the person's own, `$NAME` is
//! what that variable names, and a part with `*` is every directory whose name begins so.

use std::fs;
use std::path::PathBuf;

use crate::config::Homes;

/// The folders an assistant may read, the one it prefers first. Where a variable says it, it is said.
pub(super) fn find_folders(written: &[String], homes: &Homes) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for place in written {
        let Some(found) = find(place, homes) else {
            continue;
        };
        if place.contains('*') {
            folders.extend(matching(place, found));
            continue;
        }
        folders.push(found);
        if place.starts_with('$') {
            break;
        }
    }
    folders
}

/// The place that is written; none where its variable is not set.
pub(super) fn find(written: &str, homes: &Homes) -> Option<PathBuf> {
    let (start, rest) = written.split_once('/').unwrap_or((written, ""));
    let folder = match start.strip_prefix('$') {
        Some(variable) => homes.named(variable)?,
        None if start == "{config}" => homes.config.clone(),
        None => homes.home.clone(),
    };
    Some(match rest {
        "" => folder,
        rest => folder.join(rest),
    })
}

/// The directories of one place with a `*`.
fn matching(written: &str, found: PathBuf) -> Vec<PathBuf> {
    let below = written.split('/').skip_while(|part| !part.contains('*')).count();
    let Some(pattern) = found.ancestors().nth(below.saturating_sub(1)) else {
        return Vec::new();
    };
    let rest = found.strip_prefix(pattern).map(PathBuf::from).unwrap_or_default();
    let name = pattern.file_name().unwrap_or_default().to_string_lossy();
    let begins = name.trim_end_matches('*');
    let listed = pattern.parent().and_then(|around| fs::read_dir(around).ok());
    let directories = listed.into_iter().flatten().flatten().map(|entry| entry.path());
    let named = directories.filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(begins) && path.is_dir()
    });
    let mut named: Vec<PathBuf> = named.map(|path| path.join(&rest)).collect();
    named.sort();
    named
}
