//! How often which repair was made, a number a day.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::Ledger;
use super::sql::{ADD_REPAIRS, SUM_REPAIRS};
use crate::connections::ConnectionError;
use crate::database::Statement;

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

impl Ledger {
    /// Adds to today's counts of repairs, all or none: tool, rule, times.
    ///
    /// # Errors
    /// The database could not be opened or written.
    pub async fn count_repairs(&self, counts: &[(String, &'static str, i64)]) -> Result<(), ConnectionError> {
        let now = Timestamp::from_second(self.now()).unwrap_or(Timestamp::UNIX_EPOCH);
        let day = now.to_zoned_datetime(TimeZone::UTC).date().to_string();
        let mut tx = self.database().await?.begin().await?;
        for (tool, rule, count) in counts {
            let statement = Statement::new(ADD_REPAIRS).bind(tool).bind(*rule).bind(&day);
            tx.execute(statement.bind(*count)).await?;
        }
        Ok(tx.commit().await?)
    }

    /// How often each repair was made for each tool, the most frequent first.
    ///
    /// # Errors
    /// The database could not be opened or read.
    pub async fn repair_counts(&self) -> Result<Vec<RepairCount>, ConnectionError> {
        let rows: Vec<(String, String, i64, String)> = self
            .database()
            .await?
            .fetch_all(Statement::new(SUM_REPAIRS))
            .await?;
        let count = |(tool, rule, count, last_day)| RepairCount {
            tool,
            rule,
            count,
            last_day,
        };
        Ok(rows.into_iter().map(count).collect())
    }
}
