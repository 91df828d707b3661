//! `get_all_organizations`: what the connection can see.

use serde_json::Value;

use super::Context;
use crate::connections::Product;
use crate::tools::error::ToolError;
use crate::tools::output::Answer;
use crate::tools::output::project::Projection;
use crate::tools::request::{self, operation};
use crate::tools::{mending, modules};

/// Lists the organizations of the product asked, Desk when none is named.
pub(super) async fn list(context: Context<'_>) -> Result<Answer, ToolError> {
    let product = request::app_type(context.arguments).unwrap_or(Product::Desk);
    let session = match product {
        Product::Desk => context.session(product).await?,
        // A CRM connection belongs to one organization: the list itself is all there is to know.
        Product::Crm => &context.invocation.without_organization(product).await?,
    };
    let response = session.read(&operation::organizations(product)?).await?;
    let lookup = modules::lookup(product, "organizations")?;
    let projection = Projection {
        fields: Some(lookup.fields()),
        html: &[],
    };
    let page = projection.page(&response.body, lookup.list_key()).await?;
    let in_use = session.organization().id;
    let mut data = Vec::new();
    for mut record in page.records {
        let used = product == Product::Crm || record.id == in_use;
        record.shown.insert("in_use".to_owned(), Value::Bool(used));
        data.push(Value::Object(record.shown));
    }
    let count = data.len();
    let mut answer = Answer::default()
        .tell_refused(&page.refused)
        .of_our_own()
        .with("data", data)
        .with("count", count)
        .with("app_type", product.as_str());
    answer.notes.extend(mending::notes_of(session));
    Ok(answer)
}
