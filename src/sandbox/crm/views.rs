//! Custom views: what they are called, and which records they let through.

use serde_json::{Value, json};

use super::answer::{self, Answer};
use super::call::{Call, or_nothing};
use super::criteria;
use super::filter::Expr;
use super::paging;
use super::schema::{self, BLOCK, Module, Row};
use super::state::Crm;
use super::time;
use crate::http::Reply;

/// What a custom view lets through.
pub(crate) struct Filter(Option<Expr>);

impl Filter {
    /// True for a record the view shows.
    pub(crate) fn holds(&self, row: &Row) -> bool {
        self.0
            .as_ref()
            .is_none_or(|expr| expr.holds(&|column| row.get(column)))
    }
}

struct View {
    id: String,
    name: String,
    system_name: Option<String>,
    criteria: Option<String>,
}

fn views(crm: &Crm, module: &Module) -> Vec<View> {
    let recently = time::iso(time::shift(crm.now, -7 * 86_400));
    let mine = crm.users[crm.caller]["id"].as_str().unwrap_or("");
    let plural = &module.plural;
    let mut views = vec![
        (format!("All {plural}"), Some("ALLVIEWS"), None),
        (
            format!("My {plural}"),
            Some("MYVIEWS"),
            Some(format!("(Owner:equals:{mine})")),
        ),
        (
            format!("Recently Created {plural}"),
            Some("RECENTLYCREATED"),
            Some(format!("(Created_Time:greater_equal:{recently})")),
        ),
    ];
    views.extend(
        module
            .views
            .iter()
            .map(|view| (view.name.clone(), None, Some(view.criteria.clone()))),
    );
    let first = BLOCK + 87_501 + module.index * 100;
    let numbered = views.into_iter().zip(first..);
    numbered
        .map(|((name, system, criteria), id)| View {
            id: id.to_string(),
            name,
            system_name: system.map(str::to_owned),
            criteria,
        })
        .collect()
}

/// The filter of view `cvid` of a module.
pub(crate) fn filter(crm: &Crm, module: &Module, cvid: &str) -> Result<Filter, Reply> {
    let view = views(crm, module)
        .into_iter()
        .find(|view| view.id == cvid)
        .ok_or_else(|| answer::parameter_invalid("cvid", json!({})))?;
    Ok(Filter(
        view.criteria
            .map(|text| criteria::parse(schema::whole(module), &text))
            .transpose()?,
    ))
}

/// `GET /settings/custom_views`.
pub(crate) fn list(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.asked_module()?;
    let all: Vec<Value> = views(crm, module)
        .iter()
        .map(|view| shown(module, view))
        .collect();
    let (page, mut info) = paging::paginate(call, &all)?;
    info["default"] = all.first().map_or(Value::Null, |view| view["id"].clone());
    or_nothing("custom_views", page, Some(info))
}

/// `GET /settings/custom_views/{id}`.
pub(crate) fn get(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = call.asked_module()?;
    let view = views(crm, module)
        .into_iter()
        .find(|view| view.id == call.parts[0])
        .ok_or_else(|| answer::id_invalid(2))?;
    Ok(Reply::json(
        200,
        &json!({ "custom_views": [shown(module, &view)] }),
    ))
}

fn shown(module: &Module, view: &View) -> Value {
    let columns = module
        .fields
        .iter()
        .filter(|field| !field.read_only && field.data_type != "subform")
        .take(6);
    let columns: Vec<Value> = columns
        .map(|field| json!({ "api_name": field.api_name, "id": super::seeds::field_id(module, field) }))
        .collect();
    json!({
        "id": view.id, "name": view.name, "display_value": view.name, "system_name": view.system_name,
        "system_defined": view.system_name.is_some(), "default": view.system_name.as_deref() == Some("ALLVIEWS"),
        "category": if view.system_name.is_some() { "public_views" } else { "shared_with_me" }, "access_type": "public", "favorite": null,
        "module": { "api_name": module.api_name, "id": super::seeds::module_id(module) },
        "sort_by": null, "sort_order": null, "last_accessed_time": null, "locked": false,
        "criteria": view.criteria.as_deref().map(criterion), "fields": columns,
    })
}

/// A criteria text of at most two plain conditions as the object the settings show.
fn criterion(text: &str) -> Value {
    let plain = text.trim_start_matches('(').trim_end_matches(')');
    let part = |text: &str| {
        let mut parts = text.splitn(3, ':');
        let (name, comparator, value) = (parts.next(), parts.next(), parts.next());
        json!({ "field": { "api_name": name }, "comparator": comparator.map(|word| word.replace("equals", "equal")), "value": value })
    };
    match plain.split_once(")and(") {
        Some((one, other)) => json!({ "group_operator": "AND", "group": [part(one), part(other)] }),
        None => part(plain),
    }
}
