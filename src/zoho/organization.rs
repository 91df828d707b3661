//! The organizations a token may see, and the one of them that calls go to.

use std::sync::Arc;

use serde::Deserialize;

use super::error::ZohoError;
use super::session::Session;
use crate::connections::{Connection, DeskOrganization, OrgSource, Product};
use crate::names::{clean_line, clip};

/// Longest name that is shown, in characters, and organizations that are named in one sentence.
const LONGEST_NAME: usize = 200;
const MOST_NAMED: usize = 10;

/// One Zoho Desk organization (portal).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Organization {
    /// The value of the `orgId` header.
    pub id: String,
    /// Company name.
    #[serde(rename = "companyName", default)]
    pub name: Option<String>,
    /// The path segment of record links.
    #[serde(rename = "portalName", default)]
    pub portal: Option<String>,
}

impl Organization {
    /// Its names without characters that nobody sees: they stand in every answer.
    fn clean(mut self) -> Self {
        self.name = self.name.map(short_name);
        let portal = self.portal.map(|portal| clean_line(&portal));
        self.portal = portal.filter(|portal| portal.len() <= LONGEST_NAME);
        self
    }

    /// As the connection's row keeps it, with how it came to be chosen.
    pub fn into_stored(&self, source: OrgSource) -> DeskOrganization {
        DeskOrganization {
            id: self.id.clone(),
            name: self.name.clone(),
            portal: self.portal.clone(),
            source,
        }
    }
}

fn short_name(name: String) -> String {
    clip(&clean_line(&name), LONGEST_NAME)
}

