//! Records from the seed: each field of each record has its own dice, so that a name can be known without its record.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::schema::{self, BLOCK, Field, Module, Row};
use super::{derive, time};
use crate::dice::Dice;
use crate::people::{self, Company, Person};

pub(crate) mod converted;
pub(crate) mod known;
mod sold;
mod stories;

use known::Known;

/// Leads are other people than Contacts.
const FIRST_LEAD: u64 = 10_000;

/// The id of seeded record `index`.
pub(crate) fn id(module: &Module, index: u64) -> u64 {
    people::crm_record(module.index, index)
}

/// The id of the module itself.
pub(crate) fn module_id(module: &Module) -> String {
    (BLOCK + 2_175 + module.index * 12).to_string()
}

/// The id of the layout that every module has.
pub(crate) fn layout_id(module: &Module) -> String {
    (BLOCK + 91_055 + module.index * 2).to_string()
}

/// The id of the second layout, where a module has one.
pub(crate) fn second_layout_id(module: &Module) -> String {
    (BLOCK + 91_056 + module.index * 2).to_string()
}

/// The id of a field.
pub(crate) fn field_id(module: &Module, field: &Field) -> String {
    (BLOCK + 102_001 + module.index * 1_000 + field.index * 2).to_string()
}

/// The tags every module starts with.
pub(crate) const SEEDED_TAGS: &[(&str, &str)] = &[
    ("VIP", "#F17574"),
    ("Follow up", "#57B1FD"),
    ("Newsletter", "#63C57E"),
];

/// Seeded tag `number` as records hold it.
pub(crate) fn tag(module: &Module, number: u64) -> Value {
    let (name, color) = SEEDED_TAGS[number as usize];
    json!({ "name": name, "id": (BLOCK + 700_001 + module.index * 100 + number).to_string(), "color_code": color })
}

struct Maker<'a> {
    seed: u64,
    known: &'a Known,
    start: Timestamp,
    module: &'static Module,
    index: u64,
    person: Person,
    company: Company,
    /// The Contacts row of the person; of no use for Leads.
    contact: u64,
}

/// What all seeded records follow from.
#[derive(Clone, Copy)]
pub(crate) struct Origin<'a> {
    pub(crate) seed: u64,
    /// The moment everything leads up to.
    pub(crate) start: Timestamp,
    pub(crate) users: &'a [Value],
    pub(crate) known: &'a Known,
}

/// Seeded record `index`, without the fields that follow from others.
pub(crate) fn row(origin: Origin<'_>, module: &'static Module, index: u64) -> Row {
    let Origin {
        seed,
        start,
        users,
        known,
    } = origin;
    let mut row = Row::new();
    row.insert("id".to_owned(), json!(id(module, index).to_string()));
    let mut when = Dice::new(seed, &module.api_name, index);
    when.below(3_000);
    let newest = crate::newest(start);
    let since = known.beginning(&module.api_name, index);
    let created = time::shift(newest, since.unwrap_or_else(|| known::since(seed, module, index)));
    let age = (newest.as_second() - created.as_second()).max(1).cast_unsigned();
    let modified = time::shift(created, when.below(age).cast_signed());
    let person_of = |throw: u64| {
        let user = &users[throw as usize];
        json!({ "name": user["full_name"], "id": user["id"], "email": user["email"] })
    };
    row.insert("Owner".to_owned(), person_of(when.below(5)));
    row.insert("Created_By".to_owned(), person_of(when.below(3)));
    row.insert("Modified_By".to_owned(), person_of(when.below(5)));
    row.insert("Created_Time".to_owned(), json!(time::iso(created)));
    row.insert("Modified_Time".to_owned(), json!(time::iso(modified)));
    if when.chance(70) {
        row.insert("Last_Activity_Time".to_owned(), json!(time::iso(modified)));
    }
    if !module.is_attached() && when.chance(12) {
        let number = when.below(SEEDED_TAGS.len() as u64);
        row.insert("Tag".to_owned(), json!([tag(module, number)]));
    }
    let (person, company, contact) = subject(seed, known, module, index);
    let maker = Maker {
        seed,
        known,
        start,
        module,
        index,
        person,
        company,
        contact,
    };
    for field in &module.fields {
        if let Some(target) = maker.se_module(field) {
            row.insert("$se_module".to_owned(), json!(target));
        }
        let value = maker.value(field, &row);
        if !value.is_null() {
            row.insert(field.api_name.clone(), value);
        }
    }
    stories::tell(&maker, &mut row);
    row
}

