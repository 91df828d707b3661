//! What a value may be that a person is typing: from lists of Zoho's, which are asked for once in a while and not at every key.

use super::error::ToolError;
use super::invocation::Invocation;
use super::modules::Kind;
use super::prompts::Suggested;
use super::settings::named::Named;
use crate::connections::Product;
use crate::names::fold;

/// Values that are suggested at once: the most that MCP takes.
const MOST: usize = 100;

/// Values that begin as typed, then those that hold it.
#[derive(Debug, Default)]
pub struct Suggestions {
    /// Those shown.
    pub values: Vec<String>,
    /// How many there are, where that is known.
    pub total: Option<usize>,
    /// Whether there are more than are shown.
    pub has_more: bool,
}

impl Suggestions {
    /// Of all the values there are, those that fit.
    pub fn among(all: impl IntoIterator<Item = String>, typed: &str) -> Self {
        let typed = fold(typed);
        let mut found: Vec<(usize, String)> = Vec::new();
        for value in all {
            let rank = rank(&value, &typed);
            if let Some(rank) = rank
                && !found.iter().any(|(_, other)| *other == value)
            {
                found.push((rank, value));
            }
        }
        found.sort_by_key(|(rank, _)| *rank);
        let total = found.len();
        Suggestions {
            values: found.into_iter().map(|(_, value)| value).take(MOST).collect(),
            total: Some(total),
            has_more: total > MOST,
        }
    }

    /// The same of a list that goes on beyond what was read.
    fn of_some(mut self) -> Self {
        self.total = None;
        self.has_more = true;
        self
    }
}

/// How well a value fits: it begins so, one of its words does, or it holds it.
fn rank(value: &str, typed: &str) -> Option<usize> {
    let words = value.split(|c: char| !c.is_alphanumeric());
    if fold(value).starts_with(typed) {
        Some(0)
    } else if words.into_iter().any(|word| fold(word).starts_with(typed)) {
        Some(1)
    } else {
        fold(value).contains(typed).then_some(2)
    }
}

/// What fits what was typed; `product` is the one that is meant, where that is known.
///
/// # Errors
/// There is no connection, or Zoho refused the list.
pub(super) async fn suggest(
    invocation: &Invocation<'_>,
    what: Suggested,
    product: Option<Product>,
    typed: &str,
) -> Result<Suggestions, ToolError> {
    match what {
        Suggested::Department => named(invocation, Kind::Department, typed).await,
        Suggested::Agent => named(invocation, Kind::Agent, typed).await,
        Suggested::User => named(invocation, Kind::User, typed).await,
        Suggested::Ticket => tickets(invocation, typed).await,
        Suggested::Module => modules(invocation, product, typed).await,
    }
}

async fn named(invocation: &Invocation<'_>, kind: Kind, typed: &str) -> Result<Suggestions, ToolError> {
    let session = invocation.session(kind.product()).await?;
    let known = &invocation.equipment().settings.names;
    let (all, _) = known.of(session, None, kind, false).await?;
    let names = all.iter().map(|one| called(one, &all));
    Ok(Suggestions::among(names.filter(|name| !name.is_empty()), typed))
}

/// What someone is called: by name, and by e-mail address where others have the same.
fn called(one: &Named, all: &[Named]) -> String {
    let is_shared = all
        .iter()
        .any(|other| other.name == one.name && other.id != one.id);
    match (is_shared || one.name.is_empty()) && !one.email.is_empty() {
        true => one.email.clone(),
        false => one.name.clone(),
    }
}

async fn tickets(invocation: &Invocation<'_>, typed: &str) -> Result<Suggestions, ToolError> {
    let session = invocation.session(Product::Desk).await?;
    let newest = invocation.equipment().settings.recent.of(session).await?;
    let typed = typed.trim().trim_start_matches('#');
    let found = Suggestions::among(newest.iter().flatten().cloned(), typed);
    match newest.contains(&None) {
        true => Ok(found.of_some()),
        false => Ok(found),
    }
}

/// The modules of a product, or of both; where one of them cannot be asked, those of the other.
async fn modules(
    invocation: &Invocation<'_>,
    product: Option<Product>,
    typed: &str,
) -> Result<Suggestions, ToolError> {
    let (mut all, mut failed) = (Vec::new(), None);
    for product in product.map_or(vec![Product::Desk, Product::Crm], |product| vec![product]) {
        let listed = async {
            let session = invocation.session(product).await?;
            invocation.equipment().settings.modules.of(session, false).await
        };
        match listed.await {
            Ok((list, _)) => {
                let seen = list.iter().filter(|module| !module.is_hidden);
                all.extend(seen.map(|module| module.api_name.clone()));
            }
            Err(error) => failed = Some(error),
        }
    }
    let found = Suggestions::among(all, typed);
    match failed {
        Some(error) if found.values.is_empty() => Err(error),
        Some(_) => Ok(found.of_some()),
        None => Ok(found),
    }
}
