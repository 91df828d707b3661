//! What settles the arguments of a call before anything is built from them: the module, links and names in place of ids,
//! the zone of its days, the names of its fields.

mod absent;
mod blanks;
mod currency;
mod days;
mod modules;
mod names;
pub mod record_url;
pub mod references;
mod signs;
mod unchecked;
pub(super) mod zone;

use jiff::tz::TimeZone;
pub use names::Settled as Fields;
pub(super) use names::tell_nearest;
use serde_json::Value;

use super::definition::ToolDefinition;
use super::error::ToolError;
use super::invocation::Invocation;
use crate::repair::{Repair, ValidArguments};

/// Told where conditions were given and none is left.
const ALL: &str = "No condition of `filters` is left: this is about all records.";

/// What the arguments of a call came to, beside what they are now.
pub(super) struct Settled {
    /// What was put right in them.
    pub(super) repairs: Vec<Repair>,
    /// The zone that days in them are read in.
    pub(super) zone: TimeZone,
    /// What the answer says about that zone, and of conditions of which none is left.
    pub(super) notes: Vec<String>,
    /// What the names of fields in them came to.
    pub(super) fields: Fields,
    /// Whether another day would have made others of them.
    pub(super) goes_by_now: bool,
}

/// Settles the arguments of a call to a tool; those of a write keep the names of fields and the values that they have.
///
/// # Errors
/// Something in them means nothing, or more than one thing; or what it means could not be looked up.
pub(super) async fn settle(
    invocation: &Invocation<'_>,
    tool: &ToolDefinition,
    arguments: &mut ValidArguments,
) -> Result<Settled, ToolError> {
    let open = arguments.open_references().to_vec();
    let module = modules::resolve(invocation, arguments.settle()).await?;
    let links = record_url::resolve(arguments.settle(), &open)?;
    let named = references::resolve(invocation, arguments.settle(), &open).await?;
    if tool.is_read_only() {
        unchecked::refuse(arguments.settle())?;
    }
    let had_conditions = has_conditions(arguments);
    let (absent, blanks, signs) = match tool.is_read_only() {
        true => (
            absent::leave_out(arguments.settle()),
            blanks::leave_out(arguments.settle()),
            signs::compare(arguments.settle()),
        ),
        false => (Vec::new(), Vec::new(), Vec::new()),
    };
    let called = days::called(invocation, arguments).await;
    let zone = zone::settle(invocation, arguments, !called.is_empty()).await;
    let (days, goes_by_now) = days::settle(arguments.settle(), &called, &zone.zone, invocation.now())?;
    let fields = match tool.is_read_only() && tool.names_fields() {
        true => names::settle(invocation, arguments.settle()).await?,
        false => Fields::default(),
    };
    let unconditional = (had_conditions && !has_conditions(arguments)).then_some(ALL);
    Ok(Settled {
        repairs: module
            .into_iter()
            .chain(links)
            .chain(named)
            .chain(absent)
            .chain(blanks)
            .chain(signs)
            .chain(days)
            .collect(),
        zone: zone.zone,
        notes: zone
            .note
            .into_iter()
            .chain(unconditional.map(str::to_owned))
            .collect(),
        fields,
        goes_by_now,
    })
}

fn has_conditions(arguments: &ValidArguments) -> bool {
    let filters = arguments.arguments().get("filters");
    filters
        .and_then(Value::as_object)
        .is_some_and(|filters| !filters.is_empty())
}
