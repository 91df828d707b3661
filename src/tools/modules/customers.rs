//! Which fields hold what people outside have written, in any module of either product.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::{Module, all};
use crate::connections::Product;

/// Whether customers write a field of this name in any module of either product.
pub fn customers_write(field: &str) -> bool {
    static NAMES: OnceLock<HashSet<&'static str>> = OnceLock::new();
    NAMES
        .get_or_init(|| named_by(|module| &module.customer_text))
        .contains(field)
}

/// Whether a field of this name holds a short text that customers give: a name of theirs, of their companies or their files,
/// where they are reached; or what they fill in, see [`customers_fill_in`].
pub fn customers_name(field: &str) -> bool {
    static NAMES: OnceLock<HashSet<&'static str>> = OnceLock::new();
    let names = NAMES.get_or_init(|| named_by(|module| &module.customer_names));
    names.contains(field) || customers_fill_in(field)
}

/// Whether customers fill in a field of this name, as they do the own fields of an organization in a form: `cf_*` is every
/// name that begins so.
pub fn customers_fill_in(field: &str) -> bool {
    static BEGINNINGS: OnceLock<Vec<&'static str>> = OnceLock::new();
    let beginnings = BEGINNINGS.get_or_init(|| {
        let names = named_by(|module| &module.customer_names).into_iter();
        names.filter_map(|name| name.strip_suffix('*')).collect()
    });
    beginnings.iter().any(|start| field.starts_with(start))
}

fn named_by(list: fn(&'static Module) -> &'static Vec<String>) -> HashSet<&'static str> {
    let modules = [Product::Desk, Product::Crm].into_iter().flat_map(all);
    let all = modules.flat_map(|module| std::iter::once(module).chain(module.related.values()));
    all.flat_map(|module| list(module).iter().map(String::as_str))
        .collect()
}
