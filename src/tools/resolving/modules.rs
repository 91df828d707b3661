//! The module a call names: a label or another spelling of one that only the organization has becomes its API name.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::connections::Product;
use crate::names::{clip, distance, fold, is_too_long, most_alike, tell_nearest};
use crate::repair::Repair;
use crate::tools::error::ToolError;
use crate::tools::invocation::Invocation;
use crate::tools::modules::{Module, UnknownModule, all, find, find_own, subject};
use crate::tools::request::{self, app_type, text};
use crate::tools::settings::modules::{Listed, tell_unread};

const MODULE_NAME: &str = "the API name or label of a module";
/// What stands in web addresses and in no name or label: nobody is asked about such a one.
const SIGNS_OF_ADDRESSES: [char; 6] = ['?', '#', '=', '@', '\\', '<'];

/// Puts the API name in place of a label or of another spelling of a custom module, and tells it; names of the module
/// files ask nobody.
///
/// # Errors
/// The lists could be had and no module is called so.
pub(super) async fn resolve(
    invocation: &Invocation<'_>,
    arguments: &mut Map<String, Value>,
) -> Result<Option<Repair>, ToolError> {
    let Some(name) = text(arguments, "module").map(str::to_owned) else {
        return Ok(None);
    };
    if name.contains(SIGNS_OF_ADDRESSES) {
        let got = format!("`{}`, which no module is called", clip(&name, 60));
        let fix = Some("get_modules lists all".to_owned());
        return Err(ToolError::argument("/module", MODULE_NAME, got, fix));
    }
    let asked = app_type(arguments);
    let elsewhere = elsewhere(&name, asked);
    let alias = alias(&name, asked);
    let settled = match subject(&name, asked) {
        _ if is_too_long(&name) => true,
        _ if elsewhere.is_some() || alias.is_some() => false,
        Ok(known) => !known.module.custom,
        Err(_) => is_a_slip(&name),
    };
    if settled {
        return Ok(None);
    }
    let products = match asked {
        Some(product) => vec![product],
        None => vec![Product::Desk, Product::Crm],
    };
    let mut listed: Vec<(Product, Arc<Vec<Listed>>)> = Vec::new();
    let mut unread = Vec::new();
    for product in products {
        let Ok(session) = invocation.session(product).await else {
            continue;
        };
        let mut anew = false;
        loop {
            match invocation.equipment().settings.modules.of(session, anew).await {
                Ok((list, fresh)) => {
                    if let Some(found) = called(&list, &name) {
                        return Ok(named(arguments, product, &found, &name));
                    }
                    if fresh {
                        listed.push((product, list));
                        break;
                    }
                    anew = true;
                }
                Err(error) => {
                    unread.push(tell_unread(product, &error));
                    break;
                }
            }
        }
    }
    if let Some(other) = elsewhere {
        return Err(request::not_a_module(other));
    }
    if let Some((product, module)) = asked.zip(alias) {
        let told = named(arguments, product, &module.name, &name);
        return Ok(told.filter(|_| find(product, &name).is_none()));
    }
    if listed.is_empty() {
        return Ok(None); // the call itself meets what kept the lists away
    }
    Err(unknown(&name, &listed, &unread))
}

/// One or two letters off the name of a module of the files: told at once, nobody is asked whether a label is so near.
fn is_a_slip(name: &str) -> bool {
    let wanted = fold(name);
    let near = |known: &str| distance(&fold(known), &wanted, 2).is_some();
    let mut files = [Product::Desk, Product::Crm].into_iter().flat_map(all);
    files.any(|module| near(&module.name) || module.aliases.iter().any(|alias| near(alias)))
}

