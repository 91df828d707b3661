//! The modules of both products as `tool-schemas/modules/*.json` declares them.

mod customers;
mod fact;
mod file;
mod kind;
mod listing;
mod naming;
mod parameter;
mod shown;
mod writing;

use std::borrow::Cow;
use std::collections::BTreeMap;

pub use customers::{customers_fill_in, customers_name, customers_write};
pub use fact::Fact;
pub use file::{
    Consent, all, bin, consent, custom, lookup, lookups, names, never_empty, parameter, unlisted, upload,
};
pub use file::{all_writing, writing_of};
pub use kind::{FilterKind, Kind};
pub use listing::{Archive, Counting, Filter, Getting, Listing, Paging};
pub use naming::Naming;
pub use parameter::{Compares, Parameter};
use serde::Deserialize;
pub use writing::Writing;

use crate::connections::Product;
use crate::names::{clip, fold, is_too_long, most_alike, tell_nearest};

/// Fields that every record of CRM has, whatever its module.
pub const CRM_SYSTEM: [&str; 11] = [
    "id",
    "Owner",
    "Created_Time",
    "Modified_Time",
    "Created_By",
    "Modified_By",
    "Last_Activity_Time",
    "Layout",
    "Record_Status__s",
    "Locked__s",
    "Tag",
];

/// A module of Zoho Desk or Zoho CRM.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Module {
    /// As answers name it; for CRM the API name.
    pub name: String,
    /// Other names it is known by.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// First path segment of its Desk API.
    #[serde(default)]
    pub path: String,
    /// The tab in links to the web application.
    #[serde(default)]
    pub tab: Option<String>,
    /// Desk: the search parameter that takes the number people see.
    #[serde(default)]
    pub number: Option<String>,
    /// What to call where Zoho has no such operation on this module.
    #[serde(default)]
    pub instead: Option<String>,
    /// CRM: a list that every record has and that no settings list among those of its module.
    #[serde(default)]
    pub unlisted: bool,
    /// Zoho's settings list no fields of it.
    #[serde(default)]
    pub undescribed: bool,
    /// Not of the module file: its default fields come from the settings.
    #[serde(skip)]
    pub custom: bool,
    /// OAuth scopes that reading needs.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// One of `scopes` is enough.
    #[serde(default)]
    pub any_scope: bool,
    /// What a list answers when no `fields` are asked for; where none are named, all that its rows have.
    pub fields: Vec<String>,
    /// Each row of its lists has an id.
    #[serde(default)]
    pub rows_have_ids: bool,
    /// Beside `fields`, what rows may have where no settings list it: another name in a call is a mistake.
    #[serde(default)]
    pub known: Vec<String>,
    /// What no record can be without: none can be meant by null there.
    #[serde(default)]
    pub never_empty: Vec<String>,
    /// What people filter by and nothing finds, and the way round.
    #[serde(default)]
    pub ways_round: BTreeMap<String, String>,
    /// What is told where a condition is on this filter: what it does not find.
    #[serde(default)]
    pub misses: BTreeMap<String, String>,
    /// Fields that hold HTML.
    #[serde(default)]
    pub html: Vec<String>,
    /// Fields whose text customers write.
    #[serde(default)]
    pub customer_text: Vec<String>,
    /// Fields that hold short texts of customers: names of theirs, where they are reached; `cf_*`: all that begin so.
    #[serde(default)]
    pub customer_names: Vec<String>,
    /// Told with its lists, related lists, numbers and exports: records that are not among these.
    #[serde(default)]
    pub apart: Option<String>,
    /// CRM: its own fields that refer to records of another module, and that module; none where it may be any.
    #[serde(default)]
    pub lookups: BTreeMap<String, String>,
    /// CRM: records that lists leave out unless they are asked for.
    #[serde(default)]
    pub hidden: Option<Hidden>,
    /// CRM: Zoho documents no count of its records, though lists and searches of them.
    #[serde(default)]
    pub uncounted: bool,
    /// Desk: its list call, of no rows where only its search has them.
    #[serde(default)]
    pub list: Listing,
    /// Desk: its get call, if it has one.
    #[serde(default)]
    pub get: Option<Getting>,
    /// Desk: its own count call, if it has one.
    #[serde(default)]
    pub count: Option<Counting>,
    /// Desk: the list of its records that no other list, search or count has.
    #[serde(default)]
    pub archive: Option<Archive>,
    /// Desk: its search call, if it has one.
    #[serde(default)]
    pub search: Option<Listing>,
    /// Desk: lists that belong to one record, by the name callers use; their path follows the record's.
    #[serde(default)]
    pub related: BTreeMap<String, Module>,
}

