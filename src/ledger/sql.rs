//! The statements of the ledger.

pub(super) const ADD_REPAIRS: &str = "INSERT INTO repair_counts (tool, rule, day, count) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (tool, rule, day) DO UPDATE SET count = repair_counts.count + excluded.count";
pub(super) const SUM_REPAIRS: &str = "SELECT tool, rule, CAST(SUM(count) AS BIGINT), MAX(day) FROM repair_counts \
     GROUP BY tool, rule ORDER BY 3 DESC, tool, rule";
