//! Names, e-mail addresses and "me" in place of ids: looked up in what Zoho lists, which is remembered per
//! organization for a while and asked anew once when a name is not in it.

mod open;

use super::error::ToolError;
use super::handlers::metadata;
use super::modules::{self, Subject};
use super::output::project::Projection;
use super::remembered::Remembered;
use super::request::{self, OpenCondition, operation};
use crate::clock::Clock;
use crate::connections::Product;
use crate::names::{clip, sort_by_distance};
use crate::repair::Repair;
use crate::zoho::Session;
use serde_json::{Map, Value};
use std::sync::Arc;

pub(super) use open::{resolve, suggested};

/// Rows one list call gives at most.
const PAGE: usize = 200;
/// Pages of names read at most.
const PAGES: usize = 10;

/// What an id is an id of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Desk agents.
    Agent,
    /// Desk departments.
    Department,
    /// Desk teams.
    Team,
    /// Desk contacts.
    Contact,
    /// Desk accounts.
    Account,
    /// CRM users.
    User,
    /// Views of the module asked.
    View,
}

/// Someone or something that has an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The id.
    pub id: String,
    /// As people know it.
    pub name: String,
    /// For people; empty for all else.
    pub email: String,
}

/// What is listed, and for views the module.
type Key = (Kind, Option<String>);

/// The lists remembered.
#[derive(Debug)]
pub struct References {
    lists: Remembered<Key, Named>,
    users: Remembered<(), Map<String, Value>>,
}

impl References {
    /// Nothing has been asked for yet; lists age by this clock.
    pub fn new(clock: &Clock) -> Self {
        References {
            lists: Remembered::new(clock.clone()),
            users: Remembered::new(clock.clone()),
        }
    }

    /// The one whose name or e-mail address the condition gives, or the connection's own user for `me`.
    ///
    /// # Errors
    /// Nobody, or several, are called so; or Zoho refused the list.
    pub async fn find(
        &self,
        session: &Session,
        subject: Option<&Subject>,
        condition: &OpenCondition,
    ) -> Result<Named, ToolError> {
        let (kind, text, path) = (condition.kind, condition.text.as_str(), condition.path.as_str());
        if text.eq_ignore_ascii_case("me") && matches!(kind, Kind::Agent | Kind::User) {
            return self.me(session, path).await;
        }
        if matches!(kind, Kind::Contact | Kind::Account) {
            let found = searched(session, kind, text).await?;
            return unique(&found, text, path, kind);
        }
        let (known, fresh) = self.list(session, subject, kind, false).await?;
        match unique(&known, text, path, kind) {
            Err(_) if !fresh => unique(
                &self.list(session, subject, kind, true).await?.0,
                text,
                path,
                kind,
            ),
            outcome => outcome,
        }
    }

    async fn list(
        &self,
        session: &Session,
        subject: Option<&Subject>,
        kind: Kind,
        anew: bool,
    ) -> Result<(Arc<Vec<Named>>, bool), ToolError> {
        // Every module has views of its own; the other lists belong to the connection.
        let of = subject
            .filter(|_| kind == Kind::View)
            .map(|subject| subject.module.name.clone());
        let read = async || match (kind, subject) {
            (Kind::View, Some(subject)) => metadata::named_views(session, subject).await,
            (Kind::View, None) => Ok(Vec::new()),
            _ => listed(session, kind).await,
        };
        self.lists.of(session, (kind, of), anew, read).await
    }

    async fn me(&self, session: &Session, path: &str) -> Result<Named, ToolError> {
        let user = self.current_user(session).await?;
        named(&user).ok_or_else(|| ToolError::argument(path, "an id", "Zoho does not say who `me` is", None))
    }

    /// The user of the connection, as the session's product describes them.
    ///
    /// # Errors
    /// Zoho refused.
    pub async fn current_user(&self, session: &Session) -> Result<Map<String, Value>, ToolError> {
        let read = async || Ok(vec![current_user(session).await?]);
        let (user, _) = self.users.of(session, (), false, read).await?;
        Ok(user.first().cloned().unwrap_or_default())
    }
}

impl Named {
    /// The repair that put this one's id in place of `text`.
    pub(super) fn told(&self, path: String, text: &str) -> Repair {
        Repair {
            path,
            rule: "reference",
            from: clip(text, 80),
            to: format!("{} ({})", self.id, self.name),
        }
    }
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 7] = [
        Kind::Agent,
        Kind::Department,
        Kind::Team,
        Kind::Contact,
        Kind::Account,
        Kind::User,
        Kind::View,
    ];

    /// The kind that `x-ref` in a tool file names, in the singular or the plural.
    pub fn named(word: &str) -> Option<Self> {
        let one = word.strip_suffix('s').unwrap_or(word);
        let mut by_themselves = Kind::ALL.into_iter().filter(|kind| *kind != Kind::View);
        by_themselves.find(|kind| kind.what() == one)
    }

    fn product(self) -> Product {
        match self {
            Kind::User => Product::Crm,
            _ => Product::Desk,
        }
    }

    fn what(self) -> &'static str {
        match self {
            Kind::Agent => "agent",
            Kind::Department => "department",
            Kind::Team => "team",
            Kind::Contact => "contact",
            Kind::Account => "account",
            Kind::User => "user",
            Kind::View => "view",
        }
    }
}

