//! The people and companies both products know: row `index` is the same person in Desk and in CRM.

use std::sync::LazyLock;

use serde::Deserialize;

use super::dice::Dice;

mod identity;

pub use identity::{Identity, identities, identity};

/// A name in its own script, and in the ASCII form that an e-mail address uses.
type Name = (String, String);

/// First and last names that belong together.
#[derive(Deserialize)]
struct Culture {
    first: Vec<Name>,
    last: Vec<Name>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Names {
    /// The signed-in user of the sandbox.
    user: (Name, Name),
    cultures: Vec<Culture>,
    titles: Vec<String>,
    team_titles: Vec<String>,
}

/// Name, domain before `.example`, industry, city, country and the language it writes to its suppliers in.
type Firm = [String; 6];

static NAMES: LazyLock<Names> =
    LazyLock::new(|| serde_json::from_str(include_str!("people/names.json")).expect("the names are valid"));
static FIRMS: LazyLock<Vec<Firm>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("people/companies.json")).expect("the companies are valid")
});

/// A customer, made from the seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Address at the domain of their company.
    pub email: String,
    /// In international form.
    pub phone: String,
    /// Job title, where known.
    pub title: Option<String>,
    /// Row of the company; see [`company`].
    pub company: u64,
}

/// A customer's company, made from the seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// Full name.
    pub name: String,
    /// Where its mail addresses end.
    pub domain: String,
    /// In international form.
    pub phone: String,
    /// As CRM's picklist spells it.
    pub industry: String,
    /// Seat of its office.
    pub city: String,
    /// In English.
    pub country: String,
}

/// How many companies there are; persons point at `0..companies()`.
pub fn companies() -> u64 {
    FIRMS.len() as u64
}

/// Person `index` of this seed: names in their own script, the e-mail address in ASCII and unique by the index.
pub fn person(seed: u64, index: u64) -> Person {
    let mut dice = Dice::new(seed, "person", index);
    let (first, last) = name(&mut dice);
    let company = dice.below(companies());
    let [_, domain, ..] = &FIRMS[company as usize];
    let title = dice.chance(70).then(|| dice.pick(&NAMES.titles).clone());
    Person {
        first_name: first.0.clone(),
        last_name: last.0.clone(),
        email: format!("{}.{}{index}@{domain}.example", first.1, last.1),
        phone: phone(&mut dice),
        title,
        company,
    }
}

/// The language that people at the company of person `index` write in, as Desk's picklist has it.
pub(crate) fn language(seed: u64, index: u64) -> &'static str {
    let mut dice = Dice::new(seed, "person", index);
    name(&mut dice);
    &FIRMS[dice.below(companies()) as usize][5]
}

/// Company `index` of this seed; rows repeat after [`companies`].
pub fn company(seed: u64, index: u64) -> Company {
    let [name, domain, industry, city, country, _] = &FIRMS[(index % companies()) as usize];
    Company {
        name: name.clone(),
        domain: format!("{domain}.example"),
        phone: phone(&mut Dice::new(seed, "company", index)),
        industry: industry.clone(),
        city: city.clone(),
        country: country.clone(),
    }
}

/// Member `index` of the support team that owns the account; member 0 is the user who signs in.
pub fn colleague(seed: u64, index: u64) -> Person {
    let mut dice = Dice::new(seed, "colleague", index);
    let (first, last) = match index {
        0 => (&NAMES.user.0, &NAMES.user.1),
        _ => name(&mut dice),
    };
    Person {
        first_name: first.0.clone(),
        last_name: last.0.clone(),
        email: format!("{}.{}{}@lanternworks.example", first.1, last.1, suffix(index)),
        phone: phone(&mut dice),
        title: Some(dice.pick(&NAMES.team_titles).clone()),
        company: 0,
    }
}

fn suffix(index: u64) -> String {
    if index == 0 {
        String::new()
    } else {
        index.to_string()
    }
}

fn name(dice: &mut Dice) -> (&'static Name, &'static Name) {
    let culture = dice.pick(&NAMES.cultures);
    (dice.pick(&culture.first), dice.pick(&culture.last))
}

/// Only number ranges that are reserved for fiction.
fn phone(dice: &mut Dice) -> String {
    let line = dice.below(100);
    match dice.below(3) {
        0 => format!("+1 {} 555 01{line:02}", 202 + dice.below(700)),
        1 => format!("+44 20 7946 0{:03}", line + 100 * dice.below(10)),
        _ => format!("+61 2 5550 {:04}", line + 100 * dice.below(100)),
    }
}
