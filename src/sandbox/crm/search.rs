//! Search and count.

use serde_json::json;

use super::answer::{self, Answer};
use super::call::{Call, or_nothing};
use super::paging;
use super::query::{self, Finder};
use super::schema::Module;
use super::state::Crm;
use super::{records, view, views};
use crate::http::Reply;

/// `GET /{module}/search`.
pub(crate) fn search(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = searchable(call, &["Notes"])?;
    let fields = call.fields()?;
    let Some(finder) = query::finder(call, module)? else {
        let details = json!({ "param_names": ["criteria", "email", "phone", "word"] });
        return Err(answer::refuse(
            400,
            "EXPECTED_PARAM_MISSING",
            &details,
            "mandatory param missing",
        ));
    };
    let per_page = call.count("per_page", 200, 200)?;
    let page = call.count("page", 1, usize::MAX / 200)?;
    if page * per_page > crm.ceilings.search {
        return Err(answer::refuse(
            400,
            "LIMIT_REACHED",
            &json!({ "limit": crm.ceilings.search }),
            "Maximum response iteration limit reached",
        ));
    }
    let names: Vec<&str> = std::iter::once("id")
        .chain(module.fields.iter().map(|field| field.api_name.as_str()))
        .collect();
    let (sort_by, descending) = records::order(call, &names)?;
    let view = call
        .query("cvid")
        .map(|cvid| views::filter(crm, module, cvid))
        .transpose()?;
    let converted = records::converted(call, module)?;
    let table = crm.table(module);
    let keys = records::sorted(table, sort_by, descending, &|_, row| {
        converted.shows(row) && view.as_ref().is_none_or(|view| view.holds(row)) && finder.holds(module, row)
    });
    let (keys, mut info) = paging::paginate(call, &keys)?;
    info["sort_by"] = json!(sort_by);
    info["sort_order"] = json!(if descending { "desc" } else { "asc" });
    let rows = keys.iter().map(|(_, id)| &table.rows[id]);
    let data = rows.map(|row| {
        fields.as_ref().map_or_else(
            || view::full(module, row, None),
            |fields| view::select(module, row, fields),
        )
    });
    or_nothing("data", data.collect(), Some(info))
}

/// `GET /{module}/actions/count`.
pub(crate) fn count(crm: &mut Crm, call: &Call<'_>) -> Answer {
    let module = searchable(call, &[])?;
    let finder = query::finder(call, module)?;
    let view = match (call.query("cvid"), &finder) {
        (Some(_), Some(_)) => return Err(paging::ambiguous("cvid", "criteria")),
        (Some(cvid), None) => Some(views::filter(crm, module, cvid)?),
        (None, _) => None,
    };
    let converted = records::converted(call, module)?;
    let fits = |finder: &Option<Finder>, row| finder.as_ref().is_none_or(|finder| finder.holds(module, row));
    let rows = crm.table(module).rows.values();
    let count = rows
        .filter(|row| {
            converted.shows(row) && view.as_ref().is_none_or(|view| view.holds(row)) && fits(&finder, row)
        })
        .count();
    Ok(Reply::json(200, &json!({ "count": count })))
}

/// The module of the path, unless it hangs on records of others: of those, documents name notes for searches (OAS 2026 and
/// Search Records v8), and none for counts.
fn searchable(call: &Call<'_>, named: &[&str]) -> Result<&'static Module, Reply> {
    let module = call.module();
    if module.is_attached() && !named.contains(&module.api_name.as_str()) {
        return Err(answer::refuse(
            400,
            "NOT_SUPPORTED",
            &json!({ "module": module.api_name }),
            "The given module is not supported in API",
        ));
    }
    Ok(module)
}