/// The person and the company a record is about.
fn subject(seed: u64, known: &Known, module: &Module, index: u64) -> (Person, Company, u64) {
    let contact = match module.api_name.as_str() {
        "Contacts" => index,
        "Leads" => FIRST_LEAD + index,
        name => known
            .contact(name, index)
            .unwrap_or_else(|| Dice::new(seed, &format!("{name} about"), index).below(120)),
    };
    let mut person = people::person(seed, contact);
    let company = match module.api_name.as_str() {
        "Accounts" => people::company_in_crm(seed, index),
        // Some of them work where others are customers already.
        "Leads" if !Dice::new(seed, "customer's lead", index).chance(20) => {
            let company = people::prospect(seed, index);
            let name = person.email.split('@').next().unwrap_or_default();
            person.email = format!("{name}@{}", company.domain);
            company
        }
        _ => people::company_in_crm(seed, person.company),
    };
    (person, company, contact)
}

/// How the record is named in lookups.
fn name(origin: (u64, &Known, Timestamp), module: &'static Module, index: u64) -> Value {
    let (seed, known, start) = origin;
    let (person, company, contact) = subject(seed, known, module, index);
    if module.display == "Full_Name" {
        return json!(format!("{} {}", person.first_name, person.last_name));
    }
    let maker = Maker {
        seed,
        known,
        start,
        module,
        index,
        person,
        company,
        contact,
    };
    module
        .field(&module.display)
        .map_or(Value::Null, |field| maker.value(field, &Row::new()))
}

