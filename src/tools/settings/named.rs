//! Who and what has an id under a name: agents, departments, teams, users, views, and the user of the connection.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::remembered::Remembered;
use super::rows::{members, of_module};
use crate::clock::Clock;
use crate::connections::Product;
use crate::names::clip;
use crate::repair::Repair;
use crate::tools::error::ToolError;
use crate::tools::modules::{self, Kind, Module, Subject};
use crate::tools::output::project::{Projection, Record};
use crate::tools::reading::{Batch, Pages};
use crate::tools::request::{self, ListRequest, operation};
use crate::zoho::{Read, Session};

/// Rows Zoho gives at once of people and departments, and those taken of them: one more tells that there are more.
const MOST: usize = 200;
const TAKEN: usize = MOST - 1;
/// Pages of names read at most.
const PAGES: usize = 10;
/// Contacts, accounts or products of one name that are looked at.
const FOUND: usize = 50;

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
pub struct KnownNames {
    lists: Remembered<Key, Named>,
    users: Remembered<(), Map<String, Value>>,
}

impl KnownNames {
    /// Nothing has been asked for yet; lists age by this clock.
    pub fn new(clock: &Clock) -> Self {
        KnownNames {
            lists: Remembered::new(clock.clone()),
            users: Remembered::new(clock.clone()),
        }
    }

    /// All of a kind, and whether they were asked for only now; `anew` asks in any case.
    ///
    /// # Errors
    /// Zoho refused the list.
    pub async fn of(
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
            (Kind::View, Some(subject)) => named_views(session, subject).await,
            (Kind::View, None) => Ok(Vec::new()),
            _ => listed(session, kind).await,
        };
        self.lists.of(session, (kind, of), anew, read).await
    }

    /// All of a kind, if they have been asked for not long ago.
    pub fn recall(&self, session: &Session, kind: Kind) -> Option<Arc<Vec<Named>>> {
        let kept = self.lists.recall(session, &(kind, None));
        kept.map(|(list, _)| list)
    }

    /// The user of the connection, if it has been asked who that is.
    pub fn recall_user(&self, session: &Session) -> Option<Map<String, Value>> {
        let (user, _) = self.users.recall(session, &())?;
        user.first().cloned()
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
    pub fn report(&self, path: String, text: &str) -> Repair {
        Repair {
            path,
            rule: "reference",
            from: clip(text, 80),
            to: format!("{} ({})", self.id, self.name),
        }
    }
}

