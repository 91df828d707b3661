//! Arguments become one request to Zoho: the module's data says what goes where.

mod archive;
pub mod comparison;
mod conditions;
mod controls;
mod counting;
mod criteria;
pub mod crm;
pub mod desk;
mod facts;
mod ids;
mod number;
pub mod operation;
mod parameter;
mod pattern;
pub(super) mod phone;
mod sending;
mod sieve;
mod signs;
pub mod time;
mod told;
mod within_view;
mod words;

pub use archive::{Places, asks_for_archive, tell_apart};
pub use comparison::{leaves_out, names_values, negates, says_whether, takes_first, values_in_words};
pub(super) use conditions::{filterable, filters_of, is_only_listed, same_filter};
pub use controls::refuse_controls;
pub use counting::{Count, CountRequest};
pub use criteria::{has_beginnings, is_user};
pub use ids::{Drafted, FieldType, Ids, OpenCondition, holds_numbers, holds_times};
pub use number::number;
pub use parameter::{any_with, part_of};
use serde_json::{Map, Value, json};
pub use sieve::{Findings, Sieve, are_whole, tell_unseen};
pub use signs::{after_comparison, after_negation};
pub use told::{LONGEST_NUMBER, taken_as_written, tell_nothing_found};
pub use within_view::{count, list};
pub use words::in_one_line;

use super::error::ToolError;
use super::modules::{self, Module, Naming, Paging, Subject, UnknownModule};
use crate::connections::Product;
use crate::names::{fold, only_near};
use crate::zoho::Read;

/// A list or search as the caller wants it.
#[derive(Debug, Clone)]
pub struct ListQuery<'a> {
    /// The module asked.
    pub module: &'a Module,
    /// Conditions by field.
    pub filters: Vec<(&'a str, &'a Value)>,
    /// Name or id of a view that narrows the list.
    pub view: Option<&'a str>,
    /// Words to find anywhere, all of them.
    pub words: Option<&'a str>,
    /// Words of which any are enough.
    pub any: Vec<String>,
    /// Field to sort by.
    pub sort_by: Option<&'a str>,
    /// Given direction.
    pub descending: Option<bool>,
    /// Fields shown.
    pub fields: Vec<String>,
    /// The caller chose the fields.
    pub fields_given: bool,
    /// The fields as the caller listed them.
    pub asked: Vec<String>,
    /// Related records inside each record (Desk).
    pub include: Vec<String>,
    /// Rows at most.
    pub limit: usize,
    /// Columns and rows instead of objects.
    pub table: bool,
    /// Asked through search, even where a list could answer.
    pub search: bool,
    /// Records that lists leave out by themselves are wanted, too.
    pub all: bool,
    /// Names stand beside the ids of people, departments and companies.
    pub named: bool,
    /// Path segments before the module's own: the record a related list belongs to.
    pub within: Vec<String>,
    /// CRM: what is in the recycle bin.
    pub is_of_trash: bool,
    /// What decides which rows the query has, in which order: what a cursor belongs to.
    pub key: Value,
    /// The caller's cursor.
    pub cursor: Option<&'a str>,
}

/// A list without a page of it chosen: what every page is asked for, and how.
#[derive(Debug, Clone)]
pub struct ListRequest {
    /// What is sent, but for where the page begins and how long it is.
    pub request: Read,
    /// Lists whose rows are among the wanted ones, too.
    pub united: Option<United>,
    /// Rows wanted a page.
    pub size: usize,
    /// The largest page Zoho gives.
    pub most: usize,
    /// How its pages follow one another.
    pub paging: Paging,
    /// Whether its rows keep their order among themselves, whatever changes in them.
    pub lasting: bool,
    /// A search: Zoho gives no more of it than its first rows, however it is paged.
    pub search: bool,
    /// The member of the answer that holds the records.
    pub list_key: String,
    /// Members of a record that are kept; all where none are named.
    pub fields: Option<Vec<String>>,
    /// Whether each of its rows has an id: what has none is no record.
    pub rows_have_ids: bool,
    /// Members whose HTML becomes text.
    pub html: Vec<String>,
    /// What is left of the query's conditions for the rows.
    pub sieve: Sieve,
    /// A search that has to find the rows, too.
    pub among: Option<Box<Among>>,
    /// Told in the answer.
    pub notes: Vec<String>,
    /// Told where records may be missing of which Zoho does not say whether it finds them.
    pub misses: Option<String>,
    /// Told where rows may be missing that nobody can see.
    pub doubt: Option<&'static str>,
}

