//! The zone that days in arguments are read in: the operator's, else that of the Zoho user.

use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::invocation::Invocation;
use crate::tools::request;
use crate::tools::settings::named::KnownNames;
use crate::tools::zone::{name_of, names_a_day};
use crate::zoho::Session;

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
    if !arguments.get("filters").is_some_and(names_a_day) && !calls_days {
        return Settled {
            zone: own,
            note: None,
        };
    }
    let zone = match (zones.operator(), request::subject(arguments)) {
        (None, Ok(subject)) => of_the_user(invocation, subject.product).await,
        _ => Ok(Some(own)),
    };
    match zone {
        Ok(Some(zone)) => {
            let note = Some(format!("Days are read in the time zone {}.", name_of(&zone)));
            Settled { zone, note }
        }
        unknown => {
            tracing::debug!(?unknown, "the time zone of the user is not known");
            let note = "Days are read in UTC: Zoho does not tell the user's time zone; --timezone names one.";
            Settled {
                zone: TimeZone::UTC,
                note: Some(note.to_owned()),
            }
        }
    }
}

async fn of_the_user(invocation: &Invocation<'_>, product: Product) -> Result<Option<TimeZone>, ToolError> {
    let session = invocation.session(product).await?;
    of_session(&invocation.equipment().settings.names, session).await
}

/// The zone of the user that a session speaks for, where Zoho tells one.
///
/// # Errors
/// Zoho does not tell who that is.
pub(in crate::tools) async fn of_session(
    names: &KnownNames,
    session: &Session,
) -> Result<Option<TimeZone>, ToolError> {
    Ok(of_user(&names.current_user(session).await?))
}

/// The zone of a user, where Zoho tells one.
pub(in crate::tools) fn of_user(user: &Map<String, Value>) -> Option<TimeZone> {
    let name = user.get("timeZone").or_else(|| user.get("time_zone"))?;
    TimeZone::get(name.as_str()?).ok()
}
