//! The modules as data: names, fields, related lists and custom views, one JSON file each.

use std::sync::{LazyLock, OnceLock};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::version::{self, Version};
use crate::permissions::crm::{Profile, profiles};

/// The leading digits all ids of the organization share.
pub(crate) use crate::people::CRM_BLOCK as BLOCK;

/// A record: only fields that have a value, lookups as `{ "id", "name" }`.
pub(crate) type Row = Map<String, Value>;

/// A module and everything the settings routes tell about it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Module {
    pub(crate) api_name: String,
    /// The name in page addresses: `Potentials` for Deals, `CustomModule1` for the first custom module.
    pub(crate) module_name: String,
    pub(crate) singular: String,
    pub(crate) plural: String,
    /// How many records the seed makes.
    pub(crate) rows: u64,
    /// The field that names a record in lookups.
    pub(crate) display: String,
    #[serde(default)]
    pub(crate) duplicate: Vec<String>,
    #[serde(default)]
    pub(crate) no_upsert: bool,
    #[serde(default)]
    pub(crate) convertable: bool,
    #[serde(default)]
    pub(crate) custom: bool,
    /// The module whose records its own follow from, where nobody writes them.
    #[serde(default)]
    pub(crate) of: Option<String>,
    pub(crate) fields: Vec<Field>,
    pub(crate) related: Vec<Related>,
    pub(crate) views: Vec<View>,
    /// Position in [`modules`]; part of the ids.
    #[serde(skip)]
    pub(crate) index: u64,
    /// The profile and the version whose view of the module it is; none for the module itself.
    #[serde(skip)]
    seen: Option<(&'static str, &'static Version)>,
}

/// A field of a module.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Field {
    pub(crate) api_name: String,
    #[serde(default = "text")]
    pub(crate) data_type: String,
    pub(crate) label: Option<String>,
    /// The longest value, in characters (texts) or digits (numbers).
    pub(crate) length: Option<usize>,
    /// The module a lookup points at; `se_module` when the record says it.
    pub(crate) lookup: Option<String>,
    #[serde(default)]
    pub(crate) pick: Vec<String>,
    #[serde(default)]
    pub(crate) required: bool,
    #[serde(default)]
    pub(crate) read_only: bool,
    #[serde(default)]
    pub(crate) custom: bool,
    #[serde(default)]
    pub(crate) unique: bool,
    #[serde(default)]
    pub(crate) external: bool,
    /// A textarea that holds markup.
    #[serde(default)]
    pub(crate) rich: bool,
    /// Where the seed takes values from.
    pub(crate) seed: Option<Value>,
    /// How many of 100 seeded records have no value.
    #[serde(default)]
    pub(crate) null: u64,
    /// Position among the module's fields; part of the field's id.
    #[serde(skip)]
    pub(crate) index: u64,
}

/// A related list: `field` of the other module points here, or without it the two are linked many to many.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Related {
    pub(crate) api_name: String,
    pub(crate) module: String,
    pub(crate) field: Option<String>,
}

/// A custom view: the records that meet a criteria text.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct View {
    pub(crate) name: String,
    pub(crate) criteria: String,
}

fn text() -> String {
    "text".to_owned()
}

const FILES: &[&str] = &[
    include_str!("modules/leads.json"),
    include_str!("modules/contacts.json"),
    include_str!("modules/accounts.json"),
    include_str!("modules/deals.json"),
    include_str!("modules/tasks.json"),
    include_str!("modules/events.json"),
    include_str!("modules/calls.json"),
    include_str!("modules/products.json"),
    include_str!("modules/campaigns.json"),
    include_str!("modules/vendors.json"),
    include_str!("modules/cases.json"),
    include_str!("modules/solutions.json"),
    include_str!("modules/quotes.json"),
    include_str!("modules/sales_orders.json"),
    include_str!("modules/purchase_orders.json"),
    include_str!("modules/invoices.json"),
    include_str!("modules/price_books.json"),
    include_str!("modules/subscriptions.json"),
    include_str!("modules/notes.json"),
    include_str!("modules/attachments.json"),
    include_str!("modules/deal_history.json"),
];