/// Records that lists, searches and counts leave out unless they are asked for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hidden {
    /// The parameter that asks for them, and its value that asks for all.
    pub param: (String, String),
    /// Fields that only they have: who filters by one means them.
    pub fields: Vec<String>,
    /// Told where they were left out.
    pub note: String,
    /// Told where they are among the others.
    pub among: String,
    /// Told where a query reads them without telling them apart.
    pub queried: String,
}

/// What a call's `module` and `app_type` mean.
#[derive(Debug)]
pub struct Subject {
    /// The product that is asked.
    pub product: Product,
    /// Its module.
    pub module: Cow<'static, Module>,
    /// Told in the answer's `notes`, where a misunderstanding is likely.
    pub note: Option<String>,
}

/// Not a module, or not of the product asked.
#[derive(Debug)]
pub struct UnknownModule {
    /// What is wrong.
    pub got: String,
    /// What would be right.
    pub suggestion: String,
}

/// Whether a text can be an API name of Zoho CRM, in any alphabet; nothing else comes near a URL.
pub fn is_api_name(name: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || c == '_';
    name.starts_with(char::is_alphabetic) && !is_too_long(name) && name.chars().all(inner)
}

/// The module of the file with this name or alias.
pub fn find(product: Product, name: &str) -> Option<&'static Module> {
    let name = fold(name);
    all(product).iter().find(|module| module.is_called(&name))
}

/// The module of the file whose own name this is, in the plural or the singular: no alias, which may be the name of a
/// module of the organization's own.
pub fn find_own(product: Product, name: &str) -> Option<&'static Module> {
    let name = fold(name);
    let is_it = |known: &str| {
        let known = fold(known);
        known == name || known.strip_suffix('s') == Some(name.as_str())
    };
    let own = |module: &&Module| is_it(&module.name) || is_it(&module.path);
    all(product).iter().find(own)
}

/// Finds the product and module a call means: `app_type` decides, else the product that has the module, else Desk. Names
/// the module files do not have are custom modules: `cm_...` in Desk, any API name in CRM.
///
/// # Errors
/// No product has it, or only the other one.
pub fn subject(name: &str, app_type: Option<Product>) -> Result<Subject, UnknownModule> {
    let desk = find(Product::Desk, name);
    let crm = match app_type {
        Some(Product::Crm) => find_own(Product::Crm, name), // aliases are settled before
        _ => find(Product::Crm, name),
    };
    let custom = |product, module| Subject {
        product,
        module: Cow::Owned(module),
        note: None,
    };
    match (app_type, desk, crm) {
        (Some(Product::Desk) | None, Some(module), _) => Ok(Subject::of(Product::Desk, module)),
        (Some(Product::Crm) | None, _, Some(module)) => Ok(Subject::of(Product::Crm, module)),
        (Some(Product::Desk) | None, None, _) if is_custom_of_desk(name) => {
            Ok(custom(Product::Desk, Module::custom_of_desk(name)))
        }
        (Some(Product::Desk), None, Some(module)) => Err(UnknownModule::of_the_other(module, Product::Crm)),
        // Which names the organization has is settled before.
        (Some(Product::Crm), _, None) if is_api_name(name) => Ok(custom(Product::Crm, Module::custom(name))),
        (Some(Product::Crm), Some(module), None) => Err(UnknownModule::of_the_other(module, Product::Desk)),
        (_, None, None) => {
            let got = format!(
                "{:?}, which no module of Zoho Desk or Zoho CRM is called",
                clip(name, 60)
            );
            Err(UnknownModule {
                got,
                suggestion: suggest(name),
            })
        }
    }
}

/// Whether a text is the API name of a custom module of Zoho Desk.
fn is_custom_of_desk(name: &str) -> bool {
    name.len() >= 5 && name.starts_with("cm_") && is_api_name(name)
}

impl Subject {
    /// The module as the product's API names it.
    pub fn address(&self) -> &str {
        match self.product {
            Product::Desk => &self.module.path,
            Product::Crm => &self.module.name,
        }
    }

    /// Has one thing more told in the answer's `notes`.
    pub fn remark(&mut self, what: &str) {
        let before = self.note.take().map(|note| note + " ").unwrap_or_default();
        self.note = Some(before + what);
    }

