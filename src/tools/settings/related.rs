//! The related lists that the records of a CRM module have, as its organization calls them.

use std::sync::Arc;

use serde_json::Value;

use super::remembered::Remembered;
use super::rows::{members, of_module};
use crate::clock::Clock;
use crate::connections::Product;
use crate::names::{clip, fold, most_alike, tell_nearest};
use crate::tools::error::ToolError;
use crate::tools::modules::{Subject, unlisted};
use crate::zoho::Session;

/// Names told where one is not known.
const MOST_TOLD: usize = 20;

/// A related list as Zoho's settings have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatedList {
    /// As requests name it.
    pub api_name: String,
    /// All it is called, folded.
    names: Vec<String>,
    /// The module of its rows, where they are records.
    pub module: Option<String>,
}

/// The lists remembered.
#[derive(Debug)]
pub struct KnownRelated {
    lists: Remembered<String, RelatedList>,
}

impl KnownRelated {
    /// Nothing has been asked for yet; lists age by this clock.
    pub fn new(clock: &Clock) -> Self {
        KnownRelated {
            lists: Remembered::new(clock.clone()),
        }
    }

    /// The related lists of a module.
    ///
    /// # Errors
    /// Zoho refused them.
    pub async fn of(
        &self,
        session: &Session,
        subject: &Subject,
        anew: bool,
    ) -> Result<Arc<Vec<RelatedList>>, ToolError> {
        let read = async || {
            let rows = members(session, "related_lists", &of_module(subject)).await?;
            Ok(rows.iter().filter_map(listed).collect())
        };
        let name = subject.module.name.clone();
        let (lists, _) = self.lists.of(session, name, anew, read).await?;
        Ok(lists)
    }

    /// The API name of the related list that is called so, by either of its names.
    ///
    /// # Errors
    /// None is, or several are; or Zoho refused the lists.
    pub async fn list_called(
        &self,
        session: &Session,
        subject: &Subject,
        name: &str,
    ) -> Result<String, ToolError> {
        let lists = self.of(session, subject, true).await?;
        let wanted = fold(name);
        let hits: Vec<&RelatedList> = lists.iter().filter(|list| list.names.contains(&wanted)).collect();
        match hits.as_slice() {
            [list] => Ok(list.api_name.clone()),
            [] => {
                let all = || lists.iter().map(|list| list.api_name.as_str());
                let spelt = all().zip(lists.iter().map(|list| list.names.clone()));
                let near = most_alike(&wanted, spelt, MOST_TOLD);
                let fix = match near.is_empty() || lists.len() <= MOST_TOLD {
                    true => there_are(&all().collect::<Vec<&str>>()),
                    false => tell_nearest(&near, &format!("there are {}", lists.len())),
                };
                let unlisted: Vec<&str> = unlisted(Product::Crm).collect();
                let fix = format!("{fix}; every record has {}, its history", unlisted.join(", "));
                let got = format!(
                    "`{}`, which no related list of {} is called",
                    clip(name, 60),
                    subject.module.name
                );
                Err(not_a_list(got, fix))
            }
            several => {
                let names: Vec<&str> = several.iter().map(|list| list.api_name.as_str()).collect();
                let got = format!("`{}`, which several are called", clip(name, 60));
                Err(not_a_list(got, there_are(&names)))
            }
        }
    }
}

fn listed(row: &Value) -> Option<RelatedList> {
    let text = |key: &str| row.get(key).and_then(Value::as_str);
    let names = ["api_name", "display_label", "name"].into_iter().filter_map(text);
    let module = row.pointer("/module/api_name").and_then(Value::as_str);
    Some(RelatedList {
        api_name: text("api_name")?.to_owned(),
        names: names.map(fold).collect(),
        module: module.map(str::to_owned),
    })
}

fn there_are(names: &[&str]) -> String {
    format!("there are: {}", names.join(", "))
}

fn not_a_list(got: String, fix: String) -> ToolError {
    let expected = "the API name or label of a related list";
    ToolError::argument("/related", expected, got, Some(fix))
}
