//! Conditions of CRM that leave out values. What has no value is not what is left out, but no reference of Zoho's says whether
//! its search finds that: rows of plain values are looked at, numbers of records are told by what is left out of all, and
//! where neither goes it is told who may be missing.

use serde_json::Value;

use crate::connections::Product;
use crate::tools::modules;
use crate::tools::request::ListQuery;
use crate::tools::request::comparison;
use crate::tools::request::criteria::{self, api_name};
use crate::tools::request::ids::Known;

/// Whether a condition leaves out values of a field that may have none.
fn leaves_out(query: &ListQuery<'_>, name: &str, value: &Value) -> bool {
    let leaves_out = comparison::read("", value).is_ok_and(|comparison| comparison.leaves_out());
    leaves_out && may_lack(query, &api_name(query.module, name))
}

/// Whether records may have no value of a field.
fn may_lack(query: &ListQuery<'_>, field: &str) -> bool {
    let full = modules::never_empty(Product::Crm).iter();
    let mut full = full.chain(&query.module.never_empty);
    !full.any(|known| known == field)
}

/// All records of a query but for its one condition that leaves out values, and those that have what it leaves out: what it
/// finds is the one number less the other, whatever Zoho makes of `not`.
pub(super) fn parted<'q>(query: &ListQuery<'q>) -> Option<(ListQuery<'q>, ListQuery<'q>)> {
    let conditions = query.filters.iter().enumerate();
    let mut found = conditions.filter(|(_, (name, value))| leaves_out(query, name, value));
    let (at, (name, value)) = found.next().filter(|_| !query.is_put_to_rows())?;
    let (_, left_out) = comparison::behind_not(value)?;
    let hidden = query.module.hidden.iter().flat_map(|hidden| &hidden.fields);
    // Such a condition asks for other records than the rest would by itself.
    let asks_for_more = hidden.into_iter().any(|own| *own == api_name(query.module, name));
    if found.next().is_some() || asks_for_more {
        return None;
    }
    let (mut rest, mut out) = (query.clone(), query.clone());
    rest.filters.remove(at);
    if let Some(condition) = out.filters.get_mut(at) {
        condition.1 = left_out;
    }
    Some((rest, out))
}

/// Told of the conditions by which Zoho is asked for what leaves out values: no reference says whether it finds what has none.
pub(super) fn tell_missed(query: &ListQuery<'_>, known: &mut Known<'_>) -> Option<String> {
    if query.is_put_to_rows() {
        return None;
    }
    let mut fields = Vec::new();
    for (name, value) in query
        .filters
        .iter()
        .filter(|(name, value)| leaves_out(query, name, value))
    {
        let field = api_name(query.module, name);
        let is_flag = known.known_type_of(&field) == Some("boolean");
        let is_asked = !is_flag && !criteria::is_for_rows(query, name, value, known);
        fields.extend(is_asked.then_some(field));
    }
    (!fields.is_empty()).then(|| {
        let fields = fields.join(", ");
        format!(
            "Records without {fields} may be missing: Zoho does not say whether `not` finds them; null does."
        )
    })
}
