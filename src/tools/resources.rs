//! Resources: addresses that stand for the call of a tool, by the files of `tool-schemas/resources/`. Pure.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::catalog::{Catalog, files_of};
use super::prompts::Suggested;

/// The folder of `tool-schemas/` they lie in.
const FOLDER: &str = "resources";
/// What every address begins with.
const SCHEME: &str = "zoho://";
/// Characters of the longest address: ids and names of modules are short.
const LONGEST: usize = 500;

/// `tool-schemas/resources/<name>.json`: one form of address.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// In a word.
    pub name: String,
    /// For people.
    pub title: String,
    /// For people.
    pub description: String,
    /// The form: `zoho://`, and segments of which those in braces are variables.
    pub uri: String,
    /// What its variables may be.
    pub variables: BTreeMap<String, Variable>,
    /// The tool that reads it.
    pub tool: String,
    /// Its arguments; a value that is a variable in braces becomes that one's.
    pub arguments: BTreeMap<String, String>,
    /// How long what was read may be kept, in seconds.
    pub fresh_s: u32,
}

/// One variable of an address.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    /// All that it may be; anything where none are named.
    #[serde(default)]
    pub values: Vec<String>,
    /// What it is completed from.
    #[serde(default, rename = "x-complete")]
    pub complete: Option<Suggested>,
}

/// The forms of address that the tools on offer can read, the most particular first.
///
/// # Errors
/// A file that is no form of address.
pub fn of(catalog: &Catalog) -> Result<Vec<Template>, serde_json::Error> {
    let mut templates = Vec::new();
    for (_, text) in files_of(FOLDER, ".json") {
        let template: Template = serde_json::from_str(text)?;
        if catalog.get(&template.tool).is_some() {
            templates.push(template);
        }
    }
    templates.sort_by_key(|template| template.variables.len());
    Ok(templates)
}

impl Template {
    /// The arguments of the tool that reads this address; none where it is not of this form.
    pub fn read(&self, uri: &str) -> Option<Map<String, Value>> {
        if uri.len() > LONGEST || uri.contains(['?', '#']) {
            return None;
        }
        let (form, given) = (segments(&self.uri)?, segments(uri)?);
        if form.len() != given.len() {
            return None;
        }
        let mut values = BTreeMap::new();
        for (part, segment) in form.into_iter().zip(given) {
            let segment = percent_decode_str(segment).decode_utf8().ok()?;
            match variable(part) {
                None if part == segment => {}
                None => return None,
                Some(name) => {
                    let allowed = &self.variables.get(name)?.values;
                    let is_allowed = allowed.is_empty() || allowed.iter().any(|value| *value == segment);
                    if segment.trim().is_empty() || !is_allowed {
                        return None;
                    }
                    values.insert(name, segment.into_owned());
                }
            }
        }
        let arguments = self.arguments.iter().map(|(name, value)| {
            let value = match variable(value) {
                Some(named) => values.get(named)?.clone(),
                None => value.clone(),
            };
            Some((name.clone(), Value::from(value)))
        });
        arguments.collect()
    }
}

fn segments(uri: &str) -> Option<Vec<&str>> {
    Some(uri.strip_prefix(SCHEME)?.split('/').collect())
}

fn variable(part: &str) -> Option<&str> {
    part.strip_prefix('{')?.strip_suffix('}')
}
