use super::{Pool, Store};
use crate::connections::error::ConnectionError;
use serde::Serialize;

const ADD: &str = "INSERT INTO repair_counts (tool, rule, day, count) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (tool, rule, day) DO UPDATE SET count = repair_counts.count + excluded.count";
const SUM: &str = "SELECT tool, rule, CAST(SUM(count) AS BIGINT), MAX(day) FROM repair_counts \
     GROUP BY tool, rule ORDER BY 3 DESC, tool, rule";

/// How often one repair was made for one tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RepairCount {
    /// The tool's name.
    pub tool: String,
    /// The rule's stable name.
    pub rule: String,
    /// Times, over all days.
    pub count: i64,
    /// The last day it happened, UTC, `YYYY-MM-DD`.
    pub last_day: String,
}

impl Store {
    /// Adds to the counts of one day, all or none.
    pub(crate) async fn add_repair_counts(
        &self,
        day: &str,
        counts: &[(String, &'static str, i64)],
    ) -> Result<(), ConnectionError> {
        macro_rules! add {
            ($pool:expr) => {
                async {
                    let mut tx = $pool.begin().await?;
                    for (tool, rule, count) in counts {
                        sqlx::query(ADD)
                            .bind(tool)
                            .bind(*rule)
                            .bind(day)
                            .bind(count)
                            .execute(&mut *tx)
                            .await?;
                    }
                    tx.commit().await
                }
                .await
            };
        }
        let added = match &self.pool {
            Pool::Sqlite(pool) => add!(pool),
            Pool::Postgres(pool) => add!(pool),
        };
        added.map_err(|error: sqlx::Error| self.explain(&error))
    }

    /// All counts, the most frequent first.
    pub(crate) async fn repair_counts(&self) -> Result<Vec<RepairCount>, ConnectionError> {
        let rows: Vec<(String, String, i64, String)> =
            super::on_pool!(self, pool => sqlx::query_as(SUM).fetch_all(pool).await)?;
        let count = |(tool, rule, count, last_day)| RepairCount {
            tool,
            rule,
            count,
            last_day,
        };
        Ok(rows.into_iter().map(count).collect())
    }
}
