//! Who can sign in: each is an agent of Desk, a user of CRM, or both. The first is who signs in where nobody is named.

use std::sync::LazyLock;

use serde::Deserialize;

use super::{Person, colleague};

/// Somebody a token can belong to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// What tests and consents name them by.
    pub id: String,
    /// What they are, in words.
    pub is: String,
    /// First and last name, where these do not follow from the seed.
    name: Option<[String; 2]>,
    pub(crate) email: Option<String>,
    /// The number of their Zoho account.
    pub zuid: String,
    /// Which agent they are of each Desk organization, if any.
    #[serde(default)]
    pub desk: [Option<u64>; 2],
    /// Which user of CRM, if any.
    #[serde(default)]
    pub crm: Option<usize>,
}

static IDENTITIES: LazyLock<Vec<Identity>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("identities.json")).expect("the identities are well-formed")
});

/// Everybody who can sign in; the first is the administrator.
pub fn identities() -> &'static [Identity] {
    &IDENTITIES
}

/// The one of this id.
pub fn identity(id: &str) -> Option<&'static Identity> {
    IDENTITIES.iter().find(|identity| identity.id == id)
}

/// User `index` of CRM: who can sign in as it, or a colleague.
pub(crate) fn crm_user(seed: u64, index: usize) -> Person {
    let known = IDENTITIES.iter().find(|identity| identity.crm == Some(index));
    known.map_or_else(|| colleague(seed, index as u64), |identity| identity.person(seed))
}

impl Identity {
    /// Their name and address.
    pub(crate) fn person(&self, seed: u64) -> Person {
        let mut person = colleague(seed, self.crm.unwrap_or(0) as u64);
        if let Some([first, last]) = &self.name {
            person.first_name.clone_from(first);
            person.last_name.clone_from(last);
        }
        if let Some(email) = &self.email {
            person.email.clone_from(email);
        }
        person
    }
}

impl Default for &'static Identity {
    fn default() -> Self {
        &IDENTITIES[0]
    }
}
