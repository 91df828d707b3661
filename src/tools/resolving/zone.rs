//! The zone that days in arguments are read in: the operator's, else that of the Zoho user.

use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::connections::Product;
use crate::names::{clip, letters};
use crate::tools::error::ToolError;
use crate::tools::invocation::Invocation;
use crate::tools::modules::CRM_SYSTEM;
use crate::tools::request;
use crate::tools::zone::{name_of, names_a_day};

/// The zone of one call, and what its answer says about it.
pub(super) struct Settled {
    pub(super) zone: TimeZone,
    pub(super) note: Option<String>,
}

/// The zone for the days in a call's conditions; nobody is asked where there is none, or where the operator named one.
pub(super) async fn settle(
    invocation: &Invocation<'_>,
    arguments: &Map<String, Value>,
    calls_days: bool,
) -> Settled {
    let zones = &invocation.equipment().zones;
    let own = zones.or_utc();
    if !calls_days && !names_days_of_times(invocation, arguments).await {
        return Settled {
            zone: own,
            note: None,
        };
    }
    let zone = match (zones.operator(), request::subject(arguments)) {
        (None, Ok(subject)) => of_the_user(invocation, subject.product).await,
        _ => Ok(Ok(own)),
    };
    match zone {
        Ok(Ok(zone)) => {
            let note = Some(format!("Days are read in the time zone {}.", name_of(&zone)));
            Settled { zone, note }
        }
        unknown => {
            tracing::debug!(?unknown, "the time zone of the user is not known");
            let why = match unknown {
                Ok(Err(Some(name))) => format!("the user's time zone {name:?} is unknown here"),
                _ => "Zoho does not tell the user's time zone".to_owned(),
            };
            Settled {
                zone: TimeZone::UTC,
                note: Some(format!("Days are read in UTC: {why}; --timezone names one.")),
            }
        }
    }
}

/// Whether a condition names a day of a field that holds instants: one of days is compared as it is written, in no zone. What
/// its field holds is known of those that CRM's own data tells, and asked of the others, as their condition asks it anyway.
async fn names_days_of_times(invocation: &Invocation<'_>, arguments: &Map<String, Value>) -> bool {
    let filters = arguments.get("filters").and_then(Value::as_object);
    let named = filters
        .into_iter()
        .flatten()
        .filter(|(_, value)| names_a_day(value));
    let named: Vec<&str> = named.map(|(name, _)| name.as_str()).collect();
    let Some(subject) = request::subject(arguments)
        .ok()
        .filter(|subject| subject.product == Product::Crm)
    else {
        return !named.is_empty();
    };
    let is_of_all = |name: &&str| CRM_SYSTEM.iter().any(|known| is_same(known, name));
    if named.is_empty() || named.iter().any(is_of_all) {
        return !named.is_empty();
    }
    let Ok(session) = invocation.session(subject.product).await else {
        return true;
    };
    let Ok((fields, _)) = invocation.fields(session, &subject, false).await else {
        return true;
    };
    let holds_days = |name: &&str| {
        let mut known = fields.iter().filter(|field| is_same(&field.api_name, name));
        known.next().is_some_and(|field| field.kind == "date")
    };
    !named.iter().all(holds_days)
}

fn is_same(known: &str, name: &str) -> bool {
    letters(known) == letters(name)
}

/// The zone of the user, or the name of one that this machine does not know, where Zoho tells any.
async fn of_the_user(
    invocation: &Invocation<'_>,
    product: Product,
) -> Result<Result<TimeZone, Option<String>>, ToolError> {
    let session = invocation.session(product).await?;
    let user = invocation
        .equipment()
        .settings
        .names
        .current_user(session)
        .await?;
    Ok(of_user(&user).ok_or_else(|| told_of(&user).map(|name| clip(name, 60))))
}

/// The zone of a user, where Zoho tells one.
pub(in crate::tools) fn of_user(user: &Map<String, Value>) -> Option<TimeZone> {
    TimeZone::get(told_of(user)?).ok()
}

fn told_of(user: &Map<String, Value>) -> Option<&str> {
    let name = user.get("timeZone").or_else(|| user.get("time_zone"));
    name?.as_str().filter(|name| !name.is_empty())
}
