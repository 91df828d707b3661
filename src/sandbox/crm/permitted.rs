//! What the user of a token may do: asked at the door, and where only the body names a module.
//!
//! NO_PERMISSION with the names that are missing is what CRM's published descriptions show (OAS 2026, 403 of records, tags,
//! related records): the whole request is refused, a write of many records, too. (Assumed: what somebody is told who is no
//! user of CRM.)

use serde_json::{Value, json};

use super::answer;
use super::call::Call;
use super::schema::{self, BLOCK, Module};
use super::state::Crm;
use crate::http::Reply;
use crate::permissions::crm::{Profile, of_modules, of_the_organization, rule};

/// Whether the caller's profile lets its users make this call; the path is that behind the version.
pub(crate) fn judge(crm: &Crm, call: &Call<'_>, path: &[&str]) -> Result<(), Reply> {
    let named = path.first().copied().and_then(schema::module);
    let place = named.map_or("", |module| module.api_name.as_str());
    let rule = rule(call.route.method, &call.route.path.replace("{module}", place));
    if rule.administrators && !crm.profile().is_administrator() {
        return Err(not_supported());
    }
    let list = named.zip(call.parts.get(1)).and_then(|(module, list)| {
        let related = module.related_list(list)?;
        schema::module(&related.module)
    });
    let asked = call.request.query("module").and_then(schema::module);
    let words = [("{m}", named), ("{list}", list), ("{asked}", asked)];
    let words: Vec<(&str, &str)> = words
        .iter()
        .filter_map(|(sign, module)| Some((*sign, module.as_ref()?.module_name.as_str())))
        .collect();
    // What a path does not name needs no permission.
    let needed = rule.needed(&words).into_iter();
    had(crm, needed.filter(|name| !name.contains('{')))
}

/// Whether the caller reads all of these modules.
pub(crate) fn read(crm: &Crm, modules: Vec<&Module>) -> Result<(), Reply> {
    had(
        crm,
        modules
            .iter()
            .map(|module| format!("View_{}", module.module_name)),
    )
}

/// Whether the caller may do all of this to a module's records.
pub(crate) fn all(crm: &Crm, module: &Module, what: &[&str]) -> Result<(), Reply> {
    had(
        crm,
        what.iter().map(|what| format!("{what}_{}", module.module_name)),
    )
}

fn had(crm: &Crm, needed: impl Iterator<Item = String>) -> Result<(), Reply> {
    let missing: Vec<String> = needed
        .filter(|name| !crm.profile().has(name))
        .map(|name| format!("Crm_Implied_{name}"))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let details = json!({ "permissions": missing });
    Err(answer::refuse(
        403,
        "NO_PERMISSION",
        &details,
        "permission denied",
    ))
}

fn not_supported() -> Reply {
    let message = "The given module is not supported in API";
    answer::refuse(
        403,
        "NOT_SUPPORTED",
        &json!({ "resource_path_index": 0 }),
        message,
    )
}

/// The answer to somebody who is no user of this CRM.
pub(crate) fn no_user() -> Reply {
    answer::refuse(401, "AUTHENTICATION_FAILURE", &json!({}), "Authentication failed")
}

/// Every permission there is, and whether the profile has it.
pub(crate) fn details(profile: &Profile) -> Value {
    let mut details = Vec::new();
    let mut add = |name: &str, label: &str, module: Option<&Module>, above: Option<String>| {
        details.push(json!({
            "display_label": label, "module": module.map(|module| &module.api_name), "name": format!("Crm_Implied_{name}"),
            "id": id(name), "enabled": profile.has(name), "parent_permissions": above.map(|above| id(&above)).into_iter().collect::<Vec<_>>(),
        }));
    };
    for module in schema::modules().iter().filter(|module| module.of.is_none()) {
        for (what, above) in of_modules() {
            let named = |what: &String| format!("{what}_{}", module.module_name);
            add(
                &named(what),
                &what.replace('_', " "),
                Some(module),
                above.as_ref().map(named),
            );
        }
    }
    for name in of_the_organization() {
        add(name, &name.replace('_', " "), None, None);
    }
    details.into()
}

/// The id of a permission, the same in all profiles.
fn id(name: &str) -> String {
    let places = schema::modules().iter().flat_map(|module| {
        of_modules()
            .iter()
            .map(|(what, _)| format!("{what}_{}", module.module_name))
    });
    let mut places = places.chain(of_the_organization().iter().cloned());
    let place = places.position(|other| other == name).unwrap_or_default() as u64;
    (BLOCK + 27_001 + place * 3).to_string()
}
