use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Connections;
use super::error::ConnectionError;
use super::store::RepairCount;

impl Connections {
    /// Adds to today's counts of repairs: tool, rule, times.
    ///
    /// # Errors
    /// The database could not be opened or written.
    pub async fn count_repairs(&self, counts: &[(String, &'static str, i64)]) -> Result<(), ConnectionError> {
        let now = Timestamp::from_second(self.clock.now()).unwrap_or(Timestamp::UNIX_EPOCH);
        let day = now.to_zoned_datetime(TimeZone::UTC).date().to_string();
        self.opened().await?.store.add_repair_counts(&day, counts).await
    }

    /// How often each repair was made for each tool, the most frequent first.
    ///
    /// # Errors
    /// The database could not be opened or read.
    pub async fn repair_counts(&self) -> Result<Vec<RepairCount>, ConnectionError> {
        self.opened().await?.store.repair_counts().await
    }
}
