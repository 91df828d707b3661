//! Words beside a view: no call of Zoho takes both. The words are searched for apart, and the rows of the view have to be among
//! what they find.

use jiff::tz::TimeZone;

use super::ids::{Drafted, Ids};
use super::{Count, ListQuery, ListRequest, crm, desk};
use crate::connections::Product;
use crate::tools::error::ToolError;

impl ListQuery<'_> {
    /// Whether CRM's rows are looked at for its conditions: no call of CRM takes any beside a view or words.
    pub(super) fn is_put_to_rows(&self) -> bool {
        self.view.is_some() || self.has_words()
    }

    /// What is asked for in two calls: the words, and all else.
    fn halves(&self) -> Option<(Self, Self)> {
        if self.view.is_none() || !self.has_words() {
            return None;
        }
        let words = ListQuery {
            view: None,
            filters: Vec::new(),
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
            search: false,
            ..self.clone()
        };
        Some((words, rest))
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
    let Some((words, rest)) = query.halves() else {
        return of(query);
    };
    let (list, sought) = (of(&rest)?, of(&words)?);
    Ok(list.beside(sought).map(|(mut list, sought)| {
        let told = sought.notes.iter().filter(|note| !list.notes.contains(note));
        let told: Vec<String> = told.cloned().collect();
        list.notes.extend(told);
        list.among = Some(Box::new(sought));
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
    match (query.halves(), product) {
        (Some(_), _) => Ok(list(query, product, zone, ids)?.map(|list| Count::Read(Box::new(list)))),
        (None, Product::Desk) => desk::count(query, zone, ids),
        (None, Product::Crm) => crm::count(query, zone, ids),
    }
}
