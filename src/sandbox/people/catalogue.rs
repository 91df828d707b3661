//! What is sold, in both products: Desk serves what customers ask about, CRM quotes all of it.

use std::sync::LazyLock;

use serde::Deserialize;

/// Something that is sold.
#[derive(Debug, Deserialize)]
pub(crate) struct Product(
    /// Name.
    pub(crate) String,
    /// Code.
    pub(crate) String,
    /// Price of one.
    pub(crate) f64,
    /// As CRM's picklist spells it.
    pub(crate) String,
    /// Whether Desk takes cases about it; those stand first.
    pub(crate) bool,
);

static CATALOGUES: LazyLock<[Vec<Product>; 2]> =
    LazyLock::new(|| serde_json::from_str(include_str!("catalogue.json")).expect("the catalogues are valid"));

/// What an organization of Desk sells; CRM belongs to the first.
pub(crate) fn catalogue(which: usize) -> &'static [Product] {
    &CATALOGUES[which]
}

/// The part of it that Desk takes cases about.
pub(crate) fn serviced(which: usize) -> impl Iterator<Item = &'static Product> {
    catalogue(which).iter().filter(|product| product.4)
}

/// The place of a product among those, by its name.
pub(crate) fn product(which: usize, name: &str) -> Option<u64> {
    let at = serviced(which).position(|known| known.0 == name);
    at.map(|at| at as u64)
}
