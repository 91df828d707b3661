//! Links to records as people paste them: the id, and what it is an id of.

use serde_json::{Map, Value};
use url::Url;

use crate::connections::Product;
use crate::names::{clip, fold};
use crate::repair::{OpenReference, ReferenceKind, Repair};
use crate::tools::error::ToolError;
use crate::tools::modules;
use crate::tools::request::subject;

/// What a link to a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordUrl {
    /// The product it belongs to.
    pub product: Product,
    /// The module's name, when the tab in the link is a known one.
    pub module: Option<String>,
    /// The record id.
    pub id: String,
}

/// Puts the ids in place of the links that stand where an id belongs, and tells it.
///
/// # Errors
/// It is no link to a record, or one to a record of another module than the one asked.
pub fn resolve(arguments: &mut Map<String, Value>, open: &[OpenReference]) -> Result<Vec<Repair>, ToolError> {
    let mut found = Vec::new();
    for reference in open
        .iter()
        .filter(|one| matches!(one.kind, ReferenceKind::RecordUrl(_)))
    {
        let path = reference.path.as_str();
        let Some(link) = read(&reference.text) else {
            let got = "neither an id nor a Zoho link to a record";
            return Err(ToolError::argument(
                path,
                "an id of digits, or the link of the record",
                got,
                None,
            ));
        };
        check(&link, arguments, path)?;
        found.push(Repair {
            path: path.to_owned(),
            rule: "record_url",
            from: clip(&reference.text, 80),
            to: link.id,
        });
    }
    let mut whole = Value::Object(std::mem::take(arguments));
    for repair in &found {
        if let Some(place) = whole.pointer_mut(&repair.path) {
            *place = Value::from(repair.to.as_str());
        }
    }
    if let Value::Object(members) = whole {
        *arguments = members;
    }
    Ok(found)
}

fn check(link: &RecordUrl, arguments: &Map<String, Value>, path: &str) -> Result<(), ToolError> {
    if !arguments.contains_key("module") {
        return Ok(());
    }
    let subject = subject(arguments)?;
    let same = link.product == subject.product
        && link
            .module
            .as_ref()
            .is_none_or(|name| *name == subject.module.name);
    if same {
        return Ok(());
    }
    let module = link.module.as_deref().unwrap_or("the module of the link");
    let got = format!("a link to a record of {module} in {}", link.product);
    let fix = format!(
        "call again with module:\"{module}\", app_type:\"{}\"",
        link.product
    );
    Err(ToolError::argument(
        path,
        format!("a record of {}", subject.module.name),
        got,
        Some(fix),
    ))
}

/// Reads a link of the Desk application (old and new form) or of CRM; `None` when it is not one.
pub fn read(text: &str) -> Option<RecordUrl> {
    let url = Url::parse(text.trim()).ok()?;
    let host = url.host_str()?;
    if host.starts_with("desk.zoho") {
        desk(&url)
    } else if host.starts_with("crm.zoho") || host.starts_with("crmsandbox.zoho") {
        crm(&url)
    } else {
        None
    }
}

fn desk(url: &Url) -> Option<RecordUrl> {
    let (tab, id) = match url.fragment() {
        // https://desk.zoho.eu/support/acme/ShowHomePage.do#Cases/dv/123
        // and https://desk.zoho.eu/support/acme/ShowHomePage.do#Activities/Tasks/dv/123
        Some(fragment) => {
            let parts: Vec<&str> = fragment.split('/').collect();
            let view = parts.iter().position(|part| *part == "dv")?;
            (*parts.get(view.checked_sub(1)?)?, *parts.get(view + 1)?)
        }
        // https://desk.zoho.eu/agent/acme/support/tickets/details/123
        None => {
            let parts: Vec<&str> = url.path_segments()?.collect();
            let details = parts.iter().position(|part| *part == "details")?;
            (*parts.get(details.checked_sub(1)?)?, *parts.get(details + 1)?)
        }
    };
    found(Product::Desk, tab, id)
}

fn crm(url: &Url) -> Option<RecordUrl> {
    let value = |name: &str| {
        url.query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    if url.path().ends_with("/EntityInfo.do") {
        return found(Product::Crm, &value("module")?, &value("id")?);
    }
    // https://crm.zoho.eu/crm/org123/tab/Potentials/456
    let parts: Vec<&str> = url.path_segments()?.collect();
    let tab = parts.iter().position(|part| *part == "tab")?;
    found(Product::Crm, parts.get(tab + 1)?, parts.get(tab + 2)?)
}

fn found(product: Product, tab: &str, id: &str) -> Option<RecordUrl> {
    if id.is_empty() || id.len() > 20 || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let tab = fold(tab);
    let known = modules::all(product).iter().find(|module| {
        let own = module.tab.as_deref().is_some_and(|own| fold(own) == tab);
        own || fold(&module.name) == tab || fold(&module.path) == tab
    });
    Some(RecordUrl {
        product,
        module: known.map(|module| module.name.clone()),
        id: id.to_owned(),
    })
}