/// A search whose rows those of a list have to be among.
#[derive(Debug, Clone)]
pub struct Among {
    /// What it is asked for, as arguments call it.
    pub by: String,
    /// The search.
    pub list: ListRequest,
}

/// Lists that are read with another as one.
#[derive(Debug, Clone)]
pub struct United {
    /// What is sent for them, in the order of the first.
    pub others: Vec<Read>,
    /// The member of the rows that puts the newest first in each.
    pub by: &'static str,
    /// Whether rows have it only for that.
    pub is_hidden: bool,
}

impl ListRequest {
    /// A list shown as it comes, every member of its rows kept.
    pub fn bare(request: Read, list_key: &str, size: usize, most: usize) -> Self {
        ListRequest {
            request,
            united: None,
            size,
            most,
            paging: Paging::default(),
            lasting: true,
            search: false,
            list_key: list_key.to_owned(),
            fields: None,
            rows_have_ids: false,
            html: Vec::new(),
            sieve: Sieve::default(),
            among: None,
            notes: Vec::new(),
            misses: None,
            doubt: None,
        }
    }
}

/// The text under a key.
pub fn text<'a>(arguments: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    arguments.get(key).and_then(Value::as_str)
}

/// The texts of a list under a key.
pub fn texts(arguments: &Map<String, Value>, key: &str) -> Vec<String> {
    let items = arguments.get(key).and_then(Value::as_array);
    items
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// The product named by `app_type`.
pub fn app_type(arguments: &Map<String, Value>) -> Option<Product> {
    match text(arguments, "app_type") {
        Some("crm") => Some(Product::Crm),
        Some(_) => Some(Product::Desk),
        None => None,
    }
}

/// The product and module the arguments name.
///
/// # Errors
/// No product has this module, or only the other one.
pub fn subject(arguments: &Map<String, Value>) -> Result<Subject, ToolError> {
    let name = text(arguments, "module").unwrap_or_default();
    modules::subject(name, app_type(arguments)).map_err(not_a_module)
}

/// The product asked has no such module.
pub fn not_a_module(unknown: UnknownModule) -> ToolError {
    let expected = "a module of the product asked";
    ToolError::argument("/module", expected, unknown.got, Some(unknown.suggestion))
}

impl<'a> ListQuery<'a> {
    /// Reads the arguments of `get_records` and `search_records`.
    pub fn read(
        module: &'a Module,
        product: Product,
        arguments: &'a Map<String, Value>,
        search: bool,
    ) -> Self {
        let mut chosen = texts(arguments, "fields");
        let fields_given = !chosen.is_empty();
        if fields_given && !chosen.iter().any(|field| field == "id") {
            chosen.insert(0, "id".to_owned()); // the id leads on: to the link, to get_record
        }
        let filters = arguments.get("filters").and_then(Value::as_object);
        let filters: Vec<(&str, &Value)> = filters
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.as_str(), value))
            .filter(|(key, value)| {
                !module
                    .archive
                    .as_ref()
                    .is_some_and(|own| own.is_ruled_out_by(key, value))
            })
            .collect();
        let default_limit = 25;
        let limit = arguments
            .get("limit")
            .and_then(Value::as_u64)
            .unwrap_or(default_limit);
        let sort_by = text(arguments, "sort_by");
        let order = text(arguments, "sort_order");
        let (words, view) = (text(arguments, "query"), text(arguments, "view"));
        ListQuery {
            key: json!({
                "product": product, "module": module.name, "filters": arguments.get("filters"), "query": words, "any": arguments.get("any"),
                "view": view, "sort_by": sort_by, "sort_order": order,
            }),
            module,
            filters,
            view,
            words,
            any: texts(arguments, "any"),
            sort_by,
            descending: order.map(|order| order == "desc"),
            fields: if fields_given {
                chosen
            } else {
                module.fields.clone()
            },
            fields_given,
            asked: texts(arguments, "fields"),
            include: texts(arguments, "include"),
            limit: usize::try_from(limit).unwrap_or(25),
            table: text(arguments, "format") == Some("table"),
            search,
            all: false,
            named: false,
            within: Vec::new(),
            is_of_trash: false,
            cursor: text(arguments, "cursor"),
        }
        .of_trash(product)
    }

    /// Whether another time lets other rows through, whatever they are tested by.
    pub fn goes_by_now(&self) -> bool {
        let is_it = |known: &str| {
            let mut names = self.filters.iter().map(|(name, _)| *name);
            names.any(|name| conditions::same_filter(known, name))
        };
        let mut known = self.module.list.filters.iter();
        known.any(|(name, filter)| filter.from_now && is_it(name))
    }

    /// The one text that a condition of this name asks for.
    pub fn only_text(&self, known: &str) -> Option<String> {
        let mut filters = self.filters.iter();
        let (_, value) = filters.find(|(name, _)| conditions::same_filter(known, name))?;
        match comparison::read("", value).ok()? {
            comparison::Comparison::OneOf(texts) => <[String; 1]>::try_from(texts).ok().map(|[one]| one),
            _ => None,
        }
    }

    /// Whether it is for words.
    pub fn has_words(&self) -> bool {
        self.words.is_some() || !self.any.is_empty()
    }

    /// Told of two times side by side, which could be meant as a set.
    fn readings(&self) -> impl Iterator<Item = String> {
        let filters = self.filters.iter();
        let pairs = filters.filter_map(|(name, value)| comparison::tell_pair(name, value));
        pairs.chain(told::tell_nulls(self)).chain(told::tell_misses(self))
    }

    /// The fields shown, and the related records asked for beside them: Zoho names those in the singular.
    pub fn list_projected(&self) -> Vec<String> {
        let mut fields = Vec::with_capacity(self.fields.len());
        for field in &self.fields {
            fields.push(field.clone());
            let beside = self.naming(field).map(|naming| naming.shown.clone());
            fields.extend(beside.filter(|name| !self.fields.contains(name)));
        }
        for name in &self.include {
            let one = name.strip_suffix('s').unwrap_or(name);
            for name in [name.as_str(), one] {
                if !fields.iter().any(|known| known == name) {
                    fields.push(name.to_owned());
                }
            }
        }
        fields
    }

    /// How the name behind the id in a field is shown, if it is.
    pub fn naming(&self, field: &str) -> Option<&'static Naming> {
        modules::names(Product::Desk).get(field).filter(|_| self.named)
    }

    /// The fields with ids beside which a name is shown, and how.
    pub fn namings(&self) -> Vec<(&str, &'static Naming)> {
        let namings = self.fields.iter().map(String::as_str);
        let namings = namings.filter_map(|field| Some((field, self.naming(field)?)));
        namings.collect()
    }

    /// Whether a member of a row is asked for itself, not for a name alone.
    pub fn shows(&self, member: &str) -> bool {
        let is_it = |name: &String| name == member || name.strip_suffix('s') == Some(member);
        self.fields.iter().chain(&self.include).any(is_it)
    }

    /// The members of a row that are read for names alone.
    fn for_names(&self) -> impl Iterator<Item = String> {
        let namings = self.fields.iter().filter_map(|field| self.naming(field));
        namings.flat_map(Naming::roots).map(str::to_owned)
    }

    /// The members of a row that are kept; all, where nobody names any.
    fn kept(&self) -> Option<Vec<String>> {
        let mut kept = self.list_projected();
        let more: Vec<String> = self.for_names().filter(|name| !kept.contains(name)).collect();
        kept.extend(more);
        Some(kept).filter(|fields| !fields.is_empty())
    }
}

/// One of the names that means the same as `name`, or a failure that lists them.
pub fn pick<'n>(
    names: impl Iterator<Item = &'n str> + Clone,
    name: &str,
    path: &str,
    what: &str,
) -> Result<&'n str, ToolError> {
    let folded = fold(name);
    if let Some(found) = names.clone().find(|known| fold(known) == folded) {
        return Ok(found);
    }
    let all: Vec<&str> = names.clone().collect();
    let near = only_near(&folded, all.iter().map(|known| (*known, *known)), 2);
    let expected = if all.is_empty() {
        let what = what.trim_start_matches("a ");
        format!("no {what}: Zoho has none here")
    } else {
        format!("{what}, one of: {}", all.join(", "))
    };
    let fix = near.map(|(near, _)| format!("did you mean `{near}`?"));
    let refused = ToolError::argument(path, expected, "a name that is not among them", fix);
    Err(refused.naming(name))
}

/// More fields than a list can show.
fn too_many_fields(given: usize, expected: String) -> ToolError {
    let fix = "get_record shows all fields of one record".to_owned();
    ToolError::argument("/fields", expected, given.to_string(), Some(fix))
}