/// Whether a text can be the id of an organization, which goes into a header of every call.
fn is_id(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[derive(Deserialize)]
struct List<T> {
    #[serde(alias = "org")]
    data: Vec<T>,
}

#[derive(Deserialize)]
struct CrmOrganization {
    #[serde(default)]
    zgid: Option<String>,
    #[serde(default)]
    domain_name: Option<String>,
    #[serde(default)]
    company_name: Option<String>,
}

impl Session {
    /// The Desk organizations the token may see, in Zoho's order.
    ///
    /// # Errors
    /// `ScopeMissing` where the token may see none; else Zoho refused or did not answer.
    pub async fn organizations(&self) -> Result<Vec<Organization>, ZohoError> {
        let request = (self.inner.organizations)(Product::Desk)?;
        let response = self.send_once(&request.0, None).await?;
        if response.body.is_empty() {
            return Ok(Vec::new());
        }
        let list: List<Organization> = serde_json::from_slice(&response.body).map_err(|error| {
            ZohoError::unavailable(format!("Zoho's list of organizations cannot be read ({error})"))
        })?;
        let listed = list.data.len();
        let sound = list.data.into_iter().filter(|one| is_id(&one.id));
        let sound: Vec<Organization> = sound.map(Organization::clean).collect();
        if sound.is_empty() && listed > 0 {
            let what = "Zoho's list of organizations holds no id of digits";
            return Err(ZohoError::unavailable(what));
        }
        Ok(sound)
    }

    /// Whether the organization of this connection need not be asked for.
    pub(super) fn knows_organization(&self) -> bool {
        let connection = self.connection();
        match self.product() {
            Product::Desk => connection.desk_org_id.is_some(),
            Product::Crm => connection.crm_org_id.is_some(),
        }
    }

    /// Asks Zoho for the organization of this connection, once however many look for it, and stores what it says.
    pub(super) async fn find_organization(&mut self) -> Result<(), ZohoError> {
        let connection = self.connection();
        let discovery = &self.inner.discovery;
        let turn = discovery.get(connection.id, tokio::sync::Mutex::default);
        let _turn = turn.lock().await;
        let row = self.inner.connections.get(connection.id).await?;
        if row.consent == connection.consent {
            self.replace_organization_of(&row);
            if self.knows_organization() {
                return Ok(());
            }
        }
        match self.product() {
            Product::Desk => self.find_desk_organization().await,
            Product::Crm => self.find_crm_organization().await,
        }
    }

    async fn find_desk_organization(&mut self) -> Result<(), ZohoError> {
        let organizations = self.organizations().await?;
        let Some(first) = organizations.first() else {
            return Err(ZohoError::NoOrganization);
        };
        let source = if organizations.len() == 1 {
            OrgSource::Only
        } else {
            OrgSource::FirstOfMany
        };
        let before = self.connection();
        self.store_organization(&before, first, source).await;
        if organizations.len() > 1 {
            let used = self.connection().desk_org_name.clone().unwrap_or_default();
            self.add_note(format!(
                "This account has {} Zoho Desk organizations: {}. {used} is used",
                organizations.len(),
                named(&organizations)
            ));
        }
        Ok(())
    }

    /// Takes the organization after the one Zoho says the token is not for, or the first when that one is not listed, or
    /// the one that another process has written meanwhile; false when it was chosen by a person, or is the last.
    pub(super) async fn try_next_organization(&self) -> Result<bool, ZohoError> {
        let (session, inner) = (self.clone(), Arc::clone(&self.inner));
        let trying = async move { session.try_next().await };
        inner
            .see_through("the search for the organization", Box::pin(trying))
            .await?
    }

    async fn try_next(&self) -> Result<bool, ZohoError> {
        let connection = self.connection();
        if connection.desk_org_source != Some(OrgSource::FirstOfMany) {
            return Ok(false);
        }
        let organizations = self.organizations().await?;
        let current = organizations
            .iter()
            .position(|item| Some(&item.id) == connection.desk_org_id.as_ref());
        match organizations.get(current.map_or(0, |current| current + 1)) {
            Some(next) => {
                self.store_organization(&connection, next, OrgSource::FirstOfMany)
                    .await;
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// Writes an organization that was found for the connection as it was `before`; what another process has written
    /// meanwhile stays and is taken. Where that is another consent, the session goes on with its own.
    async fn store_organization(&self, before: &Connection, organization: &Organization, source: OrgSource) {
        let organization = organization.into_stored(source);
        let stored = self
            .inner
            .connections
            .store_found_desk_org(before, &organization)
            .await
            .inspect_err(|error| {
                tracing::warn!(connection = before.id, %error, "the organization could not be stored; it is asked for again next time");
            });
        match stored {
            Ok(row) if row.consent == before.consent => self.replace_organization_of(&row),
            _ => self.change(|connection| {
                connection.desk_org_id = Some(organization.id);
                connection.desk_org_source = Some(source);
                connection.desk_portal = organization.portal;
                connection.desk_org_name = organization.name;
            }),
        }
    }

    /// Only links need the number of a CRM organization: a refusal is remembered as an empty one and stops
    /// nobody.
    async fn find_crm_organization(&self) -> Result<(), ZohoError> {
        let request = (self.inner.organizations)(Product::Crm)?;
        let (number, name) = match self.send_once(&request.0, None).await {
            Ok(response) => {
                let list: Option<List<CrmOrganization>> = serde_json::from_slice(&response.body).ok();
                let Some(first) = list.and_then(|list| list.data.into_iter().next()) else {
                    return Ok(());
                };
                let domain = first
                    .domain_name
                    .map(|name| name.trim_start_matches("org").to_owned());
                let number = first.zgid.or(domain).filter(|number| is_id(number));
                (number.unwrap_or_default(), first.company_name.map(short_name))
            }
            Err(ZohoError::ScopeMissing { .. } | ZohoError::Rejected { .. } | ZohoError::NotFound { .. }) => {
                (String::new(), None)
            }
            Err(
                error @ (ZohoError::ReconnectNeeded { .. }
                | ZohoError::NotAccepted { .. }
                | ZohoError::Connection(_)
                | ZohoError::RateLimited { .. }),
            ) => {
                return Err(error);
            }
            Err(error) => {
                tracing::warn!(%error, "the CRM organization is not known; links go by module");
                return Ok(());
            }
        };
        let before = self.connection();
        if let Err(error) = self
            .inner
            .connections
            .set_crm_org(&before, &number, name.as_deref())
            .await
        {
            tracing::warn!(connection = before.id, %error, "the CRM organization could not be stored");
        }
        self.change(|connection| {
            connection.crm_org_id = Some(number);
            connection.crm_org_name = name;
        });
        Ok(())
    }
}

/// Names and ids of organizations, for a person to choose from.
fn named(organizations: &[Organization]) -> String {
    let name = |item: &Organization| format!("{} ({})", item.name.as_deref().unwrap_or("unnamed"), item.id);
    let named: Vec<String> = organizations.iter().take(MOST_NAMED).map(name).collect();
    let more = match organizations.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", named.join(", "))
}
