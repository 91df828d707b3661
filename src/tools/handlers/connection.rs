//! `get_connection_status`: who is connected, and what is wrong if something is. Asks the table; Zoho only when told to.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::{Context, departments};
use crate::connections::{Connection, ConnectionError, Entry, Product, Standing};
use crate::tools::consent::DEFAULT_NAME;
use crate::tools::doctor::local::valid_for;
use crate::tools::doctor::{Examination, Finding, State};
use crate::tools::equipment::Equipment;
use crate::tools::error::ToolError;
use crate::tools::mending::Wording;
use crate::tools::modules::Kind;
use crate::tools::output::Answer;
use crate::tools::resolving::zone::of_user;
use crate::tools::settings::named::read_named;
use crate::tools::zone::{Zones, name_of};

/// Tells of every connection of the caller.
pub(super) async fn status(context: Context<'_>) -> Result<Answer, ToolError> {
    let invocation = context.invocation;
    let (connections, caller) = (&invocation.equipment().connections, invocation.caller());
    let examination = Examination::new(invocation.equipment(), Some(caller));
    let named = context.arguments.get("connection").and_then(Value::as_str);
    let entries = connections.list(caller).await?;
    let wanted: Vec<Entry> = entries
        .into_iter()
        .filter(|entry| named.is_none_or(|name| entry.name == name))
        .collect();
    if wanted.is_empty() {
        // Says which of "none at all" and "none of this name" it is.
        connections.find(caller, named).await?;
        return Err(ConnectionError::NoConnection.into());
    }
    let ask = context.arguments.get("ask_zoho").and_then(Value::as_bool) == Some(true);
    let (now, wording) = (invocation.now(), &invocation.equipment().wording);
    let mut data = Vec::new();
    for entry in wanted {
        let mut shown = described(&entry, now.as_second(), wording);
        if let (None, Ok(row)) = (invocation.equipment().zones.operator(), &entry.connection) {
            let zones = match ask {
                true => zones_of(invocation.equipment(), row).await,
                false => known_zones_of(invocation.equipment(), row),
            };
            if !zones.is_empty() {
                shown.insert("days_are_read_in".to_owned(), Value::Object(zones));
            }
        }
        if let (true, Ok(row)) = (ask, &entry.connection) {
            shown.extend(people_of(invocation.equipment(), row).await);
        }
        let report = examination.examine(entry, ask).await;
        add_findings(&mut shown, &report.findings);
        data.push(Value::Object(shown));
    }
    let count = data.len();
    let mut machine = Map::new();
    add_findings(&mut machine, &examination.surroundings(Ok(())).await);
    Ok(Answer::default()
        .of_our_own()
        .with("data", data)
        .with("count", count)
        .with("writes", told_policy(invocation.equipment())?)
        .with("now", told_now(now, &invocation.equipment().zones))
        .with("days_are_read_in", whose_days(&invocation.equipment().zones))
        .with("machine", machine))
}

/// How far assistants may change what Zoho holds.
fn told_policy(equipment: &Equipment) -> Result<String, ToolError> {
    let policy = equipment
        .catalog()
        .map_err(|error| ToolError::internal(&error))?
        .policy();
    Ok(format!("{}: {}", policy.as_str(), policy.told()))
}

/// What now is, in the operator's zone where there is one.
fn told_now(now: Timestamp, zones: &Zones) -> String {
    match zones.operator() {
        Some(zone) => now
            .to_zoned_datetime(zone.clone())
            .strftime("%Y-%m-%dT%H:%M:%S%:z")
            .to_string(),
        None => now.to_string(),
    }
}

fn whose_days(zones: &Zones) -> String {
    match zones.operator() {
        Some(zone) => name_of(zone),
        None => {
            "the time zone of the Zoho user, or UTC where Zoho does not tell it; ask_zoho:true shows which"
                .to_owned()
        }
    }
}

/// The zones that days are read in through a connection.
async fn zones_of(equipment: &Equipment, row: &Connection) -> Map<String, Value> {
    let zone = async |product: Product| {
        let session = equipment.zoho.session(row.clone(), product).await.ok()?;
        let user = equipment.settings.names.current_user(&session).await.ok()?;
        of_user(&user)
    };
    let mut zones = Map::new();
    for product in [Product::Desk, Product::Crm] {
        let zone = zone(product).await.unwrap_or(TimeZone::UTC);
        zones.insert(product.as_str().to_owned(), json!(name_of(&zone)));
    }
    zones
}

