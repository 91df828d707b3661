//! Ids that are none: they stay as Zoho wrote them, and it is said why they lead nowhere.

use serde_json::{Map, Value};

use crate::zoho::link::is_record_id;

/// The note about ids of rows that are no ids of records; none where all are.
pub(super) fn tell(data: &Value) -> Option<String> {
    match count(data) {
        0 => None,
        1 => Some(
            "An id here is no number of 64 bits, as Zoho's ids are: it is text, and leads to nothing."
                .to_owned(),
        ),
        odd => Some(format!(
            "{odd} ids here are no numbers of 64 bits, as Zoho's ids are: they are text, and lead to nothing."
        )),
    }
}

/// Those of the rows themselves, in a list, in a table or beside each other: what a record holds has ids of other kinds.
fn count(data: &Value) -> usize {
    match data {
        Value::Object(members) if members.contains_key("columns") => in_columns(members),
        Value::Object(parts) if !parts.contains_key("id") => parts.values().map(of_part).sum(),
        rows => of_part(rows),
    }
}

fn of_part(part: &Value) -> usize {
    match part {
        Value::Array(rows) => rows.iter().filter(|row| is_odd(row.get("id"))).count(),
        part => usize::from(is_odd(part.get("id"))),
    }
}

/// Those in the rows of a table.
fn in_columns(table: &Map<String, Value>) -> usize {
    let columns = table.get("columns").and_then(Value::as_array);
    let place = columns.and_then(|columns| columns.iter().position(|column| column == "id"));
    let rows = table.get("rows").and_then(Value::as_array);
    let (Some(place), Some(rows)) = (place, rows) else {
        return 0;
    };
    rows.iter().filter(|row| is_odd(row.get(place))).count()
}

fn is_odd(id: Option<&Value>) -> bool {
    id.and_then(Value::as_str)
        .is_some_and(|id| !id.is_empty() && !is_record_id(id))
}
