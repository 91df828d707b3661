//! The OAuth scopes the tools on offer need: what a consent asks for, and what a connection lacks. Summed up from the files
//! of `tool-schemas/`.

use super::catalog::Catalog;
use super::definition::ToolDefinition;
use super::definition::operation::Operation;
use super::modules::{self, Module};
use crate::connections::Product;

/// One permission: any of these scopes gives it.
pub type AnyOf = Vec<String>;

/// The permissions the tools of a catalog need.
pub fn collect_needed(catalog: &Catalog) -> Vec<AnyOf> {
    let operations = || catalog.tools().iter().map(|tool| tool.operation());
    let works_on = |product| operations().any(|operation| operation.products().contains(&product));
    let mut needed: Vec<AnyOf> = Vec::new();
    all_of(&modules::consent(Product::Desk).always, &mut needed);
    if works_on(Product::Crm) {
        of_product(Product::Crm, &mut needed);
    }
    all_of(&modules::consent(Product::Crm).always, &mut needed);
    if works_on(Product::Desk) {
        of_product(Product::Desk, &mut needed);
    }
    operations().for_each(|operation| of_operation(operation, &mut needed));
    needed
}

/// What each tool on offer that changes something needs for that, beside what reading does.
pub fn of_writing(catalog: &Catalog) -> Vec<(String, Vec<AnyOf>)> {
    let writing = catalog.tools().iter().filter(|tool| !tool.is_read_only());
    let needed = |tool: &ToolDefinition| {
        let mut needed = Vec::new();
        of_operation(tool.operation(), &mut needed);
        (tool.name().to_owned(), needed)
    };
    writing.map(needed).collect()
}

/// What an operation needs beyond the lookups and the reading of its products.
fn of_operation(operation: &Operation, needed: &mut Vec<AnyOf>) {
    all_of(operation.scopes(), needed);
    for product in operation.products() {
        for writing in modules::all_writing(*product) {
            let deeds = operation.deeds().iter();
            deeds.for_each(|deed| all_of(writing.scopes(*deed), needed));
        }
    }
}

fn of_product(product: Product, needed: &mut Vec<AnyOf>) {
    all_of(&modules::consent(product).records, needed);
    let custom = modules::custom(product);
    all_of(&custom.scopes, needed);
    for module in modules::all(product).iter().chain([custom]) {
        of_module(module, needed);
    }
    for lookup in modules::lookups(product).values() {
        all_of(&lookup.scopes, needed);
    }
}

/// Adds scopes each of which is needed, but for those that one needed already gives, and in place of those that it gives.
fn all_of(scopes: &[String], needed: &mut Vec<AnyOf>) {
    for scope in scopes {
        let gives = |any: &AnyOf| matches!(any.as_slice(), [held] if covers(held, scope));
        let is_given = |any: &AnyOf| matches!(any.as_slice(), [held] if covers(scope, held));
        if !needed.iter().any(gives) {
            needed.retain(|any| !is_given(any));
            needed.push(vec![scope.clone()]);
        }
    }
}

fn of_module(module: &Module, needed: &mut Vec<AnyOf>) {
    if module.any_scope {
        needed.push(module.scopes.clone());
    } else {
        all_of(&module.scopes, needed);
    }
    let listings = [Some(&module.list), module.search.as_ref()];
    for listing in listings.into_iter().flatten() {
        all_of(&listing.scopes, needed);
    }
    for related in module.related.values() {
        of_module(related, needed);
    }
}

/// The fewest scopes that give every permission: what is needed without a choice first, then of each choice the first,
/// unless another of it is among them already. One scope that does not exist would fail the whole consent.
pub fn to_ask(catalog: &Catalog) -> Vec<String> {
    fewest(&collect_needed(catalog))
}

fn fewest(needed: &[AnyOf]) -> Vec<String> {
    let mut scopes: Vec<String> = Vec::new();
    let (plain, choices): (Vec<&AnyOf>, Vec<&AnyOf>) = needed.iter().partition(|any| any.len() == 1);
    for any in plain.into_iter().chain(choices) {
        let given = |wanted: &String| scopes.iter().any(|held| covers(held, wanted));
        if !any.iter().any(given) {
            scopes.extend(any.first().cloned());
        }
    }
    scopes
}

/// The permissions that the scopes granted do not give, each told by the scope that a consent asks for.
pub fn missing(needed: &[AnyOf], granted: &[String]) -> Vec<String> {
    let given = |any: &AnyOf| {
        any.iter()
            .any(|wanted| granted.iter().any(|held| covers(held, wanted)))
    };
    let asked = fewest(needed);
    let mut lacking: Vec<String> = Vec::new();
    for any in needed.iter().filter(|any| !given(any)) {
        let gives = |scope: &&String| any.iter().any(|wanted| covers(scope, wanted));
        let asked = asked.iter().find(gives);
        lacking.extend(asked.filter(|scope| !lacking.contains(scope)).cloned());
    }
    lacking
}

/// Whether a consent for these scopes is about a product at all; one that Zoho did not describe is taken for one to Desk.
pub fn reach(granted: &[String], product: Product) -> bool {
    let of = |prefix: &str| {
        granted
            .iter()
            .any(|scope| scope.to_ascii_lowercase().starts_with(prefix))
    };
    let desk = granted.is_empty() || of("desk.");
    match product {
        Product::Desk => desk,
        Product::Crm => of("zohocrm.") || !desk,
    }
}

/// Whether a scope gives what another one names: the same area or one around it, the same operation or `ALL`. Case does not
/// count, because Zoho's documents mix it.
pub fn covers(held: &str, wanted: &str) -> bool {
    let (held, wanted) = (held.to_ascii_lowercase(), wanted.to_ascii_lowercase());
    let (Some((held_area, held_does)), Some((area, does))) = (held.rsplit_once('.'), wanted.rsplit_once('.'))
    else {
        return held == wanted;
    };
    let inside = area
        .strip_prefix(held_area)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    inside && (held_does == does || held_does == "all")
}
