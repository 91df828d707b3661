use std::collections::HashMap;

use sqlx::{Column, Row, ValueRef};

use super::{Pool, Store};
use crate::connections::error::ConnectionError;

/// One row of a `zoho_connections` table written by another program: its columns by name, as text, nulls left
/// out.
pub(crate) type PlainRow = HashMap<String, String>;

impl Store {
    /// Reads every row whatever its columns are, oldest first when the table says so.
    pub(crate) async fn plain_rows(&self) -> Result<Vec<PlainRow>, ConnectionError> {
        match &self.pool {
            Pool::Sqlite(pool) => {
                let rows = sqlx::query("SELECT * FROM zoho_connections ORDER BY rowid")
                    .fetch_all(pool)
                    .await;
                let rows = rows.map_err(|error| self.explain(&error))?;
                Ok(rows.iter().map(sqlite_row).collect())
            }
            Pool::Postgres(pool) => {
                let rows: Vec<String> = sqlx::query_scalar(
                    "SELECT to_jsonb(z)::text FROM zoho_connections z ORDER BY to_jsonb(z)->'id'",
                )
                .fetch_all(pool)
                .await
                .map_err(|error| self.explain(&error))?;
                Ok(rows.iter().map(|row| json_row(row)).collect())
            }
        }
    }
}

fn sqlite_row(row: &sqlx::sqlite::SqliteRow) -> PlainRow {
    row.columns()
        .iter()
        .filter_map(|column| {
            let value = row
                .try_get_raw(column.ordinal())
                .ok()
                .filter(|value| !value.is_null())?;
            drop(value);
            let text: String = row.try_get_unchecked(column.ordinal()).ok()?;
            Some((column.name().to_ascii_lowercase(), text))
        })
        .collect()
}

fn json_row(row: &str) -> PlainRow {
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(row).unwrap_or_default();
    object
        .into_iter()
        .filter_map(|(name, value)| match value {
            serde_json::Value::Null => None,
            serde_json::Value::String(text) => Some((name, text)),
            other => Some((name, other.to_string())),
        })
        .collect()
}
