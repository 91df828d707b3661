//! What Zoho's settings say of an organization: its modules and their fields, layouts and views, and who works there; one
//! memory of it, asked once for many.

pub mod currency;
pub mod fields;
pub mod layouts;
pub mod modules;
pub mod named;
pub mod recent;
pub mod related;
mod remembered;
mod rows;

use currency::KnownCurrency;
use fields::KnownFields;
use modules::KnownModules;
use named::KnownNames;
use recent::KnownRecent;
use related::KnownRelated;

use crate::clock::Clock;

/// What has been asked for, by whose it is.
#[derive(Debug)]
pub struct Settings {
    /// The modules of a product.
    pub modules: KnownModules,
    /// The fields of a module.
    pub fields: KnownFields,
    /// The related lists of a module.
    pub related: KnownRelated,
    /// What amounts are in.
    pub currency: KnownCurrency,
    /// Whose names stand for which ids.
    pub names: KnownNames,
    /// The newest cases.
    pub recent: KnownRecent,
}

impl Settings {
    /// Nothing has been asked for yet; what will be is believed for a while by this clock.
    pub fn new(clock: &Clock) -> Self {
        Settings {
            modules: KnownModules::new(clock),
            fields: KnownFields::new(clock),
            related: KnownRelated::new(clock),
            currency: KnownCurrency::new(clock),
            names: KnownNames::new(clock),
            recent: KnownRecent::new(clock),
        }
    }
}
