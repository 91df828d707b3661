//! Webhooks: who wants to hear of which events. Source of the forms: Desk's OpenAPI (Webhook). A new address is asked
//! with GET, and with POST where that is not answered with 200; `world::deliveries` does so after this.

use serde_json::Value;

use super::writing;
use crate::desk::announce;
use crate::desk::call::{Answer, Call};
use crate::desk::modules::{self, Row, text};
use crate::desk::org::Unproven;
use crate::desk::refusal::Refusal;
use crate::desk::render;

/// Webhooks of one organization, enabled or not.
const MOST: usize = 20;

/// A new webhook.
pub(crate) fn create(call: &mut Call<'_>) -> Answer {
    check(call)?;
    if call.org.count("webhooks", &[]) >= MOST {
        return Err(Refusal::unprocessable(
            "There are as many webhooks as there can be.",
        ));
    }
    let id = call.org.new_id();
    let row = writing::create(call, "webhooks", id);
    keep(call, id, row, None)
}

/// Another address, other events.
pub(crate) fn update(call: &mut Call<'_>) -> Answer {
    let (id, before) = call.record("webhooks")?;
    check(call)?;
    let row = writing::change(call, "webhooks", before.clone(), call.body.clone());
    keep(call, id, row, Some(before))
}

fn keep(call: &mut Call<'_>, id: u64, row: Row, before: Option<Row>) -> Answer {
    let url = text(&row, "url").to_owned();
    if before.as_ref().is_none_or(|before| text(before, "url") != url) {
        call.org.unproven = Some(Unproven {
            webhook: id,
            url,
            before,
        });
    }
    call.org.put("webhooks", id, row);
    let record = render::detail(call, "webhooks", id).ok_or_else(Refusal::not_found)?;
    call.with(&record)
}

fn check(call: &Call<'_>) -> Result<(), Refusal> {
    let url = call.sent("url");
    let is_web = |url: url::Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    if call.body.contains_key("url") && !url::Url::parse(&url).is_ok_and(is_web) {
        return Err(Refusal::invalid_field("/url", "invalid"));
    }
    let Some(Value::Object(subscriptions)) = call.body.get("subscriptions") else {
        return Err(Refusal::invalid_field("/subscriptions", "invalid"));
    };
    let mut wrong = subscriptions.iter().filter(|(event, filter)| {
        let departments = match filter {
            Value::Object(filter) => modules::texts(filter, "departmentIds"),
            _ => Vec::new(),
        };
        let are_known = departments
            .iter()
            .all(|id| call.org.row_of("departments", id).is_some());
        !are_known || !announce::is_known(event, filter)
    });
    match wrong.next() {
        None if subscriptions.is_empty() => Err(Refusal::invalid_field("/subscriptions", "invalid")),
        None => Ok(()),
        Some((event, _)) => Err(Refusal::invalid_field(
            &format!("/subscriptions/{event}"),
            "invalid",
        )),
    }
}
