//! Words beside a view, and conditions that a search of Desk alone takes: no call of Zoho takes both. They are searched for
//! apart, and the rows of the view have to be among what they find.

use jiff::tz::TimeZone;
use serde_json::Value;

use super::ids::{Drafted, Ids};
use super::{Among, Count, ListQuery, ListRequest, conditions, crm, desk};
use crate::connections::Product;
use crate::tools::error::ToolError;

impl ListQuery<'_> {
    /// Whether CRM's rows are looked at for its conditions: no call of CRM takes any beside a view or words.
    pub(super) fn is_put_to_rows(&self) -> bool {
        self.view.is_some() || self.has_words()
    }

    /// What is asked for in two calls: the words and what a search alone takes, and all else.
    fn halves(&self, product: Product) -> Option<(Self, Self)> {
        self.view?;
        let is_apart = |(name, value): &&(&str, &Value)| {
            product == Product::Desk && conditions::is_only_found(self.module, name, value)
        };
        let (apart, others): (Vec<_>, Vec<_>) = self.filters.iter().partition(|one| is_apart(one));
        if apart.is_empty() && !self.has_words() {
            return None;
        }
        let words = ListQuery {
            view: None,
            filters: apart,
            search: true,
            sort_by: None,
            descending: None,
            fields: vec!["id".to_owned()],
            fields_given: true,
            asked: Vec::new(),
            include: Vec::new(),
            named: false,
            ..self.clone()
        };
        let rest = ListQuery {
            words: None,
            any: Vec::new(),
            filters: others,
            search: false,
            ..self.clone()
        };
        Some((words, rest))
    }

    /// What it is asked for, as arguments call it.
    fn asked_by(&self) -> String {
        let words = self.has_words().then_some("query");
        let names = self.filters.iter().map(|(name, _)| *name);
        words.into_iter().chain(names).collect::<Vec<&str>>().join(", ")
    }
}

/// The calls that answer a query of a product.
///
/// # Errors
/// A condition that the product cannot be asked for.
pub fn list(
    query: &ListQuery<'_>,
    product: Product,
    zone: &TimeZone,
    ids: &Ids,
) -> Result<Drafted<ListRequest>, ToolError> {
    let of = |query: &ListQuery<'_>| match product {
        Product::Desk => desk::list(query, zone, ids),
        Product::Crm => crm::list(query, zone, ids),
    };
    let Some((words, rest)) = query.halves(product) else {
        return of(query);
    };
    let (list, sought) = (of(&rest)?, of(&words)?);
    Ok(list.beside(sought).map(|(mut list, sought)| {
        let told = sought.notes.iter().filter(|note| !list.notes.contains(note));
        let told: Vec<String> = told.cloned().collect();
        list.notes.extend(told);
        list.among = Some(Box::new(Among {
            by: words.asked_by(),
            list: sought,
        }));
        list
    }))
}

/// How what a query finds is counted.
///
/// # Errors
/// As [`list`].
pub fn count(
    query: &ListQuery<'_>,
    product: Product,
    zone: &TimeZone,
    ids: &Ids,
) -> Result<Drafted<Count>, ToolError> {
    match (query.halves(product), product) {
        (Some(_), _) => Ok(list(query, product, zone, ids)?.map(|list| Count::Read(Box::new(list)))),
        (None, Product::Desk) => desk::count(query, zone, ids),
        (None, Product::Crm) => crm::count(query, zone, ids),
    }
}
