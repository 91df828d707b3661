//! The tree of the knowledge base: root categories and the sections below them. Source of the forms: Desk's OpenAPI
//! (KBRootCategory, KBSection).

use serde_json::{Value, json};

use super::{references, writing};
use crate::desk::call::{Answer, Call};
use crate::desk::clauses::Clause;
use crate::desk::modules::{Row, text, value};
use crate::desk::refusal::Refusal;
use crate::desk::render;
use crate::desk::seed::staff;

const ROOTS: &str = "kbRootCategories";
const SECTIONS: &str = "kbSections";

/// A new root category, or a section below one or below another section.
pub(crate) fn create(call: &mut Call<'_>) -> Answer {
    let module = call.route.module.clone();
    references::check(call, &module)?;
    let id = call.org.new_id();
    let mut row = writing::create(call, &module, id);
    let mut siblings = Vec::new();
    if module == SECTIONS {
        let parent = call.sent("parentCategoryId");
        let root = root_of(call, &parent);
        let root = root.ok_or_else(|| Refusal::invalid_field("/parentCategoryId", "invalid"))?;
        row.insert("rootCategoryId".to_owned(), root.into());
        siblings.push(Clause::is("parentCategoryId", &parent));
    } else {
        let id = call.sent("primaryDepartmentId");
        call.must_exist("departments", &[id], "/primaryDepartmentId")?;
    }
    let place = call.org.count(&module, &siblings) + 1;
    row.insert("order".to_owned(), place.to_string().into());
    let translations = translated(call);
    row.insert("translations".to_owned(), translations);
    call.org.put(&module, id, row);
    let record = render::echo(call, &module, id).ok_or_else(Refusal::not_found)?;
    call.with(&record)
}

/// The translations of the body, each with an id and a permalink.
fn translated(call: &mut Call<'_>) -> Value {
    let sent = value(&call.body, "translations");
    let sent = sent.as_array().cloned().unwrap_or_default();
    let made = sent.into_iter().map(|mut translation| {
        translation["id"] = json!(call.org.new_id().to_string());
        if translation["permalink"].is_null() {
            let name = translation["name"].as_str().unwrap_or_default();
            translation["permalink"] = json!(staff::sanitize(name));
        }
        translation
    });
    made.collect()
}

/// The root category that a category belongs to.
fn root_of(call: &Call<'_>, category: &str) -> Option<String> {
    if call.org.row_of(ROOTS, category).is_some() {
        return Some(category.to_owned());
    }
    let (_, section) = call.org.row_of(SECTIONS, category)?;
    Some(text(&section, "rootCategoryId").to_owned())
}

/// A root category with all sections below it.
pub(crate) fn tree(call: &mut Call<'_>) -> Answer {
    let (id, _) = call.record(ROOTS)?;
    grown(call, id)
}

/// The same, found by its permalink.
pub(crate) fn tree_by_permalink(call: &mut Call<'_>) -> Answer {
    let [permalink, locale] =
        ["permalink", "locale"].map(|name| call.query(name).unwrap_or_default().to_owned());
    let is_meant = |row: &Row| {
        let translations = value(row, "translations");
        let all = translations.as_array().into_iter().flatten();
        let mut all = all.filter(|one| one["locale"] == *locale);
        all.any(|one| one["permalink"] == *permalink)
    };
    let roots = call.org.ids(ROOTS, &[]);
    let mut roots = roots.iter().filter_map(|id| call.org.row_of(ROOTS, id));
    let (id, _) = roots
        .find(|(_, row)| is_meant(row))
        .ok_or_else(Refusal::not_found)?;
    grown(call, id)
}

fn grown(call: &Call<'_>, root: u64) -> Answer {
    let mut tree = render::detail(call, ROOTS, root).ok_or_else(Refusal::not_found)?;
    tree["children"] = below(call, &root.to_string(), 1);
    call.with(&tree)
}

fn below(call: &Call<'_>, parent: &str, level: usize) -> Value {
    let mut sections = call.org.ids(SECTIONS, &[Clause::is("parentCategoryId", parent)]);
    let by_name = call.query("sortBy") == Some("name");
    sections.sort_by_cached_key(|id| {
        let row = call
            .org
            .row_of(SECTIONS, id)
            .map(|(_, row)| row)
            .unwrap_or_default();
        match by_name {
            true => (0, text(&row, "name").to_lowercase()),
            false => (text(&row, "order").parse().unwrap_or(0), String::new()),
        }
    });
    let grown = sections.iter().filter_map(|id| {
        let mut section = render::detail(call, SECTIONS, id.parse().ok()?)?;
        section["level"] = json!(level.to_string());
        section["locale"] = section["translations"][0]["locale"].clone();
        section["children"] = below(call, id, level + 1);
        Some(section)
    });
    grown.collect()
}

/// Removes a category. (Assumed: one with sections or articles below it stays.)
pub(crate) fn delete(call: &mut Call<'_>) -> Answer {
    let id = call.path_number(0);
    let module = [ROOTS, SECTIONS]
        .into_iter()
        .find(|module| call.org.row(module, id).is_some());
    let module = module.ok_or_else(Refusal::not_found)?;
    let own = call.path[0].clone();
    let held = call.org.count(SECTIONS, &[Clause::is("parentCategoryId", &own)])
        + call.org.count("articles", &[Clause::is("categoryId", &own)]);
    if held > 0 {
        return Err(Refusal::unprocessable("The category is not empty."));
    }
    call.org.remove(module, id);
    call.done()
}