/// The refusal where only the other product has a module of this name; with a product named the organization's own modules
/// come first.
fn elsewhere(name: &str, asked: Option<Product>) -> Option<UnknownModule> {
    let (product, other) = match asked? {
        Product::Desk => (Product::Desk, Product::Crm),
        Product::Crm => (Product::Crm, Product::Desk),
    };
    let module = find(other, name).filter(|_| find(product, name).is_none())?;
    if alias(name, asked).is_some() {
        return None;
    }
    Some(UnknownModule::of_the_other(module, other))
}

/// The module of the files that has this name for an alias only, or whose namesake in the other product has: with a product
/// named, the organization may have a module of its own that is called so.
fn alias(name: &str, asked: Option<Product>) -> Option<&'static Module> {
    let product = asked?;
    let other = match product {
        Product::Desk => Product::Crm,
        Product::Crm => Product::Desk,
    };
    if find_own(product, name).is_some() || find_own(other, name).is_some() {
        return find(product, name).filter(|_| find_own(product, name).is_none());
    }
    find(product, name).or_else(|| find_own(product, &find(other, name)?.name))
}

/// The API name of the only module that is called so.
fn called(list: &[Listed], name: &str) -> Option<String> {
    if list.iter().any(|module| module.api_name == name) {
        return Some(name.to_owned());
    }
    let wanted = fold(name);
    let is_it = |module: &&Listed| {
        fold(&module.api_name) == wanted || module.labels.iter().any(|label| fold(label) == wanted)
    };
    let mut hits = list.iter().filter(is_it);
    let first = hits.next()?;
    hits.next().is_none().then(|| first.api_name.clone())
}

/// Writes the module's own name into the arguments.
fn named(arguments: &mut Map<String, Value>, product: Product, api_name: &str, name: &str) -> Option<Repair> {
    let own = own_name(product, api_name);
    arguments.insert("module".to_owned(), Value::from(own));
    arguments.insert("app_type".to_owned(), Value::from(product.as_str()));
    (own != name).then(|| Repair {
        path: "/module".to_owned(),
        rule: "module_name",
        from: clip(name, 80),
        to: own.to_owned(),
    })
}

/// What calls name a module by that an organization lists under this API name.
fn own_name(product: Product, api_name: &str) -> &str {
    let known = all(product).iter().find(|module| match product {
        Product::Desk => module.path == api_name,
        Product::Crm => module.name == api_name,
    });
    known.map_or(api_name, |module| module.name.as_str())
}

/// Nobody is called so, as far as the lists could be read.
fn unknown(name: &str, listed: &[(Product, Arc<Vec<Listed>>)], unread: &[String]) -> ToolError {
    let mut known: Vec<(String, Vec<String>)> = Vec::new();
    for (product, list) in listed {
        for module in list.iter() {
            let own = own_name(*product, &module.api_name);
            let names = module.labels.iter().map(String::as_str).chain([own]);
            let told = format!("{own} (app_type:\"{product}\")");
            known.push((told, names.map(fold).collect()));
        }
    }
    let nearest = most_alike(&fold(name), known.into_iter(), 4);
    let fix = in_the_bin(name).unwrap_or_else(|| tell_nearest(&nearest, "get_modules lists all"));
    let name = clip(name, 60);
    let got = match unread {
        [] => format!("`{name}`, which the organization has not"),
        unread => format!(
            "`{name}`, which no list has that could be read. {}",
            unread.join(" ").trim_end_matches('.')
        ),
    };
    ToolError::argument("/module", MODULE_NAME, got, Some(fix))
}

/// Where the list of deleted records that a name means is: Zoho CRM's own address of it is `Leads/deleted`.
fn in_the_bin(name: &str) -> Option<String> {
    let (module, list) = name.split_once('/')?;
    let is_bin = ["deleted", "trash", "recyclebin"].contains(&fold(list).as_str());
    is_bin.then(|| {
        let module = clip(module, 40);
        format!(
            "module:\"{module}\" with filters:{{\"Record_Status__s\":\"Trash\"}} in Zoho CRM, module:\"RecycleBin\" in Zoho Desk"
        )
    })
}
