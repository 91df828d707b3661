//! What the calls of a module accept: lists, searches, counts, reads of one record.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{FilterKind, Parameter, file};

/// What a Desk list or search call accepts.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// Most rows one call gives.
    pub max: usize,
    /// Scopes beyond those of the module.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Conditions of yes or no that hold for every row.
    #[serde(default)]
    pub always: Vec<String>,
    /// How its pages follow one another.
    #[serde(default)]
    pub paging: Paging,
    /// Values of `sortBy`.
    #[serde(default)]
    pub sort: Vec<String>,
    /// The parameter that puts the newest first, and its value, where `sortBy` does not.
    #[serde(default)]
    pub newest: Option<(String, String)>,
    /// Values of `include`.
    #[serde(default)]
    pub include: Vec<String>,
    /// The member the records lie under, `data` when not given.
    #[serde(default)]
    pub key: Option<String>,
    /// Fields every row has; others must be asked for. Empty: the call takes no `fields`.
    #[serde(default)]
    pub row: Vec<String>,
    /// The numbered parameter that takes conditions on custom fields, `customField` or `field`.
    #[serde(default)]
    pub custom: Option<String>,
    /// The parameter for free words, `_all` when not given.
    #[serde(default)]
    pub text: Option<String>,
    /// Conditions by the name callers use.
    #[serde(default)]
    pub filters: BTreeMap<String, Filter>,
}

/// A list of records apart.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Archive {
    /// Its path below the module's.
    pub path: String,
    /// The filter that it cannot do without.
    pub needs: String,
    /// What it accepts; its `always` names what asks for it.
    pub list: Listing,
    /// Told of the records that are neither in the lists nor here.
    pub apart: String,
}

/// How the pages of a list follow one another.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Paging {
    /// By number, of a length the caller chooses; in CRM by token beyond Zoho's border.
    #[default]
    Number,
    /// By the index that the page before names; of a length of their own.
    Index,
    /// There is one, with all rows: the call takes no place to begin at.
    Whole,
}

/// What a Desk get call accepts.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Getting {
    /// Values of `include`.
    #[serde(default)]
    pub include: Vec<String>,
    /// Fields that one record shows beyond those of a row, as the API declares them.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Fields of a row that one record does not show, nor a row of a search.
    #[serde(default)]
    pub lacks: Vec<String>,
    /// Fields that nobody asks for who reads one with all around it: what stands there says them, too.
    #[serde(default)]
    pub unneeded: Vec<String>,
}

/// What a Desk count call accepts.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counting {
    /// Its path.
    pub path: Vec<String>,
    /// Conditions by the name callers use.
    #[serde(default)]
    pub filters: BTreeMap<String, Filter>,
}

/// One condition of a Desk call.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// The query parameter.
    pub param: String,
    /// How its value is written.
    pub kind: FilterKind,
    /// The member of rows that it is on, where that is called otherwise.
    #[serde(default)]
    pub member: Option<String>,
    /// It takes one value only in this call (OAS): others take several, of which any fits.
    #[serde(default)]
    pub single: bool,
    /// The values it takes, where they are few; any, where none are named.
    #[serde(default)]
    pub values: Vec<String>,
    /// What to do where none of these is meant.
    #[serde(default)]
    pub instead: Option<String>,
    /// Its values are counted from now on: another time finds other records.
    #[serde(default)]
    pub from_now: bool,
}

impl Filter {
    /// How its parameter reads what it is given.
    pub fn parameter(&self) -> &'static Parameter {
        file::parameter(&self.param)
    }
}
