//! The OAuth scopes the tools on offer need: what a consent asks for, and what a connection lacks.

use super::catalog::Catalog;
use super::definition::ToolDefinition;
use super::modules::{self, DESK_CUSTOM, Listing, Module};
use crate::connections::Product;

/// What Desk needs beside the scopes of its modules: organizations, fields and departments by name.
const DESK: [&str; 2] = ["Desk.basic.READ", "Desk.settings.READ"];

/// What Desk needs beside that for the tools that change something.
const DESK_WRITES: [&str; 6] = [
    "Desk.tickets.CREATE",
    "Desk.tickets.UPDATE",
    "Desk.contacts.CREATE",
    "Desk.contacts.UPDATE",
    "Desk.tasks.CREATE",
    "Desk.tasks.UPDATE",
];

/// What CRM needs for every module beside its records and settings: people, search and queries.
const CRM: [&str; 4] = [
    "ZohoCRM.users.READ",
    "ZohoCRM.org.READ",
    "ZohoCRM.coql.READ",
    "ZohoSearch.securesearch.READ",
];

/// The toolsets whose tools work on Desk (looking for a customer in both products is one of CRM's), and those whose tools work
/// on CRM; the others only ask who is connected.
const ON_DESK: [&str; 4] = ["records", "cases", "crm", "export"];
const ON_CRM: [&str; 3] = ["records", "crm", "export"];

/// One permission: any of these scopes gives it.
pub type AnyOf = Vec<String>;

/// The permissions the tools of a catalog need.
pub fn needed(catalog: &Catalog) -> Vec<AnyOf> {
    let offered = |toolsets: &[&str], writing: bool| {
        let of_them = |tool: &&ToolDefinition| toolsets.contains(&tool.toolset());
        let mut tools = catalog.tools().iter().filter(of_them);
        tools.any(|tool| !writing || !tool.is_read_only())
    };
    let mut needed: Vec<AnyOf> = Vec::new();
    let mut need = |scopes: &[&str]| needed.extend(scopes.iter().map(|&scope| vec![scope.to_owned()]));
    need(&DESK);
    if offered(&ON_DESK, true) {
        need(&DESK_WRITES);
    }
    if offered(&ON_CRM, true) {
        need(&["ZohoCRM.modules.ALL", "ZohoCRM.settings.READ"]);
    } else if offered(&ON_CRM, false) {
        need(&["ZohoCRM.modules.READ", "ZohoCRM.settings.READ"]);
    }
    need(if offered(&ON_CRM, false) {
        &CRM
    } else {
        &["ZohoCRM.org.READ"]
    });
    if offered(&ON_DESK, false) {
        needed.push(vec![DESK_CUSTOM.to_owned()]);
        for module in modules::all(Product::Desk) {
            of_module(module, &mut needed);
        }
    }
    needed
}

fn of_module(module: &Module, needed: &mut Vec<AnyOf>) {
    if module.any_scope {
        needed.push(module.scopes.clone());
    } else {
        needed.extend(module.scopes.iter().map(|scope| vec![scope.clone()]));
    }
    let listings = [Some(&module.list), module.search.as_ref()];
    let listed = listings
        .into_iter()
        .flatten()
        .flat_map(|listing: &Listing| &listing.scopes);
    needed.extend(listed.map(|scope| vec![scope.clone()]));
    for related in module.related.values() {
        of_module(related, needed);
    }
}

/// The fewest scopes that give every permission: what is needed without a choice first, then of each choice the first,
/// unless another of it is among them already. One scope that does not exist would fail the whole consent.
pub fn to_ask(catalog: &Catalog) -> Vec<String> {
    let needed = needed(catalog);
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

/// The permissions that the scopes granted do not give, each told by its first scope.
pub fn missing(needed: &[AnyOf], granted: &[String]) -> Vec<String> {
    let given = |any: &AnyOf| {
        any.iter()
            .any(|wanted| granted.iter().any(|held| covers(held, wanted)))
    };
    let mut lacking: Vec<String> = Vec::new();
    for any in needed.iter().filter(|any| !given(any)) {
        lacking.extend(any.first().filter(|scope| !lacking.contains(scope)).cloned());
    }
    lacking
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
