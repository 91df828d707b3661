//! After the consent: which Desk organization, and whether a call succeeds.

use serde_json::{Map, Value};

use super::ConnectArguments;
use crate::cli::Failure;
use crate::cli::{prompt, terminal};
use crate::connections::{Connection, Connections, DeskOrganization, NewConnection, OrgSource, Product};
use crate::tools::mending::Wording;
use crate::tools::request::operation;
use crate::tools::scopes::{self, AnyOf};
use crate::zoho::{Organization, ZohoClient, ZohoError};

/// A connection that was tried out.
pub(super) struct Settled {
    /// The row as it is now.
    pub(super) connection: Connection,
    /// The Desk organizations the account can see.
    pub(super) organizations: Vec<Organization>,
    /// The call that succeeded.
    pub(super) verified: Option<String>,
    /// Why none did.
    pub(super) problem: Option<String>,
    /// The scopes that the tools need and the consent does not give.
    pub(super) lacking: Vec<String>,
    /// Why the organization in use is not the one that was asked for.
    pub(super) other_organization: Option<String>,
}

/// The Desk organizations that Zoho lists, or why it lists none.
pub(super) type Listed = Result<Vec<Organization>, ZohoError>;

/// Makes one real call with a connection that was just stored: to Desk, else to CRM, of those that the consent is about.
///
/// # Errors
/// The database could not be read or written.
pub(super) async fn settle(
    zoho: &ZohoClient,
    connections: &Connections,
    connection: Connection,
    listed: Listed,
    needed: &[AnyOf],
) -> Result<Settled, Failure> {
    let id = connection.id;
    let granted = connection.scopes.clone();
    let (organizations, mut outcome) = match listed {
        Ok(list) => (list, None),
        Err(error) => (Vec::new(), Some(Err(error))),
    };
    if !organizations.is_empty() {
        outcome = Some(read_a_case(zoho, connections.get(id).await?).await);
    }
    // Of a consent that Zoho did not describe nobody knows.
    if granted.is_empty() || scopes::reach(&granted, Product::Crm) {
        let crm = name_crm_organization(zoho, connections.get(id).await?).await;
        outcome = match (outcome, crm) {
            (Some(Ok(told)), _) => Some(Ok(told)),
            (_, Ok(told)) => Some(Ok(told)),
            // Desk is what most calls are about.
            (Some(desk), Err(_)) => Some(desk),
            (None, Err(crm)) => Some(Err(crm)),
        };
    }
    let (verified, problem) = match outcome {
        Some(Ok(told)) => (Some(told), None),
        Some(Err(error)) => (None, Some(error.to_string())),
        None => (
            None,
            Some("this account has neither a Desk organization nor CRM".to_owned()),
        ),
    };
    let lacking = match granted.is_empty() {
        true => Vec::new(),
        false => scopes::missing(needed, &granted),
    };
    Ok(Settled {
        connection: connections.get(id).await?,
        organizations,
        verified,
        problem,
        lacking,
        other_organization: None,
    })
}

/// The organization to store, and why it is not the one that was asked for: what the consent was given by is spent, so it is
/// kept.
#[derive(Default)]
pub(super) struct Choice {
    pub(super) organization: Option<DeskOrganization>,
    pub(super) problem: Option<String>,
}

/// The organization to store: the one asked for, the one a row of this name had, the only one, or the one a person chooses.
///
/// # Errors
/// Nobody chose.
pub(super) fn choose(
    listed: &Listed,
    row: &NewConnection,
    arguments: &ConnectArguments,
    wording: &Wording,
) -> Result<Choice, Failure> {
    let organizations = listed.as_deref().unwrap_or_default();
    let problem = arguments.org.as_deref().and_then(|wanted| match organizations {
        [] => {
            let none = || "there is none".to_owned();
            let reason = listed.as_ref().err().map_or_else(none, ToString::to_string);
            Some(format!("organization {wanted} cannot be looked up: {reason}"))
        }
        all if all.iter().any(|one| one.id == wanted) => None,
        all => {
            let list: Vec<String> = all.iter().map(named).collect();
            Some(format!(
                "this account has no Desk organization {wanted}; it has:\n  {}",
                list.join("\n  ")
            ))
        }
    });
    // A person is asked instead.
    let asks = organizations.len() > 1 && !arguments.yes && prompt::can_ask();
    match problem {
        Some(problem) if asks => {
            let (told, _) = problem.split_once(';').unwrap_or((&problem, ""));
            terminal::tell(&format!("error: {told}."));
            chosen(organizations, row, arguments, None, wording)
        }
        Some(problem) => Ok(Choice {
            problem: Some(problem),
            ..chosen(organizations, row, arguments, None, wording)?
        }),
        None => chosen(organizations, row, arguments, arguments.org.as_deref(), wording),
    }
}

fn named(organization: &Organization) -> String {
    let name = organization.name.as_deref().unwrap_or("unnamed");
    format!("{}  {name}", organization.id)
}

fn chosen(
    organizations: &[Organization],
    row: &NewConnection,
    arguments: &ConnectArguments,
    wanted: Option<&str>,
    wording: &Wording,
) -> Result<Choice, Failure> {
    let find = |id: &str| organizations.iter().find(|organization| organization.id == id);
    let kept = row.desk_org.as_ref();
    let kept = kept.and_then(|held| Some((find(&held.id)?, held.source)));
    let (organization, source) = match (wanted.and_then(find), organizations) {
        (_, []) => return Ok(Choice::default()),
        (Some(wanted), _) => (wanted, OrgSource::User),
        (None, [only]) => (only, OrgSource::Only),
        (None, [first, ..]) => match kept {
            Some(kept) => kept,
            None if arguments.org.is_some() && (arguments.yes || !prompt::can_ask()) => {
                (first, OrgSource::FirstOfMany)
            }
            None if arguments.yes || !prompt::can_ask() => {
                terminal::tell(&format!(
                    "This account has {} Desk organizations; the first is used, to read alone: {}. To choose one:\n    {}",
                    organizations.len(),
                    named(first),
                    wording.choose_organization(&row.name)
                ));
                (first, OrgSource::FirstOfMany)
            }
            None => {
                terminal::tell("This account has several Desk organizations:");
                let list: Vec<String> = organizations.iter().map(named).collect();
                let number = prompt::choose("Which one", &list, 0)?;
                (organizations.get(number).unwrap_or(first), OrgSource::User)
            }
        },
    };
    Ok(Choice {
        organization: Some(organization.into_stored(source)),
        problem: None,
    })
}

async fn read_a_case(zoho: &ZohoClient, connection: Connection) -> Result<String, ZohoError> {
    let session = zoho.session(connection, Product::Desk).await?;
    let request = operation::lookup(Product::Desk, "one_case", &Map::new())?;
    let answer = session.read(&request).await?;
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let number = body.pointer("/data/0/ticketNumber").and_then(Value::as_str);
    Ok(match number {
        Some(number) => format!("read case #{number}"),
        None => "read the list of cases".to_owned(),
    })
}

/// The CRM organization by name or number, as Zoho tells it: the first call of an account without Desk; links need it too.
async fn name_crm_organization(zoho: &ZohoClient, connection: Connection) -> Result<String, ZohoError> {
    let session = zoho.session(connection, Product::Crm).await?;
    let organization = session.organization();
    match organization.name.or(organization.id) {
        Some(name) => Ok(format!("read the CRM organization, {name}")),
        None => session
            .read(&operation::organizations(Product::Crm)?)
            .await
            .map(|_| "read the CRM organization".to_owned()),
    }
}
