//! Which field a name means that no field has: what is written nearly so is a slip only where it is no word of its own.

use std::collections::HashSet;
use std::sync::OnceLock;

use crate::connections::Product;
use crate::names::{letters, only_meant, same_but_for_number};
use crate::tools::modules;
use crate::tools::settings::fields::{Field, list_known};

/// The one field that a name means: written so but for style or number, the lookup that it is the beginning of, a flag
/// without its `is`, else the only one a slip or two away. `account` is no slip of `Amount`.
pub fn field_meant<'f>(name: &str, fields: &'f [Field]) -> Option<&'f str> {
    let wanted = letters(name);
    let spelt = fields
        .iter()
        .flat_map(|field| [(&field.api_name, field), (&field.label, field)]);
    let spelt = spelt.map(|(text, field)| (text.as_str(), field.api_name.as_str()));
    let near = only_meant(name, spelt.clone());
    let only = |is_it: &dyn Fn(&str) -> bool| {
        let mut hits = spelt.clone().filter(|(text, _)| is_it(&letters(text)));
        let (_, first) = hits.next()?;
        hits.all(|(_, other)| other == first).then_some(first)
    };
    only(&|text| text == wanted)
        .or_else(|| only(&|text| same_but_for_number(text, &wanted)))
        .or_else(|| lookup_meant(&wanted, fields))
        .or_else(|| only(&|text| text.strip_prefix("is") == Some(wanted.as_str())))
        .or_else(|| near.filter(|_| !is_word(name)))
}

/// The lookup whose name or label begins so and then names what it refers to: `account` is `Account_Name`.
fn lookup_meant<'f>(wanted: &str, fields: &'f [Field]) -> Option<&'f str> {
    let begins = |field: &Field, text: &str| {
        let text = letters(text);
        let module = letters(&field.module);
        let one = wanted.strip_suffix('s').unwrap_or(wanted);
        let rest = text.strip_prefix(wanted).or_else(|| text.strip_prefix(one));
        matches!(rest, Some("name" | "id"))
            || rest.is_some() && (module == wanted || same_but_for_number(&module, wanted))
    };
    let is_it = |field: &&Field| {
        !wanted.is_empty()
            && !field.module.is_empty()
            && (begins(field, &field.api_name) || begins(field, &field.label))
    };
    let mut hits = fields.iter().filter(is_it);
    let first = hits.next()?;
    hits.next().is_none().then_some(first.api_name.as_str())
}

/// Whether a name is made of words that fields and modules are called by.
fn is_word(name: &str) -> bool {
    let words = words_of(name);
    let known = known_words();
    !words.is_empty() && words.iter().all(|word| known.contains(word))
}

fn known_words() -> &'static HashSet<String> {
    static WORDS: OnceLock<HashSet<String>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let modules = [Product::Desk, Product::Crm].into_iter().flat_map(modules::all);
        let names =
            modules.flat_map(|module| std::iter::once(module.name.as_str()).chain(list_known(module)));
        names.flat_map(words_of).collect()
    })
}

/// The words of a name, in lower case and the singular.
fn words_of(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || lower && c.is_uppercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        lower = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    let singular = |word: String| match word.strip_suffix('s') {
        Some(one) if one.len() >= 3 => one.to_owned(),
        _ => word,
    };
    words.into_iter().map(singular).collect()
}