fn unique(list: &[Named], text: &str, path: &str, kind: Kind) -> Result<Named, ToolError> {
    let same = |one: &str| one.trim().to_lowercase() == text.trim().to_lowercase();
    let hits: Vec<&Named> = list
        .iter()
        .filter(|one| same(&one.name) || same(&one.email))
        .collect();
    let what = kind.what();
    match hits.as_slice() {
        [one] => Ok((*one).clone()),
        [] => {
            let mut near: Vec<&Named> = list.iter().collect();
            sort_by_distance(&text.to_lowercase(), &mut near, |one| one.name.to_lowercase());
            let names: Vec<&str> = near.iter().take(5).map(|one| one.name.as_str()).collect();
            let fix = (!names.is_empty()).then(|| format!("nearest: {}", names.join(", ")));
            let got = format!("no {what} has this name or e-mail address");
            Err(ToolError::argument(
                path,
                format!("the id, exact name or e-mail address of one {what}"),
                got,
                fix,
            ))
        }
        several => {
            let ids: Vec<String> = several
                .iter()
                .take(5)
                .map(|one| format!("{} ({})", one.id, one.name))
                .collect();
            let got = format!("{} {what}s are called so", several.len());
            let fix = format!("send one of the ids: {}", ids.join(", "));
            Err(ToolError::argument(
                path,
                format!("the id of one {what}"),
                got,
                Some(fix),
            ))
        }
    }
}

async fn current_user(session: &Session) -> Result<Map<String, Value>, ToolError> {
    let lookup = modules::lookup(session.product(), "current_user")?;
    let response = session.read(&operation::read(lookup, &Map::new())?).await?;
    let projection = Projection {
        fields: None,
        html: &[],
    };
    let record = match lookup.list_key() {
        "" => Some(projection.record(&response.body).await?),
        key => projection
            .page(&response.body, key)
            .await?
            .records
            .into_iter()
            .next(),
    };
    Ok(record.map(|record| record.shown).unwrap_or_default())
}

async fn listed(session: &Session, kind: Kind) -> Result<Vec<Named>, ToolError> {
    let lookup = modules::lookup(kind.product(), &format!("{}s", kind.what()))?;
    let mut all = Vec::new();
    for page in 0..PAGES {
        // Rows of Desk overlap by one, so that none is lost whether Zoho counts from 0 or from 1.
        let place = [("from", page * (PAGE - 1)), ("page", page + 1), ("limit", PAGE)];
        let place = place.map(|(name, number)| (name.to_owned(), Value::from(number)));
        let request = operation::read(lookup, &place.into_iter().collect())?;
        let response = session.read(&request).await?;
        let projection = Projection {
            fields: None,
            html: &[],
        };
        let rows = projection.page(&response.body, lookup.list_key()).await?;
        let full = rows.records.len() >= PAGE;
        for one in rows.records.iter().filter_map(|record| named(&record.shown)) {
            if !all.contains(&one) {
                all.push(one);
            }
        }
        if !full {
            break;
        }
    }
    Ok(all)
}

async fn searched(session: &Session, kind: Kind, text: &str) -> Result<Vec<Named>, ToolError> {
    let (module, param) = match kind {
        Kind::Contact if text.contains('@') => ("Contacts", "email"),
        Kind::Contact => ("Contacts", "fullName"),
        _ => ("Accounts", "accountName"),
    };
    let module = modules::find(Product::Desk, module)
        .ok_or_else(|| ToolError::internal(&format_args!("no module {module}")))?;
    let request = request::desk::search(module);
    let response = session
        .read(&request.with_query(param, text).with_query("limit", "50"))
        .await?;
    let projection = Projection {
        fields: None,
        html: &[],
    };
    let page = projection.page(&response.body, "data").await?;
    Ok(page
        .records
        .iter()
        .filter_map(|record| named(&record.shown))
        .collect())
}

/// Id, name and e-mail address, under the names the two products have for them.
fn named(record: &Map<String, Value>) -> Option<Named> {
    let text = |key: &str| record.get(key).and_then(Value::as_str).unwrap_or_default().trim();
    let id = text("id").to_owned();
    let parts = format!("{} {}", text("firstName"), text("lastName"));
    let name = [text("name"), text("full_name"), text("accountName"), parts.trim()];
    let name = name
        .into_iter()
        .find(|name| !name.is_empty())
        .unwrap_or_default()
        .to_owned();
    let email = [text("emailId"), text("email")]
        .into_iter()
        .find(|one| !one.is_empty())
        .unwrap_or_default();
    let email = email.to_owned();
    (!id.is_empty()).then_some(Named { id, name, email })
}
