//! Whether Zoho says itself that it is down.

use super::{Verdict, ok, warn};
use crate::tools::mending::Wording;
use crate::zoho::{ServiceState, ZohoClient};

/// Where Zoho tells of outages.
pub(super) const WHERE: &str = "https://status.zoho.com tells whether Zoho is down.";

/// The services that calls go to, as the page calls them.
const OURS: [&str; 2] = ["Zoho Desk", "Zoho CRM"];
/// The state of a service that works.
const WORKS: &str = "Operational";

/// What the page says of Desk and CRM, word for word.
pub(super) async fn check(zoho: &ZohoClient, wording: &Wording) -> Verdict {
    let later = || format!("{WHERE} What asks it again:\n{}", wording.examine_status());
    let states = match zoho.service_states().await {
        Ok(states) => states,
        Err(error) => return warn(format!("{error}."), later()),
    };
    let ours = OURS.map(|service| states.iter().find(|found| found.service == service));
    let told = OURS.iter().zip(ours).map(|(service, found)| match found {
        Some(ServiceState { state, .. }) => format!("{service}: {state}"),
        None => format!("{service}: not listed"),
    });
    let told = format!("{} (data center us)", told.collect::<Vec<_>>().join(", "));
    match ours
        .into_iter()
        .all(|found| found.is_some_and(|found| found.state == WORKS))
    {
        true => ok(told),
        false => warn(told, later()),
    }
}