async fn current_user(session: &Session) -> Result<Map<String, Value>, ToolError> {
    let lookup = modules::lookup(session.product(), "current_user")?;
    let response = session.read(&operation::read(lookup, &Map::new())?).await?;
    let record = match lookup.list_key() {
        "" => Some(Projection::ALL.record(&response.body).await?),
        key => Projection::ALL
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
    let size = match kind.product() {
        Product::Desk => TAKEN,
        Product::Crm => MOST,
    };
    let request = operation::read(lookup, &Map::new())?;
    let list = of_records(request, lookup.list_key(), size, MOST);
    let mut pages = Pages::of(session, list, None);
    let mut all = Vec::new();
    for _ in 0..PAGES {
        let mut batch = pages.next().await?;
        let rows = whole(&mut batch)?;
        for one in rows.iter().filter_map(|record| read_named(&record.shown)) {
            if !all.contains(&one) {
                all.push(one);
            }
        }
        if batch.place.next.is_none() {
            break;
        }
    }
    Ok(all)
}

/// A list each row of which has an id.
fn of_records(request: Read, list_key: &str, size: usize, most: usize) -> ListRequest {
    ListRequest {
        rows_have_ids: true,
        ..ListRequest::bare(request, list_key, size, most)
    }
}

/// The rows of a page; among those that show no record may be the one that is looked for.
fn whole(batch: &mut Batch) -> Result<Vec<Record>, ToolError> {
    match batch.refused.iter().find(|row| row.no_record().is_some()) {
        Some(row) => Err(row.to_error().into()),
        None => Ok(std::mem::take(&mut batch.rows)),
    }
}

/// The contacts, accounts or products that a search by this name, or e-mail address, finds: nobody lists them all.
///
/// # Errors
/// Zoho refused.
pub async fn search(session: &Session, kind: Kind, text: &str) -> Result<Vec<Named>, ToolError> {
    let (module, param) = match kind {
        Kind::Contact if text.contains('@') => ("Contacts", "email"),
        Kind::Contact => ("Contacts", "fullName"),
        Kind::Product => ("Products", "productName"),
        _ => ("Accounts", "accountName"),
    };
    let module = modules::find(Product::Desk, module)
        .ok_or_else(|| ToolError::internal(&format_args!("no module {module}")))?;
    let request = request::desk::search(module).with_query(param, request::any_with(text));
    let found = of_records(request, "data", FOUND - 1, FOUND);
    let mut batch = Pages::of(session, found, None).next().await?;
    let rows = whole(&mut batch)?;
    let named = rows.iter().filter_map(|record| read_named(&record.shown));
    Ok(named.collect())
}

/// Those of Desk that a lookup has for these ids, of a record where it is about one: who is not among them has no name.
///
/// # Errors
/// Zoho refused, or there is no record that the lookup asks about.
pub async fn by_ids(
    session: &Session,
    lookup: &str,
    of: Option<&str>,
    ids: &[&str],
) -> Result<Vec<Named>, ToolError> {
    let mut arguments = Map::new();
    arguments.insert("ids".to_owned(), Value::from(ids.join(",")));
    arguments.extend(of.map(|of| ("of".to_owned(), Value::from(of))));
    let call = modules::lookup(session.product(), lookup)?;
    if call.list_key().is_empty() {
        let response = session.read(&operation::read(call, &arguments)?).await?;
        let record = Projection::ALL.record(&response.body).await?;
        return Ok(read_named(&record.shown).into_iter().collect());
    }
    let rows = members(session, lookup, &arguments).await?;
    Ok(rows
        .iter()
        .filter_map(|row| read_named(row.as_object()?))
        .collect())
}

/// The records of a CRM module that a search for this name, or e-mail address, finds, and whether those are all.
///
/// # Errors
/// Zoho refused.
pub async fn search_module(
    session: &Session,
    module: &str,
    text: &str,
) -> Result<(Vec<Named>, bool), ToolError> {
    let known = modules::find(Product::Crm, module);
    let module = known.map_or_else(|| Module::custom(module), Module::clone);
    // The field that people know a record by stands first behind its id.
    let name = module.fields.get(1).map_or("Name", String::as_str);
    let has_email = module.fields.iter().any(|field| field == "Email");
    let param = if has_email && text.contains('@') {
        "email"
    } else {
        "word"
    };
    let fields = if has_email {
        format!("id,{name},Email")
    } else {
        format!("id,{name}")
    };
    let request = request::crm::search(&module)?
        .with_query(param, text)
        .with_query("fields", fields);
    let found = of_records(request, "data", MOST, MOST);
    let batch = Pages::of(session, found, None).next().await?;
    let named = |record: &Record| {
        let text = |key: &str| {
            record
                .shown
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        Some(Named {
            id: record.id.clone()?,
            name: text(name),
            email: text("Email"),
        })
    };
    let are_all = !batch.place.more && batch.refused.is_empty();
    Ok((batch.rows.iter().filter_map(named).collect(), are_all))
}

/// Id, name and e-mail address, under the names the two products have for them.
pub fn read_named(record: &Map<String, Value>) -> Option<Named> {
    let text = |key: &str| record.get(key).and_then(Value::as_str).unwrap_or_default().trim();
    let id = text("id").to_owned();
    let parts = format!("{} {}", text("firstName"), text("lastName"));
    let name = [
        text("name"),
        text("full_name"),
        text("accountName"),
        text("productName"),
        parts.trim(),
    ];
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

/// The tags of a department that most cases have, and whether those are all.
///
/// # Errors
/// Zoho refused the list.
pub async fn tags(session: &Session, department: &str) -> Result<(Vec<String>, bool), ToolError> {
    let department = ("department".to_owned(), Value::from(department));
    let rows = members(session, "tags", &std::iter::once(department).collect()).await?;
    let names = rows.iter().filter_map(|row| row.get("name")?.as_str());
    let asked = modules::lookup(session.product(), "tags")?.query.get("limit");
    let most = asked.and_then(|limit| limit.as_str()?.parse().ok());
    let are_all = most.is_none_or(|most: usize| rows.len() < most);
    Ok((names.map(str::to_owned).collect(), are_all))
}

/// The views of a module, to look one up by its name.
async fn named_views(session: &Session, subject: &Subject) -> Result<Vec<Named>, ToolError> {
    let text = |view: &Value, key: &str| {
        view.get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let views = members(session, "views", &of_module(subject)).await?;
    Ok(views
        .iter()
        .map(|view| Named {
            id: text(view, "id"),
            name: text(view, "name"),
            email: String::new(),
        })
        .collect())
}
