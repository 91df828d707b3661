//! Blueprints: the organization has none in CRM, so that no record is in one.

use serde_json::json;

use super::answer::{self, Answer};
use super::call::Call;
use super::state::Crm;

/// `GET` and `PUT {module}/{id}/actions/blueprint`.
pub(crate) fn refuse(crm: &mut Crm, call: &Call<'_>) -> Answer {
    call.find(crm, call.module(), 0)?;
    Err(answer::refuse(
        400,
        "RECORD_NOT_IN_PROCESS",
        &json!({}),
        "record not in process",
    ))
}