    /// The module whose records a related list shows, where that is one.
    pub fn of_related(&self, list: &str) -> Option<Subject> {
        let module = match self.product {
            Product::Desk => {
                let wanted = fold(list);
                let mut lists = self.module.related.iter();
                let (_, list) = lists.find(|(name, _)| fold(name) == wanted)?;
                let tab = list.tab.as_ref()?;
                let mut all = all(Product::Desk).iter();
                all.find(|module| module.tab.as_ref() == Some(tab))
            }
            Product::Crm => find_own(Product::Crm, list),
        }?;
        Some(Subject {
            product: self.product,
            module: Cow::Borrowed(module),
            note: None,
        })
    }

    fn of(product: Product, module: &'static Module) -> Self {
        let note = (product == Product::Crm && module.name == "Cases")
            .then(|| "These are Zoho CRM cases; Zoho Desk tickets are app_type:\"desk\".".to_owned());
        Subject {
            product,
            module: Cow::Borrowed(module),
            note,
        }
    }
}

impl UnknownModule {
    /// The product asked has no such module.
    pub fn of_the_other(module: &Module, product: Product) -> Self {
        if module.name == "Agents" {
            return UnknownModule {
                got: "`Agents`, a module of the other product: Zoho CRM has its people in no module".to_owned(),
                suggestion: "a filter on Owner takes their name, e-mail address or `me`, and records name them; those of Zoho \
                    Desk are module:\"Agents\", app_type:\"desk\""
                    .to_owned(),
            };
        }
        if module.name == "RecycleBin" {
            return UnknownModule {
                got: "`RecycleBin`, a module of the other product: in Zoho CRM each module has a bin of its own".to_owned(),
                suggestion: "the module itself with filters:{\"Record_Status__s\":\"Trash\"}; that of Zoho Desk is \
                    module:\"RecycleBin\", app_type:\"desk\""
                    .to_owned(),
            };
        }
        UnknownModule {
            got: format!("`{}` is a module of the other product", module.name),
            suggestion: format!(
                "call again with module:\"{}\", app_type:\"{product}\"",
                module.name
            ),
        }
    }
}

impl Module {
    /// The way round a condition that people ask for and nothing finds.
    pub fn way_round(&self, name: &str) -> Option<&str> {
        let product = match self.path.is_empty() {
            true => Product::Crm,
            false => Product::Desk,
        };
        let mut ways = self.ways_round.iter().chain(file::ways_round(product));
        let (_, way) = ways.find(|(known, _)| fold(known) == fold(name))?;
        Some(way)
    }

    /// A CRM module that is not in the file: any API name or custom module, with the fields every such module has.
    pub fn custom(name: &str) -> Self {
        Module {
            name: name.to_owned(),
            custom: true,
            ..file::custom(Product::Crm).clone()
        }
    }

    /// A list that belongs to a record of CRM, where it is called as a module or the file tells of it.
    pub fn of_crm_list(name: &str) -> Option<Self> {
        let named = |module: &&Module| module.is_called(&fold(name));
        let own = file::related(Product::Crm).iter().find(named);
        let alike = |module: &&Module| fold(&module.name) == fold(name);
        let module = || {
            let mut module = all(Product::Crm).iter().find(alike)?.clone();
            if !module.name.eq_ignore_ascii_case(name) {
                name.clone_into(&mut module.name); // `SalesOrders` lists `Sales_Orders`
            }
            Some(module)
        };
        own.cloned().or_else(module)
    }

    /// Any other list that belongs to a record of CRM; what its rows have, the module of its rows says.
    pub fn of_other_crm_list(name: &str, of: Option<&Module>) -> Self {
        let other = file::other_related(Product::Crm);
        Module {
            name: name.to_owned(),
            fields: of.map_or_else(|| other.fields.clone(), |module| module.fields.clone()),
            tab: of.and_then(|module| module.tab.clone()),
            ..other
        }
    }

    /// Whether a folded name is its own or an alias.
    fn is_called(&self, name: &str) -> bool {
        fold(&self.name) == name || self.aliases.iter().any(|alias| fold(alias) == name)
    }

    /// A custom module of Desk: Zoho has one call for them all, the search.
    pub fn custom_of_desk(name: &str) -> Self {
        Module {
            name: name.to_owned(),
            path: name.to_owned(),
            custom: true,
            ..file::custom(Product::Desk).clone()
        }
    }
}

fn suggest(name: &str) -> String {
    let modules = [Product::Desk, Product::Crm].into_iter().flat_map(all);
    let spelt = |module: &'static Module| {
        let names = module.aliases.iter().chain([&module.name]);
        (module.name.as_str(), names.map(|name| fold(name)).collect())
    };
    let mut nearest = most_alike(&fold(name), modules.map(spelt), 4);
    nearest.dedup();
    nearest.truncate(3);
    tell_nearest(&nearest, "get_modules lists all, the custom ones too")
}
