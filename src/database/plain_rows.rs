//! Reading a table of another program, whatever its columns are.

use std::collections::HashMap;

use sqlx::{AssertSqlSafe, Column, Row, ValueRef};

use super::{DatabaseError, Opened, Pool};

/// One row of a table written by another program: its columns by name, as text, nulls left out.
pub(crate) type PlainRow = HashMap<String, String>;

impl Opened {
    /// Reads every row whatever its columns are, oldest first when the table says so.
    pub(crate) async fn plain_rows(&self, table: &'static str) -> Result<Vec<PlainRow>, DatabaseError> {
        match &self.pool {
            Pool::Sqlite(pool) => {
                let sql = format!("SELECT * FROM {table} ORDER BY rowid");
                let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(pool).await;
                let rows = rows.map_err(|error| self.explain(&error))?;
                Ok(rows.iter().map(sqlite_row).collect())
            }
            Pool::Postgres(pool) => {
                let sql = format!("SELECT to_jsonb(z)::text FROM {table} z ORDER BY to_jsonb(z)->'id'");
                let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
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
