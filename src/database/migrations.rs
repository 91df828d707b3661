//! The files of `migrations/`, put into the binary by the build script: `sqlite/0001_name.up.sql`.

use std::borrow::Cow;

use sqlx::AssertSqlSafe;
use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};

include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// The migrations of one database, by their folder.
pub(super) fn of(folder: &str) -> Migrator {
    let names = FILES.iter().filter_map(|(path, sql)| {
        let name = path.strip_prefix(folder)?.strip_prefix('/')?;
        migration(name, sql)
    });
    Migrator {
        migrations: Cow::Owned(names.collect()),
        ..Migrator::DEFAULT
    }
}

fn migration(name: &'static str, sql: &'static str) -> Option<Migration> {
    let kind = MigrationType::from_filename(name);
    let (version, description) = name.strip_suffix(kind.suffix())?.split_once('_')?;
    Some(Migration::new(
        version.parse().ok()?,
        Cow::Owned(description.replace('_', " ")),
        kind,
        AssertSqlSafe(sql).into_sql_str(),
        false,
    ))
}

/// The newest version among them.
pub(super) fn latest(migrations: &Migrator) -> i64 {
    migrations
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or(0)
}