/// Who the person is in each product: what their role, profile or departments do not show them no answer has.
async fn people_of(equipment: &Equipment, row: &Connection) -> Map<String, Value> {
    let mut people = Map::new();
    for product in [Product::Desk, Product::Crm] {
        // Where there is none, the findings tell why.
        let Ok(session) = equipment.zoho.session(row.clone(), product).await else {
            continue;
        };
        let names = &equipment.settings.names;
        let Ok(user) = names.current_user(&session).await else {
            continue;
        };
        let mut shown = Map::new();
        let named = |key: &str| Some(user.get(key)?.get("name")?.as_str()?.to_owned());
        let own = read_named(&user);
        let who = [
            ("name", own.as_ref().map(|own| own.name.clone())),
            ("email", own.map(|own| own.email)),
            ("role", named("role")),
            ("profile", named("profile")),
        ];
        for (key, known) in who {
            let known = known.filter(|known| !known.is_empty());
            shown.extend(known.map(|known| (key.to_owned(), json!(known))));
        }
        if product == Product::Desk {
            let all = names.of(&session, None, Kind::Department, false).await;
            let own = all.ok().and_then(|(all, _)| departments::only(&user, &all));
            shown.extend(own.map(|own| ("departments_only".to_owned(), json!(own))));
        }
        people.insert(format!("{product}_user"), Value::Object(shown));
    }
    people
}

/// Those of them that calls before have asked for.
fn known_zones_of(equipment: &Equipment, row: &Connection) -> Map<String, Value> {
    let zone = |product: Product| {
        let session = equipment.zoho.open(row.clone(), product).ok()?;
        let zone = of_user(&equipment.settings.names.recall_user(&session)?)?;
        Some((product.as_str().to_owned(), json!(name_of(&zone))))
    };
    [Product::Desk, Product::Crm]
        .into_iter()
        .filter_map(zone)
        .collect()
}

/// The checks that found something, each with what mends it; of the others the names.
fn add_findings(shown: &mut Map<String, Value>, findings: &[Finding]) {
    let (passed, found): (Vec<&Finding>, Vec<&Finding>) =
        findings.iter().partition(|finding| finding.state == State::Ok);
    let names: Vec<&str> = passed.iter().map(|finding| finding.check).collect();
    shown.insert("checks_passed".to_owned(), json!(names));
    if !found.is_empty() {
        shown.insert("findings".to_owned(), json!(found));
    }
}

fn described(entry: &Entry, now: i64, wording: &Wording) -> Map<String, Value> {
    let mut shown = Map::new();
    shown.insert("connection".to_owned(), json!(entry.name));
    match &entry.connection {
        Ok(connection) => describe(&mut shown, connection, now, wording),
        Err(error) => {
            shown.insert("status".to_owned(), json!("unreadable"));
            shown.insert("problem".to_owned(), json!(error.to_string()));
        }
    }
    shown
}

fn describe(shown: &mut Map<String, Value>, connection: &Connection, now: i64, wording: &Wording) {
    let name = Some(connection.name.as_str()).filter(|name| *name != DEFAULT_NAME);
    let problem = match connection.standing(now) {
        Standing::Refused(reason) => Some(format!(
            "Zoho refused it ({}): {}",
            reason.unwrap_or("refused by Zoho"),
            wording.again(name)
        )),
        Standing::Ended => Some(format!("no refresh token: {}", wording.again(name))),
        Standing::Valid(_) | Standing::Waiting(..) | Standing::Renewable => None,
    };
    let token = match connection.seconds_left(now) {
        Some(left) if left > 0 => valid_for(left),
        _ => "expired: the next call renews it".to_owned(),
    };
    let known = [
        ("status", Some(connection.status.as_str().to_owned())),
        ("problem", problem),
        ("user", Some(connection.user_id.clone())),
        ("data_center", Some(connection.account.data_center.clone())),
        ("environment", Some(connection.account.environment.clone())),
        ("access_token", Some(token)),
        ("desk_organization", connection.desk_org_id.clone()),
        ("desk_organization_name", connection.desk_org_name.clone()),
        (
            "desk_organization_source",
            connection
                .desk_org_source
                .map(|source| source.as_str().to_owned()),
        ),
        (
            "crm_organization",
            connection.crm_org_id.clone().filter(|id| !id.is_empty()),
        ),
    ];
    for (key, value) in known {
        if let Some(value) = value {
            shown.insert(key.to_owned(), Value::String(value));
        }
    }
    shown.insert("scopes".to_owned(), json!(connection.scopes));
}
