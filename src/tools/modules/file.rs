//! `tool-schemas/modules/<product>.json`: what is known of a product before it is asked.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::{Module, Naming, Parameter, Writing};
use crate::connections::Product;
use crate::tools::catalog::module_file;
use crate::tools::definition::operation::ApiCall;
use crate::tools::embedded;
use crate::zoho::ZohoError;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct ModuleFile {
    #[serde(rename = "product")]
    _product: String,
    consent: Consent,
    lookups: BTreeMap<String, ApiCall>,
    bin: BTreeMap<String, ApiCall>,
    #[serde(default)]
    upload: Option<ApiCall>,
    custom: Module,
    #[serde(default)]
    never_empty: Vec<String>,
    #[serde(default)]
    ways_round: BTreeMap<String, String>,
    #[serde(default)]
    names: BTreeMap<String, Naming>,
    #[serde(default)]
    parameters: BTreeMap<String, Parameter>,
    #[serde(default)]
    related: Vec<Module>,
    #[serde(default)]
    other_related: Option<Module>,
    #[serde(default)]
    writing: BTreeMap<String, Writing>,
    modules: Vec<Module>,
}

/// The OAuth scopes a consent asks for beside those of lookups, modules and tools.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Whichever tools are offered.
    pub always: Vec<String>,
    /// Where a tool works on the modules of the product: wider ones, that take the place of many.
    pub records: Vec<String>,
}

/// The modules of one product.
pub fn all(product: Product) -> &'static [Module] {
    &of(product).modules
}

/// Lists of single records that are no modules themselves.
pub(super) fn related(product: Product) -> &'static [Module] {
    &of(product).related
}

/// The lists of single records that no settings list, by the names that people give them.
pub fn unlisted(product: Product) -> impl Iterator<Item = &'static str> {
    let unlisted = related(product).iter().filter(|list| list.unlisted);
    unlisted.map(|list| list.aliases.first().unwrap_or(&list.name).as_str())
}

/// What every list of single records has that no file describes.
pub(super) fn other_related(product: Product) -> Module {
    of(product).other_related.clone().unwrap_or_default()
}

/// What every module has that no file describes.
pub fn custom(product: Product) -> &'static Module {
    &of(product).custom
}

/// What no record can be without, whatever its module.
pub fn never_empty(product: Product) -> &'static [String] {
    &of(product).never_empty
}

/// The ways round conditions that nothing finds in any module, by the names that people give them.
pub(super) fn ways_round(product: Product) -> &'static BTreeMap<String, String> {
    &of(product).ways_round
}

/// How names are shown beside ids, by the fields of the ids.
pub fn names(product: Product) -> &'static BTreeMap<String, Naming> {
    &of(product).names
}

/// How a parameter of Desk's searches reads what it is given.
pub fn parameter(name: &str) -> &'static Parameter {
    static OTHER: Parameter = Parameter::OTHER;
    of(Product::Desk).parameters.get(name).unwrap_or(&OTHER)
}

/// How records of a module are written; none where nothing of it can be.
pub fn writing_of(product: Product, module: &Module) -> Option<&'static Writing> {
    let all = &of(product).writing;
    all.get(&module.name).or_else(|| all.get("*"))
}

/// The same of all modules of a product.
pub fn all_writing(product: Product) -> impl Iterator<Item = &'static Writing> {
    of(product).writing.values()
}

/// What consents ask for the product.
pub fn consent(product: Product) -> &'static Consent {
    &of(product).consent
}

/// Calls beside those of the modules, by name.
pub fn lookups(product: Product) -> &'static BTreeMap<String, ApiCall> {
    &of(product).lookups
}

/// The call of this name.
///
/// # Errors
/// The product has none.
pub fn lookup(product: Product, name: &str) -> Result<&'static ApiCall, ZohoError> {
    lookups(product).get(name).ok_or_else(|| ZohoError::Internal {
        message: format!("{product} has no lookup {name}"),
    })
}

/// The call to the recycle bin of this name; its tool says what consent it needs.
///
/// # Errors
/// The product has none.
pub fn bin(product: Product, name: &str) -> Result<&'static ApiCall, ZohoError> {
    of(product).bin.get(name).ok_or_else(|| ZohoError::Internal {
        message: format!("the recycle bin of {product} has no call {name}"),
    })
}

/// The call that uploads a file for a message; its tool says what consent it needs.
///
/// # Errors
/// The file has none.
pub fn upload() -> Result<&'static ApiCall, ZohoError> {
    of(Product::Desk)
        .upload
        .as_ref()
        .ok_or_else(|| ZohoError::Internal {
            message: "no call uploads files".to_owned(),
        })
}

fn of(product: Product) -> &'static ModuleFile {
    static DESK: OnceLock<ModuleFile> = OnceLock::new();
    static CRM: OnceLock<ModuleFile> = OnceLock::new();
    let (cell, name) = match product {
        Product::Desk => (&DESK, "desk.json"),
        Product::Crm => (&CRM, "crm.json"),
    };
    cell.get_or_init(|| {
        let text = module_file(name).unwrap_or_default();
        embedded::read(text, name)
    })
}
