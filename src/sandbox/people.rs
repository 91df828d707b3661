//! The people and companies both products know: row `index` is the same person in Desk and in CRM.

use std::sync::LazyLock;

use serde::Deserialize;

use super::dice::Dice;

mod catalogue;
mod identity;
mod linked;

pub(crate) use catalogue::{Product, catalogue, product, serviced};
pub(crate) use identity::crm_user;
pub use identity::{Identity, identities, identity};
pub(crate) use linked::{CRM_BLOCK, crm_account, crm_contact, crm_index, crm_record};

/// A name in its own script, in the ASCII form that an e-mail address uses, and what it must share with the name beside it:
/// a script or a language, where its culture has several.
#[derive(Deserialize)]
struct Name(String, String, #[serde(default)] String);

/// First and last names that belong together.
#[derive(Deserialize)]
struct Culture {
    first: Vec<Name>,
    last: Vec<Name>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Names {
    cultures: Vec<Culture>,
    titles: Vec<String>,
    team_titles: Vec<String>,
}

/// A company as Desk has it.
#[derive(Deserialize)]
struct Firm(
    /// Name.
    String,
    /// Domain before `.example`.
    String,
    /// Industry.
    String,
    /// City.
    String,
    /// Country.
    String,
    /// The language it writes to its suppliers in.
    String,
    /// Name in CRM, where somebody has typed it otherwise there.
    #[serde(default)]
    Option<String>,
);

static NAMES: LazyLock<Names> =
    LazyLock::new(|| serde_json::from_str(include_str!("people/names.json")).expect("the names are valid"));
static FIRMS: LazyLock<Vec<Firm>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("people/companies.json")).expect("the companies are valid")
});
static PROSPECTS: LazyLock<Vec<Firm>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("people/prospects.json")).expect("the prospects are valid")
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
    let domain = &FIRMS[company as usize].1;
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
    &FIRMS[dice.below(companies()) as usize].5
}

/// Company `index` of this seed; rows repeat after [`companies`].
pub fn company(seed: u64, index: u64) -> Company {
    let firm = &FIRMS[(index % companies()) as usize];
    made(firm, &mut Dice::new(seed, "company", index))
}

/// The same company as CRM has it: typed by somebody else, who wrote some names and telephone numbers in another way.
pub(crate) fn company_in_crm(seed: u64, index: u64) -> Company {
    let mut company = company(seed, index);
    if let Some(name) = &FIRMS[(index % companies()) as usize].6 {
        company.name.clone_from(name);
    }
    match index % 4 {
        1 => company.phone = format!("({}", company.phone.replacen(' ', ") ", 1)),
        2 => company.phone = company.phone.replacen('+', "00", 1),
        _ => {}
    }
    company
}

/// The company of lead `index` that is no customer yet.
pub(crate) fn prospect(seed: u64, index: u64) -> Company {
    let mut dice = Dice::new(seed, "prospect", index);
    let firm = dice.pick(&PROSPECTS);
    made(firm, &mut dice)
}

fn made(Firm(name, domain, industry, city, country, ..): &Firm, dice: &mut Dice) -> Company {
    Company {
        name: name.clone(),
        domain: format!("{domain}.example"),
        phone: phone(dice),
        industry: industry.clone(),
        city: city.clone(),
        country: country.clone(),
    }
}

/// Member `index` of the team that works with CRM, where nothing else is known of them; see [`Identity`].
pub fn colleague(seed: u64, index: u64) -> Person {
    let mut dice = Dice::new(seed, "colleague", index);
    let (first, last) = name(&mut dice);
    Person {
        first_name: first.0.clone(),
        last_name: last.0.clone(),
        email: format!("{}.{}{index}@lanternworks.example", first.1, last.1),
        phone: phone(&mut dice),
        title: Some(dice.pick(&NAMES.team_titles).clone()),
        company: 0,
    }
}

fn name(dice: &mut Dice) -> (&'static Name, &'static Name) {
    let culture = dice.pick(&NAMES.cultures);
    let (first, place) = (
        dice.pick(&culture.first),
        dice.below(culture.last.len() as u64) as usize,
    );
    let last = &culture.last[place];
    if last.2 == first.2 {
        return (first, last);
    }
    let fitting: Vec<&Name> = culture.last.iter().filter(|last| last.2 == first.2).collect();
    (first, fitting.get(place % fitting.len().max(1)).unwrap_or(&last))
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
