//! The people and companies both products know: row `index` is the same person in Desk and in CRM.

use super::dice::Dice;

mod companies;
mod names;

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

/// How many companies there are; persons point at `0..COMPANIES`.
pub const COMPANIES: u64 = companies::ROWS.len() as u64;

/// Person `index` of this seed: names in their own script, the e-mail address in ASCII and unique by the index.
pub fn person(seed: u64, index: u64) -> Person {
    let mut dice = Dice::new(seed, "person", index);
    let (first, last) = name(&mut dice);
    let company = dice.below(COMPANIES);
    let domain = companies::ROWS[company as usize].slug;
    let title = dice.chance(70).then(|| (*dice.pick(names::TITLES)).to_owned());
    Person {
        first_name: first.written.to_owned(),
        last_name: last.written.to_owned(),
        email: format!("{}.{}{index}@{domain}.example", first.ascii, last.ascii),
        phone: phone(&mut dice),
        title,
        company,
    }
}

/// Company `index` of this seed; rows repeat after [`COMPANIES`].
pub fn company(seed: u64, index: u64) -> Company {
    let row = &companies::ROWS[(index % COMPANIES) as usize];
    Company {
        name: row.name.to_owned(),
        domain: format!("{}.example", row.slug),
        phone: phone(&mut Dice::new(seed, "company", index)),
        industry: row.industry.to_owned(),
        city: row.city.to_owned(),
        country: row.country.to_owned(),
    }
}

/// Member `index` of the support team that owns the account; member 0 is the user who signs in.
pub fn colleague(seed: u64, index: u64) -> Person {
    let mut dice = Dice::new(seed, "colleague", index);
    let (first, last) = if index == 0 { names::USER } else { name(&mut dice) };
    Person {
        first_name: first.written.to_owned(),
        last_name: last.written.to_owned(),
        email: format!(
            "{}.{}{}@lanternworks.example",
            first.ascii,
            last.ascii,
            suffix(index)
        ),
        phone: phone(&mut dice),
        title: Some((*dice.pick(names::TEAM_TITLES)).to_owned()),
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

fn name(dice: &mut Dice) -> (names::Name, names::Name) {
    let (firsts, lasts) = *dice.pick(names::CULTURES);
    (*dice.pick(firsts), *dice.pick(lasts))
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