/// All modules, in the order of the tabs.
pub(crate) fn modules() -> &'static [Module] {
    static MODULES: OnceLock<Vec<Module>> = OnceLock::new();
    MODULES.get_or_init(|| {
        FILES
            .iter()
            .enumerate()
            .map(|(index, file)| read(index as u64, file))
            .collect()
    })
}

/// The module of this API name; names are case sensitive.
pub(crate) fn module(api_name: &str) -> Option<&'static Module> {
    modules().iter().find(|module| module.api_name == api_name)
}

/// The modules as each profile sees them in each version, once somebody does.
static SEEN: LazyLock<Vec<OnceLock<Vec<Module>>>> = LazyLock::new(|| {
    let all = profiles().len() * version::all().len();
    std::iter::repeat_with(OnceLock::new).take(all).collect()
});

/// The modules as users of a profile see them in a version: without the fields that are hidden from them or that came later,
/// and with those that they do not change as read only. Whatever lists, finds or writes records by such a module knows
/// nothing else.
pub(crate) fn seen_by(profile: &str, version: &'static Version) -> &'static [Module] {
    let place = profiles().iter().position(|known| known.name == profile);
    let place = place.unwrap_or(0);
    let seen = |module| seen_module(module, &profiles()[place], version);
    SEEN[place * version::all().len() + version.place()].get_or_init(|| modules().iter().map(seen).collect())
}

fn seen_module(module: &Module, profile: &'static Profile, version: &'static Version) -> Module {
    let mut seen = module.clone();
    seen.seen = Some((&profile.name, version));
    let access = |field: &Field| profile.access(&module.api_name, &field.api_name);
    let is_seen = |field: &Field| access(field) != "hidden" && !version.comes_later(&field.api_name);
    seen.fields.retain(is_seen);
    for field in &mut seen.fields {
        field.read_only |= access(field) == "read_only";
    }
    seen
}

/// Another module as it is seen by whoever sees this one.
pub(crate) fn beside(module: &Module, api_name: &str) -> Option<&'static Module> {
    let seen = |(profile, version)| seen_by(profile, version);
    let all = module.seen.map_or(modules(), seen);
    all.iter().find(|other| other.api_name == api_name)
}

/// The module itself, whoever sees it.
pub(crate) fn whole(module: &Module) -> &'static Module {
    &modules()[module.index as usize]
}

fn read(index: u64, file: &str) -> Module {
    let common: Vec<Field> =
        serde_json::from_str(include_str!("modules/common.json")).expect("the common fields are well-formed");
    let mut module: Module = serde_json::from_str(file).expect("a module file is well-formed");
    module.index = index;
    module.fields.extend(common);
    for (index, field) in module.fields.iter_mut().enumerate() {
        field.index = index as u64;
    }
    module
}

impl Module {
    /// The field of this API name.
    pub(crate) fn field(&self, api_name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.api_name == api_name)
    }

    /// The word of this module in scopes: `leads`, `salesorders`, `custom`.
    pub(crate) fn scope_name(&self) -> String {
        if self.custom {
            "custom".to_owned()
        } else {
            self.api_name.replace('_', "").to_lowercase()
        }
    }

    /// The related list of this API name.
    pub(crate) fn related_list(&self, api_name: &str) -> Option<&Related> {
        self.related.iter().find(|related| related.api_name == api_name)
    }

    /// True for the modules that hang on another record.
    pub(crate) fn is_attached(&self) -> bool {
        matches!(self.api_name.as_str(), "Notes" | "Attachments")
    }
}

impl Field {
    /// What people read in place of the API name.
    pub(crate) fn label(&self) -> String {
        self.label
            .clone()
            .unwrap_or_else(|| self.api_name.trim_end_matches("__s").replace('_', " "))
    }

    /// True for a field whose value is `{ "id", "name" }`.
    pub(crate) fn is_lookup(&self) -> bool {
        matches!(self.data_type.as_str(), "lookup" | "ownerlookup")
    }

    /// The longest value Zoho takes, in characters.
    pub(crate) fn longest(&self) -> Option<usize> {
        self.length.or(match self.data_type.as_str() {
            "text" | "website" => Some(255),
            "email" => Some(100),
            "phone" => Some(30),
            "picklist" => Some(120),
            "textarea" => Some(32_000),
            _ => None,
        })
    }
}
