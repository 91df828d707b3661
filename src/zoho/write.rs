//! Changes: each is sent once, runs on when its caller goes away, and what came of it is recorded.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use serde_json::Value;

use super::answer::{ZohoResponse, read_refusal};
use super::error::ZohoError;
use super::request::{Call, Effect, Write};
use super::session::Session;
use super::tally;
use crate::connections::Product;
use crate::names::clean_line;

/// What came of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Zoho carried it out.
    Done,
    /// It did not happen: it was not sent, or Zoho refused it.
    Failed,
    /// It was sent, and nothing says whether it happened.
    Unknown,
}

/// A change that has ended, as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What it was begun as.
    pub act: String,
    /// Number of the connection's row.
    pub connection_id: i64,
    /// Which API.
    pub product: Product,
    /// What it does.
    pub effect: Effect,
    /// What came of it.
    pub outcome: Outcome,
}

/// Told of every change that has ended, also of one whose caller is gone; the change counts as running until the future it
/// gives has ended. A change begun and never told of was cut off with the process: its outcome is unknown.
pub type Recorder = Arc<dyn Fn(Written) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// Records outcomes in the log alone.
pub fn log_outcome() -> Recorder {
    Arc::new(|written: Written| {
        let Written {
            act,
            connection_id,
            product,
            effect,
            outcome,
        } = written;
        tracing::info!(%act, connection = connection_id, %product, ?effect, ?outcome, "a change has ended");
        Box::pin(std::future::ready(()))
    })
}

impl Outcome {
    fn of(result: &Result<ZohoResponse, ZohoError>) -> Self {
        match result {
            Ok(_) => Self::Done,
            Err(ZohoError::OutcomeUnknown { .. }) => Self::Unknown,
            Err(_) => Self::Failed,
        }
    }
}

impl Session {
    /// Sends a change, once, to this session's organization: with a fresh token, and again only where Zoho turned down the
    /// token itself. Once begun it ends although nobody waits for it any more.
    ///
    /// # Errors
    /// What was not sent, or what Zoho refused, has failed; what was sent and not answered is
    /// [`ZohoError::OutcomeUnknown`].
    pub async fn write(&self, write: Write) -> Result<ZohoResponse, ZohoError> {
        let change = self.inner.changes.track_future(self.clone().carry_out(write));
        let running = self.inner.under_way.spawn(tally::carried(change));
        running.await.unwrap_or_else(|_| Err(broken_off()))
    }

    async fn carry_out(self, write: Write) -> Result<ZohoResponse, ZohoError> {
        let Write { call, act } = write;
        let mut written = Written {
            act,
            connection_id: self.connection().id,
            product: call.product,
            effect: call.effect,
            outcome: Outcome::Unknown,
        };
        let session = self.clone();
        // A task of its own: what comes of it is told although it should panic.
        let sending = tokio::spawn(tally::carried(async move { session.sent(&call).await }));
        let result = sending.await.unwrap_or_else(|_| Err(broken_off()));
        written.outcome = Outcome::of(&result);
        (self.inner.recorder)(written).await;
        result
    }

    async fn sent(&self, call: &Call) -> Result<ZohoResponse, ZohoError> {
        let organization = self.desk_organization();
        let response = self.send_once(call, organization.as_deref()).await?;
        accepted(call.product, response)
    }
}

/// The failure of a change whose task ended before it did.
fn broken_off() -> ZohoError {
    ZohoError::OutcomeUnknown {
        message: "the server failed while the change was on its way".to_owned(),
    }
}

/// The status of a good answer.
const ACCEPTED: u16 = 200;

impl ZohoError {
    /// Why Zoho refused one of several records, by the row that it answers for it.
    pub fn of_row(row: &Value) -> Self {
        let mut refusal = read_refusal(row.to_string().as_bytes());
        if refusal.message.is_empty() {
            let said = row.get("errorMessage").and_then(Value::as_str);
            refusal.message = clean_line(said.unwrap_or_default());
        }
        refusal.into_rejection(ACCEPTED)
    }
}

/// CRM answers 2xx although it refused the records, each of which says so: where it took none, nothing was changed.
fn accepted(product: Product, response: ZohoResponse) -> Result<ZohoResponse, ZohoError> {
    if product != Product::Crm || response.body.is_empty() {
        return Ok(response);
    }
    let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let rows = body.get("data").and_then(Value::as_array);
    let refused = |row: &Value| row.get("status").and_then(Value::as_str) == Some("error");
    match rows {
        Some(rows) if !rows.is_empty() && rows.iter().all(refused) => {
            Err(read_refusal(&response.body).into_rejection(ACCEPTED))
        }
        _ => Ok(response),
    }
}