impl Maker<'_> {
    fn dice(&self, stream: &str) -> Dice {
        Dice::new(
            self.seed,
            &format!("{} {stream}", self.module.api_name),
            self.index,
        )
    }

    /// The module a lookup without a fixed module points at.
    fn se_module(&self, field: &Field) -> Option<&'static str> {
        if field.lookup.as_deref() != Some("se_module") {
            return None;
        }
        let most = if self.module.is_attached() { 5 } else { 3 };
        let targets = ["Accounts", "Deals", "Cases", "Leads", "Contacts"];
        let number = self.dice("se_module").below(most);
        let target = targets[number as usize];
        // What an activity is about belongs to whom it is with.
        let is_strange =
            !self.module.is_attached() && target != "Accounts" && self.fitting(target).is_empty();
        Some(if is_strange { "Accounts" } else { target })
    }

    /// The records of a module that are about the company of this one, older than itself.
    fn fitting(&self, target: &str) -> Vec<u64> {
        let mut fitting = self.known.of_company(target, self.person.company);
        let own = self.module.api_name.as_str();
        let is_older =
            |index: u64| self.known.beginning(target, index) < self.known.beginning(own, self.index);
        fitting.retain(|index| match own {
            "Contacts" => *index < self.index && is_older(*index),
            "Cases" => is_older(*index),
            _ => true,
        });
        fitting
    }

    fn value(&self, field: &Field, row: &Row) -> Value {
        if Known::is_an_origin(&self.module.api_name, &field.api_name) {
            return self.origin(field);
        }
        let made = matches!(
            field.data_type.as_str(),
            "picklist" | "multiselectpicklist" | "boolean" | "lookup" | "subform"
        );
        if field.null >= 100 || (field.seed.is_none() && !made) {
            return Value::Null;
        }
        let mut dice = self.dice(&field.api_name);
        if field.null > 0 && dice.chance(field.null) {
            return Value::Null;
        }
        match &field.seed {
            Some(Value::String(source)) if source.contains('.') => self.source(source, field),
            Some(Value::Array(choices)) => dice.pick(choices).clone(),
            Some(Value::Object(rule)) => self.rule(rule, &mut dice, row),
            _ => self.plain(field, &mut dice, row),
        }
    }

    fn source(&self, source: &str, field: &Field) -> Value {
        match source {
            "person.first_name" => json!(self.person.first_name),
            "person.last_name" => json!(self.person.last_name),
            "person.full_name" => json!(format!("{} {}", self.person.first_name, self.person.last_name)),
            "person.email" => json!(self.person.email),
            "person.phone" => json!(self.person.phone),
            "person.title" => json!(self.person.title),
            "company.name" => json!(self.company.name),
            "company.phone" => json!(self.company.phone),
            "company.website" => json!(format!("https://www.{}", self.company.domain)),
            "company.industry" => json!(self.company.industry),
            "company.city" => json!(self.company.city),
            "company.country" => json!(self.company.country),
            "catalogue.name" => json!(self.sold().0),
            "catalogue.code" => json!(self.sold().1),
            "catalogue.price" => derive::amount(self.sold().2),
            "catalogue.category" => json!(self.sold().3),
            other => panic!(
                "{} of {} has no source {other}",
                field.api_name, self.module.api_name
            ),
        }
    }

    fn rule(&self, rule: &Row, dice: &mut Dice, row: &Row) -> Value {
        let number = |key: &str| rule.get(key).and_then(Value::as_i64);
        if let (Some(from), Some(to), Some(step)) = (number("from"), number("to"), number("step")) {
            return json!(from + step * dice.below(((to - from) / step + 1).cast_unsigned()).cast_signed());
        }
        if let Some(code) = rule.get("code").and_then(Value::as_str) {
            return json!(format!("{code}{}", 1_000 + self.index));
        }
        if let Some(text) = rule.get("text").and_then(Value::as_str) {
            let option = rule
                .get("options")
                .and_then(Value::as_array)
                .map_or("", |options| dice.pick(options).as_str().unwrap_or(""));
            let text = text
                .replace("{company.name}", &self.company.name)
                .replace("{option}", option);
            return json!(text.replace("{index}", &(self.index + 1).to_string()));
        }
        if let Some(start) = rule.get("after").and_then(Value::as_str) {
            let start = row.get(start).and_then(Value::as_str).and_then(time::instant);
            return start.map_or(Value::Null, |start| json!(time::iso(time::shift(start, 3_600))));
        }
        let (from, to) = (
            number("days_from").unwrap_or(-30),
            number("days_to").unwrap_or(30),
        );
        let day = from + dice.below((to - from + 1).cast_unsigned()).cast_signed();
        let moment = time::shift(
            time::midnight(self.start),
            day * 86_400 + 3_600 * dice.below(9).cast_signed(),
        );
        let is_time = self.module.fields.iter().any(|field| {
            field.data_type == "datetime" && field.seed.as_ref().and_then(Value::as_object) == Some(rule)
        });
        if is_time {
            json!(time::iso(moment))
        } else {
            json!(time::date(moment))
        }
    }

    /// A value that follows from the type alone; free texts and dates stay empty.
    fn plain(&self, field: &Field, dice: &mut Dice, row: &Row) -> Value {
        match field.data_type.as_str() {
            "picklist" if field.read_only => Value::Null,
            "picklist" => json!(dice.pick(&field.pick)),
            "multiselectpicklist" => {
                let chosen: Vec<&String> = field.pick.iter().filter(|_| dice.chance(40)).collect();
                if chosen.is_empty() {
                    Value::Null
                } else {
                    json!(chosen)
                }
            }
            "boolean" if field.read_only => Value::Null,
            "boolean" => json!(dice.chance(15)),
            "lookup" => self.lookup(field, dice, row),
            "subform" => self.items(),
            _ => Value::Null,
        }
    }

    fn lookup(&self, field: &Field, dice: &mut Dice, row: &Row) -> Value {
        let polymorphic = field.lookup.as_deref() == Some("se_module");
        let target = if polymorphic {
            row.get("$se_module").and_then(Value::as_str)
        } else {
            field.lookup.as_deref()
        };
        let Some(target) = target.and_then(schema::module) else {
            return Value::Null;
        };
        let index = match target.api_name.as_str() {
            "Contacts" if self.module.api_name != "Contacts" => self.contact,
            "Accounts" if self.module.api_name != "Accounts" => self.person.company,
            "Contacts" | "Deals" | "Cases" if !self.module.is_attached() => {
                let fitting = self.fitting(&target.api_name);
                match fitting.get(dice.below(fitting.len() as u64) as usize) {
                    Some(index) => *index,
                    None => return Value::Null,
                }
            }
            _ => dice.below(target.rows),
        };
        if target.index == self.module.index && index >= self.index {
            return Value::Null;
        }
        let mut value = self.reference(target, index);
        if polymorphic && self.module.is_attached() {
            value["module"] = json!({ "api_name": target.api_name, "id": module_id(target) });
        }
        value
    }

    fn reference(&self, target: &'static Module, index: u64) -> Value {
        let name = name((self.seed, self.known, self.start), target, index);
        json!({ "name": name, "id": id(target, index).to_string() })
    }
}
