//! What settles the arguments of a call before anything is built from them: the module, links and names in place of ids,
//! the zone of its days, the names of its fields.

mod absent;
mod blanks;
mod currency;
mod days;
pub mod misplaced;
mod modules;
mod names;
mod own_values;
pub mod record_url;
pub mod references;
mod signs;
mod twice;
mod unchecked;
pub(super) mod zone;

use jiff::tz::TimeZone;
pub use names::Settled as Fields;
pub(super) use names::tell_nearest;

use super::definition::ToolDefinition;
use super::error::ToolError;
use super::invocation::Invocation;
use crate::repair::{Repair, ValidArguments};

/// What the arguments of a call came to, beside what they are now.
pub(super) struct Settled {
    /// What was put right in them.
    pub(super) repairs: Vec<Repair>,
    /// The zone that days in them are read in.
    pub(super) zone: TimeZone,
    /// What the answer says about that zone.
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
    let given = absent::Given::of(arguments);
    let (form, absent, blanks, signs) = match tool.is_read_only() {
        true => (
            absent::leave_out_form(tool, arguments.settle()),
            absent::leave_out(arguments.settle()),
            blanks::leave_out(arguments.settle()),
            signs::compare(arguments.settle()),
        ),
        false => (Vec::new(), Vec::new(), Vec::new(), Vec::new()),
    };
    let called = days::called(invocation, arguments).await;
    let zone = zone::settle(invocation, arguments, !called.is_empty()).await;
    let (days, goes_by_now) = days::settle(arguments.settle(), &called, &zone.zone, invocation.now())?;
    let fields = match tool.is_read_only() && tool.names_fields() {
        true => names::settle(invocation, arguments.settle()).await?,
        false => Fields::default(),
    };
    let mut searched = Vec::new();
    if tool.is_read_only() {
        twice::refuse(arguments.settle())?;
        given.refuse_none_left(tool, arguments)?;
        searched = absent::leave_out_search(arguments.settle());
    }
    Ok(Settled {
        repairs: module
            .into_iter()
            .chain(links)
            .chain(named)
            .chain(form)
            .chain(absent)
            .chain(blanks)
            .chain(signs)
            .chain(days)
            .chain(searched)
            .collect(),
        zone: zone.zone,
        notes: zone.note.into_iter().collect(),
        fields,
        goes_by_now,
    })
}
