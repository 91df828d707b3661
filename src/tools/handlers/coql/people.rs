//! Names of people in the rows of a query: COQL gives a user by the id alone.

use serde_json::{Map, Value};

use crate::connections::Product;
use crate::tools::handlers::Context;
use crate::tools::modules::Kind;
use crate::tools::output::project::Record;
use crate::zoho::Session;

/// The columns that every module has of its users.
const OF_USERS: [&str; 3] = ["Owner", "Created_By", "Modified_By"];

/// What follows where nobody tells who they are.
const NAMELESS: &str = "Users stand there by their ids alone.";

/// Puts the names of users beside their ids; where Zoho does not list them, the ids stay alone.
pub(super) async fn name(context: Context<'_>, session: &Session, records: &mut [Record]) {
    let of_users = |(column, value): (&String, &Value)| {
        let column = column.rsplit('.').next().unwrap_or_default();
        OF_USERS.contains(&column) && value.as_object().is_some_and(is_nameless)
    };
    let any = |record: &Record| record.shown.iter().any(of_users);
    if !records.iter().any(any) {
        return;
    }
    let known = &context.invocation.equipment().settings.names;
    let users = match known.of(session, None, Kind::User, false).await {
        Ok((users, _)) => users,
        Err(error) => {
            let unread = context.invocation.unread();
            return unread.add(Product::Crm, "the users", &error, Some(NAMELESS));
        }
    };
    let values = records
        .iter_mut()
        .flat_map(|record| record.shown.values_mut())
        .filter_map(Value::as_object_mut);
    for value in values.filter(|value| is_nameless(value)) {
        let user = users
            .iter()
            .find(|user| value.get("id").and_then(Value::as_str) == Some(&user.id));
        let name = user.map(|user| user.name.clone()).filter(|name| !name.is_empty());
        value.extend(name.map(|name| ("name".to_owned(), Value::String(name))));
    }
}

fn is_nameless(value: &Map<String, Value>) -> bool {
    value.contains_key("id") && !value.contains_key("name")
}
